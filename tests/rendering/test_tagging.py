"""The logical structure of letters: what is read aloud, in which order, and what is passed over."""

from __future__ import annotations

import io
import json

import page as validator
import pikepdf
import pytest

from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.rendering.body import plain_text
from saraban.rendering.thai import thai_digits
from saraban.usecases.pages import PageEnclosure, PageReference
from saraban.usecases.papers import CopyCertificate
from tests.rendering.a_page import COPIED, MORNING, a_page_letter
from tests.rendering.some_forms import SAMPLES, long, typical
from tests.rendering.structure import structure
from tests.rendering.test_foreign import STAMP


def words(text):
    """The text with single spaces, as it is spoken."""
    return " ".join(text.replace("\u00a0", " ").split())


def test_a_letter_is_read_from_its_number_to_its_copies(renderer):
    letter = a_page_letter(
        references=(PageReference("ตย 1/2", None, "กรมหนึ่ง"), PageReference("ตย 3/4", None, "กรมสอง")),
        enclosures=(PageEnclosure("แบบสำรวจความพร้อม", "1 ชุด"),),
        copies_to=("กองคลัง", "กองแผนงาน"),
        urgency=Urgency.URGENT,
        secrecy=Secrecy.CONFIDENTIAL,
    )

    read = structure(renderer.letter(letter, at=MORNING).pdf).read()

    assert read == [
        "ตราครุฑ", "ด่วน", "ลับ", "ที่ ตย ๐๑๐๖/ว ๒๔๑๘", "กรมตัวอย่าง", "ถนนราชดำเนินนอก", "กรุงเทพฯ ๑๐๓๐๐", "๒๓ พฤศจิกายน ๒๕๖๙",
        "เรื่อง การสำรวจความพร้อมในการรับส่งหนังสือทางไปรษณีย์อิเล็กทรอนิกส์กลาง", "เรียน อธิบดีกรมส่งเสริมการอ่าน",
        "อ้างถึง", "๑.", "หนังสือกรมหนึ่ง ที่ ตย ๑/๒", "๒.", "หนังสือกรมสอง ที่ ตย ๓/๔", "สิ่งที่ส่งมาด้วย แบบสำรวจความพร้อม จำนวน ๑ ชุด",
        *thai_digits(plain_text(letter.body)).replace("\n\n", "\n").split("\n"),
        "ขอแสดงความนับถือ", "(นางสาวปิ่นมณี รู้แจ้งกิจ)", "รองอธิบดี ปฏิบัติราชการแทน", "อธิบดีกรมตัวอย่าง",
        "กองกลาง กลุ่มงานสารบรรณ", "โทร. ๐ ๒๒๘๓ ๔๒๐๐ ต่อ ๑๒", "ไปรษณีย์อิเล็กทรอนิกส์ saraban2@tuayang.go.th",
        "สำเนาส่ง", "๑.", "กองคลัง", "๒.", "กองแผนงาน",
    ]  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_every_form_is_read_whole_and_nothing_on_it_is_unmarked(renderer, name):
    letter = SAMPLES[name].letter
    printed = renderer.letter(letter, at=MORNING, data=b"{}")
    told = structure(printed.pdf)

    assert words(thai_digits(plain_text(letter.body))) in words(" ".join(told.read()))
    assert told.unmarked == ""
    secrecy = {letter.secrecy.thai} if letter.secrecy.thai else set()
    passed_over = {words(text) for text in told.artifacts} - {""} - secrecy
    assert all(text.startswith("/") or text.startswith("- ") for text in passed_over), passed_over
    assert len(passed_over) == 2 * (printed.pages - 1)
    # What PDF/UA-1 (ISO 14289-1) asks of structure and marks holds; the file does not say that it is PDF/UA, since the
    # field of its signature is not in the structure.
    findings = json.loads(validator.validate_pdf_bytes(printed.pdf, profile="ua1").to_json())["failures"]
    assert {finding["rule_id"] for finding in findings} == {"PDFUA1-ID-PART-001", "PDFUA1-ID-SCHEMA-001"}


