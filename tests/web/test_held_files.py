"""What people see while the virus scanner is away: the sender a receipt, the clerk that files are held and why, and
nobody the files; and what they see once it answered."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from saraban.domain.attachment import Digest
from saraban.mail.clamd import Clamd
from saraban.usecases.settling_held import settle_held_files
from tests.api.program import Programs
from tests.databases import new_sqlite
from tests.fakes import EICAR, FakeClamd, FixedClock
from tests.web.installation import Browser, Installation, build_installation
from tests.web.meeting_town import called, hand_in, people_of
from tests.web.public_town import PUBLIC, decide
from tests.web.test_petition_form import PNG, look, rows, sent, told

BAD = b"\x89PNG\r\n\x1a\n" + EICAR


@pytest.fixture
def town(tmp_path: Path, clock: FixedClock) -> Iterator[Installation]:
    # The use cases have their tests on both databases; here the pages are what counts. Nothing listens at this port.
    made = build_installation(tmp_path, new_sqlite(tmp_path), clock, public_url=PUBLIC, clamd="127.0.0.1:9")
    decide(made, petitions=True)
    yield made
    made.close()


def scanned(town: Installation) -> None:
    """The scanner answers again and the worker asks it."""
    town.clock.pass_by(timedelta(minutes=3))
    with FakeClamd() as daemon:
        settle_held_files(replace(town.services, scanner=Clamd(daemon.where, timeout_seconds=2)))


def test_a_letter_with_files_gets_its_receipt_and_says_that_they_wait(town: Installation) -> None:
    receipt = sent(town, files=[(io.BytesIO(PNG), "ป้าย.png"), (io.BytesIO(PNG + b"1"), "ป้าย ๒.png")])
    number, code = told(receipt.text)

    assert receipt.status_code == 200 and "๒ ไฟล์รอตรวจไวรัส" in receipt.text and "ไม่ต้องส่งใหม่" in receipt.text
    followed = look(town, number, code[:12])
    assert "๒ ไฟล์รอตรวจไวรัส" in followed.text
    assert look(town, number, code, headers={"Accept": "application/json"}).get_json()["files_held"] == 2
    english = sent(town, lang="en", files=[(io.BytesIO(PNG), "sign.png")])
    assert "1 file(s) to be scanned for viruses" in english.text


def test_the_clerk_sees_that_files_are_held_and_nobody_opens_them_by_any_door(
    town: Installation, clerk: Browser
) -> None:
    sent(town, files=[(io.BytesIO(PNG), "ป้าย.png")])
    letter_id, digest = rows(town)[0].id, Digest.of(PNG).hex
    page = clerk.get(f"/incoming/{letter_id}").text

    assert "ไฟล์แนบ ๑ ไฟล์รอตรวจไวรัส เพราะตัวตรวจไวรัสไม่ตอบ" in page and "ป้าย.png" in page
    assert digest not in page, "there is no address that would open it"
    assert "ไฟล์รอตรวจไวรัส" in clerk.get("/petitions").text
    assert "๑ ไฟล์รอตรวจไวรัส" in clerk.get("/problems").text
    program = Programs(town)["reading-clerk"]
    for answer in (
        clerk.get(f"/incoming/{letter_id}/files/{digest}"),
        program.get(f"/incoming/{letter_id}/files/{digest}"),
    ):
        assert answer.status_code == 422 and "ยังไม่ได้ตรวจไวรัส" in (answer.get_json() or {}).get("detail", answer.text)
        assert PNG not in answer.data
    assert PNG not in clerk.get(f"/incoming/{letter_id}/message.eml").data
    [line] = program.get("/petitions").get_json()["items"]
    [held] = program.get(f"/petitions/{letter_id}").get_json()["held_files"]
    assert (line["files_held"], held["name"], held["state"]) == (1, "ป้าย.png", "waiting")

    scanned(town)
    page = clerk.get(f"/incoming/{letter_id}").text
    assert "รอตรวจไวรัส" not in page and digest in page
    assert clerk.get(f"/incoming/{letter_id}/files/{digest}").data == PNG


def test_of_a_harmful_file_the_clerk_and_the_sender_are_told_in_plain_words(town: Installation, clerk: Browser) -> None:
    number, code = told(sent(town, files=[(io.BytesIO(BAD), "<b>ป้าย</b>.png")]).text)
    scanned(town)
    letter_id = rows(town)[0].id

    page, status = clerk.get(f"/incoming/{letter_id}").text, look(town, number, code[:12]).text
    assert "ลบไฟล์แนบ" in page and "ติดไวรัส" in page and "ผู้ยื่นเห็นที่หน้าติดตาม ระบบส่งอีเมลบอกด้วย" in page
    assert "ไม่รับไฟล์" in status and "ติดไวรัส" in status and "โดยอ้างเลขรับเรื่องนี้" in status and "<b>ป้าย" not in status
    english = town.app.test_client().get(f"/w/f/{code}?lang=en").text
    assert "Not taken:" in english and "ติดไวรัส" not in english
    answer = clerk.get(f"/incoming/{letter_id}/files/{Digest.of(BAD).hex}")
    assert answer.status_code == 422 and EICAR not in answer.data
    assert "ลบไฟล์แนบที่ไม่ผ่านการตรวจ" in page, "it stands in the history"


def test_a_file_for_a_meeting_waits_and_the_secretary_cannot_open_it(town: Installation, clerk: Browser) -> None:
    meeting = called(town)
    guest, key = Browser(town.app.test_client()), people_of(town, meeting)[1].key
    answer = hand_in(guest, key, b"fine", "แผน.txt")
    own = guest.get(answer.headers["Location"]).text
    assert answer.status_code == 303 and "เก็บแยกไว้รอตรวจไวรัส" in own and "รอตรวจไวรัส" in own
    hand_in(guest, key, EICAR, "ร้าย.txt")

    program = Programs(town)["reading-clerk"]
    files = {one["name"]: one for one in program.get(f"/meetings/{meeting.id}").get_json()["files"]}
    page = clerk.get(f"/meetings/{meeting.id}").text
    assert {one["state"] for one in files.values()} == {"held"} and "เปิดและรับได้เมื่อตรวจแล้ว" in page
    assert f"take-{files['แผน.txt']['id']}" not in page
    address = f"/meetings/{meeting.id}/files/{files['แผน.txt']['id']}"
    assert clerk.get(address).status_code == 422 == program.get(address).status_code
    assert clerk.send(f"{address}/take").status_code in (302, 303, 409, 422)
    assert program.get(f"/meetings/{meeting.id}").get_json()["files"][0]["state"] == "held"

    scanned(town)
    page, own = clerk.get(f"/meetings/{meeting.id}").text, guest.get(f"/m/own/{key}").text
    assert f"take-{files['แผน.txt']['id']}" in page and clerk.get(address).data == b"fine"
    assert "ไม่ผ่านการตรวจ ไม่รับไว้" in own and "ติดไวรัส" in own and "รอเลขานุการรับ" in own
    assert clerk.get(f"/meetings/{meeting.id}/files/{files['ร้าย.txt']['id']}").status_code == 422


def test_what_the_secretary_puts_in_waits_on_the_page_under_its_item(town: Installation, clerk: Browser) -> None:
    meeting = called(town)
    program, guest = Programs(town)["reading-clerk"], Browser(town.app.test_client())
    address = f"/meetings/{meeting.id}"
    sent = {"item": "a1", "file": (io.BytesIO(b"fine"), "วาระ.txt")}
    said = clerk.send(f"{address}/files", sent, content_type="multipart/form-data", follow_redirects=True).text
    assert "เข้าชุดเอกสารเองเมื่อตรวจแล้ว ไม่ต้องใส่ซ้ำ" in said and "รอตรวจไวรัส" in said
    sent = {"item": "a1", "file": (io.BytesIO(EICAR), "ร้าย.txt")}
    answer = program.post(f"{address}/files", data=sent, content_type="multipart/form-data")
    assert [one["state"] for one in answer.get_json()["files"]] == ["held", "held"]
    assert "วาระ.txt" not in guest.get(f"/m/{meeting.code}").text

    scanned(town)
    page = clerk.get(address).text
    assert "วาระ.txt" in guest.get(f"/m/{meeting.code}").text and "รอตรวจไวรัส" not in page
