"""The photograph on a certificate, and the titles of enclosures, in the office."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdfium2 as pdfium
import pytest

from saraban.domain.attachment import Digest
from saraban.domain.classification import Form
from saraban.domain.enclosures import EnclosureLine
from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken, StageNotAllowed
from saraban.domain.letter import LetterId
from saraban.usecases import drafting, photos, versioning
from tests.builders import CONTENT
from tests.rendering.test_pictures import picture
from tests.usecases.house import House

CERTIFICATE = replace(CONTENT, recipients=()).as_form(Form.CERTIFICATE)
FACE = picture((800, 1200), kind="JPEG", color=(90, 140, 200))


def brought(house: House, letter_id: LetterId, data: bytes = FACE, by: str = "clerk") -> Digest:
    return photos.bring_photo(house.office, actor=house.ours[by], letter_id=letter_id, stream=io.BytesIO(data))


def colour(pdf: bytes) -> tuple[int, ...]:
    """In the middle of the photograph, whose upper edge is a little below the date on this page."""
    page = pdfium.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("RGB")
    column = [page.getpixel((110, y)) for y in range(page.height)]
    return next((seen for seen in column if seen[2] > seen[0] + 60), (0, 0, 0))


def test_a_photograph_is_kept_anew_printed_and_stays_when_words_are_saved(either_house: House) -> None:
    house = either_house
    letter_id = house.draft(CERTIFICATE)
    kept = brought(house, letter_id)
    words = replace(CERTIFICATE, subject="ใหม่", details={"holder": "นายกตัญญู ฎีกาวงศ์"})
    drafting.revise_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id, content=words)

    saved = drafting.preview_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    typed = drafting.preview_content(house.office, actor=house.ours["clerk"], content=words, letter_id=letter_id)
    data = photos.open_photo(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    assert kept == Digest.of(data) != Digest.of(FACE) and data.startswith(b"\xff\xd8")
    assert colour(saved.pdf) == colour(typed.pdf) == pytest.approx((90, 140, 200), abs=6)
    assert "นายกตัญญู ฎีกาวงศ์" in pdfium.PdfDocument(saved.pdf)[0].get_textpage().get_text_bounded()
    assert [one["values"]["sha256"] for one in house.told("letter.photo-brought")] == [kept.hex]


def test_it_is_compared_between_versions_and_taken_off_again(house: House) -> None:
    letter_id = house.draft(CERTIFICATE)
    brought(house, letter_id)
    with house.office.uow() as uow:
        letter = uow.letters.get(house.ours.agency.id, letter_id)
        first, second = (one.digest for one in uow.versions.of(letter.agency_id, letter.id))
    captions = [one.caption for one in versioning.differences(house.office, letter, *sorted((first, second)))]
    assert captions == ["รูปถ่าย"]

    photos.remove_photo(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    assert len(house.told("letter.photo-removed")) == 1
    with pytest.raises(NotFound):
        photos.open_photo(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    with pytest.raises(RuleBroken, match="ยังไม่มีรูปถ่าย"):
        photos.remove_photo(house.office, actor=house.ours["clerk"], letter_id=letter_id)


def test_only_those_who_may_change_the_draft_bring_a_photograph_while_it_is_open(house: House) -> None:
    letter_id, other_form = house.draft(CERTIFICATE), house.draft()
    with pytest.raises(RuleBroken, match="เฉพาะหนังสือรับรอง"):
        brought(house, other_form)
    with pytest.raises(NotPermitted):
        brought(house, letter_id, by="director")
    for deed in (photos.open_photo, photos.remove_photo):
        with pytest.raises(NotFound):
            deed(house.office, actor=house.theirs["clerk"], letter_id=letter_id)
    drafting.withdraw_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    with pytest.raises(StageNotAllowed):
        brought(house, letter_id)
    assert house.told("letter.photo-brought") == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "เลือกรูปถ่าย"),
        (b"%PDF-1.7", "JPEG หรือ PNG"),
        (b"\xff\xd8" + b"\0" * 10_000_000, "๑๐ MB"),
        (picture((200, 300)), "เล็กเกินไป"),
        (picture((2000, 400)), "๔ × ๖"),
        (picture((600, 900), kind="TIFF"), "JPEG หรือ PNG"),
    ],
)
def test_what_is_no_photograph_is_refused_at_its_field(house: House, data: bytes, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        brought(house, house.draft(CERTIFICATE), data)

    assert words in refused.value.fields["photo"]


def test_enclosures_are_printed_by_their_titles_and_amounts(either_house: House) -> None:
    house = either_house
    letter_id = house.draft()
    first, second = house.attach(letter_id, "ก.txt"), house.attach(letter_id, "แบบตอบรับ.txt", b"other")
    content = replace(CONTENT, enclosures=(EnclosureLine(first.sha256, "กำหนดการประชุม", "3 แผ่น"),))
    drafting.revise_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id, content=content)

    text = pdfium.PdfDocument(
        drafting.preview_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id).pdf
    )[0].get_textpage().get_text_bounded()  # fmt: skip
    assert "๑. กำหนดการประชุม จำนวน ๓ แผ่น" in text and "๒. แบบตอบรับ จำนวน ๑ ชุด" in text
    with house.office.uow() as uow:
        letter = uow.letters.get(house.ours.agency.id, letter_id)
    assert letter.content.enclosures == content.enclosures and second in letter.files
