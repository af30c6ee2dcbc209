"""The officer's desk: reading, endorsing, returning, signing."""

from __future__ import annotations

import re

import pytest

from saraban.domain.classification import Urgency
from saraban.domain.letter import LetterId
from saraban.usecases.drafting import revise_letter
from saraban.usecases.routing import endorse_letter, submit_letter
from saraban.usecases.viewing import open_letter
from tests.web.installation import PASSPHRASE, Browser, Installation


@pytest.fixture
def director(town: Installation) -> Browser:
    """The director at the browser."""
    return town.client("reading-director")


@pytest.fixture
def head(town: Installation) -> Browser:
    """The head at the browser."""
    return town.client("reading-head")


def version_of(town: Installation, letter_id: LetterId) -> str:
    """The letter's version now."""
    return str(open_letter(town.services, actor=town.actor("reading-clerk"), letter_id=letter_id).version)


def test_the_pile_lies_with_the_most_urgent_on_top(town: Installation, director: Browser) -> None:
    town.submitted(subject="ธรรมดา", urgency=Urgency.NORMAL)
    town.submitted(subject="ด่วนที่สุดจริง", urgency=Urgency.MOST_URGENT)
    town.submitted(subject="ด่วนหน่อย", urgency=Urgency.URGENT)

    page = director.get("/desk").text
    assert re.findall(r'pile__subj">([^<]+)<', page)[:3] == ["ด่วนที่สุดจริง", "ด่วนหน่อย", "ธรรมดา"]
    assert "ฉบับที่" in page


def test_an_empty_desk_says_so(director: Browser) -> None:
    assert "พิจารณาครบแล้ว ไม่มีหนังสือรอ" in director.get("/desk").text


def test_a_director_endorses_and_the_next_letter_lies_on_the_desk(town: Installation, director: Browser) -> None:
    first = town.submitted(subject="ฉบับแรก")
    second = town.submitted(subject="ฉบับต่อไป")

    answer = director.send(f"/desk/{first}/endorse", {"note": "เห็นควรเชิญตามเสนอ", "version": version_of(town, first)})

    assert answer.headers["Location"] == f"/desk/{second}"
    assert "ลงเกษียนและเสนอต่อแล้ว" in director.get(answer.headers["Location"]).text
    seen = town.client("reading-head").get(f"/desk/{first}").text
    assert "เห็นควรเชิญตามเสนอ" in seen and "กฤตยา วงศ์งาม" in seen


def test_a_letter_is_not_returned_without_a_reason(town: Installation, director: Browser) -> None:
    letter_id = town.submitted()

    page = director.send(f"/desk/{letter_id}/return", {"reason": "  ", "version": version_of(town, letter_id)})
    assert page.status_code == 422
    assert "ใส่เหตุผลที่ส่งคืน" in page.text
    assert re.search(r'id="return-dialog"[^>]*data-open', page.text)

    answer = director.send(f"/desk/{letter_id}/return", {"reason": "แก้วันประชุม", "version": version_of(town, letter_id)})
    assert answer.headers["Location"] == "/desk"
    assert "แก้วันประชุม" in town.client("reading-clerk").get(f"/letters/{letter_id}").text


def test_a_wrong_passphrase_takes_no_number_and_the_dialog_stays_open(town: Installation, head: Browser) -> None:
    letter_id = town.endorsed()

    page = head.send(f"/desk/{letter_id}/sign", {"passphrase": "ผิด", "version": version_of(town, letter_id)})

    assert page.status_code == 422
    assert "รหัสผ่านของกุญแจลงนามไม่ถูกต้อง" in page.text
    assert re.search(r'id="sign-dialog"[^>]*data-open', page.text)
    assert 'value="ผิด"' not in page.text
    assert "ศธ\u00a0๐๖๐๑/" not in head.get(f"/letters/{letter_id}").text


