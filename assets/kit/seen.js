// Says once that what it stands in has come near what can be seen: what lies further down is fetched only then.
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
    // A mark of its own would take room in a grid, or, taken out of the flow, not move with a pane that scrolls
    watch.observe(place.current.parentElement);
    return () => watch.disconnect();
  }, []);
  return createElement("span", { ref: place, hidden: true });
}
