"""Opening: files of a letter that the actor may read, and the record of opening classified ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId
from saraban.domain.attachment import Attachment, Digest, Role, letter_page
from saraban.domain.dispatch import DispatchId
from saraban.domain.endorsing import Endorsement
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.events import SecretOpened
from saraban.domain.incoming import IncomingId, IncomingLetter
from saraban.domain.letter import Letter, LetterId
from saraban.domain.permissions import (
    may_attend,
    may_open_scan,
    may_read_incoming,
    may_read_letter,
    may_see_tracking,
    require,
)
from saraban.domain.receipt import ReceiptId
from saraban.domain.register import EntryId
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services

SHOWN_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})


def open_letter(office: Services, *, actor: Actor, letter_id: LetterId) -> Letter:
    """The outgoing letter, if the actor may read it: he has seen it now, and opening a classified one is written into
    the journal."""
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_read_letter(actor, letter))
        told = _see(uow, actor, letter.id, letter.readers, letter.updated_at, now)
        if not letter.content.secrecy.is_open:
            secrecy = letter.content.secrecy.value
            uow.record(SecretOpened(at=now, by=actor, thing_id=letter.id, secrecy=secrecy))
        if told or not letter.content.secrecy.is_open:
            uow.commit(final=False)
    return letter


def open_incoming(office: Services, *, actor: Actor, incoming_id: IncomingId) -> IncomingLetter:
    """The incoming letter, if the actor may read it: he has seen it now, and opening a classified one is written into
    the journal."""
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_read_incoming(actor, letter))
        told = _see(uow, actor, letter.id, letter.readers, letter.changed_at, now)
        if not letter.secrecy.is_open:
            uow.record(SecretOpened(at=now, by=actor, thing_id=letter.id, secrecy=letter.secrecy.value))
        if told or not letter.secrecy.is_open:
            uow.commit(final=False)
    return letter


def _see(
    uow: UnitOfWork, actor: Actor, about_id: UUID, readers: Collection[PersonId], changed_at: datetime, at: datetime
) -> bool:
    """Keep that the actor has seen a letter, and what follows from that: his notices about it are read, and its list of
    readers says when he opened it. False when all of that was so before; then nothing is written."""
    person = actor.person_id
    if person is None:
        return False
    fresh = uow.circulations.see(person, about_id, changed_at, at)
    marked = uow.notices.mark_about(actor.agency_id, person, about_id, at)
    reader = uow.circulations.reader(about_id, person) if person in readers else None
    if reader is None or reader.opened_at is not None:
        return fresh or marked > 0
    reader.open(uow.circulations.get(actor.agency_id, reader.circulation_id).asks, at)
    uow.circulations.save_reader(reader)
    return True


def written_on(office: Services, letter: IncomingLetter) -> Sequence[Endorsement]:
    """What officers wrote on an incoming letter that was opened."""
    with office.uow() as uow:
        return uow.tasks.written(letter.agency_id, letter.id)


def open_file(office: Services, *, actor: Actor, letter_id: LetterId, sha256: Digest) -> tuple[Attachment, bytes]:
    """A file of an outgoing letter: only what the letter lists."""
    letter = open_letter(office, actor=actor, letter_id=letter_id)
    return _file(office, letter.files, sha256)


def open_incoming_file(
    office: Services, *, actor: Actor, incoming_id: IncomingId, sha256: Digest
) -> tuple[Attachment, bytes]:
    """A file of an incoming letter; its raw message is also one, as message/rfc822. Raises RuleBroken for a mail with a
    virus and for a file that waits for the virus scanner."""
    letter = open_incoming(office, actor=actor, incoming_id=incoming_id)
    if letter.infected:
        raise RuleBroken("พบไวรัสในไปรษณีย์นี้ ระบบไม่ให้เปิดหรือดาวน์โหลด ติดต่อผู้ดูแลระบบถ้าต้องใช้เป็นหลักฐาน", code="infected")
    if sha256 == letter.raw_sha256:
        data = office.blobs.open(sha256)
        return Attachment("message.eml", Role.ENCLOSURE, "message/rfc822", len(data), sha256), data
    if all(file.sha256 != sha256 for file in letter.files):
        with office.uow() as uow:
            for held in uow.held_files.of_letter(letter.id):
                if held.digest == sha256:
                    held.refuse_to_open()
    return _file(office, letter.files, sha256)


def open_scan(office: Services, *, actor: Actor, entry_id: EntryId, sha256: Digest) -> tuple[Attachment, bytes]:
    """A file of a line of a register: only what it lists. Opening a classified one is written into the journal."""
    with office.uow() as uow:
        entry = uow.registers.get(actor.agency_id, entry_id)
        require(may_open_scan(actor, entry))
        if not entry.secrecy.is_open:
            secrecy = entry.secrecy.value
            uow.record(SecretOpened(at=office.clock.now(), by=actor, thing_id=entry.id, secrecy=secrecy))
            uow.commit(final=False)
    return _file(office, entry.files, sha256)


def scan_file(office: Services, *, actor: Actor, entry_id: EntryId, sha256: Digest) -> Attachment:
    """A file of a line, whose pages are shown; looking at them is part of opening the line and writes nothing."""
    with office.uow() as uow:
        entry = uow.registers.get(actor.agency_id, entry_id)
        require(may_open_scan(actor, entry))
    file = next((f for f in entry.files if f.sha256 == sha256), None)
    if file is None:
        raise NotFound
    return file


def scan_pages(office: Services, file: Attachment) -> int:
    """How many pages of a scan can be shown: one for a picture that browsers draw, none for a PDF that cannot be read
    (it can still be downloaded)."""
    if file.media_type != "application/pdf":
        return int(file.media_type in SHOWN_PICTURES)
    return shown_pages(office, [file]).pages


def picture(office: Services, file: Attachment) -> bytes:
    """The bytes of a picture that `scan_file` gave."""
    return office.blobs.open(file.sha256)


def open_not_taken(office: Services, *, actor: Actor, sha256: Digest, infected: bool) -> bytes:
    """A mail that was not taken in, for the central clerks, whose door has found it among those of the agency. Raises
    RuleBroken for one with a virus."""
    require(may_attend(actor))
    if infected:
        raise RuleBroken("พบไวรัสในไปรษณีย์นี้ ระบบไม่ให้เปิดหรือดาวน์โหลด", code="infected")
    return office.blobs.open(sha256)


def open_evidence(office: Services, *, actor: Actor, letter_id: LetterId, raw: Digest) -> bytes:
    """The raw message behind a piece of evidence of one of the letter's dispatches."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_see_tracking(actor, letter))
        known = uow.dispatches.raw_of_letter(actor.agency_id, letter_id, raw)
    if not known:
        raise NotFound
    return office.blobs.open(raw)


