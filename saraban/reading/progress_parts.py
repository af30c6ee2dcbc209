"""What stands in the report to the OPDC beside the letters: what is issued without paper, the copies that nobody was
asked for, and the pages that were not printed, each by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, select, true

from saraban.domain.agency import AgencyId
from saraban.domain.classification import Form
from saraban.domain.progress import Period
from saraban.reading.lookups import copies_not_asked
from saraban.reading.meetings import saved_by_month
from saraban.storage.days import office_month
from saraban.storage.tables.issued import issued_documents, issued_kinds
from saraban.storage.tables.letters import certified_copies, letters


@dataclass(frozen=True)
class Asked:
    """Whose figures, and of which time."""

    agency: AgencyId
    unit: UUID | None
    since: datetime
    until: datetime

    def within(self, moment: ColumnElement[Any]) -> ColumnElement[bool]:
        """The condition that a moment lies in the year."""
        return and_(moment >= self.since, moment < self.until)

    def of(self, unit: ColumnElement[Any]) -> ColumnElement[bool]:
        """The condition that something is of the unit that is asked for."""
        return true() if self.unit is None else unit == self.unit


@dataclass(frozen=True)
class Series:
    """One thing that is counted by month."""

    code: str
    thai: str
    numbers: tuple[int, ...]

    @property
    def total(self) -> int:
        """Over the year."""
        return sum(self.numbers)


def month_of(text: str) -> date:
    """The first day of a month that is written as "2026-11"."""
    return date(int(text[:4]), int(text[5:7]), 1)


def issued_by_kind(reader: Connection, asked: Asked, period: Period) -> list[Series]:
    """Documents for people, by their kind: what was issued, also what was revoked or replaced later."""
    t, kinds = issued_documents.c, issued_kinds.c
    within = and_(t.agency_id == asked.agency, t.issued_on >= period.since, t.issued_on < period.until)
    rows = reader.execute(
        select(t.kind_id, kinds.code, kinds.name_th, t.issued_on, func.count().label("number"))
        .join(issued_kinds, kinds.id == t.kind_id)
        .where(within, asked.of(t.unit_id))
        .group_by(t.kind_id, kinds.code, kinds.name_th, t.issued_on)
        .order_by(kinds.code)
    )
    counted: dict[tuple[str, str], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        counted[row.code, row.name_th][row.issued_on.replace(day=1)] += row.number
    return [_series(f"kind-{code}", name, months, period) for (code, name), months in counted.items()]


def signed_by_form(reader: Connection, asked: Asked, period: Period) -> list[Series]:
    """What was signed and issued digitally, by form."""
    month = office_month(letters.c.issued_at).label("month")
    keys = (month, letters.c.form)
    rows = reader.execute(
        select(*keys, func.count().label("number"))
        .where(letters.c.agency_id == asked.agency, asked.within(letters.c.issued_at), asked.of(letters.c.unit_id))
        .group_by(*keys)
    ).all()
    counted: dict[Form, dict[date, int]] = defaultdict(dict)
    for row in rows:
        counted[row.form][month_of(row.month)] = row.number
    return [_series(form.value, form.thai, counted[form], period) for form in Form if form in counted]


def copies_spared(reader: Connection, asked: Asked, period: Period) -> Sequence[Series]:
    """What spared people a copy: questions to issuers, by the unit that asked; and for the whole agency our answers to
    others, and the copies that officers made."""
    found = copies_not_asked(reader, asked.agency, period.since, period.until - timedelta(days=1), asked.unit)
    looked_up = _series("looked-up", "สำเนาที่ไม่ต้องเรียก เพราะตรวจกับผู้ออก", {one.month: one.asked for one in found}, period)
    if asked.unit is not None:
        return [looked_up]
    month = office_month(certified_copies.c.at).label("month")
    spared = certified_copies.c.spares_citizen
    rows = reader.execute(
        select(month, func.count().label("number"))
        .where(certified_copies.c.agency_id == asked.agency, asked.within(certified_copies.c.at), spared)
        .group_by(month)
    )
    counted = {month_of(row.month): row.number for row in rows}
    answered = {one.month: one.answered for one in found}
    return [
        looked_up,
        _series("answered", "สำเนาที่หน่วยงานอื่นไม่ต้องเรียก เพราะเราตอบ", answered, period),
        _series("certified", "สำเนาที่เจ้าหน้าที่ทำแทนประชาชน ไม่คิดค่าธรรมเนียม", counted, period),
    ]


def _series(code: str, thai: str, counted: dict[date, int], period: Period) -> Series:
    return Series(code, thai, tuple(counted.get(month, 0) for month in period.months))


def meeting_pages(reader: Connection, asked: Asked, period: Period, now: datetime) -> list[Series]:
    """Pages of the packs of meetings that were held, once for each participant; for the whole agency."""
    if asked.unit is not None:
        return []
    found = saved_by_month(reader, asked.agency, period.since, period.until - timedelta(days=1), now)
    counted = {one.month: one.saved.pages for one in found}
    return [_series("meetings", "หน้าเอกสารประชุมที่อ่านจากจอ", counted, period)]
