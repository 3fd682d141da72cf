// A form on a page for people outside: solves its puzzle before it is sent, and tells the page around how tall it is.
const form = document.querySelector("[data-public-form]");

/** The number that solves the puzzle, found beside the page; nothing where this browser cannot. */
function solved({ challenge, bits, solver }) {
  if (!globalThis.Worker || !globalThis.crypto?.subtle) return Promise.resolve("");
  return new Promise((done) => {
    const worker = new Worker(solver, { type: "module" });
    worker.onmessage = ({ data }) => done(String(data));
    worker.onerror = () => done("");
    worker.postMessage({ challenge, bits: Number(bits) });
  });
}

/** Without a solution the server wants to see that some time has passed. */
const waited = () => new Promise((done) => setTimeout(done, Math.max(0, 16_000 - performance.now())));

if (form) {
  const solution = solved(form.dataset);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.querySelector("[data-working]").hidden = false;
    form.querySelector("[type=submit]").disabled = true;
    form.elements.solution.value = await solution;
    if (!form.elements.solution.value) await waited();
    form.submit();
  });
  (form.querySelector("[aria-invalid=true]") ?? document.querySelector("[role=alert]"))?.scrollIntoView({ block: "center" });
}

if (parent !== window) {
  const told = () => parent.postMessage({ renmaiForm: document.documentElement.scrollHeight }, "*");
  new ResizeObserver(told).observe(document.body);
  told();
}
