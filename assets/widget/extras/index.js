/** Entry of `widget-extras.js`, loaded once the chat is open: cards, photos, warning lamps and voice. */
import { h } from "../dom.js";
import { translator } from "../texts.js";
import css from "./extras.css";
import { icon } from "./icons.js";
import { lampChooser, lampGlyph } from "./lamps.js";
import { renderParts } from "./parts.js";
import { Photos } from "./photos.js";
import { picture } from "./pictures.js";
import { TEXTS } from "./texts.js";
import { Voice } from "./voice.js";

export { css };

const TOUCH = "(pointer: coarse)";

/**
 * @typedef {object} Places what the panel hands out
 * @property {HTMLElement} frame
 * @property {HTMLElement} above the composer
 * @property {HTMLElement} before the text
 * @property {HTMLElement} after the text
 * @property {HTMLElement} greeting
 * @property {HTMLTextAreaElement} input
 * @property {() => void} submit
 */
export class Extras {
  #api;
  #conversation;
  #t;
  #language;
  #photos;
  #voice;
  #said = h("p.told", { "aria-live": "polite" });
  #tray;
  #places;
  #submitting = false;
  #own = new Map();

  /**
   * @param {import("../api.js").Api} api
   * @param {import("../conversation.js").Conversation} conversation
   */
  constructor(api, conversation, language) {
    this.#api = api;
    this.#conversation = conversation;
    this.speak(language);
  }

  speak(language) {
    this.#language = language;
    this.#t = translator(language, TEXTS);
  }

  /** @param {Places} places of a panel that has just been built */
  mount(places) {
    this.#voice?.dispose();
    this.#places = places;
    const t = this.#t;
    const tell = (text) => {
      if (this.#said.textContent !== text) this.#said.textContent = text;
    };
    this.#photos ??= new Photos(this.#api, (key, values) => this.#t(key, values), (text) => {
      tell(text);
      if (this.#submitting && !this.#photos.busy) {
        this.#submitting = false;
        if (!this.#photos.failed) this.#places.submit();
      }
    });
    this.#voice = new Voice(t, this.#language, places.input, tell, (sound) =>
      this.#conversation.send("", null, { voice: sound, files: [{ kind: "voice" }] }),
    );
    this.#tray = this.#buildTray();
    const plus = h("button.tool", { "aria-label": t("attach"), "aria-expanded": "false", onclick: () => this.#openTray(!this.#tray.hidden) }, icon("plus", 22));
    places.before.replaceChildren(plus);
    this.#tray.plus = plus;
    places.after.replaceChildren(this.#voice.button);
    places.above.replaceChildren(this.#tray, this.#photos.element, this.#voice.element, this.#said);
    places.greeting.append(h("button.chip", { onclick: () => this.#chooseLamp() }, lampGlyph(18), t("lamp")));
  }

  /** What goes along with the message; false: not yet, or not like this. */
  take() {
    if (this.#photos.failed) return false;
    if (this.#photos.busy) {
      this.#submitting = true;
      return false;
    }
    this.#openTray(true);
    return this.#photos.take();
  }

  renderParts(parts, context) {
    return renderParts(parts, { ...context, t: this.#t });
  }

  /** Photos and voices of a message, seen or named. */
  renderFiles(files) {
    const own = files.filter(({ kind }) => kind === "photo");
    const load = (id) => () => this.#api.file(id);
    const photo = ({ id, file }, place) => {
      if (id && file) this.#own.set(id, file);
      const label = this.#t("photo", { number: place + 1 });
      const known = file ?? this.#own.get(id);
      return known ? picture(known, label, id && load(id)) : picture(null, label, load(id));
    };
    const voices = files.filter(({ kind }) => kind === "voice").map(() => h("span.voice", {}, icon("microphone", 18), this.#t("voice")));
    return h("div.files", {}, ...own.map(photo), ...voices);
  }

  #buildTray() {
    const t = this.#t;
    const chooser = (attributes) => {
      const input = h("input", { type: "file", accept: "image/*,.heic,.heif", hidden: true, "aria-hidden": "true", ...attributes });
      input.addEventListener("change", () => {
        this.#photos.add([...input.files]);
        input.value = "";
        this.#openTray(true);
        this.#places.input.focus();
      });
      return input;
    };
    const camera = chooser({ capture: "environment" });
    const gallery = chooser({ multiple: true });
    const tile = (glyph, text, act) => h("button.tray-tile", { onclick: act }, glyph, h("span", {}, text));
    return h(
      "div.tray",
      { hidden: true, role: "group", "aria-label": t("attach") },
      camera,
      gallery,
      matchMedia(TOUCH).matches && tile(icon("camera", 24), t("camera"), () => camera.click()),
      tile(icon("image", 24), t("gallery"), () => gallery.click()),
      tile(lampGlyph(24), t("lamp"), () => this.#chooseLamp()),
    );
  }

  #openTray(close) {
    this.#tray.hidden = close;
    this.#tray.plus.setAttribute("aria-expanded", String(!close));
    if (!close) this.#tray.querySelector("button").focus();
  }

  #chooseLamp() {
    this.#openTray(true);
    const { frame, input } = this.#places;
    const behind = [...frame.children];
    const close = () => {
      sheet.remove();
      for (const element of behind) element.inert = false;
      input.focus();
    };
    const sheet = lampChooser(this.#language, (text, choice) => this.#conversation.send(text, choice), close);
    for (const element of behind) element.inert = true;
    frame.append(sheet);
    sheet.querySelector("button").focus();
  }
}
