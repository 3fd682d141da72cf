// The pencil of a list: one button that goes to the cell under the pointer, so that a list of a thousand cells stays small.
import { isDirty } from "./forms.js";
import { word } from "./words.js";

const pencil = document.createElement("button");
pencil.type = "button";
pencil.className = "cell-edit";
pencil.tabIndex = -1;
pencil.setAttribute("aria-label", word("edit"));
pencil.title = word("edit");
pencil.innerHTML = document.getElementById("pencil")?.innerHTML ?? "";

function open(cell) {
  const { slug } = cell.closest("[data-slug]").dataset;
  const address = `/${slug}/${cell.closest("tr").id.slice(4)}/field/${cell.dataset.field}/?edit=1&in=list`;
  window.htmx.ajax("GET", address, { target: cell.querySelector(".cell"), swap: "outerHTML" });
}

document.addEventListener("pointerover", (event) => {
  const cell = event.target.closest?.("td[data-field]");
  if (!cell || cell.contains(pencil) || cell.querySelector("form")) return;
  cell.querySelector(".cell").append(pencil);
});
document.addEventListener("click", (event) => {
  if (event.target.closest(".cell-edit") === pencil) open(pencil.closest("td"));
});
document.addEventListener("dblclick", (event) => {
  const cell = event.target.closest("td[data-field]");
  if (cell && !cell.querySelector("form")) open(cell);
});

/** The cell of the row that can be changed before or behind one; at its end, the first of the next row. */
function beside(cell, step) {
  const cells = [...cell.closest("tbody").querySelectorAll("td[data-field]")];
  return cells[cells.indexOf(cell) + step];
}

// Tab keeps what was typed and goes on to the next cell; what is refused stays open with its sentence.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("td[data-field] form.inline-edit");
  if (!form || event.key !== "Tab" || event.target.closest("button")) return;
  const next = beside(form.closest("td"), event.shiftKey ? -1 : 1);
  if (!next) return;
  event.preventDefault();
  if (isDirty(form)) {
    form.addEventListener("htmx:afterRequest", ({ detail, target }) => target === form && detail.successful && open(next), { once: true });
    form.requestSubmit();
  } else {
    form.querySelector("[data-cancel]").click();
    open(next);
  }
});
