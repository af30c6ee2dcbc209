"""The matter on one page: a letter with all that answer it, name it or were joined to it, in both registers and in the
order of time, as far as who looks may see each of them. Nothing is reached through what he may not see."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, not_, or_, select

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.errors import NotFound
from saraban.domain.incoming import UNREGISTERED, IncomingState
from saraban.domain.keeping import KeepingState
from saraban.domain.letter_state import LetterState
from saraban.domain.numbering import arabic_digits
from saraban.domain.register import BookKind, EntryId, EntryState, Origin
from saraban.reading.holds import held_among
from saraban.reading.scope import register_masked, visible_incoming, visible_letters
from saraban.storage.planning import of_found
from saraban.storage.search import number_key
from saraban.storage.tables.archive import kept_items
from saraban.storage.tables.letters import incoming, letters
from saraban.storage.tables.matter import references, ties
from saraban.storage.tables.registers import entries
from saraban.storage.tables.tasks import replies

MOST = 200
MOST_HELD = 500
"""How many letters of a matter may be held at once (usecases.kept.MOST_LISTED)."""
_OF_REGISTER = re.compile(
    r"(?:เลข)?(?:ทะเบียน)?(?:ที่)?(?:หนังสือ)?(?P<way>รับ|ส่ง)?(?:ที่)? ?(?P<serial>[0-9]{1,9}) ?/ ?(?P<year>2[0-9]{3})"
)
"""The number of a register and its Buddhist year, as it is written or said."""
_BACK = ("ตอบ", "อ้างถึง", "กล่าวถึง")
"""The words by which a letter hangs on an earlier one."""
_OVER = (LetterState.DISPATCHED, LetterState.CLOSED, LetterState.WITHDRAWN, LetterState.ISSUED)


@dataclass(frozen=True)
class MatterLetter:
    """One letter or line of the matter. `kind` is "letter", "incoming" or "entry"; `screen_id` the id on its screen;
    `open` when something about it is still to be done; `asked` how many receivers a letter that was sent asks for an
    answer, 0 for none; `ties` the words for how it hangs together with others, each with the id of the other; `due` the
    day until which an answer is asked; `on_hold` when its disposal is stopped."""

    id: UUID
    kind: str
    came_in: bool
    number: str
    subject: str
    other: str
    day: date
    open: bool
    state: str
    screen_id: UUID
    due: date | None = None
    asked: int = 0
    ties: tuple[tuple[str, UUID], ...] = ()
    on_hold: bool = False


@dataclass(frozen=True)
class Named:
    """A letter that one of the matter names and that is not, or not surely, in our registers."""

    by: UUID
    number: str
    day: date | None
    sender: str


@dataclass(frozen=True)
class Matter:
    """The letters in the order of time, what they name besides, and how many there are that could not all be shown."""

    letters: list[MatterLetter]
    named: list[Named]
    more: bool = False

    @property
    def open(self) -> int:
        """How many are still open."""
        return sum(one.open for one in self.letters)


@dataclass(frozen=True)
class MatterLines:
    """The lines of the registers of a matter; `more`: it has more letters than were walked through."""

    ids: list[EntryId]
    more: bool = False


@dataclass
class _Web:
    """What hangs together so far. `ends` are pairs at which the walk stops: many letters follow one circular, which
    makes them no one matter."""

    found: dict[UUID, MatterLetter] = field(default_factory=dict)
    words: dict[UUID, dict[UUID, str]] = field(default_factory=dict)
    parted: set[frozenset[UUID]] = field(default_factory=set)
    ends: set[frozenset[UUID]] = field(default_factory=set)

    def note(self, one: UUID, word: str, other: UUID, back: str) -> None:
        """Two of them hang together, seen from both sides; the first word stays."""
        if frozenset((one, other)) not in self.parted:
            self.words.setdefault(one, {}).setdefault(other, word)
            self.words.setdefault(other, {}).setdefault(one, back)


def matter(reader: Connection, actor: Actor, thing_id: UUID, most: int = MOST) -> Matter:
    """The matter of a letter or line, so many letters at most. NotFound when the actor may not see that one."""
    web = _Web(found=_seen(reader, actor, [thing_id]))
    if thing_id not in web.found:
        raise NotFound
    edge, walked = {thing_id}, set[UUID]()
    while edge and len(web.found) <= most:
        _reach(reader, actor, web, edge)
        beside = {other for one in edge for other in web.words.get(one, ())} - web.found.keys()
        seen = _seen(reader, actor, sorted(beside)[: most + 1 - len(web.found)])
        web.found |= seen
        walked |= edge
        edge = {
            other
            for one in edge
            for other in web.words.get(one, ())
            if other in web.found and frozenset((one, other)) not in web.ends
        } - walked
    beyond = list(web.found)[most:]  # one more than is shown tells that there are more
    for one in beyond:
        del web.found[one]
    _tell_open(reader, actor, web)
    held = held_among(reader, web.found)
    shown = [_with_ties(one, web, one.id in held) for one in web.found.values()]
    shown.sort(key=lambda one: (one.day, one.came_in, one.number))
    return Matter(shown, _named(reader, actor, web.found), more=bool(beyond))


def entries_of(reader: Connection, actor: Actor, thing_id: UUID) -> MatterLines:
    """The lines of the registers of the letters of a matter that the person may see, `MOST_HELD` at most. NotFound as
    for the matter."""
    walked = matter(reader, actor, thing_id, MOST_HELD)
    ids = {one.id for one in walked.letters}
    here = or_(entries.c.id.in_(ids), entries.c.subject_of.in_(ids))
    lines = select(entries.c.id).where(entries.c.agency_id == actor.agency_id, entries.c.state == EntryState.USED, here)
    found = [EntryId(row.id) for row in reader.execute(lines.order_by(entries.c.id))]
    return MatterLines(found[:MOST_HELD], walked.more or len(found) > MOST_HELD)


def candidates(reader: Connection, actor: Actor, text: str) -> list[MatterLetter]:
    """Letters and lines with this number, in any writing, or with this number of a register ("เลขรับ ๔๑๑๒/๒๕๖๙": of
    paper there is often no other), that the actor may see; at most ten."""
    ways: list[ColumnElement[bool]] = []
    if key := number_key(text):
        ways.append(entries.c.number_key == key)
    if found := _OF_REGISTER.fullmatch(arabic_digits(text).replace("\u00a0", " ").strip()):
        here = [entries.c.serial == int(found["serial"]), entries.c.year == int(found["year"])]
        if found["way"]:
            came_in = found["way"] == "รับ"
            here.append(entries.c.kind.in_([kind for kind in BookKind if kind.incoming is came_in]))
        ways.append(and_(*here))
    if not ways:
        return []
    lines = select(entries.c.id, entries.c.subject_of).where(entries.c.agency_id == actor.agency_id, or_(*ways))
    things = {row.subject_of or row.id for row in reader.execute(lines.limit(50))}
    return list(_seen(reader, actor, sorted(things)).values())[:10]


def _reach(reader: Connection, actor: Actor, web: _Web, edge: Collection[UUID]) -> None:
    """Everything that hangs together with these."""
    ids, agency = sorted(edge), actor.agency_id
    by_hand = reader.execute(
        select(ties).where(ties.c.agency_id == agency, or_(ties.c.one.in_(ids), ties.c.other.in_(ids)))
    ).all()
    web.parted |= {frozenset((row.one, row.other)) for row in by_hand if not row.joined}
    answers = select(replies.c.letter_id, replies.c.incoming_id).where(
        replies.c.agency_id == agency, or_(replies.c.letter_id.in_(ids), replies.c.incoming_id.in_(ids))
    )
    for row in reader.execute(answers):
        web.note(row.letter_id, "ตอบ", row.incoming_id, "ตอบแล้วด้วย")
    back = select(incoming.c.id, incoming.c.answers).where(
        incoming.c.agency_id == agency,
        incoming.c.answers.is_not(None),
        or_(incoming.c.id.in_(ids), incoming.c.answers.in_(ids)),
    )
    for row in reader.execute(back):
        web.note(row.id, "ตอบ", row.answers, "ตอบแล้วด้วย")
    named = select(references.c.owner_id, references.c.thing_id, references.c.number, references.c.mentioned).where(
        references.c.agency_id == agency,
        references.c.thing_id.is_not(None),
        or_(references.c.owner_id.in_(ids), references.c.thing_id.in_(ids)),
    )
    led = reader.execute(named.order_by(references.c.mentioned, references.c.owner_id, references.c.ordinal)).all()
    for ref in led:
        if not ref.mentioned:
            web.note(ref.owner_id, "อ้างถึง", ref.thing_id, "ถูกอ้างถึงใน")
    for row in by_hand:
        if row.joined:
            web.note(row.one, "รวมเรื่องกับ", row.other, "รวมเรื่องกับ")
    for ref in led:
        if ref.mentioned and ref.thing_id not in web.words.get(ref.owner_id, ()):
            web.note(ref.owner_id, "กล่าวถึง", ref.thing_id, "ถูกกล่าวถึงใน")
            if "/ว" in ref.number:
                web.ends.add(frozenset((ref.owner_id, ref.thing_id)))


def _tell_open(reader: Connection, actor: Actor, web: _Web) -> None:
    """What of these is open: a letter that was sent, while a receiver who was asked has not answered; a line of what
    came in, while its letter is in work (clause 52). Both are over when they are finished in keeping."""
    asks = [one.id for one in web.found.values() if one.asked]
    lines = [one.id for one in web.found.values() if one.kind in ("entry", "line") and one.open]
    item = kept_items.c
    these = or_(item.entry_id.in_(lines), item.subject_of.in_([*lines, *asks]))
    done = select(item.entry_id, item.subject_of).where(
        item.agency_id == actor.agency_id, item.state != KeepingState.WORKING, these
    )
    over = {one for row in reader.execute(done) for one in row} if asks or lines else set()
    for one in asks:
        open_ = one not in over and _answers(web, one) < web.found[one].asked
        web.found[one] = replace(web.found[one], open=open_)
    for one in over.intersection(lines):
        web.found[one] = replace(web.found[one], open=False)


def _answers(web: _Web, asked: UUID) -> int:
    """How many senders answered a letter: with what came in since, of what hangs together with it and is not what it
    answers itself."""
    tied = ((web.found[other], word) for other, word in web.words.get(asked, {}).items() if other in web.found)
    day = web.found[asked].day
    return len({one.other for one, word in tied if one.came_in and one.day >= day and word not in _BACK})


def _with_ties(one: MatterLetter, web: _Web, on_hold: bool) -> MatterLetter:
    told = tuple((word, other) for other, word in web.words.get(one.id, {}).items() if other in web.found)
    return replace(one, ties=told, on_hold=on_hold)


def _named(reader: Connection, actor: Actor, shown: Collection[UUID]) -> list[Named]:
    rows = reader.execute(
        select(references)
        .where(
            references.c.agency_id == actor.agency_id,
            references.c.owner_id.in_(list(shown)),
            references.c.thing_id.is_(None),
            not_(references.c.mentioned),
        )
        .order_by(references.c.owner_id, references.c.ordinal)
    )
    return [Named(row.owner_id, row.number, row.day, row.sender) for row in rows]


def _seen(reader: Connection, actor: Actor, ids: Collection[UUID]) -> dict[UUID, MatterLetter]:
    """Those of these that the actor may see: the letters that he may read, the others by their line in a register."""
    if not ids:
        return {}
    found: dict[UUID, MatterLetter] = {}
    mine = (of_found(visible_letters(actor)), letters.c.state != LetterState.WITHDRAWN)
    own = select(letters).where(letters.c.id.in_(ids), *mine)
    for row in reader.execute(own):
        found[row.id] = _letter(row)
    came = select(incoming).where(incoming.c.id.in_(ids), of_found(visible_incoming(actor)))
    for row in reader.execute(came):
        found[row.id] = _incoming(row)
    lines = select(entries).where(
        entries.c.agency_id == actor.agency_id,
        or_(and_(entries.c.id.in_(ids), entries.c.subject_of.is_(None)), entries.c.subject_of.in_(ids)),
        entries.c.state == EntryState.USED,
        not_(register_masked(actor)),
    )
    for row in _oldest_first(reader.execute(lines).all()):
        found.setdefault(row.subject_of or row.id, _line(row))
    return found


def _oldest_first(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: (row.at, row.serial))


def _letter(row: Any) -> MatterLetter:
    return MatterLetter(
        id=row.id,
        kind="letter",
        came_in=False,
        number=row.number or "",
        subject=row.subject,
        other=row.addressed_to,
        day=row.number_date or office_date(row.created_at),
        open=row.state not in _OVER or (row.state is LetterState.ISSUED and bool(row.recipients)),
        state=row.state.value,
        screen_id=row.id,
        due=row.response_due,
        asked=len(row.recipients) if row.state is LetterState.DISPATCHED and row.response_due else 0,
    )


def _incoming(row: Any) -> MatterLetter:
    waits = row.state in UNREGISTERED or (row.state is IncomingState.REGISTERED and row.completed_at is None)
    return MatterLetter(
        id=row.id,
        kind="incoming",
        came_in=True,
        number=row.number,
        subject=row.subject,
        other=row.from_name,
        day=row.number_date or office_date(row.received_at),
        open=waits,
        state=row.state.value,
        screen_id=row.id,
    )


def _line(row: Any) -> MatterLetter:
    """A line of a register; what an old system had taken in was mostly done with long before it was moved in."""
    came_in = row.kind in (BookKind.RECEIVING, BookKind.SECRET_RECEIVING)
    return MatterLetter(
        id=row.subject_of or row.id,
        kind="entry" if row.subject_of is None else "line",
        came_in=came_in,
        number=row.number,
        subject=row.subject,
        other=row.sender if came_in else row.addressee,
        day=row.letter_date or office_date(row.at),
        open=came_in and row.origin is not Origin.BEFORE,
        state="",
        screen_id=row.id,
    )
