"""Time-stamps that come later, on the shelf."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, case, delete, func, select, update
from sqlalchemy import text as sql

from saraban.domain.attachment import Digest
from saraban.domain.late_stamp import LateStamp
from saraban.storage.leases import Queue
from saraban.storage.shelves import Shelf, batched, plain_shelf
from saraban.storage.tables.late_stamps import WAITS
from saraban.storage.tables.late_stamps import late_stamps as t

_shelf: Shelf[LateStamp] = plain_shelf(t, LateStamp)
_FIELDS = [field.name for field in dataclasses.fields(LateStamp)]
# In the words of the index, here and below: a planner cannot know of a parameter that it fits.
_DUE = Queue(t, and_(sql(WAITS), t.c.next_at <= bindparam("now")), t.c.next_at)
_OF_STAMP = (t.c.id == bindparam("stamp")) & t.c.token.is_(None)
_SETTLE = (
    update(t)
    .where(_OF_STAMP)
    .values(token=bindparam("got"), stamped_at=bindparam("at"), stamped_by=bindparam("by"), why="", leased_until=None)
)
_DROP = delete(t).where(_OF_STAMP)
_TRIES = select(func.coalesce(func.max(t.c.attempts), 0)).where(sql(WAITS))
_PUT_OFF = (
    update(t).where(sql(WAITS)).values(why=bindparam("told"), next_at=bindparam("until"), attempts=bindparam("tries"))
)
_RELEASE = update(t).where(t.c.id == bindparam("stamp")).values(leased_until=None)
_REFUSE = (
    update(t).where(_OF_STAMP).values(why=bindparam("told"), next_at=bindparam("until"), attempts=0, leased_until=None)
)
_REST = update(t).where(sql(WAITS), t.c.why != "").values(why="")
_FORGET = delete(t).where(t.c.thing_id == bindparam("thing"), t.c.sha256 == bindparam("file"))
_NOW_ON = bindparam("now_on", type_=t.c.next_at.type)
_HURRY = (
    update(t)
    .where(sql(WAITS), t.c.attempts > 0)
    .values(next_at=case((t.c.next_at > _NOW_ON, _NOW_ON), else_=t.c.next_at), attempts=0)
)
_OF_FILE = select(t).where(t.c.sha256 == bindparam("file"), t.c.token.is_not(None)).order_by(t.c.stamped_at)


class LateStampBooks:
    """Time-stamps that come later (usecases.stamp_books.LateStamps)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, *wanted: LateStamp) -> None:
        """Keep what has no stamp."""
        _shelf.add(self._connection, *wanted)

    def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[LateStamp]:
        """Lease those that are due."""
        rows = _DUE.claim(self._connection, now, lease, limit)
        return [LateStamp(**{name: row[name] for name in _FIELDS}) for row in rows]

    def settle(self, stamp: LateStamp, token: bytes, at: datetime, by: str) -> bool:
        """Keep the token; False when it has one already, or what it was for is gone."""
        values = {"stamp": stamp.id, "got": token, "at": at, "by": by}
        return self._connection.execute(_SETTLE, values).rowcount == 1

    def drop(self, stamp: LateStamp) -> bool:
        """It waits no longer, and its token is kept elsewhere; False when somebody was faster."""
        return self._connection.execute(_DROP, {"stamp": stamp.id}).rowcount == 1

    def tries(self) -> int:
        """How often the authority failed since something waits for it."""
        return int(self._connection.execute(_TRIES).scalar_one())

    def put_off(self, why: str, tries: int, until: datetime) -> None:
        """Nothing that waits is asked for before that moment: there is one authority for all."""
        self._connection.execute(_PUT_OFF, {"told": why, "tries": tries, "until": until})

    def refuse(self, stamp: LateStamp, why: str, until: datetime) -> None:
        """This one alone is not asked for before that moment. The authority has not failed."""
        self._connection.execute(_REFUSE, {"stamp": stamp.id, "told": why, "until": until})

    def rest(self) -> int:
        """There is no authority: nothing is told of what waits; of how many something was."""
        return self._connection.execute(_REST).rowcount

    def forget(self, thing_id: UUID, sha256: Digest) -> None:
        """This file of a thing is gone: it waits for no stamp and shows none."""
        self._connection.execute(_FORGET, {"thing": thing_id, "file": sha256})

    def release(self, stamps: Collection[LateStamp]) -> None:
        """End the leases of these."""
        if stamps:
            self._connection.execute(_RELEASE, [{"stamp": one.id} for one in stamps])

    def hurry(self, now: datetime) -> None:
        """The authority answers again: all that wait because it failed are due, and its failures are forgotten."""
        self._connection.execute(_HURRY, {"now_on": now})

    def of_file(self, sha256: Digest) -> Sequence[LateStamp]:
        """The stamps that a file got later, the earliest first."""
        return _shelf.find(self._connection, _OF_FILE, {"file": sha256})

    def of_files(self, digests: Collection[Digest]) -> Sequence[LateStamp]:
        """Those of several files."""
        found: list[LateStamp] = []
        for some in batched(list(digests)):
            wanted = select(t).where(t.c.sha256.in_(some), t.c.token.is_not(None)).order_by(t.c.stamped_at)
            found += _shelf.find(self._connection, wanted)
        return found

    def of_thing(self, thing_id: UUID, sha256: Digest) -> LateStamp | None:
        """The stamp that this file of a thing got later."""
        wanted = select(t).where(t.c.thing_id == thing_id, t.c.sha256 == sha256, t.c.token.is_not(None))
        return next(iter(_shelf.find(self._connection, wanted)), None)
