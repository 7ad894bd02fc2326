// What the strip of staff and the picker of customers share: glyphs, tiles on their way, and the choice of files.
import { createElement as h, useRef, useState } from "react";

export const glyph = (name, size = 17) =>
  h("svg", { className: "cb-icon", viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": true }, h("use", { href: `/icons.svg#${name}` }));

function Preview({ url }) {
  const [blind, setBlind] = useState(false);
  if (!url || blind) return h("span", { className: "cb-photo-blank" }, glyph("image", 24));
  return h("img", { src: url, alt: "", onError: () => setBlind(true) });
}

export function DraftTile({ draft, number, onRemove, t }) {
  return h(
    "li",
    { className: "cb-photo", "data-state": draft.state },
    h(Preview, { key: draft.url, url: draft.url }),
    draft.state === "failed" && h("span", { className: "cb-photo-veil" }, glyph("triangle-alert", 20)),
    (draft.state === "sending" || draft.state === "waiting") &&
      h(
        "span",
        { className: "cb-photo-veil" },
        h("span", {
          className: "cb-photo-bar",
          role: "progressbar",
          "aria-label": t("photo", { number }),
          "aria-valuemin": 0,
          "aria-valuemax": 100,
          "aria-valuenow": Math.round(draft.progress * 100),
          style: { "--part": draft.progress },
        }),
      ),
    onRemove &&
      h("button", { type: "button", className: "cb-photo-remove", "aria-label": t("remove", { number }), onClick: () => onRemove(draft.key) }, h("span", null, glyph("x", 15))),
  );
}

export function FileChoice({ label, onFiles, look = "" }) {
  const input = useRef(null);
  return h(
    "span",
    { className: "contents" },
    h("button", { type: "button", className: `cb-btn cb-btn-outline ${look}`, onClick: () => input.current.click() }, glyph("camera"), h("span", { className: "cb-truncate" }, label)),
    h("input", {
      ref: input,
      type: "file",
      accept: "image/*,.heic,.heif",
      multiple: true,
      hidden: true,
      "aria-label": label,
      onChange: (event) => {
        onFiles([...event.target.files]);
        event.target.value = "";
      },
    }),
  );
}

// Photos that did not arrive, each reason once, with one way to try again.
export function Failures({ drafts, onRetry, t }) {
  const failed = drafts.filter((draft) => draft.state === "failed");
  if (!failed.length) return null;
  const reasons = [...new Set(failed.map((draft) => draft.error || t("connection")))];
  return h(
    "div",
    { className: "cb-photo-problem cb-problem", role: "alert" },
    h("p", null, h("strong", null, t("failed", { count: failed.length })), " ", reasons.join(" ")),
    failed.some((draft) => !draft.final) && h("button", { type: "button", className: "cb-link", onClick: onRetry }, t("retry")),
  );
}
