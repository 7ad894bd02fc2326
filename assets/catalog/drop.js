// Takes a file by choice or by drop and uploads it as it is; the page is told its id, or why it was not taken.
import { createElement, useRef, useState } from "react";

// The old .xls goes through: the server says how to save it as .xlsx
const TYPES = /\.(xlsx?|xlsm|csv|txt)$/i;

async function upload(file) {
  const answer = await fetch(`/api/catalog/uploads?name=${encodeURIComponent(file.name.slice(-200))}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream", "Accept-Language": document.documentElement.lang },
    body: file,
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.detail || told.title);
  return told.id;
}

export function FileDrop({ label, sending, failed, wrongType, tooLarge, maxBytes, onUploaded, onProblem, children }) {
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(false);
  const input = useRef(null);

  const take = async (file) => {
    if (!file || busy) return;
    if (!TYPES.test(file.name)) return onProblem?.(wrongType);
    if (file.size > maxBytes) return onProblem?.(tooLarge);
    setBusy(true);
    try {
      onUploaded?.(await upload(file));
    } catch (error) {
      // A lost connection has a message only a developer understands
      onProblem?.(error instanceof TypeError || error instanceof SyntaxError ? failed : error.message);
    } finally {
      setBusy(false);
      if (input.current) input.current.value = "";
    }
  };

  return createElement(
    "div",
    {
      className: "cb-drop",
      "data-over": over,
      "aria-busy": busy,
      onDragOver: (event) => {
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: () => setOver(false),
      onDrop: (event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0]);
      },
    },
    children,
    createElement(
      "button",
      { type: "button", className: "cb-btn cb-btn-primary mt-3", disabled: busy, onClick: () => input.current.click() },
      createElement("span", null, busy ? sending : label),
    ),
    createElement("input", {
      ref: input,
      type: "file",
      accept: ".xlsx,.xlsm,.csv,.txt",
      hidden: true,
      "aria-label": label,
      onChange: (event) => take(event.target.files[0]),
    }),
  );
}
