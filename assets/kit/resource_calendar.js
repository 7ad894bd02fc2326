// The staff calendar's grid (@event-calendar/core): lanes, hatched pauses, and what fits while dragging. What was
// dropped stays until the server's visits arrive, or goes back when `revision` says that it failed. Every time is the
// workshop's wall clock: the library gets and gives times without a zone, and only its "now" needs to know one.
import { createElement as h, useEffect, useRef, useState } from "react";
import "@event-calendar/core/index.css";
import { listenToCards } from "./calendar_cards.js";
import { clock, dayHead, fill, laneHead, nowIn, offsetOf, pauseContent, stamp, visitContent } from "./calendar_content.js";
import { gridKey, liftedKey, listenForNew } from "./calendar_keys.js";

const VIEWS = { day: "resourceTimeGridDay", week: "laneWeek" };
const MOUSE_PX = 4;
const LONG_PRESS_MS = 350;
const GHOST = "cb-landing";
const WIDE = "(min-width: 48rem)";
const NOW_MS = 10_000;
const CLICK_MS = 250;

const byStart = (one, other) => one.starts.localeCompare(other.starts);

// What the server said about dropping there: undefined while it has not answered.
function verdictOf(places, visit, lane, start) {
  if (!visit || places?.visit !== visit.id || !places.cells) return undefined;
  const [refused, warning, bay, ends] = places.cells[lane]?.[stamp(start)] ?? places.cells[""]?.[stamp(start)] ?? ["closed", "", "", ""];
  return { refused, warning, bay, ends };
}

// What the server said about ending there: pulled into a break, the work ends before it.
function verdictOfEnd(places, visit, end) {
  if (!visit || places?.visit !== visit.id || !places.ends) return undefined;
  const reached = Object.keys(places.ends).sort().filter((one) => one <= stamp(end));
  const ends = reached.at(-1) ?? "";
  return { refused: ends ? places.ends[ends] : "closed", warning: "", bay: "", ends };
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
    const { view, on, opens, closes, language, editable, zone } = this.props;
    return {
      view: VIEWS[view] ?? VIEWS.day,
      views: { laneWeek: { type: "resourceTimelineMonth", duration: { weeks: 1 } } },
      timeZone: offsetOf(zone),
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
      eventResizeStart: ({ event }) => {
        this.resizing = event.id;
        this.props.onStretch?.(event.id);
      },
      eventResizeStop: () => {
        this.resizing = undefined;
        this.stopped = Date.now();
      },
      eventResize: (info) => this.resized(info),
      dateClick: ({ date, resource }) => this.pressed(date, resource),
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
    const { places, words } = this.props;
    if (this.resizing) {
      const verdict = verdictOfEnd(places, this.byId.get(this.resizing), event.end);
      return { ...sentence(words, verdict, event.start, event.end), verdict };
    }
    const visit = this.dragged ?? this.byId.get(event.id);
    const start = this.startOf(visit, event.start);
    const end = new Date(event.end.getTime() + (start - event.start));
    const verdict = verdictOf(places, visit, this.lane(event), start);
    return { ...sentence(words, verdict, start, end), verdict };
  }

  // Work that has begun keeps its start wherever it is dropped; only its lane changes
  startOf(visit, start) {
    return visit?.pinned ? new Date(visit.starts) : start;
  }

  content(event) {
    if (event.display === "background") return pauseContent(event.extendedProps);
    const landing = event.display === "preview" || event.id === GHOST;
    return visitContent(event, this.props, landing ? this.judge(event) : undefined);
  }

  classes(event) {
    if (event.display === "background") return ["cb-board-pause"];
    if (event.display === "preview" || event.id === GHOST) return ["cb-board-landing", `cb-landing-${this.judge(event).tone}`];
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
    const start = stamp(this.startOf(event.extendedProps, event.start));
    const same = start === stamp(oldEvent.start) && this.lane(event) === this.lane(oldEvent);
    if (same) revert();
    else this.props.onDrop?.(event.id, this.lane(event), start, "");
  }

  resized({ event, oldEvent, revert }) {
    const verdict = verdictOfEnd(this.props.places, this.byId.get(event.id), event.end);
    if (verdict?.refused) {
      revert();
      this.refuse(sentence(this.props.words, verdict, event.start, event.end).title);
    } else if (stamp(event.end) !== stamp(oldEvent.end)) this.props.onDrop?.(event.id, "-", stamp(event.start), stamp(event.end));
  }

  // An empty place was pressed: a new visit there
  pressed(date, resource) {
    if (!this.props.editable || Date.now() - (this.stopped ?? 0) < CLICK_MS) return;
    this.props.onNew?.(resource?.id ?? "", stamp(date).slice(0, this.props.view === "week" ? 10 : 16));
  }

  // The pill of the line that shows the time
  tick() {
    const [, time] = nowIn(this.props.zone).split("T");
    this.root.style.setProperty("--cb-now", `"${time.replace(/^0/, "")}"`);
  }

  // ---- the landing place of a visit that comes from the list or is moved by keys ----

  land(visit, lane, start) {
    const end = new Date(start.getTime() + visit.minutes * 60_000);
    const event = { id: GHOST, resourceIds: [lane], start, end, editable: false, extendedProps: visit };
    // As texts: a Date would be moved from the browser's zone to the workshop's
    const floating = { ...event, start: stamp(start), end: stamp(end) };
    if (this.landing) this.calendar.updateEvent(floating);
    else this.calendar.addEvent(floating);
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
    else this.props.onDrop?.(visit.id, lane, stamp(this.startOf(visit, start)), "");
    this.refresh();
    return verdict.tone !== "refused";
  }
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
  const drawn = JSON.stringify([props.view, props.on, props.opens, props.closes, props.language, props.editable, props.zone, props.lanes, props.visits, props.pauses, props.loads, props.revision]);
  board.current?.update(props);
  useEffect(() => {
    const own = (board.current = new Board(root.current));
    own.update(props);
    const wide = window.matchMedia(WIDE);
    const show = () => own.show();
    show();
    wide.addEventListener("change", show);
    const stops = [listenToCards(own), listenForNew(own)];
    own.tick();
    const ticking = setInterval(() => own.tick(), NOW_MS);
    return () => {
      own.closed = true;
      clearInterval(ticking);
      wide.removeEventListener("change", show);
      stops.forEach((stop) => stop());
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
    if (id && Date.now() - (board.current.stopped ?? 0) > CLICK_MS) props.onOpen?.(id);
  };
  return h(
    "div",
    { className: "cb-board-frame", role: "region", tabIndex: -1, "aria-label": label, onKeyDown, onClick },
    h("p", { id: "board-help", className: "cb-sr" }, props.words.help),
    h("div", { ref: root, className: "cb-board-root" }),
    h("p", { className: "cb-sr", "aria-live": "assertive", "data-board-said": "" }, said),
  );
}
