// Work in the background: shown at the foot of every page while it runs, and until its person closes it, wherever they go meanwhile.
import { refresh } from "./live.js";

const KEY = "works";
const EVERY = 4000; // the live stream is quicker; this is for when it cannot be reached
const place = document.getElementById("works");

const kept = () => JSON.parse(localStorage.getItem(KEY) ?? "[]");
const keep = (ids) => localStorage.setItem(KEY, JSON.stringify(ids));

async function show(id) {
  const region = `work-${id}`;
  if (document.getElementById(region)) return;
  const box = document.createElement("section");
  Object.assign(box, { id: region, className: "work" });
  Object.assign(box.dataset, { live: `jobs/${id}`, src: `/jobs/${id}/`, work: "queued" });
  place.append(box);
  await refresh(region);
  if (!box.isConnected && !document.getElementById(region)?.childElementCount) forget(id);
}

function forget(id) {
  keep(kept().filter((other) => other !== id));
  document.getElementById(`work-${id}`)?.remove();
}

const running = () => [...document.querySelectorAll(".work[data-work=queued], .work[data-work=working]")];

if (place) {
  document.addEventListener("work", ({ detail }) => {
    keep([...new Set([...kept(), detail.id])].slice(-5));
    show(detail.id);
  });
  document.addEventListener("click", ({ target }) => {
    const close = target.closest("[data-work-close]");
    if (close) forget(close.dataset.workClose);
  });
  setInterval(() => running().length && refresh(...running().map((box) => box.id)), EVERY);
  for (const id of kept()) show(id);
}
