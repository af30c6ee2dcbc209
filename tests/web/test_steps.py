"""What may become of a letter beside its number, at the screens of both agencies: sent on, asked back, closed;
with the reasons why not, and nothing typed lost."""

from __future__ import annotations

import re

import pytest

from saraban.domain.agency import AgencyOptions
from saraban.usecases.bookkeeping import set_options
from tests.web.installation import Browser, Installation

WHY = "ส่งผิดฉบับ ขอแก้ไขใหม่"


@pytest.fixture
def receiver(town: Installation) -> Browser:
    """The central clerk of the agency to which the letters of the tests go."""
    return town.client("learning-clerk")


def arrived(town: Installation, receiver: Browser) -> tuple[str, str]:
    """A letter that waits for its number: where it is followed by its sender, and its address at the receiver."""
    letter_id = town.dispatched()
    town.carry()
    address = re.findall(r'href="(/incoming/[0-9a-f-]{36})"', receiver.get("/incoming?state=new").text)[0]
    return f"/letters/{letter_id}/tracking", address


def asking(page: str) -> str:
    """The address of the dialog that stops or asks back."""
    return re.search(r'action="([^"]+/ask-back)"', page).group(1)  # type: ignore[union-attr]


def test_a_letter_is_asked_back_and_leaves_what_is_to_be_registered(
    town: Installation, clerk: Browser, receiver: Browser
) -> None:
    tracking, address = arrived(town, receiver)
    action = asking(clerk.get(tracking).text)

    refused = clerk.send(action, {"reason": ""})
    assert refused.status_code == 422 and "ใส่เหตุผลที่ขอเรียกคืน" in refused.text
    assert clerk.send(action, {"reason": WHY}).status_code == 302
    waiting = clerk.get(tracking).text
    assert "คำตอบเรื่องเรียกคืน" in waiting and "รอผู้รับตอบ ขอซ้ำได้เมื่อครบหนึ่งวัน" in waiting
    town.carry()

    after = clerk.get(tracking).text
    assert "เรียกคืนแล้ว" in after and "/ask-back" not in after and "hx-get" not in after
    assert address not in receiver.get("/incoming?state=new").text
    assert address in receiver.get("/incoming?state=gone").text
    page = receiver.get(address).text
    assert "ผู้ส่งเรียกคืนแล้ว ไม่ต้องลงรับ" in page and WHY in page
    assert f"{address}/register" not in page


def test_what_has_not_left_is_stopped(town: Installation, clerk: Browser, receiver: Browser) -> None:
    tracking = f"/letters/{town.dispatched()}/tracking"
    page = clerk.get(tracking).text
    assert "หยุดส่ง" in page
    clerk.send(asking(page), {"reason": WHY, "everyone": "y"})
    town.carry()
    after = clerk.get(tracking).text
    assert "หยุดส่งก่อนออกจากระบบ" in after and "ผู้รับไม่ได้หนังสือนี้" in after
    assert not re.search(r"/incoming/[0-9a-f-]{36}", receiver.get("/incoming?state=new").text)


@pytest.mark.parametrize("consent", ["yes", "no"])
def test_for_a_registered_letter_the_clerk_answers(
    town: Installation, clerk: Browser, receiver: Browser, consent: str
) -> None:
    tracking, address = arrived(town, receiver)
    receiver.send(f"{address}/register")
    town.carry()
    clerk.send(asking(clerk.get(tracking).text), {"reason": WHY})
    town.carry()
    assert address in receiver.get("/incoming?state=recall").text
    page = receiver.get(address).text
    assert "ผู้ส่งขอเรียกหนังสือนี้คืน" in page and WHY in page and "keep-dialog" in page

    if consent == "no":
        empty = receiver.send(f"{address}/answer-recall", {"consent": "no", "reason": " "})
        assert empty.status_code == 422 and "ใส่เหตุผลที่ไม่คืน" in empty.text
    receiver.send(f"{address}/answer-recall", {"consent": consent, "reason": "ดำเนินการไปแล้ว"})
    town.carry()

    told = "ยินยอมคืนให้ผู้ส่งแล้ว เลขรับคงเดิม" if consent == "yes" else "ไม่คืนตามที่ผู้ส่งขอ"
    assert told in receiver.get(address).text
    at_sender = clerk.get(tracking).text
    assert ("ผู้รับยินยอมคืนหลังลงทะเบียนรับ" in at_sender) is (consent == "yes")
    assert ("ดำเนินการไปแล้ว" in at_sender) is (consent == "no")


