"""Fields of the documents that an agency issues: what is asked for, what fits, and how it is kept and written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from saraban.domain.blanks import LONGEST_NAME
from saraban.domain.numbering import arabic_digits
from saraban.domain.templates import FieldKind, TemplateField

HOLDER, HOLDER_ID, NUMBER, ISSUED_ON, VALID_UNTIL = "ชื่อผู้ถือ", "เลขประจำตัวผู้ถือ", "เลขที่", "วันที่ออก", "วันหมดอายุ"
OWN_BLANKS = (HOLDER, HOLDER_ID, NUMBER, ISSUED_ON, VALID_UNTIL)
"""Blanks that the system fills in by itself: they are no fields of the kind."""
MOST_CHOICES = 60
LONGEST_LINE = 200


NO_COPIES = (
    "ไม่ขอสำเนาเอกสารที่ราชการออกให้จากประชาชน (มติคณะรัฐมนตรี 2 ตุลาคม 2561) ลบช่องนี้ แล้วใช้ “ตรวจเอกสารกับผู้ออก” "
    "ถามส่วนราชการที่ออกเอกสารนั้น ถ้ายังต้องใช้สำเนา เจ้าหน้าที่ทำและรับรองเองโดยไม่คิดค่าธรรมเนียม"
)
_COPY = re.compile(
    "สำเนา|ถ่ายเอกสาร|(?:ภาพ|รูป)ถ่าย(?:บัตร|ทะเบียน|เอกสาร|หนังสือ)|photocop(?:y|ies)|cop(?:y|ies) of", re.IGNORECASE
)


class FieldType(str, Enum):
    """What is written in a field."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CITIZEN_ID = "citizen-id"
    JURISTIC_ID = "juristic-id"

    @property
    def thai(self) -> str:
        """The word on screens."""
        return _TYPES[self]


_TYPES = {
    FieldType.TEXT: "ข้อความหนึ่งบรรทัด",
    FieldType.LONG: "ข้อความยาว",
    FieldType.NUMBER: "จำนวน",
    FieldType.DATE: "วันที่",
    FieldType.CHOICE: "เลือกหนึ่งอย่าง",
    FieldType.CITIZEN_ID: "เลขประจำตัวประชาชน",
    FieldType.JURISTIC_ID: "เลขทะเบียนนิติบุคคล",
}
_AS_LETTERS_DO = {
    FieldType.TEXT: FieldKind.LINE,
    FieldType.LONG: FieldKind.TEXT,
    FieldType.NUMBER: FieldKind.NUMBER,
    FieldType.DATE: FieldKind.DAY,
    FieldType.CHOICE: FieldKind.CHOICE,
}
NEVER_PUBLIC = (FieldType.CITIZEN_ID,)
"""What no kind may show to the public (Personal Data Protection Act, section 22: no more than is needed)."""


