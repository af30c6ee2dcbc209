"""What happened to the organisation, in a few words of its history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from saraban.domain.agency import PositionRole
from saraban.web.filters import thai_date, thai_digits

OF_THE_ORGANISATION = ("unit.", "position.", "person.", "organisation.")


def organisation_detail(values: Mapping[str, Any]) -> str:
    """The facts of an event: what became of what, from which day on, by which order."""
    before, now = values.get("before"), values.get("unit") or values.get("title") or values.get("person")
    told = [f"{before} → {now}" if before and before != now else str(now or values.get("of") or "")]
    if values.get("title") and values.get("unit"):
        told = [f"{values['title']} {values['unit']}"]
        if before and before != values["title"]:
            told[0] = f"{before} → {told[0]}"
    if values.get("person") and values.get("title"):
        told.insert(0, str(values["person"]))
    told += [f"{word}{values[key]}" for key, word in _PARTS.items() if values.get(key)]
    if values.get("role"):
        told.append(f"บทบาท{PositionRole(values['role']).thai}")
    if "active" in values:
        told.append("เปิดบัญชี" if values["active"] else "ปิดบัญชี")
    told += [f"{word} {_day(values[key])}" for key, word in _DAYS.items() if values.get(key)]
    told += [str(values[key]) for key in ("reason", "authority") if values.get(key)]
    if "added" in values:
        told.append(thai_digits(f"เพิ่ม {values['added']} แก้ {values['changed']} คงเดิม {values['same']}"))
    return " · ".join(part for part in told if part)


_PARTS = {"above": "ใต้", "into": "รวมกับ", "out_of": "แยกจาก", "username": "ชื่อผู้ใช้ ", "file": "ไฟล์ "}
_DAYS = {"since": "ตั้งแต่", "until": "ถึง"}


def _day(text: str) -> str:
    return thai_date(date.fromisoformat(text))
