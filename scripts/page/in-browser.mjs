// SPDX-License-Identifier: Apache-2.0

// Drives the page in headless Chromium over the DevTools protocol: loads it from the file, plays each scene,
// drags, takes workers away, changes methods, and compares the counters with what the program says for the
// copied script. With a folder it leaves pictures there.
//
// Usage: node in-browser.mjs PAGE.html STRAGGLER [PICTURES]

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [page, straggler, pictures] = process.argv.slice(2);
const chromium = process.env.CHROMIUM ?? "chromium";
const profile = mkdtempSync(join(tmpdir(), "playground-"));
const browser = spawn(
  chromium,
  ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe", "--disable-dev-shm-usage",
    "--no-first-run", "--disable-background-networking", `--user-data-dir=${profile}`, "about:blank"],
  { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
const [toBrowser, fromBrowser] = [browser.stdio[3], browser.stdio[4]];
const waiting = new Map();
let [number, session, rest] = [0, undefined, ""];
const [problems, requests] = [[], []];
let onLoad = () => {};

fromBrowser.on("data", (data) => {
  rest += data;
  const messages = rest.split("\0");
  rest = messages.pop();
  for (const text of messages) {
    const message = JSON.parse(text);
    if (message.id) {
      const { resolve, reject } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) reject(new Error(message.error.message)); else resolve(message.result);
    } else if (message.method === "Runtime.exceptionThrown") {
      problems.push(message.params.exceptionDetails.exception?.description ?? message.params.exceptionDetails.text);
    } else if (message.method === "Runtime.consoleAPICalled" && message.params.type !== "log") {
      problems.push(JSON.stringify(message.params.args));
    } else if (message.method === "Log.entryAdded") {
      problems.push(message.params.entry.text);
    } else if (message.method === "Network.requestWillBeSent") {
      requests.push(message.params.request.url);
    } else if (message.method === "Page.loadEventFired") {
      onLoad();
    }
  }
});

function send(method, params = {}) {
  number += 1;
  const id = number;
  toBrowser.write(JSON.stringify({ id, method, params, sessionId: session }) + "\0");
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

async function evaluate(expression) {
  const { result, exceptionDetails } = await send(
    "Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
}

const pauseFor = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
async function until(expression, what) {
  for (let round = 0; round < 600; round += 1) {
    if (await evaluate(expression)) return;
    await pauseFor(50);
  }
  throw new Error(`not within 30 s: ${what}`);
}

let [checks, failures] = [0, 0];
function check(condition, what) {
  checks += 1;
  if (condition) return;
  failures += 1;
  console.error(`wrong: ${what}`);
}

async function show(width, height, scheme = "light", scale = 1) {
  await send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: scale, mobile: width < 600 });
  await send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
  await evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
}

async function picture(name) {
  if (!pictures) return;
  await evaluate("document.querySelector('#said').textContent = ''; scrollTo(0, 0)");
  const { data } = await send("Page.captureScreenshot", { format: "png" });
  writeFileSync(join(pictures, name), Buffer.from(data, "base64"));
}

async function press(selector, x, y, toX = x, toY = y) {
  const box = await evaluate(`(() => { const e = document.querySelector(${JSON.stringify(selector)});
    e.scrollIntoView({ block: "center" }); const b = e.getBoundingClientRect();
    return { left: b.left, top: b.top, width: b.width, height: b.height }; })()`);
  const place = (a, b) => ({ x: box.left + a * box.width, y: box.top + b * box.height });
  const mouse = (type, where, buttons) =>
    send("Input.dispatchMouseEvent", { type, ...where, button: "left", buttons, clickCount: 1 });
  await mouse("mousePressed", place(x, y), 1);
  if (toX !== x || toY !== y) await mouse("mouseMoved", place(toX, toY), 1);
  await mouse("mouseReleased", place(toX, toY), 0);
}

