"""Letters from the public: what anybody may know who has number and code, and what the agency's people see of them.

A wrong code, a wrong number and one that nobody has give the same nothing by the same statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, func, or_, select

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyOptions
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.held_files import HeldState
from saraban.domain.incoming import IncomingState
from saraban.domain.letter_state import LetterState
from saraban.domain.permissions import may_attend
from saraban.domain.petition import PetitionState, Trace
from saraban.domain.task import TaskState
from saraban.reading.held_files import of_letter
from saraban.reading.paging import Page, cut, moment, page_size, read_cursor, write_cursor
from saraban.reading.scope import visible_incoming
from saraban.storage.planning import of_found
from saraban.storage.tables.held_files import held_files
from saraban.storage.tables.letters import incoming, letters
from saraban.storage.tables.people import agencies
from saraban.storage.tables.petitions import petitions as t
from saraban.storage.tables.tasks import replies, tasks

MOST_ANSWERED = 20_000
"""Of so many answers of a board's weeks it is told how many came in time."""


@dataclass(frozen=True)
class Taker:
    """An agency that takes letters from the public."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True)
class Followed:
    """What anybody may know who has number and code: states and dates, and no more. `units` are those of the agency
    that have it in hand; `why` is the code of the reason why it was sent back, `words` are the clerk's and
    `responsible` the agency that he named instead; so many files are `held` for the virus scanner, `removed` are those
    that were not taken: name and reason."""

    number: str
    agency: str
    agency_en: str
    state: PetitionState
    arrived_at: datetime
    deemed_at: datetime
    due_on: date
    registered_at: datetime | None
    units: tuple[str, ...]
    answered_at: datetime | None
    has_answer: bool
    forwarded_to: str
    closed_at: datetime | None
    why: str
    words: str = ""
    responsible: str = ""
    held: int = 0
    removed: tuple[tuple[str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "number": self.number,
            "agency": self.agency,
            "agency_en": self.agency_en,
            "state": self.state.value,
            "arrived_at": self.arrived_at.isoformat(),
            "deemed_received_at": self.deemed_at.isoformat(),
            "due_on": self.due_on.isoformat(),
            "registered_at": self.registered_at.isoformat() if self.registered_at else None,
            "units": list(self.units),
            "answered_at": self.answered_at.isoformat() if self.answered_at else None,
            "has_answer": self.has_answer,
            "forwarded_to": self.forwarded_to,
            "closed_at": self.closed_at.isoformat() if self.closed_at else None,
            "reason": self.why,
            "words": self.words,
            "responsible_agency": self.responsible,
            "files_held": self.held,
            "files_removed": [{"name": name, "reason": why} for name, why in self.removed],
        }


def takers(reader: Connection) -> list[Taker]:
    """The agencies of this installation that take letters from the public, by name."""
    rows = reader.execute(select(agencies.c.code, agencies.c.name, agencies.c.name_en, agencies.c.options))
    found = [Taker(r.code, r.name, r.name_en) for r in rows if AgencyOptions(**r.options).petitions]
    return sorted(found, key=lambda one: one.name)


_SEEN = select(
    t,
    agencies.c.name.label("agency"),
    agencies.c.name_en.label("agency_en"),
    incoming.c.state,
    incoming.c.registered_at,
    incoming.c.forward_name,
    incoming.c.refused_code,
    incoming.c.details,
).select_from(t.join(incoming, incoming.c.id == t.c.incoming_id).join(agencies, agencies.c.id == t.c.agency_id))
_BY_CODE = _SEEN.where(t.c.code == bindparam("of"))
_BY_NUMBER = _SEEN.where(
    t.c.typed == bindparam("of"), t.c.serial == bindparam("of_serial"), t.c.year == bindparam("of_year")
)
_UNITS = (
    select(tasks.c.unit_name)
    .where(tasks.c.incoming_id == bindparam("letter"), tasks.c.state.in_((TaskState.OPEN, TaskState.TAKEN)))
    .order_by(tasks.c.given_at, tasks.c.id)
)
_NOBODYS = Trace(Digest("0" * 64), True)


def followed(reader: Connection, trace: Trace | None) -> Followed | None:
    """What is known by this trace. One that can be none is looked for like any other."""
    found = trace or _NOBODYS
    statement = _BY_CODE if found.whole else _BY_NUMBER
    values: dict[str, Any] = {"of": found.digest}
    if not found.whole:
        values |= {"of_serial": found.serial, "of_year": found.year}
    row = reader.execute(statement, values).one_or_none()
    if row is None:
        return None
    registered = row.state is IncomingState.REGISTERED
    held = of_letter(reader, row.incoming_id)
    units = reader.execute(_UNITS, {"letter": row.incoming_id}).scalars() if registered else ()
    return Followed(
        number=f"{row.serial}/{row.year}",
        agency=row.agency,
        agency_en=row.agency_en,
        state=_state(row),
        arrived_at=row.arrived_at,
        deemed_at=row.deemed_at,
        due_on=row.due_on,
        registered_at=row.registered_at,
        units=tuple(dict.fromkeys(units)),
        answered_at=row.answered_at,
        has_answer=row.answer is not None,
        forwarded_to=row.forward_name,
        closed_at=row.closed_at,
        why=row.refused_code,
        words=row.details.get("told", ""),
        responsible=row.details.get("responsible", ""),
        held=sum(one.state is HeldState.WAITING for one in held),
        removed=tuple((one.name, one.why) for one in held if one.state is HeldState.REMOVED),
    )


def _state(row: Any) -> PetitionState:
    if row.answered_at is not None:
        return PetitionState.ANSWERED
    if row.state is IncomingState.FORWARDED or row.forward_name:
        return PetitionState.FORWARDED
    if row.closed_at is not None:
        return PetitionState.CLOSED
    return PetitionState.REGISTERED if row.state is IncomingState.REGISTERED else PetitionState.RECEIVED


# --- what the agency's people see ---------------------------------------------------------------------------------


class Shown(str, Enum):
    """Which letters from the public are shown."""

    OPEN = "open"
    LATE = "late"
    DONE = "done"
    ALL = "all"

    @property
    def thai(self) -> str:
        """The choice in words."""
        return {"open": "ยังไม่ตอบ", "late": "เกินกำหนด", "done": "ตอบหรือสิ้นสุดแล้ว", "all": "ทั้งหมด"}[self.value]


@dataclass(frozen=True)
class PetitionRow:
    """A letter from the public in a list, and beside the letter that it is; so many of its files are `held`."""

    id: UUID
    number: str
    subject: str
    sender: str
    mailbox: str
    state: PetitionState
    arrived_at: datetime
    deemed_at: datetime
    due_on: date
    by_mail: bool
    answered_at: datetime | None
    closed_at: datetime | None
    has_answer: bool
    register_number: int | None
    register_year: int | None
    held: int = 0

    @property
    def open(self) -> bool:
        """Does its sender still wait?"""
        return self.answered_at is None and self.closed_at is None


@dataclass(frozen=True)
class IssuedReply:
    """An issued letter of ours that answers, which can be handed to the sender."""

    id: UUID
    number: str
    subject: str


_HELD = (
    select(func.count(held_files.c.id))
    .where(held_files.c.incoming_id == t.c.incoming_id, held_files.c.state == HeldState.WAITING)
    .scalar_subquery()
    .label("held")
)
_COLUMNS = (
    _HELD,
    *(t.c.incoming_id, t.c.year, t.c.serial, t.c.arrived_at, t.c.deemed_at, t.c.due_on, t.c.by_mail),
    *(t.c.answered_at, t.c.answer, t.c.closed_at),
    *(incoming.c.subject, incoming.c.from_name, incoming.c.from_mailbox, incoming.c.state),
    *(incoming.c.register_number, incoming.c.register_year, incoming.c.secrecy, incoming.c.forward_name),
)
_OPEN = (t.c.answered_at.is_(None), t.c.closed_at.is_(None))
_JOINED = t.join(incoming, incoming.c.id == t.c.incoming_id)


def petitions(
    reader: Connection,
    actor: Actor,
    today: date,
    *,
    shown: Shown = Shown.OPEN,
    cursor: str | None = None,
    limit: int = 80,
) -> Page[PetitionRow]:
    """Those that the actor may read: whoever waits longest first, of what is done the newest first."""
    limit = page_size(limit)
    oldest_first = shown in (Shown.OPEN, Shown.LATE)
    statement = select(*_COLUMNS).select_from(_JOINED).where(*_which(actor, shown, today))
    if cursor:
        at, key = read_cursor(cursor, moment, UUID)
        beyond = t.c.arrived_at > at if oldest_first else t.c.arrived_at < at
        after = t.c.incoming_id > key if oldest_first else t.c.incoming_id < key
        statement = statement.where(or_(beyond, and_(t.c.arrived_at == at, after)))
    order = (t.c.arrived_at, t.c.incoming_id)
    statement = statement.order_by(*(order if oldest_first else (one.desc() for one in order)))
    rows = reader.execute(statement.limit(limit + 1)).all()
    kept, following = cut(rows, limit, lambda row: write_cursor(row.arrived_at, row.incoming_id))
    return Page([_row(row) for row in kept], following)


def counts(reader: Connection, actor: Actor, today: date) -> dict[Shown, int]:
    """How many of each choice the actor may read."""
    return {
        shown: reader.execute(
            select(func.count()).select_from(_JOINED).where(*_which(actor, shown, today))
        ).scalar_one()
        for shown in (Shown.OPEN, Shown.LATE)
    }


@dataclass(frozen=True)
class PetitionBoard:
    """How an agency answers the public: who waits, whose day is over, how many were answered since a day and how many
    of those in time."""

    open: int
    late: int
    answered: int
    in_time: int


def petition_board(reader: Connection, actor: Actor, since: datetime, today: date) -> PetitionBoard | None:
    """The figures of the agency, in two statements; None where nobody of the public wrote. Who may see its board may
    see them: they tell of no letter."""
    own = t.c.agency_id == actor.agency_id
    late = func.sum(case((t.c.due_on < today, 1), else_=0))
    waits = reader.execute(select(func.count(), late).where(own, *_OPEN)).one()
    done = reader.execute(
        select(t.c.answered_at, t.c.due_on).where(own, t.c.answered_at >= since).limit(MOST_ANSWERED)
    ).all()
    if not waits[0] and not done:
        return None
    in_time = sum(office_date(row.answered_at) <= row.due_on for row in done)
    return PetitionBoard(waits[0], waits[1] or 0, len(done), in_time)


def beside(reader: Connection, actor: Actor, incoming_id: UUID) -> PetitionRow | None:
    """What is kept beside an incoming letter; None for one that is not the public's."""
    row = reader.execute(
        select(*_COLUMNS).select_from(_JOINED).where(t.c.incoming_id == incoming_id, visible_incoming(actor))
    ).first()
    return _row(row) if row is not None else None


