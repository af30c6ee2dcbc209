"""The measures of each form, by the regulation (clauses 12 to 26, forms 2 to 11, 27 and 29)."""

from __future__ import annotations

import io
from datetime import date

import pypdfium2 as pdfium
import pytest

from saraban.domain.classification import Form, Urgency
from saraban.rendering import paper
from saraban.rendering.thai import thai_digits
from tests.rendering.a_page import MORNING
from tests.rendering.measuring import TOLERANCE, baselines, find, ink, ink_box, is_blank, mm
from tests.rendering.some_forms import typical


@pytest.fixture
def pdf_of(renderer):
    """The typical document of a form as PDF."""
    return lambda form, **changes: renderer.letter(typical(form, **changes), at=MORNING).pdf


# --- หนังสือภายใน and บันทึก ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [Form.MEMORANDUM, Form.RECORD])
def test_a_memorandum_has_the_head_of_form_29(pdf_of, form):
    pdf = pdf_of(form, urgency=Urgency.NORMAL)
    left, top, _, bottom = ink_box(ink(pdf), 0, 0, 60, 31)
    title, owner, number, day, subject = (
        find(pdf, words) for words in ("บันทึกข้อความ", "ส่วนราชการ", "ที่ ", "วันที่", "เรื่อง")
    )

    assert (left, top, bottom) == (mm(30), mm(15), mm(30))
    assert (title.size, title.bold, title.middle) == (29, True, mm(105))
    assert top < title.baseline < bottom
    for caption, at in ((owner, 30), (number, 30), (day, 105), (subject, 30)):
        assert (caption.size, caption.bold, caption.left) == (20, True, mm(at))
    assert number.baseline == mm(day.baseline)
    assert owner.baseline < number.baseline < subject.baseline
    for words in ("กรมตัวอย่าง", "ตย ๐๑๐๖", "๒๓ พฤศจิกายน", "เรียน"):
        assert (find(pdf, words).size, find(pdf, words).bold) == (16, False)
    assert find(pdf, "กรมตัวอย่าง").baseline == mm(owner.baseline)


def test_leaders_are_dotted_from_the_caption_to_the_margin_and_nothing_is_ruled(pdf_of):
    pdf = pdf_of(Form.RECORD)
    picture = ink(pdf)

    for words, begin, end in (("ส่วนราชการ", 53.6, 190), ("ที่ ", 35, 105), ("วันที่", 113.8, 190), ("เรื่อง", 38.6, 190)):
        at = find(pdf, words).baseline + paper.LEADER_DROP / paper.CM * 10
        left, _, right, _ = ink_box(picture, begin, at - 0.2, end - 0.3 if end < 190 else 192, at + 0.2)
        assert left - begin < 2.5 and 0 <= end - right < 2.5
    lines = [picture.crop((300, y, 1900, y + 1)).histogram()[255] for y in range(320, 780)]
    assert max(lines) < 800, "no line is drawn from margin to margin"


def test_the_urgency_of_a_memorandum_stands_between_the_garuda_and_the_title(pdf_of):
    pdf = pdf_of(Form.MEMORANDUM, urgency=Urgency.MOST_URGENT)
    urgency, title = find(pdf, "ด่วนที่สุด"), find(pdf, "บันทึกข้อความ")

    assert urgency.left > 43 and urgency.right < title.left
    assert urgency.baseline == mm(title.baseline)


def test_a_memorandum_has_no_closing_and_no_captions_of_form_1(pdf_of):
    text = pdfium.PdfDocument(pdf_of(Form.MEMORANDUM))[0].get_textpage().get_text_bounded()

    assert "ขอแสดงความนับถือ" not in text and "สิ่งที่ส่งมาด้วย" not in text and "อ้างถึง" not in text


# --- หนังสือประทับตรา -----------------------------------------------------------------------------------------


