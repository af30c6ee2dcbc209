"""Meetings on the screens of their secretary."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update

from saraban.domain.letter import LetterId
from saraban.domain.meeting import read_agenda
from saraban.domain.meeting_words import minutes_of
from saraban.storage.tables.meetings import meetings
from saraban.usecases import drafting
from tests.api.program import Programs
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.web.installation import Installation, build_installation
from tests.web.meeting_town import SITE, a_pdf, called, hand_in, people_of, put

FORM = {
    "title": "ประชุมคณะกรรมการบริหาร", "session": "๓/๒๕๖๙", "committee": "คณะกรรมการบริหาร", "place": "ห้องประชุม ๑",
    "day": "๒๕/๑๑/๒๕๖๙", "begins": "๙.๓๐", "ends": "12:00", "access": "link", "agenda": "เรื่องแจ้ง\r\nเรื่องพิจารณา\r\n- งบ",
    "people": "นางสาวรัก อ่าน | ผู้อำนวยการ | กรมป่าไม้ | rak@forest.test | กรรมการ",
}  # fmt: skip


@pytest.fixture
def town(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[Installation]:
    """Two agencies, reached under a public address."""
    made = build_installation(tmp_path, new_database, clock, public_url=SITE)
    yield made
    made.close()


def test_a_meeting_is_called_by_a_form_that_keeps_what_was_typed(town: Installation) -> None:
    clerk = town.client("reading-clerk")
    assert "เรื่องรับรองรายงานการประชุม" in clerk.get("/meetings/new").text
    bad = clerk.send("/meetings/new", FORM | {"day": "๓๑/๒", "ends": "๘.๐๐", "people": "นายเอก | | | ไม่ใช่อีเมล"})
    assert bad.status_code == 422 and "๓๑/๒" in bad.text and "อีเมลไม่ถูกต้อง" in bad.text
    assert "มี ๒ ช่องต้องแก้" in bad.text and "ไม่มีในปฏิทิน" in bad.text, "what is wrong elsewhere is told with it"
    empty = clerk.send("/meetings/new", FORM | {"title": "", "place": " ", "day": "", "begins": "เช้า"}).text
    assert all(words in empty for words in ("ใส่ชื่อการประชุม", "ใส่สถานที่ประชุม", "ใส่วันประชุม")), "all of it at once"
    early = clerk.send("/meetings/new", FORM | {"ends": "๘.๐๐"})
    assert early.status_code == 422 and "เวลาเลิกต้องหลังเวลาเริ่ม" in early.text

    address = clerk.send("/meetings/new", FORM).headers["Location"]
    page = clerk.get(address).text
    assert "ประชุมคณะกรรมการบริหาร ครั้งที่ ๓/๒๕๖๙" in page and "๒๕ พ.ย. ๒๕๖๙ ๐๙.๓๐ น." in page.replace("\u00a0", " ")
    assert "๒.๑" in page and "นางสาวรัก อ่าน" in page and f"{SITE}/m/" in page
    assert clerk.get(f"{address}/qr/pack.png").data.startswith(b"\x89PNG")
    names = re.findall(r'\sid="([^"]+)"', page)
    assert len(names) == len(set(names)), "a label that names two things names the wrong one"
    edited = clerk.get(f"{address}/edit").text
    version = re.findall(r'name="version" value="(\d+)"', edited)[0]
    assert clerk.send(f"{address}/edit", FORM | {"place": "ห้อง ๙", "version": version}).status_code == 302
    assert "ห้อง ๙" in clerk.get(address).text
    stale = clerk.send(f"{address}/edit", FORM | {"version": version})
    assert stale.status_code == 409 and "มีผู้แก้การประชุมนี้" in stale.text
    assert "ประชุมคณะกรรมการบริหาร" in clerk.get("/meetings").text
    assert town.client("learning-clerk").get(address).status_code == 404
    head = town.client("reading-head")
    assert head.get(address).status_code == 200 and "ยกเลิกการประชุม" not in head.get(address).text
    assert head.get(f"{address}/qr/room.png").status_code == 404
    assert head.send(f"{address}/people", {"people": "นายเอก"}).status_code == 403


def test_the_secretary_takes_what_was_handed_in_and_the_page_counts_the_sheets(town: Installation) -> None:
    meeting = called(town)
    clerk, phone = town.client("reading-clerk"), town.client()
    address = f"/meetings/{meeting.id}"
    first = put(town, meeting, a_pdf(pages=5))
    key = people_of(town, meeting)[1].key
    hand_in(phone, key, a_pdf(pages=6), "แก้แล้ว.pdf")
    hand_in(phone, key, b"x", "ผิด.txt")
    page = clerk.get(address).text
    assert "๑๐ หน้า หรือ ๖ แผ่น" in page and "ไฟล์ที่ผู้เข้าประชุมส่งมา" in page
    ids = dict(re.findall(r'/files/([0-9a-f-]{36})">([^<]+)<', page))
    by_name = {name: one for one, name in ids.items()}
    assert clerk.get(f"{address}/files/{by_name['แก้แล้ว.pdf']}").data.startswith(b"%PDF")
    taken = clerk.send(
        f"{address}/files/{by_name['แก้แล้ว.pdf']}/take",
        {"replaces": str(first), "note": "เพิ่มหน้า ๖"},
        follow_redirects=True,
    )
    assert "รับไฟล์เข้าชุดเอกสารแล้ว" in taken.text and "๑๒ หน้า หรือ ๖ แผ่น" in taken.text and "ฉบับที่ ๒" in taken.text
    refused = clerk.send(f"{address}/files/{by_name['ผิด.txt']}/refuse", {"reason": "ผิดฉบับ"}, follow_redirects=True)
    assert "ไฟล์ที่ไม่รับ" in refused.text
    bad = clerk.client.post(
        f"{address}/files",
        data={"csrf_token": clerk.token(), "item": "a1", "file": (io.BytesIO(b"MZ"), "a.exe")},
        content_type="multipart/form-data",
    )
    assert bad.status_code == 422 and "รับเฉพาะ PDF" in bad.text
    assert "แก้แล้ว.pdf" in phone.get(f"/m/{meeting.code}").text


@pytest.mark.only_database("sqlite")
def test_people_links_and_presence_are_kept_on_the_page(town: Installation) -> None:
    meeting = called(town)
    clerk, address = town.client("reading-clerk"), f"/meetings/{meeting.id}"
    bad = clerk.send(f"{address}/people", {"people": "นายเอก | | | x"})
    assert bad.status_code == 422 and "นายเอก | | | x" in bad.text and "บรรทัดที่ ๑" in bad.text
    clerk.send(f"{address}/people", {"people": "นายใหม่ | ที่ปรึกษา | | | ผู้เข้าร่วมประชุม"})
    chair, rak, new = people_of(town, meeting)
    sent = clerk.send(f"{address}/links", {}, follow_redirects=True)
    assert "ลิงก์กำลังส่งทางอีเมล" in sent.text and sent.text.count("ส่งลิงก์แล้ว") == 2
    town.carry()
    assert {to for to, _ in town.elsewhere} == {"chair@dept.test", "rak@forest.test"}
    clerk.send(f"{address}/people/{new.id}/remove", {})
    clerk.send(f"{address}/people/{chair.id}/presence", {"presence": "absent", "reason": "ติดราชการ"})
    assert "ติดราชการ" in clerk.get(address).text
    assert [one.id for one in people_of(town, meeting)] == [chair.id, rak.id]
    assert clerk.get(f"{address}/qr/{rak.id}.png").data.startswith(b"\x89PNG")
    assert "ยังไม่ถึงเวลาประชุม" in clerk.send(f"{address}/end", {}, follow_redirects=True).text
    town.clock.pass_by(timedelta(days=2))
    assert "ประชุมเสร็จแล้ว" in clerk.send(f"{address}/end", {}, follow_redirects=True).text
    moved = clerk.send(f"{address}/closing", {"closes_on": "๑/๑๒/๒๕๖๙"}, follow_redirects=True)
    assert "๑ ธันวาคม ๒๕๖๙" in moved.text
    past = clerk.get("/meetings?show=past").text
    assert "พฤศจิกายน ๒๕๖๙" in past and meeting.title in past
    other = called(town)
    cancelled = clerk.send(f"/meetings/{other.id}/cancel", {"reason": "ห้องไม่ว่าง"}, follow_redirects=True)
    assert "ห้องไม่ว่าง" in cancelled.text and "ยกเลิกการประชุมแล้ว" in cancelled.text


def test_a_participants_mail_with_the_mark_is_offered_and_one_press_hands_its_files_to_the_secretary(
    town: Installation,
) -> None:
    meeting = called(town)
    town.hand_in("saraban@reading.test", a_mail(f"Re: {meeting.mark} เอกสารประชุม", "rak@forest.test"))
    town.hand_in("saraban@reading.test", a_mail(f"{meeting.mark} หลอก", "stranger@else.test"))
    town.hand_in("saraban@reading.test", a_mail("ไม่มีเครื่องหมาย", "rak@forest.test"))
    town.carry()
    clerk = town.client("reading-clerk")
    found = re.findall(r'href="(/incoming/[0-9a-f-]{36})"', clerk.get("/incoming?state=held").text)
    pages = {address: clerk.get(address).text for address in dict.fromkeys(found)}
    offered = [address for address, text in pages.items() if "ไฟล์สำหรับการประชุม" in text]
    assert len(pages) == 3 and len(offered) == 1 and "นางสาวรัก อ่าน" in pages[offered[0]]

    done = clerk.send(f"{offered[0]}/to-meeting", {}, follow_redirects=True)
    assert "ส่งไฟล์ให้ฝ่ายเลขานุการการประชุมแล้ว ๑ ไฟล์" in done.text and "run.exe" in done.text
    assert "ไฟล์สำหรับการประชุม</h2>" not in done.text
    page = clerk.get(f"/meetings/{meeting.id}").text
    assert "ไฟล์ที่ผู้เข้าประชุมส่งมา" in page and "ส่งทางอีเมล" in page and "note.txt" in page
    again = clerk.send(f"{offered[0]}/to-meeting", {}, follow_redirects=True)
    assert "ส่งไฟล์ให้ฝ่ายเลขานุการการประชุมแล้ว" not in again.text
    others = [address for address in pages if address not in offered]
    assert {clerk.send(f"{address}/to-meeting", {}).status_code for address in others} == {404}
    assert town.client("learning-clerk").send(f"{offered[0]}/to-meeting", {}).status_code == 404
    town.hand_in("saraban@reading.test", a_mail(f"{meeting.mark} ทัน", "rak@forest.test", "ทัน"))
    town.carry()
    in_time = next(a for a in re.findall(r'href="(/incoming/[0-9a-f-]{36})"', clerk.get("/incoming?state=held").text)
                   if a not in pages)  # fmt: skip
    town.clock.pass_by(timedelta(days=3))
    town.hand_in("saraban@reading.test", a_mail(f"{meeting.mark} ช้า", "rak@forest.test", "ช้า"))
    town.carry()
    late = next(a for a in re.findall(r'href="(/incoming/[0-9a-f-]{36})"', clerk.get("/incoming?state=held").text)
                if a not in pages and a != in_time)  # fmt: skip
    assert "พ้นกำหนดส่งไฟล์" in clerk.send(f"{late}/to-meeting", {}, follow_redirects=True).text
    program = Programs(town)["reading-clerk"]
    assert program.post(f"{late}/to-meeting").status_code == 422
    answers = [program.post(f"{in_time}/to-meeting", key="files") for _ in range(2)]
    assert [(one.status_code, one.get_json()["state"]) for one in answers] == [(200, "set-aside")] * 2
    assert clerk.get(f"/meetings/{meeting.id}").text.count("note.txt</a>") == 2


def a_mail(subject: str, sender: str, words: str = "แผนงาน") -> bytes:
    """A mail of a person with two files, one of which no pack takes."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, "saraban@reading.test", subject
    mail["Message-ID"] = make_msgid(domain="forest.test")
    mail.set_content("แนบไฟล์มาพร้อมนี้")
    mail.add_attachment(words.encode(), "text", "plain", filename="note.txt")
    mail.add_attachment(b"MZ", "application", "octet-stream", filename="run.exe")
    return mail.as_bytes()


