// SPDX-License-Identifier: Apache-2.0

// Drawing on canvases. Colours are those of the program's figures, which all kinds of colour vision tell apart.

const light = ["#0072B2", "#D55E00", "#009E73", "#CC79A7"];
const dark = ["#4BA6E0", "#F5813A", "#1FC495", "#E39BC4"];
const dashes = [[], [7, 3], [2, 2.5], [9, 3, 2, 3]];

export function theme() {
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  return {
    isDark, series: isDark ? dark : light, dashes,
    page: isDark ? "#15181C" : "#FFFFFF", ink: isDark ? "#E8E8E8" : "#222222",
    soft: isDark ? "#A9AEB4" : "#5A5A5A", grid: isDark ? "#2E3339" : "#E4E4E4",
    // Used, discarded, clipped, cancelled.
    outcomes: isDark ? ["#4BA6E0", "#F5813A", "#F0B429", "#E39BC4"] : ["#0072B2", "#D55E00", "#E69F00", "#CC79A7"],
  };
}

/// A canvas at the pixels of the screen, cleared; null where it is not shown.
export function prepared(canvas) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (width === 0 || height === 0) return null;
  const ratio = Math.min(devicePixelRatio || 1, 3);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.font = "12px Helvetica, Arial, 'DejaVu Sans', sans-serif";
  pen.textBaseline = "middle";
  return { pen, width, height };
}

export const short = (number) => {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "–" : number > 0 ? "∞" : "−∞";
  const size = Math.abs(number);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return number.toExponential(1).replace("-", "−");
  return String(Number(number.toPrecision(3)));
};

/// The workers' jobs in the last `window` seconds. What is used is a whole bar, what is not a lower one.
export function gantt(canvas, lane, time, window, killed) {
  const at = prepared(canvas);
  if (!at) return;
  const { pen, width, height } = at;
  const colors = theme();
  const [left, bottom] = [34, 18];
  const row = (height - bottom) / lane.workers;
  const start = Math.max(0, time - window);
  const x = (t) => left + ((t - start) / window) * (width - left - 4);
  pen.fillStyle = colors.soft;
  pen.textAlign = "right";
  const every = Math.max(1, Math.ceil(13 / row));
  for (let worker = 0; worker < lane.workers; worker += every) {
    pen.fillText(worker + 1, left - 6, (worker + 0.5) * row);
  }
  const heights = [0.84, 0.46, 0.46, 0.2];
  const y = (worker, share) => (worker + 0.5 - share / 2) * row;
  pen.save();
  pen.beginPath();
  pen.rect(left, 0, width - left, height - bottom);
  pen.clip();
  // The bars that are shown are the last ones, in the order of their ends.
  for (let outcome = 0; outcome < 4; outcome += 1) {
    pen.fillStyle = colors.outcomes[outcome];
    const share = heights[outcome];
    for (let index = lane.bars.length - 1; index >= 0; index -= 1) {
      const bar = lane.bars[index];
      if (bar.end < start) break;
      if (bar.outcome !== outcome) continue;
      const [a, b] = [x(bar.start), x(bar.end)];
      pen.fillRect(a, y(bar.worker, share), Math.max(0.75, b - a - (b - a > 3 ? 1 : 0)), Math.max(1, share * row));
      // A notch: the time was over.
      if (outcome === 2) pen.fillRect(b - 2, y(bar.worker, 0.84), 1.5, 0.84 * row);
    }
  }
  pen.strokeStyle = colors.soft;
  pen.lineWidth = 1;
  pen.beginPath();
  lane.running.forEach((job, worker) => {
    if (!job || lane.pause === "diverged") return;
    const end = killed[worker] !== undefined ? Math.min(time, killed[worker]) : time;
    if (end > job.start) pen.rect(x(job.start), y(worker, 0.6), x(end) - x(job.start), 0.6 * row);
  });
  pen.stroke();
  for (const [worker, at] of Object.entries(killed)) {
    const place = (Number(worker) + 0.5) * row;
    pen.strokeStyle = colors.ink;
    pen.beginPath();
    const cross = Math.max(3, Math.min(5, row / 2));
    const where = Math.max(left + 6, x(at));
    if (time >= at) {
      pen.moveTo(where - cross, place - cross);
      pen.lineTo(where + cross, place + cross);
      pen.moveTo(where - cross, place + cross);
      pen.lineTo(where + cross, place - cross);
    }
    pen.stroke();
  }
  pen.restore();
  pen.fillStyle = colors.soft;
  pen.textAlign = "left";
  pen.fillText(short(start), left, height - 8);
  pen.textAlign = "right";
  pen.fillText(`${short(start + window)} s`, width - 4, height - 8);
}

/// Powers of ten, with 10ᵏ for their text.
function decades(low, high) {
  const places = [];
  const [from, to] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
  const step = Math.max(1, Math.ceil((to - from) / 6));
  for (let power = from; power <= to; power += step) places.push(power);
  return places;
}

