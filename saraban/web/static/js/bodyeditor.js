// The editor of a letter's text over its textarea, which stays the field of the form: every change is written into it as
// the text is kept, and announced as typing, so that saving by itself and the preview go on as without the editor.
import {
  EditorState, EditorView, Plugin, addColumnAfter, addRowAfter, baseKeymap, chainCommands, deleteColumn, deleteRow, deleteTable,
  goToNextCell, history, isInTable, keymap, redo, tableEditing, toggleMark, undo,
} from "../vendor/prosemirror/prosemirror.js";
import { breakLine, continueItem, ownNumber, putBreak, putPasted, putTable, setItem, turnColumn } from "./bodycommands.js";
import { blocksOf, docOf, schema } from "./bodydoc.js";
import { readBody, writeBody } from "./bodytext.js";
import { pastedHtml } from "./pasted.js";
import { toast } from "./toast.js";

const bold = toggleMark(schema.marks.bold);
// `inside`: shown only in a table; `outside`: only elsewhere.
const TOOLS = [
  { text: "ตัวหนา", keys: "Ctrl B", run: bold, pressed: (state) => boldNow(state) },
  { text: "ข้อ ๑.", keys: "Ctrl Alt 1", run: setItem("number") },
  { text: "๑.๑", name: "๑.๑ ข้อย่อย", keys: "Ctrl Alt 2", run: setItem("deep") },
  { text: "(๑)", name: "(๑) ข้อย่อย", keys: "Ctrl Alt 3", run: setItem("bracket") },
  { text: "ตาราง", keys: "Ctrl Alt T", run: putTable, outside: true },
  { text: "ขึ้นหน้าใหม่", keys: "Ctrl Shift ↵", run: putBreak, outside: true },
  { text: "เพิ่มแถว", run: addRowAfter, inside: true },
  { text: "เพิ่มคอลัมน์", run: addColumnAfter, inside: true },
  { text: "จัดซ้าย กลาง ขวา", run: turnColumn, inside: true },
  { text: "ลบแถว", run: deleteRow, inside: true },
  { text: "ลบคอลัมน์", run: deleteColumn, inside: true },
  { text: "ลบตาราง", run: deleteTable, inside: true },
  { text: "เลิกทำ", keys: "Ctrl Z", run: undo },
  { text: "ทำซ้ำ", keys: "Ctrl Y", run: redo },
];

const KEYS = {
  "Mod-b": bold,
  "Mod-Alt-1": setItem("number"),
  "Mod-Alt-2": setItem("deep"),
  "Mod-Alt-3": setItem("bracket"),
  "Mod-Alt-t": putTable,
  "Mod-Shift-Enter": putBreak,
  "Mod-z": undo,
  "Mod-y": redo,
  "Mod-Shift-z": redo,
  "Shift-Enter": breakLine,
  Enter: chainCommands((state) => isInTable(state), continueItem),
  Tab: goToNextCell(1),
  "Shift-Tab": goToNextCell(-1),
};

function boldNow(state) {
  const { from, to, empty, $from } = state.selection;
  const { bold: mark } = schema.marks;
  return empty ? Boolean(mark.isInSet(state.storedMarks || $from.marks())) : state.doc.rangeHasMark(from, to, mark);
}

/** The row of buttons; `update` shows what can be done at the cursor. One of them is in the order of Tab, arrows go on. */
function toolbar(view, id) {
  const bar = Object.assign(document.createElement("div"), { className: "writer__tools" });
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "เครื่องมือของข้อความ");
  bar.setAttribute("aria-controls", id);
  const buttons = TOOLS.map((tool, number) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--s btn--ghost", textContent: tool.text, tabIndex: number ? -1 : 0 });
    if (tool.name) button.setAttribute("aria-label", tool.name);
    button.title = [tool.name ?? tool.text, tool.keys].filter(Boolean).join("  ");
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => { tool.run(view.state, view.dispatch, view); view.focus(); });
    return button;
  });
  bar.append(...buttons);
  bar.addEventListener("keydown", (event) => {
    const shown = buttons.filter((button) => !button.hidden);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = shown[(shown.indexOf(document.activeElement) + step + shown.length) % shown.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  });
  const update = (state) => {
    const inside = isInTable(state);
    TOOLS.forEach((tool, number) => {
      const button = buttons[number];
      button.hidden = Boolean(tool.inside && !inside || tool.outside && inside);
      button.setAttribute("aria-disabled", String(!tool.run(state)));
      if (tool.pressed) button.setAttribute("aria-pressed", String(tool.pressed(state)));
    });
    if (buttons.every((button) => button.hidden || button.tabIndex)) buttons[0].tabIndex = 0;
  };
  return { bar, update };
}

