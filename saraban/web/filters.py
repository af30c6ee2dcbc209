"""Thai for the eye: digits, dates, sizes and the words for states, as Jinja filters and globals.

Values inside the program are Arabic digits, aware UTC moments and codes of the wire; this file is where they become
what an officer reads (Thai digits, Buddhist years, the clock of Bangkok). Nothing here changes a value or asks a clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request, url_for
from werkzeug.routing import BuildError

from saraban.domain.attachment import Role
from saraban.domain.calendar import BUDDHIST_OFFSET, WEEKDAYS, office_date, office_time
from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.domain.forms import RULES, FormRule
from saraban.domain.name_titles import without_titles
from saraban.domain.receipt import Step
from saraban.web import refilling

_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
MONTHS = (
    ("ม.ค.", "มกราคม"),
    ("ก.พ.", "กุมภาพันธ์"),
    ("มี.ค.", "มีนาคม"),
    ("เม.ย.", "เมษายน"),
    ("พ.ค.", "พฤษภาคม"),
    ("มิ.ย.", "มิถุนายน"),
    ("ก.ค.", "กรกฎาคม"),
    ("ส.ค.", "สิงหาคม"),
    ("ก.ย.", "กันยายน"),
    ("ต.ค.", "ตุลาคม"),
    ("พ.ย.", "พฤศจิกายน"),
    ("ธ.ค.", "ธันวาคม"),
)
# Addresses and names in Latin letters keep their digits, as on the page.
_KEEPS_DIGITS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[A-Za-z0-9._/-]*[A-Za-z][A-Za-z0-9._/-]*")
_NBSP = "\u00a0"
_NAME_MARKS = "ัิีึืฺุู็่้๊๋์"


@dataclass(frozen=True)
class StateWord:
    """How a state is shown: its Thai word and its shape (`hot`, `wait`, `act`, `done`, or none for a ring)."""

    thai: str
    tone: str = ""


@dataclass(frozen=True)
class EvidenceWord:
    """How a kind of evidence is shown: its Thai word and its weight, 4 (sealed receipt) down to 1 (telephone)."""

    thai: str
    weight: int


LETTER_STATES: Mapping[str, StateWord] = {
    "draft": StateWord("ร่าง"),
    "submitted": StateWord("รอพิจารณา", "wait"),
    "endorsed": StateWord("รอลงนาม", "act"),
    "signing": StateWord("กำลังลงนาม", "act"),
    "part-signed": StateWord("ลงนามแล้วบางส่วน", "act"),
    "issued": StateWord("ออกเลขแล้ว รอส่ง", "wait"),
    "dispatched": StateWord("ส่งแล้ว", "act"),
    "closed": StateWord("เสร็จแล้ว", "done"),
    "returned": StateWord("ส่งคืนให้แก้", "hot"),
    "withdrawn": StateWord("ถอนเรื่องแล้ว"),
}
INCOMING_STATES: Mapping[str, StateWord] = {
    "held": StateWord("ต้องตรวจด้วยคน", "wait"),
    "new": StateWord("รอลงรับ", "hot"),
    "registered": StateWord("ลงรับแล้ว", "done"),
    "refused": StateWord("ส่งคืนแล้ว"),
    "superseded": StateWord("มีฉบับใหม่แทน"),
    "answered": StateWord("ตอบผู้ส่งแล้ว", "done"),
    "set-aside": StateWord("ไม่ใช่หนังสือ"),
    "forwarded": StateWord("ส่งต่อแล้ว", "act"),
    "recalled": StateWord("ผู้ส่งเรียกคืนแล้ว"),
    "replaced": StateWord("มีฉบับแก้ไขแทน"),
}
DISPATCH_STATES: Mapping[str, StateWord] = {
    "queued": StateWord("เข้ากล่องออก"),
    "sent": StateWord("ส่งแล้ว", "wait"),
    "relayed": StateWord("เครื่องปลายทางรับแล้ว", "wait"),
    "received": StateWord("ถึงกล่องแล้ว", "act"),
    "invalid": StateWord("ซองใช้ไม่ได้", "hot"),
    "undelivered": StateWord("ส่งไม่ถึง", "hot"),
    "refused": StateWord("ผู้รับส่งคืน", "hot"),
    "forwarded": StateWord("ส่งต่อแล้ว", "act"),
    "recalled": StateWord("เรียกคืนแล้ว"),
    "registered": StateWord("ลงทะเบียนแล้ว", "done"),
    "completed": StateWord("ดำเนินการเสร็จแล้ว", "done"),
}
STATES: Mapping[str, Mapping[str, StateWord]] = {
    "letter": LETTER_STATES,
    "incoming": INCOMING_STATES,
    "dispatch": DISPATCH_STATES,
}
EVIDENCE: Mapping[str, EvidenceWord] = {
    "receipt": EvidenceWord("ใบตอบรับลงตรา", 4),
    "dsn": EvidenceWord("บันทึกของเครื่องปลายทาง", 3),
    "smtp-reply": EvidenceWord("บันทึกของเครื่องส่ง", 3),
    "link": EvidenceWord("ลิงก์ยืนยัน", 2),
    "reply": EvidenceWord("อีเมลตอบ", 1),
    "phone": EvidenceWord("โทรยืนยัน", 1),
}
# The steps of a receipt (docs/wire.md, section 4) and the two rungs before any receipt.
STEPS: Mapping[str, str] = {
    "queued": "เข้ากล่องออก",
    "sent": "ส่งแล้ว",
    "relayed": "เครื่องปลายทางรับแล้ว",
    Step.RECEIVED.value: "ถึงกล่องแล้ว",
    Step.REGISTERED.value: "ลงทะเบียนแล้ว",
    Step.REFUSED.value: "ส่งคืน",
    Step.INVALID.value: "ซองใช้ไม่ได้",
    Step.NUMBER_WRONG.value: "แจ้งเลขรับไม่ตรง",
    Step.FORWARDED.value: "ส่งต่อแล้ว",
    Step.RECALL_REQUESTED.value: "ขอเรียกคืน",
    Step.RECALLED.value: "เรียกคืนแล้ว",
    Step.RECALL_REFUSED.value: "ไม่ให้เรียกคืน",
    Step.COMPLETED.value: "ดำเนินการเสร็จแล้ว",
    Step.UNDELIVERED.value: "ส่งไม่ถึง",
    "bounced": "ไปรษณีย์ตีกลับ",
    "delayed": "เครื่องปลายทางแจ้งว่านำส่งล่าช้า",
    "reply": "อีเมลตอบของผู้รับ",
    "auto-reply": "ตอบกลับอัตโนมัติ",
}
# The same rungs while they are still awaited: what is hoped for must not read as done.
_AWAITED_STEPS: Mapping[str, str] = {
    "sent": "ส่งออก",
    "relayed": "เครื่องปลายทางรับ",
    Step.RECEIVED.value: "ถึงกล่องผู้รับ",
    Step.REGISTERED.value: "ลงทะเบียนรับ",
    Step.COMPLETED.value: "ดำเนินการเสร็จ",
}
FILE_ROLES: Mapping[str, str] = {Role.LETTER.value: "ตัวหนังสือ", Role.ENCLOSURE.value: "สิ่งที่ส่งมาด้วย"}
_FLASH_TONES: Mapping[str, str] = {
    "message": "green",
    "success": "green",
    "green": "green",
    "warning": "amber",
    "amber": "amber",
    "error": "red",
    "red": "red",
    "info": "act",
    "act": "act",
}


def thai_digits(value: object) -> str:
    """The text of a value with Thai digits; nothing for None."""
    return "" if value is None else str(value).translate(_TO_THAI)


def official_digits(text: str) -> str:
    """The text of a letter with Thai digits as its page has it; mail and web addresses and names in Latin letters keep
    theirs."""
    kept = _KEEPS_DIGITS.findall(text)
    plain = [thai_digits(part) for part in _KEEPS_DIGITS.split(text)]
    return "".join(part + name for part, name in zip(plain, [*kept, ""], strict=True))


def count(value: int | None) -> str:
    """A whole number in Thai digits with thousands apart: "๑,๒๐๔"; nothing for None."""
    return "" if value is None else thai_digits(f"{value:,}")


def letter_number(value: object) -> str:
    """A letter number as it is printed, "นร ๐๑๐๖/ว ๖๗", with spaces that do not break over a line."""
    return thai_digits(value).replace(" ", _NBSP)


def thai_date(value: date | datetime | None, form: str = "short") -> str:
    """A date in the Buddhist era; a moment becomes the day of the office (Bangkok).

    `form`: "day" ๒๓ พ.ย., "short" ๒๓ พ.ย. ๒๕๖๙, "long" ๒๓ พฤศจิกายน ๒๕๖๙, "full" วันจันทร์ที่ ๒๓ พฤศจิกายน ๒๕๖๙.
    Nothing for None. Raises ValueError for a moment without a zone and for another form.
    """
    if value is None:
        return ""
    day = _office_day(value)
    short, long = MONTHS[day.month - 1]
    year = day.year + BUDDHIST_OFFSET
    match form:
        case "day":
            text = f"{day.day}{_NBSP}{short}"
        case "short":
            text = f"{day.day}{_NBSP}{short}{_NBSP}{year}"
        case "long":
            text = f"{day.day} {long} {year}"
        case "full":
            text = f"วัน{WEEKDAYS[day.weekday()]}ที่ {day.day} {long} {year}"
        case _:
            raise ValueError(f"unknown form of a date: {form!r}")
    return thai_digits(text)


def thai_time(value: datetime | None) -> str:
    """The time on the clock of the office, "๐๘.๓๒ น."; nothing for None. Raises ValueError without a zone."""
    if value is None:
        return ""
    return thai_digits(f"{_office_moment(value):%H.%M}{_NBSP}น.")


def thai_datetime(value: datetime | None, form: str = "short") -> str:
    """Date and time of a moment: "๒๓ พ.ย. ๒๕๖๙ ๐๘.๓๒ น."; `form` as in `thai_date`. Nothing for None."""
    if value is None:
        return ""
    return f"{thai_date(value, form)} {thai_time(value)}"


def iso(value: date | datetime | None) -> str:
    """The machine's writing of a day or moment, for `<time datetime>`; moments with the offset of the office."""
    if value is None:
        return ""
    return _office_moment(value).isoformat() if isinstance(value, datetime) else value.isoformat()


