// Live channel: the server says "topic X changed, id Y"; the page's handler fetches what it may see.
import { useEffect, useRef } from "react";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20000;
// The page fetches what it shows about then: a channel that opens later may have missed a change
const OPEN_BEFORE_PAGE_MS = 250;
const SIGNED_OUT = 4401;
const CROSS_SITE = 4403;
// Hints in a row are told this often. A handler must not wait for quiet itself: of two hints it would hear the last
const GATHER_MS = 400;

export function LiveChannel({ onChange }) {
  const handler = useRef(onChange);
  handler.current = onChange;

  useEffect(() => {
    let socket;
    let timer;
    let failures = 0;
    let closed = false;
    let wasOpen = false;
    let gathering;
    let gathered = [];

    // Different hints of a while become one that names their topics, or none where anything may have changed.
    const together = () => {
      const [first] = gathered;
      if (gathered.every(([topic, id]) => topic === first[0] && id === first[1])) return gathered.at(-1);
      const topics = new Set(gathered.map(([topic]) => topic));
      return ["resync", topics.has("resync") ? "" : [...topics].join(" "), ""];
    };
    const tell = (topic, id, kind) => {
      if (gathering) {
        gathered.push([topic, id, kind]);
        return;
      }
      handler.current?.(topic, id, kind);
      gathering = setTimeout(() => {
        const next = gathered.length ? together() : null;
        gathering = null;
        gathered = [];
        if (next && !closed) tell(...next);
      }, GATHER_MS);
    };

    const mountedAt = performance.now();
    const connect = () => {
      clearTimeout(timer);
      const scheme = location.protocol === "https:" ? "wss:" : "ws:";
      socket = new WebSocket(`${scheme}//${location.host}/api/live`);
      socket.onopen = () => {
        // What changed in between was not told: everything visible must be fetched again.
        const late = performance.now() - mountedAt > OPEN_BEFORE_PAGE_MS;
        if (wasOpen || late) handler.current?.("resync", "", "");
        wasOpen = true;
        failures = 0;
      };
      socket.onmessage = (event) => {
        const { topic, id = "", kind = "" } = JSON.parse(event.data);
        // Somebody is typing: over in seconds, nothing to fetch
        if (topic === "typing") window.dispatchEvent(new CustomEvent("carbot:typing", { detail: id }));
        else if (topic) {
          window.dispatchEvent(new CustomEvent("carbot:live", { detail: kind }));
          tell(topic, id, kind);
        }
      };
      socket.onclose = (event) => {
        if (closed || event.code === CROSS_SITE) return;
        if (event.code === SIGNED_OUT) {
          handler.current?.("signed_out", "", "");
          return;
        }
        const wait = Math.min(FIRST_WAIT_MS * 2 ** failures++, LONGEST_WAIT_MS);
        timer = setTimeout(connect, wait * (0.5 + Math.random()));
      };
    };
    const onReturn = () => {
      if (document.visibilityState === "visible" && socket.readyState === WebSocket.CLOSED) connect();
    };
    connect();
    window.addEventListener("online", onReturn);
    document.addEventListener("visibilitychange", onReturn);
    return () => {
      closed = true;
      clearTimeout(timer);
      clearTimeout(gathering);
      window.removeEventListener("online", onReturn);
      document.removeEventListener("visibilitychange", onReturn);
      socket.close();
    };
  }, []);
  return null;
}
