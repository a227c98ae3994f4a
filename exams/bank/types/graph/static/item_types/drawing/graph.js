// Drawings as graphs: what a graph is, its outline, automatic places. The same as exams/bank/types/graph
// (data.py, layout.py, outline.py), number for number: tests/exams/bank/types/test_drawing_browser.py compares.

export const MOST_NODES = 60;
export const MOST_EDGES = 120;
export const MOST_LABEL = 40;
export const LAST_COLUMN = 120;
export const LAST_ROW = 99;
const LOOSE_ACROSS = 3;
const REFUSED = /[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]/u;

export const CHARTS = {
  flow_chart: {
    symbols: [
      { code: "terminal", words: ["起止", "开始", "结束", "开始/结束"], alone: ["开始", "结束"] },
      { code: "step", words: ["步骤"], alone: [] },
      { code: "decision", words: ["判断"], alone: [] },
      { code: "document", words: ["文档"], alone: [] },
    ],
    initial: "step",
    hasArrows: true,
    isTree: false,
  },
  organisation_chart: {
    symbols: [
      { code: "department", words: ["部门"], alone: [] },
      { code: "post", words: ["岗位"], alone: [] },
    ],
    initial: "department",
    hasArrows: false,
    isTree: true,
  },
};

// A byte order mark is white space here, and is not in Python: it stays, to be refused.
export const tidy = (label) => label.replace(/[^\S\ufeff]+/g, " ").replace(/^ +| +$/g, "");

// Returns null, or the code of the fault with its facts.
export function labelFault(label) {
  if (REFUSED.test(label)) return ["characters", {}];
  const count = [...tidy(label)].length;
  return count > MOST_LABEL ? ["long", { count, most: MOST_LABEL }] : null;
}

// --- A graph: {nodes: [{id, kind, label, x, y}], edges: [{from, to, label}]}, ids from 1 in order

// Takes nodes with any ids and with or without places; every edge joins two of them.
export function build(chart, { nodes, edges }) {
  const numbers = new Map(nodes.map((node, index) => [String(node.id), index + 1]));
  const joined = edges
    .map((edge) => ({ from: numbers.get(String(edge.from)), label: tidy(edge.label ?? ""), to: numbers.get(String(edge.to)) }))
    .sort((a, b) => a.from - b.from);
  const found = places(
    nodes.map((node) => (node.x === undefined || node.x === null ? null : [node.x, node.y])),
    joined.map((edge) => [edge.from - 1, edge.to - 1]),
    chart.isTree,
  );
  return {
    edges: joined,
    nodes: nodes.map((node, index) => ({
      id: index + 1,
      kind: node.kind,
      label: tidy(node.label),
      x: found[index][0],
      y: found[index][1],
    })),
  };
}

export const toJson = (graph) => (graph.nodes.length ? JSON.stringify(graph) : "");

// --- Places

export function places(given, edges, isTree) {
  const fixed = fromZero(given.filter((place) => place));
  if (fixed.some(([x, y]) => x > LAST_COLUMN || y > LAST_ROW)) return given.map(() => [LAST_COLUMN + 1, LAST_ROW + 1]);
  let next = 0;
  const wanted = given.map((place) => place && fixed[next++]);
  const automatic = wanted.includes(null) ? layered(given.length, edges, isTree) : [];
  const taken = [];
  const found = [];
  const order = [...given.keys()].sort((a, b) => (wanted[a] === null) - (wanted[b] === null) || a - b);
  for (const index of order) {
    found[index] = freePlace(taken, wanted[index] ?? automatic[index]);
    taken.push(found[index]);
  }
  return fromZero(found);
}

