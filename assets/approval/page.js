// What a customer decides about each job, then signs. Everything is chosen in the browser and sent once.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useLanguage, useWords } from "../i18n/core";
import { SignaturePad } from "../kit/signature";
import german from "../locales/de/approval.json";
import germanPhotos from "../locales/de/photos.json";
import { glyph } from "../photos/parts";
import { Head, Job, Over, Summary } from "./parts";
import { answer, keep, moneyIn, read, recall, sumOf, tokenOf } from "./sending";

function Skeleton({ t }) {
  return h("div", { className: "cb-approval", role: "status" }, h("span", { className: "sr-only" }, t("loading")), [0, 1, 2].map((row) => h("div", { key: row, className: "cb-skeleton cb-approval-wait", "aria-hidden": true })));
}

function Bar({ page, chosen, money, t, children, note }) {
  const facts = [page.with_vat && t("vat"), page.ready && t("ready", { when: page.ready })].filter(Boolean).join(" · ");
  return h(
    "section",
    { className: "cb-approval-bar" },
    h(
      "div",
      { className: "cb-approval-sum" },
      h("p", { "aria-live": "polite" }, h("span", { className: "block" }, t("sum", { approved: chosen.count, count: page.jobs.length })), h("span", { className: "block cb-dense cb-muted" }, facts)),
      h("p", { className: "cb-approval-amount cb-num", "aria-live": "polite" }, money(chosen.cents)),
    ),
    children,
    h("p", { className: "cb-dense cb-muted cb-approval-legal" }, note),
  );
}

export function ApprovalPage() {
  const t = useWords("approval", german);
  const words = useWords("photos", germanPhotos);
  const language = useLanguage();
  const [token, setToken] = useState("");
  const [page, setPage] = useState(null);
  const [failed, setFailed] = useState(false);
  const [decisions, setDecisions] = useState({});
  const [name, setName] = useState("");
  const [drawing, setDrawing] = useState("");
  const [signing, setSigning] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [missing, setMissing] = useState(false);
  const title = useRef(null);
  const nameField = useRef(null);
  const sending = useRef(false);

  const load = async (secret) => {
    setFailed(false);
    try {
      setPage(await read(secret));
    } catch (error) {
      if (error.code === "link_unknown") location.reload();
      setFailed(true);
    }
  };
  useEffect(() => {
    const secret = tokenOf(location.pathname);
    const before = recall(secret);
    setToken(secret);
    setDecisions(before.decisions ?? {});
    setName(before.name ?? "");
    load(secret);
  }, []);
  useEffect(() => {
    if (token && page?.state === "open") keep(token, { decisions, name });
    if (page?.state === "decided") keep(token, null);
  }, [token, page, decisions, name]);
  const moved = useRef(false);
  useEffect(() => {
    if (moved.current) {
      window.scrollTo(0, 0);
      title.current?.focus({ preventScroll: true });
    }
    moved.current = Boolean(page);
  }, [signing, page?.state]);

  if (failed && !page) {
    return h("div", { className: "cb-approval", role: "alert" }, h("p", null, t("failed")), h("button", { type: "button", className: "cb-btn cb-btn-outline cb-btn-lg", onClick: () => load(token) }, glyph("refresh-cw", 21), t("retry")));
  }
  if (!page) return h(Skeleton, { t });
  const money = moneyIn(page, language);
  if (page.state === "decided") return h("div", { className: "cb-approval" }, h(Summary, { page, token, money, t, focus: title }));
  if (page.state !== "open") return h("div", { className: "cb-approval" }, h(Over, { page, t, focus: title }));

  const known = Object.fromEntries(page.jobs.filter((job) => job.id in decisions).map((job) => [job.id, decisions[job.id]]));
  const open = page.jobs.filter((job) => !(job.id in known));
  const chosen = sumOf(page, known);
  const choose = (id, value) => setDecisions((all) => ({ ...all, [id]: value }));
  const next = () => {
    setProblem("");
    if (!open.length) return setSigning(true);
    const card = document.getElementById(`job-${open[0].id}`);
    card.scrollIntoView({ block: "center", behavior: "smooth" });
    card.querySelector(".cb-choice").focus({ preventScroll: true });
  };
  const send = async (event) => {
    event.preventDefault();
    if (sending.current) return;
    setMissing(!name.trim());
    if (!name.trim()) return nameField.current.focus();
    sending.current = true;
    setBusy(true);
    setProblem("");
    try {
      setPage(await answer(token, { edition: page.edition, decisions: known, name, signature: drawing }));
    } catch (error) {
      setProblem(error.code ? error.message : t("failed"));
      if (["approval_changed", "approval_expired", "approval_over", "approval_incomplete"].includes(error.code)) {
        setSigning(false);
        await load(token);
      }
    } finally {
      sending.current = false;
      setBusy(false);
    }
  };
  const alarm = h("div", { role: "alert", className: problem ? "cb-approval-problem" : "cb-live" }, problem && glyph("triangle-alert", 20), problem && h("span", null, problem));
  if (signing) {
    return h(
      "form",
      { className: "cb-approval", onSubmit: send, noValidate: true },
      h(Head, { page, title: t("sign.title"), t, language, focus: title }),
      alarm,
      h("p", null, chosen.count ? t("sign.lead", { approved: chosen.count, count: page.jobs.length, amount: money(chosen.cents) }) : t("sign.none")),
      h(
        "label",
        { className: "cb-field" },
        h("span", { className: "cb-label" }, t("sign.name")),
        h("input", { ref: nameField, type: "text", className: "cb-input cb-approval-name", value: name, maxLength: 120, autoComplete: "name", required: true, disabled: busy, "aria-invalid": missing, "aria-describedby": "name-help", onChange: (event) => setName(event.target.value) }),
        h("span", { id: "name-help", className: missing ? "cb-problem" : "cb-help" }, t(missing ? "sign.name_missing" : "sign.name_help")),
      ),
      h("div", { className: "cb-field" }, h("span", { className: "cb-label", "aria-hidden": true }, t("sign.field")), h(SignaturePad, { label: t("sign.field"), clearLabel: t("sign.clear"), disabled: busy, onChange: setDrawing })),
      h(
        Bar,
        { page, chosen, money, t, note: t("legal") },
        h(
          "div",
          { className: "cb-approval-buttons" },
          h("button", { type: "button", className: "cb-btn cb-btn-outline cb-btn-lg", disabled: busy, onClick: () => setSigning(false) }, t("sign.back")),
          h("button", { type: "submit", className: "cb-btn cb-btn-primary cb-btn-lg", disabled: busy }, glyph("signature", 21), t(busy ? "sign.sending" : chosen.count ? "sign.send" : "sign.send_none")),
        ),
      ),
    );
  }
  return h(
    "div",
    { className: "cb-approval" },
    h(Head, { page, title: t("title"), t, language, focus: title }),
    alarm,
    h("ul", { className: "cb-approval-jobs" }, page.jobs.map((job) => h(Job, { key: job.id, job, token, choice: known[job.id], onChoose: choose, money, t, words }))),
    page.discount_cents > 0 && h("p", { className: "cb-approval-discount cb-num" }, h("span", null, t("discount")), h("span", null, money(-page.discount_cents))),
    h("p", { className: "cb-dense cb-muted" }, t("valid", { until: page.valid_until })),
    h(
      Bar,
      { page, chosen, money, t, note: t("legal") },
      h("button", { type: "button", className: "cb-btn cb-btn-primary cb-btn-lg cb-btn-block", onClick: next, "data-open": open.length }, glyph("signature", 21), open.length ? t("undecided", { count: open.length }) : t("next")),
    ),
  );
}
