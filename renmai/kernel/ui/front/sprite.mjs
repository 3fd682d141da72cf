import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sources } from "./sources.mjs";

const USES = [/\bicon\(\s*["']([a-z0-9-]+)["']/g, /\bicon\s*=\s*["']([a-z0-9-]+)["']/g, /["']icon["']\s*:\s*["']([a-z0-9-]+)["']/g];

/** One SVG with a symbol for each icon that a template, script or declaration names; an unknown name stops the build. */
export function sprite(root) {
  const text = sources(join(root, "renmai"), /\.(jinja|js|py)$/).join("\n");
  const names = [...new Set(USES.flatMap((use) => [...text.matchAll(use)].map((found) => found[1])))].sort();
  const folder = join(root, "node_modules/@tabler/icons/icons/outline");
  const unknown = names.filter((name) => !existsSync(join(folder, `${name}.svg`)));
  if (unknown.length) throw new Error(`No such icon in @tabler/icons: ${unknown.join(", ")}`);
  return `<svg xmlns="http://www.w3.org/2000/svg">${names.map((name) => symbol(folder, name)).join("")}</svg>\n`;
}

function symbol(folder, name) {
  const shapes = readFileSync(join(folder, `${name}.svg`), "utf8").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
  const drawn = shapes.replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" \/>/, "").replace(/\s+/g, " ").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${drawn}</symbol>`;
}
