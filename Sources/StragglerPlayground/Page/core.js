// SPDX-License-Identifier: Apache-2.0

// The core as WebAssembly: one instance is one run.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/// Why an advance has ended, in the order of `Run.Pause`.
export const pauses = ["events", "time", "full", "starved", "diverged", "failed"];

/// What a row of the log tells, in the order of `LogEntry.Kind`.
export const kinds = ["assign", "arrive", "use", "discard", "clip", "cancel", "step", "update"];

/// The statistics, in the order of `Run.write`, under their names in the command language.
export const statisticNames = [
  "time", "iteration", "assigned", "arrivals", "used", "discarded", "cancelled", "clipped", "gradients",
  "messages", "coordinates", "loss", "gap", "gradnorm2", "delay_mean", "delay_max", "concurrency_max", "busy",
  "useful", "energy", "gamma", "x1", "x2",
];

/// The value of a key as the core takes it: a number, a word, or a word with numbers in brackets. Null where
/// it is none of these.
export function parsedValue(text) {
  const value = String(text).trim();
  if (value === "inf") return { number: Infinity };
  if (value !== "" && Number.isFinite(Number(value))) return { number: Number(value) };
  if (/^[a-z][a-z0-9_-]*$/i.test(value)) return { word: value };
  const call = /^([a-z][a-z0-9_-]*)\(([^()]*)\)$/i.exec(value);
  if (!call) return null;
  const numbers = call[2].split(",").map((part) => Number(part.trim() === "inf" ? Infinity : part));
  return numbers.every((number) => !Number.isNaN(number)) ? { word: call[1], numbers } : null;
}

/// `lognormal(0,2)` as a name and numbers.
export function parsedLaw(text) {
  const value = parsedValue(text);
  if (value === null) return null;
  if (value.number !== undefined) return { name: "constant", numbers: [value.number] };
  return { name: value.word, numbers: value.numbers ?? [] };
}

export class Core {
  static async compile(bytes) {
    return WebAssembly.compile(bytes);
  }

  constructor(module) {
    this.calls = new WebAssembly.Instance(module, {}).exports;
  }