export function layered(count, edges, isTree) {
  const after = Array.from({ length: count }, () => []);
  const reached = Array(count).fill(false);
  for (const [source, target] of edges) {
    after[source].push(target);
    reached[target] = true;
  }
  const order = [];
  const children = Array.from({ length: count }, () => []);
  const ahead = Array.from({ length: count }, () => []);
  const state = Array(count).fill(0);
  const visit = (index) => {
    state[index] = 1;
    for (const target of after[index]) {
      if (state[target] === 0) {
        children[index].push(target);
        visit(target);
      }
      if (state[target] === 2) ahead[index].push(target);
    }
    state[index] = 2;
    order.push(index);
  };
  for (const wasReached of [false, true]) {
    for (let index = 0; index < count; index += 1) if (reached[index] === wasReached && state[index] === 0) visit(index);
  }
  const rows = Array(count).fill(0);
  for (const index of [...order].reverse()) {
    for (const target of ahead[index]) rows[target] = Math.max(rows[target], rows[index] + 1);
  }
  const isLoose = (index) => after[index].length === 0 && !reached[index];
  const columns = Array(count).fill(0);
  let nextColumn = 0;
  for (const index of order) {
    if (isLoose(index)) continue;
    if (children[index].length) {
      const [first, last] = [columns[children[index][0]], columns[children[index].at(-1)]];
      columns[index] = isTree ? Math.floor((first + last) / 2) : first;
    } else {
      columns[index] = nextColumn;
      nextColumn += 2;
    }
  }
  const firstRow = Math.max(0, ...order.filter((index) => !isLoose(index)).map((index) => rows[index] + 1));
  let number = 0;
  for (let index = 0; index < count; index += 1) {
    if (!isLoose(index)) continue;
    columns[index] = 2 * (number % LOOSE_ACROSS);
    rows[index] = firstRow + Math.floor(number / LOOSE_ACROSS);
    number += 1;
  }
  return columns.map((x, index) => [x, rows[index]]);
}

export const isFree = (taken, x, y) => !taken.some(([left, top]) => top === y && Math.abs(left - x) < 2);

export function freePlace(taken, [fromX, fromY]) {
  for (const down of outwards(LAST_ROW + 1)) {
    for (const right of outwards(9)) {
      const [x, y] = [fromX + right, fromY + down];
      if (x >= 0 && x <= LAST_COLUMN && y >= 0 && y <= LAST_ROW && isFree(taken, x, y)) return [x, y];
    }
  }
  throw new Error("a drawing has fewer boxes than the grid has rows");
}

function* outwards(most) {
  yield 0;
  for (let distance = 1; distance < most; distance += 1) {
    yield distance;
    yield -distance;
  }
}

function fromZero(found) {
  if (!found.length) return [];
  const left = Math.min(...found.map(([x]) => x));
  const top = Math.min(...found.map(([, y]) => y));
  return found.map(([x, y]) => [x - left, y - top]);
}

// --- The outline (its grammar is in outline.py)

const ARROW = "→|⇒|->|=>|—>|－>";
const NUMBERED = /^([0-9０-９]{1,3})[.．、:：)）]?\s*(.*)$/s;
const PLACE = /(?:^|\s)@([0-9０-９]{1,3})\s*[,，]\s*([0-9０-９]{1,3})$/;
const KIND = /^([^\\:：\s]{1,8})(?:\s*[:：]\s*|\s+|$)(.*)$/su;
const BETWEEN = /[\s、，,;；]*/y;
const TARGET = /([0-9０-９]{1,3})\s*(?:[（(]((?:\\.|[^\\（）()])*)[）)])?/suy;

const symbolOf = (chart, code) => chart.symbols.find((symbol) => symbol.code === code);

export function isArranged(chart, graph) {
  const ends = graph.edges.map((edge) => [edge.from - 1, edge.to - 1]);
  const automatic = layered(graph.nodes.length, ends, chart.isTree);
  return graph.nodes.every((node, index) => node.x === automatic[index][0] && node.y === automatic[index][1]);
}

export function writeOutline(chart, graph) {
  const withPlace = !isArranged(chart, graph);
  return graph.nodes
    .map((node) => {
      const symbol = symbolOf(chart, node.kind);
      const label = node.label
        .replaceAll("\\", "\\\\")
        .replace(new RegExp(ARROW, "g"), "\\$&")
        .replaceAll(" @", " \\@");
      const word = symbol.alone.includes(node.label) ? "" : `${wordOf(symbol, graph, node)}：`;
      const place = withPlace ? ` @${node.x},${node.y}` : "";
      const targets = graph.edges
        .filter((edge) => edge.from === node.id)
        .map((edge) => (edge.label ? `${edge.to}（${edge.label.replace(/[\\（）()]/g, "\\$&")}）` : String(edge.to)));
      return `${node.id} ${word}${label}${place}${targets.length ? ` → ${targets.join("、")}` : ""}`;
    })
    .join("\n");
}

