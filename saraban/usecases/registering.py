"""The clerk's deeds on an incoming letter: register it (ลงรับ), send it back, release it from hold."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency
from saraban.domain.calendar import RegisterYear
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState, MailLetter
from saraban.domain.permissions import may_work_incoming, require
from saraban.domain.petition import expect_responsible
from saraban.domain.receipt import Reason, ReasonCode, RegisteredAs, Step
from saraban.domain.register import BookKind, EntryId, EntryState, RegisterEntry
from saraban.domain.verification import ENTROPY_OCTETS, code_from
from saraban.exchange.envelope import OutboxKind
from saraban.exchange.petition_mail import Occasion, Told, following_words
from saraban.exchange.plain_answers import Answered, plain_answer
from saraban.usecases.answering import owe_statement
from saraban.usecases.books import UnitOfWork
from saraban.usecases.finishing import complete
from saraban.usecases.handing import make_way
from saraban.usecases.handing_out import by_standing_order
from saraban.usecases.notices import arrival_over
from saraban.usecases.numbering import Taken, take_number
from saraban.usecases.outgoing import OutboxItem
from saraban.usecases.petitions import begin_petition, end_petition, tell_sender
from saraban.usecases.ports import Services

ANSWER_LIFE = timedelta(days=3)
_IN_THE_HOUSE = {
    state.value
    for state in (IncomingState.NEW, IncomingState.REGISTERED, IncomingState.FORWARDED, IncomingState.RECALLED)
}


@dataclass(frozen=True)
class Registered:
    """The receiving number, its Buddhist year and the moment."""

    number: int
    year: int
    at: datetime


def register_letter(office: Services, *, actor: Actor, incoming_id: IncomingId) -> Registered:
    """Enter the letter into the receiving register under the next number, and owe its sender the receipt (clause 38).

    Raises StageNotAllowed for a letter that is held, refused or registered already.
    """
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_work_incoming(actor, letter))
        letter.may_be_registered()
        agency = uow.agencies.get(actor.agency_id)
        registered = _enter(uow, letter, agency, actor, now)
        _answer_mail(uow, letter, agency, registered)
        uow.commit()
    return registered


def register_mail(
    office: Services, *, actor: Actor, incoming_id: IncomingId, named: MailLetter, answer: bool = True
) -> Registered:
    """Make a letter of an ordinary mail and enter it into the receiving register, in one step. Its sender gets the
    receiving number in plain words, where the agency answers such mail and a person can read it.

    Raises BadInput by field, and StageNotAllowed for what came in an envelope, or was decided before.
    """
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_work_incoming(actor, letter))
        agency = uow.agencies.get(actor.agency_id)
        answers = answer and answers_mail(agency, letter)
        made = letter.make_of_mail(named, by=actor, at=now, answered=answers)
        uow.record(made)
        code = _code_for_public(letter, agency) if answers else ""
        petition = begin_petition(uow, agency, letter, code, by_mail=True) if code else None
        registered = _enter(uow, letter, agency, actor, now)
        if petition is not None:
            uow.petitions.add(petition)
            uow.record(petition.filed(files=len(letter.files), by=actor, at=now))
        if answers:
            following = following_words(petition.number, code, office.public_url) if petition is not None else ""
            _answer_mail(uow, letter, agency, registered, following)
        uow.commit()
    return registered


def set_mail_aside(office: Services, *, actor: Actor, incoming_id: IncomingId, reason: str) -> None:
    """Say that an ordinary mail is no letter. It keeps its bytes, and nobody is told."""
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_work_incoming(actor, letter))
        uow.record(letter.set_aside(reason=reason, by=actor, at=now))
        uow.incoming.save(letter)
        uow.commit()


def answers_mail(agency: Agency, letter: IncomingLetter) -> bool:
    """Would the sender of this ordinary mail hear of its receiving number?"""
    if not letter.ordinary or not agency.options.answer_mail or letter.details.get("no_answer", "no-address"):
        return False
    return letter.from_mailbox.lower() != agency.mailbox.lower()


def answer_id(letter: IncomingLetter) -> UUID:
    """The id of the one answer that a letter in ordinary mail gets."""
    return uuid5(letter.id, "answer")


def _enter(uow: UnitOfWork, letter: IncomingLetter, agency: Agency, actor: Actor, now: datetime) -> Registered:
    year = RegisterYear.containing(now).buddhist
    taken = take_number(uow, agency, BookKind.RECEIVING, None, letter.secrecy, year)
    number = taken.serial
    event = letter.register(number=number, year=year, by=actor, at=now)
    uow.incoming.save(letter)
    arrival_over(uow.notices, letter, now)
    registered = RegisteredAs(number=str(number), year=year, at=now, unit=actor.unit_name, by=actor.name)
    owe_statement(uow, letter, agency, Step.REGISTERED, at=now, automatic=False, registered=registered)
    entry = _line(letter, taken, agency, actor, now)
    uow.registers.enter(entry)
    uow.record(event)
    uow.record(entry.entered(by=actor, at=now))
    by_standing_order(uow, letter, by=actor, at=now)
    return Registered(number, year, now)


def _code_for_public(letter: IncomingLetter, agency: Agency) -> str:
    """A code by which the sender of an ordinary mail follows it; empty for an agency of the directory, and where the
    agency takes no letters from the public."""
    return code_from(secrets.token_bytes(ENTROPY_OCTETS)) if agency.options.petitions and not letter.from_code else ""


def _answer_mail(
    uow: UnitOfWork, letter: IncomingLetter, agency: Agency, registered: Registered, following: str = ""
) -> None:
    if not answers_mail(agency, letter):
        return
    told = Answered(
        id=answer_id(letter),
        agency=agency.name,
        mailbox=agency.mailbox,
        to_name=letter.from_name if letter.from_name != letter.from_mailbox else "",
        to_mailbox=letter.from_mailbox,
        of=letter.message_id,
        subject=letter.subject,
        number=letter.number,
        register_number=registered.number,
        year=registered.year,
        received_at=letter.received_at,
        registered_at=registered.at,
        following=following,
    )
    item = OutboxItem(
        id=uuid4(),
        agency_id=agency.id,
        agency_code=agency.code,
        kind=OutboxKind.ANSWER,
        ref=told.id,
        envelope=plain_answer(told, registered.at),
        give_up_at=registered.at + ANSWER_LIFE,
    )
    uow.outbox.put(item, registered.at)


def _line(letter: IncomingLetter, taken: Taken, agency: Agency, actor: Actor, now: datetime) -> RegisterEntry:
    return RegisterEntry(
        id=EntryId(uuid4()),
        agency_id=agency.id,
        book_id=taken.book_id,
        kind=taken.kind,
        year=taken.year,
        serial=taken.serial,
        state=EntryState.USED,
        subject_of=letter.id,
        number=letter.number,
        letter_date=letter.number_date,
        sender=_sender(letter),
        addressee=_addressee(letter, agency),
        subject=letter.subject,
        practice="",
        note="",
        urgency=letter.urgency,
        secrecy=letter.secrecy,
        unit_id=letter.unit_id,
        at=now,
        entered_by=actor.name,
        received_at=letter.received_at,
    )


def _sender(letter: IncomingLetter) -> str:
    """Whose letter it is: of one that was sent on with evidence that holds, the first sender and who sent it on."""
    before = letter.details.get("sent_before") or []
    if before and all(one.get("good") for one in before):
        return f"{before[0]['name']} (ส่งต่อโดย {letter.from_name})"
    return letter.from_name


def refuse_letter(
    office: Services, *, actor: Actor, incoming_id: IncomingId, code: str, text: str = "", responsible: str = ""
) -> None:
    """Send the letter back with a reason code of the wire and words; the sender gets a sealed `refused`. Somebody of
    the public reads the words and the name of the `responsible` agency on his page and in a mail. Raises BadInput by
    field, also where that agency has to be named (B.E. 2565, section 10)."""
    now = office.clock.now()
    try:
        reason = Reason(ReasonCode(code), text.strip())
    except ValueError:
        raise BadInput({"code": "เลือกเหตุผลที่ส่งคืนจากรายการ"}) from None
    if len(text) > 1000:
        raise BadInput({"text": "เหตุผลยาวเกิน 1,000 ตัวอักษร"})
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_work_incoming(actor, letter))
        responsible = expect_responsible(letter, reason, responsible)
        uow.record(letter.refuse(reason=reason, by=actor, at=now, responsible=responsible))
        uow.incoming.save(letter)
        petition = end_petition(uow, letter, now)
        arrival_over(uow.notices, letter, now)
        agency = uow.agencies.get(actor.agency_id)
        if petition is not None:
            told = Told(Occasion.ENDED, petition.number, office.public_url, to_agency=responsible, words=reason.text)
            tell_sender(uow, agency, petition, letter, told, now)
        owe_statement(uow, letter, agency, Step.REFUSED, at=now, automatic=False, reason=reason)
        uow.commit()


def release_letter(office: Services, *, actor: Actor, incoming_id: IncomingId, reason: str) -> None:
    """Take a held letter in after all; its sender gets the `received` that the gateway kept back."""
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_work_incoming(actor, letter))
        uow.record(letter.release(reason=reason, by=actor, at=now))
        if letter.answers_by_wire:
            _name_sender(uow, letter)
            _forbid_second_copy(uow, letter)
            letter.accepted_key = letter.accept_key()
        uow.incoming.save(letter)
        agency = uow.agencies.get(actor.agency_id)
        owe_statement(uow, letter, agency, Step.RECEIVED, at=now, automatic=False)
        make_way(uow, letter, now)
        uow.commit()


def complete_letter(office: Services, *, actor: Actor, incoming_id: IncomingId) -> bool:
    """Close the matter of a registered letter. True when its sender is told so: where the agency wants it and the
    letter came under the wire.

    Raises StageNotAllowed for a letter that is not registered, whose matter is closed, or of which work is left.
    """
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_work_incoming(actor, letter))
        told = complete(uow, letter, by=actor, at=now)
        uow.commit()
    return told


def _name_sender(uow: UnitOfWork, letter: IncomingLetter) -> None:
    """A sender who was unknown on arrival may stand in the directory by now, and then hears of the release."""
    sender = uow.directory.by_mailbox(letter.from_mailbox) if not letter.from_code else None
    if sender is not None:
        letter.from_code, letter.from_name = sender.code, sender.name


def _forbid_second_copy(uow: UnitOfWork, letter: IncomingLetter) -> None:
    assert letter.dispatch_id is not None
    for other in uow.incoming.earlier(letter.agency_id, letter.from_code, letter.dispatch_id):
        same = other.manifest_sha256 == letter.manifest_sha256 and other.id != letter.id
        if same and other.state in _IN_THE_HOUSE:
            raise RuleBroken("หนังสือฉบับนี้เข้าระบบแล้ว ไม่ต้องปล่อยซ้ำ ส่งคืนหรือเก็บการ์ดนี้ไว้", code="duplicate")


def _addressee(letter: IncomingLetter, agency: Agency) -> str:
    text = letter.addressed_to.strip()
    for salutation in ("กราบเรียน", "เรียน", "นมัสการ"):
        if text.startswith(salutation):
            text = text[len(salutation) :].strip()
            break
    return text or agency.name
