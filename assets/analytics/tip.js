// What a figure means: after a while of pointing at its tile, at once on focus or a tap; Escape puts it away.
import { createElement as h, useEffect, useId, useRef, useState } from "react";

const HOVER_MS = 600;
const GAP_PX = 6;
const EDGE_PX = 8;

export function FigureTip({ label, text, children }) {
  const button = useRef(null);
  const tip = useRef(null);
  const timer = useRef(null);
  const [open, setOpen] = useState(false);
  const id = useId();

  useEffect(() => {
    const tile = button.current.closest("[data-figure]");
    const later = (event) => {
      if (event.pointerType === "mouse") timer.current = setTimeout(() => setOpen(true), HOVER_MS);
    };
    const away = () => {
      clearTimeout(timer.current);
      setOpen(false);
    };
    const focused = (event) => event.target.matches(":focus-visible") && setOpen(true);
    const left = (event) => tile.contains(event.relatedTarget) || away();
    const key = (event) => event.key === "Escape" && away();
    const pairs = [["pointerenter", later], ["pointerleave", away], ["focusin", focused], ["focusout", left], ["keydown", key]];
    for (const [name, listener] of pairs) tile.addEventListener(name, listener);
    return () => {
      clearTimeout(timer.current);
      for (const [name, listener] of pairs) tile.removeEventListener(name, listener);
    };
  }, []);

  // On top of everything and never beyond the screen's edge
  useEffect(() => {
    if (!open) return;
    const [node, tile] = [tip.current, button.current.closest("[data-figure]").getBoundingClientRect()];
    node.showPopover();
    const own = node.getBoundingClientRect();
    const below = tile.bottom + GAP_PX + own.height < innerHeight;
    node.style.left = `${Math.max(EDGE_PX, Math.min(tile.left, innerWidth - own.width - EDGE_PX))}px`;
    node.style.top = `${below ? tile.bottom + GAP_PX : tile.top - own.height - GAP_PX}px`;
    const scrolled = () => setOpen(false);
    document.addEventListener("scroll", scrolled, { capture: true, once: true });
    return () => document.removeEventListener("scroll", scrolled, { capture: true });
  }, [open]);

  const press = () => setOpen((before) => !before);
  return h(
    "span",
    { className: "cb-figure-tip" },
    h("button", { ref: button, type: "button", className: "cb-figure-info", "aria-label": label, "aria-describedby": open ? id : undefined, onClick: press }, children),
    open && h("span", { ref: tip, id, role: "tooltip", popover: "manual", className: "cb-figure-text" }, text),
  );
}
