// Keys of the calendar's grid: browsing, views, moving a visit, and a new one from anywhere on the page.
import { clock, fill } from "./calendar_content.js";

const QUARTER_MS = 15 * 60_000;

// Space lifts a visit, arrows move it by quarters of an hour and lanes, Enter drops it, Escape leaves it.
export function liftedKey(board, event, say) {
  const { visit, lane, start } = board.landing;
  const { lanes, view, words } = board.props;
  if (event.key === "Escape" || event.key === "Tab") {
    board.takeOff();
    board.release();
    board.refresh();
    say(fill(words.cancelled, { name: visit.name }));
    board.focusOn(visit.id);
    return event.key === "Escape";
  }
  if (event.key === "Enter" || event.key === " ") {
    say(fill(board.finish() ? words.dropped : words.stays, { name: visit.name }));
    board.focusOn(visit.id);
    return true;
  }
  const isWeek = view === "week";
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
  if (!dx && !dy) return false;
  const at = lanes.findIndex((one) => one.id === lane) + (isWeek ? dy : dx);
  const next = lanes[Math.max(0, Math.min(lanes.length - 1, at))]?.id;
  const then = new Date(start.getTime() + (isWeek ? 0 : dy * QUARTER_MS));
  if (isWeek) then.setDate(then.getDate() + dx);
  const { title, detail } = board.land(visit, next, then);
  say([lanes.find((one) => one.id === next)?.name, isWeek && then.toLocaleDateString(board.props.language, { weekday: "long" }), clock(then), title, detail].filter(Boolean).join(", "));
  return true;
}

export function gridKey(board, event, say) {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const { onBrowse, onView, words, editable } = board.props;
  const visit = board.byId.get(event.target.closest?.("[data-visit]")?.dataset.visit);
  if (visit && event.key === " ") {
    if (!editable || !visit.movable) return true;
    board.grab(visit.id);
    board.land(visit, visit.lane, new Date(visit.starts));
    // The grid draws its visits anew: the keys go to what stays
    event.currentTarget.focus();
    say(fill(words.lifted, { name: visit.name }));
    return true;
  }
  const browse = { ArrowLeft: -1, ArrowRight: 1, t: 0 }[event.key];
  const view = { d: "day", w: "week", l: "list" }[event.key];
  if (browse !== undefined) onBrowse?.(browse);
  if (view) onView?.(view);
  return browse !== undefined || Boolean(view);
}

// "n" opens the dialog for a new visit, unless somebody is typing.
export function listenForNew(board) {
  const down = (event) => {
    if (event.key !== "n" || event.ctrlKey || event.metaKey || event.altKey || !board.props.editable) return;
    if (document.activeElement?.closest("input, textarea, select, [contenteditable=true]") || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    board.props.onNew?.("", "");
  };
  document.addEventListener("keydown", down);
  return () => document.removeEventListener("keydown", down);
}
