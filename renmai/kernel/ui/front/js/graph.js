// <record-graph>: draws the records that its list names. The drawing library is loaded only where there is a graph.
class RecordGraph extends HTMLElement {
  async connectedCallback() {
    const { open } = await import("./web.js");
    if (this.isConnected && this.querySelector("[data-canvas]")) this.stop ??= open(this);
  }

  disconnectedCallback() {
    this.stop?.();
    this.stop = null;
  }
}
customElements.define("record-graph", RecordGraph);
