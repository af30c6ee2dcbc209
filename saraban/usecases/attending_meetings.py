"""What participants of a meeting do without an account: hand files in by their own link, sign in by it or at the door,
and open a restricted pack with a code that came by mail.

For an address or a code that nobody has, and for one whose time is over, there is one refusal with the same words.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.errors import BadInput, NotFound, StageNotAllowed
from saraban.domain.meeting import Access, Meeting, digest_of_number, is_key
from saraban.domain.meeting_events import MeetingAttended, MeetingOpenedByCode
from saraban.domain.meeting_files import NOT_TAKEN, FileWay, MeetingFile, expect_room
from saraban.domain.meeting_people import Participant
from saraban.domain.numbering import arabic_digits
from saraban.exchange.meeting_mail import MeetingNumber, number_mail
from saraban.usecases.books import UnitOfWork
from saraban.usecases.meeting_books import SentNumber, keep_file
from saraban.usecases.offering import file_of, offer_file
from saraban.usecases.outgoing import OutboxItem
from saraban.usecases.ports import Services

GONE = "ลิงก์นี้ใช้ไม่ได้"
NUMBER_LIFE = timedelta(minutes=10)
NUMBER_DIGITS = 8
_PAUSE = timedelta(minutes=1)
_MOST_SENT, _SPAN = 5, timedelta(hours=1)
"""Codes to one participant: not twice in a minute, not more than five in an hour."""


def hand_in(office: Services, *, key: str, item: str, name: str, stream: BinaryIO, note: str = "") -> MeetingFile:
    """A participant hands a file in by the own link; it lies with the secretary, or waits apart while the virus scanner
    is away. The same file for the same item a second time is the first. Raises NotFound, StageNotAllowed after the
    deadline, BadInput at `file` or `item`."""
    now = office.clock.now()
    with office.uow() as uow:
        meeting, person = _behind(uow, key, now)
        _expect_taking(meeting, now)
        meeting.item(item)
        expect_room(_still_there(uow, meeting), person.id)
    kept = keep_file(office.blobs, office.scanner, office.renderer, name=name, stream=stream)
    with office.uow() as uow:
        meeting, person = _behind(uow, key, now)
        uow.meetings.hold(meeting.id)
        _expect_taking(meeting, now)
        files = _still_there(uow, meeting)
        for one in files:
            if (one.participant_id, one.sha256, one.item) == (person.id, kept.sha256, item):
                return one
        expect_room(files, person.id)
        file = file_of(meeting, kept, meeting.item(item).key, FileWay.LINK, person.name, now)
        file.participant_id, file.note = person.id, _note(note)
        offer_file(uow, meeting, files, file, by=_by(meeting), at=now)
        uow.commit()
    return file


def sign_in(office: Services, *, key: str, stands_in: str = "") -> bool:
    """A participant signs in by the own link, or who came in his stead does; False when that was done before."""
    now = office.clock.now()
    with office.uow() as uow:
        meeting, person = _behind(uow, key, now)
        return _sign_in(uow, meeting, person, "own", stands_in, now)


def sign_in_at_door(office: Services, *, room: str, person_id: UUID, stands_in: str = "") -> bool:
    """Somebody signs in by the QR code at the door and the own name on the list. Raises NotFound outside of the hours:
    then the code at the door opens nothing."""
    now = office.clock.now()
    with office.uow() as uow:
        meeting = uow.meetings.by_room(room) if is_key(room) else None
        if meeting is None or not meeting.doors_open(now):
            raise NotFound(GONE)
        for person in uow.meetings.people(meeting.id):
            if person.id == person_id:
                return _sign_in(uow, meeting, person, "room", stands_in, now)
    raise NotFound(GONE)


def _sign_in(uow: UnitOfWork, meeting: Meeting, person: Participant, way: str, stands_in: str, now: datetime) -> bool:
    fresh = person.sign_in(meeting, way, stands_in, now=now)
    if fresh:
        uow.meetings.save_person(person)
        told = {"who": person.name, "presence": person.presence.value, "way": way}
        uow.record(MeetingAttended(**meeting.fact(_by(meeting), now, **told)))
        uow.commit()
    return fresh


# --- one-time codes ---------------------------------------------------------------------------------------------------


def send_number(office: Services, *, code: str, mail: str) -> bool:
    """Mail a one-time code to a participant of a restricted meeting; True when one left. Nobody may be told which it
    was: the caller answers the same for every address and every code."""
    now = office.clock.now()
    with office.uow() as uow:
        meeting = uow.meetings.by_code(code) if is_key(code) else None
        if meeting is None or meeting.access is not Access.CODE or not meeting.pack_open(now):
            return False
        mail = mail.strip().lower()
        person = next((one for one in uow.meetings.people(meeting.id) if one.mail and one.mail == mail), None)
        if person is None:
            return False
        last = uow.meetings.number(person.id)
        since, sent = (last.since, last.sent) if last is not None and now - last.since < _SPAN else (now, 0)
        if last is not None and (now - last.sent_at < _PAUSE or sent >= _MOST_SENT):
            return False
        number = "".join(secrets.choice("0123456789") for _ in range(NUMBER_DIGITS))
        digest = digest_of_number(meeting.id, mail, number)
        kept = SentNumber(person.id, meeting.id, digest, now, now + NUMBER_LIFE, since, sent + 1)
        uow.meetings.put_number(kept)
        agency = uow.agencies.get(meeting.agency_id)
        told = MeetingNumber(uuid4(), agency.name, agency.mailbox, person.name, mail, meeting.called, number)
        envelope = number_mail(told, now)
        item = OutboxItem(uuid4(), agency.id, agency.code, envelope.kind, told.id, envelope, now + NUMBER_LIFE)
        uow.outbox.put(item, now)
        uow.commit()
    return True


def open_by_number(office: Services, *, code: str, mail: str, number: str) -> UUID:
    """The participant to whom this one-time code went out, which is used up by this. Raises NotFound alike for
    everything that is not so."""
    now = office.clock.now()
    plain = "".join(sign for sign in arabic_digits(number) if sign.isdecimal())
    with office.uow() as uow:
        meeting = uow.meetings.by_code(code) if is_key(code) else None
        # Asked in any case, so that no answer is faster for a pack that does not exist.
        of = meeting.id if meeting is not None else UUID(int=0)
        found = uow.meetings.use_number(of, digest_of_number(of, mail.strip(), plain), now)
        if found is None or meeting is None or meeting.access is not Access.CODE or not meeting.pack_open(now):
            raise NotFound(GONE)
        who = next((one.name for one in uow.meetings.people(meeting.id) if one.id == found), "")
        uow.record(MeetingOpenedByCode(**meeting.fact(_by(meeting), now), who=who))
        uow.commit()
    return found


def open_pack_file(office: Services, file: MeetingFile) -> bytes:
    """The bytes of a file that the door found in the pack."""
    return office.blobs.open(file.sha256)


def _behind(uow: UnitOfWork, key: str, now: datetime) -> tuple[Meeting, Participant]:
    found = uow.meetings.by_key(key) if is_key(key) else None
    if found is None or not found[0].pack_open(now):
        raise NotFound(GONE)
    return found


def _expect_taking(meeting: Meeting, now: datetime) -> None:
    if not meeting.takes_files(now):
        raise StageNotAllowed("พ้นกำหนดส่งไฟล์แล้ว ติดต่อฝ่ายเลขานุการ", code="too-late")


def _still_there(uow: UnitOfWork, meeting: Meeting) -> list[MeetingFile]:
    """Files that were not refused: who handed in the wrong one may hand it in again."""
    return [one for one in uow.meetings.files(meeting.id) if one.state not in NOT_TAKEN]


def _note(text: str) -> str:
    plain = " ".join(text.split())
    if len(plain) > 300 or not plain.isprintable():
        raise BadInput({"note": "ใส่บรรทัดเดียว ไม่เกิน ๓๐๐ ตัวอักษร"})
    return plain


def _by(meeting: Meeting) -> Actor:
    return Actor.gateway(meeting.agency_id)
