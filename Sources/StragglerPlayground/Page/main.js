// SPDX-License-Identifier: Apache-2.0

import { Core } from "./core.js";
import { copyOf, formulas, fromHash, scenes, tauOf, toHash, toScript } from "./state.js";
import { labelOf, Lane, outcomes } from "./lane.js";
import {
  density, gantt, gapChart, landscape, prepared, shareOf, short, speedBars, tauAt, windows,
} from "./charts.js";

const find = (id) => document.getElementById(id);
const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
const seriesColor = (index) => `var(--c${index})`;

let module, helper, catalogue;
let linkTimer, state, lanes, time, isPlaying, chosenWorker = 0, isDrawn = false, lastFrame = 0, nextFrame = 0;

// MARK: - The run

/// Sets the runs up anew, and goes on to `until`.
function restart(until = 0) {
  lanes = state.methods.map((_, index) => new Lane(module, state, index));
  time = 0;
  if (until > 0) advance(until, Infinity);
  else for (const lane of lanes) lane.advance(0, 0, 0);
  isDrawn = false;
  // Browsers refuse many changes at once, as while a bar is dragged.
  clearTimeout(linkTimer);
  linkTimer = setTimeout(() => history.replaceState(null, "", "#" + toHash(state)), 250);
}

/// Goes on to `until`, or as far as `events` events go.
function advance(until, events) {
  const from = until - 2 * span();
  const isDone = lanes.map((lane) => lane.advance(until, Math.min(events, 1e9), from)).every((done) => done);
  if (isDone) time = until;
  isDrawn = false;
  return isDone;
}

function step() {
  setPlaying(false);
  const next = Math.min(...lanes.map((lane) => lane.timeOfNext));
  if (next < Infinity) advance(next, 1e6);
  draw();
}

/// The seconds that the bars show: some jobs of the middle worker.
function span() {
  const taus = [...tauOf(state)].sort((a, b) => a - b);
  const median = helper.quantile(state.law, 0.5);
  const middle = taus[Math.floor(taus.length / 2)] + (median > 0 && median < 1e6 ? median : 0);
  return Math.max(12 * middle, 1.5 * taus.at(-1));
}

function setPlaying(value) {
  isPlaying = value;
  find("play").textContent = value ? "Pause" : "Play";
  find("play").setAttribute("aria-pressed", String(value));
  // There is never more than one frame to come.
  cancelAnimationFrame(nextFrame);
  if (value) {
    lastFrame = 0;
    nextFrame = requestAnimationFrame(frame);
  }
}

function frame(now) {
  if (!isPlaying || document.hidden) return;
  const seconds = lastFrame === 0 ? 1 / 60 : Math.min(0.05, (now - lastFrame) / 1000);
  lastFrame = now;
  if (lanes.every((lane) => lane.isOver || lane.error !== "")) {
    setPlaying(false);
  } else {
    advance(pendingTime(seconds), 4000);
  }
  draw();
  if (isPlaying) nextFrame = requestAnimationFrame(frame);
}

let pending = NaN;

/// Where this frame goes: on to where the last one did not get.
function pendingTime(seconds) {
  if (!(pending > time)) pending = time + state.speed * seconds;
  return pending;
}

// MARK: - Drawing

function draw() {
  if (isDrawn) return;
  isDrawn = true;
  find("clock").textContent = `t = ${short(time)} s`;
  lanes.forEach((lane, index) => {
    const view = find("lanes").children[index];
    gantt(view.querySelector("canvas"), lane, time, span(), state.killed);
    const sentence = view.querySelector(".sentence");
    const text = lane.error || lane.sentence;
    if (sentence.textContent !== text) sentence.textContent = text;
    sentence.classList.toggle("wrong", lane.error !== "");
    sentence.setAttribute("aria-live", isPlaying ? "off" : "polite");
  });
  gapChart(find("gap"), lanes, time);
  const hasMap = state.problem.name === "landscape";
  find("map-figure").hidden = !hasMap;
  if (hasMap) landscape(find("map"), helper, state.problem.keys.shape || "bowl", lanes);
  drawCounters();
}

