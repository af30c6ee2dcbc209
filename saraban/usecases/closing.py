"""Closing days and years: what happened to numbers is hashed and sealed (claim, do, settle); `stamping_late` has it
time-stamped."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.book_events import BookClosed
from saraban.domain.calendar import BUDDHIST_OFFSET, RegisterYear, office_date
from saraban.domain.closing import CloseId, DayClose, DaySummary, YearClose, merkle_root
from saraban.domain.errors import ConcurrentEdit, NotFound, RuleBroken
from saraban.domain.events import DayClosed, YearClosed
from saraban.domain.late_stamp import LateStamp, Stamped
from saraban.domain.permissions import may_audit, may_close_year, require
from saraban.exchange.closes import day_statement
from saraban.usecases.books import UnitOfWork
from saraban.usecases.papers import BookCount, YearStatement
from saraban.usecases.ports import Made, Services, Step
from saraban.usecases.proofs import SignedPage
from saraban.usecases.registry import BookCheck, Errand

ERRAND = "close-year"
_log = logging.getLogger(__name__)


# --- days -----------------------------------------------------------------------------------------------------------


def close_days(office: Services) -> int:
    """Close one day of each agency that has a past day with lines, of registers or of the journal alone, that no close
    covers. Returns how many were closed;
    0 when nothing is left. Who cannot be closed (no seal) is told on the screen and tried again."""
    return sum(_close_day(office, agency_id) for agency_id, _ in office.hosted())


def days_left(office: Services, *, agency_id: AgencyId) -> int:
    """How many past days of a hosted agency wait to be closed."""
    with office.uow() as uow:
        return len(uow.closes.open_days(agency_id, office_date(office.clock.now()) - timedelta(days=1)))


def _close_day(office: Services, agency_id: AgencyId) -> int:
    now = office.clock.now()
    with office.uow() as uow:
        days = uow.closes.open_days(agency_id, office_date(now) - timedelta(days=1))
        if not days:
            return 0
        agency = uow.agencies.get(agency_id)
        after = uow.closes.last(agency_id)
        summary = uow.closes.to_cover(agency_id, days[0])
    if after is not None and after.day >= days[0]:
        return 0  # another worker has closed it since
    try:
        close = _sealed(office, agency, summary, now)
    except NotFound as error:
        _note(office, agency_id, f"ปิดวันไม่ได้: {error.thai}", now)
        return 0
    try:
        with office.uow() as uow:
            uow.closes.add(close, after)
            statement = Digest.of(close.statement)
            uow.late_stamps.add(LateStamp.wanted(Stamped.DAY, agency_id, close.id, statement, now, ""))
            uow.closes.trouble(agency_id, "", now)
            uow.record(
                DayClosed(
                    at=now,
                    by=Actor.gateway(agency_id),
                    thing_id=close.id,
                    day=close.day,
                    root=close.root,
                    lines=close.lines,
                )
            )
            uow.commit()
    except ConcurrentEdit:
        return 0  # two closed at once; the other's close stands
    return 1


def _sealed(office: Services, agency: Agency, summary: DaySummary, now: datetime) -> DayClose:
    statement = day_statement(summary, agency_code=agency.code, agency_name=agency.name, at=now)
    return DayClose(
        id=CloseId(uuid4()),
        agency_id=agency.id,
        day=summary.day,
        root=summary.root,
        lines=summary.lines,
        until_seq=summary.until_seq,
        statement=statement,
        signature=office.seals.sealer(agency.code, now).seal(Digest.of(statement), now),
        at=now,
    )


def _note(office: Services, agency_id: AgencyId, reason: str, now: datetime) -> None:
    _log.warning("agency %s: %s", agency_id, reason)
    with office.uow() as uow:
        uow.closes.trouble(agency_id, reason, now)
        uow.commit(final=False)


def day_close(office: Services, *, actor: Actor, day: date) -> DayClose:
    """A day's close with its statement, seal and time-stamp, to be taken away and checked; NotFound when there is
    none."""
    require(may_audit(actor))
    with office.uow() as uow:
        return uow.closes.day(actor.agency_id, day)


# --- years ----------------------------------------------------------------------------------------------------------


def require_closable(office: Services, *, actor: Actor, year: int) -> None:
    """Raise NotPermitted or RuleBroken, with the reason, unless this person may close the books of that Buddhist year
    now: it is over, its days are closed, and no reserved number waits for its letter."""
    require(may_close_year(actor))
    with office.uow() as uow:
        _require_closable(uow, actor, year, office.clock.now())


def close_year(office: Services, *, actor: Actor, year: int) -> YearClose:
    """Close the books of a year: its counts on a page that the agency seals. The worker does it, because it has the
    seal. Raises what `require_closable` raises, NotFound without a valid seal, ConcurrentEdit when a line was entered
    meanwhile."""
    require(may_close_year(actor))
    now = office.clock.now()
    with office.uow() as uow:
        agency = uow.agencies.get(actor.agency_id)
        _require_closable(uow, actor, year, now)
        counts = list(uow.closes.counts(agency.id, year))
        last = uow.closes.last(agency.id, _last_day(year))
    root = last.root if last is not None else merkle_root([])
    sealed = _sealed_page(office, agency, _statement(agency, year, counts, root, actor, now), now)
    page = office.blobs.keep(sealed.pdf)
    close = YearClose(
        id=CloseId(uuid4()),
        agency_id=agency.id,
        year=year,
        page=page,
        counts=[_kept(count) for count in counts],
        root=root,
        by=actor.name,
        at=now,
    )
    with office.uow() as uow:
        _end_books(uow, actor, year, counts, now)
        uow.closes.add_year(close)
        if sealed.trouble:
            uow.late_stamps.add(LateStamp.wanted(Stamped.YEAR, agency.id, close.id, page, now, sealed.trouble))
        uow.record(YearClosed(at=now, by=actor, thing_id=close.id, year=year, statement=page))
        uow.commit()
    return close


def do_close_year(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
    """The errand of closing a year."""
    close = close_year(office, actor=actor, year=int(errand.order["year"]))
    step(1, 1)
    name = f"รายงานปิดทะเบียน-{close.year}.pdf"
    return Made(1, name, "application/pdf", close.page, f"ปิดทะเบียนประจำปี {close.year} และลงตราแล้ว")


def year_page(office: Services, *, actor: Actor, year: int) -> bytes:
    """The sealed statement of a year (PDF); NotFound while there is none."""
    require(may_audit(actor))
    with office.uow() as uow:
        close = uow.closes.year(actor.agency_id, year)
    if close is None:
        raise NotFound
    return office.blobs.open(close.page)


def _require_closable(uow: UnitOfWork, actor: Actor, year: int, now: datetime) -> None:
    if year >= RegisterYear.containing(now).buddhist:
        raise RuleBroken(f"ปิดทะเบียนปี {year} ได้ตั้งแต่วันที่ 1 มกราคม {year + 1} เป็นต้นไป", code="year-not-over")
    if uow.closes.year(actor.agency_id, year) is not None:
        raise RuleBroken(f"ปิดทะเบียนปี {year} ไว้แล้ว", code="year-closed")
    if not uow.registers.books_of(actor.agency_id, year):
        raise RuleBroken(f"ไม่มีทะเบียนของปี {year}", code="no-books")
    waiting = [f"{kind.thai} {count} เลข" for kind, count in uow.closes.reserved(actor.agency_id, year)]
    if waiting:
        words = f"ยังมีเลขจองที่ไม่ได้ใช้: {', '.join(waiting)} ผูกกับหนังสือหรือยกเลิกก่อน แล้วปิดทะเบียนอีกครั้ง"
        raise RuleBroken(words, code="numbers-reserved")
    days = uow.closes.open_days(actor.agency_id, _last_day(year))
    if days:
        words = f"ยังปิดวันไม่ครบ เหลือ {len(days)} วัน ระบบปิดให้เองหลังเที่ยงคืน ถ้าค้างให้ผู้ดูแลระบบตรวจตราประทับอิเล็กทรอนิกส์"
        raise RuleBroken(words, code="days-open")


def _last_day(year: int) -> date:
    return date(year - BUDDHIST_OFFSET, 12, 31)


def _statement(
    agency: Agency, year: int, counts: list[BookCheck], root: Digest, actor: Actor, now: datetime
) -> YearStatement:
    return YearStatement(
        agency_name=agency.name,
        year=year,
        books=[_count(one) for one in counts],
        root=root.hex,
        closed_by=actor.name,
        closed_by_title=actor.title,
        at=now,
    )


def _count(one: BookCheck) -> BookCount:
    return BookCount(
        title=one.kind.thai,
        keeper=one.keeper,
        first=one.first or 0,
        last=one.last if one.first is not None else 0,
        used=one.used,
        reserved=one.reserved,
        void=one.void,
        corrected=one.corrected,
        late=one.late,
    )


def _kept(one: BookCheck) -> dict[str, Any]:
    return {"kind": one.kind.value, "book": str(one.book_id), **asdict(_count(one))}


def _sealed_page(office: Services, agency: Agency, statement: YearStatement, now: datetime) -> SignedPage:
    return office.page_sealer.seal_page(
        office.papers.year_statement(statement),
        agency_code=agency.code,
        box=office.papers.year_seal_box(),
        drawn=office.papers.year_seal_face(statement),
        reason=f"ปิดทะเบียนประจำปี {statement.year}",
        at=now,
    )


def _end_books(uow: UnitOfWork, actor: Actor, year: int, counts: list[BookCheck], now: datetime) -> None:
    """End each book and see that nothing was entered since it was counted: a book that has ended gives no numbers."""
    keepers = {count.book_id: count.keeper for count in counts}
    for book in uow.registers.books_of(actor.agency_id, year):
        if book.closed_at is not None:
            continue
        uow.registers.end(book, now, for_good=False)
        uow.record(
            BookClosed(
                at=now,
                by=actor,
                thing_id=book.id,
                kind=book.kind.value,
                keeper=keepers.get(book.id, ""),
                year=year,
                last=book.last,
            )
        )
    if list(uow.closes.counts(actor.agency_id, year)) != counts:
        raise ConcurrentEdit("มีการลงทะเบียนหรือแก้ไขเลขของปีนั้นระหว่างปิด ลองอีกครั้ง")
