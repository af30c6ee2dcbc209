"""What is typed of a meeting, as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from uuid import UUID

from saraban.domain.calendar import BANGKOK, office_date, office_time
from saraban.domain.errors import BadInput
from saraban.domain.meeting import STANDARD_AGENDA, Access, Meeting, Plan, agenda_text, read_agenda
from saraban.domain.meeting_people import Invited, read_people
from saraban.doorway.dates import NotADate, NotATime, read_clock, read_date, write_date
from saraban.web.filters import thai_digits

_WORDS = ("title", "committee", "session", "place", "agenda")
FIELDS = (
    *("title", "committee", "session", "place", "day", "begins", "ends", "access", "agenda", "previous"),
    *("hand_in_day", "hand_in_time", "closes_on"),
)


def typed_plan(sent: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by field."""
    return {name: sent.get(name, "")[:30_000].replace("\r\n", "\n") for name in FIELDS}


def fresh_plan(previous: Meeting | None = None) -> dict[str, str]:
    """What stands in the form of a new meeting: the regulation's agenda, or what was said of the one before it."""
    fresh = {name: "" for name in FIELDS} | {"access": Access.LINK.value, "agenda": "\n".join(STANDARD_AGENDA)}
    if previous is not None:
        told = {"title": previous.title, "committee": previous.committee, "place": previous.place}
        fresh |= told | {
            "access": previous.access.value,
            "previous": str(previous.id),
            "agenda": _next_agenda(previous),
        }
        fresh |= {"begins": _clock(previous.begins_at), "ends": _clock(previous.ends_at)}
        number, slash, year = previous.session.partition("/")
        fresh["session"] = thai_digits(f"{int(number) + 1}{slash}{year}") if number.isdecimal() else ""
    return fresh


def _next_agenda(previous: Meeting) -> str:
    """The main items, with the one that approves the minutes naming the meeting whose they are."""
    titles = [one.title for one in previous.agenda if not one.sub]
    session = f" ครั้งที่ {previous.session}" if previous.session else ""
    return "\n".join(
        thai_digits(f"{STANDARD_AGENDA[1]}{session}") if title.startswith(STANDARD_AGENDA[1]) else title
        for title in titles
    )


def written_plan(meeting: Meeting) -> dict[str, str]:
    """What is kept, as it stands in the fields."""
    until = meeting.hand_in_until
    return {
        "title": meeting.title,
        "committee": meeting.committee,
        "session": thai_digits(meeting.session),
        "place": meeting.place,
        "day": write_date(office_date(meeting.begins_at)),
        "begins": _clock(meeting.begins_at),
        "ends": _clock(meeting.ends_at),
        "access": meeting.access.value,
        "agenda": agenda_text(meeting.agenda),
        "previous": str(meeting.previous_id or ""),
        "hand_in_day": write_date(office_date(until)) if until else "",
        "hand_in_time": _clock(until) if until else "",
        "closes_on": write_date(meeting.closes_on),
    }


def read_plan(typed: Mapping[str, str], now: datetime, before: Meeting | None = None) -> Plan:
    """What was typed, as it is kept. Raises BadInput by field."""
    wrong: dict[str, str] = {}
    today = office_date(now)
    day, closes = _day(typed, "day", today, wrong), _day(typed, "closes_on", today, wrong)
    begins, ends = _time(typed, "begins", wrong), _time(typed, "ends", wrong)
    until_day, until_time = _day(typed, "hand_in_day", today, wrong), _time(typed, "hand_in_time", wrong)
    for name, value, words in (
        ("day", day, "ใส่วันประชุม"),
        ("begins", begins, "ใส่เวลาเริ่ม เช่น ๐๙.๓๐"),
        ("ends", ends, "ใส่เวลาเลิกโดยประมาณ เช่น ๑๒.๐๐"),
    ):
        if value is None:
            wrong.setdefault(name, words)
    if typed["access"] not in [one.value for one in Access]:
        wrong["access"] = "เลือกผู้เปิดชุดเอกสาร"
    previous = None
    try:
        previous = UUID(typed["previous"]) if typed["previous"] else None
    except ValueError:
        wrong["previous"] = "เลือกการประชุมครั้งก่อนจากรายการ"
    agenda = before.agenda if before is not None else ()
    try:
        agenda = read_agenda(typed["agenda"], agenda)
    except BadInput as error:
        wrong |= error.fields
    day_or, begins_or, ends_or = day or today, begins or time(9, 30), ends or time(12, 0)
    plan = Plan(
        title=typed["title"],
        committee=typed["committee"],
        session=typed["session"],
        place=typed["place"],
        begins_at=datetime.combine(day_or, begins_or, BANGKOK),
        ends_at=datetime.combine(day_or, ends_or, BANGKOK),
        access=Access(typed["access"]) if "access" not in wrong else Access.LINK,
        agenda=agenda,
        hand_in_until=datetime.combine(until_day, until_time or time(16, 30), BANGKOK) if until_day else None,
        closes_on=closes,
        previous_id=previous,
    )
    try:
        checked = plan.checked()
    except BadInput as error:
        if wrong:  # of what could not be read, its own words alone
            raise BadInput({n: words for n, words in error.fields.items() if n in _WORDS} | wrong) from None
        told = {{"begins_at": "day", "ends_at": "ends", "hand_in_until": "hand_in_day"}.get(n, n): words
                for n, words in error.fields.items()}  # fmt: skip
        raise BadInput(told) from None
    if wrong:
        raise BadInput(wrong)
    return checked


def read_call(typed: Mapping[str, str], people: str, now: datetime) -> tuple[Plan, list[Invited]]:
    """A new meeting and who takes part in it, as it was typed. Raises BadInput with all that is wrong with both."""
    wrong: dict[str, str] = {}
    invited: list[Invited] = []
    try:
        invited = read_people(people) if people.strip() else []
    except BadInput as error:
        wrong |= error.fields
    try:
        plan = read_plan(typed, now)
    except BadInput as error:
        raise BadInput(dict(error.fields) | wrong) from None
    if wrong:
        raise BadInput(wrong)
    return plan, invited


def _day(typed: Mapping[str, str], name: str, today: date, wrong: dict[str, str]) -> date | None:
    try:
        return read_date(typed[name], today)
    except NotADate as error:
        wrong[name] = str(error)
        return None


def _time(typed: Mapping[str, str], name: str, wrong: dict[str, str]) -> time | None:
    try:
        return read_clock(typed[name])
    except NotATime as error:
        wrong[name] = str(error)
        return None


def _clock(moment: datetime) -> str:
    return thai_digits(office_time(moment).strftime("%H.%M"))
