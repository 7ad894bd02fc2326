/**
 * Bundles the chat widget into `assets/widget.js`, and what it loads once the chat is open into
 * `assets/widget-extras.js`: `node assets/widget/build.mjs`.
 *
 * Everything below `assets/` is public, so the tools are installed in `.build/widget` instead of beside the
 * source. Nothing is installed or written when nothing changed. Exits 1 when the bundle is over its budget.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const GZIP_BUDGET_BYTES = { widget: 15 * 1024, "widget-extras": 15 * 1024 };
const LANGUAGES = ["de", "en", "tr", "pl"];

const source = dirname(fileURLToPath(import.meta.url));
const root = resolve(source, "../..");
const tools = join(root, ".build", "widget");

function installTools() {
  const lock = readFileSync(join(source, "package-lock.json"));
  const wanted = createHash("sha256").update(lock).digest("hex");
  const stamp = join(tools, "installed.sha256");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  mkdirSync(tools, { recursive: true });
  for (const name of ["package.json", "package-lock.json", ".npmrc"])
    copyFileSync(join(source, name), join(tools, name));
  const npm = join(dirname(process.execPath), "..", "lib", "node_modules", "npm", "bin", "npm-cli.js");
  const [command, prefix] = existsSync(npm) ? [process.execPath, [npm]] : ["npm", []];
  execFileSync(command, [...prefix, "ci", "--ignore-scripts"], {
    cwd: tools,
    stdio: ["ignore", "ignore", "inherit"],
  });
  writeFileSync(stamp, wanted);
}

/** One for both sheets: what the first declares, the second uses. */
const names = new Map();

/** Custom properties get one-letter names, but for the four that the server's accent sets by name. */
function shortenProperties(css) {
  const short = (name) => names.set(name, names.get(name) ?? `--${names.size.toString(36)}`).get(name);
  return css.replace(/--(?!primary|content|soft|ink)[a-z][a-z-]*/g, short);
}

/** Style sheets are imported as minified strings, for `CSSStyleSheet.replaceSync`. */
const cssText = (esbuild) => ({
  name: "css-text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(readFileSync(path, "utf8"), {
        loader: "css",
        minify: true,
        target: "es2022",
      });
      return { contents: shortenProperties(code.trim()), loader: "text" };
    });
  },
});

/** Lamps have one home each: symbols in the icons, words in the languages, what they mean in the server's table. */
const lampTable = {
  name: "lamps",
  setup(build) {
    build.onResolve({ filter: /^lamps$/ }, () => ({ path: "lamps", namespace: "lamps" }));
    build.onLoad({ filter: /.*/, namespace: "lamps" }, () => {
      const sprite = readFileSync(join(root, "assets", "icons.svg"), "utf8");
      const symbols = Object.fromEntries(
        [...sprite.matchAll(/<symbol id="lamp-(\w+)"[^>]*><path d="([^"]+)"/g)].map(([, id, d]) => [id, d]),
      );
      const table = readFileSync(join(root, "carbot_app/domains/conversations/warning_lamps.py"), "utf8");
      const lamps = Object.fromEntries(
        [...table.matchAll(/WarningLamp\("(\w+)", "(red|amber)"/g)].map(([, id, colour]) => [id, colour]),
      );
      const words = Object.fromEntries(
        LANGUAGES.map((code) => {
          const { advice, book, tow, tow_offer, ...shown } = JSON.parse(
            readFileSync(join(root, "assets", "locales", code, "lamps.json"), "utf8"),
          );
          return [code, shown];
        }),
      );
      const contents = Object.entries({ SYMBOLS: symbols, LAMPS: lamps, WORDS: words })
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
        .join("\n");
      return { contents, loader: "js" };
    });
  },
};

installTools();
const esbuild = createRequire(join(tools, "package.json"))("esbuild");

async function bundle(name, entry, options) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(source, entry)],
    bundle: true,
    minify: true,
    write: false,
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    banner: { js: "/* CarBot chat widget, AGPL-3.0-or-later */" },
    plugins: [cssText(esbuild), lampTable],
    ...options,
  });
  const made = Buffer.from(outputFiles[0].contents);
  const target = join(root, "assets", `${name}.js`);
  if (!existsSync(target) || !readFileSync(target).equals(made)) writeFileSync(target, made);
  const size = gzipSync(made, { level: 9 }).length;
  const budget = GZIP_BUDGET_BYTES[name];
  console.log(`assets/${name}.js: ${made.length} bytes, ${size} gzip (budget ${budget})`);
  if (size > budget) process.exitCode = 1;
  return createHash("sha256").update(made).digest("hex").slice(0, 12);
}

// The first sheet names the custom properties of both
shortenProperties(readFileSync(join(source, "widget.css"), "utf8"));
const version = await bundle("widget-extras", "extras/index.js", { format: "esm" });
await bundle("widget", "main.js", { format: "iife", define: { EXTRAS_VERSION: JSON.stringify(version) } });
