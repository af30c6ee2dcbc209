"""Files that came while the virus scanner was away: once it answers they are looked through, and each goes where it
belongs or is removed, and who sent it is told."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from saraban.domain.actor import Actor
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, SarabanError
from saraban.domain.held_files import HeldFile
from saraban.domain.meeting_events import MeetingFilePassed, MeetingFilePut, MeetingFileRemoved
from saraban.domain.meeting_files import FileState
from saraban.exchange.petition_mail import Occasion, Told
from saraban.usecases.books import UnitOfWork
from saraban.usecases.kept_files import remove_files
from saraban.usecases.meeting_notices import tell_of_file, tell_of_removed
from saraban.usecases.offering import file_fact
from saraban.usecases.petitions import petition_of, tell_sender
from saraban.usecases.ports import Services
from saraban.usecases.viruses import SCAN_AGAIN, UNSCANNED, ScannerAway, TooLargeToScan

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Found:
    """What was found in a file: why it is not taken (empty when it is), whether that is a virus, and how many pages a
    PDF has."""

    why: str = ""
    harmful: bool = False
    pages: int = 0


class _Spoiled(SarabanError):
    """The bytes of a held file lie here and are not those that were kept."""


def settle_held_files(office: Services, *, limit: int = 20) -> int:
    """Look through files that wait; how many were settled. While the scanner is away they wait on. The bytes of those
    with a virus are taken off the disk."""
    with office.uow() as uow:
        files = uow.held_files.claim(office.clock.now(), office.lease, limit)
        if not files:
            return 0
        uow.commit(final=False)
    settled, harm = 0, False
    for place, file in enumerate(files):
        try:
            found = _found(office, file)
            _settle(office, file, found)
            settled, harm = settled + 1, harm or found.harmful
        except ScannerAway as error:
            _put_off(office, files[place:], f"{UNSCANNED}: {error.thai}")
            break
        except _Spoiled as error:
            _put_off(office, [file], f"{UNSCANNED}: {error.thai}")
        except ConcurrentEdit:  # somebody writes to the letter at this moment
            _put_off(office, [file], file.why)
        except Exception:
            _log.exception("held file %s could not be settled", file.digest)
            _put_off(office, [file], f"{UNSCANNED}: อ่านไฟล์ไม่สำเร็จ")
    if harm:
        remove_files(office)
    return settled


def _found(office: Services, file: HeldFile) -> _Found:
    """Look the file through; one whose bytes are gone is not taken. Raises ScannerAway, and _Spoiled for bytes that the
    disk has spoiled: they wait for the backup."""
    try:
        data = office.blobs.open(file.digest)
    except NotFound as error:
        if office.blobs.has(file.digest):
            raise _Spoiled(error.thai) from error
        return _Found("ไฟล์ไม่มีในที่เก็บแล้ว ส่งไฟล์นี้อีกครั้ง")
    try:
        if virus := office.scanner.virus_in(data):
            return _Found(f"ติดไวรัส ({virus})", harmful=True)
        return _Found(pages=office.renderer.check_upload(data) if file.media_type == "application/pdf" else 0)
    except TooLargeToScan:
        return _Found("ใหญ่เกินที่ตัวตรวจไวรัสรับได้")
    except BadInput as error:
        return _Found(error.fields.get("file", error.thai))


def _put_off(office: Services, files: Sequence[HeldFile], why: str) -> None:
    until = office.clock.now() + SCAN_AGAIN
    with office.uow() as uow:
        for file in files:
            uow.held_files.put_off(file.id, why, until)
        uow.commit()


def _settle(office: Services, file: HeldFile, found: _Found) -> None:
    now = office.clock.now()
    with office.uow() as uow:
        if file.incoming_id is not None:
            _with_letter(office, uow, file, found.why, now)
        else:
            _in_meeting(office, uow, file, found.why, found.pages, now)
        uow.held_files.save(file)
        if found.why:  # the same bytes that lie elsewhere were found harmless there and stay (kept_files.remove_files)
            uow.disposals.drop([file.digest], now, harmful=found.harmful)
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
