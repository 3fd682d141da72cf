// What goes with every request, and what is said when one fails.
import { toast } from "./toast.js";
import { word } from "./words.js";

const csrf = document.querySelector('meta[name="csrf"]')?.content;
const SENTENCES = { 403: "forbidden", 404: "missing" };

/** fetch with the CSRF token. */
export function ask(url, options = {}) {
  return fetch(url, { ...options, headers: { "X-CSRFToken": csrf, "HX-Request": "true", ...options.headers } });
}

/** What stands in a form, without the files: for questions that are asked while somebody is filling it in. */
export function typed(form) {
  const found = new FormData();
  for (const [name, value] of new FormData(form)) if (!(value instanceof File)) found.append(name, value);
  return found;
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  detail.headers["X-CSRFToken"] = csrf;
});
document.addEventListener("htmx:sendError", () => toast(word("offline"), { bad: true }));
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (!detail.xhr.getResponseHeader("HX-Trigger")) toast(word(SENTENCES[detail.xhr.status] ?? "failed"), { bad: true });
});
