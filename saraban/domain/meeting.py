"""Meetings without paper (cabinet resolution of 2018: a QR code in the place of printed papers; D16, D17, D18).

planned → over; planned → cancelled. What participants hand in: offered → accepted or refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from saraban.domain import meeting_events as events
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, UnitId
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.numbering import arabic_digits, thai_digits
from saraban.domain.verification import CODE_LETTERS

MOST_AGENDA, MOST_WORDS = 60, 300
USUAL_DAYS_OPEN, MOST_DAYS_OPEN = 30, 366
"""For how many days after a meeting its pack stays open: no rule fixes a number."""
DOORS_OPEN = timedelta(hours=2)
"""So long before a meeting begins one may sign in."""
DOORS_SHUT = timedelta(hours=12)
"""So long after it ends: some meetings last longer than planned."""
_TYPED_NUMBER = re.compile(
    r"(?:(?:ระเบียบ)?วาระที่\s*)(\d+(?:\.\d+)*)[.):]?\s+(?=\S)|(\d{1,2}(?:\.\d{1,2})+)[.)]?\s+(?=\S)|(\d{1,2})[.)]\s+(?=\S)"
)
"""A number typed before an item: "ระเบียบวาระที่ ๑ ", "๑. ", "๓.๑ ". A bare "๓ " is one of its words."""
_MARK = re.compile(r"\[MTG-[0-9A-F]{8}\]")
_ADDRESS = re.compile(f"https?://[^\\s]{{1,120}}/m/[0-9A-Z]{{{CODE_LETTERS}}}")
_KEY = re.compile(f"[0-9A-Z]{{{CODE_LETTERS}}}")
STANDARD_AGENDA = (
    "เรื่องที่ประธานแจ้งให้ที่ประชุมทราบ",
    "เรื่องรับรองรายงานการประชุม",
    "เรื่องที่เสนอให้ที่ประชุมทราบ",
    "เรื่องที่เสนอให้ที่ประชุมพิจารณา",
    "เรื่องอื่น ๆ (ถ้ามี)",
)
"""The order of the explanation to the regulation (form 11)."""


class MeetingState(str, Enum):
    """Where a meeting stands."""

    PLANNED = "planned"
    OVER = "over"
    CANCELLED = "cancelled"

    @property
    def thai(self) -> str:
        """The state in words."""
        return {"planned": "นัดแล้ว", "over": "ประชุมเสร็จแล้ว", "cancelled": "ยกเลิกการประชุม"}[self.value]


class Access(str, Enum):
    """Who may open the pack: everybody who has its address, or participants with a code that comes by mail."""

    LINK = "link"
    CODE = "code"

    @property
    def thai(self) -> str:
        """The access in words."""
        return {"link": "ทุกคนที่มีลิงก์หรือ QR", "code": "เฉพาะผู้เข้าประชุม ด้วยรหัสครั้งเดียวทางอีเมล"}[self.value]


@dataclass(frozen=True)
class AgendaItem:
    """ระเบียบวาระ. Files keep to its `key` when the agenda is written anew; `number` is "3" or, below it, "3.1"."""

    key: str
    number: str
    title: str

    @property
    def sub(self) -> bool:
        """Does it stand below another?"""
        return "." in self.number

    @property
    def approves_minutes(self) -> bool:
        """Is it the item in which the minutes of the meeting before are approved?"""
        return "รับรองรายงาน" in self.title


def read_agenda(text: str, before: Sequence[AgendaItem] = ()) -> tuple[AgendaItem, ...]:
    """One item a line; a line that begins with "-", or with a number like "๓.๑", stands below the one above it. Numbers
    that were typed are left out, since the items get their own. An item keeps its key by its title, or else by its
    place. Raises BadInput."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise BadInput({"agenda": "ใส่ระเบียบวาระอย่างน้อยหนึ่งเรื่อง บรรทัดละเรื่อง"})
    if len(lines) > MOST_AGENDA or any(len(line) > MOST_WORDS for line in lines):
        raise BadInput({"agenda": thai_digits(f"ระเบียบวาระไม่เกิน {MOST_AGENDA} เรื่อง เรื่องละไม่เกิน {MOST_WORDS} ตัวอักษร")})
    items: list[AgendaItem] = []
    top = below = 0
    for line in lines:
        bare = line.lstrip("-– ").strip() or line
        typed = _TYPED_NUMBER.match(bare)
        sub = bool(items) and (
            line.startswith(("-", "–")) or (typed is not None and "." in "".join(filter(None, typed.groups())))
        )
        title = bare[typed.end() :] if typed else bare
        top, below = (top, below + 1) if sub else (top + 1, 0)
        items.append(AgendaItem("", f"{top}.{below}" if sub else str(top), title))
    by_title = {one.title: one.key for one in before}
    keys = [by_title.pop(one.title, "") for one in items]
    taken = {key for key in keys if key}
    for place, key in enumerate(keys):
        if not key and place < len(before) and before[place].key not in taken:
            keys[place] = before[place].key
            taken.add(keys[place])
    fresh = (f"a{n}" for n in range(1, 10_000) if f"a{n}" not in {one.key for one in before} | taken)
    return tuple(replace(one, key=key or next(fresh)) for one, key in zip(items, keys, strict=True))


