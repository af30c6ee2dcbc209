"""Where a line of Thai may end: by paragraphs whose words were parted by hand and by letters that were published."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from saraban.rendering.paragraph import Line, ThaiParagraph, spread_out
from saraban.rendering.shaping import typeface
from saraban.rendering.thai import MONTHS, NBSP, SHORT_MONTHS, chunks, one_line, thai_digits

ASSETS = Path(__file__).parents[1] / "assets" / "thai"
GOLD = (ASSETS / "gold.txt").read_text(encoding="utf-8").splitlines()
LETTERS = sorted((ASSETS / "letters").glob("*.txt"))
WIDTHS = (454, 383, 300, 220, 160)
"""Points: the full width of a letter, an item of a list, and columns of tables."""
SIZE = 16
INDENT = 40
FACE = typeface("TH Sarabun New")

FOLLOWS = "ะัาำิีึืฺุูๅ็่้๊๋์ํ๎"
"""Vowels and marks that stand behind or over the letter before them."""
LEADS = "เแโใไ"
CLOSES, OPENS = ",.;:!?)]}”’%ๆฯ", "([{“‘"
OURS = [
    f"จึงเรียนมาเพื่อโปรดส่งแบบสำรวจ{'ทุกฉบับ' * n} ไปที่ saraban.{n}@tuayang.go.th หรือ www.tuayang.go.th/a-b/{n}?d=1 "
    f"ภายในวันที่ 4 ธันวาคม พ.ศ. 2569 เวลา 16.30 น. พร้อมสำเนา (ถ้ามี) จำนวน {n} ชุด ตามข้อ {n} “ของประกาศ (ฉบับที่ {n})” "
    f"ร้อยละ {n}.25 วงเงิน 1,{n}00,000 บาท"
    for n in range(1, 13)
]
"""Published letters have no addresses of mail."""
MONTH = "|".join(re.escape(month) for month in (*MONTHS, *SHORT_MONTHS))
NUMBER = r"[๐-๙]+(?:[.,:/-][๐-๙]+)*"
WHOLE = {
    "a date": rf"[๐-๙]{{1,2}} (?:{MONTH}) (?:พ\.ศ\. )?[๐-๙]{{4}}",
    "a number": rf"(?<![๐-๙A-Za-z]){NUMBER}",
    "a number with its unit": (
        rf"{NUMBER} (?:น\.|บาท|ล้านบาท|ฉบับ|ชุด|คน|คัน|เล่ม|แผ่น|หน้า|ราย|รายการ|โครงการ|วัน|เดือน|ปี|แห่ง|เครื่อง|ครั้ง|ข้อ|"
        r"ชั่วโมง|นาที|เมตร|กิโลเมตร|กิโลกรัม|ลิตร|ไร่)(?= |$)"
    ),
    "a number with what it counts": rf"(?:มาตรา|ข้อ|ฉบับที่|ครั้งที่|ชั้น|เวลา|ร้อยละ|พ\.ศ\.) {NUMBER}",
    "a mail address": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    "a web address": r"(?:https?://|www\.)[!-~]+[A-Za-z0-9/]",
}


def ends(words: list[str]) -> set[int]:
    """Where in the text each of its words ends."""
    return {sum(map(len, words[:count])) for count in range(1, len(words) + 1)}


@cache
def paragraphs() -> tuple[str, ...]:
    """The paragraphs of the published letters, as they are printed."""
    texts = [path.read_text(encoding="utf-8").split("\n")[1:] for path in LETTERS]
    return tuple(thai_digits(one_line(line)) for text in (*texts, OURS) for line in text if line.strip())


@cache
def set_lines(width: int) -> tuple[tuple[str, tuple[tuple[int, Line], ...]], ...]:
    """Every paragraph with its lines at a width, each with where in the paragraph it begins."""
    out = []
    for text in paragraphs():
        lines, at = [], 0
        for line in ThaiParagraph(text, FACE.regular, SIZE, width, first_indent=INDENT).lines():
            at = text.index(line.text.replace(NBSP, " "), at)
            lines.append((at, line))
            at += len(line.text)
        assert "".join(text.split()) == "".join("".join(line.text for _, line in lines).split())
        out.append((text, tuple(lines)))
    return tuple(out)


# --- paragraphs parted by hand --------------------------------------------------------------------------------


@pytest.mark.parametrize("line", GOLD)
def test_no_line_may_end_inside_a_word(line):
    words = line.split("|")
    text = "".join(words)

    assert ends(chunks(text)) <= ends(words) | {at + 1 for at, letter in enumerate(text) if letter == " "}


@pytest.mark.parametrize("width", [454, 300, 180])
def test_set_lines_end_where_words_end(width):
    assert len(GOLD) >= 40
    for line in GOLD:
        words = line.split("|")
        text, at = "".join(words), 0
        for part in ThaiParagraph(text, FACE.regular, SIZE, width).lines():
            at = text.index(part.text.replace(NBSP, " "), at) + len(part.text)
            assert at in ends(words), part.text


# --- published letters ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_begins_with_what_follows_or_closes_and_none_ends_with_what_leads_or_opens(width):
    assert len(LETTERS) >= 24 and len(paragraphs()) > 100
    for _, lines in set_lines(width):
        for (_, before), (_, after) in pairwise(lines):
            assert after.text[0] not in FOLLOWS + CLOSES and unicodedata.category(after.text[0]) != "Mn", after.text
            assert before.text[-1] not in LEADS + OPENS, before.text


@pytest.mark.parametrize("what", WHOLE)
@pytest.mark.parametrize("width", WIDTHS)
def test_what_belongs_together_stays_on_one_line(width, what):
    found = 0
    for text, lines in set_lines(width):
        begins = [at for at, _ in lines[1:]]
        for match in re.finditer(WHOLE[what], text):
            if FACE.regular.width(match[0], SIZE) > width - INDENT:
                continue
            found += 1
            cut = [at for at in begins if match.start() < at < match.end()]
            assert not cut, f"{match[0]} in {text[max(0, cut[0] - 30) : cut[0]]}|{text[cut[0] : cut[0] + 30]}"
    assert found


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_that_is_spread_has_a_hole_and_it_ends_at_the_margin(width):
    space = FACE.regular.width(" ", SIZE)
    spread, widest = 0, 0.0
    for _, lines in set_lines(width):
        for _, line in lines:
            drawn = spread_out(line, FACE.regular, SIZE)
            long = drawn.advance * SIZE / 1000
            assert long <= line.width + 0.01
            if long > line.width - 0.01:
                spread += 1
            for before, glyph in pairwise((None, *drawn.glyphs)):
                if glyph.code in (" ", NBSP):
                    assert before is None or before.code not in (" ", NBSP), "two spaces would be a hole"
                    widest = max(widest, glyph.advance * SIZE / 1000)
    assert spread > 100
    assert 1.2 * space < widest <= 2.5 * space + 0.001
