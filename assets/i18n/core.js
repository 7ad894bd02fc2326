// One i18next instance. German is bundled with the page that uses a namespace, so pages prerender in German;
// every other language is fetched per namespace, and only once somebody reads in that language.
import i18next from "i18next";
import { useEffect } from "react";
import { initReactI18next, useTranslation } from "react-i18next";
import { useLocation } from "react-router";

export const LANGUAGES = ["de", "en", "tr", "pl"];
const PUBLIC_NAMESPACES = ["ui", "public"];
// Public pages are prerendered once per language, with the language in place of the workshop or appointment.
const PRERENDERED = /^\/(?:[wt]|freigabe)\/_(\w\w)(?:\/|$)/;
const CHOICE_KEY = "carbot.lang";
const translations = import.meta.glob(["../locales/*/*.json", "!../locales/de/*.json"], { import: "default" });
const namespaces = new Set();
const fetched = new Map();

// The server may already have answered in the reader's language (public pages); hydration must start from it.
const servedLanguage =
  (typeof document !== "undefined" && LANGUAGES.find((code) => code === document.documentElement.lang)) || "de";

i18next.use(initReactI18next).init({
  lng: servedLanguage,
  fallbackLng: "de",
  ns: [],
  defaultNS: false,
  resources: {},
  initAsync: false,
  interpolation: { escapeValue: false },
  react: { useSuspense: false, bindI18nStore: "added" },
});

if (import.meta.env.SSR) {
  const all = import.meta.glob("../locales/*/*.json", { eager: true, import: "default" });
  for (const [file, words] of Object.entries(all)) {
    const [language, name] = file.split("/").slice(-2);
    i18next.addResourceBundle(language, name.replace(".json", ""), words);
  }
}

function fetchNamespace(language, namespace) {
  const load = translations[`../locales/${language}/${namespace}.json`];
  if (!load) return undefined;
  const key = `${language}/${namespace}`;
  if (!fetched.has(key)) {
    // Texts of a language nobody reads yet are no reason to draw every text of the page again
    const loaded = load().then((words) =>
      i18next.addResourceBundle(language, namespace, words, false, false, { silent: i18next.language !== language }),
    );
    // A failed download is tried again with the next use; German stays readable until then.
    fetched.set(key, loaded.catch(() => fetched.delete(key)));
  }
  return fetched.get(key);
}

if (servedLanguage !== "de") {
  // A page with words of its own (`page_words` in components/i18n.py) says so in its head.
  const own = document.querySelector('meta[name="carbot-words"]')?.content.split(" ") ?? [];
  await Promise.all([...PUBLIC_NAMESPACES, ...own].map((namespace) => fetchNamespace(servedLanguage, namespace)));
}

let wanted;
export async function setLanguage(language, { remember = false } = {}) {
  if (!LANGUAGES.includes(language)) return;
  if (remember) {
    localStorage.setItem(CHOICE_KEY, language);
    const address = new URL(location.href);
    if (address.searchParams.has("lang")) {
      address.searchParams.set("lang", language);
      history.replaceState(history.state, "", address);
    }
  }
  wanted = language;
  await Promise.all([...namespaces].map((namespace) => fetchNamespace(language, namespace)));
  if (wanted === language && i18next.language !== language) await i18next.changeLanguage(language);
}

// The address wins over an earlier choice, the choice over the browser. Nothing is stored unless the reader chose.
function preferredLanguage() {
  const asked = new URLSearchParams(location.search).get("lang");
  const chosen = localStorage.getItem(CHOICE_KEY);
  const spoken = (navigator.languages || []).map((tag) => tag.slice(0, 2).toLowerCase());
  return [asked, chosen, ...spoken].find((language) => LANGUAGES.includes(language)) || "de";
}

function followReader() {
  if (wanted === undefined) setLanguage(preferredLanguage());
}

// Effects run after hydration, so the first client render equals what was prerendered.
function useReader(language) {
  useEffect(followReader, []);
  useEffect(() => {
    // Every text comes by here, and browsers style the whole page anew even for the language it has already
    if (document.documentElement.lang !== language) document.documentElement.lang = language;
  }, [language]);
}

export function useWords(namespace, german) {
  if (import.meta.env.SSR) {
    const prerendered = useLocation().pathname.match(PRERENDERED);
    return i18next.getFixedT(prerendered ? prerendered[1] : "de", namespace);
  }
  if (!namespaces.has(namespace)) {
    namespaces.add(namespace);
    i18next.addResourceBundle("de", namespace, german, true, true, { silent: true });
    // A text that appears while another language is on its way is read in that one, too
    fetchNamespace(wanted ?? i18next.language, namespace);
  }
  const { t, i18n } = useTranslation(namespace);
  useReader(i18n.language);
  return t;
}

export function useLanguage() {
  const path = useLocation().pathname;
  const { i18n } = useTranslation();
  useReader(i18n.language);
  return import.meta.env.SSR ? (path.match(PRERENDERED)?.[1] ?? "de") : i18n.language;
}

// Signed-in people read in the language of their profile; `onChange` tells the server what a visitor reads.
export function LanguageBridge({ language, onChange }) {
  // Before the effects of `useLanguage`, which would ask the browser and fetch its language in vain
  useEffect(() => {
    if (language) setLanguage(language);
  }, [language]);
  const current = useLanguage();
  useEffect(() => {
    if (wanted === current) onChange?.(current);
  }, [current]);
  return null;
}
