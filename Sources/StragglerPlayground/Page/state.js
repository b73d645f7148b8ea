// SPDX-License-Identifier: Apache-2.0

// What is played: a fleet, a problem and methods. It is a link, and a script.

export const formulas = {
  equal: { text: "1", of: () => 1 },
  "square roots": { text: "sqrt(i)", of: (i) => Math.sqrt(i) },
  linear: { text: "i", of: (i) => i },
  squares: { text: "i*i", of: (i) => i * i },
};

export const standard = {
  n: 20, speeds: "square roots", tau: [], law: "constant(0)", seed: 1, killed: {},
  problem: { name: "landscape", keys: { shape: "bowl", noise: "0.1" } },
  methods: [
    { name: "minibatch", keys: { gamma: "0.1" } },
    { name: "ringmaster", keys: { gamma: "0.05", threshold: "8" } },
  ],
  speed: 4,
};

export const copyOf = (state) => JSON.parse(JSON.stringify(state));

export const tauOf = (state) =>
  state.speeds === "by hand"
    ? state.tau.slice(0, state.n)
    : Array.from({ length: state.n }, (_, index) => formulas[state.speeds].of(index + 1));

const written = ({ name, keys }) =>
  [name, ...Object.entries(keys).filter(([, value]) => value !== "").map(([key, value]) => `${key}=${value}`)];

/// The state as the part of a link behind #.
export function toHash(state) {
  const parts = new URLSearchParams();
  parts.set("n", state.n);
  parts.set("speeds", state.speeds);
  if (state.speeds === "by hand") parts.set("tau", tauOf(state).join(";"));
  parts.set("law", state.law);
  parts.set("seed", state.seed);
  parts.set("problem", written(state.problem).join(" "));
  for (const method of state.methods) parts.append("method", written(method).join(" "));
  for (const [worker, time] of Object.entries(state.killed)) parts.append("kill", `${worker}@${time}`);
  parts.set("speed", state.speed);
  return parts.toString();
}

function named(text) {
  const [name, ...rest] = text.split(" ");
  const keys = {};
  for (const part of rest) {
    const at = part.indexOf("=");
    if (at > 0) keys[part.slice(0, at)] = part.slice(at + 1);
  }
  return { name, keys };
}

/// The state of a link; what it does not say, or says wrong, is as usual.
export function fromHash(hash) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const state = copyOf(standard);
  const whole = (text, low, high, other) => {
    const number = Number(text);
    return Number.isInteger(number) && number >= low && number <= high ? number : other;
  };
  state.n = whole(parts.get("n"), 1, 100, state.n);
  const tau = (parts.get("tau") ?? "").split(";").map(Number);
  const speeds = parts.get("speeds");
  if (speeds in formulas) state.speeds = speeds;
  if (speeds === "by hand" && tau.length >= state.n && tau.every((number) => number > 0 && number < 1e6)) {
    [state.speeds, state.tau] = ["by hand", tau];
  }
  state.law = parts.get("law") ?? state.law;
  state.seed = whole(parts.get("seed"), 0, Number.MAX_SAFE_INTEGER, state.seed);
  if (parts.has("problem")) state.problem = named(parts.get("problem"));
  if (parts.has("method")) state.methods = parts.getAll("method").slice(0, 4).map(named);
  for (const kill of parts.getAll("kill")) {
    const [worker, time] = kill.split("@").map(Number);
    if (Number.isInteger(worker) && worker >= 0 && worker < state.n && time > 0 && time < Infinity) {
      state.killed[worker] = time;
    }
  }
  const speed = Number(parts.get("speed"));
  if (speed > 0 && speed < 1e6) state.speed = speed;
  return state;
}

/// What the core takes for one of the methods.
export const planOf = (state, method) => ({
  tau: tauOf(state), laws: state.law, seed: state.seed,
  leaving: Object.entries(state.killed).map(([worker, time]) => [Number(worker), time]),
  problem: { name: state.problem.name, keys: given(state.problem.keys) },
  method: { name: method.name, keys: given(method.keys) },
});

const given = (keys) => Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== ""));

/// The script that does in `straggler` what the page has done until `time`.
export function toScript(state, time) {
  const formula = state.speeds === "by hand" ? "1" : formulas[state.speeds].text;
  const lines = [
    `seed ${state.seed}`,
    `problem ${written(state.problem).join(" ")}`,
    `workers ${state.n} tau=${formula} delay=${state.law}`,
  ];
  if (state.speeds === "by hand") {
    tauOf(state).forEach((tau, index) => lines.push(`workers ${index + 1}..${index + 1} tau=${tau}`));
  }
  for (const [worker, at] of Object.entries(state.killed)) {
    lines.push(`workers ${Number(worker) + 1}..${Number(worker) + 1} available=until(${at})`);
  }
  lines.push("trace every=1");
  for (const method of state.methods) {
    lines.push(`method ${written(method).join(" ")}`, `run time=${time}`, "stats");
  }
  return lines.join("\n") + "\n";
}

