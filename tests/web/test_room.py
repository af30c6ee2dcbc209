"""The administrator's page of the room that is taken: measured, forecast, and the last backup."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saraban.domain.calendar import office_date
from saraban.usecases.connections import DISK, FillLevel
from saraban.usecases.measuring import measure_disk
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
