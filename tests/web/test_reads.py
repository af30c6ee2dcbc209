"""The reading log: noted by every door, shown to the unit and to the auditor, never more than one may know."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from saraban.domain.classification import Secrecy
from saraban.storage.tables.reading_log import readings
from saraban.usecases.noting_reads import take_in_readings
from tests.web.installation import READING, Browser, Installation

_ROWS = re.compile(r'<tr[^>]*>\s*<td class="c-date.*?</tr>', re.DOTALL)


def _rows(browser: Browser, address: str = "/readings") -> list[str]:
    return _ROWS.findall(browser.get(address).text)


@pytest.fixture
def letter(town: Installation) -> str:
    """A letter of the learning agency's unit with a file, as its address."""
    made = town.draft("learning-clerk", recipients=(READING,), subject="ขอเชิญประชุมคณะทำงาน")
    return f"/letters/{made}"


def test_pages_and_files_of_a_letter_are_noted_and_its_pictures_are_not(town: Installation, letter: str) -> None:
    clerk = town.client("learning-clerk")
    clerk.get(letter)
    clerk.get(f"{letter}/preview.pdf")
    clerk.get(f"{letter}/pages/1.png")
    clerk.get("/letters")
    take_in_readings(town.services)

    rows = _rows(clerk)
    assert ["เปิดอ่าน" in row or "ดาวน์โหลด" in row for row in rows] == [True, True]
    assert all("ขอเชิญประชุมคณะทำงาน" in row and "127.0.0.1" not in row for row in rows)


def test_who_signs_in_is_noted_for_the_auditor_alone(town: Installation, letter: str) -> None:
    records = town.client("learning-records")
    take_in_readings(town.services)

    assert any("เข้าสู่ระบบ" in row and "127.0.0.1" in row for row in _rows(records, "/readings/all"))
    assert not any("เข้าสู่ระบบ" in row for row in _rows(records))
    assert 'href="/readings/all"' in records.get("/readings").text
    assert "/readings/all" not in town.client("learning-clerk").get("/readings").text
    refused = town.client("learning-clerk").get("/readings/all")
    assert refused.status_code == 403 and "เฉพาะนายทะเบียนหรือผู้ดูแลระบบ" in refused.text


def test_the_auditor_filters_and_is_not_told_what_he_may_not_know(town: Installation, letter: str) -> None:
    town.client("learning-clerk").get(letter)
    town.clock.pass_by(timedelta(hours=10))
    town.client("learning-director").get(letter)
    take_in_readings(town.services)
    records = town.client("learning-records")
    opened = _rows(records, "/readings/all?deed=open")

    assert len(opened) == 2 and all("ไม่มีสิทธิทราบเรื่อง" in row for row in opened)
    assert len(_rows(records, "/readings/all?deed=open&mark=off-hours")) == 1
    director = town.actor("learning-director").name
    assert len(_rows(records, f"/readings/all?deed=open&q={director}")) == 1
    assert _rows(records, "/readings/all?deed=open&until=22/11/2569") == []
    for wrong in ("32/13", "xx"):
        page = records.get(f"/readings/all?since={wrong}").text
        assert page.count("อ่านวันที่ไม่ออก") == 1 and '<details class="filters__more" open>' in page
    folded = records.get("/readings/all?deed=open&mark=off-hours").text
    assert '<details class="filters__more">' in folded and "ตัวกรอง ๒" in folded, "folded over what was found on a phone"


def test_another_agency_and_another_unit_see_nothing(town: Installation, letter: str) -> None:
    town.client("learning-clerk").get(letter)
    take_in_readings(town.services)

    assert _rows(town.client("reading-clerk")) == []
    assert not any("เปิดอ่าน" in row for row in _rows(town.client("reading-records"), "/readings/all"))
    assert _rows(town.client("learning-records")) == []


def test_a_classified_letter_is_in_no_list_of_who_may_not_read_it(town: Installation) -> None:
    made = town.draft("learning-clerk", recipients=(READING,), subject="เรื่องปกปิด", secrecy=Secrecy.CONFIDENTIAL)
    town.client("learning-clerk").get(f"/letters/{made}")
    with town.office.reading.connect() as connection:
        assert connection.execute(readings.select()).all() == []
    take_in_readings(town.services)

    for who, address in (("learning-records", "/readings/all"), ("learning-director", "/readings")):
        assert "เรื่องปกปิด" not in town.client(who).get(address).text
