// One value of the car: a gauge where there is room, on phones a tile with its last minute.
import { createElement as h, useEffect, useMemo, useRef } from "react";
import { feedOf, numberIn, usePainter } from "./feed";
import { bandOf, judge } from "./judging";

const SWEEP = 240;
const START = 150;
const RADIUS = 78;
const OUTER = 90;
const CENTRE = { x: 100, y: 98 };
const MINUTE_MS = 60000;
const SPOKEN_EVERY_MS = 2000;
const TICKS = 9;

const point = (radius, share) => {
  const angle = ((START + SWEEP * share) * Math.PI) / 180;
  return [CENTRE.x + radius * Math.cos(angle), CENTRE.y + radius * Math.sin(angle)];
};

function arc(radius, from, to) {
  if (to <= from) return "";
  const [x1, y1] = point(radius, from);
  const [x2, y2] = point(radius, to);
  return `M ${x1} ${y1} A ${radius} ${radius} 0 ${(to - from) * SWEEP > 180 ? 1 : 0} 1 ${x2} ${y2}`;
}

/** Where a value lies on the scale, 0 to 1. */
function shareOf(signal, value) {
  const { scale_low: low, scale_high: high } = signal;
  return Math.max(0, Math.min(1, (value - low) / (high - low)));
}

/** The last minute as a line with a soft ground, in the colour the element has. */
function drawMinute(canvas, series, now) {
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  const first = series.from(now - MINUTE_MS);
  const values = series.values.slice(first);
  if (values.length < 2) return;
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const x = (index) => 2 + ((series.times[first + index] - (now - MINUTE_MS)) / MINUTE_MS) * (width - 8);
  const y = (value) => height - 4 - ((value - low) / span) * (height - 10);
  pen.beginPath();
  values.forEach((value, index) => pen.lineTo(x(index), y(value)));
  pen.strokeStyle = pen.fillStyle = getComputedStyle(canvas).color;
  pen.lineWidth = 2;
  pen.lineJoin = "round";
  pen.stroke();
  const end = values.length - 1;
  pen.save();
  pen.globalAlpha = 0.1;
  pen.lineTo(x(end), height);
  pen.lineTo(x(0), height);
  pen.fill();
  pen.restore();
  pen.beginPath();
  pen.arc(x(end), y(values[end]), 3.5, 0, 7);
  pen.fill();
}

/** `signal`: pid, key, label, unit, decimals, low, high, scale_low, scale_high, bands; `words`: normal, unusual, alarm, silent. */
export function LiveGauge({ address, signal, words }) {
  const card = useRef(null);
  const figure = useRef(null);
  const way = useRef(null);
  const range = useRef(null);
  const knob = useRef(null);
  const word = useRef(null);
  const minute = useRef(null);
  const spoken = useRef(0);
  const format = useMemo(() => numberIn(signal), [signal]);
  // A trim begins in the middle, everything else at its lowest
  const zero = signal.scale_low < 0 && signal.scale_high > 0 ? shareOf(signal, 0) : 0;

  const paint = (feed) => {
    const element = card.current;
    const series = feed.of(signal.pid);
    const now = feed.now;
    const value = series.latest;
    if (!element || value === undefined || now === null) return;
    const judged = judge(signal, value, feed.holding);
    if (element.dataset.judged !== judged) {
      element.dataset.judged = judged;
      word.current.textContent = words[judged];
    }
    const text = format(value);
    if (figure.current.textContent !== text) figure.current.textContent = text;
    if (performance.now() - spoken.current > SPOKEN_EVERY_MS) {
      spoken.current = performance.now();
      element.setAttribute("aria-valuenow", String(value));
      element.setAttribute("aria-valuetext", `${text} ${signal.unit}, ${words[judged]}`);
    }
    if (minute.current.offsetParent) drawMinute(minute.current, series, now);
    else {
      const share = shareOf(signal, value);
      way.current.setAttribute("d", arc(RADIUS, Math.min(zero, share), Math.max(zero, share)));
      const [x, y] = point(RADIUS, share);
      knob.current.setAttribute("transform", `translate(${x} ${y})`);
      const band = bandOf(signal, feed.holding);
      range.current.setAttribute("d", band ? arc(OUTER, shareOf(signal, band.low), shareOf(signal, band.high)) : "");
    }
  };
  usePainter(address, paint, signal, words);
  useEffect(() => {
    const again = new ResizeObserver(() => feedOf(address)?.paintSoon());
    again.observe(card.current);
    return () => again.disconnect();
  }, [address]);

  return h(
    "div",
    {
      ref: card,
      className: "cb-gauge",
      role: "meter",
      "aria-label": signal.label,
      "aria-valuemin": signal.low,
      "aria-valuemax": signal.high,
      "aria-valuenow": signal.low,
      "aria-valuetext": words.silent,
      "data-judged": "silent",
    },
    h("div", { className: "cb-gauge-head" }, h("span", { className: "cb-gauge-name" }, signal.label), h("span", { className: "cb-gauge-code cb-muted" }, signal.code)),
    h(
      "svg",
      { viewBox: "0 0 200 150", className: "cb-gauge-dial", "aria-hidden": true },
      h("path", { d: arc(RADIUS, 0, 1), className: "cb-gauge-rail" }),
      Array.from({ length: TICKS }, (_, tick) => {
        const [[x1, y1], [x2, y2]] = [point(RADIUS - 14, tick / (TICKS - 1)), point(RADIUS - 18, tick / (TICKS - 1))];
        return h("line", { key: tick, x1, y1, x2, y2, className: "cb-gauge-tick" });
      }),
      h("path", { ref: range, className: "cb-gauge-range" }),
      h("path", { ref: way, className: "cb-gauge-way" }),
      h("g", { ref: knob, className: "cb-gauge-knob" }, h("circle", { r: 8 })),
    ),
    h("p", { className: "cb-gauge-value" }, h("span", { ref: figure, className: "cb-num" }, "–"), h("span", { className: "cb-gauge-unit" }, signal.unit)),
    h("canvas", { ref: minute, className: "cb-gauge-minute", "aria-hidden": true }),
    h("p", { className: "cb-gauge-word" }, h("span", { className: "cb-gauge-glyph", "aria-hidden": true }), h("span", { ref: word }, words.silent)),
  );
}
