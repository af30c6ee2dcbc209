// The pile of the desk: which letters are ticked, how many, and all of a page at once. Ticks are remembered while one goes
// from letter to letter, until they are made into a batch or the letter is dealt with by itself.
const LIMIT = 200;
const shelf = () => `saraban.pile.${document.body.dataset.person || ""}`;

function remembered() {
  try { return JSON.parse(sessionStorage.getItem(shelf())) || []; } catch { return []; }
}
function remember(picks) {
  try { sessionStorage.setItem(shelf(), JSON.stringify(picks)); } catch { /* a browser that keeps nothing ticks page by page */ }
}
const letterOf = (pick) => pick.split(":")[0];

export function enhance(root) {
  for (const form of root.querySelectorAll("form[data-pile]")) {
    const boxes = [...form.querySelectorAll('input[name="pick"]')];
    const all = form.querySelector("[data-pile-all]");
    const bulk = form.querySelector("[data-pile-bulk]");
    // A letter that has another version by now is no longer what was ticked.
    const here = new Map(boxes.map((box) => [letterOf(box.value), box.value]));
    let picks = remembered().filter((pick) => !here.has(letterOf(pick)) || here.get(letterOf(pick)) === pick);
    for (const box of boxes) box.checked = picks.includes(box.value);

    const show = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      bulk.hidden = picks.length === 0;
      bulk.querySelector("[data-pile-count]").textContent = picks.length.toLocaleString("th-TH-u-nu-thai");
      if (all) { all.checked = chosen > 0 && chosen === boxes.length; all.indeterminate = chosen > 0 && chosen < boxes.length; }
    };
    const take = () => {
      const kept = picks.filter((pick) => !here.has(letterOf(pick)));
      picks = [...kept, ...boxes.filter((box) => box.checked).map((box) => box.value)].slice(0, LIMIT);
      for (const box of boxes) box.checked = picks.includes(box.value);
      remember(picks);
      show();
    };
    form.addEventListener("change", (event) => {
      if (event.target === all) boxes.forEach((box) => { box.checked = all.checked; });
      take();
    });
    form.addEventListener("submit", () => {
      for (const pick of picks.filter((one) => !here.has(letterOf(one)))) {
        const hidden = document.createElement("input");
        Object.assign(hidden, { type: "hidden", name: "pick", value: pick });
        form.append(hidden);
      }
      remember([]);
    });
    show();
  }
}

document.addEventListener("submit", (event) => {
  const [, letter] = new URL(event.target.action, location.href).pathname.match(/^\/desk\/([0-9a-f-]{36})\//) || [];
  if (letter) remember(remembered().filter((pick) => letterOf(pick) !== letter));
});
