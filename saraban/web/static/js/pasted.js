// What is pasted from Word, LibreOffice, Google Docs or a web page, as blocks of bodytext.js: paragraphs, bold, tables and
// page breaks stay; the numbers of lists become words; cells that were joined are parted (`parted`); styles, comments, pictures and everything else are left behind.
import { itemOf } from "./bodytext.js";

const DROPPED = new Set(["HEAD", "STYLE", "SCRIPT", "TITLE", "META", "LINK", "XML", "IMG", "SVG", "OBJECT", "TEMPLATE", "BUTTON", "SELECT", "TEXTAREA"]);
const BLOCKS = new Set(["P", "DIV", "LI", "UL", "OL", "BLOCKQUOTE", "SECTION", "ARTICLE", "HEADER", "FOOTER", "MAIN", "CENTER", "DL", "DT", "DD", "PRE", "FIGURE", "ADDRESS", "H1", "H2", "H3", "H4", "H5", "H6"]);
const THAI_DIGITS = "๐๑๒๓๔๕๖๗๘๙";
const LETTERS = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ";
const MOST_COLUMNS = 30;
// Old Thai typefaces kept marks that are moved aside under private codes, from U+F700 on.
const MOVED_MARKS = "ฐิีึื่้๊๋์่้๊๋์ญัํ็่้๊๋์ฺุู";

/** Thai text as it is typed: NFC, no invisible letters, SARA AM in one piece, marks in their order. */
export function cleanText(text) {
  return text
    .replace(/[\uf700-\uf71a]/g, (letter) => MOVED_MARKS[letter.charCodeAt(0) - 0xf700])
    .normalize("NFC")
    .replace(/[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\ue000-\uf8ff]/g, "")
    .replace(/[^\S\n]+/g, " ")
    .replace(/\u0e4d([\u0e48-\u0e4b]?)\u0e32/g, "$1\u0e33")
    .replace(/([\u0e48-\u0e4c])([\u0e31\u0e34-\u0e3a])/g, "$2$1");
}

const thaiNumber = (number) => String(number).replace(/\d/g, (digit) => THAI_DIGITS[digit]);
const styleOf = (element) => (element.getAttribute("data-style") || "").toLowerCase().replace(/\s+/g, "");

function isBold(element, inherited) {
  const weight = /font-weight:([a-z0-9]+)/.exec(styleOf(element))?.[1];
  if (weight) return weight === "bold" || weight === "bolder" || Number(weight) >= 600;
  return inherited || /^(B|STRONG|H[1-6]|TH)$/.test(element.tagName);
}

const breaksPage = (element) => /(^|;)(page-)?break-before:(always|page)/.test(styleOf(element)) || element.classList.contains("pagebreak");

/** Collects paragraphs and tables while the pasted document is walked. */
class Collector {
  constructor() {
    this.blocks = [];
    this.runs = [];
    this.number = "";
  }

  text(words, bold) {
    if (this.number && words.trim()) {
      this.runs.push([`${this.number} `, bold]);
      this.number = "";
    }
    if (words) this.runs.push([words, bold]);
  }

  /** The paragraph ends here. */
  close() {
    const runs = tidy(this.runs);
    this.runs = [];
    if (!runs.length) return;
    const before = this.blocks[this.blocks.length - 1];
    const tight = before?.kind === "paragraph" && itemOf(runs.map(([text]) => text).join("")) !== null;
    this.blocks.push({ kind: "paragraph", runs, tight });
  }

  add(block) {
    this.close();
    this.blocks.push(block);
  }
}

/** Runs with single spaces, none at the edges of a line, and no empty lines. */
function tidy(runs) {
  const letters = runs.flatMap(([text, bold]) => [...cleanText(text)].map((letter) => [letter, bold]));
  const out = [];
  for (const [letter, bold] of letters) {
    const last = out[out.length - 1];
    if (letter === " " && (!last || last[0] === " " || last[0] === "\n")) continue;
    if (letter === "\n") {
      while (out.length && out[out.length - 1][0] === " ") out.pop();
      if (!out.length || out[out.length - 1][0] === "\n") continue;
    }
    out.push([letter, bold]);
  }
  while (out.length && /\s/.test(out[out.length - 1][0])) out.pop();
  const merged = [];
  for (const [letter, bold] of out) {
    const last = merged[merged.length - 1];
    if (last && last[1] === bold) last[0] += letter; else merged.push([letter, bold]);
  }
  return merged;
}

function walk(node, into, bold, list) {
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) { into.text(child.nodeValue.replace(/\s+/g, " "), bold); continue; }
    if (child.nodeType !== Node.ELEMENT_NODE) continue;
    const name = child.tagName.toUpperCase();
    if (DROPPED.has(name) || name.includes(":") && !child.textContent.trim() || /(^|;)(display:none|mso-hide:all)/.test(styleOf(child))) continue;
    if (breaksPage(child)) into.add({ kind: "break" });
    if (name === "BR") { if (!breaksPage(child)) into.text("\n", bold); continue; }
    if (name === "TABLE") { const table = tableOf(child, bold); if (table) into.add(table); continue; }
    if (/mso-list:ignore/.test(styleOf(child))) { into.text(`${numberOfWord(child)} `, isBold(child, bold)); continue; }
    const heavy = isBold(child, bold);
    if (!BLOCKS.has(name)) { walk(child, into, heavy, list); continue; }
    into.close();
    if (name === "OL" || name === "UL") walk(child, into, heavy, { tag: name, count: Number(child.getAttribute("start") || 1) - 1, lettered: isLettered(child), outer: list });
    else {
      if (name === "LI" && list) into.number = numberOfList(list);
      walk(child, into, heavy, list);
    }
    into.close();
    if (name === "LI") into.number = "";
  }
}

