// The exam room: saves each change at once, counts down by the server's clock, moves between questions.
// Without this module every button is an ordinary form button (exams/delivery/views/room.py).
//
// An answer stays in localStorage until the server has acknowledged it; only then is there a receipt.
//
// What the fields of a question mean is its type's affair (docs/item-types.md). Here: radio buttons and check
// boxes named "answer" give their letters in order, any other field "answer" its value, and fields
// "answer.<name>" a JSON object. A type's own script sets a field's value and lets it fire "input" or "change";
// where an answer arrives from the server or from storage, the field fires "answer:set".

const RETRY_FIRST = 1000;
const RETRY_MOST = 15000;
const RESYNC = 30000;
const TIMEOUT = 8000;
const TYPING = 800; // a text is sent this long after the last key
const MOST_KEPT_ALIVE = 60000; // bytes that a browser sends after the page is gone

let room = document.getElementById("room");
const attempt = room.dataset.attempt;
const known = new Map(); // paper position → newest revision that the server is known to hold
const memory = new Map(); // stands in where the browser refuses localStorage
let endsAt = 0;
let isOver = false;
let sending = null;
let retryIn = RETRY_FIRST;
let retryTimer = 0;
let typingTimer = 0;
let typingPosition = 0; // the question whose text is being typed: kept, but not sent yet
let announced = Infinity;

const say = (name, facts = {}) =>
  room.dataset[name].replace(/\{(\w+)\}/g, (whole, key) => facts[key] ?? whole);

// --- What is not acknowledged yet: one entry per question, so that two tabs do not overwrite each other

const keyOf = (position) => `chizheng:${attempt}:${position}`;

function keep(entry) {
  memory.set(entry.position, entry);
  try {
    localStorage.setItem(keyOf(entry.position), JSON.stringify(entry));
  } catch {
    // Full or forbidden: the entry still lives in memory, and leaving the page is blocked.
  }
}

function unsaved(position) {
  try {
    const stored = JSON.parse(localStorage.getItem(keyOf(position)));
    if (stored && stored.revision > (memory.get(position)?.revision ?? 0)) memory.set(position, stored);
  } catch {
    // as above
  }
  return memory.get(position);
}

function drop(entry) {
  // A newer change of the same question, of this tab or another, stays.
  if ((unsaved(entry.position)?.revision ?? 0) > entry.revision) return;
  memory.delete(entry.position);
  try {
    localStorage.removeItem(keyOf(entry.position));
  } catch {
    // as above
  }
}

function waiting() {
  try {
    const start = keyOf("");
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(start) && !memory.has(Number(key.slice(start.length)))) {
        memory.set(Number(key.slice(start.length)), JSON.parse(localStorage.getItem(key)));
      }
    }
  } catch {
    // as above
  }
  return [...memory.values()].sort((a, b) => a.position - b.position);
}

// --- Sending

const sendable = () => waiting().filter((entry) => entry.position !== typingPosition);

// Ends the pause that is made for typing: what was typed may be sent.
function settle() {
  clearTimeout(typingTimer);
  const wasTyping = typingPosition !== 0;
  typingPosition = 0;
  return wasTyping;
}

function receipt(text, kind = "") {
  const element = document.getElementById("receipt");
  element.className = `end save ${kind}`.trim();
  if (element.textContent !== text) element.textContent = text;
}

function flush() {
  // What was kept while the last answer was under way is sent too: no gap between "all sent" and "idle".
  sending ??= sendAll().then(
    (done) => {
      sending = null;
      return done && sendable().length > 0 ? flush() : done;
    },
    () => {
      sending = null;
      return false;
    },
  );
  return sending;
}

async function sendAll() {
  clearTimeout(retryTimer);
  let entry;
  while ((entry = sendable()[0])) {
    if (!(await send(entry))) {
      receipt(say("textUnsaved", entry), "fail");
      retryTimer = setTimeout(flush, retryIn);
      retryIn = Math.min(retryIn * 2, RETRY_MOST);
      return false;
    }
    retryIn = RETRY_FIRST;
  }
  return true;
}

