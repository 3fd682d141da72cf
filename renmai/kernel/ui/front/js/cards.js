/** A search line that leaves only the cards whose words hold what is typed. */
class CardFinder extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", (event) => this.find(event.target.value.trim().toLowerCase()));
  }

  find(words) {
    for (const card of document.querySelectorAll("[data-words]")) card.hidden = !card.dataset.words.toLowerCase().includes(words);
    const groups = [...document.querySelectorAll("[data-cards-group]")];
    for (const group of groups) group.hidden = !group.querySelector("[data-words]:not([hidden])");
    document.querySelector("[data-cards-none]").hidden = groups.some((group) => !group.hidden);
  }
}
customElements.define("card-finder", CardFinder);
