/**
 * `<carbot-chat workshop="slug">`: the conversation filling its box; with `floating` the bubble of a foreign page.
 * Optional attributes: `language` (de, en, tr, pl) and `position="left"`.
 */
import { Api, Problem } from "./api.js";
import { Conversation } from "./conversation.js";
import { h } from "./dom.js";
import { Launcher } from "./launcher.js";
import { Panel } from "./panel.js";
import { Session } from "./session.js";
import { pickLanguage, translator } from "./texts.js";
import css from "./widget.css";

/** Where the script came from: the only host ever spoken to. */
const BASE = new URL(document.currentScript?.src ?? location.href).origin;

const EXTRAS_ATTEMPTS = 30;
const EXTRAS_PAUSE_MS = 1_000;

/** The workshop's accent as custom properties; anything that is not a plain CSS colour is dropped. */
function accentSheet({ light, dark }) {
  const rules = (colours) =>
    Object.entries(colours ?? {})
      .filter(([name, colour]) => /^\w+$/.test(name) && CSS.supports("color", colour))
      .map(([name, colour]) => `--${name}:${colour};`)
      .join("");
  return `:host{${rules(light)}}@media (prefers-color-scheme:dark){:host{${rules(dark)}}}`;
}

/** Constructed sheets pass the `style-src` of a strict host page. */
function adopt(root, text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  root.adoptedStyleSheets.push(sheet);
}

export class CarbotChat extends HTMLElement {
  #ending;
  #api;
  #session;
  #workshop;
  #conversation;
  #launcher;
  #panel;
  #root;
  #equipped = false;
  #frame = 0;

  connectedCallback() {
    if (!this.shadowRoot) {
      this.attachShadow({ mode: "open" });
      adopt(this.shadowRoot, css);
    }
    this.#ending = new AbortController();
    this.#start(this.#ending.signal);
  }

  disconnectedCallback() {
    this.#ending.abort();
    this.#launcher?.dispose();
    this.#conversation?.pause();
    this.#root?.remove();
    this.#launcher = this.#panel = this.#conversation = this.#root = null;
  }

  async #start(signal) {
    const slug = this.getAttribute("workshop") ?? "";
    this.#session = new Session(slug);
    const api = new Api(BASE, slug, this.#session);
    let workshop;
    try {
      workshop = await api.workshop();
    } catch (error) {
      if (!signal.aborted) this.#fail(error, signal);
      return;
    }
    if (signal.aborted) return;
    adopt(this.shadowRoot, accentSheet(workshop.accent ?? {}));
    this.#workshop = workshop;
    this.#api = api;
    api.language = pickLanguage([...this.#wishes(), workshop.language], workshop.languages);
    this.#conversation = new Conversation(api, this.#session, () => this.#schedule());
    if (this.hasAttribute("floating")) this.#float(signal);
    else this.#fill();
    this.#listen(signal);
    this.#sync();
    this.#conversation.resume();
  }

  #wishes() {
    return [
      this.#session.values.language,
      this.getAttribute("language"),
      document.documentElement.lang,
      ...navigator.languages,
    ];
  }

  #float(signal) {
    this.#launcher = new Launcher(this.#workshop.name, (open) => this.#toggled(open), signal);
    this.#root = this.#launcher.element;
    if (this.getAttribute("position") === "left") this.#root.classList.add("left");
    this.shadowRoot.append(this.#root);
    // A chat that fills the screen would hide the page the visitor has just asked for.
    if (this.#session.values.open && !this.#launcher.small.matches) this.#launcher.open(false);
  }

  #fill() {
    this.#session.resume();
    this.#root = h("section.panel.inline", {});
    this.shadowRoot.append(this.#root);
    this.#furnish(this.#root);
    this.#tellShown();
  }

  /** The scripts of our own page wait for it, see carbot_app/build/html.py. */
  #tellShown() {
    this.dispatchEvent(new Event("carbot-shown"));
  }

  #furnish(frame) {
    const chooseLanguage = (language) => {
      this.#api.language = language;
      this.#session.remember({ language });
      this.#panel.build(language);
      this.#sync();
    };
    this.#panel = new Panel(
      frame,
      this.#workshop,
      this.#conversation,
      BASE,
      chooseLanguage,
      this.#launcher?.minimise,
    );
    this.#panel.build(this.#api.language);
    this.#equip(this.#panel);
  }

  /** Cards and tools come after the chat was opened; without them it can be written and read. */
  async #equip(panel, attempt = 0) {
    const ended = this.#ending.signal;
    try {
      const { Extras, css } = await import(`${BASE}/widget-extras.js?v=${EXTRAS_VERSION}${attempt || ""}`);
      if (ended.aborted || panel !== this.#panel) return;
      if (!this.#equipped) adopt(this.shadowRoot, css);
      this.#equipped = true;
      panel.equip(new Extras(this.#api, this.#conversation, this.#api.language));
    } catch {
      if (attempt < EXTRAS_ATTEMPTS && !ended.aborted)
        setTimeout(() => this.#equip(panel, attempt + 1), EXTRAS_PAUSE_MS * (attempt + 1));
    }
  }

  #toggled(open) {
    this.#session.remember({ open });
    if (open && !this.#panel) this.#furnish(this.#launcher.dialog);
    this.#panel?.toEnd();
    this.#sync();
  }

  #listen(signal) {
    const on = (target, type, act) => target.addEventListener(type, act, { signal });
    on(window, "online", () => this.#conversation.wake());
    on(window, "offline", () => this.#sync());
    on(window, "pagehide", () => this.#conversation.pause());
    on(window, "pageshow", () => this.#conversation.unpause());
    on(document, "visibilitychange", () => document.hidden || this.#conversation.wake());
  }

  #schedule() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#conversation && this.#sync());
  }

  #sync() {
    const [launcher, panel, conversation] = [this.#launcher, this.#panel, this.#conversation];
    const visible = !document.hidden && (!launcher || launcher.isOpen);
    panel?.sync();
    if (visible) conversation.tellSeen();
    const t = translator(this.#api.language);
    launcher?.label(
      { open: t("open", { name: this.#workshop.name }), minimise: t("minimise"), unread: t("unread") },
      conversation.unread,
    );
  }

  /** A foreign page stays as it was; our own page says what is wrong. */
  #fail(error, signal) {
    console.warn("CarBot chat:", error.message);
    if (this.hasAttribute("floating")) return;
    const language = pickLanguage(this.#wishes());
    const t = translator(language);
    const unknown = error instanceof Problem && error.status === 404;
    const again = () => {
      this.#root.remove();
      this.#start(signal);
    };
    this.#root = h(
      "section.panel.inline.broken",
      { lang: language, role: "alert" },
      h("p", {}, t(unknown ? "unknown" : "unavailable")),
      !unknown && h("button.chip", { onclick: again }, t("again")),
    );
    this.shadowRoot.append(this.#root);
    this.#tellShown();
  }
}
