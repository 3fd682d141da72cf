// What is swapped into #dialogs opens; [data-close] and a click outside close.
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "dialogs") return;
  const dialog = detail.target.querySelector("dialog");
  if (dialog && !dialog.open) dialog.showModal();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog).showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  if (event.target instanceof HTMLDialogElement && isOutside(event)) event.target.close();
});
document.addEventListener("close-dialog", () => document.querySelector("dialog[open]")?.close());

function isOutside({ target, clientX, clientY }) {
  const { left, right, top, bottom } = target.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
