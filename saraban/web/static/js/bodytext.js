// The text of a letter as it is kept (rendering/body.py reads the same): a small subset of Markdown. `readBody` gives its
// blocks, `writeBody` writes them. A run is [text, is it bold]; a line end inside a paragraph is "\n".
//   {kind: "paragraph", runs, tight}    tight: no blank line before it
//   {kind: "table", aligns, rows}       rows of cells, each of runs; the first row holds the captions
//   {kind: "break"}                     a new page

const ITEM = /^((?:[๐-๙0-9]{1,2}(?:\.[๐-๙0-9]{1,2})*)\.|[๐-๙0-9]{1,2}(?:\.[๐-๙0-9]{1,2})+|\([๐-๙0-9ก-ฮ]{1,2}\)|[๐-๙0-9]{1,2}\)|[-–•])([ \u00a0]+)/;
const PARTS = /\\([!-/:-@[-`{-~])|(\*+)|([^\\*]+|\\)/g;
const BREAK = "---";
const trimmed = (line) => line.replace(/^[ \u00a0]+/, "").replace(/[ \u00a0]+$/, "");

/** The number with which a text begins as an item, {mark, length}; null when it begins with none. */
export function itemOf(text) {
  const found = ITEM.exec(text);
  return found && { mark: found[1], length: found[0].length };
}

const beginsItem = (line) => ITEM.test(line) && /\S/.test(line.slice(ITEM.exec(line)[0].length));

// --- reading ---------------------------------------------------------------------------------------------------------

/** Runs of a text with its marks taken out. */
function readRuns(text) {
  const pieces = [];
  let opened = -1;
  let inside = "";
  for (const part of text.matchAll(PARTS)) {
    if (part[2] === "**") {
      const after = text.slice(part.index + 2, part.index + 3);
      const before = text.slice(part.index - 1, part.index);
      if (opened < 0 && /\S/.test(after)) { opened = pieces.length; inside = ""; continue; }
      if (opened >= 0 && inside && /\S/.test(before)) {
        for (let at = opened; at < pieces.length; at += 1) pieces[at][1] = true;
        opened = -1;
        continue;
      }
    }
    const words = part[1] ?? part[0];
    inside += words;
    pieces.push([words, false]);
  }
  if (opened >= 0) pieces.splice(opened, 0, ["**", false]);
  return merged(pieces);
}

function merged(runs) {
  const out = [];
  for (const [text, bold] of runs) {
    if (!text) continue;
    const last = out[out.length - 1];
    if (last && last[1] === bold) last[0] += text; else out.push([text, bold]);
  }
  return out;
}

const plain = (runs) => runs.map(([text]) => text).join("");

/** The runs of every line. */
function linesOf(runs) {
  const lines = [[]];
  for (const [text, bold] of runs) {
    text.split("\n").forEach((piece, number) => {
      if (number) lines.push([]);
      if (piece) lines[lines.length - 1].push([piece, bold]);
    });
  }
  return lines;
}

function paragraphs(runs) {
  const out = [];
  for (const line of linesOf(runs)) {
    const before = out[out.length - 1];
    if (before && !beginsItem(plain(line))) before.runs.push(["\n", before.runs[before.runs.length - 1][1] && line[0][1]], ...line);
    else out.push({ kind: "paragraph", runs: line, tight: out.length > 0 });
  }
  for (const one of out) one.runs = merged(one.runs);
  return out;
}

function cellsOf(line) {
  const cells = [""];
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === "|" && line[at - 1] === "\\") cells[cells.length - 1] = cells[cells.length - 1].slice(0, -1) + "|";
    else if (line[at] === "|") cells.push("");
    else cells[cells.length - 1] += line[at];
  }
  if (cells[0] === "") cells.shift();
  if (cells.length && cells[cells.length - 1] === "") cells.pop();
  return cells;
}

/** How the columns are aligned when a table begins at this line (GFM); null when none does. */
function tableAt(lines, at) {
  const [head, rule] = [lines[at], lines[at + 1]];
  if (!rule || !head.includes("|") || !/^[|:-][|: -]*$/.test(rule) || rule.length < 2 || rule.startsWith("- ")) return null;
  const parts = rule.split("|").map((part) => part.trim());
  if (!parts[0]) parts.shift();
  if (parts.length && !parts[parts.length - 1]) parts.pop();
  if (!parts.length || !parts.every((part) => /^:?-+:?$/.test(part)) || cellsOf(head).length !== parts.length) return null;
  return parts.map((part) => (part.endsWith(":") ? (part.startsWith(":") ? "center" : "right") : "left"));
}

export function readBody(body) {
  const lines = body.replace(/\r\n?/g, "\n").split("\n").map(trimmed);
  const blocks = [];
  for (let at = 0; at < lines.length;) {
    if (!lines[at]) { at += 1; continue; }
    const aligns = tableAt(lines, at);
    if (aligns) {
      const rows = [];
      for (let line = at; lines[line]; line += 1) if (line !== at + 1) rows.push(lines[line]);
      at += rows.length + 1;
      blocks.push({ kind: "table", aligns, rows: rows.map((row) => {
        const cells = cellsOf(row);
        return aligns.map((_, column) => readRuns((cells[column] ?? "").trim()));
      }) });
      continue;
    }
    const own = [lines[at]];
    for (at += 1; lines[at] && !tableAt(lines, at); at += 1) own.push(lines[at]);
    if (own.join() === BREAK) blocks.push({ kind: "break" });
    else blocks.push(...paragraphs(readRuns(own.join("\n"))));
  }
  return blocks;
}

// --- writing ---------------------------------------------------------------------------------------------------------

/** Bold stretches without the spaces at their edges, where they would not be read as bold. */
function tidied(runs) {
  const out = [];
  // A line end between two bold lines is bold too, so that the stretch is written once.
  const joined = runs.map(([text, bold], at) => [text, bold || (text === "\n" && Boolean(runs[at - 1]?.[1] && runs[at + 1]?.[1]))]);
  for (const [text, bold] of merged(joined)) {
    const [, before, words, after] = /^(\s*)([^]*?)(\s*)$/.exec(text);
    if (bold) out.push([before, false], [words, true], [after, false]); else out.push([text, false]);
  }
  return merged(out);
}

/** Would this asterisk be read as a mark? Two are one; one alone and three are words, but not where bold begins or ends. */
function isMark(text, at, alone) {
  let [start, end] = [at, at];
  while (text[start - 1] === "*") start -= 1;
  while (text[end + 1] === "*") end += 1;
  return end - start === 1 || !alone && (start === 0 || end === text.length - 1);
}

function escaped(text, alone, inCell) {
  let out = "";
  for (let at = 0; at < text.length; at += 1) {
    const [letter, after] = [text[at], text[at + 1]];
    const edge = (at === 0 || at === text.length - 1) && !alone;
    if (letter === "*" && isMark(text, at, alone)) out += "\\*";
    else if (letter === "\\" && (edge || (after ? /[!-/:-@[-`{-~]/.test(after) : inCell))) out += "\\\\";
    else if (letter === "|" && inCell) out += "\\|";
    else out += letter;
  }
  return out;
}

