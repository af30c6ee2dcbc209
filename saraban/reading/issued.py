"""Documents for people as the screens show them: kinds with their counts, lists, and one document with its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, case, false, func, or_, select

from saraban.domain.actor import Actor
from saraban.domain.errors import NotFound
from saraban.domain.issued import IssuedDocument, IssuedState
from saraban.domain.issued_field import KindField, plain_id
from saraban.domain.issued_kind import IssuedKind
from saraban.domain.numbering import arabic_digits
from saraban.domain.permissions import may_issue, may_see_issued, may_see_kind, require
from saraban.reading.holder_mails import mail_before
from saraban.reading.letters import JournalRow, journal_about, journal_row
from saraban.reading.paging import Page, newest_first
from saraban.storage.tables import issued as t
from saraban.storage.tables.issued_runs import holder_links, is_back, is_out
from saraban.storage.tables.verification import verification_scans as scans

_MOST_TOLD = 200
MOST_LOOKED_AT = 20_000
"""Of how many of the newest documents the search looks at names: those of a number are found among all."""


class Show(str, Enum):
    """Which documents are shown."""

    MINE = "mine"
    DRAFT = "draft"
    WAITING = "waiting"
    APPROVED = "approved"
    OUT = "out"
    ENDED = "ended"
    EXPIRED = "expired"
    ALL = "all"

    @property
    def thai(self) -> str:
        """The choice in words."""
        return _SHOWN[self]


_SHOWN = {
    Show.MINE: "รอท่าน",
    Show.DRAFT: "ร่าง",
    Show.WAITING: "รออนุมัติ",
    Show.APPROVED: "รอลงนาม",
    Show.OUT: "ใช้ได้",
    Show.ENDED: "พักใช้ ยกเลิก แทนที่",
    Show.EXPIRED: "หมดอายุ",
    Show.ALL: "ทั้งหมด",
}


@dataclass(frozen=True)
class KindLine:
    """A kind with how many documents stand where; `expired` are among the issued ones. `why_not`: in Thai why the actor
    cannot issue one now, empty when he can."""

    kind: IssuedKind
    counts: Mapping[IssuedState, int]
    expired: int
    why_not: str

    @property
    def id(self) -> UUID:
        """The kind's id."""
        return self.kind.id

    @property
    def out(self) -> int:
        """How many were issued, whatever became of them."""
        return sum(number for state, number in self.counts.items() if state.is_out)

    def count(self, *states: str) -> int:
        """How many stand in one of these states."""
        return sum(self.counts.get(IssuedState(one), 0) for one in states)


@dataclass(frozen=True)
class DocumentLine:
    """A document in a list."""

    document: IssuedDocument
    kind: IssuedKind

    @property
    def id(self) -> UUID:
        """The document's id."""
        return self.document.id

    @property
    def subject(self) -> str:
        """By which its box to tick is called."""
        return f"{self.kind.name_th} {self.document.holder_name}"


@dataclass(frozen=True)
class FoundDocuments:
    """What a search found, the changed last first. `more`: there are others; `only_latest`: older ones were not looked
    at for a part of a name or number, which the list of documents does."""

    items: Sequence[DocumentLine]
    more: bool = False
    only_latest: bool = False


@dataclass(frozen=True)
class Pile:
    """Documents of a kind that wait for the actor's approval or signature; `since` the oldest does."""

    kind_id: UUID
    name: str
    state: IssuedState
    many: int
    since: datetime


@dataclass(frozen=True)
class Neighbour:
    """A document before or after another."""

    id: UUID
    number: str
    state: IssuedState


@dataclass(frozen=True)
class Fetches:
    """How many links its holder has to a document, how often it was fetched by any, and when last; and whether all mail
    with a link came back."""

    links: int
    times: int
    last: datetime | None
    returned: bool = False


