"""Delivering: lease a message, give it to the relay, write down what the relay said."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic
from uuid import uuid5

from saraban.domain.actor import Actor
from saraban.domain.dispatch import Dispatch, DispatchState, Evidence, EvidenceKind
from saraban.domain.dispatch_events import DispatchPostponed, DispatchSent
from saraban.domain.errors import ConcurrentEdit, SarabanError
from saraban.domain.receipt import ReasonCode
from saraban.exchange.bounce_reasons import told_by_server
from saraban.exchange.envelope import OutboxKind
from saraban.usecases.books import OutboxItem, UnitOfWork
from saraban.usecases.mailing import SendOutcome, SendResult
from saraban.usecases.ports import Services

RETRY_DELAYS = tuple(timedelta(seconds=s) for s in (5, 30, 60, 120, 300, 600, 1200, 2400, 3600, 7200))

_UNWRITTEN_SECONDS = 0.5
"""How long what the relay said may wait for the next message: what a crash would send a second time."""
_SHARE_OF_LEASE = 0.8
_Tried = tuple[OutboxItem, SendResult, datetime]


def deliver_next(office: Services, *, limit: int = 10) -> int:
    """Send the messages that are due. Returns how many were tried; 0 when none is due. One that cannot even be tried
    (no mailbox is set up, its bytes are lost) waits like one that the relay put off; the others go on."""
    with office.uow() as uow:
        items = uow.outbox.claim(office.clock.now(), office.lease, limit)
        if not items:
            return 0
        uow.commit(final=False)
    begun = written = monotonic()
    patience = office.lease.total_seconds() * _SHARE_OF_LEASE
    tried: list[_Tried] = []
    held: dict[tuple[str, str], SendResult] = {}
    for place, item in enumerate(items):
        if place and monotonic() - begun > patience:
            break  # a slow relay: another sender may take the rest once the lease has ended
        if item.give_up_at <= office.clock.now():
            _give_up(office, item)
            continue
        result = held.get((item.agency_code, item.envelope.mail_from))
        try:
            result = result or office.transport.send(item.agency_code, item.envelope, office.blobs.open)
        except SarabanError as error:
            result = SendResult(SendOutcome.TEMPORARY, 0, error.thai)
        if result.outcome == SendOutcome.LATER:  # what follows to the same relay need not wait for a turn of its own
            held[item.agency_code, item.envelope.mail_from] = result
        tried.append((item, result, office.clock.now()))
        if monotonic() - written > _UNWRITTEN_SECONDS:
            _write_down(office, tried)
            tried, written = [], monotonic()
    _write_down(office, tried)
    return len(items)


def _write_down(office: Services, tried: Sequence[_Tried]) -> None:
    """What the relay said to several messages, in one transaction; one by one when a receipt was applied to one of
    their dispatches at this moment."""
    if not tried:
        return
    try:
        _settle(office, tried)
        return
    except ConcurrentEdit:
        pass
    for one in tried:
        for tries_left in (2, 1, 0):
            try:
                _settle(office, [one])
                break
            except ConcurrentEdit:
                if not tries_left:
                    raise


def _give_up(office: Services, item: OutboxItem) -> None:
    """Its time ran out while it waited: the receiver would only hold it. `expiring` states what it means."""
    with office.uow() as uow:
        uow.outbox.fail(item, "พ้นกำหนดเวลาก่อนส่งได้", office.clock.now())
        uow.commit()


def _settle(office: Services, tried: Sequence[_Tried]) -> None:
    with office.uow() as uow:
        for item, result, at in tried:
            _apply(uow, item, result, at)
        uow.commit()


def _apply(uow: UnitOfWork, item: OutboxItem, result: SendResult, now: datetime) -> None:
    if result.outcome == SendOutcome.LATER:
        uow.outbox.put_back(item, now + timedelta(seconds=result.after_seconds))
        return
    reply = f"{result.code} {result.reply}".strip() if result.code else result.reply
    dispatch = uow.dispatches.find(item.agency_id, item.ref) if item.kind is OutboxKind.LETTER else None
    if result.outcome == SendOutcome.ACCEPTED:
        uow.outbox.sent(item, reply, now)
        if dispatch is not None:
            _sent(uow, item, dispatch, reply, now)
    elif result.outcome == SendOutcome.PERMANENT:
        uow.outbox.fail(item, reply, now)
        if dispatch is not None and dispatch.state is DispatchState.QUEUED:
            # `expiring`, which looks for dispatches past their time, seals the statement of it (`undelivered`).
            dispatch.failure, dispatch.problem = ReasonCode.RELAY_REFUSED.value, told_by_server("ส่งไม่ถึงผู้รับ", reply)
            dispatch.expires_at = min(dispatch.expires_at, now)
            uow.dispatches.save(dispatch)
            uow.record(_postponed(item, dispatch, reply, now))
    else:
        uow.outbox.postpone(item, reply, now + _delay(item.attempts))
        if dispatch is not None and dispatch.state is DispatchState.QUEUED:
            dispatch.problem = told_by_server(f"รอส่งอีกครั้ง ครั้งที่ {item.attempts} ยังส่งไม่ได้", reply)
            uow.dispatches.save(dispatch)
            uow.record(_postponed(item, dispatch, reply, now))


def _sent(uow: UnitOfWork, item: OutboxItem, dispatch: Dispatch, reply: str, now: datetime) -> None:
    evidence = Evidence(
        id=uuid5(item.id, f"sent {now.isoformat()}"),
        agency_id=item.agency_id,
        dispatch_id=dispatch.id,
        step=DispatchState.SENT.value,
        kind=EvidenceKind.SMTP_REPLY,
        at=now,
        noted_at=now,
        text=reply,
    )
    uow.dispatches.note(evidence)
    dispatch.problem = dispatch.unread_reply
    dispatch.climb(uow.dispatches.evidence(dispatch))
    uow.dispatches.save(dispatch)
    uow.record(
        DispatchSent(
            at=now,
            by=Actor.gateway(item.agency_id),
            letter_id=dispatch.letter_id,
            dispatch_id=dispatch.id,
            to=dispatch.to_code,
            reply=reply,
            attempt=item.attempts,
        )
    )


def _postponed(item: OutboxItem, dispatch: Dispatch, reply: str, now: datetime) -> DispatchPostponed:
    return DispatchPostponed(
        at=now,
        by=Actor.gateway(item.agency_id),
        letter_id=dispatch.letter_id,
        dispatch_id=dispatch.id,
        to=dispatch.to_code,
        reply=reply,
        attempt=item.attempts,
    )


def _delay(attempts: int) -> timedelta:
    base = RETRY_DELAYS[min(max(attempts, 1), len(RETRY_DELAYS)) - 1]
    return base * random.uniform(0.8, 1.3)
