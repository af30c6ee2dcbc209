// Keys: what stands on a button (data-key) is what it does. `/` goes to the search, `g` and a letter to a place, `d` to a
// new draft, `n` to a new letter on paper, `?` shows all keys. Single letters work only when no field has the focus, and can be switched off.
import { lettersOn } from "./settings.js";

const GO_WAIT_MS = 1500;
let goUntil = 0;

const typing = (target) => target.closest('input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable=""], [contenteditable="true"]');
const visible = (element) => element.getClientRects().length > 0;
const real = (href) => href && href !== "#";

const marks = { Slash: ["/", "?"], BracketLeft: ["[", "{"], BracketRight: ["]", "}"] };

/** The Latin key, also while the Thai layout is on (where the key of j types ่). */
export function keyOf(event) {
  if (!/^[\u0e00-\u0e7f]$/.test(event.key)) return event.key;
  if (/^Key[A-Z]$/.test(event.code)) return event.shiftKey ? event.code.slice(3) : event.code.slice(3).toLowerCase();
  return marks[event.code]?.[event.shiftKey ? 1 : 0] ?? event.key;
}

/** The name of a key as it is written on a button: "r", "Shift s", "Ctrl ↵", "[". */
function nameOf(event) {
  const key = event.key === "Enter" ? "↵" : keyOf(event);
  if (event.ctrlKey || event.metaKey) return `Ctrl ${key}`;
  if (event.shiftKey && /^[a-z]$/i.test(key)) return `Shift ${key.toLowerCase()}`;
  return key;
}

function press(element) {
  if (element.matches("input:not([type=checkbox]), textarea, select")) { element.focus(); element.select?.(); } else { element.click(); }
}

/** The control for a key: first inside the focused row, then inside the open dialog or the form, then on the page. */
function controlFor(name, event) {
  const selector = `[data-key="${CSS.escape(name)}"]`;
  const dialog = document.querySelector("dialog[open]");
  const places = dialog ? [dialog] : [event.target.closest?.("tr"), document.querySelector("tr.is-focus"), event.target.closest?.("form"), document];
  for (const place of places) {
    const found = place && [...place.querySelectorAll(selector)].find(visible);
    if (found) return found;
  }
  return null;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const name = nameOf(event);
  if (name.startsWith("Ctrl ")) {
    const control = controlFor(name, event);
    if (control) { event.preventDefault(); press(control); }
    return;
  }
  if (typing(event.target)) {
    if (event.key === "Escape" && event.target.matches("#search-all")) event.target.blur();
    return;
  }
  if (!lettersOn() || event.key.length > 1) return;
  const dialogOpen = document.querySelector("dialog[open]");
  if (Date.now() < goUntil) {
    goUntil = 0;
    const place = document.querySelector(`[data-go="${CSS.escape(name)}"]`);
    if (place && real(place.getAttribute("href"))) { event.preventDefault(); place.click(); return; }
  }
  if (dialogOpen) return;
  if (name === "g") { goUntil = Date.now() + GO_WAIT_MS; return; }
  if (name === "?") { event.preventDefault(); document.getElementById("keys")?.showModal(); return; }
  const control = controlFor(name, event);
  if (control) { event.preventDefault(); press(control); return; }
  if (name === "d" && real(document.body.dataset.newDraft)) { event.preventDefault(); location.assign(document.body.dataset.newDraft); }
  if (name === "n" && real(document.body.dataset.newEntry)) { event.preventDefault(); location.assign(document.body.dataset.newEntry); }
});
