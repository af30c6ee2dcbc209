"""Checking the signatures inside the PDFs of a letter or of a line of a register, for who may read it. Looking at them
is part of opening the letter and writes nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from saraban.domain.actor import Actor
from saraban.domain.attachment import Attachment, Role
from saraban.domain.errors import NotFound
from saraban.domain.incoming import IncomingId
from saraban.domain.late_stamp import LateProof
from saraban.domain.letter import LetterId
from saraban.domain.page_signature import SignedFile
from saraban.domain.permissions import may_open_scan, may_read_incoming, may_read_letter, require
from saraban.domain.register import EntryId
from saraban.usecases.ports import Services
from saraban.usecases.stamp_books import late_proofs

MOST_SECONDS = 20.0
"""After so long in all no further file of a letter is begun with."""


@dataclass(frozen=True)
class CheckedFile:
    """A PDF with what was found about its signatures. `evidence`: a page that some have signed before the letter came
    back; it is kept, and is no part of the letter. `late`: what the time-stamp proves that the file got later."""

    file: Attachment
    found: SignedFile
    evidence: bool = False
    late: LateProof | None = None


def check_letter(office: Services, *, actor: Actor, letter_id: LetterId) -> list[CheckedFile]:
    """The PDFs of an outgoing letter: the signed page, when there is one, and the enclosures."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_read_letter(actor, letter))
    current = letter.page_file
    return [
        replace(one, evidence=one.file.role is Role.PART_SIGNED and one.file != current)
        for one in _checked(office, letter.files)
    ]


def check_incoming(office: Services, *, actor: Actor, incoming_id: IncomingId) -> list[CheckedFile]:
    """The PDFs of an incoming letter."""
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_read_incoming(actor, letter))
    return _checked(office, letter.files)


def seal_of(office: Services, *, actor: Actor, incoming_id: IncomingId) -> dict[str, object] | None:
    """The verdict on the sender's seal as it was found when the letter came; None for ordinary mail."""
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_read_incoming(actor, letter))
    return letter.seal


def check_entry(office: Services, *, actor: Actor, entry_id: EntryId) -> list[CheckedFile]:
    """The PDFs of a line of a register."""
    with office.uow() as uow:
        entry = uow.registers.get(actor.agency_id, entry_id)
        require(may_open_scan(actor, entry))
    return _checked(office, entry.files)


def _checked(office: Services, files: Sequence[Attachment]) -> list[CheckedFile]:
    at, until = office.clock.now(), time.monotonic() + MOST_SECONDS
    pages = [file for file in files if _is_pdf(file)]
    with office.uow() as uow:
        stamps = uow.late_stamps.of_files([file.sha256 for file in pages])
    late = late_proofs(office.time_stamper, stamps)
    return [CheckedFile(file, _found(office, file, at, until), late=late.get(file.sha256)) for file in pages]


def _found(office: Services, file: Attachment, at: datetime, until: float) -> SignedFile:
    if time.monotonic() > until:
        return SignedFile(problem="ยังไม่ได้ตรวจไฟล์นี้ เพราะไฟล์ก่อนหน้าใช้เวลานานเกินไป บันทึกไฟล์แล้วตรวจด้วยโปรแกรมอ่าน PDF")
    try:
        return office.page_checker.check(office.blobs.open(file.sha256), at)
    except NotFound:
        return SignedFile(problem="ไม่พบไฟล์นี้ในที่เก็บ หรือไฟล์ในที่เก็บเสียหาย")


def _is_pdf(file: Attachment) -> bool:
    return file.media_type == "application/pdf" or file.name.casefold().endswith(".pdf")
