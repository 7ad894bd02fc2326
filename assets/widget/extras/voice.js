/** Speaking: the browser writes down what it hears where it can, else the sound itself is sent. */
import { h } from "../dom.js";
import { icon } from "./icons.js";

export const LONGEST_S = 180;
const BITS_PER_SECOND = 32_000;
const KINDS = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const BLOCKED = ["not-allowed", "audio-capture"];

const Recognition = () => globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;
const canRecord = () => Boolean(globalThis.MediaRecorder && navigator.mediaDevices?.getUserMedia);
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

export class Voice {
  /** Stands above the composer while somebody speaks. */
  element = h("div.speaking", { hidden: true });
  #t;
  #language;
  #input;
  #changed;
  #send;
  #stop = null;
  #deaf = false;

  /**
   * @param {HTMLTextAreaElement} input where dictated words go
   * @param {(said: string) => void} changed called with what to tell the visitor
   * @param {(sound: Blob) => void} send
   */
  constructor(t, language, input, changed, send) {
    [this.#t, this.#language, this.#input, this.#changed, this.#send] = [t, language, input, changed, send];
    this.button = h("button.tool", { "aria-label": t("speak"), "aria-pressed": "false", onclick: () => this.#toggle() }, icon("microphone", 20));
    this.button.hidden = !Recognition() && !canRecord();
  }

  dispose() {
    this.#stop?.();
  }

  #toggle() {
    if (this.#stop) return this.#stop();
    if (Recognition() && !this.#deaf) return this.#dictate();
    return this.#record();
  }

  #show(...children) {
    this.element.replaceChildren(...children);
    this.element.hidden = !children.length;
    this.button.setAttribute("aria-pressed", String(children.length > 0));
    if (!children.length) this.#stop = null;
  }

  #dictate() {
    const listener = new (Recognition())();
    const before = this.#input.value && `${this.#input.value.trimEnd()} `;
    Object.assign(listener, { lang: this.#language, interimResults: true, continuous: true });
    listener.onresult = ({ results }) => {
      this.#input.value = before + [...results].map(([{ transcript }]) => transcript.trim()).join(" ");
      this.#input.dispatchEvent(new Event("input"));
    };
    listener.onerror = ({ error }) => {
      if (BLOCKED.includes(error)) return this.#changed(this.#t("noMicrophone"));
      if (error === "no-speech" || error === "aborted") return;
      // A browser that cannot reach its service can still record
      this.#deaf = true;
      if (canRecord()) this.#record();
      else this.button.hidden = true;
    };
    listener.onend = () => {
      if (this.#stop !== stop) return;
      this.#show();
      this.#input.focus();
    };
    const stop = () => listener.stop();
    this.#stop = stop;
    this.#changed("");
    this.#show(h("i"), h("span", {}, this.#t("listening")), h("button.more", { onclick: stop }, this.#t("stop")));
    listener.start();
  }

  async #record() {
    this.#stop = () => {};
    let microphone;
    try {
      microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      this.#show();
      this.#changed(this.#t("noMicrophone"));
      return;
    }
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    const recorder = new MediaRecorder(microphone, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
    const pieces = [];
    let wanted = false;
    let seconds = 0;
    const time = h("span", { "aria-hidden": "true" }, clock(0));
    const timer = setInterval(() => {
      time.textContent = clock(++seconds);
      if (seconds < LONGEST_S) return;
      clearInterval(timer);
      recorder.pause();
      this.#changed(this.#t("tooLong"));
    }, 1_000);
    const end = (send) => {
      wanted = send;
      if (recorder.state !== "inactive") recorder.stop();
    };
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onstop = () => {
      clearInterval(timer);
      microphone.getTracks().forEach((track) => track.stop());
      this.#show();
      this.#changed("");
      if (wanted) this.#send(new Blob(pieces, { type: "application/octet-stream" }));
      this.#input.focus();
    };
    this.#stop = () => end(false);
    this.#changed("");
    this.#show(
      h("i"),
      h("span", {}, `${this.#t("recording")} `, time),
      h("button.more", { onclick: () => end(false) }, this.#t("discard")),
      h("button.primary", { onclick: () => end(true) }, this.#t("sendVoice")),
    );
    recorder.start();
  }
}
