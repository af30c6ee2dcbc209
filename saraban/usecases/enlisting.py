"""Sheets of units, posts and people: looked through line by line, and taken in as a whole or not at all. A sheet may be
brought again: the same codes are changed to what it says, and what is as before is left alone."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Holding, Person, PersonId, Position, PositionId, PositionRole, Unit, UnitId
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.numbering import thai_digits
from saraban.domain.organisation import (
    check_parent,
    is_there,
    on_day,
    read_authority,
    read_code,
    read_name,
    read_username,
    then,
)
from saraban.domain.organisation_events import (
    OrganisationImported,
    PersonAdded,
    PersonAppointed,
    PersonRenamed,
    PositionChanged,
    PositionOpened,
    UnitMoved,
    UnitOpened,
    UnitRenamed,
)
from saraban.domain.organisation_lists import MUST, NOT_CLEARED, ListKind
from saraban.domain.permissions import may_administer, require
from saraban.usecases.books import UnitOfWork
from saraban.usecases.notices import mail_set, notice_address
from saraban.usecases.ports import Services
from saraban.usecases.sheets import Sheet
from saraban.usecases.tree import Tree
from saraban.usecases.viruses import require_clean

MOST_LINES = 2_000
MOST_NEW_PEOPLE = 200
LARGEST_SHEET = 5_000_000
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass
class Enlisted:
    """What a sheet says or did: how many lines are new, changed and as before; what is wrong, by line; what each line
    does, in words; and the passwords that work once, by user name."""

    added: int = 0
    changed: int = 0
    same: int = 0
    faults: dict[int, str] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)


class _NotYet(Exception):
    """The line needs another one that has not been read yet."""


@dataclass
class _Desk:
    """What is needed while a sheet is worked through."""

    office: Services
    uow: UnitOfWork
    actor: Actor
    since: date
    authority: str
    really: bool
    tree: Tree
    found: Enlisted

    def by(self) -> dict[str, Any]:
        """When, by whom and by which order."""
        return {"at": self.office.clock.now(), "by": self.actor}


def read_list(office: Services, *, actor: Actor, data: bytes, name: str, kind: ListKind) -> Sheet:
    """The lines of a sheet (XLSX or CSV) in the order of the kind's columns. Raises BadInput ("file")."""
    require(may_administer(actor))
    if len(data) > LARGEST_SHEET:
        raise BadInput({"file": "ไฟล์ใหญ่เกิน ๕ MB"})
    require_clean(office.scanner, data)
    sheet = Sheet.of([[cell.strip() for cell in row] for row in office.spreadsheets.read(data, name)])
    if not sheet.rows:
        raise BadInput({"file": "ไม่พบรายการ แถวแรกต้องเป็นหัวตาราง แถวต่อไปเป็นรายการ"})
    if len(sheet.rows) > MOST_LINES:
        raise BadInput({"file": thai_digits(f"นำเข้าได้ครั้งละไม่เกิน {MOST_LINES:,} แถว แบ่งเป็นหลายไฟล์")})
    places = {heading: place for place, heading in enumerate(sheet.headings)}
    lacking = [text for key, text in kind.columns.items() if key in MUST and text not in places]
    if lacking:
        raise BadInput({"file": f"ไม่พบคอลัมน์ {', '.join(lacking)} ใช้หัวตารางตามแบบ"})
    wanted = [places.get(text) for text in kind.columns.values()]
    rows = [[row[at] if at is not None and at < len(row) else "" for at in wanted] for row in sheet.rows]
    return Sheet(list(kind.columns.values()), rows, sheet.numbers)


def enlist(
    office: Services,
    *,
    actor: Actor,
    kind: ListKind,
    rows: Sequence[Sequence[str]],
    since: date,
    authority: str,
    file: str,
    numbers: Sequence[int] = (),
    really: bool = False,
) -> Enlisted:
    """Look through the lines, and take them in when that is `really` meant and nothing is wrong with any. `numbers` are
    those of the rows in their sheet, from 2 on without any."""
    require(may_administer(actor))
    authority = read_authority(authority)
    with office.uow() as uow:
        desk = _Desk(office, uow, actor, since, authority, really, Tree(uow, actor), Enlisted())
        _work(desk, _READERS[kind](desk), kind, rows, numbers or range(2, len(rows) + 2))
        found = desk.found
        if not really or found.faults:
            return found
        counts = {"added": found.added, "changed": found.changed, "same": found.same}
        uow.record(
            OrganisationImported(
                at=office.clock.now(), by=actor, thing_id=actor.agency_id, kind=kind.value, file=file, **counts
            )
        )
        uow.commit()
    return found


Line = Callable[[Mapping[str, str]], str]