/// Compares all counters of the page with the program's for the script that the page copies.
async function compare(what) {
  const [script, mine] = await evaluate(
    "[playground.script(), playground.lanes.map((lane) => lane.statistics)]");
  const lines = execFileSync(straggler, ["--json", "-c", script], { encoding: "utf8" }).split("\n")
    .filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)).filter(({ command }) => command === "stats");
  check(lines.length === mine.length, `${what}: ${lines.length} methods in the program, ${mine.length} in the page`);
  mine.forEach((statistics, index) => {
    for (const [name, value] of Object.entries(statistics)) {
      if (["clipped", "gamma", "x1", "x2"].includes(name)) continue;
      const there = lines[index]?.[name];
      check((value ?? null) === there || (value === 0 && there === 0),
        `${what}: ${name} of method ${index + 1} is ${value}, in the program ${there}`);
    }
  });
}

async function drive() {
  const { targetInfos } = await send("Target.getTargets");
  const { targetId } = targetInfos.find(({ type }) => type === "page");
  ({ sessionId: session } = await send("Target.attachToTarget", { targetId, flatten: true }));
  for (const domain of ["Page", "Runtime", "Network", "Log"]) await send(`${domain}.enable`);
  await show(1440, 900);
  const address = pathToFileURL(resolve(page)).href;
  await send("Page.navigate", { url: address });
  await until("document.body?.dataset.ready === 'true'", "the page is ready");

  const scenes = await evaluate("document.querySelectorAll('#tour a').length");
  check(scenes === 6, `six scenes, not ${scenes}`);
  for (let scene = 1; scene <= scenes; scene += 1) {
    await evaluate(`location.hash = 'scene=${scene}'; 0`);
    await until(`document.querySelector('#tour a:nth-child(${scene})').ariaCurrent === 'true'`, `scene ${scene} begins`);
    await until("playground.time > 0.3", `scene ${scene} plays`);
    await evaluate("playground.setPlaying(false); playground.advance(40); 0");
    const drawn = await evaluate("playground.lanes.map((lane) => lane.bars.length)");
    check(drawn.every((count) => count > 2), `scene ${scene} has jobs: ${drawn}`);
    check(await evaluate("[...document.querySelectorAll('.sentence')].every((p) => p.textContent.length > 20)"),
      `scene ${scene} says what happens`);
    await compare(`scene ${scene}`);
  }
  check(await evaluate("playground.lanes[1].pause === 'starved' || playground.lanes[2].pause === 'starved'"),
    "in the last scene a method starves");

  await evaluate("location.hash = 'scene=4'; 0");
  await until("playground.state.speeds === 'squares'", "scene 4");
  await evaluate("playground.setPlaying(false); 0");
  // A step is one event or more of the same time.
  await evaluate("document.querySelector('#again').click(); 0");
  const times = [];
  for (let count = 0; count < 5; count += 1) {
    await evaluate("document.querySelector('#step').click(); 0");
    times.push(await evaluate("playground.time"));
  }
  check(times.every((time, index) => time > (times[index - 1] ?? 0)), `steps go on: ${times}`);
  // Dragging a bar, and then taking a worker away in the middle of a run.
  await press("#bars", 0.425, 0.5, 0.425, 0.2);
  check(await evaluate("playground.state.speeds === 'by hand' && playground.state.tau[8] > 90"), "a bar is dragged");
  await evaluate("playground.advance(33.5); 0");
  await press(".lane:nth-child(1) canvas", 0.5, 0.02);
  check(await evaluate("playground.state.killed[0] === 33.5 && playground.time === 33.5"), "a worker is taken away");
  await evaluate("playground.advance(71.25); 0");
  await compare("after dragging and taking away");
  await press(".lane:nth-child(1) canvas", 0.5, 0.02);
  check(await evaluate("Object.keys(playground.state.killed).length === 0"), "it is brought back");
  // The start in the landscape, methods, laws, problems.
  await press("#map", 0.3, 0.4, 0.75, 0.25);
  check(await evaluate("Number(playground.state.problem.keys.x1) > 1"), "the start is dragged");
  const change = (selector, value) => evaluate(`(() => { const e = document.querySelector(${JSON.stringify(selector)});
    e.value = ${JSON.stringify(value)}; e.dispatchEvent(new Event("change", { bubbles: true })); })()`);
  await change(".method select", "mindflayer");
  check(await evaluate("playground.lanes[0].error.length > 0 || playground.state.methods[0].name === 'mindflayer'"),
    "a method is changed");
  await change(".method:nth-child(1) [data-key=trials]", "4");
  await change(".method:nth-child(1) [data-key=clip]", "2");
  await change("#law", "pareto");
  await evaluate("document.querySelector('#add').click(); playground.advance(25); 0");
  check(await evaluate("playground.lanes.length === 3"), "a method is added");
  await compare("changed methods and law");
  await change("#problem", "quadratic");
  await change("#n", "100");
  await change("#seed", "7");
  await evaluate("playground.advance(12); 0");
  await compare("a quadratic with 100 workers");
  await change(".method:nth-child(1) [data-key=gamma]", "-1");
  check(await evaluate("document.querySelector('.sentence.wrong')?.textContent.includes('positive')"),
    "what is wrong is said");
  // The link brings the same state back.
  await evaluate("location.hash = 'scene=5'; 0");
  await until("playground.state.law === 'lognormal(0,3)'", "scene 5");
  await evaluate("playground.setPlaying(false); 0");
  await pauseFor(400);
  const [hash, before] = await evaluate("[location.hash, JSON.stringify(playground.state)]");
  check(hash.includes("lognormal"), `the state is in the link: ${hash}`);
  await send("Page.reload");
  await pauseFor(300);
  await until("document.body?.dataset.ready === 'true'", "the page is ready again");
  check((await evaluate("JSON.stringify(playground.state)")) === before, "a link gives the same state");
  // With 100 workers and four methods the clock keeps up while frames are drawn.
  await evaluate("location.hash = 'scene=2'; 0");
  await until("playground.state.n === 30", "scene 2");
  await change("#n", "100");
  await evaluate("document.querySelector('#add').click(); document.querySelector('#add').click(); 0");
  check(await evaluate("playground.lanes.length === 4 && playground.state.n === 100"), "four methods, 100 workers");
  await evaluate("playground.setPlaying(true); 0");
  await until("playground.time > 2", "100 workers play");
  await evaluate("playground.setPlaying(false); 0");
  await compare("100 workers and four methods");
  // Nothing is wider than the page.
  for (const [width, height] of [[360, 740], [768, 1024], [1440, 900], [3840, 2160]]) {
    await show(width, height);
    const wide = await evaluate("document.documentElement.scrollWidth - innerWidth");
    check(wide <= 0, `nothing sticks out at ${width}: ${wide}`);
  }
  check(await evaluate("[...document.querySelectorAll('input,select,button,canvas')].every((e) => e.ariaLabel || e.getAttribute('aria-label') || e.closest('label') || e.textContent)"),
    "everything has a name for screen readers");

  if (pictures) {
    const views = [["desktop", 1440, 1000, 1], ["phone", 390, 844, 2]];
    for (const [name, width, height, scale] of views) {
      for (const scheme of ["light", "dark"]) {
        await show(width, height, scheme, scale);
        const scene = name === "phone" ? 5 : 3;
        await evaluate(`location.hash = 'scene=${scene}'; 0`);
        await until(`document.querySelector('#tour a:nth-child(${scene})').ariaCurrent === 'true'`, "the scene");
        await until("playground.time > 0.1", "the scene plays");
        await evaluate("playground.setPlaying(false); playground.advance(60); 0");
        await show(width, height, scheme, scale);
        await picture(`${name}-${scheme}.png`);
        await evaluate("location.hash = 'scene=1'; 0");
        await pauseFor(100);
      }
    }
  }
  check(problems.length === 0, `the console is empty: ${problems.join("; ")}`);
  const outside = requests.filter((url) => !url.startsWith("file:") && !url.startsWith("data:") && !url.startsWith("blob:"));
  check(outside.length === 0, `no request: ${outside}`);
  check(new Set(requests.filter((url) => url.startsWith("file:")).map((url) => url.split("#")[0])).size === 1, "one file");
}

try {
  await drive();
} catch (error) {
  failures += 1;
  console.error(error.message, problems.join("; "));
} finally {
  browser.kill();
  await new Promise((done) => browser.once("exit", done));
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
console.log(`${checks} checks in the browser, ${failures} failed`);
process.exit(failures > 0 || checks < 100 ? 1 : 0);
