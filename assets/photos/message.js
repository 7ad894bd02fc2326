// Photos of one message in the inbox: tiles, what they probably show, and one over everything.
import { createElement as h, useState } from "react";
import { useWords } from "../i18n/core";
import german from "../locales/de/photos.json";
import { Lightbox } from "./lightbox";
import { glyph } from "./parts";

const addressOf = (photo) => `/api/message-files/${photo.id}`;

function Tile({ photo, label, alt, onOpen }) {
  const [gone, setGone] = useState(false);
  return h(
    "figure",
    { className: "cb-message-photo" },
    h(
      "button",
      { type: "button", "aria-haspopup": "dialog", "aria-label": label, onClick: onOpen, disabled: gone },
      gone ? h("span", { className: "cb-photo-blank" }, glyph("image", 24)) : h("img", { src: `${addressOf(photo)}/small`, alt, loading: "lazy", onError: () => setGone(true) }),
    ),
    photo.finding && h("figcaption", null, glyph("sparkles", 14), h("span", null, photo.finding)),
  );
}

export function MessagePhotos({ files }) {
  const t = useWords("photos", german);
  const [at, setAt] = useState(-1);
  const photos = files.filter((file) => file.kind === "photo");
  if (!photos.length) return null;
  const open = (place) => t("open", { number: place + 1, count: photos.length });
  return h(
    "div",
    { className: "cb-message-photos" },
    photos.map((photo, place) => h(Tile, { key: photo.id, photo, label: open(place), alt: t("photo", { number: place + 1 }), onOpen: () => setAt(place) })),
    at >= 0 && photos[at] && h(Lightbox, { photos, at, addressOf, onMove: setAt, onClose: () => setAt(-1), t }),
  );
}
