"""Meetings, as screens, programs and anybody with a pack's code see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, func, select, true

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId
from saraban.domain.calendar import office_date
from saraban.domain.errors import NotFound
from saraban.domain.letter import LetterState
from saraban.domain.meeting import Access, AgendaItem, Meeting, MeetingState, is_key, marks_in, meeting_of
from saraban.domain.meeting_files import NOT_TAKEN, FileState, FileWay, MeetingFile, Saved, Series, saved_by, series_of
from saraban.domain.meeting_lists import agrees_with_roll
from saraban.domain.meeting_people import Participant, Presence, unsaid
from saraban.domain.meeting_words import with_approval
from saraban.domain.permissions import may_see_meeting, require, sees_all_meetings
from saraban.reading.scope import visible_letters
from saraban.storage.tables import meetings as t
from saraban.storage.tables.letters import letters
from saraban.storage.tables.people import agencies

SHOWN_AT_MOST = 200
_WAITING = (FileState.HELD, FileState.OFFERED)


class Shown(str, Enum):
    """Which meetings are shown."""

    COMING = "coming"
    PAST = "past"

    @property
    def thai(self) -> str:
        """The choice in words."""
        return {"coming": "กำลังจะถึง", "past": "ที่ผ่านมา"}[self.value]


@dataclass(frozen=True)
class MeetingLine:
    """A meeting in a list: so many take part, so many files lie in its pack, so many wait for the secretary."""

    meeting: Meeting
    people: int
    files: int
    offered: int
    saved: Saved

    @property
    def id(self) -> UUID:
        """The meeting's id."""
        return self.meeting.id


@dataclass(frozen=True)
class LetterOf:
    """A letter of a meeting as the reader may know it; `details` has the lists of minutes, `body` their text."""

    id: UUID
    number: str
    state: LetterState
    details: Mapping[str, str]
    body: str


@dataclass(frozen=True)
class ItemOf:
    """An item of the agenda with its files. `held`: put in by the secretary, come into the pack once the virus scanner
    has looked through them; nobody else sees them."""

    item: AgendaItem
    series: Sequence[Series]
    held: Sequence[MeetingFile] = ()


@dataclass(frozen=True)
class MeetingPage:
    """All of a meeting, for its secretary. `waiting`: what participants handed in and he has not taken or refused."""

    meeting: Meeting
    people: Sequence[Participant]
    items: Sequence[ItemOf]
    waiting: Sequence[MeetingFile]
    refused: Sequence[MeetingFile]
    saved: Saved
    invitation: LetterOf | None
    minutes: LetterOf | None
    previous: Meeting | None
    approved_by: Meeting | None

    @property
    def present(self) -> int:
        """How many came."""
        return sum(one.presence is Presence.PRESENT for one in self.people)

    @property
    def unsaid(self) -> int:
        """Of how many members it is not known whether they came."""
        return len(unsaid(self.people))

    @property
    def minutes_behind(self) -> bool:
        """Does the draft of the minutes list others than those who came, or lack an approval that was written down?"""
        of = self.minutes
        if of is None or of.state not in (LetterState.DRAFT, LetterState.RETURNED):
            return False
        approved = self.previous is not None and with_approval(of.body, self.meeting, self.previous) != of.body
        return approved or not agrees_with_roll(of.details, self.people)

    @property
    def files(self) -> list[Series]:
        """Every file of the pack."""
        return [one for of in self.items for one in of.series]

    @property
    def held(self) -> list[MeetingFile]:
        """What the secretary put in and the virus scanner has not looked through."""
        return [one for of in self.items for one in of.held]


@dataclass(frozen=True)
class Pack:
    """A pack as anybody sees it who may open it."""

    meeting: Meeting
    agency: str
    agency_en: str
    items: Sequence[ItemOf] = ()

    def file(self, sha256: str) -> MeetingFile | None:
        """The file, also an earlier edition, with these bytes."""
        for of in self.items:
            for one in of.series:
                for file in (one.newest, *one.older):
                    if file.sha256.hex == sha256:
                        return file
        return None