const counterRows = [
  ["updates k", (s) => s.iteration], ["delivered", (s) => s.arrivals], ["used", (s) => s.used],
  ["discarded", (s) => s.discarded], ["cancelled", (s) => s.cancelled], ["mean delay δ", (s) => short(s.delay_mean)],
  ["largest δ", (s) => s.delay_max], ["busy", (s) => percent(s.busy)], ["useful", (s) => percent(s.useful)],
  ["gap", (s) => short(s.gap)], ["γ", (s) => short(s.gamma)],
];
const percent = (share) => (share >= 0 ? `${Math.round(100 * share)} %` : "–");

function drawCounters() {
  const statistics = lanes.map((lane) => lane.statistics);
  const body = find("counters").tBodies[0];
  counterRows.forEach(([, value], row) => {
    statistics.forEach((one, column) => {
      const cell = body.rows[row].cells[column + 1];
      const text = one ? String(value(one)) : "–";
      if (cell.textContent !== text) cell.textContent = text;
    });
  });
}

// MARK: - Building the page

function buildLanes() {
  const legend = make("div", { className: "legend" });
  outcomes.forEach((outcome, index) => {
    const box = make("i");
    box.style.background = `var(--o${index})`;
    legend.append(make("span", {}, box, outcome));
  });
  find("lanes").className = `lanes-${state.methods.length}`;
  find("lanes").replaceChildren(
    ...state.methods.map((method, index) => {
      const swatch = make("span", { className: "swatch" });
      swatch.style.borderColor = seriesColor(index);
      const canvas = make("canvas");
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `The workers' jobs under ${labelOf(method.name)}`);
      canvas.addEventListener("click", (event) => {
        const box = canvas.getBoundingClientRect();
        kill(Math.floor(((event.clientY - box.top) / (box.height - 18)) * state.n));
      });
      return make(
        "section", { className: "lane" }, make("h2", {}, swatch, labelOf(method.name)), canvas,
        make("p", { className: "sentence" }));
    }), legend);
  const table = find("counters");
  table.tHead?.remove();
  table.tBodies[0]?.remove();
  const head = table.createTHead().insertRow();
  head.append(make("th"), ...state.methods.map((method) => make("th", { scope: "col" }, labelOf(method.name))));
  const body = table.createTBody();
  for (const [name] of counterRows) {
    const row = body.insertRow();
    row.append(make("th", { scope: "row" }, name), ...state.methods.map(() => make("td")));
  }
}

function kill(worker) {
  if (!(worker >= 0 && worker < state.n)) return;
  if (state.killed[worker] !== undefined) delete state.killed[worker];
  else state.killed[worker] = Math.max(time, 1e-6);
  restart(time);
  drawSettings();
  draw();
}

/// An input for a key; what is empty is what the core takes if the key is left out.
function keyInput(key, keys, changed) {
  const input =
    key.kind === "word" || key.kind === "flag"
      ? make("select", {}, ...["", ...key.words.split(" ")].map((word) =>
        make("option", { value: word, selected: (keys[key.name] ?? "") === word }, word || `(${key.standard})`)))
      : make("input", { type: "text", inputMode: "decimal", value: keys[key.name] ?? "", placeholder: key.standard });
  input.addEventListener("change", () => {
    keys[key.name] = input.value.trim().replace(/\s+/g, "");
    changed();
  });
  input.dataset.key = key.name;
  return make("label", { title: key.summary }, key.name, input);
}

