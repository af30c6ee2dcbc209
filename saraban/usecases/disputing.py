"""A receiving number that cannot be right (`number-wrong`, wire.md section 4): the sender tells the receiver, and
a receiver that is told shows it to a clerk, who sends the receipt again. The notice moves nothing and is never answered
by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, Correspondent
from saraban.domain.dispatch import Dispatch, DispatchId, numbers_said
from saraban.domain.dispatch_events import NumberDisputed, NumberQuestioned
from saraban.domain.errors import NotFound, RuleBroken
from saraban.domain.events import LetterHeld
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.domain.permissions import may_dispatch, may_reconcile, may_tell_number, require
from saraban.domain.receipt import Reason, ReasonCode, Receipt, ReceiptId, RegisteredAs, Step
from saraban.domain.reconciliation import Difference, ReceivingNumber, Remedy
from saraban.domain.register import EntryState, RegisterEntry
from saraban.exchange.headers import message_id
from saraban.exchange.parse import InboundMessage
from saraban.exchange.reconcile import laid_side_by_side
from saraban.exchange.thai import thai_digits
from saraban.usecases.answering import RECEIPT_LIFE, SealedNotice, notice_in, owe_statement
from saraban.usecases.books import EarlierIncoming, InboxItem, Statement, UnitOfWork
from saraban.usecases.ports import Services

_AGREED = "เลขรับของหนังสือนี้ตรงกัน ไม่ต้องแจ้ง"


@dataclass(frozen=True)
class NumberTold:
    """The receiving number and its Buddhist year, as the sender is told them."""

    number: int
    year: int


def dispute_numbers(office: Services, *, actor: Actor, reconciliation_id: UUID, dispatches: Collection[UUID]) -> None:
    """Tell the receiver of these dispatches that the numbers in its answer are not those of its receipts. The worker
    seals the notices.

    Raises NotFound for a dispatch that the comparison does not know, RuleBroken when its numbers agree or when it was
    told before.
    """
    now = office.clock.now()
    with office.uow() as uow:
        require(may_reconcile(actor))
        one = uow.reconciliations.get(actor.agency_id, reconciliation_id)
        differences = laid_side_by_side(one.answer, one.own)
        for dispatch_id in sorted(set(dispatches)):
            _dispute(uow, actor, [d for d in differences if d.dispatch == dispatch_id], dispatch_id, now)
        uow.commit()


def question_number(office: Services, *, actor: Actor, dispatch_id: DispatchId) -> None:
    """Tell the receiver of a dispatch that its own receipts name different receiving numbers. The worker seals the
    notice; what it answers settles the contradiction.

    Raises RuleBroken when its receipts agree, when it was told before, or when it cannot be reached.
    """
    now = office.clock.now()
    with office.uow() as uow:
        dispatch = uow.dispatches.get(actor.agency_id, dispatch_id)
        require(may_dispatch(actor, uow.letters.get(actor.agency_id, dispatch.letter_id)))
        receipts = [one for one in uow.dispatches.evidence(dispatch) if one.kind.is_signed]
        numbers = numbers_said(receipts, dispatch.number_disputed_at)
        if len(numbers) < 2:
            raise RuleBroken(_AGREED, code="remedy-not-allowed")
        said = f"ใบตอบรับแจ้งเลขทะเบียนรับ {numbers[0]} แต่ใบตอบรับอีกใบแจ้งเลข {numbers[-1]}"
        _tell(uow, actor, dispatch, numbers[0], numbers[-1], said, now)
        uow.commit()


def take_dispute(office: Services, item: InboxItem, message: InboundMessage) -> bool:
    """Show a clerk that the sender of a letter doubts our receiving number. False when the message is no such notice,
    or none that can be believed; then the other judges say what becomes of it."""
    now = office.clock.now()
    notice = notice_in(office, message, Step.NUMBER_WRONG, now)
    if notice is None:
        return False
    with office.uow() as uow:
        if not notice.is_believed_by(uow.agencies.get(item.agency_id)):
            return False
        about = _registered(uow, item, notice.said)
        if about is None:
            return False
        if uow.inbox.copies(item):
            uow.inbox.decide(item, "duplicate", "", now)
        else:
            _show(uow, item, message, about, notice, now)
        uow.commit()
    return True


def tell_number_again(office: Services, *, actor: Actor, incoming_id: IncomingId) -> NumberTold:
    """Answer a sender who questions our receiving number with the receipt of what the register says, and settle the
    question. The receipt that was given last goes again with the same bytes when none that was given says otherwise;
    else a new one is owed, which counts above them since it is later than the question.

    Raises StageNotAllowed when nothing is asked there or it was answered, RuleBroken when the number is void or the
    sender cannot be reached.
    """
    now = office.clock.now()
    with office.uow() as uow:
        question = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_tell_number(actor, question))
        question.may_be_answered()
        assert question.about is not None
        letter = uow.incoming.get(actor.agency_id, question.about)
        line = uow.registers.of_subject(actor.agency_id, letter.id, EntryState.USED)
        if line is None:
            raise RuleBroken("เลขรับของหนังสือนี้ยกเลิกแล้ว แจ้งผู้ส่งเป็นหนังสือหรือทางโทรศัพท์", code="number-void")
        if not _say_again(uow, letter, line, now):
            raise RuleBroken("ทำเนียบไม่มีกล่องไปรษณีย์เดิมของผู้ส่งแล้ว แจ้งเป็นหนังสือหรือทางโทรศัพท์", code="sender-unknown")
        for told in (
            letter.number_told(number=line.serial, year=line.year, by=actor, at=now),
            question.answer(number=line.serial, year=line.year, by=actor, at=now),
        ):
            uow.record(told)
        uow.incoming.save(letter)
        uow.incoming.save(question)
        uow.commit()
    return NumberTold(line.serial, line.year)


def _say_again(uow: UnitOfWork, letter: IncomingLetter, line: RegisterEntry, now: datetime) -> bool:
    """The sender is told the number of this line. False when the directory does not name the sender's mailbox."""
    agency = uow.agencies.get(letter.agency_id)
    given = uow.statements.given(agency.id, letter.id)
    last = next((one for one in reversed(given) if one.receipt.step is Step.REGISTERED), None)
    said = last.receipt.register if last is not None else None
    numbers = {(one.number, one.year) for s in given if (one := s.receipt.register) is not None}
    if (
        last is not None
        # Where receipts differ only a later one settles it: the sender has the bytes of these already.
        and numbers == {(str(line.serial), line.year)}
        # One that is not sealed yet is on its way for the first time.
        and (last.sealed is None or uow.outbox.again(agency.id, last.receipt.id, now, give_up_at=now + RECEIPT_LIFE))
    ):
        return True
    number = RegisteredAs(
        number=str(line.serial),
        year=line.year,
        at=letter.registered_at or line.at,
        unit=said.unit if said is not None else "",
        by=letter.registered_by,
    )
    owed = owe_statement(uow, letter, agency, Step.REGISTERED, at=now, automatic=False, registered=number)
    return owed is not None


