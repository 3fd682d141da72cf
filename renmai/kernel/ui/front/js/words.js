const words = JSON.parse(document.querySelector('meta[name="words"]')?.content ?? "{}");

/** A sentence in the reader's language; `{name}` takes a value. */
export function word(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}