def agenda_text(agenda: Iterable[AgendaItem]) -> str:
    """The agenda as it is typed."""
    return "\n".join(f"- {one.title}" if one.sub else one.title for one in agenda)


@dataclass(frozen=True)
class Plan:
    """What is said of a meeting when it is called or changed. `hand_in_until`: participants hand in files until then;
    `closes_on`: the last day of the pack; `previous_id`: the meeting whose minutes are approved in this one."""

    title: str
    committee: str
    session: str
    place: str
    begins_at: datetime
    ends_at: datetime
    access: Access
    agenda: tuple[AgendaItem, ...]
    hand_in_until: datetime | None = None
    closes_on: date | None = None
    previous_id: UUID | None = None

    def checked(self) -> Plan:
        """Without blanks around, with its closing day. Raises BadInput by field."""
        words = {name: " ".join(getattr(self, name).split()) for name in ("title", "committee", "session", "place")}
        wrong = {name: f"ยาวเกิน {thai_digits(MOST_WORDS)} ตัวอักษร" for name in words if len(words[name]) > MOST_WORDS}
        wrong |= {n: "มีอักขระที่พิมพ์ไม่ได้ปนอยู่ ลบแล้วพิมพ์ใหม่" for n, text in words.items() if not text.isprintable()}
        for name, told in (("title", "ใส่ชื่อการประชุม"), ("place", "ใส่สถานที่ประชุม หรือช่องทางออนไลน์")):
            if not words[name]:
                wrong[name] = told
        begin, last = office_date(self.begins_at), office_date(self.ends_at)
        closes = self.closes_on or last + timedelta(days=USUAL_DAYS_OPEN)
        if self.ends_at <= self.begins_at:
            wrong["ends_at"] = "เวลาเลิกต้องหลังเวลาเริ่ม"
        if not last <= closes <= last + timedelta(days=MOST_DAYS_OPEN):
            wrong["closes_on"] = thai_digits(f"ปิดชุดเอกสารได้ตั้งแต่วันประชุม และไม่เกิน {MOST_DAYS_OPEN} วันหลังประชุม")
        if self.hand_in_until is not None and office_date(self.hand_in_until) > closes:
            wrong["hand_in_until"] = "กำหนดส่งไฟล์ต้องไม่หลังวันปิดชุดเอกสาร"
        if begin.year > 9000:
            wrong["begins_at"] = "ใส่วันประชุม"
        if not self.agenda:
            wrong["agenda"] = "ใส่ระเบียบวาระอย่างน้อยหนึ่งเรื่อง บรรทัดละเรื่อง"
        if wrong:
            raise BadInput(wrong)
        title, committee, session, place = words.values()
        session = arabic_digits(session)
        return replace(self, title=title, committee=committee, session=session, place=place, closes_on=closes)


