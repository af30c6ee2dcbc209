"""Ordinary mail at the screen: proposed, made a letter in one step, or set aside; the same by program."""

from __future__ import annotations

import base64
import re

from saraban.domain.agency import AgencyOptions
from saraban.domain.attachment import Digest
from saraban.usecases.admitting import issue_token
from saraban.usecases.bookkeeping import set_options
from tests.web.installation import AGENCIES, Browser, Installation

OURS = AGENCIES[0].mailbox
SUBJECT = "ที่ ศธ 0412/77 ลงวันที่ 20 พฤศจิกายน 2569 เรื่อง ขอเชิญเป็นวิทยากร"


def come_in(
    town: Installation, *headers: str, subject: str = SUBJECT, page: str = "application/pdf", name: str = "letter.pdf"
) -> str:
    """A mail of a school comes in; the address of its card."""
    encoded = f"=?utf-8?b?{base64.b64encode(subject.encode()).decode()}?="
    head = ["From: office@school.test", f"To: {OURS}", f"Subject: {encoded}", "Message-ID: <one@school.test>", *headers]
    data = b"%PDF-1.4\n%%EOF\n" if name.endswith(".pdf") else b"\xff\xd8\xff\xe0"
    file = base64.b64encode(data).decode()
    body = (
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nตามแนบ\r\n--m\r\nContent-Type: " + page + "\r\n"
        f"Content-Disposition: attachment; filename={name}\r\nContent-Transfer-Encoding: base64\r\n\r\n{file}\r\n"
        "--m\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=map.txt\r\n\r\nmap\r\n--m--\r\n"
    )
    town.hand_in(OURS, ("\r\n".join(head) + "\r\n" + body).encode())
    town.carry()
    listed = town.client("reading-clerk").get("/incoming?state=held").text
    found = re.search(r'href="(/incoming/[0-9a-f-]{36})"', listed)
    assert found is not None
    return found[1]


def test_the_card_proposes_and_one_press_registers(town: Installation, clerk: Browser) -> None:
    card = come_in(town)
    page = clerk.get(card).text
    for said in ('value="ศธ ๐๔๑๒/๗๗"', 'value="๒๐ พ.ย. ๒๕๖๙"', 'value="ขอเชิญเป็นวิทยากร"', "letter.pdf", "map.txt"):
        assert said.replace(" ", "\u00a0", 1) in page or said in page
    assert "ลงรับเป็นหนังสือ" in page and "ไม่ใช่หนังสือ" in page
    files = re.findall(r'name="files" value="([0-9a-f]{64})"', page)
    assert len(files) == 2
    typed = {
        "number": "ศธ ๐๔๑๒/๗๗",
        "day": "๒๐ พ.ย. ๒๕๖๙",
        "sender": "โรงเรียนบ้านสวน",
        "subject": "",
        "files": files[:1],
    }
    wrong = clerk.send(f"{card}/make-letter", typed)
    assert wrong.status_code == 422 and "ใส่เรื่องของหนังสือ" in wrong.text and 'value="โรงเรียนบ้านสวน"' in wrong.text
    done = clerk.send(f"{card}/make-letter", typed | {"subject": "ขอเชิญเป็นวิทยากร", "answer": "y"})
    assert done.status_code == 302
    shown = clerk.get(card).text

    assert "เลขรับ ๑/๒๕๖๙" in shown and "คำตอบถึงผู้ส่ง" in shown and "กำลังส่ง" in shown
    assert "map.txt" not in shown and "letter.pdf" in shown
    assert "ทำไปรษณีย์ทั่วไปเป็นหนังสือรับ" in shown
    assert clerk.get(f"{card}/message.eml").data.count(b"map.txt") == 1
    town.carry()
    assert [mailbox for mailbox, _ in town.elsewhere] == ["office@school.test"]
    again = clerk.send(f"{card}/make-letter", typed | {"subject": "x"})
    assert again.status_code == 302 and "ลงรับแล้ว" in clerk.get(card).text


def test_a_picture_of_a_letter_is_shown_beside_the_words_of_the_mail(town: Installation, clerk: Browser) -> None:
    card = come_in(town, page="image/jpeg", name="scan.jpg")
    shown = clerk.get(card).text

    assert re.search(rf'<img src="{card}/files/[0-9a-f]{{64}}" alt="scan.jpg"', shown) and "ตามแนบ" in shown


def test_what_is_no_letter_is_set_aside_and_found_again(town: Installation, clerk: Browser) -> None:
    card = come_in(town, subject="โฆษณา")
    wrong = clerk.send(f"{card}/set-aside", {"reason": " "})
    assert wrong.status_code == 422 and "ใส่เหตุผลที่ไม่ใช่หนังสือ" in wrong.text
    assert clerk.send(f"{card}/set-aside", {"reason": "แผ่นพับขายของ"}).status_code == 302

    assert card not in clerk.get("/incoming?state=held").text
    assert card in clerk.get("/incoming?state=set-aside").text
    assert "แผ่นพับขายของ" in clerk.get(card).text
    assert town.client("learning-clerk").send(f"{card}/set-aside", {"reason": "x"}).status_code == 404
    assert town.client("learning-clerk").send(f"{card}/make-letter", {"subject": "x"}).status_code == 404


def test_who_is_not_answered_is_told_before(town: Installation, clerk: Browser) -> None:
    listed = clerk.get(come_in(town, "List-Id: <news.school.test>")).text
    assert "รายชื่อไปรษณีย์" in listed and 'name="answer"' not in listed


def test_an_agency_may_switch_the_answer_off(town: Installation, clerk: Browser) -> None:
    set_options(town.services, actor=town.actor("reading-admin"), options=AgencyOptions(answer_mail=False))
    card = come_in(town)

    assert "ตั้งไว้ว่าไม่ตอบไปรษณีย์ธรรมดา" in clerk.get(card).text
    page = town.client("reading-admin").get("/admin/options/ordinary-mail").text
    assert "ตอบเลขทะเบียนรับให้ผู้ส่ง" in page


def test_a_program_does_the_same(town: Installation) -> None:
    card = come_in(town).rpartition("/")[2]
    token = issue_token(town.services, username="reading-clerk")
    client, auth = town.app.test_client(), {"Authorization": f"Bearer {token}"}
    shown = client.get(f"/api/v1/incoming/{card}", headers=auth).get_json()
    assert shown["details"]["suggested"]["number"] == "ศธ 0412/77" and shown["may"]["make_letter"] is True
    address = f"/api/v1/incoming/{card}/make-letter"
    named = {"subject": "ขอเชิญเป็นวิทยากร", "sender": "โรงเรียนบ้านสวน", "number": "ศธ 0412/77", "date": "2026-11-20"}
    bad = client.post(address, json=named | {"files": ["x"]}, headers=auth)
    assert (bad.status_code, list(bad.get_json()["errors"])) == (422, ["files"])
    assert client.post(address, json=named | {"files": [Digest.of(b"").hex]}, headers=auth).status_code == 422
    assert client.post(address, json=named | {"subject": ""}, headers=auth).status_code == 422
    made = [client.post(address, json=named, headers=auth | {"Idempotency-Key": "one"}) for _ in range(2)]

    assert [one.status_code for one in made] == [200, 200] and made[0].get_json() == made[1].get_json()
    assert made[0].get_json()["number"] == 1
    listed = client.get("/api/v1/incoming?state=set-aside", headers=auth)
    assert listed.get_json()["items"] == []
    assert client.post(f"/api/v1/incoming/{card}/set-aside", json={"reason": "x"}, headers=auth).status_code in (
        409,
        422,
    )