def _dispute(uow: UnitOfWork, actor: Actor, found: Sequence[Difference], dispatch_id: UUID, now: datetime) -> None:
    wrong = next((d for d in found if d.remedy is Remedy.NUMBER_WRONG), None)
    if not found:
        raise NotFound
    if wrong is None or wrong.ours is None or wrong.theirs is None:
        raise RuleBroken(_AGREED, code="remedy-not-allowed")
    dispatch = uow.dispatches.get(actor.agency_id, DispatchId(dispatch_id))
    ours, theirs = _written(wrong.ours.register), _written(wrong.theirs.register)
    said = f"ใบตอบรับแจ้งเลขทะเบียนรับ {ours} แต่ผลการเทียบทะเบียนแจ้งเลข {theirs}"
    _tell(uow, actor, dispatch, ours, theirs, said, now)


def _tell(uow: UnitOfWork, actor: Actor, dispatch: Dispatch, ours: str, theirs: str, said: str, now: datetime) -> None:
    """The notice into the outbox, once for a dispatch."""
    if dispatch.number_disputed_at is not None:
        raise RuleBroken("แจ้งผู้รับแล้วว่าเลขรับไม่ตรง รอผู้รับตรวจสอบ หรือโทรศัพท์สอบถาม", code="told-already")
    receiver = uow.directory.by_code(dispatch.to_code)
    if receiver is None:
        raise RuleBroken("ไม่พบผู้รับในทำเนียบแล้ว ตรวจสอบทางโทรศัพท์หรือหนังสือ", code="unknown-receiver")
    agency = uow.agencies.get(actor.agency_id)
    uow.statements.add(_notice(agency, receiver, dispatch, f"{said} โปรดตรวจสอบทะเบียนรับ", now))
    dispatch.number_disputed_at = now
    uow.dispatches.save(dispatch)
    uow.record(
        NumberDisputed(
            at=now,
            by=actor,
            letter_id=dispatch.letter_id,
            dispatch_id=dispatch.id,
            to=dispatch.to_code,
            ours=ours,
            theirs=theirs,
        )
    )


