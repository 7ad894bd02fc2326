/** The bubble on a foreign page and the dialog it opens: floating on wide screens, filling small ones. */
import { h, icon } from "./dom.js";

const SMALL_SCREEN = "(max-width: 480px), (max-height: 480px)";
const PINCHED = 1.05;

export class Launcher {
  #toggled;
  #bubble;
  #glyph;
  #dot;
  #modal = false;
  #hostOverflow = "";

  /**
   * @param {string} name of the workshop
   * @param {(open: boolean) => void} toggled called after the visitor opened or minimised the chat
   * @param {AbortSignal} signal ends all listeners
   */
  constructor(name, toggled, signal) {
    this.#toggled = toggled;
    this.small = matchMedia(SMALL_SCREEN);
    this.#dot = h("span.dot", { hidden: true });
    this.#glyph = h("span.glyph", {}, icon("chat", 30));
    this.#bubble = h(
      "button.launch",
      { "aria-haspopup": "dialog", onclick: () => (this.isOpen ? this.minimise() : this.open()) },
      h("span.label", { dir: "auto" }, name),
      this.#glyph,
      this.#dot,
    );
    this.dialog = h("dialog.panel", {
      tabindex: "-1",
      oncancel: (event) => {
        event.preventDefault();
        this.minimise();
      },
      onkeydown: (event) => event.key === "Escape" && this.minimise(),
    });
    this.element = h("div.launcher", {}, this.#bubble, this.dialog);
    this.small.addEventListener("change", () => this.isOpen && this.#reopen(), { signal });
    for (const name of ["resize", "scroll"]) visualViewport?.addEventListener(name, () => this.#fit(), { signal });
  }

  get isOpen() {
    return this.dialog.open;
  }

  /** @param {boolean} takeFocus false when an earlier page of this tab had the chat open */
  open(takeFocus = true) {
    this.#show();
    this.#toggled(true);
    if (takeFocus) (this.small.matches ? this.dialog : this.dialog.querySelector("textarea")).focus();
  }

  minimise = () => {
    this.#hide();
    this.#toggled(false);
    this.#bubble.focus();
  };

  /** @param {{open: string, minimise: string, unread: string}} texts */
  label(texts, unread) {
    this.#dot.hidden = !unread || this.isOpen;
    this.#bubble.setAttribute(
      "aria-label",
      this.isOpen ? texts.minimise : texts.open + (unread ? `. ${texts.unread}` : ""),
    );
  }

  /** Leaves the host page as it was found. */
  dispose() {
    if (this.isOpen) this.#hide();
  }

  #show() {
    if (this.small.matches) {
      this.dialog.showModal();
      this.#hostOverflow = document.documentElement.style.overflow;
      document.documentElement.style.overflow = "hidden";
    } else {
      // Unlike show(), the attribute leaves the focus where it is.
      this.dialog.setAttribute("open", "");
    }
    this.#modal = this.small.matches;
    this.element.classList.add("open");
    this.#glyph.replaceChildren(icon("down", 26));
    this.#fit();
  }

  #hide() {
    this.dialog.close();
    if (this.#modal) document.documentElement.style.overflow = this.#hostOverflow;
    this.element.classList.remove("open");
    this.#glyph.replaceChildren(icon("chat", 30));
  }

  #reopen() {
    const focused = this.dialog.getRootNode().activeElement;
    this.#hide();
    this.#show();
    focused?.focus();
  }

  /** Keeps the composer above the on-screen keyboard, which shrinks only the visual viewport. */
  #fit() {
    const { style } = this.dialog;
    const view = visualViewport;
    const fill = this.isOpen && this.#modal && view && view.scale < PINCHED;
    style.height = fill ? `${view.height}px` : "";
    style.top = fill ? `${view.offsetTop}px` : "";
  }
}
