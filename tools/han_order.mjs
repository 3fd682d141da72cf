// Writes the order of Han characters by pinyin and by stroke, as ICU sorts them, to renmai/kernel/locale/data/.
// Run with any Node that has full ICU: node tools/han_order.mjs
import { writeFileSync } from "node:fs";

const BLOCKS = [[0x3400, 0x4dbf], [0x4e00, 0x9fff]];
const LINE = 64;

const characters = BLOCKS.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, step) => String.fromCodePoint(first + step)));
for (const order of ["pinyin", "stroke"]) {
  const sorted = [...characters].sort(new Intl.Collator(`zh-u-co-${order}`).compare).join("");
  const lines = sorted.match(new RegExp(`.{1,${LINE}}`, "gu")).join("\n");
  writeFileSync(new URL(`../renmai/kernel/locale/data/han_${order}.txt`, import.meta.url), `${lines}\n`);
}
