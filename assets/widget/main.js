/** Entry of `widget.js`: defines the element and, for a tag with `data-workshop`, puts the bubble on the page. */
import { h } from "./dom.js";
import { CarbotChat } from "./element.js";

const script = document.currentScript;
const NAME = "carbot-chat";

if (!customElements.get(NAME)) customElements.define(NAME, CarbotChat);

function placeBubble({ workshop, language, position }) {
  if (document.querySelector(`${NAME}[floating]`)) return;
  document.body.append(h(NAME, { workshop, language, position, floating: "" }));
}

if (script?.dataset.workshop) {
  const place = () => placeBubble(script.dataset);
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place, { once: true });
}
