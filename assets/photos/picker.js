// Photos of a customer who is booking. They are sent while the form is filled in, and go on after it was sent.
import { createElement as h, useEffect, useState, useSyncExternalStore } from "react";
import { useWords } from "../i18n/core";
import german from "../locales/de/photos.json";
import { DraftTile, Failures, FileChoice, glyph } from "./parts";
import { draftOf, forget, request, send } from "./sending";

const ADDRESS = "/api/booking-photos";
const AT_ONCE = 2;
const NONE = [];
let drafts = NONE;
let basket = "";
const listeners = new Set();

function publish(next) {
  drafts = next;
  listeners.forEach((listener) => listener());
}

const change = (key, facts) => publish(drafts.map((draft) => (draft.key === key ? { ...draft, ...facts } : draft)));
const count = (...states) => drafts.filter((draft) => states.includes(draft.state)).length;

async function sendOne(draft) {
  change(draft.key, { state: "sending", progress: 0, error: "" });
  try {
    const photo = await send(draft.file, ADDRESS, { token: basket, signal: draft.abort.signal, onProgress: (progress) => change(draft.key, { progress }) });
    if (draft.abort.signal.aborted) return remove(photo.id);
    change(draft.key, { state: "sent", progress: 1, id: photo.id });
    if (!(await isShown(draft.url))) change(draft.key, { url: await preview(photo.id) });
  } catch (error) {
    change(draft.key, { state: "failed", error: error.message, final: error.final });
  }
  pump();
}

function pump() {
  if (!basket) return;
  const waiting = drafts.filter((draft) => draft.state === "waiting");
  waiting.slice(0, AT_ONCE - count("sending")).forEach(sendOne);
}

// Not every browser shows every format of a phone; then the server's small picture takes its place.
function isShown(url) {
  return new Promise((done) => {
    const image = new Image();
    image.onload = () => done(true);
    image.onerror = () => done(false);
    image.src = url;
  });
}

async function preview(id) {
  try {
    return URL.createObjectURL(await (await request(`${ADDRESS}/${id}`, { token: basket })).blob());
  } catch {
    return "";
  }
}

const remove = (id) => request(`${ADDRESS}/${id}`, { method: "DELETE", token: basket }).catch(() => undefined);

function drop(key) {
  const draft = drafts.find((one) => one.key === key);
  publish(drafts.filter((one) => one.key !== key));
  if (draft.id) remove(draft.id);
  forget(draft);
  pump();
}

function retry() {
  publish(drafts.map((draft) => (draft.state === "failed" && !draft.final ? { ...draft, state: "waiting", error: "" } : draft)));
  pump();
}

// After a reload the photos sent before are still in the basket.
async function restore(token) {
  try {
    const told = await (await request(ADDRESS, { token })).json();
    const known = new Set(drafts.map((draft) => draft.id));
    for (const photo of told.photos.filter((one) => !known.has(one.id))) {
      publish([...drafts, { key: photo.id, id: photo.id, state: "sent", progress: 1, url: await preview(photo.id), abort: new AbortController() }]);
    }
  } catch {
    // What was sent is kept in any case; only its pictures are not shown
  }
}

function follow(token) {
  if (token === basket) return;
  const begunAnew = basket !== "";
  basket = token;
  if (begunAnew) {
    drafts.forEach(forget);
    publish(NONE);
  }
  if (token && !drafts.length) restore(token);
  pump();
}

const subscribe = (listener) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

function useDrafts() {
  const shown = useSyncExternalStore(subscribe, () => drafts, () => NONE);
  return { shown, sent: shown.filter((one) => one.state === "sent").length, open: shown.filter((one) => one.state === "sending" || one.state === "waiting").length };
}

const isBusy = (event) => count("sending", "waiting") && event.preventDefault();

export function PhotoPicker({ token, limit, onStart }) {
  const t = useWords("photos", german);
  const { shown, sent, open } = useDrafts();
  const [surplus, setSurplus] = useState(false);
  useEffect(() => follow(token), [token]);
  useEffect(() => {
    addEventListener("beforeunload", isBusy);
    return () => removeEventListener("beforeunload", isBusy);
  }, []);

  const take = (files) => {
    const room = Math.max(0, limit - drafts.length);
    setSurplus(files.length > room);
    if (!Math.min(room, files.length)) return;
    publish([...drafts, ...files.slice(0, room).map(draftOf)]);
    if (basket) pump();
    else onStart?.();
  };
  const said = open ? t("sending", { count: open }) : sent ? t("sent", { count: sent }) : "";

  return h(
    "div",
    { role: "group", "aria-labelledby": "photos-label", "aria-describedby": "photos-help", className: "cb-field cb-photos" },
    h("p", { id: "photos-label", className: "cb-label" }, t("title"), h("span", { className: "cb-optional" }, " · ", t("optional"))),
    h("p", { id: "photos-help", className: "cb-help" }, t("help", { limit })),
    shown.length > 0 && h("ul", { className: "cb-photo-list" }, shown.map((draft, place) => h(DraftTile, { key: draft.key, draft, number: place + 1, onRemove: drop, t }))),
    shown.length < limit && h("div", { className: "flex" }, h(FileChoice, { label: t("add"), onFiles: take })),
    h("p", { role: "status", className: "cb-help" }, surplus ? `${t("surplus", { limit })} ` : "", said),
    h(Failures, { drafts: shown, onRetry: retry, t }),
  );
}

// What became of the photos, where the form has gone.
export function PhotoReport() {
  const t = useWords("photos", german);
  const { shown, sent, open } = useDrafts();
  if (!shown.length) return null;
  return h(
    "div",
    { className: "grid gap-3" },
    (open > 0 || sent > 0) && h("p", { role: "status", className: "cb-note" }, glyph(open ? "upload" : "images", 19), open ? t("sending_stay", { count: open }) : t("sent", { count: sent })),
    h(Failures, { drafts: shown, onRetry: retry, t }),
  );
}
