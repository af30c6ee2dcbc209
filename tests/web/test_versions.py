"""Versions of a letter: what changed is told by words, to the approver first."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from io import BytesIO

from saraban.usecases.drafting import attach_file, detach_file, revise_letter
from saraban.usecases.routing import return_letter, submit_letter
from saraban.usecases.viewing import open_letter
from tests.web.installation import Browser, Installation


def sent_back_and_changed(town: Installation) -> object:
    """A letter that the director sent back, and that came again with another text."""
    letter_id = town.submitted(body="ด้วยกรมจะจัดประชุมใหญ่\n\nจึงเรียนมาเพื่อโปรดพิจารณา")
    return_letter(town.services, actor=town.actor("reading-director"), letter_id=letter_id, reason="แก้คำ")
    clerk = town.actor("reading-clerk")
    content = open_letter(town.services, actor=clerk, letter_id=letter_id).content
    body = "ด้วยกรมจะจัด**สัมมนา**\n\nจึงเรียนมาเพื่อโปรดพิจารณา"
    revise_letter(
        town.services, actor=clerk, letter_id=letter_id, content=replace(content, body=body, subject="เรื่องใหม่")
    )
    submit_letter(town.services, actor=clerk, letter_id=letter_id)
    return letter_id


def words(page: str, tag: str) -> list[str]:
    """What stands in the elements of this name, without the words for readers of the screen."""
    found = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
    return [html.unescape(re.sub(r'<span class="sr">.*?</span>|<[^>]+>', "", one)) for one in found]


def test_the_approver_sees_first_what_changed_since_he_sent_the_letter_back(town: Installation) -> None:
    letter_id = sent_back_and_changed(town)

    page = town.client("reading-director").get(f"/desk/{letter_id}").text

    assert "สิ่งที่แก้ตั้งแต่ท่านส่งคืนเมื่อ" in page
    assert words(page, "ins")[-1] == "สัมมนา" and words(page, "del")[-1] == "ประชุมใหญ่"
    assert page.index("สิ่งที่แก้ตั้งแต่ท่าน") < page.index("viewer__stage")


def test_who_never_dealt_with_it_and_whose_version_it_still_is_are_told_nothing(town: Installation) -> None:
    assert "สิ่งที่แก้ตั้งแต่" not in town.client("reading-head").get(f"/desk/{sent_back_and_changed(town)}").text
    assert "สิ่งที่แก้ตั้งแต่" not in town.client("reading-director").get(f"/desk/{town.endorsed()}").text


def test_any_two_versions_are_compared_and_the_page_of_the_letter_leads_there(town: Installation) -> None:
    letter_id = sent_back_and_changed(town)
    clerk = town.client("reading-clerk")

    assert f"/letters/{letter_id}/versions" in clerk.get(f"/letters/{letter_id}").text
    page = clerk.get(f"/letters/{letter_id}/changes").text
    digests = re.findall(r'<option value="([0-9a-f]{64})"', page)
    assert words(page, "ins")[1:] == ["เรื่องใหม่", "สัมมนา"]
    assert len(set(digests)) == 2 and "ฉบับที่ ๒ เสนอ" in page

    turned = clerk.get(f"/letters/{letter_id}/changes?old={digests[0]}&new={digests[1]}").text
    assert words(turned, "del")[1:] == ["เรื่องใหม่", "สัมมนา"]
    same = clerk.get(f"/letters/{letter_id}/changes?old={digests[0]}&new={digests[0]}").text
    assert "สองฉบับนี้เหมือนกัน" in same


def test_a_version_that_is_not_of_the_letter_and_a_letter_of_others_are_not_found(town: Installation) -> None:
    letter_id = sent_back_and_changed(town)

    assert town.client("reading-clerk").get(f"/letters/{letter_id}/changes?old={'0' * 64}").status_code == 404
    assert town.client("learning-clerk").get(f"/letters/{letter_id}/changes").status_code == 404


def test_a_draft_that_was_never_handed_on_has_one_version(town: Installation) -> None:
    letter_id = town.draft()
    clerk = town.client("reading-clerk")

    assert "ประวัติฉบับ" not in clerk.get(f"/letters/{letter_id}").text
    assert "สองฉบับนี้เหมือนกัน" in clerk.get(f"/letters/{letter_id}/changes").text


def test_the_text_on_the_phone_is_read_without_marks(town: Installation) -> None:
    letter_id = town.submitted(body="ให้**ทุกหน่วย**ส่ง\n\n| ก | ข |\n|---|---|\n| 1 | 2 |")

    page = town.client("reading-director").get(f"/desk/{letter_id}").text

    assert "ให้<b>ทุกหน่วย</b>ส่ง" in page and "|---" not in page and "**" not in page


def test_an_enclosure_that_changed_under_its_name_is_told(town: Installation) -> None:
    letter_id = town.draft()
    clerk = town.actor("reading-clerk")
    first = attach_file(
        town.services, actor=clerk, letter_id=letter_id, name="บัญชี.txt", media_type="text/plain", stream=BytesIO(b"1")
    )
    submit_letter(town.services, actor=clerk, letter_id=letter_id)
    return_letter(town.services, actor=town.actor("reading-director"), letter_id=letter_id, reason="ผิดไฟล์")
    detach_file(town.services, actor=clerk, letter_id=letter_id, sha256=first.sha256)
    second = attach_file(
        town.services, actor=clerk, letter_id=letter_id, name="บัญชี.txt", media_type="text/plain", stream=BytesIO(b"2")
    )
    submit_letter(town.services, actor=clerk, letter_id=letter_id)

    page = town.client("reading-director").get(f"/desk/{letter_id}").text

    assert first.sha256.hex[:8] in words(page, "del")[-1] and second.sha256.hex[:8] in words(page, "ins")[-1]


def test_of_a_long_text_the_approver_sees_what_is_near_the_change(town: Installation) -> None:
    stayed = "ข้อความเดิมที่ไม่ได้แก้ไข " * 60
    letter_id = town.submitted(body=f"เริ่ม\n\n{stayed}\n\nจัดประชุม\n\n{stayed}")
    return_letter(town.services, actor=town.actor("reading-director"), letter_id=letter_id, reason="แก้คำ")
    clerk = town.actor("reading-clerk")
    content = open_letter(town.services, actor=clerk, letter_id=letter_id).content
    body = content.body.replace("จัดประชุม", "จัดสัมมนา")
    revise_letter(town.services, actor=clerk, letter_id=letter_id, content=replace(content, body=body))
    submit_letter(town.services, actor=clerk, letter_id=letter_id)

    page = town.client("reading-director").get(f"/desk/{letter_id}").text
    brief = page[page.index('class="redline"') : page.index("viewer__bar")]

    assert words(page, "ins")[-1] == "สัมมนา" and " … " in brief and len(brief) < 2_500
    whole = town.client("reading-clerk").get(f"/letters/{letter_id}/changes").text
    assert whole.count("ข้อความเดิมที่ไม่ได้แก้ไข") == 120


# --- the list of versions -----------------------------------------------------------------------------------------


def test_the_list_tells_every_version_and_takes_one_back(town: Installation, clerk: Browser) -> None:
    letter_id = town.draft(body="ฉบับแรก")
    who = town.actor("reading-clerk")
    content = open_letter(town.services, actor=who, letter_id=letter_id).content
    revise_letter(town.services, actor=who, letter_id=letter_id, content=replace(content, body="ฉบับหลัง"))

    page = clerk.get(f"/letters/{letter_id}/versions").text
    assert "<b>ฉบับที่ ๑</b> เริ่มร่าง" in page and "<b>ฉบับที่ ๒</b> บันทึก" in page
    taken = re.findall(r'action="(/letters/[^"]+/take-back)"', page)
    assert len(taken) == 1, "the version that stands in the draft is not taken back"

    assert clerk.send(taken[0], {"version": "1"}).status_code == 409
    answer = clerk.send(taken[0], {"version": "2"})
    after = clerk.get(answer.headers["Location"]).text

    assert "ฉบับแรก</textarea>" in after and "นำข้อความของฉบับนั้นกลับมา" in after
    assert "นำฉบับที่ ๑ กลับมา" in clerk.get(f"/letters/{letter_id}/versions").text


def test_officers_and_others_take_nothing_back(town: Installation) -> None:
    letter_id = sent_back_and_changed(town)
    address = f"/letters/{letter_id}/versions"
    director = town.client("reading-director")

    page = director.get(address).text
    assert "take-back" not in page and page.count('class="version"') == 2
    digest = re.findall(r'value="([0-9a-f]{64})"', page)[0]
    assert director.send(f"{address}/{digest}/take-back").status_code == 403
    assert town.client("learning-clerk").get(address).status_code == 404
    assert town.client("learning-clerk").send(f"{address}/{digest}/take-back").status_code == 404
    assert town.client("reading-clerk").send(f"{address}/{'0' * 64}/take-back").status_code == 404
