import { BarChart, FunnelChart, LineChart, PieChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, PieChart, FunnelChart, GridComponent, TooltipComponent, CanvasRenderer]);
const HUES = [232, 150, 75, 295, 20, 190, 340, 110];
const DARK = matchMedia("(prefers-color-scheme: dark)");

/** Draw the table of a chart, again whenever its room or the theme changes. Returns what stops it. */
export function draw(view, place) {
  const chart = echarts.init(place);
  const show = () => chart.setOption(options(view, place), true);
  const room = new ResizeObserver(() => chart.resize());
  chart.on("click", ({ data }) => data.href && location.assign(data.href));
  show();
  room.observe(place);
  DARK.addEventListener("change", show);
  document.addEventListener("morphed", show);
  return () => {
    room.disconnect();
    DARK.removeEventListener("change", show);
    document.removeEventListener("morphed", show);
    chart.dispose();
  };
}

/** The rows of the table: what they are called, what they are worth, and where a click on them leads. */
function rows(view) {
  return [...view.querySelectorAll("tbody tr")].map((row) => ({
    name: row.querySelector("th").textContent,
    value: Number(row.dataset.value),
    short: row.dataset.short,
    text: row.querySelector("td").textContent,
    href: row.querySelector("a")?.href,
  }));
}

function options(view, place) {
  const style = getComputedStyle(place);
  const ink = painted(style.color);
  const look = view.dataset.look;
  const data = rows(view);
  const common = {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    textStyle: { fontFamily: style.fontFamily, color: ink },
    color: HUES.map((hue) => painted(`oklch(${isDark(style) ? "70%" : "58%"} 0.13 ${hue}deg)`)),
    tooltip: { renderMode: "richText", confine: true, formatter: ({ data: row }) => `${row.name}\n${row.text}` },
  };
  const label = { color: ink, formatter: ({ data: row }) => row.name, overflow: "truncate", alignTo: "edge", edgeDistance: 4 };
  if (look === "pie") return { ...common, series: [{ type: "pie", radius: ["32%", "58%"], data, label, cursor: "pointer" }] };
  if (look === "funnel") return { ...common, series: [funnel(data, ink)] };
  return { ...common, ...axes(look, data, ink), series: [{ type: look, data, barMaxWidth: 48, symbolSize: 8, cursor: "pointer" }] };
}

/** Stages in their own order, as they follow one another. */
function funnel(data, ink) {
  const label = { position: "right", color: ink, formatter: ({ data: row }) => `${row.name}  ${row.short}` };
  return { type: "funnel", sort: "none", left: 8, right: "38%", top: 8, bottom: 8, gap: 2, minSize: "4%", data, label, cursor: "pointer" };
}

/** Bars of many names lie down, so that their names can be read. */
function axes(look, data, ink) {
  const lies = look === "bar" && data.some(({ name }) => name.length > 10) && data.length > 4;
  const line = { lineStyle: { color: ink, opacity: 0.15 } };
  const value = { type: "value", axisLabel: { color: ink, formatter: short }, splitLine: line, splitNumber: 4 };
  const names = { type: "category", data: data.map(({ name }) => name), axisLabel: { color: ink, overflow: "truncate", width: 96, hideOverlap: !lies }, axisLine: line, axisTick: { show: false } };
  const grid = { left: 12, right: 16, top: 12, bottom: 4, containLabel: true };
  return lies ? { grid, xAxis: value, yAxis: { ...names, inverse: true } } : { grid, xAxis: names, yAxis: value };
}

/** A number of an axis in the reader's language. */
const short = (value) => new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumFractionDigits: 1 }).format(value);

const isDark = (style) => style.colorScheme.includes("dark") && (!style.colorScheme.includes("light") || DARK.matches);

/** A colour as the canvas of every browser, and the library's own arithmetic, can read it. */
function painted(colour) {
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}
