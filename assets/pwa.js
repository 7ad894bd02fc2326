// Installing, updating and notifying: plain functions for the buttons and toasts of the staff app.
// Nothing here runs by itself; the staff shell calls registerServiceWorker() once, public pages never do.

const SUBSCRIPTIONS = "/api/push/subscriptions";

/** Register /sw.js and call `onUpdateReady` once a newer version waits. Gives the registration or null. */
export async function registerServiceWorker(onUpdateReady = () => {}) {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return null;
  const registration = await register();
  const announce = () => registration.waiting && navigator.serviceWorker.controller && onUpdateReady();
  announce();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", announce);
  });
  // An installed app stays open for days; look for a new version whenever it comes to the front
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => {});
  });
  return registration;
}

/** Switch to the waiting version and load the page anew with it. */
export async function applyUpdate() {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!registration?.waiting) return location.reload();
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration.waiting.postMessage({ type: "skip-waiting" });
}

/** "installed" | "available" (promptInstall works) | "ios" (show the share-menu hint) | "unavailable" */
export function installState() {
  if (matchMedia("(display-mode: standalone)").matches || navigator.standalone) return "installed";
  if (window.carbotInstall) return "available";
  return isIos() ? "ios" : "unavailable";
}

/** Call `listener(state)` now and whenever the state changes; gives a function that stops it. */
export function onInstallState(listener) {
  const tell = () => listener(installState());
  const kept = (event) => {
    event.preventDefault();
    window.carbotInstall = event;
    tell();
  };
  const done = () => {
    window.carbotInstall = undefined;
    listener("installed");
  };
  window.addEventListener("beforeinstallprompt", kept);
  window.addEventListener("appinstalled", done);
  tell();
  return () => {
    window.removeEventListener("beforeinstallprompt", kept);
    window.removeEventListener("appinstalled", done);
  };
}

/** Show the browser's install dialog; true when the person accepted. Needs a click. */
export async function promptInstall() {
  const event = window.carbotInstall;
  if (!event) return false;
  window.carbotInstall = undefined; // a prompt can be shown once
  await event.prompt();
  return (await event.userChoice).outcome === "accepted";
}

/** "on" | "off" | "denied" (only the browser's settings help) | "ios-install-first" | "unsupported" */
export async function pushState() {
  if (!("PushManager" in window) || !("Notification" in window)) {
    return isIos() && installState() !== "installed" ? "ios-install-first" : "unsupported";
  }
  if (Notification.permission === "denied") return "denied";
  const registration = await navigator.serviceWorker?.getRegistration();
  return (await registration?.pushManager.getSubscription()) ? "on" : "off";
}

/** Ask for permission and subscribe this device; gives the new pushState(). Needs a click. */
export async function subscribePush(language = document.documentElement.lang) {
  await register(); // whoever presses at once need not wait for the page to do it
  const registration = await navigator.serviceWorker.ready;
  if ((await Notification.requestPermission()) !== "granted") return pushState();
  const { key } = await answer(await fetch("/api/push/key", { credentials: "same-origin" }));
  const subscription = await subscribeWith(registration, decodeKey(key));
  try {
    await send("POST", { ...subscription.toJSON(), language });
  } catch (error) {
    await subscription.unsubscribe(); // the server does not know it, so it must not look switched on
    throw error;
  }
  return "on";
}

/** Take this device off the list; gives the new pushState(). */
export async function unsubscribePush() {
  const registration = await navigator.serviceWorker?.getRegistration();
  const subscription = await registration?.pushManager.getSubscription();
  if (subscription) {
    await send("DELETE", { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
  return pushState();
}

function register() {
  return navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
}

async function subscribeWith(registration, applicationServerKey) {
  const options = { userVisibleOnly: true, applicationServerKey };
  try {
    return await registration.pushManager.subscribe(options);
  } catch (error) {
    // Left over from another key pair: the browser wants it gone first
    const old = await registration.pushManager.getSubscription();
    if (error.name !== "InvalidStateError" || !old) throw error;
    await old.unsubscribe();
    return registration.pushManager.subscribe(options);
  }
}

async function send(method, body) {
  const headers = { "Content-Type": "application/json" };
  return answer(
    await fetch(SUBSCRIPTIONS, { method, headers, credentials: "same-origin", body: JSON.stringify(body) }),
  );
}

async function answer(response) {
  if (!response.ok) throw new Error(`${response.status} ${response.url}`);
  return response.status === 204 ? null : response.json();
}

function decodeKey(base64url) {
  const base64 = base64url.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

// iPadOS calls itself a Mac; only the touch points tell
function isIos() {
  return /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
}
