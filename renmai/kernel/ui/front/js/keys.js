// Single letters that work wherever nothing is being typed; "?" lists them. A person may switch them off (WCAG 2.1.4).
import htmx from "htmx.org";

const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog, [popover]";
const WAITS = 1500;
const isOff = document.querySelector('meta[name="keys"]')?.content === "off";
let going = 0;

const KEYS = {
  "/": () => press("[data-palette]"),
  n: () => press("[data-key-create]"),
  c: () => comment() || press("[data-key-create]"),
  e: () => press("[data-key-edit]"),
  f: () => press("[data-key-star]"),
  j: () => walk(1),
  k: () => walk(-1),
  o: () => row()?.querySelector(TITLE)?.click(),
  x: () => row()?.querySelector("[data-tick]")?.click(),
  d: () => row()?.querySelector("[data-done]")?.click(),
  p: () => row()?.querySelector("[data-postpone]")?.click(),
  g: () => (going = Date.now()),
  "?": () => htmx.ajax("GET", "/keys/", { target: "#dialogs", swap: "innerHTML" }),
};

document.addEventListener("keydown", (event) => {
  if (isOff || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest(TYPING)) return;
  const key = event.key.length === 1 ? event.key : "";
  if (!key) return;
  const done = Date.now() - going < WAITS ? go(key) : KEYS[key]?.();
  if (done !== undefined && done !== false) event.preventDefault();
});

/** Press the first such thing of the page; tells whether there is one. */
function press(selector) {
  const target = document.querySelector(selector);
  target?.click();
  return Boolean(target);
}

function go(letter) {
  going = 0;
  if (letter !== "b") return press(`[data-go="${CSS.escape(letter)}"]`);
  location.assign("/notifications/");
  return true;
}

function comment() {
  const field = document.querySelector("[data-key-comment]");
  if (!field) return false;
  document.getElementById("tab-story")?.click();
  document.getElementById("compose-tab-comment").click();
  field.focus();
  return true;
}

const TITLE = "th a, .panel-title";
const row = () => document.activeElement?.closest("main tbody tr, main [data-row]");

/** Bring the focus to the title of the next or the previous row. */
function walk(step) {
  const links = [...document.querySelectorAll("main .table-frame tbody tr th a, main [data-row] .panel-title")];
  if (!links.length) return false;
  const at = links.indexOf(row()?.querySelector(TITLE));
  const next = links[at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}