@pytest.mark.parametrize("form", Form)
def test_a_form_has_one_title_if_it_has_any_and_headings_below_it(renderer, form):
    if form is Form.OTHER:
        return
    tags = [one.tag for one in structure(renderer.letter(typical(form), at=MORNING).pdf).root.all()]

    headings = [tag for tag in tags if tag.startswith("H")]
    assert headings.count("H1") <= 1
    assert headings == sorted(headings)


def test_lists_and_tables_are_read_as_such(renderer):
    body = (
        "ให้ดำเนินการ ดังนี้\n\n1. สำรวจน้ำดื่ม\n1.1 จำนวนกล่อง\n1.2 จำนวนถัง\n2. สำรวจเก้าอี้\n\n"
        "| รายการ | จำนวน |\n|---|--:|\n| **เก้าอี้**บุนวม | 40 |\n\n3. รายงานผล"
    )
    told = structure(renderer.letter(a_page_letter(body=body), at=MORNING).pdf).root

    first, second = (one for one in told.kids if one.tag == "L")
    assert [item.tag for item in first.kids] == ["LI", "LI"]
    assert words(first.kids[0].kids[0].text) == "๑. สำรวจน้ำดื่ม"
    (inner,) = first.kids[0].kids[0].kids
    assert [words(item.whole()) for item in inner.kids] == ["๑.๑ จำนวนกล่อง", "๑.๒ จำนวนถัง"]
    assert words(second.whole()) == "๓. รายงานผล"
    (table,) = (one for one in told.kids if one.tag == "Table")
    assert [[(cell.tag, cell.text) for cell in row.kids] for row in table.kids] == [
        [("TH", "รายการ"), ("TH", "จำนวน")],
        [("TD", "เก้าอี้บุนวม"), ("TD", "๔๐")],
    ]


def test_captions_that_are_repeated_on_the_next_page_are_read_once(renderer):
    body = "| ลำดับ | รายการ |\n|---|---|\n" + "".join(f"| {n} | เครื่องปั๊มน้ำ |\n" for n in range(1, 61))

    told = structure(renderer.letter(a_page_letter(body=body), at=MORNING).pdf)

    assert told.read().count("ลำดับ") == 1
    assert any(text.endswith("ลำดับรายการ") for text in told.artifacts)


def test_the_seal_of_a_stamped_letter_is_told_in_words(renderer):
    letter = typical(Form.STAMPED)

    assert f"ตราชื่อส่วนราชการ {letter.agency_name}" in structure(renderer.letter(letter, at=MORNING).pdf).read()


def test_copies_keep_the_structure_and_end_with_what_was_laid_on_them(renderer):
    original = renderer.letter(long(Form.EXTERNAL), at=MORNING).pdf
    read = structure(original).read()

    stamped = structure(renderer.stamped_copy(original, STAMP)).read()
    certified = structure(
        renderer.certified_copy(original, CopyCertificate("นางสาวน้ำฟ้า กตัญญู", "นักจัดการงานทั่วไป", MORNING, COPIED)).pdf
    ).read()

    assert stamped[: len(read)] == certified[: len(read)] == read
    assert any("เลขรับ" in text for text in stamped[len(read) :])
    assert "สำเนา" in certified and any("สำเนาถูกต้อง(นางสาวน้ำฟ้า กตัญญู)" in text for text in certified[len(read) :])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda root: root.__delitem__("/ParentTree"),
        lambda root: root.ParentTree.__setitem__("/Nums", pikepdf.Array([0, 7])),
        lambda root: root.ParentTree.__setitem__("/Nums", pikepdf.Array([5, pikepdf.Array([])])),
        lambda root: root.__setitem__("/K", 3),
    ],
)
def test_a_structure_that_leads_nowhere_is_taken_away_with_the_copy(renderer, spoil):
    with pikepdf.open(io.BytesIO(renderer.letter(a_page_letter(), at=MORNING).pdf)) as document:
        spoil(document.Root.StructTreeRoot)
        out = io.BytesIO()
        document.save(out)

    with pikepdf.open(io.BytesIO(renderer.stamped_copy(out.getvalue(), STAMP))) as copy:
        assert "/StructTreeRoot" not in copy.Root and "/MarkInfo" not in copy.Root
