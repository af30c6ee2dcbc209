// Blanks that are still to be filled in ({{ชื่อฟิลด์}}): marked in the text where it is written, and named above the form
// (`[data-blanks]`), each name leading to its place. The marks are highlights of the browser and change no text.
const BLANK = /\{\{[ \t]*([^{}\r\n]*?)[ \t]*\}\}/gu;
const REST_MS = 150;

function rangesIn(root) {
  const ranges = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const found of node.data.matchAll(BLANK)) {
      const range = new Range();
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      ranges.push({ name: found[1], range });
    }
  }
  return ranges;
}

function typedIn(form) {
  const fields = [...form.querySelectorAll("input.input, textarea.input")].filter((field) => field.type !== "hidden" && field.name && field.offsetParent);
  return fields.flatMap((field) => [...field.value.matchAll(BLANK)].map((found) => ({ name: found[1], field, at: found.index, to: found.index + found[0].length })));
}

function goTo(place) {
  if (place.field) {
    place.field.focus();
    place.field.setSelectionRange(place.at, place.to);
    place.field.scrollIntoView({ block: "center" });
    return;
  }
  place.range.startContainer.parentElement.closest("[contenteditable=true]").focus();
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(place.range.cloneRange());
  place.range.startContainer.parentElement.scrollIntoView({ block: "center" });
}

function watch(list) {
  const form = document.querySelector(list.dataset.blanks);
  if (!form) return;
  let timer = 0;

  function places() {
    const written = [...form.querySelectorAll("[contenteditable=true]")].flatMap(rangesIn);
    globalThis.CSS?.highlights?.set("blanks", new Highlight(...written.map(({ range }) => range)));
    return [...typedIn(form), ...written];
  }

  function refresh() {
    const names = [...new Set(places().map(({ name }) => name))];
    list.hidden = names.length === 0;
    list.querySelector("[data-blanks-names]").replaceChildren(...names.map((name) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "blank";
      button.textContent = name;
      button.addEventListener("click", () => {
        const place = places().find((one) => one.name === name);
        if (place) goTo(place);
      });
      return button;
    }));
  }

  const later = () => { clearTimeout(timer); timer = setTimeout(refresh, REST_MS); };
  form.addEventListener("input", later);
  refresh();
  later();
}

export function enhance(root) {
  for (const list of root.querySelectorAll("[data-blanks]")) watch(list);
}
