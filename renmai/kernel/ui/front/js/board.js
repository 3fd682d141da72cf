// <record-board>: cards are dragged, or moved by Ctrl and the arrow keys, or by each card's "Move" menu. The server decides.
import { ask } from "./ask.js";
import { refresh } from "./live.js";
import { place } from "./menu.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const HOLD = 180;

class RecordBoard extends HTMLElement {
  connectedCallback() {
    this.arrange();
    this.addEventListener("morphed", () => this.arrange());
    this.addEventListener("keydown", (event) => this.pressed(event));
    this.addEventListener("click", (event) => this.opened(event.target.closest("[data-move]")));
    this.tray = document.getElementById("move-tray");
    this.tray.addEventListener("click", (event) => this.chosen(event.target.closest("[data-move-to]")));
  }

  async arrange() {
    const { default: Sortable } = await import("sortablejs");
    for (const list of this.querySelectorAll("[data-cards]")) {
      if (Sortable.get(list)) continue;
      Sortable.create(list, {
        group: "cards",
        draggable: "[data-card]",
        filter: "[data-move]",
        preventOnFilter: false,
        sort: false,
        delay: HOLD,
        delayOnTouchOnly: true,
        animation: 120,
        onStart: () => document.body.setAttribute("data-dragging", ""),
        onEnd: ({ item, from, to, oldDraggableIndex }) => {
          document.body.removeAttribute("data-dragging");
          if (from !== to) this.move(item, to, { from, at: oldDraggableIndex });
        },
      });
      for (const more of list.querySelectorAll("[data-more]")) this.watch(more, list);
    }
  }

  /** Load the next cards of a column when its end comes into sight. */
  watch(more, list) {
    new IntersectionObserver(([sight], observer) => {
      if (!sight.isIntersecting) return;
      observer.disconnect();
      const address = new URL(this.dataset.src || location.href, location.href);
      address.searchParams.set(`show-${list.dataset.cards}`, more.dataset.more);
      this.dataset.src = address;
      refresh(this.id);
    }, { root: list }).observe(more);
  }

  opened(button) {
    if (!button) return;
    this.card = button.closest("[data-card]");
    const now = this.card.closest("[data-cards]").dataset.cards;
    for (const choice of this.tray.querySelectorAll("[data-move-to]")) choice.toggleAttribute("disabled", choice.dataset.moveTo === now);
    this.tray.showPopover({ source: button });
    place(this.tray, button, true);
    this.tray.querySelector("[data-move-to]:not([disabled])")?.focus();
  }

  chosen(choice) {
    if (!choice) return;
    const card = document.getElementById(this.card.id);
    this.transfer(card, this.column(choice.dataset.moveTo));
  }

  pressed(event) {
    const card = event.target.closest("[data-card]");
    if (!card || event.target !== card && !event.target.matches("a")) return;
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!steps) return;
    event.preventDefault();
    const [across, down] = steps;
    if (across && (event.ctrlKey || event.shiftKey || event.metaKey)) this.transfer(card, this.beside(card, across));
    else this.walk(card, across, down);
  }

  lists() {
    return [...this.querySelectorAll("[data-cards]")];
  }

  column(key) {
    return this.lists().find((list) => list.dataset.cards === key);
  }

  beside(card, step) {
    const lists = this.lists();
    return lists[lists.indexOf(card.closest("[data-cards]")) + step];
  }

  walk(card, across, down) {
    const list = across ? this.beside(card, across) : card.closest("[data-cards]");
    const cards = [...(list?.querySelectorAll("[data-card]") ?? [])];
    const at = [...card.parentElement.querySelectorAll("[data-card]")].indexOf(card);
    cards[Math.max(0, Math.min(at + down, cards.length - 1))]?.focus();
  }

  /** Move a card by keyboard or menu: to the top of the column, the focus going with it. */
  transfer(card, to) {
    const from = card.closest("[data-cards]");
    if (!to || to === from) return;
    const at = [...from.querySelectorAll("[data-card]")].indexOf(card);
    to.prepend(card);
    card.focus();
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.move(card, to, { from, at });
  }

  async move(card, to, { from, at }) {
    const body = new URLSearchParams({ to: to.dataset.cards });
    const answer = await ask(card.dataset.place, { method: "POST", body }).catch(() => null);
    if (answer?.redirected || answer?.status === 200) return this.answered(answer, card, { from, at });
    if (answer?.ok) return refresh(this.id);
    from.insertBefore(card, from.querySelectorAll("[data-card]")[at] ?? null);
    toast(answer && answer.status < 500 ? await answer.text() : word(answer ? "failed" : "offline"), { bad: true });
  }

  /** The move asks for something first: its dialog opens, and the card waits where it was. */
  async answered(answer, card, { from, at }) {
    from.insertBefore(card, from.querySelectorAll("[data-card]")[at] ?? null);
    const place = document.getElementById("dialogs");
    window.htmx.swap(place, await answer.text(), { swapStyle: "innerHTML" });
    place.querySelector("dialog")?.showModal();
  }
}
customElements.define("record-board", RecordBoard);
