const LASTS = 6000;

/** Say something at the foot of the page for a while, above any open dialog. */
export function toast(text, { bad = false } = {}) {
  const place = document.getElementById("toasts");
  const note = document.createElement("div");
  note.className = bad ? "toast-note bad" : "toast-note";
  note.textContent = text;
  place.append(note);
  raise(place);
  leave(note);
}

function raise(place) {
  place.popover = "manual";
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
}

function leave(note) {
  setTimeout(() => {
    const place = note.parentElement;
    note.remove();
    if (place?.matches(":popover-open") && !place.children.length) place.hidePopover();
  }, LASTS);
}

for (const note of document.querySelectorAll("#toasts > *")) leave(note);
document.addEventListener("toast", ({ detail }) => toast(detail.text, detail));
