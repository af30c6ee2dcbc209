"""What programs send about meetings, and the shapes of what they get."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import Schema

from saraban.api import shapes as s
from saraban.api.fields import Choice, Day, Flag, Form, Group, Identity, Items, Moment, Text, Whole
from saraban.domain.meeting import Access, MeetingState
from saraban.domain.meeting_files import FileState, FileWay
from saraban.domain.meeting_people import MOST_PEOPLE, Part, Presence
from saraban.domain.meeting_words import INVITING
from saraban.reading import meetings as rows


class ParticipantForm(Form):
    """A participant. Who is on the list already, by address or by name, is changed."""

    name = Text(most=300, required=True)
    post = Text(most=300, load_default="")
    office = Text(most=300, load_default="")
    mail = Text(most=254, load_default="")
    part = Choice(Part, load_default="member")


class PeopleForm(Form):
    """Participants."""

    people = Items(Group(ParticipantForm), most=300, required=True)


class MeetingForm(Form):
    """What is said of a meeting. `agenda`: one item a line, "-" before what stands below another."""

    title = Text(most=300, required=True)
    committee = Text(most=300, load_default="")
    session = Text(most=100, load_default="", metadata={"description": "ครั้งที่ เช่น 3/2569"})
    place = Text(most=300, required=True)
    begins_at = Moment(required=True)
    ends_at = Moment(required=True)
    access = Choice(Access, load_default="link")
    agenda = Text(most=30_000, line=False, required=True)
    hand_in_until = Moment(load_default=None, allow_none=True)
    closes_on = Day(load_default=None, allow_none=True)
    previous = Identity(load_default=None, allow_none=True)


class NewMeetingForm(MeetingForm):
    """A new meeting, with its participants."""

    people = Items(Group(ParticipantForm), most=300, load_default=list)


class RevisedMeetingForm(MeetingForm):
    """A meeting as it shall be, over the version that was read."""

    version = Whole(least=1, required=True)


class MeetingQuery(Form):
    """Which meetings."""

    show = Choice(rows.Shown, load_default="coming")


class MonthsQuery(Form):
    """Between which days."""

    since = Day(required=True)
    until = Day(required=True)


class MeetingWhyForm(Form):
    """Why."""

    reason = Text(most=300, required=True)


class MeetingDayForm(Form):
    """The last day of the pack."""

    closes_on = Day(required=True)


class PresenceForm(Form):
    """Whether somebody came, who came in his stead, or why he did not."""

    presence = Choice(Presence, required=True)
    stands_in = Text(most=300, load_default="")
    reason = Text(most=300, load_default="")


class HeardForm(Form):
    """What is said of one participant."""

    id = Identity(required=True)
    presence = Choice(Presence, required=True)
    stands_in = Text(most=300, load_default="")
    reason = Text(most=300, load_default="")


class RollForm(Form):
    """Who came and who did not, and what is taken of all of whom nothing is known then."""

    people = Items(Group(HeardForm), most=MOST_PEOPLE, load_default=list)
    rest = Choice(Presence, load_default="unknown")


class TakeForm(Form):
    """Under which item (key) a file goes, and of which file it is a new edition."""

    item = Text(most=20, load_default="")
    replaces = Identity(load_default=None, allow_none=True)
    note = Text(most=300, load_default="")


class PackFileForm(Form):
    """A file for the pack."""

    file = Upload(required=True, error_messages={"required": "แนบไฟล์ในช่อง file พร้อมชื่อไฟล์"})
    item = Text(most=20, load_default="")
    replaces = Identity(load_default=None)
    note = Text(most=300, load_default="")


class LinksForm(Form):
    """Whom a link is mailed to; all who have none yet where nobody is named."""

    person = Identity(load_default=None, allow_none=True)


class InvitationForm(Form):
    """Of which form the invitation is."""

    form = Choice([one.value for one in INVITING], load_default=INVITING[0].value)


class CorrectionsForm(Form):
    """What the meeting corrected in the minutes of the one before."""

    corrections = Text(most=5_000, line=False, load_default="")


class ToAllForm(Form):
    """That whoever has the link or the QR code may read the minutes, where the pack is open to all of them."""

    confirmed = Flag(load_default=False, metadata={"description": "ต้องเป็น true เมื่อทุกคนที่มีลิงก์หรือ QR เปิดชุดเอกสารได้"})


class AgendaItemShape(Schema):
    """An item of the agenda."""

    key = s.text("a1", "รหัสคงที่ของวาระ")
    number = s.text("3.1")
    title = s.text("เรื่องที่เสนอให้ที่ประชุมพิจารณา")


class MeetingFileShape(Schema):
    """A file of a meeting."""

    id = s.identity()
    item = s.text("a1")
    name = s.text("งบประมาณ.pdf")
    media_type = s.text("application/pdf")
    size = s.whole(12345)
    sha256 = s.digest()
    pages = s.whole(12)
    edition = s.whole(2)
    note = s.text("แก้ตารางที่ 2", "สิ่งที่แก้จากฉบับก่อน")
    state = s.one_of(FileState)
    way = s.one_of(FileWay)
    giver = s.text("นางสาวรัก อ่าน")
    at = s.moment()
    scanned = s.true("ตรวจไวรัสแล้ว")
    reason = s.text("", "เหตุผลที่ไม่รับ")


class ParticipantShape(Schema):
    """A participant. `link` is empty for who may not send it."""

    id = s.identity()
    name = s.text("นางสาวรัก อ่าน")
    post = s.text("ผู้อำนวยการ")
    office = s.text("กรมป่าไม้")
    mail = s.text("rak@forest.example")
    part = s.one_of(Part)
    presence = s.one_of(Presence)
    arrived_at = s.moment(none=True)
    stands_in = s.text("", "ผู้มาแทน")
    reason = s.text("", "เหตุผลที่ไม่มา")
    link = s.text("https://saraban.example.go.th/m/own/7K3MQ2XF9TBD0123WXYZ")


class SavedShape(Schema):
    """What was not printed."""

    pages = s.whole(156)
    sheets = s.whole(84)


class MeetingLineShape(Schema):
    """A meeting in a list."""

    id = s.identity()
    title = s.text("ประชุมคณะกรรมการบริหาร")
    committee = s.text("คณะกรรมการบริหาร")
    session = s.text("3/2569")
    place = s.text("ห้องประชุม 1")
    unit = s.text("กองกลาง")
    begins_at = s.moment()
    ends_at = s.moment()
    access = s.one_of(Access)
    state = s.one_of(MeetingState)
    closes_on = s.day()
    saved = s.group(SavedShape)


class MeetingShape(MeetingLineShape):
    """A meeting with its pack."""

    version = s.whole(1)
    mark = s.text("[MTG-1A2B3C4D]", "ข้อความในชื่อเรื่องอีเมลที่ส่งไฟล์มา")
    pack = s.text("https://saraban.example.go.th/m/7K3MQ2XF9TBD0123WXYZ", "ที่อยู่ชุดเอกสาร ว่างเมื่อไม่ได้ตั้งที่อยู่เว็บ")
    agenda = s.many(AgendaItemShape)
    agenda_text = s.text("เรื่องแจ้ง\nเรื่องพิจารณา\n- งบประมาณ")
    hand_in_until = s.moment(none=True)
    files = s.many(MeetingFileShape)
    people = s.many(ParticipantShape)
    invitation = s.identity(none=True)
    minutes = s.identity(none=True)
    previous = s.identity(none=True)
    approved_in = s.identity(none=True)
    corrections = s.text("")
    reason = s.text("", "เหตุผลที่ยกเลิก")


class MeetingList(Schema):
    """Meetings."""

    items = s.many(MeetingLineShape)
    next = s.text(none=True)


class SavedMonthShape(Schema):
    """What the meetings of a month did not print."""

    month = s.day()
    meetings = s.whole(4)
    people = s.whole(48)
    saved = s.group(SavedShape)


class SavedMonths(Schema):
    """By month."""

    items = s.many(SavedMonthShape)
    next = s.text(none=True)
