"""The pack of a meeting at its secretary: files put in, new editions of them, what participants handed in taken or
refused, and files that came by mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import BinaryIO
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.attachment import Attachment
from saraban.domain.errors import BadInput, NotFound, RuleBroken, StageNotAllowed
from saraban.domain.incoming import MOST_REASON, IncomingId, IncomingLetter
from saraban.domain.letter import LetterId
from saraban.domain.meeting import Access, Meeting, marks_in
from saraban.domain.meeting_events import MeetingFilePut, MeetingFileRefused, MeetingLinksSent
from saraban.domain.meeting_files import NOT_TAKEN, FileState, FileWay, MeetingFile, expect_room
from saraban.domain.meeting_people import Participant
from saraban.domain.meeting_words import minutes_of
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import (
    may_keep_meeting,
    may_read_letter,
    may_see_meeting,
    may_work_incoming,
    require,
)
from saraban.usecases.books import UnitOfWork
from saraban.usecases.meeting_books import KeptFile, keep_bytes, keep_file, tried
from saraban.usecases.meeting_notices import mail_person, settle_files
from saraban.usecases.offering import file_fact, file_of, offer_file
from saraban.usecases.ports import Services

_NOT_TAKEN, _AND_MORE = " · ไม่รับ ", " · และไม่รับอีก {} ไฟล์"


def put_file(
    office: Services,
    *,
    actor: Actor,
    meeting_id: UUID,
    item: str,
    name: str,
    stream: BinaryIO,
    replaces: UUID | None = None,
    note: str = "",
) -> MeetingFile:
    """Put a file into the pack, under an item of the agenda or as the next edition of one that lies there (with what is
    new); while the virus scanner is away it waits apart and comes into the pack by itself. Raises BadInput at `file`,
    `item` or `note`. Returns the file."""
    now = office.clock.now()
    with office.uow() as uow:
        _kept(uow, actor, meeting_id)
    kept = keep_file(office.blobs, office.scanner, office.renderer, name=name, stream=stream)
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        uow.meetings.hold(meeting.id)
        before = _newest(uow, meeting, replaces)
        item = before.item if before is not None else meeting.item(item).key
        file = file_of(meeting, kept, item, FileWay.SECRETARY, actor.name, now)
        file.follow(before, note)
        _put_in(uow, meeting, file, actor, now)
        uow.commit()
    return file


def put_minutes(office: Services, *, actor: Actor, meeting_id: UUID, confirmed: bool = False) -> MeetingFile:
    """Put the minutes of the meeting before this one, once they are signed, into the pack, under the item that approves
    them. Where everybody who has its address may open the pack, that has to be `confirmed` (`circulate_minutes`).
    Raises RuleBroken without that, and where there are none that may be read by all participants. Returns the file."""
    now = office.clock.now()
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        name, page = _signed_minutes(uow, actor, _before(uow, actor, meeting), "ครั้งก่อน")
        _expect_confirmed(meeting, confirmed=confirmed)
        item = next((one for one in meeting.agenda if one.approves_minutes), meeting.agenda[0])
    data = office.blobs.open(page.sha256)
    kept = keep_bytes(office.blobs, office.scanner, office.renderer, name=name, data=data)
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        _expect_confirmed(meeting, confirmed=confirmed)
        uow.meetings.hold(meeting.id)
        if any(one.sha256 == kept.sha256 and one.state not in NOT_TAKEN for one in uow.meetings.files(meeting.id)):
            raise RuleBroken("รายงานการประชุมครั้งก่อนอยู่ในชุดเอกสารแล้ว", code="there-already")
        file = file_of(meeting, kept, item.key, FileWay.SECRETARY, actor.name, now)
        _put_in(uow, meeting, file, actor, now)
        uow.commit()
    return file


def _put_in(uow: UnitOfWork, meeting: Meeting, file: MeetingFile, actor: Actor, now: datetime) -> None:
    """What the secretary brings lies in the pack at once, but for what waits for the virus scanner."""
    if file.state is FileState.HELD:
        offer_file(uow, meeting, (), file, by=actor, at=now)
        return
    file.state, file.taken_at, file.taken_by = FileState.ACCEPTED, now, actor.name
    uow.meetings.add_file(file)
    uow.record(MeetingFilePut(**file_fact(meeting, file, actor, now)))


def circulate_minutes(office: Services, *, actor: Actor, meeting_id: UUID, confirmed: bool = False) -> int:
    """Put the signed minutes of this meeting into its own pack and mail all participants where they lie, those of
    other agencies and of none too. Where everybody who has its address may open the pack, whoever has the QR reads them
    too, and that has to be `confirmed`. Returns how many mails leave. Raises RuleBroken without that, where there are
    none that may be read by all, when they lie there already, once the pack is closed, and while the virus scanner is
    away."""
    now = office.clock.now()
    if not office.public_url:
        raise RuleBroken("ยังไม่ได้ตั้งที่อยู่เว็บของระบบ ติดต่อผู้ดูแลระบบ", code="no-public-address")
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        name, page = _signed_minutes(uow, actor, meeting, "")
        _expect_confirmed(meeting, confirmed=confirmed)
    kept = keep_bytes(office.blobs, office.scanner, office.renderer, name=name, data=office.blobs.open(page.sha256))
    if kept.held:
        raise RuleBroken("ตัวตรวจไวรัสไม่ตอบ กดอีกครั้งเมื่อตรวจได้", code="not-scanned")
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        _expect_confirmed(meeting, confirmed=confirmed)
        if not meeting.pack_open(now):
            raise RuleBroken("ชุดเอกสารปิดแล้ว เลื่อนวันปิดชุดเอกสารก่อน", code="pack-closed")
        uow.meetings.hold(meeting.id)
        if any(one.sha256 == kept.sha256 and one.state not in NOT_TAKEN for one in uow.meetings.files(meeting.id)):
            raise RuleBroken("เวียนรายงานการประชุมแล้ว", code="there-already")
        file = file_of(meeting, kept, meeting.agenda[-1].key, FileWay.SECRETARY, actor.name, now)
        _put_in(uow, meeting, file, actor, now)
        agency, people = uow.agencies.get(meeting.agency_id), uow.meetings.people(meeting.id)
        told = [one for one in people if one.mail]
        for one in told:
            mail_person(uow, office, agency, meeting, one, now, minutes=True)
            one.invited_at = one.invited_at or now
            uow.meetings.save_person(one)
        uow.record(MeetingLinksSent(**meeting.fact(actor, now), mails=len(told)))
        uow.commit()
    return len(told)


def _expect_confirmed(meeting: Meeting, *, confirmed: bool) -> None:
    if meeting.access is Access.LINK and not confirmed:
        words = "ทุกคนที่มีลิงก์หรือ QR ของชุดเอกสารจะอ่านรายงานได้ ไม่เฉพาะผู้เข้าประชุม ยืนยันก่อน"
        raise RuleBroken(words, code="not-confirmed")


def _before(uow: UnitOfWork, actor: Actor, meeting: Meeting) -> Meeting | None:
    return uow.meetings.get(actor.agency_id, meeting.previous_id) if meeting.previous_id is not None else None


def _signed_minutes(uow: UnitOfWork, actor: Actor, of: Meeting | None, which: str) -> tuple[str, Attachment]:
    none = RuleBroken(f"ยังไม่มีรายงานการประชุม{which}ที่ลงนามแล้ว", code="no-minutes")
    if of is None or of.minutes_id is None:
        raise none
    letter = uow.letters.get(actor.agency_id, LetterId(of.minutes_id))
    require(may_read_letter(actor, letter))
    if letter.issued_file is None or not letter.content.secrecy.is_open:
        raise none
    return f"{minutes_of(of)}.pdf", letter.issued_file


def take_file(
    office: Services,
    *,
    actor: Actor,
    meeting_id: UUID,
    file_id: UUID,
    item: str = "",
    replaces: UUID | None = None,
    note: str = "",
) -> None:
    """Take a file that was handed in into the pack: under the item for which it came or another one."""
    now = office.clock.now()
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        uow.meetings.hold(meeting.id)
        file = _of(uow, meeting, file_id)
        before = _newest(uow, meeting, replaces)
        place = before.item if before is not None else meeting.item(item or file.item).key
        file.accept(place, before, note, by=actor.name, at=now)
        uow.meetings.save_file(file)
        uow.record(MeetingFilePut(**file_fact(meeting, file, actor, now, file.giver)))
        settle_files(uow, meeting, now)
        uow.commit()


def refuse_file(office: Services, *, actor: Actor, meeting_id: UUID, file_id: UUID, reason: str) -> None:
    """Do not take it, and say why; who handed it in reads that on his page."""
    now = office.clock.now()
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        file = _of(uow, meeting, file_id)
        file.refuse(reason, by=actor.name, at=now)
        uow.meetings.save_file(file)
        told = {"file_name": file.name, "reason": file.reason}
        uow.record(MeetingFileRefused(**meeting.fact(actor, now, **told)))
        settle_files(uow, meeting, now)
        uow.commit()


def open_file(office: Services, *, actor: Actor, meeting_id: UUID, file_id: UUID) -> tuple[MeetingFile, bytes]:
    """A file of a meeting, also one that is not taken yet. Raises StageNotAllowed for one that waits for the virus
    scanner."""
    with office.uow() as uow:
        meeting = uow.meetings.get(actor.agency_id, meeting_id)
        require(may_see_meeting(actor, meeting))
        file = _of(uow, meeting, file_id)
    file.refuse_to_open()
    return file, office.blobs.open(file.sha256)


# --- by mail ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OfMail:
    """What an ordinary mail has to do with a meeting: the participant who sent it, and the meeting."""

    meeting: Meeting
    person: Participant


@dataclass(frozen=True)
class Taken:
    """What became of the files of a mail: how many lie with the secretary, how many of them wait for the virus scanner
    before, and why others do not."""

    files: int
    refused: tuple[str, ...] = ()
    held: int = 0


def take_from_mail(office: Services, *, actor: Actor, incoming_id: IncomingId) -> Taken:
    """Hand the files of a mail to the secretary of its meeting, who takes each into the pack or not; the mail itself is
    set aside. While the virus scanner is away they wait apart. Raises NotFound when it is no such mail, StageNotAllowed
    when it came after the deadline and the second time, RuleBroken when none of its files is taken. Of files for which
    the participant has no more room the first are taken."""
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_work_incoming(actor, letter))
        letter.may_be_made_of_mail()
        found = _expect_mail(uow, letter)
    kept, refused = list[KeptFile](), list[str]()
    for one in letter.files:
        data, away = office.blobs.open(one.sha256), any(other.held for other in kept)
        deed = partial(keep_bytes, office.blobs, office.scanner, office.renderer, name=one.name, data=data, away=away)
        outcome = tried(deed)
        if isinstance(outcome, str):
            refused.append(f"{one.name}: {outcome}")
        else:
            kept.append(outcome)
    taken = list[KeptFile]()
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        found = _expect_mail(uow, letter)
        uow.meetings.hold(found.meeting.id)
        for one_kept in kept:
            before = uow.meetings.files(found.meeting.id)
            try:
                expect_room(before, found.person.id)
            except BadInput as error:  # the first of them have their place all the same
                refused.append(f"{one_kept.name}: {error.in_words}")
                continue
            taken.append(one_kept)
            file = file_of(found.meeting, one_kept, "", FileWay.MAIL, found.person.name, now)
            file.participant_id = found.person.id
            offer_file(uow, found.meeting, before, file, by=actor, at=now)
        if not taken:
            raise RuleBroken(_with_all("ไม่มีไฟล์ที่รับเข้าชุดเอกสารได้", refused), code="no-file-fits")
        words = thai_digits(f"ไฟล์สำหรับ{found.meeting.called} ส่งให้ฝ่ายเลขานุการแล้ว {len(taken)} ไฟล์")
        uow.record(letter.set_aside(reason=_with_all(words, refused), by=actor, at=now))
        uow.incoming.save(letter)
        uow.commit()
    return Taken(len(taken), tuple(refused), sum(one.held for one in taken))


def _with_all(words: str, refused: Sequence[str]) -> str:
    """The words, and why each file was not taken, as many as go into a reason; of the others how many they are."""
    room = MOST_REASON - len(words) - len(_AND_MORE) - 3
    told = list[str]()
    for one in refused:
        room -= len(one) + len(_NOT_TAKEN)
        if room < 0:
            break
        told.append(_NOT_TAKEN + one)
    left = len(refused) - len(told)
    return words + "".join(told) + (_AND_MORE.format(thai_digits(left)) if left else "")


def _expect_mail(uow: UnitOfWork, letter: IncomingLetter) -> OfMail:
    """The meeting of a mail that came in time, whenever somebody reads it."""
    found = _of_mail(uow, letter)
    if found is None:
        raise NotFound("ไปรษณีย์นี้ไม่ใช่ไฟล์สำหรับการประชุม")
    if not found.meeting.takes_files(letter.received_at):
        raise StageNotAllowed("พ้นกำหนดส่งไฟล์ของการประชุมนี้แล้ว")
    return found


def _of_mail(uow: UnitOfWork, letter: IncomingLetter) -> OfMail | None:
    """The meeting for which a participant mailed his files: by his address, and its mark in the subject."""
    if not letter.ordinary or letter.quarantined or not marks_in(letter.subject):
        return None
    for meeting, person in uow.meetings.by_mail(letter.agency_id, letter.from_mailbox):
        if meeting.mark in marks_in(letter.subject):
            return OfMail(meeting, person)
    return None


# --- what both do -----------------------------------------------------------------------------------------------------


def _kept(uow: UnitOfWork, actor: Actor, meeting_id: UUID) -> Meeting:
    meeting = uow.meetings.get(actor.agency_id, meeting_id)
    require(may_keep_meeting(actor, meeting))
    return meeting


def _of(uow: UnitOfWork, meeting: Meeting, file_id: UUID) -> MeetingFile:
    for one in uow.meetings.files(meeting.id):
        if one.id == file_id:
            return one
    raise NotFound


def _newest(uow: UnitOfWork, meeting: Meeting, file_id: UUID | None) -> MeetingFile | None:
    """The newest edition of the file that has this one."""
    if file_id is None:
        return None
    series = _of(uow, meeting, file_id).series
    taken = [f for f in uow.meetings.files(meeting.id) if f.series == series and f.state is FileState.ACCEPTED]
    if not taken:
        raise NotFound
    return max(taken, key=lambda f: f.edition)
