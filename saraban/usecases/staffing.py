"""Posts of the organisation, and who holds them: from a day on and by an order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Holding, Person, PersonId, Position, PositionId, PositionRole, UnitId
from saraban.domain.calendar import long_date
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.numbering import thai_digits
from saraban.domain.organisation import (
    check_days,
    is_there,
    read_authority,
    read_name,
    then,
)
from saraban.domain.organisation_events import (
    HoldingEnded,
    PersonAppointed,
    PositionChanged,
    PositionEnded,
    PositionOpened,
)
from saraban.domain.permissions import may_administer, require
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services

# --- posts ------------------------------------------------------------------------------------------------------------


def open_position(
    office: Services,
    *,
    actor: Actor,
    unit_id: UnitId,
    title: str,
    role: PositionRole,
    since: date,
    authority: str,
    clearance: bool = False,
    code: str = "",
) -> PositionId:
    """Set up a post in a unit, held by nobody yet. Raises BadInput by field."""
    require(may_administer(actor))
    title, authority, code = read_name(title, "title", "ชื่อตำแหน่ง"), read_authority(authority), code.strip()
    with office.uow() as uow:
        unit = uow.agencies.unit(actor.agency_id, unit_id, since)
        if not is_there(unit, since):
            raise BadInput({"since": f"{unit.name}ไม่มีอยู่ในวันที่ {_day(since)}"})
        if code and any(other.code == code for other in uow.agencies.all_positions(actor.agency_id)):
            raise BadInput({"code": f"มีตำแหน่งเลขที่ “{code}” แล้ว"})
        position = Position(PositionId(uuid4()), actor.agency_id, unit_id, title, role, clearance, code, since)
        uow.agencies.add_position(position)
        uow.record(
            PositionOpened(
                at=office.clock.now(),
                by=actor,
                thing_id=position.id,
                title=title,
                unit=unit.name,
                role=role.value,
                since=since,
                authority=authority,
            )
        )
        uow.commit()
    return position.id


def change_position(
    office: Services,
    *,
    actor: Actor,
    position_id: PositionId,
    title: str,
    unit_id: UnitId,
    role: PositionRole,
    clearance: bool,
    since: date,
    authority: str,
) -> None:
    """Give a post another title or unit from a day on, or another role and right at once. Routes that name the post
    keep naming it."""
    require(may_administer(actor))
    title, authority = read_name(title, "title", "ชื่อตำแหน่ง"), read_authority(authority)
    with office.uow() as uow:
        position = _position(uow, actor, position_id)
        unit = uow.agencies.unit(actor.agency_id, unit_id, since)
        if not is_there(unit, since) or unit.until is not None:
            raise BadInput({"unit": f"{unit.name}ไม่มีอยู่ในวันที่ {_day(since)} หรือกำหนดวันยุบแล้ว"})
        before = position.title
        if (position.title, position.unit_id) != (title, unit_id):
            course = uow.agencies.position_courses(actor.agency_id)[position.id]
            changed = then(course, since, authority, title=title, unit_id=unit_id)
            uow.agencies.set_position_course(position.id, changed)
        if position.role is PositionRole.ADMIN and role is not PositionRole.ADMIN:
            _keep_an_administrator(uow, actor, since, besides=position.id)
        position.role, position.clearance = role, clearance
        uow.agencies.save_position(position)
        uow.record(
            PositionChanged(
                at=office.clock.now(),
                by=actor,
                thing_id=position.id,
                before=before,
                title=title,
                unit=unit.name,
                role=role.value,
                clearance=clearance,
                since=since,
                authority=authority,
            )
        )
        uow.commit()


def end_position(office: Services, *, actor: Actor, position_id: PositionId, until: date, authority: str) -> None:
    """Give a post its last day; who holds it then has the last day there too."""
    require(may_administer(actor))
    authority = read_authority(authority)
    now = office.clock.now()
    with office.uow() as uow:
        position = _position(uow, actor, position_id)
        if position.until is not None:
            raise RuleBroken(f"ตำแหน่งนี้กำหนดวันสุดท้ายไว้แล้ว คือ {_day(position.until)}", code="position-ended")
        if position.since is not None and until < position.since:
            raise BadInput({"until": f"ตำแหน่งนี้ตั้งขึ้นวันที่ {_day(position.since)}"})
        if position.role is PositionRole.ADMIN:
            _keep_an_administrator(uow, actor, _next(until), besides=position.id)
        for held in _of_position(uow, actor, position.id):
            if held.until is None or held.until > until:
                if held.since > until:
                    raise RuleBroken("มีผู้ได้รับแต่งตั้งในตำแหน่งนี้หลังวันดังกล่าว สิ้นสุดการดำรงตำแหน่งนั้นก่อน", code="position-held")
                uow.people.save_holding(replace(held, until=until))
                name = uow.people.get(held.person_id).name
                uow.record(_ended(actor, now, held, name, position.title, until, authority))
        position.until = until
        uow.agencies.save_position(position)
        uow.record(
            PositionEnded(
                at=now, by=actor, thing_id=position.id, title=position.title, until=until, authority=authority
            )
        )
        uow.commit()


# --- who holds them ---------------------------------------------------------------------------------------------------


def appoint(
    office: Services,
    *,
    actor: Actor,
    position_id: PositionId,
    person_id: PersonId,
    since: date,
    authority: str,
    until: date | None = None,
) -> None:
    """Let a person hold a post from a day on. Raises RuleBroken while somebody holds it in that time."""
    require(may_administer(actor))
    authority = read_authority(authority)
    check_days(since, until)
    with office.uow() as uow:
        position, person = _position(uow, actor, position_id), _person(uow, actor, person_id)
        if not person.active:
            raise BadInput({"person": f"บัญชีของ{person.name}ปิดอยู่ เปิดบัญชีก่อน"})
        if not is_there(position, since):
            raise BadInput({"since": f"ตำแหน่งนี้ไม่มีอยู่ในวันที่ {_day(since)}"})
        for held in _of_position(uow, actor, position.id):
            if (until is None or held.since <= until) and (held.until is None or held.until >= since):
                name = uow.people.get(held.person_id).name
                raise RuleBroken(
                    f"{name}ดำรงตำแหน่งนี้อยู่ตั้งแต่ {_day(held.since)}"
                    f"{f' ถึง {_day(held.until)}' if held.until else ''} สิ้นสุดการดำรงตำแหน่งนั้นก่อน",
                    code="position-held",
                )
        post = uow.agencies.post(actor.agency_id, position.id, since)
        uow.people.hold(Holding(person.id, position.id, since, until, authority))
        uow.record(
            PersonAppointed(
                at=office.clock.now(),
                by=actor,
                thing_id=person.id,
                person=person.name,
                title=post.position.title,
                unit=post.unit.name,
                since=since,
                until=until,
                authority=authority,
            )
        )
        uow.commit()


def end_holding(
    office: Services,
    *,
    actor: Actor,
    position_id: PositionId,
    person_id: PersonId,
    since: date,
    until: date,
    authority: str,
) -> None:
    """Give a person the last day in a post that was held since a day."""
    require(may_administer(actor))
    authority = read_authority(authority)
    check_days(since, until)
    now = office.clock.now()
    with office.uow() as uow:
        position, person = _position(uow, actor, position_id), _person(uow, actor, person_id)
        held = next(
            (h for h in _of_position(uow, actor, position.id) if (h.person_id, h.since) == (person.id, since)), None
        )
        if held is None:
            raise NotFound
        if position.role is PositionRole.ADMIN:
            _keep_an_administrator(uow, actor, _next(until), besides=position.id)
        uow.people.save_holding(replace(held, until=until))
        uow.record(_ended(actor, now, held, person.name, position.title, until, authority))
        uow.commit()


def _position(uow: UnitOfWork, actor: Actor, position_id: PositionId) -> Position:
    found = next((one for one in uow.agencies.all_positions(actor.agency_id) if one.id == position_id), None)
    if found is None:
        raise NotFound
    return found


def _person(uow: UnitOfWork, actor: Actor, person_id: PersonId) -> Person:
    person = uow.people.get(person_id)
    if person.agency_id != actor.agency_id:
        raise NotFound
    return person


def _of_position(uow: UnitOfWork, actor: Actor, position_id: PositionId) -> list[Holding]:
    return [held for held in uow.people.holdings(actor.agency_id) if held.position_id == position_id]


def _keep_an_administrator(uow: UnitOfWork, actor: Actor, on: date, besides: PositionId) -> None:
    posts = uow.agencies.posts(actor.agency_id, PositionRole.ADMIN, on)
    if not any(post.holder is not None and post.position.id != besides for post in posts):
        raise RuleBroken("ส่วนราชการต้องมีผู้ดูแลระบบอย่างน้อยหนึ่งคน แต่งตั้งคนอื่นก่อน", code="last-administrator")


def _ended(
    actor: Actor, now: datetime, held: Holding, person: str, title: str, until: date, authority: str
) -> HoldingEnded:
    return HoldingEnded(
        at=now, by=actor, thing_id=held.person_id, person=person, title=title, until=until, authority=authority
    )


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _day(day: date) -> str:
    return thai_digits(long_date(day))
