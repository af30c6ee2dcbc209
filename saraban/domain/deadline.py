"""Deadlines: by when a letter or a task is to be done, counted in working days, and how near that is.

The regulation gives the speed classes words and no days (clause 28: at once on receipt, quickly, quicker than usual as
far as possible), so the days of each class are the agency's own decision. A date that the letter itself or the officer
who endorsed it names stands as it was written; the earliest of all is the deadline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum

from saraban.domain.agency import AgencyOptions
from saraban.domain.classification import Urgency
from saraban.domain.errors import BadInput
from saraban.domain.workdays import WorkCalendar

MOST_DAYS = 365
_LONGEST_WALK = 3 * 365


class Standing(str, Enum):
    """How near a deadline is."""

    COMFORTABLE = "comfortable"
    NEAR = "near"
    TODAY = "today"
    LATE = "late"

    @property
    def thai(self) -> str:
        """The state in words."""
        return {"comfortable": "ยังไม่ถึงกำหนด", "near": "ใกล้ครบกำหนด", "today": "ครบกำหนดวันนี้", "late": "เกินกำหนด"}[
            self.value
        ]


class Source(str, Enum):
    """Who set the deadline."""

    SPEED = "speed"
    LETTER = "letter"
    ENDORSER = "endorser"

    @property
    def thai(self) -> str:
        """The source in words."""
        return {"speed": "ตามชั้นความเร็ว", "letter": "ตามที่หนังสือขอ", "endorser": "ตามที่ผู้สั่งกำหนด"}[self.value]


@dataclass(frozen=True)
class DeadlineRules:
    """What an agency decides about deadlines, in working days: those of each speed class, from when on one is near, and
    after how many days late the next higher officer is told."""

    days: tuple[int, int, int, int] = (7, 3, 1, 0)
    near: int = 1
    escalate: int = 2

    @classmethod
    def of(cls, options: AgencyOptions) -> DeadlineRules:
        """Those among all that the agency decided. Raises BadInput by field for what cannot be counted."""
        wrong = {}
        for name in FIELDS:
            if not 0 <= getattr(options, name) <= MOST_DAYS:
                wrong[name] = f"ใส่จำนวนวันทำการตั้งแต่ 0 ถึง {MOST_DAYS}"
        if not wrong and options.escalate_days == 0:
            wrong["escalate_days"] = "ผู้บังคับบัญชาชั้นเหนือขึ้นไปรู้ได้เมื่อเกินกำหนดตั้งแต่ 1 วันทำการ"
        if wrong:
            raise BadInput(wrong)
        days = (options.due_normal, options.due_urgent, options.due_very_urgent, options.due_most_urgent)
        return cls(days, options.near_days, options.escalate_days)

    def of_class(self, urgency: Urgency) -> int:
        """The working days of a speed class; 0: on the day itself."""
        return self.days[urgency.rank]


FIELDS = ("due_most_urgent", "due_very_urgent", "due_urgent", "due_normal", "near_days", "escalate_days")


@dataclass(frozen=True)
class Gap:
    """Days on which nobody could act: a post without holder and deputy, a letter back at its drafter. The clock stands
    from the first to the last day; without a last one it stands still, and goes on tomorrow at the earliest."""

    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Does the clock stand on this day?"""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Due:
    """A deadline as it stands on a day. `days` are the working days left, or those it is late. `stopped`: the clock
    stands, because nobody holds the post."""

    day: date
    source: Source
    standing: Standing
    days: int = 0
    stopped: bool = False

    @property
    def presses(self) -> bool:
        """Is there anything to be told about it?"""
        return self.standing is not Standing.COMFORTABLE

    @property
    def late(self) -> int:
        """The working days that it is late; 0 while it is not."""
        return self.days if self.standing is Standing.LATE else 0


@dataclass(frozen=True)
class DueClock:
    """The clock of an agency on a day: its rules, its working days, and that day."""

    today: date
    rules: DeadlineRules = field(default_factory=DeadlineRules)
    calendar: WorkCalendar = field(default_factory=WorkCalendar)

    def of(
        self,
        urgency: Urgency,
        since: datetime,
        *,
        asked: date | None = None,
        ordered: date | None = None,
        gaps: Sequence[Gap] = (),
    ) -> Due:
        """The deadline of what came before somebody at a moment: of its speed class, or the day that the letter asks
        for, or the one that an officer ordered, whichever comes first."""
        running, stopped = self._by_class(urgency, since, gaps)
        found = [(running, Source.SPEED)]
        found += [(asked, Source.LETTER)] if asked is not None else []
        found += [(ordered, Source.ENDORSER)] if ordered is not None else []
        day, source = min(found, key=lambda one: one[0])
        return self.on(day, source, stopped=stopped and source is Source.SPEED)

    def on(self, day: date, source: Source = Source.ENDORSER, *, stopped: bool = False) -> Due:
        """How near a day is. Between a Friday and a deadline on Sunday there is no day to work: it is due on Friday."""
        if self.today > day:
            return Due(day, source, Standing.LATE, self.working_days(day, self.today), stopped)
        left = self.working_days(self.today, day)
        if left == 0:
            return Due(day, source, Standing.TODAY, 0, stopped)
        near = left <= self.rules.near and not stopped
        return Due(day, source, Standing.NEAR if near else Standing.COMFORTABLE, left, stopped)

    def working_days(self, after: date, until: date) -> int:
        """How many working days there are after one day and up to another."""
        days = (after + timedelta(days=n) for n in range(1, min((until - after).days, _LONGEST_WALK) + 1))
        return sum(1 for day in days if self.calendar.is_working(day))

    def late_since(self, gaps: Sequence[Gap], longest: int) -> dict[Urgency, date]:
        """For each class the last day whose letters are late today (what came before is late, too); so many days back
        where none of those between is. A letter is late when more days that count lie between than its class has."""
        found, passed, day = dict[Urgency, date](), 0, self.today
        for _ in range(longest):
            day -= timedelta(days=1)
            if not self.calendar.is_working(day) or any(gap.holds(day) for gap in gaps):
                continue
            passed += 1
            for urgency in Urgency:
                if passed > self.rules.of_class(urgency):
                    found.setdefault(urgency, day)
            if len(found) == len(Urgency):
                break
        return {urgency: found.get(urgency, day) for urgency in Urgency}

    def _by_class(self, urgency: Urgency, since: datetime, gaps: Sequence[Gap]) -> tuple[date, bool]:
        """The last day of a speed class, and whether the clock stands today. What comes after hours comes at the next
        opening; days in a gap are not counted."""
        day, left = self.calendar.office_moment(since).date(), self.rules.of_class(urgency)
        gaps = [Gap(gap.since, gap.until or self.today) for gap in gaps]
        for _ in range(_LONGEST_WALK):
            counts = self.calendar.is_working(day) and not any(gap.holds(day) for gap in gaps)
            if counts and left == 0:
                break
            day += timedelta(days=1)
            left -= 1 if counts else 0
        return day, any(gap.holds(self.today) for gap in gaps)


def gaps_between(held: Iterable[tuple[date, date | None]], since: date, until: date) -> list[Gap]:
    """The days from `since` to `until` on which nobody holds a post, of the periods in which somebody does (holder or
    deputy; a period without an end goes on). A gap that lasts until `until` has no end as yet."""
    gaps, day = list[Gap](), since
    for first, last in sorted(held, key=lambda one: one[0]):
        if first > until:
            break
        if first > day:
            gaps.append(Gap(day, first - timedelta(days=1)))
        if last is None:
            return gaps
        day = max(day, last + timedelta(days=1))
    if day <= until:
        gaps.append(Gap(day))
    return gaps
