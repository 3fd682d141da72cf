import { word } from "./words.js";

/** Load the field of chips where one is shown. */
export async function dressTags(root = document) {
  const selects = [...root.querySelectorAll("select[data-tags]:not([data-dressed])")];
  if (!selects.length) return;
  for (const select of selects) select.dataset.dressed = "";
  const { tags } = await import("./tags.js");
  tags(selects, word);
}

/** Give back the plain fields, before the page around them is made anew. */
export function undressTags(root) {
  for (const select of root.querySelectorAll("select[data-dressed]")) {
    select.tomselect?.destroy();
    delete select.dataset.dressed;
  }
}

document.addEventListener("htmx:load", (event) => dressTags(event.target.parentElement ?? document));
dressTags();
