"""Books opened, ended and carried over into the new year, on both sides of midnight in Bangkok."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from saraban.domain.agency import AgencyOptions
from saraban.domain.classification import Secrecy
from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken
from saraban.domain.register import BookKind, EntryState, Matter
from saraban.storage.tables.registers import books, entries
from saraban.usecases import amending, bookkeeping, drafting, recording, registering, routing
from saraban.usecases.bookkeeping import StartRepeats
from tests.builders import CONTENT
from tests.usecases.house import House

LAST_SECOND = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)
"""23:59:59 on 31 December 2569 in Bangkok."""
MIDNIGHT = LAST_SECOND + timedelta(seconds=1)
LETTER = Matter(sender="กรมบัญชีกลาง", subject="แจ้งเวียน")


def opened(house: House, kind: BookKind, unit_code: str = "", first: int = 1, year: int | None = None) -> None:
    """Open a book as our administrator."""
    bookkeeping.open_book(
        house.office, actor=house.ours["admin"], kind=kind, unit_code=unit_code, first=first, year=year
    )


def reopened(house: House, kind: BookKind, unit_code: str = "", reason: str = "เลิกเก็บผิดเล่ม") -> None:
    """Open a book again as our administrator."""
    bookkeeping.reopen_book(house.office, actor=house.ours["admin"], kind=kind, unit_code=unit_code, reason=reason)


def whole(house: House) -> None:
    """No gap, no duplicate, every line as its ledger tells it, the journal unbroken."""
    agency = house.ours.agency.id
    assert all(book.sound for book in house.office.ledgers.books(agency))
    assert (list(house.office.ledgers.faults(agency)), list(house.office.journals.breaks(agency))) == ([], [])


def ended(house: House, kind: BookKind, unit_code: str = "") -> None:
    """Stop keeping a book as our administrator."""
    bookkeeping.end_book(house.office, actor=house.ours["admin"], kind=kind, unit_code=unit_code)


def entered(house: House, kind: BookKind, unit_code: str = "", secrecy: Secrecy = Secrecy.OPEN) -> tuple[int, int, str]:
    """Enter a letter on paper: its number, its year and its letter number."""
    made = recording.record_letter(
        house.office,
        actor=house.ours["central_clerk"],
        kind=kind,
        unit_code=unit_code,
        matter=replace(LETTER, secrecy=secrecy),
        again=True,
    )
    return made.number, made.year, made.letter_number


def kept(house: House) -> list[tuple[BookKind, bool, int, int, bool]]:
    """The books on the shelf: kind, whether a unit's, year, last number, whether closed."""
    rows = house.rows(books)
    return sorted(
        ((r.kind, r.unit_id is not None, r.year, r.last, r.closed_at is not None) for r in rows),
        key=lambda one: (one[0].value, one[1], one[2]),
    )


# --- opening ---------------------------------------------------------------------------------------------------------


def test_a_book_is_opened_with_its_start_number(either_house: House) -> None:
    opened(either_house, BookKind.ORDERS, first=41)

    assert entered(either_house, BookKind.ORDERS) == (41, 2569, "41/2569")
    [told] = either_house.told("book.opened")
    assert (told["values"]["kind"], told["values"]["first"], told["by"]["name"]) == ("orders", 41, "นางสาวดวงใจ ดูแล")


def test_a_unit_that_keeps_its_own_book_has_its_own_numbers(either_house: House) -> None:
    opened(either_house, BookKind.SENDING, "legal", first=100)
    entered(either_house, BookKind.SENDING)

    assert entered(either_house, BookKind.SENDING, "legal") == (100, 2569, "ทส 1002/100")
    assert entered(either_house, BookKind.SENDING) == (2, 2569, "ทส 1001/2")


