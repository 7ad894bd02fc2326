// The car from five sides: a tap puts a mark where the damage is, arrow keys and Enter do the same.
import { createElement as h, useState } from "react";

const STEP = 40;
const MIDDLE = { x: 500, y: 500 };
const MOVES = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
const within = (value) => Math.max(0, Math.min(1000, Math.round(value)));

function View({ view, name, place, marks, disabled, onMark }) {
  const [at, setAt] = useState(null);
  const mark = (point) => onMark(view, point.x, point.y);
  const onClick = (event) => {
    // A click made by the keyboard has no place of its own
    if (!event.detail) return;
    const box = event.currentTarget.getBoundingClientRect();
    mark({ x: within(((event.clientX - box.left) / box.width) * 1000), y: within(((event.clientY - box.top) / box.height) * 1000) });
  };
  const onKeyDown = (event) => {
    const move = MOVES[event.key];
    const { x, y } = at ?? MIDDLE;
    if (move) setAt({ x: within(x + move[0]), y: within(y + move[1]) });
    else if (event.key === "Enter" || event.key === " ") mark(at ?? MIDDLE);
    else return;
    event.preventDefault();
  };
  const spot = (point) => ({ left: `${point.x / 10}%`, top: `${point.y / 10}%` });
  return h(
    "figure",
    { className: "cb-car-view", "data-view": view },
    h(
      "button",
      { type: "button", disabled, "aria-label": place, onClick, onKeyDown, onFocus: (event) => event.target.matches(":focus-visible") && setAt(MIDDLE), onBlur: () => setAt(null) },
      h("img", { src: `/check_in/${view}.svg`, alt: "", draggable: false }),
      marks.map((one) => h("span", { key: one.number, className: "cb-car-mark cb-num", "aria-hidden": true, style: spot(one) }, one.number)),
      at && h("span", { className: "cb-car-aim", "aria-hidden": true, style: spot(at) }),
    ),
    h("figcaption", { className: "cb-dense cb-muted" }, name),
  );
}

export function CarViews({ views, marks, disabled = false, onMark }) {
  return h(
    "div",
    { className: "cb-car-views" },
    views.map(({ view, name, place }) => h(View, { key: view, view, name, place, marks: marks.filter((one) => one.view === view), disabled, onMark })),
  );
}
