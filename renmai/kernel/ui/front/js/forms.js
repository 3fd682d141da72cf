// Forms: what has been typed is known, sent once, and never lost.
const dirty = new WeakSet();

/** Whether something has been typed into the form since it came. */
export const isDirty = (form) => dirty.has(form);

document.addEventListener("input", (event) => event.target.form && dirty.add(event.target.form));
document.addEventListener("submit", (event) => {
  if (event.target.hasAttribute("hx-post") || event.target.hasAttribute("hx-get")) return;
  dirty.delete(event.target);
  const send = event.submitter;
  if (send) setTimeout(() => send.setAttribute("disabled", ""), 0);
});
document.addEventListener("htmx:afterRequest", ({ detail, target }) => {
  if (!detail.successful || !(target instanceof HTMLFormElement)) return;
  dirty.delete(target);
  if (target.hasAttribute("data-reset")) target.reset();
});
addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("form[data-guard]")].some(isDirty)) event.preventDefault();
});
addEventListener("pageshow", () => {
  for (const send of document.querySelectorAll("form button[type=submit][disabled]:not([data-off])")) send.removeAttribute("disabled");
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form");
  if (!form) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
  if (event.key === "Escape" && form.matches(".inline-edit")) form.querySelector("[data-cancel]").click();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const form = detail.elt.matches?.(".inline-edit") ? detail.elt : detail.elt.querySelector?.(".inline-edit");
  const first = form?.querySelector("[autofocus]");
  first?.focus();
  if (first instanceof HTMLInputElement && first.type === "text") first.select();
});
document.addEventListener("click", (event) => {
  const use = event.target.closest("[data-use]");
  if (!use) return;
  const input = document.getElementById(use.dataset.for);
  const picker = input.closest("record-picker");
  if (picker) picker.set(use.dataset.use, use.dataset.shown);
  else input.value = use.dataset.use;
  use.closest(".clash").hidden = true;
});
