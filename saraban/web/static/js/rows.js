// Lists: j and k move over the rows, Enter opens, x chooses, Shift and arrows choose a range, Esc lets go. The bar of
// deeds shows itself while something is chosen.
import { keyOf } from "./keyboard.js";
import { lettersOn } from "./settings.js";

const rowsOf = (table) => [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => !("still" in row.dataset));
const boxOf = (row) => row.querySelector('.check input[type="checkbox"]');
const open = (row) => row.querySelector("a[href]")?.click();
let active = null;

function focusRow(table, row) {
  for (const other of rowsOf(table)) { other.classList.toggle("is-focus", other === row); other.tabIndex = other === row ? 0 : -1; }
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  active = table;
}

function count(table) {
  const rows = rowsOf(table);
  const boxes = rows.map(boxOf).filter(Boolean);
  if (!boxes.length) return;
  const chosen = boxes.filter((box) => box.checked).length;
  for (const row of rows) if (boxOf(row)) row.setAttribute("aria-selected", String(boxOf(row).checked));
  const all = table.querySelector("[data-select-all]");
  if (all) { all.checked = chosen === boxes.length; all.indeterminate = chosen > 0 && chosen < boxes.length; }
  const bar = (table.closest("form, .tablebox") || document).querySelector("[data-bulk]");
  if (!bar) return;
  bar.hidden = chosen === 0;
  bar.querySelector("[data-bulk-count]").textContent = chosen.toLocaleString("th-TH-u-nu-thai");
}

function choose(table, row, on) {
  const box = boxOf(row);
  if (box) { box.checked = on; count(table); }
}

function clear(table) {
  for (const row of rowsOf(table)) if (boxOf(row)) boxOf(row).checked = false;
  count(table);
}

/** Lists under a root get their keys; the first list of the page also answers when nothing has the focus. */
export function enhance(root) {
  for (const table of root.querySelectorAll("table[data-rows]")) {
    if (!active?.isConnected) active = table;
    const rows = rowsOf(table);
    rows.forEach((row, at) => { row.tabIndex = at === 0 ? 0 : -1; });
    table.addEventListener("focusin", (event) => {
      const row = event.target.closest("tbody tr");
      if (row && event.target === row) focusRow(table, row);
      active = table;
    });
    table.addEventListener("change", (event) => {
      if (event.target.matches("[data-select-all]")) for (const row of rowsOf(table)) if (boxOf(row)) boxOf(row).checked = event.target.checked;
      count(table);
    });
    (table.closest("form, .tablebox") || document).querySelector("[data-bulk-clear]")?.addEventListener("click", () => clear(table));
    count(table);
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !active?.isConnected) return;
  if (event.target.closest('input:not([type="checkbox"]), textarea, select, dialog, [role="listbox"]')) return;
  const table = active;
  const rows = rowsOf(table);
  const at = rows.findIndex((row) => row.classList.contains("is-focus"));
  const step = (by) => { const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))]; if (next) focusRow(table, next); return next; };
  const letter = lettersOn() ? keyOf(event) : "";
  if (event.shiftKey && (event.key === "ArrowDown" || event.key === "ArrowUp") && at >= 0) {
    choose(table, rows[at], true);
    choose(table, step(event.key === "ArrowDown" ? 1 : -1), true);
  } else if (letter === "j") step(1);
  else if (letter === "k") step(at < 0 ? 0 : -1);
  else if (letter === "x" && at >= 0) choose(table, rows[at], !boxOf(rows[at])?.checked);
  else if (event.key === "Enter" && at >= 0 && event.target === rows[at]) open(rows[at]);
  else if (event.key === "Escape" && table.querySelector(".check input:checked")) clear(table);
  else return;
  event.preventDefault();
});
