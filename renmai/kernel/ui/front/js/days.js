import "./sheetless.js";
import { Calendar } from "@fullcalendar/core";
import th from "@fullcalendar/core/locales/th";
import hans from "@fullcalendar/core/locales/zh-cn";
import hant from "@fullcalendar/core/locales/zh-tw";
import dayGrid from "@fullcalendar/daygrid";
import interaction from "@fullcalendar/interaction";
import list from "@fullcalendar/list";
import timeGrid from "@fullcalendar/timegrid";
import { ask } from "./ask.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const LOCALES = { th, "zh-Hans": hans, "zh-Hant": hant };
const CALENDARS = { be: "buddhist", roc: "roc", ce: "gregory" };
const NARROW = 600; // pixels: below it, days stand under each other
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const local = (text) => text.slice(0, 19);

/** Draw a calendar and let its records be dragged; `more` are options of the library besides. Returns the calendar. */
export function open(view, place, more = {}) {
  const { lang, era, zone, firstDay, now } = view.dataset;
  const isNarrow = place.clientWidth < NARROW;
  const written = (options) => new Intl.DateTimeFormat(`${lang}-u-ca-${CALENDARS[era]}`, { timeZone: "UTC", ...options });
  const title = ({ start, end }) => {
    const days = (end.marker - start.marker) / 86_400_000;
    if (days > 10) return written({ year: "numeric", month: "long" }).format(start.marker);
    return written({ year: "numeric", month: "short", day: "numeric" }).formatRange(start.marker, end.marker);
  };
  const calendar = new Calendar(place, {
    plugins: [dayGrid, timeGrid, list, interaction],
    locale: LOCALES[lang] ?? "en",
    timeZone: zone,
    now,
    firstDay: Number(firstDay),
    initialView: isNarrow ? "listWeek" : "dayGridMonth",
    headerToolbar: { start: "prev,next today", center: "title", end: isNarrow ? "listWeek,dayGridMonth" : "dayGridMonth,timeGridWeek,timeGridDay,listMonth" },
    titleFormat: title,
    listDaySideFormat: ({ date }) => written({ year: "numeric", month: "long", day: "numeric" }).format(date.marker),
    dayPopoverFormat: ({ date }) => written({ year: "numeric", month: "long", day: "numeric" }).format(date.marker),
    buttonIcons: false,
    buttonText: { prev: "‹", next: "›" },
    height: "auto",
    dayMaxEvents: 4,
    navLinks: true,
    eventTimeFormat: CLOCK,
    slotLabelFormat: CLOCK,
    events: ({ startStr, endStr }) => load(view, startStr, endStr),
    eventDrop: (change) => move(view, change),
    eventResize: (change) => move(view, change),
    eventDurationEditable: view.dataset.by.includes(":"),
    longPressDelay: 300,
    ...more,
  });
  calendar.render();
  return calendar;
}

async function load(view, from, to) {
  const address = new URL(view.dataset.source, location.href);
  address.searchParams.set("from", from.slice(0, 10));
  address.searchParams.set("to", to.slice(0, 10));
  const answer = await ask(address);
  if (!answer.ok) throw new Error(await answer.text());
  const { events, more } = await answer.json();
  const note = view.querySelector("[data-note]");
  note.hidden = !more;
  note.textContent = more ? view.dataset.more : "";
  return events;
}

/** Tell the server; what it refuses goes back to where it was. */
async function move(view, { event, revert }) {
  const sent = new URLSearchParams({ start: local(event.startStr), version: event.extendedProps.version });
  if (event.endStr) sent.set("end", local(event.endStr));
  const address = event.extendedProps.move ?? `${view.dataset.move}${event.id}/day/?${new URLSearchParams({ by: view.dataset.by })}`;
  const answer = await ask(address, { method: "POST", body: sent }).catch(() => null);
  if (answer?.ok) return event.setExtendedProp("version", (await answer.json()).version);
  revert();
  return toast(answer ? await answer.text() : word("offline"), { bad: true });
}
