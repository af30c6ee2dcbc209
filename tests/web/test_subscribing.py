"""A person's mails and calendar: the own page, the administrator's, programs, and a telephone that has the address."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.notice_mail import MailState
from saraban.doorway.feeds import MOST_MISSES, MOST_READS
from saraban.reading.notice_mails import choices, last_mails
from saraban.usecases.admitting import issue_token
from saraban.usecases.digesting import send_notice_mail
from tests.web.installation import Installation

SETTINGS = "/notices/settings"


def entries(raw: bytes) -> list[tuple[str, date, str]]:
    """What stands in a calendar, as its library reads it: the words, the day, the whole text."""
    return [
        (str(one["SUMMARY"]), one.decoded("DTSTART"), one.to_ical().decode())
        for one in Calendar.from_ical(raw).walk("VEVENT")
    ]


def address_on(page: str) -> str:
    """The path of the calendar that a page shows once."""
    found = re.search(r"http://localhost(/calendar/[\w-]{32}\.ics)<", page)
    assert found is not None
    return found[1]


def test_a_person_chooses_where_and_by_what_to_be_told(town: Installation) -> None:
    director = town.client("reading-director")
    menu, page = director.get("/").text, director.get(SETTINGS).text
    wrong = director.send(SETTINGS, {"email": "somjai ที่บ้าน", "urgent": "1"})
    central = director.send(SETTINGS, {"email": "Saraban@learning.test", "digest": "1"})
    done = director.send(SETTINGS, {"email": " Kritaya@staff.example ", "urgent": "1"}, follow_redirects=True)

    assert f'href="{SETTINGS}"' in menu and "๐๗.๓๐ น." in page
    assert wrong.status_code == central.status_code == 422
    assert 'value="somjai ที่บ้าน"' in wrong.text and 'id="email-error"' in wrong.text
    assert not re.search(r'name="digest"[^>]* checked', wrong.text)
    assert "กล่องไปรษณีย์ของส่วนราชการ" in central.text
    assert "บันทึกการแจ้งเตือนแล้ว" in done.text
    with town.office.reading.connect() as reader:
        kept = choices(reader, town.actor("reading-director"))
    assert (kept.email, kept.digest, kept.urgent) == ("kritaya@staff.example", False, True)


def test_a_trial_mail_tells_what_became_of_it(town: Installation) -> None:
    director = town.client("reading-director")
    nowhere = director.send(f"{SETTINGS}/trial", follow_redirects=True).text
    director.send(SETTINGS, {"email": "gone@staff.example", "digest": "1"})
    town.post.refusing.add("gone@staff.example")
    director.send(f"{SETTINGS}/trial")
    again = director.send(f"{SETTINGS}/trial", follow_redirects=True).text
    while send_notice_mail(town.services):
        pass
    page = director.get(SETTINGS).text

    assert "ใส่อีเมลแจ้งเตือนแล้วบันทึกก่อน" in nowhere and "เพิ่งส่งอีเมลทดสอบไป" in again
    assert "ส่งไม่ได้" in page and "550 5.1.1 no such mailbox" in page
    with town.office.reading.connect() as reader:
        assert [row.state for row in last_mails(reader, town.actor("reading-director"))] == [MailState.FAILED]


def test_the_administrator_gives_addresses_and_owners_see_them(town: Installation) -> None:
    admin, who = town.client("reading-admin"), town.people["reading-director"]
    where = f"/admin/organisation/people/{who}"
    wrong = admin.send(f"{where}/email", {"email.email": "ไม่ใช่อีเมล"})
    done = admin.send(f"{where}/email", {"email.email": "kritaya@staff.example"}, follow_redirects=True).text
    made = admin.send(
        "/admin/organisation/people", {"add.name": "นายใหม่ มา", "add.username": "mai", "add.email": "mai@staff.example"}
    ).text

    assert wrong.status_code == 422 and "ไม่ใช่อีเมล" in wrong.text and "ที่อยู่อีเมลไม่ถูกแบบ" in wrong.text
    assert "kritaya@staff.example" in done and "ตั้งอีเมลแจ้งเตือน" in done
    assert "mai@staff.example" in made
    assert 'value="kritaya@staff.example"' in town.client("reading-director").get(SETTINGS).text
    assert town.client("reading-clerk").send(f"{where}/email", {"email.email": ""}).status_code == 403


@pytest.mark.only_database("sqlite")
def test_programs_set_mails_make_calendars_and_withdraw_them(town: Installation) -> None:
    program, token = town.app.test_client(), issue_token(town.services, username="reading-director")
    bearer = {"Authorization": f"Bearer {token}"}
    first = program.get("/api/v1/notices/settings", headers=bearer).json
    changed = program.patch("/api/v1/notices/settings", headers=bearer, json={"email": "a@staff.example"}).json
    off = program.patch("/api/v1/notices/settings", headers=bearer, json={"digest": False}).json
    wrong = program.patch("/api/v1/notices/settings", headers=bearer, json={"email": "a"})
    made = program.post("/api/v1/notices/calendar", headers=bearer, json={})
    assert made.json is not None
    read = town.app.test_client().get(made.json["path"])
    gone = program.delete("/api/v1/notices/calendar", headers=bearer).json
    admin = {"Authorization": f"Bearer {issue_token(town.services, username='reading-admin')}"}
    person = f"/api/v1/organisation/people/{town.people['reading-head']}/email"
    given = program.post(person, headers=admin, json={"email": "head@staff.example"}).json

    assert first is not None and (first["email"], first["digest"], first["calendar_since"]) == ("", True, None)
    assert changed is not None and (changed["email"], changed["urgent"]) == ("a@staff.example", True)
    assert off is not None and (off["email"], off["digest"]) == ("a@staff.example", False)
    assert wrong.status_code == 422 and made.status_code == 201 and read.status_code == 200
    assert gone is not None and gone["calendar_since"] is None
    assert given is not None and given["email"] == "head@staff.example"


def test_a_telephone_reads_the_deadlines_without_a_cookie(town: Installation) -> None:
    director = town.client("reading-director")
    town.submitted(subject="ขอข้อมูลห้องสมุด, ด่วน", urgency=Urgency.URGENT)
    town.submitted(subject="สอบสวนเรื่องลับ", secrecy=Secrecy.CONFIDENTIAL, urgency=Urgency.MOST_URGENT)
    shown = director.send(f"{SETTINGS}/calendar").text
    where = address_on(shown)
    phone = town.app.test_client()
    answer = phone.get(where, headers={"User-Agent": "iOS/20.1 dataaccessd/1.0"})
    same = phone.get(where, headers={"If-None-Match": answer.headers["ETag"]})
    found = entries(answer.data)

    assert "data:image/svg+xml" in shown and where not in director.get(SETTINGS).text
    assert answer.status_code == 200 and answer.mimetype == "text/calendar" and same.status_code == 304
    assert "private" in answer.headers["Cache-Control"] and "Set-Cookie" not in answer.headers
    assert [row[0] for row in found] == ["เกษียนเสนอ: หนังสือมีชั้นความลับ", "เกษียนเสนอ: ขอข้อมูลห้องสมุด, ด่วน"]
    day = town.clock.now().date()
    assert day <= found[0][1] < found[1][1] <= day + timedelta(days=7)
    assert "สอบสวน" not in answer.text and "CLASS:CONFIDENTIAL" in found[0][2]


def test_a_calendar_follows_what_is_done_and_who_holds_its_address(town: Installation) -> None:
    director, phone = town.client("reading-director"), town.app.test_client()
    first = address_on(director.send(f"{SETTINGS}/calendar").text)
    empty = entries(phone.get(first).data)
    town.endorsed()
    town.submitted(subject="ยังรออยู่")
    waiting = [row[0] for row in entries(phone.get(first).data)]
    second = address_on(director.send(f"{SETTINGS}/calendar").text)
    old = phone.get(first).status_code
    director.send(f"{SETTINGS}/calendar/withdraw")

    assert empty == [] and waiting == ["เกษียนเสนอ: ยังรออยู่"]
    assert old == 404 and first != second and phone.get(second).status_code == 404


@pytest.mark.only_database("sqlite")
def test_addresses_that_open_nothing_look_alike_and_are_paced(town: Installation) -> None:
    director, phone = town.client("reading-director"), town.app.test_client()
    where = address_on(director.send(f"{SETTINGS}/calendar").text)
    answers = {phone.get(f"/calendar/{token}.ics").data for token in ("x", "ก", "a" * 32, "b" * 500)}
    for _ in range(MOST_MISSES):
        last = phone.get("/calendar/x.ics")
    neighbour = {"REMOTE_ADDR": "203.0.113.9"}
    reads = [phone.get(where, environ_overrides=neighbour).status_code for _ in range(MOST_READS + 1)]

    assert len(answers) == 1 and last.status_code == 429 and last.headers["Retry-After"] == "600"
    assert reads == [200] * MOST_READS + [429]


@pytest.mark.only_database("sqlite")
def test_a_calendar_of_an_account_that_was_closed_opens_nothing(town: Installation) -> None:
    where = address_on(town.client("reading-director").send(f"{SETTINGS}/calendar").text)
    closing = f"/admin/organisation/people/{town.people['reading-director']}/close"
    town.client("reading-admin").send(closing, {"close.reason": "ลาออก"})

    assert town.app.test_client().get(where).status_code == 404


@pytest.mark.only_database("sqlite")
def test_the_hour_of_the_morning_is_set_by_the_administrator(town: Installation) -> None:
    admin = town.client("reading-admin")
    wrong = admin.send("/admin/options/notice-mail", {"digest": "y", "digest_at": "๒๕:๐๐"})
    admin.send("/admin/options/notice-mail", {"digest_at": "๘.๑๕"})
    page, own = admin.get("/admin/options/notice-mail").text, admin.get(SETTINGS).text

    assert wrong.status_code == 422 and 'value="๒๕:๐๐"' in wrong.text and "ใส่เวลาเป็นชั่วโมงและนาที" in wrong.text
    assert 'value="๐๘:๑๕"' in page and "ส่วนราชการปิดสรุปงานประจำวันไว้" in own
