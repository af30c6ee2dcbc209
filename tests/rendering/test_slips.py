"""Papers that go with letters (forms 15 to 18), stickers, and the statement of a year: sizes and what is on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import page as pdfa_validator
import pytest

from saraban.domain.classification import Urgency
from saraban.rendering.papers import PdfPapers
from saraban.usecases.papers import (
    BookCount,
    CardLine,
    DeliveryLine,
    EnvelopeFace,
    EnvelopeSize,
    ReceiptSlip,
    ReceivingStamp,
    YearStatement,
)
from tests.rendering.a_page import MORNING, lines_with_boxes, packed, pdfium_text
from tests.rendering.some_lines import LONG_SUBJECT, ink, red_rows, sizes_mm, texts

PAPERS = PdfPapers()
LONG_NAME = "สำนักงานคณะกรรมการกิจการกระจายเสียง กิจการโทรทัศน์ และกิจการโทรคมนาคมแห่งชาติ"
DAY = date(2026, 11, 23)


# --- form 16 --------------------------------------------------------------------------------------------------


def test_the_delivery_book_is_a5_with_the_forms_columns_on_every_sheet():
    lines = [DeliveryLine(str(n), "กองแผนงาน", "กรมบัญชีกลาง", "งานสารบรรณ") for n in range(1, 31)]
    pdf = PAPERS.delivery_book("กรมส่งเสริมการอ่าน", DAY, lines)

    sheets = texts(pdf)
    assert set(sizes_mm(pdf)) == {(210.0, 148.0)}
    assert len(sheets) > 2
    for sheet in sheets:
        assert packed("เลขทะเบียน จาก ถึง หน่วยรับ ผู้รับ วันและเวลา หมายเหตุ") in sheet
        assert packed("วันที่ ๒๓ พฤศจิกายน ๒๕๖๙") in sheet
    assert "".join(sheets).count("กรมบัญชีกลาง") == 30


# --- form 17 --------------------------------------------------------------------------------------------------


def test_a_receipt_slip_is_a8_and_names_the_letter():
    pdf = PAPERS.receipt_slips([ReceiptSlip("ศธ 0601/12", "กรมบัญชีกลาง", "ขอเชิญประชุม", "กรมส่งเสริมการอ่าน")] * 3)

    sheets = texts(pdf)
    assert sizes_mm(pdf) == [(74.0, 52.0)] * 3
    for words in ("ใบรับหนังสือ", "ที่ ศธ ๐๖๐๑/๑๒", "ถึง กรมบัญชีกลาง", "เรื่อง ขอเชิญประชุม", "รับวันที่", "เวลา", "น.", "ผู้รับ"):
        assert packed(words) in sheets[0]


def test_a_long_subject_stays_on_its_two_lines(tmp_path):
    pdf = PAPERS.receipt_slips([ReceiptSlip("ศธ 0601/12", LONG_NAME, LONG_SUBJECT)])

    sheet = texts(pdf)[0]
    assert packed("ขอความอนุเคราะห์ประชาสัมพันธ์") in sheet and "…" in sheet
    boxes = lines_with_boxes(pdf, tmp_path)
    assert max(right for _, _, _, right, _, _ in boxes) < 74 / 25.4 * 72 - 8


# --- form 18 --------------------------------------------------------------------------------------------------


def test_a_search_card_is_a5_with_subject_and_code_in_the_head():
    lines = [CardLine(f"{n}/2569", f"กค 0408/{n}", DAY, "ขอเชิญประชุม", "กองแผนงาน") for n in range(1, 41)]
    pdf = PAPERS.search_card("การประชุมคณะกรรมการ", "กก 01", lines)

    sheets = texts(pdf)
    assert set(sizes_mm(pdf)) == {(210.0, 148.0)}
    assert len(sheets) > 1
    for sheet in sheets:
        assert packed("เรื่อง การประชุมคณะกรรมการ") in sheet and packed("รหัส กก ๐๑") in sheet
        assert packed("เลขทะเบียนรับ ที่ ลงวันที่ รายการ การปฏิบัติ") in sheet
    assert "๔๐/๒๕๖๙" in sheets[-1]


# --- form 15 --------------------------------------------------------------------------------------------------

FACE = EnvelopeFace(
    sender_name="กรมส่งเสริมการอ่าน",
    sender_address=["ถนนพระอาทิตย์ กรุงเทพมหานคร 10200"],
    number="ศธ 0601/ว 120",
    salutation="เรียน",
    addressee="เลขาธิการสำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต",
    address=["กระทรวงศึกษาธิการ ถนนราชดำเนินนอก", "เขตดุสิต", "กรุงเทพมหานคร 10300"],
    urgency=Urgency.MOST_URGENT,
    permit="12/2560",
)
SIZES = {
    EnvelopeSize.C4: (324.0, 229.0),
    EnvelopeSize.C5: (229.0, 162.0),
    EnvelopeSize.C6: (162.0, 114.0),
    EnvelopeSize.DL: (220.0, 110.0),
}


@pytest.mark.parametrize("size", list(EnvelopeSize))
def test_an_envelope_has_its_size_and_everything_in_its_corner(size, tmp_path):
    pdf = PAPERS.envelopes(size, [FACE, FACE])
    wide, high = (side / 25.4 * 72 for side in SIZES[size])

    assert sizes_mm(pdf) == [SIZES[size]] * 2
    text = texts(pdf)[0]
    for words in ("เรียน เลขาธิการ", "กรุงเทพมหานคร ๑๐๓๐๐", "ใบอนุญาตที่ ๑๒/๒๕๖๐", "ด่วนที่สุด", "ที่ ศธ ๐๖๐๑/ว ๑๒๐"):
        assert packed(words) in text
    place = {
        text: (left / wide, top / high) for page, left, top, _, _, text in lines_with_boxes(pdf, tmp_path) if not page
    }
    assert place["กรมส่งเสริมการอ่าน"][0] < 0.3 and place["กรมส่งเสริมการอ่าน"][1] < 0.25
    assert place["ชำระค่าฝากส่งเป็นรายเดือน"][0] > 0.5 and place["ชำระค่าฝากส่งเป็นรายเดือน"][1] < 0.25
    assert 0.35 < place["เรียน"][0] < 0.5 and 0.35 < place["เรียน"][1] < 0.65


@pytest.mark.parametrize("size", list(EnvelopeSize))
def test_long_names_do_not_touch_one_another_nor_leave_the_envelope(size, tmp_path):
    face = EnvelopeFace(LONG_NAME, ["ถนนพระอาทิตย์ กรุงเทพมหานคร 10200"] * 2, "ศธ 0601/1", "กราบเรียน",
                        f"เลขาธิการ{LONG_NAME}", ["ถนนราชดำเนินนอก"] * 6, Urgency.MOST_URGENT, "12/2560")  # fmt: skip
    pdf = PAPERS.envelopes(size, [face])
    wide, high = (side / 25.4 * 72 for side in SIZES[size])

    boxes = [box[1:5] for box in lines_with_boxes(pdf, tmp_path)]
    assert all(left >= 0 and right < wide and bottom < high for left, _, right, bottom in boxes)
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            # The boxes hold the room of marks above and below, which lines share.
            assert (
                min(one[2], other[2]) - max(one[0], other[0]) < 1 or min(one[3], other[3]) - max(one[1], other[1]) < 9
            )


def test_the_urgency_is_red_and_at_least_32_points_and_there_is_none_on_ordinary_letters():
    pdf = PAPERS.envelopes(EnvelopeSize.DL, [FACE])
    plain = PAPERS.envelopes(EnvelopeSize.DL, [EnvelopeFace("กรม", [], "1", "เรียน", "ผู้รับ", [])])

    rows = red_rows(ink(pdf))
    assert rows[-1] - rows[0] > 18  # letters of 32 points with their marks
    assert not red_rows(ink(plain))


def test_the_garuda_of_an_envelope_is_one_and_a_half_centimetres_high_with_its_words(tmp_path):
    pdf = PAPERS.envelopes(EnvelopeSize.C5, [FACE])
    picture = ink(pdf, scale=2).convert("L")

    top = next(y for y in range(picture.height) if any(picture.getpixel((x, y)) < 100 for x in range(70, 150))) / 2
    words = next(bottom for _, _, _, _, bottom, text in lines_with_boxes(pdf, tmp_path) if text.startswith("ตราครุฑ"))
    assert (words - top) / 72 * 2.54 == pytest.approx(1.5, abs=0.15)


# --- stickers -------------------------------------------------------------------------------------------------


def test_a_sticker_and_the_face_of_a_seal_are_exactly_the_stamps_size():
    stamp = ReceivingStamp("กรมส่งเสริมการอ่าน", "4127", MORNING)

    for pdf in (PAPERS.sticker(stamp), PAPERS.seal_face(stamp)):
        assert sizes_mm(pdf) == [(50.0, 25.0)]
        for words in ("กรมส่งเสริมการอ่าน", "เลขรับ", "๔๑๒๗", "๒๓ พ.ย. ๒๕๖๙", "๐๘.๔๑ น."):
            assert packed(words) in texts(pdf)[0]


# --- the year -------------------------------------------------------------------------------------------------


def a_statement(books: int = 3) -> YearStatement:
    """A statement over so many books."""
    count = BookCount("ทะเบียนหนังสือรับ", "กรมส่งเสริมการอ่าน", 1, 1_041_231, 1_041_200, 2, 29, 12, 4)
    return YearStatement(
        "กรมส่งเสริมการอ่าน", 2569, [count] * books, "9f86d081884c7d65" * 4, "พรทิพย์ แสงจันทร์",
        "หัวหน้าหน่วยงานสารบรรณกลาง", datetime(2027, 1, 4, 3, 0, tzinfo=UTC),
    )  # fmt: skip


def test_the_statement_of_a_year_is_a4_and_archival():
    pdf = PAPERS.year_statement(a_statement())

    assert sizes_mm(pdf) == [(210.0, 297.0)]
    assert "no failures" in str(pdfa_validator.validate_pdf_bytes(pdf, profile="3u"))
    text = packed(pdfium_text(pdf))
    assert "๑๐๔๑๒๓๑" in text, "a number of a register has no comma"
    for words in ("ประจำปี พ.ศ. ๒๕๖๙", "๑,๐๔๑,๒๐๐", "พรทิพย์ แสงจันทร์", "๔ มกราคม ๒๕๗๐ เวลา ๑๐.๐๐ น.", "9f86d081 884c7d65"):
        assert packed(words) in text


def test_a_book_without_numbers_has_no_first_and_no_last_in_the_statement():
    empty = BookCount("ทะเบียนคำสั่ง", "กรมส่งเสริมการอ่าน", 0, 0, 0, 0, 0, 0, 0)

    text = packed(pdfium_text(PAPERS.year_statement(replace(a_statement(), books=[empty]))))

    assert text.count("–") == 2 and "ทะเบียนคำสั่งกรมส่งเสริมการอ่าน––๐๐๐๐๐" in text


def test_many_books_go_on_to_further_sheets_and_leave_the_seal_its_room(tmp_path):
    pdf = PAPERS.year_statement(a_statement(60))
    box = PAPERS.year_seal_box()

    assert len(sizes_mm(pdf)) > 1
    inside = [
        text
        for page, left, top, right, bottom, text in lines_with_boxes(pdf, tmp_path)
        if page == box.page and right > box.x0 and left < box.x1 and 842 - top > box.y0 and 842 - bottom < box.y1
    ]
    assert inside == []


def test_the_seals_face_fits_its_box():
    box = PAPERS.year_seal_box()
    pdf = PAPERS.year_seal_face(a_statement())

    wide, high = sizes_mm(pdf)[0]
    assert wide == pytest.approx((box.x1 - box.x0) / 72 * 25.4, abs=0.1)
    assert high == pytest.approx((box.y1 - box.y0) / 72 * 25.4, abs=0.1)
    assert packed("ประทับตราอิเล็กทรอนิกส์โดย กรมส่งเสริมการอ่าน ๔ ม.ค. ๒๕๗๐ ๑๐.๐๐ น.") in texts(pdf)[0]
