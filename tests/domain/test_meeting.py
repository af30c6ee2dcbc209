"""Meetings without paper: agenda, days and hours, who takes part, and what may lie in a pack."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from saraban.domain.agency import AgencyId, UnitId
from saraban.domain.attachment import Digest
from saraban.domain.classification import Form
from saraban.domain.content import Content
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.meeting import (
    Access,
    Meeting,
    MeetingState,
    Plan,
    agenda_text,
    digest_of_number,
    is_key,
    read_agenda,
)
from saraban.domain.meeting_files import FileState, FileWay, MeetingFile, Saved, saved_by, series_of, type_of
from saraban.domain.meeting_lists import agrees_with_roll, with_who_came
from saraban.domain.meeting_people import Part, Participant, Presence, read_people
from saraban.domain.meeting_words import minutes, with_approval
from saraban.domain.permissions import may_keep_meeting, may_see_meeting
from tests.builders import NOW, an_actor

BEGINS = NOW + timedelta(days=2)
KEY = "7K3MQ2XF9TBD7K3MQ2XF"


def a_plan(**changes: Any) -> Plan:
    """A meeting in two days, for two hours."""
    agenda = read_agenda("เรื่องแจ้งให้ทราบ\nเรื่องพิจารณา\n- งบประมาณ")
    plan = Plan(
        "การประชุมคณะกรรมการ", "คณะกรรมการ", "๓/๒๕๖๙", "ห้อง ๑", BEGINS, BEGINS + timedelta(hours=2), Access.LINK, agenda
    )
    return replace(plan, **changes)


def a_meeting(**changes: Any) -> Meeting:
    """That meeting, called now."""
    plan, by = a_plan().checked(), an_actor()
    assert plan.closes_on is not None and by.unit_id is not None
    said = (
        plan.title,
        plan.committee,
        plan.session,
        plan.place,
        plan.begins_at,
        plan.ends_at,
        plan.access,
        plan.agenda,
    )
    made = Meeting(
        *(uuid4(), by.agency_id, by.unit_id, "กองกลาง", *said, plan.hand_in_until, plan.closes_on, KEY, KEY, NOW),
        made_by=by.name,
        maker_id=by.person_id,
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def a_person(**changes: Any) -> Participant:
    """A participant of it."""
    told: dict[str, Any] = {"name": "นางสาวรัก อ่าน", "post": "ผู้อำนวยการ", "office": "กรมป่าไม้", "mail": "rak@forest.test"}
    meeting = a_meeting()
    values = {"part": Part.MEMBER, "place": 1, "key": KEY} | told | changes
    return Participant(id=uuid4(), agency_id=meeting.agency_id, meeting_id=meeting.id, **values)


def a_file(**changes: Any) -> MeetingFile:
    """A file that was handed in."""
    own = uuid4()
    values: dict[str, Any] = {
        "id": own, "agency_id": uuid4(), "meeting_id": uuid4(), "item": "a1", "name": "แผน.pdf",
        "media_type": "application/pdf", "size": 9, "sha256": Digest.of(own.bytes), "pages": 3, "series": own,
        "edition": 1, "note": "", "state": FileState.OFFERED, "way": FileWay.LINK, "giver": "นายให้", "at": NOW,
    }  # fmt: skip
    return MeetingFile(**values | changes)


def a_zip(*names: str) -> bytes:
    """A document that is a ZIP with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
    return out.getvalue()


# --- agenda and plan --------------------------------------------------------------------------------------------------


def test_an_agenda_is_typed_in_lines_and_numbered() -> None:
    agenda = read_agenda("เรื่องแจ้ง\n\nเรื่องพิจารณา\n- งบ\n- คน\nเรื่องอื่น ๆ")

    assert [(one.number, one.title) for one in agenda] == [
        ("1", "เรื่องแจ้ง"), ("2", "เรื่องพิจารณา"), ("2.1", "งบ"), ("2.2", "คน"), ("3", "เรื่องอื่น ๆ"),
    ]  # fmt: skip
    assert read_agenda(agenda_text(agenda), agenda) == agenda


