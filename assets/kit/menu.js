// Menu button after the ARIA pattern: arrows, Home, End, letters, Escape; focus goes back to the button.
import { Children, createElement, useEffect, useRef, useState } from "react";

const ITEMS = '[role^="menuitem"]:not([disabled])';

// Some entries are only there where the screen has no room for their button.
const itemsIn = (root) => [...root.querySelectorAll(ITEMS)].filter((item) => item.checkVisibility?.() ?? true);

export function Menu({ label, triggerClass, align = "start", side = "bottom", children }) {
  const [open, setOpen] = useState(false);
  const root = useRef(null);
  const button = useRef(null);
  const [trigger, ...items] = Children.toArray(children);

  useEffect(() => {
    if (!open) return undefined;
    itemsIn(root.current)[0]?.focus();
    const onOutside = (event) => {
      if (!root.current.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", onOutside);
    return () => document.removeEventListener("pointerdown", onOutside);
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current.focus();
  };
  const onKeyDown = (event) => {
    if (!open) return;
    const all = itemsIn(root.current);
    const at = all.indexOf(document.activeElement);
    const last = all.length - 1;
    const letter = event.key.length === 1 ? event.key.toLowerCase() : undefined;
    const named = letter && all.find((item, i) => i > at && item.textContent.trim().toLowerCase().startsWith(letter));
    const next = {
      ArrowDown: all[at === last ? 0 : at + 1],
      ArrowUp: all[at <= 0 ? last : at - 1],
      Home: all[0],
      End: all[last],
    }[event.key];
    if (event.key === "Escape") close();
    else if (event.key === "Tab") setOpen(false);
    else if (next || named) {
      event.preventDefault();
      (next || named).focus();
    }
  };
  const onItem = (event) => {
    if (event.target.closest(ITEMS)) close();
  };
  return createElement(
    "div",
    { className: "cb-menu-root", ref: root, onKeyDown },
    createElement(
      "button",
      {
        type: "button",
        ref: button,
        className: triggerClass,
        "aria-haspopup": "menu",
        "aria-expanded": open,
        onClick: () => setOpen(!open),
      },
      trigger,
      createElement("span", { className: "cb-sr" }, " ", label),
    ),
    open &&
      createElement(
        "div",
        { role: "menu", "aria-label": label, className: "cb-menu", "data-align": align, "data-side": side, onClick: onItem },
        items,
      ),
  );
}
