// SPDX-License-Identifier: Apache-2.0

// Turns the Markdown of the README and Docs into pages, copies what they show, and fails on a link that leads
// nowhere.
//
// Usage: node site.mjs OUT

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

const out = process.argv[2];
const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/// The name of a heading in links, as code hosts make it.
const anchor = (text) =>
  text.toLowerCase().replace(/<[^>]*>/g, "").replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/\s/g, "-");

function inline(text) {
  const codes = [];
  const kept = text.replace(/(`+)(.+?)\1/g, (_, __, code) => `\u0000${codes.push(escape(code)) - 1}\u0000`);
  return escape(kept)
    .replace(/!\[([^\]]*)\]\(([^)\s]+)\)/g, '<img src="$2" alt="$1">')
    .replace(/\[([^\]]*)\]\(([^)\s]+)\)/g, (_, label, link) => `<a href="${pageOf(link)}">${label}</a>`)
    .replace(/\*\*(.+?)\*\*/g, "<strong>$1</strong>").replace(/(^|\W)\*([^*\s][^*]*)\*/g, "$1<em>$2</em>")
    .replace(/\u0000(\d+)\u0000/g, (_, index) => `<code>${codes[index]}</code>`);
}

const pageOf = (link) => (/^[a-z]+:/.test(link) ? link : link.replace(/\.md(#|$)/, ".html$1").replace(/^(.*\/)?README\.html/, "$1index.html"));

function html(markdown) {
  const lines = markdown.split("\n");
  let [text, index] = ["", 0];
  const until = (test) => {
    const taken = [];
    while (index < lines.length && !test(lines[index])) taken.push(lines[index++]);
    return taken;
  };
  while (index < lines.length) {
    const line = lines[index];
    const heading = /^(#{1,6}) (.*)/.exec(line);
    if (line.startsWith("```")) {
      index += 1;
      text += `<pre><code>${escape(until((next) => next.startsWith("```")).join("\n"))}</code></pre>\n`;
      index += 1;
    } else if (heading) {
      text += `<h${heading[1].length} id="${anchor(heading[2])}">${inline(heading[2])}</h${heading[1].length}>\n`;
      index += 1;
    } else if (line.startsWith("|")) {
      const rows = until((next) => !next.startsWith("|")).filter((row) => !/^\|[\s|:-]+\|$/.test(row) || /[^\s|:-]/.test(row));
      text += "<table>" + rows.map((row) => "<tr>" + row.slice(1, row.lastIndexOf("|")).split(/(?<!\\)\|/).map((cell) =>
        `<td>${inline(cell.trim().replace(/\\\|/g, "|"))}</td>`).join("") + "</tr>").join("\n") + "</table>\n";
    } else if (/^\s*([*-]|\d+\.) /.test(line)) {
      const items = [];
      for (const next of until((next) => next.trim() === "" || /^(#|```|\|)/.test(next))) {
        if (/^\s*([*-]|\d+\.) /.test(next)) items.push(next.replace(/^\s*([*-]|\d+\.) /, ""));
        else items[items.length - 1] += " " + next.trim();
      }
      text += `<ul>${items.map((item) => `<li>${inline(item)}</li>`).join("\n")}</ul>\n`;
    } else if (line.trim() === "") {
      index += 1;
    } else {
      const first = lines[index++];
      const rest = until((next) => next.trim() === "" || /^(#|```|\||\s*[*-] )/.test(next));
      text += `<p>${inline([first, ...rest].join("\n"))}</p>\n`;
    }
  }
  return text;
}

const style = `body{font:16px/1.5 Helvetica,Arial,sans-serif;max-width:54rem;margin:0 auto;padding:1rem;color:#222;background:#fff}
pre{background:#f3f4f5;padding:.6rem;overflow-x:auto}table{border-collapse:collapse;display:block;overflow-x:auto}
td{border:1px solid #ddd;padding:.2rem .5rem;vertical-align:top}img{max-width:100%}a{color:#005a8f}
@media(prefers-color-scheme:dark){body{background:#15181c;color:#e8e8e8}pre{background:#22262b}td{border-color:#444}a{color:#6fbdf0}}`;

function page(source, target) {
  const markdown = readFileSync(source, "utf8");
  const title = /^# (.*)/m.exec(markdown)?.[1] ?? source;
  const home = posix.relative(posix.dirname(target), "index.html");
  mkdirSync(join(out, dirname(target)), { recursive: true });
  writeFileSync(join(out, target),
    `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title>` +
    `<style>${style}</style><nav><a href="${home}">Straggler</a> · <a href="${home.replace("index.html", "")}Docs/playground/index.html">Playground</a></nav>\n${html(markdown)}`);
}

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    return entry.name.startsWith(".") ? [] : entry.isDirectory() ? walk(path) : [path];
  });
}

page("README.md", "index.html");
for (const file of ["CHANGELOG.md", ...walk("Docs")]) {
  if (file.endsWith(".md")) page(file, file.replace(/(^|\/)README\.md$/, "$1index.md").replace(/\.md$/, ".html"));
  else {
    mkdirSync(join(out, dirname(file)), { recursive: true });
    cpSync(file, join(out, file));
  }
}
// The playground links the guide's pages.
const playground = join(out, "Docs/playground/index.html");
writeFileSync(playground, readFileSync(playground, "utf8").replace(/href="(\.\.\/\w+)\.md"/g, 'href="$1.html"'));
// What pages refer to in the package is there, too.
for (const file of ["LICENSE", ...walk("scripts")]) {
  mkdirSync(join(out, dirname(file)), { recursive: true });
  cpSync(file, join(out, file));
}

let [links, broken] = [0, 0];
for (const file of walk(out).filter((name) => name.endsWith(".html"))) {
  const body = readFileSync(file, "utf8").split("<script")[0];
  for (const [, link] of body.matchAll(/(?:href|src)="([^"]*)"/g)) {
    if (/^[a-z]+:/.test(link)) continue;
    const [path, part] = link.split("#");
    const target = path === "" ? file : join(dirname(file), decodeURIComponent(path));
    links += 1;
    let isThere = existsSync(target);
    // Folders and sources are shown where the package is, not on these pages.
    if (!isThere && !target.endsWith(".html") && existsSync(target.slice(out.length + 1))) {
      isThere = true;
    } else if (isThere && part && !target.endsWith("playground/index.html") && target.endsWith(".html") && statSync(target).isFile()) {
      isThere = readFileSync(target, "utf8").includes(`id="${part}"`);
    }
    if (!isThere) {
      broken += 1;
      console.error(`${file}: ${link} leads nowhere`);
    }
  }
}
console.log(`${links} links between the pages, ${broken} of them broken`);
process.exit(broken > 0 ? 1 : 0);
