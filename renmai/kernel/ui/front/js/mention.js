import { place } from "./menu.js";

const WAITS = 120;
const TYPED = /(?:^|\s)@([^\s@][^@\n]{0,30})?$/u;

/** A field of text in which "@" offers colleagues: arrow keys walk, Enter or Tab takes one, Escape closes. */
class MentionBox extends HTMLElement {
  connectedCallback() {
    this.text = this.querySelector("textarea");
    this.hits = this.querySelector('[role="listbox"]');
    this.hits.id ||= `mention-${crypto.randomUUID()}`;
    this.text.setAttribute("aria-controls", this.hits.id);
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (event) => this.pressed(event));
    this.text.addEventListener("blur", () => setTimeout(() => this.close(), WAITS));
    this.hits.addEventListener("mousedown", (event) => event.preventDefault());
    this.hits.addEventListener("click", ({ target }) => this.take(target.closest('[role="option"]')));
    this.closest("form").addEventListener("reset", () => this.querySelectorAll("input").forEach((input) => input.remove()));
  }

  get words() {
    return TYPED.exec(this.text.value.slice(0, this.text.selectionStart));
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), WAITS);
  }

  async look() {
    const words = this.words;
    if (!words) return this.close();
    const answer = await fetch(`${this.dataset.src}?${new URLSearchParams({ q: words[1] ?? "" })}`).catch(() => null);
    if (!answer?.ok || this.words?.[0] !== words[0]) return;
    this.show((await answer.json()).items);
  }

  show(people) {
    if (!people.length) return this.close();
    this.hits.replaceChildren(...people.map((person, at) => option(`${this.hits.id}-${at}`, person)));
    if (!this.hits.matches(":popover-open")) this.hits.showPopover();
    place(this.hits, this.text);
    this.choose(0);
  }

  close() {
    if (this.hits.matches(":popover-open")) this.hits.hidePopover();
    this.text.removeAttribute("aria-activedescendant");
  }

  choose(at) {
    const all = [...this.hits.children];
    this.at = (at + all.length) % all.length;
    for (const one of all) one.setAttribute("aria-selected", String(one === all[this.at]));
    this.text.setAttribute("aria-activedescendant", all[this.at].id);
  }

  pressed(event) {
    if (!this.hits.matches(":popover-open") || event.isComposing) return;
    if (event.key === "ArrowDown") this.choose(this.at + 1);
    else if (event.key === "ArrowUp") this.choose(this.at - 1);
    else if (["Enter", "Tab"].includes(event.key) && !event.ctrlKey && !event.metaKey) this.take(this.hits.children[this.at]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  take(chosen) {
    if (!chosen) return;
    const end = this.text.selectionStart;
    const start = end - this.words[0].trimStart().length;
    this.text.setRangeText(`@${chosen.dataset.name} `, start, end, "end");
    const id = Object.assign(document.createElement("input"), { type: "hidden", name: "mentions", value: chosen.dataset.id });
    this.append(id);
    this.close();
    this.text.focus();
  }
}
customElements.define("mention-box", MentionBox);

function option(id, { id: key, title, subtitle }) {
  const made = Object.assign(document.createElement("div"), { id, className: "choice choice-two" });
  Object.assign(made.dataset, { id: key, name: title });
  made.setAttribute("role", "option");
  const under = Object.assign(document.createElement("span"), { className: "soft small", textContent: subtitle });
  made.append(Object.assign(document.createElement("span"), { textContent: title }), under);
  return made;
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-cancel-comment]")) document.dispatchEvent(new CustomEvent("changed"));
});
