// The staff calendar's grid (@event-calendar/core): lanes, hatched pauses, what fits while dragging, and moving by
// keys. What was dropped stays until the server's visits arrive, or goes back when `revision` says that it failed.
import { createElement as h, useEffect, useRef, useState } from "react";
import "@event-calendar/core/index.css";
import { dayHead, fill, laneHead, pauseContent, pad, stamp, visitContent } from "./calendar_content.js";

const VIEWS = { day: "resourceTimeGridDay", week: "laneWeek" };
const QUARTER_MS = 15 * 60_000;
const MOUSE_PX = 4;
const LONG_PRESS_MS = 350;
const GHOST = "cb-landing";
const WIDE = "(min-width: 48rem)";

const byStart = (one, other) => one.starts.localeCompare(other.starts);
const clock = (at) => `${pad(at.getHours())}:${pad(at.getMinutes())}`;

// What the server said about dropping there: undefined while it has not answered.
function verdictOf(places, visit, lane, start) {
  if (!visit || places?.visit !== visit.id) return undefined;
  const [refused, warning, bay, ends] = places.cells[lane]?.[stamp(start)] ?? places.cells[""]?.[stamp(start)] ?? ["closed", "", "", ""];
  return { refused, warning, bay, ends };
}

function sentence(words, verdict, start, end) {
  const span = `${clock(start)}–${clock(end)}`;
  if (!verdict) return { tone: "", title: span, detail: "" };
  if (verdict.refused) return { tone: "refused", title: words[`refused_${verdict.refused}`] ?? words.refused_busy, detail: span };
  const until = verdict.ends ? verdict.ends.slice(11, 16) : clock(end);
  return {
    tone: verdict.warning ? "warned" : "fits",
    title: fill(words.fits, { time: `${clock(start)}–${until}` }),
    detail: [verdict.bay && fill(words.bay_free, { bay: verdict.bay }), verdict.warning && words[`warning_${verdict.warning}`]].filter(Boolean).join(" · "),
  };
}

// Everything the library's callbacks need, always of the newest render.
class Board {
  constructor(root) {
    this.root = root;
    this.dragged = undefined;
    this.landing = undefined;
  }

  update(props) {
    this.props = props;
    this.byId = new Map([...props.visits, ...props.unplanned].map((visit) => [visit.id, visit]));
  }

  options() {
    const { view, on, opens, closes, language, editable } = this.props;
    return {
      view: VIEWS[view] ?? VIEWS.day,
      views: { laneWeek: { type: "resourceTimelineMonth", duration: { weeks: 1 } } },
      date: on,
      headerToolbar: { start: "", center: "", end: "" },
      allDaySlot: false,
      slotMinTime: view === "week" ? "00:00" : opens,
      slotMaxTime: view === "week" ? "24:00" : closes,
      slotDuration: view === "week" ? { days: 1 } : "00:30",
      slotWidth: 168,
      snapDuration: "00:15",
      slotHeight: 32,
      slotEventOverlap: false,
      slotLabelFormat: { hour: "numeric", minute: "2-digit" },
      locale: language,
      firstDay: 1,
      height: "100%",
      nowIndicator: true,
      editable: Boolean(editable),
      eventStartEditable: Boolean(editable),
      eventDurationEditable: Boolean(editable) && view === "day",
      eventResizableFromStart: false,
      longPressDelay: LONG_PRESS_MS,
      eventDragMinDistance: MOUSE_PX,
      dayHeaderFormat: (date) => dayHead(date, this.props),
      resources: this.resources(),
      events: this.events(),
      resourceLabelContent: ({ resource }) => laneHead(resource.extendedProps),
      eventContent: ({ event }) => this.content(event),
      eventClassNames: ({ event }) => this.classes(event),
      dragConstraint: () => true,
      eventDragStart: ({ event }) => this.grab(event.id),
      eventDragStop: () => this.release(),
      eventDrop: (info) => this.dropped(info),
      eventResizeStart: ({ event }) => (this.resizing = event.id),
      eventResizeStop: () => {
        this.resizing = undefined;
        this.stopped = Date.now();
      },
      eventResize: (info) => this.resized(info),
    };
  }