@pytest.mark.only_database("sqlite")
def test_who_puts_minutes_where_everybody_with_the_qr_reads_them_is_asked_first(town: Installation) -> None:
    meeting, minutes = called(town), town.issued()
    with town.office.writing.begin() as writer:
        writer.execute(update(meetings).values(minutes_id=minutes))
    clerk, address = town.client("reading-clerk"), f"/meetings/{meeting.id}"
    page = clerk.get(address).text
    assert "ทุกคนที่มี QR อ่านรายงานได้" in page and 'name="confirmed" value="1"' in page

    refused = clerk.send(f"{address}/minutes-to-all", {}, follow_redirects=True).text
    assert "ไม่เฉพาะผู้เข้าประชุม ยืนยันก่อน" in refused and "กำลังส่งอีเมลถึงผู้เข้าประชุม" not in refused
    sent = clerk.send(f"{address}/minutes-to-all", {"confirmed": "1"}, follow_redirects=True).text
    assert "กำลังส่งอีเมลถึงผู้เข้าประชุม" in sent

    later = clerk.send("/meetings/new", FORM | {"previous": str(meeting.id)}).headers["Location"]
    assert "ทุกคนที่มี QR อ่านรายงานครั้งก่อนได้" in clerk.get(later).text
    refused = clerk.send(f"{later}/minutes-before", {}, follow_redirects=True).text
    assert "ไม่เฉพาะผู้เข้าประชุม ยืนยันก่อน" in refused
    clerk.send(f"{later}/minutes-before", {"confirmed": "1"})
    assert f"{minutes_of(meeting)}.pdf" in clerk.get(later).text


