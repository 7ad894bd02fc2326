// Arrow keys for a row of tabs: one tab stop, arrows move and choose.
import { createElement } from "react";

export function TabRow({ children, ...attributes }) {
  const onKeyDown = (event) => {
    const all = [...event.currentTarget.querySelectorAll('[role="tab"]')];
    const at = all.indexOf(document.activeElement);
    const next = {
      ArrowRight: (at + 1) % all.length,
      ArrowLeft: (at - 1 + all.length) % all.length,
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    all[next].focus();
    all[next].click();
  };
  return createElement("div", { role: "tablist", onKeyDown, ...attributes }, children);
}
