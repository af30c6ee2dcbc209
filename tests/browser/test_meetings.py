"""A meeting without paper on a telephone, from its call to its minutes, with a file that a participant hands in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.browser.conftest import PHONE, new_town, sign_in
from tests.web.meeting_town import SITE, a_pdf, people_of, the
from tests.web.test_meetings import FORM

TYPED = ("title", "session", "committee", "place", "day", "begins", "ends", "agenda", "people")


def test_from_invitation_to_minutes_with_a_participants_file(
    tmp_path: Path,
    serve: Callable[..., str],
    open_page: Callable[..., Any],
    axe: Callable[[Any], list[str]],
    sticks_out: Callable[..., list[str]],
) -> None:
    town = new_town(tmp_path, public_url=SITE)
    site = serve(town.app)
    clerk, guest = open_page(PHONE, phone=True), open_page(PHONE, phone=True, script=False)
    faults: list[str] = []

    def look(page: Any) -> None:
        faults.extend(axe(page) + sticks_out(page, (390, 360)) if page is clerk else sticks_out(page, (390, 360)))
        page.set_viewport_size(PHONE)

    sign_in(clerk, site, "reading-clerk", "/meetings/new")
    for name in TYPED:
        clerk.fill(f"[name={name}]", FORM[name])
    look(clerk)
    clerk.get_by_role("button", name="นัดประชุม").click()
    clerk.wait_for_url("**/meetings/*-*")
    address = clerk.url.split("#")[0]
    meeting = the(town, UUID(address.rpartition("/")[2]))
    clerk.get_by_role("button", name="ร่างหนังสือเชิญ (บันทึกข้อความ)").click()
    clerk.wait_for_url("**/letters/*/edit*")
    assert f"{SITE}/m/{meeting.code}" in clerk.content()

    key = people_of(town, meeting)[0].key
    guest.goto(f"{site}/m/own/{key}")
    guest.get_by_label("ระเบียบวาระ").select_option(label="๒.๑ งบ")
    guest.set_input_files("#file", {"name": "งบ.pdf", "mimeType": "application/pdf", "buffer": a_pdf(pages=4)})
    guest.get_by_role("button", name="ส่งไฟล์").click()
    guest.get_by_text("ได้รับไฟล์แล้ว").wait_for()
    look(guest)
    clerk.goto(address)
    look(clerk)
    clerk.get_by_role("button", name="รับ งบ.pdf", exact=True).click()
    clerk.get_by_role("button", name="รับเข้าชุดเอกสาร").click()
    clerk.get_by_text("๔ หน้า หรือ ๒ แผ่น").wait_for()
    guest.goto(f"{site}/m/{meeting.code}")
    look(guest)
    with guest.expect_response("**/files/*") as opened:
        guest.get_by_role("link", name="งบ.pdf").click()
    assert opened.value.headers["content-type"] == "application/pdf"

    town.clock.pass_by(timedelta(days=2))
    guest = open_page(PHONE, phone=True)
    guest.goto(f"{site}/m/room/{meeting.room}")
    guest.get_by_text("นางสาวรัก อ่าน").click()
    faults += axe(guest)
    guest.get_by_role("button", name="ลงชื่อเข้าประชุม").click()
    guest.get_by_text("ลงชื่อเข้าประชุมแล้ว").wait_for()
    for path in (f"/m/{meeting.code}", f"/m/own/{key}", f"/m/{'0' * 20}"):
        guest.goto(site + path)
        faults += axe(guest) + sticks_out(guest, (390, 360))
    clerk.goto(address)
    clerk.get_by_role("button", name="ประชุมเสร็จแล้ว").click()
    clerk.get_by_text("บันทึกว่าประชุมเสร็จแล้ว").wait_for()
    clerk.locator("#roll summary").click()
    clerk.get_by_label("ผู้ที่ยังไม่ลงชื่อและไม่ได้เลือกข้างบน").select_option("absent")
    look(clerk)
    clerk.get_by_role("button", name="บันทึกการเช็กชื่อ").click()
    clerk.get_by_text("บันทึกการเข้าประชุมแล้ว").wait_for()
    clerk.get_by_role("button", name="ร่างรายงานการประชุม").click()
    clerk.wait_for_url("**/letters/*/edit*")
    assert "นางสาวรัก อ่าน | ผู้อำนวยการ กรมป่าไม้ | กรรมการ" in clerk.content()
    assert "เอกสารประกอบ งบ.pdf" in clerk.content()
    assert faults == []
    town.close()
