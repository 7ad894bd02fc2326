/** The chat itself: header, notice, conversation and composer. Rebuilt as a whole when the language changes. */
import { MESSAGE_LIMIT } from "./conversation.js";
import { h, icon, safeHref, telephone } from "./dom.js";
import { LANGUAGE_NAMES, translator } from "./texts.js";
import { Thread } from "./thread.js";

const COUNTER_FROM = 3_600;
const NEAR_END_PX = 80;
const TALLEST_INPUT_PX = 132;

const chip = (onclick, ...children) => h("button.chip", { onclick }, ...children);

export class Panel {
  #frame;
  #workshop;
  #conversation;
  #base;
  #chooseLanguage;
  #minimise;
  #language;
  #t;
  #input;
  #thread;
  #greeting;
  #subtitle;
  #human;
  #typing;
  #status;
  #scroller;
  #latest;
  #counter;
  #number;
  #shownTyping;
  #extras = null;
  #above;
  #before;
  #after;
  #drafts = 0;

  /**
   * @param {HTMLElement} frame the dialog or section to fill
   * @param {object} workshop the server's description of the workshop
   * @param {import("./conversation.js").Conversation} conversation
   * @param {string} base origin of the server
   * @param {(language: string) => void} chooseLanguage
   * @param {() => void} [minimise] left out where the chat is the page
   */
  constructor(frame, workshop, conversation, base, chooseLanguage, minimise) {
    this.#frame = frame;
    this.#workshop = workshop;
    this.#conversation = conversation;
    this.#base = base;
    this.#chooseLanguage = chooseLanguage;
    this.#minimise = minimise;
  }

  build(language) {
    const draft = this.#input?.value ?? "";
    this.#language = language;
    this.#t = translator(language);
    this.#number = new Intl.NumberFormat(language);
    this.#thread = new Thread(this.#t, language, this.#base, this.#conversation);
    this.#extras?.speak(language);
    this.#frame.lang = language;
    this.#frame.setAttribute("aria-label", this.#workshop.name);
    this.#frame.replaceChildren(this.#header(), this.#buildScroller(), this.#foot(draft));
    this.#mount();
    this.sync();
    this.#resize();
    this.toEnd();
  }

  /** @param {object} extras cards, photos, lamps and voice, see extras/index.js */
  equip(extras) {
    this.#extras = extras;
    this.#mount();
    this.sync();
  }

