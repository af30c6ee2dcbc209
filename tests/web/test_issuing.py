"""Documents for people on the screens: the kind, the form, approval and signature, and what anybody sees of it."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from saraban.crypto.pades import OfficerPen
from saraban.doorway.public import FRESH_SECONDS
from saraban.usecases import noting_reads
from saraban.usecases.proofs import SignedPage
from saraban.web.filters import thai_digits
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.web.installation import PASSPHRASE, Installation, build_installation
from tests.web.public_town import PUBLIC, scans

TYPED = {"holder_name": "นายเอก ใจดี", "field-0": "๑๒ ถนนสุขุมวิท", "field-1": "ครูพี่เลี้ยง", "field-2": "๒๐ พ.ย. ๒๕๖๙"}


@pytest.fixture
def town(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[Installation]:
    made = build_installation(tmp_path, new_database, clock, public_url=PUBLIC)
    yield made
    scans(made)
    made.close()


def definition(town: Installation, **more: Any) -> dict[str, Any]:
    """The form of a kind, filled in."""
    posts = {
        name: str(town.actor(f"reading-{who}").position_id)
        for name, who in (("approver-1", "director"), ("signer_id", "head"))
    }
    return {
        "code": "CERT-1",
        "name_th": "หนังสือรับรองการอบรม",
        "name_en": "Certificate of training",
        "text": "รับรองว่า {{ชื่อผู้ถือ}} ที่อยู่ {{ที่อยู่}} อบรม{{หลักสูตร}} เมื่อ {{วันที่อบรม}}",
        "series": "รบ. {{เลข}}/{{ปี}}",
        "field_key": ["ที่อยู่", "หลักสูตร", "วันที่อบรม"],
        "field_type": ["text", "choice", "date"],
        "field_required": ["yes", "yes", "no"],
        "field_public": ["no", "yes", "no"],
        "field_hint": ["", "", ""],
        "field_choices": ["", "ครูพี่เลี้ยง | บรรณารักษ์", ""],
        "field_label_en": ["", "Course", ""],
        "validity": "months",
        "validity_amount": "๑๒",
        "marks": "both",
        "is_public": "1",
        "may_download": "1",
        "stage": "on",
        **posts,
        **more,
    }


def kind(town: Installation, **more: Any) -> str:
    """The address under which the administrator keeps that kind."""
    answer = town.client("reading-admin").send("/admin/issued-kinds/new", definition(town, **more))
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def waiting(town: Installation, address: str) -> str:
    """The address of a document of the kind that waits for its signature."""
    clerk = town.client("reading-clerk")
    new = address.replace("/admin/issued-kinds/", "/issued/new/")
    made = clerk.send(new, TYPED | {"then": "submit"})
    assert made.status_code == 302, made.text
    there = made.headers["Location"]
    town.client("reading-director").send(f"{there}/approve", {"version": 2})
    return there


def test_a_document_goes_from_the_kind_to_what_anybody_sees_of_it(town: Installation) -> None:
    address = kind(town)
    clerk, head = town.client("reading-clerk"), town.client("reading-head")
    assert "หนังสือรับรองการอบรม" in clerk.get("/issued/kinds").text
    there = waiting(town, address)
    assert "ลงนามเอกสารชนิดนี้ได้เฉพาะผู้ดำรงตำแหน่งผู้ลงนาม" in clerk.get(there).text
    assert "เอกสารรอลงนาม" in head.get("/notices").text
    assert "รอท่าน" in head.get("/issued").text and "นายเอก ใจดี" in head.get("/issued").text
    assert "รหัสผ่านของกุญแจลงนามไม่ถูกต้อง" in head.send(f"{there}/sign", {"passphrase": "ผิด"}, follow_redirects=True).text
    ids = [there.rsplit("/", 1)[-1], waiting(town, address).rsplit("/", 1)[-1]]
    signed = head.send("/issued/sign", {"document": ids, "passphrase": PASSPHRASE}, follow_redirects=True)
    assert "ลงนามและออกเอกสารแล้ว ๒ ฉบับ" in signed.text

    page = clerk.get(there).text
    assert "รบ. ๑/๒๕๖๙" in page and "ลงนามและออกเอกสาร" in page and "ใช้ได้" in page
    assert clerk.get(f"{there}/file.pdf").data.startswith(b"%PDF")
    assert clerk.get(f"{there}/print.pdf").data.startswith(b"%PDF")
    assert clerk.get(f"{there}/page.png").mimetype == "image/png"
    assert "ชำนาญงานขึ้นไป" in page and f'href="{there}/copies/new"' in head.get(there).text
    assert head.send(f"{there}/copies", {"passphrase": PASSPHRASE, "spares_citizen": "1"}).location == there
    copied = re.search(r'href="([^"]+/copies/[0-9a-f]{64}\.pdf)".*?ไม่มีค่าธรรมเนียม', clerk.get(there).text, re.DOTALL)
    assert copied and clerk.get(copied[1]).data.startswith(b"%PDF")
    noting_reads.take_in_readings(town.services)
    read = town.client("reading-records").get("/readings/all").text
    assert "รบ. ๑/๒๕๖๙ หนังสือรับรองการอบรม" in read
    assert town.client("learning-clerk").get(there).status_code == 404
    assert town.client("reading-admin").get(there).status_code == 404

    code = re.findall(r"/v/([0-9A-Z]{20})", page)[0]
    visitor = town.client()
    seen = visitor.get(f"/v/{code}")
    for words in ("หนังสือรับรองการอบรม", "รบ. ๑/๒๕๖๙", "ครูพี่เลี้ยง", "๒๓ พฤศจิกายน ๒๕๗๐", "ดาวน์โหลดฉบับที่ออก"):
        assert words in seen.text, words
    for hidden in ("เอก ใจดี", "สุขุมวิท", "๒๐ พฤศจิกายน"):
        assert hidden not in seen.text
    english = visitor.get(f"/v/{code}?lang=en").text
    assert all(words in english for words in ("Certificate of training", "Course", "Valid until"))
    told = visitor.get(f"/v/{code}", headers={"Accept": "application/json"}).json
    assert told["state"] == "valid" and told["fields"][0]["value"] == "ครูพี่เลี้ยง" and told["holder"] is None
    file = visitor.get(f"/v/{code}/file")
    assert file.data == clerk.get(f"{there}/file.pdf").data and "Set-Cookie" not in file.headers
    for data, same in ((clerk.get(copied[1]).data, "copy"), (file.data, "original")):
        sent = {"file": (io.BytesIO(data), "สำเนา.pdf")}
        judged = visitor.post(f"/v/{code}/file", sent, headers={"Accept": "application/json"}).json
        assert judged["file"]["same"] == same


@pytest.mark.only_database("sqlite")
def test_who_signs_hears_that_there_is_no_time_stamp_and_the_page_keeps_saying_so(
    town: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign = OfficerPen.sign

    def untimed(self: OfficerPen, pdf: bytes, **more: Any) -> SignedPage:
        return replace(sign(self, pdf, **more), trouble="ผู้ประทับรับรองเวลาไม่ตอบ")

    monkeypatch.setattr(OfficerPen, "sign", untimed)
    address = kind(town)
    head, (one, *others) = town.client("reading-head"), [waiting(town, address) for _ in range(3)]
    alone = head.send(f"{one}/sign", {"passphrase": PASSPHRASE}, follow_redirects=True).text
    assert "ลงนามและออกเอกสารแล้ว" in alone and alone.count("ผู้ประทับรับรองเวลาไม่ตอบ") >= 3, "told, kept, in the history"
    ids = [there.rsplit("/", 1)[-1] for there in others]
    together = head.send("/issued/sign", {"document": ids, "passphrase": PASSPHRASE}, follow_redirects=True).text
    assert "๒ ฉบับ ลายมือชื่อไม่มีตราประทับเวลา" in together and "ผู้ประทับรับรองเวลาไม่ตอบ" in together
    later = town.client("reading-clerk").get(others[0]).text
    assert "เวลาที่ลงนามไม่มีผู้รับรอง" in later and "ไม่มีตราประทับเวลา (ผู้ประทับรับรองเวลาไม่ตอบ) · PAdES B-B" in later


def test_a_document_passes_its_approvers_in_their_order(town: Installation) -> None:
    records, director = town.client("reading-records"), town.client("reading-director")
    order = {
        f"approver-{n}": str(town.actor(f"reading-{who}").position_id) for n, who in ((2, "records"), (4, "director"))
    }
    address = kind(town, **{"approver-1": ""} | order)
    clerk = town.client("reading-clerk")
    there = clerk.send(address.replace("/admin/issued-kinds/", "/issued/new/"), TYPED | {"then": "submit"}).headers[
        "Location"
    ]
    before = director.get(there).text
    assert "ลำดับอนุมัติและลงนาม" in before and "ถึงลำดับของท่านเมื่อใด" in before and 'aria-current="step"' in before
    assert "นายเอก ใจดี" not in director.get("/issued?show=mine").text
    assert "นายเอก ใจดี" in records.get("/issued?show=mine").text
    assert records.send(f"{there}/approve", {"version": 2}).status_code == 302
    assert "นายเอก ใจดี" in director.get("/issued?show=mine").text
    assert director.send(f"{there}/approve", {"version": 3}).status_code == 302
    assert "นายเอก ใจดี" in town.client("reading-head").get("/issued?show=mine").text
    again = town.client("reading-admin").get(address).text
    assert again.index(order["approver-2"] + '" data-note') >= 0 and 'id="approver-5"' in again


def test_the_desk_shows_what_waits_for_approval_and_signature(town: Installation) -> None:
    there = waiting(town, kind(town))
    waiting(town, kind(town, code="CERT-2", name_th="ใบอนุญาต"))
    head, director = town.client("reading-head"), town.client("reading-director")
    desk = head.get("/").text
    assert "เอกสารรอลงนาม" in desk and "๑ ฉบับ หนังสือรับรองการอบรม" in desk and "๑ ฉบับ ใบอนุญาต" in desk
    mine = html.unescape(re.findall(r'href="(/issued\?[^"]+)"', desk)[0])
    assert "นายเอก ใจดี" in head.get(mine).text
    assert "เอกสารรอลงนาม" not in director.get("/").text
    assert head.send(f"{there}/sign", {"passphrase": PASSPHRASE}).status_code == 302
    assert "หนังสือรับรองการอบรม" not in head.get("/").text


def test_what_is_ended_is_told_to_anybody_with_its_day_and_its_follower(town: Installation) -> None:
    address = kind(town, may_download="")
    clerk, head, visitor = town.client("reading-clerk"), town.client("reading-head"), town.client()
    there = waiting(town, address)
    head.send(f"{there}/sign", {"passphrase": PASSPHRASE})
    code = re.findall(r"/v/([0-9A-Z]{20})", clerk.get(there).text)[0]
    assert visitor.get(f"/v/{code}/file").status_code == 404
    asked: list[list[str]] = [[]]
    event.listen(town.office.reading, "before_cursor_execute", lambda *told: asked[-1].append(told[2]))
    town.client("reading-admin").send(address, definition(town, is_public="", may_download=""))
    for one, told, says in ((code, 200, "ใช้ได้"), ("0" * 20, 404, "")):
        asked.append([])
        page = visitor.get(f"/v/{one}")
        assert page.status_code == told and says in page.text and "เอก ใจดี" not in page.text
    assert asked[1] == asked[2], "of what may not be shown no more is asked than of what there is not"
    asked.append([])
    town.client("reading-admin").send(address, definition(town, may_download=""))
    assert visitor.get(f"/v/{code}/file").text == visitor.get(f"/v/{'0' * 20}/file").text
    assert "ใส่เหตุผลที่พักใช้" in head.send(f"{there}/suspend", {"reason": ""}, follow_redirects=True).text
    told = head.send(f"{there}/suspend", {"reason": "รอสอบข้อเท็จจริง"}, follow_redirects=True).text
    assert f"เห็นภายใน {thai_digits(FRESH_SECONDS)} วินาที" in told, "so long a browser may show what it saw before"
    assert "เห็นว่ายกเลิกทันที" not in head.get(there).text
    seen = visitor.get(f"/v/{code}").text
    assert "เอกสารนี้พักใช้อยู่" in seen and "พักใช้ ๒๓ พฤศจิกายน ๒๕๖๙" in seen and "รอสอบ" not in seen
    head.send(f"{there}/resume", {"reason": "สอบแล้ว"})

    clerk.send(f"{there}/links", {"way": "mail", "mail": "ake@example.com"})
    link = re.findall(rf"{PUBLIC}(/d/[\w-]+)", clerk.send(f"{there}/links", {"way": "show"}).text)[0]
    form = clerk.get(f"{there}/follow?how=replacement").text
    assert "๑๒ ถนนสุขุมวิท" in form and "ฉบับเดิมใช้ได้จนกว่าฉบับใหม่จะลงนาม" in form
    following = clerk.send(f"{there}/follow?how=replacement", TYPED | {"then": "submit"}).headers["Location"]
    town.client("reading-director").send(f"{following}/approve", {})
    head.send(f"{following}/sign", {"passphrase": PASSPHRASE})
    seen = visitor.get(f"/v/{code}").text
    new = re.findall(r"/v/([0-9A-Z]{20})", clerk.get(following).text)[0]
    assert "เอกสารนี้มีฉบับใหม่แทนแล้ว" in seen and f"/v/{new}" in seen and "รบ. ๒/๒๕๖๙" in seen
    send_on = clerk.get(following).text
    assert 'id="send-on"' in send_on and 'value="ake@example.com"' in send_on
    assert 'value="ake@example.com"' in clerk.get(f"{following}/links").text
    assert 'id="send-on"' not in clerk.get(there).text
    old = visitor.get(link).text
    assert f"/v/{new}" in old and "รบ. ๒/๒๕๖๙" in old and "ลิงก์ที่ส่งให้ท่านใหม่" in old
    assert clerk.send(f"{following}/links", {"way": "mail", "mail": "ake@example.com"}).status_code == 302
    assert 'id="send-on"' not in clerk.get(following).text
    head.send(f"{following}/revoke", {"reason": "ออกผิดคน"})
    assert "This document was revoked" in visitor.get(f"/v/{new}?lang=en").text
    assert "ออกผิดคน" in clerk.get(following).text

    town.client("reading-admin").send(address, definition(town, stage="pilot", pilot_most="2"))
    new, full = address.replace("/admin/issued-kinds/", "/issued/new/"), "ครบจำนวนทดลอง ๒ ฉบับแล้ว"
    choice = clerk.get("/issued/kinds").text
    assert full in choice and new not in choice and full in clerk.send(new, TYPED).text


@pytest.mark.only_database("sqlite")
def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(town: Installation) -> None:
    address = kind(town)
    clerk, admin = town.client("reading-clerk"), town.client("reading-admin")
    new = address.replace("/admin/issued-kinds/", "/issued/new/")
    refused = clerk.send(new, TYPED | {"holder_name": " ", "holder_id": "123", "field-1": "อื่น", "field-2": "๓๑ ก.พ."})
    assert refused.status_code == 422
    for words in ("ใส่ชื่อผู้ถือเอกสาร", "เลขประจำตัว ๑๓ หลักไม่ถูกต้อง", "เลือกจาก", "ไม่มีในปฏิทิน", "๑๒ ถนนสุขุมวิท", "๓๑ ก.พ."):
        assert words in html.unescape(refused.text), words
    there = clerk.send(new, TYPED).headers["Location"]
    assert "๒๐ พ.ย. ๒๕๖๙" in clerk.get(f"{there}/edit").text
    assert clerk.send(f"{there}/edit", TYPED | {"holder_name": "นางโท"}).status_code == 302
    clerk.send(f"{there}/submit", {})
    assert "ใส่เหตุผลที่ส่งคืน" in town.client("reading-director").send(f"{there}/return", {}, follow_redirects=True).text
    town.client("reading-director").send(f"{there}/return", {"reason": "สะกดผิด"})
    assert "สะกดผิด" in clerk.get(there).text and "นางโท" in clerk.get("/issued?show=draft&q=โท").text
    clerk.send(f"{there}/drop", {"reason": "ถอนคำขอ"})
    assert "ไม่ออกเอกสาร" in clerk.get(there).text

    bad = admin.send(
        "/admin/issued-kinds/new",
        definition(town, code="ไทย", signer_id="", field_choices=["", "ก", ""], validity_amount="สองปี"),
    )
    assert bad.status_code == 422 and 'value="สองปี"' in bad.text
    for words in ("รหัสใช้ตัวอักษร", "เลือกตำแหน่งผู้ลงนามก่อนเปิดใช้", "ใส่ตัวเลือกอย่างน้อย ๒ อย่าง", "รับรองว่า {{ชื่อผู้ถือ}}"):
        assert words in bad.text, words
    rows = admin.send("/admin/issued-kinds/fields", definition(town, text="{{ที่อยู่}} {{จำนวนเงิน}}")).text
    assert "จำนวนเงิน" in rows and "หลักสูตร" not in rows
    undrawn = admin.send("/admin/issued-kinds/preview", definition(town, field_choices=["", "ก", ""])).text
    assert "ใส่ตัวเลือกอย่างน้อย ๒ อย่าง" in undrawn
    trial = definition(town, stage="pilot", signer_id="", pilot_most="ห้าสิบ")
    assert "data:image/png;base64," in admin.send("/admin/issued-kinds/preview", trial).text
    drawn = admin.send("/admin/issued-kinds/preview", definition(town)).text
    assert "data:image/png" in drawn
    head = str(town.actor("reading-head").position_id)
    named = admin.send(
        address, definition(town, lookup="ask", answer_posts=[head, str(town.actor("reading-admin").position_id)])
    )
    assert named.status_code == 422 and "จึงตอบไม่ได้" in named.text
    answers = named.text.split('id="answer_posts"')[1].split("</select>")[0]
    assert f'<option value="{head}"' in answers and answers.count(" selected") == 2, "nothing chosen is lost"
    assert admin.send(address, definition(town, lookup="ask", answer_posts=[head])).status_code == 302
    kept = admin.get(address).text.split('id="answer_posts"')[1].split("</select>")[0]
    assert kept.count(" selected") == 1
    assert "CERT-1" in admin.get("/admin/issued-kinds").text and "{{ที่อยู่}}" in admin.get(address).text
    assert town.client("reading-clerk").get(address).status_code == 403


def test_documents_for_people_are_found_beside_the_letters_by_who_may_see_them(town: Installation) -> None:
    address = kind(town)
    there = waiting(town, address)
    clerk = town.client("reading-clerk")
    page = clerk.get("/search?q=เอก ใจดี").text
    assert 'hx-get="/search/issued?q=' in page
    for words in ("เอก ใจดี", "อบรม", "CERT-1"):
        found = clerk.get("/search/issued", query_string={"q": words}).text
        assert there in found and "นายเอก ใจดี" in found, words
    for who in ("reading-admin", "learning-clerk"):
        for words in ("เอก ใจดี", "อบรม"):
            hidden = town.client(who).get("/search/issued", query_string={"q": words}).text
            assert hidden.strip() == "", (who, words)
    assert clerk.get("/search/issued", query_string={"q": "ไม่มีใครชื่อนี้"}).text.strip() == ""
    assert clerk.get("/search/issued").text.strip() == ""
    town.client("reading-head").send(f"{there}/sign", {"passphrase": PASSPHRASE})
    assert there in clerk.get("/search/issued", query_string={"q": "รบ. ๑/๒๕๖๙"}).text
