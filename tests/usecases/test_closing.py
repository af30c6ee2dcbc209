"""Days and years are closed: on both sides of Bangkok's midnight, by one of two closers, with or without a seal, and
whatever the time-stamping authority does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy
from saraban.domain.errors import NotFound, NotPermitted, RuleBroken
from saraban.domain.register import BookKind, Matter
from saraban.storage.tables.closing import close_troubles, day_closes, register_checks, year_closes
from saraban.storage.tables.late_stamps import late_stamps
from saraban.storage.tables.registers import books
from saraban.usecases import amending, closing, numbering, recording
from saraban.usecases.auditing import check_nightly, verify_registers
from saraban.usecases.bookkeeping import open_book
from saraban.usecases.ports import Services
from saraban.usecases.proofs import SealBox, SignedPage, TimeStampStatus
from saraban.usecases.stamping_late import stamp_late
from tests.usecases.house import House

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@dataclass
class Authority:
    """The port TimeStamper: a token is the digest in other letters, until it is told to fail."""

    answers: bool = True
    asked: list[Digest] = field(default_factory=list)
    is_set: bool = True

    def stamp(self, digest: Digest) -> bytes | None:
        """A token, or no answer."""
        self.asked.append(digest)
        if not self.answers:
            raise RuleBroken("ผู้ให้บริการประทับรับรองเวลาไม่ตอบ")
        return b"stamp of " + digest.hex.encode()

    def check(self, token: bytes, digest: Digest) -> TimeStampStatus:
        """Good when the token is over this digest."""
        good = token == b"stamp of " + digest.hex.encode()
        return TimeStampStatus(good, datetime(2026, 11, 24, 1, tzinfo=UTC), "test", "" if good else "ไม่ตรงกัน")


class Rootless(Authority):
    """An authority whose tokens fit, and no root to hold it against."""

    def check(self, token: bytes, digest: Digest) -> TimeStampStatus:
        """It cannot be said."""
        return TimeStampStatus(False, None, "test", "ตรวจไม่ได้: ไม่มีราก", checkable=False)


class PlainPages:
    """The ports PageSealer and Papers as far as closing a year needs them."""

    def year_statement(self, statement: Any) -> bytes:
        """The counts in words."""
        return repr(statement).encode()

    def year_seal_box(self) -> SealBox:
        """Somewhere on the page."""
        return SealBox(0, 300, 50, 500, 150)

    def year_seal_face(self, statement: Any) -> bytes:
        """What the seal shows."""
        return b"face"

    def seal_page(
        self, pdf: bytes, *, agency_code: str, box: SealBox, drawn: bytes, reason: str, at: datetime
    ) -> SignedPage:
        """The page with the seal behind it."""
        return SignedPage(pdf + f" sealed by {agency_code}: {reason}".encode())


@pytest.fixture
def office(house: House) -> Iterator[Services]:
    """The services with an authority that answers and pages of plain text."""
    pages: Any = PlainPages()
    yield replace(house.office, time_stamper=Authority(), papers=pages, page_sealer=pages)


def record(house: House, subject: str = "ขอเชิญประชุม", **more: Any) -> recording.Recorded:
    """A letter on paper in our receiving book, entered now."""
    return recording.record_letter(
        house.office,
        actor=house.ours["central_clerk"],
        kind=BookKind.RECEIVING,
        matter=Matter(sender="กรมการปกครอง", subject=subject, **more),
        again=True,
    )


def at_bangkok(house: House, day: date, hour: int, minute: int = 0, second: int = 0) -> None:
    """Put the clock to this time of the office."""
    house.clock.move_to(datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC) - timedelta(hours=7))


def statements(house: House) -> list[dict[str, Any]]:
    """The statements of all closes, in order of days."""
    return [json.loads(row.statement) for row in sorted(house.rows(day_closes), key=lambda r: r.day)]


def test_a_day_is_closed_at_bangkoks_midnight_and_not_before(house: House, office: Services) -> None:
    at_bangkok(house, MONDAY, 23, 59, 59)
    record(house)
    assert closing.close_days(office) == 0
    at_bangkok(house, TUESDAY, 0, 0, 0)
    record(house)

    assert (closing.close_days(office), closing.close_days(office)) == (1, 0)

    [told] = statements(house)
    assert (told["day"], told["kind"], told["agency"]["code"]) == ("2026-11-23", "day-close", "onep")
    [book] = told["books"]
    assert (book["kind"], book["year"], book["lines"], book["first"], book["last"]) == ("receiving", 2569, 1, 1, 1)
    assert "previous" not in told


def test_the_next_close_names_the_root_before_and_covers_what_changed_later(house: House, office: Services) -> None:
    old = record(house)
    at_bangkok(house, TUESDAY, 8)
    closing.close_days(office)
    amending.void_number(
        office, actor=house.ours["central_clerk"], entry_id=old.id, reason="ลงซ้ำ", authority="หัวหน้าสารบรรณกลาง"
    )
    house.clock.pass_by(timedelta(days=1))
    closing.close_days(office)

    first, second = statements(house)
    assert second["previous"] == first["root"]
    assert [(b["lines"], b["first"], b["last"]) for b in second["books"]] == [(1, 1, 1)]
    assert office.ledgers.faults(house.ours.agency.id) == []


def test_days_without_lines_are_not_closed_and_several_days_are_closed_in_order(house: House, office: Services) -> None:
    for days in (0, 1, 4):
        at_bangkok(house, MONDAY + timedelta(days=days), 10)
        record(house)
    at_bangkok(house, MONDAY + timedelta(days=9), 9)

    assert [closing.close_days(office) for _ in range(4)] == [1, 1, 1, 0]
    assert [told["day"] for told in statements(house)] == ["2026-11-23", "2026-11-24", "2026-11-27"]


def test_a_day_without_numbers_has_the_journals_head_sealed(house: House, office: Services) -> None:
    record(house)
    at_bangkok(house, TUESDAY, 10)
    house.draft()
    at_bangkok(house, TUESDAY + timedelta(days=1), 8)
    assert closing.days_left(office, agency_id=house.ours.agency.id) == 2

    # Monday's close is the first deed of Wednesday and takes the whole journal in: nothing is left for Tuesday.
    assert [closing.close_days(office) for _ in range(2)] == [1, 0]
    house.draft()
    at_bangkok(house, TUESDAY + timedelta(days=2), 8)

    assert [closing.close_days(office) for _ in range(2)] == [1, 0]
    monday, wednesday = statements(house)
    assert (wednesday["day"], wednesday["books"], wednesday["previous"]) == ("2026-11-25", [], monday["root"])
    assert office.ledgers.faults(house.ours.agency.id) == []
    assert verify_registers(office, agency_id=house.ours.agency.id).sound
    at_bangkok(house, TUESDAY + timedelta(days=9), 8)
    assert closing.close_days(office) == 0, "that a day was closed is no reason to close the next one"


def test_of_two_who_close_at_once_one_closes_and_the_other_loses_harmlessly(house: House, office: Services) -> None:
    record(house)
    at_bangkok(house, TUESDAY, 8)
    seals = office.seals

    class Late:
        """Seals that are opened while somebody else closes the same day."""

        def sealer(self, agency_code: str, at: datetime) -> Any:
            assert closing.close_days(replace(office, seals=seals)) == 1
            return seals.sealer(agency_code, at)

    assert closing.close_days(replace(office, seals=Late())) == 0
    assert len(house.rows(day_closes)) == 1
    assert house.journal().count("day.closed") == 1
    assert office.ledgers.faults(house.ours.agency.id) == []


def test_two_who_close_different_days_of_the_same_lines_do_not_fork_the_chain(house: House, office: Services) -> None:
    """One began before midnight and settles after it, when the other has closed the next day already."""
    old = record(house)
    at_bangkok(house, TUESDAY, 9)
    closing.close_days(office)
    record(house)
    at_bangkok(house, TUESDAY + timedelta(days=1), 9)
    closing.close_days(office)
    amending.void_number(
        office, actor=house.ours["central_clerk"], entry_id=old.id, reason="ลงซ้ำ", authority="หัวหน้าสารบรรณกลาง"
    )
    at_bangkok(house, TUESDAY + timedelta(days=2), 23, 59)
    seals = office.seals

    class Late:
        """Seals that are opened while the clock passes midnight and somebody else closes."""

        def sealer(self, agency_code: str, at: datetime) -> Any:
            at_bangkok(house, TUESDAY + timedelta(days=4), 0, 1)
            assert closing.close_days(replace(office, seals=seals)) == 1
            return seals.sealer(agency_code, at)

    assert closing.close_days(replace(office, seals=Late())) == 0
    assert len(house.rows(day_closes)) == 3
    assert office.ledgers.faults(house.ours.agency.id) == []


def test_an_agency_without_a_seal_is_told_and_closed_when_it_has_one(house: House, office: Services) -> None:
    record(house)
    at_bangkok(house, TUESDAY, 8)
    folder = house.keys_folder / "onep"
    kept = {path: path.read_bytes() for path in folder.iterdir()}
    for path in kept:
        path.unlink()

    assert closing.close_days(office) == 0
    [trouble] = house.rows(close_troubles)
    assert "ตราประทับ" in trouble.reason and closing.days_left(office, agency_id=house.ours.agency.id) == 1

    for path, data in kept.items():
        path.write_bytes(data)
    assert closing.close_days(office) == 1
    assert house.rows(close_troubles) == []


def test_an_authority_that_does_not_answer_blocks_nothing_and_is_asked_again(house: House, office: Services) -> None:
    record(house)
    at_bangkok(house, TUESDAY, 8)
    closing.close_days(office)
    silent = replace(office, time_stamper=Authority(answers=False))

    assert stamp_late(silent) == 0
    [waits] = house.rows(late_stamps)
    assert "รับรองเวลา" in waits.why
    assert stamp_late(office) == 0, "it is left in peace for a while"

    house.clock.pass_by(timedelta(minutes=2))
    assert (stamp_late(office), stamp_late(office)) == (1, 0)
    [close] = house.rows(day_closes)
    assert close.time_stamp == b"stamp of " + Digest.of(close.statement).hex.encode()
    assert house.rows(late_stamps) == []


def test_secret_registers_show_nothing_but_their_root(house: House, office: Services) -> None:
    open_book(office, actor=house.ours["admin"], kind=BookKind.SECRET_RECEIVING)
    record(house)
    record(house, "ลับ", secrecy=Secrecy.CONFIDENTIAL)
    at_bangkok(house, TUESDAY, 8)
    closing.close_days(office)

    [told] = statements(house)
    by_kind = {book["kind"]: book for book in told["books"]}
    assert set(by_kind["secret-receiving"]) == {"id", "kind", "root"}
    assert by_kind["receiving"]["lines"] == 1
    [row] = house.rows(day_closes)
    assert row.lines == 1


# --- years ----------------------------------------------------------------------------------------------------------


def _new_year(house: House, office: Services) -> None:
    at_bangkok(house, date(2027, 1, 1), 0, 0)
    while closing.close_days(office):
        pass


def test_a_year_is_closed_with_its_counts_on_a_sealed_page_and_its_books_end(house: House, office: Services) -> None:
    first = record(house)
    record(house, received_at=house.clock.now() - timedelta(days=3))
    amending.void_number(
        office, actor=house.ours["central_clerk"], entry_id=first.id, reason="ลงซ้ำ", authority="หัวหน้าสารบรรณกลาง"
    )
    _new_year(house, office)

    close = closing.close_year(office, actor=house.ours["records"], year=2569)

    [kept] = house.rows(year_closes)
    assert (kept.year, kept.by, kept.page) == (2569, "นายทวี จดไว้", close.page)
    [count] = kept.counts
    assert (count["first"], count["last"], count["used"], count["void"], count["late"]) == (1, 2, 1, 1, 1)
    page = closing.year_page(office, actor=house.ours["clerk"], year=2569)
    assert b"sealed by onep" in page and close.root.hex.encode() in page
    assert [row.closed_at for row in house.rows(books)] == [house.clock.now()]
    assert house.journal().count("year.closed") == 1
    assert office.ledgers.faults(house.ours.agency.id) == []
    assert record(house).number == 1  # the next year's book opened by itself


def test_a_year_is_not_closed_before_it_is_over(house: House, office: Services) -> None:
    record(house)
    at_bangkok(house, date(2026, 12, 31), 23, 59, 59)

    with pytest.raises(RuleBroken, match="1 มกราคม 2570") as refusal:
        closing.close_year(office, actor=house.ours["admin"], year=2569)
    assert refusal.value.code == "year-not-over"


def test_a_year_with_reserved_numbers_waits_for_their_letters(house: House, office: Services) -> None:
    record(house)
    amending.reserve_numbers(
        office,
        actor=house.ours["central_clerk"],
        kind=BookKind.RECEIVING,
        count=2,
        reason="ไฟฟ้าดับ",
        authority="หัวหน้าสารบรรณกลาง",
    )
    _new_year(house, office)

    with pytest.raises(RuleBroken, match="ทะเบียนหนังสือรับ 2 เลข") as refusal:
        closing.require_closable(office, actor=house.ours["admin"], year=2569)
    assert refusal.value.code == "numbers-reserved"


def test_a_year_with_open_days_waits_for_their_close(house: House, office: Services) -> None:
    record(house)
    at_bangkok(house, date(2027, 1, 1), 0, 0)

    with pytest.raises(RuleBroken) as refusal:
        closing.close_year(office, actor=house.ours["admin"], year=2569)
    assert refusal.value.code == "days-open"


def test_a_year_is_closed_once_and_only_by_records_officers_and_administrators(house: House, office: Services) -> None:
    record(house)
    _new_year(house, office)
    with pytest.raises(NotPermitted, match="นายทะเบียน"):
        closing.close_year(office, actor=house.ours["central_clerk"], year=2569)
    with pytest.raises(NotFound):
        closing.year_page(office, actor=house.ours["records"], year=2569)
    closing.close_year(office, actor=house.ours["admin"], year=2569)

    with pytest.raises(RuleBroken) as refusal:
        closing.close_year(office, actor=house.ours["admin"], year=2569)
    assert refusal.value.code == "year-closed"


def test_the_numbers_of_a_closed_year_are_closed(house: House, office: Services) -> None:
    record(house)
    _new_year(house, office)
    closing.close_year(office, actor=house.ours["admin"], year=2569)

    with office.uow() as uow, pytest.raises(RuleBroken, match="ปิดแล้ว"):
        agency = uow.agencies.get(house.ours.agency.id)
        numbering.take_number(uow, agency, BookKind.RECEIVING, None, Matter().secrecy, 2569)


# --- what a check says of closes --------------------------------------------------------------------------------------


def test_a_time_stamp_over_something_else_is_found_and_a_good_one_tells_its_moment(
    house: House, office: Services
) -> None:
    record(house)
    at_bangkok(house, TUESDAY, 8)
    closing.close_days(office)
    stamp_late(office)

    good = verify_registers(office, agency_id=house.ours.agency.id)
    with house.real.writing.begin() as connection:
        connection.execute(update(day_closes).values(time_stamp=b"stamp of something else"))
    bad = verify_registers(office, agency_id=house.ours.agency.id)

    assert good.sound and [close.stamped_at for close in good.closes] == [datetime(2026, 11, 24, 1, tzinfo=UTC)]
    assert [(f.day, f.reason) for f in bad.faults] == [(MONDAY, "ตราประทับรับรองเวลาไม่ผ่านการตรวจ: ไม่ตรงกัน")]


def test_a_time_stamp_that_cannot_be_checked_is_told_and_is_no_fault(house: House, office: Services) -> None:
    record(house)
    at_bangkok(house, TUESDAY, 8)
    closing.close_days(office)
    stamp_late(office)
    office = replace(office, time_stamper=Rootless())

    found = verify_registers(office, agency_id=house.ours.agency.id)

    assert found.sound and found.unchecked == 1
    assert [(close.stamped_at, close.unchecked) for close in found.closes] == [
        (None, "ตราประทับรับรองเวลาตรวจไม่ได้: ไม่มีราก")
    ]


def test_a_day_sealed_by_somebody_else_is_found(house: House, office: Services) -> None:
    record(house)
    at_bangkok(house, TUESDAY, 8)
    closing.close_days(office)
    [close] = house.rows(day_closes)
    other = office.seals.sealer("dopa", house.clock.now()).seal(Digest.of(close.statement), house.clock.now())
    with house.real.writing.begin() as connection:
        connection.execute(update(day_closes).values(signature=other))

    [fault] = verify_registers(office, agency_id=house.ours.agency.id).faults
    assert fault.day == MONDAY and "ใบรับรองไม่ได้ออกให้แก่ saraban@onep.example" in fault.reason


def test_registers_are_checked_once_a_day_of_the_office_by_themselves(house: House, office: Services) -> None:
    record(house)
    assert (check_nightly(office), check_nightly(office)) == (2, 0)
    at_bangkok(house, TUESDAY, 0)
    assert check_nightly(office) == 2

    [ours] = [row for row in house.rows(register_checks) if row.agency_id == house.ours.agency.id]
    assert (ours.lines, ours.faults, ours.by) == (1, 0, "")
