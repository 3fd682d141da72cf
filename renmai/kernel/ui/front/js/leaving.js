// A row whose button sends it away goes at once; it comes back if the server does not let it go.
const row = (target) => (target.matches?.("[data-leaves]") ? target.closest("[data-row], li") : null);

document.addEventListener("htmx:beforeRequest", ({ target }) => row(target)?.classList.add("leaving"));
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (!detail.successful) row(target)?.classList.remove("leaving");
});
