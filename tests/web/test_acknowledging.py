"""The page of a link: read, download, acknowledge once; and what the sender then sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from saraban.domain.letter import LetterId
from saraban.exchange.parse import read_message
from saraban.usecases.outsiders import add_outsider
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.web.installation import Browser, Installation, build_installation
from tests.web.test_tracking import rungs, tracking

SITE = "https://saraban.reading.test"
SCHOOL = "office@school.test"


@pytest.fixture
def public(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[Installation]:
    """An installation that can be reached from outside."""
    made = build_installation(tmp_path, new_database, clock, public_url=SITE)
    yield made
    made.close()


def send(town: Installation) -> tuple[LetterId, str, bytes]:
    """A letter to a school without the system: its id, the path of the link, and the mail."""
    add_outsider(town.services, actor=town.actor("reading-clerk"), name="โรงเรียนบ้านสวน", mailbox=SCHOOL)
    letter = town.dispatched(recipients=(SCHOOL,))
    town.carry()
    [(mailbox, raw)] = town.elsewhere
    assert mailbox == SCHOOL
    found = re.search(rf"{SITE}(/r/\S+)", read_message(raw).text)
    assert found is not None
    return letter, found[1], raw


def test_the_mail_is_readable_and_has_the_letter_as_an_ordinary_file(public: Installation) -> None:
    _, _, raw = send(public)
    message = message_from_bytes(raw)

    assert message["To"].endswith(f"<{SCHOOL}>")
    files = [part for part in message.walk() if part.get_content_type() == "application/pdf"]
    assert len(files) == 1 and files[0].get_payload(decode=True).startswith(b"%PDF")


def test_the_page_shows_the_letter_and_looking_acknowledges_nothing(public: Installation) -> None:
    letter, address, _ = send(public)
    nobody = Browser(public.app.test_client())
    for look in (nobody.get, nobody.client.head):
        page = look(address)
        assert page.status_code == 200
    page = nobody.get(address)

    for said in ("ขอเชิญประชุมคณะกรรมการ", "กรมส่งเสริมการอ่าน", "โรงเรียนบ้านสวน", "ได้รับหนังสือแล้ว", "วิธีตรวจว่าเป็นของจริง"):
        assert said in page.text
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "private, no-store"
    assert rungs(public.client("reading-clerk").get(tracking(letter)).text)[-1][0] == "ส่งแล้ว"


def test_the_files_are_the_bytes_that_were_sent(public: Installation) -> None:
    _, address, raw = send(public)
    nobody = Browser(public.app.test_client())
    [link] = set(re.findall(rf'href="({re.escape(address)}/files/[0-9a-f]{{64}})"', nobody.get(address).text))
    saved = nobody.get(link)

    assert saved.data == next(file.data for file in read_message(raw).files if file.media_type == "application/pdf")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert nobody.get(f"{address}/files/{'0' * 64}").status_code == 404
    assert nobody.get(f"{address}/files/x").status_code == 404


def test_it_is_acknowledged_once_without_a_cookie_and_shows_who_did(public: Installation) -> None:
    letter, address, _ = send(public)
    typed = {"name": "นางสาวรับ เรื่องดี", "position": "ธุรการ", "number": "๔๕", "day": "๒๓/๑๑/๒๕๖๙"}
    answer = public.app.test_client(use_cookies=False).post(address, data=typed)
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    page = Browser(public.app.test_client()).get(address).text

    assert "แจ้งว่าได้รับหนังสือแล้ว" in page and "นางสาวรับ เรื่องดี" in page and "๔๕/๒๕๖๙" in page
    assert "<form" not in page
    again = public.app.test_client().post(address, data=typed | {"name": "คนอื่น"})
    assert again.status_code == 303
    assert "คนอื่น" not in Browser(public.app.test_client()).get(address).text
    shown = public.client("reading-clerk").get(tracking(letter)).text
    assert rungs(shown)[-1] == ("ผู้รับแจ้งเลขรับทางลิงก์", "done")
    assert "ลิงก์ยืนยัน" in shown and "ลงทะเบียนแล้ว</span></td>" not in shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("12/2569", "๑๒/๒๕๖๙"), ("๑๒/๒๕๖๙", "๑๒/๒๕๖๙"), ("12", "๑๒/๒๕๖๙"), ("ศธ 04/12", "ศธ ๐๔/๑๒/๒๕๖๙")],
)
def test_the_year_of_the_receiving_number_is_shown_once(public: Installation, typed: str, shown: str) -> None:
    _, address, _ = send(public)
    public.app.test_client().post(address, data={"name": "รับ เรื่องดี", "position": "ธุรการ", "number": typed})

    assert f">{shown}</span>" in Browser(public.app.test_client()).get(address).text


def test_what_is_missing_is_told_and_what_was_typed_stays(public: Installation) -> None:
    _, address, _ = send(public)
    answer = public.app.test_client().post(address, data={"name": "", "position": "ครูใหญ่", "day": "วันไหนก็ไม่รู้"})
    assert answer.status_code == 422 and 'value="ครูใหญ่"' in answer.text and "อ่านวันที่ไม่ออก" in answer.text
    answer = public.app.test_client().post(address, data={"name": "", "position": "ครูใหญ่"})

    assert answer.status_code == 422 and "ใส่ชื่อผู้รับหนังสือ" in answer.text
    english = public.app.test_client().post(f"{address}?lang=en", data={"name": "", "position": "Head"})
    assert "Please enter the name" in english.text and 'lang="en"' in english.text


def test_the_page_in_english_says_the_same(public: Installation) -> None:
    _, address, _ = send(public)
    page = public.app.test_client().get(f"{address}?lang=en").text

    assert (
        '<html lang="en">' in page
        and "We have received the letter" in page
        and "How to check that it is genuine" in page
    )
    told = re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1])
    assert "(B.E. 2569)" in told and not re.search("[๐-๙]", told.replace("๖/๒๕๖๙", "")), "English has Arabic digits"
    assert 'href="' + address + '"' in page


def test_unknown_and_expired_links_look_alike(public: Installation) -> None:
    _, address, _ = send(public)
    nobody = public.app.test_client()
    unknown = nobody.get("/r/" + "A" * 24)
    public.clock.pass_by(timedelta(days=91))
    expired = nobody.get(address)

    assert unknown.status_code == expired.status_code == 404
    strip = re.compile(r'content="[^"]*"|/static/[^"]+')
    assert strip.sub("", unknown.text) == strip.sub("", expired.text)
    assert nobody.post(address, data={"name": "ก", "position": "ข"}).status_code == 404


def test_many_tries_from_one_address_are_slowed_down(public: Installation) -> None:
    nobody = public.app.test_client()
    answers = [nobody.post("/r/" + "B" * 24, data={}).status_code for _ in range(25)]

    assert answers[0] == 404 and answers[-1] == 429


def test_a_call_is_written_down_at_the_screen(public: Installation) -> None:
    letter, _, _ = send(public)
    clerk = public.client("reading-clerk")
    page = clerk.get(tracking(letter)).text
    found = re.search(r'action="([^"]+/confirm)"', page)
    assert found is not None and "บันทึกการยืนยันของผู้รับ" in page
    wrong = clerk.send(found[1], {"kind": "phone", "name": "นายรับสาย", "note": "ฝากเรื่องไว้", "clock": "๙๙.๙๙"})
    assert wrong.status_code == 422 and "อ่านเวลาไม่ออก" in wrong.text and "ฝากเรื่องไว้" in wrong.text
    wrong = clerk.send(found[1], {"kind": "phone", "name": "นายรับสาย", "note": "ฝากเรื่องไว้"})
    assert wrong.status_code == 422 and "ใส่เบอร์ที่โทร" in wrong.text
    wrong = clerk.send(found[1], {"kind": "reply", "name": "นายรับสาย"})
    assert wrong.status_code == 422 and "ยังไม่มีอีเมลตอบ" in wrong.text
    public.clock.pass_by(timedelta(hours=2))
    done = clerk.send(found[1], {"kind": "phone", "name": "นายรับสาย", "phone": "0 2555 0100", "number": "7"})
    assert done.status_code == 302
    shown = clerk.get(tracking(letter)).text

    assert rungs(shown)[-1] == ("ผู้รับแจ้งเลขรับทางโทรศัพท์", "done") and "โทรยืนยัน" in shown
    assert "๐ ๒๕๕๕ ๐๑๐๐" in shown
    assert public.client("reading-head").send(found[1], {"kind": "phone", "name": "x", "phone": "1"}).status_code == 403
    assert (
        public.client("learning-clerk").send(found[1], {"kind": "phone", "name": "x", "phone": "1"}).status_code == 404
    )


def test_an_answer_by_mail_proposes_the_number_that_it_names(public: Installation) -> None:
    letter, _, raw = send(public)
    answer = f"From: {SCHOOL}\r\nTo: saraban@reading.test\r\nSubject: Re: x\r\nMessage-ID: <a@school.test>\r\n"
    answer += f"In-Reply-To: {message_from_bytes(raw)['Message-ID']}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    public.hand_in("saraban@reading.test", (answer + "ได้รับแล้วค่ะ ลงรับเลขที่ 4567").encode())
    public.carry()

    page = public.client("reading-clerk").get(tracking(letter)).text

    assert 'value="๔๕๖๗"' in page and "อ่านจากอีเมลตอบ ตรวจก่อนบันทึก" in page
