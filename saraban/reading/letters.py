"""Outgoing letters in lists, on the officer's desk, and their history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    literal_column,
    select,
    true,
)

from saraban.domain.actor import Actor
from saraban.domain.capacity import told_title
from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.joining import all_of
from saraban.domain.letter_state import ON_ROUTE, LetterState
from saraban.domain.register import EntryState
from saraban.domain.route import StepKind, StepState
from saraban.reading.directory import names
from saraban.reading.matching import SCANNED, matches, query_words
from saraban.reading.organisation import owner_name
from saraban.reading.paging import Page, cut, older_than, page_size, write_cursor
from saraban.reading.scope import visible_incoming, visible_letters
from saraban.reading.tracking import tallies
from saraban.reading.unread import LETTERS, unread
from saraban.storage.planning import few, of_found
from saraban.storage.tables.desk import turns
from saraban.storage.tables.exchange import dispatches
from saraban.storage.tables.journal import journal
from saraban.storage.tables.letters import incoming, letters, route_steps
from saraban.storage.tables.registers import entries

WAITS_TO_GO: ColumnElement[bool] = and_(
    letters.c.state == literal_column("'issued'"), letters.c.recipients != literal_column("'[]'")
)
"""The condition over `letters` that one is issued and has receivers to whom it was not sent yet; in the words of its
index."""
TABS: dict[str, ColumnElement[bool]] = {
    "all": true(),
    "drafts": few(letters.c.state.in_((LetterState.DRAFT, LetterState.RETURNED))),
    "route": few(letters.c.state.in_(ON_ROUTE)),
    "issued": WAITS_TO_GO,
    "dispatched": letters.c.state.in_((LetterState.DISPATCHED, LetterState.CLOSED)),
    "kept": (letters.c.state == LetterState.ISSUED) & (letters.c.recipients == []),
}
TO_NOTE = "note"
"""The tab of what is for the actor's information and waits for nobody."""
_MOST_TOLD = 50
_NAMES_SHOWN = 3


@dataclass(frozen=True)
class StruckNumber:
    """A number that a letter had and lost, and why."""

    number: str
    reason: str


@dataclass(frozen=True)
class LetterRow:
    """A line of a list of outgoing letters. `recipients` are the names of the first three receivers, of whom there are
    `recipient_count`; `addressed_to` is the line of its salutation; `waiting_for` the title of the post whose turn it
    is; `tally` the dispatches by state, `unread` that the actor has not seen it since it changed."""

    id: UUID
    state: LetterState
    form: Form
    number: str | None
    number_date: date | None
    subject: str
    addressed_to: str
    recipients: tuple[str, ...]
    recipient_count: int
    urgency: Urgency
    secrecy: Secrecy
    unit_name: str
    drafter_name: str
    updated_at: datetime
    waiting_for: str
    tally: dict[str, int]
    unread: bool = False


@dataclass(frozen=True)
class JournalRow:
    """A line of the journal about one thing: who did it, in which post, and the event's own values."""

    seq: int
    at: datetime
    name: str
    person: str
    title: str
    values: dict[str, Any]


_COLUMNS = (
    *(
        letters.c[name]
        for name in (
            "id",
            "state",
            "form",
            "number",
            "number_date",
            "subject",
            "addressed_to",
            "recipients",
            "urgency",
            "secrecy",
            "drafter_name",
            "updated_at",
        )
    ),
)


def urgency_rank(column: ColumnElement[Urgency]) -> ColumnElement[int]:
    """The rank of an urgency column, 3 for the most urgent."""
    return case(*((column == u, u.rank) for u in Urgency if u is not Urgency.NORMAL), else_=0)


def to_note(actor: Actor) -> ColumnElement[bool]:
    """The condition over `letters` that the letter is for the actor's information, and he has not noted it yet."""
    if actor.position_id is None:
        return ~true()
    mine = (turns.c.position_id == actor.position_id, turns.c.kind == StepKind.INFORM)
    return letters.c.id.in_(select(turns.c.letter_id).where(*mine))


def outgoing(
    reader: Connection, actor: Actor, *, tab: str = "all", q: str = "", cursor: str | None = None, limit: int = 50
) -> Page[LetterRow]:
    """Letters that the actor may read, the last changed first. `tab` is one of TABS or TO_NOTE, else BadInput.

    A search looks through 2,000 letters at a time; a page may then hold fewer than `limit` rows and still have a next
    one, which goes on looking where this one stopped.
    """
    if tab not in (*TABS, TO_NOTE):
        raise BadInput({"tab": "ไม่มีรายการแบบนี้"})
    visible = visible_letters(actor)
    wanted = [of_found(visible), to_note(actor)] if tab == TO_NOTE else [visible, TABS[tab]]
    limit, words = page_size(limit), query_words(q)
    statement = _select(actor).where(*wanted)
    if cursor:
        statement = statement.where(older_than(letters.c.updated_at, letters.c.id, cursor))
    statement = statement.order_by(letters.c.updated_at.desc(), letters.c.id.desc())
    rows: Sequence[Any] = reader.execute(statement.limit(SCANNED if words else limit + 1)).all()
    stopped = rows[-1] if words and len(rows) == SCANNED else None
    if words:
        rows = [r for r in rows if matches(words, r.number, r.subject, r.addressed_to, r.unit_name)][: limit + 1]
    kept, following = cut(rows, limit, _cursor)
    if following is None and stopped is not None:
        following = _cursor(stopped)
    return Page(_letter_rows(reader, actor, kept), following)