def test_a_book_is_opened_once_a_year(house: House) -> None:
    opened(house, BookKind.ORDERS)
    with pytest.raises(RuleBroken) as refused:
        opened(house, BookKind.ORDERS)

    assert refused.value.code == "book-open"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"first": 0}, "first"),
        ({"first": 1_000_001}, "first"),
        ({"year": 2570}, "year"),
        ({"year": 2400}, "year"),
        ({"kind": BookKind.SECRET_SENDING, "unit_code": "legal"}, "unit"),
    ],
)
def test_what_cannot_be_a_book_is_refused_by_field(house: House, values: dict[str, object], field: str) -> None:
    told: dict[str, object] = {"kind": BookKind.ORDERS} | values
    with pytest.raises(BadInput) as refused:
        bookkeeping.open_book(house.office, actor=house.ours["admin"], **told)  # type: ignore[arg-type]

    assert list(refused.value.fields) == [field]
    assert house.rows(books) == []


@pytest.mark.parametrize("who", ["central_clerk", "records", "head", "director"])
def test_only_the_administrator_opens_ends_and_reopens_books_and_sets_options(house: House, who: str) -> None:
    actor = house.ours[who]
    deeds: list[Callable[[], object]] = [
        lambda: bookkeeping.open_book(house.office, actor=actor, kind=BookKind.ORDERS),
        lambda: bookkeeping.end_book(house.office, actor=actor, kind=BookKind.ORDERS),
        lambda: bookkeeping.reopen_book(house.office, actor=actor, kind=BookKind.ORDERS, reason="ผิดเล่ม"),
        lambda: bookkeeping.set_options(house.office, actor=actor, options=AgencyOptions(True)),
    ]
    for deed in deeds:
        with pytest.raises(NotPermitted) as refused:
            deed()
        assert refused.value.thai == "ทำได้เฉพาะผู้ดูแลระบบ"
    assert house.rows(books) == []


def test_a_unit_that_does_not_exist_keeps_no_book(house: House) -> None:
    for deed in (opened, ended, reopened):
        with pytest.raises(NotFound):
            deed(house, BookKind.SENDING, "nowhere")


# --- ending ----------------------------------------------------------------------------------------------------------


def test_an_ended_book_gives_no_number_and_letters_go_into_the_central_one(either_house: House) -> None:
    opened(either_house, BookKind.SENDING, "legal")
    entered(either_house, BookKind.SENDING, "legal")
    entered(either_house, BookKind.SENDING)
    ended(either_house, BookKind.SENDING, "legal")

    assert entered(either_house, BookKind.SENDING, "legal") == (2, 2569, "ทส 1002/2")
    assert (BookKind.SENDING, True, 2569, 1, True) in kept(either_house)
    [told] = either_house.told("book.closed")
    assert (told["values"]["keeper"], told["values"]["last"]) == ("กองกฎหมาย", 1)
    whole(either_house)


def test_an_ended_central_book_of_its_own_kind_refuses(house: House) -> None:
    opened(house, BookKind.ORDERS)
    ended(house, BookKind.ORDERS)
    with pytest.raises(RuleBroken) as refused:
        entered(house, BookKind.ORDERS)

    assert refused.value.code == "book-closed"


def test_the_two_books_of_the_agency_cannot_be_ended(house: House) -> None:
    for kind in (BookKind.RECEIVING, BookKind.SENDING):
        with pytest.raises(RuleBroken) as refused:
            ended(house, kind)
        assert refused.value.code == "book-required"


def test_what_is_not_kept_cannot_be_ended(house: House) -> None:
    with pytest.raises(RuleBroken) as refused:
        ended(house, BookKind.ORDERS)

    assert refused.value.code == "book-not-open"


def test_a_book_that_has_not_begun_its_new_year_can_be_ended(either_house: House) -> None:
    opened(either_house, BookKind.ORDERS)
    entered(either_house, BookKind.ORDERS)
    either_house.clock.move_to(MIDNIGHT)
    ended(either_house, BookKind.ORDERS)

    with pytest.raises(RuleBroken):
        entered(either_house, BookKind.ORDERS)
    assert kept(either_house) == [(BookKind.ORDERS, False, 2569, 1, True)]


def test_an_ended_book_is_opened_again_in_a_later_year_by_hand(house: House) -> None:
    opened(house, BookKind.ORDERS)
    ended(house, BookKind.ORDERS)
    house.clock.move_to(MIDNIGHT)
    opened(house, BookKind.ORDERS)

    assert entered(house, BookKind.ORDERS)[:2] == (1, 2570)


