"""Signing: a number is taken once and never lost, whatever goes wrong between the number and the page."""

from __future__ import annotations

import io
import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest

from saraban.domain.actor import Actor
from saraban.domain.classification import Secrecy
from saraban.domain.errors import ConcurrentEdit, NotFound, NotPermitted, RuleBroken, SarabanError, WrongPassphrase
from saraban.domain.letter import LetterId, LetterState
from saraban.domain.register import EntryState
from saraban.storage.tables.registers import entries
from saraban.usecases import drafting, routing
from saraban.usecases.signing import sign_letter
from tests.builders import CONTENT
from tests.usecases.house import PASSPHRASE, House


def _lines(house: House) -> list[tuple[int, EntryState]]:
    return sorted((row.serial, row.state) for row in house.rows(entries))


def test_a_signed_letter_has_its_number_its_date_and_frozen_bytes(house: House) -> None:
    letter_id = house.before_the_head()
    signed = house.sign(letter_id)

    letter = house.letter(letter_id)
    assert (signed.number, signed.date, letter.state) == ("ทส 1002/1", "2026-11-23", LetterState.ISSUED)
    assert letter.issued_file is not None and letter.issued_file.sha256 == signed.page
    assert house.office.blobs.open(signed.page).startswith(b"%PDF")
    assert _lines(house) == [(1, EntryState.USED)]


def test_the_issued_page_carries_what_is_printed_on_it_for_programs(house: House) -> None:
    signed = house.sign(house.before_the_head())
    with pikepdf.open(io.BytesIO(house.office.blobs.open(signed.page))) as document:
        data = json.loads(document.attachments["letter.json"].get_file().read_bytes())

    assert (data["saraban"], data["form"], data["number"], data["date"]) == (1, "external", signed.number, signed.date)
    assert (data["subject"], data["body"]) == (CONTENT.subject, CONTENT.body)
    assert "emblem" not in data and "ready" not in data


def test_a_wrong_passphrase_takes_no_number(house: House) -> None:
    letter_id = house.before_the_head()
    with pytest.raises(WrongPassphrase):
        house.sign(letter_id, "ผิด")

    assert house.rows(entries) == []
    assert house.letter(letter_id).state is LetterState.ENDORSED


def test_only_the_signatory_signs_and_only_the_version_that_was_seen(house: House) -> None:
    letter_id = house.before_the_head()
    with pytest.raises(NotPermitted):
        _sign_as(house, house.ours["director"], letter_id)
    with pytest.raises(NotFound):
        _sign_as(house, house.theirs["head"], letter_id)
    with pytest.raises(ConcurrentEdit):
        house.sign(letter_id, version=1)

    assert house.rows(entries) == []


def _sign_as(house: House, actor: Actor, letter_id: LetterId) -> None:
    sign_letter(house.office, actor=actor, letter_id=letter_id, passphrase=PASSPHRASE)


@pytest.mark.usefixtures("key_of_tomorrow")
def test_a_page_that_cannot_be_signed_keeps_its_number_reserved(house: House) -> None:
    letter_id = house.before_the_head()
    with pytest.raises(RuleBroken):
        house.sign(letter_id)

    letter = house.letter(letter_id)
    assert (letter.state, letter.number) == (LetterState.ENDORSED, None)
    assert _lines(house) == [(1, EntryState.RESERVED)]
    assert house.journal()[-2:] == ["letter.signing-begun", "letter.signing-failed"]


@pytest.mark.usefixtures("key_of_tomorrow")
def test_a_reserved_number_is_used_by_the_next_try_of_the_same_day(house: House) -> None:
    letter_id = house.before_the_head()
    with pytest.raises(RuleBroken):
        house.sign(letter_id)
    house.clock.pass_by(timedelta(hours=2))

    assert house.sign(letter_id).number == "ทส 1002/1"
    assert _lines(house) == [(1, EntryState.USED)]


@pytest.mark.usefixtures("key_of_tomorrow")
def test_a_reserved_number_is_voided_with_its_reason_on_the_next_day(house: House) -> None:
    letter_id = house.before_the_head()
    with pytest.raises(RuleBroken):
        house.sign(letter_id)
    house.clock.pass_by(timedelta(days=1))

    assert house.sign(letter_id).number == "ทส 1002/2"
    assert _lines(house) == [(1, EntryState.VOID), (2, EntryState.USED)]
    [void] = house.told("number.voided")
    assert void["values"]["number"] == "ทส 1002/1" and void["values"]["reason"]


@pytest.mark.usefixtures("key_of_tomorrow")
def test_a_reserved_line_tells_what_the_letter_says_when_it_is_signed_at_last(house: House) -> None:
    letter_id = house.before_the_head()
    with pytest.raises(RuleBroken):
        house.sign(letter_id)
    routing.return_letter(house.office, actor=house.ours["head"], letter_id=letter_id, reason="แก้")
    new = replace(CONTENT, subject="เรื่องที่แก้แล้ว", secrecy=Secrecy.CONFIDENTIAL)
    drafting.revise_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id, content=new)
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    routing.endorse_letter(house.office, actor=house.ours["director"], letter_id=letter_id)
    house.clock.pass_by(timedelta(hours=2))
    house.sign(letter_id)

    [line] = house.rows(entries)
    assert (line.serial, line.subject, line.secrecy) == (1, "เรื่องที่แก้แล้ว", Secrecy.CONFIDENTIAL)


def test_an_officer_without_a_key_takes_no_number(house: House) -> None:
    letter_id = house.before_the_head()
    for path in (house.keys_folder / "officers").iterdir():
        path.unlink()
    with pytest.raises(NotFound, match="กุญแจลงนาม"):
        house.sign(letter_id)

    assert house.rows(entries) == []


def test_the_number_belongs_to_the_year_of_the_office_not_of_utc(house: House) -> None:
    letter_id = house.before_the_head()
    house.clock.move_to(datetime(2026, 12, 31, 17, 0, tzinfo=UTC))
    signed = house.sign(letter_id)

    [line] = house.rows(entries)
    assert (signed.date, line.year, line.serial) == ("2027-01-01", 2570, 1)


def test_heads_who_sign_different_letters_at_once_get_numbers_one_after_the_other(house: House) -> None:
    letters = [house.before_the_head() for _ in range(3)]
    numbers: list[str] = []
    threads = [threading.Thread(target=lambda i=i: numbers.append(house.sign(i).number)) for i in letters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(numbers) == ["ทส 1002/1", "ทส 1002/2", "ทส 1002/3"]
    assert {state for _, state in _lines(house)} == {EntryState.USED}


def test_one_letter_that_is_signed_twice_at_once_has_one_number_and_one_page(house: House) -> None:
    letter_id = house.before_the_head()
    told: list[str] = []

    def sign() -> None:
        try:
            told.append(house.sign(letter_id).number)
        except SarabanError as error:
            told.append(type(error).__name__)

    threads = [threading.Thread(target=sign) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert told.count("ทส 1002/1") == 1
    assert house.letter(letter_id).state is LetterState.ISSUED
    assert _lines(house) == [(1, EntryState.USED)]
