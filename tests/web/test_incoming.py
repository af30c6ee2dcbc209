"""Letters that came in: what the clerk sees, the three deeds, what is drawn and what can be saved."""

from __future__ import annotations

import hashlib
import re
from uuid import UUID, uuid4

import pytest

from saraban import jobs
from saraban.domain.attachment import Digest
from saraban.domain.incoming import IncomingId
from saraban.usecases.viewing import open_incoming
from tests.web.installation import Browser, Installation

ORDINARY = (
    "From: =?utf-8?b?4Liq4Lih4LiK4Liy4Lii?= <somchai@mail.test>\r\nTo: saraban@learning.test\r\n"
    "Subject: =?utf-8?b?4LiC4Lit4LiC4LmJ4Lit4Lih4Li54Lil?=\r\nMessage-ID: <one@mail.test>\r\n"
    "Date: Mon, 23 Nov 2026 02:00:00 +0000\r\nContent-Type: text/html; charset=utf-8\r\n"
    "Content-Transfer-Encoding: 8bit\r\n\r\n<p>ขอข้อมูล</p><script>alert(1)</script>\r\n"
).encode()


@pytest.fixture
def receiver(town: Installation) -> Browser:
    """The central clerk of the agency to which the letters of the tests go."""
    return town.client("learning-clerk")


def arrived(town: Installation, browser: Browser, **content: object) -> str:
    """A letter that came in; its address for the receiving clerk."""
    town.dispatched(**content)
    town.carry()
    return addresses(browser)[0]


def held(town: Installation, browser: Browser) -> str:
    """An ordinary mail, which waits for a person; its address."""
    town.hand_in("saraban@learning.test", ORDINARY)
    town.carry()
    return addresses(browser, "held")[0]


def addresses(browser: Browser, state: str = "all") -> list[str]:
    """The letters that a list links to, the newest first."""
    text = browser.get(f"/incoming?state={state}").text
    return list(dict.fromkeys(re.findall(r'href="(/incoming/[0-9a-f-]{36})"', text)))


def id_of(address: str) -> IncomingId:
    return IncomingId(UUID(address.rsplit("/", 1)[1]))


# --- the list --------------------------------------------------------------------------------------------------


def test_the_list_shows_what_came_in_with_thai_digits(town: Installation, receiver: Browser) -> None:
    arrived(town, receiver)

    page = receiver.get("/incoming")

    assert "ศธ\u00a0๐๖๐๑/๑" in page.text
    assert "ขอเชิญประชุมคณะกรรมการส่งเสริมการอ่าน" in page.text
    assert "รอลงรับ" in page.text


def test_a_tab_shows_only_its_state(town: Installation, receiver: Browser) -> None:
    arrived(town, receiver)

    assert addresses(receiver, "registered") == []
    assert len(addresses(receiver, "new")) == 1


def test_a_filter_without_a_value_is_none_and_an_unknown_one_is_told(town: Installation, receiver: Browser) -> None:
    address = arrived(town, receiver)

    assert addresses(receiver, "") == [address] and "ไม่มีตัวกรอง" not in receiver.get("/incoming?state=").text
    odd = receiver.get("/incoming?state=<b>anything")
    assert odd.status_code == 200 and "ไม่มีตัวกรอง “&lt;b&gt;anything” ในหน้านี้" in odd.text and address in odd.text


@pytest.mark.parametrize("address", ["/tasks?whose=&state=", "/reading?state=", "/lookups?side=", "/reconciling?side="])
def test_an_empty_filter_is_no_filter_in_any_list(town: Installation, receiver: Browser, address: str) -> None:
    assert receiver.get(address).status_code == 200
    odd = receiver.get(address.replace("=", "=odd"))
    assert odd.status_code == 200 and "ไม่มีตัวกรอง “odd”" in odd.text


def test_a_held_mail_is_listed_with_every_reason(town: Installation, receiver: Browser) -> None:
    held(town, receiver)

    page = receiver.get("/incoming?state=held").text

    assert "ไปรษณีย์ทั่วไป" in page
    assert "ไม่รู้จักผู้ส่ง" in page


