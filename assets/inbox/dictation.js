// Speaking instead of typing in the composer: the browser writes down what it hears, or the server does.
import { createElement as h, useEffect, useRef, useState } from "react";
import { glyph } from "../photos/parts";

const ADDRESS = "/api/dictation";
const LONGEST_MS = 180_000;
const BITS_PER_SECOND = 32_000;
const KINDS = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const recognition = () => globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;
const canRecord = () => Boolean(globalThis.MediaRecorder && navigator.mediaDevices?.getUserMedia);

async function canServerListen() {
  try {
    return (await (await fetch(ADDRESS)).json()).ready === true;
  } catch {
    return false;
  }
}

async function writtenDown(sound) {
  const answer = await fetch(ADDRESS, { method: "POST", body: sound, headers: { "Content-Type": "application/octet-stream", "Accept-Language": document.documentElement.lang } });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.detail ?? "");
  return told.text;
}

// Inside a form with a field `text`.
export function Dictation({ label, stop, busy, blocked, failed }) {
  const anchor = useRef(null);
  const end = useRef(null);
  const [able, setAble] = useState({ browser: false, server: false });
  const [state, setState] = useState("idle");
  const [said, setSaid] = useState("");

  useEffect(() => {
    let current = true;
    const browser = Boolean(recognition());
    setAble({ browser, server: false });
    if (canRecord()) canServerListen().then((server) => current && setAble({ browser, server }));
    return () => {
      current = false;
      end.current?.();
    };
  }, []);

  const write = (text) => {
    const input = anchor.current?.closest("form")?.elements.text;
    if (!input || !text) return;
    const gap = input.selectionStart && !/\s/.test(input.value[input.selectionStart - 1]) ? " " : "";
    input.setRangeText(gap + text, input.selectionStart, input.selectionEnd, "end");
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  };
  const dictate = () => {
    const listener = new (recognition())();
    Object.assign(listener, { lang: document.documentElement.lang, continuous: true });
    listener.onresult = ({ results, resultIndex }) => [...results].slice(resultIndex).filter((one) => one.isFinal).forEach(([{ transcript }]) => write(transcript.trim()));
    listener.onerror = ({ error }) => {
      if (error === "not-allowed" || error === "audio-capture") return setSaid(blocked);
      if (error === "no-speech" || error === "aborted") return undefined;
      setAble((known) => ({ ...known, browser: false }));
      return setSaid(failed);
    };
    listener.onend = () => setState("idle");
    end.current = () => listener.stop();
    listener.start();
    setState("on");
  };
  const record = async () => {
    let microphone;
    try {
      microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      return setSaid(blocked);
    }
    const recorder = new MediaRecorder(microphone, { mimeType: KINDS.find((kind) => MediaRecorder.isTypeSupported(kind)), audioBitsPerSecond: BITS_PER_SECOND });
    const pieces = [];
    const timer = setTimeout(() => end.current(), LONGEST_MS);
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onstop = async () => {
      clearTimeout(timer);
      microphone.getTracks().forEach((track) => track.stop());
      setState("busy");
      try {
        write(await writtenDown(new Blob(pieces)));
      } catch (error) {
        setSaid(error.message || failed);
      }
      setState("idle");
    };
    end.current = () => recorder.state !== "inactive" && recorder.stop();
    recorder.start();
    return setState("on");
  };
  const toggle = () => {
    setSaid("");
    if (state === "on") return end.current();
    return able.browser ? dictate() : record();
  };
  const name = state === "on" ? stop : label;
  return h(
    "span",
    { ref: anchor, className: "contents" },
    (able.browser || able.server) &&
      h(
        "button",
        { type: "button", className: `cb-btn cb-btn-ghost cb-btn-square cb-btn-sm ${state === "on" ? "cb-listening" : ""}`, "aria-label": name, "data-tip": name, "aria-pressed": state === "on", disabled: state === "busy", onClick: toggle },
        glyph(state === "on" ? "square" : "mic", 18),
      ),
    h("span", { role: "status", className: said || state === "busy" ? "cb-dense cb-muted" : "sr-only" }, state === "busy" ? busy : said),
  );
}
