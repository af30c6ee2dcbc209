"""The pages of comparisons: who sees them, what they say, and the remedies as buttons."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from saraban.domain.calendar import office_date
from saraban.domain.classification import Secrecy
from saraban.domain.errors import BadInput
from saraban.exchange.reconcile import (
    ReconcileAnswer,
    ReconcileRequest,
    answer_bytes,
    reconcile_entity,
    reconcile_envelope,
    request_bytes,
)
from saraban.storage.tables.closing import reconciliations
from saraban.storage.tables.letters import incoming
from saraban.usecases.reconciling import ask_to_reconcile
from saraban.web.forms.reconciling import AskForm, presets
from tests.web.installation import LEARNING, Browser, Installation
from tests.web.test_incoming import addresses

TODAY = date(2026, 11, 25)


def ask(town: Installation, username: str = "reading-clerk", other: str = LEARNING) -> UUID:
    """A request about today that waits for its seal."""
    today = office_date(town.clock.now())
    return ask_to_reconcile(town.services, actor=town.actor(username), other_code=other, since=today, until=today).id


def lose(town: Installation, kind: bytes = b"kind=letter") -> int:
    """What lies in the bag of this kind falls out of it; how many."""
    kept = [(box, raw) for box, raw in town.post.bag if kind not in raw[:8_000]]
    lost = len(town.post.bag) - len(kept)
    town.post.bag = kept
    return lost


def work(town: Installation) -> None:
    """The worker works until nothing is left; the bag is not carried."""
    from saraban import jobs

    while sum(job.work(town.services) for job in jobs.timetable(1)):
        pass


def lost_letter(town: Installation) -> UUID:
    """A letter that fell out of the bag, and a comparison of its sender that has found it."""
    town.dispatched()
    work(town)
    assert lose(town) == 1
    asked = ask(town)
    town.carry()
    return asked


def questioned(town: Installation, **content: Any) -> tuple[str, str]:
    """A letter whose receiving number its sender questions, and the question: their addresses for the receiver."""
    town.dispatched(**content)
    town.carry()
    receiver, sender = town.client("learning-clerk"), town.client("reading-clerk")
    [letter] = addresses(receiver)
    receiver.send(f"{letter}/register")
    town.carry()
    with town.office.writing.begin() as connection:  # behind the back of the receiver's register
        connection.execute(incoming.update().values(register_number=77))
    asked = ask(town)
    town.carry()
    [dispatch] = re.findall(r'name="only" value="([^"]+)"', sender.get(f"/reconciling/{asked}").text)
    sender.send(f"/reconciling/{asked}/remedy", {"only": dispatch})
    town.carry()
    [question] = addresses(receiver, "held")
    return letter, question


def test_the_form_asks_once_however_often_it_is_sent(town: Installation, clerk: Browser) -> None:
    page = clerk.get("/reconciling/new").text
    key = re.search(r'name="idempotency_key" value="([^"]+)"', page)
    assert key and "สำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต" in page and "เทศบาลเมืองบ้านสวน" not in page
    assert "กรมส่งเสริมการอ่าน</option>" not in page
    sent = {"agency": LEARNING, "period": "this-month", "idempotency_key": key[1]}

    first, second = clerk.send("/reconciling/new", sent), clerk.send("/reconciling/new", sent)

    assert first.status_code == second.status_code == 302 and first.location == second.location
    assert clerk.get("/reconciling").text.count('<td class="c-subject">') == 1
    assert "รอลงตรา" in clerk.get(first.location).text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "เลือกส่วนราชการ"),
        ({"agency": "0888"}, "ยังไม่รองรับการเทียบทะเบียน"),
        ({"agency": "none"}, "ไม่พบส่วนราชการนี้"),
        ({"agency": "0601"}, "ของตนเองไม่ได้"),
        ({"agency": LEARNING, "period": "other"}, "ใส่วันที่"),
        ({"agency": LEARNING, "since": "วันไหน", "until": "๓๑/๒/๒๕๖๙"}, "อ่านวันที่ไม่ออก"),
        ({"agency": LEARNING, "since": "๒๐/๑๑", "until": "๑๙/๑๑"}, "ต้องไม่ก่อนวันเริ่ม"),
        ({"agency": LEARNING, "since": "1/1/2568", "until": "20/11/2569"}, "ไม่เกิน ๓๖๖ วัน"),
        ({"agency": LEARNING, "since": "1/1/2570", "until": "2/1/2570"}, "ยังมาไม่ถึง"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    town: Installation, clerk: Browser, sent: dict[str, str], words: str
) -> None:
    answer = clerk.send("/reconciling/new", sent)

    assert answer.status_code == 422 and words in answer.text
    for typed in (sent.get("since"), sent.get("until")):
        assert not typed or f'value="{typed}"' in answer.text


def test_typed_days_count_when_the_other_period_is_ticked_and_presets_end_today() -> None:
    assert AskForm("x", "other", "1/11", "๒ พ.ย. ๒๕๖๙").days(TODAY) == (date(2026, 11, 1), date(2026, 11, 2))
    assert AskForm("x", "this-month", "๓๑/๒", "เมื่อวาน").days(TODAY) == presets(TODAY)["this-month"]
    assert presets(date(2026, 1, 5)) == {
        "this-month": (date(2026, 1, 1), date(2026, 1, 5)),
        "last-month": (date(2025, 12, 1), date(2025, 12, 31)),
        "this-year": (date(2026, 1, 1), date(2026, 1, 5)),
    }
    with pytest.raises(BadInput):
        AskForm("x", "other").days(TODAY)
    again = AskForm.like("x", date(2026, 11, 1), date(2026, 11, 2))
    assert again.days(TODAY) == (date(2026, 11, 1), date(2026, 11, 2))


@pytest.mark.parametrize("who", ["reading-director", "reading-plan-clerk", "reading-admin", "reading-head"])
def test_who_may_not_compare_is_told_why(town: Installation, who: str) -> None:
    asked = ask(town)
    browser = town.client(who)

    assert "เฉพาะเจ้าหน้าที่สารบรรณกลางหรือนายทะเบียน" in browser.get("/reconciling").text
    assert browser.get("/reconciling/new").status_code == 403
    assert browser.get(f"/reconciling/{asked}").status_code == 403
    assert browser.send(f"/reconciling/{asked}/remedy", {"only": str(asked)}).status_code == 403


def test_a_records_officer_may_compare(town: Installation) -> None:
    records = town.client("reading-records")
    answer = records.send("/reconciling/new", {"agency": LEARNING, "period": "this-year"})
    assert answer.status_code == 302 and records.get(answer.location).status_code == 200


def test_another_agency_sees_nothing_of_our_comparison(town: Installation) -> None:
    asked = ask(town)
    stranger = town.client("learning-clerk")

    assert stranger.get(f"/reconciling/{asked}").status_code == 404
    assert stranger.send(f"/reconciling/{asked}/remedy", {"only": str(asked)}).status_code == 404
    assert str(asked) not in stranger.get("/reconciling").text


def test_a_lost_letter_is_sent_again_by_its_button(town: Installation, clerk: Browser) -> None:
    asked = lost_letter(town)
    page = clerk.get(f"/reconciling/{asked}").text
    assert "เราส่งแล้ว แต่ผู้รับไม่มีหนังสือนี้" in page and "ต่างกัน ๑ รายการ" in clerk.get("/reconciling").text
    [dispatch] = re.findall(r'name="only" value="([^"]+)"', page)

    answer = clerk.send(f"/reconciling/{asked}/remedy", {"only": dispatch}, follow_redirects=True)
    assert "ส่งซองเดิมอีกครั้ง ๑ ฉบับแล้ว" in answer.text and "กำลังรอส่งอยู่ในกล่องออก" in answer.text
    town.carry()

    assert "แก้แล้ว ๑ รายการ" in clerk.get(f"/reconciling/{asked}").text
    assert town.client("learning-clerk").get("/incoming?state=new").text.count('<td class="c-subject">') == 1
    assert "แก้แล้ว" in clerk.get(f"/reconciling/{asked}?group=alone").text


def test_several_lost_letters_are_asked_for_at_once_by_their_receiver(town: Installation) -> None:
    for number in range(3):
        town.dispatched(subject=f"หนังสือฉบับที่ {number}")
    work(town)
    assert lose(town) == 3
    asked = ask(town, "learning-clerk", "0601")
    town.carry()
    clerk = town.client("learning-clerk")
    page = clerk.get(f"/reconciling/{asked}").text
    ticked = re.findall(r'type="checkbox" name="dispatch" value="([^"]+)"', page)
    assert len(ticked) == 3 and page.count("ขอให้ผู้ส่งส่งซองเดิมอีกครั้ง") >= 3

    wrong = clerk.send(
        f"/reconciling/{asked}/remedy", {"dispatch": ticked, "deed": "send-again"}, follow_redirects=True
    )
    assert "วิธีนี้ใช้กับฉบับที่เลือกไม่ได้" in wrong.text
    nothing = clerk.send(f"/reconciling/{asked}/remedy", {"deed": "ask-again"}, follow_redirects=True)
    assert "เลือกหนังสืออย่างน้อยหนึ่งฉบับ" in nothing.text
    answer = clerk.send(
        f"/reconciling/{asked}/remedy", {"dispatch": ticked[:2], "deed": "ask-again"}, follow_redirects=True
    )
    assert "ขอให้ส่งอีกครั้ง ๒ ฉบับแล้ว" in answer.text
    town.carry()

    before = clerk.get(f"/reconciling/{asked}").text
    assert "แก้แล้ว ๒ รายการ" in before and len(re.findall(r'name="only"', before)) == 1
    assert len(re.findall("รอลงรับ", clerk.get("/incoming").text)) >= 2


def test_the_waiting_page_asks_for_itself_until_the_answer_is_there(town: Installation, clerk: Browser) -> None:
    asked = ask(town)
    address = f"/reconciling/{asked}"
    waiting = clerk.get(address, headers={"HX-Request": "true"})
    assert "hx-get" in waiting.text and "<html" not in waiting.text
    town.carry()

    assert clerk.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert "ไม่มีหนังสือระหว่างกัน" in clerk.get(address).text


def test_a_request_that_the_relay_refuses_says_so(town: Installation, clerk: Browser) -> None:
    town.post.refusing.add("saraban@learning.test")
    asked = ask(town)
    town.carry()

    page = clerk.get(f"/reconciling/{asked}").text
    assert "ส่งคำขอไม่สำเร็จ" in page and "no such mailbox" in page


def test_who_asked_us_is_listed_with_what_was_done(town: Installation, clerk: Browser) -> None:
    ask(town, "learning-clerk", "0601")
    town.carry()

    page = clerk.get("/reconciling?side=theirs").text
    assert "สำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต" in page and "ตอบแล้ว" in page
    assert "สำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต" not in clerk.get("/reconciling").text
    assert "ไม่มีตัวกรอง “nobodys”" in clerk.get("/reconciling?side=nobodys").text


def test_a_classified_letter_shows_its_words_only_to_whom_may_read_it(town: Installation, clerk: Browser) -> None:
    from saraban.storage.tables.letters import letters

    asked = lost_letter(town)
    with town.office.writing.begin() as connection:
        connection.execute(letters.update().values(secrecy=Secrecy.SECRET, drafter_id=town.people["reading-director"]))

    page = clerk.get(f"/reconciling/{asked}").text

    assert "ปกปิด" in page and "หนังสือมีชั้นความลับ" in page
    assert "ขอเชิญประชุม" not in page and "/tracking" not in page


def test_filters_groups_and_pages_of_a_long_result(town: Installation, clerk: Browser) -> None:
    from saraban.domain.reconciliation import ReconcileItem

    asked = ask(town)
    town.carry()
    now = town.clock.now()
    items = tuple(ReconcileItem(uuid4(), "ab" * 32, f"ทส ๑/{n}", TODAY, "received", now) for n in range(250))
    with town.office.reading.connect() as connection:
        answer = connection.execute(reconciliations.select().where(reconciliations.c.id == asked)).one().answer
    said = ReconcileAnswer(
        UUID(answer["id"]), UUID(answer["of"]), LEARNING, "l@l", "0601", "r@r", now, *_days(answer), received=items
    )
    import json

    with town.office.writing.begin() as connection:
        connection.execute(
            reconciliations.update().where(reconciliations.c.id == asked).values(answer=json.loads(answer_bytes(said)))
        )

    first = clerk.get(f"/reconciling/{asked}").text
    assert first.count('name="dispatch"') == 100 and "หน้า" in first and "ไม่มีในรายการส่งของเรา" in first
    assert clerk.get(f"/reconciling/{asked}?page=3").text.count('name="dispatch"') == 50
    assert clerk.get(f"/reconciling/{asked}?page=99").text.count('name="dispatch"') == 50
    assert clerk.get(f"/reconciling/{asked}?page=x&group=nothing&way=no").text.count('name="dispatch"') == 100
    assert "ไม่มีรายการในกลุ่มนี้" in clerk.get(f"/reconciling/{asked}?way=received").text
    assert "ไม่มีรายการในกลุ่มนี้" in clerk.get(f"/reconciling/{asked}?group=agrees").text


def _days(answer: dict[str, Any]) -> tuple[date, date]:
    return date.fromisoformat(answer["since"]), date.fromisoformat(answer["until"])


def test_the_replacement_of_the_other_sides_mailbox_is_a_reason_beside_the_button(
    town: Installation, clerk: Browser
) -> None:
    asked = lost_letter(town)
    with town.services.uow() as uow:
        known = uow.directory.by_code(LEARNING)
        ours = uow.directory.by_code("0601")
        assert known is not None and ours is not None
        uow.directory.replace([ours, replace(known, mailbox="new@learning.test")])
        uow.commit()

    page = clerk.get(f"/reconciling/{asked}").text

    assert "เปลี่ยนกล่องไปรษณีย์กลางแล้ว" in page and 'aria-disabled="true"' in page


def test_who_questions_our_number_is_told_it_again_by_a_button(town: Installation) -> None:
    letter, question = questioned(town)
    clerk = town.client("learning-clerk")

    page = clerk.get(question).text
    assert "แจ้งเลขทะเบียนอีกครั้ง" in page and "ปล่อยเข้าระบบ" not in page
    assert "ผู้ส่งแจ้งว่าเลขรับไม่ตรง" in page and "๗๗/๒๕๖๙" in page
    assert "ตรวจผ่านครบ ๔ ข้อ" in page and "ไปรษณีย์ทั่วไป" not in page
    assert f'href="{letter}"' in page and "<dt>เลขรับในทะเบียน</dt><dd>๑/๒๕๖๙</dd>" in page
    assert f'href="{question}"' in clerk.get(letter).text
    told = clerk.send(f"{question}/tell-number", follow_redirects=True).text

    assert "แจ้งผู้ส่งแล้ว เลขทะเบียนรับ ๑/๒๕๖๙" in told and "ตอบผู้ส่งแล้ว" in told
    assert "tell-number" not in told and addresses(clerk, "held") == []
    page = clerk.get(letter).text
    assert "แจ้งเลขทะเบียนอีกครั้ง" in page and f'href="{question}"' not in page
    assert "แจ้งเลขทะเบียนอีกครั้งแล้ว" in clerk.send(f"{question}/tell-number", follow_redirects=True).text
    assert town.client("reading-clerk").send(f"{question}/tell-number").status_code == 404


def test_a_letter_offers_no_such_button_and_refuses_it_in_words(town: Installation) -> None:
    town.dispatched()
    town.carry()
    clerk = town.client("learning-clerk")
    [letter] = addresses(clerk)

    assert "tell-number" not in clerk.get(letter).text
    assert "ไม่ได้ถามถึงเลขทะเบียนรับ" in clerk.send(f"{letter}/tell-number", follow_redirects=True).text


def test_a_forged_request_waits_among_what_a_person_must_check_with_its_reason(
    town: Installation, clerk: Browser
) -> None:
    now, today = town.clock.now(), office_date(town.clock.now())
    said = ReconcileRequest(
        uuid4(), LEARNING, "saraban@learning.test", "0601", "saraban@reading.test", now, today, today
    )
    entity = reconcile_entity(said, request_bytes(said), b"no signature", sender_name="ผู้แอบอ้าง")
    envelope = reconcile_envelope(said, entity, b"none", at=now, blob={}.__getitem__, sender_name="ผู้แอบอ้าง")
    town.hand_in("saraban@reading.test", b"".join(envelope.chunks({}.__getitem__)))
    town.carry()

    held = clerk.get("/incoming?state=held").text
    [card] = set(re.findall(r'href="(/incoming/[0-9a-f-]{36})"', held))
    page = clerk.get(card).text
    assert "การเทียบทะเบียนที่ตอบไม่ได้" in page and "ตราประทับของใบกระทบยอดใช้ไม่ได้" in page
    assert "สำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต" not in clerk.get("/reconciling?side=theirs").text