@dataclass(eq=False)
class Meeting:
    """A meeting. `code` opens its pack, `room` is that of the QR at the door of the room; each has 100 random bits.
    `letter_id`: the invitation, `minutes_id`: the minutes, letters of the agency both; `approved_in`: the meeting that
    approved these."""

    id: UUID
    agency_id: AgencyId
    unit_id: UnitId
    unit_name: str
    title: str
    committee: str
    session: str
    place: str
    begins_at: datetime
    ends_at: datetime
    access: Access
    agenda: tuple[AgendaItem, ...]
    hand_in_until: datetime | None
    closes_on: date
    code: str
    room: str
    made_at: datetime
    made_by: str
    maker_id: PersonId | None
    previous_id: UUID | None = None
    state: MeetingState = MeetingState.PLANNED
    over_at: datetime | None = None
    reason: str = ""
    letter_id: UUID | None = None
    minutes_id: UUID | None = None
    approved_in: UUID | None = None
    approved_on: date | None = None
    corrections: str = ""
    version: int = 1

    @property
    def mark(self) -> str:
        """What stands in the subject of mails about it, by which a file that is mailed finds it."""
        return f"[MTG-{self.id.hex[:8].upper()}]"

    @property
    def day(self) -> date:
        """The day on which it begins."""
        return office_date(self.begins_at)

    @property
    def called(self) -> str:
        """What it is called in a line."""
        return f"{self.title} ครั้งที่ {self.session}" if self.session else self.title

    def item(self, key: str) -> AgendaItem:
        """An item of the agenda. Raises BadInput."""
        for one in self.agenda:
            if one.key == key:
                return one
        raise BadInput({"item": "เลือกระเบียบวาระ"})

    def pack_open(self, now: datetime) -> bool:
        """May its pack be opened at this moment?"""
        return self.state is not MeetingState.CANCELLED and office_date(now) <= self.closes_on

    def doors_open(self, now: datetime) -> bool:
        """May participants sign in by themselves at this moment?"""
        return (
            self.state is not MeetingState.CANCELLED and self.begins_at - DOORS_OPEN <= now <= self.ends_at + DOORS_SHUT
        )

    def takes_files(self, now: datetime) -> bool:
        """May participants hand in files at this moment?"""
        until = self.hand_in_until or self.begins_at
        return self.state is MeetingState.PLANNED and self.pack_open(now) and now <= until

    def revise(self, plan: Plan, *, by: Actor, at: datetime) -> events.MeetingRevised:
        """It is another day, place or agenda."""
        self._expect(MeetingState.PLANNED)
        said = plan.checked()
        assert said.closes_on is not None  # `checked` gives one
        self.title, self.committee, self.session, self.place = said.title, said.committee, said.session, said.place
        self.begins_at, self.ends_at, self.access, self.agenda = said.begins_at, said.ends_at, said.access, said.agenda
        self.hand_in_until, self.closes_on = said.hand_in_until, said.closes_on
        self.previous_id = said.previous_id
        return events.MeetingRevised(**self.fact(by, at))

    def cancel(self, reason: str, *, by: Actor, at: datetime) -> events.MeetingCancelled:
        """It is not held; why. Its pack closes at once."""
        self._expect(MeetingState.PLANNED)
        if not (reason := " ".join(reason.split())) or len(reason) > MOST_WORDS:
            raise BadInput({"reason": "ใส่เหตุผลที่ยกเลิก"})
        self.state, self.reason = MeetingState.CANCELLED, reason
        return events.MeetingCancelled(**self.fact(by, at), reason=reason)

    def end(self, *, by: Actor, at: datetime) -> events.MeetingEnded:
        """It was held."""
        self._expect(MeetingState.PLANNED)
        if at < self.begins_at:
            raise StageNotAllowed("ยังไม่ถึงเวลาประชุม")
        self.state, self.over_at = MeetingState.OVER, at
        return events.MeetingEnded(**self.fact(by, at))

    def close_on(self, day: date, *, by: Actor, at: datetime) -> events.MeetingRevised:
        """Its pack closes on another day."""
        last = office_date(self.ends_at)
        if not last <= day <= last + timedelta(days=MOST_DAYS_OPEN):
            raise BadInput({"closes_on": thai_digits(f"ปิดชุดเอกสารได้ไม่เกิน {MOST_DAYS_OPEN} วันหลังประชุม")})
        self.closes_on = day
        return events.MeetingRevised(**self.fact(by, at))

    def note_letter(self, letter_id: UUID, *, by: Actor, at: datetime) -> events.MeetingLetterBegun:
        """The invitation is drafted."""
        self._expect(MeetingState.PLANNED)
        self.letter_id = letter_id
        return events.MeetingLetterBegun(**self.fact(by, at), what="invitation", letter=letter_id)

    def note_minutes(self, letter_id: UUID, *, by: Actor, at: datetime) -> events.MeetingLetterBegun:
        """The minutes are drafted."""
        if self.state is MeetingState.CANCELLED or at < self.begins_at:
            raise StageNotAllowed("เริ่มร่างรายงานการประชุมได้เมื่อถึงเวลาประชุมแล้ว")
        self.minutes_id = letter_id
        return events.MeetingLetterBegun(**self.fact(by, at), what="minutes", letter=letter_id)

    def approve(self, later: Meeting, corrections: str, *, by: Actor, at: datetime) -> events.MinutesApproved:
        """A later meeting approved the minutes, as they are or with these corrections."""
        if self.minutes_id is None:
            raise StageNotAllowed("การประชุมครั้งก่อนยังไม่มีรายงานการประชุม")
        if self.approved_in is not None:
            raise StageNotAllowed("รายงานการประชุมนี้รับรองแล้ว")
        if later.state is MeetingState.CANCELLED or at < later.begins_at:
            raise StageNotAllowed("รับรองรายงานได้เมื่อถึงเวลาประชุมครั้งที่รับรองแล้ว")
        if len(corrections) > 5_000:
            raise BadInput({"corrections": "ยาวเกิน ๕,๐๐๐ ตัวอักษร"})
        self.approved_in, self.approved_on, self.corrections = later.id, office_date(at), corrections.strip()
        return events.MinutesApproved(**self.fact(by, at), by_meeting=later.id, corrected=bool(self.corrections))

    def fact(self, by: Actor, at: datetime, **more: Any) -> dict[str, Any]:
        """What every event of it tells, and more."""
        return {"at": at, "by": by, "thing_id": self.id, "meeting": self.called, **more}

    def _expect(self, *states: MeetingState) -> None:
        if self.state not in states:
            raise StageNotAllowed(f"การประชุมนี้{self.state.thai}")


