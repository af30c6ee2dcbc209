"""A unit with a mailbox of its own: its letters leave through it, what arrives there is the unit's, and the worker
takes up what the administrator changes without being started anew."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest

from saraban import jobs
from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.attachment import Digest
from saraban.domain.dispatch import DispatchState
from saraban.domain.incoming import IncomingState
from saraban.domain.mailbox import Protection
from saraban.exchange.envelope import Envelope, Literal, OutboxKind
from saraban.mail.smtp import SmtpTransport
from saraban.reading.heartbeat import oldest_check
from saraban.storage.tables import exchange as tables
from saraban.usecases import connecting
from saraban.usecases.connecting import MailSettings, watched_mailboxes
from saraban.usecases.mailing import SendOutcome
from saraban.usecases.registering import register_letter
from tests.journeys.processes import wait_until
from tests.journeys.world import TOWN, A, World

UNIT = "law@a.test"
PASSWORD = f"pw-{UNIT}"


def administrator(world: World) -> Actor:
    """An administrator of the first agency."""
    return replace(world.actor(world.a, "clerk"), role=PositionRole.ADMIN)


def values(world: World, **more: Any) -> dict[str, Any]:
    """The doors of the hub on loopback."""
    doors = {
        "smtp_host": world.hub.host,
        "smtp_port": world.hub.smtp_port,
        "smtp_protection": Protection.NONE,
        "imap_host": world.hub.host,
        "imap_port": world.hub.imap_port,
        "imap_protection": Protection.NONE,
    }
    return doors | {"user": UNIT} | more


def connect(world: World, password: str = PASSWORD, **more: Any) -> Any:
    """The legal unit of the first agency connects its mailbox."""
    settings = MailSettings(UNIT, "LAW", values(world, **more), password=password)
    return connecting.connect_mailbox(world.services, actor=administrator(world), settings=settings)


@pytest.fixture
def with_unit(world: World) -> Iterator[World]:
    """The world with a mailbox for the legal unit at the hub."""
    world.hub.accounts[UNIT] = PASSWORD
    world.hub.down()
    world.hub.up()
    yield world


def look_into_all(world: World) -> None:
    """The worker looks once into every mailbox and judges what came."""
    for box in watched_mailboxes(world.services):
        jobs.fetch_once(world.services, box)
    while jobs.sort_mail(world.services):
        pass


def test_letters_of_the_unit_leave_through_its_mailbox_and_are_taken_by_the_other_side(with_unit: World) -> None:
    world = with_unit
    connect(world)
    lawyer = world.a.people["lawyer"]
    world.a.people["clerk"], central = lawyer, world.a.people["clerk"]
    dispatch = world.sent(recipients=("b",))
    world.a.people["clerk"] = central
    world.settle()
    look_into_all(world)

    [row] = [r for r in world.rows(tables.outbox, world.a) if r.kind is OutboxKind.LETTER]
    assert (row.mail_from, row.fallback_from) == (UNIT, A)
    [letter] = world.incoming(world.b)
    assert letter.state is IncomingState.NEW and letter.findings == ()
    raw = message_from_bytes(world.services.blobs.open(letter.raw_sha256))
    assert (raw["Sender"], raw["Reply-To"]) == (UNIT, UNIT) and A in raw["From"]
    assert UNIT in raw["Return-Path"]
    register_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=letter.id)
    world.settle()
    assert world.dispatch(dispatch).state is DispatchState.REGISTERED, "receipts go to the central mailbox as ever"


def test_letters_of_other_units_and_of_a_unit_that_does_not_send_leave_through_the_central_mailbox(
    with_unit: World,
) -> None:
    world = with_unit
    connect(world, sends=False)
    world.sent(recipients=("b",))
    world.a.people["clerk"] = world.a.people["lawyer"]
    world.sent(recipients=("b",))

    assert {r.mail_from for r in world.rows(tables.outbox, world.a) if r.kind is OutboxKind.LETTER} == {A}


def test_mail_that_arrives_at_the_units_mailbox_is_the_units(with_unit: World) -> None:
    world = with_unit
    connect(world)
    account = world.hub.smtp_account(TOWN)
    mail = f"From: <{TOWN}>\r\nTo: <{UNIT}>\r\nSubject: ask\r\nMessage-ID: <1@town.test>\r\n\r\nbody\r\n".encode()
    sent = _send(account, mail)
    assert sent == SendOutcome.ACCEPTED
    look_into_all(world)

    [letter] = world.incoming(world.a)
    with world.services.uow() as uow:
        law = uow.agencies.unit_by_code(world.a.id, "LAW")
    assert law is not None and letter.unit_id == law.id and letter.ordinary
    with world.office.reading.connect() as reader:
        wanted, checked, _, troubled = oldest_check(reader)
    assert (wanted, checked, troubled) == (3, 3, 0)


def test_a_letter_that_waits_when_its_mailbox_is_disconnected_leaves_through_the_central_one(with_unit: World) -> None:
    world = with_unit
    mailbox = connect(world)
    world.a.people["clerk"] = world.a.people["lawyer"]
    dispatch = world.queued(recipients=("b",))
    jobs.compose_next(world.services)
    connecting.disconnect_mailbox(world.services, actor=administrator(world), mailbox_id=mailbox)
    world.send_out()

    assert world.dispatch(dispatch).state is DispatchState.SENT
    [row] = [r for r in world.rows(tables.outbox, world.a) if r.kind is OutboxKind.LETTER]
    assert f"ผู้ส่งเป็น <{A}>" in row.last_reply
    world.settle()
    assert [letter.state for letter in world.incoming(world.b)] == [IncomingState.NEW]


def test_the_trial_mail_of_the_units_mailbox_is_nobodys_letter(with_unit: World) -> None:
    world = with_unit
    connect(world)
    found = list(connecting.examine_mailbox(world.services, agency_code="a", address=UNIT))
    assert [one.step for one in found if one.good is False] == []
    box = world.hub.smtp_account(UNIT)
    trial = f"From: {UNIT}\r\nTo: {UNIT}\r\nMessage-ID: <t@a.test>\r\nAuto-Submitted: auto-generated\r\n\r\n."
    _send(box, trial.encode() + b"\r\n")
    look_into_all(world)

    assert world.incoming(world.a) == []


def test_the_running_worker_takes_up_a_new_mailbox_and_a_new_password(with_unit: World) -> None:
    world = with_unit
    mailbox = connect(world, password="ผิด")
    watchers = jobs.Watchers(world.services)
    try:
        watchers.look()

        def mark(address: str = UNIT) -> Any:
            return next((r for r in world.rows(tables.mailboxes, world.a) if r.address == address), None)

        wait_until(lambda: bool(mark() and mark().problem), 20, "the wrong password is not told")
        assert "ไม่รับชื่อผู้ใช้หรือรหัสผ่าน" in mark().problem
        world.clock.pass_by(timedelta(seconds=1))
        settings = MailSettings(UNIT, "LAW", values(world), password=PASSWORD)
        connecting.change_mailbox(world.services, actor=administrator(world), mailbox_id=mailbox, settings=settings)
        watchers.look()
        wait_until(lambda: bool(mark().checked_at and not mark().problem), 20, "the new password is not taken up")

        connecting.disconnect_mailbox(world.services, actor=administrator(world), mailbox_id=mailbox)
        watchers.look()
        names = {thread.name for thread in threading.enumerate() if thread.is_alive()}
        assert f"mailbox {A}" in names
        wait_until(
            lambda: f"mailbox {UNIT}" not in {t.name for t in threading.enumerate()}, 30, "its thread does not end"
        )
    finally:
        watchers.stop()


def _send(account: Any, mail: bytes) -> str:
    transport = SmtpTransport(lambda *_: account)
    envelope = Envelope(
        account.user, UNIT, "<x@town.test>", (Literal(mail),), Digest.of(mail), len(mail), OutboxKind.RECEIPT
    )
    result = transport.send("", envelope, lambda digest: b"")
    transport.close()
    return result.outcome