@dataclass(frozen=True)
class DocumentPage:
    """One document with its kind, those before and after it, its history, how often its code was looked up, whether
    its holder fetched it, and where the one before it was sent while this one was not yet (holder_mails.py)."""

    document: IssuedDocument
    kind: IssuedKind
    earlier: Neighbour | None
    later: Neighbour | None
    history: Sequence[JournalRow]
    scans: int = 0
    days: Sequence[tuple[date, int]] = field(default_factory=tuple)
    links: Fetches = field(default_factory=lambda: Fetches(0, 0, None))
    mail_before: str = ""


def kinds(reader: Connection, actor: Actor, today: date) -> list[KindLine]:
    """All kinds of the agency with their counts."""
    found = _kinds(reader, actor)
    c = t.issued_documents.c
    statement = select(c.kind_id, c.state, func.count().label("many")).where(c.agency_id == actor.agency_id)
    counts: dict[UUID, dict[IssuedState, int]] = {}
    for row in reader.execute(statement.group_by(c.kind_id, c.state)):
        counts.setdefault(row.kind_id, {})[row.state] = row.many
    late = select(c.kind_id, func.count().label("many")).where(c.agency_id == actor.agency_id, _expired(today))
    expired = {row.kind_id: row.many for row in reader.execute(late.group_by(c.kind_id))}
    lines = [
        KindLine(one, counts.get(one.id, {}), expired.get(one.id, 0), _why_not(actor, one)) for one in found.values()
    ]
    return [replace(one, why_not=one.why_not or one.kind.why_full(one.out)) for one in lines]


def kinds_of_agency(reader: Connection, actor: Actor) -> Sequence[IssuedKind]:
    """All kinds of the agency, by their codes, without counts."""
    return list(_kinds(reader, actor).values())


def kind(reader: Connection, actor: Actor, kind_id: UUID) -> IssuedKind:
    """A kind; NotFound for another agency's."""
    found = _kinds(reader, actor).get(kind_id)
    if found is None:
        raise NotFound
    return found


def documents(
    reader: Connection,
    actor: Actor,
    today: date,
    *,
    show: Show = Show.ALL,
    kind_id: UUID | None = None,
    q: str = "",
    cursor: str = "",
    limit: int = 50,
) -> Page[DocumentLine]:
    """Documents that the actor may see, those changed last first. `q`: a part of a number, of the holder's name or of
    the name of a kind, or a number of 13 digits."""
    seen = {one.id: one for one in _kinds(reader, actor).values() if may_see_issued(actor, one) is None}
    chosen = [one for one in seen if kind_id in (None, one)]
    c = t.issued_documents.c
    which = [c.agency_id == actor.agency_id, c.kind_id.in_(chosen), _shown(show, actor, seen.values(), today)]
    if words := " ".join(q.split()):
        which.append(_found(words, seen.values()))

    def made(row: Row[Any]) -> DocumentLine:
        return DocumentLine(IssuedDocument(**row._mapping), seen[row.kind_id])

    statement = select(t.issued_documents).where(*which)
    return newest_first(reader, statement, (c.changed_at, c.id), made, cursor=cursor, limit=limit)


