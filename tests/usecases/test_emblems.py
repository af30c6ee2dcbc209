"""The agency's emblem: brought by the administrator, printed from then on, told in the journal, taken away again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from saraban.domain.attachment import Digest
from saraban.domain.classification import Form
from saraban.domain.errors import BadInput, NotFound, NotPermitted
from saraban.usecases import emblems
from tests.usecases.house import House

SVG = (Path(__file__).parents[1] / "assets" / "emblems" / "emblem.svg").read_bytes()


def brought(house: House, data: bytes = SVG, name: str = "C:\\ตรา\\emblem.svg") -> Digest:
    """The emblem as the administrator brings it."""
    return emblems.set_emblem(house.office, actor=house.ours["admin"], name=name, data=data)


def test_an_emblem_is_kept_once_and_told_with_both_digests(either_house: House) -> None:
    kept = [brought(either_house) for _ in range(2)]

    with either_house.office.uow() as uow:
        assert uow.agencies.get(either_house.ours.agency.id).emblem == kept[0] == kept[1]
    [told] = [line["values"] for line in either_house.told("agency.emblem-set")]
    assert (told["file_name"], told["sha256"], told["original"]) == ("emblem.svg", kept[0].hex, Digest.of(SVG).hex)
    assert either_house.office.blobs.open(kept[0]).startswith(b"%PDF-")
    assert emblems.open_emblem(either_house.office, actor=either_house.ours["admin"]) == (
        either_house.office.blobs.open(kept[0])
    )


def test_letters_signed_before_keep_their_bytes_and_those_after_have_the_emblem(either_house: House) -> None:
    before = either_house.letter(either_house.signed())
    page = before.files[0].sha256
    data = either_house.office.blobs.open(page)
    brought(either_house)
    after = either_house.letter(either_house.signed())

    assert either_house.letter(before.id).files[0].sha256 == page
    assert either_house.office.blobs.open(page) == data
    assert "ตราครุฑ" in text_of(data) and "ตราครุฑ" not in text_of(either_house.office.blobs.open(after.files[0].sha256))


def test_an_emblem_is_taken_away_and_told_once(either_house: House) -> None:
    kept = brought(either_house)
    for _ in range(2):
        emblems.remove_emblem(either_house.office, actor=either_house.ours["admin"])

    with either_house.office.uow() as uow:
        assert uow.agencies.get(either_house.ours.agency.id).emblem is None
    assert [line["values"]["sha256"] for line in either_house.told("agency.emblem-removed")] == [kept.hex]
    with pytest.raises(NotFound):
        emblems.open_emblem(either_house.office, actor=either_house.ours["admin"])


def test_samples_of_forms_one_to_three_change_with_the_emblem_and_there_are_no_others(house: House) -> None:
    def shown() -> list[bytes]:
        return [
            emblems.sample_image(house.office, actor=house.ours["admin"], form=form, width=200)
            for form in emblems.SAMPLES
        ]

    before = shown()
    assert before == shown()
    brought(house)

    assert all(one.startswith(b"\x89PNG") for one in before)
    assert not set(before) & set(shown())
    with pytest.raises(NotFound):
        emblems.sample_image(house.office, actor=house.ours["admin"], form=Form.ORDER, width=200)


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"x" * (emblems.MOST_OCTETS + 1)], ids=["none", "other", "large"])
def test_what_is_no_emblem_is_refused_and_the_last_one_stays(house: House, data: bytes) -> None:
    kept = brought(house)
    with pytest.raises(BadInput) as refused:
        brought(house, data)

    assert list(refused.value.fields) == ["file"]
    with house.office.uow() as uow:
        assert uow.agencies.get(house.ours.agency.id).emblem == kept


@pytest.mark.parametrize("who", ["central_clerk", "records", "head", "director"])
def test_only_the_administrator_has_to_do_with_the_emblem(house: House, who: str) -> None:
    brought(house)
    actor = house.ours[who]
    deeds: list[Callable[[], object]] = [
        lambda: emblems.set_emblem(house.office, actor=actor, name="a.svg", data=SVG),
        lambda: emblems.remove_emblem(house.office, actor=actor),
        lambda: emblems.open_emblem(house.office, actor=actor),
        lambda: emblems.sample_image(house.office, actor=actor, form=Form.EXTERNAL, width=200),
    ]
    for deed in deeds:
        with pytest.raises(NotPermitted) as refused:
            deed()
        assert refused.value.thai == "ทำได้เฉพาะผู้ดูแลระบบ"
    assert house.told("agency.emblem-removed") == []


def text_of(pdf: bytes) -> str:
    """The words of the first page."""
    return str(pdfium.PdfDocument(pdf)[0].get_textpage().get_text_bounded())
