// Widths of a list's columns: dragged at the edge of a head, or changed by the arrow keys there, and remembered by the server.
import { ask } from "./ask.js";

const NARROWEST = 64;
const STEP = 16;
const WAIT = 600;
let waiting;

function apply(head, width) {
  const at = head.cellIndex;
  for (const row of head.closest("table").rows) {
    const cell = row.cells[at];
    if (cell) Object.assign(cell.style, { minWidth: `${width}px`, maxWidth: `${width}px` });
  }
}

/** A screen reader hears how wide the column is. */
function tell(head) {
  const grip = head.querySelector("[data-grip]");
  grip.setAttribute("aria-valuemin", NARROWEST);
  grip.setAttribute("aria-valuenow", head.offsetWidth);
}

function set(head, width) {
  const pixels = Math.max(NARROWEST, Math.round(width));
  head.dataset.width = pixels;
  apply(head, pixels);
  tell(head);
  clearTimeout(waiting);
  waiting = setTimeout(() => keep(head.closest("[data-slug]")), WAIT);
}

function keep(frame) {
  const body = new URLSearchParams();
  for (const head of frame.querySelectorAll("th[data-width]")) if (head.dataset.column) body.set(head.dataset.column, head.dataset.width);
  ask(`/${frame.dataset.slug}/widths/`, { method: "POST", body });
}

function dress(root = document) {
  for (const head of root.querySelectorAll("th[data-width]:not([data-width=''])")) apply(head, Number(head.dataset.width));
  for (const grip of root.querySelectorAll("[data-grip]")) tell(grip.closest("th"));
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip) return;
  event.preventDefault();
  const head = grip.closest("th");
  const [start, width] = [event.clientX, head.offsetWidth];
  const forward = getComputedStyle(head).direction === "rtl" ? -1 : 1;
  const moved = ({ clientX }) => set(head, width + forward * (clientX - start));
  document.addEventListener("pointermove", moved);
  document.addEventListener("pointerup", () => document.removeEventListener("pointermove", moved), { once: true });
});
document.addEventListener("keydown", (event) => {
  const grip = event.target.closest?.("[data-grip]");
  const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
  if (!grip || !step) return;
  event.preventDefault();
  set(grip.closest("th"), grip.closest("th").offsetWidth + step);
});
document.addEventListener("morphed", ({ target }) => dress(target));
document.addEventListener("htmx:afterSettle", () => dress());
dress();
