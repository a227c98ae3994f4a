// Where everything of a drawing is drawn: ways of connectors, boxes, labels, paths. The same as
// exams/bank/types/graph (route.py, picture.py, svg.py), number for number; a test compares.

export const COLUMN = 100;
export const GAP = 44;
export const BOX_WIDTH = 152;
const BOX_LEAST = 44;
export const LINE = 20;
export const TEXT = 14;
export const SMALL = 13;
const MARGIN = 12;
const half = (number) => Math.floor(number / 2);

// --- Ways (route.py)

const STEPS = [[0, 1], [1, 0], [-1, 0], [0, -1]]; // down, right, left, up
const [ACROSS, ALONG_ROWS, BEND, CROSSING, SHARED] = [4, 2, 5, 3, 40];
const LEAVE = { flow: [0, 4, 4, 10], decision: [0, 0, 0, 10], tree: [0, 20, 20, 40] };
const ENTER = { flow: [0, 3, 3, 8], tree: [0, 20, 20, 40] };

const least = ([x, y], [toX, toY]) => ACROSS * Math.abs(x - toX) + ALONG_ROWS * Math.abs(y - toY);
const key = (...numbers) => numbers.join();

export function ways(chart, graph) {
  const at = new Map(graph.nodes.map((node) => [node.id, [node.x, 2 * node.y + 1]]));
  const lattice = {
    width: Math.max(0, ...graph.nodes.map((node) => node.x)) + 1,
    height: 2 * Math.max(0, ...graph.nodes.map((node) => node.y)) + 2,
    boxes: new Set([...at.values()].map((place) => key(...place))),
    pieces: new Map(),
    points: new Map(),
  };
  const length = graph.edges.map((edge) => least(at.get(edge.from), at.get(edge.to)));
  const found = [];
  for (const index of [...graph.edges.keys()].sort((a, b) => length[a] - length[b] || a - b)) {
    found[index] = wayOf(chart, graph, index, at, lattice);
    take(lattice, index, found[index]);
  }
  return found;
}

function wayOf(chart, graph, index, at, lattice) {
  const edge = graph.edges[index];
  const [start, goal] = [at.get(edge.from), at.get(edge.to)];
  const isDecision = graph.nodes[edge.from - 1].kind === "decision";
  const leave = LEAVE[chart.isTree ? "tree" : isDecision ? "decision" : "flow"];
  const enter = ENTER[chart.isTree ? "tree" : "flow"];
  const friends = new Set(
    [...graph.edges.keys()].filter(
      (one) => graph.edges[one].to === edge.to || (!isDecision && graph.edges[one].from === edge.from),
    ),
  );
  const best = new Map();
  const before = new Map();
  const heap = new Heap();
  heap.push([least(start, goal), 0, ...start, -1]);
  for (;;) {
    const state = heap.pop();
    const [, cost, x, y, direction] = state;
    if (x === goal[0] && y === goal[1]) return back(before, state);
    if (cost > (best.get(key(x, y, direction)) ?? cost)) continue;
    for (const [turn, [right, down]] of STEPS.entries()) {
      const to = [x + right, y + down];
      const isGoal = to[0] === goal[0] && to[1] === goal[1];
      const isInside = to[0] >= -1 && to[0] <= lattice.width && to[1] >= 0 && to[1] <= lattice.height;
      if (turn + direction === 3 || !isInside || (lattice.boxes.has(key(...to)) && !isGoal)) continue;
      let sum = cost + (right ? ACROSS : ALONG_ROWS) + traffic(lattice, friends, [x, y], to);
      if (direction < 0) sum += leave[turn];
      else if (turn !== direction) sum += BEND;
      if (isGoal) sum += enter[turn];
      const name = key(...to, turn);
      if (sum < (best.get(name) ?? sum + 1)) {
        best.set(name, sum);
        before.set(name, state);
        heap.push([sum + least(to, goal), sum, ...to, turn]);
      }
    }
  }
}

const pieceKey = ([x, y], [toX, toY]) => key(Math.min(x, toX), Math.min(y, toY), y === toY);

function traffic(lattice, friends, one, other) {
  const strangers = (list) => (list ?? []).filter((index) => !friends.has(index)).length;
  const across = lattice.points.get(key(...other, one[1] !== other[1]));
  return SHARED * strangers(lattice.pieces.get(pieceKey(one, other))) + CROSSING * strangers(across);
}

function take(lattice, index, way) {
  const add = (map, name) => map.set(name, [...(map.get(name) ?? []), index]);
  for (let step = 1; step < way.length; step += 1) {
    const [one, other] = [way[step - 1], way[step]];
    add(lattice.pieces, pieceKey(one, other));
    for (const point of [one, other]) add(lattice.points, key(...point, one[1] === other[1]));
  }
}

function back(before, state) {
  const way = [];
  for (let one = state; one; one = before.get(key(one[2], one[3], one[4]))) way.unshift([one[2], one[3]]);
  return way;
}

