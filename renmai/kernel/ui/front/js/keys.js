// Keys that work wherever nothing is being typed: "/" searches, "c" creates, "e" edits.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
  if (event.key === "/") press(event, "[data-palette]");
  if (event.key === "c") press(event, "[data-key-create]");
  if (event.key === "e") press(event, "[data-key-edit]");
});

function press(event, selector) {
  const target = document.querySelector(selector);
  if (!target) return;
  event.preventDefault();
  target.click();
}
