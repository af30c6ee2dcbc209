// What is typed into a letter and is not saved yet lies in this browser, under the person and the letter: it outlives a
// connection that is gone, a session that ended and a window that was closed, and is offered when the letter is opened
// again. It goes when it is saved, when it is thrown away, when the person signs out or another signs in, and after
// two weeks. What is classified is never kept.
import { offer } from "./typed.js";
import { wordsOf } from "./requests.js";

const PREFIX = "letter:";
const { person } = document.body.dataset;
const MINE = `${PREFIX}${person}:`;
const LONGEST_MS = 14 * 24 * 3600 * 1000;
// What belongs to the page and not to the words.
const OF_THE_PAGE = new Set(["csrf_token", "version", "idempotency_key", "begun", "deed", "over", "to_form", "remove", "unit"]);

const read = (key) => { try { return JSON.parse(localStorage.getItem(key) || "null"); } catch { return null; } };
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const typedIn = (form) => [...wordsOf(form)].filter(([name]) => !OF_THE_PAGE.has(name));
// Rows that are empty come and go without a word being lost.
const words = (pairs) => pairs.filter(([, value]) => value !== "").map(([name, value]) => [name, value.replace(/\r\n/g, "\n").trim()]);
const secret = (form) => { const field = form.elements.namedItem("secrecy"); return Boolean(field) && field.value !== "open"; };
const mine = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

function forget(keep) {
  for (const key of mine()) {
    const kept = read(key);
    if (!keep || !key.startsWith(keep) || !kept || Date.now() - kept.at > LONGEST_MS) localStorage.removeItem(key);
  }
}

/** Fill a form with words that were kept; fields that come in rows get as many rows as there were. */
function put(form, pairs) {
  const byName = Map.groupBy ? Map.groupBy(pairs, ([name]) => name) : pairs.reduce((all, pair) => all.set(pair[0], [...(all.get(pair[0]) || []), pair]), new Map());
  for (const name of new Set([...form.elements].map((one) => one.name))) {
    if (!name || OF_THE_PAGE.has(name)) continue;
    const values = (byName.get(name) || []).map(([, value]) => value);
    let fields = [...form.elements].filter((one) => one.name === name && one.type !== "file");
    while (fields.length && fields.length < values.length && fields[0].closest("[data-grows] > *")) {
      const row = fields[fields.length - 1].closest("[data-grows] > *");
      row.after(row.cloneNode(true));
      fields = [...form.elements].filter((one) => one.name === name);
    }
    fields.forEach((field, at) => {
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else if (field.multiple) { for (const option of field.options) option.selected = values.includes(option.value); } else if (values.length || field.type !== "hidden") field.value = values[at] ?? "";
      field.dispatchEvent(new Event("redraw"));
      if (field.matches("textarea")) field.dispatchEvent(new Event("input"));
    });
  }
  form.dispatchEvent(new Event("input"));
}

/** The keeper of one form's words; `name` is where it lies: the letter, or the form of a letter that is new. */
export function keeper(form) {
  const key = () => `${MINE}${form.dataset.keep}`;
  const answersPost = "answersPost" in document.documentElement.dataset;
  return {
    /** Keep what stands in the form now. False when it must not or cannot be kept. */
    keep() {
      if (!person || !form.dataset.keep) return false;
      if (secret(form)) { localStorage.removeItem(key()); return false; }
      const files = [...form.querySelectorAll('input[type="file"]')].reduce((sum, one) => sum + one.files.length, 0);
      try { localStorage.setItem(key(), JSON.stringify({ pairs: typedIn(form), at: Date.now(), files })); } catch { return false; }
      return true;
    },
    /** It is saved elsewhere now. */
    drop() { localStorage.removeItem(key()); },
    /** Offer what was kept, unless it is what stands in the form. */
    offer() {
      if (!person || !form.dataset.keep) return;
      const now = words(typedIn(form));
      for (const other of mine()) if (other.startsWith(`${MINE}new:`) && other !== key() && same(words(read(other)?.pairs || []), now)) localStorage.removeItem(other);
      const kept = read(key());
      if (!kept) return;
      if (same(words(kept.pairs), now)) { if (!answersPost) this.drop(); return; }
      if (answersPost) return;
      const place = document.querySelector("[data-clash-place]") || form;
      offer(place, kept, () => put(form, kept.pairs), () => this.drop());
    },
  };
}

if (person) forget(MINE);
document.addEventListener("submit", ({ target }) => { if (new URL(target.action).pathname.endsWith("/logout")) forget(); });