def buddhist_year(value: date | datetime | None) -> str:
    """The Buddhist year of a day or moment of the office: "๒๕๖๙"; nothing for None."""
    return "" if value is None else thai_digits(_office_day(value).year + BUDDHIST_OFFSET)


def size(octets: int | None) -> str:
    """A file's size in decimal units, as limits are declared on the wire: "๙๐๐ ไบต์", "๒๘ KB", "๒.๓ MB", "๕๐ GB"."""
    if octets is None:
        return ""
    if octets < 1000:
        return thai_digits(f"{octets}{_NBSP}ไบต์")
    value = float(octets)
    for unit in ("KB", "MB", "GB"):
        value /= 1000
        # 999.5 KB would be shown as 1000 KB, so the next unit begins where rounding reaches it.
        if value < 999.5 or unit == "GB":
            digits = 1 if unit != "KB" and value < 10 else 0
            text = f"{value:,.{digits}f}".removesuffix(".0")
            return thai_digits(f"{text}{_NBSP}{unit}")
    raise AssertionError("the loop always answers at GB")


def state_word(value: object, kind: str) -> StateWord:
    """The word and shape of a state. `kind` is "letter", "incoming" or "dispatch"; raises KeyError for another kind.

    A state without a word is shown as it is.
    """
    code = _code(value)
    return STATES[kind].get(code, StateWord(code))


