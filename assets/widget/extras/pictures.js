/** Pictures without `<img>`: a canvas is drawn from bytes and passes the `img-src` of a strict host page. */
import { decode, drawn } from "../../photos/sending.js";
import { h } from "../dom.js";
import { icon } from "./icons.js";

const SHOWN_PX = 400;

/** A tile that shows `file`, or `fallback()` where this browser cannot, once it is known. */
export function picture(file, label, fallback) {
  const tile = h("span.picture", { role: "img", "aria-label": label }, icon("image", 22));
  const show = async (blob) => {
    const canvas = drawn(await decode(blob), SHOWN_PX);
    canvas.setAttribute("aria-hidden", "true");
    tile.replaceChildren(canvas);
  };
  show(file)
    .catch(async () => fallback && show(await fallback()))
    .catch(() => {});
  return tile;
}
