// A field to sign in with finger, pen or mouse. Typing a name beside it is the way without a pointer.
import { createElement as h, useEffect, useRef, useState } from "react";
import Pad from "signature_pad";

const DARK = "rgb(20, 28, 36)";
const NOTHING = "";

export function SignaturePad({ label, clearLabel, disabled = false, onChange }) {
  const canvas = useRef(null);
  const pad = useRef(null);
  const told = useRef(onChange);
  told.current = onChange;
  const [drawn, setDrawn] = useState(false);

  useEffect(() => {
    const field = canvas.current;
    pad.current = new Pad(field, { penColor: DARK, minWidth: 0.9, maxWidth: 2.6 });
    pad.current.addEventListener("endStroke", () => {
      setDrawn(true);
      told.current?.(field.toDataURL("image/png").split(",")[1]);
    });
    // Turning the phone changes the size of the field; what is drawn is drawn again
    const fit = () => {
      const strokes = pad.current.toData();
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      field.width = field.offsetWidth * ratio;
      field.height = field.offsetHeight * ratio;
      field.getContext("2d").scale(ratio, ratio);
      pad.current.clear();
      pad.current.fromData(strokes);
    };
    const watch = new ResizeObserver(fit);
    watch.observe(field);
    return () => {
      watch.disconnect();
      pad.current.off();
    };
  }, []);
  useEffect(() => (disabled ? pad.current.off() : pad.current.on()), [disabled]);

  const clear = () => {
    pad.current.clear();
    setDrawn(false);
    told.current?.(NOTHING);
  };
  return h(
    "div",
    { className: "cb-signature", "data-drawn": drawn },
    h("canvas", { ref: canvas, role: "img", "aria-label": label }),
    h("span", { className: "cb-signature-line", "aria-hidden": true }),
    drawn && h("button", { type: "button", className: "cb-btn cb-btn-ghost cb-btn-sm", disabled, onClick: clear }, clearLabel),
  );
}
