// Hours of the week as cells: one stop of the Tab key, arrows inside, a press narrows the page to that hour.
import { createElement as h, useRef, useState } from "react";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export function HeatGrid({ days, firstHour, cells, label, onPick }) {
  const table = useRef(null);
  const [at, setAt] = useState([0, 0]);
  const onKeyDown = (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const [row, column] = [at[0] + step[0], at[1] + step[1]];
    const next = table.current.querySelector(`[data-at="${row}-${column}"]`);
    if (!next) return;
    setAt([row, column]);
    next.focus();
  };
  const hours = cells[0]?.map((_, column) => firstHour + column) ?? [];
  const cell = (one, row, column) =>
    h(
      "td",
      { key: column },
      h("button", {
        type: "button",
        "data-at": `${row}-${column}`,
        "data-level": one.level,
        "aria-label": one.label,
        "aria-pressed": one.chosen,
        title: one.label,
        tabIndex: at[0] === row && at[1] === column ? 0 : -1,
        onFocus: () => setAt([row, column]),
        onClick: () => onPick(row, firstHour + column),
      }),
    );
  return h(
    "table",
    { ref: table, className: "cb-heat", "aria-label": label, onKeyDown },
    h("thead", null, h("tr", null, h("td", null), hours.map((hour, column) => h("th", { key: hour, scope: "col" }, h("span", { className: column % 2 ? "cb-sr" : "" }, hour))))),
    h("tbody", null, cells.map((row, at) => h("tr", { key: at }, h("th", { scope: "row" }, days[at]), row.map((one, column) => cell(one, at, column))))),
  );
}
