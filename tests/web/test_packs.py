"""The pages of a meeting for those who have no account, and who comes to them uninvited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from saraban.domain.meeting import Access, read_agenda
from saraban.domain.meeting_people import Invited
from saraban.domain.numbering import thai_digits
from saraban.doorway.packs import MOST_MISSES, MOST_NUMBERS, MOST_TRIES_OF_ONE, pack_desk
from saraban.storage.tables.exchange import outbox
from saraban.usecases import convening, packing
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.rendering.codes import read_picture_at_all
from tests.web.installation import Browser, Installation, build_installation
from tests.web.meeting_town import SITE, a_pdf, called, hand_in, people_of, put, the

EVIL = '"><script>alert(1)</script>{{7*7}}'
EVIL_NAME = "'><img src=x onerror=alert(1)>{{7*7}}.txt"


@pytest.fixture
def town(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[Installation]:
    """Two agencies, reached under a public address."""
    made = build_installation(tmp_path, new_database, clock, public_url=SITE)
    yield made
    made.close()


@pytest.fixture
def phone(town: Installation) -> Browser:
    """A telephone that nobody signed in with."""
    return town.client()


def number_to(town: Installation, mail: str) -> str:
    """The code in the last mail to this address."""
    with town.app.app_context():
        pack_desk().settle()
    town.carry()
    raw = [raw for to, raw in town.elsewhere if to == mail][-1]
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert body is not None
    assert "ครั้งที่ ๓/๒๕๖๙" in body.get_content(), "numbers as the page writes them"
    return re.findall(r"\b[0-9]{8}\b", body.get_content())[0]


def test_a_pack_opens_on_a_phone_by_item_with_new_editions_marked(town: Installation, phone: Browser) -> None:
    meeting = called(town, agenda=read_agenda("เรื่องแจ้ง\nเรื่องพิจารณา\n- งบประมาณ\n- แผน"))
    first = put(town, meeting, a_pdf(pages=3))
    put(town, meeting, a_pdf(pages=4), replaces=first, note="แก้ตารางที่ ๒")
    answer = phone.get(f"/m/{meeting.code}")

    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store" and "noindex" in answer.headers["X-Robots-Tag"]
    text = answer.text
    assert "วาระที่ ๑" in text and "ฉบับใหม่ ฉบับที่ ๒" in text and "แก้ตารางที่ ๒" in text and "ฉบับก่อนหน้า (๑)" in text
    assert "งดแจกเอกสารเป็นกระดาษ" in text and "rak@forest.test" not in text and "นางสาวรัก" not in text
    assert text.count("ยังไม่มีไฟล์") == 2, "an item of which others stand below says nothing of files"
    english = phone.get(f"/m/{meeting.code}?lang=en").text
    assert "Item 1" in english and "New edition, no. 2" in english and 'lang="en"' in english
    for link in re.findall(rf'href="(/m/{meeting.code}/files/[0-9a-f]+)"', text):
        file = phone.get(link)
        assert file.mimetype == "application/pdf" and file.data.startswith(b"%PDF")
        assert file.headers["Content-Disposition"].startswith("inline")
        assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_what_browsers_might_run_is_only_saved(town: Installation, phone: Browser) -> None:
    meeting = called(town)
    put(town, meeting, b"<html><script>alert(1)</script>", "page.txt")
    link = re.findall(r'href="(/m/[^"]+/files/[^"]+)"', phone.get(f"/m/{meeting.code}").text)[0]
    answer = phone.get(link)
    assert answer.headers["Content-Disposition"].startswith("attachment") and answer.mimetype == "text/plain"


def test_unknown_restricted_closed_and_cancelled_packs_look_alike(town: Installation, phone: Browser) -> None:
    shut, cancelled, over = called(town, access=Access.CODE), called(town), called(town, closes_on=None)
    put(town, shut, a_pdf(pages=1))
    clerk = town.actor("reading-clerk")
    convening.cancel_meeting(town.services, actor=clerk, meeting_id=cancelled.id, reason="ห้องไม่ว่าง")
    with town.services.uow() as uow:
        held = uow.meetings.get(over.agency_id, over.id)
        held.closes_on = town.clock.now().date() - timedelta(days=1)
        uow.meetings.save(held)
        uow.commit()
    waiting = [shut.code, cancelled.code, over.code, "0" * 20, shut.code.lower(), "not-a-code"]

    answers = [phone.get(f"/m/{code}") for code in waiting]
    bodies = {answer.text.replace(code, "CODE") for answer, code in zip(answers, waiting, strict=True)}
    assert {answer.status_code for answer in answers} == {200} and len(bodies) == 1
    for path in (f"files/{'0' * 64}", "files/../../etc/passwd", "files/x"):
        assert len({phone.get(f"/m/{code}/{path}").status_code for code in waiting}) == 1
    asked = [phone.post(f"/m/{code}/code", {"mail": "rak@forest.test"}) for code in waiting]
    assert len({answer.text.replace(code, "CODE") for answer, code in zip(asked, waiting, strict=True)}) == 1
    tried = [phone.post(f"/m/{code}/open", {"mail": "rak@forest.test", "number": "12345678"}) for code in waiting]
    assert {answer.status_code for answer in tried} == {422}
    assert len({answer.text.replace(code, "CODE") for answer, code in zip(tried, waiting, strict=True)}) == 1


def test_a_restricted_pack_opens_with_the_code_of_the_mail_and_for_nobody_else(
    town: Installation, phone: Browser
) -> None:
    meeting = called(town, access=Access.CODE)
    other = called(town, access=Access.CODE)
    put(town, meeting, a_pdf(pages=1))
    phone.post(f"/m/{meeting.code}/code", {"mail": "Rak@Forest.test"})
    number = number_to(town, "rak@forest.test")
    assert "รหัสไม่ถูกต้อง" in phone.post(f"/m/{meeting.code}/open", {"mail": "rak@forest.test", "number": "1"}).text

    typed = thai_digits(f"{number[:4]} {number[4:]}")
    answer = phone.post(f"/m/{meeting.code}/open", {"mail": "rak@forest.test", "number": typed})
    cookie = answer.headers["Set-Cookie"]
    assert answer.status_code == 303 and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert f"Path=/m/{meeting.code}" in cookie and "Max-Age=43200" in cookie
    text = phone.get(f"/m/{meeting.code}").text
    assert "วาระที่ ๑" in text
    link = re.findall(r'href="(/m/[^"]+/files/[^"]+)"', text)[0]
    assert phone.get(link).data.startswith(b"%PDF")
    assert "วาระที่" not in town.client().get(f"/m/{meeting.code}").text
    assert b"%PDF" not in town.client().get(link).data
    value = cookie.partition("=")[2].partition(";")[0]
    phone.client.set_cookie("meeting-pack", value, path="/m")
    assert "วาระที่" not in phone.get(f"/m/{other.code}").text
    for forged in (value[:-1], value + "A", "x", '["a", "b"]'):
        thief = town.client()
        thief.client.set_cookie("meeting-pack", forged, path="/m")
        assert "วาระที่" not in thief.get(f"/m/{meeting.code}").text
    person = people_of(town, meeting)[1]
    convening.remove_person(
        town.services, actor=town.actor("reading-clerk"), meeting_id=meeting.id, person_id=person.id
    )
    assert "วาระที่" not in phone.get(f"/m/{meeting.code}").text, "who is taken off the list is out"


def test_guessing_is_slow(town: Installation, phone: Browser) -> None:
    meeting = called(town, access=Access.CODE)
    tries = [phone.post(f"/m/{meeting.code}/open", {"mail": "rak@forest.test", "number": f"{n:08}"}).status_code
             for n in range(MOST_TRIES_OF_ONE + 1)]  # fmt: skip
    assert tries == [422] * MOST_TRIES_OF_ONE + [429]
    unknown = [phone.post(f"/m/{'0' * 20}/open", {"mail": "x@y.test", "number": "1"}).status_code for _ in range(6)]
    assert unknown == tries
    asked = [
        phone.post(f"/m/{meeting.code}/code", {"mail": f"a{n}@b.test"}).status_code for n in range(MOST_NUMBERS + 1)
    ]
    assert asked == [200] * MOST_NUMBERS + [429]
    with town.app.app_context():
        for _ in range(MOST_MISSES):
            pack_desk().misses.note("127.0.0.1")
    for path in (meeting.code, "0" * 20, f"own/{'0' * 20}", f"room/{meeting.room}"):
        waiting = phone.get(f"/m/{path}", headers={"X-Forwarded-For": "203.0.113.9"})
        assert waiting.status_code == 429 and waiting.headers["Retry-After"] == "600"
    assert town.client("reading-clerk").get(f"/meetings/{meeting.id}").status_code == 200


@pytest.mark.only_database("sqlite")
def test_a_pack_that_is_restricted_and_one_that_never_was_take_as_long(town: Installation, phone: Browser) -> None:
    meeting = called(town, access=Access.CODE)
    for n in range(30):
        put(town, meeting, f"{n}".encode(), f"{n}.txt")

    known, unknown = list[float](), list[float]()
    for _ in range(40):  # in turns, so that a busy machine is busy for both
        for code, spans in ((meeting.code, known), ("0" * 20, unknown)):
            begin = perf_counter()
            phone.get(f"/m/{code}")
            spans.append(perf_counter() - begin)
    assert 0.5 < median(known) / median(unknown) < 2


def test_a_participant_hands_a_file_in_and_sees_what_becomes_of_it(town: Installation, phone: Browser) -> None:
    meeting = called(town)
    person = people_of(town, meeting)[1]
    page = phone.get(f"/m/own/{person.key}")
    assert "นางสาวรัก อ่าน" in page.text and "ส่งไฟล์เข้าที่ประชุม" in page.text and "ลงชื่อได้ตั้งแต่" in page.text
    sent = hand_in(phone, person.key, "แผนงาน".encode(), note="ร่าง")
    assert sent.status_code == 303 and "ได้รับไฟล์แล้ว" in phone.get(sent.headers["Location"]).text
    assert "รอเลขานุการรับ" in phone.get(f"/m/own/{person.key}").text
    assert "แผน.txt" not in phone.get(f"/m/{meeting.code}").text
    with town.services.uow() as uow:
        file = uow.meetings.files(meeting.id)[0]
    clerk = town.actor("reading-clerk")
    packing.take_file(town.services, actor=clerk, meeting_id=meeting.id, file_id=file.id)
    mine = phone.get(f"/m/own/{person.key}").text
    assert "อยู่ในชุดเอกสารแล้ว" in mine
    drawn = re.findall(r'href="(/m/own/[^"]+/qr.png)"', mine)[0]
    [address] = read_picture_at_all(phone.get(drawn).data, side_cm=3)
    assert len(address) <= 150 and phone.get(address.removeprefix(SITE)).data == "แผนงาน".encode()
    assert phone.get(drawn.replace(file.sha256.hex, "0" * 64)).status_code == 404
    assert "แผน.txt" in phone.get(f"/m/{meeting.code}").text


def test_what_cannot_be_taken_is_told_beside_its_field_and_what_was_typed_stays(
    town: Installation, phone: Browser
) -> None:
    key = people_of(town, called(town))[1].key
    bad = hand_in(phone, key, b"MZ", "run.exe", note="ข้อความที่พิมพ์ไว้")
    assert bad.status_code == 422 and "รับเฉพาะ PDF" in bad.text and "ข้อความที่พิมพ์ไว้" in bad.text
    english = hand_in(phone, key, b"<script>", "a.pdf", "?lang=en")
    assert english.status_code == 422 and "This file cannot be taken" in english.text
    none = phone.post(f"/m/own/{key}/files", {"item": "a1"}, content_type="multipart/form-data")
    assert none.status_code == 422 and "เลือกไฟล์ก่อน" in none.text
    assert hand_in(phone, key, item="a99").status_code == 422


def test_a_replayed_upload_is_refused_after_the_deadline_and_by_a_link_that_is_gone(
    town: Installation, phone: Browser
) -> None:
    meeting = called(town, hand_in_until=town.clock.now() + timedelta(hours=1))
    key = people_of(town, meeting)[1].key
    assert [hand_in(phone, key, b"once").status_code for _ in range(2)] == [303, 303]
    town.clock.pass_by(timedelta(hours=2))
    late = hand_in(phone, key, b"once")
    assert late.status_code == 409 and "พ้นกำหนดส่งไฟล์แล้ว" in late.text
    with town.services.uow() as uow:
        assert len(uow.meetings.files(meeting.id)) == 1
    town.clock.pass_by(timedelta(days=60))
    for ask in (
        lambda k: phone.get(f"/m/own/{k}"),
        lambda k: hand_in(phone, k),
        lambda k: phone.post(f"/m/own/{k}/here", {}),
    ):
        gone, never = ask(key), ask("0" * 20)
        assert (gone.status_code, gone.text) == (never.status_code, never.text) and gone.status_code == 404


def test_no_name_of_a_person_a_file_or_a_meeting_becomes_markup(town: Installation, phone: Browser) -> None:
    meeting = called(town, title=EVIL, place=EVIL, people=(Invited(EVIL, EVIL, EVIL, "e@v.test"),))
    key = people_of(town, meeting)[0].key
    assert hand_in(phone, key, b"x", EVIL_NAME, note=EVIL).status_code == 303
    first = put(town, meeting, b"1", f"{EVIL}.txt")
    put(town, meeting, b"2", f"{EVIL}.txt", replaces=first, note=EVIL)
    town.clock.pass_by(timedelta(days=2))
    phone.post(f"/m/own/{key}/here", {"stands_in": EVIL})
    clerk = town.client("reading-clerk")
    pages = [phone.get(f"/m/{path}") for path in (meeting.code, f"own/{key}", f"room/{meeting.room}")]
    pages += [clerk.get("/meetings"), clerk.get(f"/meetings/{meeting.id}"), clerk.get(f"/meetings/{meeting.id}/edit")]
    pages += [phone.post(f"/m/{meeting.code}/code", {"mail": f"{EVIL}@x"}), phone.get(f"/m/{EVIL}")]
    for page in pages:
        assert page.status_code in (200, 404) and "<script>alert" not in page.text and "<img src=x" not in page.text
    link = re.findall(r'href="(/m/[^"]+/files/[^"]+)"', pages[0].text)[0]
    assert not re.search(r"[<>\r\n]", phone.get(link).headers["Content-Disposition"])


def test_one_signs_in_by_the_own_link_and_at_the_door_only_while_it_is_time(town: Installation, phone: Browser) -> None:
    meeting = called(town)
    chair, person = people_of(town, meeting)
    assert phone.get(f"/m/room/{meeting.room}").status_code == 404
    assert phone.post(f"/m/own/{person.key}/here", {}).status_code == 409
    town.clock.pass_by(timedelta(days=2))

    door = phone.get(f"/m/room/{meeting.room}")
    assert "นางปราณี มีสุข" in door.text and "rak@forest.test" not in door.text and person.key not in door.text
    assert phone.post(f"/m/room/{meeting.room}", {"who": "x"}).status_code == 422
    done = phone.post(f"/m/room/{meeting.room}", {"who": str(chair.id)})
    assert "ลงชื่อเข้าประชุมแล้ว" in done.text and str(chair.id) not in done.text
    assert phone.post(f"/m/own/{person.key}/here", {"stands_in": "นายแทน"}).status_code == 303
    signed = phone.get(f"/m/own/{person.key}").text
    assert "ลงชื่อเข้าประชุมแล้ว" in signed and "ผู้มาแทน" in signed and "นายแทน" in signed
    assert [one.presence.value for one in people_of(town, meeting)] == ["present", "present"]
    other = people_of(town, called(town))[0]
    assert phone.post(f"/m/room/{meeting.room}", {"who": str(other.id)}).status_code == 404


def test_asking_for_a_code_writes_nothing_before_the_answer(town: Installation, phone: Browser) -> None:
    meeting = called(town, access=Access.CODE)
    phone.post(f"/m/{meeting.code}/code", {"mail": "stranger@else.test"})
    assert phone.post(f"/m/{meeting.code}/code", {"mail": "no-address"}).status_code == 422
    with town.app.app_context():
        pack_desk().settle()
    with town.office.reading.connect() as reader:
        assert reader.execute(outbox.select()).all() == []
    assert the(town, meeting.id).version == 1
