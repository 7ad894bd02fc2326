// Unplanned work dragged into the calendar's grid.
const QUARTER_MS = 15 * 60_000;
const MOUSE_PX = 4;

// A card of the unplanned list follows the pointer; over the grid its landing place is drawn.
export function listenToCards(board) {
  let active;
  const down = (event) => {
    const card = event.target.closest?.("[data-unplanned]");
    if (!card || event.button !== 0 || !board.props.editable || event.target.closest("button:not(.cb-drag-handle)")) return;
    active = { card, x: event.clientX, y: event.clientY, pointer: event.pointerId };
  };
  const move = (event) => {
    if (!active || event.pointerId !== active.pointer) return;
    if (!active.ghost) {
      if (Math.hypot(event.clientX - active.x, event.clientY - active.y) < MOUSE_PX) return;
      active.ghost = active.card.cloneNode(true);
      active.ghost.className = "cb-board-card cb-board-carried";
      active.ghost.removeAttribute("data-unplanned");
      active.ghost.setAttribute("aria-hidden", "true");
      active.ghost.style.width = `${active.card.offsetWidth}px`;
      document.body.append(active.ghost);
      active.card.dataset.dragging = "";
      board.grab(active.card.dataset.unplanned);
    }
    event.preventDefault();
    window.getSelection()?.removeAllRanges();
    active.ghost.style.translate = `${event.clientX + 14}px ${event.clientY + 10}px`;
    const at = board.root.contains(document.elementFromPoint(event.clientX, event.clientY)) && board.calendar?.dateFromPoint(event.clientX, event.clientY);
    const lane = at?.resource?.id ?? "";
    const start = at && (board.props.view === "week" ? board.firstFit(board.dragged, lane, at.date) : new Date(Math.floor(at.date.getTime() / QUARTER_MS) * QUARTER_MS));
    if (at && board.dragged) board.land(board.dragged, lane, start);
    else board.takeOff();
  };
  const end = (event, drop) => {
    if (!active) return;
    active.ghost?.remove();
    delete active.card.dataset.dragging;
    if (active.ghost && drop) board.finish();
    else if (active.ghost) {
      board.takeOff();
      board.release();
    }
    active = undefined;
  };
  const up = (event) => end(event, true);
  const cancel = (event) => end(event, false);
  const escape = (event) => event.key === "Escape" && cancel(event);
  const listeners = [["pointerdown", down], ["pointermove", move], ["pointerup", up], ["pointercancel", cancel], ["keydown", escape]];
  listeners.forEach(([name, listener]) => document.addEventListener(name, listener));
  return () => listeners.forEach(([name, listener]) => document.removeEventListener(name, listener));
}