function writeRuns(runs, inCell = false) {
  const tidy = tidied(runs);
  const alone = tidy.length === 1 && !tidy[0][1];
  return tidy.map(([text, bold]) => (bold ? `**${escaped(text, alone, inCell)}**` : escaped(text, alone, inCell))).join("");
}

function writeParagraph(runs) {
  const lines = writeRuns(runs).split("\n").map(trimmed).filter(Boolean);
  if (lines.length === 1 && lines[0] === BREAK) return `\\${BREAK}`;
  return lines.map((line, at) => (at && tableAt(lines, at - 1) ? `\\${line}` : line)).join("\n");
}

function writeTable({ aligns, rows }) {
  const rules = { left: "---", center: ":-:", right: "--:" };
  const line = (cells) => `|${cells.map((cell) => (cell ? ` ${cell} ` : " ")).join("|")}|`;
  const cell = (runs) => writeRuns(runs.map(([text, bold]) => [text.replace(/\n/g, " "), bold]), true).trim();
  const written = rows.map((row) => line(row.map(cell)));
  return [written[0], line(aligns.map((align) => rules[align] ?? rules.left)).replaceAll(" ", ""), ...written.slice(1)].join("\n");
}

export function writeBody(blocks) {
  let out = "";
  let before = null;
  for (const block of blocks) {
    const text = block.kind === "table" ? writeTable(block) : block.kind === "break" ? BREAK : writeParagraph(block.runs);
    if (!text) continue;
    const tight = block.tight && before?.kind === "paragraph" && beginsItem(plain(block.runs).trim());
    out += (out ? (tight ? "\n" : "\n\n") : "") + text;
    before = block;
  }
  return out;
}
