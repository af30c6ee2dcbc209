"""What is done to numbers after they were taken: void, rectify, fill in การปฏิบัติ, reserve for an outage, bind, release.
Nothing is ever deleted, and every deed is a line of the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.attachment import Attachment, Digest
from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_amend, may_enter, require
from saraban.domain.phrases import phrases_of
from saraban.domain.register import BookKind, EntryId, EntryState, Matter, Origin, RegisterEntry, fault_of
from saraban.usecases import alike
from saraban.usecases.books import UnitOfWork
from saraban.usecases.kept import expect_here, keep_classified
from saraban.usecases.kept_files import keep_on
from saraban.usecases.numbering import unit_named, written_number
from saraban.usecases.ports import Services

MOST_RESERVED = 500
_TEXTS = frozenset({"number", "sender", "addressee", "subject", "practice", "note"})


@dataclass(frozen=True)
class Amended:
    """A line after the deed: its id, number in the book, Buddhist year and state."""

    id: EntryId
    number: int
    year: int
    state: EntryState
    at: datetime


@dataclass(frozen=True)
class Block:
    """Numbers that were reserved in a row, with the letter numbers that belong to them."""

    kind: BookKind
    year: int
    first: int
    last: int
    ids: tuple[EntryId, ...]
    numbers: tuple[str, ...]


def find_entry(office: Services, *, actor: Actor, kind: BookKind, unit_code: str, year: int, serial: int) -> EntryId:
    """The id of a number's line in a book of the actor's agency; NotFound when there is none."""
    with office.uow() as uow:
        unit = unit_named(uow, actor.agency_id, unit_code)
        book = uow.registers.book(actor.agency_id, kind, unit.id if unit is not None else None, year)
        entry = uow.registers.by_serial(book.id, serial) if book is not None else None
        if entry is None:
            raise NotFound("ไม่มีเลขนี้ในทะเบียน")
        return entry.id


def void_number(office: Services, *, actor: Actor, entry_id: EntryId, reason: str, authority: str) -> Amended:
    """Strike a number, with the reason and whose order it was. It stays readable and is never used again. A reserved
    number that is given back goes the same way. Raises StageNotAllowed when it is void, or belongs to a letter of the
    system that is being signed."""
    now = office.clock.now()
    with office.uow() as uow:
        entry = _entry(uow, actor, entry_id)
        entry.may_be_given_up()
        event = entry.void(reason=reason, authority=authority, by=actor, at=now)
        uow.registers.save(entry)
        uow.record(event)
        uow.commit()
    return _amended(entry, now)


def rectify_entry(
    office: Services,
    *,
    actor: Actor,
    entry_id: EntryId,
    changes: Mapping[str, Any],
    reason: str,
    authority: str = "",
    seen: Digest | None = None,
) -> Amended:
    """Put columns of a line right; what they said stays visible beside what they say. `changes` maps names of
    `domain.register.MATTER` to new values; `seen` is the digest of the line that the person looked at. Raises BadInput
    for nothing changed, no reason, or a value that a line may not have, and ConcurrentEdit over a stale one."""
    now = office.clock.now()
    changes = _tidy(changes)
    with office.uow() as uow:
        entry = _entry(uow, actor, entry_id, seen)
        said, was_open = phrases_of([entry]), entry.secrecy.is_open
        event, made = entry.rectify(changes, reason=reason, authority=authority, by=actor, at=now)
        if faults := _matter_of(entry).faults(entry.kind, now):
            raise BadInput(faults)
        uow.registers.save(entry)
        uow.registers.correct(made)
        # A slip of the pen is not offered again, nor anything of a line that became classified.
        uow.registers.unlearn(actor.agency_id, said)
        uow.registers.learn(actor.agency_id, phrases_of([entry]), now)
        uow.record(event)
        if was_open and not entry.secrecy.is_open:
            keep_classified(uow, entry, by=actor, at=now)
        uow.commit()
    return _amended(entry, now)


def note_practice(
    office: Services, *, actor: Actor, entry_id: EntryId, practice: str, seen: Digest | None = None
) -> Amended:
    """Write what was done into การปฏิบัติ: the unit it went to, the reply's number and date (clauses 39 and 47)."""
    now = office.clock.now()
    with office.uow() as uow:
        entry = _entry(uow, actor, entry_id, seen)
        uow.record(entry.act(practice, by=actor, at=now))
        uow.registers.save(entry)
        uow.commit()
    return _amended(entry, now)