def issued_replies(reader: Connection, actor: Actor, incoming_id: UUID) -> Sequence[IssuedReply]:
    """Letters of ours that answer this one and are issued."""
    statement = (
        select(letters.c.id, letters.c.number, letters.c.subject)
        .join(replies, replies.c.letter_id == letters.c.id)
        .where(
            replies.c.incoming_id == incoming_id,
            replies.c.agency_id == actor.agency_id,
            letters.c.state.in_((LetterState.ISSUED, LetterState.DISPATCHED, LetterState.CLOSED)),
        )
        .order_by(letters.c.issued_at, letters.c.id)
    )
    return [IssuedReply(row.id, row.number or "", row.subject) for row in reader.execute(statement)]


def pressing(reader: Connection, actor: Actor, until: date, most: int) -> Sequence[PetitionRow]:
    """For who keeps the mailbox: the letters of the public that are due until a day, and those that are late."""
    if may_attend(actor) is not None:
        return []
    rows = reader.execute(
        select(*_COLUMNS)
        .select_from(_JOINED)
        .where(*_which(actor, Shown.OPEN, today=until), t.c.due_on <= until)
        .order_by(t.c.due_on, t.c.incoming_id)
        .limit(most)
    )
    return [_row(row) for row in rows]


def _which(actor: Actor, shown: Shown, today: date) -> list[ColumnElement[bool]]:
    """Of those that the actor may read; who still waits is found by the index of the few."""
    of_agency = t.c.agency_id == actor.agency_id
    is_open = shown in (Shown.OPEN, Shown.LATE)
    seen = [of_found(visible_incoming(actor)), of_found(of_agency) if is_open else of_agency]
    return [*seen, *_of_choice(shown, today)]


def _of_choice(shown: Shown, today: date) -> list[ColumnElement[bool]]:
    match shown:
        case Shown.OPEN:
            return list(_OPEN)
        case Shown.LATE:
            return [*_OPEN, t.c.due_on < today]
        case Shown.DONE:
            return [or_(t.c.answered_at.is_not(None), t.c.closed_at.is_not(None))]
        case Shown.ALL:
            return []


def _row(row: Any) -> PetitionRow:
    return PetitionRow(
        id=row.incoming_id,
        number=f"{row.serial}/{row.year}",
        subject=row.subject if row.secrecy.is_open else "หนังสือมีชั้นความลับ",
        sender=row.from_name,
        mailbox=row.from_mailbox,
        state=_state(row),
        arrived_at=row.arrived_at,
        deemed_at=row.deemed_at,
        due_on=row.due_on,
        by_mail=row.by_mail,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        has_answer=row.answer is not None,
        register_number=row.register_number,
        register_year=row.register_year,
        held=row.held,
    )
