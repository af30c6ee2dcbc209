"""Lists of the archive (forms 19 to 25), the record of a destruction, and the mark of clause 73."""

from __future__ import annotations

from datetime import date

import pytest

from saraban.rendering.papers import PdfPapers
from saraban.usecases.archive_press import ArchiveForm, ArchiveSheet, KeepingMark, Signer
from tests.rendering.a_page import packed
from tests.rendering.some_lines import ink, red_rows, sizes_mm, texts

PAPERS = PdfPapers()
COLUMNS = {
    ArchiveForm.STORING: "ลำดับที่ ที่ ลงวันที่ เรื่อง อายุการเก็บหนังสือ หมายเหตุ",
    ArchiveForm.STORE_REGISTER: "ลำดับที่ วันเก็บ เลขทะเบียนรับ ที่ เรื่อง รหัสแฟ้ม กำหนดเวลาเก็บ หมายเหตุ",
    ArchiveForm.TRANSFER: "ลำดับที่ รหัสแฟ้ม ที่ ลงวันที่ เลขทะเบียนรับ เรื่อง หมายเหตุ",
    ArchiveForm.OWN_KEEPING: "ลำดับที่ รหัสแฟ้ม ที่ ลงวันที่ เรื่อง หมายเหตุ",
    ArchiveForm.DEPOSIT: "ลำดับที่ รหัสแฟ้ม ที่ ลงวันที่ เลขทะเบียนรับ เรื่อง หมายเหตุ",
    ArchiveForm.LOAN_CARD: "รายการ ผู้ยืม ผู้รับ วันยืม กำหนดส่งคืน ผู้ส่งคืน วันส่งคืน",
    ArchiveForm.DISPOSAL: "ลำดับที่ รหัสแฟ้ม ที่ ลงวันที่ เลขทะเบียนรับ เรื่อง การพิจารณา หมายเหตุ",
}


@pytest.mark.parametrize("form", COLUMNS)
def test_each_form_has_its_columns_in_their_order_on_every_sheet_of_a4(form):
    width = len(COLUMNS[form].split())
    rows = [["ทดสอบ"] * width for _ in range(60)]
    pdf = PAPERS.archive_list(ArchiveSheet(form, "กรมส่งเสริมการอ่าน", "กองกลาง", 2579, date(2037, 1, 5), rows))

    sheets = texts(pdf)
    assert len(sheets) > 1 and set(sizes_mm(pdf)) <= {(297.0, 210.0), (210.0, 297.0)}
    for number, sheet in enumerate(sheets, start=1):
        assert packed(COLUMNS[form]) in sheet
        assert packed(f"แผ่นที่ {'๐๑๒๓๔๕๖๗๘๙'[number]}") in sheet and packed("๕ มกราคม ๒๕๘๐") in sheet


def test_a_list_for_destruction_shows_the_cross_the_dissent_and_who_signs():
    rows = [["1", "03", "ทส 1/2", "5 มกราคม 2569", "7/2569", "เรื่องเก่า", "✕", "มีความเห็นแย้ง 1"]]
    told = ["ความเห็นแย้ง ลำดับที่ 1 นายค้าน: ยังใช้"]
    signers = [Signer(part, f"นาย{part}", "นักวิชาการ") for part in ("ผู้จัดทำ", "ประธานกรรมการ", "กรรมการ", "กรรมการ")]
    sheet = ArchiveSheet(ArchiveForm.DISPOSAL, "กรม", "", 2579, date(2037, 1, 5), rows, told, signers)

    [text] = texts(PAPERS.archive_list(sheet))
    for words in (
        "บัญชีหนังสือขอทำลาย ประจำปี ๒๕๗๙",
        "แบบที่ ๒๕",
        "×",
        "ความเห็นแย้ง ลำดับที่ ๑ นายค้าน: ยังใช้",
        "(นายประธานกรรมการ)",
    ):
        assert packed(words) in text


@pytest.mark.parametrize("form", [ArchiveForm(n) for n in ("21", "22", "23", "25", "record")])
def test_the_head_has_the_captions_of_the_form_and_room_to_write_what_nobody_said(form):
    words = {"agency_name": "กรมการปกครอง", "unit": "กองกลาง", "year": 2579, "day": date(2037, 1, 5), "rows": []}

    [text] = texts(PAPERS.archive_list(ArchiveSheet(form, **words, ministry="กระทรวงมหาดไทย")))
    for line in ("กระทรวง/ทบวงมหาดไทย", "กรมการปกครอง", "กองกลาง", "แผ่นที่ ๑"):
        assert packed(line) in text
    [text] = texts(PAPERS.archive_list(ArchiveSheet(form, **words)))
    assert packed("กระทรวง/ทบวงกรม") in text


def test_who_did_his_part_in_the_system_has_it_below_his_name():
    signers = [Signer("ผู้ทำลาย", "นายจริง", "นายทะเบียน", "ยืนยันในระบบ 5 มกราคม 2580"), Signer("กรรมการ", "นายดู", "นิติกร")]
    words = (ArchiveForm.DESTRUCTION, "กรม", "", 2579, date(2037, 1, 5), [])

    [text] = texts(PAPERS.archive_list(ArchiveSheet(*words, signers=signers)))
    assert packed("ตำแหน่ง นายทะเบียน") in text and packed("ยืนยันในระบบ ๕ มกราคม ๒๕๘๐") in text


def test_an_empty_list_says_so():
    sheet = ArchiveSheet(ArchiveForm.STORING, "กรม", "", 0, date(2037, 1, 5), [])

    assert packed("ไม่มีรายการ") in texts(PAPERS.archive_list(sheet))[0]


def test_the_mark_is_red_for_ever_and_blue_for_a_year():
    red, blue = PAPERS.keeping_mark("ห้ามทำลาย", forever=True), PAPERS.keeping_mark("เก็บถึง พ.ศ. ๒๕๗๙", forever=False)

    line = "ลงชื่อย่อ ............................"
    assert texts(red) == [packed(f"ห้ามทำลาย{line}")] and texts(blue) == [packed(f"เก็บถึง พ.ศ. ๒๕๗๙{line}")]
    assert red_rows(ink(red)) and not red_rows(ink(blue)) and sizes_mm(red) == [(70.0, 24.0)]


def test_marks_of_a_list_are_cut_from_sheets_each_with_its_letter_and_a_line_for_initials():
    marks = [KeepingMark("เก็บถึง พ.ศ. 2579", False, f"ลำดับที่ {n} ที่ กค 0408/{n}") for n in range(1, 18)]
    first, second = texts(PAPERS.keeping_marks(marks, "ประธานกรรมการ"))

    assert first.count(packed("ลงชื่อย่อ ............................ ประธานกรรมการ")) == 16
    assert packed("ลำดับที่ ๑๖ ที่ กค ๐๔๐๘/๑๖") in first and packed("ลำดับที่ ๑๗ ที่ กค ๐๔๐๘/๑๗") in second
