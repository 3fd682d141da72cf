const palette = document.getElementById("palette");
const input = palette?.querySelector("input");
const hits = document.getElementById("palette-hits");
let shown; // what was asked for when what is shown was found
let awaited = false; // Enter was pressed before it was

function open() {
  if (palette.open) return;
  palette.querySelector('[name="at"]').value = location.pathname;
  palette.showModal();
  input.select();
  input.dispatchEvent(new Event("opened"));
}

const options = () => [...hits.querySelectorAll('[role="option"]')];
const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");

function choose(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  if (!option) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function walk(step) {
  const all = options();
  choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
}

function pressed(event) {
  if (event.isComposing) return;
  if (event.key === "ArrowDown") walk(1);
  else if (event.key === "ArrowUp") walk(-1);
  else if (event.key === "Enter" && shown !== input.value) awaited = true;
  else if (event.key === "Enter" && chosen()) chosen().click();
  else return;
  event.preventDefault();
}

/** Whoever types fast means what they typed, not what still stands there from before. */
function arrived({ detail }) {
  shown = detail.requestConfig.parameters.q ?? "";
  choose(options()[0]);
  if (awaited && shown === input.value) chosen()?.click();
}

if (palette) {
  input.addEventListener("keydown", pressed);
  hits.addEventListener("click", ({ target }) => target.closest('button[role="option"]') && palette.close());
  input.addEventListener("input", () => (awaited = false));
  hits.addEventListener("htmx:afterSwap", arrived);
  document.addEventListener("click", (event) => event.target.closest("[data-palette]") && open());
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open();
  });
}
