"""One line of a register with all that belongs to it: its book, its neighbours, its corrections, its files, the ledger
of its number, and why each deed can or cannot be done to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, func, select

from saraban.domain.actor import Actor
from saraban.domain.agency import UnitId
from saraban.domain.attachment import Attachment, Digest
from saraban.domain.calendar import office_date
from saraban.domain.capacity import told_title
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import NotFound, StageNotAllowed
from saraban.domain.keeping import KeepingState
from saraban.domain.permissions import (
    Refusal,
    may_amend,
    may_enter,
    may_open_scan,
    may_read_registers,
    require,
    words_of,
)
from saraban.domain.register import BookKind, EntryState, Origin, RegisterEntry
from saraban.reading.lines import entry_of, lines_as_seen
from saraban.reading.opening import openable
from saraban.reading.organisation import unit_names
from saraban.reading.scope import MASKED, MASKED_SUBJECT
from saraban.storage.tables.archive import kept_items
from saraban.storage.tables.journal import journal
from saraban.storage.tables.letters import files
from saraban.storage.tables.organisation import unit_name_in_year
from saraban.storage.tables.people import agencies, units
from saraban.storage.tables.registers import books, corrections, entries, ledger

_UNSEEN = Refusal("ข้อความของรายการนี้ปกปิดสำหรับท่าน ผู้แก้ไขได้คือนายทะเบียนข้อมูลข่าวสารลับของหน่วยงาน")


@dataclass(frozen=True)
class CorrectionRow:
    """A column that was rectified: `field` is a name of `domain.register.MATTER`; `old` and `new` as they are kept."""

    at: datetime
    by: str
    field: str
    old: str
    new: str
    reason: str
    authority: str


@dataclass(frozen=True)
class LedgerRow:
    """What happened to the number. `line` is the digest of what the line said after it; `values` are the event's own
    facts, none of them for a line that is masked."""

    at: datetime
    name: str
    person: str
    title: str
    values: dict[str, Any]
    line: Digest


@dataclass(frozen=True)
class Deeds:
    """Why each deed cannot be done now by this person, in Thai; empty when it can."""

    void: str
    rectify: str
    practice: str
    bind: str
    scan: str
    open_files: str


@dataclass(frozen=True)
class EntryPage:
    """A line as its page shows it. `letter` names where the letter can be opened: "incoming", "letter" or nothing.
    `masked`: its words were replaced, because it is classified and not for the reader. `gone`: its letter was destroyed
    or handed over, and the line takes nothing any more."""

    id: UUID
    kind: BookKind
    year: int
    serial: int
    state: EntryState
    number: str
    letter_date: date | None
    sender: str
    addressee: str
    subject: str
    practice: str
    note: str
    urgency: Urgency
    secrecy: Secrecy
    unit: str
    at: datetime
    entered_by: str
    void_reason: str
    void_authority: str
    origin: Origin
    received_at: datetime | None
    is_late: bool
    subject_of: UUID | None
    letter: str
    masked: bool
    keeper: str
    unit_code: str
    before: UUID | None
    after: UUID | None
    deeds: Deeds
    corrections: list[CorrectionRow]
    files: list[Attachment]
    history: list[LedgerRow]
    gone: bool

    @property
    def seen(self) -> str:
        """The digest of the line as it stands, by which a form knows that nobody changed it meanwhile."""
        return self.history[-1].line.hex if self.history else ""

    @property
    def awaits_letter(self) -> bool:
        """True for a number that was set aside for a letter on paper."""
        return self.state is EntryState.RESERVED and self.subject_of is None


def entry_page(reader: Connection, actor: Actor, entry_id: UUID) -> EntryPage:
    """One line of a register of the actor's agency; NotFound when there is none."""
    require(may_read_registers(actor))
    row = _row(reader, actor, entry_id)
    line = entry_of(row)
    masked = bool(row.masked)
    attached = _files(reader, actor, entry_id)
    gone = _why_gone(reader, actor, entry_id)
    return EntryPage(
        id=line.id,
        kind=line.kind,
        year=line.year,
        serial=line.serial,
        state=line.state,
        number=MASKED if masked else line.number,
        letter_date=line.letter_date,
        sender=MASKED if masked else line.sender,
        addressee=MASKED if masked else line.addressee,
        subject=MASKED_SUBJECT if masked else line.subject,
        practice="" if masked else line.practice,
        note="" if masked else line.note,
        urgency=line.urgency,
        secrecy=line.secrecy,
        unit=unit_names(reader, actor.agency_id).on(line.unit_id, office_date(line.at)),
        at=line.at,
        entered_by=line.entered_by,
        void_reason="" if masked else line.void_reason,
        void_authority="" if masked else line.void_authority,
        origin=line.origin,
        received_at=line.received_at,
        is_late=line.is_late,
        subject_of=line.subject_of,
        letter="" if masked else _letter(reader, actor, line),
        masked=masked,
        keeper=row.keeper,
        unit_code=row.keeper_code or "",
        before=_neighbour(reader, line, following=False),
        after=_neighbour(reader, line, following=True),
        deeds=_deeds(actor, line, row.keeper_unit, masked, gone),
        corrections=[] if masked else _corrections(reader, entry_id),
        files=[] if masked else attached,
        history=_history(reader, actor, entry_id, masked),
        gone=bool(gone),
    )