def reserve_numbers(
    office: Services,
    *,
    actor: Actor,
    kind: BookKind,
    count: int,
    reason: str,
    authority: str = "",
    unit_code: str = "",
) -> Block:
    """Set numbers aside, one or a block, for letters on paper while the system is out. Each stays reserved until a
    letter is bound to it or it is voided. Raises BadInput for a count outside 1 to 500 or without a reason."""
    if not 1 <= count <= MOST_RESERVED:
        raise BadInput({"count": thai_digits(f"จองได้ครั้งละ 1 ถึง {MOST_RESERVED} เลข")})
    if not reason.strip():
        raise BadInput({"reason": "ใส่เหตุผลที่จอง เช่น ระบบหยุดเพื่อบำรุงรักษา"})
    told = {"reason": fault_of(reason, "เหตุผล", 500), "authority": fault_of(authority, "ผู้สั่ง", 500)}
    if wrong := {name: words for name, words in told.items() if words}:
        raise BadInput(wrong)
    now = office.clock.now()
    year = RegisterYear.containing(now).buddhist
    with office.uow() as uow:
        agency = uow.agencies.get(actor.agency_id)
        unit = unit_named(uow, actor.agency_id, unit_code)
        keeper = unit.id if unit is not None and uow.registers.keeps(agency.id, kind, unit.id) else None
        require(may_enter(actor, kind, keeper, Secrecy.CONFIDENTIAL if kind.secret else Secrecy.OPEN))
        owner = unit or uow.agencies.central_unit(agency.id)
        book_id, first = uow.registers.take_block(agency.id, kind, keeper, year, count)
        lines = [
            RegisterEntry(
                id=EntryId(uuid4()),
                agency_id=agency.id,
                book_id=book_id,
                kind=kind,
                year=year,
                serial=serial,
                state=EntryState.RESERVED,
                subject_of=None,
                number=written_number(kind, serial, year, agency, owner),
                letter_date=None,
                sender="",
                addressee="",
                subject="",
                practice="",
                note=f"จองเลข: {reason.strip()}",
                urgency=Urgency.NORMAL,
                secrecy=Secrecy.CONFIDENTIAL if kind.secret else Secrecy.OPEN,
                unit_id=unit.id if unit is not None else actor.unit_id,
                at=now,
                entered_by=actor.name,
                origin=Origin.PAPER,
            )
            for serial in range(first, first + count)
        ]
        uow.registers.enter(*lines)
        for entry in lines:
            uow.record(entry.entered(by=actor, at=now, reason=reason.strip(), authority=authority.strip()))
        uow.commit()
    numbers = tuple(e.number for e in lines)
    return Block(kind, year, first, first + count - 1, tuple(e.id for e in lines), numbers)


