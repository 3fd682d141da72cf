// The QR code on a business card is read from a photo, where the browser can; elsewhere the page offers a file and a field for text.
class CardScan extends HTMLElement {
  async connectedCallback() {
    const formats = "BarcodeDetector" in window ? await BarcodeDetector.getSupportedFormats() : [];
    if (!formats.includes("qr_code")) return;
    const card = this.querySelector("[data-scan]");
    card.hidden = false;
    this.detector = new BarcodeDetector({ formats: ["qr_code"] });
    card.addEventListener("change", ({ target }) => this.scan(target.files[0]));
  }

  async scan(photo) {
    const said = this.querySelector("[data-said]");
    said.textContent = "";
    const found = photo ? await this.read(photo) : [];
    if (!found.length) return void (said.textContent = this.dataset.none);
    const form = this.closest("form");
    form.elements.text.value = found[0].rawValue;
    form.requestSubmit();
  }

  async read(photo) {
    try {
      return await this.detector.detect(await createImageBitmap(photo));
    } catch {
      return []; // no picture, or one that the browser cannot open
    }
  }
}

customElements.define("card-scan", CardScan);
