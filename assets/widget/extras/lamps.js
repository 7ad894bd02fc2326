/** Which warning lamp is lit: drawn symbols to choose from, what must stop first. */
import { drawing, h } from "../dom.js";
import { icon } from "./icons.js";
import { LAMPS, SYMBOLS, WORDS } from "lamps";

const COLOURS = ["red", "amber"];

const symbol = (id, size) => h(`span.lamp.${LAMPS[id] ?? "amber"}${id.endsWith("blinking") ? ".blinking" : ""}`, {}, drawing(SYMBOLS[id], size));

/** The symbol beside a message it was chosen for. */
export const lampMark = ({ lamp }) => Object.hasOwn(SYMBOLS, lamp) && symbol(lamp, 30);

export const lampGlyph = (size) => drawing(SYMBOLS.engine, size);

/**
 * @param {string} language
 * @param {(text: string, choice: object) => void} choose
 * @param {() => void} close
 */
export function lampChooser(language, choose, close) {
  const words = WORDS[language];
  const pick = (id) => {
    close();
    choose(words.message.replace("{{name}}", words.name[id]), { kind: "lamp", value: id });
  };
  const tile = (id) => h("button.tile-lamp", { onclick: () => pick(id) }, symbol(id, 34), h("span", {}, words.name[id]));
  const group = (colour) => {
    const title = h(`p.title.${colour}`, {}, words[colour === "red" ? "stop" : "check"]);
    const stops = (id) => (LAMPS[id] === "red" || id.endsWith("blinking")) === (colour === "red");
    return [title, h("div.lamps", {}, ...Object.keys(LAMPS).filter(stops).map(tile))];
  };
  return h(
    "section.sheet",
    {
      role: "dialog",
      "aria-modal": "true",
      "aria-label": words.choose,
      onkeydown: (event) => {
        if (event.key !== "Escape") return;
        // The chat itself would close as well.
        event.preventDefault();
        event.stopPropagation();
        close();
      },
    },
    h("div.sheet-head", {}, h("button.minimise", { "aria-label": words.back, onclick: close }, icon("back", 20)), h("p.title", {}, words.choose)),
    ...COLOURS.flatMap(group),
  );
}
