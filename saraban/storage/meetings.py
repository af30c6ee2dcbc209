"""Meetings, in their tables."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, select, update

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.meeting import Meeting, meeting_of
from saraban.domain.meeting_files import MeetingFile
from saraban.domain.meeting_people import Participant
from saraban.storage.archive import expect_of
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables import meetings as t
from saraban.usecases.meeting_books import SentNumber


def _row(meeting: Meeting) -> dict[str, Any]:
    row = {name: getattr(meeting, name) for name in Meeting.__dataclass_fields__}
    return {**row, "agenda": [dataclasses.astuple(one) for one in meeting.agenda]}


_meetings: Shelf[Meeting] = Shelf(t.meetings, to_row=_row, from_row=lambda row: meeting_of(dict(row)))
_people: Shelf[Participant] = plain_shelf(t.meeting_people, Participant)
_files: Shelf[MeetingFile] = plain_shelf(t.meeting_files, MeetingFile)
_numbers: Shelf[SentNumber] = plain_shelf(t.meeting_numbers, SentNumber, ("participant_id",))


class MeetingBooks:
    """Meetings (usecases.meeting_books.Meetings)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, meeting: Meeting) -> None:
        """Keep a new one."""
        _meetings.add(self._connection, meeting)

    def save(self, meeting: Meeting) -> None:
        """Write one back."""
        _meetings.save(self._connection, meeting)

    def get(self, agency_id: AgencyId, meeting_id: UUID) -> Meeting:
        """A meeting of the agency; NotFound otherwise."""
        found = _meetings.get(self._connection, meeting_id)
        expect_of(agency_id, found.agency_id)
        return found

    def by_code(self, code: str) -> Meeting | None:
        """The meeting whose pack this code opens."""
        return self._one(t.meetings.c.code == code)

    def by_room(self, room: str) -> Meeting | None:
        """The meeting at whose door this code hangs."""
        return self._one(t.meetings.c.room == room)

    def by_key(self, key: str) -> tuple[Meeting, Participant] | None:
        """The participant whose own link this is."""
        found = _people.find(self._connection, select(t.meeting_people).where(t.meeting_people.c.key == key))
        return (_meetings.get(self._connection, found[0].meeting_id), found[0]) if found else None

    def by_mail(self, agency_id: AgencyId, mail: str) -> Sequence[tuple[Meeting, Participant]]:
        """Meetings in which somebody with this address takes part, the newest first."""
        people = t.meeting_people
        which = (people.c.agency_id == agency_id, people.c.mail == mail.lower())
        found = _people.find(self._connection, select(people).where(*which).limit(200))
        pairs = [(_meetings.get(self._connection, one.meeting_id), one) for one in found]
        return sorted(pairs, key=lambda pair: pair[0].begins_at, reverse=True)

    def people(self, meeting_id: UUID) -> Sequence[Participant]:
        """Who takes part, in the order of the list."""
        people = t.meeting_people
        statement = select(people).where(people.c.meeting_id == meeting_id).order_by(people.c.place, people.c.id)
        return _people.find(self._connection, statement.with_for_update())

    def add_people(self, *people: Participant) -> None:
        """Keep new ones."""
        _people.add(self._connection, *people)

    def save_person(self, person: Participant) -> None:
        """Write one back."""
        _people.save(self._connection, person)

    def remove_person(self, person_id: UUID) -> None:
        """Take one off the list, with the code that went out to him."""
        self._connection.execute(delete(t.meeting_numbers).where(t.meeting_numbers.c.participant_id == person_id))
        self._connection.execute(delete(t.meeting_people).where(t.meeting_people.c.id == person_id))

    def files(self, meeting_id: UUID) -> Sequence[MeetingFile]:
        """All files, the oldest first."""
        files = t.meeting_files
        statement = select(files).where(files.c.meeting_id == meeting_id).order_by(files.c.at, files.c.id)
        return _files.find(self._connection, statement)

    def file(self, agency_id: AgencyId, file_id: UUID) -> MeetingFile:
        """A file of a meeting of the agency; NotFound otherwise."""
        found = _files.get(self._connection, file_id)
        expect_of(agency_id, found.agency_id)
        return found

    def add_file(self, file: MeetingFile) -> None:
        """Keep a new one."""
        _files.add(self._connection, file)

    def save_file(self, file: MeetingFile) -> None:
        """Write one back."""
        _files.save(self._connection, file)

    def hold(self, meeting_id: UUID) -> None:
        """Lock the row of the meeting."""
        self._connection.execute(select(t.meetings.c.id).where(t.meetings.c.id == meeting_id).with_for_update())

    def number(self, participant_id: UUID) -> SentNumber | None:
        """The last code that went out to a participant."""
        which = select(t.meeting_numbers).where(t.meeting_numbers.c.participant_id == participant_id)
        return next(iter(_numbers.find(self._connection, which.with_for_update())), None)

    def put_number(self, number: SentNumber) -> None:
        """Keep a new code in the place of the one before."""
        gone = delete(t.meeting_numbers).where(t.meeting_numbers.c.participant_id == number.participant_id)
        self._connection.execute(gone)
        _numbers.add(self._connection, number)

    def use_number(self, meeting_id: UUID, digest: Digest, now: datetime) -> UUID | None:
        """Use a code up; to whom it went out, None when there is none in time."""
        c = t.meeting_numbers.c
        which = (c.meeting_id == meeting_id, c.digest == digest, c.until > now)
        row = self._connection.execute(select(c.participant_id).where(*which).with_for_update()).first()
        if row is None:
            return None
        used = update(t.meeting_numbers).where(*which).values(until=c.sent_at)
        return row.participant_id if self._connection.execute(used).rowcount == 1 else None

    def _one(self, which: Any) -> Meeting | None:
        found = _meetings.find(self._connection, select(t.meetings).where(which))
        return found[0] if found else None