// A queue of lists of numbers, the smallest first.
class Heap {
  items = [];

  push(item) {
    let at = this.items.push(item) - 1;
    while (at > 0 && isLess(item, this.items[(at - 1) >> 1])) {
      this.items[at] = this.items[(at - 1) >> 1];
      at = (at - 1) >> 1;
    }
    this.items[at] = item;
  }

  pop() {
    const first = this.items[0];
    const item = this.items.pop();
    const { items } = this;
    let at = 0;
    while (items.length) {
      let child = 2 * at + 1;
      if (child + 1 < items.length && isLess(items[child + 1], items[child])) child += 1;
      if (child >= items.length || !isLess(items[child], item)) break;
      items[at] = items[child];
      at = child;
    }
    if (items.length) items[at] = item;
    return first;
  }
}

function isLess(one, other) {
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return one[index] < other[index];
  return false;
}

// --- Text (picture.py)

const CLOSING = "，。、；：？！）》」』】〉”’,.;:?!)]}%…";

export function textWidth(text, size) {
  let width = 0;
  for (const char of text) {
    width += char.codePointAt(0) > 0x2e7f || "“”‘’…—".includes(char) ? size : Math.floor((size * 3 + 4) / 5);
  }
  return width;
}

export function wrap(text, size, width) {
  const whole = textWidth(text, size);
  if (whole <= width) return text ? [text] : [];
  const count = Math.ceil(whole / width);
  const lines = filled(text, size, Math.min(width, Math.ceil(whole / count) + half(size)));
  return lines.length <= count ? lines : filled(text, size, width);
}

function filled(text, size, width) {
  const lines = [""];
  for (const [token] of text.matchAll(/[A-Za-z0-9_.+%/-]+|./gsu)) {
    for (const part of textWidth(token, size) <= width ? [token] : token) {
      const isFull = textWidth(lines.at(-1) + part, size) > width;
      if (lines.at(-1) && isFull && !CLOSING.includes(part)) lines.push("");
      if (part !== " " || lines.at(-1)) lines[lines.length - 1] += part;
    }
  }
  return lines.map((line) => line.replace(/^ +| +$/g, "")).filter((line) => line);
}

// --- Geometry (picture.py)

export const columnOf = (x) => COLUMN * (x + 1);

// Returns {boxes, lines, area: [left, top, width, height], tops}; tops are the lattice's horizontal lines.
export function draw(chart, graph) {
  const sizes = new Map(graph.nodes.map((node) => [node.id, sizeOf(node)]));
  const tops = rowsOf(graph, sizes);
  const boxes = new Map(
    graph.nodes.map((node) => [node.id, { node, x: columnOf(node.x), y: tops[2 * node.y + 1], ...sizes.get(node.id) }]),
  );
  const taken = [...boxes.values()].map((box) => around(box.x, box.y, box.width, box.height));
  const lines = ways(chart, graph).map((way, index) => {
    const line = lineOf(graph, graph.edges[index], way, tops, boxes, taken);
    taken.push(labelArea(line));
    return line;
  });
  return { boxes: [...boxes.values()], lines, area: areaOf([...boxes.values()], lines), tops };
}

function sizeOf(node) {
  const lines = wrap(node.label, TEXT, node.kind === "decision" ? 84 : 126);
  const count = Math.max(1, lines.length);
  if (node.kind === "decision") return { width: BOX_WIDTH + 16, height: Math.max(60, 2 * count * LINE), lines };
  if (node.kind === "document") return { width: BOX_WIDTH, height: count * LINE + 36, lines };
  return { width: BOX_WIDTH, height: Math.max(BOX_LEAST, count * LINE + 20), lines };
}

function rowsOf(graph, sizes) {
  const tops = [half(GAP)];
  let edge = GAP;
  for (let row = 0; row <= Math.max(0, ...graph.nodes.map((node) => node.y)); row += 1) {
    const heights = graph.nodes.filter((node) => node.y === row).map((node) => sizes.get(node.id).height);
    const height = heights.length ? Math.max(...heights) : BOX_LEAST;
    tops.push(edge + half(height), edge + height + half(GAP));
    edge += height + GAP;
  }
  return tops;
}

function lineOf(graph, edge, way, tops, boxes, taken) {
  const points = way.map(([x, y]) => [columnOf(x), tops[y]]);
  points[0] = rim(boxes.get(edge.from), points[1]);
  points[points.length - 1] = rim(boxes.get(edge.to), points.at(-2));
  const corners = points.filter((point, index) => {
    const [before, after] = [points[index - 1], points[index + 1]];
    return !before || !after || (before[0] === point[0]) !== (point[0] === after[0]);
  });
  const lines = wrap(edge.label, SMALL, 6 * SMALL);
  const [labelX, labelY] = labelPlace(graph, edge, corners, lines, taken);
  return { edge, points: corners, lines, labelX, labelY };
}

