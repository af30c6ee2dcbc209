"""Who sees which rows, as SQL; the same rule as `domain.permissions`, which a property test holds it to."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, FromClause, Table, and_, exists, false, not_, or_, select, true

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.capacity import Acting
from saraban.domain.classification import Form, Secrecy
from saraban.domain.errors import NotFound
from saraban.domain.loan import LoanState
from saraban.domain.permissions import REGISTERS_ONLY
from saraban.domain.task import TaskState
from saraban.storage.tables.archive import loans
from saraban.storage.tables.circulation import readers
from saraban.storage.tables.letters import incoming, letters, route_steps
from saraban.storage.tables.registers import entries
from saraban.storage.tables.tasks import tasks

MASKED = "ปกปิด"
MASKED_SUBJECT = "หนังสือมีชั้นความลับ"
ACTORS = 256
"""For how many actors a condition is kept: to make it costs more than most of the questions that it is asked in."""
# Made once: to give an alias its columns costs more than most of the conditions.
_GIVEN = tasks.alias("given")
_LISTED = readers.alias("listed")
_LENT = loans.alias("lent")


@lru_cache(maxsize=ACTORS)
def visible_letters(actor: Actor) -> ColumnElement[bool]:
    """The condition over `letters` that the actor may read the row (domain.permissions.may_read_letter)."""
    reasons = [_by_office(actor, letters.c.unit_id, letters.c.secrecy)]
    if actor.position_id is not None:
        reasons.append(
            # Of any step, also where the question itself is about steps.
            exists()
            .where(route_steps.c.letter_id == letters.c.id, route_steps.c.position_id == actor.position_id)
            .correlate(letters)
        )
    if actor.person_id is not None:
        reasons.append(_reads_by_list(actor, letters))
    readable = or_(*reasons)
    if actor.acting is not None:
        readable = and_(readable, within_order(actor.acting, letters.c.unit_id, letters.c.secrecy, letters.c.form))
    if actor.person_id is not None:
        readable = or_(readable, letters.c.drafter_id == actor.person_id)
    return and_(letters.c.agency_id == actor.agency_id, readable)


@lru_cache(maxsize=ACTORS)
def visible_incoming(actor: Actor) -> ColumnElement[bool]:
    """The condition over `incoming` that the actor may read the row (domain.permissions.may_read_incoming)."""
    reasons = [_by_office(actor, incoming.c.unit_id, incoming.c.secrecy)]
    given = _GIVEN
    if (to_actor := _given_to(actor, given)) is not None:
        cleared = true() if actor.clearance else incoming.c.secrecy == Secrecy.OPEN
        found = select(given.c.id).where(given.c.incoming_id == incoming.c.id, to_actor).correlate_except(given)
        reasons.append(and_(cleared, found.exists()))
    if actor.person_id is not None:
        reasons.append(_reads_by_list(actor, incoming))
    readable = or_(*reasons)
    if actor.acting is not None:
        readable = and_(readable, within_order(actor.acting, incoming.c.unit_id, incoming.c.secrecy, None))
    return and_(incoming.c.agency_id == actor.agency_id, readable)


def _reads_by_list(actor: Actor, letter: Table) -> ColumnElement[bool]:
    """The condition over letters that the actor is on their list of readers, and cleared where they are classified, or
    has borrowed what is classified: open letters are read without."""
    listed, lent = _LISTED, _LENT
    found = exists().where(listed.c.about_id == letter.c.id, listed.c.person_id == actor.person_id).correlate(letter)
    if not actor.clearance:
        return and_(letter.c.secrecy == Secrecy.OPEN, found)
    out = (lent.c.subject_of == letter.c.id, lent.c.borrower_id == actor.person_id, lent.c.state == LoanState.OUT)
    return or_(found, and_(letter.c.secrecy != Secrecy.OPEN, exists().where(*out).correlate(letter)))


def _given_to(actor: Actor, given: FromClause) -> ColumnElement[bool] | None:
    """The condition over tasks that the row was given to the actor, to his position or his unit, or taken by him, and
    was not taken back (domain.permissions.given_to); None when nothing can have been."""
    t, mine = given.c, []
    if actor.person_id is not None:
        mine += [t.person_id == actor.person_id, t.taker_id == actor.person_id]
    if actor.position_id is not None:
        mine.append(and_(t.person_id.is_(None), t.position_id == actor.position_id))
    if actor.unit_id is not None and actor.role not in REGISTERS_ONLY:
        mine.append(and_(t.person_id.is_(None), t.position_id.is_(None), t.unit_id == actor.unit_id))
    return and_(t.state != TaskState.TAKEN_BACK, or_(*mine)) if mine else None


def within_order(
    acting: Acting, unit: ColumnElement[UUID], secrecy: ColumnElement[Secrecy], form: ColumnElement[Form] | None
) -> ColumnElement[bool]:
    """The condition that the orders by which somebody acts reach a letter (domain.capacity.Acting.beyond). `form` is
    None for letters that came in."""
    bounds: list[ColumnElement[bool]] = []
    for one in acting.limits:
        bounds.append(secrecy.in_(one.levels()))
        if one.units:
            bounds.append(unit.in_(one.units))
        if form is None:
            bounds.append(true() if one.incoming else false())
        elif one.forms:
            bounds.append(form.in_(one.forms))
    return and_(*bounds)


def register_masked(actor: Actor) -> ColumnElement[bool]:
    """The condition over `entries` that a classified line shows without its words: the actor is no cleared clerk of the
    line's unit or of the central one, and may not read the letter either."""
    may_know = [_cleared(actor, entries.c.unit_id)]
    if actor.acting is not None:  # an order may reach less than the position: what counts is each letter
        may_know = [exists().where(incoming.c.id == entries.c.subject_of, visible_incoming(actor))]
    if actor.person_id is not None or actor.position_id is not None:
        may_know.append(exists().where(letters.c.id == entries.c.subject_of, visible_letters(actor)))
        if actor.clearance:
            may_know.append(exists().where(incoming.c.id == entries.c.subject_of, visible_incoming(actor)))
    return and_(entries.c.secrecy != Secrecy.OPEN, not_(or_(*may_know)))