const raised = (power) =>
  "10" + String(power).replace("-", "⁻").replace(/[0-9]/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]);

/// f(x) − f* over time, both axes logarithmic.
export function gapChart(canvas, lanes, time) {
  const at = prepared(canvas);
  if (!at) return;
  const { pen, width, height } = at;
  const colors = theme();
  const [left, right, top, bottom] = [46, 10, 10, 34];
  let [low, high, first] = [Infinity, 0, Infinity];
  for (const { points } of lanes) {
    for (const { gap, time } of points) {
      if (gap > 0 && gap < Infinity) [low, high] = [Math.min(low, gap), Math.max(high, gap)];
      if (time > 0) first = Math.min(first, time);
    }
  }
  if (!(high > 0)) [low, high] = [0.1, 1];
  if (low > high / 10) low = high / 10;
  if (low < high * 1e-12) low = high * 1e-12;
  if (!(first < Infinity)) first = Math.max(0.1, time / 10);
  const end = Math.max(time, first * 10);
  const x = (t) => left + (Math.log(Math.max(t, first) / first) / Math.log(end / first)) * (width - left - right);
  const y = (g) => top + (Math.log(high / Math.max(g, low)) / Math.log(high / low)) * (height - top - bottom);
  pen.lineWidth = 1;
  pen.strokeStyle = colors.grid;
  pen.fillStyle = colors.soft;
  pen.textAlign = "right";
  for (const power of decades(low, high)) {
    const place = y(10 ** power);
    pen.beginPath();
    pen.moveTo(left, place);
    pen.lineTo(width - right, place);
    pen.stroke();
    pen.fillText(raised(power), left - 6, place);
  }
  pen.textAlign = "center";
  // Over a few decades 2 and 5 have room, too.
  const isShort = end / first < 1e3;
  for (const power of decades(isShort ? first / 10 : first, end)) {
    for (const digit of isShort ? [1, 2, 5] : [1]) {
      const place = x(digit * 10 ** power);
      if (digit * 10 ** power < first || digit * 10 ** power > end) continue;
      pen.beginPath();
      pen.moveTo(place, top);
      pen.lineTo(place, height - bottom);
      pen.stroke();
      pen.fillText(isShort ? short(digit * 10 ** power) : raised(power), place, height - bottom + 11);
    }
  }
  pen.fillText("simulated seconds", (left + width - right) / 2, height - 7);
  pen.strokeStyle = colors.soft;
  pen.strokeRect(left, top, width - left - right, height - top - bottom);
  pen.lineWidth = 1.8;
  lanes.forEach((lane, index) => {
    pen.strokeStyle = colors.series[index];
    pen.setLineDash(colors.dashes[index]);
    pen.beginPath();
    let lastX = -1;
    lane.points.forEach(({ time, gap }, place) => {
      if (!(gap < Infinity)) return;
      const px = x(time);
      if (place > 0 && place < lane.points.length - 1 && px - lastX < 0.4) return;
      lastX = px;
      if (place === 0) pen.moveTo(px, y(gap)); else pen.lineTo(px, y(gap));
    });
    const last = lane.points.at(-1);
    if (last && !lane.isOver && last.gap < Infinity) pen.lineTo(x(time), y(last.gap));
    pen.stroke();
  });
  pen.setLineDash([]);
}

export const windows = {
  bowl: [-2.8, 2.8, -2.1, 2.1], rosenbrock: [-2.1, 2.1, -0.9, 2.3], valleys: [-2.3, 1.9, -1.6, 1.6],
};
const shapes = ["bowl", "rosenbrock", "valleys"];

let painted = null;

/// The contours of a landscape, once for a size and a shape.
function contours(core, shape, width, height, colors) {
  const key = `${shape} ${width} ${height} ${colors.isDark}`;
  if (painted?.key === key) return painted.image;
  const [x0, x1, y0, y1] = windows[shape];
  const image = document.createElement("canvas");
  const [w, h] = [Math.max(1, Math.round(width)), Math.max(1, Math.round(height))];
  [image.width, image.height] = [w, h];
  const pen = image.getContext("2d");
  const pixels = pen.createImageData(w, h);
  const level = new Float64Array((w + 1) * (h + 1));
  for (let j = 0; j <= h; j += 1) {
    for (let i = 0; i <= w; i += 1) {
      const value = core.height(shapes.indexOf(shape), x0 + ((x1 - x0) * i) / w, y1 - ((y1 - y0) * j) / h);
      level[j * (w + 1) + i] = Math.floor(2 * Math.log2(value + 0.004));
    }
  }
  for (let j = 0; j < h; j += 1) {
    for (let i = 0; i < w; i += 1) {
      const here = level[j * (w + 1) + i];
      const isLine = here !== level[j * (w + 1) + i + 1] || here !== level[(j + 1) * (w + 1) + i];
      const shade = Math.min(1, Math.max(0, (here + 16) / 26));
      const place = 4 * (j * w + i);
      const tone = colors.isDark ? 24 + 44 * shade + (isLine ? 34 : 0) : 252 - 52 * shade - (isLine ? 44 : 0);
      pixels.data[place] = tone - (colors.isDark ? 2 : 6);
      pixels.data[place + 1] = tone;
      pixels.data[place + 2] = tone + (colors.isDark ? 4 : 2);
      pixels.data[place + 3] = 255;
    }
  }
  pen.putImageData(pixels, 0, 0);
  painted = { key, image };
  return image;
}