@pytest.mark.only_database("sqlite")
def test_invitation_minutes_and_sheets_begin_on_the_page(town: Installation) -> None:
    meeting = called(town, agenda=read_agenda("เรื่องแจ้ง\nเรื่องรับรองรายงานการประชุม"))
    clerk, address = town.client("reading-clerk"), f"/meetings/{meeting.id}"
    begun = clerk.send(f"{address}/invitation", {"form": "external"}, follow_redirects=True)
    assert f"{SITE}/m/{meeting.code}" in begun.text and "ขอเชิญประชุมคณะกรรมการส่งเสริมการอ่าน" in begun.text
    again = clerk.send(f"{address}/invitation", {"form": "memorandum"}, follow_redirects=True)
    assert "เริ่มร่างหนังสือเชิญประชุมของการประชุมนี้แล้ว" in again.text and "ร่างหนังสือเชิญ (ภายนอก)" not in again.text
    letter_id = LetterId(UUID(re.findall(r"/letters/([0-9a-f-]{36})", again.text)[0]))
    drafting.withdraw_letter(town.services, actor=town.actor("reading-clerk"), letter_id=letter_id)
    page = clerk.get(address).text
    assert f'<a href="/letters/{letter_id}">ถอนเรื่องแล้ว</a>' in page and "ร่างหนังสือเชิญ (ภายนอก)" in page
    early = clerk.send(f"{address}/minutes", {}, follow_redirects=True)
    assert "เริ่มร่างรายงานการประชุมได้เมื่อถึงเวลาประชุมแล้ว" in early.text
    for sheet in ("attendance", "pack", "room"):
        assert clerk.get(f"{address}/{sheet}.pdf").data.startswith(b"%PDF"), sheet
    assert town.client("reading-head").get(f"{address}/room.pdf").status_code == 403
    town.clock.pass_by(timedelta(days=2))
    town.client().post(f"/m/own/{people_of(town, meeting)[1].key}/here", {})
    refused = clerk.send(f"{address}/minutes", {}, follow_redirects=True)
    assert "๑ คนมาประชุมหรือไม่" in refused.text and 'id="roll" open' in refused.text
    chair = people_of(town, meeting)[0].id
    long = {f"came-{chair}": "absent", f"note-{chair}": "ก" * 400}
    bad = clerk.send(f"{address}/roll", long)
    assert bad.status_code == 422 and "ก" * 400 in bad.text
    unsaid = clerk.send(f"{address}/roll", {f"came-{chair}": "unknown", f"note-{chair}": "ติดราชการ"})
    assert unsaid.status_code == 422 and "เลือกก่อนว่า" in unsaid.text and 'value="ติดราชการ"' in unsaid.text
    called_roll = clerk.send(f"{address}/roll", long | {f"note-{chair}": "ติดราชการ"}, follow_redirects=True)
    assert "บันทึกการเข้าประชุมแล้ว ๑ คน" in called_roll.text and 'id="roll">' in called_roll.text
    begun = clerk.send(f"{address}/minutes", {}, follow_redirects=True)
    assert "ติดราชการ" in begun.text
    assert Programs(town)["reading-clerk"].post(f"{address}/roll", {"rest": "absent"}).status_code == 200
    clerk.send(f"{address}/people/{chair}/presence", {"presence": "present"})
    assert "ยังไม่ตรงกับรายชื่อ" in clerk.get(address).text
    followed = clerk.send(f"{address}/minutes/people", {}, follow_redirects=True)
    assert "ปรับรายชื่อและการรับรองรายงานในร่างแล้ว" in followed.text and "ยังไม่ตรงกับรายชื่อ" not in followed.text
    assert "รายงานการประชุม" in begun.text and "นางสาวรัก อ่าน | ผู้อำนวยการ กรมป่าไม้ | กรรมการ" in begun.text
    after = clerk.get(f"/meetings/new?after={meeting.id}").text
    assert "๔/๒๕๖๙" in after and "เรื่องรับรองรายงานการประชุม ครั้งที่ ๓/๒๕๖๙" in after
    assert "นางสาวรัก อ่าน | ผู้อำนวยการ | กรมป่าไม้ | rak@forest.test | กรรมการ\n" in after, "the same committee meets"
    later = clerk.send("/meetings/new", FORM | {"previous": str(meeting.id)}).headers["Location"]
    assert "รอรับรองรายงาน" in clerk.get(later).text
    approved = clerk.send(f"{later}/approve", {"corrections": "แก้คำ"}, follow_redirects=True)
    assert "รับรองรายงานแล้ว" in approved.text and "แก้คำ" in clerk.get(address).text
    missing = clerk.send(f"{later}/minutes-before", {}, follow_redirects=True)
    assert "ยังไม่มีรายงานการประชุมครั้งก่อนที่ลงนามแล้ว" in missing.text
