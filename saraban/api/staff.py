"""Posts and people for programs: who holds what, accounts, and clearances."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import forms
from saraban.api import shapes as s
from saraban.api.fields import Choice, Day, Flag, Form, Identity, Text
from saraban.api.gate import section, told
from saraban.api.organisation import ORDER, ByOrder, PostShape, UntilByOrder, day, shown_post
from saraban.api.repeating import Json, once_done, once_made
from saraban.domain.agency import PersonId, PositionId, PositionRole, UnitId
from saraban.domain.errors import NotFound
from saraban.domain.organisation import MOST_CODE, MOST_NAME
from saraban.domain.outsider import MOST_ADDRESS
from saraban.reading import staff
from saraban.usecases import enrolling, staffing, subscribing
from saraban.usecases.ports import Services

api = section("staff", "ตำแหน่งและบัญชีบุคคล")
_ID = "00000000-0000-4000-8000-000000000001"
_FROM = {"since": "2027-01-01", "authority": ORDER}


class PostForm(ByOrder):
    """A new post."""

    title = Text(most=MOST_NAME, required=True, metadata={"example": "นักวิเคราะห์นโยบายและแผน"})
    role = Choice(PositionRole, required=True, metadata={"example": "clerk"})
    clearance = Flag(load_default=False)
    code = Text(most=MOST_CODE, load_default="", metadata={"example": "101"})


class ChangeForm(ByOrder):
    """All that can change about a post."""

    title = Text(most=MOST_NAME, required=True, metadata={"example": "นักวิเคราะห์นโยบายและแผน"})
    unit_id = Identity(required=True)
    role = Choice(PositionRole, required=True, metadata={"example": "clerk"})
    clearance = Flag(load_default=False)


class AppointForm(ByOrder):
    """Who holds a post from a day on."""

    person_id = Identity(required=True)
    until = Day(load_default=None, metadata={"example": "2027-12-31"})


class LeaveForm(UntilByOrder):
    """Which holding ends; `since` is its first day."""

    person_id = Identity(required=True)
    since = Day(required=True, metadata={"example": "2027-01-01"})


class PersonForm(Form):
    """A new account."""

    name = Text(most=MOST_NAME, required=True, metadata={"example": "นางสาวสมใจ ใจดี"})
    username = Text(most=64, required=True, metadata={"example": "somjai.j"})
    email = Text(most=MOST_ADDRESS, load_default="", metadata={"example": "somjai.j@example.go.th"})


class EmailForm(Form):
    """Where a person is told of the work, empty for nowhere."""

    email = Text(most=MOST_ADDRESS, required=True, metadata={"example": "somjai.j@example.go.th"})


class SwitchForm(Form):
    """Close an account, or open it again."""

    active = Flag(required=True)
    reason = Text(most=500, required=True, metadata={"example": "ลาออก"})


class ClearForm(ByOrder):
    """From which day until which."""

    until = Day(load_default=None, metadata={"example": "2027-12-31"})


class UnclearForm(UntilByOrder):
    """Which clearance ends; `since` is its first day."""

    since = Day(required=True, metadata={"example": "2027-01-01"})


class ClearedShape(Schema):
    """A clearance."""

    since = s.day()
    until = s.day(none=True)
    authority = s.text(ORDER)


class HoldingShape(Schema):
    """A post that a person holds, held or will hold."""

    position_id = s.identity()
    title = s.text("นักวิเคราะห์นโยบายและแผน")
    unit = s.text("กองแผนงาน")
    since = s.day()
    until = s.day(none=True)
    authority = s.text(ORDER)


class PersonShape(Schema):
    """A person with an account; `password` stands only in the first answer that gave one."""

    id = s.identity()
    name = s.text("นางสาวสมใจ ใจดี")
    username = s.text("somjai.j")
    active = s.true()
    password_once = s.true("เจ้าของบัญชีต้องตั้งรหัสผ่านของตนเองเมื่อเข้าสู่ระบบ")
    email = s.text("somjai.j@example.go.th", "อีเมลแจ้งเตือน ว่างเมื่อไม่มี")
    password = s.text(description="รหัสผ่านใช้ครั้งเดียว อยู่ในคำตอบแรกเท่านั้น", none=True)
    held = s.many(HoldingShape)
    clearances = s.many(ClearedShape)


class PeopleShape(Schema):
    """Everybody with an account, without their clearances."""

    items = s.many(PersonShape)
    next = s.text(description="ว่างเสมอ ได้ทั้งรายการในคราวเดียว", none=True)


# --- posts ------------------------------------------------------------------------------------------------------------


@api.post("/organisation/units/<uuid:unit_id>/positions")
@told("ตั้งตำแหน่ง", "ตำแหน่งใหม่ยังว่าง")
@api.takes(PostForm, example={"title": "นักวิเคราะห์", "role": "clerk", "since": "2027-01-01", "authority": ORDER})
@api.gives(201, PostShape)
def open_position(sent: Json, unit_id: UUID) -> Any:
    """Set up a post in a unit."""
    values = {**sent, "role": PositionRole(sent["role"]), "unit_id": UnitId(unit_id)}
    return once_made(lambda office: staffing.open_position(office, actor=doorway.actor(), **values), _post)


@api.post("/organisation/positions/<uuid:position_id>/change")
@told("เปลี่ยนตำแหน่ง", "ชื่อและหน่วยงานมีผลตามวันที่ บทบาทและสิทธิชั้นความลับมีผลทันที")
@api.takes(
    ChangeForm,
    example={
        "title": "นักวิเคราะห์",
        "unit_id": _ID,
        "role": "clerk",
        "since": "2027-01-01",
        "authority": ORDER,
    },
)
@api.gives(200, PostShape)
def change(sent: Json, position_id: UUID) -> Any:
    """Give a post another title, unit, role or right."""
    values = {**sent, "role": PositionRole(sent["role"]), "unit_id": UnitId(sent["unit_id"])}
    return _of_post(staffing.change_position, position_id, values)


@api.post("/organisation/positions/<uuid:position_id>/end")
@told("ยุบตำแหน่ง", "ผู้ดำรงตำแหน่งพ้นในวันเดียวกัน")
@api.takes(UntilByOrder, example={"until": "2026-12-31", "authority": ORDER})
@api.gives(200, PostShape)
def end_position(sent: Json, position_id: UUID) -> Any:
    """Give a post its last day."""
    return _of_post(staffing.end_position, position_id, sent)


@api.post("/organisation/positions/<uuid:position_id>/appoint")
@told("แต่งตั้งผู้ดำรงตำแหน่ง", "คนหนึ่งดำรงได้หลายตำแหน่ง ตำแหน่งหนึ่งมีผู้ดำรงคราวละคน")
@api.takes(
    AppointForm,
    example={"person_id": _ID, **_FROM},
)
@api.gives(200, PostShape)
def appoint(sent: Json, position_id: UUID) -> Any:
    """Let a person hold a post from a day on."""
    return _of_post(staffing.appoint, position_id, {**sent, "person_id": PersonId(sent["person_id"])})


@api.post("/organisation/positions/<uuid:position_id>/leave")
@told("พ้นจากตำแหน่ง", "since คือวันแรกของการดำรงตำแหน่งนั้น")
@api.takes(
    LeaveForm,
    example={
        "person_id": _ID,
        "since": "2027-01-01",
        "until": "2027-06-30",
        "authority": ORDER,
    },
)
@api.gives(200, PostShape)
def leave(sent: Json, position_id: UUID) -> Any:
    """Give a person the last day in a post."""
    return _of_post(staffing.end_holding, position_id, {**sent, "person_id": PersonId(sent["person_id"])})


# --- people -----------------------------------------------------------------------------------------------------------


@api.get("/organisation/people")
@told("บัญชีบุคคล", "ผู้ดูแลระบบ ทุกบัญชีของส่วนราชการ")
@api.gives(200, PeopleShape)
def people() -> Json:
    """List everybody with an account."""
    reader, actor = doorway.reader(), doorway.actor()
    whole = staff.organisation(reader, actor)
    return {"items": [_shown(row, []) for row in staff.persons(reader, actor, whole)], "next": None}


@api.post("/organisation/people")
@told("เพิ่มบุคคล", "คำตอบแรกมีรหัสผ่านใช้ครั้งเดียว แต่งตั้งให้ดำรงตำแหน่งจึงเข้าสู่ระบบได้")
@api.takes(PersonForm, example={"name": "นางสาวสมใจ ใจดี", "username": "somjai.j"})
@api.gives(201, PersonShape)
def add(sent: Json) -> Any:
    """Give a person an account."""
    given: list[str] = []

    def make(office: Services) -> UUID:
        made, password = enrolling.add_person(office, actor=doorway.actor(), **sent)
        given.append(password)
        return made

    answer, status, headers = once_made(make, _person)
    return {**answer, "password": given[0] if given else None}, status, headers


@api.post("/organisation/people/<uuid:person_id>/password")
@told("ตั้งรหัสผ่านใหม่", "รหัสผ่านเดิมใช้ไม่ได้ทันที คำตอบแรกมีรหัสผ่านใช้ครั้งเดียว")
@api.takes(forms.NothingForm, required=False)
@api.gives(200, PersonShape)
def reset(_sent: Json, person_id: UUID) -> Any:
    """Give a password that works once."""
    given: list[str] = []

    def deed(office: Services) -> None:
        given.append(enrolling.reset_password(office, actor=doorway.actor(), person_id=PersonId(person_id)))

    answer, status, headers = once_done(deed, person_id, _person)
    return {**answer, "password": given[0] if given else None}, status, headers


@api.post("/organisation/people/<uuid:person_id>/email")
@told("ตั้งอีเมลแจ้งเตือนของบุคคล", "ว่างคือไม่ส่ง เจ้าของบัญชีแก้เองได้ที่ /notices/settings")
@api.takes(EmailForm, example={"email": "somjai.j@example.go.th"})
@api.gives(200, PersonShape)
def email(sent: Json, person_id: UUID) -> Any:
    """Set where a person is told of the work."""
    return _of_person(subscribing.set_email, person_id, sent)


@api.post("/organisation/people/<uuid:person_id>/switch")
@told("ปิดหรือเปิดบัญชี", "ปิดบัญชีของตนเองไม่ได้")
@api.takes(SwitchForm, example={"active": False, "reason": "ลาออก"})
@api.gives(200, PersonShape)
def switch(sent: Json, person_id: UUID) -> Any:
    """Close an account, or open it again."""
    return _of_person(enrolling.switch_person, person_id, sent)


@api.post("/organisation/people/<uuid:person_id>/clearances")
@told("อนุญาตให้เข้าถึงชั้นความลับ", "ตามคำสั่งเฉพาะตัว มีวันเริ่มและวันสิ้นสุด")
@api.takes(ClearForm, example={"since": "2027-01-01", "authority": ORDER})
@api.gives(200, PersonShape)
def clear(sent: Json, person_id: UUID) -> Any:
    """Let a person read what is classified."""
    return _of_person(enrolling.grant_clearance, person_id, sent)


@api.post("/organisation/people/<uuid:person_id>/clearances/end")
@told("สิ้นสุดการอนุญาตชั้นความลับ", "since คือวันแรกของการอนุญาตนั้น")
@api.takes(UnclearForm, example={"since": "2027-01-01", "until": "2027-06-30", "authority": ORDER})
@api.gives(200, PersonShape)
def unclear(sent: Json, person_id: UUID) -> Any:
    """Give a clearance its last day."""
    return _of_person(enrolling.end_clearance, person_id, sent)


def _of_post(deed: Callable[..., None], position_id: UUID, values: Json) -> Any:
    return once_done(
        lambda office: deed(office, actor=doorway.actor(), position_id=PositionId(position_id), **values),
        position_id,
        _post,
    )


def _of_person(deed: Callable[..., None], person_id: UUID, values: Json) -> Any:
    return once_done(
        lambda office: deed(office, actor=doorway.actor(), person_id=PersonId(person_id), **values), person_id, _person
    )


def _post(position_id: UUID) -> Json:
    found = staff.organisation(doorway.reader(), doorway.actor()).posts.get(position_id)
    if found is None:
        raise NotFound
    return shown_post(found)


def _person(person_id: UUID) -> Json:
    reader, actor = doorway.reader(), doorway.actor()
    rows = staff.persons(reader, actor, staff.organisation(reader, actor))
    found = next((row for row in rows if row.id == person_id), None)
    if found is None:
        raise NotFound
    return _shown(found, staff.cleared(reader, actor, person_id))


def _shown(row: staff.PersonRow, clearances: list[staff.Cleared]) -> Json:
    return {
        "id": str(row.id),
        "name": row.name,
        "username": row.username,
        "active": row.active,
        "password_once": row.password_once,
        "email": row.email,
        "password": None,
        "held": [
            {
                "position_id": str(one.position_id),
                "title": one.title,
                "unit": one.unit,
                "since": one.since.isoformat(),
                "until": day(one.until),
                "authority": one.authority,
            }
            for one in row.held
        ],
        "clearances": [
            {"since": one.since.isoformat(), "until": day(one.until), "authority": one.authority} for one in clearances
        ],
    }
