"""Files that wait, apart from the others, for the virus scanner, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, select, text

from saraban.domain.agency import AgencyId
from saraban.domain.held_files import HeldState
from saraban.storage.tables.held_files import WAITS
from saraban.storage.tables.held_files import held_files as t


@dataclass(frozen=True)
class HeldRow:
    """A file that waits, or that was not taken; `why` is what the scanner said, or what was wrong with it."""

    name: str
    size: int
    state: HeldState
    since: datetime
    settled_at: datetime | None
    why: str

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "name": self.name,
            "size": self.size,
            "state": self.state.value,
            "since": self.since.isoformat(),
            "settled_at": self.settled_at.isoformat() if self.settled_at else None,
            "reason": self.why,
        }


_OF_LETTER = (
    select(t.c.name, t.c.size, t.c.state, t.c.since, t.c.settled_at, t.c.why)
    .where(t.c.incoming_id == bindparam("letter"), t.c.state != HeldState.HARMLESS)
    .order_by(t.c.since, t.c.id)
)


def of_letter(reader: Connection, incoming_id: UUID) -> Sequence[HeldRow]:
    """Files of a letter that the caller may see, which are not among its files: they wait, or were removed."""
    return [HeldRow(*row) for row in reader.execute(_OF_LETTER, {"letter": incoming_id})]


def waiting(reader: Connection, agency_id: AgencyId) -> tuple[int, datetime | None, str]:
    """How many files wait in an agency, since when, and what the scanner said."""
    statement = select(func.count(), func.min(t.c.since), func.max(t.c.why)).where(waits(agency_id))
    count, since, why = reader.execute(statement).one()
    return count, since, why or ""


def waits(agency_id: AgencyId) -> ColumnElement[bool]:
    """Those of an agency that wait."""
    return and_(t.c.agency_id == agency_id, text(WAITS))
