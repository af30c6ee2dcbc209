"""A part of the journal is taken away, with what proves it: for a court, an officer or the archive of traffic data."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import BinaryIO, cast

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId
from saraban.domain.attachment import safe_name
from saraban.domain.book_events import JournalExported
from saraban.domain.calendar import BANGKOK
from saraban.domain.closing import DayClose
from saraban.domain.errors import NotFound, RuleBroken
from saraban.domain.permissions import may_export_journal, require
from saraban.exchange.event_words import EVENTS
from saraban.exchange.journal_package import COLUMNS, EVENT_COLUMNS, READ_COLUMNS, JournalLine, JournalPackage, Part
from saraban.usecases.ports import Made, Services, Step
from saraban.usecases.registry import Errand

ERRAND = "journal-export"
KEPT_DAYS = 90
"""How long traffic data must be kept (Computer Crime Act B.E. 2550 as amended in 2560, section 26)."""
_IN_MEMORY, _LARGEST = 8_000_000, 4_000_000_000
_EVERY = 1000


def export_journal(
    office: Services,
    out: BinaryIO,
    *,
    agency_id: AgencyId,
    by: Actor,
    since: date,
    until: date,
    classified: bool = False,
    told: Step | None = None,
) -> int:
    """Write the lines of these days (both inclusive) as a package (exchange.journal_package) and note in the journal
    who took it; gives how many lines. Texts of lines that tell of classified letters are withheld unless `classified`.
    Raises RuleBroken when the days are in the wrong order or nothing happened on them."""
    if until < since:
        raise RuleBroken("วันสุดท้ายต้องไม่ก่อนวันแรก", code="wrong-days")
    span = office.journals.span(agency_id, _midnight(since), _midnight(until + timedelta(days=1)))
    if span is None:
        raise RuleBroken("ไม่มีเหตุการณ์ในช่วงวันที่เลือก", code="nothing-there")
    with office.uow() as uow:
        agency = uow.agencies.get(agency_id)
    first, last = span
    part = Part(agency.name, since, until, first, last, office.journals.digest_at(agency_id, first - 1))
    package = JournalPackage(out, part)
    package.add_lines(_heard(office.journals.lines(agency_id, first, last, classified=classified), last - first, told))
    rows = (line.as_row() for line in office.journals.lines(agency_id, first, last, classified=classified))
    package.add("journal.csv", office.spreadsheets.write_csv(COLUMNS, rows))
    package.add("events.csv", office.spreadsheets.write_csv(EVENT_COLUMNS, sorted(EVENTS.items())))
    read = office.journals.reads(agency_id, since, until, classified=classified)
    package.add("readings.csv", office.spreadsheets.write_csv(READ_COLUMNS, read))
    package.finish(_heads(office, agency_id, first, last))
    with office.uow() as uow:
        uow.record(JournalExported(at=office.clock.now(), by=by, since=since, until=until, lines=package.lines))
        uow.commit()
    return package.lines


def do_export(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
    """The errand of an export that somebody ordered: its days stand in the order."""
    require(may_export_journal(actor))
    since, until = (date.fromisoformat(str(errand.order[name])) for name in ("since", "until"))
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        out = cast(BinaryIO, file)
        lines = export_journal(office, out, agency_id=actor.agency_id, by=actor, since=since, until=until, told=step)
        out.seek(0)
        digest, _ = office.blobs.keep_stream(out, _LARGEST)
    name = safe_name(f"บันทึกเหตุการณ์ {since.isoformat()} ถึง {until.isoformat()}.zip")
    return Made(lines, name, "application/zip", digest)


def hosted_agency(office: Services, code: str) -> AgencyId:
    """The hosted agency with this code; NotFound when there is none."""
    for agency_id, hosted in office.hosted():
        if hosted == code:
            return agency_id
    raise NotFound(f"ไม่มีส่วนราชการรหัส “{code}” ในระบบนี้")


def _heard(lines: Iterator[JournalLine], total: int, told: Step | None) -> Iterator[JournalLine]:
    for count, line in enumerate(lines, start=1):
        if told is not None and count % _EVERY == 0:
            told(count, total + 1)
        yield line


def _heads(office: Services, agency_id: AgencyId, first: int, last: int) -> list[DayClose]:
    """The sealed heads that stand on these lines, and the first after them, which covers all of them."""
    found: list[DayClose] = []
    for close in office.ledgers.days(agency_id):
        if close.until_seq >= first - 1:
            found.append(close)
        if close.until_seq >= last:
            break
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BANGKOK)
