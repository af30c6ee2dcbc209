"""Numbers of the books: threads fight for them, and no number is lost or given twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from saraban.domain.errors import ConcurrentEdit
from saraban.domain.register import BookKind, EntryState
from saraban.storage.tables.registers import books, entries
from tests.builders import NOW, YEAR, StaffedAgency, a_book, an_entry
from tests.storage.conftest import NewUow
from tests.storage.fighting import side_by_side


class _ChangedMind(Exception):
    pass


def _take(new_uow: NewUow, office: StaffedAgency, *, give_up: bool = False, year: int = YEAR) -> int:
    with new_uow() as uow:
        book, serial = uow.registers.take(office.agency.id, BookKind.SENDING, None, year)
        uow.registers.enter(an_entry(office.agency.id, book, serial, year=year))
        if give_up:
            raise _ChangedMind
        uow.commit()
    return serial


def _serials(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.scalars(select(entries.c.serial).order_by(entries.c.serial)))


@pytest.mark.torture
def test_eight_threads_of_which_half_give_up_leave_no_gap_and_no_duplicate(
    engine: Engine, new_uow: NewUow, office: StaffedAgency, rounds: Callable[[int, int], int]
) -> None:
    each = rounds(6, 50)

    def fight(thread: int) -> list[int]:
        taken = []
        for turn in range(each):
            try:
                taken.append(_take(new_uow, office, give_up=(thread + turn) % 2 == 0))
            except _ChangedMind:
                continue
        return taken

    told = sorted(serial for taken in side_by_side(8, fight) for serial in taken)

    assert told == list(range(1, 4 * each + 1))
    assert _serials(engine) == told


def test_a_number_that_was_rolled_back_is_the_next_one_given(new_uow: NewUow, office: StaffedAgency) -> None:
    first = _take(new_uow, office)
    with pytest.raises(_ChangedMind):
        _take(new_uow, office, give_up=True)

    assert (first, _take(new_uow, office)) == (1, 2)


def test_eight_threads_open_a_book_together_and_there_is_one(
    engine: Engine, new_uow: NewUow, office: StaffedAgency
) -> None:
    told = side_by_side(8, lambda _: _take(new_uow, office))

    assert sorted(told) == list(range(1, 9))
    with engine.connect() as connection:
        assert len(connection.execute(select(books)).all()) == 1


def test_a_new_year_a_unit_and_the_other_book_each_begin_at_one(new_uow: NewUow, office: StaffedAgency) -> None:
    with new_uow() as uow:
        agency = office.agency.id
        uow.registers.open(a_book(agency, BookKind.SENDING, office.legal.id))
        taken = [
            uow.registers.take(agency, BookKind.SENDING, None, YEAR)[1],
            uow.registers.take(agency, BookKind.SENDING, None, YEAR)[1],
            uow.registers.take(agency, BookKind.SENDING, None, YEAR + 1)[1],
            uow.registers.take(agency, BookKind.SENDING, office.legal.id, YEAR)[1],
            uow.registers.take(agency, BookKind.RECEIVING, None, YEAR)[1],
        ]

    assert taken == [1, 2, 1, 1, 1]


def test_one_number_cannot_be_entered_twice_in_a_book(new_uow: NewUow, office: StaffedAgency) -> None:
    with pytest.raises(ConcurrentEdit), new_uow() as uow:
        book, serial = uow.registers.take(office.agency.id, BookKind.SENDING, None, YEAR)
        uow.registers.enter(an_entry(office.agency.id, book, serial))
        uow.registers.enter(an_entry(office.agency.id, book, serial))


@pytest.mark.only_database("postgresql")
def test_a_reserved_line_that_is_being_used_is_not_voided_at_the_same_moment(
    engine: Engine, new_uow: NewUow, office: StaffedAgency
) -> None:
    letter = office["head"].person_id
    with new_uow() as uow:
        book, serial = uow.registers.take(office.agency.id, BookKind.SENDING, None, YEAR)
        entry = an_entry(office.agency.id, book, serial, state=EntryState.RESERVED, subject_of=letter)
        uow.registers.enter(entry)
        uow.commit()

    with new_uow() as signing:
        found = signing.registers.of_subject(office.agency.id, letter, EntryState.RESERVED)
        assert found is not None
        found.use(by=office["head"], at=NOW)
        signing.registers.save(found)
        with new_uow() as night:
            stale = night.registers.reserved_before(entry.at.replace(year=2030), 10)
            for line in stale:
                line.void(reason="ลงนามไม่เสร็จ", authority="ระบบ", by=office["records"], at=NOW)
                night.registers.save(line)
            night.commit()
        signing.commit()

    assert stale == []
    with engine.connect() as connection:
        assert connection.scalar(select(entries.c.state)) is EntryState.USED