  #write(text, at = 0) {
    const bytes = encoder.encode(text);
    new Uint8Array(this.calls.memory.buffer, this.calls.playground_input() + at, bytes.length).set(bytes);
    return bytes.length;
  }

  #numbers(count) {
    return new Float64Array(this.calls.memory.buffer, this.calls.playground_numbers(), count);
  }

  get message() {
    const count = this.calls.playground_output_count();
    return decoder.decode(
      new Uint8Array(this.calls.memory.buffer, this.calls.playground_output(), count).slice());
  }

  #check(status) {
    if (status !== 0) throw new Error(this.message);
  }

  /// Sets a run up. `plan` has `tau` (an array), `laws` (an array of texts, or one for all), `leaving` (pairs
  /// of worker and time), `seed`, `epsilon`, and `problem` and `method`, each with `name` and `keys` (an object
  /// of texts). Throws an error with the core's words. Returns its remarks.
  start(plan) {
    const calls = this.calls;
    const seed = BigInt(plan.seed ?? 1);
    this.#check(
      calls.playground_begin(
        plan.tau.length, Number(seed & 0xffffffffn), Number((seed >> 32n) & 0xffffffffn),
        plan.epsilon ?? 1e-4));
    plan.tau.forEach((tau, worker) => calls.playground_tau(worker, tau));
    const laws = Array.isArray(plan.laws) ? plan.laws : [plan.laws ?? "constant(0)"];
    laws.forEach((text, index) => {
      const law = parsedLaw(text);
      if (law === null) throw new Error(`${text} is no law of durations`);
      this.#numbers(3).set([0, 1, 2].map((place) => law.numbers[place] ?? 0));
      const last = laws.length === 1 ? plan.tau.length - 1 : index;
      this.#check(calls.playground_law(index, last, this.#write(law.name)));
    });
    for (const [worker, time] of plan.leaving ?? []) calls.playground_leaving(worker, time);
    let at = 0;
    let kept = 0;
    const keep = (text) => {
      const start = at;
      at += this.#write(text, at);
      return [start, at - start];
    };
    for (const [isMethod, what] of [[0, plan.problem], [1, plan.method]]) {
      calls.playground_name(isMethod, ...keep(what.name));
      for (const [key, text] of Object.entries(what.keys ?? {})) {
        const value = parsedValue(text);
        if (value === null) throw new Error(`${key}=${text} is nothing that the page understands`);
        const numbers = value.numbers ?? (value.number !== undefined ? [value.number] : []);
        this.#numbers(1024).set(numbers, kept);
        const name = keep(key);
        const word = value.word === undefined ? [0, 0] : keep(value.word);
        const status = calls.playground_key(
          isMethod, ...name, ...word, kept, value.word === undefined ? 0 : numbers.length);
        if (status !== 0) throw new Error("too many keys");
        kept += Math.max(1, numbers.length);
      }
    }
    this.#check(calls.playground_start());
    return this.message.split("\n").filter((line) => line !== "");
  }

  /// Handles at most `events` events that come by `time`, and says why it has ended; `onRow` gets each row of
  /// the log, and `onPoint` each point of the trace.
  advance(events, time, onRow, onPoint) {
    const calls = this.calls;
    for (;;) {
      const pause = pauses[calls.playground_advance(events, time)];
      const rows = calls.playground_log_count();
      if (rows > 0 && onRow) {
        const log = new Float64Array(calls.memory.buffer, calls.playground_log(), rows * 7);
        for (let row = 0; row < rows * 7; row += 7) {
          onRow({
            time: log[row], kind: log[row + 1], worker: log[row + 2], job: log[row + 3],
            version: log[row + 4], delay: log[row + 5], iteration: log[row + 6],
          });
        }
      }
      const points = calls.playground_trace_count();
      if (points > 0 && onPoint) {
        const trace = new Float64Array(calls.memory.buffer, calls.playground_trace(), points * 5);
        for (let row = 0; row < points * 5; row += 5) {
          onPoint({
            time: trace[row], iteration: trace[row + 1], gap: trace[row + 2], x1: trace[row + 3],
            x2: trace[row + 4],
          });
        }
      }
      calls.playground_seen();
      if (pause !== "full") return pause;
    }
  }

  get timeOfNext() {
    return this.calls.playground_time_of_next();
  }

  get statistics() {
    const count = this.calls.playground_statistics();
    const numbers = this.#numbers(count);
    return Object.fromEntries(statisticNames.map((name, index) => [name, numbers[index]]));
  }

  get fault() {
    this.calls.playground_fault();
    return this.message;
  }

  /// P(η ≤ t) for an array of times; null where the text is no law.
  cdf(text, times, work = 1) {
    const law = parsedLaw(text);
    if (law === null) return null;
    this.#numbers(3).set([0, 1, 2].map((place) => law.numbers[place] ?? 0));
    this.#numbers(3 + times.length).set(times, 3);
    if (this.calls.playground_cdf(this.#write(law.name), times.length, work) !== 0) return null;
    return Array.from(this.#numbers(3 + times.length).subarray(3));
  }

  quantile(text, p, work = 1) {
    const law = parsedLaw(text);
    if (law === null) return NaN;
    this.#numbers(3).set([0, 1, 2].map((place) => law.numbers[place] ?? 0));
    return this.calls.playground_quantile(this.#write(law.name), p, work);
  }

  /// Methods, problems and laws with their keys, in the order of `help`.
  catalogue() {
    this.calls.playground_begin(1, 1, 0, 1e-4);
    this.calls.playground_catalogue();
    const lists = { method: [], problem: [], law: [] };
    let current = null;
    for (const line of this.message.split("\n")) {
      const [kind, name, a, b, c, d] = line.split("\t");
      if (kind in lists) {
        current = { name, summary: a, keys: [] };
        lists[kind].push(current);
      } else if (kind === "key") {
        current.keys.push({ name, kind: a, words: b, summary: c, standard: d });
      } else if (kind === "number") {
        current.keys.push({ name, summary: a });
      }
    }
    return { methods: lists.method, problems: lists.problem, laws: lists.law };
  }

  height(shape, x1, x2) {
    return this.calls.playground_height(shape, x1, x2);
  }
}
