"""Copies to be read of documents and workbooks: every word and cell, in order, as PDF/A, with the original's digest."""

from __future__ import annotations

import io
import zipfile
from hashlib import sha256

import page as pdfa_validator
import pypdfium2 as pdfium
import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook

from saraban.rendering.foreign_reading import MOST_ROWS
from saraban.rendering.reading_copies import TITLE
from saraban.rendering.renderer import PdfRenderer
from saraban.usecases.pages import ArchiveCopy
from tests.rendering.a_page import MORNING


def a_document() -> bytes:
    """Words, a table with a joined cell, a head, what was deleted and what was inserted with changes tracked."""
    document = Document()
    document.sections[0].header.paragraphs[0].text = "หัวของเอกสาร"
    paragraph = document.add_paragraph("ข้อความที่น้ำใจงาม 2569")
    for change in (
        "<w:del %s><w:r><w:delText>ลบแล้ว</w:delText></w:r></w:del>",
        "<w:ins %s><w:r><w:t>แทรกไว้</w:t></w:r></w:ins>",
    ):
        paragraph._p.append(parse_xml(change % nsdecls("w")))
    table = document.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "รวมสองช่อง"
    for place, text in enumerate(("หนึ่ง", "1,500.25", "สาม")):
        table.cell(1, place).text = text
    document.add_paragraph("หลังตาราง")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def a_workbook(rows: int = 3) -> bytes:
    """Two sheets, one of them hidden and wider than a page."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "งบประมาณ"
    for number in range(1, rows + 1):
        sheet.append([number, f"รายการที่ {number}", number * 1000.5])
    hidden = book.create_sheet("เบื้องหลัง")
    hidden.sheet_state = "hidden"
    hidden.append([f"ช่อง{number}" for number in range(20)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def copied(data: bytes, name: str = "แฟ้ม.docx") -> ArchiveCopy:
    """The copy of a file."""
    return PdfRenderer().archive_copy(data, title=name, author="กรมส่งเสริมการอ่าน", at=MORNING)


def words(pdf: bytes | None) -> list[str]:
    """What stands on each page."""
    assert pdf is not None
    return [page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(pdf)]


def is_pdfa(pdf: bytes | None) -> bool:
    """Does it keep what it claims?"""
    assert pdf is not None
    return not pdfa_validator.validate_pdf_bytes(pdf, profile="3u").failures


def test_a_document_is_read_in_its_order_with_its_tables_and_margins() -> None:
    data = a_document()
    copy = copied(data)
    said = "".join(words(copy.pdf))
    order = ["ข้อความที่น้ำใจงาม 2569", "แทรกไว้", "รวมสองช่อง", "หนึ่ง", "1,500.25", "สาม", "หลังตาราง", "หัวของเอกสาร"]

    assert is_pdfa(copy.pdf) and (copy.said, copy.why) == ("", "")
    places = [said.find(one) for one in order]
    assert places == sorted(places) and places[0] > 0
    assert "ลบแล้ว" not in said and TITLE in said and sha256(data).hexdigest() in said


def test_a_workbook_is_read_sheet_by_sheet_also_what_is_hidden_and_wider_than_a_page() -> None:
    copy = copied(a_workbook(), "งบ.xlsx")
    said = "".join(words(copy.pdf))

    assert is_pdfa(copy.pdf)
    assert "แผ่นงาน งบประมาณ" in said and "3001.5" in said and "แผ่นงาน เบื้องหลัง (ซ่อนไว้)" in said
    assert all(f"ช่อง{number}" in said for number in range(20))


def test_a_huge_sheet_is_cut_where_the_copy_says_so_and_every_page_names_what_it_is() -> None:
    pages = words(copied(a_workbook(MOST_ROWS + 500), "ใหญ่.xlsx").pdf)

    assert len(pages) > 20 and all(TITLE in page for page in pages)
    assert f"รายการที่ {MOST_ROWS}" in "".join(pages) and f"รายการที่ {MOST_ROWS + 1}" not in "".join(pages)
    assert "ส่วนที่เหลืออยู่ในต้นฉบับเท่านั้น" in pages[-1]


def a_package(name: str, text: str = "") -> bytes:
    """A package with one part."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, text)
    return out.getvalue()


def an_empty_document() -> bytes:
    """A document that says nothing."""
    out = io.BytesIO()
    Document().save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (a_document()[:400], "เสีย"),
        (a_package("word/document.xml", "<not xml"), "เสีย"),
        (a_package("xl/workbook.xml"), "เสีย"),
        (a_package("a.txt", "x"), "ไม่มีเครื่องมือ"),
        (a_package("word/document.xml", " " * 61 * 2**20), "ใหญ่เกิน"),
        (an_empty_document(), "ไม่มีข้อความ"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "รหัสผ่าน"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "ไม่มีเครื่องมือ"),
        (b"", "ไม่มีเครื่องมือ"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, why: str) -> None:
    copy = copied(data)
    assert copy.pdf is None and why in copy.why, copy.why