@lru_cache(maxsize=ACTORS)
def openable_lines(actor: Actor) -> ColumnElement[bool]:
    """The condition over `entries` that the actor may open the files of the line (domain.permissions.may_open_scan)."""
    readable = _by_office(actor, entries.c.unit_id, entries.c.secrecy)
    if actor.role is PositionRole.RECORDS:
        readable = or_(readable, entries.c.secrecy == Secrecy.OPEN)
    if actor.acting is not None:
        readable = and_(readable, within_order(actor.acting, entries.c.unit_id, entries.c.secrecy, None))
    return and_(entries.c.agency_id == actor.agency_id, readable)


def require_letter(reader: Connection, actor: Actor, letter_id: UUID) -> None:
    """Raise NotFound unless there is such an outgoing letter and the actor may read it."""
    if reader.execute(select(letters.c.id).where(letters.c.id == letter_id, visible_letters(actor))).first() is None:
        raise NotFound


def require_incoming(reader: Connection, actor: Actor, incoming_id: UUID) -> None:
    """Raise NotFound unless there is such an incoming letter and the actor may read it."""
    found = reader.execute(select(incoming.c.id).where(incoming.c.id == incoming_id, visible_incoming(actor))).first()
    if found is None:
        raise NotFound


def is_classified(reader: Connection, actor: Actor, letter_id: UUID) -> bool:
    """Is this a letter, outgoing or incoming, that the actor may read and that is not open to all who may?"""
    for table, visible in ((letters, visible_letters), (incoming, visible_incoming)):
        statement = select(table.c.secrecy).where(table.c.id == letter_id, visible(actor))
        found = reader.execute(statement).scalar()
        if found is not None:
            return not found.is_open
    return False


def _by_office(actor: Actor, unit: ColumnElement[UUID], secrecy: ColumnElement[Secrecy]) -> ColumnElement[bool]:
    """What the actor's unit and post let them read: open letters of the unit, all open ones for the central clerk,
    classified ones for cleared clerks."""
    is_open = secrecy == Secrecy.OPEN
    central_clerk = actor.central and actor.role is PositionRole.CLERK
    of_unit = false() if actor.role in REGISTERS_ONLY else _of_unit(actor, unit)
    return or_(
        and_(is_open, true() if central_clerk else of_unit),
        and_(not_(is_open), _cleared(actor, unit)),
    )


def _cleared(actor: Actor, unit: ColumnElement[UUID]) -> ColumnElement[bool]:
    if actor.role is not PositionRole.CLERK or not actor.clearance:
        return false()
    return true() if actor.central else _of_unit(actor, unit)


def _of_unit(actor: Actor, unit: ColumnElement[UUID]) -> ColumnElement[bool]:
    return false() if actor.unit_id is None else unit == actor.unit_id