const scene = (title, text, claim, script, state) =>
  ({ title, text, claim, script, state: { ...copyOf(standard), ...state } });

const bowl = (noise) => ({ name: "landscape", keys: { shape: "bowl", noise } });

/// The guided tour.
export const scenes = [
  scene(
    "Minibatch waits",
    "Twelve workers, of which the last is twelve times as slow as the first. Minibatch SGD takes a gradient " +
      "of each for an update, and so waits for the slowest; look at the empty space behind its bars. " +
      "Ringmaster ASGD makes an update of every gradient that is not too old.",
    "An update of Minibatch SGD takes max τᵢ, however many fast workers there are.",
    "scripts/demo.straggler",
    { n: 12, speeds: "linear", problem: bowl("0.1"), speed: 6,
      methods: [{ name: "minibatch", keys: { gamma: "0.2" } },
        { name: "ringmaster", keys: { gamma: "0.05", threshold: "6" } }] }),
  scene(
    "ASGD goes wild",
    "Asynchronous SGD uses every gradient as it comes. With thirty equal workers each gradient is about " +
      "thirty updates old, and a stepsize that suits Minibatch SGD sends the model away.",
    "With a fixed stepsize, γ has to shrink with the delays: the theory of Asynchronous SGD has them in its bound.",
    "scripts/figures/ringmaster-comparison.straggler",
    { n: 30, speeds: "equal", law: "exponential(1)", problem: bowl("0.1"), speed: 2,
      methods: [{ name: "asgd", keys: { gamma: "0.03" } }, { name: "minibatch", keys: { gamma: "0.2" } }] }),
  scene(
    "Ringmaster tames it",
    "The same fleet and the same stepsize. Ringmaster ASGD ignores gradients that are R or more updates old, " +
      "and starts their workers anew: half bars are gradients that it ignores.",
    "With R = max{1, ⌈σ²/ε⌉} Ringmaster ASGD has the optimal time complexity, whatever the speeds.",
    "scripts/figures/ringmaster-threshold.straggler",
    { n: 30, speeds: "equal", law: "exponential(1)", problem: bowl("0.1"), speed: 2,
      methods: [{ name: "asgd", keys: { gamma: "0.03" } },
        { name: "ringmaster", keys: { gamma: "0.03", threshold: "12" } }] }),
  scene(
    "Rennala's batch",
    "Rennala SGD collects a batch of gradients at one point from whoever is fast, and updates. Slow workers " +
      "deliver for a point that is gone, and are ignored.",
    "Rennala SGD is optimal for fixed speeds: its update takes as long as the best subset of workers takes.",
    "scripts/figures/talk-rennala.straggler",
    { n: 20, speeds: "squares", problem: bowl("1"), speed: 8,
      methods: [{ name: "rennala", keys: { gamma: "0.2", batch: "10" } },
        { name: "minibatch", keys: { gamma: "0.2" } }] }),
  scene(
    "Heavy tails and MindFlayer",
    "A job now takes a lognormal time, sometimes hundreds of seconds. Rennala SGD waits with its workers in " +
      "the tail. MindFlayer SGD allots each trial a time and gives it up after that: the notched bars.",
    "With heavy tails MindFlayer SGD is faster than Rennala SGD by any factor, the heavier the tail the more.",
    "scripts/figures/mindflayer-figure-1.straggler",
    { n: 5, speeds: "square roots", law: "lognormal(0,3)", problem: bowl("0.3"), speed: 10,
      methods: [{ name: "mindflayer", keys: { gamma: "0.2", trials: "4" } },
        { name: "rennala", keys: { gamma: "0.2", batch: "10" } },
        { name: "minibatch", keys: { gamma: "0.2" } }] }),
  scene(
    "Outages where others starve",
    "Every fifth job never ends. A worker that waits for it is lost to Rennala and Ringmaster, one after the " +
      "other, until no event can come. MindFlayer SGD gives the job up and goes on.",
    "Where jobs can fail, only methods with time-outs reach every accuracy.",
    "scripts/figures/mindflayer-figure-5.straggler",
    { n: 10, speeds: "equal", law: "infbernoulli(0.2)", problem: bowl("0.3"), speed: 2,
      methods: [{ name: "mindflayer", keys: { gamma: "0.2", trials: "3", clip: "0.5" } },
        { name: "rennala", keys: { gamma: "0.2", batch: "10" } },
        { name: "ringmaster", keys: { gamma: "0.05", threshold: "8" } }] }),
];
