// Behaviour of the inbox that must not wait for the server: address, keys, scrolling, drafts, the clock.
import { createElement, useEffect, useLayoutEffect, useRef, useState } from "react";

const ROW = "[data-inbox-row]";
const MINUTE_MS = 60_000;
const NEAR_END_PX = 120;
const DRAFT_PAUSE_MS = 700;
const TYPING_PAUSE_MS = 3_000;
const TYPING_SHOWN_MS = 6_000;

function isPlainClick(event) {
  return !event.defaultPrevented && event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
}

// A link whose target is already on the page: the address changes by `params` (empty removes), nothing reloads.
export function AddressLink({ href, params, onPick, children, ...attributes }) {
  const onClick = (event) => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(params)) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    if (address.href !== location.href) history.pushState(history.state, "", address);
    onPick?.();
  };
  return createElement("a", { href, onClick, ...attributes }, children);
}

function isTyping(element) {
  return element?.closest("input, textarea, select, [contenteditable=true], dialog[open], [role=menu]");
}

function moveBy(step) {
  const rows = [...document.querySelectorAll(ROW)];
  // The focus is where the last key put it; what is open follows only when the server has answered.
  const focused = rows.indexOf(document.activeElement);
  const at = focused >= 0 ? focused : rows.findIndex((row) => row.getAttribute("aria-current") === "true");
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  next.click();
}

const isShown = (element) => element?.offsetParent;

// A menu of the bar over selected rows comes before the one of the open thread.
function openMenu(name) {
  const menus = [...document.querySelectorAll(`[data-inbox-menu="${name}"] > * > button`)];
  menus.find(isShown)?.click();
}

function finish() {
  (document.querySelector("[data-bulk-done]") ?? document.querySelector("[data-inbox-done]"))?.click();
}

function answer(kind) {
  const field = document.querySelector(`[data-inbox-${kind}]`);
  if (field) field.focus();
  else document.querySelector(`[data-compose="${kind}"]`)?.click();
}

function currentRow() {
  return (document.activeElement?.closest(ROW) ?? document.querySelector(`${ROW}[aria-current="true"]`))?.dataset.inboxRow;
}

const KEYS = {
  j: () => moveBy(1),
  ArrowDown: () => moveBy(1),
  k: () => moveBy(-1),
  ArrowUp: () => moveBy(-1),
  r: () => answer("reply"),
  n: () => answer("note"),
  e: finish,
  a: () => openMenu("assign"),
  l: () => openMenu("label"),
  s: () => openMenu("snooze"),
  x: ({ onSelect }) => currentRow() && onSelect?.(currentRow()),
  Escape: () => document.querySelector("[data-bulk-leave]")?.click(),
  "?": () => document.getElementById("inbox-keys")?.showModal(),
};

// The keys of the help sheet; every minute and on return to the tab the page is told.
export function InboxKeys({ onMinute, onReturn, onSelect }) {
  const handlers = useRef({});
  handlers.current = { onMinute, onReturn, onSelect };
  useEffect(() => {
    const onKey = (event) => {
      const act = KEYS[event.key];
      if (!act || event.ctrlKey || event.metaKey || event.altKey || isTyping(document.activeElement)) return;
      if (event.key.startsWith("Arrow") && document.activeElement?.closest("[role=log]")) return;
      event.preventDefault();
      act(handlers.current);
    };
    const isVisible = () => document.visibilityState === "visible";
    const onVisible = () => isVisible() && handlers.current.onReturn?.(true);
    const timer = setInterval(() => isVisible() && handlers.current.onMinute?.(), MINUTE_MS);
    document.addEventListener("keydown", onKey);
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      clearInterval(timer);
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, []);
  return null;
}

// Opens a thread at its end and follows what is added or grows there, while the reader is there.
export function ThreadScroll({ thread, children, ...attributes }) {
  const pane = useRef(null);
  useLayoutEffect(() => {
    const element = pane.current;
    let isAtEnd = true;
    const follow = () => isAtEnd && (element.scrollTop = element.scrollHeight);
    const onScroll = () => {
      isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    };
    follow();
    const observer = new ResizeObserver(follow);
    for (const part of [element, ...element.children]) observer.observe(part);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, [thread]);
  return createElement("div", { ref: pane, ...attributes }, children);
}

const draftKey = (thread) => `carbot.draft.${thread}`;

// What was written but not sent survives a change of thread or a reload, goes to the server as `draft` of this person,
// and goes when it is sent. While somebody writes, `onTyping` is called every few seconds.
export function DraftKeeper({ thread, sent, draft, onTyping, onDraft }) {
  const anchor = useRef(null);
  const tell = useRef(onTyping);
  tell.current = onTyping;
  const keepThere = useRef(onDraft);
  keepThere.current = onDraft;
  const sentBefore = useRef(sent);
  const field = () => anchor.current.form.elements.text;
  useEffect(() => {
    const input = field();
    input.value = sessionStorage.getItem(draftKey(thread)) ?? draft ?? "";
    let told = 0;
    let saving;
    let waiting = false;
    const save = () => {
      clearTimeout(saving);
      if (waiting) keepThere.current?.(thread, input.value);
      waiting = false;
    };
    const keep = () => {
      clearTimeout(saving);
      waiting = true;
      saving = setTimeout(save, DRAFT_PAUSE_MS);
      if (input.value) sessionStorage.setItem(draftKey(thread), input.value);
      else sessionStorage.removeItem(draftKey(thread));
      if (!input.value || Date.now() - told < TYPING_PAUSE_MS) return;
      told = Date.now();
      tell.current?.();
    };
    const drop = () => {
      clearTimeout(saving);
      waiting = false;
    };
    input.addEventListener("input", keep);
    input.form.addEventListener("submit", drop);
    return () => {
      save();
      input.removeEventListener("input", keep);
      input.form?.removeEventListener("submit", drop);
    };
  }, [thread]);
  useEffect(() => {
    if (sent === sentBefore.current) return;
    sentBefore.current = sent;
    sessionStorage.removeItem(draftKey(thread));
    field().value = "";
  }, [sent, thread]);
  return createElement("input", { type: "hidden", ref: anchor });
}

// Shows its children for some seconds after each hint that the customer is writing, or until the message is there.
export function CustomerTyping({ thread, last, children, ...attributes }) {
  const [isTyping, setTyping] = useState(false);
  useEffect(() => {
    let timer;
    const onTyping = ({ detail }) => {
      if (detail !== thread) return;
      clearTimeout(timer);
      timer = setTimeout(() => setTyping(false), TYPING_SHOWN_MS);
      setTyping(true);
    };
    window.addEventListener("carbot:typing", onTyping);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("carbot:typing", onTyping);
      setTyping(false);
    };
  }, [thread, last]);
  return createElement("div", { role: "status", ...attributes }, isTyping ? children : null);
}

// A search field that is typed into freely and follows the address when somebody else changes it.
export function SearchFollows({ value }) {
  const anchor = useRef(null);
  useEffect(() => {
    const input = anchor.current.parentElement.querySelector("input[type=search]");
    if (input !== document.activeElement || !value) input.value = value;
  }, [value]);
  return createElement("span", { ref: anchor, hidden: true });
}
