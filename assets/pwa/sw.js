// The service worker of the staff app; the build bundles it to /sw.js and fills in the list of files.
// It never touches /api or /_event: what is shown is always what the server says now.
import { setCacheNameDetails } from "workbox-core";
import { cleanupOutdatedCaches, matchPrecache, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

const OFFLINE_PAGE = "/offline.html";
const NETWORK_PATIENCE_MS = 8000;
// A tap may open a window for some seconds only
const SWITCH_PATIENCE_MS = 3000;

setCacheNameDetails({ prefix: "carbot" });
precacheAndRoute(self.__WB_MANIFEST, { cleanURLs: false, directoryIndex: null });
cleanupOutdatedCaches();

async function fromNetworkOrOffline({ request }) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(NETWORK_PATIENCE_MS) });
  } catch {
    return (await matchPrecache(OFFLINE_PAGE)) ?? Response.error();
  }
}
registerRoute(new NavigationRoute(fromNetworkOrOffline, { denylist: [/^\/api\//, /^\/_/] }));

self.addEventListener("message", (event) => {
  if (event.data?.type === "skip-waiting") self.skipWaiting();
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function tellWindows(message) {
  for (const window of await self.clients.matchAll({ type: "window" })) window.postMessage(message);
}
self.addEventListener("install", (event) => {
  if (self.registration.active) event.waitUntil(tellWindows({ type: "update-ready" }));
});

// Payload: {title, body, url, workshop_id, tag, lead_id, lang, silent, actions: [{action, title, url?, ticket?}]}.
// Every push must show something (userVisibleOnly).
function readPayload(event) {
  try {
    return event.data?.json() ?? {};
  } catch {
    return {};
  }
}

self.addEventListener("push", (event) => {
  const { title, body, url, workshop_id, tag, lead_id, lang, silent, actions = [] } = readPayload(event);
  // A press on the notification answers, so of too many buttons the first goes first
  const buttons = actions.slice(-(self.Notification?.maxActions ?? 2) || actions.length);
  event.waitUntil(
    self.registration.showNotification(title || "CarBot", {
      body: body || "",
      tag: tag || undefined,
      renotify: Boolean(tag && !silent),
      silent: Boolean(silent),
      lang: lang || "de",
      icon: "/icons/icon-192.png",
      badge: "/icons/badge-96.png",
      timestamp: Date.now(),
      actions: buttons.map(({ action, title }) => ({ action, title })),
      data: { url: ownAddress(url), workshop_id, lead_id, actions },
    }),
  );
});

// A payload is signed by the push service, not by us: it may only lead to our own pages.
function ownAddress(url) {
  const address = new URL(url || "/heute/", self.location.origin);
  return address.origin === self.location.origin ? address.href : self.location.origin;
}

// Whoever works in several workshops goes on in the one the notification is about; whether that had to change.
async function enterWorkshop(id) {
  const signal = AbortSignal.timeout(SWITCH_PATIENCE_MS);
  const me = await fetch("/api/auth/me", { signal }).then((answer) => (answer.ok ? answer.json() : undefined));
  if (!me || me.workshop_id === id) return false;
  const answer = await fetch("/api/auth/workshop", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ workshop_id: id }),
    signal,
  });
  if (answer.ok) new BroadcastChannel("carbot.workshop").postMessage(null);
  return answer.ok;
}

async function openAddress(url, workshop_id) {
  const changed = workshop_id && (await enterWorkshop(workshop_id).catch(() => false));
  // Open windows begin anew at their first page, see kit/locations.js
  if (changed) return self.clients.openWindow(url);
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((window) => window.url === url);
  if (there) return there.focus();
  const staff = windows.find((window) => !new URL(window.url).pathname.startsWith("/w/"));
  if (staff) {
    await staff.focus();
    // A window this worker does not control yet cannot be sent elsewhere
    return staff.navigate(url).catch(() => self.clients.openWindow(url));
  }
  return self.clients.openWindow(url);
}

// Works with the app closed and the session over: the ticket says who asks.
async function snooze(notification, ticket) {
  const answer = await fetch("/api/push/snooze", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ticket }),
  }).catch(() => undefined);
  if (answer?.ok) return;
  // What could not be put off stays on the screen
  const { title, body, tag, lang, data } = notification;
  const actions = data.actions.slice(-2).map(({ action, title }) => ({ action, title }));
  await self.registration.showNotification(title, { body, tag, lang, data, actions, silent: true });
}

self.addEventListener("notificationclick", (event) => {
  const { data } = event.notification;
  event.notification.close();
  const button = data?.actions?.find(({ action }) => action === event.action);
  if (button?.ticket) event.waitUntil(snooze(event.notification, button.ticket));
  else if (button?.url) event.waitUntil(self.clients.openWindow(ownAddress(button.url)));
  else event.waitUntil(openAddress(data?.url ?? "/heute/", data?.workshop_id));
});

// The browser changed the subscription by itself: without a new entry this device would fall silent.
self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(
    (async () => {
      const options = event.oldSubscription?.options ?? { userVisibleOnly: true };
      const renewed = event.newSubscription ?? (await self.registration.pushManager.subscribe(options));
      await fetch("/api/push/subscriptions", {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ...renewed.toJSON(), replaces: event.oldSubscription?.endpoint }),
      });
    })(),
  );
});