# --- opening again ----------------------------------------------------------------------------------------------------


def test_a_book_that_was_ended_by_mistake_goes_on_with_its_numbers(either_house: House) -> None:
    opened(either_house, BookKind.ORDERS, first=41)
    entered(either_house, BookKind.ORDERS)
    ended(either_house, BookKind.ORDERS)
    reopened(either_house, BookKind.ORDERS, reason=" เลิกเก็บผิดเล่ม ")

    assert entered(either_house, BookKind.ORDERS) == (42, 2569, "42/2569")
    assert kept(either_house) == [(BookKind.ORDERS, False, 2569, 42, False)]
    [told] = either_house.told("book.reopened")
    assert (told["values"]["last"], told["values"]["reason"]) == (41, "เลิกเก็บผิดเล่ม")
    whole(either_house)
    either_house.clock.move_to(MIDNIGHT)
    assert entered(either_house, BookKind.ORDERS)[:2] == (1, 2570)


def test_opening_again_needs_a_reason_that_can_be_printed(house: House) -> None:
    opened(house, BookKind.ORDERS)
    ended(house, BookKind.ORDERS)
    for reason in ("", "  ", "ก" * 1001, "ก\x07"):
        with pytest.raises(BadInput) as refused:
            reopened(house, BookKind.ORDERS, reason=reason)
        assert list(refused.value.fields) == ["reason"]
    assert kept(house) == [(BookKind.ORDERS, False, 2569, 0, True)]


def test_what_was_not_ended_is_not_opened_again(house: House) -> None:
    opened(house, BookKind.ORDERS)
    for kind in (BookKind.ORDERS, BookKind.MINUTES, BookKind.RECEIVING):
        with pytest.raises(RuleBroken) as refused:
            reopened(house, kind)
        assert refused.value.code == "book-not-ended"


def test_a_book_of_a_year_that_is_over_is_not_opened_again(house: House) -> None:
    opened(house, BookKind.ORDERS)
    ended(house, BookKind.ORDERS)
    house.clock.move_to(MIDNIGHT)
    with pytest.raises(RuleBroken) as refused:
        reopened(house, BookKind.ORDERS)

    assert refused.value.code == "year-over" and "เปิดเล่มใหม่ของปี 2570" in refused.value.thai


def test_a_book_is_not_opened_again_when_letters_of_its_unit_have_got_higher_numbers(either_house: House) -> None:
    opened(either_house, BookKind.SENDING, "legal")
    entered(either_house, BookKind.SENDING)
    ended(either_house, BookKind.SENDING, "legal")
    reopened(either_house, BookKind.SENDING, "legal")
    assert entered(either_house, BookKind.SENDING, "legal") == (1, 2569, "ทส 1002/1")
    ended(either_house, BookKind.SENDING, "legal")
    entered(either_house, BookKind.SENDING, "legal")

    with pytest.raises(RuleBroken) as refused:
        reopened(either_house, BookKind.SENDING, "legal")
    assert refused.value.code == "numbers-repeat" and "ทส 1002/2" in refused.value.thai
    whole(either_house)


# --- no letter number twice ------------------------------------------------------------------------------------------


def first_refused(house: House, kind: BookKind, unit_code: str = "", first: int = 1) -> tuple[int, str]:
    """The start number that is offered instead of this one, and the words."""
    with pytest.raises(StartRepeats) as refused:
        opened(house, kind, unit_code, first)
    return refused.value.free, refused.value.fields["first"]


def test_a_series_of_circulars_begins_after_the_circulars_of_the_sending_book(either_house: House) -> None:
    entered(either_house, BookKind.SENDING)
    entered(either_house, BookKind.CIRCULARS, "legal")
    entered(either_house, BookKind.SENDING)
    entered(either_house, BookKind.SENDING, "legal")

    assert first_refused(either_house, BookKind.CIRCULARS) == (
        3,
        "เริ่มที่เลข 1 ไม่ได้ เพราะจะออก ทส 1002/ว 2 ซ้ำกับที่ออกไปแล้วในปีนี้ เลขเริ่มต้นที่ไม่ซ้ำคือ 3",
    )
    assert first_refused(either_house, BookKind.CIRCULARS, "legal", first=2)[0] == 3
    opened(either_house, BookKind.CIRCULARS, first=3)
    assert entered(either_house, BookKind.CIRCULARS, "legal") == (3, 2569, "ทส 1002/ว 3")
    whole(either_house)