def open_manifest(office: Services, *, actor: Actor, incoming_id: IncomingId) -> bytes:
    """The manifest of an incoming letter, byte for byte as it came; NotFound for ordinary mail."""
    letter = open_incoming(office, actor=actor, incoming_id=incoming_id)
    manifest = letter.details.get("manifest")
    if not isinstance(manifest, str):
        raise NotFound
    return manifest.encode()


def open_receipt_given(office: Services, *, actor: Actor, incoming_id: IncomingId, receipt_id: ReceiptId) -> bytes:
    """The message of a receipt that was given for an incoming letter; NotFound while it is not sealed yet."""
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_read_incoming(actor, letter))
        statement = uow.statements.get(actor.agency_id, receipt_id)
    if statement.incoming_id != incoming_id or statement.sealed is None:
        raise NotFound
    return office.blobs.open(statement.sealed)


def open_sent_message(office: Services, *, actor: Actor, dispatch_id: DispatchId) -> bytes:
    """The message of a dispatch as it was or will be sent, byte for byte; NotFound before it was composed."""
    with office.uow() as uow:
        dispatch = uow.dispatches.get(actor.agency_id, dispatch_id)
        require(may_see_tracking(actor, uow.letters.get(actor.agency_id, dispatch.letter_id)))
        envelope = uow.outbox.envelope(actor.agency_id, dispatch.id)
    if envelope is None:
        raise NotFound("ยังไม่ได้ทำซองของการส่งนี้ รอสักครู่")
    return b"".join(envelope.chunks(office.blobs.open))


def open_sent_manifest(office: Services, *, actor: Actor, dispatch_id: DispatchId) -> bytes:
    """The manifest of a dispatch, the bytes that our seal signed; NotFound before it was composed."""
    with office.uow() as uow:
        dispatch = uow.dispatches.get(actor.agency_id, dispatch_id)
        require(may_see_tracking(actor, uow.letters.get(actor.agency_id, dispatch.letter_id)))
        manifest = uow.outbox.manifest(actor.agency_id, dispatch.id)
    if manifest is None:
        raise NotFound("ยังไม่ได้ทำซองของการส่งนี้ รอสักครู่")
    return manifest


@dataclass(frozen=True)
class ShownPages:
    """What a screen shows of a letter: the file, how many pages it has, and in Thai why none can be shown."""

    file: Attachment | None
    pages: int
    why: str = ""


def shown_pages(office: Services, files: list[Attachment]) -> ShownPages:
    """The pages of a letter that was opened before. A PDF that is spoiled, closed or carries scripts is not shown: its
    `why` says so, and it can still be downloaded."""
    file = letter_page(files)
    if file is None:
        return ShownPages(None, 0, "หนังสือนี้ไม่มีไฟล์ PDF ให้แสดงเป็นหน้า")
    try:
        return ShownPages(file, office.renderer.check_upload(office.blobs.open(file.sha256)))
    except BadInput as error:
        return ShownPages(file, 0, error.fields.get("file", error.thai))
    except (NotFound, RuleBroken) as error:
        return ShownPages(file, 0, error.thai)


def page_file(
    office: Services, *, actor: Actor, letter_id: LetterId | None = None, incoming_id: IncomingId | None = None
) -> Attachment:
    """The file whose pages are shown, of an outgoing or an incoming letter that the actor may read. Looking at its
    pages is part of opening the letter and writes nothing; NotFound when it has no PDF."""
    with office.uow() as uow:
        if letter_id is not None:
            letter = uow.letters.get(actor.agency_id, letter_id)
            require(may_read_letter(actor, letter))
            files = [letter.page_file] if letter.page_file is not None else letter.files
        elif incoming_id is not None:
            incoming = uow.incoming.get(actor.agency_id, incoming_id)
            require(may_read_incoming(actor, incoming))
            files = incoming.files
        else:
            raise NotFound
    file = letter_page(files)
    if file is None:
        raise NotFound
    return file


def page_image(office: Services, file: Attachment, *, page: int, width: int) -> bytes:
    """A page of a file that `page_file` gave, as PNG; pages count from 0. RuleBroken when it cannot be drawn."""
    return office.renderer.thumbnail(office.blobs.open(file.sha256), page=page, width=width)


def _file(office: Services, files: list[Attachment], sha256: Digest) -> tuple[Attachment, bytes]:
    file = next((f for f in files if f.sha256 == sha256), None)
    if file is None:
        raise NotFound
    return file, office.blobs.open(sha256)
