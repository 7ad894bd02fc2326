// Says once that its place has come near what can be seen: what lies further down is fetched only then.
import { createElement, useEffect, useRef } from "react";

const NEAR = "200px";

export function Seen({ onSeen }) {
  const place = useRef(null);
  const told = useRef(onSeen);
  told.current = onSeen;

  useEffect(() => {
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watch.disconnect();
        told.current?.();
      },
      // The page may scroll by itself or inside its frame
      { rootMargin: NEAR, scrollMargin: NEAR },
    );
    watch.observe(place.current);
    return () => watch.disconnect();
  }, []);
  const style = { position: "absolute", width: 1, height: 1 };
  return createElement("span", { ref: place, "aria-hidden": true, style });
}
