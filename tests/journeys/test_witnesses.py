"""Roots of daily closes travel with receipts: each agency can prove what the other's register was."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from saraban.domain.attachment import Digest
from saraban.domain.dispatch import Dispatch
from saraban.domain.receipt import Receipt, Step, Witness
from saraban.reading.closes import WitnessReport, witness_reports
from saraban.storage.tables.closing import day_closes, witnesses
from saraban.storage.tables.journal import journal
from saraban.usecases.auditing import verify_registers
from saraban.usecases.closing import close_days
from saraban.usecases.registering import register_letter
from tests.journeys import keyring
from tests.journeys.world import A, World

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
ONE, TWO, THREE = (Digest.of(word).hex for word in (b"one", b"two", b"three"))


def _close(world: World) -> None:
    while close_days(world.services):
        pass


def _reports(world: World) -> dict[str, WitnessReport]:
    with world.office.reading.connect() as reader:
        return {report.code: report for report in witness_reports(reader)}


def _a_day_of_work(world: World) -> None:
    """A writes to B, which registers; the receipts go back. Then the day ends and is closed."""
    world.sent()
    world.settle()
    letter = world.incoming(world.b)[-1]
    register_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=letter.id)
    world.settle()
    world.clock.pass_by(timedelta(days=1))
    _close(world)


def test_the_root_of_a_day_rides_on_the_receipts_of_the_next_and_is_kept(world: World) -> None:
    _a_day_of_work(world)
    assert all(not report.kept for report in _reports(world).values())
    _a_day_of_work(world)

    a, b = (_reports(world)[code] for code in ("a", "b"))
    [monday] = [day for day in b.days if day.day == MONDAY]
    assert (monday.given_to, monday.proven_by) == (["a"], [])
    assert [(kept.other_code, kept.day, kept.root) for kept in a.kept] == [("b", MONDAY, monday.root)]
    assert not a.contradictions and not b.contradictions
    assert not b.kept  # A has answered nothing, so B has nothing of A's
    with world.office.reading.connect() as reader:
        names = [r.name for r in reader.execute(journal.select()) if r.agency_id == world.a.id]
    assert names.count("witness.kept") == 1


def test_a_later_root_proves_the_days_before_it(world: World) -> None:
    for _ in range(3):
        _a_day_of_work(world)

    a, b = (_reports(world)[code] for code in ("a", "b"))
    assert {day.day: (day.given_to, day.proven_by) for day in b.days} == {
        MONDAY + timedelta(days=2): ([], []),
        TUESDAY: (["a"], []),
        MONDAY: (["a"], []),
    }
    assert [kept.day for kept in a.kept] == [TUESDAY, MONDAY]
    by_day = {row.day: row for row in world.rows(witnesses, world.a)}
    assert by_day[TUESDAY].previous == by_day[MONDAY].root
    for house in (world.a, world.b):
        found = verify_registers(world.services, agency_id=house.id)
        assert found.sound and len(found.closes) == 3, found.faults


def test_a_day_that_was_not_given_itself_is_proven_by_a_later_one(world: World) -> None:
    _a_day_of_work(world)
    world.issued()  # a line on Tuesday of A only
    world.clock.pass_by(timedelta(days=1))
    _close(world)
    letter_to_a = world.sent("a", by=world.b)
    world.settle()
    assert world.dispatch(letter_to_a).state.value == "received"

    days = {day.day: day for day in _reports(world)["a"].days}
    assert (days[TUESDAY].given_to, days[MONDAY].given_to, days[MONDAY].proven_by) == (["b"], [], ["b"])


def test_a_register_that_was_closed_anew_contradicts_the_root_that_others_keep(world: World) -> None:
    """B has its seal and forges its own day; A's root of that day tells."""
    _a_day_of_work(world)
    _a_day_of_work(world)
    [close] = [row for row in world.rows(day_closes, world.b) if row.day == MONDAY]
    told = json.loads(close.statement)
    told["root"] = TWO
    statement = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    now = world.clock.now()
    signature = world.services.seals.sealer("b", now).seal(Digest.of(statement), now)
    with world.office.writing.begin() as connection:
        connection.execute(
            update(day_closes)
            .where(day_closes.c.id == close.id)
            .values(root=Digest(TWO), statement=statement, signature=signature)
        )

    [one] = _reports(world)["a"].contradictions
    assert (one.other_code, one.day, one.roots) == ("b", MONDAY, [close.root, Digest(TWO)])
    reasons = [f.reason for f in verify_registers(world.services, agency_id=world.b.id).faults]
    assert any("เคยส่งให้ a" in reason for reason in reasons)
    assert not any("ตราประทับของการปิดวัน" in reason for reason in reasons)  # the seal is good; the day is not