@dataclass(frozen=True)
class KindField:
    """A field of a kind. `key` is the name of its blank in the text, under which values are kept; `label` and
    `label_en` are what people read; `public`: the page of the verification shows it; `in_register`: the public register
    does too, where the kind has one."""

    key: str
    label: str = ""
    type: FieldType = FieldType.TEXT
    required: bool = True
    public: bool = False
    choices: tuple[str, ...] = ()
    hint: str = ""
    label_en: str = ""
    in_register: bool = False

    @property
    def shown(self) -> str:
        """What people read before it."""
        return self.label or self.key

    @property
    def field(self) -> str:
        """The name under which screens, the API and refusals speak of it."""
        return f"fields.{self.key}"

    def fault(self, value: str) -> str:
        """What is wrong with a value that was given, in Thai; empty when it fits."""
        if self.type is FieldType.CITIZEN_ID:
            return "" if is_citizen_id(value) else "เลขประจำตัวประชาชนต้องมี 13 หลักและหลักสุดท้ายถูกต้อง ตรวจจากบัตรอีกครั้ง"
        if self.type is FieldType.JURISTIC_ID:
            return "" if is_juristic_id(value) else "เลขทะเบียนนิติบุคคลต้องมี 13 หลัก ขึ้นต้นด้วย 0"
        return self._as_in_letters().fault(value)

    def kept(self, value: str) -> str:
        """The value as it is kept: digits of ids and numbers are Arabic, one line is one line."""
        if self.type in (FieldType.CITIZEN_ID, FieldType.JURISTIC_ID):
            return plain_id(value)
        if self.type is FieldType.DATE or self.type is FieldType.CHOICE:
            return value.strip()
        return self._as_in_letters().written(value)

    def written(self, value: str) -> str:
        """A kept value as people read it."""
        if self.type in (FieldType.CITIZEN_ID, FieldType.JURISTIC_ID):
            return spaced_id(value)
        return self._as_in_letters().written(value)

    def as_dict(self) -> dict[str, Any]:
        """As JSON keeps it and the API shows it."""
        return {
            "key": self.key,
            "label": self.label,
            "label_en": self.label_en,
            "type": self.type.value,
            "required": self.required,
            "public": self.public,
            "in_register": self.in_register,
            "choices": list(self.choices),
            "hint": self.hint,
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> KindField:
        """What `as_dict` wrote."""
        return cls(**{**kept, "type": FieldType(kept["type"]), "choices": tuple(kept["choices"])})

    def _as_in_letters(self) -> TemplateField:
        kind = _AS_LETTERS_DO.get(self.type, FieldKind.LINE)
        return TemplateField(self.key, kind, self.required, choices=self.choices)


def plain_id(text: str) -> str:
    """A number of 13 digits without spaces and strokes, with Arabic digits."""
    return re.sub(r"[\s\u2010-\u2015-]", "", arabic_digits(text))


def spaced_id(text: str) -> str:
    """A number of 13 digits as it is printed on cards: 1-2345-67890-12-3."""
    plain = plain_id(text)
    if len(plain) != 13:
        return text
    return "-".join((plain[0], plain[1:5], plain[5:10], plain[10:12], plain[12]))


def is_citizen_id(text: str) -> bool:
    """Is it a number of a person: 13 digits, the first not 0, the last the check digit (modulo 11)?"""
    plain = plain_id(text)
    if not re.fullmatch(r"[1-9][0-9]{12}", plain):
        return False
    weighed = sum(int(digit) * weight for digit, weight in zip(plain, range(13, 1, -1), strict=False))
    return (11 - weighed % 11) % 10 == int(plain[12])


def is_juristic_id(text: str) -> bool:
    """Is it a number of a juristic person: 13 digits that begin with 0?"""
    return re.fullmatch(r"0[0-9]{12}", plain_id(text)) is not None


def fault_of(one: KindField, seen: set[str]) -> str:
    """What is wrong with how a field is described, in Thai, beside fields of these keys; empty when it fits."""
    if not one.key or len(one.key) > LONGEST_NAME or "{" in one.key or "}" in one.key:
        return f"ชื่อช่องต้องมี 1 ถึง {LONGEST_NAME} ตัวอักษร และไม่มีวงเล็บปีกกา"
    if one.key in OWN_BLANKS:
        return "ชื่อนี้ระบบเติมให้เอง ตั้งชื่อช่องเป็นอย่างอื่น"
    if one.key in seen:
        return "มีช่องชื่อนี้แล้ว"
    if asks_for_copy(one):
        return NO_COPIES
    if max(len(one.label), len(one.label_en), len(one.hint)) > LONGEST_LINE:
        return f"คำของช่องยาวเกิน {LONGEST_LINE} ตัวอักษร"
    if one.public and one.type in NEVER_PUBLIC:
        return "เลขประจำตัวประชาชนแสดงต่อสาธารณะไม่ได้"
    if one.in_register and not one.public:
        return "ทะเบียนสาธารณะแสดงได้เฉพาะช่องที่หน้าตรวจสอบแสดง"
    if one.type is not FieldType.CHOICE:
        return ""
    if len(set(one.choices)) < 2:
        return "ใส่ตัวเลือกอย่างน้อย 2 อย่าง"
    return f"ตัวเลือกมีได้ไม่เกิน {MOST_CHOICES} อย่าง" if len(one.choices) > MOST_CHOICES else ""


def asks_for_copy(one: KindField) -> bool:
    """Does a field ask people for a copy of a document? How many copies were made may be asked."""
    words = (one.key, one.label, one.label_en, one.hint)
    return one.type is not FieldType.NUMBER and any(_COPY.search(word) for word in words)


def guessed(name: str) -> FieldType:
    """What a field of this name is likely to be, until somebody says."""
    if name.startswith("เลขประจำตัวประชาชน"):
        return FieldType.CITIZEN_ID
    return (
        FieldType.DATE if name.startswith("วันที่") else FieldType.NUMBER if name.startswith("จำนวน") else FieldType.TEXT
    )
