"""Writing a letter, looking at it, and sending it out."""

from __future__ import annotations

import io
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from saraban.domain.classification import Secrecy
from saraban.domain.letter import Letter, LetterId
from saraban.usecases.routing import return_letter
from saraban.usecases.viewing import open_letter
from tests.web.installation import ELSEWHERE, LEARNING, Browser, Installation

PDF_TYPE = "application/pdf"


def typed(**changed: Any) -> dict[str, Any]:
    """All fields of the form as a person fills them in."""
    fields: dict[str, Any] = {
        "recipients": [LEARNING],
        "addressed_to": "เรียน เลขาธิการ",
        "subject": "ขอเชิญประชุม",
        "body": "ด้วยกรมจะจัดประชุม\n\nจึงเรียนมาเพื่อโปรดพิจารณา",
        "urgency": "urgent",
        "secrecy": "open",
        "purpose": "action",
        "closing": "ขอแสดงความนับถือ",
        "response_due": "",
        "reference_number": ["นร ๐๑๐๖/ว ๒๔๑๘", ""],
        "reference_date": ["๒๐ พ.ย. ๒๕๖๙", ""],
        "reference_sender": ["สำนักงานปลัดสำนักนายกรัฐมนตรี", ""],
        "idempotency_key": "key-of-the-test",
    }
    return fields | changed


def id_in(answer: TestResponse) -> LetterId:
    """The letter to which an answer leads."""
    found = re.search(r"/letters/([0-9a-f-]{36})", answer.headers["Location"])
    assert found, answer.headers["Location"]
    return LetterId(UUID(found[1]))


def letter_of(town: Installation, letter_id: LetterId) -> Letter:
    """The letter as the clerk has it."""
    return open_letter(town.services, actor=town.actor("reading-clerk"), letter_id=letter_id)


def fields_of(letter: Letter, **changed: Any) -> dict[str, Any]:
    """The form of a draft that is there."""
    return typed(**{"version": str(letter.version), "subject": letter.content.subject} | changed)


# --- beginning ----------------------------------------------------------------------------------------------------


def test_a_clerk_writes_a_draft_with_all_that_the_page_needs(town: Installation, clerk: Browser) -> None:
    answer = clerk.send("/letters/new", typed(response_due="20/12"))

    content = letter_of(town, id_in(answer)).content
    assert (content.subject, content.recipients, content.urgency.value) == ("ขอเชิญประชุม", (LEARNING,), "urgent")
    assert [(r.number, str(r.date), r.sender) for r in content.references] == [
        ("นร 0106/ว 2418", "2026-11-20", "สำนักงานปลัดสำนักนายกรัฐมนตรี")
    ]
    assert str(content.response_due) == "2026-12-20"
    page = clerk.get(answer.headers["Location"]).text
    assert "นร\u00a0๐๑๐๖/ว\u00a0๒๔๑๘" in page and "บันทึกร่างแล้ว" in page


def test_a_circular_is_ticked_and_may_be_unticked(town: Installation, clerk: Browser) -> None:
    letter_id = id_in(clerk.send("/letters/new", typed(circular="y")))
    ticked = letter_of(town, letter_id)
    page = clerk.get(f"/letters/{letter_id}/edit").text
    clerk.send(f"/letters/{letter_id}/edit", fields_of(ticked))

    assert ticked.content.circular and not letter_of(town, letter_id).content.circular
    assert re.search(r'name="circular"[^>]* checked', page)


def test_sending_the_same_form_twice_makes_one_draft(town: Installation, clerk: Browser) -> None:
    first = clerk.send("/letters/new", typed())
    second = clerk.send("/letters/new", typed())

    assert id_in(first) == id_in(second)
    assert clerk.get("/letters/drafts").text.count("ขอเชิญประชุม</a>") == 1