def test_a_filter_that_finds_nothing_offers_to_be_cleared(town: Installation, receiver: Browser) -> None:
    arrived(town, receiver)

    page = receiver.get("/incoming?q=ไม่มีเรื่องนี้แน่นอน").text

    assert "ไม่พบหนังสือที่ตรงกับตัวกรอง" in page
    assert "ล้างตัวกรอง" in page


def test_a_cursor_that_nobody_gave_out_is_refused_without_a_trace(town: Installation, receiver: Browser) -> None:
    answer = receiver.get("/incoming?cursor=%27%22%3Cscript%3E")

    assert answer.status_code == 422
    assert "<script>" not in answer.text.split("</head>")[1]


# --- the letter ------------------------------------------------------------------------------------------------


def test_the_verdict_is_told_in_four_parts(town: Installation, receiver: Browser) -> None:
    page = receiver.get(arrived(town, receiver)).text

    assert "ตรวจผ่านครบ ๔ ข้อ" in page
    for part in ("ครบถ้วน", "กุญแจตรงใบรับรอง", "ผู้ลงเชื่อถือได้", "ทันเวลา"):
        assert f"<b>{part}</b>" in page


def test_the_page_of_the_letter_is_an_image_that_the_browser_may_keep(town: Installation, receiver: Browser) -> None:
    address = arrived(town, receiver)

    first = receiver.get(f"{address}/pages/1.png")
    again = receiver.get(f"{address}/pages/1.png", headers={"If-None-Match": first.headers["ETag"]})

    assert first.mimetype == "image/png"
    assert first.data.startswith(b"\x89PNG")
    assert "private" in first.headers["Cache-Control"]
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("number", [0, 9, 10**9])
def test_a_page_that_the_letter_does_not_have_is_refused(town: Installation, receiver: Browser, number: int) -> None:
    assert receiver.get(f"{arrived(town, receiver)}/pages/{number}.png").status_code in (404, 422)


def test_a_mail_without_a_pdf_is_shown_as_text_that_cannot_act(town: Installation, receiver: Browser) -> None:
    page = receiver.get(held(town, receiver)).text

    assert "ขอข้อมูล" in page
    assert "alert(1)</script>" not in page


def test_a_held_mail_tells_each_reason_in_words(town: Installation, receiver: Browser) -> None:
    page = receiver.get(held(town, receiver)).text

    assert "เหตุที่พักไว้" in page
    assert "ผู้ส่ง somchai@mail.test ไม่อยู่ในทำเนียบส่วนราชการ" in page


def test_a_letter_that_was_changed_on_its_way_says_so_and_cannot_be_released(
    town: Installation, receiver: Browser
) -> None:
    town.dispatched()
    _carry_changed(town)
    address = addresses(receiver, "held")[0]

    page = receiver.get(address).text
    answer = receiver.send(f"{address}/release", {"reason": "เชื่อว่าใช้ได้"})

    assert "ไฟล์เสียหาย" in page
    assert "แจ้งผู้ส่งแล้วว่าซองนี้ใช้ไม่ได้" in page
    assert answer.status_code == 422
    assert "เชื่อว่าใช้ได้" in answer.text


def _carry_changed(town: Installation) -> None:
    for job in jobs.timetable(1):
        job.work(town.services)
    bag, town.post.bag = town.post.bag, []
    for mailbox, raw in bag:
        place = raw.index(b"JVBERi0")
        changed = raw[: place + 40] + (b"B" if raw[place + 40 : place + 41] != b"B" else b"C") + raw[place + 41 :]
        town.hand_in(mailbox, changed)
    jobs.sort_mail(town.services)


# --- ลงรับ -----------------------------------------------------------------------------------------------------


def test_registering_gives_a_number_a_date_and_the_stamp_over_the_page(town: Installation, receiver: Browser) -> None:
    address = arrived(town, receiver)

    answer = receiver.send(f"{address}/register")
    page = receiver.get(address).text

    assert answer.status_code == 302
    assert "ลงรับแล้ว เลขรับ ๑ เวลา ๐๙.๓๐" in page
    stamp = page[page.index('class="stamp"') :][:600]
    assert "สำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต" in stamp
    assert ">๑</i>" in stamp
    assert "๒๓\u00a0พ.ย.\u00a0๒๕๖๙" in stamp
    assert "๐๙.๓๐\u00a0น." in stamp


