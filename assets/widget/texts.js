/** Every word of the interface, in the order of {@link LANGUAGES}; {@link translator} fills `{name}` and its like. */
const TEXTS = {
  open: ["Chat mit {name} öffnen", "Open the chat with {name}", "{name} ile sohbeti aç", "Otwórz czat z {name}"],
  unread: ["Neue Nachricht", "New message", "Yeni mesaj", "Nowa wiadomość"],
  minimise: ["Chat verkleinern", "Minimise the chat", "Sohbeti küçült", "Zwiń czat"],
  language: ["Sprache", "Language", "Dil", "Język"],
  instant: [
    "Antwort sofort, auch nachts",
    "Instant answers, day and night",
    "Gece gündüz anında yanıt",
    "Odpowiedź od razu, także w nocy",
  ],
  withPerson: [
    "Sie schreiben mit {name}",
    "You are writing with {name}",
    "{name} ile yazışıyorsunuz",
    "Pisze z Państwem {name}",
  ],
  waiting: [
    "Wir holen jemanden aus dem Team",
    "We are getting someone from the team",
    "Ekipten birini çağırıyoruz",
    "Prosimy kogoś z zespołu",
  ],
  privacy: ["Datenschutz", "Privacy", "Gizlilik", "Ochrona danych"],
  imprint: ["Impressum", "Legal notice", "Künye", "Nota prawna"],
  history: ["Gesprächsverlauf", "Conversation", "Sohbet geçmişi", "Przebieg rozmowy"],
  greeting: [
    "Guten Tag. Was können wir für Ihr Auto tun?",
    "Hello. What can we do for your car?",
    "Merhaba. Aracınız için ne yapabiliriz?",
    "Dzień dobry. Co możemy zrobić dla Państwa auta?",
  ],
  starters: [
    ["Ich möchte einen Termin", "Was kostet eine Inspektion?", "Mein Auto macht Geräusche"],
    ["I would like an appointment", "What does a service cost?", "My car makes a noise"],
    ["Randevu almak istiyorum", "Periyodik bakım ne kadar?", "Aracımdan ses geliyor"],
    ["Chcę umówić wizytę", "Ile kosztuje przegląd?", "Moje auto hałasuje"],
  ],
  you: ["Sie", "You", "Siz", "Państwo"],
  assistant: ["KI-Assistent", "AI assistant", "Yapay zekâ asistanı", "Asystent AI"],
  message: ["Ihre Nachricht", "Your message", "Mesajınız", "Wiadomość"],
  send: ["Senden", "Send", "Gönder", "Wyślij"],
  human: ["Mit Mensch sprechen", "Talk to a person", "Bir çalışanla görüş", "Porozmawiaj z człowiekiem"],
  callNumber: ["{phone} anrufen", "Call {phone}", "{phone} numarasını ara", "Zadzwoń: {phone}"],
  notSent: [
    "Nicht gesendet, der Text bleibt hier.",
    "Not sent, the text stays here.",
    "Gönderilemedi, metin burada kalıyor.",
    "Nie wysłano, tekst pozostaje tutaj.",
  ],
  again: ["Noch einmal", "Try again", "Yeniden dene", "Spróbuj ponownie"],
  offline: [
    "Keine Verbindung. Ihre Texte bleiben hier.",
    "No connection. Your texts stay here.",
    "Bağlantı yok. Metinleriniz burada kalıyor.",
    "Brak połączenia. Teksty pozostają tutaj.",
  ],
  interrupted: [
    "Verbindung unterbrochen. Die Antwort kommt nach.",
    "Connection interrupted. The answer will follow.",
    "Bağlantı kesildi. Yanıt birazdan gelecek.",
    "Połączenie przerwane. Odpowiedź zaraz nadejdzie.",
  ],
  tooLong: ["Bitte kürzen", "Please shorten", "Lütfen kısaltın", "Proszę skrócić"],
  typing: ["{name} schreibt", "{name} is writing", "{name} yazıyor", "{name} pisze"],
  latest: ["Zur neuesten Nachricht", "To the latest message", "En yeni mesaja git", "Do najnowszej wiadomości"],
  unknown: [
    "Diesen Chat gibt es nicht.",
    "This chat does not exist.",
    "Böyle bir sohbet yok.",
    "Taki czat nie istnieje.",
  ],
  unavailable: [
    "Der Chat ist gerade nicht erreichbar.",
    "The chat cannot be reached at the moment.",
    "Sohbete şu anda ulaşılamıyor.",
    "Czat jest chwilowo niedostępny.",
  ],
};

export const LANGUAGE_NAMES = { de: "Deutsch", en: "English", tr: "Türkçe", pl: "Polski" };
const LANGUAGES = Object.keys(LANGUAGE_NAMES);

/** The first of `wishes` (BCP 47 tags, most wanted first) that is offered and known. */
export function pickLanguage(wishes, offered = LANGUAGES) {
  const known = LANGUAGES.filter((language) => offered.includes(language));
  const primary = wishes.filter(Boolean).map((tag) => tag.toLowerCase().split("-")[0]);
  return primary.find((language) => known.includes(language)) ?? known[0] ?? "de";
}

/** @returns {(key: string, values?: Record<string, string|number>) => any} the text of `key` in `language` */
export function translator(language, table = TEXTS) {
  const index = LANGUAGES.indexOf(language);
  return (key, values) => {
    const text = table[key][index];
    return values ? text.replace(/\{(\w+)\}/g, (_, name) => values[name]) : text;
  };
}
