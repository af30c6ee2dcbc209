"""The books as the administrator sees them: which are kept, by whom, with which numbers, what comes with the year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyOptions, UnitId
from saraban.domain.permissions import may_administer, may_read_registers, require
from saraban.domain.register import BookKind
from saraban.storage.tables.organisation import unit_name_in_year
from saraban.storage.tables.people import agencies, units
from saraban.storage.tables.registers import books


@dataclass(frozen=True)
class KeptBook:
    """A book of a year, or one that is kept and not open in that year yet (`id` None). `ended`: none follows it."""

    id: UUID | None
    kind: BookKind
    keeper: str
    unit_id: UnitId | None
    unit_code: str
    year: int
    first: int
    last: int
    opened_at: datetime | None
    opened_by: str
    closed_at: datetime | None
    ended: bool

    @property
    def gives_numbers(self) -> bool:
        """True when it is open, or opens with its first number."""
        return self.closed_at is None and not self.ended

    @property
    def must_be_kept(self) -> bool:
        """True for the two registers of the agency that cannot be ended."""
        return self.kind.opens_by_itself and not self.unit_code


def kept_books(reader: Connection, actor: Actor, year: int, *, this_year: int) -> list[KeptBook]:
    """The agency's books of that year by kind, the central ones first. In this year also those of earlier years that
    were not ended, which open by themselves with their first number, as do the two that every agency keeps."""
    require(may_read_registers(actor))
    rows = reader.execute(
        select(
            books,
            units.c.code.label("unit_code"),
            unit_name_in_year(books.c.unit_id, books.c.year, actor.on).label("unit_name"),
            agencies.c.name.label("agency"),
        )
        .select_from(
            books.join(agencies, agencies.c.id == books.c.agency_id).outerjoin(units, units.c.id == books.c.unit_id)
        )
        .where(books.c.agency_id == actor.agency_id, books.c.year <= year)
        .order_by(books.c.year)
    )
    newest: dict[tuple[BookKind, str], KeptBook] = {}
    for row in rows:
        newest[row.kind, row.unit_code or ""] = KeptBook(
            id=row.id,
            kind=row.kind,
            keeper=row.unit_name or row.agency,
            unit_id=row.unit_id,
            unit_code=row.unit_code or "",
            year=row.year,
            first=row.first,
            last=row.last,
            opened_at=row.opened_at,
            opened_by=row.opened_by,
            closed_at=row.closed_at,
            ended=row.ended,
        )
    name = reader.execute(select(agencies.c.name).where(agencies.c.id == actor.agency_id)).scalar_one()
    shown = [one for one in newest.values() if one.year == year]
    if year == this_year:
        shown += [_to_come(one, year) for one in newest.values() if one.year < year and not one.ended]
        shown += _always_kept(newest, name, year)
    order = list(BookKind)
    return sorted(shown, key=lambda one: (order.index(one.kind), one.unit_code))


def years_of_books(reader: Connection, actor: Actor) -> list[int]:
    """The Buddhist years in which the agency kept a book, the newest first."""
    require(may_read_registers(actor))
    years = select(books.c.year).where(books.c.agency_id == actor.agency_id).distinct()
    return sorted(reader.execute(years).scalars(), reverse=True)


def options(reader: Connection, actor: Actor) -> AgencyOptions:
    """What the agency decides for itself."""
    require(may_administer(actor))
    kept = reader.execute(select(agencies.c.options).where(agencies.c.id == actor.agency_id)).scalar_one()
    return AgencyOptions(**kept)


def _always_kept(newest: dict[tuple[BookKind, str], KeptBook], name: str, year: int) -> list[KeptBook]:
    missing = [kind for kind in BookKind if kind.opens_by_itself and (kind, "") not in newest]
    return [KeptBook(None, kind, name, None, "", year, 1, 0, None, "", None, False) for kind in missing]


def _to_come(one: KeptBook, year: int) -> KeptBook:
    return KeptBook(None, one.kind, one.keeper, one.unit_id, one.unit_code, year, 1, 0, None, "", None, False)
