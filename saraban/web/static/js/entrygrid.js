// A grid of letters: arrows and Enter move between its cells, a piece of a spreadsheet is pasted from the cell on, Ctrl and D
// takes over the cell above. The rows travel packed in one field.
const MORE = 10;
const thai = (number) => number.toLocaleString("th-TH-u-nu-thai");

/** The cells of a pasted text: lines and tabs, with quoted cells as spreadsheets write them. */
export function cellsOf(text) {
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    const row = rows.at(-1);
    if (quoted && sign === '"' && text[at + 1] === '"') { row[row.length - 1] += '"'; at += 1; }
    else if (sign === '"' && (quoted || row.at(-1) === "")) quoted = !quoted;
    else if (!quoted && sign === "\t") row.push("");
    else if (!quoted && sign === "\n") rows.push([""]);
    else if (sign !== "\r") row[row.length - 1] += sign === "\n" ? " " : sign;
  }
  if (rows.at(-1).length === 1 && rows.at(-1)[0] === "") rows.pop();
  return rows;
}

function wire(form) {
  const body = form.querySelector("tbody");
  const most = Number(form.dataset.most);
  const rows = () => [...body.rows].filter((row) => row.querySelector(".grid__cell"));
  const cells = (row) => [...row.querySelectorAll(".grid__cell")];
  const filled = () => rows().filter((row) => cells(row).some((cell) => cell.value.trim()));
  const count = () => { form.querySelector("[data-filled]").textContent = thai(filled().length); };

  function grow(to) {
    while (rows().length < Math.min(to, most)) {
      const row = rows().at(-1).cloneNode(true);
      const at = thai(rows().length + 1);
      row.className = "";
      row.querySelector("th").textContent = at;
      for (const note of row.querySelectorAll(".error, [data-day-said]")) note.remove();
      for (const cell of cells(row)) {
        cell.value = "";
        cell.defaultValue = "";
        cell.removeAttribute("aria-invalid");
        cell.removeAttribute("aria-describedby");
        cell.parentElement.className = "";
        cell.setAttribute("aria-label", cell.getAttribute("aria-label").replace(/แถวที่ .*/, `แถวที่ ${at}`));
      }
      body.append(row);
    }
  }

  const placeOf = (cell) => { const row = cell.closest("tr"); return [rows().indexOf(row), cells(row).indexOf(cell)]; };
  const go = (row, column) => { if (row >= 0) { grow(row + 1); const cell = rows()[row] && cells(rows()[row])[column]; cell?.focus(); cell?.select(); } };

  form.addEventListener("keydown", (event) => {
    if (!event.target.matches(".grid__cell") || event.isComposing) return;
    const [row, column] = placeOf(event.target);
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) go(row + (event.shiftKey ? -1 : 1), column);
    else if (event.key === "ArrowDown") go(row + 1, column);
    else if (event.key === "ArrowUp") go(row - 1, column);
    else if (event.code === "KeyD" && (event.ctrlKey || event.metaKey) && row > 0) { event.target.value = cells(rows()[row - 1])[column].value; form.dispatchEvent(new Event("input")); }
    else return;
    event.preventDefault();
  });
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (!event.target.matches(".grid__cell") || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const pasted = cellsOf(text);
    const [from, first] = placeOf(event.target);
    grow(from + pasted.length + 1);
    pasted.forEach((line, down) => line.forEach((value, right) => { const cell = rows()[from + down] && cells(rows()[from + down])[first + right]; if (cell) cell.value = value.trim(); }));
    form.dispatchEvent(new Event("input"));
  });
  form.addEventListener("input", count);
  form.addEventListener("fit", ({ detail }) => grow(Math.ceil(detail / cells(rows()[0]).length)));
  form.querySelector("[data-more]").addEventListener("click", () => { const at = rows().length; grow(at + MORE); go(at, 0); });
  form.addEventListener("submit", () => {
    form.querySelector("[data-packed]").value = JSON.stringify(filled().map((row) => cells(row).map((cell) => cell.value)));
    for (const row of rows()) for (const cell of cells(row)) cell.disabled = true;
  });
  addEventListener("pageshow", () => { for (const row of rows()) for (const cell of cells(row)) cell.disabled = false; });
  count();
  if (!document.querySelector("[data-focus]")) go(0, 0);
}

export function enhance(root) {
  for (const form of root.querySelectorAll("form[data-grid]")) wire(form);
}
