// A field with offers: what clerks wrote before is listed as one types; any other text may stand. Pattern: WAI-ARIA combobox
// with list autocompletion and manual selection, so that nothing typed is replaced unasked.
import { fillHead, next } from "./entry.js";

const QUIET_MS = 120;
let made = 0;

const element = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};

class Offers {
  constructor(input) {
    this.input = input;
    this.form = input.form;
    this.at = -1;
    this.found = [];
    this.asked = 0;
    this.timer = 0;
    this.id = `offers-${++made}`;
    this.list = element("div", { id: this.id, className: "combo__list", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", document.querySelector(`label[for="${input.id}"]`)?.textContent.trim() || "");
    this.status = element("span", { className: "sr" });
    this.status.setAttribute("role", "status");
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.id })) input.setAttribute(name, value);
    input.after(element("div", { className: "combo__anchor combo__anchor--offers" }, this.list, this.status));
    input.addEventListener("input", () => this.soon());
    // What came from a sender before is worth a look unasked; other lists wait for a word, or for the arrow down.
    input.addEventListener("focus", () => { if (!input.value && input.dataset.beside) this.soon(0); });
    input.addEventListener("blur", () => this.hide());
    input.addEventListener("keydown", (event) => this.key(event));
    // The list must not take the focus, or it would close before the click arrives.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => { const row = event.target.closest("[data-at]"); if (row) { this.choose(Number(row.dataset.at)); next(this.form, this.input); } });
  }

  soon(wait = QUIET_MS) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), wait);
  }

  async ask() {
    const mine = ++this.asked;
    const typed = this.input.value;
    const beside = this.input.dataset.beside ? document.querySelector(this.input.dataset.beside)?.value || "" : "";
    const address = new URL(this.form.dataset.offersUrl, location.href);
    for (const [name, value] of Object.entries({ field: this.input.dataset.offers, q: typed, beside })) address.searchParams.set(name, value);
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok || mine !== this.asked || document.activeElement !== this.input) return;
      this.found = (await answer.json()).offers.filter((offer) => offer.text !== typed);
      this.show(typed);
    } catch { this.hide(); }
  }

  show(typed) {
    this.at = -1;
    this.input.removeAttribute("aria-activedescendant");
    const rows = this.found.map((offer, at) => this.row(at, offer.text, offer.note));
    if (typed.trim() && this.found.length) rows.push(this.row(this.found.length, `${this.input.dataset.offers === "sender" ? "เพิ่มผู้ส่งใหม่" : "ใช้ตามที่พิมพ์"} “${typed.trim()}”`, ""));
    this.list.replaceChildren(...rows);
    this.list.hidden = rows.length === 0;
    this.input.setAttribute("aria-expanded", String(rows.length > 0));
    this.status.textContent = rows.length ? `มีคำเสนอ ${this.found.length.toLocaleString("th-TH-u-nu-thai")} รายการ` : "";
  }

  row(at, text, note) {
    const row = element("div", { id: `${this.id}-${at}`, className: "combo__opt" }, element("span", { textContent: text }));
    row.dataset.at = String(at);
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    if (note) row.append(element("span", { className: "quiet num", textContent: note }));
    return row;
  }

  point(at) {
    const rows = [...this.list.children];
    rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === at)));
    this.at = at;
    if (!rows[at]) { this.input.removeAttribute("aria-activedescendant"); return; }
    this.input.setAttribute("aria-activedescendant", rows[at].id);
    rows[at].scrollIntoView({ block: "nearest" });
  }

  choose(at) {
    const offer = this.found[at];
    if (offer) {
      this.input.value = offer.text;
      if (this.input.dataset.offers === "sender") fillHead(this.form, offer.head);
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.hide();
  }

  hide() {
    clearTimeout(this.timer);
    this.asked += 1;
    this.list.hidden = true;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.isComposing || event.altKey) return;
    const open = !this.list.hidden;
    const count = this.list.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!open) this.soon(0);
      else this.point((this.at + (event.key === "ArrowDown" ? 1 : -1) + count) % count);
      event.preventDefault();
    } else if (event.key === "Enter" && this.at >= 0) {
      // With Ctrl the offer is taken over and the letter is saved: the key goes on to the button.
      this.choose(this.at);
      if (event.ctrlKey || event.metaKey) return;
      next(this.form, this.input);
      event.preventDefault();
    } else if (event.key === "Escape" && open) {
      this.hide();
      event.preventDefault();
      event.stopPropagation();
    }
  }
}

export function enhance(root) {
  for (const input of root.querySelectorAll("input[data-offers]")) new Offers(input);
}
