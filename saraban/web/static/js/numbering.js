// The numbers of items as they are typed: ๑. / ๑.๑ / (๑) / - and of clauses: ข้อ ๑, and which one comes next.
import { itemOf } from "./bodytext.js";

const THAI = "๐๑๒๓๔๕๖๗๘๙";
const LETTERS = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ";

/** The same number, one higher, in the digits in which it was written. */
function raised(digits) {
  const isThai = THAI.includes(digits[0]);
  const value = Number([...digits].map((digit) => (isThai ? THAI.indexOf(digit) : digit)).join("")) + 1;
  return isThai ? String(value).replace(/\d/g, (digit) => THAI[digit]) : String(value);
}

/** The number of a clause with which a paragraph begins, {mark, length}; null when it begins with none. */
export function clauseOf(text) {
  const found = /^(ข้อ[ \u00a0]+[๐-๙0-9]{1,3})[ \u00a0]+/.exec(text);
  return found && { mark: found[1], length: found[0].length };
}

/** The mark of the item that follows one with this mark: ๑. → ๒., ๑.๑ → ๑.๒, (ก) → (ข), - → -, ข้อ ๑ → ข้อ ๒. */
export function nextMark(mark) {
  const letter = /^\(([ก-ฮ])\)$/.exec(mark);
  if (letter) return `(${LETTERS[LETTERS.indexOf(letter[1]) + 1] ?? letter[1]})`;
  return mark.replace(/([๐-๙0-9]+)([^๐-๙0-9]*)$/, (_, digits, rest) => raised(digits) + rest);
}

/** Which of the styles a mark has: "number" ๑. · "deep" ๑.๑ · "bracket" (๑) · "dash". */
export function styleOf(mark) {
  if (/^[-–•]$/.test(mark)) return "dash";
  if (mark.includes(")")) return "bracket";
  return mark.replace(/\.$/, "").includes(".") ? "deep" : "number";
}

/** The mark that a paragraph gets in a style, told by the texts before it, the nearest last. */
export function markAfter(texts, style) {
  for (const text of [...texts].reverse()) {
    const mark = itemOf(text)?.mark;
    if (!mark) continue;
    const found = styleOf(mark);
    if (found === style) return nextMark(mark);
    if (style === "deep" && found === "number") return `${mark.replace(/\.$/, "")}.${THAI.includes(mark[0]) ? "๑" : "1"}`;
    if (style === "bracket" && found !== "dash") break;
  }
  return { number: "๑.", deep: "๑.๑", bracket: "(๑)", dash: "-" }[style];
}
