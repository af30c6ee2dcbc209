"""A list of a register as its address says it: what is asked for, which columns show, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import BadInput
from saraban.domain.register import EntryState, Origin, caption
from saraban.doorway.dates import NotADate, read_date, write_date
from saraban.reading.register_filters import DAYS, FIELDS, Filters
from saraban.web.filters import thai_date, thai_digits

FORM_COLUMNS = ("number", "letter_date", "sender", "addressee", "subject", "practice", "note")
"""The columns of forms 13 and 14, beside the number of the register, which always shows."""
EXTRA_COLUMNS = ("urgency", "secrecy", "owner", "entered_by", "received_at", "origin", "at")
CAPTIONS = {
    **{name: caption(name) for name in (*FORM_COLUMNS, "urgency", "secrecy")},
    "owner": "เจ้าของเรื่อง",
    "entered_by": "ผู้ลงทะเบียน",
    "received_at": "วันที่รับจริง",
    "origin": "ทางที่มา",
    "at": "วันเวลาลงทะเบียน",
}
STATES = {"used": "ใช้แล้ว", "reserved": "จองไว้", "void": "ยกเลิก"}
DENSITIES = ("compact", "cosy")
OF_ADDRESS = (*FIELDS, "col", "density")
"""The arguments that make a view; year, keeper and page are not part of one."""
_NAMES = {
    "q": "ทุกช่อง",
    "number": "ที่",
    "dated_from": "ลงวันที่ตั้งแต่",
    "dated_to": "ลงวันที่ถึง",
    "sender": "จาก",
    "addressee": "ถึง",
    "subject": "เรื่อง",
    "practice": "การปฏิบัติ",
    "note": "หมายเหตุ",
    "urgency": "ชั้นความเร็ว",
    "secrecy": "ชั้นความลับ",
    "state": "สถานะ",
    "origin": "ทางที่มา",
    "entered_from": "ลงทะเบียนตั้งแต่",
    "entered_to": "ลงทะเบียนถึง",
    "entered_by": "ผู้ลงทะเบียน",
    "owner": "เจ้าของเรื่อง",
    "late": "ลงทะเบียนย้อนหลัง",
    "corrected": "แก้ไข",
    "since": "เลขตั้งแต่",
    "until": "เลขถึง",
}
CHOICES: Mapping[str, Sequence[tuple[str, str]]] = {
    "urgency": [(one.value, one.thai or "ปกติ") for one in Urgency],
    "secrecy": [(one.value, one.thai or "ไม่มีชั้นความลับ") for one in Secrecy],
    "state": [(one.value, STATES[one.value]) for one in EntryState],
    "origin": [(one.value, one.thai) for one in Origin],
    "late": [("yes", "เฉพาะที่ลงย้อนหลัง"), ("no", "เฉพาะที่ลงในวันเดียวกัน")],
    "corrected": [("yes", "เฉพาะที่แก้ไข"), ("no", "เฉพาะที่ไม่ได้แก้ไข")],
}


@dataclass(frozen=True)
class Chip:
    """Something that is asked for, in words; `name` is the argument to take away."""

    name: str
    text: str


@dataclass(frozen=True)
class ListAsked:
    """What an address asks for. `said` is what was typed, field by field, and `wrong` what was wrong with it; then the
    filters are empty and nothing should be shown."""

    filters: Filters
    said: Mapping[str, str]
    columns: Sequence[str]
    density: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def chosen_columns(self) -> Sequence[str]:
        """The columns as arguments of the address: none while they are those of the form."""
        return [] if tuple(self.columns) == FORM_COLUMNS else self.columns

    def query(self) -> str:
        """The view as the rest of an address."""
        pairs = [*self.filters.written().items(), *(("col", name) for name in self.chosen_columns)]
        return urlencode([*pairs, ("density", self.density)] if self.density else pairs)

    def bare(self) -> ListAsked:
        """The same columns without any filter."""
        return ListAsked(Filters(), {}, self.columns, self.density)

    def field(self, name: str) -> str:
        """What stands in the field of a filter: what was typed, a day and a number as officers write them."""
        text = self.said.get(name, "")
        if name in DAYS and name not in self.wrong and text:
            return write_date(date.fromisoformat(text)) if _is_iso(text) else text
        return thai_digits(text) if name in ("since", "until") else text

    def chips(self, owners: Mapping[str, str]) -> list[Chip]:
        """What is on, in words; `owners` names units by their code."""
        return [Chip(name, f"{_NAMES[name]} {_shown(name, text, owners)}") for name, text in self.said.items()]


def read_list(args: MultiDict[str, str], today: date) -> ListAsked:
    """What the arguments ask for; days as officers write them, whatever cannot be read told field by field."""
    said = {name: text for name in FIELDS if (text := args.get(name, "").strip())}
    plain, wrong = dict(said), dict[str, str]()
    for name in DAYS:
        try:
            if name in said and (day := read_date(said[name], today)) is not None:
                plain[name] = day.isoformat()
        except NotADate as error:
            wrong[name] = str(error)
            del plain[name]
    filters = Filters()
    try:
        filters = Filters.read(plain)
    except BadInput as error:
        wrong |= error.fields
    known = {name for name in args.getlist("col") if name in CAPTIONS}
    columns = [name for name in (*FORM_COLUMNS, *EXTRA_COLUMNS) if name in known] or FORM_COLUMNS
    density = args.get("density", "")
    return ListAsked(
        filters=Filters() if wrong else filters,
        said=said if wrong else filters.written(),
        columns=tuple(columns),
        density=density if density in DENSITIES else "",
        wrong=wrong,
    )


def of_view(query: str) -> str:
    """The part of an address that makes a view, in its one writing; what it does not know is left out."""
    pairs = [(name, text) for name, text in parse_qsl(query) if name in OF_ADDRESS]
    return read_list(MultiDict(pairs), date.min).query()


def _shown(name: str, text: str, owners: Mapping[str, str]) -> str:
    if name in CHOICES:
        return dict(CHOICES[name]).get(text, text)
    if name == "owner":
        return owners.get(text, text)
    if name in DAYS:
        return thai_date(date.fromisoformat(text)) if _is_iso(text) else text
    return thai_digits(text) if name in ("since", "until", "number") else f"“{text}”"


def _is_iso(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
