"""The letters of a meeting as they begin: the invitation (external letter, memorandum or record) and the minutes (form
11, clause 25), which a clerk goes on writing like any other draft."""

from __future__ import annotations

import re
from collections.abc import Sequence

from saraban.domain.calendar import WEEKDAYS, long_date, office_date, office_time
from saraban.domain.classification import Form
from saraban.domain.content import Content
from saraban.domain.meeting import AgendaItem, Meeting
from saraban.domain.meeting_files import Series
from saraban.domain.meeting_lists import who_came
from saraban.domain.meeting_people import Participant
from saraban.domain.numbering import thai_digits

INVITING = (Form.EXTERNAL, Form.MEMORANDUM)
LESS_PAPER = (
    "เพื่อลดการใช้กระดาษ ฝ่ายเลขานุการไม่แจกเอกสารประกอบการประชุมเป็นกระดาษ "
    "ขอให้ท่านเปิดอ่านบนโทรศัพท์ แท็บเล็ต หรือคอมพิวเตอร์ โดยสแกน QR Code หรือเปิดที่อยู่นี้"
)
"""What D18 asks an invitation to say."""
_MINUTES_END = "มติที่ประชุม"
_LONGEST_NAME = 100
_NUMBERED = re.compile(r"(?:\(([0-9๐-๙]{1,3})\)|([0-9๐-๙]{1,3})[.)])\s+")
"""The number before an item of a list that was typed. It is looked for at the beginning of a line alone: in its midst
the same signs are words of the minutes."""


def invitation(meeting: Meeting, form: Form, address: str, recipients: tuple[str, ...] = ()) -> Content:
    """The letter that invites: time, place, agenda, and the address of the papers alone in its paragraph, of which the
    page makes the QR code. Without an address (none is set) the draft says so in a blank that must be filled."""
    number = f" ครั้งที่ {meeting.session}" if meeting.session else ""
    agenda = "\n".join(f"ระเบียบวาระที่ {one.number} {one.title}" for one in meeting.agenda if not one.sub)
    until = meeting.hand_in_until
    hand_in = (
        f" ผู้ประสงค์จะเสนอเอกสาร ส่งทางลิงก์เฉพาะของท่านได้ถึงวันที่ {long_date(office_date(until))} "
        f"เวลา {office_time(until):%H.%M} น."
        if until
        else ""
    )
    body = (
        f"ด้วย{meeting.unit_name}กำหนดจัด{_held(meeting.title)}{number} {_when(meeting)} ณ {meeting.place} "
        "โดยมีระเบียบวาระ ดังนี้\n"
        f"{agenda}\n\n"
        f"{LESS_PAPER}{hand_in}\n\n"
        f"{address or '{{ที่อยู่ชุดเอกสารประชุม}}'}\n\n"
        "จึงเรียนมาเพื่อโปรดเข้าร่วมประชุมตามวันและเวลาดังกล่าว"
    )
    to = () if form is Form.MEMORANDUM else recipients
    return Content(form=form, subject=f"ขอเชิญประชุม{_bare(meeting.title)}{number}", body=body, recipients=to)


def minutes(
    meeting: Meeting,
    people: Sequence[Participant],
    files: Sequence[tuple[str, Series]],
    recorder: str,
    before: Meeting | None = None,
) -> Content:
    """รายงานการประชุม with those who came and did not, and the agenda of which each item ends with its resolution.
    `files`: the key of an item with a file that lay under it; `before`: the meeting whose minutes this one approves,
    which is told under the item that does so, with the corrections."""
    at = office_time(meeting.over_at or meeting.ends_at)
    details = {
        "session": meeting.session or f"1/{office_date(meeting.begins_at).year + 543}",
        "held_on": meeting.day.isoformat(),
        "place": meeting.place,
        **who_came(people),
        "begins": f"{office_time(meeting.begins_at):%H.%M}",
        "ends": f"{at:%H.%M}",
        "recorder": recorder,
    }
    if at.date() > meeting.day:
        details["ended_on"] = at.date().isoformat()
    of_item: dict[str, list[str]] = {}
    for key, one in files:
        of_item.setdefault(key, []).append(one.newest.name)
    paragraphs, approving = [], _approving(meeting)
    for item in meeting.agenda:
        paragraphs.append(_heading(item))
        if item.key in of_item:
            paragraphs.append("เอกสารประกอบ " + ", ".join(of_item[item.key]))
        if item is approving and before is not None and before.minutes_id is not None:
            paragraphs += [_laid_before(meeting, before), _resolution(meeting, before)]
        elif not _goes_on(meeting, item.number):
            paragraphs.append(f"{_MINUTES_END} ")
    kept = {key: text for key, text in details.items() if text}
    return Content(
        form=Form.MINUTES, subject=meeting.committee or _bare(meeting.title), body="\n\n".join(paragraphs), details=kept
    )


