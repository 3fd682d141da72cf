import TomSelect from "tom-select/base";
import removeButton from "tom-select/dist/esm/plugins/remove_button/plugin.js";

TomSelect.define("remove_button", removeButton);

/** Turn every `<select multiple data-tags>` into a field of chips: words of one's own, or records of the type it names. */
export function tags(selects, word) {
  for (const select of selects) {
    const target = select.dataset.tags;
    new TomSelect(select, {
      create: !target,
      persist: false,
      plugins: { remove_button: { title: word("remove") } },
      valueField: "id",
      labelField: "title",
      searchField: [],
      score: () => () => 1,
      preload: target ? "focus" : false,
      load: target ? (text, done) => find(target, text).then(done) : null,
      shouldLoad: () => true,
      render: { no_results: () => null, option_create: (data, escape) => `<div class="create">${escape(word("add", { text: data.input }))}</div>` },
    });
  }
}

async function find(target, text) {
  const answer = await fetch(`/${target}/pick/?${new URLSearchParams({ q: text })}`);
  return answer.ok ? (await answer.json()).items : [];
}
