"""Comparisons of registers that come by mail (docs/wire-reconcile.md, section 5): a request is answered by itself, an
answer is taken when it was asked for, and everything else is shown to a clerk or noted, never answered."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, Correspondent
from saraban.domain.attachment import Digest
from saraban.domain.dispatch import RANK, Dispatch, DispatchState
from saraban.domain.dispatch_events import DispatchSentAgain
from saraban.domain.events import ReconciliationAnswered
from saraban.domain.reconciliation import ReconcileAnswer, ReconcileRequest, compare
from saraban.exchange.parse import InboundMessage
from saraban.exchange.reconcile import (
    Reconciliation,
    answer_bytes,
    lists_as_json,
    read_reconcile,
    request_bytes,
)
from saraban.exchange.thai import thai_digits
from saraban.usecases import registry
from saraban.usecases.books import InboxItem, UnitOfWork
from saraban.usecases.doubting import note_and_drop, show_doubt
from saraban.usecases.ports import Services
from saraban.usecases.sealed_questions import MESSAGE_LIFE, Came, Paper, judge_sealed

MOST_A_DAY = 24
_DAY = timedelta(hours=24)
_DONE = "reconciled"
_CHECK = "reconciliation"
_PAPER: Paper[Reconciliation] = Paper(
    word="reconcile",
    check=_CHECK,
    thai="ใบกระทบยอด",
    read=read_reconcile,
    takes_part=lambda agency: agency.reconciles,
    not_taking_part="ทำเนียบไม่ได้ประกาศว่าทั้งสองฝ่ายเทียบทะเบียนกันได้",
)


def judge_reconciliation(office: Services, item: InboxItem, message: InboundMessage) -> bool:
    """Judge a message as a request or an answer. False when it is neither."""
    return judge_sealed(office, item, message, _PAPER, message.reconcile, message.reconcile_p7s, _do)


def _do(uow: UnitOfWork, came: Came[Reconciliation]) -> None:
    item, message, agency, sender, said = came.item, came.message, came.agency, came.sender, came.said
    if isinstance(said, ReconcileRequest):
        _answer(uow, item, message, agency, sender, said, came.now)
    else:
        _take(uow, item, message, agency, sender, said, came.now)


# --- a request ------------------------------------------------------------------------------------------------


def _answer(
    uow: UnitOfWork,
    item: InboxItem,
    message: InboundMessage,
    agency: Agency,
    sender: Correspondent,
    said: ReconcileRequest,
    now: datetime,
) -> None:
    sha256 = Digest.of(message.reconcile or b"")
    before = uow.reconciliations.find(agency.id, sender.code, said.id)
    if before is not None and (before.ours or before.request_sha256 != sha256):
        show_doubt(uow, item, message, sender, "รหัสคำขอนี้เคยใช้แล้ว แต่เนื้อหาไม่ตรงกับครั้งก่อน", now, check=_CHECK)
        return
    if uow.reconciliations.times_asked(agency.id, sender.code, ours=False, after=now - _DAY) >= MOST_A_DAY:
        note_and_drop(uow, item, f"เกิน {thai_digits(str(MOST_A_DAY))} คำขอใน {thai_digits('24')} ชั่วโมง", now)
        return
    if before is not None:
        _answer_again(uow, before, now)
    else:
        _answer_first(uow, item, agency, sender, said, sha256, now)
    uow.inbox.decide(item, _DONE, "", now)


def _answer_first(
    uow: UnitOfWork,
    item: InboxItem,
    agency: Agency,
    sender: Correspondent,
    said: ReconcileRequest,
    sha256: Digest,
    now: datetime,
) -> None:
    answer = ReconcileAnswer(
        id=uuid4(),
        of=said.id,
        from_code=agency.code,
        from_mailbox=agency.mailbox,
        to_code=sender.code,
        to_mailbox=sender.mailbox,
        at=now,
        since=said.since,
        until=said.until,
        sent=tuple(uow.reconciliations.sent_to(agency.id, sender.code, said.since, said.until)),
        received=tuple(uow.reconciliations.received_from(agency.id, sender.code, said.since, said.until)),
        sent_again=tuple(_send_again(uow, agency, sender, said, now)),
    )
    one = registry.Reconciliation(
        id=uuid4(),
        agency_id=agency.id,
        other_code=sender.code,
        other_name=sender.name,
        ours=False,
        request_id=said.id,
        since=said.since,
        until=said.until,
        asked_at=now,
        asked_by=sender.name,
        request=json.loads(request_bytes(said)),
        request_sha256=sha256,
        answer=json.loads(answer_bytes(answer)),
        answered_at=now,
        owes="answer",
        raw=item.sha256,
    )
    uow.reconciliations.add(one)
    gateway = Actor.gateway(agency.id)
    uow.record(ReconciliationAnswered(at=now, by=gateway, thing_id=one.id, of=sender.code, ours=False))


def _answer_again(uow: UnitOfWork, before: registry.Reconciliation, now: datetime) -> None:
    """The same answer bytes; what it asked to be sent again is not sent a third time."""
    before.repeats = [*before.repeats, now.isoformat()]
    uow.reconciliations.save(before)
    if before.answer is not None:
        answer_id = UUID(str(before.answer["id"]))
        uow.outbox.again(before.agency_id, answer_id, now, give_up_at=now + MESSAGE_LIFE)


def _send_again(
    uow: UnitOfWork, agency: Agency, sender: Correspondent, said: ReconcileRequest, now: datetime
) -> list[UUID]:
    """Queue the same bytes of the dispatches that it asks for, where they are its own; others are passed over in
    silence, so that nobody learns which ids exist."""
    sent = []
    for wanted in said.send_again:
        dispatch = uow.dispatches.find(agency.id, wanted)
        if dispatch is None or not _was_sent_to(uow, dispatch, sender):
            continue
        if uow.outbox.again(agency.id, dispatch.id, now, give_up_at=now + MESSAGE_LIFE):
            sent.append(wanted)
            uow.record(
                DispatchSentAgain(
                    at=now,
                    by=Actor.gateway(agency.id),
                    letter_id=dispatch.letter_id,
                    dispatch_id=dispatch.id,
                    to=dispatch.to_code,
                )
            )
    return sent


def _was_sent_to(uow: UnitOfWork, dispatch: Dispatch, sender: Correspondent) -> bool:
    to_them = (dispatch.to_code, dispatch.to_mailbox.lower()) == (sender.code, sender.mailbox.lower())
    if not to_them or dispatch.state in (DispatchState.QUEUED, DispatchState.RECALLED):
        return False
    left = {state.value for state, rank in RANK.items() if rank >= RANK[DispatchState.SENT]}
    left.discard(DispatchState.UNDELIVERED.value)  # our own statement, also of what never left
    return any(evidence.counts and evidence.step in left for evidence in uow.dispatches.evidence(dispatch))


# --- an answer ------------------------------------------------------------------------------------------------


def _take(
    uow: UnitOfWork,
    item: InboxItem,
    message: InboundMessage,
    agency: Agency,
    sender: Correspondent,
    said: ReconcileAnswer,
    now: datetime,
) -> None:
    one = uow.reconciliations.find(agency.id, sender.code, said.of)
    if one is None or not one.ours:
        show_doubt(uow, item, message, sender, f"{sender.name}ส่งคำตอบของคำขอที่เราไม่ได้ขอ", now, check=_CHECK)
        return
    if (one.since, one.until) != (said.since, said.until):
        show_doubt(uow, item, message, sender, "คำตอบนี้เป็นของช่วงวันที่อื่น ไม่ใช่ช่วงที่เราขอ", now, check=_CHECK)
        return
    if one.answered_at is not None:
        note_and_drop(uow, item, "คำขอนี้มีคำตอบแล้ว คำตอบที่มาภายหลังไม่เปลี่ยนผล", now)
        return
    sent = uow.reconciliations.sent_to(agency.id, sender.code, one.since, one.until)
    received = uow.reconciliations.received_from(agency.id, sender.code, one.since, one.until)
    one.answer, one.answered_at, one.raw = json.loads(answer_bytes(said)), now, item.sha256
    one.own = lists_as_json(sent, received)
    one.differences = sum(not difference.agrees for difference in compare(sent, received, said))
    uow.reconciliations.save(one)
    gateway = Actor.gateway(agency.id)
    uow.record(ReconciliationAnswered(at=now, by=gateway, thing_id=one.id, of=sender.code, ours=True))
    uow.inbox.decide(item, _DONE, "", now)
