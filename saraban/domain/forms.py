"""What each form of the regulation's annex asks for (clauses 11 to 26): which fields a drafter fills in, in which book
it is numbered, and how it ends. Screens, the API, the page, DOCX and the checks all read it here.

Fields that every form shares are attributes of `Content`. What only some forms have is kept in `Content.details`, by
the key of its `Detail`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from saraban.domain.book import BookKind
from saraban.domain.classification import Form


class Kind(Enum):
    """The six kinds of official letters (clause 10), in the regulation's order."""

    EXTERNAL = "หนังสือภายนอก"
    INTERNAL = "หนังสือภายใน"
    STAMPED = "หนังสือประทับตรา"
    DIRECTIVE = "หนังสือสั่งการ"
    PUBLIC = "หนังสือประชาสัมพันธ์"
    EVIDENCE = "หนังสือที่เจ้าหน้าที่ทำขึ้นหรือรับไว้เป็นหลักฐานในราชการ"


class Ending(Enum):
    """How a form ends: signed above name and position; with the agency's seal, initialled (clause 13); or with the name
    of the agency alone, which an officer has approved (clauses 21 and 22)."""

    SIGNED = "signed"
    SEALED = "sealed"
    AGENCY = "agency"


class DetailKind(Enum):
    """How a detail is written: one line, some lines of which each is an entry, a day, or a time of the day."""

    LINE = "line"
    LINES = "lines"
    DAY = "day"
    TIME = "time"


@dataclass(frozen=True)
class Detail:
    """A field that only some forms have. Days are kept as "2026-11-26", times as "09.30". `not_before`: the key of the
    detail before which a day or a time must not lie; `day`: that of the detail with the day on which a time lies.
    `columns`: what stands between the bars of each line."""

    key: str
    thai: str
    kind: DetailKind = DetailKind.LINE
    required: bool = False
    hint: str = ""
    not_before: str = ""
    day: str = ""
    columns: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """The name under which screens, the API and refusals speak of it."""
        return f"details.{self.key}"

    def fault(self, text: str) -> str:
        """What is wrong with the text of this detail, in Thai; empty when it may stand so."""
        if self.kind is DetailKind.LINES:
            too_long = len(text) > MOST_LETTERS_IN_LINES or text.count("\n") >= MOST_LINES
            return f"ยาวเกิน {MOST_LINES} บรรทัด แยกเป็นสิ่งที่ส่งมาด้วย" if too_long else ""
        if "\n" in text or "\r" in text:
            return "ใส่ได้บรรทัดเดียว"
        if self.kind is DetailKind.DAY:
            return "" if _is_day(text) else "วันที่ต้องเป็นวันในปฏิทิน เช่น 2026-11-26"
        if self.kind is DetailKind.TIME:
            return "" if _TIME.fullmatch(text) else "เวลาต้องเป็นชั่วโมงและนาที ตั้งแต่ 00.00 ถึง 23.59 เช่น 09.30"
        return f"ยาวเกิน {MOST_LETTERS_IN_LINE} ตัวอักษร" if len(text) > MOST_LETTERS_IN_LINE else ""


@dataclass(frozen=True)
class FormRule:
    """One form. `number` is its place in the annex (0: it has none), `kind` its kind by clause 10, `use` says in
    a sentence what it is for. `subject` is the caption of its subject. `parts` names those attributes of `Content` that
    it has besides subject, body, urgency and secrecy. `correspondence`: it goes to named agencies, so it must have
    recipients. `subject_hint` and `body_hint` help the drafter."""

    form: Form
    number: int
    kind: Kind
    book: BookKind
    ending: Ending
    subject: str = "เรื่อง"
    parts: frozenset[str] = frozenset()
    details: tuple[Detail, ...] = ()
    correspondence: bool = False
    use: str = ""
    subject_hint: str = ""
    body_hint: str = ""

    def has(self, part: str) -> bool:
        """True when the form has this attribute of `Content`."""
        return part in self.parts

    def faults(self, details: Mapping[str, str]) -> dict[str, str]:
        """What is wrong with these details, by field: keys that the form does not have, texts that do not fit,
        and what lies before its beginning."""
        known = {detail.key: detail for detail in self.details}
        wrong = {}
        for key, text in details.items():
            if key not in known:
                wrong[f"details.{key}"] = f"{self.form.thai}ไม่มีช่อง “{key}”"
            elif text and (fault := known[key].fault(text)):
                wrong[known[key].field] = fault
        by_day_first = sorted(self.details, key=lambda detail: detail.kind is DetailKind.TIME)
        for late in (detail for detail in by_day_first if detail.not_before):
            early, text = known[late.not_before], details.get(late.key, "")
            day = details.get(early.day, "")
            begin, end = (day, details.get(early.key, "")), (details.get(late.day) or day, text)
            if text and not wrong.keys() & {early.field, late.field, f"details.{late.day}"} and end < begin:
                hint = f" ถ้าเลยเที่ยงคืน ใส่ช่อง “{known[late.day].thai}”" if late.day and late.day != early.day else ""
                wrong[late.field] = f"อยู่ก่อน “{early.thai}” ไม่ได้{hint}"
        return wrong

    def lacking(self, details: Mapping[str, str]) -> dict[str, str]:
        """The required details that are not there, by field."""
        return {
            detail.field: f"ใส่ช่อง “{detail.thai}” ก่อนเสนอ"
            for detail in self.details
            if detail.required and not details.get(detail.key, "").strip()
        }


