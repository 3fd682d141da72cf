const WAITS = 10000;

/** Fills latitude, longitude and accuracy of its form with where the device is, if its owner lets it; nothing typed is overwritten. */
class FindPlace extends HTMLElement {
  connectedCallback() {
    const refused = () => (this.textContent = this.dataset.refused);
    if (!navigator.geolocation) return refused();
    navigator.geolocation.getCurrentPosition(({ coords }) => this.found(coords), refused, { enableHighAccuracy: true, timeout: WAITS, maximumAge: 0 });
  }

  found({ latitude, longitude, accuracy }) {
    const inputs = this.closest("form").elements;
    if (!inputs.latitude.value && !inputs.longitude.value) {
      inputs.latitude.value = latitude.toFixed(6);
      inputs.longitude.value = longitude.toFixed(6);
      inputs.accuracy.value = Math.round(accuracy);
    }
    this.textContent = this.dataset.found.replace("{metres}", Math.round(accuracy));
  }
}
customElements.define("find-place", FindPlace);
