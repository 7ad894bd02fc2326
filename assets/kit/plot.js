// What our charts share: plotly, fetched with the first one that is drawn, and the theme's colours as it knows them.
export async function loadPlotly() {
  return (await import("plotly.js-basic-dist-min")).default;
}

// Plotly knows no oklch(), so the browser turns a colour of the theme into what it knows.
export function themeColour(node, name, opacity = 1) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.fillStyle = getComputedStyle(node).getPropertyValue(name).trim();
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  return `rgba(${red},${green},${blue},${opacity})`;
}

// Light and dark: the page's root says which. Returns what ends the watching.
export function onThemeChange(draw) {
  const theme = new MutationObserver(draw);
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ["class", "data-theme"] });
  return () => theme.disconnect();
}
