"""The picture of one's own signature: printed in the block of later signatures, never a signature itself."""

from __future__ import annotations

import io

import pikepdf
import pytest

from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.page_signature import SignatureKind
from saraban.usecases import copying, picturing
from tests.builders import NOW
from tests.rendering.signatures_drawn import drawn, photographed
from tests.usecases.house import PASSPHRASE, House


def pictures_in(house: House, page: Digest) -> int:
    """How many pictures with a soft mask the file holds."""
    with pikepdf.open(io.BytesIO(house.office.blobs.open(page))) as document:
        return sum(isinstance(one, pikepdf.Stream) and "/SMask" in one for one in document.objects)


def test_the_picture_is_in_the_block_of_letters_that_are_signed_after_it(either_house: House) -> None:
    house, head = either_house, either_house.ours["head"]
    before = house.sign(house.before_the_head())
    kept = picturing.set_picture(house.office, actor=head, data=drawn())
    after = house.sign(house.before_the_head())
    picturing.remove_picture(house.office, actor=head)
    last = house.sign(house.before_the_head())

    assert [pictures_in(house, one.page) for one in (before, after, last)] == [0, 1, 0]
    assert house.office.blobs.open(kept).startswith(b"\x89PNG")
    assert picturing.picture_of(house.office, actor=head) is None
    events = [name for name in house.journal() if name.startswith("person.")]
    assert events == ["person.signature-picture-set", "person.signature-picture-removed"]


def test_the_kind_of_the_signature_is_that_of_the_certificate_with_a_picture_and_without(house: House) -> None:
    plain = house.sign(house.before_the_head())
    picturing.set_picture(house.office, actor=house.ours["head"], data=drawn())
    pictured = house.sign(house.before_the_head())
    found = [
        house.office.page_checker.check(house.office.blobs.open(one.page), NOW).signatures[0]
        for one in (plain, pictured)
    ]

    assert found[0].kind is found[1].kind is SignatureKind.RELIABLE
    assert [one.as_dict()["standing"] for one in found] == [found[0].standing.value] * 2
    assert all(one.holds for one in found)


def test_a_certified_copy_shows_the_picture_of_him_who_certifies(house: House) -> None:
    picturing.set_picture(house.office, actor=house.ours["head"], data=photographed())
    letter_id = house.signed()
    copy = copying.certify_copy(house.office, actor=house.ours["head"], letter_id=letter_id, passphrase=PASSPHRASE)

    assert pictures_in(house, copy.sha256) >= 1


def test_the_same_picture_again_is_told_once(house: House) -> None:
    for _ in range(2):
        picturing.set_picture(house.office, actor=house.ours["head"], data=drawn())

    assert len(house.told("person.signature-picture-set")) == 1


def test_each_has_only_his_own(house: House) -> None:
    picturing.set_picture(house.office, actor=house.ours["head"], data=drawn())
    with pytest.raises(NotFound):
        picturing.open_picture(house.office, actor=house.ours["director"])
    signed_by_none = picturing.picture_of(house.office, actor=house.theirs["head"])

    assert signed_by_none is None


def test_what_is_too_large_or_empty_is_refused(house: House) -> None:
    for data in (b"", b"\x89PNG" + bytes(5_000_001)):
        with pytest.raises(BadInput) as refused:
            picturing.set_picture(house.office, actor=house.ours["head"], data=data)
        assert set(refused.value.fields) == {"file"}
