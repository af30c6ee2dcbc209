"""The organisation at a glance: the tree of units with their posts and who holds them, and the people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Uuid, bindparam, func, select

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.errors import NotFound
from saraban.domain.incoming import IncomingState
from saraban.domain.letter import LetterState
from saraban.domain.letter_state import ON_ROUTE
from saraban.domain.permissions import may_administer, require
from saraban.domain.route import StepState
from saraban.reading.letters import JournalRow, journal_about, journal_row
from saraban.storage.search import normal_form
from saraban.storage.tables.letters import incoming, letters, route_steps
from saraban.storage.tables.mail import mail_accounts
from saraban.storage.tables.organisation import clearances, position_periods, unit_periods, unit_successions
from saraban.storage.tables.people import holdings, people, positions, units
from saraban.storage.tables.registers import books

_AGENCY = bindparam("agency", type_=Uuid)
_UNITS = (
    select(units, unit_periods.c.since.label("named_since"), unit_periods.c.name, unit_periods.c.parent_id)
    .add_columns(unit_periods.c.authority)
    .join(unit_periods, unit_periods.c.unit_id == units.c.id)
    .where(units.c.agency_id == _AGENCY)
    .order_by(units.c.central.desc(), units.c.code, unit_periods.c.since)
)
_POSITIONS = (
    select(positions, position_periods.c.since.label("titled_since"), position_periods.c.title)
    .add_columns(position_periods.c.unit_id, position_periods.c.authority)
    .join(position_periods, position_periods.c.position_id == positions.c.id)
    .where(positions.c.agency_id == _AGENCY)
    .order_by(positions.c.id, position_periods.c.since)
)
_HOLDINGS = (
    select(holdings, people.c.name, people.c.username, people.c.active)
    .join(people, people.c.id == holdings.c.person_id)
    .where(people.c.agency_id == _AGENCY)
    .order_by(holdings.c.since, people.c.name)
)
_PEOPLE = select(people).where(people.c.agency_id == _AGENCY).order_by(people.c.name, people.c.id)
_SUCCESSIONS = (
    select(unit_successions)
    .join(units, units.c.id == unit_successions.c.unit_id)
    .where(units.c.agency_id == _AGENCY)
    .order_by(unit_successions.c.since)
)
_OPEN_LETTERS = (LetterState.DRAFT, LetterState.RETURNED, *sorted(ON_ROUTE))
_RANK = {role: place for place, role in enumerate((PositionRole.HEAD, PositionRole.DIRECTOR))}


@dataclass(frozen=True)
class Held:
    """Somebody holds, held or will hold a post."""

    person_id: UUID
    name: str
    position_id: UUID
    title: str
    unit: str
    since: date
    until: date | None
    authority: str
    active: bool

    def on(self, day: date) -> bool:
        """Is the post held on that day?"""
        return self.active and self.since <= day and (self.until is None or self.until >= day)


@dataclass(frozen=True)
class Step:
    """A period in the course of a unit or post: what it was called and where it stood."""

    since: date
    name: str
    above: str
    authority: str


@dataclass(frozen=True)
class PostNode:
    """A post as on a day; `held` are all its holdings, the earliest first."""

    id: UUID
    code: str
    title: str
    role: PositionRole
    clearance: bool
    unit_id: UUID
    since: date | None
    until: date | None
    course: Sequence[Step]
    held: Sequence[Held]
    holders: Sequence[Held]

    @property
    def vacant(self) -> bool:
        """Does nobody hold it that day?"""
        return not self.holders


@dataclass(frozen=True)
class UnitNode:
    """A unit as on a day, `depth` steps below the top, with its posts."""

    id: UUID
    code: str
    name: str
    series: str
    central: bool
    parent_id: UUID | None
    since: date | None
    until: date | None
    course: Sequence[Step]
    posts: Sequence[PostNode]
    depth: int = 0
    children: list[UnitNode] = field(default_factory=list)

    @property
    def planned(self) -> Step | None:
        """The last change of its course."""
        return self.course[-1] if len(self.course) > 1 else None

    def ended(self, day: date) -> bool:
        """Was its last day before that one?"""
        return self.until is not None and self.until < day


@dataclass(frozen=True)
class PersonRow:
    """A person with an account, and the posts of a day."""

    id: UUID
    name: str
    username: str
    active: bool
    password_once: bool
    held: Sequence[Held]
    holders_of: Sequence[Held]
    email: str = ""


@dataclass(frozen=True)
class Cleared:
    """A person may read what is classified."""

    since: date
    until: date | None
    authority: str


@dataclass(frozen=True)
class Affected:
    """What a change of a unit touches: how many of each there are."""

    units: int
    posts: int
    letters: int
    incoming: int
    steps: int
    books: int
    mailboxes: int

    def told(self) -> list[tuple[str, int]]:
        """In words, without what there is none of."""
        rows = (
            ("หน่วยงานใต้สังกัด", self.units),
            ("ตำแหน่ง", self.posts),
            ("หนังสือที่ยังร่างหรือเสนออยู่", self.letters),
            ("หนังสือรับที่ยังไม่เสร็จ", self.incoming),
            ("ลำดับในเส้นทางที่รอตำแหน่งของหน่วยงาน", self.steps),
            ("ทะเบียนที่เก็บเอง", self.books),
            ("กล่องไปรษณีย์", self.mailboxes),
        )
        return [row for row in rows if row[1]]


class Organisation:
    """An agency's units, posts and people, read at once: three queries however large it is."""

    def __init__(self, reader: Connection, agency_id: UUID, day: date) -> None:
        self.day = day
        self.unit_rows = _grouped(reader.execute(_UNITS, {"agency": agency_id}), "id")
        self.post_rows = _grouped(reader.execute(_POSITIONS, {"agency": agency_id}), "id")
        self._held = _grouped(reader.execute(_HOLDINGS, {"agency": agency_id}), "position_id")
        posts: dict[UUID, list[PostNode]] = {}
        self.posts = {post_id: self._post(rows) for post_id, rows in self.post_rows.items()}
        for post in self.posts.values():
            posts.setdefault(post.unit_id, []).append(post)
        self.units = {unit_id: self._unit(rows, posts.get(unit_id, [])) for unit_id, rows in self.unit_rows.items()}
        self.held = [one for post in self.posts.values() for one in post.held]

    def name(self, unit_id: UUID | None, day: date) -> str:
        """What a unit is called on a day."""
        rows = self.unit_rows.get(unit_id, []) if unit_id else []
        return str(_last(rows, "named_since", day).name) if rows else ""

    def tree(self, *, ended: bool = False) -> list[UnitNode]:
        """The units from the top down, each before those below it; with those that have ended when asked."""
        shown = {key: unit for key, unit in self.units.items() if ended or not unit.ended(self.day)}
        below: dict[UUID | None, list[UnitNode]] = {}
        for unit in shown.values():
            below.setdefault(unit.parent_id if unit.parent_id in shown else None, []).append(unit)
        return list(_walk(below, None, 0))

    def _unit(self, rows: Sequence[Any], posts: list[PostNode]) -> UnitNode:
        now = _last(rows, "named_since", self.day)
        course = [Step(r.named_since, r.name, self.name(r.parent_id, r.named_since), r.authority) for r in rows]
        order = sorted(posts, key=lambda one: (_RANK.get(one.role, 9), one.title, str(one.id)))
        kept = [one for one in order if one.until is None or one.until >= self.day]
        return UnitNode(
            now.id, now.code, now.name, now.series, now.central, now.parent_id, now.since, now.until, course, kept
        )

    def _post(self, rows: Sequence[Any]) -> PostNode:
        now = _last(rows, "titled_since", self.day)
        unit = self.name(now.unit_id, self.day)
        held = [
            Held(h.person_id, h.name, now.id, now.title, unit, h.since, h.until, h.authority, h.active)
            for h in self._held.get(now.id, [])
        ]
        course = [Step(r.titled_since, r.title, self.name(r.unit_id, r.titled_since), r.authority) for r in rows]
        holders = [one for one in held if one.on(self.day)]
        return PostNode(
            now.id,
            now.code,
            now.title,
            now.role,
            now.clearance,
            now.unit_id,
            now.since,
            now.until,
            course,
            held,
            holders,
        )


