"""Letters as DOCX, and the text of DOCX files that others made."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Iterator

import pytest
from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.forms import RULES
from saraban.rendering.body import plain_text, read_body
from saraban.rendering.docx_letter import letter_docx
from saraban.rendering.word_files import WordDesk
from tests.rendering.a_page import a_page_letter, packed
from tests.rendering.some_forms import typical

THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
FAMILY = "TH Sarabun New"
BODY = (
    "ด้วยกรม**ตัวอย่าง** ได้ขอให้ส่วนราชการ\n1. ข้อแรก\n1.1 ข้อย่อย\n\n"
    "| ที่ | รายการ | บาท |\n|:-:|---|--:|\n| 1 | โต๊ะ **ไม้สัก** | 1,200 |\n\n---\n\nหน้าใหม่"
)


@pytest.fixture(scope="module")
def word() -> Iterator[WordDesk]:
    desk = WordDesk()
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def whole() -> bytes:
    return letter_docx(a_page_letter(body=BODY), FAMILY)


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def opened(data: bytes) -> object:
    return Document(io.BytesIO(data))


# --- written ----------------------------------------------------------------------------------------------------


def test_a_letter_of_form_1_has_its_parts_in_their_order():
    document = opened(letter_docx(a_page_letter(body=BODY, urgency=Urgency.URGENT), FAMILY))

    texts = [p.text for p in document.paragraphs if p.text]
    assert texts[:4] == ["ด่วน", "ที่ ตย ๐๑๐๖/ว ๒๔๑๘\tกรมตัวอย่าง", "ถนนราชดำเนินนอก", "กรุงเทพฯ ๑๐๓๐๐"]
    assert texts[4] == "๒๓ พฤศจิกายน ๒๕๖๙" and texts[5].startswith("เรื่อง\t") and texts[6].startswith("เรียน\t")
    for first, then in zip(
        ("อ้างถึง", "สิ่งที่ส่งมาด้วย", "ด้วยกรม", "ขอแสดง", "(นางสาว"),
        ("สิ่งที่", "ด้วยกรม", "ขอแสดง", "(นางสาว", "กองกลาง"),
        strict=True,
    ):
        at = [next(n for n, text in enumerate(texts) if text.startswith(begin)) for begin in (first, then)]
        assert at == sorted(at)


def test_thai_has_its_font_its_size_its_bold_and_its_way_of_spreading():
    document = opened(letter_docx(a_page_letter(body=BODY), FAMILY))

    normal = document.styles["Normal"].element.rPr
    assert normal.rFonts.get(qn("w:cs")) == FAMILY and normal.find(qn("w:szCs")).get(qn("w:val")) == "32"
    paragraph = next(p for p in document.paragraphs if p.text.startswith("ด้วยกรม"))
    assert paragraph._p.pPr.jc.get(qn("w:val")) == "thaiDistribute"
    assert paragraph.paragraph_format.first_line_indent.cm == pytest.approx(2.5, abs=0.01)
    heavy = [run for run in paragraph.runs if run.font.bold]
    assert [run.text for run in heavy] == ["ตัวอย่าง"] and heavy[0].font.cs_bold


def test_a_table_repeats_its_captions_and_its_rows_stay_whole():
    document = opened(letter_docx(a_page_letter(body=BODY), FAMILY))

    table = document.tables[0]
    assert [cell.text for cell in table.rows[1].cells] == ["๑", "โต๊ะ ไม้สัก", "๑,๒๐๐"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:cantSplit")) is not None
    assert next(p for p in document.paragraphs if p.text == "หน้าใหม่").paragraph_format.page_break_before


def test_a_memorandum_has_its_title_its_leaders_and_no_closing():
    document = opened(letter_docx(a_page_letter(form=Form.MEMORANDUM, number=None, date=None), FAMILY))

    texts = [p.text for p in document.paragraphs]
    assert texts[0] == "บันทึกข้อความ"
    assert texts[1].startswith("ส่วนราชการ") and "(รอเลข)" in texts[3] and "วันที่" in texts[3]
    (leader,) = [run for run in document.paragraphs[4].runs if "การสำรวจ" in run.text]
    assert leader._r.rPr.find(qn("w:u")).get(qn("w:val")) == "dotted"
    assert not any("ขอแสดงความนับถือ" in text for text in texts)


def test_secrecy_stands_above_and_below_every_page_and_later_pages_are_numbered():
    document = opened(letter_docx(a_page_letter(secrecy=Secrecy.SECRET), FAMILY))

    section = document.sections[0]
    places = (section.header, section.footer, section.first_page_header, section.first_page_footer)
    assert all(place.paragraphs[0].text == "ลับมาก" for place in places)
    assert 'w:instr="PAGE"' in section.header._element.xml and "PAGE" not in section.first_page_header._element.xml


def test_what_cannot_be_printed_is_refused_with_a_reason():
    with pytest.raises(RuleBroken, match="PDF"):
        letter_docx(a_page_letter(form=Form.OTHER), FAMILY)
    with pytest.raises(BadInput) as refused:
        letter_docx(a_page_letter(subject="漢"), FAMILY)
    assert "漢" in refused.value.fields["subject"]


# --- read ---------------------------------------------------------------------------------------------------------


def test_what_was_written_is_read_back_without_the_form_around_it(word):
    read = word(letter_docx(a_page_letter(body=BODY), FAMILY))

    assert read.body == (
        "ด้วยกรม**ตัวอย่าง** ได้ขอให้ส่วนราชการ\n๑. ข้อแรก\n๑.๑ ข้อย่อย\n\n"
        "| ที่ | รายการ | บาท |\n|:-:|---|--:|\n| ๑ | โต๊ะ **ไม้สัก** | ๑,๒๐๐ |\n\n---\n\nหน้าใหม่"
    ).replace("| ที่ | รายการ | บาท |", "| **ที่** | **รายการ** | **บาท** |")
    assert read.ours and read.left_out == ()
    assert (read.subject, read.addressed_to) == (a_page_letter().subject, a_page_letter().salutation)


@pytest.mark.parametrize("form", RULES)
def test_of_a_file_of_ours_only_the_text_is_taken_whatever_its_form(word, form):
    letter = typical(form)
    read = word(letter_docx(letter, FAMILY))

    assert read.ours and packed(plain_text(letter.body).translate(THAI)) in packed(plain_text(read.body))
    assert len(read_body(read.body)) == len(read_body(letter.body))
    assert read.subject == ("" if form in (Form.STAMPED, Form.CERTIFICATE) else letter.subject)
    if RULES[form].has("addressed_to"):
        assert read.addressed_to.removeprefix("ถึง ") == letter.salutation.removeprefix("ถึง ")


def test_what_was_changed_and_written_at_the_edges_of_our_text_comes_back(word):
    document = opened(letter_docx(a_page_letter(body="เดิมแรก\n\nเดิมท้าย"), FAMILY))
    first = next(p for p in document.paragraphs if p.text == "เดิมแรก")
    last = next(p for p in document.paragraphs if p.text == "เดิมท้าย")
    first.insert_paragraph_before("ใหม่ก่อน")
    last.insert_paragraph_before("กลาง")
    last._p.addnext(copy.deepcopy(first._p))
    subject = next(p for p in document.paragraphs if p.text.startswith("เรื่อง"))
    subject.runs[-1].text = "เรื่องที่แก้แล้ว ๙"

    read = word(saved(document))

    assert read.body == "ใหม่ก่อน\n\nเดิมแรก\n\nกลาง\n\nเดิมท้าย\n\nเดิมแรก" and read.subject == "เรื่องที่แก้แล้ว ๙"


def test_a_file_of_ours_whose_marks_are_gone_is_read_whole(word):
    document = opened(letter_docx(a_page_letter(), FAMILY))
    for mark in list(document.element.iter(qn("w:bookmarkEnd"))):
        mark.getparent().remove(mark)

    read = word(saved(document))

    assert not read.ours and read.subject == "" and "ขอแสดงความนับถือ" in read.body


def test_numbers_of_lists_become_words_and_what_is_no_text_stays_behind(word):
    document = Document()
    document.add_heading("หัวเรื่อง")
    document.add_paragraph("ข้อหนึ่ง", style="List Number")
    document.add_paragraph("ข้อสอง", style="List Number")
    document.add_paragraph("ขีด", style="List Bullet")
    paragraph = document.add_paragraph("ก\u200bน\u0e4d\u0e49\u0e32 ")
    paragraph.add_run("ซ่อน").font.hidden = True
    paragraph.add_run("หนา").font.cs_bold = True
    paragraph.add_run().add_break(WD_BREAK.PAGE)
    paragraph.add_run("หน้าใหม่ **ดาว**").font.size = Pt(20)

    read = word(saved(document))
    assert read.left_out == ("ข้อความที่ซ่อนไว้",) and read.body == (
        "**หัวเรื่อง**\n๑. ข้อหนึ่ง\n๒. ข้อสอง\n- ขีด\n\nกน้ำ **หนา**\n\n---\n\nหน้าใหม่ \\*\\*ดาว\\*\\*"
    )


def test_lists_of_several_levels_have_their_numbers(word):
    document = Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="thaiNumbers"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, text in enumerate(("%1.", "%1.%2", "(%3)"))
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for text, level in (("ก", 0), ("ข", 1), ("ค", 2), ("ง", 2), ("จ", 1), ("ฉ", 0), ("ช", 1)):
        paragraph = document.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>')
        )

    assert word(saved(document)).body == "๑. ก\n๑.๑ ข\n(๑) ค\n(๒) ง\n๑.๒ จ\n๒. ฉ\n๒.๑ ช"


def a_table(rows: tuple[tuple[str, ...], ...]) -> tuple[object, object]:
    document = Document()
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return document, table


def test_cells_that_were_joined_say_their_words_once_and_it_is_told(word):
    document, table = a_table((("ก", "ข", "ค"), ("1", "2", "3"), ("4", "5", "6")))
    table.cell(0, 1).merge(table.cell(0, 2)).text = "รวม"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "สูง"

    read = word(saved(document))
    assert read.body == "| ก | รวม | |\n|---|---|---|\n| สูง | 2 | 3 |\n| | 5 | 6 |"
    assert read.left_out_words == "ปรับ: ช่องที่รวมกันในตารางถูกแยก"


def test_rows_to_be_filled_by_hand_come_back(word):
    document, _ = a_table((("ที่", "ชื่อ"), ("", ""), ("", "")))
    assert word(saved(document)).body == "| ที่ | ชื่อ |\n|---|---|\n| | |\n| | |"
    assert word(saved(document)).left_out_words == ""


@pytest.mark.parametrize(
    ("kind", "text", "mark"),
    [("decimal", "%1.", "๑."), ("decimal", "%1)", "(๑)"), ("decimal", "(%1)", "(๑)"), ("lowerLetter", "%1.", "(ก)"),
     ("decimal", "ข้อ %1", "ข้อ ๑"), ("upperRoman", "%1.", "๑.")],
)  # fmt: skip
def test_numbers_of_lists_take_the_forms_of_a_letter(word, kind, text, mark):
    document = Document()
    numbering = document.part.numbering_part.element
    level = f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="91">{level}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="91"><w:abstractNumId w:val="91"/></w:num>'))
    paragraph = document.add_paragraph("เนื้อหา")
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="91"/></w:numPr>')
    )
    assert word(saved(document)).body == f"{mark} เนื้อหา"


def test_captions_in_two_rows_become_one(word):
    document, table = a_table((("ที่", "จำนวน", "", "ปี"), ("", "ชาย", "หญิง", ""), ("1", "2", "3", "4")))
    table.cell(0, 0).merge(table.cell(1, 0)).text = "ที่"
    table.cell(0, 3).merge(table.cell(1, 3)).text = "ปี"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "จำนวน"

    assert word(saved(document)).body == ("| ที่ | จำนวน ชาย | จำนวน หญิง | ปี |\n|---|---|---|---|\n| 1 | 2 | 3 | 4 |")


def test_what_was_put_in_is_taken_what_was_deleted_is_not_and_what_stays_behind_is_told(word):
    document = Document()
    paragraph = document.add_paragraph("เดิม")
    for tag, inner in (
        ("ins", '<w:r><w:t xml:space="preserve"> เพิ่ม</w:t></w:r>'),
        ("del", "<w:r><w:delText>ลบ</w:delText></w:r>"),
        ("moveFrom", "<w:r><w:t>ย้าย</w:t></w:r>"),
    ):
        paragraph._p.append(parse_xml(f'<w:{tag} {nsdecls("w")} w:id="1" w:author="ก">{inner}</w:{tag}>'))
    properties = paragraph._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:rPr {nsdecls("w")}><w:del w:id="2" w:author="ก"/></w:rPr>'))
    document.add_paragraph(" ต่อกัน")
    run = document.add_paragraph("อีกย่อหน้า").add_run()
    run._r.append(
        parse_xml(
            f"<w:pict {nsdecls('w')}><w:txbxContent><w:p><w:r><w:t>กล่อง</w:t></w:r></w:p></w:txbxContent></w:pict>"
        )
    )
    run._r.append(parse_xml(f'<w:footnoteReference {nsdecls("w")} w:id="2"/>'))
    document.sections[0].header.paragraphs[0].text = "หัวกระดาษ"
    document.sections[0].footer.paragraphs[0].text = "- 1 -"
    picture = io.BytesIO()
    Image.new("RGB", (9, 9)).save(picture, "PNG")
    document.add_picture(picture)

    read = word(saved(document))

    assert read.body == "เดิม เพิ่ม ต่อกัน\n\nอีกย่อหน้า"
    assert read.left_out_words == (
        "ไม่ได้นำเข้า: หัวและท้ายกระดาษ, เชิงอรรถ, กล่องข้อความ, ภาพและวัตถุ, ข้อความที่ลบไว้ระหว่างติดตามการแก้ไข"
    )


def changed(data: bytes, name: str, part: bytes) -> bytes:
    """The package with another part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            if item != name:
                new.writestr(item, old.read(item))
        new.writestr(name, part)
    return out.getvalue()


