// Behaviour of the frame: remembered sidebar, "/" to search, the offline bar.
import { createElement, useEffect, useSyncExternalStore } from "react";

const KEY = "carbot.nav";
const NARROW = "(max-width: 1179px)";

const usual = () => (matchMedia(NARROW).matches ? "min" : "max");

function showSidebar() {
  document.documentElement.dataset.nav = localStorage.getItem(KEY) ?? usual();
}

// Before the first render of the app, so that the sidebar never jumps.
if (typeof document !== "undefined") showSidebar();

export function toggleSidebar() {
  const wanted = document.documentElement.dataset.nav === "min" ? "max" : "min";
  if (wanted === usual()) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, wanted);
  showSidebar();
}

export function openSearch() {
  if (document.documentElement.dataset.nav === "min") toggleSidebar();
  document.querySelector(".cb-side [data-slash]")?.focus();
}

function isTyping(element) {
  return element?.closest("input, textarea, select, [contenteditable=true], dialog[open]");
}

// Focuses [data-slash] on "/" and follows the width of the window.
export function ShellKeys() {
  useEffect(() => {
    const narrow = matchMedia(NARROW);
    const onKey = (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(document.activeElement)) return;
      const fields = [...document.querySelectorAll("[data-slash]")];
      const field = fields.find((element) => element.offsetParent);
      if (!fields.length) return;
      event.preventDefault();
      if (field) field.focus();
      else openSearch();
    };
    document.addEventListener("keydown", onKey);
    narrow.addEventListener("change", showSidebar);
    return () => {
      document.removeEventListener("keydown", onKey);
      narrow.removeEventListener("change", showSidebar);
    };
  }, []);
  return null;
}

function watchNetwork(listener) {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

// The device has no network, or the server has not answered twice (`lost`).
export function WhenOffline({ lost, children }) {
  const online = useSyncExternalStore(watchNetwork, () => navigator.onLine, () => true);
  return createElement("div", { role: "status" }, online && !lost ? null : children);
}
