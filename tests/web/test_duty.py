"""The daily duty on the screens: opening the list is the duty done, results are looked at, days are changed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from saraban.storage.tables.duty import duties
from saraban.usecases import attending
from tests.web.installation import READING, Installation


def done(town: Installation) -> list[tuple[date, str]]:
    """What was done, by day."""
    with town.office.reading.connect() as connection:
        return sorted((row.day, row.duty.value) for row in connection.execute(select(duties)))


def test_opening_the_list_of_letters_is_the_duty_done(town: Installation) -> None:
    keeper = town.client("reading-clerk")
    before = keeper.get("/duty").text
    keeper.get("/incoming")
    keeper.get("/incoming?state=held")
    town.client("reading-head").get("/incoming")
    after = keeper.get("/duty").text

    today = done(town)
    assert len(today) == 1 and today[0][1] == "morning"
    assert "รอตรวจ" in before and "ตรวจแล้ว" in after
    assert town.actor("reading-clerk").name in after


def test_yesterdays_results_are_looked_at_once(town: Installation) -> None:
    keeper = town.client("reading-clerk")
    day = _monday_before(town)

    answer = keeper.send("/duty/results", {"day": day.isoformat()})
    shown = keeper.get("/duty").text
    again = keeper.send("/duty/results", {"day": day.isoformat()})

    assert answer.status_code == again.status_code == 302
    assert done(town) == [(day, "results")]
    assert "ส่ง ๐ ตอบรับ ๐ มีปัญหา ๐" in shown
    assert "บันทึกการตรวจผลของวันนี้ไว้แล้ว" in keeper.get("/duty").text
    assert keeper.send("/duty/results", {"day": "เมื่อวาน"}).status_code == 404


def _monday_before(town: Installation) -> date:
    return date(2026, 11, 20) if town.clock.now().date() == date(2026, 11, 23) else date(2026, 11, 25)


@pytest.mark.only_database("sqlite")
def test_who_does_not_keep_the_mailbox_is_told_why(town: Installation) -> None:
    text = town.client("reading-head").get("/duty").text

    assert "การตรวจกล่องประจำวันบันทึกได้เฉพาะเจ้าหน้าที่สารบรรณกลาง" in text and 'aria-disabled="true"' in text


@pytest.mark.only_database("sqlite")
def test_two_half_days_without_anybody_make_a_card(town: Installation) -> None:
    keeper = town.client("reading-clerk")
    keeper.get("/incoming")
    town.clock.pass_by(timedelta(days=2))
    alarmed = keeper.get("/").text
    keeper.get("/incoming")
    calm = keeper.get("/").text

    assert "ไม่มีเจ้าหน้าที่สารบรรณกลางเปิดกล่องมา" in alarmed
    assert "ไม่มีเจ้าหน้าที่สารบรรณกลางเปิดกล่องมา" not in calm
    assert "ไม่มีเจ้าหน้าที่สารบรรณกลางเปิดกล่องมา" not in town.client("reading-director").get("/").text


@pytest.mark.only_database("sqlite")
def test_a_month_is_one_page_with_its_holidays_and_gaps(town: Installation) -> None:
    town.client("reading-clerk").get("/incoming")
    town.clock.pass_by(timedelta(days=3))
    text = town.client("reading-records").get("/duty?month=2026-11").text
    december = town.client("reading-records").get("/duty?month=2026-10").text

    assert text.count("ยังไม่ถึงวัน") == 2, "the Friday and the Monday after Thursday"
    assert "ยังไม่เริ่มบันทึก" in text and "ยังไม่ถึงวัน" not in december
    assert "พฤศจิกายน ๒๕๖๙" in text and "ไม่มีผู้เปิด" in text and "วันหยุดสุดสัปดาห์" in text
    assert "วันปิยมหาราช" in december and "ไม่มีผู้เปิด" not in december
    assert town.client("reading-records").get("/duty?month=2026-13").status_code == 404
    first = town.client("reading-records").get("/duty?month=2000-01")
    assert first.status_code == 200 and "เดือนก่อน" not in first.text and "เดือนก่อน" in text


@pytest.mark.only_database("sqlite")
def test_what_the_day_asks_for_is_counted_when_its_time_is_over(town: Installation) -> None:
    keeper = town.client("reading-clerk")
    town.clock.pass_by(timedelta(hours=9))  # Monday 18.30: nobody kept the duty before
    keeper.get("/incoming")
    evening = keeper.get("/duty").text
    town.clock.pass_by(timedelta(hours=24))
    tuesday = keeper.get("/duty").text
    town.clock.pass_by(timedelta(hours=24))
    wednesday = keeper.get("/duty").text

    assert "ทำครบ ๑ จาก ๑ ครั้ง" in evening and "ยังไม่เริ่มบันทึกในเวลานั้น" in evening
    assert "ทำครบ ๑ จาก ๓ ครั้ง" in tuesday  # Tuesday's halves; Monday's results may be looked at all day
    assert "ทำครบ ๑ จาก ๖ ครั้ง" in wednesday


def test_days_are_changed_by_the_administrator_and_taken_back(town: Installation) -> None:
    admin = town.client("reading-admin")
    empty = admin.send("/admin/workdays", {"day": "27/11/2569", "kind": "off", "title": ""})
    odd = admin.send("/admin/workdays", {"day": "31/2/2569", "kind": "off", "title": "วันหยุดพิเศษ"})
    saved = admin.send("/admin/workdays", {"day": "27/11/2569", "kind": "off", "title": "วันหยุดพิเศษ", "source": "มติ"})
    shown = admin.get("/admin/workdays").text
    worked = admin.send("/admin/workdays", {"day": "2026-12-07", "kind": "worked"})
    undone = admin.send("/admin/workdays/2026-11-27/undo", {})

    assert (empty.status_code, odd.status_code, saved.status_code) == (422, 422, 302)
    assert "กรอกชื่อวันหยุด" in empty.text and "27/11/2569" in empty.text and "วันหยุดพิเศษ" in odd.text
    assert "วันหยุดพิเศษ" in shown and "เพิ่มเอง" in shown
    assert (worked.status_code, undone.status_code) == (302, 302)
    with town.services.uow() as uow:
        assert [(c.day, c.off) for c in uow.duties.changes(town.agencies[READING])] == [(date(2026, 12, 7), False)]
    assert town.client("reading-clerk").get("/admin/workdays").status_code == 403


def test_the_calendar_of_one_agency_is_not_anothers(town: Installation) -> None:
    attending.change_day(
        town.services, actor=town.actor("reading-admin"), day=date(2026, 11, 27), off=True, title="วันของเราเอง"
    )

    assert "วันของเราเอง" not in town.client("learning-admin").get("/admin/workdays").text
