// Short messages: 5 seconds, longer while somebody reads or points; errors stay until closed.
import { createElement as h, useSyncExternalStore } from "react";

const VISIBLE_MS = 5000;
const GLYPHS = { ok: "st-done", info: "info", warn: "st-overdue", err: "st-overdue" };
const NONE = [];
let shown = NONE;
let nextId = 1;
const listeners = new Set();
const timers = new Map();

function publish(next) {
  shown = next;
  listeners.forEach((listener) => listener());
}

function start(message) {
  if (message.kind !== "err") timers.set(message.id, setTimeout(() => dismiss(message.id), VISIBLE_MS));
}

function pause(id) {
  clearTimeout(timers.get(id));
}

export function dismiss(id) {
  pause(id);
  timers.delete(id);
  publish(shown.filter((message) => message.id !== id));
}

export function toast(kind, text, { detail, action } = {}) {
  const message = { id: nextId++, kind, text, detail, action };
  publish([...shown, message].slice(-3));
  start(message);
}

if (typeof window !== "undefined") window.carbotToast = toast;

function glyph(name) {
  return h("svg", { className: "cb-icon", viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": true }, h("use", { href: `/icons.svg#${name}` }));
}

function Toast({ message, closeLabel, onAction }) {
  const { id, kind, text, detail, action } = message;
  const resume = () => {
    pause(id);
    start(message);
  };
  const act = () => {
    dismiss(id);
    onAction?.(action[1]);
  };
  return h(
    "div",
    {
      className: `cb-toast cb-tone-${kind}`,
      onPointerEnter: () => pause(id),
      onPointerLeave: resume,
      onFocus: () => pause(id),
      onBlur: resume,
    },
    glyph(GLYPHS[kind] ?? "info"),
    h("p", { className: "cb-toast-text" }, detail ? h("strong", null, text, " ") : text, detail),
    action && h("button", { type: "button", onClick: act }, action[0]),
    (kind === "err" || !action) &&
      h("button", { type: "button", className: "cb-toast-close", "aria-label": closeLabel, onClick: () => dismiss(id) }, glyph("x")),
  );
}

export function ToastRegion({ label, closeLabel, onAction }) {
  const messages = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
    () => NONE,
  );
  return h(
    "section",
    { className: "cb-toasts", "aria-label": label, "aria-live": "polite", "aria-relevant": "additions text" },
    messages.map((message) => h(Toast, { key: message.id, message, closeLabel, onAction })),
  );
}
