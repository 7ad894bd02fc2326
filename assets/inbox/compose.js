// Writing in the inbox: a list of texts or people that opens while somebody types "/" or "@".
import { createElement as h, useEffect, useId, useRef, useState } from "react";

const SHOWN = 8;
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[ıİ]/g, "i").replace(/ł/gi, "l").toLowerCase();
const titleOf = (option) => option.title ?? option.name;

function typedAfter(input, trigger) {
  const before = input.value.slice(0, input.selectionStart);
  const at = before.lastIndexOf(trigger);
  if (at < 0 || (at > 0 && !/\s/.test(before[at - 1]))) return undefined;
  const word = before.slice(at + 1);
  return /\n|\s{2}/.test(word) || word.length > 40 ? undefined : { at, word };
}

function matching(options, word) {
  const wanted = fold(word).trim();
  const found = options.filter((option) => fold(`${titleOf(option)} ${option.category ?? ""}`).includes(wanted));
  return found.slice(0, SHOWN);
}

// Inside a form with a field `text`. `options` have a title and a text, or a name that is inserted behind the trigger.
export function ComposerHelp({ trigger, options, label, empty, starter }) {
  const anchor = useRef(null);
  const id = useId();
  const [state, setState] = useState();
  const [active, setActive] = useState(0);
  const field = () => anchor.current?.closest("form")?.elements.text;
  const found = state ? matching(options, state.word) : [];
  const latest = useRef({});
  latest.current = { state, found, active };

  const close = () => setState(undefined);
  const insert = (option) => {
    const input = field();
    const { at } = latest.current.state;
    input.setRangeText(option.text ?? `${trigger}${option.name} `, at, input.selectionStart, "end");
    close();
    input.focus();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  useEffect(() => {
    const input = field();
    if (!input) return undefined;
    const look = () => {
      setState(typedAfter(input, trigger));
      setActive(0);
    };
    const onKey = (event) => {
      const { state: open, found: shown, active: at } = latest.current;
      if (!open) return;
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        close();
      } else if (shown.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        event.preventDefault();
        setActive((at + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length);
      } else if (shown.length && (event.key === "Tab" || (event.key === "Enter" && !event.ctrlKey && !event.metaKey))) {
        event.preventDefault();
        insert(shown[at]);
      }
    };
    const onBlur = () => setTimeout(() => document.activeElement !== input && close(), 150);
    input.addEventListener("input", look);
    input.addEventListener("keydown", onKey);
    input.addEventListener("blur", onBlur);
    return () => {
      input.removeEventListener("input", look);
      input.removeEventListener("keydown", onKey);
      input.removeEventListener("blur", onBlur);
    };
  }, [options, trigger]);

  useEffect(() => {
    const input = field();
    if (!input) return;
    input.setAttribute("aria-autocomplete", "list");
    if (found.length) {
      input.setAttribute("aria-controls", id);
      input.setAttribute("aria-activedescendant", `${id}-${active}`);
    } else {
      input.removeAttribute("aria-controls");
      input.removeAttribute("aria-activedescendant");
    }
  });

  const begin = () => {
    const input = field();
    input.focus();
    const gap = input.selectionStart && !/\s/.test(input.value[input.selectionStart - 1]) ? " " : "";
    input.setRangeText(gap + trigger, input.selectionStart, input.selectionEnd, "end");
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const option = (one, place) =>
    h(
      "div",
      {
        key: titleOf(one),
        id: `${id}-${place}`,
        role: "option",
        "aria-selected": place === active,
        className: "cb-suggestion",
        onPointerDown: (event) => {
          event.preventDefault();
          insert(one);
        },
      },
      h("span", { className: "font-[600] cb-truncate" }, titleOf(one)),
      one.category && h("span", { className: "cb-muted cb-dense flex-none" }, one.category),
      one.text && h("span", { className: "cb-muted cb-dense cb-truncate basis-full" }, one.text),
    );
  return h(
    "span",
    { ref: anchor, className: "contents" },
    starter &&
      h("button", { type: "button", className: "cb-btn cb-btn-ghost cb-btn-square cb-btn-sm", "aria-label": label, "data-tip": label, onClick: begin }, h("span", { className: "cb-kbd" }, starter)),
    state &&
      (found.length
        ? h("div", { id, role: "listbox", "aria-label": label, className: "cb-suggestions" }, found.map(option))
        : options.length > 0 && state.word === "" ? null : h("div", { role: "status", className: "cb-suggestions cb-muted px-3 py-2" }, empty)),
  );
}
