// Keeps a screen true for weeks: it asks every few seconds, tells when nobody answers, and loads itself anew
// when the page has changed or the link is over.
(() => {
  const { version, zone, language, offline } = document.body.dataset;
  const part = document.getElementById("wall");
  const gone = document.getElementById("offline");
  const base = location.pathname.replace(/\/+$/, "");
  const EVERY = 5000, PATIENCE = 8000, SILENT = 30000;
  let etag = document.body.dataset.etag;
  let ahead = 0; // of the server's clock; a television is often wrong by minutes
  let heard = Date.now();

  const words = (options) => new Intl.DateTimeFormat(language, { timeZone: zone, ...options });
  const clock = words({ hour: "numeric", minute: "2-digit", hour12: false });
  const day = words({ weekday: "long", day: "numeric", month: "long" });
  const put = (id, text) => {
    const place = document.getElementById(id);
    if (place.textContent !== text) place.textContent = text;
  };
  const tick = () => {
    const now = Date.now() + ahead;
    put("clock", clock.format(now));
    put("day", day.format(now));
    const silent = Date.now() - heard > SILENT;
    if (silent && gone.hidden) put("offline", offline.replace("{time}", clock.format(heard + ahead)));
    gone.hidden = !silent;
  };

  const ask = async () => {
    try {
      const answer = await fetch(`${base}/stand`, {
        headers: { "If-None-Match": etag },
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE),
      });
      const told = Date.parse(answer.headers.get("date") ?? "");
      if (told) ahead = Math.abs(told - Date.now()) > 2000 ? told - Date.now() : 0;
      const known = answer.headers.get("x-wall-version");
      if (answer.status === 404 || (known && known !== version)) return location.reload();
      if (answer.status === 200) {
        etag = answer.headers.get("etag");
        part.innerHTML = await answer.text();
      }
      if (answer.status === 200 || answer.status === 304) heard = Date.now();
    } catch {
      // Asked again below; the line above the screen says since when nobody has answered
    }
    tick();
    setTimeout(ask, EVERY);
  };

  const keepAwake = () => {
    if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", keepAwake);
  keepAwake();
  tick();
  setInterval(tick, 1000);
  setTimeout(ask, EVERY);
})();