function buildSettings() {
  find("n").value = state.n;
  find("seed").value = state.seed;
  find("speeds").value = state.speeds;
  const problem = catalogue.problems.find(({ name }) => name === state.problem.name) ?? catalogue.problems[0];
  find("problem").value = problem.name;
  const [first, rest] = split(problem.keys, ["shape", "noise", "dim"]);
  find("problem-keys").replaceChildren(...grouped(first, rest, state.problem.keys, changedAll));
  find("methods").replaceChildren(...state.methods.map(methodBox));
  find("add").hidden = state.methods.length >= 4;
  buildLaw();
  find("speed").value = Math.log2(state.speed);
  find("speed-text").value = `${short(state.speed)} s/s`;
  drawSettings();
}

const common = ["gamma", "batch", "threshold", "trials", "clip", "stops", "m", "local", "n"];
const modifiers = ["compress", "feedback", "step", "max_norm", "active", "force", "participants", "accept"];

function split(keys, first) {
  return [keys.filter(({ name }) => first.includes(name)), keys.filter(({ name }) => !first.includes(name))];
}

function grouped(first, rest, keys, changed) {
  const shown = first.map((key) => keyInput(key, keys, changed));
  if (rest.length === 0) return shown;
  const isOpen = rest.some(({ name }) => keys[name]);
  return [...shown, make("details", { open: isOpen }, make("summary", {}, "more"),
    ...rest.map((key) => keyInput(key, keys, changed)))];
}

function methodBox(method, index) {
  const menu = make("select", { ariaLabel: `Method ${index + 1}` }, ...catalogue.methods.map(({ name }) =>
    make("option", { value: name, selected: name === method.name }, name)));
  const entry = catalogue.methods.find(({ name }) => name === method.name);
  menu.addEventListener("change", () => {
    state.methods[index] = { name: menu.value, keys: { gamma: method.keys.gamma ?? "0.1" } };
    changedAll();
  });
  const [first, rest] = split(
    entry?.keys ?? [], entry?.keys.map(({ name }) => name).filter((name) => !modifiers.includes(name))
      .filter((name) => common.includes(name) || entry.keys.length < 6) ?? []);
  const remove = make("button", { type: "button", hidden: state.methods.length < 2 }, "Remove");
  remove.addEventListener("click", () => {
    state.methods.splice(index, 1);
    changedAll();
  });
  const box = make("div", { className: "method" }, menu, make("p", { className: "hint" }, entry?.summary ?? ""),
    ...grouped(first, rest, method.keys, changedAll), remove);
  box.style.borderColor = seriesColor(index);
  return box;
}

function buildLaw() {
  const [, name, numbers] = /^([^(]*)\(?([^)]*)/.exec(state.law);
  const law = catalogue.laws.find((one) => one.name === name);
  find("law").value = law?.name ?? "constant";
  find("law-summary").textContent = law?.summary ?? "";
  const values = numbers.split(",");
  find("law-numbers").replaceChildren(...(law?.keys ?? []).map((key, index) => {
    const input = make("input", { type: "text", inputMode: "decimal", value: values[index] ?? "" });
    input.dataset.number = key.name;
    input.addEventListener("change", () => {
      values[index] = input.value.trim();
      state.law = `${law.name}(${values.slice(0, law.keys.length).join(",")})`;
      changedAll();
    });
    return make("label", { title: key.summary }, key.name, input);
  }));
}

const lawStarts = {
  constant: "0", uniform: "0,2", exponential: "1", gamma: "2,1", weibull: "0.7,1", pareto: "1,1.5", lognormal: "0,2",
  logcauchy: "0,1", logt: "3,0,1", levy: "0,0.5", poisson: "2", normal: "0,1", infbernoulli: "0.2", markov: "20,10",
};

function drawSettings() {
  speedBars(find("bars"), tauOf(state), state.killed, chosenWorker);
  const tau = tauOf(state)[chosenWorker];
  find("bars").setAttribute("aria-valuenow", String(chosenWorker + 1));
  find("bars").setAttribute("aria-valuetext", `Worker ${chosenWorker + 1}: ${short(tau)} seconds`);
  density(find("density"), helper, state.law);
}

/// After a change of the settings: everything anew.
function changedAll() {
  buildSettings();
  buildLanes();
  pending = NaN;
  restart();
  draw();
}

function setTau(worker, tau) {
  if (state.speeds !== "by hand") {
    state.tau = tauOf(state);
    state.speeds = "by hand";
    find("speeds").value = "by hand";
  }
  state.tau[worker] = Number(tau.toPrecision(3));
  chosenWorker = worker;
  pending = NaN;
  restart();
  drawSettings();
  draw();
}

function chooseScene(index) {
  const scene = scenes[index];
  state = copyOf(scene.state);
  chosenWorker = 0;
  [...find("tour").children].forEach((link, place) => {
    if (place === index) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
  });
  find("story").hidden = false;
  find("story").replaceChildren(
    make("h2", {}, `${index + 1}. ${scene.title}`), make("p", {}, scene.text),
    make("p", {}, make("strong", {}, scene.claim), " At full size: ",
      make("a", { href: `../../${scene.script}` }, scene.script)));
  changedAll();
  setPlaying(true);
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    find("said").textContent = `${what} copied.`;
  } catch {
    // Pages from a file may not write to the clipboard.
    const area = make("textarea", { value: text });
    document.body.append(area);
    area.select();
    find("said").textContent = document.execCommand("copy") ? `${what} copied.` : `Not allowed to copy the ${what}.`;
    area.remove();
  }
}