@dataclass(frozen=True)
class OwnPage:
    """The page of a participant: what he handed in, the newest first."""

    pack: Pack
    person: Participant
    given: Sequence[MeetingFile] = field(default_factory=tuple)


@dataclass(frozen=True)
class SavedInMonth:
    """What meetings of a month did not print. `month` is its first day."""

    month: date
    meetings: int
    people: int
    saved: Saved


def meetings(reader: Connection, actor: Actor, shown: Shown, now: datetime) -> list[MeetingLine]:
    """Meetings that the actor may see (domain.permissions.may_see_meeting): the next first, or the last first."""
    c = t.meetings.c
    seen = true() if sees_all_meetings(actor) else c.unit_id == actor.unit_id
    coming = (c.ends_at >= now - timedelta(hours=12)) & (c.state == MeetingState.PLANNED)
    which, order = (coming, c.begins_at) if shown is Shown.COMING else (~coming, c.begins_at.desc())
    statement = select(t.meetings).where(c.agency_id == actor.agency_id, seen, which).order_by(order, c.id)
    found = [meeting_of(dict(row)) for row in reader.execute(statement.limit(SHOWN_AT_MOST)).mappings()]
    return _lines(reader, found)


def earlier_meetings(reader: Connection, actor: Actor, before: datetime, own: UUID | None = None) -> list[Meeting]:
    """Meetings that were held before, the last first: their minutes can be approved in a later one."""
    c = t.meetings.c
    seen = true() if sees_all_meetings(actor) else c.unit_id == actor.unit_id
    which = (c.agency_id == actor.agency_id, seen, c.begins_at < before, c.state != MeetingState.CANCELLED)
    statement = select(t.meetings).where(*which).order_by(c.begins_at.desc()).limit(SHOWN_AT_MOST)
    return [one for row in reader.execute(statement).mappings() if (one := meeting_of(dict(row))).id != own]


def meeting(reader: Connection, actor: Actor, meeting_id: UUID) -> MeetingPage:
    """One meeting; NotFound where the actor may not see it."""
    found = _meeting(reader, t.meetings.c.id == meeting_id)
    if found is None or found.agency_id != actor.agency_id:
        raise NotFound
    require(may_see_meeting(actor, found))
    people, files = _people(reader, found.id), _files(reader, found.id)
    series = series_of(files)
    return MeetingPage(
        found,
        people,
        _by_item(found, series, [one for one in files if _own_held(one)]),
        [one for one in files if one.state in _WAITING and not _own_held(one)],
        [one for one in files if one.state in NOT_TAKEN],
        saved_by((one.newest.pages for one in series), len(people)),
        _letter(reader, actor, found.letter_id),
        _letter(reader, actor, found.minutes_id),
        _meeting(reader, t.meetings.c.id == found.previous_id) if found.previous_id else None,
        _meeting(reader, t.meetings.c.id == found.approved_in) if found.approved_in else None,
    )


def meeting_of_mail(reader: Connection, agency_id: AgencyId, mailbox: str, subject: str) -> tuple[Meeting, str] | None:
    """The meeting for which a participant mailed something, and his name: by his address, and the meeting's mark in
    the subject. None for any other mail."""
    marks = marks_in(subject)
    if not marks:
        return None
    people, c = t.meeting_people.c, t.meetings.c
    statement = (
        select(t.meetings, people.name)
        .join_from(t.meeting_people, t.meetings, c.id == people.meeting_id)
        .where(people.agency_id == agency_id, people.mail == mailbox.lower())
        .order_by(c.begins_at.desc())
    )
    for row in reader.execute(statement.limit(SHOWN_AT_MOST)).mappings():
        if (found := meeting_of(dict(row))).mark in marks:
            return found, row["name"]
    return None


