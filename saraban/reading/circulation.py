"""Letters passed round: what waits for a person to be read, and who has read a letter when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, case, false, func, or_, select

from saraban.domain.actor import Actor
from saraban.domain.circulation import Asks
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.notice import About
from saraban.domain.route import StepKind, StepState
from saraban.reading import people
from saraban.reading.paging import Page, newest_first
from saraban.reading.scope import MASKED_SUBJECT, visible_incoming, visible_letters
from saraban.storage.tables.circulation import circulations, reader_groups, readers
from saraban.storage.tables.desk import turns
from saraban.storage.tables.letters import incoming, letters, route_steps

STATES = ("waiting", "noted", "sent")
"""What waits for the person's note; what he has noted; what he passed round himself."""


@dataclass(frozen=True)
class ToRead:
    """A letter on somebody's list, or one that he passed round (then with how many have noted it). The words of a
    classified one are not shown in a list."""

    id: UUID
    about: About
    about_id: UUID
    subject: str
    number: str
    urgency: Urgency
    secrecy: Secrecy
    asks: Asks
    note: str
    given_by: str
    at: datetime
    opened_at: datetime | None = None
    noted_at: datetime | None = None
    readers: int = 0
    opened: int = 0
    noted: int = 0


@dataclass(frozen=True)
class Mine:
    """The person's own line on the list of a letter."""

    asks: Asks
    note: str
    given_by: str
    given_title: str
    at: datetime
    opened_at: datetime | None
    noted_at: datetime | None


@dataclass(frozen=True)
class ReaderRow:
    """Who reads it: when he opened and noted it. `step`: he has it by the letter's route, for information."""

    circulation_id: UUID | None
    name: str
    title: str
    unit_name: str
    opened_at: datetime | None
    noted_at: datetime | None
    step: bool = False


@dataclass(frozen=True)
class Sent:
    """One sending of the letter, with its counts."""

    id: UUID
    to: tuple[str, ...]
    asks: Asks
    note: str
    given_by: str
    given_title: str
    giver_id: UUID | None
    giver_position_id: UUID | None
    at: datetime
    stopped_at: datetime | None
    reminders: int
    reminded_at: datetime | None
    readers: int
    opened: int
    noted: int


@dataclass(frozen=True)
class Counts:
    """Of all who are to read a letter: how many, who has opened it, who has noted it."""

    readers: int
    opened: int
    noted: int


@dataclass(frozen=True)
class GroupRow:
    """A group of readers."""

    id: UUID
    name: str
    words: tuple[str, ...]
    personal: bool
    changed_by: str
    changed_at: datetime
    version: int

    @property
    def token(self) -> str:
        """The word by which it is chosen."""
        return f"group:{self.id}"


def is_unnoted() -> ColumnElement[bool]:
    """The condition that a reader has not noted: that of the partial index."""
    return readers.c.noted_at.is_(None)


def own(actor: Actor) -> ColumnElement[bool]:
    """The condition that a line of a list is the actor's."""
    if actor.person_id is None:
        return false()
    return and_(readers.c.person_id == actor.person_id, readers.c.agency_id == actor.agency_id)


def to_read(
    reader: Connection, actor: Actor, *, state: str = "waiting", cursor: str | None = None, limit: int = 80
) -> Page[ToRead]:
    """A page of the person's letters, those that were sent last first. Raises BadInput for another word of STATES."""
    if state not in STATES:
        raise BadInput({"state": "ใช้ waiting, noted หรือ sent"})
    statement = _sent_by(actor) if state == "sent" else _listed(actor, state)
    by = (circulations.c.at, circulations.c.id if state == "sent" else readers.c.id)
    return newest_first(reader, statement, by, _to_read, cursor=cursor, limit=limit)


def count_waiting(actor: Actor) -> Any:
    """How many letters wait for the person's note, as a subquery."""
    return select(func.count(readers.c.id)).where(own(actor), is_unnoted()).scalar_subquery()


