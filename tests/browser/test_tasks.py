"""The walk of an incoming letter in a real browser: given on with keys, finished under the thumb, no findings."""

from __future__ import annotations

import re
from typing import Any

from tests.browser.conftest import DESK, PHONE
from tests.web.installation import Installation


def test_a_letter_is_given_with_keys_and_finished_on_a_phone(
    town: Installation, signed_in: Any, axe: Any, sticks_out: Any
) -> None:
    town.dispatched()
    town.carry()
    clerk = town.client("learning-clerk")
    address = re.findall(r'href="(/incoming/[0-9a-f-]{36})"', clerk.get("/incoming?state=new").text)[0]
    clerk.send(f"{address}/register")
    desk = signed_in("learning-clerk", address, viewport=DESK)
    assert axe(desk) == []
    desk.keyboard.press("m")
    desk.wait_for_url("**#endorse")
    desk.get_by_role("combobox", name="เพื่อดำเนินการ").focus()
    desk.keyboard.type("ผู้อำนวยการกอง")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    desk.locator("#note").fill("เพื่อดำเนินการ")
    desk.keyboard.press("Control+Enter")
    desk.get_by_text("เกษียนแล้ว ผู้รับเห็นงานนี้ทันที").wait_for()
    assert "ผู้อำนวยการกองแผนงาน" in desk.locator("#work").inner_text()
    assert axe(desk) == []

    phone = signed_in("learning-plan-director", "/tasks", viewport=PHONE, phone=True)
    assert axe(phone) == [] and sticks_out(phone) == []
    phone.goto(phone.url.replace("/tasks", address))
    assert axe(phone) == [] and sticks_out(phone) == []
    phone.locator("#result").fill("ส่งข้อมูลแล้ว")
    phone.get_by_role("button", name="เสร็จแล้ว").click()
    phone.get_by_text("งานเพื่อดำเนินการเสร็จครบ ปิดเรื่องแล้ว").wait_for()
