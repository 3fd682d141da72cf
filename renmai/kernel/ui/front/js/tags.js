import TomSelect from "tom-select/base";
import removeButton from "tom-select/dist/esm/plugins/remove_button/plugin.js";

TomSelect.define("remove_button", removeButton);

/** Turn every `<select multiple data-tags>` into a field of chips: words of one's own, records of the type it names, or its own options. */
export function tags(selects, word) {
  for (const select of selects) {
    const target = select.dataset.tags;
    const offered = target || select.dataset.offer;
    const closed = select.hasAttribute("data-closed");
    let asked;
    const load = function (text, done) {
      asked = text;
      this.clearActiveOption(); // Enter takes nothing that an earlier word found
      find(offered, text).then((items) => {
        const late = text !== asked; // overtaken by a later word
        if (!late) this.clearOptions();
        done(late ? [] : target ? items : items.map(byName));
        if (late) this.clearActiveOption();
      });
    };
    new TomSelect(select, {
      create: !target && !closed,
      persist: false,
      plugins: { remove_button: { title: word("remove") } },
      valueField: "id",
      labelField: "title",
      searchField: target ? [] : ["title"],
      ...(target ? { score: () => () => 1 } : {}),
      preload: offered ? "focus" : false,
      load: offered ? load : null,
      shouldLoad: () => true,
      refreshThrottle: 0, // else Enter takes what stood first before the last letters were typed
      render: { loading: () => null, no_results: () => null, option_create: (data, escape) => `<div class="create">${escape(word("add", { text: data.input }))}</div>` },
    });
  }
}

/** A word of one's own is its own value. */
const byName = ({ title }) => ({ id: title, title });

async function find(target, text) {
  const answer = await fetch(`/${target}/pick/?${new URLSearchParams({ q: text })}`);
  return answer.ok ? (await answer.json()).items : [];
}
