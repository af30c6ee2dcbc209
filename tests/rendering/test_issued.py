"""Documents for people as files: PDF/A-3 with their data inside, Thai that is read back, a QR at every resolution, and
print-outs that say when they were printed."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from saraban.domain.classification import Digits
from saraban.domain.errors import BadInput
from saraban.rendering.renderer import PdfRenderer
from saraban.usecases.pages import IssuedPage, PageData, PrintMarks
from tests.rendering.a_page import MORNING, assert_is_pdfa_3a, poppler_text
from tests.rendering.codes import read_at_all

ADDRESS = "https://saraban.example.go.th/v/7K3MQ2XF9TBD0123WXYZ"
HARD = "น้ำผึ้ง ปู่ฎีกา กตัญญู ฐานันดร ที่ปรึกษา เก้าอี้"


def a_page(**more: Any) -> IssuedPage:
    """A certificate that was given its number."""
    values: dict[str, Any] = {
        "title": "หนังสือรับรองการผ่านการอบรมหลักสูตรเจ้าหน้าที่สารบรรณอิเล็กทรอนิกส์ระดับต้นประจำปีงบประมาณ พ.ศ. 2569",
        "agency_name": "กรมตัวอย่าง",
        "agency_address": ("ถนนราชดำเนินนอก", "กรุงเทพฯ 10300"),
        "number": "รบ. 12/2569",
        "date": date(2026, 11, 23),
        "until": "ใช้ได้ถึงวันที่ 23 พฤศจิกายน 2570",
        "body": f"รับรองว่า **นางสาว{HARD}** ผ่านการอบรม จำนวน 12 ชั่วโมง\n\nทั้งนี้ ตั้งแต่วันที่ 1 มกราคม 2569",
        "signer_name": "นางสาวปิ่นมณี รู้แจ้งกิจ",
        "signer_titles": ("อธิบดีกรมตัวอย่าง",),
        "verification": ADDRESS,
    }
    return IssuedPage(**values | more)


def test_the_file_is_pdfa_3_with_its_data_inside_and_its_thai_is_read_back(tmp_path: Path) -> None:
    data = PageData(json.dumps({"number": "รบ. 12/2569"}, ensure_ascii=False).encode(), b"<document/>")
    made = PdfRenderer().issued(a_page(), at=MORNING, data=data)

    assert_is_pdfa_3a(made.pdf)
    with pikepdf.open(io.BytesIO(made.pdf)) as document:
        files = {name: one.get_file().read_bytes() for name, one in document.attachments.items()}
        assert files == {"document.json": data.json, "document.xml": data.xml}
        assert [str(one.AFRelationship) for one in document.Root.AF] == ["/Data", "/Data"]
    text = " ".join(poppler_text(made.pdf, tmp_path).split())
    for words in (*HARD.split(), "เลขที่ รบ. ๑๒/๒๕๖๙", "ให้ไว้ ณ วันที่ ๒๓ พฤศจิกายน พ.ศ. ๒๕๖๙", "ใช้ได้ถึงวันที่ ๒๓"):
        assert words in text, words
    assert made.block.is_shown and made.pages == 1
    assert made.pdf == PdfRenderer().issued(a_page(), at=MORNING, data=data).pdf


def test_its_qr_reads_back_at_every_resolution_also_on_a_print_out() -> None:
    renderer = PdfRenderer()
    page = renderer.issued(a_page(), at=MORNING).pdf
    for pdf in (page, renderer.print_out(page, PrintMarks("กรมตัวอย่าง", "นางสาวน้ำฟ้า กตัญญู", MORNING, "ตรวจที่ x"))):
        assert read_at_all(pdf) == [ADDRESS]


def test_a_print_out_says_from_which_system_when_and_by_whom_on_every_page(tmp_path: Path) -> None:
    renderer = PdfRenderer()
    page = renderer.issued(a_page(body="ข้อความ\n\n" * 60), at=MORNING)
    marks = PrintMarks("กรมตัวอย่าง", "นางสาวน้ำฟ้า กตัญญู", MORNING, f"ตรวจสอบฉบับจริงที่ {ADDRESS}")
    printed = renderer.print_out(page.pdf, marks)
    renderer.close()

    assert page.pages > 1
    for number in range(1, page.pages + 1):
        text = " ".join(poppler_text(printed, tmp_path, "-f", str(number), "-l", str(number)).split())
        assert "พิมพ์จากระบบของกรมตัวอย่าง เมื่อ ๒๓ พ.ย. ๒๕๖๙ เวลา" in text
        assert "โดย นางสาวน้ำฟ้า กตัญญู" in text and ADDRESS in text


def test_a_draft_keeps_the_places_of_what_is_to_come_and_arabic_digits_are_the_agencys_choice(tmp_path: Path) -> None:
    page = a_page(number=None, date=None, until="", verification="", digits=Digits.ARABIC)
    text = poppler_text(PdfRenderer().issued(page, at=MORNING).pdf, tmp_path)

    assert "(รอเลข)" in text and "(รอวันที่)" in text and "12 ชั่วโมง" in text
    with pytest.raises(BadInput):
        PdfRenderer().issued(a_page(body="𓀀"), at=MORNING)
