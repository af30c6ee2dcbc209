"""What came in: the list, its neighbours, and the receipts that were given for a letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select, text

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.incoming import IncomingState
from saraban.domain.register import EntryState
from saraban.reading.matching import SCANNED, matches, query_words
from saraban.reading.paging import Page, cut, older_than, page_size, write_cursor
from saraban.reading.scope import require_incoming, visible_incoming
from saraban.reading.unread import INCOMING, unread
from saraban.storage.planning import few, of_found
from saraban.storage.tables.exchange import outbox, statements
from saraban.storage.tables.letters import ASKED_BACK, files
from saraban.storage.tables.letters import incoming as table
from saraban.storage.tables.petitions import petitions
from saraban.storage.tables.registers import entries

STATES = ("new", "held", "registered", "refused", "recall", "gone", "set-aside", "all")
"""What the list can be asked for: a state; `recall`, registered letters that their senders ask back and nobody has
answered; `gone`, what was sent on, given back or replaced."""
_WAITS = (IncomingState.NEW, IncomingState.HELD)
_GONE = (IncomingState.FORWARDED, IncomingState.RECALLED, IncomingState.REPLACED)


@dataclass(frozen=True)
class IncomingRow:
    """A line of the list of incoming letters. `reasons` are the findings that hold it up; `ordinary` tells mail that
    came without an envelope of ours; `copies` how often the same letter came again, `about` the letter whose receiving
    number is questioned, `duty_on` the day by which a letter from the public is to be answered, `unread` that the actor
    has not seen it since something happened to it."""

    id: UUID
    state: IncomingState
    number: str
    number_date: date | None
    subject: str
    from_name: str
    from_code: str
    from_mailbox: str
    received_at: datetime
    urgency: Urgency
    secrecy: Secrecy
    ordinary: bool
    reasons: list[dict[str, Any]]
    register_number: int | None
    register_year: int | None
    registered_at: datetime | None
    file_count: int
    copies: int
    answered_invalid: bool
    about: UUID | None
    duty_on: date | None
    unread: bool = False


@dataclass(frozen=True)
class Questioned:
    """A letter whose receiving number its sender questions, with its line in the register; `void` when the number was
    struck."""

    id: UUID
    number: str
    subject: str
    entry_id: UUID
    serial: int
    year: int
    void: bool


@dataclass(frozen=True)
class ReceiptGiven:
    """A receipt that we owe or gave. `sealed` is its message once it was made; `outbox_state` is None before that."""

    id: UUID
    step: str
    made_at: datetime
    sealed: Digest | None
    sent_at: datetime | None
    outbox_state: str | None
    last_reply: str


@dataclass(frozen=True)
class PlainAnswer:
    """The answer in plain words that the sender of an ordinary mail got."""

    state: str
    put_at: datetime
    sent_at: datetime | None
    to: str
    last_reply: str


# The literal text is that of the partial index.
_ASKED_BACK = and_(of_found(table.c.state == IncomingState.REGISTERED), text(ASKED_BACK))
_again = table.alias("again")
_TRIED_AGAIN = and_(
    table.c.state == IncomingState.SUPERSEDED,
    exists()
    .where(_again.c.agency_id == table.c.agency_id, _again.c.received_at == table.c.received_at)
    .where(_again.c.raw_sha256 == table.c.raw_sha256, _again.c.state != IncomingState.SUPERSEDED),
)
"""The card of a mail that was read anew: the mail stands in the list as what was found then, and not twice."""
_FILE_COUNT = (
    select(func.count()).select_from(files).where(files.c.owner_id == table.c.id).correlate(table).scalar_subquery()
)
_COLUMNS = (
    *(
        table.c[name]
        for name in (
            "id",
            "state",
            "number",
            "number_date",
            "subject",
            "from_name",
            "from_code",
            "from_mailbox",
            "received_at",
            "urgency",
            "secrecy",
            "ordinary",
            "findings",
            "register_number",
            "register_year",
            "registered_at",
            "copies",
            "answered_invalid",
            "about",
        )
    ),
    _FILE_COUNT.label("file_count"),
    select(petitions.c.due_on)
    .where(petitions.c.incoming_id == table.c.id)
    .correlate(table)
    .scalar_subquery()
    .label("duty_on"),
)


def incoming(
    reader: Connection, actor: Actor, *, state: str = "all", q: str = "", cursor: str | None = None, limit: int = 80
) -> Page[IncomingRow]:
    """Letters in one state (or `all`) that the actor may read, the newest first; another state is BadInput.

    A search looks through 2,000 letters at a time; a page may then hold fewer than `limit` rows and still have a next
    one, which goes on looking where this one stopped.
    """
    if state not in STATES:
        raise BadInput({"state": "ไม่มีสถานะนี้ ใช้ new, held, registered, refused, recall, gone, set-aside หรือ all"})
    limit, words = page_size(limit), query_words(q)
    moments = (table.c[name] for name in ("received_at", "registered_at", "recall_asked_at", "completed_at"))
    new = unread(actor, INCOMING, table.c.id, *moments)
    statement = select(*_COLUMNS, new.label("unread")).where(~_TRIED_AGAIN)
    statement = statement.where(asked_back(actor) if state == "recall" else visible_incoming(actor))
    if state == "gone":
        statement = statement.where(few(table.c.state.in_(_GONE)))
    elif state not in ("all", "recall"):
        statement = statement.where(table.c.state == IncomingState(state))
    if cursor:
        statement = statement.where(older_than(table.c.received_at, table.c.id, cursor))
    statement = statement.order_by(table.c.received_at.desc(), table.c.id.desc())
    rows: Sequence[Any] = reader.execute(statement.limit(SCANNED if words else limit + 1)).all()
    stopped = rows[-1] if words and len(rows) == SCANNED else None
    if words:
        rows = [r for r in rows if matches(words, r.number, r.subject, r.from_name, str(r.register_number or ""))][
            : limit + 1
        ]
    kept, following = cut(rows, limit, _cursor)
    if following is None and stopped is not None:
        following = _cursor(stopped)
    return Page([row_of(r) for r in kept], following)


def letter(reader: Connection, actor: Actor, incoming_id: UUID) -> IncomingRow:
    """One incoming letter as a line. NotFound when the actor may not read it."""
    row = reader.execute(select(*_COLUMNS).where(table.c.id == incoming_id, visible_incoming(actor))).first()
    if row is None:
        raise NotFound
    return row_of(row)


def waiting(reader: Connection, actor: Actor, state: IncomingState, *, most: int = 200) -> list[IncomingRow]:
    """Letters in this state that the actor may read, the oldest first."""
    statement = select(*_COLUMNS).where(visible_incoming(actor), table.c.state == state)
    rows = reader.execute(statement.order_by(table.c.received_at, table.c.id).limit(most))
    return [row_of(r) for r in rows]


def asked_back(actor: Actor) -> ColumnElement[bool]:
    """The condition over `incoming` that a registered letter is wanted back and that the actor may read it."""
    return and_(of_found(visible_incoming(actor)), _ASKED_BACK)


def counts(reader: Connection, actor: Actor) -> dict[str, int]:
    """How many letters that the actor may read wait for a person: those that are `new` or `held`, and those that their
    senders want back (`recall`). What has come to its end is not counted: it grows with every year."""
    waits = {state.value: and_(visible_incoming(actor), few(table.c.state == state)) for state in _WAITS}
    waits["recall"] = asked_back(actor)
    counted = (select(func.count(table.c.id)).where(one).scalar_subquery() for one in waits.values())
    return dict(zip(waits, reader.execute(select(*counted)).one(), strict=True))


def neighbours(reader: Connection, actor: Actor, incoming_id: UUID) -> tuple[UUID | None, UUID | None]:
    """The letters before and after this one among those of its state, in the order of the list (newest first).
    NotFound when the actor may not read it."""
    this = letter(reader, actor, incoming_id)
    at, key = table.c.received_at, table.c.id
    same = select(key).where(visible_incoming(actor), table.c.state == this.state)
    newer = same.where(at >= this.received_at, (at > this.received_at) | (key > this.id)).order_by(at, key)
    older = same.where(at <= this.received_at, (at < this.received_at) | (key < this.id))
    return _first(reader, newer), _first(reader, older.order_by(at.desc(), key.desc()))


def receipts_given(reader: Connection, actor: Actor, incoming_id: UUID) -> list[ReceiptGiven]:
    """The receipts for this letter, oldest first, with what became of their messages."""
    require_incoming(reader, actor, incoming_id)
    statement = (
        select(
            statements.c.id,
            statements.c.step,
            statements.c.made_at,
            statements.c.sealed,
            outbox.c.sent_at,
            outbox.c.state.label("outbox_state"),
            outbox.c.last_reply,
        )
        .select_from(
            statements.outerjoin(
                outbox, (outbox.c.agency_id == statements.c.agency_id) & (outbox.c.ref == statements.c.id)
            )
        )
        .where(statements.c.incoming_id == incoming_id, statements.c.agency_id == actor.agency_id)
        .order_by(statements.c.made_at, statements.c.id)
    )
    return [
        ReceiptGiven(r.id, r.step.value, r.made_at, r.sealed, r.sent_at, r.outbox_state, r.last_reply or "")
        for r in reader.execute(statement)
    ]


def plain_answer(reader: Connection, actor: Actor, letter_id: UUID, answer_id: UUID) -> PlainAnswer | None:
    """What became of the plain answer to a letter that came in ordinary mail; None when it was not answered."""
    require_incoming(reader, actor, letter_id)
    row = reader.execute(
        select(outbox.c.state, outbox.c.put_at, outbox.c.sent_at, outbox.c.rcpt_to, outbox.c.last_reply).where(
            outbox.c.ref == answer_id, outbox.c.agency_id == actor.agency_id
        )
    ).first()
    return PlainAnswer(row.state, row.put_at, row.sent_at, row.rcpt_to, row.last_reply or "") if row else None


def questioned(reader: Connection, actor: Actor, letter_id: UUID) -> Questioned | None:
    """The letter that a question about a receiving number is about; None when the actor may not read it."""
    row = reader.execute(
        select(table.c.id, table.c.number, table.c.subject, entries.c.id.label("entry"), entries.c.serial)
        .add_columns(entries.c.year, entries.c.state)
        .join(entries, entries.c.subject_of == table.c.id)
        .where(table.c.id == letter_id, visible_incoming(actor))
    ).first()
    if row is None:
        return None
    return Questioned(row.id, row.number, row.subject, row.entry, row.serial, row.year, row.state is EntryState.VOID)


_ENDED_HERE = (IncomingState.REFUSED, IncomingState.RECALLED, IncomingState.FORWARDED)


def replaced(reader: Connection, actor: Actor, incoming_id: UUID) -> list[IncomingRow]:
    """The letters whose place this one takes, as far as the actor may read them; also one that had ended here before it
    could make way."""
    older, this = table.alias("older"), table.alias("this")
    made_way = select(older.c.id).where(older.c.replaced_by == incoming_id)
    named = and_(
        older.c.agency_id == this.c.agency_id,
        older.c.from_code == this.c.from_code,
        older.c.dispatch_id == this.c.replaces,
    )
    ended = select(older.c.id).join(this, named).where(this.c.id == incoming_id, older.c.state.in_(_ENDED_HERE))
    its = made_way.union(ended)
    rows = reader.execute(select(*_COLUMNS).where(table.c.id.in_(its), of_found(visible_incoming(actor))))
    return [row_of(r) for r in rows]


def open_question(reader: Connection, actor: Actor, letter_id: UUID) -> UUID | None:
    """The question about this letter's receiving number that waits for a person, if there is one."""
    waiting = (table.c.about == letter_id, table.c.state == IncomingState.HELD)
    return _first(reader, select(table.c.id).where(visible_incoming(actor), *waiting))


def row_of(row: Any) -> IncomingRow:
    """The line of a row of this table with its count of files."""
    values = dict(row._mapping)
    values["reasons"] = [finding for finding in values.pop("findings") if finding.get("blocking")]
    return IncomingRow(**values)


def _cursor(row: Any) -> str:
    return write_cursor(row.received_at, row.id)


def _first(reader: Connection, statement: Select[Any]) -> UUID | None:
    found: UUID | None = reader.execute(statement.limit(1)).scalar()
    return found
