// Big parts of a page come in slices, so that a tap in between is answered: React draws them when nothing is more urgent.
import { startTransition, useDeferredValue, useEffect, useState } from "react";

// What takes the place of something else: that stays until the new is drawn.
export function Deferred({ children }) {
  return useDeferredValue(children);
}

// What comes once everything around it is on the screen. A deferred value would not do: inside of another it is no longer late.
export function Afterwards({ children }) {
  const [due, setDue] = useState(false);
  useEffect(() => startTransition(() => setDue(true)), []);
  return due ? children : null;
}
