"""The reading log as screens show it: who has read my unit's letters, and the auditor's list of the whole agency."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, exists, false, not_, or_, select

from saraban.domain.actor import Actor
from saraban.domain.permissions import may_see_readings, require
from saraban.domain.reading_log import Mark, ReadingDeed
from saraban.reading.paging import Page, rows_newest_first
from saraban.reading.scope import register_masked, visible_incoming, visible_letters
from saraban.storage.planning import of_found
from saraban.storage.tables.issued import issued_documents, issued_kinds
from saraban.storage.tables.letters import incoming, letters
from saraban.storage.tables.organisation import unit_name
from saraban.storage.tables.reading_log import readings
from saraban.storage.tables.registers import entries


@dataclass(frozen=True)
class Wanted:
    """What is asked for: words of a reader's name, a deed, a mark, the days (both inclusive), one letter."""

    q: str = ""
    deed: ReadingDeed | None = None
    mark: Mark | None = None
    since: date | None = None
    until: date | None = None
    about: UUID | None = None


@dataclass(frozen=True)
class ReadingRow:
    """A line of the log. `about` names the letter and `screen` its page ("letters", "incoming" or "registers") where
    who looks may know them; a letter that he may not know is named by neither. `address` is for the auditor."""

    id: UUID
    at: datetime
    name: str
    title: str
    unit: str
    deed: ReadingDeed
    subject_id: UUID | None
    about: str
    screen: str
    what: str
    address: str
    marks: tuple[Mark, ...]


def of_my_unit(
    reader: Connection, actor: Actor, wanted: Wanted, *, cursor: str | None = None, limit: int = 80
) -> Page[ReadingRow]:
    """Who has read the letters of the actor's unit, as far as the actor may read them too; the newest first."""
    if actor.unit_id is None:
        return Page([])
    mine = readings.c.owner_unit_id == actor.unit_id
    return _page(reader, actor, wanted, [mine, _may_read(actor)], cursor, limit, address=False)


def of_agency(
    reader: Connection, actor: Actor, wanted: Wanted, *, cursor: str | None = None, limit: int = 80
) -> Page[ReadingRow]:
    """Everything that was read in the agency, and who signed in; the newest first. Raises NotPermitted."""
    require(may_see_readings(actor))
    return _page(reader, actor, wanted, [], cursor, limit, address=True)


def _page(
    reader: Connection,
    actor: Actor,
    wanted: Wanted,
    conditions: list[ColumnElement[bool]],
    cursor: str | None,
    limit: int,
    *,
    address: bool,
) -> Page[ReadingRow]:
    statement = select(readings, unit_name(readings.c.unit_id, readings.c.day).label("unit")).where(
        readings.c.agency_id == actor.agency_id, *conditions, *_filters(wanted)
    )
    page = rows_newest_first(reader, statement, (readings.c.at, readings.c.id), cursor=cursor, limit=limit)
    known = _named(reader, actor, {row.subject_id for row in page.items if row.subject_id is not None})
    return Page([_row(row, known, address) for row in page.items], page.next)


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if wanted.q:
        asked.append(readings.c.name.contains(wanted.q, autoescape=True))
    if wanted.deed is not None:
        asked.append(readings.c.deed == wanted.deed)
    if wanted.mark is not None:
        asked.append(readings.c.marks.contains(f",{wanted.mark.value},"))
    if wanted.since is not None:
        asked.append(readings.c.day >= wanted.since)
    if wanted.until is not None:
        asked.append(readings.c.day <= wanted.until)
    if wanted.about is not None:
        asked.append(readings.c.subject_id == wanted.about)
    return asked


def _may_read(actor: Actor) -> ColumnElement[bool]:
    """The condition over lines of the log that the actor may read what they are about."""
    reasons = [
        exists().where(letters.c.id == readings.c.subject_id, visible_letters(actor)),
        exists().where(incoming.c.id == readings.c.subject_id, visible_incoming(actor)),
        exists().where(
            entries.c.id == readings.c.subject_id, entries.c.agency_id == actor.agency_id, not_(register_masked(actor))
        ),
    ]
    return or_(false(), *reasons)


def _named(reader: Connection, actor: Actor, ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """How the letters and lines are called, and on which screen they are, as far as the actor may know: a letter that
    he does not read by its line in the register, a document for people by its number and kind."""
    found: dict[UUID, tuple[str, str]] = {}
    lines = select(entries.c.id, entries.c.subject_of, entries.c.number, entries.c.subject).where(
        of_found(entries.c.agency_id == actor.agency_id),
        or_(entries.c.id.in_(ids), entries.c.subject_of.in_(ids)),
        not_(register_masked(actor)),
    )
    for row in reader.execute(lines):
        words = _words(row)
        found |= {row.id: (words, "registers")}
        if row.subject_of is not None:
            found |= {row.subject_of: (words, "")}
    for table, visible, screen in ((letters, visible_letters, "letters"), (incoming, visible_incoming, "incoming")):
        rows = reader.execute(
            select(table.c.id, table.c.number, table.c.subject).where(table.c.id.in_(ids), of_found(visible(actor)))
        )
        found |= {row.id: (_words(row), screen) for row in rows}
    issued = select(issued_documents.c.id, issued_documents.c.number, issued_kinds.c.name_th.label("subject"))
    issued = issued.join(issued_kinds, issued_kinds.c.id == issued_documents.c.kind_id)
    of_agency = of_found(issued_documents.c.agency_id == actor.agency_id)
    rows = reader.execute(issued.where(issued_documents.c.id.in_(ids), of_agency))
    return found | {row.id: (_words(row), "") for row in rows}


def _words(row: Any) -> str:
    return f"{row.number} {row.subject}".strip() if row.number else str(row.subject)


def _row(row: Any, known: dict[UUID, tuple[str, str]], address: bool) -> ReadingRow:
    about, screen = known.get(row.subject_id, ("", ""))
    return ReadingRow(
        id=row.id,
        at=row.at,
        name=row.name,
        title=row.title,
        unit=row.unit or "",
        deed=row.deed,
        subject_id=row.subject_id,
        about=about,
        screen=screen,
        what=row.what if about or row.subject_id is None else "",
        address=row.address if address else "",
        marks=tuple(mark for mark in Mark if f",{mark.value}," in row.marks),
    )