def organisation(reader: Connection, actor: Actor) -> Organisation:
    """The actor's agency as on the actor's day. Everybody of it may see who holds which post."""
    return Organisation(reader, actor.agency_id, actor.on or date.max)


def found(nodes: Sequence[UnitNode], q: str) -> list[UnitNode]:
    """The units whose name, code, posts or people hold the words, each with what stands above it."""
    words = normal_form(q).split()
    if not words:
        return list(nodes)
    by_id = {node.id: node for node in nodes}
    kept: set[UUID] = set()
    for node in nodes:
        parts = [node.name, node.code, node.series]
        parts += [text for post in node.posts for text in (post.title, post.code, *(h.name for h in post.holders))]
        if all(word in normal_form(" ".join(parts)) for word in words):
            at: UUID | None = node.id
            while at is not None and at in by_id and at not in kept:
                kept.add(at)
                at = by_id[at].parent_id
    return [node for node in nodes if node.id in kept]


def persons(reader: Connection, actor: Actor, whole: Organisation, q: str = "") -> list[PersonRow]:
    """Everybody with an account, by name; those whose name, user name or posts hold the words."""
    require(may_administer(actor))
    held: dict[UUID, list[Held]] = {}
    for one in whole.held:
        held.setdefault(one.person_id, []).append(one)
    words = normal_form(q).split()
    rows = []
    for row in reader.execute(_PEOPLE, {"agency": actor.agency_id}):
        own = sorted(held.get(row.id, []), key=lambda one: one.since)
        now = [one for one in own if one.since <= whole.day and (one.until is None or one.until >= whole.day)]
        text = normal_form(" ".join([row.name, row.username, *(f"{one.title} {one.unit}" for one in now)]))
        if all(word in text for word in words):
            rows.append(PersonRow(row.id, row.name, row.username, row.active, row.password_once, own, now, row.email))
    return rows


