"""How the enclosures of a letter are listed, and the photograph on a certificate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saraban.domain.attachment import Digest
from saraban.domain.classification import Form
from saraban.domain.enclosures import EnclosureLine, fault_of, printed_lines
from saraban.domain.errors import RuleBroken
from saraban.domain.versions import read_content
from tests.builders import CONTENT, NOW, a_file, a_letter, an_actor

FILE = a_file("กำหนดการ.ประชุม.pdf")
PHOTO = Digest.of(b"photo")
CERTIFICATE = replace(CONTENT, recipients=()).as_form(Form.CERTIFICATE)


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ((), ("กำหนดการ.ประชุม", "จำนวน 1 ชุด")),
        (("กำหนดการประชุม", ""), ("กำหนดการประชุม", "จำนวน 1 ชุด")),
        (("", "2 แผ่น"), ("กำหนดการ.ประชุม", "2 แผ่น")),
        (("แผนที่", "3 ระวาง"), ("แผนที่", "3 ระวาง")),
    ],
)
def test_a_file_is_listed_by_its_own_title_and_amount_or_by_its_name(
    line: tuple[str, ...], printed: tuple[str, str]
) -> None:
    lines = [EnclosureLine(Digest.of(b"other"), "อื่น")] + ([EnclosureLine(FILE.sha256, *line)] if line else [])

    assert printed_lines(lines, [FILE]) == [printed]


@pytest.mark.parametrize(
    ("title", "amount", "words"),
    [("ก" * 301, "", "ยาวเกิน"), ("", "1" * 61, "จำนวน"), ("ก\nข", "", "บรรทัดเดียว"), ("", "1\r", "บรรทัดเดียว")],
)
def test_a_line_that_does_not_fit_is_refused(title: str, amount: str, words: str) -> None:
    content = replace(CONTENT, enclosures=(EnclosureLine(FILE.sha256, title, amount),))

    assert words in content.out_of_form()["enclosures"]


def test_one_file_is_listed_once_and_only_on_forms_with_enclosures() -> None:
    line = EnclosureLine(FILE.sha256, "ก")

    assert "ซ้ำ" in fault_of([line, replace(line, title="ข")])
    assert "ไม่มีช่องนี้" in replace(CERTIFICATE, enclosures=(line,)).out_of_form()["enclosures"]
    assert replace(CONTENT, enclosures=(line,)).as_form(Form.NEWS).enclosures == ()


def test_what_is_listed_is_part_of_the_content_and_goes_with_its_file() -> None:
    letter, clerk = a_letter(), an_actor()
    letter.attach(FILE, by=clerk, at=NOW)
    before = letter.content_digest()
    lines = (EnclosureLine(FILE.sha256, "แผนที่", "3 ระวาง"), EnclosureLine(Digest.of(b"gone"), "ไม่มี"))

    letter.revise(replace(CONTENT, enclosures=lines), by=clerk, at=NOW)

    assert letter.content.enclosures == lines[:1] and letter.content_digest() != before
    assert read_content(letter.content_bytes()).enclosures == lines[:1]


def test_a_photograph_is_on_certificates_only_and_stays_when_the_words_change() -> None:
    letter, clerk = a_letter(content=CERTIFICATE), an_actor()
    before = letter.content_digest()
    letter.take_photo(PHOTO, at=NOW)
    letter.revise(replace(CERTIFICATE, subject="ใหม่"), by=clerk, at=NOW)

    assert letter.content.photo == PHOTO and letter.content_digest() != before
    assert read_content(letter.content_bytes()).photo == PHOTO
    assert letter.content.missing()["details.holder"].startswith("ใส่ชื่อผู้ได้รับการรับรอง")
    named = replace(letter.content, details={"holder": "นายกตัญญู"})
    assert "details.holder" not in named.missing()
    letter.revise(CONTENT, by=clerk, at=NOW)
    assert letter.content.photo is None
    with pytest.raises(RuleBroken, match="หนังสือรับรอง"):
        letter.take_photo(PHOTO, at=NOW)
