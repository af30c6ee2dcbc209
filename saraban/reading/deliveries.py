"""How far documents came on their way to their holders: read out of their links and of the mail that carried them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, select

from saraban.domain.issued_run import Delivery
from saraban.exchange.bounce_reasons import told_by_server
from saraban.storage.tables.exchange import outbox
from saraban.storage.tables.issued_runs import UNSENT
from saraban.storage.tables.issued_runs import holder_links as links

_WAITS = "queued"
_LINKS = (
    select(links, outbox.c.state.label("sending"), outbox.c.sent_at, outbox.c.last_reply)
    .outerjoin(outbox, and_(outbox.c.agency_id == links.c.agency_id, outbox.c.ref == links.c.id))
    .order_by(links.c.made_at.desc(), links.c.id)
)


@dataclass(frozen=True)
class Delivered:
    """How far, since when, to which mailbox (empty for none), and why mail did not reach it."""

    way: Delivery
    at: datetime | None = None
    mail: str = ""
    why: str = ""


@dataclass(frozen=True)
class LinkRow:
    """A link of a document, without its token, and what became of it."""

    id: UUID
    mail: str
    made_by: str
    made_at: datetime
    withdrawn_at: datetime | None
    fetched_at: datetime | None
    fetches: int
    delivered: Delivered


def deliveries(reader: Connection, which: ColumnElement[bool]) -> Mapping[UUID, Delivered]:
    """What became of documents with a link, by document; `which` is a condition on the links. One that the holder
    fetched is there; otherwise mail that is out counts more than what came back, and mail more than a link that was
    handed over."""
    found: dict[UUID, list[Delivered]] = {}
    for row in reader.execute(_LINKS.where(which)):
        found.setdefault(row.document_id, []).append(_of_link(row))
    return {document: min(told, key=lambda one: _BEST.index(one.way)) for document, told in found.items()}


def of_links(reader: Connection, document_id: UUID) -> list[LinkRow]:
    """The links of a document, the newest first. The caller knows that the reader may see it."""
    return [
        LinkRow(
            row.id, row.mail, row.made_by, row.made_at, row.withdrawn_at, row.fetched_at, row.fetches, _of_link(row)
        )
        for row in reader.execute(_LINKS.where(links.c.document_id == document_id))
    ]


_BEST: Sequence[Delivery] = (
    Delivery.FETCHED,
    Delivery.SENT,
    Delivery.ON_ITS_WAY,
    Delivery.RETURNED,
    Delivery.HANDED,
    Delivery.WITHDRAWN,
)


def _of_link(row: Any) -> Delivered:
    if row.fetches:
        return Delivered(Delivery.FETCHED, row.fetched_at, row.mail)
    if row.withdrawn_at is not None:
        return Delivered(Delivery.WITHDRAWN, row.withdrawn_at, row.mail)
    if not row.mail:
        return Delivered(Delivery.HANDED, row.made_at)
    if row.returned_at is not None:
        return Delivered(Delivery.RETURNED, row.returned_at, row.mail, row.why_returned)
    if row.sending in UNSENT:
        return Delivered(Delivery.RETURNED, None, row.mail, told_by_server("เครื่องส่งไปรษณีย์ไม่รับ", row.last_reply or ""))
    if row.sending == _WAITS:
        return Delivered(Delivery.ON_ITS_WAY, row.made_at, row.mail)
    return Delivered(Delivery.SENT, row.sent_at or row.made_at, row.mail)
