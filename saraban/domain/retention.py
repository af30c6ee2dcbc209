"""How long letters are kept: the regulation's periods (clause 57, as amended in 2548), the classes that an agency makes
of them, its file plan, and the marks that say until when (clauses 55.1 and 73).

A letter is kept to the last day of a Buddhist calendar year, for ever, or as another law says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from saraban.domain.agency import AgencyId
from saraban.domain.calendar import BUDDHIST_OFFSET
from saraban.domain.classification import Secrecy
from saraban.domain.numbering import arabic_digits, thai_digits

LONGEST_PERIOD = 100
_MOST = {"code": 20, "name": 200, "condition": 500, "title": 200}


class Basis(str, Enum):
    """The part of clause 57 by which a class of letters is kept, and the fewest years that it allows."""

    GENERAL = "57"
    SECRET = "57.1"
    CASE = "57.2"
    HISTORY = "57.3"
    COPY = "57.4"
    ROUTINE = "57.5"
    MONEY = "57.6"

    @property
    def thai(self) -> str:
        """The clause in words."""
        return f"ข้อ {thai_digits(self.value)} {_BASIS[self][0]}"

    @property
    def least(self) -> int:
        """The fewest years."""
        return _BASIS[self][1]


_BASIS = {
    Basis.GENERAL: ("หนังสือโดยปกติ ไม่น้อยกว่า ๑๐ ปี", 10),
    Basis.SECRET: ("หนังสือที่ต้องสงวนเป็นความลับ ตามกฎหมายหรือระเบียบนั้น", 0),
    Basis.CASE: ("หลักฐานทางอรรถคดี สำนวนของศาลหรือพนักงานสอบสวน หรือตามกฎหมายพิเศษ", 0),
    Basis.HISTORY: ("หนังสือมีคุณค่าทางประวัติศาสตร์หรือการศึกษาวิจัย", 0),
    Basis.COPY: ("หนังสือที่ปฏิบัติเสร็จแล้วและเป็นคู่สำเนาที่มีต้นเรื่องจะค้นได้จากที่อื่น ไม่น้อยกว่า ๕ ปี", 5),
    Basis.ROUTINE: ("หนังสือที่เป็นเรื่องธรรมดาสามัญ ไม่น้อยกว่า ๑ ปี", 1),
    Basis.MONEY: ("หนังสือเกี่ยวกับการเงินที่ไม่เป็นหลักฐานแห่งสิทธิ ไม่น้อยกว่า ๕ ปี", 5),
}


@dataclass(frozen=True)
class Term:
    """Until when something is kept: to the last day of a Buddhist year, for ever, or (neither) until a person says,
    because another law fixes it."""

    year: int | None = None
    forever: bool = False

    @property
    def thai(self) -> str:
        """The words of the mark ตรากำหนดเก็บหนังสือ (clause 73); of what another law fixes, that it does."""
        if self.forever:
            return "ห้ามทำลาย"
        return f"เก็บถึง พ.ศ. {thai_digits(self.year)}" if self.year else "เก็บตามกฎหมายเฉพาะ"

    def over(self, year: int) -> bool:
        """Is the period over at the end of this Buddhist year?"""
        return not self.forever and self.year is not None and self.year <= year

    def after(self, other: Term) -> bool:
        """Does it end later? What another law fixes outlasts every year, and for ever both."""
        return self._reach > other._reach

    @property
    def _reach(self) -> tuple[bool, bool, int]:
        return self.forever, self.year is None, self.year or 0


@dataclass(frozen=True)
class RetentionClass:
    """A class of letters that are kept alike. `years` is None where they are kept for ever or as another law says;
    `condition` is what has to be so besides, for the eyes of the committee."""

    agency_id: AgencyId
    code: str
    name: str
    basis: Basis
    years: int | None = None
    forever: bool = False
    condition: str = ""
    retired: bool = False

    def term(self, finished: date) -> Term:
        """Until when a letter of this class is kept that was finished on that day."""
        if self.forever or self.years is None:
            return Term(forever=self.forever)
        return Term(finished.year + BUDDHIST_OFFSET + self.years)

    @property
    def period(self) -> str:
        """The period in words."""
        if self.forever:
            return "ตลอดไป"
        return f"{thai_digits(self.years)} ปี" if self.years else "ตามกฎหมายเฉพาะ"

    def tidied(self) -> RetentionClass:
        """The same with spaces folded."""
        code, name, condition = (" ".join(words.split()) for words in (self.code, self.name, self.condition))
        return replace(self, code=code, name=name, condition=condition)

    def faults(self) -> dict[str, str]:
        """What is missing or against clause 57, by field, in Thai; empty when it may stand."""
        wrong = _texts(self, ("code", "รหัส"), ("name", "ชื่อประเภท"))
        if len(self.condition) > _MOST["condition"]:
            wrong["condition"] = "เงื่อนไขยาวเกินไป"
        if self.forever and self.years is not None:
            wrong["years"] = "เก็บตลอดไปแล้วไม่ต้องใส่จำนวนปี"
        elif self.years is None and not self.forever and self.basis.least:
            wrong["years"] = "ใส่จำนวนปี"
        elif self.years is not None and not max(1, self.basis.least) <= self.years <= LONGEST_PERIOD:
            wrong["years"] = thai_digits(f"ระเบียบ{self.basis.thai} ใส่ {max(1, self.basis.least)} ถึง {LONGEST_PERIOD} ปี")
        return wrong


@dataclass(frozen=True)
class FileGroup:
    """A group of the agency's file plan (หมวด): its code stands in the column รหัสแฟ้ม of forms 20 to 25, and its class
    is proposed for the letters in it."""

    agency_id: AgencyId
    code: str
    title: str
    class_code: str
    retired: bool = False

    def tidied(self) -> FileGroup:
        """The same with spaces folded."""
        return replace(self, code=" ".join(self.code.split()), title=" ".join(self.title.split()))

    def faults(self) -> dict[str, str]:
        """What is missing, by field, in Thai."""
        return _texts(self, ("code", "รหัสหมวด"), ("title", "ชื่อหมวด"))


def _texts(thing: object, *named: tuple[str, str]) -> dict[str, str]:
    wrong = {}
    for name, called in named:
        text = getattr(thing, name)
        if not text:
            wrong[name] = f"ใส่{called}"
        elif len(text) > _MOST[name]:
            wrong[name] = thai_digits(f"{called}ยาวเกิน {_MOST[name]} ตัวอักษร")
    return wrong


# --- what every agency begins with ----------------------------------------------------------------------------------

GENERAL, SECRET = "general", "secret"
_AUDITED = "สำนักงานการตรวจเงินแผ่นดินตรวจสอบแล้วไม่มีปัญหา และไม่มีความจำเป็นต้องใช้ประกอบการตรวจสอบ"
_CLASSES = (
    (GENERAL, "หนังสือทั่วไป", Basis.GENERAL, 10, False, ""),
    (SECRET, "หนังสือที่ต้องสงวนเป็นความลับ", Basis.SECRET, None, False, "ตามระเบียบว่าด้วยการรักษาความลับของทางราชการ"),
    ("case", "หลักฐานทางอรรถคดี", Basis.CASE, None, False, "ตามกฎหมายหรือระเบียบแบบแผนว่าด้วยการนั้น"),
    ("history", "มีคุณค่าทางประวัติศาสตร์หรือการวิจัย", Basis.HISTORY, None, True, "หรือตามที่สำนักหอจดหมายเหตุแห่งชาติกำหนด"),
    ("copy", "คู่สำเนาที่มีต้นเรื่อง", Basis.COPY, 5, False, "ต้นเรื่องค้นได้จากที่อื่น"),
    ("routine", "เรื่องธรรมดาสามัญ", Basis.ROUTINE, 1, False, "ไม่มีความสำคัญและเป็นเรื่องที่เกิดขึ้นเป็นประจำ"),
    ("money", "เกี่ยวกับการเงินที่ตรวจแล้ว", Basis.MONEY, 5, False, _AUDITED),
)
_GROUPS = (
    ("01", "การเงิน งบประมาณ"),
    ("02", "คำสั่ง ระเบียบ คู่มือ"),
    ("03", "โต้ตอบทั่วไป"),
    ("04", "บริหารทั่วไป"),
    ("05", "บริหารบุคคล"),
    ("06", "เบ็ดเตล็ด"),
    ("07", "ประชุม"),
    ("08", "ฝึกอบรม ทุน และการดูงาน"),
    ("09", "พัสดุ ครุภัณฑ์ ที่ดินและสิ่งก่อสร้าง"),
    ("10", "สถิติและรายงาน"),
)
"""The ten groups that Thai offices commonly file by; no regulation prescribes them."""


def standard_classes(agency_id: AgencyId) -> list[RetentionClass]:
    """The classes of clause 57."""
    return [RetentionClass(agency_id, *values) for values in _CLASSES]


def standard_plan(agency_id: AgencyId) -> list[FileGroup]:
    """The file plan that an agency begins with."""
    return [FileGroup(agency_id, code, title, GENERAL) for code, title in _GROUPS]


def agency_classes(agency_id: AgencyId, own: Iterable[RetentionClass]) -> list[RetentionClass]:
    """The classes of the regulation as the agency changed them, then its own by code."""
    changed = {one.code: one for one in own}
    standard = [changed.pop(one.code, one) for one in standard_classes(agency_id)]
    return standard + [changed[code] for code in sorted(changed)]


def agency_plan(agency_id: AgencyId, own: Iterable[FileGroup]) -> list[FileGroup]:
    """The file plan that an agency begins with as it changed it, by code."""
    groups = {one.code: one for one in (*standard_plan(agency_id), *own)}
    return [groups[code] for code in sorted(groups)]


def default_class(secrecy: Secrecy, group: FileGroup | None = None) -> str:
    """The code of the class of a letter about which nobody has said anything: classified ones by their own rule, others
    as their group of the file plan says, and ten years without one."""
    if not secrecy.is_open:
        return SECRET
    return group.class_code if group is not None else GENERAL


def class_named(classes: Sequence[RetentionClass], words: str) -> RetentionClass:
    """The class that is offered under this code, name or period ("๑๐ ปี", "10", "ตลอดไป"). Raises ValueError in Thai for
    none, and when several have that period."""
    plain = arabic_digits("".join(words.split())).lower()
    offered = [one for one in classes if not one.retired]
    for one in offered:
        if plain in (one.code.lower(), arabic_digits("".join(one.name.split())).lower()):
            return one
    years = plain.removeprefix("ไม่น้อยกว่า").removesuffix("ปี")
    forever = plain in ("ตลอดไป", "ห้ามทำลาย", "ถาวร")
    fit = [one for one in offered if (forever if one.forever else str(one.years) == years)]
    if len(fit) == 1:
        return fit[0]
    choices = ", ".join(f"{one.code} ({one.name})" for one in fit or offered)
    many = "ตรงกับหลายประเภท" if fit else "ไม่ตรงกับประเภทใด"
    raise ValueError(f"อายุการเก็บ “{words}” {many} ใส่รหัสหรือชื่อประเภท เช่น {choices}")


def group_coded(groups: Sequence[FileGroup], code: str) -> FileGroup:
    """The group of the file plan under this code, also where a sheet has made a number of it ("1" for "01"). Raises
    ValueError, in Thai, when there is none."""
    offered = [one for one in groups if not one.retired]
    plain = arabic_digits(" ".join(code.split()))
    for one in offered:
        if code == one.code or plain == arabic_digits(one.code):
            return one
    if plain.isascii() and plain.isdigit():
        fit = [one for one in offered if arabic_digits(one.code).lstrip("0") == plain.lstrip("0")]
        if len(fit) == 1:
            return fit[0]
    raise ValueError(f"ไม่มีหมวดรหัส {code} ในแผนการจัดแฟ้มของส่วนราชการ")
