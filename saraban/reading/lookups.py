"""Questions about documents to their issuers, as screens show them; the auditor's list; and the copies that citizens
were not asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, false, func, or_, select, true

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.errors import NotFound
from saraban.domain.issued_kind import LookupPolicy
from saraban.domain.lookup import (
    LookupAnswer,
    Officer,
    Outcome,
    Refused,
    ToldDocument,
    Want,
    masked_holder,
)
from saraban.domain.permissions import (
    may_see_lookup,
    may_see_readings,
    require,
)
from saraban.exchange.lookup import LookupInvalid, read_lookup
from saraban.exchange.wirejson import canonical
from saraban.reading.our_kinds import OurKinds, our_kinds
from saraban.reading.paging import Page, newest_first
from saraban.storage.days import day_begins
from saraban.storage.tables.exchange import outbox
from saraban.storage.tables.issued import issued_kinds
from saraban.storage.tables.letters import certified_copies
from saraban.storage.tables.lookups import document_lookups as t
from saraban.storage.tables.people import agencies

MOST_REMEMBERED = 300


@dataclass(frozen=True)
class LookupRow:
    """A question in a list. `called` is the kind's name where the issuer has told it, and otherwise what was typed;
    `holder` is masked; `files` are how many came or went with the answer; `owes` and
    `outbox_state` tell how far our message is; `late`: nobody answered in time; `why_not`: in Thai why another's
    question cannot be answered by who reads, empty when it can."""

    id: UUID
    other_code: str
    other_name: str
    ours: bool
    asked_at: datetime
    asked_by: str
    asked_for: str
    document_kind: str
    called: str
    number: str
    holder: str
    want: Want
    purpose: str
    legal_basis: str
    expires_at: datetime
    outcome: Outcome | None
    answered_at: datetime | None
    answered_by: str
    keep_until: date | None
    documents: int
    files: int
    repeats: int
    owes: str
    outbox_state: str
    last_reply: str
    forgotten_at: datetime | None
    late: bool
    why_not: str = ""


@dataclass(frozen=True)
class LookupPage:
    """One question with what was answered. `holder_id` is whole, for those who may see it; `kind_name` is our kind that
    the other asks about, empty for none; `files` name what can be opened; `stands_in`: the reader may answer because
    the posts that are named to do so are vacant."""

    row: LookupRow
    holder_id: str
    kind_name: str = ""
    documents: tuple[ToldDocument, ...] = ()
    truncated: bool = False
    refused: Refused | None = None
    kinds: tuple[tuple[str, str], ...] = ()
    gives: Want = Want.STATE
    officer: Officer | None = None
    verdict: dict[str, Any] | None = None
    files: tuple[str, ...] = ()
    stands_in: bool = False


@dataclass(frozen=True)
class KindToAsk:
    """A kind of document about which an agency may be asked, with its code there."""

    other_code: str
    code: str
    name: str


@dataclass(frozen=True)
class Spared:
    """A month (its first day): how many copies our officers did not ask citizens for, having asked the issuer; how many
    others did not ask for, because we answered; and how many officers made themselves in place of a citizen's."""

    month: date
    asked: int = 0
    answered: int = 0
    made: int = 0


_WITH_OUTBOX = t.outerjoin(
    outbox, (outbox.c.agency_id == t.c.agency_id) & (outbox.c.ref == t.c.request_id) & t.c.ours
).outerjoin(issued_kinds, (issued_kinds.c.id == t.c.kind_id) & (issued_kinds.c.agency_id == t.c.agency_id))
_ALL = select(
    t, outbox.c.state.label("outbox_state"), outbox.c.last_reply, issued_kinds.c.name_th.label("kind_name")
).select_from(_WITH_OUTBOX)


