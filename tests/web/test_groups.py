"""Groups of receivers on the screens and by the API."""

from __future__ import annotations

import re

from tests.web.installation import ELSEWHERE, LEARNING, Browser, Installation


def _made(clerk: Browser, **said: str) -> str:
    answer = clerk.send("/directory/groups", {"name": "พวกเรา", "text": f"{LEARNING}\nไม่มีจริง", **said})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def test_a_list_is_pasted_and_what_is_not_found_is_said(town: Installation, clerk: Browser) -> None:
    place = _made(clerk)
    page = clerk.get(place).text

    assert "เพิ่มจากรายการที่วาง ๑ แห่ง" in page
    assert "ไม่พบในทำเนียบ ๑ รายการ: ไม่มีจริง" in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    clerk.send(place, {"name": "พวกเขา", "text": ELSEWHERE, "drop": LEARNING, "version": version.group(1)})
    changed = clerk.get(place).text
    assert "พวกเขา" in changed
    assert f'value="{ELSEWHERE}"' in changed
    assert f'value="{LEARNING}"' not in changed
    assert clerk.send(place, {"name": "พวกเขา", "version": version.group(1)}).status_code == 409
    assert "พวกเขา" in clerk.get("/directory/groups").text


def test_a_group_without_a_name_is_refused_and_nothing_that_was_typed_is_lost(clerk: Browser) -> None:
    answer = clerk.send("/directory/groups", {"name": "", "text": "รายชื่อที่พิมพ์ไว้"})

    assert answer.status_code == 422
    assert "ใส่ชื่อกลุ่ม" in answer.text
    assert "รายชื่อที่พิมพ์ไว้" in answer.text


def test_a_draft_offers_groups_with_their_counts(town: Installation, clerk: Browser) -> None:
    token = "group:" + _made(clerk).rpartition("/")[2]
    page = clerk.get("/letters/new?form=external").text

    assert f'<option value="{token}" data-note="๑ แห่ง">กลุ่ม พวกเรา</option>' in page
    assert 'value="group:all"' in page
    letter = town.draft(recipients=(token,))
    assert f'<option value="{token}" data-note="๑ แห่ง" selected>' in clerk.get(f"/letters/{letter}/edit").text
    assert "กลุ่ม พวกเรา" in clerk.get(f"/letters/{letter}").text


def test_nobody_elses_group_is_reached(town: Installation, clerk: Browser) -> None:
    place = _made(clerk)
    for name in ("reading-head", "learning-clerk"):
        other = town.client(name)
        assert other.get(place).status_code == 404
        assert other.send(place, {"name": "x"}).status_code == 404
        assert other.send(f"{place}/retire").status_code == 404
    assert clerk.send(f"{place}/retire").status_code == 302
    assert clerk.get(place).status_code == 404
