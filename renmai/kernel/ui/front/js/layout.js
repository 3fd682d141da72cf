// <layout-editor>: sections and fields are dragged into their order, or moved by buttons and by Alt with the arrow keys.
let made = 0;

class LayoutEditor extends HTMLElement {
  async connectedCallback() {
    this.addEventListener("click", (event) => this.clicked(event.target.closest("button")));
    this.addEventListener("keydown", (event) => this.pressed(event));
    const { default: Sortable } = await import("sortablejs");
    this.Sortable = Sortable;
    const common = { handle: "[data-handle]", animation: 120, onEnd: ({ item }) => this.moved(item) };
    Sortable.create(this.querySelector("[data-sections]"), { ...common, draggable: "[data-section]" });
    for (const list of this.lists) this.open(list);
  }

  get lists() {
    return [...this.querySelectorAll("[data-fields]")];
  }

  open(list) {
    this.Sortable?.create(list, {
      group: "fields",
      draggable: "[data-item]",
      handle: "[data-handle]",
      animation: 120,
      onEnd: ({ item }) => this.moved(item),
    });
  }

  clicked(button) {
    if (!button) return;
    if (button.dataset.move) this.move(button.closest("[data-item], [data-section]"), button.dataset.move, button);
    else if ("remove" in button.dataset) this.remove_(button.closest("[data-section]"));
    else if ("add" in button.dataset) this.add();
  }

  pressed(event) {
    const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    const thing = event.target.closest("[data-item], [data-section]");
    if (!way || !event.altKey || !thing) return;
    event.preventDefault();
    this.move(thing, way, event.target);
  }

  /** One place up or down; a field goes on into the section before or behind its own. */
  move(thing, way, focus) {
    const next = way === "up" ? thing.previousElementSibling : thing.nextElementSibling;
    if (next?.matches("[data-item], [data-section]")) next[way === "up" ? "before" : "after"](thing);
    else if (thing.matches("[data-item]")) this.across(thing, way);
    focus.focus();
    this.moved(thing);
  }

  across(item, way) {
    const lists = this.lists;
    const list = lists[lists.indexOf(item.parentElement) + (way === "up" ? -1 : 1)];
    list?.[way === "up" ? "append" : "prepend"](item);
  }

  /** Let the form know that it was touched, and a listener where the thing stands now. */
  moved(thing) {
    const list = thing.parentElement;
    const at = [...list.children].indexOf(thing) + 1;
    const name = thing.querySelector("a, input:not([type=hidden])");
    this.querySelector("[data-said]").textContent =
      `${name.textContent || name.value || name.placeholder}: ${list.getAttribute("aria-label") ?? ""} ${at}/${list.children.length}`;
    thing.querySelector("input").dispatchEvent(new Event("input", { bubbles: true }));
  }

  add() {
    const section = this.querySelector("template").content.firstElementChild.cloneNode(true);
    made += 1;
    for (const input of section.querySelectorAll("input")) {
      input.name = input.name.replace("title.new", `title.new${made}`);
      if (input.name === "item") input.value = `section:new${made}`;
    }
    this.querySelector("[data-sections]").append(section);
    this.open(section.querySelector("[data-fields]"));
    section.querySelector(".layout-title").focus();
  }

  /** What stands in a section that goes moves to the one before it, else to the one behind it. */
  remove_(section) {
    const other = section.previousElementSibling ?? section.nextElementSibling;
    const list = (other ?? this.querySelector("[data-last]")).querySelector("[data-fields]");
    list.append(...section.querySelectorAll("[data-item]"));
    section.remove();
    this.moved(list.lastElementChild ?? list.closest("[data-section]"));
  }
}
customElements.define("layout-editor", LayoutEditor);