def lookups(
    reader: Connection,
    actor: Actor,
    now: datetime,
    *,
    ours: bool = True,
    waiting: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[LookupRow]:
    """The questions of the actor's unit (of all units, for the records officer), or those of other agencies to us;
    `waiting`: only what waits for a clerk. The newest first. Nothing for who may see none."""
    kinds = None if ours else our_kinds(reader, actor, now)
    shown = [_visible(actor, kinds), *([t.c.outcome == Outcome.WAITING] if waiting else [])]
    return _page(reader, actor, now, shown, cursor, limit, kinds=kinds)


def all_lookups(
    reader: Connection,
    actor: Actor,
    now: datetime,
    *,
    q: str = "",
    since: date | None = None,
    until: date | None = None,
    cursor: str | None = None,
    limit: int = 80,
) -> Page[LookupRow]:
    """The auditor's list: every question of both sides with purpose and legal basis, and no holder. `q` is found in the
    officer, the agency, the kind and the purpose; the days are those of the question. Raises NotPermitted."""
    require(may_see_readings(actor))
    asked: list[ColumnElement[bool]] = []
    if q:
        named = (t.c.asked_by, t.c.other_name, t.c.document_kind, t.c.purpose, t.c.legal_basis)
        asked.append(or_(*(column.contains(q, autoescape=True) for column in named)))
    if since is not None:
        asked.append(t.c.asked_on >= since)
    if until is not None:
        asked.append(t.c.asked_on <= until)
    return _page(reader, actor, now, asked, cursor, limit, holder=False)


def lookup(reader: Connection, actor: Actor, lookup_id: UUID, now: datetime) -> LookupPage:
    """One question that the actor may see; NotFound otherwise."""
    found = reader.execute(_ALL.where(t.c.id == lookup_id, t.c.agency_id == actor.agency_id)).mappings().first()
    if found is None:
        raise NotFound
    kinds = None if found["ours"] else our_kinds(reader, actor, now)
    if may_see_lookup(actor, found["unit_id"]) if kinds is None else not kinds.sees(actor, kinds.of(found)):
        raise NotFound
    stands_in = kinds is not None and kinds.stands_in(actor, kinds.of(found))
    row, answer = _row(found, now, why_not=_why_not(actor, found, kinds)), _answer(found["answer"])
    kind = found["kind_name"] or ""
    over = row.keep_until is not None and row.forgotten_at is not None
    if answer is None:
        return LookupPage(row, found["holder_id"], kind, verdict=found["verdict"], stands_in=stands_in)
    return LookupPage(
        row,
        found["holder_id"],
        kind,
        documents=answer.documents,
        truncated=answer.truncated,
        refused=answer.refused,
        kinds=answer.kinds,
        gives=answer.gives,
        officer=answer.officer,
        verdict=found["verdict"],
        files=() if over else tuple(file["name"] for file in found["files"]),
        stands_in=stands_in,
    )


def sees_questions(actor: Actor, kinds: OurKinds) -> bool:
    """May the actor see questions of other agencies, about all kinds of the agency or some?"""
    return any(kinds.sees(actor, kind) for kind in (None, *kinds.kinds))


def waiting_questions(reader: Connection, actor: Actor, kinds: OurKinds) -> tuple[int, datetime | None]:
    """How many questions of other agencies about these kinds, all of the agency, wait for those who may answer and the
    actor among them, and since when the oldest does; none for who may answer none."""
    mine = [one.id for one in kinds.kinds if not kinds.why_not(actor, one)]
    if not mine:
        return 0, None
    waits = (t.c.agency_id == actor.agency_id, ~t.c.ours, t.c.outcome == Outcome.WAITING, t.c.kind_id.in_(mine))
    row = reader.execute(select(func.count().label("many"), func.min(t.c.asked_at).label("since")).where(*waits)).one()
    return row.many, row.since


def kinds_to_ask(reader: Connection, actor: Actor, other_code: str = "") -> list[KindToAsk]:
    """Kinds about which this agency (any, when none is named) may be asked, as far as that is known here: what it
    answers of its kinds when it is in this installation, as it tells whoever asks for one that it has not; and what it
    has offered or answered about before. By name, each once."""
    found = [
        KindToAsk(r.other, r.code, r.name)
        for r in reader.execute(
            select(agencies.c.code.label("other"), issued_kinds.c.code, issued_kinds.c.name_th.label("name"))
            .join(agencies, agencies.c.id == issued_kinds.c.agency_id)
            .where(
                issued_kinds.c.lookup != LookupPolicy.NO,
                agencies.c.id != actor.agency_id,
                *([agencies.c.code == other_code] if other_code else []),
            )
            .limit(MOST_REMEMBERED)
        )
    ]
    known = {one.other_code for one in found}
    rows = reader.execute(
        select(t.c.other_code, t.c.answer)
        .where(
            t.c.agency_id == actor.agency_id,
            t.c.ours,
            t.c.outcome.in_((Outcome.FOUND, Outcome.REFUSED)),
            *([t.c.other_code == other_code] if other_code else []),
        )
        .order_by(t.c.asked_at.desc())
        .limit(MOST_REMEMBERED)
    )
    for row in rows:
        if row.other_code in known:
            continue  # what it offers today is known better than what it said
        told = row.answer or {}
        named = [(one.get("code"), one.get("name")) for one in told.get("kinds") or ()]
        named += [(one.get("kind"), one.get("name")) for one in told.get("documents") or ()]
        found += [KindToAsk(row.other_code, str(code or ""), str(name)) for code, name in named if name]
    once = {(one.other_code, one.name): one for one in reversed(found)}
    return sorted(once.values(), key=lambda one: (one.name, one.other_code))


def copies_not_asked(
    reader: Connection, agency_id: UUID, since: date, until: date, unit_id: UUID | None = None
) -> list[Spared]:
    """By month, from the month of the first day to that of the last: an answered question is a copy that a citizen was
    not asked for, and so is one that an officer made and certified. Months without any are left out. For a unit, what
    its own officers asked."""
    rows = reader.execute(
        select(t.c.answered_on, t.c.ours, func.count())
        .where(
            t.c.agency_id == agency_id,
            t.c.outcome == Outcome.FOUND,
            t.c.answered_on >= since,
            t.c.answered_on <= until,
            *([] if unit_id is None else [t.c.ours, t.c.unit_id == unit_id]),
        )
        .group_by(t.c.answered_on, t.c.ours)
    )
    counted: Counter[tuple[date, bool]] = Counter()
    for day, ours, number in rows:
        counted[day.replace(day=1), ours] += number
    made = _copies_made(reader, agency_id, since, until) if unit_id is None else Counter[date]()
    months = sorted({month for month, _ in counted} | set(made))
    return [Spared(month, counted[month, True], counted[month, False], made[month]) for month in months]


def _copies_made(reader: Connection, agency_id: UUID, since: date, until: date) -> Counter[date]:
    """The copies that officers certified in place of a citizen's (copying.py), by month."""
    c = certified_copies.c
    rows = reader.execute(
        select(c.at).where(
            c.agency_id == agency_id,
            c.spares_citizen,
            c.at >= day_begins(since),
            c.at < day_begins(until + timedelta(days=1)),
        )
    )
    return Counter(office_date(row.at).replace(day=1) for row in rows)


def _visible(actor: Actor, kinds: OurKinds | None) -> ColumnElement[bool]:
    """What the actor may see of our questions (`kinds` None), or of others' about these kinds of ours."""
    if kinds is not None:
        seen = [one.id for one in kinds.kinds if kinds.sees(actor, one)]
        return ~t.c.ours & (true() if kinds.sees(actor, None) else t.c.kind_id.in_(seen))
    if may_see_lookup(actor, None) is None:
        return t.c.ours
    return t.c.ours & (t.c.unit_id == actor.unit_id) if may_see_lookup(actor, actor.unit_id) is None else false()


def _page(
    reader: Connection,
    actor: Actor,
    now: datetime,
    conditions: list[ColumnElement[bool]],
    cursor: str | None,
    limit: int,
    *,
    holder: bool = True,
    kinds: OurKinds | None = None,
) -> Page[LookupRow]:
    def made(row: Row[Any]) -> LookupRow:
        return _row(row._mapping, now, holder=holder, why_not=_why_not(actor, row._mapping, kinds))

    statement = _ALL.where(t.c.agency_id == actor.agency_id, *conditions)
    return newest_first(reader, statement, (t.c.asked_at, t.c.id), made, cursor=cursor, limit=limit)


def _why_not(actor: Actor, row: Any, kinds: OurKinds | None) -> str:
    return kinds.why_not(actor, kinds.of(row)) if kinds is not None else ""


def _row(r: Any, now: datetime, *, holder: bool = True, why_not: str = "") -> LookupRow:
    final = r["outcome"] is not None and r["outcome"].is_final
    return LookupRow(
        id=r["id"],
        other_code=r["other_code"],
        other_name=r["other_name"],
        ours=r["ours"],
        asked_at=r["asked_at"],
        asked_by=r["asked_by"],
        asked_for=r["asked_for"],
        document_kind=r["document_kind"],
        called=r["kind_name"] or _name_told(r["answer"]) or r["document_kind"],
        number=r["number"],
        holder=masked_holder(r["holder_id"]) if holder else "",
        want=r["want"],
        purpose=r["purpose"],
        legal_basis=r["legal_basis"],
        expires_at=r["expires_at"],
        outcome=r["outcome"],
        answered_at=r["answered_at"],
        answered_by=r["answered_by"],
        keep_until=r["keep_until"],
        documents=len((r["answer"] or {}).get("documents") or ()),
        files=len(r["files"]) if r["ours"] else _files_told(r["answer"]),
        repeats=len(r["repeats"]),
        owes=r["owes"],
        outbox_state=r["outbox_state"] or "",
        last_reply=r["last_reply"] or "",
        forgotten_at=r["forgotten_at"],
        late=not final and r["expires_at"] < now,
        why_not=why_not,
    )


def _name_told(answer: dict[str, Any] | None) -> str:
    return next((str(one["name"]) for one in (answer or {}).get("documents") or ()), "")


def _files_told(answer: dict[str, Any] | None) -> int:
    return sum(bool(one.get("file")) for one in (answer or {}).get("documents") or ())


def _answer(kept: dict[str, Any] | None) -> LookupAnswer | None:
    """The answer as it was kept; None when there is none, or when what it told is forgotten."""
    if kept is None:
        return None
    try:
        said = read_lookup(canonical(kept))
    except LookupInvalid:
        return None
    return said if isinstance(said, LookupAnswer) else None
