"""The photograph on a certificate (clause 24.7): brought, looked at, taken off. What is kept is a picture made anew: of
the file that was brought nothing stays, neither where it was taken nor with what."""

from __future__ import annotations

from typing import BinaryIO

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.events import DomainEvent
from saraban.domain.letter import LetterId
from saraban.domain.permissions import may_read_letter, may_revise, require
from saraban.domain.photo import PhotoBrought, PhotoRemoved
from saraban.domain.versions import Saving
from saraban.usecases.keeping import note_version
from saraban.usecases.ports import Services
from saraban.usecases.viruses import require_clean

MOST_OCTETS = 10_000_000


def bring_photo(office: Services, *, actor: Actor, letter_id: LetterId, stream: BinaryIO) -> Digest:
    """Put a photograph (JPEG or PNG) on the draft of a certificate, in the place of one that was there. Raises
    BadInput({"photo": …}) for a file that is none or is too small, RuleBroken for another form."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_revise(actor, letter))
        letter.take_photo(letter.content.photo, at=office.clock.now())
    data = stream.read(MOST_OCTETS + 1)
    if not data:
        raise BadInput({"photo": "เลือกรูปถ่ายก่อน"})
    if len(data) > MOST_OCTETS:
        raise BadInput({"photo": "รูปถ่ายใหญ่เกิน ๑๐ MB บันทึกให้เล็กลงแล้วลองอีกครั้ง"})
    require_clean(office.scanner, data, field="photo")
    kept = office.blobs.keep(office.renderer.photo(data))
    _take(
        office, actor, letter_id, kept, PhotoBrought(at=office.clock.now(), by=actor, letter_id=letter_id, sha256=kept)
    )
    return kept


def remove_photo(office: Services, *, actor: Actor, letter_id: LetterId) -> None:
    """Take the photograph off a draft. Raises RuleBroken when there is none."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_revise(actor, letter))
    gone = letter.content.photo
    if gone is None:
        raise RuleBroken("หนังสือรับรองฉบับนี้ยังไม่มีรูปถ่าย", code="no-photo")
    _take(
        office, actor, letter_id, None, PhotoRemoved(at=office.clock.now(), by=actor, letter_id=letter_id, sha256=gone)
    )


def open_photo(office: Services, *, actor: Actor, letter_id: LetterId) -> bytes:
    """The photograph as JPEG. Raises NotFound for a letter without one, or that the caller may not read."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_read_letter(actor, letter))
    if letter.content.photo is None:
        raise NotFound
    return office.blobs.open(letter.content.photo)


def _take(office: Services, actor: Actor, letter_id: LetterId, photo: Digest | None, fact: DomainEvent) -> None:
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_revise(actor, letter))
        before = letter.content_bytes()
        letter.take_photo(photo, at=fact.at)
        if letter.content_bytes() != before:
            note_version(uow, office.blobs, letter, before, saving=Saving.PAGE, by=actor, at=fact.at)
            uow.letters.save(letter)
            uow.record(fact)
            uow.commit()