  #mount() {
    if (!this.#extras) return;
    this.#thread.extras = this.#extras;
    this.#extras.mount({
      frame: this.#frame,
      above: this.#above,
      before: this.#before,
      after: this.#after,
      greeting: this.#greeting.lastChild,
      input: this.#input,
      submit: () => this.#submit(),
    });
  }

  /** Brings the screen up to the state of the conversation. */
  sync() {
    const conversation = this.#conversation;
    const [atEnd, height] = [this.#atEnd, this.#scroller.scrollHeight];
    const drafts = conversation.messages.filter(({ state }) => state === "sending").length;
    const within = () => this.#frame.matches(":focus-within");
    const focused = within();
    this.#thread.sync();
    this.#greeting.hidden = conversation.messages.length > 0;
    // The button that was pressed may be gone by now.
    if (focused && !within()) this.#scroller.focus();
    this.#subtitle.textContent = this.#presence();
    this.#human.hidden = conversation.mode === "human" || conversation.humanAsked;
    this.#showTyping();
    this.#showStatus();
    if (atEnd || drafts > this.#drafts) this.toEnd();
    else if (this.#scroller.scrollHeight > height) this.#latest.hidden = false;
    this.#drafts = drafts;
  }

  toEnd() {
    // Before anything is said the notice must be in sight, however small the screen.
    this.#scroller.scrollTop = this.#conversation.messages.length ? this.#scroller.scrollHeight : 0;
    this.#latest.hidden = true;
  }

  #header() {
    const [workshop, t] = [this.#workshop, this.#t];
    this.#subtitle = h("p");
    return h(
      "header",
      {},
      h("span.tile", { "aria-hidden": "true" }, workshop.initial),
      h("div.names", {}, h("h2", { dir: "auto" }, workshop.short_name), this.#subtitle),
      this.#languageMenu(),
      this.#minimise &&
        h("button.minimise", { "aria-label": t("minimise"), onclick: this.#minimise }, icon("minus", 20)),
    );
  }

  #languageMenu() {
    const offered = this.#workshop.languages.filter((language) => language in LANGUAGE_NAMES);
    if (offered.length < 2) return null;
    const option = (language) =>
      h(
        "option",
        { value: language, selected: language === this.#language, lang: language },
        LANGUAGE_NAMES[language],
      );
    const select = h(
      "select",
      {
        "aria-label": this.#t("language"),
        onchange: () => {
          this.#chooseLanguage(select.value);
          this.#frame.querySelector("select").focus();
        },
      },
      ...offered.map(option),
    );
    return h(
      "span.language",
      {},
      h("span", { "aria-hidden": "true" }, this.#language.toUpperCase()),
      icon("down", 14),
      select,
    );
  }

  #buildScroller() {
    this.#typing = h("p.typing", {});
    this.#greeting = this.#buildGreeting();
    this.#scroller = h(
      "div.scroller",
      {
        tabindex: "0",
        role: "group",
        "aria-label": this.#t("history"),
        onscroll: () => (this.#latest.hidden ||= this.#atEnd),
      },
      this.#notice(),
      this.#greeting,
      this.#thread.element,
      this.#typing,
    );
    return this.#scroller;
  }

  /** Art. 50 (1) AI Act: said before the first input, in the visitor's language. */
  #notice() {
    const [workshop, t] = [this.#workshop, this.#t];
    const link = (address, text) => {
      const href = safeHref(address, this.#base, null);
      return href && h("a", { href, target: "_blank", rel: "noopener" }, text);
    };
    const text = workshop.notices[this.#language] ?? workshop.notices[workshop.language];
    return h(
      "div.notice",
      { role: "note" },
      icon("about", 16),
      h(
        "p",
        {},
        `${text} `,
        link(workshop.privacy_url, t("privacy")),
        " ",
        link(workshop.imprint_url, t("imprint")),
      ),
    );
  }

  #buildGreeting() {
    const [t, conversation] = [this.#t, this.#conversation];
    const starters = t("starters").map((text) =>
      chip(() => conversation.messages.length || conversation.send(text), text),
    );
    return h(
      "div.greeting",
      {},
      h("div.said.assistant", {}, h("p.bubble", {}, t("greeting"))),
      h("div.chips", {}, ...starters),
    );
  }

  #foot(draft) {
    const t = this.#t;
    this.#latest = h(
      "button.latest",
      { hidden: true, "aria-label": t("latest"), onclick: () => this.toEnd() },
      icon("down"),
    );
    this.#status = h("p.status", { role: "status" });
    return h("div.foot", {}, this.#latest, this.#status, this.#chips(), ...this.#composer(draft));
  }

  #chips() {
    const [t, workshop, conversation] = [this.#t, this.#workshop, this.#conversation];
    this.#human = chip(
      () => {
        conversation.askHuman();
        this.#input.focus();
      },
      icon("person", 16),
      t("human"),
    );
    const href = workshop.open_now && telephone(workshop.phone_href);
    return h(
      "div.chips",
      {},
      this.#human,
      href && h("a.chip", { href, "aria-label": t("callNumber", { phone: workshop.phone }) }, icon("phone", 16)),
    );
  }

  #composer(draft) {
    const [t, conversation] = [this.#t, this.#conversation];
    this.#counter = h("p.counter", { id: "counter" });
    this.#input = h("textarea", {
      rows: 1,
      placeholder: t("message"),
      "aria-label": t("message"),
      dir: "auto",
      enterkeyhint: "send",
      "aria-describedby": "counter",
      oninput: () => {
        this.#resize();
        if (this.#input.value) conversation.tellTyping();
      },
      onkeydown: (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.#submit();
      },
    });
    this.#input.value = draft;
    const submit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    const send = h("button.send", { type: "submit", "aria-label": t("send") }, icon("send", 20));
    [this.#above, this.#before, this.#after] = [h("div"), h("span.tools"), h("span.tools")];
    const form = h("form.composer", { onsubmit: submit }, this.#before, this.#input, this.#after, send);
    return [this.#above, form, this.#counter];
  }

  #submit() {
    const text = this.#input.value.trim();
    if ([...text].length > MESSAGE_LIMIT) return;
    const enclosed = this.#extras?.take();
    if (enclosed === false || !(text || enclosed)) return;
    this.#input.value = "";
    this.#resize();
    this.#conversation.send(text, null, enclosed);
    this.#input.focus();
  }

  #resize() {
    const [input, counter, atEnd] = [this.#input, this.#counter, this.#atEnd];
    input.style.height = "auto";
    input.style.height = `${Math.min(TALLEST_INPUT_PX, input.scrollHeight)}px`;
    const count = [...input.value.trim()].length;
    const tooLong = count > MESSAGE_LIMIT;
    const used = `${this.#number.format(count)} / ${this.#number.format(MESSAGE_LIMIT)}`;
    counter.textContent = count > COUNTER_FROM ? (tooLong ? `${this.#t("tooLong")}: ` : "") + used : "";
    counter.classList.toggle("error", tooLong);
    input.setAttribute("aria-invalid", tooLong);
    if (atEnd) this.toEnd();
  }

  #presence() {
    const { mode, agentName, humanAsked } = this.#conversation;
    if (mode !== "human" && !humanAsked) return this.#t("instant");
    return agentName ? this.#t("withPerson", { name: agentName }) : this.#t("waiting");
  }

  #showTyping() {
    const { typing, thinking } = this.#conversation;
    const name = typing ?? (thinking && this.#t("assistant"));
    this.#typing.hidden = !name;
    if (!name || this.#shownTyping === name) return;
    this.#shownTyping = name;
    const dots = h("span.dots", { "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    this.#typing.replaceChildren(dots, h("span", { dir: "auto" }, this.#t("typing", { name })));
  }

  #showStatus() {
    const key = navigator.onLine ? this.#conversation.interrupted && "interrupted" : "offline";
    const text = key ? this.#t(key) : "";
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }

  get #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }
}