def test_a_unit_begins_after_the_numbers_that_its_letters_have_from_the_central_book(either_house: House) -> None:
    entered(either_house, BookKind.SENDING, "legal")
    entered(either_house, BookKind.SENDING)

    assert first_refused(either_house, BookKind.SENDING, "legal")[0] == 2
    opened(either_house, BookKind.CIRCULARS)
    opened(either_house, BookKind.SENDING, "legal", first=2)
    assert entered(either_house, BookKind.SENDING, "legal") == (2, 2569, "ทส 1002/2")
    whole(either_house)


def test_the_series_of_a_unit_that_keeps_its_own_circulars_does_not_hinder_the_central_one(house: House) -> None:
    opened(house, BookKind.CIRCULARS, "legal")
    entered(house, BookKind.CIRCULARS, "legal")
    opened(house, BookKind.CIRCULARS)

    assert entered(house, BookKind.CIRCULARS) == (1, 2569, "ทส 1001/ว 1")


def test_plain_numbers_do_not_hinder_circulars_nor_circulars_a_book_that_writes_none(house: House) -> None:
    for _ in range(3):
        entered(house, BookKind.SENDING, "legal")
    opened(house, BookKind.CIRCULARS)
    for _ in range(5):
        entered(house, BookKind.CIRCULARS, "legal")

    assert first_refused(house, BookKind.SENDING, "legal")[0] == 4


def test_void_reserved_and_classified_numbers_are_given_numbers_too(house: House) -> None:
    clerk = house.ours["central_clerk"]
    entered(house, BookKind.CIRCULARS, secrecy=Secrecy.SECRET)
    assert first_refused(house, BookKind.CIRCULARS)[0] == 2
    amending.void_number(
        house.office, actor=clerk, entry_id=house.rows(entries)[0].id, reason="ลงผิด", authority="หัวหน้า"
    )
    assert first_refused(house, BookKind.CIRCULARS)[0] == 2
    amending.reserve_numbers(
        house.office, actor=clerk, kind=BookKind.SENDING, count=4, reason="ไฟฟ้าดับ", unit_code="legal"
    )
    assert first_refused(house, BookKind.SENDING, "legal")[0] == 6


def test_numbers_of_the_year_before_may_come_again(house: House) -> None:
    entered(house, BookKind.CIRCULARS)
    house.clock.move_to(MIDNIGHT)
    opened(house, BookKind.CIRCULARS)

    assert entered(house, BookKind.CIRCULARS)[:2] == (1, 2570)


def test_a_book_is_not_ended_while_the_one_that_takes_its_letters_is_behind(either_house: House) -> None:
    opened(either_house, BookKind.CIRCULARS)
    for _ in range(2):
        entered(either_house, BookKind.CIRCULARS)
    entered(either_house, BookKind.SENDING)
    with pytest.raises(RuleBroken) as refused:
        ended(either_house, BookKind.CIRCULARS)
    assert refused.value.code == "numbers-repeat" and "จะออกเลข 2" in refused.value.thai

    entered(either_house, BookKind.SENDING)
    ended(either_house, BookKind.CIRCULARS)
    assert entered(either_house, BookKind.CIRCULARS) == (3, 2569, "ทส 1001/ว 3")
    whole(either_house)


def test_a_series_of_circulars_is_not_ended_while_a_unit_that_sends_by_itself_is_behind(house: House) -> None:
    opened(house, BookKind.CIRCULARS)
    opened(house, BookKind.SENDING, "legal")
    entered(house, BookKind.CIRCULARS, "legal")
    entered(house, BookKind.SENDING)
    with pytest.raises(RuleBroken) as refused:
        ended(house, BookKind.CIRCULARS)

    assert refused.value.code == "numbers-repeat"