def _work(desk: _Desk, read: Line, kind: ListKind, rows: Sequence[Sequence[str]], numbers: Sequence[int]) -> None:
    """Every line once; those that wait for another one (a unit above) are tried again until none moves."""
    left = {place: dict(zip(kind.columns, row, strict=True)) for place, row in enumerate(rows)}
    key = next(iter(kind.columns))
    seen: dict[str, int] = {}
    for place, line in left.items():
        before = seen.setdefault(line[key].lower(), place)
        if before != place and line[key]:
            desk.found.faults[place] = thai_digits(f"{kind.columns[key]} “{line[key]}” ซ้ำกับแถวที่ {numbers[before]}")
    left = {place: line for place, line in left.items() if place not in desk.found.faults}
    moved = True
    while left and moved:
        moved = False
        for place, line in list(left.items()):
            try:
                did = read(line)
            except _NotYet:
                continue
            except BadInput as error:
                desk.found.faults[place] = " · ".join(error.fields.values())
            except RuleBroken as error:
                desk.found.faults[place] = error.thai
            else:
                desk.found.words[place] = did
            del left[place]
            moved = True
    for place, line in left.items():
        desk.found.faults[place] = f"ไม่พบหน่วยงานรหัส “{line.get('parent', '')}” ที่อยู่เหนือ"


def _count(desk: _Desk, new: bool, did: Sequence[str]) -> str:
    if new:
        desk.found.added += 1
        return "เพิ่ม"
    if did:
        desk.found.changed += 1
        return " · ".join(did)
    desk.found.same += 1
    return "คงเดิม"


# --- units ------------------------------------------------------------------------------------------------------------


def _units(desk: _Desk) -> Line:
    tree, actor, since, order = desk.tree, desk.actor, desk.since, desk.authority

    def read(line: Mapping[str, str]) -> str:
        code, name = read_code(line["code"]), read_name(line["name"], "name", "ชื่อหน่วยงาน")
        known = {unit.code: unit for unit in tree.units.values()}
        if line["parent"] and line["parent"] not in known:
            raise _NotYet
        above = known.get(line["parent"])
        unit = known.get(code)
        tree.check_name(name, since, unit.id if unit else None)
        at = above.id if above else None
        if unit is None:
            number = line["series"] or (above.series if above else desk.uow.agencies.get(actor.agency_id).series)
            unit = Unit(UnitId(uuid4()), actor.agency_id, code, name, number, parent_id=at, since=since)
            check_parent(unit, above, since, tree.parents(since))
            desk.uow.agencies.add_unit(unit)
            tree.add(unit)
            opened = UnitOpened(
                **desk.by(),
                thing_id=unit.id,
                unit=name,
                code=code,
                above=above.name if above else "",
                out_of="",
                since=since,
                authority=order,
            )
            desk.uow.record(opened)
            return _count(desk, True, ())
        if not is_there(unit, since):
            raise BadInput({"code": f"{unit.name}ยุบแล้ว"})
        now, did = on_day(tree.courses[unit.id], since), []
        if now.name != name:
            tree.change(unit, since, order, name=name)
            desk.uow.record(
                UnitRenamed(**desk.by(), thing_id=unit.id, before=now.name, unit=name, since=since, authority=order)
            )
            did.append(f"ชื่อเดิม {now.name}")
        if now.parent_id != at:
            check_parent(unit, above, since, tree.parents(since))
            tree.change(unit, since, order, parent_id=at)
            desk.uow.record(
                UnitMoved(
                    **desk.by(),
                    thing_id=unit.id,
                    unit=name,
                    above=above.name if above else "",
                    since=since,
                    authority=order,
                )
            )
            did.append(f"ย้ายไปใต้{above.name if above else 'ส่วนราชการ'}")
        if line["series"] and unit.series != line["series"]:
            unit.series = line["series"]
            desk.uow.agencies.save_unit(unit)
            did.append(f"เลขประจำ {line['series']}")
        return _count(desk, False, did)

    return read


# --- posts ------------------------------------------------------------------------------------------------------------


