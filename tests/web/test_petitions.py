"""Letters from the public on the agency's screens: registered in one press, answered, listed while they wait."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from saraban.domain.board import Asked, BoardScope
from saraban.reading.boards import board
from saraban.storage.tables.petitions import petitions
from tests.api.program import Programs
from tests.databases import new_sqlite
from tests.fakes import FixedClock
from tests.rendering.test_verification_code import a_ready_pdf
from tests.web.installation import LEARNING, READING, Browser, Installation, build_installation
from tests.web.public_town import PUBLIC, decide
from tests.web.test_petition_form import look, rows, sent, told


@pytest.fixture
def town(tmp_path: Path, clock: FixedClock) -> Iterator[Installation]:
    # The use cases have their tests on both databases; here the pages are what counts.
    made = build_installation(tmp_path, new_sqlite(tmp_path), clock, public_url=PUBLIC)
    decide(made, petitions=True)
    yield made
    made.close()


def test_from_the_letter_to_its_answer(town: Installation, clerk: Browser) -> None:
    number, code = told(sent(town).text)
    letter_id = rows(town)[0].id
    page = clerk.get(f"/incoming/{letter_id}").text
    assert "เรื่องจากประชาชน" in page and number in page and "ถือว่าได้รับ" in page and "ลงรับ" in page
    early = clerk.get(f"/petitions/{letter_id}/answer").text
    assert "ลงรับก่อน" in early
    assert clerk.send(f"/incoming/{letter_id}/register").status_code == 302

    empty = clerk.send(f"/petitions/{letter_id}/answer")
    spoiled = clerk.send(f"/petitions/{letter_id}/answer", {"file": (io.BytesIO(b"%PDF-1.7"), "a.pdf")})
    done = clerk.send(f"/petitions/{letter_id}/answer", {"file": (io.BytesIO(a_ready_pdf()), "ตอบ.pdf")})

    assert (empty.status_code, spoiled.status_code, done.status_code) == (422, 422, 302)
    assert "ส่งคำตอบที่หน้าติดตามและทางอีเมลแล้ว" in clerk.get(done.headers["Location"]).text
    assert "รับไฟล์คำตอบ" in look(town, number, code[:12]).text
    assert f'href="/incoming/{letter_id}/forward"' not in clerk.get(f"/incoming/{letter_id}").text
    assert "ตอบผู้ยื่นเรื่องแล้ว ส่งต่อไม่ได้" in clerk.get(f"/incoming/{letter_id}/forward").text
    assert town.client("reading-records").get(f"/petitions/{letter_id}/answer").status_code in (403, 404)


def test_sent_back_with_the_name_of_the_right_agency_or_sent_on_from_the_register(
    town: Installation, clerk: Browser
) -> None:
    number, code = told(sent(town).text)
    address, said = f"/incoming/{rows(town)[0].id}", {"code": "not-addressee", "text": "อยู่ในเขตของเทศบาล <b>"}
    missing = clerk.send(f"{address}/refuse", said)
    assert missing.status_code == 422 and "ใส่ชื่อหน่วยงานที่รับผิดชอบ" in missing.text and "อยู่ในเขตของเทศบาล" in missing.text
    assert clerk.send(f"{address}/refuse", said | {"responsible": "เทศบาลตำบลบ้านไร่"}).status_code == 302
    page = look(town, number, code[:12]).text
    assert "เทศบาลตำบลบ้านไร่" in page and "อยู่ในเขตของเทศบาล &lt;b&gt;" in page
    assert clerk.get(address).text.count("เทศบาลตำบลบ้านไร่") >= 2, "on the letter and in its history"

    number, code = told(sent(town, subject="เรื่องที่สอง").text)
    address = f"/incoming/{next(row.id for row in rows(town) if row.subject == 'เรื่องที่สอง')}"
    clerk.send(f"{address}/register")
    assert f'href="{address}/forward"' in clerk.get(address).text
    assert "เลขรับคงเดิม" in clerk.get(f"{address}/forward").text
    assert clerk.send(f"{address}/forward", {"to": LEARNING}).status_code == 302
    assert "เลขรับคงเดิม" in clerk.get(address).text and f'href="{address}/forward"' not in clerk.get(address).text
    page = look(town, number, code[:12]).text
    assert "ส่งต่อไปยัง" in page and "สำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต" in page


def test_who_waits_is_listed_and_late_ones_stand_out(town: Installation, clerk: Browser) -> None:
    assert "ไม่มีเรื่องที่ยังไม่ตอบ" in clerk.get("/petitions").text
    sent(town)
    listed = clerk.get("/petitions").text
    assert "ขอทราบผล" in listed and f"{PUBLIC}/w/to/{READING}" in listed and "ครบกำหนด" in listed
    town.clock.pass_by(timedelta(days=20))

    late = clerk.get("/petitions?show=late").text
    assert "เกินกำหนด" in late and "ขอทราบผล" in late and "เกินกำหนด ๑ เรื่อง" in late
    board = town.client("reading-head").get("/boards?scope=agency").text
    assert "เกินกำหนดตอบ" in board and "/petitions?show=late" in board
    assert "ขอทราบผล" not in clerk.get("/petitions?show=done").text
    assert "ขอทราบผล" not in town.client("learning-clerk").get("/petitions?show=all").text


def test_every_list_tells_the_day_of_the_answer_and_not_that_of_a_speed_class(
    town: Installation, clerk: Browser
) -> None:
    sent(town)
    with town.office.reading.connect() as reader:
        [day] = reader.execute(select(petitions.c.due_on)).scalars()
    town.clock.move_to(datetime.combine(day - timedelta(days=1), time(5), UTC))
    [line] = Programs(town)["reading-clerk"].get("/incoming?state=new").get_json()["items"]
    assert (line["deadline"]["day"], line["deadline"]["standing"]) == (day.isoformat(), "near")
    for page in (clerk.get("/incoming?state=new").text, clerk.get("/").text):
        assert "ขอทราบผล" in page and "เกินกำหนด" not in page and "ครบกำหนด" in page
    with town.office.reading.connect() as reader:
        found = board(reader, town.actor("reading-head"), Asked(BoardScope.AGENCY), town.clock.now())
    assert [(row.count, row.late) for row in found.waiting if row.code == "register"] == [(1, 0)]


def test_what_is_not_ours_is_sent_on_and_the_sender_sees_to_whom(town: Installation, clerk: Browser) -> None:
    number, code = told(sent(town).text)
    letter_id = rows(town)[0].id
    assert "ชื่อและที่ติดต่อของผู้ยื่น" in clerk.get(f"/incoming/{letter_id}/forward").text
    done = clerk.send(f"/incoming/{letter_id}/forward", {"to": LEARNING, "reason": "หน้าที่ของกรมนั้น"})
    assert done.status_code == 302
    assert "ผู้ยื่นเห็นที่หน้าติดตาม" in clerk.get(done.headers["Location"]).text

    page = look(town, number, code[:12]).text
    assert "ส่งต่อหน่วยงานที่รับผิดชอบแล้ว" in page and "ส่งเสริมการเรียนรู้" in page and "หน้าที่ของกรมนั้น" not in page
    town.carry()
    assert "ขอทราบผล" in town.client("learning-clerk").get("/incoming").text


def test_the_administrator_opens_and_closes_the_form_and_sets_the_days(town: Installation) -> None:
    admin, visitor = town.client("reading-admin"), town.app.test_client()
    wrong = admin.send("/admin/options/petitions", {"petitions": "y", "petition_days": "๐"})
    kept = admin.send("/admin/options/petitions", {"petition_days": "๓๐"})

    assert wrong.status_code == 422 and kept.status_code == 302
    assert "๓๐" in admin.get("/admin/options/petitions").text
    assert visitor.get(f"/w/to/{READING}").status_code == 404
    assert "ไม่มีหน่วยงาน" in visitor.get("/w").text


def test_its_page_tells_one_day_of_the_answer_and_not_that_of_its_urgency_too(
    town: Installation, clerk: Browser
) -> None:
    sent(town)
    page = clerk.get(f"/incoming/{rows(town)[0].id}").text

    head = page[page.index("<h1") - 3_000 : page.index("<h1") + 500]
    assert "จากประชาชน" in head and "ครบกำหนด" not in head
    assert page.count("ครบกำหนด") == 1


def test_of_one_that_went_on_its_page_speaks_of_who_wrote_and_not_of_a_sender_with_a_seal(
    town: Installation, clerk: Browser
) -> None:
    sent(town)
    letter_id = rows(town)[0].id
    assert clerk.send(f"/incoming/{letter_id}/forward", {"to": LEARNING}).status_code == 302

    page = clerk.get(f"/incoming/{letter_id}").text
    assert "พร้อมไฟล์ของผู้ยื่น ผู้ยื่นเห็นที่หน้าติดตาม" in page and "หลักฐานของผู้ส่ง" not in page