def bind_number(
    office: Services,
    *,
    actor: Actor,
    entry_id: EntryId,
    matter: Matter,
    origin: Origin = Origin.PAPER,
    files: Sequence[Attachment] = (),
    again: bool = False,
    accepted: Sequence[str] = (),
) -> Amended:
    """Write the letter on paper that got a reserved number into its line. The moment of entry is now and the true one
    `matter.received_at`; an outgoing number stays as it was printed. `files` are scans that were kept before;
    those that hang on the line already stay. `accepted` are the keys of what seemed the same and the clerk has looked
    at; `again` binds it whatever there is.
    Raises BadInput by field, PossibleDuplicate, and StageNotAllowed when it has its letter."""
    now = office.clock.now()
    matter = matter.tidied()
    keep_on(office, [(file.name, file.sha256) for file in files])
    with office.uow() as uow:
        entry = _entry(uow, actor, entry_id)
        entry.may_be_bound()
        if faults := matter.faults(entry.kind, now):
            raise BadInput(faults)
        require(may_enter(actor, entry.kind, uow.registers.book_of(entry).unit_id, matter.secrecy))
        there = {file.sha256 for file in entry.files}
        added = [file for file in files if file.sha256 not in there]
        if not again:
            matters, kinds = [matter], [entry.kind]
            known = alike.known(uow.registers, entry.agency_id, matters, kinds, [one.sha256 for one in added])
            alike.forbid(alike.findings(matters, kinds, known), accepted)
        complete = _complete(matter, entry, uow.agencies.get(actor.agency_id).name, now)
        if faults := complete.faults(entry.kind, now):
            raise BadInput(faults)
        entry.files += added
        uow.record(entry.bind(complete, origin=origin, by=actor, at=now))
        uow.registers.save(entry)
        uow.commit()
    return _amended(entry, now)


def release_numbers(
    office: Services, *, actor: Actor, entry_ids: Sequence[EntryId], reason: str, authority: str
) -> list[Amended]:
    """Give reserved numbers back: each is voided with the reason, all or none."""
    if not entry_ids:
        raise BadInput({"numbers": "เลือกเลขที่จะคืนก่อน"})
    now = office.clock.now()
    given_back = f"คืนเลขที่จองไว้: {reason.strip()}" if reason.strip() else ""
    made = []
    with office.uow() as uow:
        for entry_id in entry_ids:
            entry = _entry(uow, actor, entry_id)
            entry.may_be_bound()
            event = entry.void(reason=given_back, authority=authority, by=actor, at=now)
            uow.registers.save(entry)
            uow.record(event)
            made.append(_amended(entry, now))
        uow.commit()
    return made


def _entry(uow: UnitOfWork, actor: Actor, entry_id: EntryId, seen: Digest | None = None) -> RegisterEntry:
    entry = uow.registers.get(actor.agency_id, entry_id)
    require(may_amend(actor, entry, uow.registers.book_of(entry).unit_id))
    if seen is not None and entry.digest() != seen:
        raise ConcurrentEdit("รายการนี้ถูกแก้ไขหลังจากท่านเปิดหน้านี้ ดูรายการล่าสุดแล้วแก้ไขอีกครั้ง")
    expect_here(uow, entry)
    return entry


def _tidy(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changed texts as `Matter.tidied` has them."""
    texts: dict[str, Any] = {name: text for name, text in changes.items() if name in _TEXTS and isinstance(text, str)}
    tidy = Matter(**texts).tidied()
    return {**changes, **{name: getattr(tidy, name) for name in texts}}


def _complete(matter: Matter, entry: RegisterEntry, own: str, now: datetime) -> Matter:
    """The columns that the clerk left out: the agency's own name, and on outgoing lines number and date as printed."""
    number = matter.number if entry.kind.incoming else entry.number
    dated = matter.letter_date
    if dated is None and not entry.kind.incoming:
        dated = office_date(matter.received_at or entry.at)
    return Matter(
        number=number,
        letter_date=dated,
        sender=matter.sender or own,
        addressee=matter.addressee or own,
        subject=matter.subject,
        practice=matter.practice,
        note="\n".join(text for text in (matter.note, entry.note) if text),
        urgency=matter.urgency,
        secrecy=matter.secrecy,
        received_at=matter.received_at or entry.at,
    )


def _matter_of(entry: RegisterEntry) -> Matter:
    return Matter(
        number=entry.number,
        letter_date=entry.letter_date,
        sender=entry.sender,
        addressee=entry.addressee,
        subject=entry.subject,
        practice=entry.practice,
        note=entry.note,
        urgency=entry.urgency,
        secrecy=entry.secrecy,
        received_at=entry.received_at or entry.at,
    )


def _amended(entry: RegisterEntry, now: datetime) -> Amended:
    return Amended(entry.id, entry.serial, entry.year, entry.state, now)