// Returns whether the server has decided about the entry; false means: try again.
async function send(entry) {
  let response;
  let result;
  const { position, answer, flagged, revision } = entry;
  const body = JSON.stringify({ position, answer, flagged, revision });
  try {
    response = await fetch(room.dataset.answersUrl, {
      method: "POST",
      credentials: "same-origin",
      keepalive: body.length * 3 < MOST_KEPT_ALIVE,
      signal: AbortSignal.timeout(TIMEOUT),
      headers: { "Content-Type": "application/json", "X-Attempt-Token": room.dataset.token },
      body,
    });
    result = await response.json();
  } catch {
    return false;
  }
  if (result.status === "saved" || result.status === "repeated") {
    known.set(entry.position, Math.max(result.revision, known.get(entry.position) ?? 0));
    drop(entry);
    setClock(result.seconds_left);
    receipt(say("textSaved", { number: entry.number, time: result.saved_at }));
    return true;
  }
  if (result.status === "stale") {
    known.set(entry.position, result.revision);
    drop(entry);
    setClock(result.seconds_left);
    adopt({ ...entry, ...result });
    receipt(say("textStale", entry), "wait");
    return true;
  }
  if (response.status === 410) {
    receipt(say("textClosed", entry), "fail");
    for (const one of waiting()) drop(one);
    leave();
    return true;
  }
  if (response.status === 403) return renewToken();
  if (response.status === 400 || response.status === 404) {
    drop(entry);
    receipt(say("textRefused", entry), "fail");
    return true;
  }
  return false;
}

// A page open for longer than its token lasts fetches a new one; the entry is then sent again.
async function renewToken() {
  try {
    const response = await fetch(location.href, { credentials: "same-origin" });
    const fresh = parse(await response.text()).getElementById("room");
    if (fresh?.dataset.attempt === attempt) room.dataset.token = fresh.dataset.token;
  } catch {
    // tried again later
  }
  return false;
}

// --- The question on the page

const form = () => document.getElementById("answer_form");
const inputs = () => [...(form()?.elements ?? [])].filter((one) => one.name === "answer" || one.name?.startsWith("answer."));
const isTick = (input) => input.type === "radio" || input.type === "checkbox";
const isText = (element) =>
  element.matches?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=hidden])");

// Returns the fields of the question on the page: name → value, for ticked letters in order.
function values() {
  const found = {};
  for (const input of inputs()) {
    found[input.name] ??= isTick(input) ? [] : "";
    if (!isTick(input)) found[input.name] = input.value;
    else if (input.checked) found[input.name].push(input.value);
  }
  for (const [name, value] of Object.entries(found)) {
    if (Array.isArray(value)) found[name] = value.sort().join("");
  }
  return found;
}

// The canonical answer, as exams.bank.types.contract.answer_of writes it.
function answerOf(fields) {
  if ("answer" in fields) return fields.answer.trim() ? fields.answer : "";
  const filled = Object.entries(fields)
    .filter(([, value]) => value.trim())
    .map(([name, value]) => [name.slice("answer.".length), value])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return filled.length ? JSON.stringify(Object.fromEntries(filled)) : "";
}

function current() {
  return {
    position: Number(room.dataset.position),
    number: Number(room.dataset.number),
    answer: answerOf(values()),
    flagged: form().elements.flagged.checked,
  };
}

function save({ isTyping = false } = {}) {
  if (isOver) return;
  const entry = current();
  const newest = Math.max(known.get(entry.position) ?? 0, unsaved(entry.position)?.revision ?? 0);
  keep({ ...entry, revision: newest + 1 });
  show(entry);
  receipt(say("textSaving", entry), "wait");
  settle();
  if (isTyping) {
    typingPosition = entry.position;
    typingTimer = setTimeout(sendTyped, TYPING);
  } else {
    flush();
  }
}

// What was ticked before this module had loaded is an answer like any other.
function catchUp() {
  if (!form() || isOver) return;
  const { position, answer, flagged } = current();
  if (unsaved(position)) return; // newer than what the page came with, and shown already
  const { seen_answer: seenAnswer, seen_flagged: seenFlagged } = form().elements;
  const isTicked = inputs().length > 0 && inputs().every(isTick) && answer !== seenAnswer.value;
  if (isTicked || flagged !== (seenFlagged.value === "on")) save();
}

function sendTyped() {
  if (settle()) flush();
}