MOST_LETTERS_IN_LINE = 300
MOST_LETTERS_IN_LINES = 20_000
MOST_LINES = 300
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3])\.[0-5][0-9]")


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


_EDITION = Detail("edition", "ฉบับที่", hint="ใส่เมื่อมีหลายฉบับ เช่น 2")
_EFFECTIVE = Detail("effective", "ให้ใช้ตั้งแต่วันที่", DetailKind.DAY, hint="ไม่ใส่ เมื่อเขียนไว้ในข้อความแล้ว")
_NOT_PRINTED = "ใช้ลงทะเบียนและค้นหา ไม่พิมพ์ในหนังสือ"
_CLAUSES = "อ้างเหตุและอำนาจ แล้วเขียนเป็นข้อ: ข้อ ๑ ชื่อ ข้อ ๒ วันใช้บังคับ ข้อสุดท้ายผู้รักษาการ"
_LETTER_PARTS = frozenset({"addressed_to", "references", "enclosures", "closing", "recipients", "contact", "purpose",
                           "response_due", "circular", "cosigners"})  # fmt: skip

_RULES = (
    FormRule(
        Form.EXTERNAL, 1, Kind.EXTERNAL, BookKind.SENDING, Ending.SIGNED, parts=_LETTER_PARTS, correspondence=True,
        use="ติดต่อกับส่วนราชการอื่น หน่วยงานอื่น หรือบุคคลภายนอก เป็นพิธีการ",
    ),
    FormRule(
        Form.MEMORANDUM, 2, Kind.INTERNAL, BookKind.SENDING, Ending.SIGNED,
        parts=_LETTER_PARTS - {"references", "closing"},
        use="ติดต่อภายในกระทรวง กรม หรือจังหวัดเดียวกัน ใช้กระดาษบันทึกข้อความ",
    ),
    FormRule(
        Form.STAMPED, 3, Kind.STAMPED, BookKind.SENDING, Ending.SEALED,
        parts=_LETTER_PARTS - {"references", "closing", "cosigners"}, correspondence=True,
        subject_hint=_NOT_PRINTED,
        use="เรื่องไม่สำคัญ เช่น ขอรายละเอียดเพิ่ม ส่งสำเนา ตอบรับทราบ หรือเตือนเรื่องที่ค้าง ประทับตราแทนการลงชื่อ",
    ),
    FormRule(
        Form.ORDER, 4, Kind.DIRECTIVE, BookKind.ORDERS, Ending.SIGNED, parts=frozenset({"enclosures", "cosigners"}),
        details=(_EFFECTIVE,), body_hint="อ้างเหตุและอำนาจที่ให้ออกคำสั่ง แล้วสั่งเป็นข้อ",
        use="ผู้บังคับบัญชาสั่งการให้ปฏิบัติโดยชอบด้วยกฎหมาย",
    ),
    FormRule(
        Form.RULE, 5, Kind.DIRECTIVE, BookKind.RULES, Ending.SIGNED, subject="ว่าด้วย", details=(_EDITION,),
        body_hint=_CLAUSES,
        use="วางหลักปฏิบัติงานเป็นการประจำ จะอาศัยอำนาจของกฎหมายหรือไม่ก็ได้",
    ),
    FormRule(
        Form.REGULATION, 6, Kind.DIRECTIVE, BookKind.RULES, Ending.SIGNED, subject="ว่าด้วย", details=(_EDITION,),
        body_hint=_CLAUSES,
        use="กำหนดให้ใช้โดยอาศัยอำนาจของกฎหมายที่บัญญัติให้ทำได้",
    ),
    FormRule(
        Form.ANNOUNCEMENT, 7, Kind.PUBLIC, BookKind.ANNOUNCEMENTS, Ending.SIGNED,
        parts=frozenset({"enclosures", "cosigners"}),
        use="ประกาศหรือชี้แจงให้ทราบ หรือแนะแนวทางปฏิบัติ",
    ),
    FormRule(
        Form.STATEMENT, 8, Kind.PUBLIC, BookKind.ANNOUNCEMENTS, Ending.AGENCY, details=(_EDITION,),
        use="แถลงเพื่อทำความเข้าใจในกิจการของทางราชการหรือเหตุการณ์ใด ๆ ให้ทราบชัดเจน",
    ),
    FormRule(
        Form.NEWS, 9, Kind.PUBLIC, BookKind.ANNOUNCEMENTS, Ending.AGENCY, details=(_EDITION,),
        use="เผยแพร่เรื่องที่เห็นสมควรให้ทราบ",
    ),
    FormRule(
        Form.CERTIFICATE, 10, Kind.EVIDENCE, BookKind.CERTIFICATES, Ending.SIGNED, subject="เรื่องที่รับรอง",
        details=(Detail("holder", "ชื่อผู้ได้รับการรับรอง", hint="พิมพ์ใต้รูปถ่ายและที่ลงลายมือชื่อ ใส่เมื่อมีรูปถ่าย"),),
        parts=frozenset({"cosigners", "photo"}),
        subject_hint=_NOT_PRINTED,
        body_hint="ขึ้นต้นว่า หนังสือฉบับนี้ให้ไว้เพื่อรับรองว่า แล้วตามด้วยชื่อเต็ม ตำแหน่ง สังกัด และเรื่องที่รับรอง",
        use="รับรองบุคคล นิติบุคคล หรือหน่วยงาน ว่าเป็นความจริงตามที่ระบุ",
    ),
    FormRule(
        Form.MINUTES, 11, Kind.EVIDENCE, BookKind.MINUTES, Ending.SIGNED, subject="การประชุม",
        parts=frozenset({"cosigners"}),
        details=(
            Detail("session", "ครั้งที่", required=True, hint="เช่น 1/2569"),
            Detail("held_on", "เมื่อวันที่", DetailKind.DAY, required=True),
            Detail("place", "ณ", required=True, hint="สถานที่ประชุม"),
            Detail(
                "present", "ผู้มาประชุม", DetailKind.LINES, required=True,
                hint="บรรทัดละหนึ่งคน: ชื่อ | ตำแหน่ง | หน้าที่ในที่ประชุม", columns=("ชื่อ", "ตำแหน่ง", "หน้าที่ในที่ประชุม"),
            ),
            Detail("absent", "ผู้ไม่มาประชุม", DetailKind.LINES, hint="บรรทัดละหนึ่งคน: ชื่อ | ตำแหน่ง | เหตุผล",
                   columns=("ชื่อ", "ตำแหน่ง", "เหตุผล")),
            Detail("attending", "ผู้เข้าร่วมประชุม", DetailKind.LINES, hint="บรรทัดละหนึ่งคน: ชื่อ | ตำแหน่ง",
                   columns=("ชื่อ", "ตำแหน่ง")),
            Detail("begins", "เริ่มประชุมเวลา", DetailKind.TIME, required=True, day="held_on"),
            Detail("ends", "เลิกประชุมเวลา", DetailKind.TIME, required=True, not_before="begins", day="ended_on"),
            Detail(
                "ended_on", "เลิกประชุมวันที่", DetailKind.DAY, not_before="held_on",
                hint="ใส่เมื่อเลิกคนละวันกับวันประชุม เช่น เลยเที่ยงคืน",
            ),
            Detail("recorder", "ผู้จดรายงานการประชุม", required=True),
        ),
        subject_hint="ชื่อคณะที่ประชุม เช่น คณะกรรมการบริหาร", body_hint="เขียนตามระเบียบวาระ ๑ ถึง ๕ แต่ละเรื่องจบด้วยมติที่ประชุม",
        use="บันทึกความเห็น มติ และผู้เข้าประชุมไว้เป็นหลักฐาน",
    ),
    FormRule(
        Form.RECORD, 0, Kind.EVIDENCE, BookKind.SENDING, Ending.SIGNED,
        parts=frozenset({"addressed_to", "enclosures", "cosigners"}),
        use="เสนอผู้บังคับบัญชา สั่งการผู้ใต้บังคับบัญชา หรือติดต่อระหว่างเจ้าหน้าที่และหน่วยงานต่ำกว่ากรม",
    ),
)  # fmt: skip
RULES = {rule.form: rule for rule in _RULES}
"""The forms that can be drafted, in the order of the annex."""