// MARK: - What the user does

function listen() {
  find("play").addEventListener("click", () => setPlaying(!isPlaying));
  find("step").addEventListener("click", step);
  find("again").addEventListener("click", () => {
    pending = NaN;
    restart();
    draw();
  });
  find("speed").addEventListener("input", () => {
    state.speed = 2 ** Number(find("speed").value);
    pending = NaN;
    find("speed-text").value = `${short(state.speed)} s/s`;
  });
  find("copy").addEventListener("click", () => copy(toScript(state, time), "Script"));
  find("link").addEventListener("click", () => copy(location.href, "Link"));
  find("n").addEventListener("change", () => {
    state.n = Math.min(100, Math.max(1, Math.round(Number(find("n").value)) || 1));
    if (state.speeds === "by hand") while (state.tau.length < state.n) state.tau.push(1);
    state.killed = Object.fromEntries(Object.entries(state.killed).filter(([worker]) => worker < state.n));
    chosenWorker = Math.min(chosenWorker, state.n - 1);
    changedAll();
  });
  find("seed").addEventListener("change", () => {
    state.seed = Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.round(Number(find("seed").value)) || 0));
    changedAll();
  });
  find("speeds").addEventListener("change", () => {
    if (find("speeds").value === "by hand") state.tau = tauOf(state);
    state.speeds = find("speeds").value;
    changedAll();
  });
  find("law").addEventListener("change", () => {
    state.law = `${find("law").value}(${lawStarts[find("law").value] ?? "1"})`;
    changedAll();
  });
  find("problem").addEventListener("change", () => {
    const isMap = find("problem").value === "landscape";
    state.problem = { name: find("problem").value, keys: isMap ? { shape: "bowl", noise: "0.1" } : { dim: "100", noise: "0.01" } };
    changedAll();
  });
  find("add").addEventListener("click", () => {
    state.methods.push({ name: "rennala", keys: { gamma: "0.1", batch: "10" } });
    changedAll();
  });
  const bars = find("bars");
  const drag = (event) => {
    const box = bars.getBoundingClientRect();
    const worker = Math.floor(((event.clientX - box.left) / box.width) * state.n);
    if (worker >= 0 && worker < state.n) setTau(worker, tauAt(1 - (event.clientY - box.top) / box.height));
  };
  bars.addEventListener("pointerdown", (event) => {
    bars.setPointerCapture(event.pointerId);
    drag(event);
  });
  bars.addEventListener("pointermove", (event) => { if (event.buttons > 0) drag(event); });
  bars.addEventListener("keydown", (event) => {
    const tau = tauOf(state)[chosenWorker];
    const moves = { ArrowLeft: -1, ArrowRight: 1 };
    if (event.key in moves) chosenWorker = Math.min(state.n - 1, Math.max(0, chosenWorker + moves[event.key]));
    else if (event.key === "ArrowUp") setTau(chosenWorker, tauAt(shareOf(tau) + 0.02));
    else if (event.key === "ArrowDown") setTau(chosenWorker, tauAt(shareOf(tau) - 0.02));
    else if (event.key.toLowerCase() === "k") kill(chosenWorker);
    else return;
    event.preventDefault();
    drawSettings();
  });
  const map = find("map");
  const moveStart = (x1, x2) => {
    state.problem.keys.x1 = String(Number(x1.toFixed(3)));
    state.problem.keys.x2 = String(Number(x2.toFixed(3)));
    pending = NaN;
    restart();
    for (const key of ["x1", "x2"]) {
      const input = find("problem-keys").querySelector(`[data-key=${key}]`);
      if (input) input.value = state.problem.keys[key];
    }
    draw();
  };
  const moveTo = (event) => {
    const box = map.getBoundingClientRect();
    const [x0, x1, y0, y1] = windows[state.problem.keys.shape || "bowl"];
    moveStart(
      x0 + ((event.clientX - box.left) / box.width) * (x1 - x0), y1 - ((event.clientY - box.top) / box.height) * (y1 - y0));
  };
  map.addEventListener("pointerdown", (event) => {
    map.setPointerCapture(event.pointerId);
    moveTo(event);
  });
  map.addEventListener("pointermove", (event) => { if (event.buttons > 0) moveTo(event); });
  map.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
    const start = lanes[0]?.points[0];
    if (!move || !start) return;
    event.preventDefault();
    moveStart(start.x1 + move[0], start.x2 + move[1]);
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && isPlaying) setPlaying(true);
  });
  document.addEventListener("keydown", (event) => {
    if (["INPUT", "SELECT", "TEXTAREA", "BUTTON", "SUMMARY", "A"].includes(event.target.tagName)) return;
    if (event.key === " ") {
      event.preventDefault();
      setPlaying(!isPlaying);
    } else if (event.key === ".") {
      step();
    }
  });
  addEventListener("resize", () => {
    isDrawn = false;
    draw();
    drawSettings();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    isDrawn = false;
    draw();
    drawSettings();
  });
  // The address may have become the last state's by now.
  addEventListener("hashchange", (event) => open(new URL(event.newURL).hash));
}

