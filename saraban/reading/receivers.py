"""A letter at all its receivers: how many stand where, a page of their list, and what a sheet of them says.

Everything is counted, filtered and cut by the database: eight thousand receivers cost little more than a page of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Engine, and_, case, exists, func, or_, select

from saraban.domain.actor import Actor
from saraban.domain.dispatch import ADDRESS_CORRECTED, REMINDABLE, DispatchState, EvidenceKind
from saraban.reading.matching import column_matches, query_words
from saraban.reading.paging import Page, read_cursor, write_cursor
from saraban.reading.scope import require_letter
from saraban.reading.tracking import DispatchRow, read_row, select_rows
from saraban.storage.tables.exchange import dispatches as d
from saraban.storage.tables.exchange import evidence
from saraban.storage.tables.letters import letters
from saraban.usecases.exporting import ReceiverLine, ReceiverSheet

GROUPS = ("registered", "received", "sent", "queued", "trouble", "ended", "replaced")
REPLACED = "replaced"
"""The count of what gave place to another dispatch: shown and found, and no receiver of its own."""
_BAD = (DispatchState.INVALID, DispatchState.UNDELIVERED, DispatchState.REFUSED)
_UNANSWERED = (DispatchState.QUEUED, DispatchState.SENT, DispatchState.RELAYED)
_DONE = (DispatchState.REGISTERED, DispatchState.COMPLETED)
_AT_REST = (
    *(DispatchState.UNDELIVERED, DispatchState.REFUSED, DispatchState.FORWARDED, DispatchState.RECALLED),
    *_DONE,
)
_AT_ONCE = 1_000

_newer = d.alias()
# It went to a corrected address, or another edition went to its receiver; one that was registered stands.
_GAVE_PLACE = and_(
    or_(d.c.closed_for.startswith(ADDRESS_CORRECTED), exists().where(_newer.c.replaces == d.c.id)),
    d.c.state.not_in(_DONE),
)
_IN_TROUBLE = or_(d.c.state.in_(_BAD), and_(d.c.state.in_(_UNANSWERED), or_(d.c.problem != "", d.c.failure != "")))
# An ordinary mailbox sends no receipts: once the relay has the mail, a late notice is all that may come.
_RESTS = or_(
    _GAVE_PLACE,
    and_(
        or_(
            d.c.state.in_(_AT_REST),
            and_(d.c.speaks_saraban.is_(False), d.c.state.in_((DispatchState.SENT, DispatchState.RELAYED))),
        ),
        # A receiver that was asked for the letter will answer.
        or_(
            d.c.recall_asked_at.is_(None),
            d.c.recall_answer != "",
            d.c.state.in_((DispatchState.REFUSED, DispatchState.FORWARDED, DispatchState.RECALLED)),
        ),
    ),
)
GROUP = case(
    (_GAVE_PLACE, REPLACED),
    (_IN_TROUBLE, "trouble"),
    (d.c.state == DispatchState.QUEUED, "queued"),
    (d.c.state.in_((DispatchState.SENT, DispatchState.RELAYED)), "sent"),
    (d.c.state.in_(_DONE), "registered"),
    (d.c.state.in_((DispatchState.FORWARDED, DispatchState.RECALLED)), "ended"),
    else_="received",
)
"""In which count a dispatch stands: what gave place first of all, then trouble."""


@dataclass(frozen=True)
class Picture:
    """How a letter stands with its receivers. `counts` has every group; `resting` how many are unlikely to move while
    somebody watches; `remindable` how many of a group may be reminded; `changes` is another number whenever anything
    about a dispatch was written."""

    counts: Mapping[str, int]
    resting: int
    remindable: Mapping[str, int]
    changes: int

    @property
    def total(self) -> int:
        """All receivers, each once."""
        return sum(self.counts.values()) - self.counts.get(REPLACED, 0)

    @property
    def at_rest(self) -> bool:
        """True when the page need not ask again."""
        return self.resting == sum(self.counts.values())


@dataclass(frozen=True)
class ReceiversPage:
    """A page of the list, with how many there are under the filter."""

    rows: list[DispatchRow] = field(default_factory=list)
    found: int = 0
    number: int = 1
    pages: int = 1


def picture(reader: Connection, actor: Actor, letter_id: UUID) -> Picture:
    """The counts of a letter. NotFound when the actor may not read it."""
    require_letter(reader, actor, letter_id)
    due = case((REMINDABLE_HERE, 1), else_=0)
    rows = reader.execute(
        select(
            GROUP.label("of_group"),
            func.count().label("n"),
            func.sum(case((_RESTS, 1), else_=0)).label("resting"),
            func.sum(due).label("due"),
            func.sum(d.c.version).label("changes"),
        )
        .where(d.c.letter_id == letter_id)
        .group_by("of_group")
    ).all()
    counts = dict.fromkeys(GROUPS, 0) | {row.of_group: row.n for row in rows}
    remindable = dict.fromkeys(GROUPS, 0) | {row.of_group: int(row.due) for row in rows}
    return Picture(counts, sum(int(r.resting) for r in rows), remindable, sum(int(r.changes) for r in rows))


def receivers(
    reader: Connection, actor: Actor, letter_id: UUID, *, group: str = "", q: str = "", page: int = 1, size: int = 100
) -> ReceiversPage:
    """Receivers of a letter whose name, code or mailbox hold every word of `q`, of one group or all, by name, trouble
    first and what gave place last. A page beyond the last is the last. NotFound when the actor may not read it."""
    require_letter(reader, actor, letter_id)
    wanted = wanted_receivers(letter_id, group, q)
    order = (case((_GAVE_PLACE, 2), (_IN_TROUBLE, 0), else_=1), d.c.to_name, d.c.to_code, d.c.id)
    number = max(1, page)
    found, shown = _ids(reader, wanted, order, number, size)
    if not shown and number > 1:
        found = reader.execute(select(func.count()).select_from(d).where(*wanted)).scalar_one()
        number = max(1, -(-found // size))
        found, shown = _ids(reader, wanted, order, number, size)
    rows = reader.execute(select_rows().where(d.c.id.in_(shown)).order_by(*order)) if shown else ()
    return ReceiversPage([read_row(row) for row in rows], found, number, max(1, -(-found // size)))


def _ids(
    reader: Connection, wanted: list[ColumnElement[bool]], order: tuple[Any, ...], number: int, size: int
) -> tuple[int, list[UUID]]:
    """How many there are, and the ids of a page of them. Only what is shown leaves the database: reading eight thousand
    ids to show a hundred takes longer than finding them."""
    statement = select(d.c.id, func.count().over().label("found")).where(*wanted).order_by(*order)
    rows = reader.execute(statement.limit(size).offset((number - 1) * size)).all()
    return (rows[0].found if rows else 0), [row.id for row in rows]


@dataclass(frozen=True)
class GroupedRow:
    """A receiver, and in which count it stands."""

    row: DispatchRow
    group: str


def receivers_after(
    reader: Connection,
    actor: Actor,
    letter_id: UUID,
    *,
    group: str = "",
    q: str = "",
    state: DispatchState | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[GroupedRow]:
    """A page of the receivers of a letter by code, by keyset. NotFound when the actor may not read the letter, BadInput
    for a cursor that no page has given out."""
    require_letter(reader, actor, letter_id)
    wanted = wanted_receivers(letter_id, group, q)
    if state is not None:
        wanted.append(d.c.state == state)
    if cursor:
        code, last = read_cursor(cursor, str, UUID)
        wanted.append(or_(d.c.to_code > code, and_(d.c.to_code == code, d.c.id > last)))
    statement = select_rows().add_columns(GROUP.label("of_group")).where(*wanted)
    found = reader.execute(statement.order_by(d.c.to_code, d.c.id).limit(limit + 1)).all()
    items = [GroupedRow(read_row(row), row.of_group) for row in found[:limit]]
    more = len(found) > limit
    return Page(items, write_cursor(items[-1].row.to_code, items[-1].row.id) if more else None)


def wanted_receivers(letter_id: UUID, group: str, q: str) -> list[ColumnElement[bool]]:
    """The conditions of the list."""
    called = d.c.to_name.concat(" ").concat(d.c.to_code).concat(" ").concat(d.c.to_mailbox)
    wanted: list[ColumnElement[bool]] = [d.c.letter_id == letter_id]
    if group:
        wanted.append(GROUP.in_((group,)))
    words = query_words(q)
    return [*wanted, column_matches(called, words)] if words else wanted


REMINDABLE_HERE = and_(d.c.state.in_(REMINDABLE), d.c.recall_asked_at.is_(None), d.c.closed_for == "", ~_GAVE_PLACE)


def to_remind(reader: Connection, actor: Actor, letter_id: UUID, *, group: str = "", q: str = "") -> list[UUID]:
    """The dispatches of the list that may be reminded; those of today are left out when it is done."""
    require_letter(reader, actor, letter_id)
    wanted = [*wanted_receivers(letter_id, group, q), REMINDABLE_HERE]
    return list(reader.execute(select(d.c.id).where(*wanted).order_by(d.c.id)).scalars())


@contextmanager
def open_receivers(engine: Engine, actor: Actor, order: Mapping[str, Any]) -> Iterator[ReceiverSheet]:
    """The receivers that an export asks for: `letter`, `group` and `q`. NotFound when the person may not read it."""
    letter_id, group, q = UUID(order["letter"]), str(order.get("group") or ""), str(order.get("q") or "")
    with engine.connect() as reader:
        require_letter(reader, actor, letter_id)
        letter = reader.execute(select(letters.c.number, letters.c.subject).where(letters.c.id == letter_id)).one()
        wanted = wanted_receivers(letter_id, group, q)
        total = reader.execute(select(func.count()).select_from(d).where(*wanted)).scalar_one()
        yield ReceiverSheet(letter_id, letter.number or "", letter.subject, total, _lines(reader, letter_id, wanted))


def _lines(reader: Connection, letter_id: UUID, wanted: list[ColumnElement[bool]]) -> Iterator[ReceiverLine]:
    order, after = (d.c.to_name, d.c.id), 0
    while True:
        rows = reader.execute(select_rows().where(*wanted).order_by(*order).limit(_AT_ONCE).offset(after)).all()
        if not rows:
            return
        proved = _proved(reader, [row.id for row in rows])
        for row in (read_row(row) for row in rows):
            received, registered = proved.get(row.id, (None, None))
            yield ReceiverLine(
                code=row.to_code,
                name=row.to_name,
                mailbox=row.to_mailbox,
                state=row.state,
                sent_at=row.sent_at,
                received_at=received,
                registered_at=registered,
                register_number=row.register_number,
                register_year=row.register_year,
                proved_by=row.proved_by if row.proved_by is not None else None,
                reminders=row.reminders,
                reminded_at=row.reminded_at,
                problem=row.problem or row.failure,
            )
        after += len(rows)


def _proved(reader: Connection, ids: list[UUID]) -> dict[UUID, tuple[datetime | None, datetime | None]]:
    """When each was first proved to be received, and when registered last."""
    found: dict[UUID, tuple[datetime | None, datetime | None]] = {}
    said = (EvidenceKind.RECEIPT, EvidenceKind.LINK, EvidenceKind.REPLY, EvidenceKind.PHONE)
    for start in range(0, len(ids), 500):
        rows = reader.execute(
            select(evidence.c.dispatch_id, evidence.c.step, evidence.c.at).where(
                evidence.c.dispatch_id.in_(ids[start : start + 500]),
                evidence.c.counts,
                evidence.c.kind.in_(said),
                evidence.c.step.in_(("received", "registered")),
            )
        )
        for row in rows:
            received, registered = found.get(row.dispatch_id, (None, None))
            if row.step == "received":
                received = row.at if received is None else min(received, row.at)
            else:
                registered = row.at if registered is None else max(registered, row.at)
            found[row.dispatch_id] = (received, registered)
    return found