def state_label(value: object, kind: str) -> str:
    """Only the Thai word of a state; `kind` as in `state_word`."""
    return state_word(value, kind).thai


def step_label(value: object, awaited: bool = False) -> str:
    """The Thai word of a rung or of a receipt's step; `awaited` for one that has not been reached."""
    code = _code(value)
    word = STEPS.get(code, code)
    return _AWAITED_STEPS.get(code, word) if awaited else word


def evidence_word(value: object) -> EvidenceWord:
    """The word and weight of a kind of evidence; an unknown kind weighs nothing."""
    code = _code(value)
    return EVIDENCE.get(code, EvidenceWord(code, 0))


def urgency_of(value: object) -> Urgency:
    """The speed class behind a code or an enum member; anything unknown is normal speed."""
    code = _code(value)
    return Urgency(code) if code in {one.value for one in Urgency} else Urgency.NORMAL


def secrecy_of(value: object) -> Secrecy:
    """The secrecy class behind a code or an enum member. Raises ValueError for an unknown one: never shown as open."""
    code = _code(value)
    return Secrecy(code) if code else Secrecy.OPEN


def form_label(value: object) -> str:
    """The name of a form of the regulation: "หนังสือภายนอก"."""
    code = _code(value)
    return Form(code).thai if code in {one.value for one in Form} else code


