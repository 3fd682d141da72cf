// The choice of columns: rows are dragged into their order, or moved by Alt and the arrow keys.
class ColumnChoice extends HTMLElement {
  async connectedCallback() {
    this.addEventListener("keydown", (event) => this.pressed(event));
    const { default: Sortable } = await import("sortablejs");
    Sortable.create(this, { draggable: ".choice", handle: "[data-handle]", animation: 120 });
  }

  pressed(event) {
    const choice = event.target.closest(".choice");
    if (!choice || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "ArrowUp") choice.previousElementSibling?.before(choice);
    else choice.nextElementSibling?.after(choice);
    choice.querySelector("input").focus();
  }
}
customElements.define("column-choice", ColumnChoice);