def _positions(desk: _Desk) -> Line:
    uow, actor, since, order = desk.uow, desk.actor, desk.since, desk.authority
    known = {one.code: one for one in uow.agencies.all_positions(actor.agency_id) if one.code}
    courses = uow.agencies.position_courses(actor.agency_id)
    roles = {role.thai: role for role in PositionRole} | {role.value: role for role in PositionRole}

    def read(line: Mapping[str, str]) -> str:
        code, title = read_code(line["code"]), read_name(line["title"], "title", "ชื่อตำแหน่ง")
        unit = desk.tree.unit(line["unit"])
        if not is_there(unit, since) or unit.until is not None:
            raise BadInput({"unit": f"{unit.name}ยังไม่ตั้งหรือยุบแล้ว"})
        role = roles.get(line["role"])
        if role is None:
            raise BadInput({"role": f"ไม่รู้จักบทบาท “{line['role']}” ใช้ {', '.join(one.thai for one in PositionRole)}"})
        clearance = line["clearance"] not in NOT_CLEARED
        post = known.get(code)
        facts: dict[str, Any] = {
            "title": title,
            "unit": unit.name,
            "role": role.value,
            "since": since,
            "authority": order,
        }
        if post is None:
            post = Position(PositionId(uuid4()), actor.agency_id, unit.id, title, role, clearance, code, since)
            uow.agencies.add_position(post)
            known[code] = post
            uow.record(PositionOpened(**desk.by(), thing_id=post.id, **facts))
            return _count(desk, True, ())
        course = courses[post.id]
        now, did = on_day(course, since), []
        if (now.title, now.unit_id) != (title, unit.id):
            uow.agencies.set_position_course(post.id, then(course, since, order, title=title, unit_id=unit.id))
            did.append(f"เดิม {now.title}")
        if (post.role, post.clearance) != (role, clearance):
            if PositionRole.ADMIN in (post.role, role) and post.role is not role:
                raise RuleBroken("บทบาทผู้ดูแลระบบเปลี่ยนที่หน้าของตำแหน่ง ไม่ใช่จากไฟล์", code="administrator")
            post.role, post.clearance = role, clearance
            uow.agencies.save_position(post)
            did.append(f"บทบาท{role.thai}")
        if did:
            changed = {**facts, "before": now.title, "clearance": clearance}
            uow.record(PositionChanged(**desk.by(), thing_id=post.id, **changed))
        return _count(desk, False, did)

    return read


# --- people -----------------------------------------------------------------------------------------------------------


def _people(desk: _Desk) -> Line:
    uow, actor, since, order = desk.uow, desk.actor, desk.since, desk.authority
    posts = {one.code: one for one in uow.agencies.all_positions(actor.agency_id) if one.code}
    held = list(uow.people.holdings(actor.agency_id))

    def read(line: Mapping[str, str]) -> str:
        name, username = read_name(line["name"], "name", "ชื่อและนามสกุล"), read_username(line["username"])
        email = notice_address(uow.directory, line["email"])
        post = posts.get(line["position"])
        if line["position"] and post is None:
            raise BadInput({"position": f"ไม่พบตำแหน่งเลขที่ “{line['position']}” นำเข้าตำแหน่งก่อน"})
        if post is not None and not is_there(post, since):
            raise BadInput({"position": f"ตำแหน่งเลขที่ “{line['position']}” ไม่มีอยู่ในวันนั้น"})
        person, did, new = uow.people.by_username(username), [], False
        if person is not None and person.agency_id != actor.agency_id:
            raise BadInput({"username": f"มีผู้ใช้ “{username}” แล้ว เลือกชื่ออื่น"})
        if person is None:
            new, person = True, _new_person(desk, name, username)
        elif person.name != name:
            did.append(f"ชื่อเดิม {person.name}")
            renamed = PersonRenamed(**desk.by(), thing_id=person.id, before=person.name, person=name, authority=order)
            uow.record(renamed)
            person.name = name
            uow.people.save(person)
        if email and person.email != email:
            person.email = email
            uow.people.save(person)
            uow.record(mail_set(person, **desk.by()))
            did.append(f"อีเมล {email}")
        if post is not None:
            then_held = [
                one for one in held if one.position_id == post.id and (one.until is None or one.until >= since)
            ]
            if any(one.person_id != person.id for one in then_held):
                raise RuleBroken(f"ตำแหน่งเลขที่ {post.code} มีผู้ดำรงอยู่แล้ว ให้พ้นจากตำแหน่งก่อน", code="position-held")
            if not then_held:
                holding = Holding(person.id, post.id, since, None, order)
                uow.people.hold(holding)
                held.append(holding)
                unit = desk.tree.units[post.unit_id].name
                facts: dict[str, Any] = {
                    "person": name,
                    "title": post.title,
                    "unit": unit,
                    "since": since,
                    "until": None,
                }
                uow.record(PersonAppointed(**desk.by(), thing_id=person.id, authority=order, **facts))
                did.append(f"แต่งตั้งเป็น{post.title}")
        return _count(desk, new, did)

    return read


def _new_person(desk: _Desk, name: str, username: str) -> Person:
    if desk.found.added >= MOST_NEW_PEOPLE:
        raise BadInput({"username": "เพิ่มบัญชีใหม่ได้ครั้งละไม่เกิน ๒๐๐ คน แบ่งเป็นหลายไฟล์"})
    hashed = ""
    if desk.really:
        password = "".join(secrets.choice(_SIGNS) for _ in range(12))
        hashed = desk.office.passwords.hash(password)
        desk.found.passwords[username] = password
    person = Person(PersonId(uuid4()), desk.actor.agency_id, name, username, hashed, password_once=True)
    desk.uow.people.add(person)
    desk.uow.record(PersonAdded(**desk.by(), thing_id=person.id, person=name, username=username))
    return person


_READERS: Mapping[ListKind, Callable[[_Desk], Line]] = {
    ListKind.UNITS: _units,
    ListKind.POSITIONS: _positions,
    ListKind.PEOPLE: _people,
}
