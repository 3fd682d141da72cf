// Builds the browser's half into renmai/kernel/ui/static/build/: one style sheet, one script with lazily loaded parts and one icon
// sprite. Every name carries its hash; manifest.json leads from the plain names to the hashed ones. --watch builds again on a change.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { build } from "esbuild";
import { sheet } from "./sheet.mjs";
import { sprite } from "./sprite.mjs";

const ROOT = resolve(import.meta.dirname, "../../../..");
/** The shell's script, that of pages for people outside, and what works beside those. */
const ENTRIES = ["app.js", "public.js", "solver.js"];
const OUT = join(ROOT, "renmai/kernel/ui/static/build");

/** Write `text` under a name that carries its hash, and return that name. */
function hashed(name, text) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase();
  const file = name.replace(/(\.\w+)$/, `-${hash}$1`);
  writeFileSync(join(OUT, file), text);
  return file;
}

async function scripts() {
  const { metafile } = await build({
    entryPoints: ENTRIES.map((name) => join(import.meta.dirname, "js", name)),
    outdir: OUT,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    target: "es2022",
    legalComments: "none",
    metafile: true,
  });
  const built = (name) => basename(Object.keys(metafile.outputs).find((file) => metafile.outputs[file].entryPoint?.endsWith(`js/${name}`)));
  return Object.fromEntries(ENTRIES.map((name) => [name, built(name)]));
}

async function all() {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const manifest = {
    ...(await scripts()),
    "app.css": hashed("app.css", await sheet(ROOT)),
    "icons.svg": hashed("icons.svg", sprite(ROOT)),
    "embed.js": hashed("embed.js", readFileSync(join(import.meta.dirname, "js/embed.js"), "utf8")),
    "sw.js": hashed("sw.js", readFileSync(join(import.meta.dirname, "js/sw.js"), "utf8")),
    "mark.svg": hashed("mark.svg", readFileSync(join(import.meta.dirname, "mark.svg"), "utf8")),
  };
  writeFileSync(join(OUT, "manifest.json"), JSON.stringify(manifest, null, 2));
}

await all();
if (process.argv.includes("--watch")) {
  let waiting;
  watch(join(ROOT, "renmai"), { recursive: true }, (_, file) => {
    if (!/\.(jinja|mjs|js|css|py)$/.test(file) || file.includes("static")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => all().catch((problem) => console.error(problem.message)), 100);
  });
}