# --- the options of the agency ---------------------------------------------------------------------------------------


def test_what_the_agency_decides_is_kept_and_told_once(either_house: House) -> None:
    for _ in range(2):
        bookkeeping.set_options(
            either_house.office, actor=either_house.ours["admin"], options=AgencyOptions(True, "12/2569")
        )

    with either_house.office.uow() as uow:
        assert uow.agencies.get(either_house.ours.agency.id).options == AgencyOptions(True, "12/2569")
    assert [told["values"]["postage_permit"] for told in either_house.told("agency.options-set")] == ["12/2569"]


def test_a_licence_number_that_is_too_long_is_refused(house: House) -> None:
    with pytest.raises(BadInput) as refused:
        bookkeeping.set_options(house.office, actor=house.ours["admin"], options=AgencyOptions(False, "1" * 101))

    assert list(refused.value.fields) == ["postage_permit"]


# --- midnight --------------------------------------------------------------------------------------------------------


def test_every_kept_book_begins_the_new_year_at_one_by_itself(either_house: House) -> None:
    house = either_house
    own = (BookKind.RECEIVING, BookKind.SENDING, BookKind.ORDERS, BookKind.CIRCULARS)
    for kind in BookKind:
        if not kind.opens_by_itself:
            opened(house, kind, first=7)
    for kind in own:
        opened(house, kind, "legal", first=50)
    places = [(kind, "") for kind in BookKind] + [(kind, "legal") for kind in own]

    def number(kind: BookKind, unit: str) -> tuple[int, int]:
        return entered(house, kind, unit, Secrecy.SECRET if kind.secret else Secrecy.OPEN)[:2]

    house.clock.move_to(LAST_SECOND)
    before = {place: number(*place) for place in places}
    last = {place: number(*place) for place in places}
    house.clock.move_to(MIDNIGHT)
    after = {place: number(*place) for place in places}

    starts = {(k, u): 50 if u else 1 if k.opens_by_itself else 7 for k, u in places}
    assert before == {place: (starts[place], 2569) for place in places}
    assert last == {place: (starts[place] + 1, 2569) for place in places}
    assert after == {place: (1, 2570) for place in places}
    old = {(r.kind, r.unit_id is not None): r.last for r in house.rows(books) if r.year == 2569}
    assert old == {(kind, bool(unit)): starts[kind, unit] + 1 for kind, unit in places}
    assert {r.first for r in house.rows(books) if r.year == 2570} == {1}


def test_an_ended_book_does_not_open_again_at_midnight(either_house: House) -> None:
    opened(either_house, BookKind.SENDING, "legal")
    opened(either_house, BookKind.ORDERS)
    ended(either_house, BookKind.SENDING, "legal")
    ended(either_house, BookKind.ORDERS)
    either_house.clock.move_to(MIDNIGHT)

    assert entered(either_house, BookKind.SENDING, "legal")[:2] == (1, 2570)
    with pytest.raises(RuleBroken) as refused:
        entered(either_house, BookKind.ORDERS)
    assert refused.value.code == "book-not-open"
    assert [one for one in kept(either_house) if one[2] == 2570] == [(BookKind.SENDING, False, 2570, 1, False)]


def test_a_book_that_was_closed_with_its_year_refuses_and_the_next_year_opens(either_house: House) -> None:
    entered(either_house, BookKind.RECEIVING)
    with either_house.office.uow() as uow:
        book = uow.registers.book(either_house.ours.agency.id, BookKind.RECEIVING, None, 2569)
        assert book is not None
        uow.registers.end(book, either_house.clock.now(), for_good=False)
        uow.commit()

    with pytest.raises(RuleBroken) as refused:
        entered(either_house, BookKind.RECEIVING)
    assert refused.value.code == "book-closed"
    either_house.clock.move_to(MIDNIGHT)
    assert entered(either_house, BookKind.RECEIVING)[:2] == (1, 2570)


