"""Who hears of files of a meeting: who called it. Of those that participants hand in, however many wait, he hears of
the first; of what he or his colleagues put in themselves, when it did not pass the virus scanner. And the mails to
participants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from saraban.domain.agency import Agency
from saraban.domain.meeting import Meeting
from saraban.domain.meeting_files import FileState, FileWay, MeetingFile
from saraban.domain.meeting_people import Participant
from saraban.domain.notice import About, Notice, NoticeKind
from saraban.exchange.meeting_mail import MeetingMail, meeting_mail
from saraban.usecases.books import UnitOfWork
from saraban.usecases.outgoing import OutboxItem
from saraban.usecases.ports import Services

MAIL_LIFE = timedelta(days=2)


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


def tell_of_removed(uow: UnitOfWork, meeting: Meeting, file: MeetingFile, at: datetime) -> None:
    """A file that the secretary put in was removed; a participant reads it on his own page."""
    if meeting.maker_id is None or file.way is not FileWay.SECRETARY:
        return
    told = {"by": file.giver, "subject": meeting.title, "file": file.name, "reason": file.reason}
    kind, about = NoticeKind.MEETING_FILE_REMOVED, About.MEETING
    uow.notices.tell(
        [Notice(meeting.agency_id, meeting.maker_id, kind, about, meeting.id, str(file.id), at, told=told)]
    )


def settle_files(uow: UnitOfWork, meeting: Meeting, at: datetime) -> None:
    """What was told of them is dealt with, once none waits."""
    if not any(one.state is FileState.OFFERED for one in uow.meetings.files(meeting.id)):
        uow.notices.settle(meeting.id, [NoticeKind.MEETING_FILE], at)


def mail_person(
    uow: UnitOfWork,
    office: Services,
    agency: Agency,
    meeting: Meeting,
    person: Participant,
    now: datetime,
    *,
    cancelled: str = "",
    was: str = "",
    minutes: bool = False,
) -> None:
    """Write a mail to a participant into the outbox: his links, or why it is not held, what it `was` before it was
    changed, that its `minutes` lie in the pack."""
    told = MeetingMail(
        id=uuid4(),
        agency=agency.name,
        mailbox=agency.mailbox,
        to_name=person.name,
        to_mailbox=person.mail,
        meeting=meeting.called,
        mark=meeting.mark,
        place=meeting.place,
        begins_at=meeting.begins_at,
        own=f"{office.public_url}/m/own/{person.key}",
        pack=f"{office.public_url}/m/{meeting.code}",
        until=meeting.hand_in_until or meeting.begins_at,
        cancelled=cancelled,
        was=was,
        minutes=minutes,
    )
    mail = meeting_mail(told, now)
    item = OutboxItem(uuid4(), agency.id, agency.code, mail.kind, told.id, mail, now + MAIL_LIFE)
    uow.outbox.put(item, now)
