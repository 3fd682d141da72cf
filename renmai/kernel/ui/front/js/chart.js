// <chart-view>: draws the table that it holds. The drawing library is loaded only where there is a chart.
class ChartView extends HTMLElement {
  async connectedCallback() {
    const { draw } = await import("./drawing.js");
    if (this.isConnected) this.stop = draw(this, this.querySelector("[data-canvas]"));
  }

  disconnectedCallback() {
    this.stop?.();
  }
}
customElements.define("chart-view", ChartView);
