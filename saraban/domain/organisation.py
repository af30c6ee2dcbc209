"""The course of an organisation: what its units and posts were called, and where they stood, from day to day.

A change has the day from which it holds and the order that says so. What was before stays: a register, a letter and a
route are read by the names of their day. Nothing that was ever referred to is taken away; it has a last day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from saraban.domain.agency import PersonId, Position, PositionId, Unit, UnitId
from saraban.domain.calendar import long_date
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.numbering import thai_digits

BEGINNING = date.min
"""The first day of what was so before anybody wrote it down."""
MOST_NAME = 200
MOST_CODE = 40
MOST_AUTHORITY = 300
_CODE = re.compile(r"[0-9A-Za-zก-๙._-]+")
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class UnitPeriod:
    """What a unit is called and under which unit it stands, from a day until a day or for the time being."""

    unit_id: UnitId
    since: date
    name: str
    parent_id: UnitId | None = None
    until: date | None = None
    authority: str = ""


@dataclass(frozen=True)
class PositionPeriod:
    """The title of a position and its unit, from a day until a day or for the time being."""

    position_id: PositionId
    since: date
    title: str
    unit_id: UnitId
    until: date | None = None
    authority: str = ""


@dataclass(frozen=True)
class Succession:
    """A unit carries on the work of another from a day on."""

    unit_id: UnitId
    successor_id: UnitId
    since: date
    authority: str = ""


@dataclass(frozen=True)
class Clearance:
    """A person may read what is classified, by an order, from a day until a day or for the time being."""

    person_id: PersonId
    since: date
    until: date | None = None
    authority: str = ""


P = TypeVar("P", UnitPeriod, PositionPeriod)


def then(periods: Sequence[P], since: date, authority: str, **changes: Any) -> list[P]:
    """The periods with one more, from `since` on, in which the changes hold. A change of the same day is corrected.
    Raises RuleBroken where a later change is written down already."""
    last = periods[-1]
    if since < last.since:
        raise RuleBroken(
            f"มีการเปลี่ยนแปลงที่มีผลวันที่ {_day(last.since)} บันทึกไว้แล้ว เลือกวันที่ตั้งแต่วันนั้น หรือยกเลิกรายการนั้นก่อน",
            code="later-change",
        )
    kept: list[P] = list(periods[:-1])
    if since > last.since:
        kept.append(replace(last, until=since - _DAY))
    kept.append(replace(last, since=since, authority=authority, **changes))
    return kept


def undone(periods: Sequence[P], today: date) -> list[P]:
    """The periods without the last one, which has not begun. Raises RuleBroken when it has."""
    if len(periods) < 2 or periods[-1].since <= today:
        raise RuleBroken("ไม่มีการเปลี่ยนแปลงที่ยังไม่มีผล รายการที่มีผลแล้วแก้ด้วยการเปลี่ยนแปลงใหม่", code="nothing-planned")
    kept: list[P] = list(periods[:-2])
    kept.append(replace(periods[-2], until=None))
    return kept


def on_day(periods: Sequence[P], day: date) -> P:
    """The period in which a day lies."""
    return next(period for period in reversed(periods) if period.since <= day)


def is_there(thing: Unit | Position, day: date) -> bool:
    """Is the unit or position there on a day?"""
    return (thing.since is None or thing.since <= day) and (thing.until is None or thing.until >= day)


def check_parent(unit: Unit, parent: Unit | None, since: date, parents: Mapping[UnitId, UnitId | None]) -> None:
    """Raises BadInput ("parent") for a unit that would stand under itself, or under one that is not there then.
    `parents` tells under which unit each stands on that day."""
    if parent is None:
        return
    if not is_there(parent, since) or parent.until is not None:
        raise BadInput({"parent": f"{parent.name}ไม่มีอยู่ในวันที่ {_day(since)} หรือกำหนดวันยุบแล้ว เลือกหน่วยงานอื่น"})
    above: UnitId | None = parent.id
    while above is not None:
        if above == unit.id:
            raise BadInput({"parent": f"{unit.name}อยู่เหนือ{parent.name} จึงย้ายไปอยู่ใต้กันไม่ได้"})
        above = parents.get(above)


def last_day(since: date) -> date:
    """The last day of what is something else from `since` on."""
    return since - _DAY


def close_unit(unit: Unit, until: date, below: Iterable[str], posts: Iterable[str]) -> None:
    """Set a unit's last day. Raises RuleBroken for the central unit, and while units stand below it or it has posts
    after that day."""
    if unit.central:
        raise RuleBroken("หน่วยงานสารบรรณกลางยุบไม่ได้ เพราะรับและส่งหนังสือแทนทั้งส่วนราชการ", code="central-unit")
    if unit.until is not None:
        raise RuleBroken(f"{unit.name}กำหนดวันสุดท้ายไว้แล้ว คือ {_day(unit.until)}", code="unit-ended")
    if unit.since is not None and until < unit.since:
        raise BadInput({"since": f"{unit.name}ตั้งขึ้นวันที่ {_day(unit.since)} วันที่ยุบต้องหลังจากนั้น"})
    left = [f"หน่วยงานใต้สังกัด {', '.join(units)}"] if (units := list(below)) else []
    left += [f"ตำแหน่ง {', '.join(titles)}"] if (titles := list(posts)) else []
    if left:
        raise RuleBroken(f"ยุบไม่ได้ เพราะยังมี{' และ'.join(left)} ย้ายหรือยุบก่อน หรือรวมกับหน่วยงานอื่นแทน", code="unit-not-empty")
    unit.until = until


def read_code(code: str) -> str:
    """A code as it is kept. Raises BadInput ("code")."""
    code = code.strip()
    if not code:
        raise BadInput({"code": "ใส่รหัส เช่น plan หรือ 0102"})
    if len(code) > MOST_CODE or not _CODE.fullmatch(code):
        raise BadInput({"code": "รหัสใช้ตัวอักษร ตัวเลข จุด ขีด ไม่มีเว้นวรรค ไม่เกิน ๔๐ ตัว"})
    return code


def read_name(name: str, field: str, what: str) -> str:
    """A name on one line. Raises BadInput under the field."""
    name = " ".join(name.split())
    if not name:
        raise BadInput({field: f"ใส่{what}"})
    if len(name) > MOST_NAME or not name.isprintable():
        raise BadInput({field: f"{what}ยาวเกิน ๒๐๐ ตัวอักษรหรือมีอักขระที่พิมพ์ไม่ได้"})
    return name


def read_username(username: str) -> str:
    """A user name as it is kept, in lower case. Raises BadInput ("username")."""
    username = username.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise BadInput({"username": "ชื่อผู้ใช้ใช้ a-z ตัวเลข จุด ขีด ขึ้นต้นด้วยตัวอักษรหรือตัวเลข ยาว ๒ ถึง ๖๔ ตัว"})
    return username


def read_authority(authority: str) -> str:
    """The order that says so, on one line. Raises BadInput ("authority") when there is none."""
    authority = " ".join(authority.split())
    if not authority:
        raise BadInput({"authority": "ใส่คำสั่งหรือกฎที่อ้างถึง เช่น คำสั่งกรมที่ ๑๒๓/๒๕๖๙"})
    if len(authority) > MOST_AUTHORITY or not authority.isprintable():
        raise BadInput({"authority": "คำสั่งที่อ้างถึงยาวเกิน ๓๐๐ ตัวอักษรหรือมีอักขระที่พิมพ์ไม่ได้"})
    return authority


def check_days(since: date, until: date | None) -> None:
    """Raises BadInput ("until") for a last day before the first."""
    if until is not None and until < since:
        raise BadInput({"until": f"วันสุดท้ายต้องไม่ก่อนวันที่ {_day(since)}"})


def _day(day: date) -> str:
    return thai_digits(long_date(day))
