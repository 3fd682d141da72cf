// <pass-key>: lets the browser make or use a passkey, and sends what it says with the form.
class PassKey extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    const able = window.PublicKeyCredential?.parseRequestOptionsFromJSON;
    this.querySelector("[data-unable]").hidden = Boolean(able);
    this.form.querySelector("button").disabled = !able;
    this.form.addEventListener("submit", (event) => this.asked(event));
  }

  async asked(event) {
    const answer = this.form.elements.credential;
    if (answer.value) return;
    event.preventDefault();
    const refused = this.querySelector("[data-refused]");
    refused.hidden = true;
    try {
      answer.value = JSON.stringify((await this.credential()).toJSON());
      this.form.submit();
    } catch {
      refused.hidden = false;
    }
  }

  async credential() {
    const { publicKey } = this.dataset.options ? JSON.parse(this.dataset.options) : await this.fetched();
    if (this.dataset.does === "create") {
      return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
    }
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
  }

  async fetched() {
    const answer = await fetch(this.dataset.source, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    return (await answer.json()).request_options;
  }
}
customElements.define("pass-key", PassKey);
