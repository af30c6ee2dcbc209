"""Letting people and programs in: the same words and the same work for every wrong try."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from saraban.crypto.passwords import Argon2Passwords
from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, NotFound, NotPermitted
from saraban.storage.tables.people import holdings, people, tokens
from saraban.usecases.admitting import issue_token
from saraban.usecases.entering import enter
from tests.usecases.house import House


def _change(house: House, statement) -> None:  # type: ignore[no-untyped-def]
    with house.real.writing.begin() as connection:
        connection.execute(statement)


def test_a_person_enters_in_the_post_held_today_and_the_journal_remembers(house: House) -> None:
    actor = enter(house.office, username=" Clerk.ONEP ", password="pw")

    assert actor == house.ours["clerk"]
    assert [e["by"]["name"] for e in house.told("person.signed-in")] == [actor.name]


@pytest.mark.parametrize(
    ("username", "password"), [("clerk.onep", "wrong"), ("nobody", "pw"), ("", ""), ("clerk.onep", "")]
)
def test_a_wrong_name_and_a_wrong_password_hear_the_same_words(house: House, username: str, password: str) -> None:
    with pytest.raises(BadInput) as refused:
        enter(house.office, username=username, password=password)

    assert "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง" in refused.value.thai
    assert house.told("person.signed-in") == []


def _took(work: Callable[[], object]) -> float:
    begun = time.process_time()
    with pytest.raises(BadInput):
        work()
    return time.process_time() - begun


def test_a_wrong_name_costs_the_work_of_a_wrong_password(house: House) -> None:
    dear = Argon2Passwords(passes=2, memory_kib=16_384, lanes=1)
    office = replace(house.office, passwords=dear)
    hashed = dear.hash("pw")
    _change(house, update(people).where(people.c.username == "clerk.onep").values(password_hash=hashed))

    known = min(_took(lambda: enter(office, username="clerk.onep", password="wrong")) for _ in range(3))
    unknown = min(_took(lambda: enter(office, username="nobody", password="wrong")) for _ in range(3))

    assert 0.5 < unknown / known < 2


def test_a_closed_account_does_not_enter(house: House) -> None:
    _change(house, update(people).where(people.c.username == "clerk.onep").values(active=False))
    with pytest.raises(NotPermitted):
        enter(house.office, username="clerk.onep", password="pw")

    assert house.told("person.signed-in") == []


@pytest.mark.parametrize("span", [{"until": date(2026, 11, 22)}, {"since": date(2026, 11, 24)}])
def test_who_holds_no_post_today_does_not_enter(house: House, span: dict[str, date]) -> None:
    person = house.ours["clerk"].person_id
    _change(house, update(holdings).where(holdings.c.person_id == person).values(**span))
    with pytest.raises(NotPermitted, match="ตำแหน่ง"):
        enter(house.office, username="clerk.onep", password="pw")


def test_the_last_day_of_a_post_still_counts(house: House) -> None:
    person = house.ours["clerk"].person_id
    _change(house, update(holdings).where(holdings.c.person_id == person).values(until=date(2026, 11, 23)))

    assert enter(house.office, username="clerk.onep", password="pw").person_id == person


def test_a_token_is_shown_once_and_only_its_digest_is_kept(house: House) -> None:
    token = issue_token(house.office, username="clerk.onep")

    [row] = house.rows(tokens)
    assert token.startswith("sbn_") and len(token) > 40
    assert (row.sha256, row.person_id) == (Digest.of(token.encode()), house.ours["clerk"].person_id)
    assert token not in str(house.told("person.token-issued"))
    assert issue_token(house.office, username="clerk.onep") != token


def test_nobody_gets_no_token(house: House) -> None:
    with pytest.raises(NotFound):
        issue_token(house.office, username="nobody")
