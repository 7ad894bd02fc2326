// How components read Reflex's state; the build puts this in place of React's useSyncExternalStore, see
// docs/adr/0031. That one draws each change as a whole before the browser does anything else, and while a page
// comes alive several arrive: on a phone each is a tenth of a second in which no press is answered.
import { startTransition, useEffect, useState } from "react";
import { flushSync } from "react-dom";

const TOUCHES = ["pointerdown", "keydown", "click", "input"];
let untouched = typeof document !== "undefined";
let waiting = [];

function touch() {
  untouched = false;
  for (const kind of TOUCHES) removeEventListener(kind, touch, true);
}
if (untouched) for (const kind of TOUCHES) addEventListener(kind, touch, true);

// What somebody does is answered as React would: at once, before the scripts that came with the change run.
function drawAtOnce(change) {
  if (waiting.push(change) > 1) return;
  queueMicrotask(() => {
    const changes = waiting;
    waiting = [];
    flushSync(() => changes.forEach((draw) => draw()));
  });
}

/** The value of `read()`, anew whenever what `subscribe(listener)` follows has changed. */
export function useStore(subscribe, read) {
  const [value, setValue] = useState(read);
  useEffect(() => {
    const take = () => {
      const next = read();
      if (untouched) startTransition(() => setValue(next));
      else drawAtOnce(() => setValue(next));
    };
    take(); // what changed since it was drawn
    return subscribe(take);
  }, [subscribe, read]);
  return value;
}
