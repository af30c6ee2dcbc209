"""What is typed on the page of a new order, as the use case takes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

from saraban.domain.agency import PersonId, PositionId, UnitId
from saraban.domain.capacity import Capacity, Limits
from saraban.domain.classification import Form, Secrecy
from saraban.domain.errors import BadInput
from saraban.doorway.dates import NotADate, read_date
from saraban.usecases.delegating import Order

TEXTS = ("position", "capacity", "delegate", "since", "until", "number", "dated", "ceiling")
TICKS = ("incoming", "may_hand_on")
E = TypeVar("E", bound=Enum)


def typed_order(typed: Mapping[str, Any], today: date) -> Order:
    """The order that was typed. Raises BadInput by field for what cannot be read."""
    wrong: dict[str, str] = {}
    position, sort, delegate = _id(typed["position"]), *_delegate(typed["delegate"])
    if position is None:
        wrong["position"] = "เลือกตำแหน่งที่จะมีผู้ทำหน้าที่แทน"
    if delegate is None:
        wrong["delegate"] = "เลือกผู้ที่จะทำหน้าที่แทน"
    capacity = _choice(Capacity, typed["capacity"], "capacity", wrong)
    ceiling = _choice(Secrecy, typed["ceiling"] or "open", "ceiling", wrong)
    days = {name: _day(typed[name], name, today, wrong) for name in ("since", "until", "dated")}
    for name, words in (("since", "ใส่วันเริ่ม"), ("dated", "ใส่วันที่ของคำสั่ง")):
        if days[name] is None:
            wrong.setdefault(name, words)
    if not typed["number"].strip():
        wrong["number"] = "ใส่ชื่อและเลขที่ของคำสั่ง เช่น คำสั่งกรม ที่ 12/2569"
    forms = tuple(form for form in Form if form.value in typed["forms"])
    units = tuple(UnitId(one) for text in typed["units"] if (one := _id(text)) is not None)
    if wrong:
        raise BadInput(wrong)
    since, dated = days["since"], days["dated"]
    assert position is not None and delegate is not None and capacity is not None and ceiling is not None
    assert since is not None and dated is not None
    return Order(
        position_id=PositionId(position),
        capacity=capacity,
        since=since,
        until=days["until"],
        number=typed["number"],
        dated=dated,
        person_id=PersonId(delegate) if sort == "person" else None,
        to_position_id=PositionId(delegate) if sort == "position" else None,
        limits=Limits(forms, units, ceiling, bool(typed["incoming"])),
        may_hand_on=bool(typed["may_hand_on"]),
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _delegate(text: str) -> tuple[str, UUID | None]:
    sort, _, found = text.partition(":")
    return sort, _id(found) if sort in ("person", "position") else None


def _choice(kind: type[E], text: str, name: str, wrong: dict[str, str]) -> E | None:
    try:
        return kind(text)
    except ValueError:
        wrong[name] = "เลือกจากรายการ"
        return None


def _day(text: str, name: str, today: date, wrong: dict[str, str]) -> date | None:
    try:
        return read_date(text, today)
    except NotADate as error:
        wrong[name] = str(error)
        return None
