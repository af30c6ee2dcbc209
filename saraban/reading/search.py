"""One search over letters, incoming letters and registers, best first.

What a person may not read is in no answer: every row that the index gives is held against the predicate by which the
screens show letters, in the same statement. Letters that changed and wait to be indexed are read as they are, and so is
what is classified, which no index holds, for who is cleared and may read it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Dialect, Select, and_, exists, not_, or_, select, true

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, AgencyOptions, PositionRole
from saraban.domain.classification import Secrecy
from saraban.domain.permissions import may_read_registers
from saraban.domain.register import EntryState
from saraban.reading.abbreviations import with_agencies
from saraban.reading.asking import Narrow, Term, numbers_of, terms_of
from saraban.reading.found import Found, Hit, asked_about, hits_of
from saraban.reading.matching import is_whole_number
from saraban.reading.scope import ACTORS, openable_lines, visible_incoming, visible_letters
from saraban.reading.search_classified import Classified, classified
from saraban.reading.spelling import nearest, pieces
from saraban.storage.document_index import DocumentIndex, Sight
from saraban.storage.documents import NO_MORE, Document, documents_of
from saraban.storage.planning import Spelt, as_id, of_found, planned_once, spelt
from saraban.storage.search import normal_form, number_key, scope_sign
from saraban.storage.tables.finding import documents, waiting
from saraban.storage.tables.letters import incoming, letters
from saraban.storage.tables.people import agencies, units
from saraban.storage.tables.registers import entries
from saraban.storage.wanted import MARKS, SUBJECT, WORDS, Group, Place, Wanted

MOST_SEEN = 500
"""How far down the answers one may go; who looks further needs other words."""
_MOST_WAITING = 300
"""How many letters and lines that wait to be indexed are read as they are, those that changed last. A worker that runs
leaves none of them waiting for long."""
_MOST_CHANGES = 3_000
_LOOKED_THROUGH = 200
_COUNTER_BITS = 12


def search(reader: Connection, actor: Actor, q: str, limit: int = 50) -> list[Hit]:
    """What holds every word of `q`, the best first: the exact number, that of what is void or over, the beginning or
    the end of one, the subject, what it is marked with (its numbers, who it is from and to), the rest; the newest first
    among equals. Nothing for an empty query."""
    return look(reader, actor, q, limit=limit).hits


def look(
    reader: Connection,
    actor: Actor,
    q: str,
    *,
    narrow: Narrow | None = None,
    newest: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> Found:
    """The same, narrowed, or in the order of time alone (`newest`), from a place in the order on. When nothing holds a
    word, but something holds one that differs from it by a slip, that is looked for instead, and the answer says so."""
    limit, offset = max(1, min(limit, 200)), max(0, min(offset, MOST_SEEN))
    narrow, terms = narrow or Narrow(), list(terms_of(q))
    if not terms and not narrow.on:
        return Found([])
    shown = slice(offset, offset + limit)
    secret = classified(reader, actor, narrow, terms)
    looking = _Looking(reader, actor, narrow, secret, newest=newest, shown=shown)
    terms = with_agencies(looking.options, terms)
    need = offset + limit + 1
    places = looking.ranked(terms, need)
    meant: tuple[tuple[str, str], ...] = ()
    if not places and terms:
        terms, meant = looking.meant(terms)
        places = looking.ranked(terms, need) if meant else []
    hits = hits_of(reader, actor, places[shown], terms, looking.told, secret.ids)
    only_latest = bool(terms) and all(term.short for term in terms)
    return Found(hits, len(places) > offset + limit, meant, only_latest, numbers_of(terms), secret.left)


@lru_cache(maxsize=ACTORS)
def visible_documents(actor: Actor) -> ColumnElement[bool]:
    """The condition over the index that its row is of something open that the actor may read. A register line is left
    out where its letter itself may be read."""
    letter = select(letters.c.id).where(
        letters.c.id == documents.c.owner_id, letters.c.secrecy == Secrecy.OPEN, visible_letters(actor)
    )
    received = select(incoming.c.id).where(
        incoming.c.id == documents.c.owner_id, incoming.c.secrecy == Secrecy.OPEN, visible_incoming(actor)
    )
    reasons = [
        and_(documents.c.kind == "letter", _one_by_one(letter)),
        and_(documents.c.kind == "incoming", _one_by_one(received)),
    ]
    if may_read_registers(actor) is None:
        of_letter = exists().where(letters.c.id == entries.c.subject_of, visible_letters(actor))
        of_received = exists().where(incoming.c.id == entries.c.subject_of, visible_incoming(actor))
        line = select(entries.c.id).where(
            entries.c.id == documents.c.owner_id,
            entries.c.agency_id == actor.agency_id,
            entries.c.secrecy == Secrecy.OPEN,
            not_(of_letter),
            not_(of_received),
        )
        reasons.append(and_(documents.c.kind == "entry", _one_by_one(line)))
    return or_(*reasons)


@lru_cache(maxsize=ACTORS)
def opened_documents(actor: Actor) -> ColumnElement[bool]:
    """The condition over the index that the actor may open the files of what its row is of: of every letter that he may
    read, and of the register lines of which he may."""
    line = select(entries.c.id).where(entries.c.id == documents.c.owner_id, openable_lines(actor))
    return or_(documents.c.kind != "entry", _one_by_one(line))


@lru_cache(maxsize=ACTORS)
def _sight(actor: Actor) -> Sight:
    return Sight(visible_documents(actor), opened_documents(actor))


def _one_by_one(owner: Select[Any]) -> ColumnElement[bool]:
    """The condition that a row's owner is there, looked up for the few rows that are found: for an offset PostgreSQL
    cannot read all letters first and keep them in a table of its own."""
    return owner.offset(0).correlate(documents).exists()


class _Looking:
    """One person's search: what is asked of the index, and what waits to enter it."""

    def __init__(
        self, reader: Connection, actor: Actor, narrow: Narrow, secret: Classified, *, newest: bool, shown: slice
    ) -> None:
        self._reader, self._actor, self._newest = reader, actor, newest
        self._index = DocumentIndex(
            reader, _sight(actor), lambda found: asked_about(reader.dialect, actor, found[shown])
        )
        self.told = self._index.told
        self._scope = tuple(scope_sign(actor.agency_id, sign) for sign in _scope(actor))
        unit = units_id(reader, actor, narrow.unit) if narrow.unit else ""
        self._narrowed = tuple(scope_sign(actor.agency_id, sign) for sign in narrow.signs(unit))
        self._also = [Group((_standing(word),), (MARKS,)) for word in normal_form(narrow.agency).split()]
        self.options, latest = _beginning(reader, actor)
        changed = self._changed(latest)
        self._changed_ids = {document.owner_id for document in changed[0]} | changed[1]
        # What is classified was found to be the actor's to read in another way than by its signs.
        self._as_they_stand = [*changed[0], *secret.under(self._scope)]

    def ranked(self, terms: Sequence[Term], need: int) -> list[Place]:
        """At most so many places, the best first."""
        tiers, found = self._tiers(terms), dict[UUID, tuple[int, Place]]()
        for document in self._as_they_stand:
            if (rank := next((rank for rank, wanted in tiers if _has(document, wanted)), None)) is not None:
                found[document.owner_id] = rank, _place(document)
        for rank, place in self._indexed(tiers, terms, need):
            if place.owner_id not in self._changed_ids:
                found.setdefault(place.owner_id, (rank, place))
        if tiers[0][0] == 0:
            found |= {place.owner_id: (rank, place) for rank, place in self._by_register(terms)}
        best = sorted(found.values(), key=lambda one: (one[0], -one[1].id))
        return [place for _, place in best[:need]]

    def meant(self, terms: Sequence[Term]) -> tuple[list[Term], tuple[tuple[str, str], ...]]:
        """The terms with one of them as it stands in letters of the actor, and which that was; no change when nothing
        like it stands there."""
        for at, term in enumerate(terms):
            if term.number or term.day or any(sign.isdigit() for sign in term.said) or not pieces(term.said):
                continue
            others = [other.group() for other in terms if other is not term]
            like = Group(pieces(term.said), (SUBJECT, MARKS, WORDS))
            wanted = self._wanted([*others, like])
            rows = self._index.texts(wanted, _LOOKED_THROUGH)
            texts = [text for row in rows for text in (row.subject, row.marks, row.words)]
            texts += [text for d in self._as_they_stand if _has(d, wanted) for text in (d.subject, d.marks, d.words)]
            if right := nearest(term.said, texts):
                mended = [*terms[:at], Term(right), *terms[at + 1 :]]
                return mended, ((term.said, right),)
        return list(terms), ()

    def _tiers(self, terms: Sequence[Term]) -> list[tuple[int, Wanted]]:
        everywhere = self._wanted([term.group() for term in terms])
        if self._newest or not terms:
            return [(5, everywhere)]
        tiers = []
        if len(terms) == 1 and terms[0].serial:
            said = terms[0].said
            tiers += [
                (at, self._wanted([Group((f" {said}{end} ",), (MARKS,))])) for at, end in enumerate(("", NO_MORE))
            ]
            if terms[0].number:
                tiers.append((2, self._wanted([Group((f" {said}", f"/{said} "), (MARKS,))])))
        in_subject = [replace(term.group(), columns=(SUBJECT,)) for term in terms]
        in_heads = [replace(term.group(), columns=(SUBJECT, MARKS)) for term in terms]
        return [*tiers, (3, self._wanted(in_subject)), (4, self._wanted(in_heads)), (5, everywhere)]

    def _indexed(
        self, tiers: Sequence[tuple[int, Wanted]], terms: Sequence[Term], need: int
    ) -> list[tuple[int, Place]]:
        """What the index gives, with the number of its tier."""
        most = need + len(self._changed_ids)
        if not terms or not all(term.short for term in terms):
            return self._index.ranked(tiers, most)
        found: list[tuple[int, Place]] = []
        for rank, wanted in tiers:
            if all(group.indexed for group in wanted.groups):
                found += [(rank, place) for place in self._index.find(wanted, most)]
            else:
                alone = [replace(group, ways=tuple(map(_standing, group.ways))) for group in wanted.groups]
                found += [(rank, place) for place in self._index.find(replace(wanted, groups=tuple(alone)), most)]
                found += [(rank, place) for place in self._index.latest(wanted, most)]
            if len({place.owner_id for _, place in found}) >= most:
                break
        return found

    def _wanted(self, groups: Iterable[Group]) -> Wanted:
        return Wanted((*groups, *self._also), self._scope, self._narrowed)

    def _changed(self, latest: Sequence[UUID]) -> tuple[list[Document], set[UUID]]:
        """What waits to be indexed and the actor may find, as it is now; and all that waits."""
        ids = set(latest)
        if not ids:
            return [], set()
        seen: set[UUID] = set()
        closed: set[UUID] = set()
        actor = self._actor
        for statement in (
            select(letters.c.id).where(letters.c.id.in_(ids), of_found(visible_letters(actor))),
            select(incoming.c.id).where(incoming.c.id.in_(ids), of_found(visible_incoming(actor))),
        ):
            seen |= set(self._reader.execute(statement).scalars())
        if may_read_registers(actor) is None:
            lines = select(entries.c.id, openable_lines(actor).label("opened")).where(
                entries.c.id.in_(ids),
                entries.c.agency_id == actor.agency_id,
                not_(exists().where(letters.c.id == entries.c.subject_of, visible_letters(actor))),
                not_(exists().where(incoming.c.id == entries.c.subject_of, visible_incoming(actor))),
            )
            found = self._reader.execute(lines).all()
            seen |= {row.id for row in found}
            closed = {row.id for row in found if not row.opened}
        made = documents_of(self._reader, sorted(seen))
        return [one.without_files() if one.owner_id in closed else one for one in made], ids

    def _by_register(self, terms: Sequence[Term]) -> list[tuple[int, Place]]:
        """Register lines with exactly this number, with the number of their tier, by the index of the registers, which
        is never late."""
        if self._narrowed or self._also or not is_whole_number(terms[0].said) or may_read_registers(self._actor):
            return []
        actor = self._actor
        rows = self._reader.execute(
            select(entries.c.id, entries.c.at, entries.c.state)
            .where(
                entries.c.agency_id == actor.agency_id,
                entries.c.number_key == number_key(terms[0].said),
                entries.c.secrecy == Secrecy.OPEN,
                not_(exists().where(letters.c.id == entries.c.subject_of, visible_letters(actor))),
                not_(exists().where(incoming.c.id == entries.c.subject_of, visible_incoming(actor))),
            )
            .order_by(entries.c.at.desc())
            .limit(50)
        )
        return [
            (int(row.state is EntryState.VOID), Place(int(row.at.timestamp() * 1000) << _COUNTER_BITS, row.id, "entry"))
            for row in rows
        ]


