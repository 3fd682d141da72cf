// Files that are dropped on a record's card of files, pasted there, or chosen, are sent one after the other.
import { ask } from "./ask.js";
import { refresh } from "./live.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

class FileDrop extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.card = this.closest(".card");
    this.addEventListener("change", ({ target }) => this.send(target.files));
    this.card.addEventListener("dragover", (event) => this.over(event));
    this.card.addEventListener("dragleave", () => this.card.classList.remove("drop-here"));
    this.card.addEventListener("drop", (event) => this.dropped(event));
    this.card.addEventListener("paste", (event) => event.clipboardData.files.length && this.send(event.clipboardData.files));
  }

  over(event) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    this.card.classList.add("drop-here");
  }

  dropped(event) {
    event.preventDefault();
    this.card.classList.remove("drop-here");
    this.send(event.dataTransfer.files);
  }

  async send(files) {
    const meter = this.querySelector("progress");
    meter.hidden = false;
    for (const file of files) await this.one(file);
    meter.hidden = true;
    this.form.reset();
    await refresh("files", "timeline");
  }

  async one(file) {
    const body = new FormData();
    body.append("file", file);
    const answer = await ask(this.form.action, { method: "POST", body }).catch(() => null);
    if (!answer?.ok) toast(`${file.name}: ${answer ? await this.why(answer) : word("offline")}`, { bad: true });
  }

  async why(answer) {
    const told = answer.headers.get("Content-Type")?.startsWith("text/plain") ? await answer.text() : "";
    return told || word("failed");
  }
}
customElements.define("file-drop", FileDrop);
