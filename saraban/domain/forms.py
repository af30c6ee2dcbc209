"""What each form of the regulation's annex asks for (clauses 11 to 26): which fields a drafter fills in, in which book
it is numbered, and how it ends. Screens, the API, the page, DOCX and the checks all read it here.

Fields that every form shares are attributes of `Content`. What only some forms have is kept in `Content.details`, by
the key of its `Detail`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from saraban.domain.book import BookKind
from saraban.domain.classification import Form


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
    """A field that only some forms have. Days are kept as "2026-11-26", times as "09.30"."""

    key: str
    thai: str
    kind: DetailKind = DetailKind.LINE
    required: bool = False
    hint: str = ""


@dataclass(frozen=True)
class FormRule:
    """One form. `number` is its place in the annex (0: it has none). `subject` is the caption of its subject. `parts`
    names those attributes of `Content` that it has besides subject, body, urgency and secrecy. `correspondence`: it
    goes to named agencies, so it must have recipients."""

    form: Form
    number: int
    book: BookKind
    ending: Ending
    subject: str = "เรื่อง"
    parts: frozenset[str] = frozenset()
    details: tuple[Detail, ...] = ()
    correspondence: bool = False

    def has(self, part: str) -> bool:
        """True when the form has this attribute of `Content`."""
        return part in self.parts


_EDITION = Detail("edition", "ฉบับที่", hint="ใส่เมื่อมีหลายฉบับ เช่น 2")
_EFFECTIVE = Detail("effective", "ให้ใช้ตั้งแต่วันที่", DetailKind.DAY, hint="ไม่ใส่ เมื่อเขียนไว้ในข้อความแล้ว")
_LETTER_PARTS = frozenset({"addressed_to", "references", "enclosures", "closing", "recipients", "contact", "purpose",
                           "response_due", "circular"})  # fmt: skip

_RULES = (
    FormRule(Form.EXTERNAL, 1, BookKind.SENDING, Ending.SIGNED, parts=_LETTER_PARTS, correspondence=True),
    FormRule(
        Form.MEMORANDUM, 2, BookKind.SENDING, Ending.SIGNED,
        parts=_LETTER_PARTS - {"references", "closing"},
    ),
    FormRule(
        Form.STAMPED, 3, BookKind.SENDING, Ending.SEALED, parts=_LETTER_PARTS - {"references", "closing"},
        correspondence=True,
    ),
    FormRule(Form.ORDER, 4, BookKind.ORDERS, Ending.SIGNED, parts=frozenset({"enclosures"}), details=(_EFFECTIVE,)),
    FormRule(Form.RULE, 5, BookKind.RULES, Ending.SIGNED, subject="ว่าด้วย", details=(_EDITION,)),
    FormRule(Form.REGULATION, 6, BookKind.RULES, Ending.SIGNED, subject="ว่าด้วย", details=(_EDITION,)),
    FormRule(Form.ANNOUNCEMENT, 7, BookKind.ANNOUNCEMENTS, Ending.SIGNED, parts=frozenset({"enclosures"})),
    FormRule(Form.STATEMENT, 8, BookKind.ANNOUNCEMENTS, Ending.AGENCY, details=(_EDITION,)),
    FormRule(Form.NEWS, 9, BookKind.ANNOUNCEMENTS, Ending.AGENCY, details=(_EDITION,)),
    FormRule(Form.CERTIFICATE, 10, BookKind.CERTIFICATES, Ending.SIGNED, subject="เรื่องที่รับรอง"),
    FormRule(
        Form.MINUTES, 11, BookKind.MINUTES, Ending.SIGNED, subject="การประชุม",
        details=(
            Detail("session", "ครั้งที่", required=True, hint="เช่น 1/2569"),
            Detail("held_on", "เมื่อวันที่", DetailKind.DAY, required=True),
            Detail("place", "ณ", required=True, hint="สถานที่ประชุม"),
            Detail(
                "present", "ผู้มาประชุม", DetailKind.LINES, required=True,
                hint="บรรทัดละหนึ่งคน: ชื่อ | ตำแหน่ง | หน้าที่ในที่ประชุม",
            ),
            Detail("absent", "ผู้ไม่มาประชุม", DetailKind.LINES, hint="บรรทัดละหนึ่งคน: ชื่อ | ตำแหน่ง | เหตุผล"),
            Detail("attending", "ผู้เข้าร่วมประชุม", DetailKind.LINES, hint="บรรทัดละหนึ่งคน: ชื่อ | ตำแหน่ง"),
            Detail("begins", "เริ่มประชุมเวลา", DetailKind.TIME, required=True),
            Detail("ends", "เลิกประชุมเวลา", DetailKind.TIME, required=True),
            Detail("recorder", "ผู้จดรายงานการประชุม", required=True),
        ),
    ),
    FormRule(Form.RECORD, 0, BookKind.SENDING, Ending.SIGNED, parts=frozenset({"addressed_to", "enclosures"})),
)  # fmt: skip
RULES = {rule.form: rule for rule in _RULES}
"""The forms that can be drafted."""