def test_a_stamped_letter_has_agency_seal_and_day_in_the_right_half(renderer):
    printed = renderer.letter(typical(Form.STAMPED), at=MORNING)
    pdf, picture = printed.pdf, ink(printed.pdf, red=True)
    left, top, right, bottom = ink_box(picture, 0, 0, 210, 297)
    number, to = find(pdf, "ที่ ตย"), find(pdf, "ถึง")
    agency, day = find(pdf, "กรมตัวอย่าง", nth=-1), find(pdf, "๒๓ พฤศจิกายน ๒๕๖๙")

    assert (right - left, bottom - top) == (mm(45), mm(45)), "form 27: the outer circle"
    assert (number.left, number.baseline) == (mm(30), mm(45)) and to.left == mm(30)
    assert (left + right) / 2 == mm(agency.middle) == mm(day.middle)
    assert left > 105 and top < agency.baseline < bottom < day.baseline
    middle, height = round((left + right) * 5), round((top + bottom) * 5)
    inner = [x for x in range(middle, round(right * 10) - 25) if picture.getpixel((x, height + 60))]
    assert ((max(inner) - middle) ** 2 + 60**2) ** 0.5 / 10 == mm(17.5), "form 27: the inner circle"
    assert "เรื่อง" not in pdfium.PdfDocument(pdf)[0].get_textpage().get_text_bounded()


def test_the_initials_stand_beside_the_seal_and_no_name_below(renderer):
    letter = typical(Form.STAMPED)
    printed = renderer.letter(letter, at=MORNING)
    block = printed.block
    _, top, right, bottom = ink_box(ink(printed.pdf, red=True), 0, 0, 210, 297)

    assert block.is_shown and block.name == letter.signer_name
    assert is_blank(printed.pdf, block.page, block.x0, block.y0, block.x1, block.y1)
    assert block.x0 / paper.CM * 10 > right and block.x1 / paper.CM * 10 == mm(190)
    assert (
        top < (paper.PAGE_HEIGHT - block.y1) / paper.CM * 10 < (paper.PAGE_HEIGHT - block.y0) / paper.CM * 10 < bottom
    )
    assert letter.signer_name not in pdfium.PdfDocument(printed.pdf)[0].get_textpage().get_text_bounded()


def test_a_draft_shows_where_the_seal_will_be_and_has_no_seal(pdf_of):
    picture = ink(pdf_of(Form.STAMPED, number=None, date=None), red=True)

    assert picture.getbbox() is None


def test_a_long_name_of_an_agency_stays_on_the_rim_of_the_seal(pdf_of):
    name = "สำนักงานคณะกรรมการพัฒนาระบบสารบรรณอิเล็กทรอนิกส์และการจัดเก็บเอกสารแห่งชาติตัวอย่าง"
    left, top, right, bottom = ink_box(ink(pdf_of(Form.STAMPED, agency_name=name), red=True), 0, 0, 210, 297)

    assert (right - left, bottom - top) == (mm(45), mm(45))


# --- คำสั่ง, ระเบียบ, ข้อบังคับ, ประกาศ, แถลงการณ์, ข่าว -----------------------------------------------------------


HEADS = {
    Form.ORDER: ("คำสั่งกรมตัวอย่าง", "ที่ ๑๑๘/๒๕๖๙", "เรื่อง แต่งตั้งคณะกรรมการจัดงานวันกตัญญู"),
    Form.RULE: ("ระเบียบกรมตัวอย่าง", "ว่าด้วยการใช้เครื่องปั๊มน้ำ", "(ฉบับที่ ๒)", "พ.ศ. ๒๕๖๙"),
    Form.REGULATION: ("ข้อบังคับกรมตัวอย่าง", "ว่าด้วยจรรยาบรรณ", "พ.ศ. ๒๕๖๙"),
    Form.ANNOUNCEMENT: ("ประกาศกรมตัวอย่าง", "เรื่อง รายชื่อ"),
    Form.STATEMENT: ("แถลงการณ์กรมตัวอย่าง", "เรื่อง สถานการณ์น้ำ", "ฉบับที่ ๒"),
    Form.NEWS: ("ข่าวกรมตัวอย่าง", "เรื่อง กรมตัวอย่าง", "ฉบับที่ ๑"),
}


@pytest.mark.parametrize("form", HEADS)
def test_the_head_is_centred_line_by_line_above_a_short_rule(pdf_of, form):
    pdf = pdf_of(form)
    lines = [find(pdf, words) for words in HEADS[form]]
    picture = ink(pdf)

    first = 45 + paper.LEADING / paper.CM * 10 if form is not Form.NEWS else 25 + 0.85 * 16 / paper.CM * 10
    for number, line in enumerate(lines):
        assert line.baseline == mm(first + number * paper.LEADING / paper.CM * 10)
        left, _, right, _ = ink_box(picture, 25, line.baseline - 3, 195, line.baseline + 0.5)
        assert (left + right) / 2 == mm(105)
    below = lines[-1].baseline
    rule = ink_box(picture, 25, below + 3.5, 195, below + 7.4)
    assert (rule[0], rule[2], rule[3] - rule[1] < 0.5) == (mm(105 - 22.5), mm(105 + 22.5), True)


