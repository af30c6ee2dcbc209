"""Lines of books that were closed, and columns that are full."""

from __future__ import annotations

import pytest

from saraban.domain.errors import BadInput, PossibleDuplicate, RuleBroken
from saraban.domain.register import BookKind
from saraban.storage.tables.registers import entries
from saraban.usecases import amending, bookkeeping, recording
from tests.builders import YEAR, a_matter
from tests.usecases.house import House


def _open(house: House, kind: BookKind, first: int) -> None:
    bookkeeping.open_book(house.office, actor=house.ours["admin"], kind=kind, first=first)


def _enter_one_from_before(house: House, kind: BookKind, serial: int) -> recording.Recorded:
    clerk = house.ours["central_clerk"]
    return recording.record_letter(house.office, actor=clerk, kind=kind, matter=a_matter(number=""), serial=serial)


@pytest.mark.parametrize("for_good", [True, False])
def test_a_closed_book_takes_no_letter_from_before_the_system_either(house: House, for_good: bool) -> None:
    _open(house, BookKind.ORDERS, 500)
    assert _enter_one_from_before(house, BookKind.ORDERS, 12).number == 12
    with house.office.uow() as uow:
        book = uow.registers.book(house.ours.agency.id, BookKind.ORDERS, None, YEAR)
        assert book is not None
        uow.registers.end(book, house.clock.now(), for_good=for_good)
        uow.commit()

    with pytest.raises(RuleBroken) as refused:
        _enter_one_from_before(house, BookKind.ORDERS, 13)

    assert refused.value.code == "book-closed"
    assert [row.serial for row in house.rows(entries)] == [12]


def test_a_letter_from_before_takes_no_number_of_the_book(house: House) -> None:
    _open(house, BookKind.RECEIVING, 500)
    _enter_one_from_before(house, BookKind.RECEIVING, 499)
    clerk = house.ours["central_clerk"]

    taken = recording.record_letter(house.office, actor=clerk, kind=BookKind.RECEIVING, matter=a_matter(subject="อื่น"))

    assert taken.number == 500


def test_a_note_that_does_not_fit_beside_why_the_number_was_reserved_is_refused(house: House) -> None:
    clerk = house.ours["central_clerk"]
    block = amending.reserve_numbers(
        house.office, actor=clerk, kind=BookKind.SENDING, count=1, reason="ระบบหยุดเพื่อบำรุงรักษา"
    )
    with pytest.raises(BadInput) as refused:
        amending.bind_number(
            house.office, actor=clerk, entry_id=block.ids[0], matter=a_matter(number="", note="ก" * 990)
        )

    assert list(refused.value.fields) == ["note"]
    amending.bind_number(house.office, actor=clerk, entry_id=block.ids[0], matter=a_matter(number="", note="ก" * 900))
    amending.rectify_entry(
        house.office, actor=clerk, entry_id=block.ids[0], changes={"subject": "แก้แล้ว"}, reason="พิมพ์ผิด"
    )


@pytest.mark.parametrize("dated", [True, False])
def test_a_numbered_letter_is_noticed_that_was_entered_before_without_its_number(house: House, dated: bool) -> None:
    day = {} if dated else {"letter_date": None}
    values = {"actor": house.ours["central_clerk"], "kind": BookKind.RECEIVING}
    first = recording.record_letter(house.office, **values, matter=a_matter(number="", **day))
    recording.record_letter(house.office, **values, matter=a_matter(number="มท 0301/1", subject="อีกเรื่อง", **day))

    with pytest.raises(PossibleDuplicate) as noticed:
        recording.record_letter(house.office, **values, matter=a_matter(number="มท 0301/2", **day))

    assert noticed.value.earlier == [first.id]
