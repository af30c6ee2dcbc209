"""Numbers that were set aside and still wait: by the blocks in which they were reserved, the oldest first."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, func, select, text

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.errors import NotFound
from saraban.domain.permissions import may_amend, may_enter, may_read_registers, require, words_of
from saraban.domain.register import BookKind, EntryState, RegisterEntry
from saraban.reading.lines import entry_of, lines_as_seen
from saraban.reading.scope import MASKED
from saraban.storage.tables.journal import journal
from saraban.storage.tables.organisation import unit_name_in_year
from saraban.storage.tables.people import agencies, units
from saraban.storage.tables.registers import books, entries, ledger

MOST = 2_000
OLD_AFTER_DAYS = 7
_RESERVED = "number.reserved"


@dataclass(frozen=True)
class Waiting:
    """Numbers of one block that still wait. `first` is the id of the first of them, by which the block is opened;
    `numbers` their serials. `letter`: they wait for a letter of the system that is being signed. `old`: for so long
    that somebody should look."""

    first: UUID
    kind: BookKind
    keeper: str
    unit_code: str
    year: int
    numbers: list[int]
    at: datetime
    by: str
    note: str
    letter: bool
    days: int
    old: bool

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """The serials as runs without gaps."""
        return runs(self.numbers)


@dataclass(frozen=True)
class BlockLine:
    """A number of a block as it stands now. `number` is the letter number that belongs to it, if it has one."""

    id: UUID
    serial: int
    number: str
    state: EntryState
    subject: str
    masked: bool


@dataclass(frozen=True)
class Block:
    """Numbers that were reserved together: by whom, when, why, and what became of each. `why_not_bind` and
    `why_not_release`: in Thai, empty when this person may."""

    first: UUID
    kind: BookKind
    keeper: str
    unit_code: str
    year: int
    at: datetime
    by: str
    reason: str
    authority: str
    lines: list[BlockLine]
    why_not_bind: str
    why_not_release: str

    @property
    def waiting(self) -> list[BlockLine]:
        """Those that have no letter yet."""
        return [line for line in self.lines if line.state is EntryState.RESERVED]

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """All its serials as runs without gaps."""
        return runs(line.serial for line in self.lines)


def runs(serials: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending numbers as runs without gaps: 3, 4, 5, 8 gives (3, 5) and (8, 8)."""
    found: list[tuple[int, int]] = []
    for serial in serials:
        if found and found[-1][1] == serial - 1:
            found[-1] = (found[-1][0], serial)
        else:
            found.append((serial, serial))
    return found


def waiting(reader: Connection, actor: Actor, today: date) -> list[Waiting]:
    """The agency's reserved numbers that have no letter yet, at most 2,000, by block, the oldest first."""
    require(may_read_registers(actor))
    statement = (
        _lines(actor)
        .where(text("entries.state = 'reserved'"))
        .order_by(entries.c.at, entries.c.book_id, entries.c.serial)
        .limit(MOST)
    )
    found = []
    for _, group in groupby(reader.execute(statement), key=lambda r: (r.at, r.book_id, r.subject_of is not None)):
        rows = list(group)
        one = rows[0]
        days = (today - office_date(one.at)).days
        found.append(
            Waiting(
                first=one.id,
                kind=one.kind,
                keeper=one.keeper,
                unit_code=one.keeper_code or "",
                year=one.year,
                numbers=[row.serial for row in rows],
                at=one.at,
                by=one.entered_by,
                note=MASKED if one.masked else one.note.removeprefix("จองเลข: "),
                letter=one.subject_of is not None,
                days=days,
                old=days >= OLD_AFTER_DAYS,
            )
        )
    return found


def block(reader: Connection, actor: Actor, entry_id: UUID) -> Block:
    """The block in which a number was reserved for letters on paper; NotFound for any other number."""
    require(may_read_registers(actor))
    told = _reservation(reader, actor, entry_id)
    rows = reader.execute(
        _lines(actor)
        .join(ledger, ledger.c.entry_id == entries.c.id)
        .where(
            ledger.c.agency_id == actor.agency_id,
            ledger.c.day == told.day,
            ledger.c.at == told.at,
            ledger.c.book_id == told.book_id,
            ledger.c.name == _RESERVED,
        )
        .order_by(entries.c.serial)
    ).all()
    event, one = json.loads(told.text), rows[0]
    masked = any(row.masked for row in rows)
    values = event["values"]
    entry = entry_of(one)
    return Block(
        first=one.id,
        kind=one.kind,
        keeper=one.keeper,
        unit_code=one.keeper_code or "",
        year=one.year,
        at=told.at,
        by=event["by"]["name"],
        reason=MASKED if masked else values.get("reason", ""),
        authority="" if masked else values.get("authority", ""),
        lines=[_block_line(row) for row in rows],
        why_not_bind=words_of(may_enter(actor, one.kind, one.keeper_unit, entry.secrecy)),
        why_not_release=words_of(may_amend(actor, entry, one.keeper_unit)),
    )


def next_in_block(reader: Connection, actor: Actor, entry_id: UUID) -> UUID | None:
    """The next number of the same block that still waits: the following one, else the first; None when all have
    their letters."""
    lines = block(reader, actor, entry_id).lines
    place = next(at for at, line in enumerate(lines) if line.id == entry_id)
    after = [line.id for line in (*lines[place + 1 :], *lines[:place]) if line.state is EntryState.RESERVED]
    return after[0] if after else None


def _lines(actor: Actor) -> Select[Any]:
    return (
        lines_as_seen(RegisterEntry, actor)
        .add_columns(
            books.c.unit_id.label("keeper_unit"),
            units.c.code.label("keeper_code"),
            func.coalesce(unit_name_in_year(books.c.unit_id, books.c.year, actor.on), agencies.c.name).label("keeper"),
        )
        .select_from(
            entries.join(books, books.c.id == entries.c.book_id)
            .join(agencies, agencies.c.id == entries.c.agency_id)
            .outerjoin(units, units.c.id == books.c.unit_id)
        )
        .where(entries.c.agency_id == actor.agency_id)
    )


def _reservation(reader: Connection, actor: Actor, entry_id: UUID) -> Any:
    row = reader.execute(
        select(ledger.c.at, ledger.c.day, ledger.c.book_id, journal.c.text)
        .select_from(
            ledger.join(journal, and_(journal.c.agency_id == ledger.c.agency_id, journal.c.seq == ledger.c.seq)).join(
                entries, entries.c.id == ledger.c.entry_id
            )
        )
        .where(
            ledger.c.entry_id == entry_id,
            ledger.c.agency_id == actor.agency_id,
            ledger.c.name == _RESERVED,
            entries.c.subject_of.is_(None),
        )
        .order_by(ledger.c.seq)
        .limit(1)
    ).first()
    if row is None:
        raise NotFound("เลขนี้ไม่ได้จองไว้สำหรับหนังสือกระดาษ")
    return row


def _block_line(row: Any) -> BlockLine:
    masked = bool(row.masked)
    return BlockLine(
        row.id, row.serial, MASKED if masked else row.number, row.state, "" if masked else row.subject, masked
    )
