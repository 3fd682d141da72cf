// Regions that follow what others do. The stream says only what has changed; a region then asks again for what it shows.
import htmx from "htmx.org";
import { Idiomorph } from "idiomorph/dist/idiomorph.esm.js";
import { isDirty } from "./forms.js";

const REST = 600;
const JITTER = 150;
const ASLEEP = 5000;
const url = document.querySelector('meta[name="live"]')?.content;
const channel = new BroadcastChannel("live");
const waiting = new Set();
let timer;
let lastAsked = 0;

const regions = () => [...document.querySelectorAll("[data-live]")];

/** Whether a region shows what a notice is about: `data-live` holds types and `type/id`s; a notice without id is about many of a type. */
function follows(region, { type, id }) {
  const topics = region.dataset.live.split(" ");
  return topics.includes(type) || topics.includes(`${type}/${id}`) || (!id && topics.some((topic) => topic.startsWith(`${type}/`)));
}

function notice(change) {
  if (change.all) return everything();
  for (const region of regions()) if (follows(region, change)) soon(region.id);
}

function everything() {
  for (const region of regions()) soon(region.id);
}

/** Refresh a region shortly; however many notices come, the page asks only now and then. */
function soon(id) {
  waiting.add(id);
  const rest = Math.max(0, lastAsked + REST - Date.now());
  timer ??= setTimeout(flush, rest + Math.random() * JITTER + (document.hidden ? ASLEEP : 0));
}

async function flush() {
  if (document.body.hasAttribute("data-dragging")) return void (timer = setTimeout(flush, REST));
  timer = undefined;
  lastAsked = Date.now();
  const ids = [...waiting];
  waiting.clear();
  await refresh(...ids);
}

/** Ask again for what regions show; those of one address in one request. */
export async function refresh(...ids) {
  const asked = Map.groupBy(ids.filter((id) => document.getElementById(id)), (id) => document.getElementById(id).dataset.src || location.href);
  await Promise.all([...asked].map(([address, group]) => show(address, group)));
}

async function show(address, ids) {
  const answer = await fetch(address, { headers: { "X-Region": ids.join(" ") } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ids) {
    const [region, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (region && fresh) morph(region, fresh, page);
  }
}

/** Make `region` like `fresh` without touching what is being typed, ticked, opened or dragged. */
function morph(region, fresh, page) {
  const ignoreActiveValue = isTyping(); // a button that was pressed would keep its old word under a new meaning
  Idiomorph.morph(region, fresh, { morphStyle: "outerHTML", ignoreActiveValue, callbacks: { beforeNodeMorphed, beforeNodeRemoved } });
  const now = document.getElementById(region.id);
  htmx.process(now);
  tell(now, page);
  now.dispatchEvent(new CustomEvent("morphed", { bubbles: true }));
}

function beforeNodeMorphed(old) {
  if (!(old instanceof Element)) return true;
  if (old.matches("[data-tick], :popover-open, dialog[open], .timeline-more, [data-later], .chart-place, [data-canvas]")) return false;
  return !isInUse(old);
}

function beforeNodeRemoved(node) {
  return !(node instanceof Element && (isInUse(node) || node.matches(":popover-open, .story-card")));
}

const isTyping = () => document.activeElement?.matches("input, textarea, select, [contenteditable]") ?? false;

const isInUse = (node) => node.matches("form") && (isDirty(node) || node.matches(".inline-edit"));

/** Say in every form in use below `region` that somebody changed what the page is about. */
function tell(region, page) {
  const source = page.querySelector("[data-changed][data-version]");
  if (!source?.dataset.changed) return;
  for (const form of region.querySelectorAll("form[data-version]")) {
    const place = form.querySelector(".changed-note");
    if (!place || form.dataset.version === source.dataset.version) continue;
    place.textContent = source.dataset.changed;
    place.hidden = false;
  }
}

/** One tab of the browser listens and tells the others; when it closes, another takes its place. */
function listen() {
  let broken = false;
  const stream = new EventSource(url, { withCredentials: true });
  stream.onmessage = ({ data }) => {
    const change = JSON.parse(data);
    notice(change);
    channel.postMessage(change);
  };
  stream.onerror = () => (broken = true);
  stream.onopen = () => {
    document.documentElement.dataset.live = "on";
    if (!broken) return;
    broken = false;
    everything();
    channel.postMessage("all");
  };
  return new Promise(() => {});
}

document.addEventListener("changed", everything);

if (url) {
  channel.onmessage = ({ data }) => (data === "all" ? everything() : notice(data));
  if (navigator.locks) navigator.locks.request("live", listen);
  else listen();
}
