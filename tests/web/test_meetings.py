"""Meetings on the screens of their secretary."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.web.installation import Installation, build_installation
from tests.web.meeting_town import SITE, a_pdf, called, hand_in, people_of, put

FORM = {
    "title": "ประชุมคณะกรรมการบริหาร", "session": "๓/๒๕๖๙", "committee": "คณะกรรมการบริหาร", "place": "ห้องประชุม ๑",
    "day": "๒๕/๑๑/๒๕๖๙", "begins": "๙.๓๐", "ends": "12:00", "access": "link", "agenda": "เรื่องแจ้ง\r\nเรื่องพิจารณา\r\n- งบ",
    "people": "นางสาวรัก อ่าน | ผู้อำนวยการ | กรมป่าไม้ | rak@forest.test | กรรมการ",
}  # fmt: skip


@pytest.fixture
def town(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[Installation]:
    """Two agencies, reached under a public address."""
    made = build_installation(tmp_path, new_database, clock, public_url=SITE)
    yield made
    made.close()


def test_a_meeting_is_called_by_a_form_that_keeps_what_was_typed(town: Installation) -> None:
    clerk = town.client("reading-clerk")
    assert "เรื่องรับรองรายงานการประชุม" in clerk.get("/meetings/new").text
    bad = clerk.send("/meetings/new", FORM | {"day": "๓๑/๒", "ends": "๘.๐๐", "people": "นายเอก | | | ไม่ใช่อีเมล"})
    assert bad.status_code == 422 and "๓๑/๒" in bad.text and "อีเมลไม่ถูกต้อง" in bad.text
    early = clerk.send("/meetings/new", FORM | {"ends": "๘.๐๐"})
    assert early.status_code == 422 and "เวลาเลิกต้องหลังเวลาเริ่ม" in early.text

    address = clerk.send("/meetings/new", FORM).headers["Location"]
    page = clerk.get(address).text
    assert "ประชุมคณะกรรมการบริหาร ครั้งที่ ๓/๒๕๖๙" in page and "๒๕ พ.ย. ๒๕๖๙ ๐๙.๓๐ น." in page.replace("\u00a0", " ")
    assert "๒.๑" in page and "นางสาวรัก อ่าน" in page and f"{SITE}/m/" in page
    assert clerk.get(f"{address}/qr/pack.png").data.startswith(b"\x89PNG")
    edited = clerk.get(f"{address}/edit").text
    version = re.findall(r'name="version" value="(\d+)"', edited)[0]
    assert clerk.send(f"{address}/edit", FORM | {"place": "ห้อง ๙", "version": version}).status_code == 302
    assert "ห้อง ๙" in clerk.get(address).text
    stale = clerk.send(f"{address}/edit", FORM | {"version": version})
    assert stale.status_code == 409 and "มีผู้แก้การประชุมนี้" in stale.text
    assert "ประชุมคณะกรรมการบริหาร" in clerk.get("/meetings").text
    assert town.client("learning-clerk").get(address).status_code == 404
    head = town.client("reading-head")
    assert head.get(address).status_code == 200 and "ยกเลิกการประชุม" not in head.get(address).text
    assert head.get(f"{address}/qr/room.png").status_code == 404
    assert head.send(f"{address}/people", {"people": "นายเอก"}).status_code == 403


def test_the_secretary_takes_what_was_handed_in_and_the_page_counts_the_sheets(town: Installation) -> None:
    meeting = called(town)
    clerk, phone = town.client("reading-clerk"), town.client()
    address = f"/meetings/{meeting.id}"
    first = put(town, meeting, a_pdf(pages=5))
    key = people_of(town, meeting)[1].key
    hand_in(phone, key, a_pdf(pages=6), "แก้แล้ว.pdf")
    hand_in(phone, key, b"x", "ผิด.txt")
    page = clerk.get(address).text
    assert "๑๐ หน้า หรือ ๖ แผ่น" in page and "ไฟล์ที่ผู้เข้าประชุมส่งมา" in page
    ids = dict(re.findall(r'/files/([0-9a-f-]{36})">([^<]+)<', page))
    by_name = {name: one for one, name in ids.items()}
    assert clerk.get(f"{address}/files/{by_name['แก้แล้ว.pdf']}").data.startswith(b"%PDF")
    taken = clerk.send(
        f"{address}/files/{by_name['แก้แล้ว.pdf']}/take",
        {"replaces": str(first), "note": "เพิ่มหน้า ๖"},
        follow_redirects=True,
    )
    assert "รับไฟล์เข้าชุดเอกสารแล้ว" in taken.text and "๑๒ หน้า หรือ ๖ แผ่น" in taken.text and "ฉบับที่ ๒" in taken.text
    refused = clerk.send(f"{address}/files/{by_name['ผิด.txt']}/refuse", {"reason": "ผิดฉบับ"}, follow_redirects=True)
    assert "ไฟล์ที่ไม่รับ" in refused.text
    bad = clerk.client.post(
        f"{address}/files",
        data={"csrf_token": clerk.token(), "item": "a1", "file": (io.BytesIO(b"MZ"), "a.exe")},
        content_type="multipart/form-data",
    )
    assert bad.status_code == 422 and "รับเฉพาะ PDF" in bad.text
    assert "แก้แล้ว.pdf" in phone.get(f"/m/{meeting.code}").text


@pytest.mark.only_database("sqlite")
def test_people_links_and_presence_are_kept_on_the_page(town: Installation) -> None:
    meeting = called(town)
    clerk, address = town.client("reading-clerk"), f"/meetings/{meeting.id}"
    bad = clerk.send(f"{address}/people", {"people": "นายเอก | | | x"})
    assert bad.status_code == 422 and "นายเอก | | | x" in bad.text and "บรรทัดที่ ๑" in bad.text
    clerk.send(f"{address}/people", {"people": "นายใหม่ | ที่ปรึกษา | | | ผู้เข้าร่วมประชุม"})
    chair, rak, new = people_of(town, meeting)
    sent = clerk.send(f"{address}/links", {}, follow_redirects=True)
    assert "ลิงก์กำลังส่งทางอีเมล" in sent.text and sent.text.count("ส่งลิงก์แล้ว") == 2
    town.carry()
    assert {to for to, _ in town.elsewhere} == {"chair@dept.test", "rak@forest.test"}
    clerk.send(f"{address}/people/{new.id}/remove", {})
    clerk.send(f"{address}/people/{chair.id}/presence", {"presence": "absent", "reason": "ติดราชการ"})
    assert "ติดราชการ" in clerk.get(address).text
    assert [one.id for one in people_of(town, meeting)] == [chair.id, rak.id]
    assert clerk.get(f"{address}/qr/{rak.id}.png").data.startswith(b"\x89PNG")
    assert "ยังไม่ถึงเวลาประชุม" in clerk.send(f"{address}/end", {}, follow_redirects=True).text
    town.clock.pass_by(timedelta(days=2))
    assert "ประชุมเสร็จแล้ว" in clerk.send(f"{address}/end", {}, follow_redirects=True).text
    moved = clerk.send(f"{address}/closing", {"closes_on": "๑/๑๒/๒๕๖๙"}, follow_redirects=True)
    assert "๑ ธันวาคม ๒๕๖๙" in moved.text
    past = clerk.get("/meetings?show=past").text
    assert "พฤศจิกายน ๒๕๖๙" in past and meeting.title in past
    other = called(town)
    cancelled = clerk.send(f"/meetings/{other.id}/cancel", {"reason": "ห้องไม่ว่าง"}, follow_redirects=True)
    assert "ห้องไม่ว่าง" in cancelled.text and "ยกเลิกการประชุมแล้ว" in cancelled.text
