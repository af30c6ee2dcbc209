"""The journal and what proves the registers, for programs: the last check, closed days, and taking a part away."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api import showing
from saraban.api.errands import ErrandShape, ordered
from saraban.api.fields import Day, Form
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once
from saraban.domain.calendar import long_date, office_date
from saraban.domain.errors import RuleBroken
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_audit, may_export_journal, require
from saraban.reading import audit, closes
from saraban.reading import errands as rows
from saraban.usecases import auditing, journal_exporting
from saraban.usecases.errands import order_errand
from saraban.usecases.ports import Services

api = section("journal", "บันทึกเหตุการณ์: ผลตรวจล่าสุด วันที่ปิดแล้ว และการส่งออก")


class JournalExportForm(Form):
    """Which days are taken away, both inclusive."""

    since = Day(required=True)
    until = Day(required=True)


class CheckFaultShape(Schema):
    """Something that does not hold: in which book, at which number (0 for none), of which day."""

    book = s.text("ทะเบียนหนังสือรับ ส่วนกลาง ๒๕๖๙")
    number = s.whole(0)
    day = s.day(none=True)
    entry = s.identity(none=True)
    reason = s.text("บันทึกของเลขนี้ถูกแก้ไข")


class CheckShape(Schema):
    """The last check of all registers and of the journal. `hidden` counts faults in registers of classified information
    that the caller may not see."""

    began_at = s.moment()
    ended_at = s.moment()
    by = s.text("", "ว่างเมื่อระบบตรวจเอง")
    lines = s.whole(120_000)
    faults = s.whole(0)
    hidden = s.whole(0)
    wrong_numbers = s.whole(0)
    items = s.many(CheckFaultShape)


class ClosedDayShape(Schema):
    """A closed day: its root, and who else can prove it."""

    day = s.day()
    lines = s.whole(412)
    root = s.digest()
    closed_at = s.moment()
    time_stamped = s.true("มีตราประทับรับรองเวลา")
    given_to = s.texts("ส่วนราชการที่ถือค่านี้")
    proven_by = s.texts("ส่วนราชการที่พิสูจน์ได้ด้วยค่าของวันหลัง")


class JournalShape(Schema):
    """How the journal stands."""

    check = s.group(CheckShape, none=True)
    days = s.many(ClosedDayShape)
    open_days = s.whole(0)
    trouble = s.text("", "เหตุที่ปิดวันหรือรับรองเวลาไม่ได้ครั้งล่าสุด")
    kept_days = s.whole(journal_exporting.KEPT_DAYS)


@api.get("/journal")
@told("สถานะบันทึกเหตุการณ์และทะเบียน", "ผลตรวจครั้งล่าสุด และสามสิบวันล่าสุดที่ปิดแล้ว")
@api.gives(200, JournalShape)
def state() -> Json:
    """Tell how the journal stands."""
    reader, who = doorway.reader(), doorway.actor()
    require(may_audit(who))
    found, trouble = audit.last_check(reader, who), closes.trouble(reader, who)
    return {
        "check": _check(found) if found is not None else None,
        "days": [_day(one) for one in closes.last_days(reader, who)],
        "open_days": closes.open_days(reader, who, office_date(doorway.services().clock.now())),
        "trouble": trouble[0] if trouble else "",
        "kept_days": journal_exporting.KEPT_DAYS,
    }


@api.post("/journal/check")
@told("ตรวจเลขและการปิดทะเบียนทุกเล่ม", "ทำเบื้องหลัง ดูที่ GET /errands/{id} ผลอยู่ที่ GET /journal")
@api.gives(202, ErrandShape)
def check() -> Any:
    """Order a check of everything."""
    require(may_audit(doorway.actor()))
    return _order(auditing.ERRAND, "ตรวจเลขและการปิดทะเบียนทุกเล่ม", {})


@api.post("/journal/export")
@told("ส่งออกบันทึกเหตุการณ์", "นายทะเบียนหรือผู้ดูแลระบบ ทำเบื้องหลัง ดูที่ GET /errands/{id} แล้วรับไฟล์ที่ file")
@api.takes(JournalExportForm, example={"since": "2026-08-25", "until": "2026-11-23"})
@api.gives(202, ErrandShape)
def export(sent: Json) -> Any:
    """Order a part of the journal with what proves it."""
    require(may_export_journal(doorway.actor()))
    since, until = sent["since"], sent["until"]
    if until < since:
        raise RuleBroken("วันสุดท้ายต้องไม่ก่อนวันแรก", code="wrong-days")
    title = f"ส่งออกบันทึกเหตุการณ์ {long_date(since)} – {long_date(until)}"
    order = {"since": since.isoformat(), "until": until.isoformat()}
    return _order(journal_exporting.ERRAND, thai_digits(title), order)


def _order(kind: str, title: str, order: Json) -> Any:
    who = doorway.actor()

    def work(office: Services) -> Json:
        going = rows.own(doorway.reader(), who, kind=kind, going=True, limit=1).items
        if going:  # one that is on its way already is followed instead
            return ordered(going[0].id)
        errand = order_errand(office, actor=who, kind=kind, title=title, order=order)
        doorway.refresh_reader()
        return ordered(errand)

    answer, headers = once(work, ordered)
    return answer, 202, headers


def _check(found: audit.CheckShown) -> Json:
    return {
        "began_at": showing.moment(found.began_at),
        "ended_at": showing.moment(found.ended_at),
        "by": found.by,
        "lines": found.lines,
        "faults": found.faults,
        "hidden": found.hidden,
        "wrong_numbers": sum(book.wrong for book in found.books),
        "items": [
            {
                "book": one.book,
                "number": one.serial,
                "day": one.day.isoformat() if one.day else None,
                "entry": str(one.entry_id) if one.entry_id else None,
                "reason": one.reason,
            }
            for one in found.problems
        ],
    }


def _day(one: closes.DayShown) -> Json:
    return {
        "day": one.day.isoformat(),
        "lines": one.lines,
        "root": one.root.hex,
        "closed_at": showing.moment(one.at),
        "time_stamped": one.stamped,
        "given_to": list(one.given_to),
        "proven_by": list(one.proven_by),
    }