def for_information(reader: Connection, actor: Actor) -> int:
    """How many letters wait for the note of the actor's position by their routes."""
    if actor.position_id is None:
        return 0
    statement = (
        select(func.count())
        .select_from(turns.join(letters, letters.c.id == turns.c.letter_id))
        .where(turns.c.position_id == actor.position_id, turns.c.kind == StepKind.INFORM, visible_letters(actor))
    )
    return reader.execute(statement).scalar_one()


def mine(reader: Connection, actor: Actor, about_id: UUID) -> Mine | None:
    """The person's line on the list of a letter."""
    of_list = [circulations.c[name] for name in ("asks", "note", "given_by", "given_title", "at")]
    statement = (
        select(*of_list, readers.c.opened_at, readers.c.noted_at)
        .join(circulations, circulations.c.id == readers.c.circulation_id)
        .where(readers.c.about_id == about_id, own(actor))
    )
    row = reader.execute(statement).mappings().first()
    return Mine(**row) if row is not None else None


def counts(reader: Connection, about_id: UUID) -> Counts:
    """How many are to read a letter, by lists and by its route. Whether the asker may know is asked by the caller."""
    listed = select(func.count(), func.count(readers.c.opened_at), func.count(readers.c.noted_at))
    row = reader.execute(listed.where(readers.c.about_id == about_id)).one()
    steps = _informed(reader, about_id)
    noted = sum(one.noted_at is not None for one in steps)
    return Counts(row[0] + len(steps), row[1] + noted, row[2] + noted)


def sendings(reader: Connection, about_id: UUID) -> list[Sent]:
    """How a letter was passed round, the first first. Whether the asker may know is asked by the caller."""
    many = _many(readers.c.circulation_id == circulations.c.id)
    named = ("id", "to", "asks", "note", "given_by", "given_title", "giver_id", "giver_position_id", "at")
    columns = [circulations.c[name] for name in (*named, "stopped_at", "reminders", "reminded_at")]
    statement = (
        select(*columns, *many)
        .where(circulations.c.about_id == about_id)
        .order_by(circulations.c.at, circulations.c.id)
    )
    return [Sent(**{**row, "to": tuple(row["to"])}) for row in reader.execute(statement).mappings()]


def readers_of(reader: Connection, about_id: UUID) -> list[ReaderRow]:
    """Everybody who is to read a letter, by lists and by its route: who has not noted it first, then by unit and name.
    Whether the asker may know is asked by the caller."""
    named = ("circulation_id", "name", "title", "unit_name", "opened_at", "noted_at")
    statement = select(*(readers.c[name] for name in named)).where(readers.c.about_id == about_id)
    found = [*(ReaderRow(*row) for row in reader.execute(statement)), *_informed(reader, about_id)]
    return sorted(found, key=lambda r: (r.noted_at is not None, r.opened_at is not None, r.unit_name, r.name))


def groups(reader: Connection, actor: Actor) -> list[GroupRow]:
    """The agency's groups of readers and the actor's own, by name."""
    return [_group(row) for row in reader.execute(_groups(actor).order_by(reader_groups.c.name))]


def group(reader: Connection, actor: Actor, group_id: UUID) -> GroupRow:
    """One of them; NotFound for any other."""
    row = reader.execute(_groups(actor).where(reader_groups.c.id == group_id)).first()
    if row is None:
        raise NotFound
    return _group(row)


def choices(reader: Connection, actor: Actor, on: date, *, groups_too: bool = True) -> list[tuple[str, str, str]]:
    """Who can be chosen to read, as (word, name, what it is): groups, units alone and with all below them, people."""
    found = [("everybody", "ทุกคนในส่วนราชการ", "ทั้งหมด")]
    if groups_too:
        found += [(one.token, one.name, "กลุ่มผู้อ่าน") for one in groups(reader, actor)]
    for unit in people.units(reader, actor.agency_id, on):
        found.append((f"unit:{unit.id}", unit.name, "หน่วยงาน"))
        found.append((f"under:{unit.id}", f"{unit.name}และหน่วยงานในสังกัด", "หน่วยงานกับทั้งหมดในสังกัด"))
    for one in people.colleagues(reader, actor.agency_id, on):
        found.append((f"person:{one.id}", one.name, one.title))
    return found


