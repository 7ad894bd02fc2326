// Takes files by choice or by drop and uploads them as they are; the page is told the id of the last one, or the sums
// of what the answers count, or why a file was not taken.
import { createElement, useRef, useState } from "react";

async function upload(address, file) {
  const answer = await fetch(`${address}?name=${encodeURIComponent(file.name.slice(-200))}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream", "Accept-Language": document.documentElement.lang },
    body: file,
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.detail || told.title);
  return told;
}

export function FileDrop({
  label,
  sending,
  failed,
  wrongType,
  tooLarge,
  maxBytes,
  address,
  endings,
  multiple = false,
  primary = true,
  counted = [],
  onUploaded,
  onCounted,
  onProblem,
  children,
}) {
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(false);
  const input = useRef(null);

  const fits = (file) => endings.split(",").includes(file.name.split(".").pop().toLowerCase());
  const take = async (dropped) => {
    const files = [...dropped].slice(0, multiple ? undefined : 1);
    if (busy || !files.length) return;
    if (!files.every(fits)) return onProblem?.(wrongType);
    if (files.some((file) => file.size > maxBytes)) return onProblem?.(tooLarge);
    setBusy(true);
    try {
      // One after the other: of several statements each begins with the balance the last one ends with
      const answers = [];
      for (const file of files) answers.push(await upload(address, file));
      onUploaded?.(answers.at(-1).id);
      onCounted?.(...counted.map((name) => answers.reduce((sum, told) => sum + told[name], 0)));
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
        take(event.dataTransfer.files);
      },
    },
    children,
    createElement(
      "button",
      { type: "button", className: `cb-btn ${primary ? "cb-btn-primary" : "cb-btn-outline"} mt-3`, disabled: busy, onClick: () => input.current.click() },
      createElement("span", null, busy ? sending : label),
    ),
    createElement("input", {
      ref: input,
      type: "file",
      accept: endings.split(",").map((ending) => `.${ending}`).join(),
      multiple,
      hidden: true,
      "aria-label": label,
      onChange: (event) => take(event.target.files),
    }),
  );
}
