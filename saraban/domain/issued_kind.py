"""Kinds of documents that an agency issues to people (หนังสือรับรอง, ใบอนุญาต, ใบอนุมัติ, ประกาศนียบัตร …): what stands
on one, which fields are asked for, how it is numbered, who approves and signs, how long it holds, and what the public
may see of it.

Legal ground: the Electronic Transactions Act (sections 8 to 10), the cabinet's resolution of 2 April 2562, and section
13 of the Act on electronic work of the state 2565.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import Enum
from typing import NewType
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PositionId, UnitId
from saraban.domain.blanks import blanks_in, fill
from saraban.domain.calendar import BUDDHIST_OFFSET, long_date
from saraban.domain.errors import BadInput, ConcurrentEdit
from saraban.domain.issued_events import IssuedKindChanged, IssuedKindDefined
from saraban.domain.issued_field import (
    LONGEST_LINE,
    OWN_BLANKS,
    FieldType,
    KindField,
    fault_of,
    guessed,
    is_citizen_id,
    is_juristic_id,
    plain_id,
)
from saraban.domain.issued_shown import ShownToThePublic
from saraban.domain.numbering import arabic_digits, thai_digits

IssuedKindId = NewType("IssuedKindId", UUID)

SERIAL, YEAR = "เลข", "ปี"
USUAL_SERIES = "{{เลข}}/{{ปี}}"
MOST_FIELDS, MOST_PILOT = 40, 100_000
LONGEST_NAME_OF_HOLDER = 200
MOST_APPROVERS = 5
MOST_ANSWERERS = 50
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
_LINE, _TEXT, _SERIES = LONGEST_LINE, 20_000, 80
_SIGNS = re.compile(r"([\\*|])")
_MANY_LINE_ENDS = re.compile(r"\n[ \t]*\n[ \t]*(?:\n[ \t]*)+")


class Stage(str, Enum):
    """Is a kind issued: not, on trial (a limited number), or fully (the cabinet's resolution of 2 April 2562, 3.1)?"""

    OFF = "off"
    PILOT = "pilot"
    ON = "on"

    @property
    def thai(self) -> str:
        """The word on screens."""
        return {"off": "ปิด", "pilot": "ทดลอง", "on": "เปิดใช้"}[self.value]


class Marks(str, Enum):
    """What is put into the file: the signer's own signature, the agency's seal, or both, the seal last."""

    SIGNATURE = "signature"
    SEAL = "seal"
    BOTH = "both"

    @property
    def thai(self) -> str:
        """The word on screens."""
        return {"signature": "ลายมือชื่อผู้ลงนาม", "seal": "ตราส่วนราชการ", "both": "ลายมือชื่อและตราส่วนราชการ"}[self.value]


class Validity(str, Enum):
    """For how long a document holds."""

    NONE = "none"
    DAYS = "days"
    MONTHS = "months"
    YEAR_END = "year-end"

    @property
    def thai(self) -> str:
        """The word on screens."""
        return {"none": "ไม่กำหนด", "days": "วัน", "months": "เดือน", "year-end": "ถึงสิ้นปีปฏิทิน"}[self.value]

    def until(self, on: date, amount: int) -> date | None:
        """The last day on which a document of that day holds: the day itself is not counted (Civil and Commercial Code,
        sections 193/3 and 193/5). None when no end is set."""
        if self is Validity.DAYS:
            return on + timedelta(days=amount)
        if self is Validity.MONTHS:
            return _months_later(on, amount)
        return date(on.year + amount - 1, 12, 31) if self is Validity.YEAR_END else None


_OF_PAPER = frozenset({"name_th", "title", "text", "series", "validity_amount"})


class LookupPolicy(str, Enum):
    """What another agency learns that asks for a document of the kind: nothing, what a clerk presses, its state, or its
    state and the file, by itself."""

    NO = "no"
    ASK = "ask"
    STATE = "state"
    FILE = "file"

    @property
    def thai(self) -> str:
        """The word on screens."""
        return {
            "no": "ไม่ตอบ",
            "ask": "ตอบเมื่อเจ้าหน้าที่กดตอบ",
            "state": "ตอบสถานะเอง",
            "file": "ตอบสถานะและไฟล์เอง",
        }[self.value]


@dataclass(eq=False, kw_only=True)
class KindDefinition(ShownToThePublic):
    """What an administrator says about a kind. `title` stands at the head of the page, `text` below it with the blanks
    of the fields and of OWN_BLANKS; `series` is the form of the numbers; `units` issue it, all when none is named;
    `approvers` are asked one after another, without any it goes to the signer at once. `is_public`: anybody may look it
    up, and it carries a code; `holder_public`: the page shows the holder's name, never an id. `in_register`: all that
    carry a code stand in the agency's public register (section 13 of the Act of 2565), with the holder's name where
    `holder_in_register`; it shows nothing that the page of a code does not. `lookup`: what other
    agencies learn, where the officers of `answer_units` and the holders of `answer_posts` answer what is left to
    people; without any the central clerks and the records officer do. `pilot_most`: how many are issued on trial."""

    code: str
    name_th: str
    name_en: str = ""
    title: str = ""
    text: str = ""
    fields: tuple[KindField, ...] = ()
    holder_id_required: bool = False
    series: str = USUAL_SERIES
    units: tuple[UnitId, ...] = ()
    approvers: tuple[PositionId, ...] = ()
    signer_id: PositionId | None = None
    marks: Marks = Marks.SIGNATURE
    validity: Validity = Validity.NONE
    validity_amount: int = 1
    is_public: bool = True
    holder_public: bool = False
    may_download: bool = False
    in_register: bool = False
    holder_in_register: bool = False
    lookup: LookupPolicy = LookupPolicy.NO
    answer_units: tuple[UnitId, ...] = ()
    answer_posts: tuple[PositionId, ...] = ()
    stage: Stage = Stage.OFF
    pilot_most: int = 50

    def faults(self) -> dict[str, str]:
        """What is wrong with it, by field, in Thai."""
        wrong = {}
        if not _CODE.fullmatch(self.code):
            wrong["code"] = "รหัสใช้ตัวอักษร A–Z ตัวเลข และขีด ไม่เกิน 20 ตัว เช่น CERT-01"
        if not self.name_th.strip():
            wrong["name_th"] = "ใส่ชื่อเอกสาร เช่น หนังสือรับรองความประพฤติ"
        if not self.text.strip():
            wrong["text"] = "ใส่ข้อความของเอกสาร"
        names = (("name_th", self.name_th), ("name_en", self.name_en), ("title", self.title))
        wrong |= {name: f"ยาวเกิน {_LINE} ตัวอักษร" for name, text in names if len(text) > _LINE}
        if len(self.text) > _TEXT:
            wrong["text"] = f"ข้อความยาวเกิน {_TEXT:,} ตัวอักษร"
        if SERIAL not in blanks_in(self.series) or set(blanks_in(self.series)) - {SERIAL, YEAR}:
            wrong["series"] = "รูปแบบเลขต้องมี {{เลข}} และมี {{ปี}} ได้ เช่น รบ. {{เลข}}/{{ปี}}"
        elif len(self.series) > _SERIES:
            wrong["series"] = f"ยาวเกิน {_SERIES} ตัวอักษร"
        if self.validity is not Validity.NONE and not 1 <= self.validity_amount <= 1200:
            wrong["validity_amount"] = "ใส่จำนวน 1 ถึง 1,200"
        if self.stage is not Stage.OFF and self.signer_id is None:
            wrong["signer_id"] = "เลือกตำแหน่งผู้ลงนามก่อนเปิดใช้หรือทดลอง"
        wrong |= self._faults_of_approvers()
        of_answers = (("answer_units", self.answer_units), ("answer_posts", self.answer_posts))
        wrong |= {name: f"เลือกได้ไม่เกิน {MOST_ANSWERERS} รายการ" for name, of in of_answers if len(of) > MOST_ANSWERERS}
        if self.stage is Stage.PILOT and not 1 <= self.pilot_most <= MOST_PILOT:
            wrong["pilot_most"] = f"ใส่จำนวนฉบับที่ทดลองออก 1 ถึง {MOST_PILOT:,}"
        if self.may_download and not self.is_public:
            wrong["may_download"] = "ให้ดาวน์โหลดได้เมื่อเปิดให้ตรวจสอบสาธารณะ"
        if self.in_register and not self.is_public:
            wrong["in_register"] = "เปิดทะเบียนสาธารณะได้เมื่อเปิดให้ตรวจสอบสาธารณะ"
        if self.holder_in_register and not self.holder_public:
            wrong["holder_in_register"] = "ทะเบียนแสดงชื่อผู้ถือได้เมื่อหน้าตรวจสอบแสดงชื่อ"
        return wrong | self._faults_of_fields()

    def faults_of_paper(self) -> dict[str, str]:
        """What is wrong with what is printed, by field: enough to show how a document will look."""
        return {name: words for name, words in self.faults().items() if is_of_paper(name)}

    def _faults_of_approvers(self) -> dict[str, str]:
        if self.signer_id in self.approvers:
            return {"approvers": "ผู้อนุมัติและผู้ลงนามเป็นตำแหน่งเดียวกัน เว้นผู้อนุมัติไว้"}
        if len(set(self.approvers)) < len(self.approvers):
            return {"approvers": "ตำแหน่งเดียวกันอนุมัติสองครั้ง เลือกตำแหน่งละครั้ง"}
        if len(self.approvers) > MOST_APPROVERS:
            return {"approvers": f"มีผู้อนุมัติได้ไม่เกิน {MOST_APPROVERS} ตำแหน่ง"}
        return {}

    def _faults_of_fields(self) -> dict[str, str]:
        wrong: dict[str, str] = {}
        if len(self.fields) > MOST_FIELDS:
            wrong["text"] = f"มีช่องได้ไม่เกิน {MOST_FIELDS} ช่อง"
        seen: set[str] = set()
        for one in self.fields:
            if words := fault_of(one, seen):
                wrong[one.field] = words
            seen.add(one.key)
        without = [name for name in blanks_in(self.text) if name not in seen and name not in OWN_BLANKS]
        if without and "text" not in wrong:
            named = ", ".join(f"{{{{{name}}}}}" for name in without[:5])
            wrong["text"] = f"ยังไม่ได้กำหนดชนิดของช่อง {named}"
        return wrong

    def with_fields_of_text(self, described: Mapping[str, KindField]) -> tuple[KindField, ...]:
        """A field for each blank of the text, as it is described or as its name tells; then those that are described
        and stand nowhere in the text: they are kept with the document and not printed."""
        names = [name for name in blanks_in(self.text) if name not in OWN_BLANKS]
        in_text = [described.get(name) or KindField(name, type=guessed(name)) for name in names]
        return (*in_text, *(one for key, one in described.items() if key not in names))

    @property
    def posts(self) -> tuple[PositionId, ...]:
        """Before whom a document comes, in their order: who approves it, then who signs it."""
        return self.approvers if self.signer_id is None else (*self.approvers, self.signer_id)

    def approver(self, passed: int) -> PositionId | None:
        """Before whom a document waits that so many have approved. Where the list has become shorter meanwhile, its
        last is asked, and the signer where it has become empty."""
        if not self.approvers:
            return self.signer_id
        return self.approvers[min(passed, len(self.approvers) - 1)]

    def turns_of(self, post: PositionId | None) -> tuple[int, ...]:
        """After how many approvals a document waits for this post; empty for who approves nothing."""
        return tuple(n for n in range(MOST_APPROVERS) if post is not None and self.approver(n) == post)

    @property
    def names_answerers(self) -> bool:
        """Is it said who answers what other agencies ask about it?"""
        return bool(self.answer_units or self.answer_posts)

    def is_answered_by(self, unit: UnitId | None, post: PositionId | None) -> bool:
        """Is who holds this post in this unit among those who are named to answer?"""
        return unit in self.answer_units or post in self.answer_posts

    def why_full(self, out: int) -> str:
        """In Thai why none is issued after so many of a kind on trial; empty while it has room."""
        if self.stage is not Stage.PILOT or out < self.pilot_most:
            return ""
        return f"ออกเอกสารชนิดนี้ครบจำนวนทดลอง {thai_digits(f'{self.pilot_most:,}')} ฉบับแล้ว ผู้ดูแลระบบเปิดใช้เต็มหรือเพิ่มจำนวนได้"

    @property
    def yearly(self) -> bool:
        """Do the numbers begin anew each Buddhist year?"""
        return YEAR in blanks_in(self.series)

    @property
    def heading(self) -> str:
        """What stands at the head of the page."""
        return self.title.strip() or self.name_th

    def number(self, serial: int, year: int) -> str:
        """The number of a document, with Arabic digits."""
        words = {SERIAL: str(serial), YEAR: str(year)}
        return arabic_digits(" ".join(fill(self.series, words.get).split()))

    def checked(self, holder_name: str, holder_id: str, values: Mapping[str, str]) -> tuple[str, str, dict[str, str]]:
        """Holder's name and id and the values as they are kept. Raises BadInput by "holder_name", "holder_id" and
        "fields.ชื่อช่อง" for what is missing, does not fit, or is no field of the kind."""
        name, plain, by_key = " ".join(holder_name.split()), plain_id(holder_id), {one.key: one for one in self.fields}
        wrong = {f"fields.{key}": "เอกสารชนิดนี้ไม่มีช่องชื่อนี้" for key in values if key not in by_key}
        if not name:
            wrong["holder_name"] = "ใส่ชื่อผู้ถือเอกสาร"
        elif len(name) > LONGEST_NAME_OF_HOLDER:
            wrong["holder_name"] = f"ชื่อยาวเกิน {LONGEST_NAME_OF_HOLDER} ตัวอักษร"
        if plain and not (is_citizen_id(plain) or is_juristic_id(plain)):
            wrong["holder_id"] = "เลขประจำตัว 13 หลักไม่ถูกต้อง ตรวจจากบัตรหรือทะเบียนอีกครั้ง"
        elif not plain and self.holder_id_required:
            wrong["holder_id"] = "ใส่เลขประจำตัวประชาชนหรือเลขทะเบียนนิติบุคคล 13 หลัก"
        kept = {}
        for one in self.fields:
            value = values.get(one.key, "").strip()
            if not value:
                if one.required:
                    wrong[one.field] = f"ใส่{one.shown}"
            elif words := one.fault(value):
                wrong[one.field] = words
            else:
                kept[one.key] = one.kept(value)
        if wrong:
            raise BadInput(wrong)
        return name, plain, kept

    def body(self, words: Mapping[str, str], values: Mapping[str, str]) -> str:
        """The text with the values in place of the blanks; `words` are those of OWN_BLANKS. What a person typed is
        never taken for marks of the text."""
        by_key = {one.key: one for one in self.fields}

        def word_for(name: str) -> str | None:
            if name in OWN_BLANKS:
                return _SIGNS.sub(r"\\\1", words.get(name, ""))
            if name not in by_key:
                return None
            word = by_key[name].written(values[name]) if values.get(name) else ""
            return word if by_key[name].type is FieldType.LONG else _SIGNS.sub(r"\\\1", word)

        return _MANY_LINE_ENDS.sub("\n\n", fill(self.text.replace("\r\n", "\n"), word_for)).strip()


@dataclass(eq=False, kw_only=True)
class IssuedKind(KindDefinition):
    """A kind of an agency. `edition` counts what was said about the paper itself: a document that was put before
    somebody in one edition is not signed in another; `version` guards against two people at once."""

    id: IssuedKindId
    agency_id: AgencyId
    made_at: datetime
    changed_at: datetime
    changed_by: str
    edition: int = 1
    version: int = 1

    @classmethod
    def defined(cls, said: KindDefinition, *, id: UUID, by: Actor, at: datetime, is_sample: bool = False) -> IssuedKind:
        """A new kind; of a sample, which is drawn and not kept, only the paper must be right. Raises BadInput by
        field."""
        if wrong := said.faults_of_paper() if is_sample else said.faults():
            raise BadInput(wrong)
        of = {one.name: getattr(said, one.name) for one in fields(KindDefinition)}
        return cls(**of, id=IssuedKindId(id), agency_id=by.agency_id, made_at=at, changed_at=at, changed_by=by.name)

    def was_defined(self, *, by: Actor) -> IssuedKindDefined:
        """That it was made."""
        return IssuedKindDefined(at=self.made_at, by=by, thing_id=self.id, code=self.code, title=self.name_th)

    def change(self, said: KindDefinition, *, by: Actor, at: datetime) -> IssuedKindChanged:
        """Say something else about it. What was issued is not touched. Raises BadInput by field."""
        expect_fit(said)
        before = self._of_the_paper()
        for one in fields(KindDefinition):
            setattr(self, one.name, getattr(said, one.name))
        self.edition += before != self._of_the_paper()
        self.changed_at, self.changed_by = at, by.name
        return IssuedKindChanged(
            at=at, by=by, thing_id=self.id, code=self.code, title=self.name_th, stage=self.stage.value,
            edition=self.edition,
        )  # fmt: skip

    def expect_version(self, version: int | None) -> None:
        """Raise ConcurrentEdit when the caller looked at another version (None: the caller does not care)."""
        if version is not None and version != self.version:
            raise ConcurrentEdit("ชนิดเอกสารนี้ถูกแก้หลังจากท่านเปิด เปิดใหม่แล้วแก้อีกครั้ง")

    def _of_the_paper(self) -> tuple[object, ...]:
        printed = [(f.key, f.label, f.type, f.required, f.choices) for f in self.fields]
        return (self.name_th, self.title, self.text, printed, self.series, self.marks, self.validity,
                self.validity_amount, self.holder_id_required)  # fmt: skip


def expect_fit(said: KindDefinition) -> None:
    """Raise BadInput for a definition that is not fit to be kept."""
    if wrong := said.faults():
        raise BadInput(wrong)


def is_of_paper(name: str) -> bool:
    """Does this field of a definition tell what a document looks like?"""
    return name in _OF_PAPER or name.startswith("fields.")


def day_words(day: date | None) -> str:
    """A day as it stands in the text of a document; empty for none."""
    return long_date(day) if day is not None else ""


def year_of(day: date) -> int:
    """The Buddhist year of a day."""
    return day.year + BUDDHIST_OFFSET


def _months_later(on: date, months: int) -> date:
    """The same day so many months later, the last of the month where there is none."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=on.day - 1), following - timedelta(days=1))
