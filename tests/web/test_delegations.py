"""Orders on the screens: entered, chosen in the frame, worked by, revoked."""

from __future__ import annotations

import io
import re

from tests.usecases.test_copying import a_pdf
from tests.web.installation import Browser, Installation

TODAY = "23/11/2569"


def _entered(town: Installation, **said: str) -> str:
    """The director acts for the head today, by an order that the administrator enters; the page of the order."""
    admin = town.client("reading-admin")
    page = admin.get("/delegations/new").text
    position = re.search(r'<option value="([0-9a-f-]{36})" data-note="นายสุเมธ ประเสริฐกุล"', page)
    person = re.search(r'<option value="(person:[0-9a-f-]{36})"[^>]*>กฤตยา วงศ์งาม', page)
    assert position is not None and person is not None, page
    values = {
        "position": position.group(1), "delegate": person.group(1), "capacity": "deputy", "since": TODAY,
        "until": "", "number": "คำสั่งกรม ที่ 12/2569", "dated": TODAY, "ceiling": "open", "incoming": "1", "key": "k1",
    }  # fmt: skip
    answer = admin.send("/delegations/new", values | said)
    assert answer.status_code == 302, answer.text
    assert admin.send("/delegations/new", values | said).headers["Location"] == answer.headers["Location"]
    return answer.headers["Location"]


def test_the_file_of_an_order_is_kept_when_something_else_of_it_is_wrong(town: Installation) -> None:
    admin = town.client("reading-admin")
    file = (io.BytesIO(a_pdf()), "คำสั่ง ๑๒.pdf")
    refused = admin.send("/delegations/new", {"number": "", "key": "k9", "file": file})
    kept = re.search(r'name="kept" value="([^"]+)" checked', refused.text)
    assert refused.status_code == 422 and kept is not None and "คำสั่ง ๑๒.pdf" in refused.text
    place = _entered(town, key="k9", kept=kept.group(1))

    assert admin.get(f"{place}/file").data == a_pdf()
    forged = town.client("reading-head").send("/delegations/new", {"number": "", "key": "k8", "kept": kept.group(1)})
    assert "ไฟล์ที่แนบไว้ใช้ไม่ได้แล้ว" in forged.text


def _chosen(browser: Browser, words: str) -> str:
    """Choose the capacity whose button says so; its key."""
    page = browser.get("/delegations/mine").text
    found = re.search(rf'name="key" value="([^"]+)">(?:(?!</form>).)*{words}', page, re.S)
    assert found is not None, page
    assert browser.send("/delegations/choose", {"key": found.group(1)}).status_code == 302
    return found.group(1)


def test_an_order_lets_its_delegate_choose_and_every_page_says_as_whom_he_acts(town: Installation) -> None:
    place = _entered(town)
    director = town.client("reading-director")
    letter = town.endorsed()
    mine = director.get("/delegations/mine").text
    assert "ทำหน้าที่เป็น" in mine and "คำสั่งกรม ที่ ๑๒/๒๕๖๙" in mine
    _chosen(director, "รักษาราชการแทน")
    home = director.get("/").text

    assert "ท่านกำลังทำหน้าที่" in home and "รักษาราชการแทน" in home
    assert str(letter) in director.get("/desk").text
    assert "มีผลอยู่" in director.get(place).text


def test_what_is_revoked_does_nothing_any_more_and_says_so(town: Installation) -> None:
    place = _entered(town)
    director, admin = town.client("reading-director"), town.client("reading-admin")
    _chosen(director, "รักษาราชการแทน")
    token, key = director.token(), place.rpartition("/")[2]
    assert admin.send(f"{place}/revoke", {"reason": " "}).status_code == 422
    assert admin.send(f"{place}/revoke", {"reason": "กลับมาปฏิบัติราชการ"}).status_code == 302

    refused = director.post("/directory/groups", {"name": "พวกเรา", "csrf_token": token})
    assert refused.status_code == 403 and "สิ้นสุดหรือถูกยกเลิกแล้ว" in refused.text
    stale = director.post("/directory/groups", {"name": "พวกเรา", "csrf_token": token, "acting_as": key})
    assert stale.status_code == 409
    assert "รักษาราชการแทน" not in director.get("/").text
    assert "กลับมาปฏิบัติราชการ" in admin.get(place).text


def test_a_button_of_another_capacitys_page_does_nothing(town: Installation) -> None:
    _entered(town)
    director = town.client("reading-director")
    own = re.search(r'name="key" value="([^"]+)"', director.get("/delegations/mine").text)
    assert own is not None
    _chosen(director, "รักษาราชการแทน")

    refused = director.send("/directory/groups", {"name": "พวกเรา", "acting_as": own.group(1)})
    assert refused.status_code == 409 and "เปลี่ยนตำแหน่ง" in refused.text


def test_a_refused_order_keeps_what_was_typed_and_strangers_see_nothing(town: Installation) -> None:
    place = _entered(town)
    admin, clerk = town.client("reading-admin"), town.client("reading-clerk")
    answer = admin.send("/delegations/new", {"number": "คำสั่งที่พิมพ์ไว้", "since": "32/1", "key": "k2"})

    assert answer.status_code == 422
    assert "คำสั่งที่พิมพ์ไว้" in answer.text and "เลือกตำแหน่ง" in answer.text and "วันที่ ๓๒" in answer.text
    assert clerk.get("/delegations").status_code == 403
    assert clerk.get(place).status_code == 404
    assert town.client("learning-admin").get(place).status_code == 404
    assert town.client("learning-admin").send(f"{place}/revoke", {"reason": "x"}).status_code == 404
    assert "มอบให้ตนเอง" not in admin.get("/delegations").text
    assert clerk.send("/delegations/choose", {"key": "no such"}).status_code == 403
