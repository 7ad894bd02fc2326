// The form of one service: fields are the browser's own until a short pause, then the server sees all of them.
import { createElement, useEffect, useRef } from "react";

const PAUSE_MS = 250;

const valuesOf = (form) => Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string"));

// `dirty`: leaving asks. A link that is followed then is handed to `onLeave` instead.
function useLeaveGuard(dirty, onLeave) {
  const leave = useRef(onLeave);
  leave.current = onLeave;
  useEffect(() => {
    if (!dirty) return undefined;
    const onUnload = (event) => event.preventDefault();
    const onClick = (event) => {
      const link = event.target.closest?.("a[href]");
      if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || link.target === "_blank") return;
      const target = new URL(link.href, location.href);
      if (target.origin !== location.origin || target.pathname === location.pathname) return;
      event.preventDefault();
      event.stopPropagation();
      leave.current?.(target.pathname + target.search);
    };
    window.addEventListener("beforeunload", onUnload);
    document.addEventListener("click", onClick, true);
    return () => {
      window.removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onClick, true);
    };
  }, [dirty]);
}

// Focus goes into the pane when a service is opened and back to its card when it is closed.
function useFocus(service, form) {
  useEffect(() => {
    if (!service) return undefined;
    const opener = document.activeElement;
    form.current?.closest("[data-editor]")?.querySelector("h2")?.focus({ preventScroll: true });
    return () => {
      const card = document.querySelector(`[data-card="${CSS.escape(service)}"]`);
      requestAnimationFrame(() => (card?.isConnected ? card : opener)?.focus?.());
    };
  }, [service]);
}

export function EditForm({ service, dirty, onEdit, onSave, onLeave, children, ...attributes }) {
  const form = useRef(null);
  const timer = useRef(undefined);
  useLeaveGuard(dirty, onLeave);
  useFocus(service, form);
  useEffect(() => () => clearTimeout(timer.current), []);
  const onInput = (event) => {
    if (event.target.closest("[data-no-edit]")) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => form.current && onEdit?.(valuesOf(form.current)), PAUSE_MS);
  };
  const onSubmit = (event) => {
    event.preventDefault();
    clearTimeout(timer.current);
    onSave?.(valuesOf(form.current));
  };
  const onKeyDown = (event) => {
    if (event.key === "Enter" && event.target.closest("[data-no-edit]")) event.preventDefault();
  };
  return createElement("form", { ...attributes, ref: form, onInput, onSubmit, onKeyDown, noValidate: true }, children);
}
