"""Outsiders who look at kept letters, as screens and programs show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select, true

from saraban.domain.actor import Actor
from saraban.domain.permissions import may_see_archive, may_see_visit, require, sees_all_loans
from saraban.domain.visit import OPEN_VISITS, Visit
from saraban.reading.archive import SHOWN, KeptLine, kept_lines, one_row
from saraban.reading.paging import Page, rows_newest_first
from saraban.storage.tables.archive import visits as table


@dataclass(frozen=True)
class VisitLine:
    """A visit with its letter."""

    visit: Visit
    letter: KeptLine

    @property
    def id(self) -> UUID:
        """The visit's id."""
        return self.visit.id


def visits(
    reader: Connection, actor: Actor, *, entry_id: UUID | None = None, only_open: bool = False
) -> list[VisitLine]:
    """Visits that the actor may see (of one letter; those that are not over), the newest first."""
    require(may_see_archive(actor))
    c = table.c
    seen = true() if sees_all_loans(actor) else c.unit_id == actor.unit_id
    which = [c.agency_id == actor.agency_id, seen]
    which += [c.entry_id == entry_id] if entry_id is not None else []
    which += [c.state.in_(OPEN_VISITS)] if only_open else []
    statement = select(table).where(*which).order_by(c.asked_at.desc(), c.id).limit(SHOWN)
    return _with_letters(reader, actor, [Visit(**row) for row in reader.execute(statement).mappings()])


def visits_page(reader: Connection, actor: Actor, cursor: str | None = None, limit: int = SHOWN) -> Page[VisitLine]:
    """Visits that the actor may see, page by page, the newest first."""
    require(may_see_archive(actor))
    c = table.c
    seen = true() if sees_all_loans(actor) else c.unit_id == actor.unit_id
    statement = select(table).where(c.agency_id == actor.agency_id, seen)
    page = rows_newest_first(reader, statement, (c.asked_at, c.id), cursor=cursor, limit=limit)
    return Page(_with_letters(reader, actor, [Visit(**row._mapping) for row in page.items]), page.next)


def visit(reader: Connection, actor: Actor, visit_id: UUID) -> VisitLine:
    """One visit; NotFound where the actor may not see it."""
    found = Visit(**one_row(reader, actor, table, visit_id))
    require(may_see_visit(actor, found))
    return _with_letters(reader, actor, [found])[0]


def _with_letters(reader: Connection, actor: Actor, found: Sequence[Visit]) -> list[VisitLine]:
    if not found:
        return []
    letters = kept_lines(reader, actor, [one.entry_id for one in found])
    return [VisitLine(one, letters[one.entry_id]) for one in found]
