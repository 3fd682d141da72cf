/** A search line that leaves only the cards in whose words stands each word that is typed. */
class CardFinder extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", (event) => this.find(plain(event.target.value).split(/\s+/)));
  }

  find(words) {
    for (const card of document.querySelectorAll("[data-words]")) card.hidden = !words.every((word) => plain(card.dataset.words).includes(word));
    const groups = [...document.querySelectorAll("[data-cards-group]")];
    for (const group of groups) group.hidden = !group.querySelector("[data-words]:not([hidden])");
    document.querySelector("[data-cards-none]").hidden = groups.some((group) => !group.hidden);
  }
}
/** As search compares: full-width letters and capitals are no others. */
const plain = (text) => text.normalize("NFKC").trim().toLowerCase();

customElements.define("card-finder", CardFinder);
