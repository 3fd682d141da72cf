import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Text of every file below `folder` whose path matches `pattern`, the build's own output left out. */
export function sources(folder, pattern) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => pattern.test(file) && !/(^|\/)(static|tests|migrations)\//.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), "utf8"));
}
