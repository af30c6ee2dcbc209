// A list of persons over its textarea (`textarea[data-people="ชื่อ|ตำแหน่ง|…"]`), which stays the field of the form: a row for
// each person with a field for each column. What is typed is written into the textarea as "ชื่อ | ตำแหน่ง" a line and
// announced as typing, so that saving by itself and the preview go on. Without script the bars are typed.
const thai = (number) => number.toLocaleString("th-TH-u-nu-thai");

const cellsOf = (line, count) => {
  const cells = line.split(/[|\t]/).map((cell) => cell.trim());
  return [...cells.slice(0, count - 1), cells.slice(count - 1).join(" ").trim()];
};
const lineOf = (cells) => cells.join(" | ").replace(/( \| *)+$/, "").trim();

function button(words, name, deed) {
  const one = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--s btn--ghost", textContent: words });
  if (name !== words) { one.setAttribute("aria-label", name); one.title = name; }
  one.addEventListener("click", deed);
  return one;
}

function edit(field) {
  if (field.dataset.edited) return;
  field.dataset.edited = "yes";
  const { id } = field;
  const label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
  const title = label?.firstChild?.textContent.trim() ?? "";
  const lines = () => field.value.split("\n").filter((line) => line.trim());
  // A third column that somebody typed where two are asked for is not lost.
  const captions = field.dataset.people.split("|");
  if (captions.length < 3 && lines().some((line) => line.split("|").length > captions.length)) captions.push("อื่น ๆ");
  let written = field.value;

  const frame = Object.assign(document.createElement("div"), { className: "people" });
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", title);
  const list = frame.appendChild(Object.assign(document.createElement("ol"), { className: "people__rows" }));
  field.id = `${id}-kept`;
  field.hidden = true;
  field.before(frame);

  const inputsOf = (row) => [...row.querySelectorAll("input")];
  const write = () => {
    written = [...list.children].map((row) => lineOf(inputsOf(row).map((input) => input.value.replaceAll("|", " ").trim()))).filter(Boolean).join("\n");
    field.value = written;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  /** Names and ids by the places that the rows have now. */
  function count() {
    [...list.children].forEach((row, at) => {
      const who = `${title} คนที่ ${thai(at + 1)}`;
      row.firstChild.textContent = thai(at + 1);
      inputsOf(row).forEach((input, column) => {
        input.setAttribute("aria-label", `${who} ${captions[column]}`);
        if (at || column) input.removeAttribute("id"); else input.id = id;
        for (const name of ["aria-describedby", "aria-invalid"]) if (!column && field.hasAttribute(name)) input.setAttribute(name, field.getAttribute(name));
      });
      const [up, down, gone] = row.querySelectorAll("button");
      up.setAttribute("aria-label", `เลื่อน ${who} ขึ้น`);
      down.setAttribute("aria-label", `เลื่อน ${who} ลง`);
      gone.setAttribute("aria-label", `เอา ${who} ออก`);
      up.disabled = at === 0;
      down.disabled = at === list.children.length - 1;
    });
  }

  function rowOf(cells = []) {
    const row = document.createElement("li");
    row.className = "people__row";
    row.append(Object.assign(document.createElement("span"), { className: "num quiet" }));
    captions.forEach((caption, column) => {
      row.append(Object.assign(document.createElement("input"), { type: "text", className: "input", value: cells[column] ?? "", placeholder: caption, autocomplete: "off" }));
    });
    const acts = row.appendChild(Object.assign(document.createElement("span"), { className: "people__acts" }));
    const move = (by) => {
      const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
      if (!other) return;
      if (by < 0) other.before(row); else other.after(row);
      count();
      write();
      inputsOf(row)[0].focus();
    };
    acts.append(
      button("↑", "ขึ้น", () => move(-1)),
      button("↓", "ลง", () => move(1)),
      button("×", "เอาออก", () => {
        const next = row.nextElementSibling ?? row.previousElementSibling;
        row.remove();
        if (!list.children.length) list.append(rowOf());
        count();
        write();
        inputsOf(next ?? list.firstChild)[0].focus();
      }),
    );
    return row;
  }

  function addAfter(row) {
    const made = rowOf();
    if (row) row.after(made); else list.append(made);
    count();
    inputsOf(made)[0].focus();
  }

  function fill() {
    written = field.value;
    const rows = lines().map((line) => rowOf(cellsOf(line, captions.length)));
    list.replaceChildren(...(rows.length ? rows : [rowOf()]));
    count();
  }

  list.addEventListener("input", (event) => { event.stopPropagation(); write(); });
  list.addEventListener("change", (event) => event.stopPropagation());
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing || !event.target.matches("input")) return;
    event.preventDefault();
    addAfter(event.target.closest("li"));
  });
  // A list that is copied from elsewhere comes in as its rows.
  list.addEventListener("paste", (event) => {
    const pasted = (event.clipboardData?.getData("text/plain") ?? "").split(/\r?\n/).filter((line) => line.trim());
    if (!event.target.matches("input") || pasted.length < 2 && !/[|\t]/.test(pasted[0] ?? "")) return;
    event.preventDefault();
    let row = event.target.closest("li");
    for (const line of pasted) {
      const made = rowOf(cellsOf(line, captions.length));
      if (inputsOf(row).some((input) => input.value.trim())) row.after(made); else row.replaceWith(made);
      row = made;
    }
    count();
    write();
    inputsOf(row)[0].focus();
  });
  // Who changes the field itself (words that are put back) is followed.
  field.addEventListener("input", () => { if (field.value !== written) fill(); });
  addEventListener("pageshow", () => { if (field.value !== written) fill(); });

  fill();
  frame.append(button("เพิ่มคน", "เพิ่มคน", () => addAfter(null)));
  const hint = document.getElementById(`${id}-hint`);
  if (hint) hint.textContent = "กด Enter เพื่อเพิ่มคนถัดไป วางรายชื่อจากตารางได้";
}

export function enhance(root) {
  for (const field of root.querySelectorAll("textarea[data-people]")) edit(field);
}
