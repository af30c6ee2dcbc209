"""Registers on sheets: the columns of the form on every one of them, days, marks, and nothing lost on the way."""

from __future__ import annotations

import io
import tracemalloc
from datetime import date, timedelta

import pytest

from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.register import EntryState
from saraban.rendering.papers import PdfPapers
from tests.rendering.a_page import lines_with_boxes, packed, poppler_text
from tests.rendering.some_lines import LONG_SUBJECT, RECEIVING, a_line, ink, printed, red_rows, sizes_mm, texts

CAPTIONS = ("เลขทะเบียนรับ", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ")


def test_a_register_is_a4_landscape_with_the_forms_columns_on_every_sheet():
    pdf = printed(a_line(n) for n in range(1, 61))

    sheets = texts(pdf)
    assert len(sheets) > 2
    assert set(sizes_mm(pdf)) == {(297.0, 210.0)}
    for number, sheet in enumerate(sheets, start=1):
        assert packed("".join(CAPTIONS)) in sheet
        assert packed("ทะเบียนหนังสือรับ วันที่") in sheet
        assert packed("แบบที่ ๑๓") in sheet
        assert f"แผ่นที่{'๐๑๒๓๔๕๖๗๘๙'[number]}" in sheet


def test_the_columns_stand_in_the_order_of_the_form(tmp_path):
    words = lines_with_boxes(printed([a_line()]), tmp_path)

    lefts = [next(left for _, left, _, _, _, text in words if text == caption) for caption in CAPTIONS[1:]]
    assert lefts == sorted(lefts)


def test_every_line_is_printed_once_and_in_order(tmp_path):
    pdf = printed(a_line(n, subject=f"เรื่องลำดับ{n}จบ") for n in range(1, 101))

    read = packed(poppler_text(pdf, tmp_path))
    thai = [f"เรื่องลำดับ{n}จบ".translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")) for n in range(1, 101)]
    places = [read.find(text) for text in thai]
    assert -1 not in places and places == sorted(places)
    assert all(read.count(text) == 1 for text in thai)


def test_digits_are_thai_and_the_form_says_the_day():
    sheet = texts(printed([a_line(4127)]))[0]

    for words in ("๔๑๒๗", "กค ๐๔๐๘/๔๑๒๗", "๒๐ พ.ย. ๒๕๖๙", "๒๓", "พฤศจิกายน", "๒๕๖๙", "รวม ๑ รายการ"):
        assert packed(words) in sheet
    assert not any(digit in sheet for digit in "0123456789")


def test_another_day_has_its_own_band_and_a_sheet_that_begins_with_it_says_it_in_its_head():
    days = [date(2026, 11, 23) + timedelta(days=n // 4) for n in range(60)]
    sheets = texts(printed(a_line(n + 1, day=day) for n, day in enumerate(days)))

    whole = "".join(sheets)
    for day in sorted(set(days))[1:]:
        thai = str(day.day).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
        month = {11: "พฤศจิกายน", 12: "ธันวาคม"}[day.month]
        assert f"วันที่{thai}เดือน{month}พ.ศ.๒๕๖๙" in whole or f"วันที่เดือนพ.ศ.{thai}{month}๒๕๖๙" in whole


def test_a_void_line_is_struck_and_readable_with_its_reason():
    plain = printed([a_line()])
    void = printed([a_line(state=EntryState.VOID, remark="ยกเลิก: ลงซ้ำ (คำสั่งหัวหน้าหน่วยงานสารบรรณกลาง)")])

    sheet = texts(void)[0]
    assert packed("ยกเลิก: ลงซ้ำ (คำสั่งหัวหน้าหน่วยงานสารบรรณกลาง)") in sheet
    assert packed("ซ้อมความเข้าใจเกี่ยวกับการเบิกจ่าย") in sheet
    assert packed("รวม ๑ รายการ ยกเลิก ๑") in sheet
    assert longest_dark_run(void) > longest_dark_run(plain) + 60


def longest_dark_run(pdf: bytes) -> int:
    """The longest horizontal rule in the first row below the head, in pixels, that does not go over the whole table."""
    picture = ink(pdf, scale=2).convert("L")
    left, right = 90, picture.width - 90
    longest = 0
    for y in range(200, 300):
        run, of_row = 0, 0
        for x in range(left, right):
            run = run + 1 if picture.getpixel((x, y)) < 150 else 0
            of_row = max(of_row, run)
        if of_row < 0.5 * (right - left):
            longest = max(longest, of_row)
    return longest


def test_a_reserved_line_is_hatched():
    plain, reserved = printed([a_line()]), printed([a_line(state=EntryState.RESERVED, remark="จองเลข: ระบบหยุด")])

    grey = [
        sum(1 for pixel in ink(pdf, scale=2).convert("L").get_flattened_data() if 150 < pixel < 235)
        for pdf in (plain, reserved)
    ]
    assert grey[1] > grey[0] + 2_000
    assert packed("จองเลข: ระบบหยุด") in texts(reserved)[0]


def test_urgency_and_secrecy_stand_in_red_under_the_remarks():
    pdf = printed([a_line(urgency=Urgency.MOST_URGENT, secrecy=Secrecy.CONFIDENTIAL, remark="สำเนาเก็บกล่อง 3")])

    assert packed("ด่วนที่สุด ลับ สำเนาเก็บกล่อง ๓") in texts(pdf)[0]
    assert red_rows(ink(pdf))
    assert not red_rows(ink(printed([a_line()])))


def test_a_secret_register_bears_its_class_at_head_and_foot_of_every_sheet():
    pdf = printed((a_line(n) for n in range(1, 40)), form="ทขล. 1", secrecy=Secrecy.CONFIDENTIAL)

    for page, sheet in enumerate(texts(pdf)):
        rows = red_rows(ink(pdf, page))
        assert rows[0] < 40 and rows[-1] > 560
        assert sheet.count("ลับ") == 2
        assert packed("ทขล. ๑") in sheet


def test_a_book_without_a_form_names_none():
    sheet = texts(printed([a_line(serial=3, number="3/2569")], title="ทะเบียนคำสั่ง", form="", serial_caption="เลขที่"))[0]

    assert "แบบ" not in sheet
    assert packed("ทะเบียนคำสั่ง") in sheet


def test_the_range_of_days_and_the_keeper_stand_over_the_table():
    since, until = date(2026, 11, 1), date(2026, 11, 30)
    sheet = texts(printed([a_line()], keeper="กองแผนงาน", since=since, until=until))[0]

    assert packed("กรมส่งเสริมการอ่าน กองแผนงาน") in sheet
    assert packed("รายการ ตั้งแต่วันที่ ๑ พฤศจิกายน ๒๕๖๙ ถึงวันที่ ๓๐ พฤศจิกายน ๒๕๖๙") in sheet
    assert packed("รายการวันที่ ๑ พฤศจิกายน ๒๕๖๙") in texts(printed([a_line()], since=since, until=since))[0]


def test_an_empty_register_is_one_sheet_that_says_so():
    sheets = texts(printed([]))

    assert len(sheets) == 1
    assert packed("ไม่มีรายการ") in sheets[0]


def test_a_long_subject_and_a_name_wider_than_its_column_lose_no_letter(tmp_path):
    name = "สำนักงานคณะกรรมการกิจการกระจายเสียงกิจการโทรทัศน์และกิจการโทรคมนาคมแห่งชาติ"
    pdf = printed([a_line(subject=LONG_SUBJECT, sender=name, addressee="ก" * 70)])

    sheet = texts(pdf)[0]
    for piece in ("ขอความอนุเคราะห์", "ระหว่างวันที่ ๑ - ๕ ธันวาคม ๒๕๖๙", "ก" * 70):
        assert packed(piece) in sheet
    cells = [box for box in lines_with_boxes(pdf, tmp_path) if box[2] > 110]
    assert max(right for _, _, _, right, _, _ in cells) < 842 - 42


def test_words_of_a_long_name_are_not_cut_in_the_middle(tmp_path):
    pdf = printed([a_line(sender="ผู้อำนวยการสำนักงานการตรวจเงินแผ่นดินภูมิภาคที่ 1 ประจำสำนักงานปลัดกระทรวงการอุดมศึกษา")])

    read = poppler_text(pdf, tmp_path, "-layout")
    for word in ("แผ่นดิน", "สำนักงาน", "อุดมศึกษา"):
        assert word in read


def test_a_line_longer_than_a_sheet_goes_on_with_its_number_on_the_next():
    remark = " ".join(f"ข้อความที่{n}" for n in range(1, 200))
    sheets = texts(printed([a_line(7, remark=remark), a_line(8)]))

    assert len(sheets) > 2
    assert "".join(sheets).count("ข้อความที่") == 199
    assert all(packed("๗ (ต่อ)") in sheet for sheet in sheets[1:-1])


def test_what_the_typeface_lacks_does_not_stop_the_printing():
    assert packed("เรื่อง ? จบ") in texts(printed([a_line(subject="เรื่อง \U0001f600 จบ", sender="​")]))[0]


def test_progress_is_told_and_the_sheets_are_counted():
    told: list[int] = []
    out = io.BytesIO()

    sheets = PdfPapers().register(RECEIVING, (a_line(n) for n in range(1, 251)), out, told.append)

    assert told == [100, 200, 250]
    assert sheets == len(texts(out.getvalue()))


def test_equal_lines_give_equal_bytes():
    assert printed([a_line(), a_line(2)]) == printed([a_line(), a_line(2)])


@pytest.mark.parametrize("family", ["TH Sarabun New", "Sarabun"])
def test_both_typefaces_fit(family, tmp_path):
    out = io.BytesIO()
    PdfPapers(family).register(RECEIVING, [a_line(subject=LONG_SUBJECT)], out, lambda done: None)

    assert packed("ขอความอนุเคราะห์") in texts(out.getvalue())[0]
    assert max(right for _, _, _, right, _, _ in lines_with_boxes(out.getvalue(), tmp_path)) < 842 - 42


def test_memory_grows_with_the_sheets_only():
    """Between 300 and 1,200 lines, no more is kept than the compressed sheets and a little for each."""
    papers = PdfPapers()

    def peak(count: int) -> tuple[int, int]:
        lines = (a_line(n, subject=f"{LONG_SUBJECT} ฉบับที่ {n}") for n in range(1, count + 1))
        out = io.BytesIO()
        tracemalloc.start()
        try:
            papers.register(RECEIVING, lines, out, lambda done: None)
            return tracemalloc.get_traced_memory()[1], len(out.getvalue())
        finally:
            tracemalloc.stop()

    peak(50)
    few, few_bytes = peak(300)
    many, many_bytes = peak(1_200)

    assert many - few < 4 * (many_bytes - few_bytes) + 1_000_000


# --- reserved numbers -----------------------------------------------------------------------------------------


def test_the_sheet_of_reserved_numbers_has_them_printed_and_the_rest_blank():
    pdf = PdfPapers().reserved_block(RECEIVING, list(range(4121, 4151)), [], "ระบบหยุดปรับปรุง")

    sheets = texts(pdf)
    assert set(sizes_mm(pdf)) == {(297.0, 210.0)}
    assert all(packed("".join(CAPTIONS)) in sheet for sheet in sheets)
    assert all(packed(number) in "".join(sheets) for number in ("๔๑๒๑", "๔๑๕๐"))
    assert packed("เลขที่จองไว้ ๓๐ เลข") in sheets[-1] and packed("ระบบหยุดปรับปรุง") in sheets[-1]


def test_reserved_letter_numbers_stand_in_their_column():
    pdf = PdfPapers().reserved_block(RECEIVING, [12, 13], ["ศธ 0601/12", "ศธ 0601/13"], "ไฟฟ้าดับ")

    assert packed("ศธ ๐๖๐๑/๑๓") in texts(pdf)[0]


def test_each_sheet_of_a_block_says_how_many_there_are():
    sheets = texts(PdfPapers().reserved_block(RECEIVING, list(range(1, 31)), [], "ไฟฟ้าดับ"))

    assert len(sheets) == 3
    for sheet, number in zip(sheets, "๑๒๓", strict=True):
        assert f"แผ่นที่{number}ของ๓" in sheet
    assert "แผ่นที่๑ของ๑" in texts(PdfPapers().reserved_block(RECEIVING, [1], [], "ไฟฟ้าดับ"))[0]