def test_letters_of_the_last_and_the_first_second_are_registered_in_their_years(either_house: House) -> None:
    numbers = []
    for moment in (LAST_SECOND, MIDNIGHT):
        either_house.clock.move_to(moment)
        for _ in range(2):
            made = registering.register_letter(
                either_house.office,
                actor=either_house.ours["central_clerk"],
                incoming_id=either_house.incoming().id,
            )
            numbers.append((made.number, made.year))

    assert numbers == [(1, 2569), (2, 2569), (1, 2570), (2, 2570)]


def test_letters_signed_in_the_last_and_the_first_second_are_numbered_and_dated_in_their_years(
    either_house: House,
) -> None:
    waiting = [either_house.before_the_head(subject=f"เรื่องที่ {n}") for n in range(3)]
    told = []
    for moment, letter in zip((LAST_SECOND, MIDNIGHT, MIDNIGHT), waiting, strict=True):
        either_house.clock.move_to(moment)
        signed = either_house.sign(letter)
        told.append((signed.number, signed.date))

    assert told == [("ทส 1002/1", "2026-12-31"), ("ทส 1002/1", "2027-01-01"), ("ทส 1002/2", "2027-01-01")]
    assert sorted((r.serial, r.year) for r in either_house.rows(entries)) == [(1, 2569), (1, 2570), (2, 2570)]


def test_a_letter_of_the_old_year_that_is_entered_after_midnight_has_a_number_of_the_new_one(
    either_house: House,
) -> None:
    either_house.clock.move_to(MIDNIGHT)
    made = recording.record_letter(
        either_house.office,
        actor=either_house.ours["central_clerk"],
        kind=BookKind.RECEIVING,
        matter=replace(LETTER, received_at=LAST_SECOND),
    )

    [row] = either_house.rows(entries)
    assert (made.number, made.year) == (1, 2570)
    assert row.received_at == LAST_SECOND and row.at == MIDNIGHT


def test_numbers_reserved_before_midnight_keep_their_year_and_are_bound_after_it(either_house: House) -> None:
    either_house.clock.move_to(LAST_SECOND)
    clerk = either_house.ours["central_clerk"]
    block = amending.reserve_numbers(
        either_house.office, actor=clerk, kind=BookKind.RECEIVING, count=2, reason="ระบบหยุดคืนสิ้นปี"
    )
    either_house.clock.move_to(MIDNIGHT + timedelta(hours=9))
    for entry_id in block.ids:
        amending.bind_number(either_house.office, actor=clerk, entry_id=entry_id, matter=LETTER, again=True)

    assert entered(either_house, BookKind.RECEIVING)[:2] == (1, 2570)
    assert sorted((r.year, r.serial, r.state) for r in either_house.rows(entries)) == [
        (2569, 1, EntryState.USED),
        (2569, 2, EntryState.USED),
        (2570, 1, EntryState.USED),
    ]


# --- circulars -------------------------------------------------------------------------------------------------------


def signed_circular(house: House) -> str:
    """The number of a circular that our head signs."""
    clerk = house.ours["clerk"]
    content = replace(CONTENT, circular=True, recipients=("dopa",))
    letter = drafting.start_letter(house.office, actor=clerk, content=content)
    routing.submit_letter(house.office, actor=clerk, letter_id=letter)
    routing.endorse_letter(house.office, actor=house.ours["director"], letter_id=letter)
    return house.sign(letter).number


def test_a_circular_has_the_series_of_circulars_where_one_is_kept(either_house: House) -> None:
    either_house.signed()
    assert signed_circular(either_house) == "ทส 1002/ว 2"

    opened(either_house, BookKind.CIRCULARS, first=3)
    assert [signed_circular(either_house), signed_circular(either_house)] == ["ทส 1002/ว 3", "ทส 1002/ว 4"]

    opened(either_house, BookKind.CIRCULARS, "legal", first=9)
    assert signed_circular(either_house) == "ทส 1002/ว 9"
    kinds = sorted((r.kind.value, r.serial) for r in either_house.rows(entries))
    assert kinds == [("circulars", 3), ("circulars", 4), ("circulars", 9), ("sending", 1), ("sending", 2)]
    whole(either_house)
