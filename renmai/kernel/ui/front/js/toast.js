import { ask } from "./ask.js";
import { word } from "./words.js";

const LASTS = 6000;
const TO_UNDO = 12000;

/** Say something at the foot of the page for a while, above any open dialog; `undo` is an address that takes it back. */
export function toast(text, { bad = false, undo = "" } = {}) {
  const place = document.getElementById("toasts");
  const note = document.createElement("div");
  note.className = bad ? "toast-note bad" : "toast-note";
  note.textContent = text;
  if (undo) note.append(" ", undoButton(undo, note));
  place.append(note);
  raise(place);
  leave(note, undo ? TO_UNDO : LASTS);
}

function undoButton(address, note) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "linkish", textContent: word("undo") });
  button.addEventListener("click", async () => {
    note.remove();
    const answer = await ask(address, { method: "POST" }).catch(() => null);
    const told = JSON.parse(answer?.headers.get("HX-Trigger") ?? "{}");
    for (const [name, detail] of Object.entries(told)) document.dispatchEvent(new CustomEvent(name, { detail }));
    if (!answer?.ok && !told.toast) toast(word(answer ? "failed" : "offline"), { bad: true });
  });
  return button;
}

function raise(place) {
  place.popover = "manual";
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
}

function leave(note, lasts = LASTS) {
  setTimeout(() => {
    const place = note.parentElement;
    note.remove();
    if (place?.matches(":popover-open") && !place.children.length) place.hidePopover();
  }, lasts);
}

for (const note of document.querySelectorAll("#toasts > *")) leave(note);
document.addEventListener("toast", ({ detail }) => toast(detail.text, detail));
