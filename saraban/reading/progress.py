"""The report to the OPDC: letters by way, month and unit, how long they take to be registered, what is issued without
paper, and the register of services that are not digital yet. Numbers alone: nothing of a letter is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Integer, Select, cast, func, select

from saraban.domain.actor import Actor
from saraban.domain.agency import UnitId
from saraban.domain.book import BookKind
from saraban.domain.classification import Form
from saraban.domain.deferral import Deferral
from saraban.domain.dispatch import DispatchState
from saraban.domain.errors import NotFound
from saraban.domain.incoming import IncomingState
from saraban.domain.permissions import may_see_report, require
from saraban.domain.progress import Period, Traffic, median_of
from saraban.domain.register import EntryState, Origin
from saraban.reading.organisation import UnitNames, unit_names
from saraban.reading.progress_parts import (
    Asked,
    Series,
    copies_spared,
    issued_by_kind,
    meeting_pages,
    month_of,
    signed_by_form,
)
from saraban.storage.days import day_begins, minutes_between, office_month
from saraban.storage.tables.exchange import dispatches, evidence
from saraban.storage.tables.letters import incoming, letters
from saraban.storage.tables.progress import deferrals
from saraban.storage.tables.registers import books, entries

_CAME = (IncomingState.NEW, IncomingState.REGISTERED)
_GOES_ON_PAPER = (Form.EXTERNAL, Form.STAMPED)
_BY_HAND = (Origin.PAPER, Origin.COUNTER)
_SENDING = (BookKind.SENDING, BookKind.CIRCULARS, BookKind.SECRET_SENDING)
_RECEIVING = (BookKind.RECEIVING, BookKind.SECRET_RECEIVING)
Key = tuple[date, UUID | None]
"""A month and a unit."""


@dataclass(frozen=True)
class Times:
    """Medians in minutes by the clock on the wall: from sending until the receiver registered it, of letters that we
    sent by the system, and from arriving until we registered it; None without any. With each how many they are of."""

    sent: int | None = None
    sent_of: int = 0
    received: int | None = None
    received_of: int = 0


@dataclass(frozen=True)
class ReportRow:
    """The letters of a month, or of a unit."""

    name: str
    traffic: Traffic
    times: Times
    month: date | None = None
    unit_id: UUID | None = None


@dataclass(frozen=True)
class Report:
    """The report of a year. `documents` are what was issued digitally, by kind; `copies` what spared people a copy;
    `pages` what was not printed: each by month, in the order of `months`."""

    period: Period
    unit_id: UUID | None
    unit_name: str
    months: tuple[ReportRow, ...]
    units: tuple[ReportRow, ...]
    total: ReportRow
    documents: tuple[Series, ...]
    copies: tuple[Series, ...]
    pages: tuple[Series, ...]
    deferrals: tuple[Deferral, ...]
    counted_at: datetime

    @property
    def pages_saved(self) -> int:
        """Pages that were not printed, in the year."""
        return sum(one.total for one in self.pages)


def report(reader: Connection, actor: Actor, period: Period, now: datetime, unit_id: UnitId | None = None) -> Report:
    """The figures of a year, in a fixed number of statements. Raises NotPermitted, and NotFound for a unit that the
    agency does not have."""
    require(may_see_report(actor, unit_id))
    named = unit_names(reader, actor.agency_id)
    if unit_id is not None and not named.code(unit_id):
        raise NotFound
    asked = Asked(actor.agency_id, unit_id, day_begins(period.since), day_begins(period.until))
    traffic = _traffic(reader, asked)
    sent, received = _waited(reader, _until_registered_there(asked)), _waited(reader, _until_registered_here(asked))
    by_month = [
        ReportRow(
            "", _sum(v for (m, _), v in traffic.items() if m == month), _times(sent, received, month), month=month
        )
        for month in period.months
    ]
    total = ReportRow("รวม", _sum(traffic.values()), _times(sent, received, None))
    return Report(
        period=period,
        unit_id=unit_id,
        unit_name=named.on(unit_id, actor.on),
        months=tuple(by_month),
        units=_units(traffic, sent, received, named, actor),
        total=total,
        documents=(*issued_by_kind(reader, asked, period), *signed_by_form(reader, asked, period)),
        copies=tuple(copies_spared(reader, asked, period)),
        pages=(
            Series("letters", "หน้าหนังสือที่ส่งทางระบบและอีเมล", tuple(row.traffic.pages for row in by_month)),
            *meeting_pages(reader, asked, period, now),
        ),
        deferrals=tuple(_deferred(reader, actor)),
        counted_at=now,
    )


def deferred(reader: Connection, actor: Actor) -> list[Deferral]:
    """The register of services that are not digital yet: what is not ready first, by rank. Raises NotPermitted."""
    require(may_see_report(actor, actor.unit_id))
    return _deferred(reader, actor)


def _deferred(reader: Connection, actor: Actor) -> list[Deferral]:
    found = reader.execute(
        select(deferrals)
        .where(deferrals.c.agency_id == actor.agency_id)
        .order_by(deferrals.c.ready_on.is_not(None), deferrals.c.rank, deferrals.c.until, deferrals.c.service)
    )
    return [Deferral(**row) for row in found.mappings()]


def deferral(reader: Connection, actor: Actor, deferral_id: UUID) -> Deferral:
    """A line of the register. Raises NotFound, and NotPermitted for who may not see the register of his own agency."""
    found = next((one for one in _deferred(reader, actor) if one.id == deferral_id), None)
    if found is None:
        raise NotFound
    require(may_see_report(actor, actor.unit_id))
    return found


def _sum(parts: Iterable[Traffic]) -> Traffic:
    return sum(parts, Traffic())


# --- letters ----------------------------------------------------------------------------------------------------------


def _traffic(reader: Connection, asked: Asked) -> dict[Key, Traffic]:
    found: dict[Key, Traffic] = defaultdict(Traffic)
    for row in reader.execute(_sent(asked)):
        ways = {"sent_system": row.number} if row.speaks_saraban else {"sent_mail": row.number}
        found[month_of(row.month), row.unit_id] += Traffic(**ways, pages=row.pages or 0)
    for row in reader.execute(_received(asked)):
        ways = {"received_mail": row.number} if row.ordinary else {"received_system": row.number}
        found[month_of(row.month), row.unit_id] += Traffic(**ways)
    for row in reader.execute(_on_paper(asked)):
        came = row.kind in _RECEIVING
        ways = {"received_paper": row.number} if came else {"sent_paper": row.number}
        found[month_of(row.month), row.unit_id] += Traffic(**ways)
    for row in reader.execute(_signed_for_paper(asked)):
        found[month_of(row.month), row.unit_id] += Traffic(sent_paper=row.number)
    return found


def _sent(asked: Asked) -> Select[Any]:
    month = office_month(dispatches.c.created_at).label("month")
    keys = (month, letters.c.unit_id, dispatches.c.speaks_saraban)
    return (
        select(*keys, func.count().label("number"), cast(func.sum(letters.c.pages), Integer).label("pages"))
        .join(letters, letters.c.id == dispatches.c.letter_id)
        .where(
            dispatches.c.agency_id == asked.agency,
            asked.within(dispatches.c.created_at),
            dispatches.c.stopped_at.is_(None),
            dispatches.c.state != DispatchState.QUEUED,
            asked.of(letters.c.unit_id),
        )
        .group_by(*keys)
    )


def _received(asked: Asked) -> Select[Any]:
    month = office_month(incoming.c.received_at).label("month")
    keys = (month, incoming.c.unit_id, incoming.c.ordinary)
    return (
        select(*keys, func.count().label("number"))
        .where(
            incoming.c.agency_id == asked.agency,
            asked.within(incoming.c.received_at),
            incoming.c.state.in_(_CAME),
            asked.of(incoming.c.unit_id),
        )
        .group_by(*keys)
    )


def _on_paper(asked: Asked) -> Select[Any]:
    """Lines that clerks entered of letters on paper."""
    month = office_month(entries.c.at).label("month")
    keys = (month, entries.c.unit_id, entries.c.kind)
    kept = select(books.c.id).where(books.c.agency_id == asked.agency, books.c.kind.in_((*_SENDING, *_RECEIVING)))
    return (
        select(*keys, func.count().label("number"))
        .where(
            entries.c.book_id.in_(kept),
            asked.within(entries.c.at),
            entries.c.state == EntryState.USED,
            entries.c.origin.in_(_BY_HAND),
            asked.of(entries.c.unit_id),
        )
        .group_by(*keys)
    )


def _signed_for_paper(asked: Asked) -> Select[Any]:
    """Letters to others that were signed here and name no receiver to whom they could be mailed."""
    month = office_month(letters.c.issued_at).label("month")
    keys = (month, letters.c.unit_id)
    return (
        select(*keys, func.count().label("number"))
        .where(
            letters.c.agency_id == asked.agency,
            asked.within(letters.c.issued_at),
            letters.c.form.in_(_GOES_ON_PAPER),
            letters.c.recipients == [],
            asked.of(letters.c.unit_id),
        )
        .group_by(*keys)
    )


# --- how long it takes ------------------------------------------------------------------------------------------------

_Waited = dict[Key, list[tuple[int, int]]]


def _until_registered_there(asked: Asked) -> Select[Any]:
    """From sending until the receiver's own sealed receipt says that it was registered."""
    month = office_month(dispatches.c.created_at).label("month")
    minutes = minutes_between(dispatches.c.created_at, evidence.c.at).label("minutes")
    keys = (month, letters.c.unit_id, minutes)
    return (
        select(*keys, func.count().label("number"))
        .select_from(dispatches)
        .join(letters, letters.c.id == dispatches.c.letter_id)
        .join(evidence, evidence.c.dispatch_id == dispatches.c.id)
        .where(
            dispatches.c.agency_id == asked.agency,
            asked.within(dispatches.c.created_at),
            dispatches.c.speaks_saraban,
            evidence.c.agency_id == asked.agency,
            evidence.c.step == DispatchState.REGISTERED.value,
            evidence.c.counts,
            evidence.c.at >= dispatches.c.created_at,
            asked.of(letters.c.unit_id),
        )
        .group_by(*keys)
    )