def test_a_form_that_was_used_and_then_changed_keeps_the_words_and_begins_another_letter(clerk: Browser) -> None:
    clerk.send("/letters/new", typed())

    page = clerk.send("/letters/new", typed(subject="เรื่องใหม่อีกเรื่อง"))
    assert page.status_code == 422
    assert 'value="เรื่องใหม่อีกเรื่อง"' in page.text
    key = re.search(r'name="idempotency_key" value="([0-9a-f]+)"', page.text)
    assert key and key[1] != "key-of-the-test"
    again = clerk.send("/letters/new", typed(subject="เรื่องใหม่อีกเรื่อง", idempotency_key=key[1]))
    assert again.status_code == 302


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"response_due": "๓๑ พ.ย. ๒๕๖๙"}, "วันที่ ๓๑ พฤศจิกายน ไม่มีในปฏิทิน"),
        ({"response_due": "พรุ่งนี้"}, "อ่านวันที่ไม่ออก"),
        ({"response_due": "1/1/2568"}, "วันที่ให้ตอบผ่านมาแล้ว"),
        ({"reference_number": [""], "reference_date": ["20"], "reference_sender": [""]}, "ใส่เลขที่หนังสือที่อ้างถึง"),
        ({"recipients": ["9999"]}, "ไม่พบส่วนราชการรหัส"),
        ({"recipients": ["0601"]}, "ส่งถึงส่วนราชการของตนเองไม่ได้"),
        ({"subject": "ย" * 501}, "เรื่องยาวเกิน"),
        ({"unit": "NOPE"}, "ไม่พบหน่วยงานรหัส"),
        ({"urgency": "warp"}, "เลือกจากรายการ"),
        ({"purpose": "fun"}, "เลือกเพื่อดำเนินการ หรือเพื่อทราบ"),
    ],
)
@pytest.mark.only_database("sqlite")
def test_what_is_wrong_is_told_beside_the_field_and_nothing_typed_is_lost(
    clerk: Browser, wrong: dict[str, Any], words: str
) -> None:
    page = clerk.send("/letters/new", typed(body="ข้อความยาวที่พิมพ์ไว้") | wrong)

    assert page.status_code == 422
    assert words in page.text
    assert "ข้อความยาวที่พิมพ์ไว้</textarea>" in page.text
    assert 'role="alert"' in page.text
    for value in wrong.values():
        for one in value if isinstance(value, list) else [value]:
            if one and one not in ("9999", "0601", "NOPE", "warp", "fun"):
                assert f'value="{one}"' in page.text


def test_a_draft_may_be_saved_unfinished_but_not_submitted(town: Installation, clerk: Browser) -> None:
    answer = clerk.send("/letters/new", typed(subject="", recipients=[], deed="submit"))

    assert answer.status_code == 422
    assert "ใส่เรื่องก่อนเสนอ" in answer.text and "เลือกผู้รับอย่างน้อยหนึ่งแห่ง" in answer.text
    action = re.search(r'id="letter-form"[^>]*action="/letters/([0-9a-f-]{36})/edit"', answer.text)
    assert action, "the words were saved as a draft, and the form goes on with it"
    assert letter_of(town, LetterId(UUID(action[1]))).state.value == "draft"


def test_the_central_clerk_drafts_for_any_unit_and_others_for_their_own(town: Installation, clerk: Browser) -> None:
    assert 'name="unit"' in clerk.get("/letters/new?form=external").text
    planned = letter_of(town, id_in(clerk.send("/letters/new", typed(unit="PLAN"))))
    unit_clerk = town.client("reading-plan-clerk")

    assert planned.unit_id == town.actor("reading-plan-clerk").unit_id
    assert 'name="unit"' not in unit_clerk.get("/letters/new?form=external").text
    page = unit_clerk.send("/letters/new", typed(unit="SEC"))
    assert page.status_code == 403
    assert "เฉพาะในนามหน่วยงานของท่าน" in page.text and "ขอเชิญประชุม" in page.text


@pytest.mark.parametrize("who", ["reading-director", "reading-head", "reading-records", "reading-admin"])
@pytest.mark.only_database("sqlite")
def test_whoever_may_not_draft_is_told_why(town: Installation, who: str) -> None:
    browser = town.client(who)

    assert browser.get("/letters/new").status_code == 403
    page = browser.get("/letters").text
    assert "ร่างหนังสือได้เฉพาะเจ้าหน้าที่สารบรรณของหน่วยงาน" in page
    assert 'aria-disabled="true"' in page


# --- going on -----------------------------------------------------------------------------------------------------


def test_a_stale_version_is_refused_and_the_words_stay(town: Installation, clerk: Browser) -> None:
    letter = letter_of(town, town.draft())
    assert clerk.send(f"/letters/{letter.id}/edit", fields_of(letter, body="ของเพื่อน")).status_code == 302

    page = clerk.send(f"/letters/{letter.id}/edit", fields_of(letter, body="ของฉันที่พิมพ์ไว้"))

    assert page.status_code == 409
    assert "ของฉันที่พิมพ์ไว้</textarea>" in page.text
    assert "เปิดฉบับที่บันทึกแล้ว" in page.text
    assert letter_of(town, letter.id).content.body == "ของเพื่อน"


