"""Meetings without paper, from the secretary's desk to the participants' telephones."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_string, policy
from typing import Any
from uuid import UUID, uuid4

import pikepdf
import pytest

from saraban.crypto import keys
from saraban.domain.book import BookKind
from saraban.domain.classification import Form
from saraban.domain.content import Content
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, NotPermitted, RuleBroken, StageNotAllowed
from saraban.domain.meeting import Access, Meeting, Plan, read_agenda
from saraban.domain.meeting_files import FileState, MeetingFile, Saved
from saraban.domain.meeting_people import Heard, Invited, Part, Participant, Presence
from saraban.domain.meeting_words import INVITING, LESS_PAPER, invitation, minutes
from saraban.domain.notice import NoticeKind
from saraban.exchange.meeting_mail import when_and_where
from saraban.reading import meetings as rows
from saraban.reading.meetings import Shown
from saraban.storage.tables.exchange import outbox
from saraban.storage.tables.meetings import meeting_files
from saraban.usecases import attending_meetings, convening, drafting, minuting, packing, routing, signing
from saraban.usecases.bookkeeping import open_book
from saraban.usecases.viruses import ScannerAway
from tests.usecases.conftest import Pki
from tests.usecases.house import PASSPHRASE, House
from tests.usecases.test_issuing import unread

PEOPLE = (
    Invited("นางปราณี มีสุข", "อธิบดี", "กรม", "chair@dept.test", Part.CHAIR),
    Invited("นางสาวรัก อ่าน", "ผู้อำนวยการ", "กรมป่าไม้", "rak@forest.test"),
    Invited("นายไม่มี อีเมล", "ผู้ทรงคุณวุฒิ"),
)


def a_pdf(pages: int) -> bytes:
    """A PDF of so many blank pages."""
    made, out = pikepdf.Pdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    made.save(out)
    return out.getvalue()


def a_plan(house: House, **changes: Any) -> Plan:
    """In two days, for two hours."""
    begins = house.clock.now() + timedelta(days=2)
    agenda = read_agenda("เรื่องแจ้งให้ทราบ\nเรื่องพิจารณา")
    plan = Plan(
        "ประชุมกรรมการ", "คณะกรรมการ", "3/2569", "ห้อง ๑", begins, begins + timedelta(hours=2), Access.LINK, agenda
    )
    return replace(plan, **changes)


def called(house: House, **changes: Any) -> UUID:
    """A meeting with its participants."""
    return convening.call_meeting(house.office, actor=house.ours["clerk"], plan=a_plan(house, **changes), people=PEOPLE)


def the(house: House, meeting_id: UUID) -> tuple[Meeting, list[Participant], list[MeetingFile]]:
    """A meeting as it lies on the shelf."""
    with house.office.uow() as uow:
        meeting = uow.meetings.get(house.ours.agency.id, meeting_id)
        return meeting, list(uow.meetings.people(meeting_id)), list(uow.meetings.files(meeting_id))


def put(house: House, meeting_id: UUID, data: bytes, **more: Any) -> UUID:
    """The secretary puts a file in."""
    told = {"item": "a1", "name": "ระเบียบวาระ.pdf"} | more
    return packing.put_file(
        house.office, actor=house.ours["clerk"], meeting_id=meeting_id, stream=io.BytesIO(data), **told
    ).id


def handed_in(house: House, key: str, data: bytes = b"%PDF", **more: Any) -> MeetingFile:
    """A participant hands a file in."""
    told = {"item": "a2", "name": "แผนงาน.txt"} | more
    return attending_meetings.hand_in(house.office, key=key, stream=io.BytesIO(data), **told)


def page(house: House, meeting_id: UUID, who: str = "clerk") -> rows.MeetingPage:
    """The page as its secretary sees it."""
    with house.real.reading.connect() as reader:
        return rows.meeting(reader, house.ours[who], meeting_id)


def mails(house: House) -> list[tuple[str, str]]:
    """What waits to leave: to whom, and the whole of it."""
    found = sorted(house.rows(outbox), key=lambda row: row.rcpt_to)
    with house.office.uow() as uow:
        envelopes = [uow.outbox.envelope(row.agency_id, row.ref) for row in found]
    return [(e.rcpt_to, b"".join(e.chunks(house.office.blobs.open)).decode()) for e in envelopes if e is not None]


def said(house: House, part: str) -> list[str]:
    """The words of the mails in which this part is."""
    read = [message_from_string(raw, policy=policy.default) for _, raw in mails(house)]
    return [words for words in (str(one.get_payload(decode=True), "utf-8") for one in read) if part in words]


def test_a_meeting_is_called_changed_and_closed(either_house: House) -> None:
    house = either_house
    meeting_id = called(house)
    meeting, people, _ = the(house, meeting_id)
    assert [one.name for one in people] == [one.name for one in PEOPLE]
    assert len({meeting.code, meeting.room, *(one.key for one in people)}) == 5

    plan = replace(convening.plan_of(meeting), place="ห้อง ๒")
    convening.revise_meeting(house.office, actor=house.ours["clerk"], meeting_id=meeting_id, plan=plan, version=1)
    with pytest.raises(ConcurrentEdit):
        convening.revise_meeting(house.office, actor=house.ours["clerk"], meeting_id=meeting_id, plan=plan, version=1)
    with pytest.raises(StageNotAllowed, match="ยังไม่ถึง"):
        convening.end_meeting(house.office, actor=house.ours["clerk"], meeting_id=meeting_id)
    house.clock.pass_by(timedelta(days=2, hours=1))
    convening.end_meeting(house.office, actor=house.ours["clerk"], meeting_id=meeting_id)
    day = meeting.closes_on + timedelta(days=5)
    convening.close_pack(house.office, actor=house.ours["clerk"], meeting_id=meeting_id, closes_on=day)
    meeting, _, _ = the(house, meeting_id)
    assert (meeting.place, meeting.closes_on) == ("ห้อง ๒", day)
    with house.real.reading.connect() as reader:
        past = rows.meetings(reader, house.ours["head"], Shown.PAST, house.clock.now())
        assert [one.id for one in past] == [meeting_id]
        assert rows.meetings(reader, house.theirs["head"], Shown.PAST, house.clock.now()) == []
        with pytest.raises(NotFound):
            rows.meeting(reader, house.theirs["clerk"], meeting_id)
    with pytest.raises(NotFound):
        convening.close_pack(house.office, actor=house.theirs["clerk"], meeting_id=meeting_id, closes_on=day)


def test_a_person_who_may_not_call_hears_why(house: House) -> None:
    with pytest.raises(NotPermitted, match="เจ้าหน้าที่สารบรรณ"):
        convening.call_meeting(house.office, actor=house.ours["head"], plan=a_plan(house))
    meeting_id = called(house)
    assert page(house, meeting_id, "head").meeting.id == meeting_id
    with pytest.raises(NotPermitted):
        convening.cancel_meeting(house.office, actor=house.ours["head"], meeting_id=meeting_id, reason="x")


def test_people_are_changed_by_their_address_and_taken_off(either_house: House) -> None:
    house = either_house
    meeting_id = called(house)
    _, before, _ = the(house, meeting_id)
    again = [Invited("นางสาวรัก อ่านหนังสือ", "อธิบดี", "กรมป่าไม้", "rak@forest.test", Part.ATTENDING), Invited("นายใหม่")]
    convening.add_people(house.office, actor=house.ours["clerk"], meeting_id=meeting_id, people=again)
    _, after, _ = the(house, meeting_id)
    assert [one.name for one in after] == ["นางปราณี มีสุข", "นางสาวรัก อ่านหนังสือ", "นายไม่มี อีเมล", "นายใหม่"]
    assert after[1].key == before[1].key and after[1].part is Part.ATTENDING

    gone = {"actor": house.ours["clerk"], "meeting_id": meeting_id, "person_id": after[1].id}
    convening.remove_person(house.office, **gone)
    with pytest.raises(NotFound):
        convening.remove_person(house.office, **gone)
    with pytest.raises(NotFound):
        attending_meetings.sign_in(house.office, key=after[1].key)


def test_links_go_out_by_mail_once_and_a_cancelled_meeting_is_told(either_house: House) -> None:
    house = either_house
    meeting_id = called(house)
    send = {"actor": house.ours["clerk"], "meeting_id": meeting_id}
    assert convening.send_links(house.office, **send) == 2
    with pytest.raises(RuleBroken, match="ครบแล้ว"):
        convening.send_links(house.office, **send)
    _, people, _ = the(house, meeting_id)
    assert convening.send_links(house.office, **send, person_id=people[1].id) == 1

    sent = mails(house)
    assert [to for to, _ in sent] == ["chair@dept.test", "rak@forest.test", "rak@forest.test"]
    plan = convening.plan_of(the(house, meeting_id)[0])
    assert convening.revise_meeting(house.office, **send, plan=replace(plan, title="กรรมการชุดใหม่")) == 0
    assert convening.revise_meeting(house.office, **send, plan=replace(plan, place="ห้อง ๗")) == 2
    moved = said(house, f"เดิม {when_and_where(plan.begins_at, plan.place)}")
    assert len(moved) == 2 and all("ณ ห้อง ๗" in words for words in moved)
    convening.cancel_meeting(house.office, **send, reason="ห้องไม่ว่าง")
    assert len(mails(house)) == 7 and len(said(house, "ห้องไม่ว่าง")) == 2
    assert not the(house, meeting_id)[0].pack_open(house.clock.now())
    with pytest.raises(StageNotAllowed):
        convening.cancel_meeting(house.office, **send, reason="อีก")


# --- the pack ---------------------------------------------------------------------------------------------------------


def test_a_participants_file_waits_for_the_secretary_and_goes_into_the_pack(either_house: House) -> None:
    house = either_house
    meeting_id = called(house)
    _, people, _ = the(house, meeting_id)
    put(house, meeting_id, a_pdf(pages=3))
    given = handed_in(house, people[1].key, "แผนงาน".encode(), note="ร่างแรก")
    assert handed_in(house, people[1].key, "แผนงาน".encode()).id == given.id
    shown = page(house, meeting_id)
    assert [one.id for one in shown.waiting] == [given.id] and len(shown.files) == 1
    assert shown.saved == Saved(pages=9, sheets=6)

    take = {"actor": house.ours["clerk"], "meeting_id": meeting_id, "file_id": given.id}
    assert unread(house, "clerk") == [NoticeKind.MEETING_FILE]
    packing.take_file(house.office, **take)
    assert unread(house, "clerk") == []
    with pytest.raises(StageNotAllowed):
        packing.take_file(house.office, **take)
    better = handed_in(house, people[1].key, "แผนงาน ๒".encode())
    with pytest.raises(BadInput):
        packing.take_file(house.office, **take | {"file_id": better.id, "replaces": given.id})
    packing.take_file(house.office, **take | {"file_id": better.id, "replaces": given.id, "note": "แก้ยอดรวม"})

    shown = page(house, meeting_id)
    series = next(one for one in shown.files if one.changed)
    assert (series.newest.edition, series.newest.note, series.newest.item) == (2, "แก้ยอดรวม", "a2")
    assert [one.id for one in series.older] == [given.id]
    assert unread(house, "clerk") == []
    wrong = handed_in(house, people[1].key, b"wrong", name="x.txt")
    handed_in(house, people[1].key, b"more", name="y.txt")
    assert unread(house, "clerk") == [NoticeKind.MEETING_FILE]
    packing.refuse_file(house.office, **take | {"file_id": wrong.id}, reason="ผิดฉบับ")
    with house.real.reading.connect() as reader:
        own = rows.own_page(reader, people[1].key, house.clock.now())
    assert own is not None
    assert {one.name: one.reason for one in own.given if one.state is FileState.REFUSED} == {"x.txt": "ผิดฉบับ"}
    names = house.journal()
    assert unread(house, "clerk") == [NoticeKind.MEETING_FILE], "y.txt still waits"
    assert names.count("meeting.file-offered") == 4 and names.count("meeting.file-put") == 3


def test_nothing_is_handed_in_after_the_deadline_nor_by_a_link_that_nobody_has(either_house: House) -> None:
    house = either_house
    meeting_id = called(house, hand_in_until=house.clock.now() + timedelta(hours=1))
    _, people, _ = the(house, meeting_id)
    handed_in(house, people[1].key, b"in time")
    for key in ("", "0" * 20, people[1].key.lower(), people[1].key[:-1], "x" * 5_000, "' OR 1=1 --"):
        with pytest.raises(NotFound, match="ใช้ไม่ได้"):
            handed_in(house, key)
    house.clock.pass_by(timedelta(hours=1, seconds=1))
    with pytest.raises(StageNotAllowed, match="พ้นกำหนด"):
        handed_in(house, people[1].key, b"in time")  # the same bytes once more: a replay is late, too
    house.clock.pass_by(timedelta(days=60))
    with pytest.raises(NotFound):
        handed_in(house, people[1].key)
    assert len(house.rows(meeting_files)) == 1


class _Scanner:
    """Finds a virus in what says so."""

    on = True

    def virus_in(self, data: bytes) -> str:
        if b"away" in data:
            raise ScannerAway
        return "Eicar" if b"virus" in data else ""


def test_what_is_handed_in_is_looked_through(house: House) -> None:
    meeting_id = called(house)
    _, people, _ = the(house, meeting_id)
    scanned = replace(house.office, scanner=_Scanner())
    for name, data in (("a.exe", b"MZ"), ("a.pdf", b"<script>"), ("a.pdf", b"%PDF-1.7 broken"), ("a.txt", b"a virus"),
                       ("a.txt", b""), ("a.txt", b"x" * 20_000_001)):  # fmt: skip
        with pytest.raises(BadInput) as refused:
            attending_meetings.hand_in(scanned, key=people[1].key, item="a1", name=name, stream=io.BytesIO(data))
        assert set(refused.value.fields) == {"file"}, name
    with pytest.raises(BadInput) as refused:
        handed_in(house, people[1].key, item="a99")
    assert set(refused.value.fields) == {"item"}
    named = handed_in(house, people[1].key, b"x", name="../../etc/\u202e<script>alert(1)</script>.txt")
    assert "/" not in named.name and "<" not in named.name and "\u202e" not in named.name and not named.scanned
    for number in range(19):
        handed_in(house, people[1].key, f"{number}".encode())
    with pytest.raises(BadInput, match="ข้อมูล"):
        handed_in(house, people[1].key, b"one too many")
    assert len(house.rows(meeting_files)) == 20


def test_an_item_with_files_stays_on_the_agenda(house: House) -> None:
    meeting_id = called(house)
    put(house, meeting_id, b"x", name="a.txt", item="a2")
    meeting, _, _ = the(house, meeting_id)
    shorter = replace(convening.plan_of(meeting), agenda=meeting.agenda[:1])
    with pytest.raises(BadInput) as refused:
        convening.revise_meeting(house.office, actor=house.ours["clerk"], meeting_id=meeting_id, plan=shorter)
    assert set(refused.value.fields) == {"agenda"}


# --- signing in -------------------------------------------------------------------------------------------------------


def test_participants_sign_in_by_their_link_and_at_the_door(either_house: House) -> None:
    house = either_house
    meeting_id = called(house)
    meeting, people, _ = the(house, meeting_id)
    door = {"room": meeting.room, "person_id": people[0].id}
    with pytest.raises(NotFound):
        attending_meetings.sign_in_at_door(house.office, **door)
    with pytest.raises(StageNotAllowed):
        attending_meetings.sign_in(house.office, key=people[1].key)
    house.clock.pass_by(timedelta(days=2))

    assert attending_meetings.sign_in_at_door(house.office, **door)
    assert attending_meetings.sign_in(house.office, key=people[1].key, stands_in="นายแทน")
    assert not attending_meetings.sign_in(house.office, key=people[1].key, stands_in="นายอื่น")
    with pytest.raises(NotFound):
        attending_meetings.sign_in_at_door(house.office, **door | {"person_id": uuid4()})
    absent = {"actor": house.ours["clerk"], "meeting_id": meeting_id, "person_id": people[2].id}
    convening.note_presence(house.office, **absent, presence=Presence.ABSENT, reason="ติดราชการ")
    _, people, _ = the(house, meeting_id)
    assert [(one.presence.value, one.way, one.stands_in) for one in people] == [
        ("present", "room", ""), ("present", "own", "นายแทน"), ("absent", "secretary", ""),
    ]  # fmt: skip
    house.clock.pass_by(timedelta(hours=20))
    with pytest.raises(NotFound):
        attending_meetings.sign_in_at_door(house.office, **door)


# --- one-time codes ---------------------------------------------------------------------------------------------------


def number_in(house: House) -> str:
    """The code in the mail that was queued last."""
    newest = max(house.rows(outbox), key=lambda row: row.give_up_at)
    with house.office.uow() as uow:
        envelope = uow.outbox.envelope(newest.agency_id, newest.ref)
    assert envelope is not None
    raw = b"".join(envelope.chunks(house.office.blobs.open)).decode()
    body = message_from_string(raw, policy=policy.default).get_body(("plain",))
    assert body is not None
    found = re.search(r"\b\d{8}\b", body.get_content())
    assert found is not None
    return found[0]


def test_a_restricted_pack_opens_with_a_code_that_came_by_mail_once_and_in_time(either_house: House) -> None:
    house = either_house
    meeting_id = called(house, access=Access.CODE)
    meeting, people, _ = the(house, meeting_id)
    ask = {"code": meeting.code, "mail": " RAK@forest.test "}
    assert attending_meetings.send_number(house.office, **ask)
    assert not attending_meetings.send_number(house.office, **ask), "not twice in a minute"
    number = number_in(house)
    for wrong in ({"number": "00000000"}, {"mail": "chair@dept.test"}, {"code": "0" * 20}, {"number": ""}):
        with pytest.raises(NotFound):
            attending_meetings.open_by_number(house.office, **ask | {"number": number} | wrong)
    assert attending_meetings.open_by_number(house.office, **ask, number=f"{number[:4]} {number[4:]}") == people[1].id
    with pytest.raises(NotFound):
        attending_meetings.open_by_number(house.office, **ask, number=number)

    house.clock.pass_by(timedelta(minutes=2))
    assert attending_meetings.send_number(house.office, **ask)
    house.clock.pass_by(timedelta(minutes=10, seconds=1))
    with pytest.raises(NotFound):
        attending_meetings.open_by_number(house.office, **ask, number=number_in(house))
    sent = 2
    while attending_meetings.send_number(house.office, **ask):
        sent += 1
        house.clock.pass_by(timedelta(minutes=2))
    assert sent == 5, "nobody's mailbox is flooded"


def test_no_code_goes_out_for_a_stranger_a_public_pack_or_one_that_is_closed(house: House) -> None:
    open_one, shut = the(house, called(house))[0], the(house, called(house, access=Access.CODE))[0]
    send = attending_meetings.send_number
    assert not send(house.office, code=open_one.code, mail="rak@forest.test")
    assert not send(house.office, code=shut.code, mail="stranger@else.test")
    assert not send(house.office, code="0" * 20, mail="rak@forest.test")
    assert not send(house.office, code=shut.code, mail="")
    house.clock.pass_by(timedelta(days=60))
    assert not send(house.office, code=shut.code, mail="rak@forest.test")
    assert mails(house) == []


def test_what_was_not_printed_is_summed_by_month(either_house: House) -> None:
    house = either_house
    for pages in (3, 4):
        put(house, called(house), a_pdf(pages=pages))
    cancelled = called(house)
    put(house, cancelled, a_pdf(pages=9))
    convening.cancel_meeting(house.office, actor=house.ours["clerk"], meeting_id=cancelled, reason="x")
    house.clock.pass_by(timedelta(days=3))
    with house.real.reading.connect() as reader:
        told = rows.saved_by_month(
            reader, house.ours.agency.id, date(2026, 11, 1), date(2026, 12, 31), house.clock.now()
        )
        none = rows.saved_by_month(
            reader, house.theirs.agency.id, date(2026, 11, 1), date(2026, 12, 31), house.clock.now()
        )
    assert [(one.month, one.meetings, one.people, one.saved) for one in told] == [
        (date(2026, 11, 1), 2, 6, Saved(pages=21, sheets=12)),
    ]
    assert none == []


# --- letters ----------------------------------------------------------------------------------------------------------


def minutes_of(house: House, meeting_id: UUID) -> Content:
    """The minutes as they begin."""
    shown = page(house, meeting_id)
    files = [(of.item.key, one) for of in shown.items for one in of.series]
    return minutes(shown.meeting, shown.people, files, house.ours["clerk"].name, shown.previous)


def test_an_invitation_begins_as_a_draft_with_time_place_agenda_and_the_address(either_house: House) -> None:
    house = either_house
    meeting_id = called(house, hand_in_until=house.clock.now() + timedelta(days=1))
    meeting, _, _ = the(house, meeting_id)
    address = f"https://saraban.example.go.th/m/{meeting.code}"
    for form in INVITING:
        content = invitation(meeting, form, address)
        assert content.form is form and content.subject == "ขอเชิญประชุมกรรมการ ครั้งที่ 3/2569"
        assert "วันพุธที่ 25 พฤศจิกายน 2569 เวลา 09.30 น. ณ ห้อง ๑" in content.body
        assert "ระเบียบวาระที่ 2 เรื่องพิจารณา" in content.body and LESS_PAPER in content.body
        assert f"\n\n{address}\n\n" in content.body and "ส่งทางลิงก์เฉพาะของท่านได้ถึง" in content.body
    begin = {"actor": house.ours["clerk"], "meeting_id": meeting_id, "content": content}
    letter_id = minuting.begin_invitation(house.office, **begin)
    assert house.letter(letter_id).content == content
    assert the(house, meeting_id)[0].letter_id == letter_id
    with pytest.raises(StageNotAllowed, match="เริ่มร่าง"):
        minuting.begin_invitation(house.office, **begin)
    drafting.withdraw_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    assert minuting.begin_invitation(house.office, **begin) != letter_id
    assert "{{" in invitation(meeting, INVITING[0], "").body, "without an address the draft cannot be submitted"


def test_nobody_is_called_absent_who_did_not_sign_in_until_the_secretary_says_so(either_house: House) -> None:
    house = either_house
    meeting_id = called(house)
    guests = [Invited("นายฟัง", "ที่ปรึกษา", "", "", Part.ATTENDING)]
    by = {"actor": house.ours["clerk"], "meeting_id": meeting_id}
    convening.add_people(house.office, **by, people=guests)
    chair, rak, _, guest = the(house, meeting_id)[1]
    with pytest.raises(RuleBroken, match="ถึงเวลาประชุม"):
        convening.call_roll(house.office, **by, said={}, rest=Presence.PRESENT)
    house.clock.pass_by(timedelta(days=2))
    attending_meetings.sign_in(house.office, key=chair.key)
    begin = {**by, "content": minutes_of(house, meeting_id)}
    with pytest.raises(RuleBroken, match="๒ คนมาประชุมหรือไม่"):
        minuting.begin_minutes(house.office, **begin)
    assert page(house, meeting_id).minutes is None and page(house, meeting_id).unsaid == 2

    said = {rak.id: Heard(Presence.ABSENT, reason="ป่วย"), chair.id: Heard(Presence.UNKNOWN)}
    assert convening.call_roll(house.office, **by, said=said) == 1, "nothing is taken back"
    assert convening.call_roll(house.office, **by, said=said, rest=Presence.PRESENT) == 2
    assert [one.way for one in the(house, meeting_id)[1]] == ["own", "secretary", "secretary", "secretary"]
    letter_id = minuting.begin_minutes(house.office, **by, content=minutes_of(house, meeting_id))
    told = house.letter(letter_id).content.details
    assert told["present"].startswith("นางปราณี") and "นายไม่มี อีเมล" in told["present"]
    assert told["absent"] == "นางสาวรัก อ่าน | ผู้อำนวยการ กรมป่าไม้ | ป่วย" and told["attending"].startswith("นายฟัง")

    assert not page(house, meeting_id).minutes_behind
    written = replace(house.letter(letter_id).content, body="ที่ประชุมเริ่ม")
    version = house.letter(letter_id).version
    drafting.revise_letter(
        house.office, actor=house.ours["clerk"], letter_id=letter_id, content=written, version=version
    )
    said = {rak.id: Heard(Presence.PRESENT, stands_in="นายแทน มา"), guest.id: Heard(Presence.ABSENT)}
    convening.call_roll(house.office, **by, said=said)
    assert page(house, meeting_id).minutes_behind
    minuting.follow_roll(house.office, **by)
    now = house.letter(letter_id).content
    assert "นายแทน มา | แทน นางสาวรัก อ่าน" in now.details["present"] and now.body == "ที่ประชุมเริ่ม"
    assert not {"absent", "attending"} & now.details.keys() and not page(house, meeting_id).minutes_behind
    with pytest.raises(NotFound):
        convening.call_roll(house.office, **by, said={meeting_id: Heard(Presence.PRESENT)})


def test_words_about_who_is_not_chosen_go_with_what_is_said_of_the_rest(house: House) -> None:
    by = {"actor": house.ours["clerk"], "meeting_id": called(house)}
    rak = the(house, by["meeting_id"])[1][1]
    said = {rak.id: Heard(Presence.UNKNOWN, "ป่วย", "ป่วย")}
    house.clock.pass_by(timedelta(days=2))
    with pytest.raises(BadInput) as told:
        convening.call_roll(house.office, **by, said=said)
    assert "เลือกก่อนว่า นางสาวรัก" in told.value.fields["reason"]

    convening.call_roll(house.office, **by, said=said, rest=Presence.ABSENT)
    now = the(house, by["meeting_id"])[1][1]
    assert (now.presence, now.reason, now.stands_in) == (Presence.ABSENT, "ป่วย", "")


def test_minutes_begin_with_those_who_came_and_the_agenda(either_house: House) -> None:
    house = either_house
    meeting_id = called(house)
    put(house, meeting_id, a_pdf(pages=1), name="งบประมาณ.pdf", item="a2")
    guests = [Invited("นายฟัง", "ที่ปรึกษา", "", "", Part.ATTENDING)]
    convening.add_people(house.office, actor=house.ours["clerk"], meeting_id=meeting_id, people=guests)
    _, people, _ = the(house, meeting_id)
    begin = {"actor": house.ours["clerk"], "meeting_id": meeting_id, "content": minutes_of(house, meeting_id)}
    with pytest.raises(StageNotAllowed, match="ถึงเวลาประชุม"):
        minuting.begin_minutes(house.office, **begin)
    house.clock.pass_by(timedelta(days=2))
    attending_meetings.sign_in(house.office, key=people[0].key)
    attending_meetings.sign_in(house.office, key=people[1].key, stands_in="นายแทน มาเอง")
    attending_meetings.sign_in(house.office, key=people[3].key)
    absent = {"actor": house.ours["clerk"], "meeting_id": meeting_id, "person_id": people[2].id}
    convening.note_presence(house.office, **absent, presence=Presence.ABSENT, reason="ติดราชการ")
    house.clock.pass_by(timedelta(hours=3))
    convening.end_meeting(house.office, actor=house.ours["clerk"], meeting_id=meeting_id)

    letter_id = minuting.begin_minutes(house.office, **begin | {"content": minutes_of(house, meeting_id)})
    content = house.letter(letter_id).content
    assert content.form is Form.MINUTES and content.subject == "คณะกรรมการ"
    assert content.details == {
        "session": "3/2569",
        "held_on": "2026-11-25",
        "place": "ห้อง ๑",
        "present": "นางปราณี มีสุข | อธิบดี กรม | ประธานกรรมการ\n"
        "นายแทน มาเอง | แทน นางสาวรัก อ่าน ผู้อำนวยการ กรมป่าไม้ | กรรมการ",
        "absent": "นายไม่มี อีเมล | ผู้ทรงคุณวุฒิ | ติดราชการ",
        "attending": "นายฟัง | ที่ปรึกษา",
        "begins": "09.30",
        "ends": "12.30",
        "recorder": house.ours["clerk"].name,
    }
    assert "**ระเบียบวาระที่ 2 เรื่องพิจารณา**" in content.body and "เอกสารประกอบ งบประมาณ.pdf" in content.body
    assert content.body.count("มติที่ประชุม") == 2


def test_the_next_meeting_approves_signed_minutes_and_has_them_in_its_pack(house: House, pki: Pki) -> None:
    first = called(house)
    house.clock.pass_by(timedelta(days=2, hours=1))
    agenda = read_agenda("เรื่องแจ้ง\nเรื่องรับรองรายงานการประชุม ครั้งที่ 3/2569")
    second = called(house, previous_id=first, session="4/2569", agenda=agenda)
    put_in = {"actor": house.ours["clerk"], "meeting_id": second}
    with pytest.raises(RuleBroken, match="ยังไม่มีรายงาน"):
        packing.put_minutes(house.office, **put_in)
    convening.call_roll(house.office, actor=house.ours["clerk"], meeting_id=first, said={}, rest=Presence.PRESENT)
    letter_id = minuting.begin_minutes(
        house.office, actor=house.ours["clerk"], meeting_id=first, content=minutes_of(house, first)
    )
    with pytest.raises(RuleBroken, match="ยังไม่มีรายงาน"):
        packing.put_minutes(house.office, **put_in)
    open_book(house.office, actor=house.ours["admin"], kind=BookKind.MINUTES)
    revised = replace(
        house.letter(letter_id).content,
        details=house.letter(letter_id).content.details | {"present": "นายเอก | อธิบดี | ประธาน"},
    )
    drafting.revise_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id, content=revised)
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    director = house.ours["director"]
    assert director.person_id is not None
    keys.store_officer(house.keys_folder, director.person_id, pki.head, PASSPHRASE, kdf_rounds=1)
    signing.sign_letter(house.office, actor=director, letter_id=letter_id, passphrase=PASSPHRASE)

    circulate = {"actor": house.ours["clerk"], "meeting_id": first}
    before = len(mails(house))
    with pytest.raises(RuleBroken, match="ทุกคนที่มีลิงก์หรือ QR"):
        packing.circulate_minutes(house.office, **circulate)
    assert len(mails(house)) == before and page(house, first).files == []
    circulate["confirmed"] = True
    assert packing.circulate_minutes(house.office, **circulate) == 2
    assert [file.newest.name for file in page(house, first).files] == ["รายงานการประชุมกรรมการ ครั้งที่ ๓-๒๕๖๙.pdf"]
    assert len(mails(house)) == before + 2 and len(said(house, f"/m/{the(house, first)[0].code}")) == 2
    assert len(said(house, "ที่ลงนามแล้ว")) == 2
    with pytest.raises(RuleBroken, match="เวียนรายงานการประชุมแล้ว"):
        packing.circulate_minutes(house.office, **circulate)
    with pytest.raises(RuleBroken, match="ยังไม่มีรายงานการประชุมที่ลงนามแล้ว"):
        packing.circulate_minutes(house.office, **circulate | {"meeting_id": second})
    with pytest.raises(RuleBroken, match="ทุกคนที่มีลิงก์หรือ QR"):
        packing.put_minutes(house.office, **put_in)
    assert page(house, second).files == []
    put_in["confirmed"] = True
    packing.put_minutes(house.office, **put_in)
    with pytest.raises(RuleBroken, match="อยู่ในชุดเอกสารแล้ว"):
        packing.put_minutes(house.office, **put_in)
    file = page(house, second).files[0].newest
    assert (file.item, file.pages) == (agenda[1].key, 1) and file.name == "รายงานการประชุมกรรมการ ครั้งที่ ๓-๒๕๖๙.pdf"
    approve = {"actor": house.ours["clerk"], "meeting_id": second, "corrections": "หน้า 1 แก้คำ"}
    with pytest.raises(StageNotAllowed, match="ถึงเวลา"):
        minuting.approve_minutes(house.office, **approve)
    house.clock.pass_by(timedelta(days=2))
    by = {"actor": house.ours["clerk"], "meeting_id": second}
    resolved = "มติที่ประชุม รับรองรายงานการประชุมโดยมีการแก้ไข ดังนี้\n1. หน้า 1 แก้คำ"
    convening.call_roll(house.office, **by, said={}, rest=Presence.PRESENT)
    draft = minuting.begin_minutes(house.office, **by, content=minutes_of(house, second))
    assert "เสนอรายงานการประชุมกรรมการ ครั้งที่ 3/2569" in house.letter(draft).content.body
    assert not page(house, second).minutes_behind
    minuting.approve_minutes(house.office, **approve)
    assert page(house, second).minutes_behind and resolved in minutes_of(house, second).body
    minuting.follow_roll(house.office, **by)
    assert resolved in house.letter(draft).content.body and not page(house, second).minutes_behind
    approved = page(house, first)
    assert approved.approved_by is not None and approved.approved_by.id == second
    assert approved.meeting.corrections == "หน้า 1 แก้คำ" and "meeting.minutes-approved" in house.journal()
    with pytest.raises(StageNotAllowed, match="รับรองแล้ว"):
        minuting.approve_minutes(house.office, **approve)
    with pytest.raises(RuleBroken):
        minuting.approve_minutes(house.office, actor=house.ours["clerk"], meeting_id=called(house))
    with pytest.raises(BadInput):
        called(house, previous_id=uuid4())