  resources() {
    return this.props.lanes.map((lane) => ({ id: lane.id, title: lane.name, extendedProps: lane }));
  }

  events() {
    const { visits, pauses, view } = this.props;
    const shown = view === "week" ? pauses.filter((one) => one.whole) : pauses;
    return [
      ...shown.map((one) => ({ id: `pause ${one.lane} ${one.starts}`, resourceIds: [one.lane], start: one.starts, end: one.ends, display: "background", extendedProps: one })),
      ...[...visits].sort(byStart).map((one) => ({ id: one.id, resourceIds: [one.lane], start: one.starts, end: one.ends, startEditable: one.movable, durationEditable: one.movable && view === "day", extendedProps: one })),
    ];
  }

  // Mounted when there is something to show, and where there is room for it
  show() {
    if (this.props.on && window.matchMedia(WIDE).matches && !this.loading) this.loading = mountCalendar(this);
  }

  refresh() {
    this.show();
    if (this.dragged || this.landing || this.resizing || !this.calendar) return;
    const focused = document.activeElement?.closest?.("[data-visit]")?.dataset.visit;
    for (const [name, value] of Object.entries(this.options())) {
      if (!["headerToolbar", "views"].includes(name)) this.calendar.setOption(name, value);
    }
    if (focused) requestAnimationFrame(() => this.visitElement(focused)?.focus());
  }

  visitElement(id) {
    return this.root.querySelector(`[data-visit="${CSS.escape(id)}"]`);
  }

  focusOn(id) {
    requestAnimationFrame(() => this.visitElement(id)?.focus());
  }

  lane(event) {
    return event.resourceIds[0] ?? "";
  }

  judge(event) {
    const visit = this.dragged ?? this.byId.get(event.id);
    const verdict = verdictOf(this.props.places, visit, this.lane(event), event.start);
    return { ...sentence(this.props.words, verdict, event.start, event.end), verdict };
  }

  content(event) {
    if (event.display === "background") return pauseContent(event.extendedProps);
    const landing = event.display === "preview" || event.id === GHOST;
    return visitContent(event, this.props, landing ? (this.resizing ? sentence(this.props.words, undefined, event.start, event.end) : this.judge(event)) : undefined);
  }

  classes(event) {
    if (event.display === "background") return ["cb-board-pause"];
    if (event.display === "preview" || event.id === GHOST) return ["cb-board-landing", `cb-landing-${this.resizing ? "" : this.judge(event).tone}`];
    const { tone, conflicts } = event.extendedProps;
    return ["cb-board-visit", `cb-tone-${tone}`, ...(conflicts ? ["cb-board-conflict"] : [])];
  }

  grab(id) {
    this.dragged = this.byId.get(id);
    this.props.onGrab?.(id);
  }

  release() {
    this.stopped = Date.now();
    this.dragged = undefined;
  }

  // Refused before the server is asked: it goes back where it came from, with the reason.
  refuse(title) {
    window.carbotToast?.("warn", title, { detail: this.props.words.stays });
  }

  dropped({ event, oldEvent, revert }) {
    const { tone, title } = this.judge(event);
    if (tone === "refused") {
      revert();
      this.refuse(title);
      return;
    }
    const same = stamp(event.start) === stamp(oldEvent.start) && this.lane(event) === this.lane(oldEvent);
    if (!same) this.props.onDrop?.(event.id, this.lane(event), stamp(event.start), "");
  }

  resized({ event, oldEvent }) {
    if (stamp(event.end) !== stamp(oldEvent.end)) this.props.onDrop?.(event.id, "-", stamp(event.start), stamp(event.end));
  }

  // ---- the landing place of a visit that comes from the list or is moved by keys ----

  land(visit, lane, start) {
    const end = new Date(start.getTime() + visit.minutes * 60_000);
    const event = { id: GHOST, resourceIds: [lane], start, end, editable: false, extendedProps: visit };
    if (this.landing) this.calendar.updateEvent(event);
    else this.calendar.addEvent(event);
    this.landing = { visit, lane, start };
    return this.judge({ ...event, resourceIds: [lane] });
  }