def _row(reader: Connection, actor: Actor, entry_id: UUID) -> Any:
    keeper = units.alias("keeper")
    row = reader.execute(
        lines_as_seen(RegisterEntry, actor)
        .add_columns(
            books.c.unit_id.label("keeper_unit"),
            keeper.c.code.label("keeper_code"),
            func.coalesce(unit_name_in_year(books.c.unit_id, books.c.year, actor.on), agencies.c.name).label("keeper"),
        )
        .select_from(
            entries.join(books, books.c.id == entries.c.book_id)
            .join(agencies, agencies.c.id == entries.c.agency_id)
            .outerjoin(keeper, keeper.c.id == books.c.unit_id)
        )
        .where(entries.c.id == entry_id, entries.c.agency_id == actor.agency_id)
    ).first()
    if row is None:
        raise NotFound
    return row


def _neighbour(reader: Connection, line: RegisterEntry, *, following: bool) -> UUID | None:
    serial = entries.c.serial
    beside = serial > line.serial if following else serial < line.serial
    order = serial if following else serial.desc()
    found = select(entries.c.id).where(entries.c.book_id == line.book_id, beside).order_by(order).limit(1)
    neighbour: UUID | None = reader.execute(found).scalar()
    return neighbour


def _letter(reader: Connection, actor: Actor, line: RegisterEntry) -> str:
    came_in = BookKind.RECEIVING if line.kind.incoming else BookKind.SENDING
    if not openable(reader, actor, came_in, [line.subject_of]):
        return ""
    return "incoming" if line.kind.incoming else "letter"


def _files(reader: Connection, actor: Actor, entry_id: UUID) -> list[Attachment]:
    statement = select(files).where(files.c.owner_id == entry_id, files.c.agency_id == actor.agency_id)
    rows = reader.execute(statement.order_by(files.c.ordinal))
    return [Attachment(f.name, f.role, f.media_type, f.size, f.sha256) for f in rows]


def _corrections(reader: Connection, entry_id: UUID) -> list[CorrectionRow]:
    statement = select(corrections).where(corrections.c.entry_id == entry_id).order_by(corrections.c.ordinal)
    return [CorrectionRow(r.at, r.by, r.field, r.old, r.new, r.reason, r.authority) for r in reader.execute(statement)]


def _history(reader: Connection, actor: Actor, entry_id: UUID, masked: bool) -> list[LedgerRow]:
    told = and_(journal.c.agency_id == ledger.c.agency_id, journal.c.seq == ledger.c.seq)
    rows = reader.execute(
        select(ledger.c.at, ledger.c.name, ledger.c.line, journal.c.text)
        .join(journal, told)
        .where(ledger.c.entry_id == entry_id, ledger.c.agency_id == actor.agency_id)
        .order_by(ledger.c.seq)
    )
    lines = []
    for row in rows:
        event = json.loads(row.text)
        values = {} if masked else event["values"]
        lines.append(LedgerRow(row.at, row.name, event["by"]["name"], told_title(event["by"]), values, row.line))
    return lines


def _why_gone(reader: Connection, actor: Actor, entry_id: UUID) -> str:
    item = kept_items.c
    kept = select(item.state).where(item.entry_id == entry_id, item.agency_id == actor.agency_id)
    state: KeepingState | None = reader.execute(kept).scalar()
    return state.why_line_stays if state is not None else ""


def _deeds(actor: Actor, line: RegisterEntry, keeper: UnitId | None, masked: bool, gone: str) -> Deeds:
    amend = may_amend(actor, line, keeper)
    write = amend or (_UNSEEN if masked else None)
    enter = may_enter(actor, line.kind, keeper, line.secrecy)
    return Deeds(
        void=gone or _why_not(amend, line.may_be_given_up),
        rectify=gone or _why_not(write, line.may_be_rectified),
        practice=gone or _why_not(write, line.may_be_acted_on),
        bind=_why_not(enter, line.may_be_bound),
        scan=gone or _why_not(enter, line.may_take_scan),
        open_files=_why_not(may_open_scan(actor, line), lambda: None),
    )


def _why_not(refusal: Refusal | None, rule: Callable[[], None]) -> str:
    """The rule's own words first: who may do it matters only where it can be done."""
    try:
        rule()
    except StageNotAllowed as error:
        return error.thai
    return words_of(refusal)
