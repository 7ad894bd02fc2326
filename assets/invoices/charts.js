// Bars of the page of invoices. Plotly is fetched with the first chart that is drawn: no other page pays for it.
import { createElement, useEffect, useRef } from "react";
import { loadPlotly, onThemeChange, themeColour } from "../kit/plot.js";

const HEIGHT = 248;
const [ROW, FOOT, LEAST] = [30, 48, 108];
const LONGEST_NAME = 26;
const NARROW = 460;

function cut(name) {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
}

// Bars that lie get the room their number needs, so that one alone is no wall.
function heightOf(rows, upright) {
  return upright ? HEIGHT : Math.max(rows.length * ROW + FOOT, LEAST);
}

// Months are named without their year, on phones every other one.
function labelsOf(rows, upright, width) {
  if (!upright) return rows.map((row) => cut(row.name));
  const step = width < NARROW ? 2 : 1;
  return rows.map((row, at) => ((rows.length - 1 - at) % step ? "" : row.name.split(" ")[0]));
}

function figureOf(node, rows, upright) {
  const [bar, ink, line] = ["--color-primary", "--cb-muted", "--color-base-300"].map((name) => themeColour(node, name));
  // Two names that are cut to the same would become one bar: places are numbers, names only their labels
  const places = rows.map((_, at) => at);
  const amounts = rows.map((row) => row.cents / 100);
  const ticktext = labelsOf(rows, upright, node.clientWidth);
  const names = { tickvals: places, ticktext, tickangle: 0, ticklabelstandoff: 6, fixedrange: true, automargin: true };
  const figures = { gridcolor: line, zerolinecolor: line, fixedrange: true, automargin: true, nticks: 5, tickformat: ",.0f" };
  return {
    bars: [{
      type: "bar",
      orientation: upright ? "v" : "h",
      x: upright ? places : amounts,
      y: upright ? amounts : places,
      marker: { color: bar },
      text: rows.map((row) => `${row.name}<br>${row.amount}`),
      textposition: "none",
      hovertemplate: "%{text}<extra></extra>",
    }],
    layout: {
      height: heightOf(rows, upright),
      margin: { l: 8, r: 8, t: 8, b: 8 },
      bargap: 0.35,
      separators: ",.",
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: "system-ui, sans-serif", size: 12, color: ink },
      xaxis: upright ? names : figures,
      yaxis: upright ? figures : { ...names, autorange: "reversed" },
    },
  };
}

export function BarChart({ rows, upright, label }) {
  const place = useRef(null);
  const told = JSON.stringify(rows);
  useEffect(() => {
    const node = place.current;
    let plotly = null;
    let gone = false;
    const draw = async () => {
      plotly ??= await loadPlotly();
      if (gone) return;
      const { bars, layout } = figureOf(node, JSON.parse(told), upright);
      plotly.react(node, bars, layout, { displayModeBar: false, responsive: true });
    };
    draw();
    const forget = onThemeChange(draw);
    return () => {
      gone = true;
      forget();
      plotly?.purge(node);
    };
  }, [told, upright]);
  return createElement("div", { ref: place, role: "img", "aria-label": label, style: { height: heightOf(rows, upright) } });
}
