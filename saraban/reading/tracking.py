"""Following what was sent: dispatches, the evidence behind each, and counts by state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select, true

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.dispatch import ADDRESS_CORRECTED, RANK, WAITING, DispatchState, EvidenceKind
from saraban.domain.errors import NotFound
from saraban.reading.scope import require_letter, visible_letters
from saraban.storage.tables.exchange import dispatches as dispatch_table
from saraban.storage.tables.exchange import evidence, outbox
from saraban.storage.tables.letters import letters


@dataclass(frozen=True)
class DispatchRow:
    """One letter to one agency, and how its message fares in the outbox: tries so far, when the next one is due and
    what the relay said last (None and empty before the envelope is made)."""

    id: UUID
    letter_id: UUID
    to_code: str
    to_name: str
    to_mailbox: str
    speaks_saraban: bool
    state: DispatchState
    created_at: datetime
    expires_at: datetime
    settled_at: datetime | None
    problem: str
    failure: str
    resends: int
    register_number: str
    register_year: int | None
    attempts: int
    next_at: datetime | None
    sent_at: datetime | None
    last_reply: str
    outbox_state: str | None
    proved_by: EvidenceKind | None = None
    link: Digest | None = None
    reminders: int = 0
    reminded_at: datetime | None = None
    stopped_at: datetime | None = None
    recall_asked_at: datetime | None = None
    recall_answer: str = ""
    replaces: UUID | None = None
    closed_for: str = ""

    @property
    def stands(self) -> DispatchState:
        """Where it stands for the eye: one that waits though nothing more is tried (it bounced) is not called sent."""
        return stands(self.state, self.failure)


@dataclass(frozen=True)
class TimelineRow:
    """Something that is proved about a dispatch. `kind` is a value of EvidenceKind, None for the first row, which is
    our own queue; `counts` is False for what is only shown; `raw` the digest of the message that proves it."""

    step: str
    at: datetime
    noted_at: datetime
    kind: str | None
    text: str
    counts: bool
    verdict: dict[str, Any] | None
    statement: dict[str, Any] | None
    raw: Digest | None


_ROW = (
    *(
        dispatch_table.c[name]
        for name in (
            "id",
            "letter_id",
            "to_code",
            "to_name",
            "to_mailbox",
            "speaks_saraban",
            "state",
            "created_at",
            "expires_at",
            "settled_at",
            "problem",
            "failure",
            "resends",
            "register_number",
            "register_year",
            "proved_by",
            "link",
            "reminders",
            "reminded_at",
            "stopped_at",
            "recall_asked_at",
            "recall_answer",
            "replaces",
            "closed_for",
        )
    ),
    outbox.c.attempts,
    outbox.c.next_at,
    outbox.c.sent_at,
    outbox.c.last_reply,
    outbox.c.state.label("outbox_state"),
)
_WITH_OUTBOX = dispatch_table.outerjoin(
    outbox, (outbox.c.agency_id == dispatch_table.c.agency_id) & (outbox.c.ref == dispatch_table.c.id)
)
_WITHOUT_ANSWER = 3


def select_rows() -> Select[Any]:
    """Dispatches as `read_row` takes them."""
    return select(*_ROW).select_from(_WITH_OUTBOX)


def dispatches(reader: Connection, actor: Actor, letter_id: UUID) -> list[DispatchRow]:
    """The letter's dispatches by the receivers' names, trouble first. NotFound when the actor may not read it."""
    require_letter(reader, actor, letter_id)
    found = [read_row(r) for r in reader.execute(select_rows().where(dispatch_table.c.letter_id == letter_id))]
    return sorted(found, key=lambda d: (not in_trouble(d), d.to_name, d.to_code))


def dispatch(reader: Connection, actor: Actor, dispatch_id: UUID) -> DispatchRow:
    """One dispatch. NotFound when there is none or the actor may not read its letter."""
    statement = (
        select_rows()
        .join(letters, letters.c.id == dispatch_table.c.letter_id)
        .where(dispatch_table.c.id == dispatch_id, visible_letters(actor))
    )
    row = reader.execute(statement).first()
    if row is None:
        raise NotFound
    return read_row(row)


def letter_of_dispatch(reader: Connection, actor: Actor, dispatch_id: UUID) -> UUID | None:
    """The letter that a dispatch of the actor's agency sends; None for another's."""
    c = dispatch_table.c
    return reader.execute(select(c.letter_id).where(c.id == dispatch_id, c.agency_id == actor.agency_id)).scalar()


def timeline(reader: Connection, actor: Actor, dispatch_id: UUID) -> list[TimelineRow]:
    """What is proved about the dispatch, by time, after a first row for the moment it was queued. Times are signed by
    others and may lie: the first row stays first whatever they say."""
    sent = dispatch(reader, actor, dispatch_id)
    first = TimelineRow(DispatchState.QUEUED.value, sent.created_at, sent.created_at, None, "", True, None, None, None)
    statement = select(evidence).where(evidence.c.dispatch_id == dispatch_id, evidence.c.agency_id == actor.agency_id)
    rows = sorted(reader.execute(statement), key=lambda r: (_second(r.at), _rank(r.step), r.noted_at, r.id))
    return [
        first,
        *(
            TimelineRow(r.step, r.at, r.noted_at, r.kind.value, r.text, r.counts, r.verdict, r.statement, r.raw)
            for r in rows
        ),
    ]


@dataclass(frozen=True)
class OtherEdition:
    """The other end of a replacement: the letter and its number, and whether it is the one that came in place."""

    letter_id: UUID
    dispatch_id: UUID
    number: str
    newer: bool


def editions(reader: Connection, actor: Actor, sent: DispatchRow) -> list[OtherEdition]:
    """What this dispatch takes the place of, and what took its own, as far as the actor may read it."""
    other = dispatch_table.c.replaces == sent.id
    if sent.replaces is not None:
        other = other | (dispatch_table.c.id == sent.replaces)
    statement = (
        select(dispatch_table.c.id, dispatch_table.c.letter_id, dispatch_table.c.replaces, letters.c.number)
        .join(letters, letters.c.id == dispatch_table.c.letter_id)
        .where(other, dispatch_table.c.agency_id == actor.agency_id, visible_letters(actor))
    )
    return [
        OtherEdition(row.letter_id, row.id, row.number or "", row.replaces == sent.id)
        for row in reader.execute(statement)
    ]


@dataclass(frozen=True)
class OldReceiver:
    """A receiver that was sent an older letter, and how it stands there."""

    dispatch_id: UUID
    name: str
    state: DispatchState


@dataclass(frozen=True)
class Replaceable:
    """A letter that was sent to some of the receivers of a new one, which may take its place there."""

    letter_id: UUID
    number: str
    subject: str
    sent_at: datetime
    receivers: tuple[OldReceiver, ...]


def replaceable(
    reader: Connection, actor: Actor, letter_id: UUID, codes: Sequence[str], *, most: int = 20
) -> list[Replaceable]:
    """The letters that were sent to any of these receivers and that the actor, a clerk, may replace
    (`permissions.may_replace`), the newest first, at most so many."""
    d = dispatch_table
    own = true() if actor.central else letters.c.unit_id == actor.unit_id
    wanted = (d.c.agency_id == actor.agency_id, d.c.letter_id != letter_id, visible_letters(actor), own)
    some = [list(codes[start : start + 500]) for start in range(0, len(codes), 500)]
    letters_sent: dict[UUID, Any] = {}
    for part in some:
        statement = (
            select(d.c.letter_id, letters.c.number, letters.c.subject, func.max(d.c.created_at).label("sent_at"))
            .join(letters, letters.c.id == d.c.letter_id)
            .where(*wanted, d.c.to_code.in_(part), letters.c.forwards.is_(None))
            .group_by(d.c.letter_id, letters.c.number, letters.c.subject)
            .order_by(func.max(d.c.created_at).desc(), d.c.letter_id)
            .limit(most)
        )
        letters_sent |= {row.letter_id: row for row in reader.execute(statement)}
    newest = sorted(letters_sent.values(), key=lambda row: row.sent_at, reverse=True)[:most]
    known, receivers = set(codes), dict[UUID, list[OldReceiver]]()
    columns = (d.c.id, d.c.letter_id, d.c.to_code, d.c.to_name, d.c.state)
    among = select(*columns).where(d.c.letter_id.in_([row.letter_id for row in newest])).order_by(d.c.to_name)
    for row in reader.execute(among):
        if row.to_code in known:
            receivers.setdefault(row.letter_id, []).append(OldReceiver(row.id, row.to_name, row.state))
    return [
        Replaceable(row.letter_id, row.number or "", row.subject, row.sent_at, tuple(receivers.get(row.letter_id, ())))
        for row in newest
    ]


def number_of(reader: Connection, actor: Actor, letter_id: UUID) -> str:
    """The number of a letter that is followed. NotFound when the actor may not read it."""
    require_letter(reader, actor, letter_id)
    return reader.execute(select(letters.c.number).where(letters.c.id == letter_id)).scalar_one() or ""


def tally(reader: Connection, actor: Actor, letter_id: UUID) -> dict[str, int]:
    """How many of the letter's dispatches stand in each state. NotFound when the actor may not read it."""
    require_letter(reader, actor, letter_id)
    return tallies(reader, [letter_id]).get(letter_id, {})