// Puts an answer into the fields of the question on the page.
function fill(answer) {
  const all = inputs();
  const isOne = all.some((input) => input.name === "answer");
  let fields = {};
  try {
    if (!isOne && answer) fields = JSON.parse(answer);
  } catch {
    return; // not an answer to this question
  }
  for (const input of all) {
    const value = isOne ? answer : (fields[input.name.slice("answer.".length)] ?? "");
    if (input.type === "radio") input.checked = value === input.value;
    else if (input.type === "checkbox") input.checked = value.includes(input.value);
    else if (input.value !== value) input.value = value;
    input.dispatchEvent(new CustomEvent("answer:set", { bubbles: true }));
  }
}

// Shows an answer in the form, where its question is on the page, and on the answer card.
function adopt(entry) {
  if (form() && entry.position === Number(room.dataset.position)) {
    fill(entry.answer);
    form().elements.flagged.checked = entry.flagged;
  }
  show(entry);
}

function show(entry) {
  if (form() && entry.position === Number(room.dataset.position)) {
    for (const input of inputs()) if (isTick(input)) input.closest(".opt")?.classList.toggle("on", input.checked);
  }
  const mark = document.querySelector(`[data-mark="${entry.position}"]`);
  if (!mark) return;
  mark.classList.toggle("done", entry.answer !== "");
  mark.classList.toggle("flag", entry.flagged);
  const words = [say("textWord"), say(entry.answer ? "textAnswered" : "textOpen")];
  if (entry.flagged) words.push(say("textFlagged"));
  mark.querySelector("[data-word]").textContent = words.join(say("textComma"));
  const marks = document.querySelectorAll("[data-mark]");
  const done = document.querySelectorAll("[data-mark].done").length;
  setCount("answered", done);
  setCount("open", marks.length - done);
  setCount("flagged", document.querySelectorAll("[data-mark].flag").length);
}

function setCount(name, value) {
  const element = document.querySelector(`[data-count="${name}"]`);
  if (element) element.textContent = value;
}

// --- Moving between questions

const parse = (text) => new DOMParser().parseFromString(text, "text/html");

async function visit(url, { push = true } = {}) {
  let response;
  let page;
  try {
    response = await fetch(url, { credentials: "same-origin", signal: AbortSignal.timeout(TIMEOUT) });
    page = parse(await response.text());
  } catch {
    receipt(say("textOffline"), "fail");
    return;
  }
  const arrived = new URL(response.url);
  if (!response.ok || arrived.pathname !== new URL(url, location.href).pathname || !page.getElementById("room")) {
    leaveTo(response.url);
    return;
  }
  document.getElementById("main").replaceChildren(...page.getElementById("main").childNodes);
  // Scripts of item types: a parsed page does not run them. Each module runs once and serves every question.
  for (const script of document.querySelectorAll("#main script[type=module][src]")) import(script.src);
  document.title = page.title;
  if (push) history.pushState(null, "", url);
  enter();
  document.getElementById("stem")?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

// Takes in the question that the page now shows.
function enter() {
  room = document.getElementById("room");
  setClock(Number(room.dataset.secondsLeft));
  if (room.dataset.position) {
    const position = Number(room.dataset.position);
    known.set(position, Math.max(Number(room.dataset.revision), known.get(position) ?? 0));
  }
  // What the server does not have yet is shown as the candidate left it.
  for (const entry of waiting()) if (entry.revision > (known.get(entry.position) ?? 0)) adopt(entry);
  if (isOver) lock();
}

async function go(where) {
  sendTyped();
  const address = (name) => new URL(`${name}/`, new URL(room.dataset.roomUrl, location.href)).href;
  if (where !== "hand-in") {
    const number = Number(where);
    if (number >= 1 && number <= Number(room.dataset.of)) await visit(address(number));
    return;
  }
  await flush();
  if (waiting().length === 0) location.assign(address("hand-in"));
}

function leaveTo(url) {
  removeEventListener("beforeunload", block);
  location.assign(url);
}

function leave() {
  lock();
  setTimeout(() => leaveTo(room.dataset.roomUrl), 1500);
}

function block(event) {
  if (waiting().length > 0) event.preventDefault();
}

// --- The clock

function setClock(seconds) {
  endsAt = performance.now() + seconds * 1000;
  if (seconds > 0 && isOver) isOver = false;
  tick();
}

function tick() {
  const left = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
  const clock = document.getElementById("clock");
  const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor((left % 3600) / 60), left % 60];
  const two = (number) => String(number).padStart(2, "0");
  const text = hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
  if (clock.textContent !== text) clock.textContent = text;
  clock.classList.toggle("soon", left <= 600 && left > 60);
  clock.classList.toggle("last", left <= 60);
  for (const [limit, name] of [[600, "textTen"], [60, "textOne"]]) {
    if (left <= limit && announced > limit && left > 0) {
      if (left > limit - 30) document.getElementById("announcer").textContent = say(name);
      announced = limit;
    }
  }
  if (left === 0 && !isOver) finish();
}

