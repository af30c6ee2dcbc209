"""How far the agency has come with working without paper, as the OPDC asks every agency to report it (cabinet
resolutions of 2 April 2562 and of 2563): letters by the way they went, by month and by unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum

from saraban.domain.calendar import BUDDHIST_OFFSET, MONTHS

_FISCAL_BEGINS = 10
SHORT_MONTHS = (
    *("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย."),
    *("ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."),
)


class Way(str, Enum):
    """How a letter went or came."""

    SYSTEM = "system"
    MAIL = "mail"
    PAPER = "paper"

    @property
    def thai(self) -> str:
        """The way in words."""
        return {"system": "ทางระบบ", "mail": "ทางอีเมล", "paper": "กระดาษ"}[self.value]


@dataclass(frozen=True)
class Period:
    """Twelve months: the budget year (1 October to 30 September, named after the year in which it ends) or the calendar
    year, in the Buddhist era."""

    year: int
    fiscal: bool = True

    @classmethod
    def containing(cls, day: date, *, fiscal: bool = True) -> Period:
        """The year in which a day lies."""
        later = fiscal and day.month >= _FISCAL_BEGINS
        return cls(day.year + BUDDHIST_OFFSET + later, fiscal)

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of its months."""
        first = self.since
        places = [first.month - 1 + n for n in range(12)]
        return tuple(date(first.year + place // 12, place % 12 + 1, 1) for place in places)

    @property
    def since(self) -> date:
        """Its first day."""
        year = self.year - BUDDHIST_OFFSET
        return date(year - 1, _FISCAL_BEGINS, 1) if self.fiscal else date(year, 1, 1)

    @property
    def until(self) -> date:
        """The day after its last."""
        return self.since.replace(year=self.since.year + 1)

    @property
    def thai(self) -> str:
        """The year in words, with Arabic digits."""
        return f"ปีงบประมาณ พ.ศ. {self.year}" if self.fiscal else f"ปี พ.ศ. {self.year}"


def month_in_words(first: date, *, short: bool = True) -> str:
    """A month with its Buddhist year, with Arabic digits: "พ.ย. 69", "พฤศจิกายน 2569"."""
    year = first.year + BUDDHIST_OFFSET
    return f"{SHORT_MONTHS[first.month - 1]} {year % 100:02}" if short else f"{MONTHS[first.month - 1]} {year}"


@dataclass(frozen=True)
class Traffic:
    """How many letters went and came which way; `pages` are those of the letters that were sent without paper, once for
    each receiver."""

    sent_system: int = 0
    sent_mail: int = 0
    sent_paper: int = 0
    received_system: int = 0
    received_mail: int = 0
    received_paper: int = 0
    pages: int = 0

    def __add__(self, other: Traffic) -> Traffic:
        return Traffic(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def sent(self) -> int:
        """All that went."""
        return self.sent_system + self.sent_mail + self.sent_paper

    @property
    def received(self) -> int:
        """All that came."""
        return self.received_system + self.received_mail + self.received_paper

    @property
    def paperless(self) -> float | None:
        """Per cent of what was sent that needed no paper, to one decimal; None when nothing was sent."""
        return share(self.sent_system + self.sent_mail, self.sent)


def share(part: int, whole: int) -> float | None:
    """Per cent, to one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def median_of(histogram: Sequence[tuple[int, int]]) -> int | None:
    """The median of values that are given with how often each is there, in any order; the lower of the two middle ones
    of an even number, None of nothing."""
    total = sum(number for _, number in histogram)
    seen = 0
    for value, number in sorted(histogram):
        seen += number
        if seen * 2 >= total:
            return value
    return None


def took(minutes: int | None) -> str:
    """How long something took by the clock on the wall, in words with Arabic digits; "–" for unknown."""
    if minutes is None:
        return "–"
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    if days:
        return f"{days:,} วัน {hours} ชม." if hours else f"{days:,} วัน"
    if hours:
        return f"{hours} ชม. {left} นาที" if left else f"{hours} ชม."
    return f"{left} นาที"
