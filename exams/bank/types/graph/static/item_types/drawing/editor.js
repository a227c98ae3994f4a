// <drawing-editor>: boxes and connectors by mouse, finger and keyboard, with the outline beside them.
// Without this module the outline's textarea is the whole field (exams/bank/types/graph/outline.py). With it that
// textarea is hidden and holds canonical JSON; each change fires "input" on it, and "answer:set" is listened to.

import * as G from "./graph.js";
import * as P from "./picture.js";

const DRAG_FROM = 5; // pixels that a pointer may tremble
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const MOST_STEPS = 200; // of undo

function make(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

class DrawingEditor extends HTMLElement {
  connectedCallback() {
    if (this.field) return;
    this.chart = G.CHARTS[this.dataset.chart];
    this.words = JSON.parse(this.querySelector("script[type='application/json']").textContent);
    this.board = this.querySelector(".drawing-board");
    this.status = this.querySelector(".drawing-status");
    this.faults = this.querySelector(".errorlist");
    this.labels = Object.fromEntries(
      [...this.querySelectorAll("[data-add]")].map((button) => [button.dataset.add, button.dataset.label]),
    );
    this.field = this.querySelector("textarea");
    this.outline = this.field.cloneNode();
    this.outline.removeAttribute("name");
    this.field.removeAttribute("id");
    this.field.removeAttribute("maxlength");
    this.field.hidden = true;
    this.field.after(this.outline);
    this.undone = [];
    this.done = [];
    this.selected = null; // {box: id} or {edge: index}
    this.from = 0; // the box that a connector is being drawn from
    this.scale = 1; // less where the whole drawing is shown at once
    this.read(this.field.value);
    this.field.value = this.canonical();
    for (const element of this.querySelectorAll("[hidden]:not(textarea)")) element.hidden = false;
    this.classList.add("live");
    for (const icon of this.querySelectorAll("[data-icon]")) {
      const box = { node: { kind: icon.dataset.icon }, x: 0, y: 0, width: 144, height: 60 };
      icon.setAttribute("viewBox", "-80 -36 160 72");
      icon.replaceChildren(make("path", { d: P.shape(box) }));
    }
    this.listen();
    this.render();
    this.count();
    const [first] = this.picture.boxes; // of an organisation it stands far to the right
    if (first) this.board.scrollLeft = first.x - this.board.clientWidth / 2;
  }

  listen() {
    this.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.add) this.add(button.dataset.add);
      else if (button?.dataset.do) this.act(button.dataset.do);
    });
    this.addEventListener("keydown", (event) => {
      this.classList.add("by-key"); // a click needs no ring around what it chose
      this.press(event);
    });
    this.addEventListener("pointerdown", () => this.classList.remove("by-key"), true);
    this.board.addEventListener("pointerdown", (event) => this.grab(event));
    this.board.addEventListener("pointermove", (event) => this.pull(event));
    this.board.addEventListener("pointerup", (event) => this.drop(event));
    this.board.addEventListener("pointercancel", () => this.letGo());
    this.board.addEventListener("dblclick", (event) => {
      if (!event.target.closest(".box, .edge, .drawing-input")) this.add(this.chart.initial, this.cell(event));
    });
    this.board.addEventListener("focusin", (event) => this.follow(event.target.closest?.(".box, .edge")));
    this.outline.addEventListener("input", () => this.write());
    this.outline.addEventListener("change", () => {
      if (!this.text) this.outline.value = G.writeOutline(this.chart, this.graph);
    });
    this.field.addEventListener("answer:set", () => {
      if (this.field.value === this.canonical()) return;
      this.read(this.field.value);
      this.selected = null;
      this.done = [];
      this.undone = [];
      this.render();
      this.count();
    });
  }

  say(code, facts = {}) {
    return this.words[code].replace(/%\((\w+)\)s/g, (_whole, name) => facts[name] ?? "").replaceAll("%%", "%");
  }

  tell(code, facts) {
    this.status.textContent = this.say(code, facts);
  }

  count() {
    this.tell("count", { boxes: this.graph.nodes.length, edges: this.graph.edges.length });
  }

  get isLocked() {
    return this.field.disabled || this.field.readOnly;
  }

  // --- The drawing and its text

  // Takes in an answer in any of its forms: canonical JSON, an outline kept with its faults, or an outline.
  read(value) {
    let text = value;
    if (value.trimStart().startsWith("{")) {
      const data = JSON.parse(value);
      if (typeof data.outline !== "string") {
        this.set(G.build(this.chart, { nodes: data.nodes ?? [], edges: data.edges ?? [] }));
        return;
      }
      text = data.outline;
    }
    const { graph, faults } = G.readOutline(this.chart, text);
    this.set(graph, faults.length ? text : "", faults);
  }

  set(graph, text = "", faults = []) {
    this.graph = graph;
    this.text = text; // the outline as it was typed, where it has faults
    this.faults.replaceChildren(
      ...faults.map(({ line, code, facts }) => {
        const item = document.createElement("li");
        item.textContent = this.say("line", { line, message: this.say(code, facts) });
        return item;
      }),
    );
    if (document.activeElement !== this.outline) this.outline.value = text || G.writeOutline(this.chart, graph);
  }

  canonical() {
    return this.text ? JSON.stringify({ outline: this.text }) : G.toJson(this.graph);
  }

  save() {
    this.field.value = this.canonical();
    this.field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  remember(isTyping = false) {
    if (!(isTyping && this.wasTyping)) this.done = [...this.done, this.canonical()].slice(-MOST_STEPS);
    this.wasTyping = isTyping;
    this.undone = [];
  }

  // Makes a changed drawing the current one. `select` is named by ids of `draft`.
  change(draft, select = null, focus = true) {
    this.remember();
    const graph = G.build(this.chart, draft);
    const number = (id) => draft.nodes.findIndex((node) => node.id === id) + 1;
    this.selected = select?.box ? { box: number(select.box) } : null;
    if (select?.ends) {
      const [from, to] = select.ends.map(number);
      this.selected = { edge: graph.edges.findIndex((edge) => edge.from === from && edge.to === to) };
    }
    this.set(graph);
    this.save();
    this.render({ focus });
    this.count();
  }

  // What was typed into the outline.
  write() {
    const { graph, faults } = G.readOutline(this.chart, this.outline.value);
    this.remember(true);
    this.set(graph, faults.length ? this.outline.value : "", faults);
    this.selected = null;
    this.save();
    this.render();
    this.count();
  }

  travel(back, forth, code) {
    const value = back.pop();
    if (value === undefined) return;
    forth.push(this.canonical());
    const hadFocus = this.board.contains(document.activeElement);
    this.wasTyping = false;
    this.read(value);
    this.outline.value = this.text || G.writeOutline(this.chart, this.graph);
    if (!this.graph.nodes[(this.selected?.box ?? 0) - 1]) this.selected = null;
    this.save();
    this.render({ focus: hadFocus });
    if (hadFocus && !this.selected) this.board.focus();
    this.tell(code);
  }

  // --- Changing it

  act(name) {
    if (this.isLocked) return;
    if (name === "undo") this.travel(this.done, this.undone, "undone");
    else if (name === "redo") this.travel(this.undone, this.done, "redone");
    else if (name === "tidy") this.tidy();
    else if (name === "fit") this.fit();
    else if (name === "connect") this.startConnecting();
    else if (name === "edit") this.edit();
    else if (name === "remove") this.remove();
  }

  add(kind, place = null, from = 0) {
    const { nodes, edges } = this.graph;
    if (this.isLocked) return;
    if (nodes.length === G.MOST_NODES) {
      this.tell("nodes", { most: G.MOST_NODES });
      return;
    }
    this.stopEditing();
    this.from = 0;
    const taken = nodes.map((node) => [node.x, node.y]);
    const above = this.box() ?? nodes.at(-1);
    const wanted = place ?? (above ? [above.x, above.y + 1] : [0, 0]);
    const [x, y] = G.freePlace(taken, wanted.map((number) => Math.max(0, number)));
    const node = { id: "new", kind, label: "", x, y };
    const more = from && edges.length < G.MOST_EDGES ? [{ from, to: "new", label: "" }] : [];
    this.change({ nodes: [...nodes, node], edges: [...edges, ...more] }, { box: "new" });
    this.tell("added", { number: nodes.length + 1 });
    this.edit();
  }

  remove() {
    const { nodes, edges } = this.graph;
    if (this.selected?.box) {
      const id = this.selected.box;
      const next = nodes[id] ?? nodes[id - 2];
      const left = edges.filter((edge) => edge.from !== id && edge.to !== id);
      this.change({ nodes: nodes.filter((node) => node.id !== id), edges: left }, next && { box: next.id });
    } else if (this.selected) {
      const { from } = edges[this.selected.edge];
      this.change({ nodes, edges: edges.filter((_edge, index) => index !== this.selected.edge) }, { box: from });
    } else {
      return;
    }
    this.tell("removed");
    if (!this.selected) this.board.focus();
  }

  move(id, x, y) {
    const nodes = this.graph.nodes.map((node) => (node.id === id ? { ...node, x, y } : node));
    const left = Math.min(...nodes.map((node) => node.x));
    const top = Math.min(...nodes.map((node) => node.y));
    if (nodes.some((node) => node.x - left > G.LAST_COLUMN || node.y - top > G.LAST_ROW)) return;
    this.change({ nodes, edges: this.graph.edges }, { box: id });
    this.tell("moved", { number: id, row: this.box().y + 1 });
  }

  // One step by keyboard; a box that stands in the way is hopped over.
  step(id, [right, down]) {
    const node = this.graph.nodes[id - 1];
    const taken = this.graph.nodes.filter((one) => one.id !== id).map((one) => [one.x, one.y]);
    for (let times = 1; times <= G.MOST_NODES; times += 1) {
      const [x, y] = [node.x + right * times, node.y + down * times];
      if (G.isFree(taken, x, y)) {
        this.move(id, x, y);
        return;
      }
    }
  }

  connect(from, to) {
    const { nodes, edges } = this.graph;
    this.from = 0;
    if (from === to) this.tell("itself", { number: from });
    else if (edges.some((edge) => edge.from === from && edge.to === to)) this.tell("twice", { source: from, target: to });
    else if (edges.length === G.MOST_EDGES) this.tell("edges", { most: G.MOST_EDGES });
    else {
      this.change({ nodes, edges: [...edges, { from, to, label: "" }] }, { ends: [from, to] });
      this.tell("connected", { source: from, target: to });
      if (nodes[from - 1].kind === "decision") this.edit(); // its ways want a word: 是, 否
      return;
    }
    this.render({ focus: true });
  }

  startConnecting() {
    const isOn = this.from !== 0;
    this.from = isOn ? 0 : (this.selected?.box ?? 0);
    if (isOn) this.tell("cancelled");
    else if (this.from) this.tell("connect", { number: this.from });
    else this.tell("choose");
    this.render({ focus: true });
  }

  tidy() {
    const nodes = this.graph.nodes.map(({ id, kind, label }) => ({ id, kind, label }));
    this.change({ nodes, edges: this.graph.edges }, this.selected?.box && { box: this.selected.box });
    this.tell("tidied");
  }

  // Shows the whole drawing, or goes back to its own size.
  fit() {
    const [left, top, width, height] = this.picture.area;
    const whole = Math.min(this.board.clientWidth / (left + width + 4), this.board.clientHeight / (top + height + 4));
    this.scale = this.scale < 1 ? 1 : Math.max(0.25, Math.min(1, whole));
    this.querySelector("[data-do=fit]").setAttribute("aria-pressed", String(this.scale < 1));
    this.render({ focus: true });
  }

  box() {
    return this.selected?.box ? this.graph.nodes[this.selected.box - 1] : null;
  }

  // --- Text in a box or at a connector

  edit() {
    if (!this.selected || this.isLocked) return;
    this.stopEditing();
    const selected = this.selected;
    const isBox = Boolean(selected.box);
    const target = isBox ? this.graph.nodes[selected.box - 1] : this.graph.edges[selected.edge];
    const drawn = isBox ? this.picture.boxes[selected.box - 1] : this.picture.lines[selected.edge];
    const input = document.createElement("textarea");
    input.className = "drawing-input";
    input.value = target.label;
    input.rows = 1;
    input.lang = "zh-Hans";
    input.setAttribute("aria-label", this.say(isBox ? "edit_box" : "edit_edge"));
    const [x, y] = (isBox ? [drawn.x, drawn.y] : middle(drawn)).map((number) => number * this.scale);
    const width = isBox ? P.BOX_WIDTH : 120;
    const height = isBox ? Math.max(drawn.height * this.scale, 52) : 36;
    Object.assign(input.style, {
      left: `${Math.max(0, x - width / 2)}px`,
      top: `${y - height / 2}px`,
      width: `${width}px`,
    });
    const fit = () => { // the text stands in the middle, and the field grows with it
      Object.assign(input.style, { height: "0", paddingBlock: "0" });
      const text = input.scrollHeight;
      const tall = Math.max(height, text + 12);
      Object.assign(input.style, { height: `${tall}px`, paddingBlock: `${(tall - text) / 2 - 2}px 0` });
    };
    let isOver = false;
    const finish = (keep) => {
      if (isOver) return;
      isOver = true;
      this.finish = null;
      const label = G.tidy([...input.value].slice(0, 2 * G.MOST_LABEL).join(""));
      const fault = G.labelFault(label);
      input.remove();
      if (!keep || label === target.label) {
        this.render({ focus: keep !== "left" });
        return;
      }
      const kept = fault ? [...label].slice(0, G.MOST_LABEL).join("") : label;
      this.relabel(selected, fault?.[0] === "characters" ? target.label : kept, keep !== "left");
      if (fault) this.tell(...fault);
    };
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Enter") {
        event.preventDefault();
        finish("enter");
      } else if (event.key === "Escape") {
        finish(false);
      }
    });
    input.addEventListener("blur", () => finish("left"));
    input.addEventListener("input", fit);
    this.board.append(input);
    fit();
    this.finish = finish;
    input.focus({ preventScroll: true });
    input.select();
    input.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  relabel(selected, label, focus) {
    const { nodes, edges } = this.graph;
    if (selected.box) {
      const renamed = nodes.map((node) => (node.id === selected.box ? { ...node, label } : node));
      this.change({ nodes: renamed, edges }, selected, focus);
    } else {
      const { from, to } = edges[selected.edge];
      const renamed = edges.map((edge, index) => (index === selected.edge ? { ...edge, label } : edge));
      this.change({ nodes, edges: renamed }, { ends: [from, to] }, focus);
    }
  }

  stopEditing() {
    this.finish?.("left");
  }

  // --- Keys

  press(event) {
    const isText = event.target.matches("textarea, input");
    if ((event.ctrlKey || event.metaKey) && !isText && !event.altKey) {
      const key = event.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      this.act(key === "y" || event.shiftKey ? "redo" : "undo");
      return;
    }
    const element = event.target.closest?.(".box, .edge");
    if (event.altKey || event.ctrlKey || event.metaKey || isText || this.isLocked) return;
    if (event.key === "Escape" && this.board.contains(event.target)) {
      event.preventDefault();
      this.escape();
      return;
    }
    if (!element) return;
    const id = Number(element.dataset.box ?? 0);
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key in ARROWS && id) {
      if (this.from) this.neighbour(id, ARROWS[key])?.focus();
      else this.step(id, ARROWS[key]);
    } else if (key === "Enter" || key === "F2" || key === " ") {
      if (this.from && id) this.connect(this.from, id);
      else this.edit();
    } else if (key === "Delete" || key === "Backspace") this.remove();
    else if (key === "c" && id) this.startConnecting();
    else if (key === "n" && id) this.add(this.chart.initial, null, id);
    else return;
    event.preventDefault();
  }

  escape() {
    if (this.from) {
      this.from = 0;
      this.tell("cancelled");
      this.render({ focus: true });
    } else {
      this.querySelector("[data-add]").focus();
    }
  }

  // The box that stands nearest in a direction.
  neighbour(id, [right, down]) {
    const from = this.graph.nodes[id - 1];
    const ranked = this.graph.nodes
      .map((node) => ({ id: node.id, x: (node.x - from.x) / 2, y: node.y - from.y }))
      .filter((one) => one.x * right + one.y * down > 0)
      .map((one) => ({ ...one, far: Math.hypot(one.x, one.y) + Math.abs(one.x * down) + Math.abs(one.y * right) }))
      .sort((a, b) => a.far - b.far);
    return ranked.length ? this.board.querySelector(`[data-box="${ranked[0].id}"]`) : null;
  }

  // The focus, however it came, chooses.
  follow(element) {
    if (!element || this.isDrawing) return;
    this.selected = element.dataset.box ? { box: Number(element.dataset.box) } : { edge: Number(element.dataset.edge) };
    this.mark();
    if (!this.hand) element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // --- Mouse and finger

  // Where an event is in the drawing's own pixels.
  point(event) {
    const frame = this.canvas.getBoundingClientRect();
    return [(event.clientX - frame.left) / this.scale, (event.clientY - frame.top) / this.scale];
  }

  // The cell of the grid that is nearest to an event, or to a point.
  cell(event, [shiftX, shiftY] = [0, 0]) {
    const [x, y] = this.point(event);
    const rows = this.picture.tops.filter((_top, index) => index % 2 === 1);
    const column = Math.round((x - shiftX) / P.COLUMN) - 1;
    let row = rows.findIndex((top, index) => y - shiftY < (index + 1 < rows.length ? (top + rows[index + 1]) / 2 : top + 50));
    if (row < 0) row = rows.length - 1 + Math.round((y - shiftY - rows.at(-1)) / 90);
    if (y - shiftY < rows[0] - 50) row = -1;
    return [Math.min(Math.max(column, -1), G.LAST_COLUMN), Math.min(row, G.LAST_ROW)];
  }

  grab(event) {
    if (event.button !== 0 || this.isLocked || event.target.closest(".drawing-input")) return;
    this.stopEditing();
    const handle = event.target.closest(".reach");
    // The text that was just finished may have drawn everything anew.
    const again = (element, name) => element && this.board.querySelector(`[data-${name}="${element.dataset[name]}"]`);
    const box = again(event.target.closest(".box"), "box");
    const edge = again(event.target.closest(".edge"), "edge");
    const id = Number(box?.dataset.box ?? 0);
    const [x, y] = this.point(event);
    this.hand = { id, x, y, isMoving: false, wasOn: this.isOn(box ?? edge), edge, pointer: event.pointerId };
    if (handle) this.hand.pulls = true;
    else if (id) {
      const drawn = this.picture.boxes[id - 1];
      this.hand.shift = [x - drawn.x, y - drawn.y];
      this.hand.before = this.graph.nodes[id - 1];
    }
    if (box || edge) {
      event.preventDefault(); // no selecting of text, no scrolling
      if (!this.from) (box ?? edge).focus({ preventScroll: true });
    }
  }

  isOn(element) {
    return element?.classList.contains("on") ?? false;
  }

  pull(event) {
    const hand = this.hand;
    if (!hand?.id || hand.pointer !== event.pointerId) return;
    const [x, y] = this.point(event);
    if (!hand.isMoving) {
      if (Math.hypot(x - hand.x, y - hand.y) < DRAG_FROM) return;
      hand.isMoving = true;
      this.board.setPointerCapture(event.pointerId);
    }
    if (hand.pulls) this.stretch(hand, [x, y]);
    else this.drag(hand, event, [x, y]);
  }

  // A box under way: connectors follow at once, a ghost shows where it will stand.
  drag(hand, event, [x, y]) {
    const { nodes, edges } = this.graph;
    const taken = nodes.filter((node) => node.id !== hand.id).map((node) => [node.x, node.y]);
    const [column, row] = this.cell(event, hand.shift);
    const isOutside = column < 0 || row < 0;
    hand.place = isOutside ? [column, row] : G.freePlace(taken, [column, row]);
    const shown = isOutside ? [hand.before.x, hand.before.y] : hand.place;
    const moved = nodes.map((node) => (node.id === hand.id ? { ...node, x: shown[0], y: shown[1] } : node));
    this.paint({ nodes: moved, edges });
    const drawn = this.picture.boxes[hand.id - 1];
    const element = this.board.querySelector(`[data-box="${hand.id}"]`);
    this.canvas.prepend(make("path", { class: "ghost", d: P.shape(drawn) }));
    this.canvas.append(element);
    element.classList.add("dragged");
    element.setAttribute("transform", `translate(${x - hand.shift[0] - drawn.x} ${y - hand.shift[1] - drawn.y})`);
  }

  // A connector under way.
  stretch(hand, [x, y]) {
    const start = this.picture.boxes[hand.id - 1];
    this.canvas.querySelector(".pull")?.remove();
    this.canvas.append(make("path", { class: "pull", d: `M${start.x} ${start.y}L${x} ${y}` }));
    const aim = this.boxAt([x, y]);
    for (const box of this.board.querySelectorAll(".box")) {
      box.classList.toggle("aim", Number(box.dataset.box) === aim && aim !== hand.id);
    }
  }

  boxAt([x, y]) {
    const isIn = (box) => Math.abs(x - box.x) <= box.width / 2 + 8 && Math.abs(y - box.y) <= box.height / 2 + 8;
    return this.picture.boxes.find(isIn)?.node.id ?? 0;
  }

  drop(event) {
    const hand = this.hand;
    this.hand = null;
    if (!hand || hand.pointer !== event.pointerId) return;
    if (hand.isMoving && hand.pulls) {
      const to = this.boxAt(this.point(event));
      if (to && to !== hand.id) this.connect(hand.id, to);
      else if (to) this.render({ focus: true });
      else this.add(this.chart.initial, this.cell(event), hand.id);
    } else if (hand.isMoving) {
      const [x, y] = hand.place;
      if (x === hand.before.x && y === hand.before.y) this.render({ focus: true });
      else this.move(hand.id, x, y);
    } else if (this.from && hand.id) this.connect(this.from, hand.id);
    else if (hand.pulls) this.startConnecting();
    else if ((hand.id || hand.edge) && hand.wasOn) this.edit();
    else if (!hand.id && !hand.edge && (this.selected || this.from)) {
      this.selected = null;
      this.from = 0;
      this.render();
    }
  }

  letGo() {
    this.hand = null;
    this.render();
  }

  // --- Drawing

  render({ focus = false } = {}) {
    this.paint(this.graph);
    const { length } = this.graph.nodes;
    this.querySelector("[data-do=undo]").disabled = this.done.length === 0;
    this.querySelector("[data-do=redo]").disabled = this.undone.length === 0;
    this.querySelector("[data-do=tidy]").disabled = length === 0 || G.isArranged(this.chart, this.graph);
    this.querySelector(".drawing-empty").hidden = length > 0;
    if (focus && this.selected) {
      const name = this.selected.box ? `[data-box="${this.selected.box}"]` : `[data-edge="${this.selected.edge}"]`;
      this.board.querySelector(name)?.focus({ preventScroll: true });
      this.board.querySelector(name)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  paint(graph) {
    this.isDrawing = true;
    this.picture = P.draw(this.chart, graph);
    const [left, top, width, height] = this.picture.area;
    const size = [
      Math.max(Math.floor(this.board.clientWidth / this.scale), left + width + (this.scale < 1 ? 0 : 110)),
      Math.max(Math.floor(this.board.clientHeight / this.scale) - 4, top + height + (this.scale < 1 ? 0 : 80)),
    ];
    const canvas = make("svg", {
      class: "drawing",
      width: Math.floor(size[0] * this.scale),
      height: Math.floor(size[1] * this.scale),
      viewBox: `0 0 ${size[0]} ${size[1]}`,
      fill: "none",
      stroke: "currentColor",
      "stroke-width": "1.5",
      "stroke-linejoin": "round",
      "text-anchor": "middle",
      role: "none",
      lang: "zh-Hans",
    });
    canvas.append(...this.picture.boxes.map((box) => this.boxElement(graph, box)));
    canvas.append(...this.picture.lines.map((line, index) => this.edgeElement(line, index)));
    if (this.canvas) this.canvas.replaceWith(canvas);
    else {
      const hint = document.createElement("p");
      hint.className = "drawing-empty";
      hint.textContent = this.say("empty");
      this.board.replaceChildren(canvas, hint);
    }
    this.canvas = canvas;
    this.isDrawing = false;
    this.mark();
  }

  boxElement(graph, box) {
    const { id, kind, label } = box.node;
    const targets = graph.edges.filter((edge) => edge.from === id).map((edge) => edge.to);
    const words = this.say("box", { number: id, kind: this.labels[kind], label: label || this.say("blank") });
    const leads = targets.length ? this.say("leads", { targets: targets.join("、") }) : "";
    const shift = { document: -6, department: 2 }[kind] ?? 0;
    const d = P.shape(box);
    return make(
      "g",
      { class: `box ${kind}`, "data-box": id, tabindex: 0, role: "button", "aria-label": words + leads },
      make("path", { class: "ring", d: ring(box) }),
      make("path", { class: "shape", d }),
      ...texts(box.lines, box.x, box.y + shift, P.TEXT),
    );
  }

  edgeElement(line, index) {
    const { from, to, label } = line.edge;
    const d = P.connector(line.points);
    const parts = [make("path", { class: "hit", d }), make("path", { class: "line", d })];
    if (this.chart.hasArrows) {
      parts.push(make("path", { class: "head", d: P.head(line.points), fill: "currentColor", stroke: "none" }));
    }
    if (line.lines.length) {
      const [left, top, right, bottom] = P.labelArea(line);
      const frame = { x: left - 2, y: top, width: right - left + 4, height: bottom - top };
      parts.push(make("rect", { class: "gap", stroke: "none", ...frame }));
      parts.push(...texts(line.lines, line.labelX, line.labelY, P.SMALL));
    }
    const words = this.say("edge", { source: from, target: to, label });
    const facts = { class: "edge", "data-edge": index, tabindex: 0, role: "button", "aria-label": words.trim() };
    return make("g", facts, ...parts);
  }

  // Shows what is chosen, with the points that connectors are drawn from.
  mark() {
    for (const element of this.board.querySelectorAll(".on")) element.classList.remove("on");
    for (const element of this.board.querySelectorAll(".handle, .reach")) element.remove();
    this.classList.toggle("connecting", this.from !== 0);
    this.querySelector("[data-do=connect]").setAttribute("aria-pressed", String(this.from !== 0));
    for (const name of ["edit", "remove"]) this.querySelector(`[data-do=${name}]`).disabled = !this.selected;
    if (this.selected?.edge >= 0) {
      this.board.querySelector(`[data-edge="${this.selected.edge}"]`)?.classList.add("on");
    }
    const element = this.selected?.box && this.board.querySelector(`[data-box="${this.selected.box}"]`);
    if (!element) return;
    element.classList.add("on");
    const box = this.picture.boxes[this.selected.box - 1];
    for (const [right, down] of Object.values(ARROWS)) {
      const place = { cx: box.x + (right * box.width) / 2, cy: box.y + (down * box.height) / 2 };
      element.append(make("circle", { class: "handle", r: 5, ...place }), make("circle", { class: "reach", r: 12, ...place }));
    }
  }
}

function texts(lines, x, y, size) {
  const first = y - ((lines.length - 1) * P.LINE) / 2 + 5;
  return lines.map((text, number) =>
    make("text", { x, y: first + number * P.LINE, "font-size": size, fill: "currentColor", stroke: "none" }, text),
  );
}

function ring(box) {
  const [width, height] = [box.width / 2 + 5, box.height / 2 + 5];
  return `M${box.x - width} ${box.y - height}h${2 * width}v${2 * height}h${-2 * width}Z`;
}

// Where a connector's text is edited: at its text, or half-way along.
function middle(line) {
  if (line.lines.length) return [line.labelX, line.labelY];
  const pieces = line.points.slice(1).map((point, index) => [line.points[index], point]);
  const length = ([one, other]) => Math.abs(one[0] - other[0]) + Math.abs(one[1] - other[1]);
  const [one, other] = pieces.reduce((best, piece) => (length(piece) > length(best) ? piece : best));
  return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
}

if (!customElements.get("drawing-editor")) customElements.define("drawing-editor", DrawingEditor);
