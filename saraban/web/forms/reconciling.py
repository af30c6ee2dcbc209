"""The form that asks for a comparison: an agency, and a period that is chosen or typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from saraban.domain.errors import BadInput
from saraban.doorway.dates import read_period, write_date
from saraban.web.filters import thai_date

THIS_MONTH, LAST_MONTH, THIS_YEAR, OTHER = "this-month", "last-month", "this-year", "other"


@dataclass(frozen=True)
class AskForm:
    """What was typed. Days count when the other period is ticked; typing one ticks it."""

    agency: str = ""
    period: str = THIS_MONTH
    since: str = ""
    until: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> AskForm:
        """The form in what a browser sent, or in the arguments of an address."""
        typed = sent.get("since", "").strip(), sent.get("until", "").strip()
        period = sent.get("period", "") or (OTHER if any(typed) else THIS_MONTH)
        return cls(sent.get("agency", "").strip(), period, *typed)

    @classmethod
    def like(cls, agency: str, since: date, until: date) -> AskForm:
        """The form for the same comparison once more."""
        return cls(agency, OTHER, write_date(since), write_date(until))

    def days(self, today: date) -> tuple[date, date]:
        """The first and the last day, both inclusive. Raises BadInput beside the fields that must be mended."""
        if not (self.agency):
            raise BadInput({"agency": "เลือกส่วนราชการที่จะเทียบทะเบียนด้วย"})
        preset = presets(today).get(self.period)
        if preset is not None:
            return preset
        return read_period(self.since, self.until, today)


def presets(today: date) -> dict[str, tuple[date, date]]:
    """The periods that are offered: this month and this year until today, and all of last month."""
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    return {
        THIS_MONTH: (first, today),
        LAST_MONTH: (before.replace(day=1), before),
        THIS_YEAR: (today.replace(month=1, day=1), today),
    }


def choices(today: date) -> list[tuple[str, str]]:
    """The periods as they are offered, with their days."""
    words = {THIS_MONTH: "เดือนนี้", LAST_MONTH: "เดือนก่อน", THIS_YEAR: "ปีนี้"}
    offered = [
        (name, f"{words[name]} ({thai_date(since, 'day')} – {thai_date(until, 'day')})")
        for name, (since, until) in presets(today).items()
    ]
    return [*offered, (OTHER, "ช่วงอื่น")]
