// Regions that follow what others do. The stream says only what has changed; a region then asks again for what it shows.
import htmx from "htmx.org";
import { Idiomorph } from "idiomorph/dist/idiomorph.esm.js";
import { isDirty } from "./forms.js";

const REST = 400;
const JITTER = 150;
const url = document.querySelector('meta[name="live"]')?.content;
const channel = new BroadcastChannel("live");
const waiting = new Map();

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

/** Refresh a region shortly, at most once in a while however many notices come. */
function soon(id) {
  if (waiting.has(id)) return;
  const later = () => {
    waiting.delete(id);
    refresh(id);
  };
  waiting.set(id, setTimeout(later, Math.random() * JITTER + (document.hidden ? 5000 : 0)));
}

/** Ask again for what a region shows. */
export async function refresh(id) {
  const region = document.getElementById(id);
  if (!region) return;
  if (document.body.hasAttribute("data-dragging")) return void setTimeout(() => soon(id), REST);
  const answer = await fetch(region.dataset.src || location.href, { headers: { "X-Region": id } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
  if (fresh && region.isConnected) morph(region, fresh);
}

/** Make `region` like `fresh` without touching what is being typed, ticked, opened or dragged. */
export function morph(region, fresh) {
  Idiomorph.morph(region, fresh, { morphStyle: "outerHTML", ignoreActiveValue: true, callbacks: { beforeNodeMorphed, beforeNodeRemoved } });
  const now = document.getElementById(region.id);
  htmx.process(now);
  tell(now, fresh);
  now.dispatchEvent(new CustomEvent("morphed", { bubbles: true }));
}

function beforeNodeMorphed(old) {
  if (!(old instanceof Element)) return true;
  if (old.matches("[data-tick], :popover-open, dialog[open]")) return false;
  return !isInUse(old);
}

function beforeNodeRemoved(node) {
  return !(node instanceof Element && (isInUse(node) || node.matches(":popover-open, [data-appended]")));
}

const isInUse = (node) => node.matches("form") && (isDirty(node) || node.matches(".inline-edit"));

/** Say in every form in use below `region` that somebody changed what it is about. */
function tell(region, fresh) {
  const source = fresh.querySelector("[data-changed][data-version]");
  if (!source) return;
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
