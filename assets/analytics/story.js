// The story chart: the server's picture first. Plotly comes when somebody points at it, taps it or scrolls to it; then
// values show under the pointer, a click narrows the page to a day and a drag to a stretch of days.
import { createElement as h, useEffect, useRef, useState } from "react";
import { loadPlotly, onThemeChange, themeColour } from "../kit/plot.js";

const HEIGHT = 268;
const [MOST_LABELS, NARROW] = [8, 560];
const QUIET = { hoverinfo: "skip", showlegend: false };

// Labels as the picture has them: at most eight, four on phones, counted back from the newest known day.
function ticks(points, bands, width) {
  const labels = [...points, ...bands].map((one) => one.tick);
  const every = Math.ceil(labels.length / MOST_LABELS) * (width < NARROW ? 2 : 1);
  const vals = labels.map((_, at) => at).filter((at) => (points.length - 1 - at) % every === 0);
  return { tickvals: vals, ticktext: vals.map((at) => labels[at]) };
}

function line(x, y, more) {
  return { type: "scatter", mode: "lines", x, y, ...more, line: { shape: "spline", smoothing: 0.5, ...more.line } };
}

function tracesOf(node, { points, bands, words, compared }) {
  const [accent, muted] = ["--color-primary", "--cb-muted"].map((name) => themeColour(node, name));
  const past = points.map((_, at) => at);
  const told = (of) => `<b>${of.label}</b><br>${words[0]}: ${of.text}${compared ? `<br>${words[1]}: ${of.before}` : ""}`;
  const traces = [];
  if (bands.length) {
    const last = points.at(-1);
    const known = last?.value == null ? [] : [{ low: last.value, mid: last.value, high: last.value }];
    const all = [...known, ...bands];
    const x = all.map((_, at) => points.length - known.length + at);
    const edge = { ...QUIET, line: { width: 0 } };
    traces.push(line(x, all.map((band) => band.low), edge));
    traces.push(line(x, all.map((band) => band.high), { ...edge, fill: "tonexty", fillcolor: themeColour(node, "--color-primary", 0.11) }));
    traces.push(line(x, all.map((band) => band.mid), {
      line: { color: accent, width: 2, dash: "dash" },
      text: [...known.map(() => ""), ...bands.map((band) => `<b>${band.label}</b><br>${words[2]}: ${band.text}`)],
      hoverinfo: "text",
    }));
  }
  if (compared) traces.push(line(past, points.map((point) => point.previous), { ...QUIET, line: { color: muted, width: 1.5, dash: "dot" } }));
  traces.push(line(past, points.map((point) => point.value), {
    mode: points.length > 60 ? "lines" : "lines+markers",
    cliponaxis: false,
    line: { color: accent, width: 2.2 },
    marker: { color: accent, size: 5 },
    fill: "tozeroy",
    fillcolor: themeColour(node, "--color-primary", 0.08),
    text: points.map(told),
    hoverinfo: "text",
    connectgaps: false,
  }));
  return traces;
}

// One day alone stands in the middle.
function reachOf(last) {
  return last ? [0, last] : [-1, 1];
}

function layoutOf(node, { points, bands, axis: marks }, coarse) {
  const [ink, hair, ground, text] = ["--cb-faint", "--color-base-300", "--color-neutral", "--color-neutral-content"].map((name) => themeColour(node, name));
  const axis = { gridcolor: hair, zerolinecolor: hair, automargin: true, ticks: "", tickfont: { size: 12, color: ink } };
  return {
    height: HEIGHT,
    margin: { l: 30, r: 24, t: 12, b: 30 },
    separators: ",.",
    dragmode: coarse ? false : "zoom",
    hovermode: "x",
    showlegend: false,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: "system-ui, sans-serif", size: 12, color: ink },
    hoverlabel: { bgcolor: ground, bordercolor: ground, font: { color: text, size: 12 }, align: "left" },
    xaxis: { ...axis, showgrid: false, zeroline: false, ticklabelstandoff: 8, ticklabeloverflow: "allow", range: reachOf(points.length + bands.length - 1), ...ticks(points, bands, node.clientWidth) },
    yaxis: { ...axis, ticklabelstandoff: 4, fixedrange: true, range: [marks[0].at, marks.at(-1).at], tickvals: marks.map((tick) => tick.at), ticktext: marks.map((tick) => tick.word) },
  };
}

export function StoryChart({ picture, points, bands, axis, words, compared, label, onPick }) {
  const box = useRef(null);
  const place = useRef(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const [awake, setAwake] = useState(false);
  const [drawn, setDrawn] = useState(false);
  const wake = () => setAwake(true);

  // Whoever scrolls it into view wants to read it; what is on the screen from the start waits for a pointer or finger.
  useEffect(() => {
    const seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && wake(), { threshold: 0.4 });
    const scrolled = () => seen.observe(box.current);
    document.addEventListener("scroll", scrolled, { capture: true, once: true, passive: true });
    return () => {
      document.removeEventListener("scroll", scrolled, { capture: true });
      seen.disconnect();
    };
  }, []);

  const told = JSON.stringify({ points, bands, axis, words, compared });
  useEffect(() => {
    if (!awake) return;
    const node = place.current;
    const coarse = matchMedia("(pointer: coarse)").matches;
    let plotly = null;
    let gone = false;
    const draw = async () => {
      plotly ??= await loadPlotly();
      if (gone) return;
      const what = JSON.parse(told);
      const config = { displayModeBar: false, responsive: true, doubleClick: false };
      await plotly.react(node, tracesOf(node, what), layoutOf(node, what, coarse), config);
      if (gone) return;
      node.removeAllListeners("plotly_click");
      node.removeAllListeners("plotly_relayout");
      node.on("plotly_click", (event) => {
        const hit = what.points[event.points.at(-1).x];
        if (hit) pick.current?.(hit.day, hit.last);
      });
      node.on("plotly_relayout", (change) => {
        const [from, to] = [change["xaxis.range[0]"], change["xaxis.range[1]"]];
        if (from === undefined) return;
        const within = what.points.filter((_, at) => at >= from && at <= to);
        if (within.length) pick.current?.(within[0].day, within.at(-1).last);
      });
      setDrawn(true);
    };
    draw();
    const forget = onThemeChange(draw);
    return () => {
      gone = true;
      forget();
      plotly?.purge(node);
    };
  }, [awake, told]);

  return h(
    "div",
    { ref: box, className: "cb-story", role: "img", "aria-label": label, "data-live": drawn ? "true" : "false", onPointerEnter: wake, onPointerDown: wake },
    !drawn && h("div", { "aria-hidden": "true", dangerouslySetInnerHTML: { __html: picture } }),
    // Plotly names the classes of the inner one
    awake && h("div", { className: drawn ? "" : "cb-story-wait" }, h("div", { ref: place })),
  );
}