/// A link to a scene, or to a state.
function open(hash) {
  const scene = /^#scene=([1-9])$/.exec(hash);
  if (scene && scene[1] <= scenes.length) return chooseScene(Number(scene[1]) - 1);
  state = fromHash(hash);
  changedAll();
  return undefined;
}

async function begin() {
  const packed = Uint8Array.from(atob(find("module").textContent.trim()), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  module = await Core.compile(await new Response(stream).arrayBuffer());
  helper = new Core(module);
  catalogue = helper.catalogue();
  find("speeds").append(...[...Object.keys(formulas), "by hand"].map((name) =>
    make("option", { value: name }, name in formulas ? `${name}: ${formulas[name].text}` : name)));
  find("law").append(...catalogue.laws.map(({ name }) => make("option", { value: name }, name)));
  find("problem").append(...catalogue.problems.map(({ name }) => make("option", { value: name }, name)));
  find("tour").append(...scenes.map((scene, index) =>
    make("a", { href: `#scene=${index + 1}` }, `${index + 1} ${scene.title}`)));
  listen();
  isPlaying = false;
  open(location.hash || "#scene=1");
  document.body.dataset.ready = "true";
}

begin();

// For tests of the page.
window.playground = {
  get state() { return state; }, get time() { return time; }, get lanes() { return lanes; },
  script: () => toScript(state, time), advance: (until) => { advance(until, Infinity); draw(); },
  setPlaying, prepared,
};