function rim(box, [x, y]) {
  if (y === box.y) return [x > box.x ? box.x + half(box.width) : box.x - half(box.width), box.y];
  if (y > box.y) return [box.x, box.y + half(box.height) - (box.node.kind === "document" ? 7 : 0)];
  return [box.x, box.y - half(box.height)];
}

function labelPlace(graph, edge, corners, lines, taken) {
  if (!lines.length) return corners[0];
  const width = Math.max(...lines.map((line) => textWidth(line, SMALL)));
  const height = lines.length * LINE;
  const pieces = corners.slice(1).map((corner, index) => [corners[index], corner]);
  if (graph.nodes[edge.from - 1].kind !== "decision") pieces.reverse();
  let best = null;
  for (const [one, other] of pieces) {
    const [x, y] = [half(one[0] + other[0]), half(one[1] + other[1])];
    const isLevel = one[1] === other[1];
    const lacks = isLevel ? Math.abs(one[0] - other[0]) - 16 < width : Math.abs(one[1] - other[1]) - 8 < height;
    const beside = isLevel
      ? [[x, y - half(height) - 3], [x, y + half(height) + 3]]
      : [[x + half(width) + 7, y], [x - half(width) - 7, y]];
    for (const place of beside) {
      const covers = taken.filter((area) => meet(around(...place, width, height), area)).length;
      const score = 2 * covers + Number(lacks);
      if (!best || score < best.score) best = { score, place };
    }
  }
  return best.place;
}

const meet = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
const around = (x, y, width, height) => [x - half(width), y - half(height), x + half(width), y + half(height)];

export function labelArea(line) {
  const width = Math.max(0, ...line.lines.map((text) => textWidth(text, SMALL)));
  return around(line.labelX, line.labelY, width, line.lines.length * LINE);
}

function areaOf(boxes, lines) {
  const edges = boxes.map((box) => around(box.x, box.y, box.width, box.height));
  for (const line of lines) edges.push(...line.points.map(([x, y]) => [x, y, x, y]), labelArea(line));
  if (!edges.length) return [0, 0, 2 * COLUMN, 2 * GAP];
  const [left, top] = [0, 1].map((side) => Math.min(...edges.map((edge) => edge[side])) - MARGIN);
  const [right, bottom] = [2, 3].map((side) => Math.max(...edges.map((edge) => edge[side])) + MARGIN);
  return [left, top, right - left, bottom - top];
}

// --- Paths (svg.py)

export function shape(box) {
  const [left, top] = [box.x - half(box.width), box.y - half(box.height)];
  const [right, bottom] = [box.x + half(box.width), box.y + half(box.height)];
  switch (box.node.kind) {
    case "decision":
      return `M${box.x} ${top}L${right} ${box.y}L${box.x} ${bottom}L${left} ${box.y}Z`;
    case "document": {
      const [line, arm] = [bottom - 7, Math.floor(box.width / 4)];
      const wave = `Q${box.x + arm} ${line - 12} ${box.x} ${line}Q${box.x - arm} ${line + 12} ${left} ${line}Z`;
      return `M${left} ${top}H${right}V${line}${wave}`;
    }
    case "terminal":
      return rounded(left, top, right, bottom, Math.min(half(box.height), 24));
    case "post":
      return rounded(left, top, right, bottom, 10);
    case "department":
      return `M${left} ${top}H${right}V${bottom}H${left}ZM${left} ${top + 5}H${right}`;
    default:
      return `M${left} ${top}H${right}V${bottom}H${left}Z`;
  }
}

function rounded(left, top, right, bottom, radius) {
  const arc = `A${radius} ${radius} 0 0 1 `;
  return (
    `M${left + radius} ${top}H${right - radius}${arc}${right} ${top + radius}V${bottom - radius}` +
    `${arc}${right - radius} ${bottom}H${left + radius}${arc}${left} ${bottom - radius}V${top + radius}` +
    `${arc}${left + radius} ${top}Z`
  );
}

export function connector(points) {
  let path = `M${points[0][0]} ${points[0][1]}`;
  for (let index = 1; index < points.length - 1; index += 1) {
    const start = towards(points[index], points[index - 1]);
    const end = towards(points[index], points[index + 1]);
    path += `L${start[0]} ${start[1]}Q${points[index][0]} ${points[index][1]} ${end[0]} ${end[1]}`;
  }
  return `${path}L${points.at(-1)[0]} ${points.at(-1)[1]}`;
}

function towards(corner, point) {
  const [right, down] = [point[0] - corner[0], point[1] - corner[1]];
  const length = Math.min(8, half(Math.abs(right) + Math.abs(down)));
  return [corner[0] + Math.sign(right) * length, corner[1] + Math.sign(down) * length];
}

export function head(points) {
  const [[fromX, fromY], [x, y]] = points.slice(-2);
  const [right, down] = [Math.sign(x - fromX) * 9, Math.sign(y - fromY) * 9];
  const [sideX, sideY] = [half(down), half(right)];
  return `M${x} ${y}L${x - right + sideX} ${y - down + sideY}L${x - right - sideX} ${y - down - sideY}Z`;
}