@pytest.mark.parametrize(
    ("form", "caption"),
    [(Form.ORDER, "สั่ง"), (Form.RULE, "ประกาศ"), (Form.REGULATION, "ประกาศ"), (Form.ANNOUNCEMENT, "ประกาศ"),
     (Form.CERTIFICATE, "ให้ไว้")],
)  # fmt: skip
def test_the_day_stands_in_the_middle_and_the_name_in_the_right_half(pdf_of, form, caption):
    pdf = pdf_of(form)
    day = find(pdf, f"{caption} ณ วันที่ ๒๓ พฤศจิกายน พ.ศ. ๒๕๖๙", nth=-1)
    name = find(pdf, f"({typical(form).signer_name})")

    assert day.middle == mm(105)
    assert name.middle == mm((105 + 190) / 2) == mm(find(pdf, "อธิบดีกรมตัวอย่าง", nth=-1).middle)
    assert name.baseline - day.baseline == mm(4 * paper.LEADING / paper.CM * 10)


@pytest.mark.parametrize("form", [*HEADS, Form.MINUTES])
def test_long_names_and_subjects_are_centred_within_the_margins(pdf_of, form):
    name = "สำนักงานคณะกรรมการพัฒนาระบบสารบรรณอิเล็กทรอนิกส์และการจัดเก็บเอกสารแห่งชาติตัวอย่าง"
    pdf = pdf_of(form, agency_name=name, subject=f"การจัดหาเก้าอี้และเครื่องปั๊มน้ำของ{name}ประจำปี")

    picture = ink(pdf)
    head = [line for page, line in baselines(pdf) if page == 0 and line < 85]
    assert len(head) >= 5
    for line in head[:3]:
        left, _, right, _ = ink_box(picture, 0, line - 3, 210, line + 0.5)
        assert left >= 30 - TOLERANCE and (left + right) / 2 == mm(105)


def test_an_order_says_from_when_it_holds(pdf_of):
    assert find(pdf_of(Form.ORDER), "ทั้งนี้ ตั้งแต่วันที่ ๑ ธันวาคม พ.ศ. ๒๕๖๙ เป็นต้นไป").left == mm(55)


def test_the_caption_that_was_typed_with_the_subject_is_not_printed_twice(pdf_of):
    text = pdfium.PdfDocument(pdf_of(Form.RULE, subject="ว่าด้วยน้ำ"))[0].get_textpage().get_text_bounded()

    assert text.count("ว่าด้วยน้ำ") == 1 and "ว่าด้วยว่าด้วย" not in text


def test_an_announcement_has_no_number(pdf_of):
    text = pdfium.PdfDocument(pdf_of(Form.ANNOUNCEMENT, number="9/2569"))[0].get_textpage().get_text_bounded()

    assert "๙/๒๕๖๙" not in text


@pytest.mark.parametrize("form", [Form.STATEMENT, Form.NEWS])
def test_a_statement_ends_with_the_agency_and_the_day_and_is_signed_without_a_face(renderer, form):
    letter = typical(form)
    printed = renderer.letter(letter, at=MORNING)
    agency, day = find(printed.pdf, "กรมตัวอย่าง", nth=-1), find(printed.pdf, "๒๓ พฤศจิกายน ๒๕๖๙")

    assert agency.middle == mm(147.5) == mm(day.middle)
    assert day.baseline - agency.baseline == mm((paper.LEADING + paper.BEFORE) / paper.CM * 10)
    assert not printed.block.is_shown and printed.block.name == letter.signer_name
    assert letter.signer_name not in pdfium.PdfDocument(printed.pdf)[0].get_textpage().get_text_bounded()


# --- หนังสือรับรอง and รายงานการประชุม --------------------------------------------------------------------------


def test_a_certificate_has_its_number_left_and_the_agency_with_its_address_right(pdf_of):
    pdf = pdf_of(Form.CERTIFICATE)
    number, agency, street = (find(pdf, words) for words in ("เลขที่ ๕๗/๒๕๖๙", "กรมตัวอย่าง", "ถนนราชดำเนินนอก"))

    assert (number.left, number.baseline, agency.baseline) == (mm(30), mm(45), mm(45))
    assert agency.left == mm(street.left) and street.right == mm(190)
    assert find(pdf, "หนังสือฉบับนี้ให้ไว้เพื่อรับรองว่า").left == mm(55)


