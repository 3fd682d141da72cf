// <criteria-builder>: the server renders it anew whenever its shape changes, and says how many records it finds after each pause.
import htmx from "htmx.org";

const PAUSE = 450;

class CriteriaBuilder extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("change", (event) => this.changed(event));
    this.addEventListener("input", () => this.soon());
    this.addEventListener("keydown", (event) => this.pressed(event));
    this.soon();
  }

  disconnectedCallback() {
    clearTimeout(this.waiting);
  }

  clicked(event) {
    const button = event.target.closest("button[data-do]");
    if (button) this.reshape(button.dataset.do, button.dataset.place);
  }

  changed({ target }) {
    if (target.matches("select[data-do]")) this.reshape(target.dataset.do, target.dataset.place ?? "");
  }

  /** Enter in a field asks at once, instead of sending the form around the builder. */
  pressed(event) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !event.target.matches("input:not([role=combobox])")) return;
    event.preventDefault();
    this.say();
  }

  reshape(what, place) {
    clearTimeout(this.waiting);
    htmx.ajax("POST", this.dataset.src, { source: this, target: this, swap: "outerHTML", values: { do: what, place } });
  }

  soon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.say(), PAUSE);
  }

  say() {
    const said = this.querySelector("[data-said]");
    htmx.ajax("POST", this.dataset.src.replace("/criteria/", "/criteria/said/"), { source: said, target: said, swap: "innerHTML" });
  }
}
customElements.define("criteria-builder", CriteriaBuilder);
