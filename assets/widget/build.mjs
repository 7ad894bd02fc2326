/**
 * Bundles the chat widget into `assets/widget.js`: `node assets/widget/build.mjs`.
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

const GZIP_BUDGET_BYTES = 15 * 1024;

const source = dirname(fileURLToPath(import.meta.url));
const root = resolve(source, "../..");
const tools = join(root, ".build", "widget");
const target = join(root, "assets", "widget.js");

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

/** Custom properties get one-letter names, but for the four that the server's accent sets by name. */
function shortenProperties(css) {
  const names = new Map();
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

installTools();
const esbuild = createRequire(join(tools, "package.json"))("esbuild");
const { outputFiles } = await esbuild.build({
  entryPoints: [join(source, "main.js")],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  banner: { js: "/* CarBot chat widget, AGPL-3.0-or-later */" },
  plugins: [cssText(esbuild)],
});
const bundle = Buffer.from(outputFiles[0].contents);
if (!existsSync(target) || !readFileSync(target).equals(bundle)) writeFileSync(target, bundle);

const size = gzipSync(bundle, { level: 9 }).length;
console.log(`assets/widget.js: ${bundle.length} bytes, ${size} gzip (budget ${GZIP_BUDGET_BYTES})`);
if (size > GZIP_BUDGET_BYTES) process.exit(1);