def _written(register: ReceivingNumber | None) -> str:
    return f"{register.number}/{register.year}" if register is not None else ""


def _notice(agency: Agency, receiver: Correspondent, dispatch: Dispatch, words: str, now: datetime) -> Statement:
    return Statement(
        receipt=Receipt(
            id=ReceiptId(uuid4()),
            of=dispatch.id,
            manifest_sha256=dispatch.manifest_sha256,
            step=Step.NUMBER_WRONG,
            from_code=agency.code,
            from_mailbox=agency.mailbox,
            to_code=receiver.code,
            to_mailbox=receiver.mailbox,
            at=now,
            reason=Reason(ReasonCode.OTHER, thai_digits(words)),
        ),
        agency_id=agency.id,
        incoming_id=None,
        original_message_id=message_id(dispatch.id, agency.mailbox),
        made_at=now,
    )


def _registered(uow: UnitOfWork, item: InboxItem, notice: Receipt) -> EarlierIncoming | None:
    """The letter in our register that the notice is about."""
    letters = uow.incoming.earlier(item.agency_id, notice.from_code, notice.of)
    states = (IncomingState.REGISTERED.value,)
    return next((e for e in letters if e.state in states and e.manifest_sha256 == notice.manifest_sha256), None)


def _show(
    uow: UnitOfWork,
    item: InboxItem,
    message: InboundMessage,
    about: EarlierIncoming,
    notice: SealedNotice,
    now: datetime,
) -> None:
    """Into the letter's history, and as a card among what waits for a person."""
    sender, said = notice.sender, notice.said.reason
    reason = said.text[:1000] if said is not None else ""
    gateway, letter = Actor.gateway(item.agency_id), uow.incoming.get(item.agency_id, about.id)
    uow.record(NumberQuestioned(at=now, by=gateway, incoming_id=letter.id, sender=sender.code, reason=reason))
    card = IncomingLetter(
        id=IncomingId(uuid4()),
        agency_id=item.agency_id,
        unit_id=letter.unit_id,
        state=IncomingState.HELD,
        received_at=item.taken_at,
        raw_sha256=item.sha256,
        message_id=message.message_id,
        from_mailbox=message.from_address,
        from_code=sender.code,
        from_name=sender.name,
        subject=message.subject,
        text=message.text[:20_000],
        secrecy=letter.secrecy,
        seal=notice.status.as_dict(),
        about=letter.id,
        findings=({"check": "number_questioned", "code": Step.NUMBER_WRONG.value, "thai": reason, "blocking": True},),
    )
    uow.incoming.add(card)
    uow.inbox.decide(item, "held", Step.NUMBER_WRONG.value, now)
    uow.record(
        LetterHeld(at=now, by=gateway, incoming_id=card.id, sender=sender.code, reasons=(Step.NUMBER_WRONG.value,))
    )