def test_typing_is_saved_by_itself_and_answers_the_new_version(town: Installation, clerk: Browser) -> None:
    letter = letter_of(town, town.draft())
    json = {"Accept": "application/json"}

    answer = clerk.send(f"/letters/{letter.id}/autosave", fields_of(letter, body="ใหม่"), headers=json)
    assert answer.json == {"version": letter.version + 1, "saved": "๐๙.๓๐\u00a0น."}
    assert letter_of(town, letter.id).content.body == "ใหม่"
    assert clerk.send(f"/letters/{letter.id}/autosave", fields_of(letter), headers=json).status_code == 409
    bad = clerk.send(f"/letters/{letter.id}/autosave", fields_of(letter, version="", response_due="x"), headers=json)
    assert bad.status_code == 422 and "response_due" in bad.json["errors"]


def test_the_page_is_shown_as_it_will_be_before_anything_is_saved(town: Installation, clerk: Browser) -> None:
    answer = clerk.send("/letters/preview", typed())

    assert answer.status_code == 200
    assert answer.text.count('src="data:image/png;base64,') == 1
    assert "อ่านวันที่ไม่ออก" in clerk.send("/letters/preview", typed(response_due="x")).text
    assert "อ่านวันที่ไม่ออก" in clerk.send("/letters/preview", typed(response_due="x", page_in_view="1")).text
    assert "ไม่มีร่างหนังสือ" in clerk.get("/letters/drafts").text


@pytest.mark.parametrize(
    ("asked", "drawn"),
    [
        ({}, [1, 2, 3]),
        ({"page_in_view": "2"}, [2]),
        ({"page_in_view": "99"}, [3]),
        ({"page_in_view": "-4"}, [1]),
        ({"page_in_view": "x"}, [1, 2, 3]),
        ({"page_seen": "2"}, [1, 3]),
    ],
)
def test_the_page_in_view_is_drawn_alone_and_then_the_others(
    clerk: Browser, asked: dict[str, str], drawn: list[int]
) -> None:
    body = "\n\n---\n\n".join(f"หน้า {n}" for n in (1, 2, 3))

    answer = clerk.send("/letters/preview", typed(body=body, references=[], **asked)).text

    assert answer.count('class="page') == 3
    assert [n for n in (1, 2, 3) if f"ตัวอย่างหน้า {'๐๑๒๓'[n]}" in answer] == drawn
    assert answer.count('src="data:image/png;base64,') == len(drawn)


def test_files_are_attached_with_the_words_and_taken_off_again(town: Installation, clerk: Browser) -> None:
    letter = letter_of(town, town.draft())
    files = [(io.BytesIO(b"1"), "ก.txt"), (io.BytesIO(b"2"), "ข.txt")]
    page = clerk.send(f"/letters/{letter.id}/edit", fields_of(letter, body="พิมพ์แล้วแนบ", deed="attach", file=files))
    assert page.headers["Location"].endswith("#files")
    kept = letter_of(town, letter.id)
    assert [f.name for f in kept.files] == ["ก.txt", "ข.txt"] and kept.content.body == "พิมพ์แล้วแนบ"

    clerk.send(f"/letters/{letter.id}/edit", fields_of(kept, remove=kept.files[0].sha256.hex))
    assert [f.name for f in letter_of(town, letter.id).files] == ["ข.txt"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [("ว่าง.txt", b"", "ไฟล์ว่าง"), ("ปลอม.pdf", b"%PDF-1.7 not really", "PDF"), (None, b"", "เลือกไฟล์ก่อนกดแนบ")],
)
@pytest.mark.only_database("sqlite")
def test_a_file_that_cannot_be_taken_is_told_and_the_words_are_kept(
    town: Installation, clerk: Browser, name: str | None, data: bytes, words: str
) -> None:
    letter = letter_of(town, town.draft())
    files = {"file": (io.BytesIO(data), name)} if name else {}

    page = clerk.send(f"/letters/{letter.id}/edit", fields_of(letter, body="ยังอยู่", deed="attach", **files))

    assert page.status_code == 422
    assert words in page.text and "ยังอยู่</textarea>" in page.text
    assert letter_of(town, letter.id).files == []
    version = re.search(r'name="version" value="(\d+)"', page.text)
    assert version and int(version[1]) == letter_of(town, letter.id).version