async function resync() {
  try {
    const response = await fetch(room.dataset.clockUrl, { credentials: "same-origin", signal: AbortSignal.timeout(TIMEOUT) });
    const clock = await response.json();
    if (clock.state !== "running") leave();
    else setClock(clock.seconds_left);
    return clock;
  } catch {
    return null; // the countdown goes on by itself
  }
}

// The deadline: nothing more is answered, what waits is sent within the grace, then the sealed page.
async function finish() {
  settle();
  isOver = true;
  lock();
  document.getElementById("announcer").textContent = say("textOver");
  receipt(say("textOver"), "wait");
  flush();
  const clock = await resync();
  if (clock && clock.seconds_left > 0) {
    location.reload(); // time was given back
    return;
  }
  setTimeout(() => leaveTo(room.dataset.roomUrl), (Number(room.dataset.grace) + 1) * 1000);
}

function lock() {
  for (const input of form()?.elements ?? []) input.disabled = true;
  const group = document.getElementById("answer_group");
  if (group) group.inert = true; // editors of item types too
}

// --- Hands

const isOurs = (event) => event.target.form && event.target.form === form();
const isAnswer = (input) => input.name === "answer" || input.name?.startsWith("answer.");

document.addEventListener("input", (event) => {
  if (isOurs(event) && isAnswer(event.target) && !isTick(event.target)) save({ isTyping: true });
});
document.addEventListener("change", (event) => {
  if (!isOurs(event)) return;
  // A text that was typed is kept already; leaving its field sends it.
  if (isAnswer(event.target) && isText(event.target) && event.target.tagName !== "SELECT") sendTyped();
  else if (isAnswer(event.target) || event.target.name === "flagged") save();
});
document.addEventListener("focusout", sendTyped);
addEventListener("pagehide", sendTyped);

document.addEventListener(
  "submit",
  (event) => {
    sendTyped();
    if (event.target.id === "hand_in_form") {
      if (waiting().length === 0) return;
      event.preventDefault();
      flush().then((done) => done && event.target.requestSubmit());
      return;
    }
    if (event.target !== form()) return;
    event.preventDefault();
    const button = event.submitter;
    if (button?.name === "clear") {
      fill("");
      save();
    } else if (button?.name === "go" && Number(button.value) !== Number(room.dataset.number)) {
      inTurn(() => go(button.value));
    }
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !form()) return;
  if (isText(event.target) || event.target.closest?.("[data-own-keys]")) return;
  const key = event.key.toUpperCase();
  const isArrow = key === "ARROWLEFT" || key === "ARROWRIGHT";
  if (isArrow) event.preventDefault(); // in a group of radio buttons it would change the answer
  else if (event.repeat || !/^[A-F]$/.test(key)) return;
  inTurn(() => press(key));
});

// A letter typed right after an arrow is meant for the question that is still on its way: keys wait their turn.
let turn = Promise.resolve();

function inTurn(act) {
  turn = turn.then(act).catch(() => {});
}

async function press(key) {
  if (isOver || !form()) return;
  if (key.startsWith("ARROW")) {
    await go(Number(room.dataset.number) + (key === "ARROWLEFT" ? -1 : 1));
  } else if (key === "F") {
    form().elements.flagged.checked = !form().elements.flagged.checked;
    save();
  } else {
    // In a case the letters belong to the question that has the focus.
    const group = document.activeElement?.closest(".case-question") ?? form();
    const input = inputs().find((one) => one.dataset.letter === key && group.contains(one));
    if (!input || (input.type === "radio" && input.checked)) return;
    input.checked = input.type === "radio" || !input.checked;
    save();
  }
}

addEventListener("beforeunload", block);
addEventListener("popstate", () => inTurn(() => visit(location.href, { push: false })));
addEventListener("online", flush);
addEventListener("visibilitychange", () => {
  if (document.hidden) sendTyped();
  else resync();
});
setInterval(tick, 250);
setInterval(resync, RESYNC);
enter();
catchUp();
flush();
