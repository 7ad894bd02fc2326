// Steps of the booking page in the browser's history, focus after a step, and what was typed before scripts ran.
import { useEffect, useRef } from "react";

const NAMES = { 1: "auto", 2: "zeit", 3: "kontakt", 4: "fertig" };
const CONTACT = 3;
const stepOf = (hash) => Number(Object.keys(NAMES).find((step) => `#${NAMES[step]}` === hash) ?? 0);
const shown = (step, selector) => document.querySelector(`[data-step="${step}"] ${selector}`);

function remember(step, previous) {
  const { state, hash } = { state: history.state, hash: location.hash };
  if (stepOf(hash) === step) return;
  const forward = { ...state, idx: (state?.idx ?? 0) + 1 };
  // What was booked cannot be taken back by going back, so the confirmation takes the form's place.
  if (step > CONTACT) return history.replaceState(state, "", `#${NAMES[step]}`);
  if (!hash) history.replaceState(state, "", `#${NAMES[previous]}`);
  history.pushState(forward, "", `#${NAMES[step]}`);
}

function early() {
  const form = document.querySelector('[data-step="1"] form');
  const codes = [...(form?.querySelectorAll("input[type=checkbox]:checked") ?? [])].map((box) => box.name.slice(2));
  return { plate: form?.elements.plate?.value.trim() ?? "", codes };
}

export function VisitSteps({ step, attempt, onStep, onAdopt }) {
  const last = useRef(step);
  const fromHistory = useRef(false);

  useEffect(() => {
    const { plate, codes } = early();
    if (plate || codes.length) onAdopt?.(plate, codes);
    const onPop = () => {
      const wanted = stepOf(location.hash);
      if (!wanted || wanted === last.current) return;
      fromHistory.current = true;
      onStep?.(wanted);
    };
    addEventListener("popstate", onPop);
    return () => removeEventListener("popstate", onPop);
  }, []);

  useEffect(() => {
    if (step === last.current) return;
    if (!fromHistory.current) remember(step, last.current);
    fromHistory.current = false;
    last.current = step;
    scrollTo(0, 0);
    shown(step, "[data-step-title]")?.focus({ preventScroll: true });
  }, [step]);

  useEffect(() => {
    if (!attempt) return;
    const place = shown(step, '[aria-invalid="true"]') ?? shown(step, "[data-problem]");
    place?.focus();
    place?.scrollIntoView({ block: "center" });
  }, [attempt]);

  return null;
}
