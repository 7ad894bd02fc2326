// A form that posts JSON to our API: the answer sets the session cookie, which no script may do.
import { createElement as h, useState } from "react";

const RETURN_PARAMETER = "weiter";

// Only a path of this site: a foreign address in the link must not carry anybody away.
function destination(fallback) {
  const wanted = new URLSearchParams(location.search).get(RETURN_PARAMETER) ?? "";
  return /^\/(?![/\\])/.test(wanted) ? wanted : fallback;
}

function payload(form, extra) {
  const query = new URLSearchParams(location.search);
  const fromAddress = Object.fromEntries(extra.map((name) => [name, query.get(name) ?? ""]));
  return JSON.stringify({ ...Object.fromEntries(new FormData(form)), ...fromAddress });
}

export function PostForm({ action, next, fromQuery = [], onProblem, onDone, onAnswer, children, ...rest }) {
  const [busy, setBusy] = useState(false);

  const submit = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    setBusy(true);
    try {
      const answer = await fetch(action, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
        body: payload(form, fromQuery),
      });
      if (answer.ok) {
        if (next) location.assign(destination(next));
        else if (onAnswer) onAnswer(await answer.json());
        else onDone?.();
        return;
      }
      const problem = await answer.json();
      const fields = Object.fromEntries(problem.errors.map(({ field, message }) => [field, message]));
      onProblem(problem.title, fields);
      requestAnimationFrame(() => setTimeout(() => form.querySelector('[aria-invalid="true"]')?.focus(), 120));
    } catch {
      onProblem("", {});
    } finally {
      setBusy(false);
    }
  };

  // Sent before this script runs, a "dialog" form outside of a dialog does nothing; a "get" form would put the
  // password into the address.
  const form = { ...rest, method: "dialog", onSubmit: submit, noValidate: true, "aria-busy": busy };
  return h("form", form, h("fieldset", { disabled: busy, className: "contents" }, children));
}