def test_files_keep_to_their_item_when_the_agenda_is_written_anew() -> None:
    before = read_agenda("เรื่องแจ้ง\nเรื่องพิจารณา\nเรื่องอื่น ๆ")
    moved = read_agenda("เรื่องอื่น ๆ\nเรื่องแจ้ง\nเรื่องใหม่", before)
    renamed = read_agenda("เรื่องแจ้ง\nเรื่องพิจารณางบ\nเรื่องอื่น ๆ", before)

    assert [one.key for one in moved][:2] == [before[2].key, before[0].key]
    assert len({one.key for one in moved}) == 3
    assert [one.key for one in renamed] == [one.key for one in before]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"place": ""}, "place"),
        ({"title": "ก" * 301}, "title"),
        ({"title": "ก\u202eข"}, "title"),
        ({"ends_at": BEGINS}, "ends_at"),
        ({"closes_on": date(2026, 11, 24)}, "closes_on"),
        ({"closes_on": date(2029, 1, 1)}, "closes_on"),
        ({"hand_in_until": BEGINS + timedelta(days=90)}, "hand_in_until"),
        ({"agenda": ()}, "agenda"),
    ],
)
def test_a_plan_says_where_it_is_wrong(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        a_plan(**changes).checked()
    assert set(refused.value.fields) == {field}


def test_a_pack_closes_thirty_days_after_the_meeting_unless_another_day_is_said() -> None:
    assert a_plan().checked().closes_on == date(2026, 12, 25)
    assert a_plan(closes_on=date(2026, 11, 25)).checked().closes_on == date(2026, 11, 25)
    assert a_plan().checked().session == "3/2569"


def test_a_pack_opens_until_its_day_is_over_and_never_for_a_cancelled_meeting() -> None:
    meeting = a_meeting(closes_on=date(2026, 11, 30))

    assert meeting.pack_open(NOW + timedelta(days=7))
    assert not meeting.pack_open(NOW + timedelta(days=8))
    meeting.cancel("ห้องไม่ว่าง", by=an_actor(), at=NOW)
    assert not meeting.pack_open(NOW) and not meeting.takes_files(NOW)
    with pytest.raises(StageNotAllowed, match="ยกเลิก"):
        meeting.end(by=an_actor(), at=BEGINS)


def test_files_are_handed_in_until_the_deadline_and_else_until_it_begins() -> None:
    assert a_meeting().takes_files(BEGINS) and not a_meeting().takes_files(BEGINS + timedelta(seconds=1))
    early = a_meeting(hand_in_until=NOW)
    assert early.takes_files(NOW) and not early.takes_files(NOW + timedelta(seconds=1))


def test_one_signs_in_from_two_hours_before_and_once() -> None:
    meeting, person = a_meeting(), a_person()
    with pytest.raises(StageNotAllowed):
        person.sign_in(meeting, "own", "", now=BEGINS - timedelta(hours=3))

    assert person.sign_in(meeting, "own", " นายแทน   มาเอง ", now=BEGINS - timedelta(hours=1))
    assert (person.presence, person.stands_in, person.way) == (Presence.PRESENT, "นายแทน มาเอง", "own")
    assert not person.sign_in(meeting, "room", "", now=BEGINS)
    assert person.way == "own"


def test_the_secretary_writes_down_who_did_not_come_and_why() -> None:
    person = a_person()
    person.mark(Presence.ABSENT, "", "ติดราชการ", now=BEGINS)
    assert (person.presence, person.reason, person.arrived_at) == (Presence.ABSENT, "ติดราชการ", None)
    person.mark(Presence.PRESENT, "", "ติดราชการ", now=BEGINS)
    assert (person.reason, person.arrived_at) == ("", BEGINS)


def test_minutes_are_approved_once_by_a_later_meeting_that_has_begun() -> None:
    first, later, by = a_meeting(), a_meeting(begins_at=BEGINS + timedelta(days=30)), an_actor()
    with pytest.raises(StageNotAllowed, match="ยังไม่มีรายงาน"):
        first.approve(later, "", by=by, at=BEGINS + timedelta(days=31))
    first.note_minutes(uuid4(), by=by, at=BEGINS)
    with pytest.raises(StageNotAllowed, match="ถึงเวลา"):
        first.approve(later, "", by=by, at=BEGINS)

    first.approve(later, " หน้า ๒ แก้ชื่อ ", by=by, at=BEGINS + timedelta(days=31))
    assert (first.approved_in, first.corrections) == (later.id, "หน้า ๒ แก้ชื่อ")
    with pytest.raises(StageNotAllowed, match="รับรองแล้ว"):
        first.approve(later, "", by=by, at=BEGINS + timedelta(days=31))


def test_minutes_tell_the_approval_of_those_before_with_the_corrections() -> None:
    agenda = read_agenda("เรื่องแจ้ง\nเรื่องรับรองรายงานการประชุม ครั้งที่ ๓/๒๕๖๙\nเรื่องอื่น ๆ")
    first, by, after = a_meeting(), an_actor(), BEGINS + timedelta(days=31)
    later, third = (a_meeting(agenda=agenda, begins_at=BEGINS + timedelta(days=days)) for days in (30, 60))

    def of_item(meeting: Meeting) -> list[str]:
        body = minutes(meeting, [], [], "นายเอก", first).body
        return body.partition("รับรองรายงานการประชุม ครั้งที่ ๓/๒๕๖๙**\n\n")[2].partition("\n\n**")[0].split("\n\n")

    assert of_item(later) == ["มติที่ประชุม "], "nothing is known of minutes that there are not"
    first.note_minutes(uuid4(), by=by, at=BEGINS)
    laid = "ฝ่ายเลขานุการเสนอรายงานการประชุมคณะกรรมการ ครั้งที่ 3/2569 เมื่อวันที่ 25 พฤศจิกายน 2569 ให้ที่ประชุมพิจารณารับรอง"
    assert of_item(later) == [laid, "มติที่ประชุม "]
    first.approve(later, "๑. หน้า ๒ แก้ชื่อ\n\n  หน้า ๓ ตัดคำว่า “ควร”", by=by, at=after)
    resolved = "มติที่ประชุม รับรองรายงานการประชุมโดยมีการแก้ไข ดังนี้\n1. หน้า ๒ แก้ชื่อ\n2. หน้า ๓ ตัดคำว่า “ควร”"
    assert of_item(later) == [laid, resolved]
    [told, empty] = of_item(third)
    assert told.endswith("รับรองแล้วเมื่อวันที่ 26 ธันวาคม 2569") and empty == "มติที่ประชุม "
    first.corrections = ""
    assert of_item(later)[1] == "มติที่ประชุม รับรองรายงานการประชุมโดยไม่มีการแก้ไข"


@pytest.mark.parametrize("end", ["มติที่ประชุม ", "มติที่ประชุม"])
def test_a_draft_of_minutes_takes_the_approval_where_nothing_was_written(end: str) -> None:
    agenda = read_agenda("เรื่องแจ้ง\nเรื่องรับรองรายงานการประชุม\nเรื่องอื่น ๆ")
    first, later = a_meeting(), a_meeting(agenda=agenda, begins_at=BEGINS + timedelta(days=30))
    first.note_minutes(uuid4(), by=an_actor(), at=BEGINS)
    one, two, three = (f"**ระเบียบวาระที่ {item.number} {item.title}**" for item in agenda)
    written = f"{one}\n\nประธานแจ้ง\n\n{end}\n\n{two}\n\nเสนอ\n\n{end}\n\n{three}\n\n{end}"
    assert with_approval(written, later, first) == written, "it was not approved yet"
    first.approve(later, "", by=an_actor(), at=BEGINS + timedelta(days=31))
    resolved = "มติที่ประชุม รับรองรายงานการประชุมโดยไม่มีการแก้ไข"

    taken = written.replace(f"เสนอ\n\n{end}", f"เสนอ\n\n{resolved}")
    assert with_approval(written, later, first) == taken != written
    own = written.replace(f"เสนอ\n\n{end}", "เสนอ\n\nมติที่ประชุม รับรองตามเสนอ")
    assert with_approval(own, later, first) == own


# --- people -----------------------------------------------------------------------------------------------------------


CHAIR = {"name": "นายเอก ใจดี", "post": "อธิบดี", "part": Part.CHAIR}


@pytest.mark.parametrize(
    ("present", "absent", "agrees"),
    [
        ("นายเอก ใจดี | อธิบดี กรมป่าไม้ | ประธาน", "นางสาวรัก อ่าน | ผู้อำนวยการ กรมป่าไม้ | ป่วย", True),
        ("ดร. เอก  ใจดี | อธิบดีกรมป่าไม้ | ประธานกรรมการ\nนายอื่น เติมเอง | -", "นางสาวรัก อ่าน | ผอ. | ติดภารกิจ", True),
        ("นางสาวรัก อ่าน | ผอ.\nนายเอก ใจดี | อธิบดี", "", False),
        ("นายเอก ใจดี | อธิบดี", "", False),
        ("", "นางสาวรัก อ่าน | ผอ. | ป่วย", False),
        ("นายแทน มา | แทน นายเอก ใจดี อธิบดี", "นางสาวรัก อ่าน | ผอ. | ป่วย", False),
        ("นายเอก ใจดี | อธิบดี", "นางสาวรัก อ่าน | ผอ. | -", False),
        ("นายเอก ใจดี | อธิบดี", "นางสาวรัก อ่าน | ผอ.", False),
        ("นายเอก ใจดี | อธิบดี", "นางสาวรัก อ่าน", False),
    ],
)
def test_lists_that_a_secretary_edits_agree_with_the_roll_while_the_same_people_stand_in_them(
    present: str, absent: str, agrees: bool
) -> None:
    people = [a_person(**CHAIR, presence=Presence.PRESENT), a_person(presence=Presence.ABSENT, reason="ป่วย")]
    written = Content(form=Form.MINUTES, subject="กรรมการ", details={"present": present, "absent": absent})

    assert agrees_with_roll(written.details, people) is agrees
    now = with_who_came(written, people)
    assert agrees_with_roll(now.details, people) and with_who_came(now, people) == now
    if agrees:
        assert now.details == written.details, "what was written by hand stays"


def test_a_draft_follows_the_roll_without_losing_what_was_written_by_hand() -> None:
    both = {"presence": Presence.PRESENT}
    people = [a_person(**CHAIR, **both), a_person(**both, stands_in="นายแทน มา"), a_person(name="นายฟัง เรื่อง", **both)]
    people[2].part = Part.ATTENDING
    by_hand = {
        "session": "1/2569",
        "present": "ดร.เอก ใจดี | อธิบดี | ประธานกรรมการ\nนายเติม เอง | ผู้แทน",
        "absent": "นางสาวรัก อ่าน | ผอ. | ป่วย",
    }
    written = Content(form=Form.MINUTES, subject="กรรมการ", details=by_hand)
    now = with_who_came(written, people).details

    assert now["present"].splitlines() == [
        "ดร.เอก ใจดี | อธิบดี | ประธานกรรมการ",
        "นายแทน มา | แทน นางสาวรัก อ่าน ผู้อำนวยการ กรมป่าไม้ | กรรมการ",
        "นายเติม เอง | ผู้แทน",
    ]
    assert agrees_with_roll(now, people) and with_who_came(replace(written, details=now), people).details == now
    assert "absent" not in now and now["attending"].startswith("นายฟัง เรื่อง") and now["session"] == "1/2569"


def test_participants_are_typed_in_lines() -> None:
    found = read_people("นางปราณี มีสุข | อธิบดี | กรม | P@dept.test | ประธานกรรมการ\n\nนายเอก")

    assert [(one.name, one.mail, one.part) for one in found] == [
        ("นางปราณี มีสุข", "p@dept.test", Part.CHAIR), ("นายเอก", "", Part.MEMBER),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line", ["", " | ตำแหน่ง", "ก | ข | ค | ไม่ใช่อีเมล", "ก | ข | ค | a@b.test | ผู้ชม", "ก" * 301,
             "ก|ข|ค|a@b.test|กรรมการ|อีก", "ก\x00", "ก | ข | ค | a@b.test\u202e", "ก | | | <a@b.test>",
             "ก | | | ก@b.test", "ก | | | a@b"],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_people(f"นายเอก\n{line}" if line else "")
    assert ("บรรทัดที่ ๒" in refused.value.fields["people"]) is bool(line)


def test_a_meeting_is_seen_by_its_unit_and_kept_by_its_clerks() -> None:
    meeting, clerk = a_meeting(), an_actor()
    assert clerk.unit_id is not None
    meeting.agency_id, meeting.unit_id = clerk.agency_id, clerk.unit_id

    assert may_keep_meeting(clerk, meeting) is None
    other = replace(clerk, unit_id=UnitId(uuid4()), central=False)
    assert (refusal := may_see_meeting(other, meeting)) is not None and refusal.hidden
    assert (refusal := may_see_meeting(replace(clerk, agency_id=AgencyId(uuid4())), meeting)) is not None


# --- files ------------------------------------------------------------------------------------------------------------


def test_the_newest_edition_stands_for_a_file_and_the_older_ones_are_kept() -> None:
    first = a_file(state=FileState.ACCEPTED, taken_at=NOW)
    second, other = a_file(at=NOW + timedelta(hours=1)), a_file(state=FileState.ACCEPTED, name="อื่น.pdf")
    second.accept("a1", first, "แก้ตาราง", by="เลขา", at=NOW + timedelta(hours=2))

    series = series_of([second, first, other, a_file()])
    found = {one.newest.id: [f.id for f in one.older] for one in series}
    assert found == {second.id: [first.id], other.id: []}
    assert next(one for one in series if one.changed).newest.note == "แก้ตาราง"


def test_a_new_edition_says_what_changed_and_is_another_file() -> None:
    first = a_file(state=FileState.ACCEPTED)
    with pytest.raises(BadInput) as refused:
        a_file().accept("a1", first, " ", by="เลขา", at=NOW)
    assert set(refused.value.fields) == {"note"}
    with pytest.raises(BadInput) as refused:
        a_file(sha256=first.sha256).accept("a1", first, "ไม่ได้แก้", by="เลขา", at=NOW)
    assert set(refused.value.fields) == {"file"}


def test_what_is_refused_needs_a_reason_and_can_be_taken_after_all() -> None:
    file = a_file()
    with pytest.raises(BadInput):
        file.refuse(" ", by="เลขา", at=NOW)
    file.refuse("ผิดฉบับ", by="เลขา", at=NOW)
    file.accept("a1", None, "", by="เลขา", at=NOW)
    assert (file.state, file.reason) == (FileState.ACCEPTED, "")
    with pytest.raises(StageNotAllowed):
        file.accept("a1", None, "", by="เลขา", at=NOW)


def test_every_page_of_the_pack_counts_once_for_each_participant_and_a_sheet_takes_two() -> None:
    assert saved_by([3, 10, 0], 12) == Saved(pages=156, sheets=84)
    assert saved_by([], 12) == Saved() == saved_by([5], 0)


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("แผน.PDF", b"%PDF-1.7", "application/pdf"),
        ("a.docx", a_zip("[Content_Types].xml", "word/document.xml"), "wordprocessingml.document"),
        ("a.ods", a_zip("mimetype", "content.xml"), "opendocument.spreadsheet"),
        ("a.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.csv", "ก,ข".encode(), "text/csv"),
    ],
)
def test_what_may_lie_in_a_pack(name: str, data: bytes, media_type: str) -> None:
    assert type_of(name, data).endswith(media_type)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.exe", b"MZ"),
        ("a.html", b"<script>alert(1)</script>"),
        ("a.svg", b"<svg/>"),
        ("a.pdf.js", b"%PDF-1.7"),
        ("pdf", b"%PDF-1.7"),
        ("a.pdf", b"<script>"),
        ("a.pdf", b""),
        ("a.png", b"\xff\xd8\xff"),
        ("a.txt", b"a\0b"),
        ("a.docx", b"PK\x03\x04broken"),
        ("a.docx", a_zip("anything.bin")),
        ("a.docx", a_zip("[Content_Types].xml", "word/vbaProject.bin")),
        ("a.odt", a_zip("mimetype", "Basic/Standard/Module1.xml")),
    ],
)
def test_what_may_not(name: str, data: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        type_of(name, data)
    assert set(refused.value.fields) == {"file"}


def test_a_one_time_code_means_nothing_for_another_address_or_meeting() -> None:
    meeting = uuid4()
    kept = digest_of_number(meeting, "A@b.test", "12345678")

    assert kept == digest_of_number(meeting, "a@b.test", "12345678")
    others = [(uuid4(), "a@b.test", "12345678"), (meeting, "c@b.test", "12345678"), (meeting, "a@b.test", "12345679")]
    assert all(digest_of_number(*one) != kept for one in others)
    assert is_key(KEY) and not is_key(KEY.lower()) and not is_key(KEY + "A") and MeetingState.OVER.thai


def test_numbers_that_were_typed_before_items_are_not_doubled() -> None:
    pasted = "๑. เรื่องแจ้ง\nระเบียบวาระที่ ๒ เรื่องรับรองรายงาน\n3) เรื่องพิจารณา\n๓.๑ งบ\n- 3.2 คน\n๓ ปีของกรม\n๒๕๖๙ แผนงาน"

    assert [(one.number, one.title) for one in read_agenda(pasted)] == [
        ("1", "เรื่องแจ้ง"),
        ("2", "เรื่องรับรองรายงาน"),
        ("3", "เรื่องพิจารณา"),
        ("3.1", "งบ"),
        ("3.2", "คน"),
        ("4", "๓ ปีของกรม"),
        ("5", "๒๕๖๙ แผนงาน"),
    ]


def test_parts_are_taken_as_people_write_them() -> None:
    found = read_people(
        "นางหนึ่ง | | | | ประธาน\nนายสอง | | | | เลขาฯ\nนายสาม | | | | กรรมการและเลขานุการ\nนายสี่ | | | | ผู้เข้าร่วม"
    )

    assert [one.part for one in found] == [Part.CHAIR, Part.SECRETARY, Part.MEMBER_SECRETARY, Part.ATTENDING]
