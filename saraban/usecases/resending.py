"""Dead letters: what was given up is sent once more, the same bytes, or stopped for good with a reason."""

from __future__ import annotations

from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.dispatch import WAITING, Dispatch, DispatchId, DispatchState, came_damaged
from saraban.domain.errors import NotFound, RuleBroken, StageNotAllowed
from saraban.domain.permissions import may_attend, may_dispatch, require
from saraban.domain.problem import reason_of
from saraban.domain.problem_events import LetterSentAgain, MessageSentAgain, MessageStopped, SendingClosed
from saraban.exchange.manifest import read_manifest
from saraban.usecases.answering import RECEIPT_LIFE
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services

_ENDED_BADLY = frozenset({DispatchState.INVALID, DispatchState.UNDELIVERED, DispatchState.REFUSED})
_ASKED = "ใส่เหตุผลที่เลิกส่ง"
_NO_BYTES = "ไม่พบซองเดิมที่จะส่ง กดร่างฉบับแก้ไข แล้วส่งฉบับใหม่"


def send_again(office: Services, *, actor: Actor, dispatch_id: DispatchId) -> None:
    """ส่งอีกครั้ง: the same bytes of a dispatch go once more. What was stated meanwhile stays as evidence, and a receipt
    outweighs it. Raises RuleBroken when there are no bytes yet, or when the receiver would only hold them as too late.
    """
    now = office.clock.now()
    with office.uow() as uow:
        dispatch = _dispatch(uow, actor, dispatch_id)
        _may_be_sent_again(dispatch)
        manifest = uow.outbox.manifest(actor.agency_id, dispatch.id)
    if manifest is None:
        raise RuleBroken(_NO_BYTES, code="no-bytes")
    until = read_manifest(manifest).expires_at
    if until <= now:
        raise RuleBroken("ซองนี้พ้นกำหนดเวลาแล้ว ผู้รับจะพักไว้ กดร่างฉบับแก้ไข แล้วส่งฉบับใหม่", code="expired")
    with office.uow() as uow:
        dispatch = _dispatch(uow, actor, dispatch_id)
        _may_be_sent_again(dispatch)
        if not uow.outbox.again(actor.agency_id, dispatch.id, now, give_up_at=until):
            raise RuleBroken(_NO_BYTES, code="no-bytes")
        dispatch.send_again(until)
        uow.dispatches.save(dispatch)
        uow.record(
            LetterSentAgain(
                at=now, by=actor, letter_id=dispatch.letter_id, dispatch_id=dispatch.id, to=dispatch.to_code
            )
        )
        uow.commit()


def stop_sending(office: Services, *, actor: Actor, dispatch_id: DispatchId, reason: str) -> None:
    """เลิกส่ง: nothing more is tried, and the matter is closed with a reason. What still waits leaves the queue; a
    receipt that comes all the same counts. Raises BadInput and StageNotAllowed."""
    reason = reason_of(reason, _ASKED)
    now = office.clock.now()
    with office.uow() as uow:
        dispatch = _dispatch(uow, actor, dispatch_id)
        if dispatch.state not in WAITING | _ENDED_BADLY and not dispatch.contradicted:
            raise StageNotAllowed("ผู้รับรับหนังสือแล้ว เลิกส่งไม่ได้")
        if dispatch.closed_for or dispatch.stopped_at is not None:
            raise StageNotAllowed("เลิกส่งแล้ว", code="stopped-already")
        dispatch.close(reason, now)
        uow.outbox.stop(actor.agency_id, dispatch.id)
        uow.dispatches.save(dispatch)
        uow.record(
            SendingClosed(
                at=now,
                by=actor,
                letter_id=dispatch.letter_id,
                dispatch_id=dispatch.id,
                to=dispatch.to_code,
                reason=reason,
            )
        )
        uow.commit()


def send_message_again(office: Services, *, actor: Actor, ref: UUID) -> None:
    """A receipt, an answer or a comparison that was given up goes once more, the same bytes."""
    require(may_attend(actor))
    now = office.clock.now()
    with office.uow() as uow:
        kind, to = _given_up(uow, actor, ref)
        uow.outbox.again(actor.agency_id, ref, now, give_up_at=now + RECEIPT_LIFE)
        uow.record(MessageSentAgain(at=now, by=actor, thing_id=ref, kind=kind, to=to))
        uow.commit()


def stop_message(office: Services, *, actor: Actor, ref: UUID, reason: str) -> None:
    """It is not sent any more; why. Raises BadInput."""
    require(may_attend(actor))
    reason = reason_of(reason, _ASKED)
    now = office.clock.now()
    with office.uow() as uow:
        kind, to = _given_up(uow, actor, ref)
        uow.outbox.abandon(actor.agency_id, ref)
        uow.record(MessageStopped(at=now, by=actor, thing_id=ref, kind=kind, to=to, reason=reason))
        uow.commit()


def _given_up(uow: UnitOfWork, actor: Actor, ref: UUID) -> tuple[str, str]:
    found = uow.outbox.given_up(actor.agency_id, ref)
    if found is None:
        raise NotFound
    return found


def _dispatch(uow: UnitOfWork, actor: Actor, dispatch_id: DispatchId) -> Dispatch:
    dispatch = uow.dispatches.get(actor.agency_id, dispatch_id)
    require(may_dispatch(actor, uow.letters.get(actor.agency_id, dispatch.letter_id)))
    return dispatch


def _may_be_sent_again(dispatch: Dispatch) -> None:
    if dispatch.state not in WAITING | {DispatchState.UNDELIVERED} and not came_damaged(dispatch):
        raise StageNotAllowed("ผู้รับตอบแล้ว ไม่ต้องส่งซองเดิมอีก ถ้าต้องแก้ กดร่างฉบับแก้ไข")
    if not dispatch.composed or not dispatch.manifest_sha256:
        raise RuleBroken("ยังไม่ได้ทำซองของการส่งนี้ ระบบลองทำให้เองเมื่อแก้เหตุแล้ว", code="not-composed")