def with_approval(body: str, meeting: Meeting, before: Meeting) -> str:
    """The text of minutes in which the item that approves those of the meeting `before` ends with what was resolved, in
    place of an empty resolution. It stays as it is where something was written, or nothing is known."""
    item, said = _approving(meeting), _resolution(meeting, before)
    paragraphs = body.replace("\r\n", "\n").split("\n\n")
    headings = {_heading(one) for one in meeting.agenda}
    inside = False
    for place, words in enumerate(paragraphs):
        if words.strip() in headings:
            inside = item is not None and words.strip() == _heading(item)
        elif inside and words.strip() == _MINUTES_END and said.strip() != _MINUTES_END:
            return "\n\n".join([*paragraphs[:place], said, *paragraphs[place + 1 :]])
    return body


def _approving(meeting: Meeting) -> AgendaItem | None:
    return next((one for one in meeting.agenda if one.approves_minutes), None)


def _heading(item: AgendaItem) -> str:
    return f"{item.number} {item.title}" if item.sub else f"**ระเบียบวาระที่ {item.number} {item.title}**"


def _laid_before(meeting: Meeting, before: Meeting) -> str:
    """What lay before the meeting: minutes to be approved, or such as another has approved already."""
    number = f" ครั้งที่ {before.session}" if before.session else ""
    called = f"รายงานการประชุม{_bare(before.title)}{number} เมื่อวันที่ {long_date(before.day)}"
    if before.approved_on is not None and before.approved_in != meeting.id:
        return f"{called} รับรองแล้วเมื่อวันที่ {long_date(before.approved_on)}"
    return f"ฝ่ายเลขานุการเสนอ{called} ให้ที่ประชุมพิจารณารับรอง"


def _resolution(meeting: Meeting, before: Meeting) -> str:
    """How the meeting approved the minutes of the one before, its corrections as a numbered list; the bare word where
    it has not."""
    if before.approved_in != meeting.id:
        return f"{_MINUTES_END} "
    lines = _without_numbers([line.strip() for line in before.corrections.splitlines() if line.strip()])
    told = f"{_MINUTES_END} รับรองรายงานการประชุม"
    if not lines:
        return f"{told}โดยไม่มีการแก้ไข"
    return "\n".join([f"{told}โดยมีการแก้ไข ดังนี้", *(f"{at}. {line}" for at, line in enumerate(lines, start=1))])


def _without_numbers(lines: list[str]) -> list[str]:
    """Lines without the numbers that were typed before them, where all of these count the lines: others mean something
    ("3." of the minutes before, "10. 30 น.")."""
    numbers = [_NUMBERED.match(line) for line in lines]
    if any(one and int(one[1] or one[2]) != at for at, one in enumerate(numbers, start=1)):
        return lines
    return [line[one.end() :] if one else line for one, line in zip(numbers, lines, strict=True)]


def minutes_of(meeting: Meeting) -> str:
    """What its minutes are called beside other files: "รายงานการประชุมคณะกรรมการ ครั้งที่ ๓-๒๕๖๙"."""
    number = f" ครั้งที่ {meeting.session}" if meeting.session else ""
    return thai_digits(f"รายงานการประชุม{_bare(meeting.title)[:_LONGEST_NAME]}{number}").replace("/", "-")


def _goes_on(meeting: Meeting, number: str) -> bool:
    """Do other items stand below this one? Then each of them has its own resolution."""
    return any(one.number.startswith(f"{number}.") for one in meeting.agenda)


def _when(meeting: Meeting) -> str:
    begin = office_time(meeting.begins_at)
    return f"ในวัน{WEEKDAYS[begin.weekday()]}ที่ {long_date(begin.date())} เวลา {begin:%H.%M} น."


def _bare(title: str) -> str:
    """The title without the word that says that it is a meeting."""
    return title.removeprefix("การประชุม").removeprefix("ประชุม").strip()


def _held(title: str) -> str:
    return title if title.startswith(("การประชุม", "ประชุม")) else f"การประชุม{title}"
