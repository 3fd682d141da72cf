// <record-picker>: finds one record of another type as you type. The hidden input holds its id, the visible one its title.
import { place } from "./menu.js";
import { word } from "./words.js";

const WAIT = 120;

class RecordPicker extends HTMLElement {
  connectedCallback() {
    [this.hidden_, this.input] = this.querySelectorAll("input");
    this.list = this.querySelector('[role="listbox"]');
    this.title = this.input.value;
    this.asked = 0;
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("click", () => this.find());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("blur", () => this.leave());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.take(event.target.closest('[role="option"]')));
  }

  typed() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.find(), WAIT);
  }

  async find() {
    const turn = ++this.asked;
    const text = this.input.value === this.title ? "" : this.input.value;
    const answer = await fetch(`${this.dataset.source}?${new URLSearchParams({ q: text })}`);
    if (turn !== this.asked || !answer.ok || document.activeElement !== this.input) return;
    const { items } = await answer.json();
    if (text || items.length) this.show(items);
  }

  show(items) {
    this.list.replaceChildren(...items.map((item, at) => this.option(item, at)));
    if (!items.length) this.list.append(Object.assign(document.createElement("p"), { className: "tray-head", textContent: word("none") }));
    this.list.style.minWidth = `${this.input.offsetWidth}px`;
    if (!this.list.matches(":popover-open")) this.list.showPopover();
    place(this.list, this.input);
    this.input.setAttribute("aria-expanded", "true");
    this.mark(this.options[0]);
  }

  option({ id, title, subtitle }, at) {
    const option = document.createElement("div");
    option.className = "choice choice-two";
    option.role = "option";
    option.id = `${this.list.id}-${at}`;
    option.dataset.value = id;
    option.dataset.title = title;
    option.append(Object.assign(document.createElement("span"), { textContent: title }));
    if (subtitle) option.append(Object.assign(document.createElement("span"), { className: "soft small", textContent: subtitle }));
    return option;
  }

  get options() {
    return [...this.list.querySelectorAll('[role="option"]')];
  }

  mark(chosen) {
    for (const option of this.options) option.setAttribute("aria-selected", String(option === chosen));
    if (chosen) this.input.setAttribute("aria-activedescendant", chosen.id);
    else this.input.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    if (event.isComposing) return;
    const open = this.list.matches(":popover-open");
    const all = this.options;
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && open) this.mark(all[(at + step + all.length) % all.length]);
    else if (step) this.find();
    else if (event.key === "Enter" && open && all[at]) this.take(all[at]);
    else if (event.key === "Escape" && open) this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  take(option) {
    if (!option) return;
    this.set(option.dataset.value, option.dataset.title);
    this.close();
  }

  set(id, title) {
    this.input.value = this.title = title;
    if (this.hidden_.value === id) return;
    this.hidden_.value = id;
    for (const name of ["input", "change"]) this.hidden_.dispatchEvent(new Event(name, { bubbles: true }));
  }

  leave() {
    clearTimeout(this.waiting);
    this.asked++;
    if (!this.input.value.trim()) this.set("", "");
    else this.input.value = this.title;
    this.close();
  }

  close() {
    if (this.list.matches(":popover-open")) this.list.hidePopover();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
if (!customElements.get("record-picker")) customElements.define("record-picker", RecordPicker);
