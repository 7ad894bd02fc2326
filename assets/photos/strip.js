// Photos of a visit or of a set of wheels: looked at, added and deleted by whoever may.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useWords } from "../i18n/core";
import german from "../locales/de/photos.json";
import { Lightbox } from "./lightbox";
import { DraftTile, Failures, FileChoice } from "./parts";
import { draftOf, forget, request, send } from "./sending";

const NOTHING = { photos: [], limit: 0, may_change: false };

// Several on a page each say by `name` whose photos they are; `quiet`: none is not worth a line.
export function PhotoStrip({ address, base = "/api/photos", name = "", quiet = false }) {
  const t = useWords("photos", german);
  const [known, setKnown] = useState(NOTHING);
  const [status, setStatus] = useState("loading");
  const [drafts, setDrafts] = useState([]);
  const [at, setAt] = useState(-1);
  const [deleted, setDeleted] = useState(null);
  const [said, setSaid] = useState("");
  const current = useRef(address);

  const load = async () => {
    try {
      const told = await (await request(address)).json();
      if (current.current !== address) return;
      setKnown(told);
      setStatus("ready");
    } catch {
      if (current.current === address) setStatus("failed");
    }
  };
  useEffect(() => {
    current.current = address;
    setKnown(NOTHING);
    setStatus("loading");
    setAt(-1);
    setDeleted(null);
    setSaid("");
    // What is still being sent belongs to the owner that was open before; it arrives, unseen
    setDrafts([]);
    // The prerendered page of a link knows no address yet
    if (address.startsWith("/api/")) load();
  }, [address]);

  const { photos, limit } = known;
  const change = (key, facts) => setDrafts((all) => all.map((one) => (one.key === key ? { ...one, ...facts } : one)));
  const sendOne = async (draft) => {
    change(draft.key, { state: "sending", progress: 0, error: "" });
    try {
      await send(draft.file, address, { signal: draft.abort.signal, onProgress: (progress) => change(draft.key, { progress }) });
      if (current.current !== address) return;
      await load();
      setDrafts((all) => all.filter((one) => one.key !== draft.key));
      URL.revokeObjectURL(draft.url);
      setSaid(t("sent", { count: 1 }));
    } catch (error) {
      change(draft.key, { state: "failed", error: error.message, final: error.final });
    }
  };
  const take = async (files) => {
    const room = Math.max(0, limit - photos.length - drafts.length);
    const added = files.slice(0, room).map(draftOf);
    setDrafts((all) => [...all, ...added]);
    setSaid(files.length > room ? t("surplus", { limit }) : "");
    for (const draft of added) await sendOne(draft);
  };
  const retry = async () => {
    for (const draft of drafts.filter((one) => one.state === "failed" && !one.final)) await sendOne(draft);
  };
  const drop = (key) => {
    forget(drafts.find((one) => one.key === key));
    setDrafts((all) => all.filter((one) => one.key !== key));
  };
  const act = async (work, done) => {
    try {
      await work();
      await load();
      done();
    } catch {
      setSaid(t("connection"));
    }
  };
  const remove = (photo) => {
    setAt(-1);
    act(() => request(`${base}/${photo.id}`, { method: "DELETE" }), () => setDeleted(photo));
  };
  const undo = () => act(() => request(`${base}/${deleted.id}/restored`, { method: "POST" }), () => setDeleted(null));

  if (status === "loading" || (status === "ready" && !photos.length && !known.may_change)) return null;
  const mayAdd = known.may_change && photos.length + drafts.length < limit;
  return h(
    "section",
    { className: "cb-photos cb-photo-strip", "aria-label": name ? `${t("title")}: ${name}` : t("title") },
    h(
      "div",
      { className: "flex items-center justify-between gap-3" },
      h(limit ? "h3" : "h2", { className: "cb-dense cb-muted font-[600]" }, t("title")),
      mayAdd && h(FileChoice, { label: t("add"), onFiles: take, look: "cb-btn-sm" }),
    ),
    status === "failed" &&
      h("p", { role: "alert", className: "cb-problem" }, t("load_failed"), " ", h("button", { type: "button", className: "cb-link", onClick: load }, t("retry"))),
    photos.length + drafts.length > 0
      ? h(
          "ul",
          { className: "cb-photo-list" },
          photos.map((photo, place) =>
            h(
              "li",
              { key: photo.id, className: "cb-photo" },
              h(
                "button",
                { type: "button", "aria-haspopup": "dialog", "aria-label": t("open", { number: place + 1, count: photos.length }), onClick: () => setAt(place) },
                h("img", { src: `${base}/${photo.id}/small`, alt: "", loading: "lazy" }),
              ),
            ),
          ),
          drafts.map((draft, place) => h(DraftTile, { key: draft.key, draft, number: photos.length + place + 1, onRemove: draft.state === "failed" ? drop : undefined, t })),
        )
      : status === "ready" && !deleted && !quiet && h("p", { className: "cb-muted cb-dense" }, t("none")),
    h("p", { role: "status", className: said || deleted ? "cb-dense cb-muted" : "sr-only" }, deleted ? [t("deleted"), " ", h("button", { key: "undo", type: "button", className: "cb-link", onClick: undo }, t("undo"))] : said),
    h(Failures, { drafts, onRetry: retry, t }),
    at >= 0 && photos[at] && h(Lightbox, { photos, at, addressOf: (photo) => `${base}/${photo.id}`, onMove: setAt, onClose: () => setAt(-1), onDelete: known.may_change ? remove : undefined, showsWho: Boolean(limit), t }),
  );
}