/** Word writes the number of an item as text that it marks as a picture of it: a dash when it is a dot of some font. */
function numberOfWord(element) {
  const mark = asHere(cleanText(element.textContent).trim());
  return itemOf(`${mark} `) || /^[ก-ฮ]+ [๐-๙]+$/.test(mark) ? mark : "-";
}

/** A number as a letter's text writes it: ๑. · ๑.๑ · (๑) · (ก); any other stays as it is. */
function asHere(mark) {
  const plain = mark.replace(/^[([\s]+|[)\].\s]+$/g, "");
  if (/^[0-9๐-๙]{1,2}(\.[0-9๐-๙]{1,2})*$/.test(plain)) {
    const number = thaiNumber(plain);
    if (number.includes(".")) return number;
    return mark.endsWith(")") ? `(${number})` : `${number}.`;
  }
  if (/^[ก-ฮ]$/.test(plain)) return `(${plain})`;
  if (/^[a-z]$/i.test(plain)) return `(${letterOf(plain.toLowerCase().charCodeAt(0) - 96)})`;
  return thaiNumber(mark);
}

const letterOf = (number) => LETTERS[(Math.max(number, 1) - 1) % LETTERS.length];

const isLettered = (list) => /^[a]$/i.test(list.getAttribute("type") || "") || /list-style-type:(lower|upper)-(alpha|latin)|list-style-type:thai-alpha/.test(styleOf(list));

/** ๑. in a list, ๑.๑ in a list inside it; a dash where there are no numbers. */
function numberOfList(list) {
  list.count += 1;
  if (list.tag === "UL") return "-";
  if (list.lettered) return `(${letterOf(list.count)})`;
  const numbers = [];
  for (let one = list; one && one.tag === "OL" && !one.lettered; one = one.outer) numbers.unshift(thaiNumber(Math.max(one.count, 1)));
  return numbers.length > 1 ? numbers.join(".") : `${numbers[0]}.`;
}

function tableOf(table, bold) {
  const rows = [];
  const aligns = [];
  const hanging = [];
  let parted = false;
  for (const row of table.querySelectorAll("tr")) {
    if (row.closest("table") !== table) continue;
    const cells = [];
    const hung = () => { while (hanging[cells.length] > 0) { hanging[cells.length] -= 1; cells.push([]); } };
    for (const cell of row.children) {
      if (!/^T[DH]$/.test(cell.tagName)) continue;
      hung();
      // The captions are centred anyhow; how the column stands is told by the first row below them.
      if (rows.length < 2) aligns[cells.length] = alignOf(cell) ?? (rows.length ? "left" : undefined);
      parted ||= cell.colSpan > 1 || cell.rowSpan > 1;
      for (let more = 0; more < Math.min(cell.colSpan || 1, MOST_COLUMNS); more += 1) {
        if (cell.rowSpan > 1) hanging[cells.length] = cell.rowSpan - 1;
        cells.push(more ? [] : runsOf(cell, bold));
      }
    }
    hung();
    // Rows without words are there to be filled by hand.
    if (cells.length) rows.push(cells);
  }
  if (!rows.flat(2).length) return null;
  const columns = Math.min(MOST_COLUMNS, Math.max(0, ...rows.map((row) => row.length)));
  if (!columns) return null;
  return { kind: "table", parted, aligns: [...Array(columns)].map((_, at) => aligns[at] ?? "left"), rows: rows.map((row) => [...Array(columns)].map((_, at) => row[at] ?? [])) };
}

function runsOf(cell, bold) {
  const inner = new Collector();
  walk(cell, inner, bold, null);
  inner.close();
  return inlineOf(inner.blocks);
}

function alignOf(cell) {
  const inner = cell.querySelector("p, div");
  for (const one of [inner, cell]) {
    const said = one && (/text-align:(center|right|end)/.exec(styleOf(one))?.[1] || one.getAttribute("align"));
    if (said) return said === "center" ? "center" : said === "right" || said === "end" ? "right" : "left";
  }
  return undefined;
}

/** The words of some blocks on one line, for a cell. */
export function inlineOf(blocks) {
  const pieces = blocks.map((block) => (block.kind === "paragraph" ? block.runs : (block.rows ?? []).flat(2)));
  return tidy(pieces.flatMap((runs, at) => [...(at ? [[" ", false]] : []), ...runs.map(([text, heavy]) => [text.replace(/\n/g, " "), heavy])]));
}

/** Styles are read and never applied, so they travel under another name: the page forbids foreign styles. */
function withoutStyles(html) {
  return html
    .replace(/<!--[^]*?-->/g, "")
    .replace(/<(style|script|xml)\b[^]*?<\/\1\s*>/gi, "")
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
}

/** The blocks of pasted HTML. */
export function pastedHtml(html) {
  const into = new Collector();
  walk(new DOMParser().parseFromString(withoutStyles(html), "text/html").body, into, false, null);
  into.close();
  return into.blocks;
}
