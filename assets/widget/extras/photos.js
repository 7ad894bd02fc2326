/** Photos for the next message: sent while the visitor goes on typing, removed or tried again one by one. */
import { send } from "../../photos/sending.js";
import { h } from "../dom.js";
import { icon } from "./icons.js";
import { picture } from "./pictures.js";

export const LIMIT = 6;
const AT_ONCE = 2;

let lastKey = 0;

export class Photos {
  element = h("ul.drafts", { hidden: true });
  #drafts = [];
  #api;
  #t;
  #changed;
  #basket = null;
  #opening = null;
  #surplus = false;

  /**
   * @param {import("../api.js").Api} api
   * @param {(said: string) => void} changed called with what to tell the visitor
   */
  constructor(api, t, changed) {
    this.#api = api;
    this.#t = t;
    this.#changed = changed;
  }

  get count() {
    return this.#drafts.length;
  }

  get busy() {
    return this.#drafts.some(({ state }) => state === "waiting" || state === "sending");
  }

  get failed() {
    return this.#drafts.some(({ state }) => state === "failed");
  }

  add(files) {
    const room = Math.max(0, LIMIT - this.#drafts.length);
    for (const file of files.slice(0, room)) this.#drafts.push(this.#draft(file));
    this.#surplus = files.length > room;
    this.#show();
    this.#pump();
  }

  /** What the message takes along; the next photos begin anew. */
  take() {
    const taken = { basket: this.#basket, files: this.#drafts.map(({ id, file }) => ({ id, kind: "photo", file })) };
    this.#drafts = [];
    this.#basket = this.#opening = null;
    this.#surplus = false;
    this.#show();
    return taken.files.length ? taken : null;
  }

  #draft(file) {
    const draft = { key: ++lastKey, file, state: "waiting", part: 0, abort: new AbortController() };
    const number = this.#drafts.length + 1;
    draft.bar = h("progress", { max: 1, value: 0, "aria-label": this.#t("photo", { number }) });
    const preview = () => this.#api.photo(draft.id, this.#basket);
    draft.arrived = {};
    const arrived = new Promise((resolve) => (draft.arrived.resolve = resolve));
    draft.again = h("button.again", { hidden: true, "aria-label": this.#t("again"), onclick: () => this.#retry(draft) }, icon("triangle", 20));
    draft.tile = h(
      "li",
      {},
      picture(file, this.#t("photo", { number }), () => arrived.then(preview)),
      draft.bar,
      draft.again,
      h("button.drop", { "aria-label": this.#t("remove", { number }), onclick: () => this.#drop(draft) }, icon("cross", 14)),
    );
    return draft;
  }

  #retry(draft) {
    draft.state = "waiting";
    this.#show();
    this.#pump();
  }

  #drop(draft) {
    draft.abort.abort();
    this.#drafts = this.#drafts.filter((one) => one !== draft);
    if (draft.id) this.#api.removePhoto(draft.id, this.#basket);
    this.#surplus = false;
    this.#show();
    this.#pump();
  }

  #show() {
    this.element.replaceChildren(...this.#drafts.map(({ tile }) => tile));
    this.element.hidden = !this.#drafts.length;
    for (const { bar, again, tile, state, part } of this.#drafts) {
      bar.hidden = state === "sent" || state === "failed";
      bar.value = part;
      again.hidden = state !== "failed";
      tile.className = state;
    }
    this.#changed(this.#said());
  }

  #said() {
    const failed = this.#drafts.find(({ state }) => state === "failed");
    if (failed) return failed.error || this.#t("uploadFailed");
    if (this.#surplus) return this.#t("surplus", { limit: LIMIT });
    if (!this.#drafts.length) return "";
    return this.#t(this.busy ? "uploading" : "attached");
  }

  #pump() {
    const sending = this.#drafts.filter(({ state }) => state === "sending").length;
    const waiting = this.#drafts.filter(({ state }) => state === "waiting");
    waiting.slice(0, AT_ONCE - sending).forEach((draft) => this.#send(draft));
  }

  async #send(draft) {
    draft.state = "sending";
    draft.part = 0;
    this.#show();
    try {
      this.#opening ??= this.#api.openBasket();
      this.#basket ??= await this.#opening;
      const { id } = await send(draft.file, this.#api.photosUrl, {
        token: this.#basket,
        language: this.#api.language,
        signal: draft.abort.signal,
        onProgress: (part) => (draft.bar.value = draft.part = part),
      });
      draft.id = id;
      draft.state = "sent";
      draft.arrived.resolve();
      if (draft.abort.signal.aborted) this.#api.removePhoto(id, this.#basket);
      this.#show();
    } catch (error) {
      if (!this.#basket) this.#opening = null;
      draft.state = "failed";
      draft.error = error.message;
      this.#show();
    }
    this.#pump();
  }
}