def saved_by_month(
    reader: Connection, agency_id: AgencyId, first: date, last: date, now: datetime
) -> list[SavedInMonth]:
    """What meetings that were held between these days did not print, by month; months without any are left out."""
    c = t.meetings.c
    begin, end = (datetime.combine(day, datetime.min.time(), now.tzinfo) for day in (first, last))
    which = (c.agency_id == agency_id, c.state != MeetingState.CANCELLED, c.begins_at <= now)
    span = (c.begins_at >= begin - timedelta(days=1), c.begins_at < end + timedelta(days=2))
    statement = select(t.meetings).where(*which, *span).order_by(c.begins_at)
    held = [meeting_of(dict(row)) for row in reader.execute(statement).mappings()]
    months: dict[date, SavedInMonth] = {}
    for line in _lines(reader, [one for one in held if first <= one.day <= last]):
        month = line.meeting.day.replace(day=1)
        before = months.get(month, SavedInMonth(month, 0, 0, Saved()))
        months[month] = SavedInMonth(month, before.meetings + 1, before.people + line.people, before.saved + line.saved)
    return list(months.values())


# --- for those without an account -------------------------------------------------------------------------------------


def gate(reader: Connection, code: str, now: datetime) -> tuple[UUID, Access] | None:
    """The meeting of a pack's code and who may open it; None alike for a code that nobody has and for a pack that is
    closed. The same short statement for every code, and hardly more to be done where there is one."""
    row = reader.execute(_GATE, {"of": code if is_key(code) else ""}).one_or_none()
    if row is None or row.state is MeetingState.CANCELLED or row.closes_on < office_date(now):
        return None
    return row.id, row.access


def open_gate(reader: Connection, meeting_id: UUID, now: datetime) -> Pack | None:
    """The pack of a meeting, with its files; None when it is closed."""
    pack = _open_pack(reader, _BY_ID, meeting_id, now)
    return _with_files(reader, pack) if pack is not None else None


def _with_files(reader: Connection, pack: Pack) -> Pack:
    """The pack with its files."""
    items = _by_item(pack.meeting, series_of(_files(reader, pack.meeting.id)))
    return Pack(pack.meeting, pack.agency, pack.agency_en, items)


def takes_part(reader: Connection, meeting_id: UUID, participant_id: UUID) -> bool:
    """Does the participant still stand on the list?"""
    which = (t.meeting_people.c.id == participant_id, t.meeting_people.c.meeting_id == meeting_id)
    return reader.execute(select(t.meeting_people.c.id).where(*which)).first() is not None


def own_page(reader: Connection, key: str, now: datetime) -> OwnPage | None:
    """The page of a participant's own link; None alike for a link that nobody has and for one of a closed pack."""
    row = reader.execute(_BY_KEY, {"of": key if is_key(key) else ""}).mappings().one_or_none()
    if row is None:
        return None
    pack = _open_pack(reader, _BY_ID, row["meeting_id"], now)
    if pack is None:
        return None
    person = Participant(**row)
    given = [one for one in _files(reader, person.meeting_id) if one.participant_id == person.id]
    return OwnPage(pack, person, given[::-1])


def room_page(reader: Connection, room: str, now: datetime) -> tuple[Pack, Sequence[Participant]] | None:
    """Who may sign in at the door of the room, while it is time."""
    pack = _open_pack(reader, _BY_ROOM, room, now)
    if pack is None or not pack.meeting.doors_open(now):
        return None
    return pack, _people(reader, pack.meeting.id)


# --- rows -------------------------------------------------------------------------------------------------------------


def _of(which: Any) -> Select[Any]:
    name_en = func.coalesce(agencies.c.name_en, "").label("agency_en")
    return (
        select(t.meetings, agencies.c.name.label("agency"), name_en)
        .join_from(t.meetings, agencies, agencies.c.id == t.meetings.c.agency_id)
        .where(which)
    )


