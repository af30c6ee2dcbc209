"""Letters from the public: what is taken, when it counts as received, by when it is answered, how it is followed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from saraban.domain.agency import AgencyId, AgencyOptions
from saraban.domain.attachment import Digest
from saraban.domain.calendar import BANGKOK
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.incoming import IncomingId
from saraban.domain.petition import (
    LARGEST_FILE,
    MOST_FILES,
    BroughtFile,
    Petition,
    PetitionId,
    Written,
    code_of_key,
    deemed_received,
    digests_of,
    due_of,
    expect_days,
    read_key,
    take_files,
    traced,
)
from saraban.domain.verification import CODE_LETTERS, grouped
from saraban.domain.workdays import DayChange, WorkCalendar
from tests.builders import NOW, an_actor

KEY = "k" * 43
WRITTEN = Written("นางสาวมะลิ ใจงาม", "ขอทราบผลการพิจารณา", "ขอทราบว่าเรื่องถึงไหนแล้ว")
PDF = b"%PDF-1.7 ..."


def a_petition(**changes: Any) -> Petition:
    """A letter that was taken in now."""
    whole, typed = digests_of(code_of_key(KEY))
    made = Petition(
        id=PetitionId(uuid4()),
        agency_id=AgencyId(uuid4()),
        incoming_id=IncomingId(uuid4()),
        year=2569,
        serial=12,
        code=whole,
        typed=typed,
        arrived_at=NOW,
        deemed_at=NOW,
        due_on=date(2026, 12, 8),
    )
    return replace(made, **changes)


def refused(written: Written) -> set[str]:
    """The fields that are told to be wrong."""
    with pytest.raises(BadInput) as told:
        written.tidied().expect_whole()
    return set(told.value.fields)


def here(day: int, hour: int, minute: int, month: int = 11) -> datetime:
    """A moment of 2569 on the clock of the office."""
    return datetime(2026, month, day, hour, minute, tzinfo=BANGKOK).astimezone(UTC)


# --- what is written ----------------------------------------------------------------------------------------------


def test_name_subject_and_words_are_all_that_is_needed() -> None:
    WRITTEN.expect_whole()

    assert refused(Written(" ", "\n", "\u200b")) == {"name", "subject", "text"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "ก" * 201), ("subject", "ก" * 301), ("text", "ก" * 10_001), ("phone", "0" * 61), ("address", "ก" * 501)],
)
def test_what_is_too_long_is_told_beside_its_field(field: str, value: str) -> None:
    assert refused(replace(WRITTEN, **{field: value})) == {field}


@pytest.mark.parametrize(
    "mailbox", ["nobody", "a@b", "a b@c.example", "a@c.example\nBcc: x@y.example", "<a@c.example>"]
)
def test_a_mailbox_that_cannot_be_is_refused(mailbox: str) -> None:
    assert refused(replace(WRITTEN, mailbox=mailbox)) == {"mailbox"}


def test_lines_are_folded_and_what_cannot_be_seen_is_left_out() -> None:
    tidy = Written("ก\u202eข\r\nค", "ง\x00จ\tฉ", "หนึ่ง\r\nสอง\u200b\x07", "A@B.example ").tidied()

    assert (tidy.name, tidy.subject, tidy.text, tidy.mailbox) == ("กข ค", "งจ ฉ", "หนึ่ง\nสอง", "a@b.example")


# --- files --------------------------------------------------------------------------------------------------------


def test_files_are_kept_under_names_that_end_as_their_bytes_begin() -> None:
    brought = [
        BroughtFile("../../คำร้อง.PDF", PDF),
        BroughtFile("รูป.exe", b"\xff\xd8\xff\xe0"),
        BroughtFile("คำร้อง.pdf", PDF + b"2"),
        BroughtFile("a.webp", b"RIFF....WEBP"),
    ]

    assert [(one.name, one.media_type) for one in take_files(brought)] == [
        ("คำร้อง.PDF", "application/pdf"),
        ("รูป.exe.jpg", "image/jpeg"),
        ("_คำร้อง.pdf", "application/pdf"),
        ("a.webp", "image/webp"),
    ]


@pytest.mark.parametrize(
    "brought",
    [
        [BroughtFile("a.pdf", b"")],
        [BroughtFile("a.pdf", b"MZ\x90\x00")],
        [BroughtFile("a.pdf", b"<html><script>")],
        [BroughtFile("a.svg", b"<svg onload=alert(1)>")],
        [BroughtFile("a.docx", b"PK\x03\x04")],
        [BroughtFile("a.pdf", PDF + b"x" * LARGEST_FILE)],
        [BroughtFile(f"{n}.pdf", PDF) for n in range(MOST_FILES + 1)],
        [BroughtFile(f"{n}.pdf", PDF + b"x" * (LARGEST_FILE - 100)) for n in range(2)],
    ],
    ids=["empty", "program", "page", "drawing", "archive", "large", "many", "together"],
)
def test_other_files_are_refused_with_words(brought: list[BroughtFile]) -> None:
    with pytest.raises(BadInput) as told:
        take_files(brought)

    assert set(told.value.fields) == {"files"}


# --- time (B.E. 2544 section 23; B.E. 2565 section 10) ------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrived", "deemed"),
    [
        (here(25, 10, 15), here(25, 10, 15)),
        (here(25, 7, 0), here(25, 8, 30)),
        (here(25, 16, 30), here(26, 8, 30)),
        (here(27, 16, 31), here(30, 8, 30)),
        (here(28, 12, 0), here(30, 8, 30)),
        (here(4, 17, 0, month=12), here(8, 8, 30, month=12)),
    ],
    ids=["within hours", "before", "at closing", "on a Friday evening", "on a Saturday", "before a long holiday"],
)
def test_outside_of_office_hours_it_counts_at_the_next_opening(arrived: datetime, deemed: datetime) -> None:
    assert deemed_received(arrived, WorkCalendar()) == deemed


def test_a_day_that_the_agency_does_not_work_is_passed_over() -> None:
    off = DayChange(AgencyId(uuid4()), date(2026, 11, 25), True, "วันหยุดพิเศษ")

    assert deemed_received(here(25, 10, 0), WorkCalendar.of([off])) == here(26, 8, 30)


def test_the_first_day_is_not_counted_and_the_days_are_the_agencys() -> None:
    assert due_of(here(25, 10, 0), 15) == date(2026, 12, 10)
    assert due_of(here(25, 23, 0), 1) == date(2026, 11, 26)


@pytest.mark.parametrize("days", [0, -1, 366])
def test_days_that_cannot_be_counted_are_refused(days: int) -> None:
    with pytest.raises(BadInput):
        expect_days(AgencyOptions(petition_days=days))


# --- number and code ----------------------------------------------------------------------------------------------


def test_a_form_has_one_code_and_another_form_another() -> None:
    code = code_of_key(KEY)

    assert len(code) == CODE_LETTERS
    assert code == code_of_key(KEY) != code_of_key("K" * 43)


@pytest.mark.parametrize("key", ["", "k" * 42, "k" * 44, "k" * 42 + "<"])
def test_a_key_that_the_server_did_not_draw_is_refused(key: str) -> None:
    with pytest.raises(BadInput):
        read_key(key)


def test_it_is_followed_by_the_whole_code_or_by_the_short_one_with_its_number() -> None:
    code = code_of_key(KEY)
    whole, typed = digests_of(code)

    by_whole = traced("", code)
    by_typed = traced(" ๑๒ / ๒๕๖๙", grouped(code[:12]).lower())

    assert by_whole is not None and by_whole.whole and by_whole.digest == whole
    assert by_typed is not None and (by_typed.digest, by_typed.serial, by_typed.year) == (typed, 12, 2569)
    assert traced("", code[:12]) is None, "the short form counts only with its number"
    assert traced("12/2569", "nonsense") is None
    assert traced("12/2569' OR 1=1", code[:12]) is None


# --- its course ---------------------------------------------------------------------------------------------------


def test_the_day_of_the_first_answer_stays_and_the_last_answer_is_shown() -> None:
    petition, first, second = a_petition(), Digest.of(b"1"), Digest.of(b"2")

    petition.give_answer(letter_id=None, file=first, mailed=False, by=an_actor(), at=NOW)
    later = NOW + timedelta(days=1)
    event = petition.give_answer(letter_id=None, file=second, mailed=True, by=an_actor(), at=later)

    assert (petition.answered_at, petition.answer, event.mailed) == (NOW, second, True)
    assert not petition.open


def test_what_has_ended_is_not_answered_on_the_page() -> None:
    petition = a_petition()
    petition.close(NOW)
    petition.close(NOW + timedelta(days=1))

    with pytest.raises(StageNotAllowed):
        petition.give_answer(letter_id=None, file=None, mailed=False, by=an_actor(), at=NOW)
    assert petition.closed_at == NOW and not petition.open


def test_the_journal_says_nothing_of_who_wrote() -> None:
    told = a_petition().filed(files=2, by=an_actor(), at=NOW).values()

    assert set(told) == {"incoming_id", "number", "deemed_at", "due_on", "files", "by_mail"}
