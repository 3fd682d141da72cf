import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { select } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";
import { refresh } from "./live.js";

const ROUNDS = 260;
const NEAR = 84; // pixels between two related records
const RADIUS = { listed: 15, linked: 12 };
const LONGEST = 24; // characters of a name in the drawing
const READABLE = 0.85; // scale below which names are left out
const SPAN = [0.15, 4];
const SVG = "http://www.w3.org/2000/svg";

/** Draw the records of the list, again whenever the list changes, and let the drawing be moved. Returns what stops it. */
export function open(view) {
  const places = new Map();
  const canvas = view.querySelector("[data-canvas]");
  const svg = make("svg", { class: "web", role: "group", "aria-label": canvas.dataset.label });
  const stage = make("g");
  svg.append(stage);
  canvas.replaceChildren(svg);
  const moving = zoom().scaleExtent(SPAN).filter(isMeant).on("zoom", ({ transform }) => {
    stage.setAttribute("transform", transform);
    svg.classList.toggle("is-far", transform.k < READABLE);
    svg.style.setProperty("--far", Math.max(1, 1 / transform.k));
  });
  const pane = select(svg).call(moving).on("dblclick.zoom", null);
  const draw = () => {
    const web = read(view);
    settle(web, places);
    const focused = document.activeElement?.closest?.("[data-spot]")?.dataset.spot;
    stage.replaceChildren(...web.ties.map(line), ...web.spots.map((spot) => dot(spot, view.dataset)));
    if (focused) stage.querySelector(`[data-spot="${focused}"]`)?.focus({ preventScroll: true });
  };
  const whole = () => pane.call(moving.transform, fitting(places, canvas));
  const drawAll = () => (draw(), whole());
  const clicked = (event) => click(event, view, { pane, moving, whole });
  drawAll();
  view.addEventListener("morphed", draw);
  view.addEventListener("opened", drawAll);
  view.addEventListener("click", clicked);
  svg.addEventListener("keydown", key);
  for (const [on, lit] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) svg.addEventListener(on, (event) => light(event, stage, lit));
  return () => {
    view.removeEventListener("morphed", draw);
    view.removeEventListener("opened", drawAll);
    view.removeEventListener("click", clicked);
    canvas.replaceChildren();
  };
}

/** A finger moves the page and two fingers the drawing; the wheel belongs to the page unless Ctrl is held. */
function isMeant(event) {
  if (event.type === "wheel") return event.ctrlKey || event.metaKey;
  return event.touches ? event.touches.length > 1 : !event.button;
}

/** The records and what ties them, as the list has them. */
function read(view) {
  const items = [...view.querySelectorAll("[data-node]")];
  const spots = items.map((item) => ({
    ...item.dataset,
    id: item.dataset.node,
    name: item.querySelector("[data-name]").textContent,
    href: item.querySelector("a[data-name]")?.getAttribute("href"),
    more: item.querySelector("a[data-more]")?.getAttribute("href"),
    listed: "listed" in item.dataset,
  }));
  const ties = items.flatMap((item) => [...item.querySelectorAll("[data-to]")].map((to) => ({ source: item.dataset.node, target: to.dataset.to, label: to.dataset.by })));
  return { spots, ties };
}

/** Give every record a place; those that had one stay about there. */
function settle({ spots, ties }, places) {
  for (const spot of spots) Object.assign(spot, places.get(spot.id) ?? beside(spot, ties, places));
  const isNew = !places.size;
  forceSimulation(spots)
    .alpha(isNew ? 1 : 0.4)
    .force("ties", forceLink(ties).id(({ id }) => id).distance(NEAR))
    .force("apart", forceManyBody().strength(-190).distanceMax(500))
    .force("room", forceCollide(32))
    .force("across", forceX().strength(0.045))
    .force("down", forceY().strength(0.07))
    .stop()
    .tick(isNew ? ROUNDS : ROUNDS / 2);
  places.clear();
  for (const { id, x, y } of spots) places.set(id, { x, y });
}