def letter(reader: Connection, actor: Actor, letter_id: UUID) -> LetterRow:
    """One letter as a line. NotFound when the actor may not read it."""
    rows = reader.execute(_select(actor).where(letters.c.id == letter_id, visible_letters(actor))).all()
    if not rows:
        raise NotFound
    return _letter_rows(reader, actor, rows)[0]


def history(reader: Connection, actor: Actor, letter_id: UUID) -> list[JournalRow]:
    """What happened to a letter, outgoing or incoming, oldest first. NotFound when the actor may not read it."""
    known = select(letters.c.id).where(letters.c.id == letter_id, visible_letters(actor))
    received = select(incoming.c.id).where(incoming.c.id == letter_id, visible_incoming(actor))
    if reader.execute(known).first() is None and reader.execute(received).first() is None:
        raise NotFound
    lines = reader.execute(select(entries.c.id).where(entries.c.subject_of == letter_id)).scalars()
    told = journal_about(reader, actor, [letter_id, *lines], *_without_many_dispatches(reader, letter_id))
    return [journal_row(row) for row in told]


def journal_about(
    reader: Connection, actor: Actor, things: Iterable[UUID], *conditions: ColumnElement[bool], most: int | None = None
) -> list[Any]:
    """The journal's lines about a few things, oldest first; of each no more than the newest so many. Each is asked for
    by itself: for several at once SQLite reads all lines of the agency, which come in the wanted order."""
    columns = (journal.c.seq, journal.c.at, journal.c.name, journal.c.text)
    about = [journal.c.agency_id == actor.agency_id, *conditions]
    told = select(*columns).where(*about)
    if most is not None:  # by a sum, which no index has: those of the agency come in this order, too
        told = told.order_by((journal.c.seq + 0).desc()).limit(most)
    statements = (told.where(journal.c.subject == one) for one in dict.fromkeys(things))
    return sorted((row for one in statements for row in reader.execute(one)), key=lambda row: int(row.seq))


def _without_many_dispatches(reader: Connection, letter_id: UUID) -> list[ColumnElement[bool]]:
    """The history of a circular tells of the letter; what happened at each receiver, its tracking does."""
    sent = select(dispatches.c.id).where(dispatches.c.letter_id == letter_id).limit(_MOST_TOLD + 1)
    many = len(reader.execute(sent).all()) > _MOST_TOLD
    return [journal.c.name.not_like("dispatch.%")] if many else []


def _select(actor: Actor) -> Select[Any]:
    new = unread(actor, LETTERS, letters.c.id, letters.c.updated_at)
    return select(*_COLUMNS, owner_name(actor).label("unit_name"), new.label("unread"))


def _cursor(row: Any) -> str:
    return write_cursor(row.updated_at, row.id)


def _letter_rows(reader: Connection, actor: Actor, rows: Sequence[Any]) -> list[LetterRow]:
    if not rows:
        return []
    ids = [row.id for row in rows]
    named = names(reader, (code for row in rows for code in row.recipients[:_NAMES_SHOWN]), actor.agency_id)
    waiting, sent = _waiting(reader, ids), tallies(reader, ids)
    return [
        LetterRow(
            id=row.id,
            state=row.state,
            form=row.form,
            number=row.number,
            number_date=row.number_date,
            subject=row.subject,
            addressed_to=row.addressed_to,
            recipients=tuple(named.get(code, code) for code in row.recipients[:_NAMES_SHOWN]),
            recipient_count=len(row.recipients),
            urgency=row.urgency,
            secrecy=row.secrecy,
            unit_name=row.unit_name,
            drafter_name=row.drafter_name,
            updated_at=row.updated_at,
            waiting_for=waiting.get(row.id, "") if row.state in ON_ROUTE else "",
            tally=sent.get(row.id, {}),
            unread=row.unread,
        )
        for row in rows
    ]


def _waiting(reader: Connection, letter_ids: Iterable[UUID]) -> dict[UUID, str]:
    statement = (
        select(route_steps.c.letter_id, route_steps.c.stage, route_steps.c.title)
        .where(
            route_steps.c.letter_id.in_(list(letter_ids)),
            route_steps.c.state == StepState.WAITING,
            route_steps.c.kind != StepKind.INFORM,
        )
        .order_by(route_steps.c.letter_id, route_steps.c.stage, route_steps.c.ordinal)
    )
    first: dict[UUID, int] = {}
    titles: dict[UUID, list[str]] = {}
    for row in reader.execute(statement):
        if first.setdefault(row.letter_id, row.stage) == row.stage:
            titles.setdefault(row.letter_id, []).append(row.title)
    return {letter_id: all_of(named) for letter_id, named in titles.items()}


def journal_row(row: Any) -> JournalRow:
    """A line of the journal from its row: its number, time, name and text."""
    told = json.loads(row.text)
    return JournalRow(row.seq, row.at, row.name, told["by"]["name"], told_title(told["by"]), told["values"])


def struck_numbers(reader: Connection, agency_id: UUID, letter_id: UUID) -> list[StruckNumber]:
    """The numbers of an outgoing letter that were struck, oldest first; whether the letter may be seen is asked by the
    caller."""
    statement = (
        select(entries.c.number, entries.c.void_reason)
        .where(entries.c.agency_id == agency_id, entries.c.subject_of == letter_id, entries.c.state == EntryState.VOID)
        .order_by(entries.c.at)
    )
    return [StruckNumber(row.number, row.void_reason) for row in reader.execute(statement)]