/// The paths of the models in the landscape.
export function landscape(canvas, core, shape, lanes) {
  const at = prepared(canvas);
  if (!at) return;
  const { pen, width, height } = at;
  const colors = theme();
  pen.drawImage(contours(core, shape, width, height, colors), 0, 0, width, height);
  const [x0, x1, y0, y1] = windows[shape];
  const x = (u) => ((Math.min(1e4, Math.max(-1e4, u)) - x0) / (x1 - x0)) * width;
  const y = (v) => ((y1 - Math.min(1e4, Math.max(-1e4, v))) / (y1 - y0)) * height;
  lanes.forEach((lane, index) => {
    pen.strokeStyle = pen.fillStyle = colors.series[index];
    pen.lineWidth = 1.4;
    pen.lineJoin = "round";
    pen.beginPath();
    let [px, py] = [NaN, NaN];
    lane.points.forEach((point, place) => {
      const [a, b] = [x(point.x1), y(point.x2)];
      if (place > 0 && place < lane.points.length - 1 && Math.abs(a - px) + Math.abs(b - py) < 0.7) return;
      [px, py] = [a, b];
      if (place === 0) pen.moveTo(a, b); else pen.lineTo(a, b);
    });
    pen.stroke();
    const last = lane.points.at(-1);
    if (!last) return;
    pen.beginPath();
    pen.arc(x(last.x1), y(last.x2), 5, 0, 2 * Math.PI);
    pen.fill();
    pen.strokeStyle = colors.page;
    pen.stroke();
  });
  const start = lanes[0]?.points[0];
  if (!start) return;
  pen.strokeStyle = colors.ink;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.arc(x(start.x1), y(start.x2), 7, 0, 2 * Math.PI);
  pen.stroke();
}

/// τ of the workers as bars on a logarithmic scale, from 0.1 to 1,000 seconds.
export const tauAt = (share) => 10 ** (-1 + 4 * Math.min(1, Math.max(0, share)));
export const shareOf = (tau) => (Math.log10(tau) + 1) / 4;

export function speedBars(canvas, taus, killed, chosen) {
  const at = prepared(canvas);
  if (!at) return;
  const { pen, width, height } = at;
  const colors = theme();
  const room = width / taus.length;
  taus.forEach((tau, worker) => {
    const share = Math.min(1, Math.max(0.02, shareOf(tau)));
    pen.fillStyle = killed[worker] !== undefined ? colors.grid : colors.series[0];
    pen.fillRect(worker * room + room * 0.1, height * (1 - share), room * 0.8, height * share);
    if (worker === chosen) {
      pen.strokeStyle = colors.ink;
      pen.strokeRect(worker * room + 0.5, 0.5, Math.max(1, room - 1), height - 1);
    }
  });
}

/// How the random part of a job's duration is spread: the share in each piece of the axis.
export function density(canvas, core, law) {
  const at = prepared(canvas);
  if (!at) return;
  const { pen, width, height } = at;
  const colors = theme();
  const high = core.quantile(law, 0.9);
  const end = high > 0 && high < Infinity ? high : 1;
  const count = Math.max(20, Math.floor(width / 4));
  const edges = Array.from({ length: count + 1 }, (_, index) => (end * index) / count);
  const cdf = core.cdf(law, edges);
  if (!cdf) return;
  const shares = edges.slice(1).map((_, index) => cdf[index + 1] - (index === 0 ? 0 : cdf[index]));
  const most = Math.max(...shares);
  pen.fillStyle = colors.series[2];
  shares.forEach((share, index) => {
    const tall = most > 0 ? (share / most) * (height - 22) : 0;
    pen.fillRect((index * width) / count, height - 16 - tall, width / count + 0.5, tall);
  });
  pen.fillStyle = colors.soft;
  pen.fillText("0", 1, height - 7);
  pen.textAlign = "right";
  const beyond = 1 - cdf[count];
  pen.fillText(
    `${short(end)} s${beyond > 0.001 ? `; ${Math.round(100 * beyond)} % take longer` : ""}`, width - 1, height - 7);
}
