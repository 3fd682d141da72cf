// The pencil of a list: one button that goes to the cell under the pointer, so that a list of a thousand cells stays small.
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