def meeting_of(row: Mapping[str, Any]) -> Meeting:
    """A meeting out of a row, whose agenda is a list of lists."""
    values = {name: row[name] for name in Meeting.__dataclass_fields__}
    return Meeting(**{**values, "agenda": tuple(AgendaItem(*one) for one in row["agenda"])})


def one_line(field: str, text: str) -> str:
    """A short text in one line. Raises BadInput."""
    plain = " ".join(text.split())
    if len(plain) > MOST_WORDS or not plain.isprintable():
        raise BadInput({field: thai_digits(f"ใส่บรรทัดเดียว ไม่เกิน {MOST_WORDS} ตัวอักษร")})
    return plain


def is_key(text: str) -> bool:
    """Can this be the code of a pack, of a room or of a participant?"""
    return bool(_KEY.fullmatch(text))


def marks_in(subject: str) -> tuple[str, ...]:
    """The marks of meetings (`Meeting.mark`) in the subject of a mail, however often it was answered."""
    return tuple(dict.fromkeys(_MARK.findall(subject.upper())))


def is_pack_address(text: str) -> bool:
    """Is this the address of a pack, and nothing else? Where it stands alone in a letter, its QR code is drawn."""
    return bool(_ADDRESS.fullmatch(text))


def digest_of_number(meeting_id: UUID, mail: str, number: str) -> Digest:
    """Under which a one-time code is kept: it means nothing for another meeting or address."""
    return Digest.of(f"{meeting_id}\n{mail.lower()}\n{number}".encode())
