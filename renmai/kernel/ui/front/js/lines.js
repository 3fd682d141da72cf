// <line-editor>: the rows of a document. The server computes every amount and fills in what a chosen product brings.
import { Idiomorph } from "idiomorph/dist/idiomorph.esm.js";
import { ask } from "./ask.js";

const WAIT = 250;

class LineEditor extends HTMLElement {
  connectedCallback() {
    this.turn = 0;
    this.addEventListener("input", () => this.soon());
    this.addEventListener("change", (event) => this.compute(event.target.name));
    this.addEventListener("click", (event) => this.clicked(event));
    this.arrange();
  }

  get rows() {
    return this.querySelector("[data-rows]");
  }

  async arrange() {
    const { default: Sortable } = await import("sortablejs");
    if (!Sortable.get(this.rows)) {
      Sortable.create(this.rows, { handle: "[data-handle]", animation: 120, onEnd: () => this.compute() });
    }
  }

  clicked(event) {
    const button = event.target.closest("button");
    const row = button?.closest("[data-row]");
    if (button?.hasAttribute("data-add")) this.compute("", { add: "1" });
    else if (button?.hasAttribute("data-drop")) row.remove(), this.compute();
    else if (button?.hasAttribute("data-up")) row.previousElementSibling?.before(row), button.focus(), this.compute();
    else if (button?.hasAttribute("data-down")) row.nextElementSibling?.after(row), button.focus(), this.compute();
  }

  soon() {
    this.turn++;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.compute(), WAIT);
  }

  /** Send the whole form, show what comes back; an answer that typing has overtaken is dropped. */
  async compute(changed = "", more = {}) {
    clearTimeout(this.waiting);
    const turn = ++this.turn;
    const body = new FormData(this.closest("form"));
    body.set("changed", changed);
    for (const [name, value] of Object.entries(more)) body.set(name, value);
    const answer = await ask(this.dataset.compute, { method: "POST", body: new URLSearchParams(body) }).catch(() => null);
    if (!answer?.ok || turn !== this.turn) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("line-editor");
    Idiomorph.morph(this, fresh, { morphStyle: "innerHTML", ignoreActiveValue: true });
    this.arrange();
    if (more.add) this.rows.lastElementChild?.querySelector("input:not([type=hidden])")?.focus();
  }
}
customElements.define("line-editor", LineEditor);