def tallies(reader: Connection, letter_ids: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """The same for letters that the caller has already found to be readable. One that waits though nothing more is
    tried counts as `undelivered`, which it will be stated to be; one that went to a corrected address does not count.
    """
    d = dispatch_table.c
    statement = (
        select(d.letter_id, d.state, d.failure, func.count().label("n"))
        .where(d.letter_id.in_(list(letter_ids)), ~d.closed_for.startswith(ADDRESS_CORRECTED))
        .group_by(d.letter_id, d.state, d.failure)
    )
    counts: dict[UUID, dict[str, int]] = {}
    for row in reader.execute(statement):
        place = stands(row.state, row.failure).value
        of = counts.setdefault(row.letter_id, {})
        of[place] = of.get(place, 0) + row.n
    return counts


def stands(state: DispatchState, failure: str) -> DispatchState:
    """The state, or `undelivered` for one that waits though nothing more is tried: it will be stated to be so."""
    return DispatchState.UNDELIVERED if failure and state in WAITING else state


def in_trouble(row: DispatchRow) -> bool:
    """Does the dispatch need a person: it was not delivered, was sent back, or something keeps it?"""
    bad = (DispatchState.INVALID, DispatchState.UNDELIVERED, DispatchState.REFUSED)
    return row.state in bad or (RANK[row.state] < _WITHOUT_ANSWER and bool(row.problem or row.failure))


def _second(at: datetime) -> datetime:
    """Signed times are told to the second, our own to the microsecond: within a second the rung decides."""
    return at.replace(microsecond=0)


def _rank(step: str) -> int:
    return RANK[DispatchState(step)] if step in {state.value for state in DispatchState} else len(RANK)


def read_row(row: Any) -> DispatchRow:
    """A row of `select_rows`."""
    values = {name: value for name, value in row._mapping.items() if name != "of_group"}
    values["attempts"] = values["attempts"] or 0
    values["last_reply"] = values["last_reply"] or ""
    return DispatchRow(**values)