def test_pressing_register_twice_takes_one_number(town: Installation, receiver: Browser) -> None:
    address = arrived(town, receiver)
    receiver.send(f"{address}/register")

    again = receiver.send(f"{address}/register", follow_redirects=True)

    assert again.status_code == 200
    assert "หนังสือนี้ลงรับแล้ว" in again.text
    letter = open_incoming(town.services, actor=town.actor("learning-clerk"), incoming_id=id_of(address))
    assert letter.register_number == 1


def test_a_held_letter_cannot_be_registered(town: Installation, receiver: Browser) -> None:
    answer = receiver.send(f"{held(town, receiver)}/register", follow_redirects=True)

    assert "ปล่อยเข้าระบบก่อนจึงลงรับได้" in answer.text


def test_whoever_may_not_register_sees_why_and_is_refused(town: Installation, receiver: Browser) -> None:
    address = arrived(town, receiver)
    director = town.client("learning-director")

    page = director.get(address).text
    answer = director.send(f"{address}/register")

    assert 'aria-disabled="true"' in page
    assert "ได้เฉพาะเจ้าหน้าที่สารบรรณกลาง" in page
    assert answer.status_code == 403


def test_the_marked_copy_is_another_file_and_only_after_registering(town: Installation, receiver: Browser) -> None:
    address = arrived(town, receiver)
    before = receiver.get(f"{address}/stamped.pdf")
    receiver.send(f"{address}/register")

    after = receiver.get(f"{address}/stamped.pdf")

    assert before.status_code == 422
    assert after.data.startswith(b"%PDF-")
    assert "attachment" in after.headers["Content-Disposition"]
    letter = open_incoming(town.services, actor=town.actor("learning-clerk"), incoming_id=id_of(address))
    assert Digest.of(after.data) not in [file.sha256 for file in letter.files]


# --- refusing and releasing ------------------------------------------------------------------------------------


def test_refusing_needs_a_reason_and_keeps_what_was_typed(town: Installation, receiver: Browser) -> None:
    address = arrived(town, receiver)

    answer = receiver.send(f"{address}/refuse", {"code": "", "text": "ส่งผิดหน่วยงาน <b>"})

    assert answer.status_code == 422
    assert "เลือกเหตุผลที่ส่งคืนจากรายการ" in answer.text
    assert "ส่งผิดหน่วยงาน &lt;b&gt;" in answer.text
    assert "data-open" in answer.text


def test_refusing_for_another_reason_needs_words(town: Installation, receiver: Browser) -> None:
    answer = receiver.send(f"{arrived(town, receiver)}/refuse", {"code": "other", "text": " "})

    assert answer.status_code == 422
    assert "เลือกเหตุอื่นแล้วต้องใส่เหตุผล" in answer.text
    assert '<option value="other" selected>' in answer.text


def test_a_refused_letter_says_why_and_its_sender_gets_the_receipt(town: Installation, receiver: Browser) -> None:
    address = arrived(town, receiver)

    answer = receiver.send(
        f"{address}/refuse", {"code": "not-addressee", "text": "เป็นอำนาจของอีกกรม"}, follow_redirects=True
    )
    town.carry()

    assert "ไม่ใช่หนังสือถึงหน่วยงานนี้ เป็นอำนาจของอีกกรม" in answer.text
    assert ">ส่งคืน</a>" in receiver.get(address).text


def test_a_registered_letter_cannot_be_refused(town: Installation, receiver: Browser) -> None:
    address = arrived(town, receiver)
    receiver.send(f"{address}/register")

    answer = receiver.send(f"{address}/refuse", {"code": "not-addressee", "text": ""})

    assert answer.status_code == 422