def _until_registered_here(asked: Asked) -> Select[Any]:
    month = office_month(incoming.c.received_at).label("month")
    minutes = minutes_between(incoming.c.received_at, incoming.c.registered_at).label("minutes")
    keys = (month, incoming.c.unit_id, minutes)
    return (
        select(*keys, func.count().label("number"))
        .where(
            incoming.c.agency_id == asked.agency,
            asked.within(incoming.c.received_at),
            incoming.c.state == IncomingState.REGISTERED,
            incoming.c.registered_at.is_not(None),
            asked.of(incoming.c.unit_id),
        )
        .group_by(*keys)
    )


def _waited(reader: Connection, statement: Select[Any]) -> _Waited:
    found: _Waited = defaultdict(list)
    for month, unit_id, minutes, number in reader.execute(statement):
        found[month_of(month), unit_id].append((minutes, number))
    return found


def _times(sent: _Waited, received: _Waited, month: date | None, unit: UUID | None = None) -> Times:
    """Of a month, a unit, or everything."""

    def chosen(waited: _Waited) -> list[tuple[int, int]]:
        return [
            one
            for (of_month, of_unit), some in waited.items()
            if month in (None, of_month) and unit in (None, of_unit)
            for one in some
        ]

    there, here = chosen(sent), chosen(received)
    return Times(median_of(there), sum(n for _, n in there), median_of(here), sum(n for _, n in here))


def _units(
    traffic: dict[Key, Traffic], sent: _Waited, received: _Waited, named: UnitNames, actor: Actor
) -> tuple[ReportRow, ...]:
    """The units that had letters, in the order of the organisation; what is bound to none comes last."""
    order = list(dict.fromkeys(row.id for row in named.rows))
    met = {unit for _, unit in traffic}
    shown = [unit for unit in order if unit in met]
    rows = [
        ReportRow(
            named.on(unit, actor.on) or named.on(unit, None),
            _sum(v for (_, u), v in traffic.items() if u == unit),
            _times(sent, received, None, unit),
            unit_id=unit,
        )
        for unit in shown
    ]
    if left := [v for (_, u), v in traffic.items() if u not in order]:
        rows.append(ReportRow("ไม่ระบุหน่วยงาน", _sum(left), Times()))
    return tuple(rows)
