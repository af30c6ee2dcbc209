"""A letter that its sender wants back (`recall-*`, wire.md section 4): what never left is stopped, what did is asked
for. The receiver's gateway gives back by itself what is not registered; about the rest a clerk decides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, Correspondent, PositionRole
from saraban.domain.calendar import office_date
from saraban.domain.dispatch import Dispatch, DispatchId, DispatchState, Evidence, EvidenceKind
from saraban.domain.errors import RuleBroken
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState, expect_reason
from saraban.domain.notice import NoticeKind
from saraban.domain.permissions import may_ask_back, may_work_incoming, require
from saraban.domain.receipt import Reason, ReasonCode, Receipt, ReceiptId, Step
from saraban.domain.step_events import DispatchStopped, RecallAsked, RecallNoted
from saraban.exchange.headers import message_id
from saraban.exchange.parse import InboundMessage
from saraban.usecases.answering import RECEIPT_LIFE, notice_in, owe_statement, say_again
from saraban.usecases.books import EarlyRecall, InboxItem, Statement, UnitOfWork
from saraban.usecases.handing import give_back
from saraban.usecases.notices import recall_asked
from saraban.usecases.ports import Services
from saraban.usecases.replacing import settle_place

_GIVES_BACK = {IncomingState.NEW, IncomingState.HELD, IncomingState.REPLACED}
_IN_ORDER = (IncomingState.REGISTERED, IncomingState.RECALLED, IncomingState.NEW, IncomingState.FORWARDED)
_ENDED = {
    IncomingState.REFUSED: "ส่งคืนหนังสือนี้แล้ว",
    IncomingState.FORWARDED: "ส่งหนังสือนี้ต่อให้หน่วยงานอื่นแล้ว",
    IncomingState.SUPERSEDED: "ได้ฉบับที่ถูกต้องมาแทนแล้ว",
}


@dataclass(frozen=True)
class AskedBack:
    """How many dispatches were stopped before they left, and of how many the receiver was asked."""

    stopped: int
    asked: int


def ask_back(office: Services, *, actor: Actor, dispatches: Collection[DispatchId], reason: str) -> AskedBack:
    """Ask the letter back from these receivers: all of them or, when one cannot be asked, none. Asked again a day after
    a request that was not answered, the same request goes once more.

    Raises BadInput without a reason, StageNotAllowed for a receiver with whom the letter has ended or which was asked,
    RuleBroken when one cannot be reached any more.
    """
    now = office.clock.now()
    reason = expect_reason(reason, "ใส่เหตุผลที่ขอเรียกคืน")
    stopped = 0
    with office.uow() as uow:
        agency = uow.agencies.get(actor.agency_id)
        for dispatch_id in sorted(set(dispatches)):
            dispatch = uow.dispatches.get(actor.agency_id, dispatch_id)
            require(may_ask_back(actor, uow.letters.get(actor.agency_id, dispatch.letter_id)))
            dispatch.may_be_asked_back(now)
            stopped += _ask(uow, agency, dispatch, actor, reason, now)
            uow.dispatches.save(dispatch)
        uow.commit()
    return AskedBack(stopped, len(set(dispatches)) - stopped)


def take_recall(office: Services, item: InboxItem, message: InboundMessage) -> bool:
    """Answer a sender who asks for a letter back. False when the message is no such notice, or none that can be
    believed; then the other judges say what becomes of it.

    A request that comes before its letter is kept, so that both ends are the same whichever comes first.
    """
    now = office.clock.now()
    notice = notice_in(office, message, Step.RECALL_REQUESTED, now)
    if notice is None:
        return False
    with office.uow() as uow:
        agency = uow.agencies.get(item.agency_id)
        if not notice.is_believed_by(agency):
            return False
        letter = _letter(uow, item, notice.said)
        if letter is None:
            _note(uow, item, notice.said, now)
        else:
            _answer(uow, letter, agency, notice.said, now)
        uow.inbox.decide(item, "acknowledged", Step.RECALL_REQUESTED.value, now)
        uow.commit()
    return True


def answer_recall(office: Services, *, actor: Actor, incoming_id: IncomingId, consent: bool, reason: str = "") -> None:
    """Give a registered letter back to its sender, or say why not. It keeps its number either way.

    Raises StageNotAllowed when nothing is asked or it was answered, BadInput when a refusal has no reason.
    """
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_work_incoming(actor, letter))
        letter.may_answer_recall()
        assert letter.recall_asked_at is not None
        agency = uow.agencies.get(actor.agency_id)
        if consent:
            give_back(uow, letter, agency, letter.recall_reason, letter.recall_asked_at, by=actor, at=now)
        else:
            uow.record(letter.keep_though_asked(reason=reason, by=actor, at=now))
            why = Reason(ReasonCode.OTHER, letter.recall_words)
            owe_statement(uow, letter, agency, Step.RECALL_REFUSED, at=now, automatic=False, reason=why)
        uow.incoming.save(letter)
        uow.notices.settle(letter.id, [NoticeKind.RECALL], now)
        uow.commit()


# --- the sender ---------------------------------------------------------------------------------------------------


def _ask(uow: UnitOfWork, agency: Agency, dispatch: Dispatch, actor: Actor, reason: str, now: datetime) -> bool:
    """True when it was stopped before it left."""
    letter_id, to = dispatch.letter_id, dispatch.to_code
    if dispatch.state is DispatchState.QUEUED:
        if not dispatch.composed or uow.outbox.stop_untried(agency.id, dispatch.id):
            dispatch.stop(now)
            settle_place(uow, dispatch, by=actor, at=now)
            uow.record(
                DispatchStopped(at=now, by=actor, letter_id=letter_id, dispatch_id=dispatch.id, to=to, reason=reason)
            )
            return True
        if not dispatch.speaks_saraban:
            raise RuleBroken(f"{dispatch.to_name}: กำลังส่งอยู่ หยุดไม่ทัน โทรศัพท์แจ้งผู้รับ", code="being-sent")
    # It may have gone with an answer that was lost: no further try, and the receiver is asked all the same.
    uow.outbox.stop(agency.id, dispatch.id)
    if dispatch.recall_asked_at is not None and _ask_again(uow, agency, dispatch, now):
        return False
    receiver = uow.directory.by_code(dispatch.to_code)
    if receiver is None:
        raise RuleBroken(f"{dispatch.to_name}: ไม่พบผู้รับในทำเนียบแล้ว โทรศัพท์แจ้งผู้รับ", code="unknown-receiver")
    statement = _request(agency, receiver, dispatch, reason, now)
    uow.statements.add(statement)
    uow.dispatches.note(
        Evidence(
            id=statement.receipt.id,
            agency_id=agency.id,
            dispatch_id=dispatch.id,
            step=Step.RECALL_REQUESTED.value,
            kind=EvidenceKind.RECEIPT,
            at=now,
            noted_at=now,
            text=reason,
            counts=False,
        )
    )
    dispatch.recall_asked_at = now
    uow.record(RecallAsked(at=now, by=actor, letter_id=letter_id, dispatch_id=dispatch.id, to=to, reason=reason))
    return False


def _ask_again(uow: UnitOfWork, agency: Agency, dispatch: Dispatch, now: datetime) -> bool:
    """The request may have been lost: the same bytes go once more. False when there are none yet."""
    asked = [e for e in uow.dispatches.evidence(dispatch) if e.step == Step.RECALL_REQUESTED.value and e.raw is None]
    sent = [uow.outbox.again(agency.id, one.id, now, give_up_at=now + RECEIPT_LIFE) for one in asked]
    if any(sent):
        dispatch.recall_asked_at = now
    return any(sent)


def _request(agency: Agency, receiver: Correspondent, dispatch: Dispatch, reason: str, now: datetime) -> Statement:
    return Statement(
        receipt=Receipt(
            id=ReceiptId(uuid4()),
            of=dispatch.id,
            manifest_sha256=dispatch.manifest_sha256,
            step=Step.RECALL_REQUESTED,
            from_code=agency.code,
            from_mailbox=agency.mailbox,
            to_code=receiver.code,
            to_mailbox=receiver.mailbox,
            at=now,
            reason=Reason(ReasonCode.OTHER, reason),
        ),
        agency_id=agency.id,
        incoming_id=None,
        original_message_id=message_id(dispatch.id, agency.mailbox),
        made_at=now,
    )


# --- the receiver -------------------------------------------------------------------------------------------------


def _letter(uow: UnitOfWork, item: InboxItem, notice: Receipt) -> IncomingLetter | None:
    """The letter that the notice is about; of several with this manifest the one that was accepted."""
    found = [
        one
        for one in uow.incoming.earlier(item.agency_id, notice.from_code, notice.of)
        if one.manifest_sha256 == notice.manifest_sha256
    ]
    rank = {state.value: place for place, state in enumerate(_IN_ORDER)}
    best = min(found, key=lambda one: rank.get(one.state, len(rank)), default=None)
    return uow.incoming.get(item.agency_id, best.id) if best is not None else None


def _note(uow: UnitOfWork, item: InboxItem, notice: Receipt, now: datetime) -> None:
    reason = _words(notice)
    early = EarlyRecall(
        item.agency_id, notice.from_code, notice.of, notice.manifest_sha256, reason, notice.at, item.sha256
    )
    if uow.incoming.note_recall(early):
        gateway = Actor.gateway(item.agency_id)
        uow.record(RecallNoted(at=now, by=gateway, thing_id=notice.of, sender=notice.from_code, reason=reason))


def _answer(uow: UnitOfWork, letter: IncomingLetter, agency: Agency, notice: Receipt, now: datetime) -> None:
    gateway = Actor.gateway(agency.id)
    if letter.recall_answer:
        say_again(uow, letter, Step(letter.recall_answer), now)
        return
    if letter.state in _GIVES_BACK:
        give_back(uow, letter, agency, _words(notice), notice.at, by=gateway, at=now)
    elif letter.state is IncomingState.REGISTERED:
        if letter.recall_asked_at is not None:
            return
        uow.record(letter.ask_back(reason=_words(notice), at=now, by=gateway))
        clerks = uow.agencies.posts(agency.id, PositionRole.CLERK, office_date(now))
        uow.notices.tell(recall_asked(letter, clerks, at=now))
    else:
        _decline(uow, letter, agency, now)
    uow.incoming.save(letter)


def _decline(uow: UnitOfWork, letter: IncomingLetter, agency: Agency, now: datetime) -> None:
    """It is not here any more; its sender was told what became of it, and is told again."""
    words = _ENDED.get(letter.state, "หนังสือนี้ไม่อยู่ที่หน่วยงานนี้แล้ว")
    if letter.state is IncomingState.FORWARDED:
        words = f"ส่งหนังสือนี้ต่อให้{letter.forward_name}แล้ว"
    letter.recall_asked_at = now
    uow.record(letter.keep_though_asked(reason=words, by=Actor.gateway(agency.id), at=now))
    why = Reason(ReasonCode.OTHER, words)
    owe_statement(uow, letter, agency, Step.RECALL_REFUSED, at=now, automatic=True, reason=why)


def _words(notice: Receipt) -> str:
    return " ".join(notice.reason.text.split())[:1000] if notice.reason is not None else ""