function wordOf(symbol, graph, node) {
  const leadsOn = graph.edges.some((edge) => edge.from === node.id);
  const isReached = graph.edges.some((edge) => edge.to === node.id);
  return !symbol.alone.length || leadsOn === isReached ? symbol.words[0] : symbol.alone[leadsOn ? 0 : 1];
}

// Returns {graph, faults: [{line, code, facts}]}; what is not readable is left out of the graph.
export function readOutline(chart, text) {
  const faults = [];
  const boxes = new Map();
  const seen = new Set();
  const fault = (line, code, facts = {}) => faults.push({ line, code, facts });
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = tidy(raw) && readLine(chart, index + 1, tidy(raw), fault);
    if (!line) continue;
    if (boxes.has(line.id)) fault(line.line, "repeated", { number: line.id });
    else if (boxes.size === MOST_NODES) fault(line.line, "nodes", { most: MOST_NODES });
    else boxes.set(line.id, line);
  }
  const edges = [];
  for (const box of boxes.values()) {
    for (const [to, label] of box.targets) {
      if (!boxes.has(to)) fault(box.line, "dangling", { number: to });
      else if (to === box.id) fault(box.line, "itself", { number: to });
      else if (seen.has(`${box.id} ${to}`)) fault(box.line, "twice", { source: box.id, target: to });
      else if (edges.length === MOST_EDGES) fault(box.line, "edges", { most: MOST_EDGES });
      else {
        seen.add(`${box.id} ${to}`);
        edges.push({ from: box.id, to, label });
      }
    }
  }
  const graph = build(chart, { nodes: [...boxes.values()], edges });
  return { graph, faults: faults.sort((a, b) => a.line - b.line) };
}

function readLine(chart, line, text, fault) {
  const found = NUMBERED.exec(text);
  if (!found) {
    fault(line, "numbered");
    return null;
  }
  let [head, tail] = split(found[2]);
  const place = PLACE.exec(head);
  if (place) head = head.slice(0, place.index);
  let [kind, label] = kindOf(chart, tidy(head));
  const wrong = labelFault(label);
  if (wrong) {
    fault(line, ...wrong);
    label = wrong[0] === "long" ? [...label].slice(0, MOST_LABEL).join("") : "";
  }
  let [x, y] = place ? [digits(place[1]), digits(place[2])] : [null, null];
  if (place && (x > LAST_COLUMN || y > LAST_ROW)) {
    fault(line, "place", { x: LAST_COLUMN, y: LAST_ROW });
    x = y = null;
  }
  return { line, id: digits(found[1]), kind, label, x, y, targets: tail === null ? [] : readTargets(line, tail, fault) };
}

function split(text) {
  const arrow = new RegExp(ARROW, "y");
  for (let position = 0; position < text.length; position += 1) {
    if (text[position] === "\\") {
      position += 1;
      continue;
    }
    arrow.lastIndex = position;
    if (arrow.test(text)) return [tidy(text.slice(0, position)), text.slice(arrow.lastIndex)];
  }
  return [text, null];
}

function kindOf(chart, head) {
  const alone = chart.symbols.find((symbol) => symbol.alone.includes(head));
  if (alone) return [alone.code, head];
  const found = KIND.exec(head);
  const named = found && chart.symbols.find((symbol) => symbol.words.includes(found[1]));
  return named ? [named.code, tidy(plain(found[2]))] : [chart.initial, tidy(plain(head))];
}

function readTargets(line, tail, fault) {
  const targets = [];
  let position = skip(tail, 0);
  if (position === tail.length) fault(line, "targets");
  while (position < tail.length) {
    TARGET.lastIndex = position;
    const found = TARGET.exec(tail);
    if (!found) {
      fault(line, "targets");
      break;
    }
    position = skip(tail, TARGET.lastIndex);
    let label = tidy(plain(found[2] ?? ""));
    const wrong = labelFault(label);
    if (wrong) {
      fault(line, ...wrong);
      label = "";
    }
    targets.push([digits(found[1]), label]);
  }
  return targets;
}

function skip(text, position) {
  BETWEEN.lastIndex = position;
  BETWEEN.exec(text);
  return BETWEEN.lastIndex;
}

const plain = (text) => text.replace(/\\(.)/gsu, "$1");
const digits = (text) => Number(text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0)));
