"""Who reads what is noted, taken in once, marked, and tied into the journal."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import text

from saraban.domain.classification import Secrecy
from saraban.domain.reading_log import MANY_THINGS, ReadingDeed
from saraban.storage.tables.reading_log import readings
from saraban.usecases.auditing import verify_journals
from saraban.usecases.journal_exporting import export_journal
from saraban.usecases.noting_reads import note_reading, seal_readings, take_in_readings
from tests.usecases.house import House


def _read(house: House, who: str, letter: UUID, deed: ReadingDeed = ReadingDeed.OPEN, what: str = "") -> None:
    note_reading(
        house.office,
        actor=house.ours[who],
        deed=deed,
        subject_id=letter,
        what=what,
        address="10.0.0.9",
    )


def test_what_was_noted_is_taken_in_once_and_marked(either_house: House) -> None:
    house = either_house
    letter = house.draft()
    _read(house, "clerk", letter)
    _read(house, "records", letter, ReadingDeed.DOWNLOAD, "แผน.pdf")
    batch = house.office.reading_spool.take()
    assert take_in_readings(house.office) == 2
    assert batch is not None
    for line in batch[1]:  # as if the worker had been killed before it could forget the batch
        house.office.reading_spool.note(line)
    take_in_readings(house.office)
    rows = {row.name: row for row in house.rows(readings)}

    assert len(house.rows(readings)) == 2 and take_in_readings(house.office) == 0
    mine, theirs = (rows[house.ours[who].name] for who in ("clerk", "records"))
    assert (mine.deed, mine.marks, mine.owner_unit_id) == (ReadingDeed.OPEN, "", house.ours.legal.id)
    assert (theirs.what, theirs.marks, theirs.address) == ("แผน.pdf", ",other-unit,", "10.0.0.9")


def test_many_letters_in_a_short_time_are_marked_across_batches(house: House) -> None:
    letters = [house.draft(subject=f"เรื่องที่ {number}") for number in range(MANY_THINGS)]
    for number, letter in enumerate(letters):
        _read(house, "clerk", letter)
        if number % 15 == 0:
            take_in_readings(house.office)
    take_in_readings(house.office)

    assert any("many" in row.marks for row in house.rows(readings) if row.subject_id == letters[-1])


def test_a_day_of_the_log_is_tied_into_the_journal_and_a_change_is_found(either_house: House) -> None:
    house = either_house
    letter = house.draft()
    _read(house, "clerk", letter)
    _read(house, "director", letter)
    take_in_readings(house.office)
    assert seal_readings(house.office) == 0, "today goes on"
    house.clock.pass_by(timedelta(days=1))
    assert (seal_readings(house.office), seal_readings(house.office)) == (1, 0)
    assert not any(report.breaks for report in verify_journals(house.office))
    with house.real.writing.begin() as connection:
        connection.execute(text("DELETE FROM readings WHERE name = :name"), {"name": house.ours["director"].name})
    [wrong] = [line for report in verify_journals(house.office) for line in report.breaks]

    assert wrong.reason == "บันทึกการอ่านของวันที่ 2026-11-23 ถูกแก้ไขภายหลัง (เดิม 2 รายการ ขณะนี้ 1)"


def test_what_comes_in_after_its_day_was_tied_in_is_no_fault(house: House) -> None:
    letter = house.draft()
    _read(house, "clerk", letter)
    take_in_readings(house.office)
    _read(house, "director", letter)  # noted in time, and the worker stood still over midnight
    house.clock.pass_by(timedelta(days=1))
    seal_readings(house.office)
    take_in_readings(house.office)
    house.clock.pass_by(timedelta(days=1))

    assert seal_readings(house.office) == 1, "it belongs to the day on which it came in"
    assert not any(report.breaks for report in verify_journals(house.office))


def test_the_log_goes_along_with_the_journal_and_hides_which_classified_letter_was_read(house: House) -> None:
    open_one, secret = house.draft(), house.draft(secrecy=Secrecy.CONFIDENTIAL)
    _read(house, "clerk", open_one, ReadingDeed.DOWNLOAD, "แผน.pdf")
    _read(house, "clerk", secret, ReadingDeed.DOWNLOAD, "ลับ.pdf")
    take_in_readings(house.office)
    out = io.BytesIO()
    day = date(2026, 11, 23)
    export_journal(house.office, out, agency_id=house.ours.agency.id, by=house.ours["records"], since=day, until=day)
    told = zipfile.ZipFile(out).read("readings.csv").decode("utf-8-sig")

    assert "10.0.0.9" in told and "แผน.pdf" in told and str(open_one) in told
    assert "ลับ.pdf" not in told and str(secret) not in told and "(มีชั้นความลับ)" in told
