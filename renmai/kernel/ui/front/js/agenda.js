// <agenda-calendar>: what several types have on the days that are shown. An entry opens its dialog, an empty time the one that plans.
import htmx from "htmx.org";

const NARROW = 600; // pixels: below it, days stand under each other
const dialog = (address) => htmx.ajax("GET", address, { target: "#dialogs", swap: "innerHTML" });

class AgendaCalendar extends HTMLElement {
  async connectedCallback() {
    const { open } = await import("./days.js");
    if (!this.isConnected || this.calendar) return;
    const place = this.querySelector("[data-canvas]");
    this.calendar = open(this, place, this.options(place.clientWidth < NARROW));
    this.refetch = () => this.calendar?.refetchEvents();
    document.addEventListener("changed", this.refetch);
    this.addEventListener("morphed", this.refetch);
  }

  disconnectedCallback() {
    document.removeEventListener("changed", this.refetch);
    this.calendar?.destroy();
    this.calendar = null;
  }

  options(isNarrow) {
    const asked = new URLSearchParams(location.hash.slice(1));
    return {
      initialView: asked.get("view") ?? (isNarrow ? "listWeek" : "timeGridWeek"),
      initialDate: asked.get("day") ?? undefined,
      headerToolbar: { start: "prev,next today", center: "title", end: isNarrow ? "listWeek,timeGridDay,dayGridMonth" : "timeGridDay,timeGridWeek,dayGridMonth,listWeek" },
      businessHours: JSON.parse(this.dataset.hours),
      nowIndicator: true,
      scrollTime: "08:00:00",
      height: isNarrow ? "auto" : "72vh",
      slotEventOverlap: false,
      defaultTimedEventDuration: "00:30",
      eventInteractive: true,
      selectable: "new" in this.dataset,
      selectMirror: true,
      selectLongPressDelay: 400,
      select: ({ startStr, endStr }) => dialog(`${this.dataset.new}?${new URLSearchParams({ start: startStr.slice(0, 19), end: endStr.slice(0, 19) })}`),
      eventClick: ({ event, jsEvent }) => this.look(event, jsEvent),
      eventDurationEditable: true, // of those that last: each says so itself
      datesSet: ({ view }) => this.remember(view),
    };
  }

  look({ extendedProps }, jsEvent) {
    if (!extendedProps.ask || jsEvent.ctrlKey || jsEvent.metaKey) return;
    jsEvent.preventDefault();
    dialog(extendedProps.ask);
  }

  /** Coming back to the page shows the same days again. */
  remember({ type, calendar }) {
    const now = new URLSearchParams({ view: type, day: calendar.getDate().toISOString().slice(0, 10) });
    history.replaceState(history.state, "", `#${now}`);
  }
}
customElements.define("agenda-calendar", AgendaCalendar);
