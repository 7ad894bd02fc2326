// Strip charts over one time axis: what happened together stands above each other.
import { createElement as h, useEffect, useMemo, useRef } from "react";
import { feedOf, numberIn, usePainter } from "./feed";
import { judge } from "./judging";

const AXIS = 26;
const LANE = 116;
const COLOURS = ["--color-primary", "--cb-warn-ink", "--cb-lane3", "--cb-err-ink", "--cb-ok-ink", "--cb-info-ink"];
const STEPS_MS = [1000, 2000, 5000, 10000, 15000, 30000, 60000, 120000, 300000, 600000, 1800000];

/** Highest and lowest of each column of pixels: a spike of one reading stays to be seen. */
function columns(series, from, until, width) {
  const found = [];
  const first = Math.max(0, series.from(from) - 1);
  for (let index = first; index < series.times.length; index++) {
    const time = series.times[index];
    if (time > until) break;
    const column = Math.round(((time - from) / (until - from)) * width);
    const value = series.values[index];
    const last = found.at(-1);
    if (last?.column === column) {
      last.low = Math.min(last.low, value);
      last.high = Math.max(last.high, value);
      last.end = value;
    } else found.push({ column, low: value, high: value, start: value, end: value, time });
  }
  return found;
}

function limits(signal, parts) {
  let low = Infinity;
  let high = -Infinity;
  for (const part of parts)
    for (const one of part) {
      low = Math.min(low, one.low);
      high = Math.max(high, one.high);
    }
  if (low === Infinity) return [signal.scale_low, signal.scale_high];
  // A quiet value must not look wild: at least a tenth of what the gauge shows
  const least = (signal.scale_high - signal.scale_low) / 10;
  const lacking = Math.max(0, least - (high - low)) / 2;
  return [low - lacking, high + lacking];
}

function line(pen, found, y) {
  pen.beginPath();
  for (const one of found) {
    pen.lineTo(one.column, y(one.start));
    if (one.high !== one.low) {
      pen.lineTo(one.column, y(one.low));
      pen.lineTo(one.column, y(one.high));
      pen.lineTo(one.column, y(one.end));
    }
  }
  pen.stroke();
}

/** Times during which a shown value was beyond its alarm limit, as [from, until]. */
function troubles(feed, lanes, from, until) {
  const found = [];
  for (const signal of lanes) {
    const series = feed.of(signal.pid);
    for (let index = series.from(from); index < series.times.length && series.times[index] <= until; index++) {
      if (judge(signal, series.values[index], feed.holding) !== "alarm") continue;
      const time = series.times[index];
      const last = found.at(-1);
      if (last && time - last[1] < 1000 && time >= last[0]) last[1] = time;
      else found.push([time, time]);
    }
  }
  return found;
}

/**
 * `lanes`: signals as in gauge.js; `seconds`: 0 shows everything; `marks`: [{at_ms, label}];
 * `compared`: {pid: [[ms since its start, value]]} of an earlier session; `startedMs`: start of this one.
 */