def test_a_letter_goes_on_to_the_agency_that_it_is_for(town: Installation, clerk: Browser, receiver: Browser) -> None:
    tracking, address = arrived(town, receiver)
    assert f"{address}/forward" in receiver.get(address).text
    form = receiver.get(f"{address}/forward").text
    assert "บัญชีแนบซองและตราของผู้ส่งเดิม" in form and 'value="0601"' not in form

    refused = receiver.send(f"{address}/forward", {"to": "", "reason": "ของหน่วยงานอื่น"})
    assert refused.status_code == 422 and "เลือกหน่วยงานที่จะส่งต่อ" in refused.text
    assert "ของหน่วยงานอื่น" in refused.text, "nothing that was typed is lost"
    to = re.findall(r'<option value="([^"]+)"', form)[0]
    assert receiver.send(f"{address}/forward", {"to": to, "reason": "ของหน่วยงานอื่น"}).status_code == 302
    town.carry()

    page = receiver.get(address).text
    assert "ส่งต่อแล้ว" in page and "ติดตามหนังสือที่ส่งต่อ" in page and f"{address}/register" not in page
    followed = receiver.get(re.search(r'href="(/letters/[0-9a-f-]+/tracking)"', page).group(1))  # type: ignore[union-attr]
    assert followed.status_code == 200
    assert "ส่งต่อถึง" in clerk.get(tracking).text
    again = receiver.send(f"{address}/forward", {"to": to})
    assert again.status_code == 302, "a second press shows the letter"


def test_a_matter_is_closed_and_its_sender_hears_of_it_where_that_is_wanted(
    town: Installation, clerk: Browser, receiver: Browser
) -> None:
    set_options(town.services, actor=town.actor("learning-admin"), options=AgencyOptions(tell_completed=True))
    tracking, address = arrived(town, receiver)
    receiver.send(f"{address}/register")
    assert f"{address}/complete" in receiver.get(address).text
    receiver.send(f"{address}/complete")
    town.carry()
    assert "ปิดเรื่องแล้ว" in receiver.get(address).text
    assert f"{address}/complete" not in receiver.get(address).text
    assert "ดำเนินการเสร็จแล้ว" in clerk.get(tracking).text


def test_a_corrected_letter_takes_the_place_of_the_old_one(
    town: Installation, clerk: Browser, receiver: Browser
) -> None:
    tracking, address = arrived(town, receiver)
    new = town.issued(subject="ขอเชิญประชุม (แก้ไข)")
    page = clerk.get(f"/letters/{new}").text
    assert f"/letters/{new}/replace" in page
    form = clerk.get(f"/letters/{new}/replace").text
    ticked = re.findall(r'name="replaces" value="([^"]+)" checked', form)
    assert len(ticked) == 1 and "แทนที่ผู้รับแห่งใด" in form

    assert clerk.send(f"/letters/{new}/replace", {"replaces": ticked}).status_code == 302
    town.carry()

    old_page = receiver.get(address).text
    assert "มีฉบับแก้ไขแทน ไม่ต้องลงรับฉบับนี้" in old_page and f"{address}/register" not in old_page
    newer = re.search(r'href="(/incoming/[^"]+)">เปิดฉบับแก้ไข', old_page).group(1)  # type: ignore[union-attr]
    assert f'แทนฉบับ</b> <a href="{address}"' in receiver.get(newer).text
    assert "มีฉบับแก้ไขแทน" in clerk.get(tracking).text
    assert "แทนฉบับ" in clerk.get(f"/letters/{new}/tracking").text
    assert "ส่งแทนฉบับเดิมได้เฉพาะ" in clerk.get(f"/letters/{new}/replace").text


def test_a_corrected_letter_names_the_one_that_was_sent_back(
    town: Installation, clerk: Browser, receiver: Browser
) -> None:
    _, address = arrived(town, receiver)
    receiver.send(f"{address}/refuse", {"code": "unreadable", "text": ""})
    town.carry()
    new = town.issued(subject="ขอเชิญประชุม (แก้ไข)")
    ticked = re.findall(r'name="replaces" value="([^"]+)" checked', clerk.get(f"/letters/{new}/replace").text)
    clerk.send(f"/letters/{new}/replace", {"replaces": ticked})
    town.carry()

    newer = re.findall(r'href="(/incoming/[0-9a-f-]{36})"', receiver.get("/incoming?state=new").text)[0]
    page = receiver.get(newer).text
    assert f'แทนฉบับ</b> <a href="{address}"' in page and "ส่งคืนแล้ว" in page
    assert "ซึ่งไม่ได้มาถึงที่นี่" not in page and "มีฉบับแก้ไขแทน" not in receiver.get(address).text


def test_who_is_no_clerk_sees_why_not(town: Installation, receiver: Browser) -> None:
    tracking, _ = arrived(town, receiver)
    head = town.client("reading-head")
    page = head.get(tracking).text
    assert "เรียกหนังสือคืนได้เฉพาะเจ้าหน้าที่สารบรรณ" in page and "/ask-back" not in page
