"""Receivers outside the directory at the screens: the list, and adding one while a letter is written."""

from __future__ import annotations

import re
from uuid import uuid4

from tests.web.installation import Browser, Installation

ADDRESS = "office@school.test"


def a_draft(**more: str) -> dict[str, str]:
    """A new letter as the form sends it."""
    return {
        "form": "external",
        "subject": "ขอเชิญร่วมงาน",
        "addressed_to": "เรียน ผู้อำนวยการโรงเรียนบ้านสวน",
        "body": "ด้วยกรมจะจัดงาน\n\nจึงเรียนมาเพื่อโปรดทราบ",
        "urgency": "normal",
        "secrecy": "open",
        "purpose": "action",
        "idempotency_key": uuid4().hex,
        **more,
    }


def test_the_list_is_kept_by_clerks_and_read_by_all(town: Installation, clerk: Browser) -> None:
    assert "ยังไม่มีผู้รับนอกทำเนียบ" in clerk.get("/directory/outsiders").text
    wrong = clerk.send("/directory/outsiders", {"name": "โรงเรียนบ้านสวน", "mailbox": "ไม่ใช่ที่อยู่"})
    assert wrong.status_code == 422 and "ไม่ถูกแบบ" in wrong.text and 'value="โรงเรียนบ้านสวน"' in wrong.text
    known = clerk.send("/directory/outsiders", {"name": "สวนใหม่", "mailbox": "saraban@bansuan.test"})
    assert known.status_code == 422 and "เทศบาลเมืองบ้านสวน ซึ่งอยู่ในทำเนียบแล้ว" in known.text
    assert clerk.send("/directory/outsiders", {"name": "โรงเรียนบ้านสวน", "mailbox": ADDRESS}).status_code == 302
    page = clerk.get("/directory/outsiders").text
    retire = re.search(r'action="(/directory/outsiders/[0-9a-f-]+/retire)"', page)
    assert retire is not None and ADDRESS in page

    head = town.client("reading-head")
    assert ADDRESS in head.get("/directory/outsiders").text
    assert head.send("/directory/outsiders", {"name": "x", "mailbox": "a@b.test"}).status_code == 403
    theirs = town.client("learning-clerk")
    assert ADDRESS not in theirs.get("/directory/outsiders").text
    assert theirs.send(retire[1]).status_code == 404
    assert clerk.send(retire[1]).status_code == 302
    assert ADDRESS not in clerk.get("/directory/outsiders").text


def test_a_receiver_is_added_while_the_letter_is_written(town: Installation, clerk: Browser) -> None:
    answer = clerk.send(
        "/letters/new", a_draft(deed="outsider", outsider_name="โรงเรียนบ้านสวน", outsider_mailbox=ADDRESS)
    )
    assert answer.status_code == 302
    page = clerk.get(answer.headers["Location"].partition("#")[0]).text

    assert re.search(rf'<option value="{ADDRESS}"[^>]* selected>โรงเรียนบ้านสวน', page)
    assert "ขอเชิญร่วมงาน" in page


def test_a_receiver_that_was_only_typed_is_not_lost_when_the_draft_is_saved(town: Installation, clerk: Browser) -> None:
    answer = clerk.send("/letters/new", a_draft(deed="save", outsider_name="โรงเรียนบ้านสวน", outsider_mailbox=ADDRESS))

    assert answer.status_code == 302
    assert "โรงเรียนบ้านสวน" in clerk.get("/letters/drafts").text or ADDRESS in clerk.get(answer.headers["Location"]).text


def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(town: Installation, clerk: Browser) -> None:
    answer = clerk.send("/letters/new", a_draft(deed="outsider", outsider_name="โรงเรียน", outsider_mailbox="ผิด"))

    assert answer.status_code == 422
    assert 'id="outsider_mailbox-error"' in answer.text and 'value="ผิด"' in answer.text
    assert "ขอเชิญร่วมงาน" in answer.text
