// The editor's document: a schema of exactly what the text of a letter may hold, and the way to and from its blocks.
import { Schema, tableNodes } from "../vendor/prosemirror/prosemirror.js";

const align = {
  default: "left",
  getFromDOM: (cell) => cell.dataset.align || "left",
  setDOMAttr: (value, attributes) => { if (value !== "left") attributes["data-align"] = value; },
};

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: {
      content: "inline*",
      group: "block",
      attrs: { tight: { default: false } },
      parseDOM: [{ tag: "p", getAttrs: (element) => ({ tight: element.classList.contains("is-tight") }) }],
      toDOM: (node) => ["p", node.attrs.tight ? { class: "is-tight" } : {}, 0],
    },
    page_break: {
      group: "block",
      parseDOM: [{ tag: "hr" }],
      toDOM: () => ["hr", { class: "pagebreak", "aria-label": "ขึ้นหน้าใหม่" }],
    },
    text: { group: "inline" },
    hard_break: { inline: true, group: "inline", selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
    ...tableNodes({ tableGroup: "block", cellContent: "paragraph", cellAttributes: { align } }),
  },
  marks: {
    bold: {
      parseDOM: [{ tag: "strong" }, { tag: "b" }],
      toDOM: () => ["strong", 0],
    },
  },
});

const { nodes, marks } = schema;

/** The inline nodes of runs. */
export function inlineNodes(runs) {
  return runs.flatMap(([text, bold]) => text.split("\n").flatMap((piece, at) => [
    ...(at ? [nodes.hard_break.create()] : []),
    ...(piece ? [schema.text(piece, bold ? [marks.bold.create()] : [])] : []),
  ]));
}

/** The nodes of blocks. */
export function blockNodes(blocks) {
  return blocks.map((block) => {
    if (block.kind === "break") return nodes.page_break.create();
    if (block.kind === "paragraph") return nodes.paragraph.create({ tight: block.tight }, inlineNodes(block.runs));
    return nodes.table.create(null, block.rows.map((row, number) => nodes.table_row.create(null, row.map((runs, column) => {
      const kind = number ? nodes.table_cell : nodes.table_header;
      return kind.create({ align: block.aligns[column] }, nodes.paragraph.create(null, inlineNodes(runs)));
    }))));
  });
}

/** A document with these blocks. */
export function docOf(blocks) {
  const made = blockNodes(blocks);
  // A table or a page break needs a paragraph behind it where the writing can go on.
  if (!made.length || made[made.length - 1].type !== nodes.paragraph) made.push(nodes.paragraph.create());
  return nodes.doc.create(null, made);
}

const runsOf = (node) => {
  const runs = [];
  node.descendants((child) => {
    if (child.isText) runs.push([child.text, child.marks.length > 0]);
    else if (child.type === nodes.hard_break) runs.push(["\n", false]);
  });
  return runs;
};

/** The blocks of a document. */
export function blocksOf(doc) {
  const out = [];
  doc.forEach((node) => {
    if (node.type === nodes.page_break) out.push({ kind: "break" });
    else if (node.type === nodes.paragraph) out.push({ kind: "paragraph", runs: runsOf(node), tight: node.attrs.tight });
    else out.push(tableBlock(node));
  });
  return out;
}

function tableBlock(table) {
  const rows = [];
  table.forEach((row) => {
    const cells = [];
    row.forEach((cell) => cells.push(cell));
    rows.push(cells);
  });
  return { kind: "table", aligns: rows[0].map((cell) => cell.attrs.align), rows: rows.map((row) => row.map(runsOf)) };
}
