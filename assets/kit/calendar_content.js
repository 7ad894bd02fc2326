// What the calendar's grid draws inside heads, visits and pauses.
const SVG = "http://www.w3.org/2000/svg";

export const pad = (number) => String(number).padStart(2, "0");
export const stamp = (at) => `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
export const clock = (at) => `${pad(at.getHours())}:${pad(at.getMinutes())}`;

// Now on the clock of a time zone, as `stamp` writes it; the browser may be anywhere.
export function nowIn(zone) {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }).formatToParts(new Date());
  const { year, month, day, hour, minute } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

// How far a time zone is from UTC now: "+01:00".
export function offsetOf(zone) {
  const minutes = Math.round((Date.parse(`${nowIn(zone)}:00Z`) - Date.now()) / 900_000) * 15;
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`;
}

export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== undefined && child !== ""));
  return made;
}

function glyph(name, size = 15, label = "") {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/icons.svg#${name}`);
  svg.append(use);
  for (const [key, value] of Object.entries({ width: size, height: size, viewBox: "0 0 24 24", class: "cb-icon" })) svg.setAttribute(key, value);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  return svg;
}

function plate({ city, rest, country }) {
  const text = element("span", "cb-plate-text", element("span", "", city), element("span", country === "D" ? "cb-plate-seals" : "cb-plate-arms"), element("span", "", rest));
  const chip = element("span", "cb-plate", country === "CH" ? undefined : element("span", "cb-plate-band", element("span", "", country)), text);
  chip.dataset.country = country;
  return chip;
}

function capacityBar({ percent, text, tone }) {
  const track = element("span", "cb-load-track", element("span", `cb-load-fill cb-load-${tone}`));
  track.firstChild.style.width = `${Math.min(percent, 100)}%`;
  return element("span", "cb-load", track, element("span", "cb-num", text));
}

export function laneHead(lane) {
  const disc = element("span", "cb-avatar", lane.initials);
  disc.setAttribute("aria-hidden", "true");
  disc.style.setProperty("--ah", lane.tint);
  disc.style.setProperty("--as", "28px");
  const words = element("span", "cb-lane-words", element("span", "cb-lane-name", lane.name), element("span", "cb-lane-remark", lane.remark));
  return { domNodes: [element("span", "cb-lane", disc, words, capacityBar(lane))] };
}

export function dayHead(date, { language, loads, view, zone }) {
  const words = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "numeric" }).format(date);
  const load = loads.find((one) => one.on === stamp(date).slice(0, 10));
  const today = stamp(date).slice(0, 10) === nowIn(zone).slice(0, 10);
  const nodes = [element("span", today ? "cb-lane-name cb-day-today" : "cb-lane-name", words)];
  if (load && view === "week") nodes.push(capacityBar(load));
  return { domNodes: [element("span", "cb-day-head", ...nodes)] };
}

export function pauseContent({ word }) {
  return { domNodes: [element("span", "cb-pause-word", word)] };
}

function landing({ tone, title, detail }) {
  const sign = { fits: "st-done", warned: "st-overdue", refused: "st-cancelled" }[tone];
  return { domNodes: [element("span", "cb-landing-title", sign ? glyph(sign, 16) : undefined, title), element("span", "cb-landing-detail", detail)] };
}

export function visitContent(event, { words, view }, judged) {
  if (judged) return landing(judged);
  const visit = event.extendedProps;
  const minutes = (event.end - event.start) / 60_000;
  const signs = element("span", "cb-visit-signs");
  if (visit.loaner) signs.append(glyph("car", 15, words.loaner));
  if (visit.waiting) signs.append(glyph("user-round", 15, words.waiting));
  if (visit.conflicts) signs.append(glyph("triangle-alert", 15, visit.conflicts));
  signs.append(glyph(visit.icon, 16));
  const head = element("span", "cb-visit-head", visit.city ? plate(visit) : element("strong", "cb-visit-name", visit.name), signs);
  const lines = [element("strong", "cb-visit-work", view === "week" ? `${visit.time.slice(0, 5)} ${visit.work}` : visit.work), element("span", "cb-visit-who", visit.city ? `${visit.name} · ${visit.time}` : visit.time), element("span", "cb-visit-state", visit.word)];
  for (const one of [head, ...lines]) one.setAttribute("aria-hidden", "true");
  const button = element("button", "cb-visit-face", element("span", "cb-sr", visit.label), head, ...lines);
  button.type = "button";
  button.dataset.visit = visit.id;
  button.dataset.size = view === "week" ? "m" : minutes < 45 ? "s" : minutes < 75 ? "m" : "l";
  button.setAttribute("aria-describedby", "board-help");
  button.setAttribute("aria-haspopup", "dialog");
  return { domNodes: [button] };
}
