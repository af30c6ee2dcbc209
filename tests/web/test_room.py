"""The administrator's page of the room that is taken: measured, forecast, and the last backup."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from saraban.domain.calendar import office_date
from saraban.domain.store import SweepTrace
from saraban.usecases.connections import DISK, FillLevel
from saraban.usecases.errands import run_next_errand
from saraban.usecases.measuring import measure_disk
from saraban.usecases.sweeping import GRACE, LEAST
from tests.api.program import Programs
from tests.web.installation import Installation


def test_what_was_measured_stands_on_the_page_and_is_given_to_programs(town: Installation) -> None:
    kept = town.services.blobs.octets()
    town.services.blobs.keep(b"x" * 1000)
    assert measure_disk(town.services) == measure_disk(town.services) == 0

    page = town.client("reading-admin").get("/admin/room").text
    assert "ฐานข้อมูล" in page and "ยังไม่เคยสำรอง" in page and 'id="room-trend-disk"' in page and "ยังไม่ได้วัด" not in page
    shown = Programs(town)["reading-admin"].get("/room").get_json()
    assert shown["files"]["used"] == kept + 1000 and shown["database"]["used"] > 10_000
    assert shown["disk_used"] > 0 and shown["last_backup"] is None and shown["backup_late"]
    assert town.client("reading-clerk").get("/admin/room").status_code == 403


def test_what_nothing_names_is_looked_for_and_removed_at_a_press(town: Installation) -> None:
    admin, left = town.client("reading-admin"), town.services.blobs.keep(b"left by a killed deed")
    assert "ไฟล์ที่ไม่มีสิ่งใดอ้างถึง" in admin.get("/admin/room").text
    assert town.client("reading-clerk").send("/admin/room/sweep").status_code == 403
    town.clock.pass_by(LEAST + timedelta(minutes=1))
    assert admin.send("/admin/room/sweep").status_code == admin.send("/admin/room/sweep").status_code == 302
    assert "กำลังตรวจ" in admin.get("/admin/room").text
    assert run_next_errand(town.services, doers=town.services.doers) == 1
    page = admin.get("/admin/room").text
    assert "๑ ไฟล์ ๒๑" in page and "ลบไฟล์ที่ครบกำหนด" not in page
    town.clock.pass_by(GRACE)
    admin.send("/admin/room/sweep")
    run_next_errand(town.services, doers=town.services.doers)
    assert "ลบไฟล์ที่ครบกำหนด" in admin.get("/admin/room").text and town.services.blobs.has(left)

    town.clock.pass_by(timedelta(minutes=1))
    program = Programs(town)["reading-admin"]
    assert Programs(town)["reading-clerk"].post("/room/sweep", {"remove": True}).status_code == 403
    ordered = program.post("/room/sweep", {"remove": True})
    assert ordered.status_code == 202
    assert program.post("/room/sweep", {"remove": True}).get_json()["id"] == ordered.get_json()["id"]
    run_next_errand(town.services, doers=town.services.doers)
    assert "ลบแล้ว ๑ ไฟล์" in program.get(f"/errands/{ordered.get_json()['id']}").get_json()["problem"]
    told = program.get("/room").get_json()["sweep"]
    assert (told["removed"], told["missing"], told["by"] != "") == (1, 0, True)
    assert not town.services.blobs.has(left) and "ลบครั้งนี้" in admin.get("/admin/room").text


def test_what_the_worker_left_and_what_could_not_be_removed_is_told_to_the_administrator(town: Installation) -> None:
    with town.services.uow() as uow:
        seen = SweepTrace(uuid4(), town.clock.now(), "", 300, 9, 200, 8, 200, 8, 0, 0, 3, 0, "")
        uow.sweeps.note(seen)
        uow.commit()
    admin, program = town.client("reading-admin"), Programs(town)["reading-admin"]

    page, cards = admin.get("/admin/room").text, admin.get("/problems").text
    assert "ครบกำหนดลบแล้ว ๒๐๐ จาก ๓๐๐ ไฟล์" in page and "ไม่ยอมให้ลบ ๓ ไฟล์" in page and "<b>มากผิดปกติ</b>" in page
    assert "ไฟล์ที่ไม่มีสิ่งใดอ้างถึงมากผิดปกติ" in cards and "๒๐๐ จาก ๓๐๐ ไฟล์" in cards and "ลบไฟล์ไม่ได้" in cards
    assert "ลบไฟล์ไม่ได้" not in town.client("reading-clerk").get("/problems").text
    told = program.get("/room").get_json()["sweep"]
    assert (told["held_back"], told["stuck"], told["ripe"]) == (True, 3, 200)


@pytest.mark.only_database("sqlite")
def test_a_disk_that_is_half_full_and_fills_is_a_card_before_it_hurts(town: Installation) -> None:
    now = town.clock.now()
    with town.services.uow() as uow:
        for back in range(5):
            at = now - timedelta(days=back)
            uow.connections.fill(FillLevel(DISK, office_date(at), 60_000_000_000 - back * 3_000_000_000, 10**11, at))
        uow.commit()

    admin, clerk = town.client("reading-admin"), town.client("reading-clerk")
    assert "ดิสก์ใช้ไปแล้ว ๖๐%" in admin.get("/problems").text
    assert "พื้นที่ใกล้เต็ม" in admin.get("/admin/room").text and "อีก ๑๓ วัน" in admin.get("/admin/room").text
    assert "ดิสก์ใช้ไปแล้ว" not in clerk.get("/problems").text
