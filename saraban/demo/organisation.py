"""The organisation of the demo: groups below the units, posts, a vacant one, a person with two, a name that changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId, PositionRole, UnitId
from saraban.usecases import enrolling, organising, staffing
from saraban.usecases.ports import Services


@dataclass(frozen=True)
class Growth:
    """What an agency has besides the units and people with which it was opened. `groups`: code, name, the unit above;
    `renamed`: a unit's code and its name of today; `posts`: unit, title, role, who holds it (empty: vacant)."""

    renamed: tuple[str, str]
    groups: tuple[tuple[str, str, str], ...]
    posts: tuple[tuple[str, str, PositionRole, str], ...]


GROWTH = {
    "opdc": Growth(
        ("digital", "กองขับเคลื่อนรัฐบาลดิจิทัล"),
        (
            ("digital-data", "กลุ่มงานข้อมูลภาครัฐ", "digital"),
            ("digital-service", "กลุ่มงานบริการดิจิทัล", "digital"),
            ("law-rules", "กลุ่มงานระเบียบสารบรรณ", "law"),
        ),
        (
            ("digital-data", "หัวหน้ากลุ่มงานข้อมูลภาครัฐ", PositionRole.CLERK, "นายวีระ เชื่อมโยง"),
            ("digital-service", "หัวหน้ากลุ่มงานบริการดิจิทัล", PositionRole.CLERK, "นายวีระ เชื่อมโยง"),
            ("digital", "ผู้อำนวยการกองขับเคลื่อนรัฐบาลดิจิทัล", PositionRole.DIRECTOR, ""),
            ("law-rules", "นิติกรชำนาญการ", PositionRole.CLERK, "นางสาวอรุณี รอบคอบ"),
        ),
    ),
    "dopa": Growth(
        ("registration", "สำนักบริหารการทะเบียน"),
        (
            ("registration-people", "ส่วนการทะเบียนราษฎร", "registration"),
            ("registration-card", "ส่วนบัตรประจำตัวประชาชน", "registration"),
            ("local-village", "ส่วนบริหารงานกำนันผู้ใหญ่บ้าน", "local"),
        ),
        (
            ("registration-people", "หัวหน้าฝ่ายทะเบียนราษฎร", PositionRole.CLERK, "นายสุเทพ ทะเบียนดี"),
            ("registration-card", "หัวหน้าฝ่ายบัตรประจำตัวประชาชน", PositionRole.CLERK, "นายสุเทพ ทะเบียนดี"),
            ("registration", "ผู้อำนวยการสำนักบริหารการทะเบียน", PositionRole.DIRECTOR, ""),
            ("local-village", "เจ้าพนักงานปกครองชำนาญการ", PositionRole.CLERK, "นางสาวกมล ใกล้ชิด"),
        ),
    ),
}


def grow(services: Services, code: str, admin: Actor, since: date) -> None:
    """Set the rest of the organisation up as the administrator would."""
    growth, order = GROWTH[code], f"คำสั่งที่ 45/{since.year + 543}"
    with services.uow() as uow:
        ids: dict[str, UnitId] = {unit.code: unit.id for unit in uow.agencies.units(admin.agency_id)}
    unit, name = growth.renamed
    organising.rename_unit(services, actor=admin, unit_id=ids[unit], name=name, since=since, authority=order)
    for group, called, above in growth.groups:
        ids[group] = organising.open_unit(
            services, actor=admin, code=group, name=called, parent=above, since=since, authority=order
        )
    people: dict[str, PersonId] = {}
    for group, title, role, holder in growth.posts:
        position = staffing.open_position(
            services, actor=admin, unit_id=ids[group], title=title, role=role, since=since, authority=order
        )
        if not holder:
            continue
        if holder not in people:
            username = f"staff{len(people) + 1}.{code}"
            people[holder], _ = enrolling.add_person(services, actor=admin, name=holder, username=username)
        staffing.appoint(
            services, actor=admin, position_id=position, person_id=people[holder], since=since, authority=order
        )
