// Talks to /api/approvals and keeps what was chosen in this tab, so that a bad line or a reload loses nothing.
const TOKEN = /^\/freigabe\/([A-Za-z0-9_-]{16,64})/;
const TIMEOUT_MS = 30_000;

export const tokenOf = (path) => path.match(TOKEN)?.[1] ?? "";
export const addressOf = (token) => `/api/approvals/${token}`;

export class Refused extends Error {
  constructor(problem) {
    super(problem.title);
    this.code = problem.code ?? "";
    this.field = problem.errors?.[0]?.field ?? "";
  }
}

async function ask(token, options = {}) {
  const headers = { "Accept-Language": document.documentElement.lang, ...options.headers };
  const answer = await fetch(addressOf(token), { ...options, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const told = await answer.json();
  if (!answer.ok) throw new Refused(told);
  return told;
}

export const read = (token) => ask(token);

export const answer = (token, body) =>
  ask(token, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

const key = (token) => `carbot.approval.${token}`;

export function recall(token) {
  try {
    return JSON.parse(sessionStorage.getItem(key(token))) ?? {};
  } catch {
    return {};
  }
}

export function keep(token, chosen) {
  try {
    if (chosen) sessionStorage.setItem(key(token), JSON.stringify(chosen));
    else sessionStorage.removeItem(key(token));
  } catch {
    // Without storage only a reload forgets
  }
}

export function moneyIn(page, language) {
  const locale = language === "de" ? `de-${page.country}` : language;
  const format = new Intl.NumberFormat(locale, { style: "currency", currency: page.currency });
  return (cents) => format.format(cents / 100);
}

export function sumOf(page, decisions) {
  const chosen = page.jobs.filter((job) => decisions[job.id]);
  const whole = chosen.reduce((sum, job) => sum + job.gross_cents, 0);
  return { count: chosen.length, cents: Math.max(0, whole - (chosen.length ? page.discount_cents : 0)) };
}
