// Choose by typing, over a real <select>: the select stays in the form and holds the truth; without script it is the
// browser's own list. Pattern: WAI-ARIA combobox with list autocompletion; the list is drawn from the select's options. Its
// first row is marked at once, for Enter; the first arrow down goes to that row, the next to the second. Behind a choice it
// closes until somebody types, clicks or presses an arrow.
const SHOWN = 50;
const arabic = (text) => text.replace(/[๐-๙]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0x0e20));
const plain = (text) => arabic(text.toLowerCase()).replace(/\s+/g, "");
let made = 0;

const element = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};

class Combobox {
  constructor(select) {
    this.select = select;
    this.multiple = select.multiple;
    this.at = -1;
    this.entered = false;
    this.id = `combo-${++made}`;
    this.options = [...select.options].filter((option) => option.value !== "");
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    this.input = element("input", { type: "text", id: `${this.id}-input`, autocomplete: "off", placeholder: select.dataset.placeholder || "" });
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${this.id}-list` })) this.input.setAttribute(name, value);
    for (const name of ["aria-describedby", "aria-invalid", "aria-required"]) if (select.hasAttribute(name)) this.input.setAttribute(name, select.getAttribute(name));
    this.list = element("div", { id: `${this.id}-list`, className: "combo__list", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", label?.textContent.trim() || "");
    if (this.multiple) this.list.setAttribute("aria-multiselectable", "true");
    this.box = element("div", { className: "combo__box" }, this.input);
    this.status = element("span", { className: "sr" });
    this.status.setAttribute("role", "status");
    select.before(element("div", { className: "combo__anchor" }, this.box, this.list, this.status));
    if (label) label.htmlFor = this.input.id;
    select.hidden = true;
    this.listen();
    this.draw();
  }

  listen() {
    this.input.addEventListener("input", () => { this.at = -1; this.show(); });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focusout", () => { this.hide(); this.settle(); });
    this.box.addEventListener("click", (event) => { if (!event.target.closest("button")) { this.input.focus(); this.show(); } });
    // The list must not take the focus, or it would close before the click arrives.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => { const row = event.target.closest(".combo__opt"); if (row) this.choose(this.options[Number(row.dataset.index)]); });
    this.select.addEventListener("redraw", () => this.draw());
    this.select.form?.addEventListener("reset", () => setTimeout(() => this.draw()));
  }

  key(event) {
    const rows = [...this.list.querySelectorAll(".combo__opt")];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (this.list.hidden) this.show();
      else if (this.entered || event.key === "ArrowUp") this.point((this.at + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % rows.length);
      this.entered = true;
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !this.list.hidden && rows[Math.max(this.at, 0)]) {
      this.choose(this.options[Number(rows[Math.max(this.at, 0)].dataset.index)]);
    } else if (event.key === "Escape" && !this.list.hidden) {
      this.hide();
      event.stopPropagation();
    } else if (event.key === "Backspace" && this.multiple && !this.input.value) {
      const last = this.chosen().at(-1);
      if (last) this.drop(last);
      return;
    } else return;
    event.preventDefault();
  }

  chosen() { return this.options.filter((option) => option.selected); }

  found() {
    const wanted = plain(this.input.value);
    const nameOf = (option) => plain(`${option.text} ${option.dataset.note || ""} ${option.value}`);
    // A single choice that is shown as typed text must still offer the others.
    const all = !wanted || (!this.multiple && this.chosen()[0]?.text === this.input.value);
    const matches = this.options.filter((option) => all || nameOf(option).includes(wanted));
    return matches.sort((one, other) => Number(plain(other.text).startsWith(wanted)) - Number(plain(one.text).startsWith(wanted)));
  }

  show() {
    const found = this.found();
    const rows = found.slice(0, SHOWN).map((option) => {
      const row = element("div", { id: `${this.id}-${this.options.indexOf(option)}`, className: "combo__opt" }, element("span", { textContent: option.text }));
      row.dataset.index = String(this.options.indexOf(option));
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(option.selected));
      if (option.dataset.note) row.append(element("span", { className: "quiet num", textContent: option.dataset.note }));
      return row;
    });
    this.list.replaceChildren(...(rows.length ? rows : [element("div", { className: "combo__none", textContent: `ไม่พบ “${this.input.value}” ลองพิมพ์ชื่อย่อหรือบางคำ` })]));
    this.list.hidden = false;
    this.entered = false;
    this.input.setAttribute("aria-expanded", "true");
    this.status.textContent = `พบ ${found.length.toLocaleString("th-TH-u-nu-thai")} รายการ`;
    if (rows.length) this.point(0);
    this.list.scrollIntoView({ block: "nearest" });
  }

  point(at) {
    const rows = [...this.list.querySelectorAll(".combo__opt")];
    rows.forEach((row, index) => row.classList.toggle("is-pointed", index === at));
    this.at = at;
    if (!rows[at]) return;
    this.input.setAttribute("aria-activedescendant", rows[at].id);
    rows[at].scrollIntoView({ block: "nearest" });
  }

  hide() {
    this.list.hidden = true;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  choose(option) {
    option.selected = this.multiple ? !option.selected : true;
    this.changed();
    if (this.multiple) this.input.value = "";
    this.hide();
  }

  drop(option) {
    option.selected = false;
    this.changed();
    this.input.focus();
  }

  changed() {
    this.draw();
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Leaving the field: a single choice shows its name again, an emptied one is let go. */
  settle() {
    if (this.multiple) { this.input.value = ""; return; }
    if (!this.input.value && this.chosen()[0]) { this.select.value = ""; this.changed(); } else this.draw();
  }

  draw() {
    for (const old of this.box.querySelectorAll(".combo__chosen")) old.remove();
    if (!this.multiple) { this.input.value = this.chosen()[0]?.text || ""; return; }
    for (const option of this.chosen()) {
      const button = element("button", { type: "button" });
      button.setAttribute("aria-label", `เอา ${option.text} ออก`);
      button.addEventListener("click", () => this.drop(option));
      this.input.before(element("span", { className: "combo__chosen" }, element("span", { textContent: option.text }), button));
    }
    this.input.placeholder = this.chosen().length ? "" : this.select.dataset.placeholder || "";
  }
}

export function enhance(root) {
  for (const select of root.querySelectorAll("select[data-combobox]:not([hidden])")) new Combobox(select);
}
