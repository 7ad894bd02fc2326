// Counts a reservation down wherever it is shown. Read aloud are only the last minute and the end.
import { createElement, useEffect, useRef, useState } from "react";

const RENEW_BELOW_S = 150;
const SOON_S = 60;
const clock = (left) => `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;

export function HoldClock({ seconds, turn, over, soonText, overText, onRenew, onEnd, onLeave }) {
  const [said, say] = useState("");
  const left = useRef(0);
  const handlers = useRef({});
  handlers.current = { onRenew, onEnd, onLeave, soonText };

  useEffect(() => {
    if (!seconds) return undefined;
    const ends = performance.now() + seconds * 1000;
    let reported = false;
    const tick = () => {
      left.current = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
      for (const place of document.querySelectorAll("[data-hold-left]")) place.textContent = clock(left.current);
      if (left.current <= SOON_S && left.current > 0) say(handlers.current.soonText);
      if (!left.current && !reported) {
        reported = true;
        handlers.current.onEnd?.();
      }
    };
    say("");
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [seconds, turn]);

  useEffect(() => {
    if (over) say(overText);
  }, [over]);

  useEffect(() => {
    if (!seconds) return undefined;
    let asked = false;
    const onTyping = () => {
      if (asked || left.current > RENEW_BELOW_S || !left.current) return;
      asked = true;
      handlers.current.onRenew?.();
    };
    const onHide = (event) => !event.persisted && handlers.current.onLeave?.();
    addEventListener("input", onTyping);
    addEventListener("pagehide", onHide);
    return () => {
      removeEventListener("input", onTyping);
      removeEventListener("pagehide", onHide);
    };
  }, [seconds, turn]);

  return createElement("p", { className: "cb-sr", role: "status" }, said);
}