/** A new record begins where one stands that it is related to. */
function beside(spot, ties, places) {
  const tie = ties.find(({ source, target }) => (source === spot.id && places.has(target)) || (target === spot.id && places.has(source)));
  return tie ? { ...places.get(tie.source === spot.id ? tie.target : tie.source) } : {};
}

/** The transform that shows all of the drawing, and never larger than it is. */
function fitting(places, canvas) {
  const [xs, ys] = ["x", "y"].map((axis) => [...places.values()].map((place) => place[axis]));
  const [left, right, top, bottom] = [Math.min(...xs) - 60, Math.max(...xs) + 60, Math.min(...ys) - 30, Math.max(...ys) + 45];
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = Math.max(SPAN[0], Math.min(1.25, width / (right - left), height / (bottom - top)));
  return zoomIdentity.translate(width / 2, height / 2).scale(scale).translate(-(left + right) / 2, -(top + bottom) / 2);
}

function line({ source, target, label }) {
  const made = make("line", { class: "web-tie", x1: source.x, y1: source.y, x2: target.x, y2: target.y, "data-ends": `${source.id} ${target.id}` });
  made.append(make("title", {}, label));
  return made;
}

function dot({ id, name, href, more, type, tone, icon, listed, x, y }, { icons, around }) {
  const radius = listed ? RADIUS.listed : RADIUS.linked;
  const made = make("g", { class: `web-spot tone-${tone}${listed ? "" : " is-linked"}`, transform: `translate(${x} ${y})`, "data-end": id });
  const link = make(href ? "a" : "g", href ? { href, "data-spot": id, "aria-label": `${name}, ${type}` } : { "aria-hidden": "true" });
  link.append(make("circle", { r: radius }), make("use", { href: `${icons}#${icon}`, x: -radius * 0.6, y: -radius * 0.6, width: radius * 1.2, height: radius * 1.2 }));
  link.append(make("text", { y: radius + 13 }, name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name), make("title", {}, `${name}, ${type}`));
  made.append(link);
  if (more) made.append(plus(more, radius, around));
  return made;
}

/** The small + beside a record; by keyboard, Space does the same. */
function plus(href, radius, around) {
  const made = make("a", { class: "web-more", href, "data-more": "", tabindex: -1, "aria-hidden": "true", transform: `translate(${radius} ${-radius})` });
  made.append(make("circle", { r: 9 }), make("path", { d: "M-4 0H4M0 -4V4" }), make("title", {}, around));
  return made;
}

function make(name, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

/** Bring out a record with what it is related to. */
function light(event, stage, isLit) {
  const end = event.target.closest?.("[data-end]");
  if (!end) return;
  stage.classList.toggle("is-lit", isLit);
  const ties = [...stage.querySelectorAll(".web-tie")].filter((tie) => tie.dataset.ends.includes(end.dataset.end));
  const ids = new Set([end.dataset.end, ...ties.flatMap((tie) => tie.dataset.ends.split(" "))]);
  for (const tie of stage.querySelectorAll(".web-tie")) tie.classList.toggle("lit", isLit && ties.includes(tie));
  for (const spot of stage.querySelectorAll("[data-end]")) spot.classList.toggle("lit", isLit && ids.has(spot.dataset.end));
}

function key(event) {
  const more = event.key === " " && event.target.closest("[data-spot]")?.parentNode.querySelector("[data-more]");
  if (!more) return;
  event.preventDefault();
  more.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
}

function click(event, view, { pane, moving, whole }) {
  const size = event.target.closest("[data-zoom]")?.dataset.zoom;
  if (size) return Number(size) ? pane.call(moving.scaleBy, Number(size)) : whole();
  const more = event.target.closest("a[data-more]");
  if (!more || event.ctrlKey || event.metaKey || event.shiftKey) return null;
  event.preventDefault();
  return openAround(more.getAttribute("href"), view);
}

/** Show what is around one more record, under an address that can be sent on. */
async function openAround(href, view) {
  history.replaceState(history.state, "", href);
  await refresh(view.id);
  view.dispatchEvent(new CustomEvent("opened"));
}