def test_a_draft_is_submitted_and_then_closed_for_change(town: Installation, clerk: Browser) -> None:
    letter = letter_of(town, town.draft())

    answer = clerk.send(f"/letters/{letter.id}/edit", fields_of(letter, deed="submit"))

    assert answer.headers["Location"] == f"/letters/{letter.id}"
    page = clerk.get(f"/letters/{letter.id}").text
    assert "เสนอแล้ว ขณะนี้รอ" in page and "เลขานุการกรม" in page and "รอพิจารณา" in page
    assert clerk.get(f"/letters/{letter.id}/edit").headers["Location"] == f"/letters/{letter.id}"
    assert clerk.send(f"/letters/{letter.id}/edit", fields_of(letter_of(town, letter.id))).status_code == 422


def test_submitting_a_draft_that_lacks_something_leads_to_its_form(town: Installation, clerk: Browser) -> None:
    letter_id = town.draft(subject="")

    answer = clerk.send(f"/letters/{letter_id}/submit")

    assert "ใส่เรื่องก่อนเสนอ" in clerk.get(answer.headers["Location"]).text


def test_a_letter_that_came_back_says_why_and_may_be_mended(town: Installation, clerk: Browser) -> None:
    letter_id = town.submitted()
    director = town.actor("reading-director")
    return_letter(town.services, actor=director, letter_id=letter_id, reason="แก้คำขึ้นต้นให้ถูก")

    assert "ส่งคืน: แก้คำขึ้นต้นให้ถูก" in clerk.get(f"/letters/{letter_id}/edit").text
    assert "ส่งคืนให้แก้" in clerk.get("/").text


def test_a_draft_is_given_up_and_stays_readable(town: Installation, clerk: Browser) -> None:
    letter_id = town.draft()

    clerk.send(f"/letters/{letter_id}/withdraw")

    page = clerk.get(f"/letters/{letter_id}")
    assert page.status_code == 200 and "ถอนเรื่องแล้ว" in page.text
    assert clerk.send(f"/letters/{letter_id}/withdraw").status_code == 422


# --- looking ------------------------------------------------------------------------------------------------------


def test_pages_are_images_and_travel_once(town: Installation, clerk: Browser) -> None:
    for letter_id in (town.draft(), town.issued()):
        address = f"/letters/{letter_id}/pages/1.png"
        first = clerk.get(address)
        assert first.mimetype == "image/png" and first.data.startswith(b"\x89PNG")
        again = clerk.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304 and again.data == b""
        assert "private" in first.headers["Cache-Control"]
        assert clerk.get(f"/letters/{letter_id}/pages/2.png").status_code in (404, 422)
        assert clerk.get(f"/letters/{letter_id}/pages/0.png").status_code == 404


def test_the_signed_file_is_downloaded_byte_for_byte(town: Installation, clerk: Browser) -> None:
    letter = letter_of(town, town.issued())
    assert letter.issued_file is not None

    answer = clerk.get(f"/letters/{letter.id}/files/{letter.issued_file.sha256}")
    assert answer.data == town.services.blobs.open(letter.issued_file.sha256)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert clerk.get(f"/letters/{letter.id}/files/{'0' * 64}").status_code == 404
    assert clerk.get(f"/letters/{letter.id}/files/nonsense").status_code == 404
    draft = clerk.get(f"/letters/{town.draft()}/preview.pdf")
    assert draft.mimetype == PDF_TYPE and draft.data.startswith(b"%PDF")


def test_lists_are_told_apart_by_how_far_a_letter_came(town: Installation, clerk: Browser) -> None:
    town.draft(subject="ก-ร่าง")
    town.submitted(subject="ข-เสนอ")
    town.issued(subject="ค-เลข")
    town.dispatched(subject="ง-ส่ง")

    for tab, shown in (("drafts", "ก-ร่าง"), ("route", "ข-เสนอ"), ("issued", "ค-เลข"), ("dispatched", "ง-ส่ง")):
        page = clerk.get(f"/letters?tab={tab}").text
        assert [one for one in ("ก-ร่าง", "ข-เสนอ", "ค-เลข", "ง-ส่ง") if one in page] == [shown]
    assert "ค-เลข" in clerk.get("/letters?q=ค-เลข").text
    assert "ไม่พบหนังสือที่ตรงกับตัวกรอง" in clerk.get("/letters?q=ไม่มีคำนี้").text
    odd = clerk.get("/letters?tab=nonsense")
    assert odd.status_code == 200 and "ไม่มีตัวกรอง “nonsense”" in odd.text and "ค-เลข" in odd.text
    assert "ไม่มีตัวกรอง" not in (empty := clerk.get("/letters?tab=").text) and "ง-ส่ง" in empty
    assert clerk.get("/letters?cursor=nonsense").status_code == 422


