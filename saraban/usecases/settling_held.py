"""Files that came while the virus scanner was away: once it answers they are looked through, and each goes where it
belongs or is removed, and who sent it is told."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from saraban.domain.actor import Actor
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound
from saraban.domain.held_files import HeldFile
from saraban.domain.meeting_events import MeetingFilePassed, MeetingFilePut, MeetingFileRemoved
from saraban.domain.meeting_files import FileState
from saraban.exchange.petition_mail import Occasion, Told
from saraban.usecases.books import UnitOfWork
from saraban.usecases.meeting_notices import tell_of_file, tell_of_removed
from saraban.usecases.offering import file_fact
from saraban.usecases.petitions import petition_of, tell_sender
from saraban.usecases.ports import Services
from saraban.usecases.viruses import SCAN_AGAIN, UNSCANNED, ScannerAway, TooLargeToScan

_log = logging.getLogger(__name__)


def settle_held_files(office: Services, *, limit: int = 20) -> int:
    """Look through files that wait; how many were settled. While the scanner is away they wait on."""
    with office.uow() as uow:
        files = uow.held_files.claim(office.clock.now(), office.lease, limit)
        if not files:
            return 0
        uow.commit(final=False)
    settled = 0
    for place, file in enumerate(files):
        try:
            why, pages = _found(office, file)
            _settle(office, file, why, pages)
            settled += 1
        except ScannerAway as error:
            _put_off(office, files[place:], f"{UNSCANNED}: {error.thai}")
            break
        except ConcurrentEdit:  # somebody writes to the letter at this moment
            _put_off(office, [file], file.why)
        except Exception:
            _log.exception("held file %s could not be settled", file.digest)
            _put_off(office, [file], f"{UNSCANNED}: อ่านไฟล์ไม่สำเร็จ")
    return settled


def _found(office: Services, file: HeldFile) -> tuple[str, int]:
    """Why the file is not taken, empty for one that is harmless; and how many pages a PDF has. Raises ScannerAway."""
    data = office.blobs.open(file.digest)
    try:
        if virus := office.scanner.virus_in(data):
            return f"ติดไวรัส ({virus})", 0
        return "", office.renderer.check_upload(data) if file.media_type == "application/pdf" else 0
    except TooLargeToScan:
        return "ใหญ่เกินที่ตัวตรวจไวรัสรับได้", 0
    except BadInput as error:
        return error.fields.get("file", error.thai), 0


def _put_off(office: Services, files: Sequence[HeldFile], why: str) -> None:
    until = office.clock.now() + SCAN_AGAIN
    with office.uow() as uow:
        for file in files:
            uow.held_files.put_off(file.id, why, until)
        uow.commit()


def _settle(office: Services, file: HeldFile, why: str, pages: int) -> None:
    now = office.clock.now()
    with office.uow() as uow:
        if file.incoming_id is not None:
            _with_letter(office, uow, file, why, now)
        else:
            _in_meeting(office, uow, file, why, pages, now)
        uow.held_files.save(file)
        if why:  # the same bytes that lie elsewhere were found harmless there and stay (usecases.kept.remove_files)
            uow.disposals.drop([file.digest], now)
        uow.commit()


def _with_letter(office: Services, uow: UnitOfWork, file: HeldFile, why: str, now: datetime) -> None:
    """A letter from the public gets its file, or its sender hears by mail and on his page that it was not taken."""
    assert file.incoming_id is not None
    letter, gateway = uow.incoming.get(file.agency_id, file.incoming_id), Actor.gateway(file.agency_id)
    petition = petition_of(uow, letter)
    if petition is None:
        raise NotFound
    if not why:
        letter.files.append(file.pass_on(now))
        uow.incoming.save(letter)
        uow.record(petition.file_passed(file.digest, by=gateway, at=now))
        return
    file.remove(why, now)
    told = Told(Occasion.FILE_REMOVED, petition.number, office.public_url)
    tell_sender(uow, uow.agencies.get(file.agency_id), petition, letter, told, now)
    uow.petitions.save(petition)  # the next mail of this kind is another one
    uow.record(petition.file_removed(file.digest, why, by=gateway, at=now))


def _in_meeting(office: Services, uow: UnitOfWork, file: HeldFile, why: str, pages: int, now: datetime) -> None:
    """A file for a meeting comes before its secretary, or into the pack when he put it in; or its giver reads that it
    was not taken; who called the meeting is told when it was the secretary's own."""
    assert file.meeting_file_id is not None
    handed = uow.meetings.file(file.agency_id, file.meeting_file_id)
    meeting = uow.meetings.get(file.agency_id, handed.meeting_id)
    uow.meetings.hold(meeting.id)
    told = {"file_name": file.name, "sha256": file.digest}
    gateway = Actor.gateway(file.agency_id)
    if why:
        file.remove(why, now)
        handed.remove(why, now)
        tell_of_removed(uow, meeting, handed, now)
        uow.record(MeetingFileRemoved(**meeting.fact(gateway, now, **told, reason=why)))
    else:
        file.pass_on(now)
        others = uow.meetings.files(meeting.id)
        handed.pass_on(pages, scanned=office.scanner.on, at=now, files=others)
        uow.record(MeetingFilePassed(**meeting.fact(gateway, now, **told)))
        if handed.state is FileState.OFFERED:
            tell_of_file(uow, meeting, others, handed, now)
        else:
            uow.record(MeetingFilePut(**file_fact(meeting, handed, gateway, now)))
    uow.meetings.save_file(handed)
