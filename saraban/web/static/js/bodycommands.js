// What the buttons and keys of the editor do.
import {
  Fragment, Slice, TextSelection, isInTable, selectedRect,
} from "../vendor/prosemirror/prosemirror.js";
import { itemOf } from "./bodytext.js";
import { blockNodes, inlineNodes, schema } from "./bodydoc.js";
import { inlineOf } from "./pasted.js";
import { clauseOf, markAfter, nextMark, styleOf } from "./numbering.js";

const { nodes } = schema;
const textOf = (node) => node.textBetween(0, node.content.size, undefined, "\n");

/** The texts of the paragraphs that stand before a position on the top level. */
function textsBefore(doc, end) {
  const texts = [];
  doc.forEach((node, offset) => { if (offset < end && node.type === nodes.paragraph) texts.push(textOf(node)); });
  return texts;
}

/** Make items of a style of the paragraphs in the selection; paragraphs that have it already become ordinary ones. */
export const setItem = (style) => (state, dispatch) => {
  if (isInTable(state)) return false;
  const { from, to } = state.selection;
  const places = [];
  state.doc.nodesBetween(from, to, (node, at) => { if (node.type === nodes.paragraph) places.push(at); return false; });
  if (!places.length) return false;
  if (!dispatch) return true;
  const { tr } = state;
  const has = (node) => { const item = itemOf(textOf(node)); return item && styleOf(item.mark) === style; };
  const undress = places.every((at) => has(state.doc.nodeAt(at)));
  for (const place of places) {
    const at = tr.mapping.map(place);
    const node = tr.doc.nodeAt(at);
    const item = itemOf(textOf(node));
    const mark = undress ? "" : `${markAfter(textsBefore(tr.doc, at), style)} `;
    if (item) tr.delete(at + 1, at + 1 + item.length);
    if (mark) tr.insertText(mark, at + 1);
    tr.setNodeAttribute(at, "tight", !undress && tr.doc.resolve(at).nodeBefore?.type === nodes.paragraph);
  }
  dispatch(tr.scrollIntoView());
  return true;
};

/** Enter in an item begins the next one, and the numbers below move on; in an item without words it ends the list. After
 *  a clause comes the next clause, a paragraph of its own, unless that one is written already. */
export function continueItem(state, dispatch) {
  const { $from, empty } = state.selection;
  if (!empty || $from.depth !== 1 || $from.parent.type !== nodes.paragraph) return false;
  const text = textOf($from.parent);
  const clause = clauseOf(text);
  const item = clause || itemOf(text);
  if (!item || $from.parentOffset < item.length) return false;
  if (clause && text.slice(item.length).trim() && hasClause(state.doc, nextMark(item.mark))) return false;
  if (!dispatch) return true;
  const { tr } = state;
  const start = $from.before();
  if (!text.slice(item.length).trim()) {
    tr.delete($from.start(), $from.end()).setNodeAttribute(start, "tight", false);
    dispatch(tr.scrollIntoView());
    return true;
  }
  const mark = nextMark(item.mark);
  tr.split($from.pos, 1, [{ type: nodes.paragraph, attrs: { tight: !clause } }]);
  const inside = $from.pos + 2;
  const spaces = /^ */.exec(textOf(tr.doc.resolve(inside).parent))[0].length;
  tr.replaceWith(inside, inside + spaces, schema.text(`${mark} `));
  tr.setSelection(TextSelection.create(tr.doc, inside + mark.length + 1));
  if (!clause) moveNumbersOn(tr, inside - 1, mark);
  dispatch(tr.scrollIntoView());
  return true;
}

function hasClause(doc, mark) {
  let found = false;
  doc.forEach((node) => { found ||= node.type === nodes.paragraph && clauseOf(textOf(node))?.mark === mark; });
  return found;
}

/** A number that is typed right behind one of its style takes its place: the clerk who numbers by hand has the last word.
 *  A number like ๑.๑ does so only when it is the same one, for it may be an amount. Answers whether it was so. */
export function ownNumber(view, from, to, typed) {
  const { state } = view;
  const { $from } = state.selection;
  if (typed !== " " || from !== to || $from.depth !== 1 || $from.parentOffset !== $from.parent.content.size) return false;
  const text = textOf($from.parent);
  for (const read of [clauseOf, itemOf]) {
    const kept = read(text);
    const own = kept && read(`${text.slice(kept.length)} `);
    if (!own || own.length !== text.length - kept.length + 1) continue;
    const style = styleOf(own.mark);
    if (own.mark !== kept.mark && (style === "deep" || style !== styleOf(kept.mark))) continue;
    view.dispatch(state.tr.insertText(" ").delete($from.start(), $from.start() + kept.length).scrollIntoView());
    return true;
  }
  return false;
}

