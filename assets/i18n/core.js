// One i18next instance. German is bundled with the page that uses a namespace, so pages prerender in German;
// every other language is fetched per namespace, and only once somebody reads in that language.
import i18next from "i18next";
import { useEffect } from "react";
import { initReactI18next, useTranslation } from "react-i18next";

export const LANGUAGES = ["de", "en", "tr", "pl"];
const CHOICE_KEY = "carbot.lang";
const translations = import.meta.glob(["../locales/*/*.json", "!../locales/de/*.json"], { import: "default" });
const namespaces = new Set();
const fetched = new Map();

i18next.use(initReactI18next).init({
  lng: "de",
  fallbackLng: "de",
  ns: [],
  defaultNS: false,
  resources: {},
  initAsync: false,
  interpolation: { escapeValue: false },
  react: { useSuspense: false, bindI18nStore: "added" },
});

function fetchNamespace(language, namespace) {
  const load = translations[`../locales/${language}/${namespace}.json`];
  if (!load) return undefined;
  const key = `${language}/${namespace}`;
  if (!fetched.has(key)) {
    const loaded = load().then((words) => i18next.addResourceBundle(language, namespace, words));
    // A failed download must be tried again with the next use; German stays readable until then.
    fetched.set(key, loaded.catch(() => fetched.delete(key)));
  }
  return fetched.get(key);
}

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

let wanted;
function followReader() {
  if (wanted === undefined) setLanguage(preferredLanguage());
}

i18next.on("languageChanged", (language) => {
  if (typeof document !== "undefined") document.documentElement.lang = language;
});

export function useWords(namespace, german) {
  if (!namespaces.has(namespace)) {
    namespaces.add(namespace);
    i18next.addResourceBundle("de", namespace, german, true, true, { silent: true });
    if (i18next.language !== "de") fetchNamespace(i18next.language, namespace);
  }
  const { t } = useTranslation(namespace);
  // After hydration, so that the first client render equals the prerendered German.
  useEffect(followReader, []);
  return t;
}

export function useLanguage() {
  const { i18n } = useTranslation();
  useEffect(followReader, []);
  return i18n.language;
}

// Signed-in people read in the language of their profile; `onChange` tells the server what a visitor reads.
export function LanguageBridge({ language, onChange }) {
  const current = useLanguage();
  useEffect(() => {
    if (language) setLanguage(language);
  }, [language]);
  useEffect(() => {
    if (wanted === current) onChange?.(current);
  }, [current]);
  return null;
}
