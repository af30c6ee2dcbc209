"""Units of the organisation: opened, renamed, moved, merged, split and ended, each from a day on and by an order."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Unit, UnitId
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.organisation import (
    Succession,
    check_parent,
    close_unit,
    last_day,
    on_day,
    read_authority,
    read_code,
    read_name,
    then,
    undone,
)
from saraban.domain.organisation_events import (
    ChangeUndone,
    UnitEnded,
    UnitMerged,
    UnitMoved,
    UnitOpened,
    UnitRenamed,
)
from saraban.domain.permissions import may_administer, require
from saraban.usecases.ports import Services
from saraban.usecases.tree import Tree


def open_unit(
    office: Services,
    *,
    actor: Actor,
    code: str,
    name: str,
    since: date,
    authority: str,
    series: str = "",
    parent: str = "",
    out_of: str = "",
) -> UnitId:
    """Set up a unit under another (`parent`, a code; empty for the top). `out_of` is the unit that it was split from.
    Raises BadInput by field."""
    require(may_administer(actor))
    code, name = read_code(code), read_name(name, "name", "ชื่อหน่วยงาน")
    authority = read_authority(authority)
    now = office.clock.now()
    with office.uow() as uow:
        tree = Tree(uow, actor)
        if any(unit.code.lower() == code.lower() for unit in tree.units.values()):
            raise BadInput({"code": f"มีหน่วยงานรหัส “{code}” แล้ว"})
        tree.check_name(name, since)
        above = tree.unit(parent, "parent") if parent else None
        giver = tree.unit(out_of, "out_of") if out_of else None
        number = " ".join(series.split()) or (above.series if above else uow.agencies.get(actor.agency_id).series)
        unit = Unit(
            UnitId(uuid4()), actor.agency_id, code, name, number, parent_id=above.id if above else None, since=since
        )
        check_parent(unit, above, since, tree.parents(since))
        uow.agencies.add_unit(unit)
        if giver is not None:
            uow.agencies.add_succession(Succession(giver.id, unit.id, since, authority))
        uow.record(
            UnitOpened(
                at=now,
                by=actor,
                thing_id=unit.id,
                unit=name,
                code=code,
                above=above.name if above else "",
                out_of=giver.name if giver else "",
                since=since,
                authority=authority,
            )
        )
        uow.commit()
    return unit.id


def rename_unit(office: Services, *, actor: Actor, unit_id: UnitId, name: str, since: date, authority: str) -> None:
    """Call a unit otherwise from a day on. What bears the old name keeps it."""
    require(may_administer(actor))
    name, authority = read_name(name, "name", "ชื่อใหม่"), read_authority(authority)
    with office.uow() as uow:
        tree = Tree(uow, actor)
        unit = _unit(tree, unit_id)
        before = on_day(tree.courses[unit.id], since).name
        if before == name:
            raise BadInput({"name": "ชื่อใหม่เหมือนชื่อเดิม"})
        tree.check_name(name, since, unit.id)
        tree.change(unit, since, authority, name=name)
        uow.record(
            UnitRenamed(
                at=office.clock.now(),
                by=actor,
                thing_id=unit.id,
                before=before,
                unit=name,
                since=since,
                authority=authority,
            )
        )
        uow.commit()


def move_unit(office: Services, *, actor: Actor, unit_id: UnitId, parent: str, since: date, authority: str) -> None:
    """Put a unit under another from a day on; to the top for an empty `parent`."""
    require(may_administer(actor))
    authority = read_authority(authority)
    with office.uow() as uow:
        tree = Tree(uow, actor)
        unit = _unit(tree, unit_id)
        above = tree.unit(parent, "parent") if parent else None
        for day in (since, date.max):
            check_parent(unit, above, since, tree.parents(day))
        tree.change(unit, since, authority, parent_id=above.id if above else None)
        uow.record(
            UnitMoved(
                at=office.clock.now(),
                by=actor,
                thing_id=unit.id,
                unit=unit.name,
                above=above.name if above else "",
                since=since,
                authority=authority,
            )
        )
        uow.commit()


def merge_unit(office: Services, *, actor: Actor, unit_id: UnitId, into: str, since: date, authority: str) -> None:
    """Let a unit become a part of another from a day on: its posts with who holds them and the units below it go
    there, and it has its last day before."""
    require(may_administer(actor))
    authority = read_authority(authority)
    with office.uow() as uow:
        tree = Tree(uow, actor)
        unit, target = _unit(tree, unit_id), tree.unit(into, "into")
        if target.id == unit.id:
            raise BadInput({"into": "เลือกหน่วยงานอื่น"})
        try:
            check_parent(unit, target, since, tree.parents(since))
        except BadInput as error:
            raise BadInput({"into": error.fields["parent"]}) from error
        for child in tree.below(unit, since):
            tree.change(child, since, authority, parent_id=target.id)
        for position, course in tree.posts(unit, since):
            uow.agencies.set_position_course(position.id, then(course, since, authority, unit_id=target.id))
        close_unit(unit, last_day(since), (), ())
        uow.agencies.save_unit(unit)
        uow.agencies.add_succession(Succession(unit.id, target.id, since, authority))
        uow.record(
            UnitMerged(
                at=office.clock.now(),
                by=actor,
                thing_id=unit.id,
                unit=unit.name,
                into=target.name,
                since=since,
                authority=authority,
            )
        )
        uow.commit()


def end_unit(office: Services, *, actor: Actor, unit_id: UnitId, until: date, authority: str) -> None:
    """Give a unit its last day. Raises RuleBroken while it has posts or units below it after that day."""
    require(may_administer(actor))
    authority = read_authority(authority)
    with office.uow() as uow:
        tree = Tree(uow, actor)
        unit = _unit(tree, unit_id)
        after = date.fromordinal(until.toordinal() + 1)
        posts = [on_day(course, after).title for _, course in tree.posts(unit, after)]
        close_unit(unit, until, [child.name for child in tree.below(unit, after)], posts)
        uow.agencies.save_unit(unit)
        uow.record(
            UnitEnded(
                at=office.clock.now(), by=actor, thing_id=unit.id, unit=unit.name, until=until, authority=authority
            )
        )
        uow.commit()


def undo_planned(office: Services, *, actor: Actor, unit_id: UnitId) -> None:
    """Take back the last change of a unit's name or place, which has not begun."""
    require(may_administer(actor))
    now = office.clock.now()
    with office.uow() as uow:
        tree = Tree(uow, actor)
        unit = _unit(tree, unit_id)
        since = tree.courses[unit.id][-1].since
        uow.agencies.set_unit_course(unit.id, undone(tree.courses[unit.id], office_date(now)))
        uow.record(ChangeUndone(at=now, by=actor, thing_id=unit.id, of=unit.name, since=since))
        uow.commit()


def _unit(tree: Tree, unit_id: UnitId) -> Unit:
    if unit_id not in tree.units:
        raise NotFound
    return tree.units[unit_id]
