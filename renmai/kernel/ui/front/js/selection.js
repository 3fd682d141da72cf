// Ticked rows of a list: the bar at its foot tells how many and carries their ids.
const KEY = "[data-tick]";
let last;

function ticks(list) {
  return [...list.querySelectorAll(KEY)];
}

function show(list) {
  const all = ticks(list);
  const on = all.filter((tick) => tick.checked);
  const bar = document.getElementById(list.dataset.selection);
  bar.hidden = !on.length;
  const everything = bar.querySelector("[data-everything]");
  if (everything) everything.hidden = on.length < all.length || isEverything(bar);
  if (on.length < all.length) mean(bar, false);
  for (const count of bar.querySelectorAll("[data-count]"))
    count.textContent = isEverything(bar) ? everything.dataset.everything : on.length.toLocaleString(document.documentElement.lang);
  for (const field of bar.querySelectorAll("input[name=ids]")) field.value = on.map((tick) => tick.value).join(",");
  const head = list.querySelector("[data-tick-all]");
  head.checked = on.length > 0 && on.length === all.length;
  head.indeterminate = on.length > 0 && on.length < all.length;
}

const isEverything = (bar) => bar.dataset.means === "everything";

/** Let the bar's buttons be about all that the filter finds, not only about what is ticked. */
function mean(bar, everything) {
  bar.dataset.means = everything ? "everything" : "ticked";
  for (const field of bar.querySelectorAll("input[name=all]")) field.value = everything ? "1" : "";
}

function none() {
  for (const list of document.querySelectorAll("[data-selection]")) {
    for (const tick of ticks(list)) tick.checked = false;
    show(list);
  }
}

document.addEventListener("untick", none);
document.addEventListener("morphed", ({ target }) => target.querySelectorAll("[data-selection]").forEach(show));
document.addEventListener("click", (event) => {
  const list = event.target.closest("[data-selection]");
  if (list && event.target.matches("[data-tick-all]")) {
    for (const tick of ticks(list)) tick.checked = event.target.checked;
    show(list);
  } else if (list && event.target.matches(KEY)) {
    if (event.shiftKey && last) range(list, last, event.target);
    last = event.target;
    show(list);
  } else if (event.target.closest("[data-untick]")) {
    none();
  } else if (event.target.closest("[data-everything]")) {
    mean(event.target.closest(".selection"), true);
    document.querySelectorAll("[data-selection]").forEach(show);
  }
});

function range(list, from, to) {
  const all = ticks(list);
  const [start, end] = [all.indexOf(from), all.indexOf(to)].sort((one, other) => one - other);
  for (const tick of all.slice(Math.max(start, 0), end + 1)) tick.checked = to.checked;
}
