// <record-calendar>: the records of the days that are shown. The library is loaded only where there is a calendar; the server decides.
class RecordCalendar extends HTMLElement {
  async connectedCallback() {
    const { open } = await import("./days.js");
    if (this.isConnected && !this.calendar) this.calendar = open(this, this.querySelector("[data-canvas]"));
  }

  disconnectedCallback() {
    this.calendar?.destroy();
    this.calendar = null;
  }
}
customElements.define("record-calendar", RecordCalendar);
