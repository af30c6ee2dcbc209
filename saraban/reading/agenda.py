"""All that waits for a person, in every post and by every order, for a mail and for a calendar: what leaves the house,
and so without the words of what is classified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, and_, case, func, or_, select

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, PositionRole
from saraban.domain.agenda import Agenda, Below, Matter, in_order
from saraban.domain.attachment import Digest
from saraban.domain.board import Asked, BoardScope
from saraban.domain.calendar import office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.deadline import Due, DueClock
from saraban.domain.incoming import IncomingState
from saraban.domain.loan import LoanState
from saraban.domain.notice import About
from saraban.domain.permissions import may_see_board
from saraban.reading import board_parts as parts
from saraban.reading import notices as notice_rows
from saraban.reading.deadlines import due_clock, vacancies
from saraban.reading.desk import on_desk
from saraban.reading.petitions import pressing
from saraban.reading.scope import MASKED_SUBJECT, visible_incoming, visible_letters
from saraban.reading.tasks import waiting_tasks
from saraban.storage.capacities import capacities_of_person
from saraban.storage.tables.archive import loans
from saraban.storage.tables.desk import turns
from saraban.storage.tables.letters import incoming, letters
from saraban.storage.tables.organisation import in_force, position_periods
from saraban.storage.tables.people import calendar_feeds, people
from saraban.storage.tables.registers import entries
from saraban.usecases.news import News

MOST = 300
"""So many letters of a post are told; who has more of them looks at the desk."""
MOST_BELOW = 5


class OpenNewsroom:
    """What there is to tell (usecases.news.Newsroom), read at that moment."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def agenda(self, person_id: PersonId, at: datetime) -> Agenda | None:
        """All that waits for a person."""
        with self._engine.connect() as reader:
            return agenda(reader, person_id, at)

    def unread(self, person_id: PersonId, notice_id: UUID) -> News | None:
        """A notice of the person's that was not read yet."""
        with self._engine.connect() as reader:
            agency_id = reader.execute(select(people.c.agency_id).where(people.c.id == person_id)).scalar_one()
            row = notice_rows.one(reader, Actor(AgencyId(agency_id), "", person_id), notice_id)
        return None if row.read else News(row.id, row.kind, row.subject, row.urgency, row.told, row.at)


def agenda(reader: Connection, person_id: UUID, now: datetime, *, with_others: bool = True) -> Agenda | None:
    """All that waits for a person; None for an account that is closed or holds no post. What is late with others is
    left out unless asked `with_others`."""
    today = office_date(now)
    actors = capacities_of_person(reader, person_id, today)
    if not actors:
        return None
    clock = due_clock(reader, actors[0], now)
    found: dict[str, Matter] = {}
    for actor in actors:
        for one in (
            *_on_desk(reader, actor, clock),
            *_tasks(reader, actor, clock),
            *_borrowed(reader, actor, clock),
            *_asked_by_public(reader, actor, clock),
        ):
            found.setdefault(one.key, one)
    new, urgent = _new(reader, actors) if with_others else (0, 0)
    below = tuple(_below(reader, actors, now)) if with_others else ()
    return Agenda(actors[0].name, today, in_order(list(found.values())), new, urgent, below)


def whose_calendar(reader: Connection, token: str) -> UUID | None:
    """The person whose calendar may be read with a token."""
    asked = Digest.of(token.encode())
    return reader.execute(select(calendar_feeds.c.person_id).where(calendar_feeds.c.sha256 == asked)).scalar()


def _on_desk(reader: Connection, actor: Actor, clock: DueClock) -> Iterator[Matter]:
    rows = reader.execute(
        select(turns.c.kind, turns.c.since, *_WORDS, letters.c.response_due)
        .join(letters, letters.c.id == turns.c.letter_id)
        .where(on_desk(actor))
        .order_by(turns.c.since, turns.c.letter_id)
        .limit(MOST)
    ).all()
    if not rows or actor.position_id is None:
        return
    gaps = vacancies(reader, actor.position_id, office_date(rows[0].since), clock.today)
    for row in rows:
        due = clock.of(row.urgency, row.since, asked=row.response_due, gaps=gaps)
        yield _letter(row, f"{row.id}.{actor.position_id}", row.kind.thai, actor.title, due)


def _tasks(reader: Connection, actor: Actor, clock: DueClock) -> Iterator[Matter]:
    for row in waiting_tasks(reader, actor, clock.today, most=MOST):
        shown = row.secrecy.is_open
        yield Matter(
            key=str(row.id),
            about=About.INCOMING,
            about_id=row.incoming_id,
            deed=row.purpose.thai,
            subject=row.subject if shown else MASKED_SUBJECT,
            number=row.number if shown else "",
            urgency=row.urgency,
            secrecy=row.secrecy,
            since=row.given_at,
            title=actor.title,
            due=clock.on(row.due) if row.due is not None else None,
        )


