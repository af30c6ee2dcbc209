"""Who hears of files that participants hand in: who called the meeting. However many wait, of the first of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from saraban.domain.meeting import Meeting
from saraban.domain.meeting_files import FileState, MeetingFile
from saraban.domain.notice import About, Notice, NoticeKind
from saraban.usecases.books import UnitOfWork


def tell_of_file(
    uow: UnitOfWork, meeting: Meeting, before: Sequence[MeetingFile], file: MeetingFile, at: datetime
) -> None:
    """A file waits to be taken into the pack, or to be refused; `before` are those that were there already."""
    if meeting.maker_id is None or any(one.state is FileState.OFFERED for one in before):
        return
    told = {"by": file.giver, "subject": meeting.title}
    kind, about = NoticeKind.MEETING_FILE, About.MEETING
    uow.notices.tell(
        [Notice(meeting.agency_id, meeting.maker_id, kind, about, meeting.id, str(file.id), at, told=told)]
    )


def settle_files(uow: UnitOfWork, meeting: Meeting, at: datetime) -> None:
    """What was told of them is dealt with, once none waits."""
    if not any(one.state is FileState.OFFERED for one in uow.meetings.files(meeting.id)):
        uow.notices.settle(meeting.id, [NoticeKind.MEETING_FILE], at)
