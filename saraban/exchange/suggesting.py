"""What a letter in ordinary mail may be called: number, date, subject and the rest, read from the mail and from the
words on its first page as agencies write them (form 1, clause 11). Only proposed; a clerk decides."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date

from saraban.domain.calendar import BUDDHIST_OFFSET, MONTHS
from saraban.domain.numbering import LetterNumber, arabic_digits

MOST_SUBJECT = 500
_MOST_LINES = 4
_LOOKED_AT = 8_000
_SHORT = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
_MONTH = {name: place for names in (MONTHS, _SHORT) for place, name in enumerate(names, start=1)}
_NAMES = "|".join(re.escape(name) for name in sorted(_MONTH, key=len, reverse=True))
_DAY = re.compile(rf"(?<!\d)(\d{{1,2}})\s*({_NAMES})\s*(?:พ\.?\s*ศ\.?\s*)?(\d{{4}}|\d{{2}})(?!\d)")
_DAY_IN_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
_PREFIX = re.compile(r"(?i)^\s*(?:(?:re|fw|fwd|ตอบ(?:กลับ)?|ส่งต่อ)\s*:|\[[^\]]{1,40}\]|ด่วน(?:ที่สุด|มาก)?)\s*")
_ABOUT = re.compile(
    r"(?:^|\s)เรื่อง[ \t]+(.+?)(?=\n\s*(?:กราบเรียน|เรียน|ถึง|อ้างถึง|สิ่งที่ส่งมาด้วย|นมัสการ)(?:\s|$)|\n\s*\n|\Z)", re.DOTALL
)
_TO = re.compile(r"(?m)^[ \t]*((?:กราบเรียน|เรียน|นมัสการ|ถึง)[ \t]+\S.{1,200}?)[ \t]*$")
_REFERS = re.compile(r"(?m)^[ \t]*อ้างถึง\b")
_ADDRESS = re.compile(r"ถนน|ตำบล|อำเภอ|จังหวัด|แขวง|\d{5}")


@dataclass(frozen=True)
class Suggestion:
    """What is proposed; empty where nothing was found. `number` has Arabic digits."""

    number: str = ""
    day: date | None = None
    subject: str = ""
    addressed_to: str = ""
    sender: str = ""

    def as_dict(self) -> dict[str, str]:
        """As plain JSON values, what is empty left out."""
        values = {**asdict(self), "day": self.day.isoformat() if self.day is not None else ""}
        return {name: value for name, value in values.items() if value}


def suggest(mail_subject: str, mail_text: str, page: str) -> Suggestion:
    """What to propose for a mail with this subject and text, whose letter begins with these words (empty for a scan).
    What the page says goes before what the mail says, unless a subject runs on into the text. Never raises."""
    page, mail_text = _tidy(page), _tidy(mail_text)
    bare = _bare(mail_subject)
    head = page[: found.start()] if (found := _REFERS.search(page)) else page
    number, sender = _number(head)
    number = number or _number(bare)[0] or _number(mail_text)[0]
    day = _day(_before_subject(head)) or _day(bare) or _day(mail_text)
    named = _ABOUT.search(bare)
    subject = _subject_of_page(head, cut=found is not None) or (named[1] if named else "") or _first_line(head) or bare
    to = _TO.search(page) or _TO.search(mail_text)
    return Suggestion(
        number=number,
        day=day,
        subject=" ".join(subject.split())[:MOST_SUBJECT],
        addressed_to=" ".join(to[1].split()) if to else "",
        sender=sender,
    )


def _tidy(text: str) -> str:
    return text[:_LOOKED_AT].replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")


def _bare(subject: str) -> str:
    for _ in range(5):
        shorter = _PREFIX.sub("", subject, count=1)
        if shorter == subject:
            break
        subject = shorter
    return subject.strip()


def _number(text: str) -> tuple[str, str]:
    """The letter's number, and what stands behind it on its line: the sender, as form 1 has it."""
    found = LetterNumber.find(text)
    if found is None:
        return "", ""
    number, end = found
    behind = " ".join(text[end:].split("\n", 1)[0].split())
    is_name = 3 < len(behind) <= 120 and not any(sign.isdigit() for sign in behind) and not _ADDRESS.search(behind)
    return str(number), behind if is_name and not behind.startswith(("ลงวันที่", "เรื่อง", "ลว")) else ""


def _before_subject(head: str) -> str:
    about = _ABOUT.search(head)
    return head[: about.start()] if about else head[:1_000]


def _subject_of_page(head: str, *, cut: bool) -> str:
    """The subject when the page shows where it ends: an order or an announcement runs on into its text without an
    address, and that is no subject."""
    about = _ABOUT.search(head)
    ends = about is not None and (cut or about.end() < len(head.rstrip()))
    return about[1] if about and ends and len(about[1].splitlines()) <= _MOST_LINES else ""


def _first_line(head: str) -> str:
    about = _ABOUT.search(head)
    return about[1].splitlines()[0] if about else ""


def _day(text: str) -> date | None:
    plain = arabic_digits(text)
    for found in _DAY.finditer(plain):
        year = int(found[3]) + (2500 if len(found[3]) == 2 else 0)
        if (day := _date(year, _MONTH[found[2]], int(found[1]))) is not None:
            return day
    for found in _DAY_IN_NUMBERS.finditer(plain):
        if (day := _date(int(found[3]), int(found[2]), int(found[1]))) is not None:
            return day
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year - BUDDHIST_OFFSET if year > 2300 else year, month, day)
    except ValueError:
        return None
