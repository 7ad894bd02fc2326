// Behaviour of the list of invoices that must not wait for the server: keys, and fetching before the end is reached.
import { createElement, useEffect, useRef } from "react";

const ROW = "[data-invoice-row]";
const AHEAD = "400px";

function isTyping(element) {
  return element?.closest("input:not([type=checkbox]), textarea, select, [contenteditable=true], dialog[open], [role=menu]");
}

function moveBy(step) {
  const rows = [...document.querySelectorAll(ROW)].filter((row) => row.offsetParent);
  const at = rows.indexOf(document.activeElement);
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

const KEYS = {
  j: () => moveBy(1),
  ArrowDown: () => moveBy(1),
  k: () => moveBy(-1),
  ArrowUp: () => moveBy(-1),
  "?": () => document.getElementById("invoice-keys")?.showModal(),
};

// The keys of the help sheet; Enter opens by itself, because rows hold a button.
export function InvoiceKeys() {
  useEffect(() => {
    const onKey = (event) => {
      const act = KEYS[event.key];
      if (!act || event.ctrlKey || event.metaKey || event.altKey || isTyping(document.activeElement)) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return null;
}

// Calls `onNear` when the end of the list comes near; `mark` changes with the rows, so that a short page asks again.
export function ListEnd({ mark, onNear }) {
  const end = useRef(null);
  const near = useRef(onNear);
  near.current = onNear;
  useEffect(() => {
    const observer = new IntersectionObserver((seen) => seen[0].isIntersecting && near.current?.(), { rootMargin: AHEAD });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [mark]);
  return createElement("div", { ref: end, "aria-hidden": true, style: { height: 1 } });
}
