"""The clerk's deeds on an incoming letter: register it (ลงรับ), send it back, release it from hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency
from saraban.domain.calendar import RegisterYear
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.domain.permissions import may_work_incoming, require
from saraban.domain.receipt import Reason, ReasonCode, RegisteredAs, Step
from saraban.domain.register import BookKind, EntryId, EntryState, RegisterEntry
from saraban.usecases.answering import owe_statement
from saraban.usecases.books import UnitOfWork
from saraban.usecases.numbering import Taken, take_number
from saraban.usecases.ports import Services


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
    year = RegisterYear.containing(now).buddhist
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_work_incoming(actor, letter))
        letter.may_be_registered()
        agency = uow.agencies.get(actor.agency_id)
        taken = take_number(uow, agency, BookKind.RECEIVING, None, letter.secrecy, year)
        number = taken.serial
        event = letter.register(number=number, year=year, by=actor, at=now)
        uow.incoming.save(letter)
        registered = RegisteredAs(number=str(number), year=year, at=now, unit=actor.unit_name, by=actor.name)
        owe_statement(uow, letter, agency, Step.REGISTERED, at=now, automatic=False, registered=registered)
        entry = _line(letter, taken, agency, actor, now)
        uow.registers.enter(entry)
        uow.record(event)
        uow.record(entry.entered(by=actor, at=now))
        uow.commit()
    return Registered(number, year, now)


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
        sender=letter.from_name,
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


def refuse_letter(office: Services, *, actor: Actor, incoming_id: IncomingId, code: str, text: str = "") -> None:
    """Send the letter back with a reason code of the wire and words; the sender gets a sealed `refused`."""
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
        uow.record(letter.refuse(reason=reason, by=actor, at=now))
        uow.incoming.save(letter)
        agency = uow.agencies.get(actor.agency_id)
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
        uow.commit()


def _name_sender(uow: UnitOfWork, letter: IncomingLetter) -> None:
    """A sender who was unknown on arrival may stand in the directory by now, and then hears of the release."""
    sender = uow.directory.by_mailbox(letter.from_mailbox) if not letter.from_code else None
    if sender is not None:
        letter.from_code, letter.from_name = sender.code, sender.name


def _forbid_second_copy(uow: UnitOfWork, letter: IncomingLetter) -> None:
    assert letter.dispatch_id is not None
    for other in uow.incoming.earlier(letter.agency_id, letter.from_code, letter.dispatch_id):
        same = other.manifest_sha256 == letter.manifest_sha256 and other.id != letter.id
        if same and other.state in (IncomingState.NEW.value, IncomingState.REGISTERED.value):
            raise RuleBroken("หนังสือฉบับนี้เข้าระบบแล้ว ไม่ต้องปล่อยซ้ำ ส่งคืนหรือเก็บการ์ดนี้ไว้", code="duplicate")


def _addressee(letter: IncomingLetter, agency: Agency) -> str:
    text = letter.addressed_to.strip()
    for salutation in ("กราบเรียน", "เรียน", "นมัสการ"):
        if text.startswith(salutation):
            text = text[len(salutation) :].strip()
            break
    return text or agency.name