_GATE = select(t.meetings.c.id, t.meetings.c.access, t.meetings.c.state, t.meetings.c.closes_on).where(
    t.meetings.c.code == bindparam("of")
)
_BY_ROOM = _of(t.meetings.c.room == bindparam("of"))
_BY_ID = _of(t.meetings.c.id == bindparam("of"))
_BY_KEY = select(t.meeting_people).where(t.meeting_people.c.key == bindparam("of"))


def _open_pack(reader: Connection, statement: Select[Any], of: Any, now: datetime) -> Pack | None:
    asked = of if isinstance(of, UUID) or is_key(of) else ""
    row = reader.execute(statement, {"of": asked}).mappings().one_or_none()
    if row is None:
        return None
    found = meeting_of(dict(row))
    return Pack(found, row["agency"], row["agency_en"]) if found.pack_open(now) else None


def _meeting(reader: Connection, which: Any) -> Meeting | None:
    row = reader.execute(select(t.meetings).where(which)).mappings().one_or_none()
    return meeting_of(dict(row)) if row is not None else None


def _people(reader: Connection, meeting_id: UUID) -> list[Participant]:
    c = t.meeting_people.c
    statement = select(t.meeting_people).where(c.meeting_id == meeting_id).order_by(c.place, c.id)
    return [Participant(**row) for row in reader.execute(statement).mappings()]


def _files(reader: Connection, meeting_id: UUID) -> list[MeetingFile]:
    c = t.meeting_files.c
    statement = select(t.meeting_files).where(c.meeting_id == meeting_id).order_by(c.at, c.id)
    return [MeetingFile(**row) for row in reader.execute(statement).mappings()]


def _own_held(one: MeetingFile) -> bool:
    return one.state is FileState.HELD and one.way is FileWay.SECRETARY


def _by_item(meeting: Meeting, series: Iterable[Series], held: Sequence[MeetingFile] = ()) -> list[ItemOf]:
    found: dict[str, list[Series]] = {one.key: [] for one in meeting.agenda}
    for one in series:
        found.setdefault(one.newest.item, []).append(one)
    return [ItemOf(one, found[one.key], [file for file in held if file.item == one.key]) for one in meeting.agenda]


def _letter(reader: Connection, actor: Actor, letter_id: UUID | None) -> LetterOf | None:
    if letter_id is None:
        return None
    c = letters.c
    statement = select(c.id, c.number, c.state, c.details, c.body).where(c.id == letter_id, visible_letters(actor))
    row = reader.execute(statement).one_or_none()
    return LetterOf(row.id, row.number or "", row.state, row.details, row.body) if row is not None else None


def _lines(reader: Connection, found: Sequence[Meeting]) -> list[MeetingLine]:
    ids = [one.id for one in found]
    people, files = t.meeting_people.c, t.meeting_files.c
    counted: dict[UUID, int] = {}
    rows: dict[UUID, list[Any]] = {}
    for start in range(0, len(ids), 400):
        some = ids[start : start + 400]
        count = select(people.meeting_id, func.count()).where(people.meeting_id.in_(some)).group_by(people.meeting_id)
        counted.update({row[0]: row[1] for row in reader.execute(count)})
        columns = (files.meeting_id, files.series, files.edition, files.pages, files.state)
        for row in reader.execute(select(*columns).where(files.meeting_id.in_(some))):
            rows.setdefault(row.meeting_id, []).append(row)
    return [_line(one, counted.get(one.id, 0), rows.get(one.id, [])) for one in found]


def _line(meeting: Meeting, people: int, files: Sequence[Any]) -> MeetingLine:
    newest: dict[UUID, Any] = {}
    for row in sorted(files, key=lambda f: f.edition):
        if row.state is FileState.ACCEPTED:
            newest[row.series] = row
    waiting = sum(row.state in _WAITING for row in files)
    return MeetingLine(meeting, people, len(newest), waiting, saved_by((row.pages for row in newest.values()), people))


def closes_in(meeting: Meeting, now: datetime) -> int:
    """In how many days the pack closes; negative once it is closed."""
    return (meeting.closes_on - office_date(now)).days