def _beginning(reader: Connection, actor: Actor) -> tuple[AgencyOptions, list[UUID]]:
    """What every search begins with: what the actor's agency has set, and what waits to be indexed, the last that
    changed first."""
    with planned_once(reader):
        rows = _beginning_statement(reader.dialect, actor.agency_id).rows(reader, {})
    kept = rows[0][0] if rows else None
    options = AgencyOptions(**(json.loads(kept) if isinstance(kept, str) else kept or {}))
    return options, list(dict.fromkeys(as_id(row[1]) for row in rows if row[1] is not None))[:_MOST_WAITING]


@lru_cache(maxsize=ACTORS)
def _beginning_statement(dialect: Dialect, agency_id: AgencyId) -> Spelt:
    last = select(waiting.c.owner_id, waiting.c.seq).order_by(waiting.c.seq.desc()).limit(_MOST_CHANGES).subquery()
    both = agencies.join(last, true(), isouter=True)
    wanted = select(agencies.c.options, last.c.owner_id).select_from(both).where(agencies.c.id == agency_id)
    return spelt(wanted.order_by(last.c.seq.desc()), dialect)


def units_id(reader: Connection, actor: Actor, code: str) -> str:
    """The id of the agency's unit of that code, in hexadecimal; "none" when there is none."""
    found = reader.execute(select(units.c.id).where(units.c.agency_id == actor.agency_id, units.c.code == code))
    unit_id = found.scalar()
    return unit_id.hex if unit_id is not None else "none"


def _scope(actor: Actor) -> list[str]:
    """The signs of all that the actor may read, and of more: the index is asked for no other rows. What it gives is
    held against the rule itself."""
    if actor.central and actor.role is PositionRole.CLERK:
        return ["all"]
    signs = ["lines"] if may_read_registers(actor) is None else []
    for word, one in (("unit", actor.unit_id), ("position", actor.position_id), ("person", actor.person_id)):
        if one is not None:
            signs.append(f"{word} {one.hex}")
    return signs


def _standing(way: str) -> str:
    """A way that is too short for the index, as a word that stands alone."""
    return way if len(way) >= 3 else f" {way} "


def _place(document: Document) -> Place:
    return Place(int(document.at.timestamp() * 1000) << _COUNTER_BITS, document.owner_id, document.kind)


def _has(document: Document, wanted: Wanted) -> bool:
    """Would the index give the document?"""
    signs = {document.signs[at : at + 3] for at in range(0, len(document.signs), 3)}
    if not signs.intersection(wanted.scope) or not signs.issuperset(wanted.narrowed):
        return False
    return all(
        any(way in getattr(document, column) for column in group.columns for way in group.ways)
        for group in wanted.groups
    )
