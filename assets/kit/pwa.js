// The staff app on a device: update notice, install offer, push switch. The work is done by assets/pwa.js.
import { createElement as h, useEffect, useState } from "react";
import {
  applyUpdate,
  onInstallState,
  promptInstall,
  pushState,
  registerServiceWorker,
  subscribePush,
  unsubscribePush,
} from "../pwa";

const LATER_KEY = "carbot.install";
const LATER_MS = 14 * 24 * 3600 * 1000;
// A service worker fetches every page of the app at once; the page somebody waits for comes first
const CALM_AFTER_MS = 8000;

export function UpdateNotice({ text, action }) {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    // Without a service worker everything still works online; there is nothing to tell.
    const register = () => registerServiceWorker(() => setReady(true)).catch(() => {});
    const timer = setTimeout(register, CALM_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return h(
    "div",
    { role: "status" },
    ready &&
      h(
        "div",
        { className: "cb-banner cb-tone-accent" },
        h("span", null, text),
        h("button", { type: "button", className: "cb-banner-action", onClick: applyUpdate }, action),
      ),
  );
}

// Renders its children while the device offers what `state` names: "available" or "ios".
export function InstallOffer({ state, children }) {
  const [now, setNow] = useState("unavailable");
  useEffect(() => onInstallState(setNow), []);
  const [postponed, setPostponed] = useState(true);
  useEffect(() => {
    setPostponed(Date.now() - Number(localStorage.getItem(LATER_KEY) ?? 0) < LATER_MS);
  }, []);
  if (now !== state || postponed) return null;
  const onClick = (event) => {
    if (event.target.closest("[data-install]")) promptInstall();
    if (event.target.closest("[data-later]")) {
      localStorage.setItem(LATER_KEY, String(Date.now()));
      setPostponed(true);
    }
  };
  return h("div", { onClick }, children);
}

const EXPLAINED = { denied: "denied", "ios-install-first": "installFirst", unsupported: "unsupported" };

export function PushSwitch({ language, onChange, ...words }) {
  const [state, setState] = useState(undefined);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    pushState().then(setState);
  }, []);
  if (state === undefined) return null;
  if (EXPLAINED[state]) return h("p", { className: "cb-muted" }, words[EXPLAINED[state]]);

  const change = async () => {
    setBusy(true);
    setFailed(false);
    try {
      setState(state === "on" ? await unsubscribePush() : await subscribePush(language));
      onChange?.();
    } catch {
      setFailed(true);
    } finally {
      setBusy(false);
    }
  };
  return h(
    "div",
    { className: "grid gap-2 justify-items-start" },
    h("p", { className: "cb-muted", role: "status" }, state === "on" ? words.on : words.off),
    h("button", { type: "button", className: "cb-btn cb-btn-outline", "aria-busy": busy, onClick: change }, h("span", null, state === "on" ? words.disable : words.enable)),
    failed && h("p", { className: "cb-field-error", role: "alert" }, words.failed),
  );
}
