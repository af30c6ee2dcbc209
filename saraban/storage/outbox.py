"""The outbox: messages on their way, leased by the sender, kept as evidence when they have gone."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, literal_column, select, update

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.exchange.envelope import Encoded, Envelope, Literal, OutboxKind, Segment
from saraban.storage.leases import Queue
from saraban.storage.tables.exchange import outbox
from saraban.usecases.outgoing import OutboxItem

_PUT = insert(outbox)
# Words that an index was made for stand in the statement itself: of a parameter a planner cannot know that they fit.
_DUE = Queue(
    outbox,
    (outbox.c.state == literal_column("'queued'")) & (outbox.c.next_at <= bindparam("now")),
    outbox.c.next_at,
    unread=("manifest",),
    attempts=outbox.c.attempts + 1,
)
_OF_ITEM = outbox.c.id == bindparam("item")
_SENT = (
    update(outbox)
    .where(_OF_ITEM)
    .values(state="sent", leased_until=None, last_reply=bindparam("reply"), sent_at=bindparam("at"))
)
_POSTPONE = (
    update(outbox).where(_OF_ITEM).values(leased_until=None, last_reply=bindparam("reply"), next_at=bindparam("until"))
)
_PUT_BACK = (
    update(outbox).where(_OF_ITEM).values(leased_until=None, attempts=outbox.c.attempts - 1, next_at=bindparam("until"))
)
_FAIL = update(outbox).where(_OF_ITEM).values(state="failed", leased_until=None, last_reply=bindparam("reply"))
_OF_REF = (outbox.c.agency_id == bindparam("agency")) & (outbox.c.ref == bindparam("of_ref"))
_AGAIN = update(outbox).where(_OF_REF).values(state="queued", attempts=0, next_at=bindparam("at"), leased_until=None)
_AGAIN_UNTIL = _AGAIN.values(give_up_at=bindparam("until"))
_FIND = select(outbox).where(_OF_REF)
_MANIFEST = select(outbox.c.manifest).where(_OF_REF)
_GIVEN_UP = (outbox.c.state == "failed") & (outbox.c.kind != OutboxKind.LETTER)
_DEAD = select(outbox.c.kind, outbox.c.rcpt_to).where(_OF_REF, _GIVEN_UP)
_ABANDON = update(outbox).where(_OF_REF, _GIVEN_UP).values(state="stopped")
_EMPTY = update(outbox).where(_OF_REF).values(segments=[], manifest=None)
_STOP = update(outbox).where(_OF_REF, outbox.c.state == "queued").values(state="stopped", leased_until=None)
# Trying begins with the lease, which counts: what no worker ever leased has gone nowhere.
_STOP_UNTRIED = _STOP.where(outbox.c.attempts == 0)


def _segments_to_json(segments: Sequence[Segment]) -> list[Any]:
    return [
        base64.b64encode(s.data).decode() if isinstance(s, Literal) else [s.file.hex, s.encoded.hex, s.size]
        for s in segments
    ]


def _segments_from_json(values: Sequence[Any]) -> tuple[Segment, ...]:
    return tuple(
        Literal(base64.b64decode(v)) if isinstance(v, str) else Encoded(Digest(v[0]), Digest(v[1]), v[2])
        for v in values
    )


class OutboxBooks:
    """The outbox on the shelf (usecases.books.Outbox)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, item: OutboxItem, at: datetime) -> None:
        """Queue a message from that moment on."""
        self.put_all([item], at)

    def put_all(self, items: Sequence[OutboxItem], at: datetime) -> None:
        """Queue messages from that moment on, many in one statement."""
        if items:
            self._connection.execute(_PUT, [_row(item, at) for item in items])

    def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[OutboxItem]:
        """Lease the messages that are due."""
        return [_item(row) for row in _DUE.claim(self._connection, now, lease, limit)]

    def sent(self, item: OutboxItem, reply: str, at: datetime) -> None:
        """The relay took it."""
        self.all_sent([(item, reply, at)])

    def all_sent(self, taken: Sequence[tuple[OutboxItem, str, datetime]]) -> None:
        """The relay took these."""
        if taken:
            self._connection.execute(_SENT, [{"item": item.id, "reply": reply, "at": at} for item, reply, at in taken])

    def postpone(self, item: OutboxItem, reply: str, until: datetime) -> None:
        """Try again at that moment."""
        self._connection.execute(_POSTPONE, {"item": item.id, "reply": reply, "until": until})

    def put_back(self, item: OutboxItem, until: datetime) -> None:
        """It was not tried: leave it as it was before it was claimed, due at that moment."""
        self._connection.execute(_PUT_BACK, {"item": item.id, "until": until})

    def fail(self, item: OutboxItem, reply: str, at: datetime) -> None:
        """Give it up."""
        self._connection.execute(_FAIL, {"item": item.id, "reply": reply})

    def again(self, agency_id: AgencyId, ref: UUID, at: datetime, *, give_up_at: datetime | None = None) -> bool:
        """Queue the same bytes once more."""
        values = {"agency": agency_id, "of_ref": ref, "at": at}
        if give_up_at is None:
            return self._connection.execute(_AGAIN, values).rowcount == 1
        return self._connection.execute(_AGAIN_UNTIL, {**values, "until": give_up_at}).rowcount == 1

    def empty(self, agency_id: AgencyId, ref: UUID) -> None:
        """Forget what this message said; one that waits goes nowhere any more."""
        self._connection.execute(_STOP, {"agency": agency_id, "of_ref": ref})
        self._connection.execute(_EMPTY, {"agency": agency_id, "of_ref": ref})

    def envelope(self, agency_id: AgencyId, ref: UUID) -> Envelope | None:
        """What was composed for this dispatch or receipt."""
        row = self._connection.execute(_FIND, {"agency": agency_id, "of_ref": ref}).mappings().first()
        return _item(row).envelope if row is not None else None

    def manifest(self, agency_id: AgencyId, dispatch_id: UUID) -> bytes | None:
        """The manifest that was sealed for this dispatch."""
        values = {"agency": agency_id, "of_ref": dispatch_id}
        return self._connection.execute(_MANIFEST, values).scalar_one_or_none()

    def stop(self, agency_id: AgencyId, ref: UUID) -> None:
        """Nothing of this waits any longer."""
        self._connection.execute(_STOP, {"agency": agency_id, "of_ref": ref})

    def stop_untried(self, agency_id: AgencyId, ref: UUID) -> bool:
        """Nothing of this waits any longer, if nobody ever tried it."""
        return self._connection.execute(_STOP_UNTRIED, {"agency": agency_id, "of_ref": ref}).rowcount == 1

    def given_up(self, agency_id: AgencyId, ref: UUID) -> tuple[str, str] | None:
        """What it is and to whom."""
        row = self._connection.execute(_DEAD, {"agency": agency_id, "of_ref": ref}).first()
        return (row.kind.value, row.rcpt_to) if row is not None else None

    def abandon(self, agency_id: AgencyId, ref: UUID) -> None:
        """No longer tried."""
        self._connection.execute(_ABANDON, {"agency": agency_id, "of_ref": ref})


