// One photo over everything, and its neighbours by arrow keys, buttons or swiping.
import { createElement as h, useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { glyph } from "./parts";

const SWIPE_PX = 40;
// React lets these events rise to the pane the photo was opened from, which would take them for its own.
const own = (handle) => (event) => {
  event.stopPropagation();
  handle?.(event);
};

export function Lightbox({ photos, at, addressOf, onMove, onClose, onDelete, showsWho, t }) {
  const dialog = useRef(null);
  const touched = useRef(0);
  useEffect(() => dialog.current.showModal(), []);
  const photo = photos[at];
  const go = (step) => onMove((at + step + photos.length) % photos.length);
  const onKey = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && photos.length > 1) go(step);
  };
  const button = (name, label, onClick, look = "") =>
    h("button", { type: "button", className: `cb-lightbox-button ${look}`, "aria-label": label, onClick: own(onClick) }, glyph(name, 22));
  return createPortal(
    h(
      "dialog",
      {
        ref: dialog,
        className: "cb-lightbox",
        "aria-label": t("photo", { number: at + 1 }),
        onClose: own(onClose),
        onCancel: own(),
        onKeyDown: own(onKey),
        onClick: own((event) => event.target === dialog.current && dialog.current.close()),
        onTouchStart: own((event) => (touched.current = event.touches[0].clientX)),
        onTouchEnd: own((event) => {
          const moved = event.changedTouches[0].clientX - touched.current;
          if (photos.length > 1 && Math.abs(moved) > SWIPE_PX) go(moved > 0 ? -1 : 1);
        }),
      },
      h(
        "div",
        { className: "cb-lightbox-head" },
        h("p", { className: "cb-num", "aria-live": "polite" }, t("of", { number: at + 1, count: photos.length }), showsWho && h("span", { className: "cb-lightbox-by" }, " · ", photo.uploaded_by ? t("by", { name: photo.uploaded_by }) : t("by_customer"))),
        onDelete && button("trash-2", t("delete"), () => onDelete(photo)),
        button("x", t("close"), () => dialog.current.close()),
      ),
      h("img", { key: photo.id, src: addressOf(photo), width: photo.width, height: photo.height, alt: t("photo", { number: at + 1 }) }),
      photos.length > 1 && button("chevron-left", t("previous"), () => go(-1), "cb-lightbox-previous"),
      photos.length > 1 && button("chevron-right", t("next"), () => go(1), "cb-lightbox-next"),
    ),
    document.body,
  );
}