@pytest.mark.parametrize("part", ["statement", "signature"])
def test_a_seal_that_does_not_fit_its_statement_is_found(world: World, part: str) -> None:
    _a_day_of_work(world)
    [close] = world.rows(day_closes, world.b)
    spoiled = getattr(close, part).replace(b"receiving", b"Receiving") if part == "statement" else b"\x30\x00"
    with world.office.writing.begin() as connection:
        connection.execute(update(day_closes).where(day_closes.c.id == close.id).values({part: spoiled}))

    faults = verify_registers(world.services, agency_id=world.b.id).faults
    assert [f.day for f in faults if "ตราประทับของการปิดวันไม่ผ่านการตรวจ" in f.reason] == [MONDAY]


# --- a peer that lies -------------------------------------------------------------------------------------------------


def _say(world: World, dispatch: Dispatch, witness: Witness, **changes: object) -> Receipt:
    said = world.peer.statement(dispatch, Step.RECEIVED, at=world.clock.now(), **changes)
    return replace(said, witness=witness)


def _peer_says(world: World, *told: Witness) -> None:
    for witness in told:
        dispatch = world.sent("peer")
        world.post.put(A, world.peer.receipt(_say(world, dispatch, witness)))
        world.collect(world.a)


def test_a_peer_that_gives_two_roots_of_one_day_is_shown(world: World) -> None:
    _peer_says(world, Witness(date(2026, 11, 22), ONE), Witness(date(2026, 11, 22), ONE))
    assert not _reports(world)["a"].contradictions
    _peer_says(world, Witness(date(2026, 11, 22), TWO))

    [one] = _reports(world)["a"].contradictions
    assert (one.other_code, one.day) == ("peer", date(2026, 11, 22))
    assert {root.hex for root in one.roots} == {ONE, TWO}


def test_a_peer_whose_day_does_not_follow_the_day_before_is_shown(world: World) -> None:
    _peer_says(world, Witness(date(2026, 11, 21), ONE), Witness(date(2026, 11, 22), TWO, previous=ONE))
    assert not _reports(world)["a"].contradictions
    _peer_says(world, Witness(date(2026, 11, 20), ONE))  # its Saturday follows something else than this Friday

    _peer_says(world, Witness(date(2026, 11, 23), THREE, previous=ONE))

    [one] = _reports(world)["a"].contradictions
    assert (one.day, {root.hex for root in one.roots}) == (date(2026, 11, 23), {ONE, TWO})


@pytest.mark.parametrize(
    "lie",
    [
        lambda world, said: world.peer.receipt(said, spoil=lambda p7s: p7s[:-1] + bytes([p7s[-1] ^ 1])),
        lambda world, said: world.peer.receipt(said, seal=keyring.seal("ใครก็ไม่รู้", "saraban@nobody.test")),
        lambda world, said: world.peer.receipt(replace(said, manifest_sha256=ONE)),
        lambda world, said: world.peer.receipt(replace(said, from_code="b")),
        lambda world, said: world.peer.receipt(replace(said, witness=Witness(date(2026, 11, 25), ONE))),
    ],
    ids=["broken-seal", "another-seal", "another-manifest", "another-agency", "a-day-to-come"],
)
def test_a_root_that_is_not_under_the_good_seal_of_the_right_agency_is_not_kept(
    world: World, lie: Callable[[World, Receipt], bytes]
) -> None:
    dispatch = world.sent("peer")
    said = _say(world, dispatch, Witness(date(2026, 11, 22), ONE))

    world.post.put(A, lie(world, said))
    world.collect(world.a)

    assert world.rows(witnesses, world.a) == []
