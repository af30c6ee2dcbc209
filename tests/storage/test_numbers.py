"""Numbers of the books: threads fight for them, and no number is lost or given twice."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from saraban.domain.agency import UnitId
from saraban.domain.errors import ConcurrentEdit, RuleBroken
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


def _take_block(new_uow: NewUow, office: StaffedAgency, count: int, *, give_up: bool) -> range:
    with new_uow() as uow:
        book, first = uow.registers.take_block(office.agency.id, BookKind.SENDING, None, YEAR, count)
        uow.registers.enter(*(an_entry(office.agency.id, book, n) for n in range(first, first + count)))
        if give_up:
            raise _ChangedMind
        uow.commit()
    return range(first, first + count)


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


@pytest.mark.torture
def test_blocks_and_single_numbers_taken_at_once_lie_side_by_side_and_never_overlap(
    engine: Engine, new_uow: NewUow, office: StaffedAgency, rounds: Callable[[int, int], int]
) -> None:
    each = rounds(4, 40)

    def fight(thread: int) -> list[range]:
        taken = []
        for turn in range(each):
            count = (thread * 7 + turn * 3) % 5 + 1
            with contextlib.suppress(_ChangedMind):
                taken.append(_take_block(new_uow, office, count, give_up=(thread + turn) % 3 == 0))
        return taken

    blocks = [block for taken in side_by_side(8, fight) for block in taken]
    numbers = sorted(serial for block in blocks for serial in block)

    assert numbers == list(range(1, len(numbers) + 1))
    assert _serials(engine) == numbers
    with engine.connect() as connection:
        assert connection.scalar(select(books.c.last)) == len(numbers)


@pytest.mark.torture
def test_eight_clerks_at_midnight_open_the_new_years_books_each_once(
    engine: Engine, new_uow: NewUow, office: StaffedAgency, rounds: Callable[[int, int], int]
) -> None:
    agency, unit = office.agency.id, office.legal.id
    kept = [(BookKind.RECEIVING, None), (BookKind.SENDING, None), (BookKind.SENDING, unit), (BookKind.ORDERS, None)]
    with new_uow() as uow:
        for kind, keeper in kept[2:]:
            uow.registers.open(a_book(agency, kind, keeper, first=700))
        uow.commit()
    years = range(YEAR + 1, YEAR + 1 + rounds(3, 30))

    def work(thread: int) -> list[tuple[BookKind, UnitId | None, int, int]]:
        taken = []
        for year in years:
            for kind, keeper in kept[thread % 4 :] + kept[: thread % 4]:
                with new_uow() as uow:
                    book, serial = uow.registers.take(agency, kind, keeper, year)
                    uow.registers.enter(an_entry(agency, book, serial, kind=kind, year=year))
                    if (thread + year) % 3:
                        uow.commit()
                        taken.append((kind, keeper, year, serial))
        return taken

    told = [one for taken in side_by_side(8, work) for one in taken]

    with engine.connect() as connection:
        opened = connection.execute(select(books).where(books.c.year > YEAR)).all()
    assert len(opened) == len(kept) * len(years)
    for book in opened:
        given = sorted(
            n for kind, keeper, year, n in told if (kind, keeper, year) == (book.kind, book.unit_id, book.year)
        )
        assert (book.first, given) == (1, list(range(1, book.last + 1)))
        assert given, "at every midnight somebody commits"


def test_a_book_that_was_not_kept_last_year_does_not_open_at_midnight(new_uow: NewUow, office: StaffedAgency) -> None:
    with new_uow() as uow, pytest.raises(RuleBroken) as refused:
        uow.registers.take(office.agency.id, BookKind.ORDERS, None, YEAR + 1)
    assert refused.value.code == "book-not-open"


@pytest.mark.parametrize("for_good", [True, False])
def test_what_opens_after_a_book_that_was_closed(new_uow: NewUow, office: StaffedAgency, for_good: bool) -> None:
    agency = office.agency.id
    with new_uow() as uow:
        book = a_book(agency, BookKind.ORDERS)
        uow.registers.open(book)
        uow.registers.end(book, NOW, for_good=for_good)
        uow.commit()

    with new_uow() as uow:
        with pytest.raises(RuleBroken) as closed:
            uow.registers.take(agency, BookKind.ORDERS, None, YEAR)
        assert closed.value.code == "book-closed"
        assert uow.registers.keeps(agency, BookKind.ORDERS, None) is not for_good
        if for_good:
            with pytest.raises(RuleBroken) as ended:
                uow.registers.take(agency, BookKind.ORDERS, None, YEAR + 1)
            assert ended.value.code == "book-not-open"
        else:
            assert uow.registers.take(agency, BookKind.ORDERS, None, YEAR + 1)[1] == 1


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
