"""The unit of work: rolled back unless committed, once for each key, and one winner in every race."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from saraban.domain.agency import Unit, UnitId
from saraban.domain.errors import ConcurrentEdit, NotFound, RuleBroken
from saraban.domain.events import LetterDrafted
from saraban.domain.letter import LetterId
from saraban.storage import database
from saraban.storage.database import one_moment, open_engine
from saraban.storage.unit_of_work import forget_keys, remember_answer
from saraban.usecases.books import AlreadyDone, OnceKey
from tests.builders import NOW, StaffedAgency, a_letter, an_incoming_letter
from tests.storage.conftest import NewUow
from tests.storage.fighting import side_by_side

KEY = OnceKey("person:1", "key-1", "fingerprint")


def _draft(new_uow: NewUow, office: StaffedAgency, key: OnceKey | None = None) -> LetterId:
    letter = a_letter(office["clerk"])
    with new_uow(key) as uow:
        uow.letters.add(letter)
        uow.record(LetterDrafted(at=NOW, by=office["clerk"], letter_id=letter.id, subject_line="x"))
        uow.commit()
    return letter.id


def _count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")))


# --- once ---------------------------------------------------------------------------------------------------------


def test_the_same_key_tells_what_was_made_the_first_time(
    engine: Engine, new_uow: NewUow, office: StaffedAgency
) -> None:
    made = _draft(new_uow, office, KEY)

    with pytest.raises(AlreadyDone) as done:
        _draft(new_uow, office, KEY)

    assert (done.value.subject, done.value.answer) == (made, None)
    assert _count(engine, "letters") == 1


def test_the_same_key_repeats_what_was_said(engine: Engine, new_uow: NewUow, office: StaffedAgency) -> None:
    _draft(new_uow, office, KEY)
    remember_answer(engine, KEY, {"number": "ทส 1001/1"})

    with pytest.raises(AlreadyDone) as done:
        _draft(new_uow, office, KEY)

    assert done.value.answer == {"number": "ทส 1001/1"}


def test_a_key_that_was_used_for_something_else_is_refused(new_uow: NewUow, office: StaffedAgency) -> None:
    _draft(new_uow, office, KEY)

    with pytest.raises(RuleBroken) as refused:
        _draft(new_uow, office, replace(KEY, fingerprint="another"))

    assert refused.value.code == "idempotency-key-reused"


def test_two_people_may_use_the_same_key(engine: Engine, new_uow: NewUow, office: StaffedAgency) -> None:
    _draft(new_uow, office, KEY)
    _draft(new_uow, office, replace(KEY, holder="person:2"))

    assert _count(engine, "letters") == 2


def test_a_key_whose_work_was_rolled_back_is_free(new_uow: NewUow, office: StaffedAgency) -> None:
    with new_uow(KEY) as uow:
        uow.letters.add(a_letter(office["clerk"]))

    _draft(new_uow, office, KEY)


def test_a_claim_does_not_spend_the_key(new_uow: NewUow, office: StaffedAgency) -> None:
    with new_uow(KEY) as uow:
        uow.commit(final=False)

    _draft(new_uow, office, KEY)


def test_one_key_at_the_same_moment_makes_one_letter(engine: Engine, new_uow: NewUow, office: StaffedAgency) -> None:
    def ask(_: int) -> str:
        try:
            _draft(new_uow, office, KEY)
        except (AlreadyDone, ConcurrentEdit) as told:
            return type(told).__name__
        return "made"

    answers = side_by_side(6, ask)

    assert answers.count("made") == 1
    assert _count(engine, "letters") == _count(engine, "journal") == _count(engine, "once_keys") == 1


def test_old_keys_are_forgotten_and_young_ones_are_not(engine: Engine, new_uow: NewUow, office: StaffedAgency) -> None:
    _draft(new_uow, office, KEY)

    assert forget_keys(engine, NOW) == 0
    assert forget_keys(engine, NOW + timedelta(seconds=1)) == 1


# --- races --------------------------------------------------------------------------------------------------------


def test_of_two_who_changed_the_same_letter_the_second_is_told(new_uow: NewUow, office: StaffedAgency) -> None:
    letter_id = _draft(new_uow, office)
    with new_uow() as uow:
        mine = uow.letters.get(office.agency.id, letter_id)
        theirs = uow.letters.get(office.agency.id, letter_id)
        theirs.content = replace(theirs.content, subject="เรื่องของเขา")
        uow.letters.save(theirs)
        with pytest.raises(ConcurrentEdit):
            uow.letters.save(mine)
        uow.commit()

    with new_uow() as uow:
        assert uow.letters.get(office.agency.id, letter_id).content.subject == "เรื่องของเขา"


def test_of_six_who_change_a_letter_at_once_none_is_lost_in_silence(new_uow: NewUow, office: StaffedAgency) -> None:
    letter_id = _draft(new_uow, office)

    def edit(number: int) -> bool:
        try:
            with new_uow() as uow:
                letter = uow.letters.get(office.agency.id, letter_id)
                letter.content = replace(letter.content, subject=letter.content.subject + f" {number}")
                uow.letters.save(letter)
                uow.commit()
        except ConcurrentEdit:
            return False
        return True

    done = side_by_side(6, edit)

    with new_uow() as uow:
        letter = uow.letters.get(office.agency.id, letter_id)
    assert letter.version == 1 + done.count(True)
    assert {int(n) for n in letter.content.subject.split()[1:]} == {n for n, good in enumerate(done) if good}


def test_two_who_set_up_the_same_unit_are_told_apart(new_uow: NewUow, office: StaffedAgency) -> None:
    def add(_: int) -> str:
        try:
            with new_uow() as uow:
                uow.agencies.add_unit(Unit(UnitId(uuid4()), office.agency.id, "new", "กองใหม่", "1003"))
                uow.commit()
        except ConcurrentEdit as error:
            return error.thai
        return "made"

    assert sorted(side_by_side(2, add))[0] == "made"
    assert "ลองอีกครั้ง" in sorted(side_by_side(2, add))[1]


def test_what_another_agency_owns_is_not_found(new_uow: NewUow, office: StaffedAgency) -> None:
    letter_id = _draft(new_uow, office)

    with pytest.raises(NotFound), new_uow() as uow:
        uow.letters.get(type(office.agency.id)(int=5), letter_id)


# --- how the databases are set --------------------------------------------------------------------------------------


@pytest.mark.only_database("sqlite")
@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)]
)
@pytest.mark.parametrize("writing", [True, False])
def test_sqlite_keeps_its_promises_on_every_connection(
    database_url: str, pragma: str, value: object, writing: bool
) -> None:
    engine = open_engine(database_url, writing=writing)
    with engine.connect() as first, engine.connect() as second:
        assert first.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
        first.rollback()
        assert second.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    engine.dispose()


@pytest.mark.only_database("sqlite")
def test_on_sqlite_a_unit_of_work_holds_the_pen_from_its_beginning(database_url: str, new_uow: NewUow) -> None:
    other = sqlite3.connect(database_url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
    with new_uow(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


@pytest.mark.only_database("sqlite")
def test_on_sqlite_a_reader_does_not_keep_a_writer_waiting(
    database_url: str, new_uow: NewUow, office: StaffedAgency
) -> None:
    reading = open_engine(database_url, writing=False)
    with reading.connect() as reader:
        assert reader.scalar(text("SELECT count(*) FROM letters")) == 0
        _draft(new_uow, office)
        assert reader.scalar(text("SELECT count(*) FROM letters")) == 0
    reading.dispose()


@pytest.mark.only_database("postgresql")
def test_a_reader_on_postgresql_sees_what_was_written_meanwhile_and_one_of_one_moment_does_not(
    database_url: str, new_uow: NewUow, office: StaffedAgency
) -> None:
    count, reading = text("SELECT count(*) FROM letters"), open_engine(database_url, writing=False, pool_size=1)
    with one_moment(reading) as reader:
        assert reader.scalar(count) == 0
        _draft(new_uow, office)
        assert reader.scalar(count) == 0
    with reading.connect() as reader:
        assert reader.scalar(count) == 1
        _draft(new_uow, office)
        assert reader.scalar(count) == 2
        begins = text("SELECT now()")  # the moment at which the transaction began
        assert reader.scalar(begins) < reader.scalar(begins), "none holds a state of the past"
    reading.dispose()


def test_a_row_that_belongs_to_nobody_is_refused(engine: Engine, new_uow: NewUow, office: StaffedAgency) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), new_uow() as uow:
        uow.letters.add(a_letter())
        uow.commit()

    assert _count(engine, "letters") == 0


@pytest.mark.only_database("postgresql")
def test_a_connection_that_rested_is_asked_whether_its_server_is_still_there(
    database_url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    resting = open_engine(database_url, writing=True, pool_size=1)
    with resting.connect() as connection:
        number = connection.scalar(text("SELECT pg_backend_pid()"))
    with engine.connect() as other:
        assert other.scalar(text(f"SELECT pg_terminate_backend({number}, 5000)"))
    monkeypatch.setattr(database, "RESTED_SECONDS", 0.0)

    with resting.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != number
    resting.dispose()


def test_a_journal_that_cannot_be_written_leaves_nothing_and_the_next_letter_is_written(
    engine: Engine, new_uow: NewUow, office: StaffedAgency
) -> None:
    """The last statements go to PostgreSQL together with the commit: what fails among them is told all the same."""
    _draft(new_uow, office)
    with engine.begin() as connection:
        connection.execute(text("UPDATE journal_heads SET seq = seq - 1"))
    letters = _count(engine, "letters")

    with pytest.raises(ConcurrentEdit):
        _draft(new_uow, office)

    assert (_count(engine, "letters"), _count(engine, "journal")) == (letters, letters)
    with engine.begin() as connection:
        connection.execute(text("UPDATE journal_heads SET seq = seq + 1"))
    _draft(new_uow, office)
    assert (_count(engine, "letters"), _count(engine, "journal")) == (letters + 1, letters + 1)


def test_what_fails_among_statements_that_go_together_is_told_and_leaves_nothing(
    engine: Engine, new_uow: NewUow, office: StaffedAgency
) -> None:
    letter = an_incoming_letter(office.agency, office.central.id)
    with new_uow() as uow, uow.sent_at_once():
        uow.incoming.add(letter)
    assert _count(engine, "incoming") == 0

    with new_uow() as uow:
        with uow.sent_at_once():
            uow.incoming.add(letter)
        uow.commit()
    with pytest.raises(ConcurrentEdit), new_uow() as uow:
        with uow.sent_at_once():
            uow.incoming.add(an_incoming_letter(office.agency, office.central.id))
            uow.incoming.add(letter)
        uow.commit()

    assert _count(engine, "incoming") == 1
    with new_uow() as uow:  # the connection of the one that failed troubles nobody
        assert uow.incoming.get(office.agency.id, letter.id).subject == letter.subject


def test_the_books_of_a_unit_of_work_cannot_be_opened_outside_of_it(new_uow: NewUow) -> None:
    uow = new_uow()
    with pytest.raises(RuntimeError):
        _ = uow.letters
