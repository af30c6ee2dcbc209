"""Lines of the registers as they are written onto slips, envelopes, the messenger's book and cards (forms 15 to 18)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, select

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyOptions
from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import NotFound
from saraban.domain.permissions import may_read_registers, require
from saraban.domain.register import BookKind, EntryState
from saraban.reading.lines import as_seen, lines_as_seen
from saraban.reading.register_filters import Filters
from saraban.reading.register_search import Piece, Searched, find
from saraban.storage.days import day_begins
from saraban.storage.tables.people import agencies, units
from saraban.storage.tables.registers import books, entries

MOST = 500


@dataclass(frozen=True)
class SlipLine:
    """A line as a slip shows it. `masked`: it is classified and its words are not for the reader."""

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
    urgency: Urgency
    secrecy: Secrecy
    masked: bool


@dataclass(frozen=True)
class Sender:
    """Who sends: the agency's name and address, and its licence of monthly postage, its emblem."""

    name: str
    address: tuple[str, ...]
    permit: str
    emblem: Digest | None = None


def sender(reader: Connection, actor: Actor) -> Sender:
    """The actor's agency as it stands on an envelope."""
    columns = (agencies.c.name, agencies.c.address, agencies.c.options, agencies.c.emblem)
    row = reader.execute(select(*columns).where(agencies.c.id == actor.agency_id)).one()
    return Sender(row.name, tuple(row.address), AgencyOptions(**row.options).postage_permit, row.emblem)


def chosen(reader: Connection, actor: Actor, ids: Sequence[UUID]) -> list[SlipLine]:
    """Chosen lines of the agency in the order of their numbers, at most 500. NotFound when one is not the agency's."""
    require(may_read_registers(actor))
    wanted = list(dict.fromkeys(ids))[:MOST]
    statement = _lines(actor).where(entries.c.agency_id == actor.agency_id, entries.c.id.in_(wanted))
    rows = reader.execute(statement.order_by(entries.c.year, entries.c.serial))
    found = [as_seen(SlipLine, row) for row in rows]
    if len(found) < len(wanted):
        raise NotFound
    return found


def of_day(reader: Connection, actor: Actor, kind: BookKind, day: date, unit_code: str = "") -> list[SlipLine]:
    """The used lines of a book that were entered on a day, in the order of their numbers, at most 500."""
    require(may_read_registers(actor))
    statement = (
        _lines(actor)
        .join(books, books.c.id == entries.c.book_id)
        .outerjoin(units, units.c.id == books.c.unit_id)
        .where(
            books.c.agency_id == actor.agency_id,
            books.c.kind == kind,
            units.c.code == unit_code if unit_code else books.c.unit_id.is_(None),
            entries.c.at >= day_begins(day),
            entries.c.at < day_begins(day + timedelta(days=1)),
            entries.c.state == EntryState.USED,
        )
        .order_by(entries.c.year, entries.c.serial)
        .limit(MOST)
    )
    return [as_seen(SlipLine, row) for row in reader.execute(statement)]


def about(reader: Connection, actor: Actor, words: str, year: int | None = None) -> list[SlipLine]:
    """Used lines in all books of the agency whose subject holds the words, of a year or of all, by date of entry, at
    most 500. Nothing classified is found."""
    require(may_read_registers(actor))
    if not words.strip():
        return []
    asked = Filters.read({"subject": words, "state": EntryState.USED.value, "secrecy": Secrecy.OPEN.value})
    kept: list[tuple[Any, SlipLine]] = []
    for book in reader.execute(_open_books(actor, year)):
        whole = Piece(book.first, book.last, newest_first=True)
        searched = Searched(book.id, book.place, actor.agency_id, book.kind)
        serials = find(reader, actor, searched, asked, whole, MOST).serials
        if serials:
            statement = _lines(actor).where(entries.c.book_id == book.id, entries.c.serial.in_(serials))
            kept += [((row.at, row.serial), as_seen(SlipLine, row)) for row in reader.execute(statement)]
    newest = sorted(kept, key=lambda one: one[0])[-MOST:]
    return [line for _, line in newest if not line.masked]


def addresses(reader: Connection, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The addresses of agencies that the installation knows, for addressees who are named like them or hold a post in
    them ("อธิบดีกรมการปกครอง")."""
    known = [(row.name, tuple(row.address)) for row in reader.execute(select(agencies.c.name, agencies.c.address))]
    known.sort(key=lambda pair: -len(pair[0]))
    found = {}
    for name in names:
        address = next((address for agency, address in known if agency in name and address), None)
        if address:
            found[name] = address
    return found


def _open_books(actor: Actor, year: int | None) -> Select[Any]:
    statement = select(books).where(books.c.agency_id == actor.agency_id, books.c.last >= books.c.first)
    statement = statement.where(books.c.kind.not_in([kind for kind in BookKind if kind.secret]))
    return statement if year is None else statement.where(books.c.year == year)


def _lines(actor: Actor) -> Select[Any]:
    return lines_as_seen(SlipLine, actor).add_columns(entries.c.at).select_from(entries)
