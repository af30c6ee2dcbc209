"""Time-stamps that came later, and what still waits for one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, select, text

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.attachment import Digest
from saraban.domain.late_stamp import Stamped
from saraban.exchange.thai import thai_digits
from saraban.reading.trouble_kinds import ProblemCard
from saraban.storage.tables.late_stamps import WAITS
from saraban.storage.tables.late_stamps import late_stamps as t


@dataclass(frozen=True)
class ShownStamp:
    """A file of a thing that went out without a time-stamp: when, why, and the one that it got later (`token` in DER,
    `stamped_at`, by whom); None while it waits."""

    kind: Stamped
    sha256: Digest
    made_at: datetime
    why: str
    token: bytes | None
    stamped_at: datetime | None
    stamped_by: str


_COLUMNS = (t.c.kind, t.c.sha256, t.c.made_at, t.c.why, t.c.token, t.c.stamped_at, t.c.stamped_by)


def of_thing(reader: Connection, agency_id: UUID, thing_id: UUID) -> list[ShownStamp]:
    """Those of a letter, a document or a line that the caller may read."""
    statement = select(*_COLUMNS).where(t.c.thing_id == thing_id, t.c.agency_id == agency_id).order_by(t.c.made_at)
    return [ShownStamp(*row) for row in reader.execute(statement)]


def token(stamps: Sequence[ShownStamp], sha256: Digest) -> bytes | None:
    """The token of this file among those of a thing."""
    return next((one.token for one in stamps if one.sha256 == sha256), None)


def known(reader: Connection, digests: Collection[Digest]) -> list[ShownStamp]:
    """The tokens that these files got later."""
    statement = select(*_COLUMNS).where(t.c.sha256.in_(list(digests)), t.c.token.is_not(None)).order_by(t.c.stamped_at)
    return [ShownStamp(*row) for row in reader.execute(statement)]


def day_trouble(reader: Connection, agency_id: UUID) -> tuple[str, datetime] | None:
    """Why closed days have no time-stamp yet, and since when."""
    days = and_(waits(agency_id), t.c.kind == Stamped.DAY)
    row = reader.execute(select(func.max(t.c.why), func.min(t.c.made_at)).where(days)).one()
    return (row[0], row[1]) if row[0] else None


def waits(agency_id: UUID) -> ColumnElement[bool]:
    """The condition over `late_stamps` that one of this agency was asked for and is not there."""
    return and_(t.c.agency_id == agency_id, text(WAITS), t.c.why != "")


def unstamped(reader: Connection, actor: Actor, _now: datetime, _most: int) -> Iterator[ProblemCard]:
    """What went out without a time-stamp and still has none, as one card for the administrator."""
    if actor.role is not PositionRole.ADMIN:
        return
    rows = reader.execute(
        select(t.c.kind, func.count(), func.min(t.c.made_at), func.max(t.c.why))
        .where(waits(actor.agency_id))
        .group_by(t.c.kind)
        .order_by(t.c.kind)
    ).all()
    if rows:
        told = " ".join(f"{Stamped(row[0]).thai} {row[1]}" for row in rows)
        title = f"ไม่มีตราประทับเวลา {sum(row[1] for row in rows)} รายการ"
        why = f"{max(row[3] for row in rows)} ({told})"
        since = min(row[2] for row in rows)
        yield ProblemCard("unstamped", "unstamped", None, None, thai_digits(title), "", "", thai_digits(why), "", since)