  // A week shows days, not hours: the first time of the day at which it fits
  firstFit(visit, lane, on) {
    const cells = this.props.places?.visit === visit.id ? (this.props.places.cells[lane] ?? this.props.places.cells[""] ?? {}) : {};
    const day = stamp(on).slice(0, 10);
    const fit = Object.keys(cells).sort().find((start) => start.startsWith(day) && !cells[start][0]);
    return new Date(fit ?? `${day}T${this.props.opens}`);
  }

  takeOff() {
    if (this.landing) this.calendar.removeEventById(GHOST);
    this.landing = undefined;
  }

  finish() {
    const { visit, lane, start } = this.landing ?? {};
    const verdict = visit && this.judge({ id: GHOST, resourceIds: [lane], start, end: start });
    this.takeOff();
    this.release();
    if (!visit) return false;
    if (verdict.tone === "refused") this.refuse(verdict.title);
    else this.props.onDrop?.(visit.id, lane, stamp(start), "");
    this.refresh();
    return verdict.tone !== "refused";
  }
}

// A card of the unplanned list follows the pointer; over the grid its landing place is drawn.
function listenToCards(board) {
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

// Space lifts a visit, arrows move it by quarters of an hour and lanes, Enter drops it, Escape leaves it.
function liftedKey(board, event, say) {
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

function gridKey(board, event, say) {
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

// The library calls the grid a table, but its cells hold no rows; every visit says itself where it is.
function dropTableRoles(root) {
  const drop = () => {
    for (const one of root.querySelectorAll("[role=table], [role=rowgroup], [role=row], [role=columnheader], [role=rowheader], [role=cell]")) {
      one.removeAttribute("role");
      for (const name of ["aria-colindex", "aria-rowindex", "aria-colspan", "aria-rowspan", "aria-colcount", "aria-rowcount", "aria-label"]) one.removeAttribute(name);
    }
  };
  const observer = new MutationObserver(drop);
  observer.observe(root, { childList: true, subtree: true });
  drop();
  return () => observer.disconnect();
}

async function mountCalendar(board) {
  const library = await import("@event-calendar/core");
  const { createCalendar, destroyCalendar, Interaction, ResourceTimeGrid, ResourceTimeline } = library;
  if (board.closed) return;
  board.calendar = createCalendar(board.root, [ResourceTimeGrid, ResourceTimeline, Interaction], board.options());
  const stop = dropTableRoles(board.root);
  board.destroy = () => {
    stop();
    destroyCalendar(board.calendar);
  };
}

export function ResourceCalendar({ label, ...props }) {
  const root = useRef(null);
  const board = useRef(null);
  const [said, say] = useState("");
  const drawn = JSON.stringify([props.view, props.on, props.opens, props.closes, props.language, props.editable, props.lanes, props.visits, props.pauses, props.loads, props.revision]);
  board.current?.update(props);
  useEffect(() => {
    const own = (board.current = new Board(root.current));
    own.update(props);
    const wide = window.matchMedia(WIDE);
    const show = () => own.show();
    show();
    wide.addEventListener("change", show);
    const stop = listenToCards(own);
    return () => {
      own.closed = true;
      wide.removeEventListener("change", show);
      stop();
      own.destroy?.();
    };
  }, []);
  useEffect(() => board.current?.refresh(), [drawn]);
  // The answer to what was grabbed: draw the landing place again with it
  useEffect(() => {
    const own = board.current;
    if (!own?.landing) return;
    const { title, detail } = own.land(own.landing.visit, own.landing.lane, own.landing.start);
    say([title, detail].filter(Boolean).join(", "));
  }, [props.places]);
  const onKeyDown = (event) => {
    const own = board.current;
    if (own?.landing ? liftedKey(own, event, say) : gridKey(own, event, say)) event.preventDefault();
  };
  const onClick = (event) => {
    const id = event.target.closest?.("[data-visit]")?.dataset.visit;
    if (id && Date.now() - (board.current.stopped ?? 0) > 250) props.onOpen?.(id);
  };
  return h(
    "div",
    { className: "cb-board-frame", role: "region", tabIndex: -1, "aria-label": label, onKeyDown, onClick },
    h("p", { id: "board-help", className: "cb-sr" }, props.words.help),
    h("div", { ref: root, className: "cb-board-root" }),
    h("p", { className: "cb-sr", "aria-live": "assertive", "data-board-said": "" }, said),
  );
}