def _row(item: OutboxItem, at: datetime) -> dict[str, Any]:
    e = item.envelope
    return {
        "id": item.id,
        "agency_id": item.agency_id,
        "agency_code": item.agency_code,
        "kind": item.kind,
        "ref": item.ref,
        "mail_from": e.mail_from,
        "fallback_from": e.fallback_from,
        "rcpt_to": e.rcpt_to,
        "message_id": e.message_id,
        "segments": _segments_to_json(e.segments),
        "manifest": item.manifest,
        "sha256": e.sha256,
        "size": e.size,
        "envid": e.envid,
        "state": "queued",
        "attempts": 0,
        "next_at": at,
        "give_up_at": item.give_up_at,
        "put_at": at,
        "last_reply": "",
    }


def _item(row: Any) -> OutboxItem:
    envelope = Envelope(
        mail_from=row["mail_from"],
        rcpt_to=row["rcpt_to"],
        message_id=row["message_id"],
        segments=_segments_from_json(row["segments"]),
        sha256=row["sha256"],
        size=row["size"],
        kind=row["kind"],
        envid=row["envid"],
        fallback_from=row["fallback_from"],
    )
    return OutboxItem(
        id=row["id"],
        agency_id=row["agency_id"],
        agency_code=row["agency_code"],
        kind=row["kind"],
        ref=row["ref"],
        envelope=envelope,
        give_up_at=row["give_up_at"],
        attempts=row["attempts"],
    )
