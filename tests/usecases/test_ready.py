"""A ready PDF as the letter: brought, marked, routed, signed, and taken away again."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdfium2 as pdfium
import pytest

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, NotPermitted, RuleBroken, StageNotAllowed
from saraban.domain.letter import LetterId
from saraban.domain.ready import ReadyPage, Spot
from saraban.usecases import drafting, ready, routing, versioning, word
from tests.builders import CONTENT, NOW
from tests.usecases.house import House


def a_pdf(house: House) -> bytes:
    """A letter of A4 that was written elsewhere: the page of another draft."""
    other = house.draft(subject="หนังสือที่พิมพ์จากที่อื่น")
    return drafting.preview_letter(house.office, actor=house.ours["clerk"], letter_id=other).pdf


def brought(house: House, letter_id: LetterId, data: bytes | None = None, by: str = "clerk") -> ReadyPage:
    data = a_pdf(house) if data is None else data
    return ready.bring_ready(
        house.office, actor=house.ours[by], letter_id=letter_id, name="C:\\หนังสือ.pdf", stream=io.BytesIO(data)
    )


def placed(house: House, letter_id: LetterId, by: str = "clerk", version: int | None = None) -> ReadyPage:
    return ready.place_marks(
        house.office, actor=house.ours[by], letter_id=letter_id, version=version,
        number=Spot(1, 38, 120), date=Spot(1, 105, 130), signature=Spot(1, 100, 200),
    )  # fmt: skip


def text(pdf: bytes) -> str:
    return str(pdfium.PdfDocument(pdf)[0].get_textpage().get_text_bounded())


def test_a_ready_page_is_routed_signed_and_frozen(either_house: House) -> None:
    house = either_house
    letter_id = house.draft(body="")
    data = a_pdf(house)
    page = brought(house, letter_id, data)
    placed(house, letter_id)
    preview = drafting.preview_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    routing.endorse_letter(house.office, actor=house.ours["director"], letter_id=letter_id)
    signed = house.sign(letter_id)

    assert (page.pages, page.name, page.sha256) == (1, "หนังสือ.pdf", Digest.of(data))
    issued = house.office.blobs.open(signed.page)
    counts = [text(pdf).count("(รอเลข)") for pdf in (data, preview.pdf, issued)]
    assert counts == [1, 2, 1], "the one that was brought, which is itself the page of a draft, has one of its own"
    assert "หนังสือที่พิมพ์จากที่อื่น" in text(issued)
    assert "ทส ๑๐๐๒/๑" in text(issued) and "๒๓ พฤศจิกายน ๒๕๖๙" in text(issued)
    [signature] = house.office.page_checker.check(issued, NOW).signatures
    assert signature.whole.is_true and signature.covers_all
    assert house.office.blobs.open(page.sha256) == data


def test_what_is_typed_keeps_the_page_and_the_journal_tells(house: House) -> None:
    letter_id = house.draft()
    page = brought(house, letter_id)
    placed(house, letter_id)
    version = house.letter(letter_id).version
    drafting.revise_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id, content=CONTENT)
    assert house.letter(letter_id).content.ready is not None
    typed = drafting.preview_content(house.office, actor=house.ours["clerk"], content=CONTENT, letter_id=letter_id)
    assert "หนังสือที่พิมพ์จากที่อื่น" in text(typed.pdf)
    with pytest.raises(ConcurrentEdit):
        placed(house, letter_id, version=version)
    ready.remove_ready(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    assert house.letter(letter_id).content.ready is None
    assert [one["values"]["sha256"] for one in house.told("letter.ready-brought")] == [page.sha256.hex]
    assert "หน้า 1" in house.told("letter.ready-placed")[0]["values"]["places"]
    assert [one["values"]["file_name"] for one in house.told("letter.ready-removed")] == ["หนังสือ.pdf"]


def test_another_page_shows_among_the_differences_of_versions(house: House) -> None:
    letter_id = house.draft()
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    routing.return_letter(house.office, actor=house.ours["director"], letter_id=letter_id, reason="ใช้ฉบับที่พิมพ์แล้ว")
    brought(house, letter_id)
    letter = house.letter(letter_id)
    old, new = versioning.two_of(
        versioning.versions_of(house.office, actor=house.ours["clerk"], letter=letter), None, None
    )

    parts = versioning.differences(house.office, letter, old.digest, new.digest)
    assert [part.caption for part in parts] == ["ไฟล์ที่เป็นตัวหนังสือ"]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"words", b"%PDF-" + b" " * ready.MOST_OCTETS])
def test_what_is_no_letter_is_refused_and_the_text_stays(house: House, data: bytes) -> None:
    letter_id = house.draft()
    with pytest.raises(BadInput) as refused:
        brought(house, letter_id, data)

    assert list(refused.value.fields) == ["file"]
    assert house.letter(letter_id).content.ready is None


def test_page_and_enclosures_together_can_leave_by_mail(house: House) -> None:
    letter_id = house.draft()
    data = a_pdf(house)
    house.attach(letter_id, data=b"x" * 13_990_000)
    house.attach(letter_id, "ข.txt", data=b"x" * (610_000 - len(data) + 1))
    with pytest.raises(BadInput):
        brought(house, letter_id, data)
    other = house.draft()
    brought(house, other, data)
    house.attach(other, data=b"x" * 13_990_000)
    with pytest.raises(BadInput):
        house.attach(other, "ข.txt", data=b"x" * (610_000 - len(data) + 1))


def test_a_place_that_there_is_not_is_refused(house: House) -> None:
    letter_id = house.draft()
    brought(house, letter_id)
    with pytest.raises(BadInput) as refused:
        ready.place_marks(
            house.office, actor=house.ours["clerk"], letter_id=letter_id,
            number=Spot(2, 10, 10), date=None, signature=Spot(1, 500, 10),
        )  # fmt: skip

    assert set(refused.value.fields) == {"number", "signature"}


def test_a_letter_without_a_ready_page_has_none_to_place_or_remove(house: House) -> None:
    letter_id = house.draft()
    deeds: list[Callable[[], object]] = [
        lambda: placed(house, letter_id),
        lambda: ready.remove_ready(house.office, actor=house.ours["clerk"], letter_id=letter_id),
    ]
    for deed in deeds:
        with pytest.raises(RuleBroken) as refused:
            deed()
        assert refused.value.code == "no-ready-page"


def test_only_who_may_revise_a_draft_brings_a_page_and_not_on_its_route(house: House) -> None:
    letter_id = house.draft()
    data = a_pdf(house)
    for who in ("head", "records", "admin"):
        with pytest.raises((NotPermitted, NotFound)):
            brought(house, letter_id, data, who)
    stranger: Actor = house.theirs["central_clerk"]
    with pytest.raises(NotFound):
        ready.bring_ready(house.office, actor=stranger, letter_id=letter_id, name="a.pdf", stream=io.BytesIO(data))
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    with pytest.raises(StageNotAllowed):
        brought(house, letter_id, data)
    assert house.told("letter.ready-brought") == []


def test_a_ready_page_is_not_taken_away_as_a_word_file(house: House) -> None:
    letter_id = house.draft()
    brought(house, letter_id)
    with pytest.raises(RuleBroken) as refused:
        word.word_file(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    assert refused.value.code == "ready-page"
