"""Builders and readers for the tests of this room: letters to print, and what other programs read from the print."""

from __future__ import annotations

import io
import json
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import page as pdfa_validator
import pypdfium2 as pdfium
from pypdf import PdfReader

from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.usecases.pages import PageEnclosure, PageLetter, PageReference
from saraban.usecases.papers import CopiedLetter

MORNING = datetime(2026, 11, 23, 1, 41, tzinfo=UTC)

COPIED = CopiedLetter(
    "หนังสือภายนอก", "กรมตัวอย่าง", "ตย 0106/ว 2418", date(2026, 11, 23), "การสำรวจความพร้อม", "กรมส่งเสริมการอ่าน"
)
"""Of what the certified copies of the tests are made."""

BODY = """ตามหนังสือที่อ้างถึง กรมตัวอย่างได้ขอให้ส่วนราชการจัดให้มีที่อยู่ไปรษณีย์อิเล็กทรอนิกส์กลาง และตรวจสอบกล่องดังกล่าว\
อย่างน้อยวันละ 2 ครั้ง นั้น

เพื่อให้งานสารบรรณของภาครัฐเป็นไปในทิศทางเดียวกัน จึงขอความร่วมมือให้ส่วนราชการตอบแบบสำรวจ ดังนี้
1. ระบุจำนวนหนังสือที่รับและส่งทางอิเล็กทรอนิกส์ในปีงบประมาณ พ.ศ. 2569
2. ส่งกลับไปที่ saraban2@tuayang.go.th ภายในวันที่ 4 ธันวาคม 2569 เวลา 16.30 น.

จึงเรียนมาเพื่อโปรดพิจารณา"""

HARD_WORDS = "น้ำ ป้า ฟ้า ปั๊ม ที่ กั้น ญี่ปุ่น ฐาน ฎีกา ปู่ ผู้ใหญ่ เก้าอี้ ก๊วยเตี๋ยว ญุ ฐุ ฬี่ ป้ำ ฝั่ง ฟื้น เปี๊ยก กตัญญู กระทำ ค่ำ ฤๅษี"
"""Words whose marks stand over tall letters, over one another, or below letters that lose their foot."""


def a_page_letter(**changes: Any) -> PageLetter:
    """An ordinary letter of one page."""
    letter = PageLetter(
        form=Form.EXTERNAL,
        agency_name="กรมตัวอย่าง",
        agency_address=("ถนนราชดำเนินนอก", "กรุงเทพฯ 10300"),
        number="ตย 0106/ว 2418",
        date=date(2026, 11, 23),
        subject="การสำรวจความพร้อมในการรับส่งหนังสือทางไปรษณีย์อิเล็กทรอนิกส์กลาง",
        salutation="เรียน อธิบดีกรมส่งเสริมการอ่าน",
        references=(PageReference("ตย 0106/ว 1904", date(2026, 9, 30), "กรมตัวอย่าง"),),
        enclosures=(PageEnclosure("แบบสำรวจความพร้อม", "1 ชุด"),),
        body=BODY,
        closing="ขอแสดงความนับถือ",
        signer_name="นางสาวปิ่นมณี รู้แจ้งกิจ",
        signer_titles=("รองอธิบดี ปฏิบัติราชการแทน", "อธิบดีกรมตัวอย่าง"),
        unit_name="กองกลาง กลุ่มงานสารบรรณ",
        phone="0 2283 4200 ต่อ 12",
        email="saraban2@tuayang.go.th",
        urgency=Urgency.NORMAL,
        secrecy=Secrecy.OPEN,
    )
    return replace(letter, **changes)


def assert_is_pdfa_3a(pdf: bytes) -> None:
    """Fail with what the validator finds against ISO 19005-3. It (0.11) takes a CARRIAGE RETURN that is the last octet
    of compressed data for a part of the line end behind it, which one stream in 256 has."""
    findings = json.loads(pdfa_validator.validate_pdf_bytes(pdf, profile="3a").to_json())["failures"]
    mistaken = {"PDFA3A-STREAM-LENGTH-001"} if b"\r\nendstream" in pdf else set()
    assert [finding for finding in findings if finding["rule_id"] not in mistaken] == []


def poppler_text(pdf: bytes, folder: Path, *options: str) -> str:
    """What pdftotext reads."""
    (folder / "page.pdf").write_bytes(pdf)
    command = ["pdftotext", *options, str(folder / "page.pdf"), "-"]
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()


def pdfium_text(pdf: bytes) -> str:
    """What Chromium's reader copies."""
    document = pdfium.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def pages_by_reader(pdf: bytes, folder: Path) -> dict[str, list[str]]:
    """What three readers that share no code take from every page: poppler's, Chromium's, and pypdf."""
    (folder / "page.pdf").write_bytes(pdf)
    command = ["pdftotext", "-raw", str(folder / "page.pdf"), "-"]
    told = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()
    document = pdfium.PdfDocument(pdf)
    try:
        copied = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    return {
        "poppler": told.removesuffix("\f").split("\f"),
        "pdfium": copied,
        "pypdf": [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages],
    }


def packed(text: str) -> str:
    """The text without white space and joiners, for comparing what was typed with what was read."""
    return "".join(text.replace("\u2060", "").split())


def lines_with_boxes(pdf: bytes, folder: Path) -> list[tuple[int, float, float, float, float, str]]:
    """Words as (page, left, top, right, bottom, text) in points from the upper left corner, by pdftotext -bbox."""
    import xml.etree.ElementTree as ElementTree

    root = ElementTree.fromstring(poppler_text(pdf, folder, "-bbox"))
    space = "{http://www.w3.org/1999/xhtml}"
    return [
        (number, *(float(word.attrib[side]) for side in ("xMin", "yMin", "xMax", "yMax")), word.text or "")  # type: ignore[misc]
        for number, page in enumerate(root.iter(f"{space}page"))
        for word in page.iter(f"{space}word")
    ]