def _borrowed(reader: Connection, actor: Actor, clock: DueClock) -> Iterator[Matter]:
    """What the person has borrowed and has to bring back."""
    rows = reader.execute(
        select(loans, entries.c.subject, entries.c.number.label("letter_number"), entries.c.secrecy)
        .join(entries, entries.c.id == loans.c.entry_id)
        .where(loans.c.borrower_id == actor.person_id, loans.c.state == LoanState.OUT)
        .order_by(loans.c.due_on, loans.c.id)
        .limit(MOST)
    )
    for row in rows:
        shown = row.secrecy.is_open
        yield Matter(
            key=str(row.id),
            about=About.LOAN,
            about_id=row.id,
            deed="ส่งคืนหนังสือที่ยืม",
            subject=row.subject if shown else MASKED_SUBJECT,
            number=row.letter_number if shown else "",
            urgency=Urgency.NORMAL,
            secrecy=row.secrecy,
            since=row.asked_at,
            title=row.borrower_title,
            due=clock.on(row.due_on),
        )


def _asked_by_public(reader: Connection, actor: Actor, clock: DueClock) -> Iterator[Matter]:
    """Letters of the public that are to be answered soon, for who keeps the mailbox."""
    soon = clock.calendar.next(clock.today)
    for _ in range(clock.rules.near):
        soon = clock.calendar.next(soon)
    for row in pressing(reader, actor, soon, MOST):
        yield Matter(
            key=f"petition.{row.id}",
            about=About.INCOMING,
            about_id=row.id,
            deed="ตอบเรื่องจากประชาชน",
            subject=row.subject,
            number=row.number,
            urgency=Urgency.NORMAL,
            secrecy=Secrecy.OPEN,
            since=row.arrived_at,
            title=actor.title,
            due=clock.on(row.due_on),
        )


def _new(reader: Connection, actors: Sequence[Actor]) -> tuple[int, int]:
    """How many letters are to be registered by whoever does that, and how many of them are most urgent."""
    seen = [visible_incoming(one) for one in actors if one.role is PositionRole.CLERK]
    if not seen:
        return 0, 0
    urgent = func.sum(case((incoming.c.urgency == Urgency.MOST_URGENT, 1), else_=0))
    row = reader.execute(select(func.count(), urgent).where(or_(*seen), incoming.c.state == IncomingState.NEW)).one()
    return row[0], row[1] or 0


def _below(reader: Connection, actors: Sequence[Actor], now: datetime) -> Iterator[Below]:
    """What is late with others: in the unit of a director, in the whole agency of its head. What the person may not
    read is counted and not shown."""
    own = [one.position_id for one in actors]
    for actor in actors:
        scope = _SCOPES.get(actor.role) if actor.role is not None else None
        if scope is None:
            continue
        asked = Asked(scope, actor.unit_id if scope is BoardScope.UNIT else None)
        if may_see_board(actor, asked) is not None:
            continue
        _, late = parts.lateness(reader, actor, asked, now)
        others = and_(parts.of_turns(actor, asked), late.of_turns(), turns.c.position_id.not_in(own))
        joined = turns.join(letters, letters.c.id == turns.c.letter_id)
        count = reader.execute(select(func.count()).select_from(joined).where(others)).scalar_one()
        if not count:
            continue
        post = and_(
            position_periods.c.position_id == turns.c.position_id, in_force(position_periods, actor.on or date.max)
        )
        rows = reader.execute(
            select(turns.c.kind, turns.c.since, *_WORDS, turns.c.position_id, position_periods.c.title)
            .select_from(joined.join(position_periods, post))
            .where(others, visible_letters(actor))
            .order_by(turns.c.since, turns.c.letter_id)
            .limit(MOST_BELOW)
        )
        shown = tuple(_letter(row, f"{row.id}.{row.position_id}", row.kind.thai, row.title) for row in rows)
        yield Below(actor.unit_name if scope is BoardScope.UNIT else "", count, shown)


_SCOPES = {PositionRole.DIRECTOR: BoardScope.UNIT, PositionRole.HEAD: BoardScope.AGENCY}
_WORDS = (letters.c.id, letters.c.subject, letters.c.number, letters.c.urgency, letters.c.secrecy)


def _letter(row: Any, key: str, deed: str, title: str, due: Due | None = None) -> Matter:
    shown = row.secrecy.is_open
    return Matter(
        key=key,
        about=About.LETTER,
        about_id=row.id,
        deed=deed,
        subject=row.subject if shown else MASKED_SUBJECT,
        number=(row.number or "") if shown else "",
        urgency=row.urgency,
        secrecy=row.secrecy,
        since=row.since,
        title=title,
        due=due,
    )
