"""How a file comes to a meeting, from a participant or from the secretary; while the virus scanner is away it waits
apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.meeting import Meeting
from saraban.domain.meeting_events import MeetingFileOffered
from saraban.domain.meeting_files import FileState, FileWay, MeetingFile
from saraban.usecases.books import UnitOfWork
from saraban.usecases.meeting_books import KeptFile
from saraban.usecases.meeting_notices import tell_of_file
from saraban.usecases.viruses import UNSCANNED


def file_of(meeting: Meeting, kept: KeptFile, item: str, way: FileWay, giver: str, at: datetime) -> MeetingFile:
    """The first edition of a file for a meeting: offered, or held when it was not looked through."""
    own = uuid4()
    return MeetingFile(
        id=own,
        agency_id=meeting.agency_id,
        meeting_id=meeting.id,
        item=item,
        name=kept.name,
        media_type=kept.media_type,
        size=kept.size,
        sha256=kept.sha256,
        pages=kept.pages,
        series=own,
        edition=1,
        note="",
        state=FileState.HELD if kept.held else FileState.OFFERED,
        way=way,
        giver=giver,
        at=at,
        scanned=kept.scanned,
    )


def offer_file(
    uow: UnitOfWork, meeting: Meeting, before: Sequence[MeetingFile], file: MeetingFile, *, by: Actor, at: datetime
) -> None:
    """Lay a file before the secretary, who is told when none of those `before` waits; one that is held waits apart."""
    uow.meetings.add_file(file)
    if file.state is FileState.HELD:
        uow.held_files.add(file.kept_apart(UNSCANNED))
    else:
        tell_of_file(uow, meeting, before, file, at)
    told = {"file_name": file.name, "sha256": file.sha256, "giver": file.giver, "way": file.way.value}
    uow.record(MeetingFileOffered(**meeting.fact(by, at, **told)))


def file_fact(meeting: Meeting, file: MeetingFile, by: Actor, at: datetime, giver: str = "") -> dict[str, Any]:
    """What is told of a file that lies in the pack from now on; `giver`: the participant who handed it in."""
    told = {"file_name": file.name, "sha256": file.sha256, "edition": file.edition, "giver": giver}
    return meeting.fact(by, at, **told)