def test_releasing_needs_a_reason(town: Installation, receiver: Browser) -> None:
    answer = receiver.send(f"{held(town, receiver)}/release", {"reason": "  "})

    assert answer.status_code == 422
    assert "ใส่เหตุผลที่ปล่อยเข้าระบบ" in answer.text


def test_a_released_letter_can_be_registered_and_its_history_tells_why(town: Installation, receiver: Browser) -> None:
    address = held(town, receiver)
    receiver.send(f"{address}/release", {"reason": "โทรยืนยันแล้ว"})
    receiver.send(f"{address}/register")

    page = receiver.get(address).text

    assert "โทรยืนยันแล้ว" in page
    assert "ลงรับแล้ว" in page


# --- files -----------------------------------------------------------------------------------------------------


def test_what_came_can_be_saved_byte_for_byte(town: Installation, receiver: Browser) -> None:
    address = arrived(town, receiver)
    letter = open_incoming(town.services, actor=town.actor("learning-clerk"), incoming_id=id_of(address))

    message = receiver.get(f"{address}/message.eml")
    manifest = receiver.get(f"{address}/manifest.json")
    file = receiver.get(f"{address}/files/{letter.files[0].sha256}")

    assert hashlib.sha256(message.data).hexdigest() == letter.raw_sha256.hex
    assert hashlib.sha256(manifest.data).hexdigest() == letter.manifest_sha256
    assert hashlib.sha256(file.data).hexdigest() == letter.files[0].sha256.hex
    for answer in (message, manifest, file):
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_receipts_that_were_given_can_be_saved(town: Installation, receiver: Browser) -> None:
    page = receiver.get(arrived(town, receiver)).text

    found = re.search(r'href="(/incoming/[0-9a-f-]+/receipts/[0-9a-f-]+\.eml)"', page)

    assert found is not None
    assert b"statement.json" in receiver.get(found.group(1)).data


def test_a_mail_without_a_manifest_has_none_to_save(town: Installation, receiver: Browser) -> None:
    assert receiver.get(f"{held(town, receiver)}/manifest.json").status_code == 404


def test_a_file_that_the_letter_does_not_list_is_not_found(town: Installation, receiver: Browser) -> None:
    address = arrived(town, receiver)

    assert receiver.get(f"{address}/files/{'0' * 64}").status_code == 404
    assert receiver.get(f"{address}/files/..%2Fsecret").status_code == 404


# --- one agency never sees another's ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "way",
    [
        "",
        "/pages/1.png",
        "/files/{file}",
        "/message.eml",
        "/manifest.json",
        "/stamped.pdf",
        "/receipts/{receipt}.eml",
    ],
)
def test_another_agency_finds_nothing_at_these_addresses(town: Installation, receiver: Browser, way: str) -> None:
    address = arrived(town, receiver)
    receiver.send(f"{address}/register")
    letter = open_incoming(town.services, actor=town.actor("learning-clerk"), incoming_id=id_of(address))
    receipt = re.search(r"/receipts/([0-9a-f-]{36})", receiver.get(address).text)
    way = way.format(file=letter.files[0].sha256, receipt=receipt.group(1) if receipt else uuid4())

    assert receiver.get(address + way).status_code == 200
    assert town.client("reading-clerk").get(address + way).status_code == 404


@pytest.mark.parametrize("deed", ["register", "refuse", "release"])
def test_another_agency_can_do_nothing_to_the_letter(town: Installation, receiver: Browser, deed: str) -> None:
    address = arrived(town, receiver)

    answer = town.client("reading-clerk").send(f"{address}/{deed}", {"code": "not-addressee", "reason": "ไม่มี"})

    assert answer.status_code == 404
    assert addresses(receiver, "new") == [address]


def test_a_receipt_of_another_letter_is_not_found(town: Installation, receiver: Browser) -> None:
    first = arrived(town, receiver)
    second = next(a for a in (arrived(town, receiver), *addresses(receiver)) if a != first)
    receipt = re.search(r"/receipts/([0-9a-f-]{36}\.eml)", receiver.get(first).text)

    assert receipt is not None
    assert receiver.get(f"{second}/receipts/{receipt.group(1)}").status_code == 404
