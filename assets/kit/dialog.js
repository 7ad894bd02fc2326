// A native <dialog> driven by a prop: focus trap, Escape and focus return come from the browser.
import { createElement, useEffect, useRef } from "react";

export function Dialog({ open, onClose, dismissable = true, outside = true, children, ...attributes }) {
  const element = useRef(null);
  useEffect(() => {
    const dialog = element.current;
    if (open === undefined) return;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);
  const onClick = (event) => {
    const asked = event.target === element.current || event.target.closest("[data-close]");
    if (asked && ((dismissable && outside) || event.target !== element.current)) element.current.close();
  };
  const onCancel = (event) => {
    if (!dismissable) event.preventDefault();
  };
  const onClosed = () => {
    if (open !== false) onClose?.();
  };
  return createElement("dialog", { ...attributes, ref: element, onClose: onClosed, onClick, onCancel }, children);
}
