import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sources } from "./sources.mjs";

const USES = [/\bicon\(\s*["']([a-z0-9-]+)["']/g, /\bicon(?:_name|, \w+|: [\w[\]]+)?\s*=\s*["']([a-z0-9-]+)["']/g];
// Macros that take an icon's name among their arguments.
const ARGUMENTS = /\b(?:ui\.|here\.)?(?:bulk|choose|rail_link|empty|note|menu_button|menu_link|icon_button|chip)\(.*?\)\s*[}%]/gs;

// The icons that a company can choose from for its own types.
const OFFERED = /class Icon\(models\.TextChoices\):[\s\S]*?\n\n\n/g;

/** One SVG with a symbol for each icon that a template, script or declaration names; an unknown name stops the build. */
export function sprite(root) {
  const text = sources(join(root, "renmai"), /\.(jinja|js|py)$/).join("\n");
  const folder = join(root, "node_modules/@tabler/icons/icons/outline");
  const isKnown = (name) => existsSync(join(folder, `${name}.svg`));
  const named = USES.flatMap((use) => [...text.matchAll(use)].map((found) => found[1]));
  const passed = [...text.matchAll(ARGUMENTS), ...text.matchAll(OFFERED)].flatMap(([call]) => [...call.matchAll(/"([a-z0-9-]+)"/g)].map((found) => found[1])).filter(isKnown);
  const names = [...new Set([...named, ...passed])].sort();
  const unknown = named.filter((name) => !isKnown(name));
  if (unknown.length) throw new Error(`No such icon in @tabler/icons: ${unknown.join(", ")}`);
  return `<svg xmlns="http://www.w3.org/2000/svg">${names.map((name) => symbol(folder, name)).join("")}</svg>\n`;
}

function symbol(folder, name) {
  const shapes = readFileSync(join(folder, `${name}.svg`), "utf8").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
  const drawn = shapes.replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" \/>/, "").replace(/\s+/g, " ").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${drawn}</symbol>`;
}