def test_the_head_signs_and_hears_the_number(town: Installation, head: Browser) -> None:
    first, second = town.endorsed(subject="หนึ่ง"), town.endorsed(subject="สอง")

    answer = head.send(f"/desk/{first}/sign", {"passphrase": PASSPHRASE, "version": version_of(town, first)})

    assert answer.headers["Location"] == f"/desk/{second}"
    assert "ลงนามแล้ว ออกเลขที่ ศธ\u00a0๐๖๐๑/๑" in head.get(answer.headers["Location"]).text
    again = head.send(f"/desk/{first}/sign", {"passphrase": PASSPHRASE, "version": version_of(town, first)})
    assert again.status_code in (403, 422)
    assert "ผ่านเส้นทางเสนอครบแล้ว" in head.get(f"/desk/{first}").text


def test_a_letter_that_changed_after_it_was_opened_is_not_signed(town: Installation, head: Browser) -> None:
    letter_id = town.endorsed()
    seen = version_of(town, letter_id)
    clerk, director = town.actor("reading-clerk"), town.actor("reading-director")
    head.send(f"/desk/{letter_id}/return", {"reason": "แก้", "version": seen})
    letter = open_letter(town.services, actor=clerk, letter_id=letter_id)
    revise_letter(town.services, actor=clerk, letter_id=letter_id, content=letter.content)
    submit_letter(town.services, actor=clerk, letter_id=letter_id)
    endorse_letter(town.services, actor=director, letter_id=letter_id)
    page = head.send(f"/desk/{letter_id}/sign", {"passphrase": PASSPHRASE, "version": seen})

    assert page.status_code == 409
    assert "หน้านี้คือฉบับล่าสุด" in page.text
    assert f'name="version" value="{version_of(town, letter_id)}"' in page.text


def test_a_deed_out_of_turn_is_disabled_with_its_reason(town: Installation, head: Browser) -> None:
    letter_id = town.submitted()

    page = head.get(f"/desk/{letter_id}").text
    assert "ขณะนี้หนังสือรอเลขานุการกรม" in page and 'aria-disabled="true"' in page
    assert "sign-dialog" not in page
    refused = head.send(f"/desk/{letter_id}/endorse", {"version": version_of(town, letter_id)})
    assert refused.status_code == 403 and "ขณะนี้หนังสือรอเลขานุการกรม" in refused.text


def test_a_head_without_a_key_is_told_whom_to_ask(town: Installation, head: Browser) -> None:
    letter_id = town.endorsed()
    (town.office.settings.keys_folder / "officers" / f"{town.people['reading-head']}.p12").unlink()

    page = head.send(f"/desk/{letter_id}/sign", {"passphrase": PASSPHRASE, "version": version_of(town, letter_id)})

    assert page.status_code == 422
    assert "ท่านยังไม่มีกุญแจลงนาม" in page.text


def test_another_agency_and_other_clerks_find_nothing_on_the_desk(town: Installation) -> None:
    letter_id = town.submitted()
    for who in ("learning-head", "learning-clerk", "reading-plan-director"):
        browser = town.client(who)
        assert browser.get(f"/desk/{letter_id}").status_code == 404
        for deed in ("endorse", "return", "sign"):
            answer = browser.send(
                f"/desk/{letter_id}/{deed}", {"reason": "x", "passphrase": PASSPHRASE, "version": "2"}
            )
            assert answer.status_code == 404, (who, deed)


def test_the_home_page_shows_what_waits_for_each(town: Installation, head: Browser, director: Browser) -> None:
    town.submitted(subject="รอผู้อำนวยการ")
    town.endorsed(subject="รออธิบดี")

    assert "รอผู้อำนวยการ" in director.get("/").text and "รออธิบดี" not in director.get("/").text
    assert "รออธิบดี" in head.get("/").text and "เปิดแฟ้มเสนอ" in head.get("/").text
    assert "ไม่มีงานรอทำ" in town.client("reading-admin").get("/").text


def test_the_home_page_tells_of_dispatches_in_trouble(town: Installation) -> None:
    town.post.refusing.add("saraban@nakhon.test")
    town.dispatched(recipients=("0999",), subject="ส่งไม่ออก")
    town.carry()

    page = town.client("reading-clerk").get("/").text
    assert "การส่งมีปัญหา" in page and "ไม่มีที่อยู่ผู้รับนี้ที่ปลายทาง" in page and "550 5.1.1" not in page
