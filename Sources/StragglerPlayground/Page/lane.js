// SPDX-License-Identifier: Apache-2.0

// A method at work, as far as the page shows it: bars, points and sentences.

import { Core } from "./core.js";
import { planOf } from "./state.js";

const labels = {
  minibatch: "Minibatch SGD", msync: "m-Synchronous SGD", asgd: "Asynchronous SGD", rennala: "Rennala SGD",
  ringmaster: "Ringmaster ASGD", mindflayer: "MindFlayer SGD", malenia: "Malenia SGD", hero: "Hero SGD",
  ringleader: "Ringleader ASGD", "asgd-naive": "Naive Optimal ASGD", vecna: "Vecna SGD", fedbuff: "FedBuff",
};

export const labelOf = (name) => labels[name] ?? name;

const Kind = { assign: 0, arrive: 1, use: 2, discard: 3, clip: 4, cancel: 5, step: 6, update: 7 };
export const outcomes = ["used", "discarded", "clipped", "cancelled"];

const many = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;

export class Lane {
  constructor(module, state, index) {
    this.core = new Core(module);
    this.method = state.methods[index];
    this.workers = state.n;
    this.label = labelOf(this.method.name);
    this.error = "";
    this.bars = [];
    this.running = new Array(state.n).fill(null);
    this.points = [];
    this.pause = "time";
    this.sentence = `${this.label} has given every worker its first job.`;
    try {
      this.remarks = this.core.start(planOf(state, this.method));
    } catch (error) {
      this.error = error.message;
      this.pause = "failed";
    }
  }

  /// Goes on until `time`; false where `events` were not enough. Bars that ended before `from` are forgotten.
  advance(time, events, from) {
    if (this.error !== "") return true;
    let rows = [];
    this.pause = this.core.advance(
      events, time, (row) => this.#see(row, rows), (point) => this.points.push(point));
    if (rows.length > 0) this.#say(rows);
    if (this.bars.length > 3000) {
      const kept = this.bars.filter((bar) => bar.end >= from);
      this.bars = kept.length > 8000 ? kept.slice(-8000) : kept;
    }
    if (this.points.length > 24000) this.points = this.points.filter((_, index) => index % 2 === 0);
    if (this.pause === "starved") {
      this.sentence = `No event can come any more: every worker that ${this.label} waits for is stuck.`;
    } else if (this.pause === "diverged") {
      this.sentence = `${this.label} has diverged: the gap is a million times what it was.`;
    }
    return this.pause !== "events";
  }

  get timeOfNext() {
    return this.error !== "" || this.isOver ? Infinity : this.core.timeOfNext;
  }

  get isOver() {
    return ["starved", "diverged", "failed"].includes(this.pause);
  }

  get statistics() {
    return this.error === "" ? this.core.statistics : null;
  }

  #see(row, rows) {
    const { kind, worker, time } = row;
    if (rows.length > 0 && rows[0].time !== time) rows.length = 0;
    rows.push(row);
    if (kind === Kind.assign) this.running[worker] = { start: time, job: row.job };
    if (kind >= Kind.use && kind <= Kind.cancel) {
      const start = this.running[worker]?.start ?? time;
      if (time > start) this.bars.push({ worker, start, end: time, outcome: kind - Kind.use });
      if (kind !== Kind.use || this.running[worker]?.start !== time) this.running[worker] = null;
    }
  }

  /// What the last event was, in a sentence.
  #say(rows) {
    const update = rows.find((row) => row.kind === Kind.update);
    const cancelled = rows.filter((row) => row.kind === Kind.cancel).length;
    const ended = rows.findLast((row) => row.kind >= Kind.use && row.kind <= Kind.clip);
    if (!ended) return;
    const who = `Worker ${ended.worker + 1}`;
    const age = ended.delay > 0 ? `that is ${many(ended.delay, "update")} old` : "at the newest point";
    let text;
    if (ended.kind === Kind.clip) {
      text = `${who} has had the time that ${this.label} allots: its trial is given up`;
    } else if (ended.kind === Kind.discard) {
      text = `${who} delivers a gradient ${age}: ${this.label} ignores it`;
      const threshold = this.method.keys.threshold;
      if (threshold && ended.delay >= Number(threshold)) text += `, R = ${threshold}`;
    } else {
      text = `${who} delivers a gradient ${age}: ${this.label} uses it`;
    }
    if (update) text += `, and makes update ${update.iteration}`;
    if (cancelled > 0) text += `; ${many(cancelled, "job")} stopped`;
    this.sentence = text + ".";
  }
}
