/** Pictures without `<img>`: a canvas is drawn from bytes and passes the `img-src` of a strict host page. */
import { h } from "../dom.js";
import { icon } from "./icons.js";

const LONG_SIDE = 2_000;
const QUALITY = 0.85;
const SMALL_ENOUGH = 400_000;
const SHOWN_PX = 400;

const decode = (file) => createImageBitmap(file, { imageOrientation: "from-image" });

function drawn(picture, longest) {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = h("canvas", {});
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** Smaller where this browser can: what it cannot read, the server may, and otherwise it says why. */
export async function shrink(file) {
  if (file.size <= SMALL_ENOUGH) return file;
  try {
    const canvas = drawn(await decode(file), LONG_SIDE);
    const smaller = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return smaller && smaller.size < file.size ? smaller : file;
  } catch {
    return file;
  }
}

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
