const GAP = 4;
const EDGE = 8;

/** Put an open tray beside the element it belongs to, within the window. */
export function place(tray, anchor, end = false) {
  const from = anchor.getBoundingClientRect();
  const { width, height } = tray.getBoundingClientRect();
  const below = from.bottom + GAP;
  const top = below + height > innerHeight - EDGE && from.top > height + GAP ? from.top - height - GAP : below;
  const left = end ? from.right - width : from.left;
  tray.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
  tray.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
}

/** A button with a tray of choices: the arrow keys walk, Escape and a click elsewhere close (the browser does that). */
class MenuButton extends HTMLElement {
  connectedCallback() {
    // A page that is brought up to date by parts may get the element first and what stands in it later, so nothing in it is held.
    this.addEventListener("toggle", (event) => event.target === this.tray && this.toggled(event.newState === "open"), true);
    this.addEventListener("htmx:afterSettle", ({ target }) => this.tray.contains(target) && this.place()); // what came has another size than what stood for it
    this.addEventListener("keydown", (event) => this.walk(event));
  }

  get button() {
    return this.querySelector("[popovertarget]");
  }

  get tray() {
    return this.querySelector("[popover]");
  }

  toggled(open) {
    this.button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    this.place();
    for (const part of this.tray.querySelectorAll("[data-on-open]")) part.dispatchEvent(new Event("opened"));
    this.tray.querySelector("input:not([type=hidden])")?.focus();
  }

  place() {
    place(this.tray, this.button, this.tray.dataset.end === "yes");
  }

  walk(event) {
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.target.matches("select, textarea")) return;
    event.preventDefault();
    if (!this.tray.matches(":popover-open")) this.tray.showPopover();
    const choices = [...this.tray.querySelectorAll("a, button, input:not([type=hidden]), select")].filter((choice) => choice.offsetParent);
    const step = event.key === "ArrowDown" ? 1 : -1;
    const at = choices.indexOf(document.activeElement);
    choices.at(at < 0 && step < 0 ? -1 : (at + step) % choices.length)?.focus();
  }
}
customElements.define("menu-button", MenuButton);

document.addEventListener("click", (event) => {
  const choice = event.target.closest(".choice");
  if (choice?.matches("a, button")) choice.closest("[popover]")?.hidePopover();
  const toggle = event.target.closest("[data-rail]");
  if (!toggle) return;
  const open = document.getElementById("rail").classList.toggle("open");
  toggle.setAttribute("aria-expanded", String(open));
});
