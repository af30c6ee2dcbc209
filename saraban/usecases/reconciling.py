"""Comparing registers with another agency (docs/wire-reconcile.md): the clerk asks and mends what was lost; the worker
seals what is owed. What others ask and answer is judged in `comparing`."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, Correspondent
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.dispatch import DispatchId, DispatchState
from saraban.domain.dispatch_events import DispatchSentAgain
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.events import ReconciliationAsked
from saraban.domain.permissions import may_reconcile, require
from saraban.domain.reconciliation import Difference, ReconcileRequest, Remedy
from saraban.exchange.envelope import Envelope
from saraban.exchange.reconcile import (
    MAX_DAYS,
    MAX_SEND_AGAIN,
    laid_side_by_side,
    read_reconcile,
    reconcile_entity,
    reconcile_envelope,
    request_bytes,
)
from saraban.exchange.thai import thai_digits
from saraban.exchange.wirejson import canonical
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services
from saraban.usecases.registry import Reconciliation
from saraban.usecases.sealed_questions import MESSAGE_LIFE, SILENCE, ask_once_more, seal_owed

MOST_A_DAY = 24


# --- what a clerk does ----------------------------------------------------------------------------------------


def ask_to_reconcile(office: Services, *, actor: Actor, other_code: str, since: date, until: date) -> Reconciliation:
    """Ask an agency for its lists of these days of the office, both inclusive.

    Raises BadInput for a period that is none, and RuleBroken where the two cannot compare or too much was asked today.
    """
    now = office.clock.now()
    _check_period(since, until, office_date(now))
    with office.uow() as uow:
        require(may_reconcile(actor))
        one = _ask(office, uow, actor, other_code, since, until, (), now)
        uow.commit()
    return one


def ask_again(
    office: Services, *, actor: Actor, reconciliation_id: UUID, dispatches: Collection[UUID]
) -> Reconciliation:
    """Ask the other side of a comparison to send these dispatches once more, in a new request for the same days.

    Raises NotFound for dispatches that the comparison does not know, RuleBroken for those that this does not help.
    """
    now = office.clock.now()
    with office.uow() as uow:
        require(may_reconcile(actor))
        before = uow.reconciliations.get(actor.agency_id, reconciliation_id)
        chosen = [found.dispatch for found in _chosen(before, dispatches, {Remedy.ASK_AGAIN})]
        if len(chosen) > MAX_SEND_AGAIN:
            raise RuleBroken(f"ขอให้ส่งอีกครั้งได้คราวละไม่เกิน {thai_digits(str(MAX_SEND_AGAIN))} ฉบับ", code="too-many")
        one = _ask(office, uow, actor, before.other_code, before.since, before.until, chosen, now)
        uow.commit()
    return one


def send_again(office: Services, *, actor: Actor, reconciliation_id: UUID, dispatches: Collection[UUID]) -> int:
    """Send the same bytes of these dispatches of ours once more: for a letter that the receiver lacks, or so that its
    receipts come back. Returns how many were queued."""
    now = office.clock.now()
    with office.uow() as uow:
        require(may_reconcile(actor))
        one = uow.reconciliations.get(actor.agency_id, reconciliation_id)
        other = _other(uow, one.other_code)
        for found in _chosen(one, dispatches, {Remedy.SEND_AGAIN, Remedy.ASK_RECEIPT}):
            dispatch = uow.dispatches.get(actor.agency_id, DispatchId(found.dispatch))
            if dispatch.state in (DispatchState.QUEUED, DispatchState.RECALLED):
                raise RuleBroken("หนังสือนี้ยังไม่ได้ส่งหรือเรียกคืนแล้ว จึงส่งซองเดิมอีกครั้งไม่ได้", code="state-not-allowed")
            if dispatch.to_mailbox.lower() != other.mailbox.lower():
                raise RuleBroken(
                    f"{other.name}เปลี่ยนกล่องไปรษณีย์กลางแล้ว ซองเดิมส่งไปไม่ถึง ให้ส่งหนังสือใหม่", code="mailbox-changed"
                )
            if not uow.outbox.again(actor.agency_id, dispatch.id, now, give_up_at=now + MESSAGE_LIFE):
                raise NotFound("ไม่พบซองเดิมของการส่งนี้")
            uow.record(
                DispatchSentAgain(
                    at=now, by=actor, letter_id=dispatch.letter_id, dispatch_id=dispatch.id, to=dispatch.to_code
                )
            )
        uow.commit()
    return len(set(dispatches))


# --- what the worker does -------------------------------------------------------------------------------------


def seal_reconciliations(office: Services, *, limit: int = 20) -> int:
    """Seal and queue requests and answers that wait. Returns how many; 0 when none waits."""
    return seal_owed(office, lambda uow: uow.reconciliations, _compose, _ref, limit)


def ask_silent_again(office: Services, *, limit: int = 20) -> int:
    """Send the same bytes of a request once more where no answer came within a day. Returns how many."""
    return ask_once_more(office, lambda uow: uow.reconciliations, limit)


def _ref(one: Reconciliation) -> UUID:
    return one.request_id if one.ours else UUID(str((one.answer or {})["id"]))


def _compose(office: Services, one: Reconciliation, agency: Agency, now: datetime) -> Envelope:
    sealer = office.seals.sealer(agency.code, now)
    data = canonical(one.request if one.ours else one.answer or {})
    message = read_reconcile(data)
    entity = reconcile_entity(message, data, sealer.seal(Digest.of(data), now), sender_name=agency.name)
    outer = sealer.seal(entity.digest(office.blobs.open), now)
    return reconcile_envelope(message, entity, outer, at=now, blob=office.blobs.open, sender_name=agency.name)


# --- how it is done -------------------------------------------------------------------------------------------


def _ask(
    office: Services,
    uow: UnitOfWork,
    actor: Actor,
    other_code: str,
    since: date,
    until: date,
    dispatches: Sequence[UUID],
    now: datetime,
) -> Reconciliation:
    agency, other = uow.agencies.get(actor.agency_id), _other(uow, other_code)
    _check_both_take_part(office, uow, agency, other, now)
    if uow.reconciliations.times_asked(agency.id, other.code, ours=True, after=now - SILENCE) >= MOST_A_DAY:
        raise RuleBroken(
            f"ขอเทียบกับ{other.name}ครบ {thai_digits(str(MOST_A_DAY))} ครั้งใน {thai_digits('24')} ชั่วโมงแล้ว "
            "ระบบปลายทางจะไม่ตอบเกินนี้ รอแล้วขอใหม่",
            code="asked-too-often",
        )
    request = ReconcileRequest(
        id=uuid4(),
        from_code=agency.code,
        from_mailbox=agency.mailbox,
        to_code=other.code,
        to_mailbox=other.mailbox,
        at=now,
        since=since,
        until=until,
        send_again=tuple(dispatches),
    )
    data = request_bytes(request)
    one = Reconciliation(
        id=uuid4(),
        agency_id=agency.id,
        other_code=other.code,
        other_name=other.name,
        ours=True,
        request_id=request.id,
        since=since,
        until=until,
        asked_at=now,
        asked_by=actor.name,
        request=json.loads(data),
        request_sha256=Digest.of(data),
        owes="request",
    )
    uow.reconciliations.add(one)
    uow.record(ReconciliationAsked(at=now, by=actor, thing_id=one.id, of=other.code, since=since, until=until))
    return one


def _check_period(since: date, until: date, today: date) -> None:
    if until < since:
        raise BadInput({"until": "วันสิ้นสุดต้องไม่ก่อนวันเริ่ม"})
    if (until - since).days >= MAX_DAYS:
        raise BadInput({"until": f"เทียบได้คราวละไม่เกิน {thai_digits(str(MAX_DAYS))} วัน แบ่งเป็นหลายช่วง"})
    if since > today:
        raise BadInput({"since": "ช่วงนี้ยังมาไม่ถึง เลือกวันเริ่มไม่เกินวันนี้"})


def _other(uow: UnitOfWork, code: str) -> Correspondent:
    other = uow.directory.by_code(code)
    if other is None:
        raise BadInput({"agency": "ไม่พบส่วนราชการนี้ในทำเนียบ เลือกจากรายการ"})
    return other


def _check_both_take_part(
    office: Services, uow: UnitOfWork, agency: Agency, other: Correspondent, now: datetime
) -> None:
    if other.code == agency.code:
        raise BadInput({"agency": "เทียบกับส่วนราชการของตนเองไม่ได้ เลือกส่วนราชการอื่น"})
    if not other.reconciles:
        raise BadInput({"agency": f"ระบบของ{other.name}ยังไม่รองรับการเทียบทะเบียน ตรวจสอบทางโทรศัพท์หรือหนังสือ"})
    us = uow.directory.by_code(agency.code)
    if us is None or not us.reconciles:
        raise RuleBroken(
            "ทำเนียบยังไม่ได้ประกาศว่าส่วนราชการของท่านเทียบทะเบียนได้ ติดต่อผู้ดูแลระบบให้ปรับทำเนียบ", code="not-taking-part"
        )
    try:
        office.seals.sealer(agency.code, now)
    except NotFound as error:
        raise RuleBroken(
            "ส่วนราชการนี้ยังไม่มีตราประทับอิเล็กทรอนิกส์ที่ใช้ได้ จึงขอเทียบทะเบียนไม่ได้ ติดต่อผู้ดูแลระบบ", code="no-seal"
        ) from error


def _chosen(one: Reconciliation, dispatches: Iterable[UUID], remedies: set[Remedy]) -> list[Difference]:
    """What the comparison found about these dispatches, each once and in its order; all must be helped by a remedy."""
    wanted = set(dispatches)
    if not wanted:
        raise BadInput({"dispatch": "เลือกหนังสืออย่างน้อยหนึ่งฉบับ"})
    found = [difference for difference in laid_side_by_side(one.answer, one.own) if difference.dispatch in wanted]
    if {difference.dispatch for difference in found} != wanted:
        raise NotFound
    helped = [difference for difference in found if difference.remedy in remedies]
    if {difference.dispatch for difference in helped} != wanted:
        raise RuleBroken("วิธีแก้นี้ใช้กับบางฉบับที่เลือกไม่ได้ เลือกเฉพาะฉบับที่มีปุ่มนี้", code="remedy-not-allowed")
    return helped