def a_document(text: str = "ข้อความ") -> bytes:
    document = Document()
    document.add_paragraph(text)
    return saved(document)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "ไม่ใช่เอกสาร Word"),
        (b"%PDF-1.7", "ไม่ใช่เอกสาร Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "รุ่นเก่า"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "รหัสผ่าน"),
        (a_document()[:-200], "ไม่ใช่เอกสาร Word"),
        (a_document(" "), "ไม่พบข้อความ"),
        (changed(a_document(), "word/vbaProject.bin", b"x"), "มาโคร"),
        (changed(a_document(), "word/document.xml", b"<broken"), "เสีย"),
        (changed(a_document(), "word/document.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "คำสั่งซ่อน"),
        (changed(a_document(), "word/media/a.xml", b" " * 30_000_000), "ขยายใหญ่"),
        (changed(a_document(), "word/media/a.png", b"\0" * 45_000_000), "ขยายใหญ่"),
        (b"PK" + b"\0" * 15_000_000, "เกิน ๑๔ MB"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_thai(word, data, words):
    with pytest.raises(BadInput) as refused:
        word(data)

    assert words in refused.value.fields["file"]


@settings(max_examples=150, deadline=5_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 40_000), st.binary(min_size=1, max_size=6)), min_size=1, max_size=8),
    st.booleans(),
)
def test_a_damaged_file_is_read_or_refused_with_a_reason_and_never_takes_long(word, whole, changes, in_text):
    """The text is changed before it is packed, so that the parser meets it, or the package itself is."""
    data = bytearray(zipfile.ZipFile(io.BytesIO(whole)).read("word/document.xml") if in_text else whole)
    for place, octets in changes:
        at = place % len(data)
        data[at : at + len(octets)] = octets
    try:
        text = word(changed(whole, "word/document.xml", bytes(data)) if in_text else bytes(data)).body
    except BadInput as refused:
        assert "ไฟล์" in refused.fields["file"]
    else:
        assert text == text.strip() and text