/** The items below the one at `at`, whose mark is new there, get the marks that follow; items inside them go along. */
function moveNumbersOn(tr, at, mark) {
  if (styleOf(mark) === "dash") return;
  let [taken, moved] = [mark, null];
  for (let next = at + tr.doc.nodeAt(at).nodeSize; next < tr.doc.content.size;) {
    const node = tr.doc.nodeAt(next);
    const item = node.type === nodes.paragraph && node.attrs.tight && itemOf(textOf(node));
    if (!item) return;
    let becomes = null;
    if (item.mark === taken) {
      becomes = nextMark(item.mark);
      moved = [`${taken.replace(/\.$/, "")}.`, `${becomes.replace(/\.$/, "")}.`];
      taken = becomes;
    } else if (moved && item.mark.startsWith(moved[0])) becomes = moved[1] + item.mark.slice(moved[0].length);
    else if (styleOf(item.mark) === styleOf(mark)) return;
    if (becomes) tr.insertText(becomes, next + 1, next + 1 + item.mark.length);
    next += tr.doc.nodeAt(next).nodeSize;
  }
}

/** A line end inside the paragraph. */
export function breakLine(state, dispatch) {
  if (isInTable(state)) return true;
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
}

/** Put a block behind the paragraph of the cursor, or in its place when it is empty. The cursor goes into a table, and
 *  behind a page break. */
function putBlock(state, dispatch, node) {
  if (isInTable(state)) return false;
  if (!dispatch) return true;
  const { tr } = state;
  const { $from } = state.selection;
  const own = $from.depth ? $from.node(1) : null;
  const [from, to] = own ? [own.content.size ? $from.after(1) : $from.before(1), $from.after(1)] : [$from.pos, $from.pos];
  tr.replaceWith(from, to, node);
  const end = from + node.nodeSize;
  if (tr.doc.nodeAt(end)?.type !== nodes.paragraph) tr.insert(end, nodes.paragraph.create());
  tr.setSelection(TextSelection.near(tr.doc.resolve(node.type === nodes.table ? from + 1 : end + 1)));
  dispatch(tr.scrollIntoView());
  return true;
}

export const putBreak = (state, dispatch) => putBlock(state, dispatch, nodes.page_break.create());

export function putTable(state, dispatch) {
  const [table] = blockNodes([{ kind: "table", aligns: ["left", "left", "left"], rows: [[[], [], []], [[], [], []], [[], [], []]] }]);
  return putBlock(state, dispatch, table);
}

/** The column of the cursor: left, then centred, then right. */
export function turnColumn(state, dispatch) {
  if (!isInTable(state)) return false;
  if (!dispatch) return true;
  const rect = selectedRect(state);
  const turns = { left: "center", center: "right", right: "left" };
  const first = rect.table.nodeAt(rect.map.map[rect.left]);
  const { tr } = state;
  for (let row = 0; row < rect.map.height; row += 1) {
    for (let column = rect.left; column < rect.right; column += 1) {
      tr.setNodeAttribute(rect.tableStart + rect.map.map[row * rect.map.width + column], "align", turns[first.attrs.align]);
    }
  }
  dispatch(tr);
  return true;
}

/** Put what was pasted in the place of the selection; in a cell its words on one line. */
export function putPasted(view, blocks) {
  if (!blocks.length) return;
  const { state } = view;
  const { tr } = state;
  if (isInTable(state)) {
    tr.replaceSelection(new Slice(Fragment.from(inlineNodes(inlineOf(blocks))), 0, 0));
  } else if (blocks.length === 1 && blocks[0].kind === "paragraph") {
    tr.replaceSelection(new Slice(Fragment.from(inlineNodes(blocks[0].runs)), 0, 0));
  } else {
    const made = blockNodes(blocks);
    const open = (node) => (node.type === nodes.paragraph ? 1 : 0);
    tr.replaceSelection(new Slice(Fragment.from(made), open(made[0]), open(made[made.length - 1])));
    if (tr.doc.lastChild.type !== nodes.paragraph) tr.insert(tr.doc.content.size, nodes.paragraph.create());
  }
  view.dispatch(tr.scrollIntoView().setMeta("paste", true));
}
