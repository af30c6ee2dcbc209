"""The walk of an incoming letter at the screens: endorsed, taken, finished, returned; nothing typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest

from saraban.domain.content import Content, Reference
from saraban.domain.incoming import IncomingId
from saraban.usecases.dispatching import dispatch_letter
from saraban.usecases.drafting import start_letter
from saraban.usecases.routing import endorse_letter, submit_letter
from saraban.usecases.signing import sign_letter
from tests.web.installation import PASSPHRASE, Browser, Installation


@pytest.fixture
def receiver(town: Installation) -> Browser:
    """The central clerk of the agency to which the letters of the tests go."""
    return town.client("learning-clerk")


def registered(town: Installation, receiver: Browser) -> str:
    """The address of a letter that has its receiving number."""
    town.dispatched()
    town.carry()
    address: str = re.findall(r'href="(/incoming/[0-9a-f-]{36})"', receiver.get("/incoming?state=new").text)[0]
    receiver.send(f"{address}/register")
    return address


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    return str(re.findall(rf'name="{name}" value="([^"]*)"', page)[0])


def word(page: str, called: str) -> str:
    """The word of a receiver in the lists of the form."""
    return str(re.findall(rf'<option value="([^"]+)"[^>]*>[^<]*{called}', page)[0])


def address_of(deed: str, page: str) -> str:
    """Where the first form of this deed goes."""
    return str(re.findall(rf'action="([^"]+/{deed})"', page)[0])


def test_a_letter_is_given_to_the_director_who_finishes_it(town: Installation, receiver: Browser) -> None:
    address = registered(town, receiver)
    page = receiver.get(address).text
    form = {"seen": hidden(page, "seen"), "idempotency_key": hidden(page, "idempotency_key"), "note": "เพื่อโปรดพิจารณา"}
    refused = receiver.send(f"{address}/endorse", {**form, "due": "เมื่อไร"})
    assert refused.status_code == 422 and "เพื่อโปรดพิจารณา" in refused.text and "อ่านวันที่ไม่ออก" in refused.text

    director = town.client("learning-plan-director")
    assert director.get(address).status_code == 404
    given = {**form, "for_action": word(page, "ผู้อำนวยการกองแผนงาน"), "due": "30/11/2569"}
    assert receiver.send(f"{address}/endorse", given).status_code == 302
    assert receiver.send(f"{address}/endorse", given).status_code == 302, "the same form again is one deed"
    page = receiver.get(address).text
    assert page.count("เรียกคืน งานของ") == 1 and "อยู่ที่ใคร" in page

    assert address in director.get("/tasks").text and address in director.get("/").text
    page = director.get(address).text
    assert "งานของท่าน: เพื่อดำเนินการ" in page and "เพื่อโปรดพิจารณา" in page
    assert "ครบกำหนด ๓๐ พ.ย." in page.replace("\u00a0", " ") and "amber strong" not in director.get("/tasks").text
    town.clock.pass_by(timedelta(days=6))
    assert "amber strong" in director.get("/tasks").text and "ครบกำหนด" in director.get("/").text, "it is near"
    town.clock.pass_by(timedelta(days=-6))
    finish = address_of("finish", page)
    stale = director.send(finish, {"seen": "0" * 64, "result": "ตอบแล้ว"})
    assert stale.status_code == 409 and "ตอบแล้ว" in stale.text
    empty = director.send(finish, {"seen": hidden(page, "seen"), "result": ""})
    assert empty.status_code == 422 and "ใส่ผลการดำเนินการ" in empty.text
    assert director.send(finish, {"seen": hidden(page, "seen"), "result": "ตอบแล้ว"}).status_code == 302
    after = director.get(address).text
    assert "ปิดเรื่องแล้ว" in after and "ตอบแล้ว" in after
    closed = receiver.get(address).text
    answer = re.search(r'href="(/letters/new[^"]*)"[^>]*>(?:<svg.*?</svg>)?ตอบหนังสือ', closed, re.DOTALL)
    assert answer is not None, "what is closed can still be answered, and the reply refers to it"
    assert receiver.get(answer[1].replace("&amp;", "&")).status_code == 200
    assert address in director.get("/tasks?state=done").text


def test_what_is_returned_comes_back_to_the_clerk_with_its_reason(town: Installation, receiver: Browser) -> None:
    address = registered(town, receiver)
    page = receiver.get(address).text
    whom = {"for_action": word(page, "ผู้อำนวยการกองแผนงาน"), "for_opinion": word(page, "เลขานุการกรม")}
    receiver.send(f"{address}/endorse", {"seen": hidden(page, "seen"), **whom})
    assert "สำนักงานเลขานุการกรม (ให้ความเห็น)</b>" in receiver.get(address).text
    director = town.client("learning-plan-director")
    page = director.get(address).text
    assert page.index('id="my-task"') < page.index("viewer__stage"), "before the page, so that a phone shows it first"
    back = address_of("return", page)
    refused = director.send(back, {"seen": hidden(page, "seen"), "reason": ""})
    assert refused.status_code == 422 and "ใส่เหตุผลที่ส่งคืน" in refused.text
    director.send(back, {"seen": hidden(page, "seen"), "reason": "เป็นหน้าที่ของกองอื่น"})

    page = receiver.get(address).text
    assert "เป็นหน้าที่ของกองอื่น" in page
    assert address in receiver.get("/tasks?whose=given").text and address in receiver.get("/").text
    assert "ไม่มีตัวกรอง “nobody”" in receiver.get("/tasks?whose=nobody").text


def test_an_answer_is_drafted_from_the_letter_and_both_ends_show_it(town: Installation, receiver: Browser) -> None:
    original = town.dispatched()
    town.carry()
    address = re.findall(r'href="(/incoming/[0-9a-f-]{36})"', receiver.get("/incoming?state=new").text)[0]
    receiver.send(f"{address}/register")
    page = receiver.get(address).text
    assert f"/letters/new?answers={address.rsplit('/', 1)[1]}" in page
    form = receiver.get(f"/letters/new?answers={address.rsplit('/', 1)[1]}").text
    assert hidden(form, "answers") == address.rsplit("/", 1)[1]
    assert "กรมส่งเสริมการอ่าน" in form and re.search(r'value="0601"[^>]* selected', form)
    assert receiver.get("/letters/new?answers=nothing").status_code == 404

    services, clerk = town.services, town.actor("learning-clerk")
    references = (Reference("ศธ 0601/1", None, "กรมส่งเสริมการอ่าน"),)
    content = Content(
        subject="ตอบ", addressed_to="เรียน อธิบดี", body="ตอบแล้ว", recipients=("0601",), references=references
    )
    reply = start_letter(services, actor=clerk, content=content, answers=IncomingId(UUID(address.rsplit("/", 1)[1])))
    submit_letter(services, actor=clerk, letter_id=reply)
    endorse_letter(services, actor=town.actor("learning-director"), letter_id=reply)
    sign_letter(services, actor=town.actor("learning-head"), letter_id=reply, passphrase=PASSPHRASE)
    dispatch_letter(services, actor=clerk, letter_id=reply)
    town.carry()

    told = town.client("reading-clerk").get("/notices").text
    assert "มีหนังสือตอบ" in told and f"/letters/{original}" not in told  # the notice leads there by itself
    assert "หนังสือตอบ" in receiver.get(address).text
    assert "หนังสือที่รับมา" in receiver.get(f"/letters/{reply}").text
    sender = town.client("reading-clerk").get(f"/letters/{original}").text
    assert "ตอบแล้วโดย" in sender and "สำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต" in sender
    for whole in (
        town.client("reading-clerk").get(f"/matters/{original}").text,
        receiver.get(address.replace("/incoming/", "/matters/")).text,
    ):
        assert "๒ ฉบับ" in whole and "ตอบแล้วด้วย" in whole, "the matter is whole at both ends"


def test_standing_orders_are_kept_on_a_page(town: Installation, receiver: Browser) -> None:
    page = receiver.get("/incoming/orders?sender=0601").text
    plan = word(page, "กองแผนงาน")
    refused = receiver.send("/incoming/orders", {"unit": plan, "note": "เพื่อดำเนินการ"})
    assert refused.status_code == 422 and "เพื่อดำเนินการ" in refused.text and "ระบุคำในเรื่อง" in refused.text
    assert receiver.send("/incoming/orders", {"unit": plan, "sender_code": "0601"}).status_code == 302
    page = registered(town, receiver)
    assert "ตามการมอบหมายล่วงหน้า" in receiver.get(page).text
    listed = receiver.get("/incoming/orders").text
    end = address_of("end", listed)
    assert town.client("reading-clerk").send(end).status_code == 404
    assert receiver.send(end).status_code == 302
    assert "ยังไม่มีการมอบหมายล่วงหน้า" in receiver.get("/incoming/orders").text
    assert "ตั้งการมอบหมายล่วงหน้าได้เฉพาะ" in town.client("learning-plan-clerk").get("/incoming/orders").text