def test_minutes_tell_the_meeting_the_persons_in_columns_and_the_times(pdf_of):
    pdf = pdf_of(Form.MINUTES)
    head = ("รายงานการประชุมคณะกรรมการ", "ครั้งที่ ๑๑/๒๕๖๙", "เมื่อวันที่ ๒๓ พฤศจิกายน ๒๕๖๙", "ณ ห้องประชุมฐานน้ำ")
    lines = [find(pdf, words) for words in head]

    step = paper.LEADING / paper.CM * 10
    assert [line.baseline for line in lines] == [mm(lines[0].baseline + number * step) for number in range(4)]
    for caption in ("ผู้มาประชุม", "ผู้ไม่มาประชุม", "ผู้เข้าร่วมประชุม", "เริ่มประชุมเวลา ๐๙.๓๐ น.", "เลิกประชุมเวลา ๑๒.๐๕ น."):
        assert find(pdf, caption).left == mm(30)
    for row in (("นายผู้ใหญ่", "รองอธิบดี", "ประธานกรรมการ"), ("นายก๊วยเตี๋ยว", "นักวิเคราะห์", "ติดราชการ")):
        cells = [find(pdf, words) for words in row]
        assert [cell.left for cell in cells] == [mm(39), mm(92), mm(148)]
        assert [cell.baseline for cell in cells] == [mm(cells[0].baseline)] * 3


def test_who_signs_minutes_that_another_has_recorded_has_checked_them(renderer):
    pdf = renderer.letter(typical(Form.MINUTES), at=MORNING).pdf
    recorder, signer = find(pdf, "(นางสาวเก้าอี้ ปั๊มทอง)"), find(pdf, "(นายผู้ใหญ่ ป้าฟ้า)")

    assert (recorder.middle, signer.middle) == (mm(70), mm(147.5))
    assert recorder.baseline == mm(signer.baseline)
    assert find(pdf, "ผู้จดรายงานการประชุม").middle == mm(70)
    assert find(pdf, "ผู้ตรวจรายงานการประชุม").middle == mm(147.5)


def test_a_recorder_who_signs_is_named_once(renderer):
    letter = typical(Form.MINUTES, signer_name="นางสาวเก้าอี้ ปั๊มทอง")
    pdf = renderer.letter(letter, at=MORNING).pdf
    text = "".join(page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(io.BytesIO(pdf)))

    assert text.count("(นางสาวเก้าอี้ ปั๊มทอง)") == 1 and "ผู้ตรวจ" not in text
    assert find(pdf, "ผู้จดรายงานการประชุม").middle == mm(147.5)


def test_the_meeting_may_be_written_with_or_without_the_word(pdf_of):
    for subject in ("คณะกรรมการ", "การประชุมคณะกรรมการ", "รายงานการประชุมคณะกรรมการ"):
        text = pdfium.PdfDocument(pdf_of(Form.MINUTES, subject=subject))[0].get_textpage().get_text_bounded()
        assert text.strip().splitlines()[0].strip() == "รายงานการประชุมคณะกรรมการ"


def test_a_list_of_a_hundred_persons_goes_on_over_pages_and_parts_no_person(renderer):
    present = "\n".join(f"นายคนที่ {n} ป้าฟ้า | ผู้แทนสำนักงานที่มีชื่อยาวมากจนต้องขึ้นบรรทัดใหม่ {n} | กรรมการ" for n in range(1, 101))
    details = dict(typical(Form.MINUTES).details, present=present)
    printed = renderer.letter(typical(Form.MINUTES, details=details), at=MORNING)

    assert printed.pages > 4
    for n in (1, 50, 100):
        assert find(printed.pdf, thai_digits(f"นายคนที่ {n} ป้าฟ้า")).left == mm(39)
    pages = [page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(printed.pdf)]
    assert all(page.strip().splitlines()[1].strip().startswith(tuple("๑๒๓๔๕๖๗๘๙")) for page in pages[1:3])


def test_a_day_without_an_era_is_printed_where_the_regulation_writes_none(pdf_of):
    assert find(pdf_of(Form.STAMPED, date=date(2026, 1, 5)), "๕ มกราคม ๒๕๖๙")
