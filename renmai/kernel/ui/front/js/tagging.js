import { word } from "./words.js";

/** Load the field of chips where one is shown. */
export async function dressTags(root = document) {
  const selects = root.querySelectorAll("select[data-tags]:not(.tomselected)");
  if (!selects.length) return;
  const { tags } = await import("./tags.js");
  tags(selects, word);
}

document.addEventListener("htmx:load", (event) => dressTags(event.target.parentElement ?? document));
dressTags();
