/** The cards an answer may carry. Unknown kinds are ignored, so the server can learn new ones first. */
import { h, safeHref, telephone } from "../dom.js";
import { icon } from "./icons.js";
import { lampMark } from "./lamps.js";

/**
 * @typedef {object} Context
 * @property {(key: string, values?: object) => any} t
 * @property {string} base origin that links must stay on
 * @property {(text: string, choice?: object) => void} send
 * @property {string[]} replies what the visitor wrote after this message
 * @property {boolean} open whether its buttons and fields still count
 */

let lastId = 0;

const link = (tag, href, ...children) => href && h(tag, { href, target: "_blank", rel: "noopener" }, ...children);

function slots({ title, slots: offered, more_label }, { t, send, replies, open }) {
  const row = ({ id, label, recommended }) => {
    const chosen = replies.includes(label);
    return h(
      `button.slot${recommended ? ".recommended" : ""}`,
      {
        disabled: !open,
        "aria-pressed": chosen && "true",
        onclick: () => send(label, { kind: "slot", value: id }),
      },
      h("span", { dir: "auto" }, label),
      recommended && open && h("span.hint", {}, t("recommended")),
      icon(chosen ? "tick" : "right"),
    );
  };
  return h(
    "div.card",
    { role: "group", "aria-label": title },
    h("p.title", { dir: "auto" }, title),
    ...offered.map(row),
    open && more_label && h("button.more", { onclick: () => send(more_label) }, more_label),
  );
}

function replies({ options }, { send, open }) {
  if (!open) return null;
  const chip = ({ label, value }) =>
    h("button.chip", { dir: "auto", onclick: () => send(label, { kind: "reply", value }) }, label);
  return h("div.chips", { role: "group" }, ...options.map(chip));
}

const CONTACT_FIELDS = {
  name: { autocomplete: "name", valid: /./ },
  phone: { type: "tel", autocomplete: "tel", valid: /^\D*(\d\D*){6,}$/, example: "0171 2345678" },
  email: { type: "email", autocomplete: "email", valid: /^\S+@\S+\.\S+$/, example: "name@beispiel.de" },
};

function contact({ fields }, { t, send, open }) {
  if (!open) return null;
  const names = fields.filter((name) => name in CONTACT_FIELDS);
  const either = names.includes("phone") && names.includes("email");
  const inputs = new Map();
  const errors = new Map();

  const value = (name) => inputs.get(name)?.value.trim();
  const check = (name) => {
    const { valid, example } = CONTACT_FIELDS[name];
    let message = "";
    if (value(name)) message = valid.test(value(name)) ? "" : t("invalid", { example });
    else if (name === "name" || !either) message = t("required");
    else if (name === "phone" && !value("email")) message = t("eitherReach");
    errors.get(name).replaceChildren(...(message ? [icon("triangle", 14), message] : []));
    inputs.get(name).setAttribute("aria-invalid", message !== "");
    return !message;
  };
  const submit = (event) => {
    event.preventDefault();
    const wrong = names.filter((name) => !check(name));
    if (wrong.length) inputs.get(wrong[0]).focus();
    else send(names.map(value).filter(Boolean).join(", "));
  };
  const field = (name) => {
    const { type = "text", autocomplete } = CONTACT_FIELDS[name];
    const errorId = `cb${++lastId}`;
    const input = h("input", {
      type,
      autocomplete,
      maxlength: 200,
      dir: "auto",
      "aria-describedby": errorId,
      onblur: () => value(name) && check(name),
      oninput: () => input.getAttribute("aria-invalid") === "true" && check(name),
    });
    inputs.set(name, input);
    errors.set(name, h("p.error", { id: errorId }));
    return h("div.field", {}, h("label", {}, t(name), input), errors.get(name));
  };
  return h(
    "form.card",
    { novalidate: true, "aria-label": t("contactTitle"), onsubmit: submit },
    h("p.title", {}, t("contactTitle")),
    ...names.map(field),
    either && h("p.hint", {}, t("eitherReach")),
    h("button.primary", { type: "submit" }, t("contactSend")),
  );
}

function booking({ title, when, price, address, ics_url, manage_url }, { t, base }) {
  const line = (tag, text) => text && h(tag, { dir: "auto" }, text);
  return h(
    "div.card.booking",
    { role: "group", "aria-label": title },
    h("p.title", { dir: "auto" }, icon("tick", 16), h("span", {}, title)),
    line("p.when", when),
    line("p.price", price),
    line("p.address", address),
    h(
      "div.actions",
      {},
      link("a.secondary", safeHref(ics_url, base), icon("calendar", 16), t("calendar")),
      link("a.more", safeHref(manage_url, base), t("manage")),
    ),
  );
}

function danger({ text, phone, phone_href }, { t }) {
  const href = telephone(phone_href);
  return h(
    "div.card.danger",
    { role: "alert" },
    h("p", { dir: "auto" }, icon("octagon", 20), h("span", {}, text)),
    href && h("a.primary", { href }, icon("phone"), t("callNumber", { phone })),
  );
}

const outward = ({ label, url }, { base }) =>
  link("a.card.outward", safeHref(url, base), h("span", { dir: "auto" }, label), icon("right"));

const KINDS = { slots, replies, contact, booking, danger, link: outward, lamp: lampMark };

/** @returns {HTMLElement[]} the cards of `parts` that can be shown */
export function renderParts(parts, context) {
  return parts.map((part) => Object.hasOwn(KINDS, part.type) && KINDS[part.type](part, context)).filter(Boolean);
}