export function LiveStrip({ address, lanes, seconds, marks, compared, startedMs, words }) {
  const canvas = useRef(null);
  const figures = useRef({});
  const formats = useMemo(() => Object.fromEntries(lanes.map((signal) => [signal.pid, numberIn(signal)])), [lanes]);
  const height = lanes.length * LANE + AXIS;

  const paint = (feed) => {
    const element = canvas.current;
    const now = feed.now;
    if (!element || now === null) return;
    const ratio = window.devicePixelRatio || 1;
    const width = element.clientWidth;
    if (element.width !== Math.round(width * ratio) || element.height !== Math.round(height * ratio)) {
      element.width = Math.round(width * ratio);
      element.height = Math.round(height * ratio);
    }
    const style = getComputedStyle(element);
    const colour = (name) => style.getPropertyValue(name) || style.color;
    const pen = element.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = `12px ${style.fontFamily}`;

    const begun = Math.min(...lanes.map((signal) => feed.of(signal.pid).times[0] ?? now));
    const span = seconds ? seconds * 1000 : Math.max(10000, now - begun);
    const from = now - span;
    const x = (time) => ((time - from) / span) * width;
    const bottom = lanes.length * LANE;

    pen.fillStyle = colour("--cb-err-soft");
    for (const [start, end] of troubles(feed, lanes, from, now)) pen.fillRect(x(start) - 2, 0, Math.max(4, x(end) - x(start) + 4), bottom);

    const step = STEPS_MS.find((one) => (span / one) * 64 <= width) ?? STEPS_MS.at(-1);
    pen.strokeStyle = colour("--color-base-300");
    pen.fillStyle = colour("--cb-muted");
    pen.lineWidth = 1;
    pen.textBaseline = "bottom";
    for (let back = 0; back <= span; back += step) {
      const place = Math.round(x(now - back)) - 0.5;
      pen.beginPath();
      pen.moveTo(place, 0);
      pen.lineTo(place, bottom);
      pen.stroke();
      const text = back ? `−${step < 60000 ? `${back / 1000} s` : `${back / 60000} min`}` : words.now;
      const wide = pen.measureText(text).width;
      pen.fillText(text, Math.max(0, Math.min(width - wide, place - wide / 2)), height - 4);
    }

    lanes.forEach((signal, index) => {
      const top = index * LANE;
      if (index) {
        pen.strokeStyle = colour("--color-base-300");
        pen.beginPath();
        pen.moveTo(0, top + 0.5);
        pen.lineTo(width, top + 0.5);
        pen.stroke();
      }
      const series = feed.of(signal.pid);
      const found = columns(series, from, now, width);
      const before = compared?.[signal.pid];
      const earlier = before ? columns(asSeries(before, startedMs), from, now, width) : [];
      const [low, high] = limits(signal, [found, earlier]);
      const y = (value) => top + LANE - 14 - ((value - low) / (high - low || 1)) * (LANE - 28);
      pen.lineJoin = "round";
      if (earlier.length) {
        pen.strokeStyle = colour("--cb-faint");
        pen.setLineDash([3, 3]);
        line(pen, earlier, y);
        pen.setLineDash([]);
      }
      pen.strokeStyle = pen.fillStyle = colour(COLOURS[index % COLOURS.length]);
      pen.lineWidth = 1.75;
      line(pen, found, y);
      pen.lineWidth = 1;
      const last = found.at(-1);
      if (last) {
        pen.beginPath();
        pen.arc(Math.min(width - 4, last.column), y(last.end), 3.5, 0, 7);
        pen.fill();
      }
      const value = figures.current[signal.pid];
      const text = formats[signal.pid](last?.end);
      if (value && value.textContent !== text) value.textContent = text;
    });

    pen.strokeStyle = colour("--color-base-content");
    for (const mark of marks) {
      if (mark.at_ms < from || mark.at_ms > now) continue;
      const place = Math.round(x(mark.at_ms)) - 0.5;
      pen.setLineDash([4, 3]);
      pen.beginPath();
      pen.moveTo(place, 0);
      pen.lineTo(place, bottom);
      pen.stroke();
      pen.setLineDash([]);
      const wide = pen.measureText(mark.label).width + 12;
      const left = Math.max(0, Math.min(width - wide, place - wide / 2));
      pen.fillStyle = colour("--color-neutral");
      pen.beginPath();
      pen.roundRect(left, 0, wide, 20, 4);
      pen.fill();
      pen.fillStyle = colour("--color-neutral-content");
      pen.fillText(mark.label, left + 6, 16);
    }
  };
  usePainter(address, paint, lanes, seconds, marks, compared, startedMs);
  useEffect(() => {
    const again = new ResizeObserver(() => feedOf(address)?.paintSoon());
    again.observe(canvas.current);
    return () => again.disconnect();
  }, [address]);

  return h(
    "div",
    { className: "cb-strip" },
    h(
      "ul",
      { className: "cb-strip-names" },
      lanes.map((signal) =>
        h("li", { key: signal.pid, style: { height: LANE } }, h("span", { className: "cb-strip-name" }, signal.label), h("span", { className: "cb-muted" }, signal.unit)),
      ),
    ),
    h("canvas", { ref: canvas, className: "cb-strip-canvas", style: { height }, role: "img", "aria-label": words.chart }),
    h(
      "ul",
      { className: "cb-strip-figures", "aria-hidden": true },
      lanes.map((signal) => h("li", { key: signal.pid, style: { height: LANE } }, h("span", { className: "cb-num", ref: (element) => (figures.current[signal.pid] = element) }, "–"))),
    ),
  );
}

const shifted = new WeakMap();

/** An earlier session laid over this one, both from their start. */
function asSeries(rows, startedMs) {
  if (!shifted.has(rows)) {
    const times = rows.map(([after]) => startedMs + after);
    const from = (time) => {
      const found = times.findIndex((one) => one >= time);
      return found < 0 ? times.length : found;
    };
    shifted.set(rows, { times, values: rows.map(([, value]) => value), from });
  }
  return shifted.get(rows);
}