def form_rule(value: object) -> FormRule | None:
    """The rule of a form; None for one that is not drafted here."""
    return RULES.get(Form(_code(value)))


def file_role_label(value: object) -> str:
    """What a file is to its letter, in Thai."""
    code = _code(value)
    return FILE_ROLES.get(code, code)


def initials(name: str) -> str:
    """Two letters that stand for a person: the beginning of the given name, without the title before it."""
    given = without_titles(name)
    end = 2
    while end < len(given) and given[end] in _NAME_MARKS:
        end += 1
    return given[:end]


def flash_tone(category: str) -> str:
    """The tone of a flash by its category: green for a deed done, amber, red, or act for what is only said."""
    return _FLASH_TONES.get(category, "act")


def link(endpoint: str, **values: Any) -> str:
    """The address of a screen, or "#" when no screen of that name is registered (so that the kit stands alone)."""
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return "#"


def missing_icon(name: str) -> str:
    """Called by the icon macro for a name that nobody drew. Always raises LookupError: a blank button helps nobody."""
    raise LookupError(f"there is no icon {name!r} in templates/components/icons.html")


def with_args(**changes: Any) -> str:
    """The address of the present page with some query arguments replaced; None takes one away."""
    args = {name: request.args.getlist(name) for name in request.args}
    for name, value in changes.items():
        if value is None:
            args.pop(name, None)
        else:
            args[name] = [str(value)]
    query = urlencode(args, doseq=True)
    return f"{request.path}?{query}" if query else request.path


def register_filters(app: Flask) -> None:
    """Give an application the filters and globals of the kit; call it once, before the first page."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        thai_digits=thai_digits,
        count=count,
        official_digits=official_digits,
        letter_number=letter_number,
        thai_date=thai_date,
        thai_time=thai_time,
        thai_datetime=thai_datetime,
        iso=iso,
        buddhist_year=buddhist_year,
        size=size,
        state_label=state_label,
        step_label=step_label,
        form_label=form_label,
        form_rule=form_rule,
        file_role_label=file_role_label,
        flash_tone=flash_tone,
        initials=initials,
    )
    refilling.install(app)
    app.jinja_env.globals.update(
        link=link,
        with_args=with_args,
        missing_icon=missing_icon,
        state_word=state_word,
        evidence_word=evidence_word,
        urgency_of=urgency_of,
        secrecy_of=secrecy_of,
    )


def _code(value: object) -> str:
    """The code of an enum member, or the text of anything else; nothing for None."""
    return "" if value is None else str(getattr(value, "value", value))


def _office_moment(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return office_time(value)


def _office_day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return office_date(value)
    return value
