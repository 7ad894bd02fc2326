// The cards of a question, the car above them, and what is shown when it is over.
import { createElement as h, useState } from "react";
import { Lightbox } from "../photos/lightbox";
import { glyph } from "../photos/parts";
import { addressOf } from "./sending";

const URGENCY = { urgent: ["triangle-alert", "err"], soon: ["sv-medium", "warn"], later: ["clock", "neutral"] };

function Plate({ plate, country }) {
  const [city, rest] = plate.includes("-") ? plate.split("-", 2) : ["", plate];
  return h(
    "span",
    { className: "cb-plate cb-plate-24", "data-country": country, role: "img", "aria-label": plate },
    h("span", { className: "cb-plate-band" }, h("svg", { viewBox: "0 0 20 20", "aria-hidden": true }, h("circle", { cx: 10, cy: 10, r: 8 })), h("span", { "aria-hidden": true }, country)),
    h("span", { className: "cb-plate-text", "aria-hidden": true }, city && h("span", null, city), city && h("span", { className: "cb-plate-seals" }), h("span", null, rest)),
  );
}

const BAND = { DE: "D", AT: "A" };

export function Head({ page, title, t, language, focus }) {
  const km = page.km ? t("km", { km: new Intl.NumberFormat(language).format(page.km) }) : "";
  const car = [page.model, km].filter(Boolean).join(" · ");
  return h(
    "header",
    { className: "cb-approval-head" },
    h(
      "div",
      { className: "cb-approval-top" },
      h("p", { className: "cb-muted min-w-0" }, page.technician ? t("checked", { name: page.technician }) : page.workshop),
      page.phone && h("a", { href: `tel:${page.phone.replace(/[^+\d]/g, "")}`, className: "cb-approval-call", "aria-label": t("call") }, glyph("phone", 22)),
    ),
    h("h1", { className: "cb-hero", tabIndex: -1, ref: focus }, title),
    h("p", { className: "cb-approval-car" }, page.plate && h(Plate, { plate: page.plate, country: BAND[page.plate_country] ?? page.plate_country }), h("span", { className: "cb-muted cb-num" }, car)),
  );
}

function Photos({ job, token, t, words }) {
  const [at, setAt] = useState(-1);
  if (!job.photos.length) return null;
  const base = `${addressOf(token)}/photos`;
  return h(
    "span",
    { className: "cb-approval-photo" },
    h(
      "button",
      { type: "button", "aria-haspopup": "dialog", "aria-label": t("photos", { count: job.photos.length, title: job.title }), onClick: () => setAt(0) },
      h("img", { src: `${base}/${job.photos[0].id}/small`, alt: "", loading: "lazy" }),
      job.photos.length > 1 && h("span", { className: "cb-approval-count cb-num", "aria-hidden": true }, glyph("images", 15), job.photos.length),
    ),
    at >= 0 && h(Lightbox, { photos: job.photos, at, addressOf: (photo) => `${base}/${photo.id}`, onMove: setAt, onClose: () => setAt(-1), showsWho: false, t: words }),
  );
}

export function Job({ job, token, choice, onChoose, money, t, words }) {
  const [sign, tone] = URGENCY[job.urgency] ?? [];
  const toggle = (value, off, on, icon) =>
    h(
      "button",
      { type: "button", className: "cb-choice", "data-kind": value ? "yes" : "no", "aria-pressed": choice === value, onClick: () => onChoose(job.id, value) },
      choice === value && glyph(icon, 20),
      choice === value ? on : off,
    );
  return h(
    "li",
    { className: "cb-card cb-approval-job", "data-choice": choice === undefined ? "" : choice ? "yes" : "no", "data-photo": job.photos.length > 0, id: `job-${job.id}` },
    h(
      "div",
      { className: "cb-approval-facts" },
      sign && h("span", { className: `cb-badge cb-tone-${tone} cb-approval-urgency` }, glyph(sign, 15), t(`urgency.${job.urgency}`)),
      h("h2", null, job.title),
      job.finding && h("p", { className: "cb-muted cb-approval-finding" }, job.finding),
      h(Photos, { job, token, t, words }),
      h("p", { className: "cb-approval-price cb-num" }, choice === false ? h("s", null, money(job.gross_cents)) : money(job.gross_cents)),
    ),
    h(
      "div",
      { className: "cb-approval-choices", role: "group", "aria-label": t("choose", { title: job.title }) },
      toggle(true, t("approve"), t("approved"), "circle-check"),
      toggle(false, t("decline"), t("declined"), "circle-x"),
    ),
  );
}

export function Summary({ page, token, money, t, focus }) {
  return h(
    "section",
    { className: "cb-approval-done" },
    h("span", { className: "cb-done-sign" }, glyph("check", 26)),
    h("h1", { className: "cb-hero", tabIndex: -1, ref: focus }, t("done.title")),
    h("p", { className: "cb-muted" }, t("done.when", { when: page.decided, name: page.signed_name })),
    h(
      "ul",
      { className: "cb-card cb-approval-list" },
      page.jobs.map((job) =>
        h(
          "li",
          { key: job.id },
          h("span", { className: job.approved ? "cb-approval-yes" : "cb-muted" }, glyph(job.approved ? "circle-check" : "circle-x", 20)),
          h("span", { className: "min-w-0" }, h("span", { className: "block" }, job.title), h("span", { className: "block cb-dense cb-muted" }, t(job.approved ? "approved" : "declined"))),
          h("span", { className: "cb-num" }, job.approved ? money(job.gross_cents) : h("s", { className: "cb-muted" }, money(job.gross_cents))),
        ),
      ),
      page.discount_cents > 0 && page.approved_cents > 0 && h("li", null, h("span"), h("span", null, t("discount")), h("span", { className: "cb-num" }, money(-page.discount_cents))),
      h("li", { className: "cb-approval-total" }, h("span"), h("strong", null, t("done.sum")), h("strong", { className: "cb-num" }, money(page.approved_cents ?? 0), page.with_vat && h("small", { className: "cb-muted" }, t("vat")))),
    ),
    h("p", { className: "cb-muted" }, t("legal")),
    h(
      "div",
      { className: "cb-approval-after" },
      h("a", { className: "cb-btn cb-btn-outline cb-btn-lg", href: `${addressOf(token)}/pdf`, target: "_blank", rel: "noreferrer" }, glyph("download", 21), t("done.pdf")),
      page.phone && h("a", { className: "cb-btn cb-btn-ghost cb-btn-lg", href: `tel:${page.phone.replace(/[^+\d]/g, "")}` }, glyph("phone", 21), t("call")),
    ),
    h("p", { className: "cb-dense cb-muted" }, t("done.change")),
  );
}

export function Over({ page, t, focus }) {
  return h(
    "section",
    { className: "cb-approval-done" },
    h("h1", { className: "cb-hero", tabIndex: -1, ref: focus }, t(`${page.state}.title`)),
    h("p", { className: "cb-muted" }, t(`${page.state}.text`)),
    page.phone && h("a", { className: "cb-btn cb-btn-primary cb-btn-lg", href: `tel:${page.phone.replace(/[^+\d]/g, "")}` }, glyph("phone", 21), t("call")),
  );
}
