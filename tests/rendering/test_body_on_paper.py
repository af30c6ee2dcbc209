"""Bold, tables and page breaks of a text on the page."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pypdfium2 as pdfium
import pytest

from saraban.rendering import paper
from saraban.rendering.forms.external import external_letter
from saraban.rendering.pagination import paginate
from saraban.rendering.paragraph import ThaiParagraph, spread
from saraban.rendering.shaping import typeface
from tests.rendering.a_page import BODY, MORNING, a_page_letter, lines_with_boxes, packed, pdfium_text

FACE = typeface("TH Sarabun New")
TABLE = "| ลำดับ | รายการ | วงเงิน (บาท) |\n|:-:|---|--:|\n" + "".join(
    f"| {n} | เครื่องคอมพิวเตอร์สำหรับงานประมวลผล แบบที่ {n} พร้อมระบบปฏิบัติการและ**โปรแกรมสำนักงาน**ที่มีลิขสิทธิ์ | {n},000.00 |\n"
    for n in range(1, 31)
)
OFFICIAL = (
    "ด้วยคณะรัฐมนตรีได้มีมติเมื่อวันที่ ๑๒ พฤษภาคม ๒๕๖๘ เห็นชอบให้ส่วนราชการต่าง ๆ ใช้ระบบสารบรรณอิเล็กทรอนิกส์ (e-Saraban) "
    "ตามที่กระทรวงดิจิทัลเพื่อเศรษฐกิจและสังคมเสนอ และให้รายงานผลต่อสำนักงาน ก.พ.ร. ภายใน ๓๐ วัน นับแต่วันที่ได้รับหนังสือฉบับนี้",
    "กรมบัญชีกลางพิจารณาแล้วเห็นว่า เพื่อให้การเบิกจ่ายเงินงบประมาณรายจ่ายประจำปีงบประมาณ พ.ศ. ๒๕๖๙ จำนวน ๑,๒๓๔,๕๖๗.๘๙ บาท "
    "เป็นไปด้วยความเรียบร้อย จึงให้หน่วยงานจัดทำรายงานการใช้จ่าย ฯลฯ ส่งทาง saraban@example.go.th หรือโทร. ๐ ๒๑๒๓ ๔๕๖๗",
    "โดยให้จัดซื้อเครื่องปั๊มน้ำ จำนวน ๑๒ เครื่อง เก้าอี้ ๔๐ ตัว และญัตติเรื่อง “การจัดทำฎีกาเบิกเงิน” ของผู้ใหญ่บ้าน ตามมาตรา ๔๔ "
    "แห่งพระราชบัญญัติฯ และระเบียบที่เกี่ยวข้องอื่น ๆ (ถ้ามี) ทั้งนี้ ตั้งแต่เวลา ๐๘.๓๐ น. เป็นต้นไป",
)


def test_bold_words_are_printed_with_the_bold_font_and_can_be_copied(renderer):
    printed = renderer.letter(a_page_letter(body="ให้**ทุกหน่วยงาน**ส่งน้ำ**ญี่ปุ่น**กตัญญู"), at=MORNING)

    text = pdfium.PdfDocument(printed.pdf)[0].get_textpage()
    fonts = {
        obj.extract().strip(): obj.get_font().get_base_name()
        for obj in text.page.get_objects(textpage=text)
        if obj.type == pdfium.raw.FPDF_PAGEOBJ_TEXT
    }
    assert "Bold" in fonts["ทุกหน่วยงาน"] and "Bold" not in fonts["ให้"]
    assert packed("ให้ทุกหน่วยงานส่งน้ำญี่ปุ่นกตัญญู") in packed(pdfium_text(printed.pdf))


def test_a_line_with_bold_words_ends_at_the_margin_as_any_other():
    text = OFFICIAL[0] + OFFICIAL[1]
    paragraph = ThaiParagraph(text, FACE.regular, 16, 454, 70, bold=((20, 60), (90, 130)), bold_font=FACE.bold)

    lines = paragraph.lines()

    assert all("".join(text for text, _ in line.runs) == line.text for line in lines)
    assert any(len(line.runs) > 1 for line in lines)
    assert max(paragraph.length(line) - line.width for line in lines) <= 0.01


@pytest.mark.parametrize("width", [454, 300, 220, 160])
@pytest.mark.parametrize("text", OFFICIAL)
@pytest.mark.parametrize("bold", [(), ((10, 40), (41, 77))])
def test_no_line_begins_with_a_mark_or_a_closing_sign_or_ends_with_an_opening_one(text, width, bold):
    lines = ThaiParagraph(text, FACE.regular, 16, width, bold=bold, bold_font=FACE.bold).lines()

    for before, after in pairwise(lines):
        assert unicodedata.category(after.text[0]) != "Mn"
        assert after.text[0] not in "ๆฯะาำ,.;:!?)]}”’%"
        assert before.text[-1] not in "([{“‘เแโใไ"
    whole = " ".join(line.text for line in lines).replace("\u00a0", " ")
    for kept in (
        "๑๒ พฤษภาคม ๒๕๖๘",
        "๓๐ วัน",
        "๑,๒๓๔,๕๖๗.๘๙ บาท",
        "saraban@example.go.th",
        "๐ ๒๑๒๓ ๔๕๖๗",
        "๑๒ เครื่อง",
        "๐๘.๓๐ น.",
    ):
        if kept in text:
            assert sum(kept in line.text.replace("\u00a0", " ") for line in lines) == 1, whole


def test_the_captions_of_a_table_stand_on_each_of_its_pages_and_no_row_is_parted(renderer, tmp_path):
    printed = renderer.letter(a_page_letter(body=TABLE + "\nรวมทั้งสิ้นตามตาราง\n\nจึงเรียนมาเพื่อโปรดพิจารณา"), at=MORNING)

    words = lines_with_boxes(printed.pdf, tmp_path)
    pages = {page for page, *_, text in words if "เครื่องคอมพิวเตอร์" in text}
    assert len(pages) >= 2
    for page in pages:
        assert sum(text == "ลำดับ" for number, *_, text in words if number == page) == 1
        rows = sum("เครื่องคอมพิวเตอร์" in text for number, *_, text in words if number == page)
        assert rows == sum("ลิขสิทธิ์" in text for number, *_, text in words if number == page)
    assert max(right for _, _, _, right, _, _ in words) <= paper.RIGHT + 1


def test_numbers_of_a_column_aligned_right_end_below_one_another(renderer, tmp_path):
    words = lines_with_boxes(renderer.letter(a_page_letter(body=TABLE), at=MORNING).pdf, tmp_path)

    ends = [right for _, _, _, right, _, text in words if text.endswith(",๐๐๐.๐๐")]
    assert len(ends) == 30 and max(ends) - min(ends) < 0.5


def test_what_follows_a_page_break_begins_a_page_and_a_break_before_all_or_after_all_is_none(renderer):
    body = "---\n\nหน้าแรก\n\n---\n\n---\n\nหน้าสอง\n\n---"

    document = pdfium.PdfDocument(renderer.letter(a_page_letter(body=body), at=MORNING).pdf)

    texts = [packed(page.get_textpage().get_text_bounded()) for page in document]
    assert len(texts) == 2
    assert "หน้าแรก" in texts[0] and texts[1].startswith("-๒-หน้าสอง")


@pytest.mark.parametrize("columns", [1, 2, 7, 12, 30])
def test_tables_of_any_breadth_stay_between_the_margins(renderer, tmp_path, columns):
    row = "|" + " สำนักงานการตรวจเงินแผ่นดิน 1,000 |" * columns + "\n"
    body = row + "|" + "---|" * columns + "\n" + row * 3

    words = lines_with_boxes(renderer.letter(a_page_letter(body=body), at=MORNING).pdf, tmp_path)

    assert min(left for _, left, *_ in words) >= paper.LEFT - 1
    assert columns > 12 or max(right for _, _, _, right, _, _ in words) <= paper.RIGHT + 1


def test_a_cell_longer_than_a_page_goes_on_to_the_next():
    body = f"| ก | ข |\n|---|---|\n| {'ความเห็นของผู้เข้าร่วมประชุม ' * 500} | ข |"
    rows = external_letter(a_page_letter(body=body), FACE, None).rows

    leaves = paginate(rows, paper.LEADING, 600, 200)

    assert len(leaves) > 3
    shown = [row for leaf in leaves for row, _ in leaf.rows if row.ruled]
    assert sum(bool(row.head) for row in shown) == sum(bool(row.head) for row in rows)
    assert all(y >= paper.BOTTOM for leaf in leaves for _, y in leaf.rows)


def test_backslashes_and_other_marks_of_markdown_print_what_they_stand_for(renderer):
    plain = renderer.letter(a_page_letter(body=BODY), at=MORNING).pdf
    escaped = renderer.letter(a_page_letter(body=BODY.replace("-", "\\-").replace("@", "\\@")), at=MORNING).pdf

    assert plain == escaped


@pytest.mark.parametrize("width", [454, 380, 300])
def test_no_space_of_a_spread_line_is_a_hole_and_the_line_ends_at_the_margin(width):
    space = FACE.regular.width(" ", 16)
    text = " ".join(OFFICIAL) + " ที่ กค ๐๔๑๗.๑/๐๓๔๙๓๐ ที่ กค ๐๔๑๗.๑/๐๓๔๙๓๐ ที่ กค ๐๔๑๗.๑/๐๓๔๙๓๐ สำหรับส่วนราชการต่าง ๆ"
    widest = 0.0
    for line in ThaiParagraph(text, FACE.regular, 16, width).lines():
        shaped = FACE.regular.shape(line.text)
        slack = line.width - shaped.advance * 16 / 1000
        if line.spread and slack > 0:
            made = spread(shaped, slack * 1000 / 16)
            assert sum(glyph.advance for glyph in made.glyphs) * 16 / 1000 == pytest.approx(line.width)
            widest = max(widest, *(glyph.advance * 16 / 1000 for glyph in made.glyphs if glyph.code == " "))

    assert 1.5 * space < widest <= 2.5 * space + 0.001
