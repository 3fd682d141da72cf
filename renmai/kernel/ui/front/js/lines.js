// <line-editor>: rows of a form. Of a document the server computes every amount and fills in what a chosen product brings.
import { Idiomorph } from "idiomorph/dist/idiomorph.esm.js";
import { ask, typed } from "./ask.js";
import { dressTags, undressTags } from "./tagging.js";

const WAIT = 250;

class LineEditor extends HTMLElement {
  connectedCallback() {
    this.turn = 0;
    this.addEventListener("input", (event) => event.target.name && this.soon()); // what a picker searches for is no value yet
    this.addEventListener("change", (event) => this.changed(event.target.name));
    this.addEventListener("click", (event) => this.clicked(event));
    this.twin?.addEventListener("input", () => this.tellPrimary());
    this.arrange();
  }

  get rows() {
    return this.querySelector("[data-rows]");
  }

  /** The field of the form that holds the value of the primary row. */
  get twin() {
    return this.dataset.twin ? this.closest("form").elements[this.dataset.twin] : null;
  }

  get primary() {
    const chosen = this.querySelector("[data-row]:has(input[type=radio]:checked)") ?? this.querySelector("[data-row]");
    return chosen?.querySelector('[name$=".value"]');
  }

  tellPrimary() {
    if (this.primary) this.primary.value = this.twin.value;
  }

  tellTwin() {
    if (this.twin && this.primary) this.twin.value = this.primary.value;
  }

  async arrange() {
    const { default: Sortable } = await import("sortablejs");
    if (this.rows && !Sortable.get(this.rows)) {
      Sortable.create(this.rows, { handle: "[data-handle]", animation: 120, onEnd: () => this.changed() });
    }
  }

  clicked(event) {
    const button = event.target.closest("button");
    const row = button?.closest("[data-row]");
    if (button?.hasAttribute("data-add")) this.compute("", { add: this.dataset.name });
    else if (button?.hasAttribute("data-drop")) this.drop(row);
    else if (button?.hasAttribute("data-up")) row.previousElementSibling?.before(row), button.focus(), this.changed();
    else if (button?.hasAttribute("data-down")) row.nextElementSibling?.after(row), button.focus(), this.changed();
  }

  /** One of the rows that are left is the primary one; the focus goes to the neighbour. */
  drop(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    const choices = [...this.querySelectorAll("input[type=radio]")];
    if (choices.length && !choices.some((choice) => choice.checked)) choices[0].checked = true;
    (next?.querySelector("[data-drop]") ?? this.querySelector("[data-add]")).focus();
    this.changed();
  }

  changed(name = "") {
    this.tellTwin();
    if ("computed" in this.dataset) this.compute(name);
  }

  soon() {
    this.tellTwin();
    if (!("computed" in this.dataset)) return;
    this.turn++;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.compute(), WAIT);
  }

  /** Send the whole form, show what comes back; an answer that typing has overtaken is dropped. */
  async compute(changed = "", more = {}) {
    clearTimeout(this.waiting);
    const turn = ++this.turn;
    const body = typed(this.closest("form"));
    body.set("changed", changed);
    for (const [name, value] of Object.entries(more)) body.set(name, value);
    const answer = await ask(this.dataset.source, { method: "POST", body: new URLSearchParams(body) }).catch(() => null);
    if (!answer?.ok || turn !== this.turn) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(`line-editor[data-name="${this.dataset.name}"]`);
    undressTags(this);
    Idiomorph.morph(this, fresh, { morphStyle: "innerHTML", ignoreActiveValue: true });
    dressTags(this);
    this.arrange();
    if (!more.add) return;
    if (this.twin && this.rows.children.length === 1) this.tellPrimary();
    this.rows.lastElementChild?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }
}
customElements.define("line-editor", LineEditor);
