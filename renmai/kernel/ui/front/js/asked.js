// Fields that are asked for only in some cases: the server says which, whenever something on which it depends has changed.
import { ask as send, typed } from "./ask.js";

const PAUSE = 250; // milliseconds without a key
const waiting = new WeakMap();

async function ask(form) {
  const sent = typed(form);
  sent.set("id", form.dataset.record);
  const response = await send(form.dataset.asked, { method: "POST", body: sent });
  if (!response.ok) return;
  const { unshown } = await response.json();
  for (const field of form.querySelectorAll(".field[data-field]")) field.hidden = unshown.includes(field.dataset.field);
  for (const card of form.querySelectorAll(".card")) {
    const fields = [...card.querySelectorAll(".field[data-field]")];
    if (fields.length) card.hidden = fields.every((field) => field.hidden);
  }
}

function changed(event) {
  const form = event.target.form;
  const name = event.target.name || event.target.closest("[data-field]")?.dataset.field;
  if (!form?.dataset.asked || !form.dataset.watch.split(" ").includes(name)) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => ask(form), PAUSE));
}
document.addEventListener("input", changed);
document.addEventListener("change", changed);