def look(reader: Connection, actor: Actor, q: str, *, limit: int, among: int = MOST_LOOKED_AT) -> FoundDocuments:
    """Documents that the actor may see and that the words find as in `documents`, for a search that is asked again and
    again: a whole number, the document's own or one of 13 digits, is found by its index among all of them; a part of a
    name or number by looking through the newest, as many as `among`."""
    seen = {one.id: one for one in _kinds(reader, actor).values() if may_see_issued(actor, one) is None}
    words, c = " ".join(q.split()), t.issued_documents.c
    if not (words and seen):
        return FoundDocuments([])
    of_agency = c.agency_id == actor.agency_id
    in_order = select(t.issued_documents).where(of_agency).order_by(c.changed_at.desc(), c.id.desc())
    newest = in_order.limit(among).subquery()
    parts = (
        select(newest.c.id, newest.c.kind_id, newest.c.state)
        .where(newest.c.kind_id.in_(seen), newest.c.state != IssuedState.VOID, _found(words, seen.values(), newest.c))
        .order_by(newest.c.changed_at.desc(), newest.c.id.desc())
        .limit(limit + 1)
    )
    # Of a whole number the few that have it are read, whatever their kind: an index of kinds would give all of them.
    whole = [
        select(c.id, c.kind_id, c.state).where(of_agency, which)
        for which in (c.number == arabic_digits(words), c.holder_id == (plain_id(words) or "-"))
    ]
    found = [row for statement in (*whole, parts) for row in reader.execute(statement)]
    ids = {row.id for row in found if row.kind_id in seen and row.state is not IssuedState.VOID}
    statement = select(t.issued_documents).where(c.id.in_(ids)).order_by(c.changed_at.desc(), c.id.desc())
    rows = reader.execute(statement.limit(limit + 1)).mappings().all() if ids else []
    is_older = in_order.with_only_columns(c.id).offset(among).limit(1)
    return FoundDocuments(
        [DocumentLine(IssuedDocument(**row), seen[row["kind_id"]]) for row in rows[:limit]],
        more=len(rows) > limit,
        only_latest=len(rows) <= limit and reader.execute(is_older).first() is not None,
    )


def waiting_for(reader: Connection, actor: Actor, today: date) -> int:
    """How many documents wait for the actor's approval or signature."""
    found = [one for one in _kinds(reader, actor).values() if may_see_issued(actor, one) is None]
    statement = select(func.count()).select_from(t.issued_documents)
    return int(reader.execute(statement.where(_shown(Show.MINE, actor, found, today))).scalar_one())


def piles(reader: Connection, actor: Actor, kinds: Sequence[IssuedKind]) -> list[Pile]:
    """What waits for the actor of these kinds, all of the agency, by kind."""
    posts = [one for one in kinds if actor.position_id in one.posts]
    if not posts:
        return []
    c, names = t.issued_documents.c, {one.id: one.name_th for one in posts}
    statement = (
        select(c.kind_id, c.state, func.count().label("many"), func.min(c.changed_at).label("since"))
        .where(_mine(actor, posts))
        .group_by(c.kind_id, c.state)
    )
    return [Pile(row.kind_id, names[row.kind_id], row.state, row.many, row.since) for row in reader.execute(statement)]


def document(reader: Connection, actor: Actor, document_id: UUID) -> DocumentPage:
    """One document; NotFound when the actor may not see it."""
    c = t.issued_documents.c
    which = (c.id == document_id, c.agency_id == actor.agency_id)
    row = reader.execute(select(t.issued_documents).where(*which)).mappings().first()
    if row is None:
        raise NotFound
    found, of = IssuedDocument(**row), kind(reader, actor, row["kind_id"])
    require(may_see_issued(actor, of))
    history = [journal_row(line) for line in journal_about(reader, actor, [document_id])[:_MOST_TOLD]]
    looks = select(scans.c.day, scans.c.count.label("times")).where(scans.c.code == found.code)
    days = [(one.day, one.times) for one in reader.execute(looks.order_by(scans.c.day.desc()))] if found.code else []
    later = found.replaced_by or _begun_after(reader, found)
    return DocumentPage(
        found,
        of,
        _neighbour(reader, found.follows),
        _neighbour(reader, later),
        history,
        sum(times for _, times in days),
        days[:14],
        _fetches(reader, found),
        mail_before(reader, found),
    )


# --- within -----------------------------------------------------------------------------------------------------------


def _fetches(reader: Connection, document: IssuedDocument) -> Fetches:
    if not document.state.is_out:
        return Fetches(0, 0, None)
    c = holder_links.c
    back, out = (func.max(case((one, 1), else_=0)) for one in (is_back, is_out))
    sums = (func.sum(c.fetches).label("times"), func.max(c.fetched_at).label("last"), (back > out).label("returned"))
    told = select(func.count().label("links"), *sums)
    row = reader.execute(told.where(c.document_id == document.id)).one()
    return Fetches(row.links, row.times or 0, row.last, bool(row.returned))