/** What the editable part says of itself: the names and ties of the field. */
function attributesOf(field, id, label) {
  const out = { id, class: "input writer__text", role: "textbox", "aria-multiline": "true", "aria-labelledby": label.id, spellcheck: "false" };
  for (const name of ["aria-describedby", "aria-invalid", "aria-required"]) {
    if (field.hasAttribute(name)) out[name] = field.getAttribute(name);
  }
  return out;
}

/** Put the editor in the place of a field. */
export function edit(field) {
  const { id } = field;
  const label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
  if (!label || field.dataset.edited) return;
  field.dataset.edited = "yes";
  let written = field.value;
  const stateOf = (body) => EditorState.create({
    doc: docOf(readBody(body)),
    plugins: [
      history(),
      new Plugin({ props: { handleTextInput: ownNumber, handleDOMEvents: { paste: onPaste, keydown: (_, event) => isOfTheScreen(event) } } }),
      keymap(KEYS),
      keymap(baseKeymap),
      tableEditing(),
    ],
  });

  const frame = Object.assign(document.createElement("div"), { className: "writer" });
  label.id = `${id}-label`;
  label.removeAttribute("for");
  field.id = `${id}-kept`;
  field.hidden = true;
  field.before(frame);
  const view = new EditorView({ mount: frame.appendChild(document.createElement("div")) }, {
    state: stateOf(field.value),
    attributes: attributesOf(field, id, label),
    clipboardTextSerializer: (slice) => writeBody(blocksOf(schema.topNodeType.createAndFill(null, slice.content) || docOf([]))),
    dispatchTransaction(transaction) {
      view.updateState(view.state.apply(transaction));
      tools.update(view.state);
      if (!transaction.docChanged) return;
      written = writeBody(blocksOf(view.state.doc));
      field.value = written;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  const tools = toolbar(view, id);
  frame.prepend(tools.bar);
  tools.update(view.state);
  label.addEventListener("click", () => view.focus());
  const hint = document.getElementById(`${id}-hint`);
  if (hint) hint.textContent = hint.textContent.replace("เว้นหนึ่งบรรทัดเพื่อ", "กด Enter เพื่อ");

  // Who changes the field itself (the browser that brings a page back, a script that fills a form in) is followed.
  const follow = () => {
    if (field.value === written) return;
    written = field.value;
    view.updateState(stateOf(written));
    tools.update(view.state);
  };
  field.addEventListener("input", follow);
  addEventListener("pageshow", follow);
  document.documentElement.dataset.editor = "ready";
}

/** Ctrl ↵ is the screen's (keyboard.js). */
const isOfTheScreen = (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.shiftKey;

/** Foreign HTML is read here and not by ProseMirror, which would let its styles meet the page; what was copied from an
 *  editor like this one it reads itself. */
function onPaste(view, event) {
  const html = event.clipboardData?.getData("text/html") || "";
  const text = event.clipboardData?.getData("text/plain") || "";
  if (html.includes("data-pm-slice") || !html && !text) return false;
  event.preventDefault();
  const blocks = html ? pastedHtml(html) : [];
  putPasted(view, blocks.length ? blocks : readBody(text));
  if (blocks.some((block) => block.parted)) toast("ช่องที่รวมกันในตารางถูกแยก");
  return true;
}