@pytest.mark.only_database("sqlite")
def test_hundreds_of_letters_come_page_by_page(town: Installation, clerk: Browser) -> None:
    for number in range(120):
        town.draft(subject=f"เรื่องที่ {number:03}")

    address, seen = "/letters/drafts", []
    for _ in range(5):
        page = clerk.get(address).text
        seen += re.findall(r"เรื่องที่ (\d{3})</a>", page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        if not following:
            break
        address = following[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 120


def test_a_classified_subject_is_not_shown_in_lists(town: Installation, clerk: Browser) -> None:
    town.draft(subject="เรื่องลับมากที่ไม่ควรเห็น", secrecy=Secrecy.SECRET)

    for address in ("/letters", "/letters/drafts", "/"):
        assert "เรื่องลับมากที่ไม่ควรเห็น" not in clerk.get(address).text


# --- sending out --------------------------------------------------------------------------------------------------


def test_an_issued_letter_is_sent_to_all_its_receivers(town: Installation, clerk: Browser) -> None:
    letter_id = town.issued(recipients=(LEARNING, ELSEWHERE))
    assert "ส่งออก" in clerk.get(f"/letters/{letter_id}").text

    answer = clerk.send(f"/letters/{letter_id}/dispatch")

    page = clerk.get(answer.headers["Location"]).text
    assert "เข้ากล่องออกแล้ว ๒ ซอง" in page and "จังหวัดนครศรีธรรมราช" in page
    assert clerk.send(f"/letters/{letter_id}/dispatch").status_code == 422
    town.carry()
    assert "ถึงกล่องแล้ว" in clerk.get(f"/letters/{letter_id}").text


def test_a_classified_letter_does_not_leave_and_says_why(town: Installation, clerk: Browser) -> None:
    letter_id = town.issued(secrecy=Secrecy.CONFIDENTIAL)

    page = clerk.get(f"/letters/{letter_id}").text
    assert 'aria-describedby="why-send"' in page and "ส่งด้วยมือตามระเบียบ" in page
    refused = clerk.send(f"/letters/{letter_id}/dispatch")
    assert refused.status_code == 422 and "ส่งด้วยมือตามระเบียบ" in refused.text


def test_an_officer_who_may_not_send_sees_the_button_with_its_reason(town: Installation) -> None:
    letter_id = town.issued()
    head = town.client("reading-head")

    page = head.get(f"/letters/{letter_id}").text
    assert 'aria-disabled="true"' in page and "ส่งหนังสือออกได้เฉพาะเจ้าหน้าที่สารบรรณ" in page
    assert head.send(f"/letters/{letter_id}/dispatch").status_code == 403


# --- walls --------------------------------------------------------------------------------------------------------

ADDRESSES = [
    ("GET", ""),
    ("GET", "/edit"),
    ("GET", "/pages/1.png"),
    ("GET", "/preview.pdf"),
    ("GET", "/files/{sha256}"),
    ("POST", "/edit"),
    ("POST", "/autosave"),
    ("POST", "/preview"),
    ("POST", "/submit"),
    ("POST", "/withdraw"),
    ("POST", "/dispatch"),
]


def test_another_agency_finds_nothing_at_any_address_of_a_letter(town: Installation) -> None:
    stranger = town.client("learning-clerk")
    for letter_id in (town.draft(), town.issued()):
        files = letter_of(town, letter_id).files
        sha256 = files[0].sha256.hex if files else "0" * 64
        for method, rest in ADDRESSES:
            address = f"/letters/{letter_id}{rest.format(sha256=sha256)}"
            answer = stranger.get(address) if method == "GET" else stranger.send(address, typed(version="1"))
            assert answer.status_code == 404, (method, address)
            assert "ขอเชิญประชุมคณะกรรมการ" not in answer.text
    assert stranger.get(f"/letters/{uuid4()}").status_code == 404
    assert "ขอเชิญประชุมคณะกรรมการ" not in stranger.get("/letters").text


def test_another_unit_finds_nothing_either(town: Installation) -> None:
    letter_id = town.draft()

    assert town.client("reading-plan-clerk").get(f"/letters/{letter_id}").status_code == 404
