/** The list of messages. Nodes are kept while nothing about them changed, so focus and half-filled forms survive. */
import { h, icon, writeText } from "./dom.js";

const SAME_BREATH_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
const INTERACTIVE = ["slots", "replies", "contact"];

const midnight = (instant) => new Date(instant).setHours(0, 0, 0, 0);

function dayName(instant, language) {
  const days = Math.round((midnight(instant) - midnight(Date.now())) / DAY_MS);
  if (days > -2) return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day");
  return new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" }).format(instant);
}

export class Thread {
  #t;
  #language;
  #base;
  #conversation;
  #clock;
  #nodes = new Map();
  /** Cards and pictures, once they have been loaded. */
  extras = null;

  /**
   * @param {(key: string, values?: object) => any} t
   * @param {string} language
   * @param {string} base
   * @param {import("./conversation.js").Conversation} conversation
   */
  constructor(t, language, base, conversation) {
    this.#t = t;
    this.#language = language;
    this.#base = base;
    this.#conversation = conversation;
    this.#clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
    this.element = h("div.log", { role: "log", "aria-live": "polite", "aria-label": t("history") });
  }

  sync() {
    const { messages } = this.#conversation;
    const kept = new Map();
    let previous = null;
    let cursor = this.element.firstChild;
    const place = (key, version, make) => {
      let entry = this.#nodes.get(key);
      if (entry?.version !== version) {
        const node = make();
        entry?.node.replaceWith(node);
        if (cursor === entry?.node) cursor = node;
        entry = { version, node };
      }
      kept.set(key, entry);
      if (entry.node === cursor) cursor = cursor.nextSibling;
      else this.element.insertBefore(entry.node, cursor);
      return entry.node;
    };
    messages.forEach((message, index) => {
      const at = Date.parse(message.created_at);
      const next = messages[index + 1];
      const newDay = midnight(at) !== midnight(previous ? Date.parse(previous.created_at) : Date.now());
      if (newDay)
        place(`day${midnight(at)}`, midnight(Date.now()), () => h("p.day", {}, dayName(at, this.#language)));
      const continued =
        !newDay && previous?.author === message.author && previous.author_name === message.author_name;
      const last = !next || Date.parse(next.created_at) - at > SAME_BREATH_MS;
      const said = this.#saidAfter(message, index);
      const version = JSON.stringify([
        message.state,
        message.detail,
        message.state === "streaming" || message.text,
        continued,
        last,
        said,
        message.files,
        !this.extras,
      ]);
      const node = place(message.id, version, () => this.#message(message, { at, continued, last, said }));
      if (message.state === "streaming") writeText(node.querySelector(".bubble"), message.text, true);
      previous = message;
    });
    for (const [key, { node }] of this.#nodes) if (!kept.has(key)) node.remove();
    this.#nodes = kept;
  }

  /** What decides whether the buttons of a message still count: later replies, and whether newer buttons exist. */
  #saidAfter(message, index) {
    if (!message.parts.some(({ type }) => INTERACTIVE.includes(type))) return null;
    const later = this.#conversation.messages.slice(index + 1);
    const replies = later.filter(({ author }) => author === "customer").map(({ text }) => text);
    const superseded = later.some(({ parts }) => parts.some(({ type }) => type === "slots" || type === "booking"));
    return { replies, superseded };
  }

  #message(message, { at, continued, last, said }) {
    const t = this.#t;
    const { author, author_name, text, state } = message;
    if (author === "system")
      return h("div.system", {}, writeText(h("p", { dir: "auto" }), text), ...this.#parts(message, said));
    const who = { customer: t("you"), assistant: t("assistant"), staff: author_name }[author];
    const time = h("time", { datetime: message.created_at }, this.#clock.format(at));
    const bubble = text && writeText(h("div.bubble", { dir: "auto" }), text, state === "streaming");
    return h(
      `div.said.${author}.${state}`,
      { "aria-hidden": state === "streaming" && "true" },
      author === "staff" && !continued ? h("p.who", { dir: "auto" }, who) : h("span.spoken", {}, `${who}: `),
      message.files?.length > 0 && this.extras?.renderFiles(message.files),
      bubble || (state === "streaming" && h("div.bubble", {})),
      ...this.#parts(message, said),
      state === "failed" ? this.#failure(message) : last && this.#meta(author, who, state, time),
    );
  }

  #meta(author, who, state, time) {
    if (state !== "complete") return null;
    return h("p.meta", {}, author === "assistant" && h("span", { "aria-hidden": "true" }, `${who} · `), time);
  }

  #failure(message) {
    return h(
      "p.meta.error",
      {},
      icon("triangle", 14),
      h("span", {}, message.detail ?? this.#t("notSent")),
      h("button.more", { onclick: () => this.#conversation.retry(message) }, this.#t("again")),
    );
  }

  #parts({ parts }, said) {
    let sent = false;
    const send = (text, choice) => {
      if (!sent) this.#conversation.send(text, choice);
      sent = true;
    };
    const { extras } = this;
    if (!extras) return [];
    const context = { base: this.#base, send };
    return parts.flatMap((part) => {
      const replies = said?.replies ?? [];
      // Times stay on offer while the visitor asks something else; quick replies and forms end with the next message.
      const answered =
        part.type === "slots" ? part.slots.some(({ label }) => replies.includes(label)) : replies.length > 0;
      return extras.renderParts([part], { ...context, replies, open: !answered && !said?.superseded });
    });
  }
}
