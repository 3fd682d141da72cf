import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transform } from "esbuild";
import postcss from "postcss";
import { PurgeCSS } from "purgecss";
import { sources } from "./sources.mjs";

/** Classes that are put together in a macro from a part and a word, or that Tom Select sets by itself. */
const SAFE = [/^(btn|bg|text|badge|alert)-(primary|secondary|success|warning|danger|info|ghost-\w+)$/, /^(is-invalid|disabled|active|show)$/];

/** Only what the components use of Tabler, then Tom Select, then our own sheets; both themes also by the system's preference. */
export async function sheet(root) {
  const library = (name) => readFileSync(join(root, "node_modules", name), "utf8");
  const own = sources(join(root, "renmai/kernel/ui/front/css"), /\.css$/).join("\n");
  const tabler = await purged(library("@tabler/core/dist/css/tabler.min.css"), sources(join(root, "renmai/kernel/ui/components"), /\.jinja$/));
  const whole = await postcss([bySystem, withoutUnusedVariables]).process(`${tabler}\n${library("tom-select/dist/css/tom-select.css")}\n${own}`, { from: undefined });
  return (await transform(whole.css, { loader: "css", minify: true, target: "es2022" })).code;
}

async function purged(css, templates) {
  const [{ css: kept }] = await new PurgeCSS().purge({
    css: [{ raw: css }],
    content: templates.map((raw) => ({ raw, extension: "html" })),
    safelist: { standard: SAFE },
    keyframes: true,
  });
  return kept;
}

/** Repeat the rules of the dark theme for people who follow their system. */
const bySystem = {
  postcssPlugin: "by-system",
  Once(sheet, { AtRule }) {
    const media = new AtRule({ name: "media", params: "(prefers-color-scheme: dark)" });
    sheet.walkRules((rule) => {
      const selectors = rule.selectors.filter((selector) => selector.includes("[data-bs-theme=dark]") && !/data-bs-navbar|body\[/.test(selector));
      if (selectors.length && rule.parent === sheet) {
        media.append(rule.clone({ selectors: selectors.map((selector) => selector.replaceAll("[data-bs-theme=dark]", "[data-bs-theme=auto]")) }));
      }
    });
    sheet.append(media);
  },
};

/** Leave out the custom properties that nothing reads, until none is left. */
const withoutUnusedVariables = {
  postcssPlugin: "without-unused-variables",
  OnceExit(sheet) {
    for (let removed = true; removed; ) {
      removed = false;
      const text = sheet.toString();
      const read = new Set([...text.matchAll(/var\(\s*(--[\w-]+)/g)].map((found) => found[1]));
      sheet.walkDecls(/^--/, (declaration) => {
        if (read.has(declaration.prop) || declaration.prop.startsWith("--fc-")) return; // those the calendar's own rules read
        declaration.remove();
        removed = true;
      });
    }
    sheet.walkRules((rule) => {
      if (!rule.nodes.length) rule.remove();
    });
  },
};
