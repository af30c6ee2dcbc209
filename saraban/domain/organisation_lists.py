"""Sheets of units, posts and people: which columns they have."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class ListKind(str, Enum):
    """What a sheet lists."""

    UNITS = "units"
    POSITIONS = "positions"
    PEOPLE = "people"

    @property
    def thai(self) -> str:
        """In words."""
        return {"units": "หน่วยงาน", "positions": "ตำแหน่ง", "people": "บุคคล"}[self.value]

    @property
    def columns(self) -> Mapping[str, str]:
        """The headings of its columns, by field."""
        return _COLUMNS[self]


_COLUMNS: Mapping[ListKind, Mapping[str, str]] = {
    ListKind.UNITS: {
        "code": "รหัสหน่วยงาน",
        "name": "ชื่อหน่วยงาน",
        "parent": "รหัสหน่วยงานที่อยู่เหนือ",
        "series": "เลขประจำ",
    },
    ListKind.POSITIONS: {
        "code": "เลขที่ตำแหน่ง",
        "title": "ชื่อตำแหน่ง",
        "unit": "รหัสหน่วยงาน",
        "role": "บทบาท",
        "clearance": "ชั้นความลับ",
    },
    ListKind.PEOPLE: {
        "username": "ชื่อผู้ใช้",
        "name": "ชื่อและนามสกุล",
        "position": "เลขที่ตำแหน่ง",
        "email": "อีเมลแจ้งเตือน",
    },
}
MUST = {"code", "name", "title", "unit", "role", "username"}
NOT_CLEARED = ("", "ไม่มี", "ไม่", "0", "-")
"""What stands in the column of clearances for none."""