def cleared(reader: Connection, actor: Actor, person_id: UUID) -> list[Cleared]:
    """A person's clearances, the earliest first."""
    require(may_administer(actor))
    rows = reader.execute(
        select(clearances)
        .join(people, people.c.id == clearances.c.person_id)
        .where(people.c.agency_id == actor.agency_id, people.c.id == person_id)
        .order_by(clearances.c.since)
    )
    return [Cleared(row.since, row.until, row.authority) for row in rows]


def successions(reader: Connection, actor: Actor) -> list[tuple[UUID, UUID, date]]:
    """Which unit carries on which, from which day on: (the old one, its successor, the day)."""
    rows = reader.execute(_SUCCESSIONS, {"agency": actor.agency_id})
    return [(row.unit_id, row.successor_id, row.since) for row in rows]


def history(reader: Connection, actor: Actor, things: Sequence[UUID]) -> list[JournalRow]:
    """What happened to units, posts or people of the agency, the newest thirty, oldest first."""
    require(may_administer(actor))
    return [journal_row(row) for row in journal_about(reader, actor, things, most=30)[-30:]]


def affected(reader: Connection, actor: Actor, whole: Organisation, unit_id: UUID) -> Affected:
    """What a change of this unit touches today. NotFound for another agency's."""
    require(may_administer(actor))
    unit = whole.units.get(unit_id)
    if unit is None:
        raise NotFound
    own = letters.c.unit_id == unit_id
    steps = [post.id for post in unit.posts]
    counted = (
        select(func.count()).select_from(letters).where(own, letters.c.state.in_(_OPEN_LETTERS)),
        select(func.count())
        .select_from(incoming)
        .where(
            incoming.c.unit_id == unit_id,
            incoming.c.state.in_((IncomingState.NEW, IncomingState.REGISTERED)),
            incoming.c.completed_at.is_(None),
        ),
        select(func.count())
        .select_from(route_steps)
        .where(route_steps.c.position_id.in_(steps), route_steps.c.state == StepState.WAITING),
        select(func.count()).select_from(books).where(books.c.unit_id == unit_id, books.c.closed_at.is_(None)),
        select(func.count()).select_from(mail_accounts).where(mail_accounts.c.unit_id == unit_id),
    )
    numbers = reader.execute(select(*(one.scalar_subquery() for one in counted))).one()
    below = sum(1 for one in whole.units.values() if one.parent_id == unit_id and not one.ended(whole.day))
    return Affected(below, len(unit.posts), *numbers)


def _walk(below: Mapping[UUID | None, list[UnitNode]], at: UUID | None, depth: int) -> Iterator[UnitNode]:
    for unit in below.get(at, []):
        yield UnitNode(**{**vars(unit), "depth": depth, "children": below.get(unit.id, [])})
        yield from _walk(below, unit.id, depth + 1)


def _grouped(rows: Any, key: str) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, key), []).append(row)
    return found


def _last(rows: Sequence[Any], key: str, day: date) -> Any:
    """The row of a day; the first one for a day before all of them."""
    begun = [row for row in rows if getattr(row, key) <= day]
    return begun[-1] if begun else rows[0]
