const palette = document.getElementById("palette");
const input = palette?.querySelector("input");
const hits = document.getElementById("palette-hits");

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
  else if (event.key === "Enter" && chosen()) chosen().click();
  else return;
  event.preventDefault();
}

if (palette) {
  input.addEventListener("keydown", pressed);
  hits.addEventListener("click", ({ target }) => target.closest('button[role="option"]') && palette.close());
  hits.addEventListener("htmx:afterSwap", () => choose(options()[0]));
  document.addEventListener("click", (event) => event.target.closest("[data-palette]") && open());
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open();
  });
}
