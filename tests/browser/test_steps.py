"""The screens on which a letter is sent on, asked back, replaced and closed, in a real browser: no findings, nothing
sticks out, and the deeds are done with dialogs and keys."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from saraban.usecases.recalling import ask_back
from tests.browser.conftest import DESK, LONG, new_town, sign_in
from tests.web.installation import Installation


class Scene:
    """A letter that waits, one that is asked back, one that was replaced with what took its place, one that was sent on
    and one given back; and a corrected letter that is ready to be sent."""

    def __init__(self, folder: Path) -> None:
        self.town: Installation = new_town(folder)
        self.clerk = self.town.client("learning-clerk")
        self.asked_letter, self.asked = self._arrive()
        self.clerk.send(f"{self.asked}/register")
        self.town.carry()
        self._ask(self.asked_letter)
        old_letter, self.old = self._arrive()
        (dispatch,) = re.findall(r"/tracking/([0-9a-f-]{36})/ask-back", self._tracking(old_letter))
        new = self.town.issued(subject="ขอเชิญประชุมคณะกรรมการ (แก้ไขวัน)")
        self.town.client("reading-clerk").send(f"/letters/{new}/replace", {"replaces": dispatch})
        self.town.carry()
        self.newer = self._first("new")
        self.clerk.send(f"{self.newer}/register")
        self.on_letter, self.on = self._arrive()
        to = re.findall(r'<option value="([^"]+)"', self.clerk.get(f"{self.on}/forward").text)[0]
        self.clerk.send(f"{self.on}/forward", {"to": to, "reason": "เป็นอำนาจหน้าที่ของหน่วยงานนั้น"})
        self.town.carry()
        self.back_letter, self.back = self._arrive()
        self._ask(self.back_letter)
        self.waiting_letter, self.waiting = self._arrive(subject=LONG)
        self.corrected = self.town.issued(subject="ขอเชิญประชุมคณะกรรมการ (แก้ไขสถานที่)")

    def _arrive(self, **content: Any) -> tuple[Any, str]:
        letter = self.town.dispatched(**content)
        self.town.carry()
        return letter, self._first("new")

    def _first(self, state: str) -> str:
        return re.findall(r'href="(/incoming/[0-9a-f-]{36})"', self.clerk.get(f"/incoming?state={state}").text)[0]

    def _tracking(self, letter: Any) -> str:
        return self.town.client("reading-clerk").get(f"/letters/{letter}/tracking").text

    def _ask(self, letter: Any) -> None:
        (dispatch,) = re.findall(r"/tracking/([0-9a-f-]{36})/ask-back", self._tracking(letter))
        with self.town.services.uow() as uow:
            found = uow.dispatches.find(self.town.agencies["0601"], UUID(dispatch))
        assert found is not None
        actor = self.town.actor("reading-clerk")
        ask_back(self.town.services, actor=actor, dispatches=[found.id], reason="ส่งผิดฉบับ ขอแก้ไขใหม่")
        self.town.carry()


@pytest.fixture
def scene(tmp_path: Path) -> Any:
    made = Scene(tmp_path)
    yield made
    made.town.close()


def test_screens_have_no_findings_and_nothing_sticks_out(
    scene: Scene, serve: Any, open_page: Any, looked_at: Any, goto: Any
) -> None:
    base = serve(scene.town.app)
    receiver, sender = (open_page(DESK) for _ in range(2))
    sign_in(receiver, base, "learning-clerk")
    sign_in(sender, base, "reading-clerk")
    places = [
        *((receiver, way) for way in ("/incoming?state=recall", "/incoming?state=gone", scene.asked, scene.old)),
        *((receiver, way) for way in (scene.newer, scene.on, scene.back, scene.waiting, f"{scene.waiting}/forward")),
        *((sender, f"/letters/{one}/tracking") for one in (scene.asked_letter, scene.on_letter, scene.back_letter)),
        (sender, f"/letters/{scene.corrected}/replace"),
        (sender, f"/letters/{scene.corrected}"),
    ]
    found: dict[str, list[str]] = {}
    for page, way in places:
        goto(page, base + way)
        if faults := looked_at(page):
            found[way] = faults
    assert found == {}


def test_the_deeds_are_done_with_dialogs(scene: Scene, serve: Any, open_page: Any, goto: Any, axe: Any) -> None:
    base = serve(scene.town.app)
    sender, receiver = open_page(DESK), open_page(DESK)
    sign_in(sender, base, "reading-clerk")
    sign_in(receiver, base, "learning-clerk")

    goto(sender, f"{base}/letters/{scene.waiting_letter}/tracking")
    sender.get_by_role("button", name="ขอเรียกคืน").click()
    dialog = sender.get_by_role("dialog", name="หยุดส่งหรือขอเรียกหนังสือคืน")
    assert axe(sender) == []
    dialog.get_by_role("button", name="หยุดส่งหรือขอคืน").click()
    sender.get_by_text("ใส่เหตุผลที่ขอเรียกคืน").wait_for()
    dialog.get_by_label("เหตุผล").fill("ส่งผิดหน่วยงาน")
    dialog.get_by_role("button", name="หยุดส่งหรือขอคืน").click()
    sender.get_by_text("รอผู้รับตอบ", exact=True).wait_for()
    scene.town.carry()
    sender.locator(".rung", has_text="เรียกคืนแล้ว").wait_for(timeout=10_000)

    goto(receiver, base + scene.asked)
    receiver.get_by_role("button", name="ไม่คืน").first.click()
    keep = receiver.get_by_role("dialog", name="ไม่คืนหนังสือ")
    keep.get_by_label("เหตุผลที่ไม่คืน").fill("เสนอผู้บริหารแล้ว")
    keep.get_by_role("button", name="ไม่คืน", exact=True).click()
    receiver.get_by_text("ไม่คืนตามที่ผู้ส่งขอ").wait_for()
    receiver.get_by_role("button", name="ปิดเรื่อง").click()
    receiver.get_by_text("ปิดเรื่องแล้ว").first.wait_for()