def _kinds(reader: Connection, actor: Actor) -> dict[UUID, IssuedKind]:
    statement = select(t.issued_kinds).where(t.issued_kinds.c.agency_id == actor.agency_id)
    rows = reader.execute(statement.order_by(t.issued_kinds.c.code)).mappings()
    found = (kind_of_row(dict(row)) for row in rows)
    return {one.id: one for one in found if may_see_kind(actor, one) is None}


def kind_of_row(row: dict[str, Any]) -> IssuedKind:
    """A kind from a row of its table."""
    row["fields"] = tuple(KindField.of(one) for one in row["fields"])
    for name in ("units", "approvers", "answer_units", "answer_posts"):
        row[name] = tuple(UUID(one) for one in row[name])
    return IssuedKind(**row)


def _why_not(actor: Actor, of: IssuedKind) -> str:
    refusal = may_issue(actor, of)
    return "" if refusal is None else refusal.thai or "ท่านออกเอกสารชนิดนี้ไม่ได้"


def _expired(today: date) -> ColumnElement[bool]:
    c = t.issued_documents.c
    return and_(c.state.in_((IssuedState.ISSUED, IssuedState.SUSPENDED)), c.valid_until < today)


def _shown(show: Show, actor: Actor, seen: Any, today: date) -> ColumnElement[bool]:
    c = t.issued_documents.c
    if show is Show.MINE:
        return _mine(actor, seen)
    if show is Show.OUT:
        return and_(c.state == IssuedState.ISSUED, or_(c.valid_until.is_(None), c.valid_until >= today))
    if show is Show.ENDED:
        return c.state.in_((IssuedState.SUSPENDED, IssuedState.REVOKED, IssuedState.REPLACED))
    if show is Show.EXPIRED:
        return _expired(today)
    return c.state == IssuedState(show.value) if show is not Show.ALL else c.state != IssuedState.VOID


def _mine(actor: Actor, kinds: Iterable[IssuedKind]) -> ColumnElement[bool]:
    """What waits for the actor's approval or signature."""
    c, mine = t.issued_documents.c, list[ColumnElement[bool]]()
    for one in kinds:
        if turns := one.turns_of(actor.position_id):
            mine.append(and_(c.kind_id == one.id, c.state == IssuedState.WAITING, c.passed.in_(turns)))
        if actor.position_id is not None and one.signer_id == actor.position_id:
            mine.append(and_(c.kind_id == one.id, c.state == IssuedState.APPROVED))
    return or_(false(), *mine)


def _found(words: str, seen: Iterable[IssuedKind], c: Any = t.issued_documents.c) -> ColumnElement[bool]:
    plain, lower = arabic_digits(words), words.casefold()
    named = [one.id for one in seen if lower in f"{one.name_th}\n{one.name_en}\n{one.code}".casefold()]
    return or_(
        c.holder_name.contains(words, autoescape=True),
        c.number.contains(plain, autoescape=True),
        c.holder_id == (plain_id(words) or "-"),
        c.kind_id.in_(named),
    )


def _neighbour(reader: Connection, document_id: UUID | None) -> Neighbour | None:
    if document_id is None:
        return None
    c = t.issued_documents.c
    row = reader.execute(select(c.id, c.number, c.state).where(c.id == document_id)).first()
    return Neighbour(row.id, row.number, row.state) if row is not None else None


def _begun_after(reader: Connection, found: IssuedDocument) -> UUID | None:
    c = t.issued_documents.c
    statement = select(c.id).where(c.follows == found.id, c.state != IssuedState.VOID)
    begun: UUID | None = reader.execute(statement.order_by(c.made_at.desc()).limit(1)).scalar_one_or_none()
    return begun
