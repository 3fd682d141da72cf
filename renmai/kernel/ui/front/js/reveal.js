/** Beside a password that is typed: a button that shows it, so that it need be typed only once. */
class ShowPassword extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (!button) return;
      const input = this.querySelector("input");
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
    });
  }
}
customElements.define("show-password", ShowPassword);
