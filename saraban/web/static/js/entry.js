// Fast entry: Enter goes to the next field that is still empty, Ctrl and Enter saves (its button carries the key), Alt and
// the arrow up copy the letter before, Esc clears all and can be undone. While one types, lines that look like the same
// letter are shown beside the fields.
import { csrfToken, wordsOf } from "./requests.js";
import { toast } from "./toast.js";

const QUIET_MS = 400;
const NAMES = ["sender", "number", "letter_date", "subject", "addressee", "practice", "urgency", "note"];
const DIGITS = { "๐": 0, "๑": 1, "๒": 2, "๓": 3 };

const fieldOf = (form, name) => form.elements.namedItem(name);
const kept = (form) => [...document.querySelectorAll('input[name="keep"]:checked')].map((box) => box.value);

/** The running number of a letter number is selected, so that typing puts another in its place. */
function selectRunning(input) {
  const from = Math.max(input.value.lastIndexOf("/") + 1, 0);
  const digits = input.value.slice(from).search(/[0-9๐-๙]/);
  input.setSelectionRange(digits < 0 ? input.value.length : from + digits, input.value.length);
}

/** Puts the head of a sender's numbers before the running number, over an earlier head but over nothing typed. */
export function fillHead(form, head) {
  const input = fieldOf(form, "number");
  if (!input || !head || (input.value && input.value !== input.dataset.head)) return;
  input.value = head;
  input.dataset.head = head;
}

/** The field that comes after this one: the next that is empty, for what was kept needs no key. */
export function next(form, from) {
  const steps = [...form.querySelectorAll("[data-step]")].filter((step) => step.getClientRects().length);
  const after = steps.slice(steps.indexOf(from) + 1);
  const target = after.find((step) => !step.value || step.value === step.dataset.head);
  const place = target || document.querySelector('[data-key="Ctrl ↵"]');
  place?.focus();
  if (target?.name === "number") target.setSelectionRange(target.value.length, target.value.length);
}

function wire(form) {
  const previous = JSON.parse(form.dataset.previous || "{}");
  const side = document.querySelector("[data-alike]");
  let began = 0;
  let timer = 0;
  let asked = 0;

  const words = () => Object.fromEntries(NAMES.map((name) => [name, fieldOf(form, name)?.value ?? ""]));
  const put = (values) => {
    for (const name of NAMES) {
      const field = fieldOf(form, name);
      if (field && name in values) field.value = values[name];
    }
  };

  async function look() {
    const mine = ++asked;
    const said = wordsOf(form);
    if (!side || !(said.get("subject") || said.get("kept") || (said.get("number") && said.get("sender")))) { side?.replaceChildren(); return; }
    try {
      const answer = await fetch(form.dataset.alikeUrl, { method: "POST", body: said, headers: { "X-CSRFToken": csrfToken() } });
      if (!answer.ok || mine !== asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      side.replaceChildren(...page.body.childNodes);
    } catch { /* the check at saving asks once more */ }
  }
  const lookSoon = () => { clearTimeout(timer); timer = setTimeout(look, QUIET_MS); };

  form.addEventListener("input", () => { began ||= Date.now(); lookSoon(); });
  form.addEventListener("change", lookSoon);
  fieldOf(form, "number")?.addEventListener("change", ({ target }) => { target.value = target.value.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0x0e20)); });
  form.addEventListener("submit", () => {
    const seconds = form.querySelector("[data-seconds]");
    if (began) seconds.value = String(Math.max(1, Math.round((Date.now() - began) / 1000)));
  });

  const clear = () => {
    const before = words();
    const keep = kept(form);
    put(Object.fromEntries(NAMES.map((name) => [name, name === "urgency" ? "normal" : ""])));
    side?.replaceChildren();
    fieldOf(form, "sender").focus();
    if (Object.entries(before).some(([name, value]) => value && name !== "urgency" && !keep.includes(name))) toast("ล้างทุกช่องแล้ว", { undo: () => { put(before); fieldOf(form, "sender").focus(); lookSoon(); } });
  };
  for (const button of document.querySelectorAll("[data-clear]")) button.addEventListener("click", clear);

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const inside = form.contains(event.target);
    if (event.altKey && event.key === "ArrowUp" && Object.keys(previous).length) {
      put(previous);
      const number = fieldOf(form, "number");
      (number || fieldOf(form, "subject")).focus();
      if (number) selectRunning(number);
      lookSoon();
    } else if (event.key === "Escape" && (inside || event.target === document.body)) {
      clear();
    } else if (event.key === "Enter" && inside && !event.ctrlKey && !event.metaKey && event.target.matches("input[data-step]")) {
      next(form, event.target);
    } else if (inside && event.target.matches("select[data-digits]") && /^[0-3๐-๓]$/.test(event.key)) {
      event.target.selectedIndex = DIGITS[event.key] ?? Number(event.key);
      event.target.dispatchEvent(new Event("change", { bubbles: true }));
    } else return;
    event.preventDefault();
  });
  if (fieldOf(form, "subject").value) lookSoon();
}

export function enhance(root) {
  for (const form of root.querySelectorAll("form[data-entry]")) wire(form);
}
