/** Builds elements without ever parsing markup: strings become text nodes, functions become listeners. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag with its classes: `p.meta`
 * @param {Record<string, any>} attributes `onclick`-like functions are listeners; null, undefined and false are no attribute
 * @param {...(Node|string|null|undefined|false)} children
 */
export function h(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  if (name === "button") element.type = "button";
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child || child === 0));
  return element;
}

const PATHS = {
  chat: "M5 3.5h14q2.5 0 2.5 2.5v9q0 2.5-2.5 2.5h-6L8 21v-3.5H5q-2.5 0-2.5-2.5V6q0-2.5 2.5-2.5zM7 13v-2.5l2-.5 1.2-2h3.6l1.5 2 1.7.5V13zM9 13.5v.01M15 13.5v.01",
  down: "m6 9.5 6 6 6-6",
  minus: "M5.5 12h13",
  send: "M12 19V5.5M6 11.5l6-6 6 6",
  about: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.5M12 7.5v.01",
  person: "M12 13.5a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM5 21c.6-3 2.3-4.8 4.5-5.5M19 21c-.6-3-2.3-4.8-4.5-5.5",
  phone:
    "M7.5 3.5 10 8.5 8 10.5c1 2.5 3 4.5 5.5 5.5l2-2 5 2.5-.7 3c-.3.8-1 1.2-1.8 1C10.5 19.5 4.5 13.5 3.5 6c-.1-.8.3-1.5 1-1.8z",
  triangle: "M12 4 21.5 20h-19zM12 10v4.5M12 17.2v.01",
};

/** A stroked 24-grid icon in the current text colour, invisible to screen readers. */
export const icon = (name, size) => drawing(PATHS[name], size);

/** @param {string} d what to draw in the same way */
export function drawing(d, size = 18) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 24 24",
    width: size,
    height: size,
    "aria-hidden": "true",
  }))
    svg.setAttribute(key, value);
  path.setAttribute("d", d);
  svg.append(path);
  return svg;
}

/**
 * Writes `text` into `element`: newlines are kept by the style sheet, `**bold**` becomes `<strong>`, nothing else has a
 * meaning. In an `unfinished` text the second pair of stars may still be on its way.
 */
export function writeText(element, text, unfinished = false) {
  const pieces = text.split("**");
  if (pieces.length % 2 === 0 && !unfinished) pieces.push(pieces.splice(-2).join("**"));
  element.replaceChildren(
    ...pieces.map((piece, index) => (index % 2 ? h("strong", {}, piece) : piece)).filter(Boolean),
  );
  return element;
}

/**
 * `address` resolved against `base`, else null. Message parts must stay on that origin; with `origin` null any web page
 * will do, for the links of the workshop's own settings.
 */
export function safeHref(address, base, origin = base) {
  if (!address || !URL.canParse(address, base)) return null;
  const url = new URL(address, base);
  return url.protocol.startsWith("http") && [null, url.origin].includes(origin) ? url.href : null;
}

/** A `tel:` link, else null. */
export const telephone = (href) => (/^tel:\+?[\d-]+$/.test(href ?? "") ? href : null);
