// SPDX-License-Identifier: Apache-2.0

// Runs every method and every law as WebAssembly and in the program, by the page's own script, and compares
// all statistics bit for bit.
//
// Usage: node against-native.mjs PAGE-FOLDER MODULE.wasm STRAGGLER

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { join, resolve } from "node:path";

const [folder, file, straggler] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(resolve(join(folder, name))));
const { Core, statisticNames } = await load("core.js");
const { copyOf, planOf, scenes, standard, toScript } = await load("state.js");
const module = await Core.compile(readFileSync(file));
const catalogue = new Core(module).catalogue();

const cases = [];
const add = (title, changes, time = 30) => cases.push({ title, state: { ...copyOf(standard), ...changes }, time });
const quadratic = (keys = {}) => ({ name: "quadratic", keys: { dim: "50", noise: "0.01", ...keys } });

// What a method asks for that has no standard value.
const needs = {
  mindflayer: { trials: "3", clip: "1" }, msync: { m: "4" }, vecna: { clip: "1" }, "mod-mindflayer": { clip: "1" },
};
for (const { name, keys } of catalogue.methods) {
  const given = { ...(keys.some((key) => key.name === "gamma") ? { gamma: "0.05" } : {}), ...needs[name] };
  if (keys.some((key) => key.name === "force")) given.force = "true";
  const methods = [{ name, keys: given }];
  const fleet = { n: 7, speeds: "square roots", law: "lognormal(0,1)", methods };
  add(`${name} on a quadratic`, { ...fleet, problem: quadratic({ samples: "40" }) });
  add(`${name} on a landscape`, { ...fleet, problem: { name: "landscape", keys: { shape: "valleys" } } });
}
const laws = {
  constant: "0.5", uniform: "0,2", exponential: "1", gamma: "2,1", weibull: "0.7,1", pareto: "1,1.5", lognormal: "0,2",
  logcauchy: "0,1", logt: "3,0,1", levy: "0,0.5", poisson: "2", normal: "0,1", infbernoulli: "0.1", markov: "6,3",
};
for (const { name } of catalogue.laws) {
  const law = `${name}(${laws[name]})`;
  const methods = [{ name: "ringmaster", keys: { gamma: "0.05", threshold: "6" } },
    { name: "mindflayer", keys: { gamma: "0.05", trials: "3", clip: "median" } }];
  add(law, { n: 9, law, methods, problem: quadratic() });
  add(`${law}, and one that leaves`, { n: 9, law, methods, killed: { 2: 7.25 }, seed: 5000000000 });
}
for (const shape of ["bowl", "rosenbrock", "valleys"]) {
  add(`the ${shape}`, { problem: { name: "landscape", keys: { shape, noise: "0.2", x1: "-1.25" } },
    methods: [{ name: "rennala", keys: { gamma: "0.01", batch: "5" } }] });
}
add("a wild run", { n: 30, speeds: "equal", law: "exponential(1)", methods: [{ name: "asgd", keys: { gamma: "0.2" } }] });
add("modifiers", { problem: quadratic(), methods: [
  { name: "rennala", keys: { gamma: "0.05", batch: "4", compress: "topk(5)", feedback: "true" } },
  { name: "ringmaster", keys: { gamma: "0.01", threshold: "4", step: "adam(0.9,0.99,1e-8)", active: "5" } },
  { name: "rennala", keys: { batch: "3", gamma: "0.05", local: "2" } }] });
add("by hand", { n: 3, speeds: "by hand", tau: [0.123, 4.56, 78.9] });
add("from the theory", { problem: quadratic(), methods: [{ name: "rennala", keys: {} }, { name: "ringmaster", keys: {} }] }, 400);
scenes.forEach((scene) => add(scene.title, scene.state, 50));

/// The objects that the program reports for the script, of each `stats` one; or its first error.
function native(script) {
  let text;
  try {
    text = execFileSync(straggler, ["--json", "-c", script], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    return { error: String(error.stdout) + String(error.stderr) };
  }
  return { all: text.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)) };
}

const same = (a, b) => Object.is(a, b) || (Number.isNaN(a) && b === null) || (a === 0 && b === 0);
let [compared, refused, failures] = [0, 0, 0];
for (const { title, state, time } of cases) {
  const separate = state.methods.map((method) => ({ ...state, methods: [method] }));
  for (const one of separate) {
    const [method] = one.methods;
    const core = new Core(module);
    let [mine, words] = [null, ""];
    try {
      core.start(planOf(one, method));
      core.advance(1e9, time);
      mine = core.statistics;
    } catch (error) {
      words = error.message;
    }
    const { all, error } = native(toScript(one, time));
    if (mine === null || error) {
      // Both must refuse, in the same words.
      if (mine === null && error && error.includes(words.split(":")[0].split("= ")[0])) refused += 1;
      else {
        failures += 1;
        console.error(`${title}, ${method.name}: here ${words || "it runs"}, there ${error || "it runs"}`);
      }
      continue;
    }
    const theirs = all.find((line) => line.command === "stats");
    compared += 1;
    for (const name of statisticNames) {
      if (["clipped", "gamma", "x1", "x2"].includes(name)) continue;
      if (!same(mine[name], theirs[name])) {
        failures += 1;
        console.error(`${title}, ${method.name}: ${name} is ${mine[name]} here, and ${theirs[name]} there`);
        break;
      }
    }
  }
}
console.log(`${compared} runs agree bit for bit, ${refused} are refused by both`.replace(/^/, failures ? "not all of " : ""));
if (failures > 0 || compared < 80) process.exit(1);
