// SPDX-License-Identifier: Apache-2.0

// Puts the page together: the script's modules one after another, the style, and the WebAssembly in base 64.
//
// Usage: node build.mjs FOLDER MODULE.wasm OUT.html

import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { join } from "node:path";

const [folder, module, out] = process.argv.slice(2);
const read = (name) => readFileSync(join(folder, name), "utf8");

/// The modules that `name` imports come before it; each is there once.
function collect(name, seen = new Set()) {
  if (seen.has(name)) return "";
  seen.add(name);
  let text = "";
  const body = read(name).replace(
    /^import\s[^;]*?from\s+"\.\/([^"]+)";\n/gm, (_, imported) => { text += collect(imported, seen); return ""; });
  return text + body.replace(/^export /gm, "");
}

const script = collect("main.js");
// Compressed, since what a browser keeps is this file.
const wasm = gzipSync(readFileSync(module), { level: 9 });
// Neither the time nor the system is in what gzip writes.
wasm.fill(0, 4, 8);
wasm[9] = 255;
const page = read("index.html")
  .replace("/* style */", () => read("style.css"))
  .replace("/* script */", () => script)
  .replace("<!-- module -->", () => wasm.toString("base64"));
writeFileSync(out, page);