# --- parts -------------------------------------------------------------------------------------------------------


def _listed(actor: Actor, state: str) -> Select[Any]:
    noted = is_unnoted() if state == "waiting" else readers.c.noted_at.is_not(None)
    joined = readers.join(circulations, circulations.c.id == readers.c.circulation_id)
    statement = _with_letters(joined, actor, readers.c.id, readers.c.opened_at, readers.c.noted_at)
    return statement.where(own(actor), noted)


def _sent_by(actor: Actor) -> Select[Any]:
    many = _many(readers.c.circulation_id == circulations.c.id)
    mine = false() if actor.person_id is None else circulations.c.giver_id == actor.person_id
    return _with_letters(circulations, actor, circulations.c.id, *many).where(
        mine, circulations.c.agency_id == actor.agency_id
    )


def _with_letters(source: Any, actor: Actor, *columns: Any) -> Select[Any]:
    """Lines with their letters, of which there are only those that the actor may read."""
    of_list = [circulations.c[name] for name in ("about", "about_id", "asks", "note", "given_by", "at")]
    either = [func.coalesce(letters.c[name], incoming.c[name]).label(name) for name in ("subject", "number")]
    both = [table.c[name].label(f"{table.name}_{name}") for table in (letters, incoming) for name in _MARKS]
    joined = source.outerjoin(letters, and_(letters.c.id == circulations.c.about_id, visible_letters(actor))).outerjoin(
        incoming, and_(incoming.c.id == circulations.c.about_id, visible_incoming(actor))
    )
    found = select(*columns, *of_list, *either, *both).select_from(joined)
    return found.where(or_(letters.c.id.is_not(None), incoming.c.id.is_not(None)))


_MARKS = ("urgency", "secrecy")


def _to_read(row: Any) -> ToRead:
    secrecy = row.letters_secrecy or row.incoming_secrecy
    many = ("opened_at", "noted_at", "readers", "opened", "noted")
    return ToRead(
        id=row.id,
        about=row.about,
        about_id=row.about_id,
        subject=row.subject if secrecy.is_open else MASKED_SUBJECT,
        number=row.number or "",
        urgency=row.letters_urgency or row.incoming_urgency,
        secrecy=secrecy,
        asks=row.asks,
        note=row.note if secrecy.is_open else "",
        given_by=row.given_by,
        at=row.at,
        **{name: row._mapping[name] for name in many if name in row._mapping},
    )


def _many(condition: ColumnElement[bool]) -> list[Any]:
    """How many readers there are, have opened and have noted."""
    found = []
    for name, column in (("readers", readers.c.id), ("opened", readers.c.opened_at), ("noted", readers.c.noted_at)):
        found.append(select(func.count(column)).where(condition).correlate(circulations).scalar_subquery().label(name))
    return found


def _informed(reader: Connection, letter_id: UUID) -> list[ReaderRow]:
    """Those for whose information the letter's route is."""
    noted = case((route_steps.c.state == StepState.DONE, route_steps.c.at))
    statement = (
        select(route_steps.c.person_name, route_steps.c.title, route_steps.c.unit_name, noted.label("noted"))
        .where(route_steps.c.letter_id == letter_id, route_steps.c.kind == StepKind.INFORM)
        .order_by(route_steps.c.ordinal)
    )
    rows = reader.execute(statement)
    return [ReaderRow(None, r.person_name or r.title, r.title, r.unit_name, r.noted, r.noted, True) for r in rows]


def _groups(actor: Actor) -> Select[Any]:
    own_or_all: list[ColumnElement[bool]] = [reader_groups.c.owner_id.is_(None)]
    if actor.person_id is not None:
        own_or_all.append(reader_groups.c.owner_id == actor.person_id)
    return select(reader_groups).where(
        reader_groups.c.agency_id == actor.agency_id, reader_groups.c.active, or_(*own_or_all)
    )


def _group(row: Any) -> GroupRow:
    return GroupRow(
        row.id, row.name, tuple(row.words), row.owner_id is not None, row.changed_by, row.changed_at, row.version
    )
