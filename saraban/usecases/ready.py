"""Ready pages: a PDF that was written elsewhere becomes the letter itself; the drafter says where its number, date and
signature go. It is routed, signed and sent as every letter."""

from __future__ import annotations

from dataclasses import replace
from typing import BinaryIO

from saraban.domain.actor import Actor
from saraban.domain.attachment import safe_name
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.events import DomainEvent
from saraban.domain.letter import MOST_OCTETS as MOST_LETTER_OCTETS
from saraban.domain.letter import LetterId
from saraban.domain.permissions import may_revise, require
from saraban.domain.ready import ReadyBrought, ReadyPage, ReadyPlaced, ReadyRemoved, Spot
from saraban.domain.versions import Saving
from saraban.usecases.keeping import note_version
from saraban.usecases.ports import Services
from saraban.usecases.viruses import require_clean

MOST_OCTETS = 10_000_000


def bring_ready(office: Services, *, actor: Actor, letter_id: LetterId, name: str, stream: BinaryIO) -> ReadyPage:
    """Take a PDF as the letter of a draft, in the place of what is written or was brought before. Raises
    BadInput({"file": …}) for one that is none, is not whole, open and passive, or is no letter on A4."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_revise(actor, letter))
    data = stream.read(MOST_OCTETS + 1)
    if not data:
        raise BadInput({"file": "เลือกไฟล์ PDF ก่อน"})
    if len(data) > MOST_OCTETS:
        raise BadInput({"file": "ไฟล์ใหญ่เกิน 10 MB บันทึกให้เล็กลงแล้วลองอีกครั้ง"})
    if sum(file.size for file in letter.enclosures) + len(data) > MOST_LETTER_OCTETS:
        raise BadInput({"file": "ไฟล์นี้กับสิ่งที่ส่งมาด้วยรวมกันใหญ่เกิน ๑๔ MB ส่งทางไปรษณีย์อิเล็กทรอนิกส์ไม่ได้"})
    require_clean(office.scanner, data)
    pages = office.renderer.check_ready(data)
    ready = ReadyPage(office.blobs.keep(data), safe_name(name, "หนังสือ.pdf"), pages)
    fact = ReadyBrought(at=office.clock.now(), by=actor, letter_id=letter_id, file_name=ready.name, sha256=ready.sha256)
    _take(office, actor, letter_id, ready, fact)
    return ready


def place_marks(
    office: Services,
    *,
    actor: Actor,
    letter_id: LetterId,
    number: Spot | None,
    date: Spot | None,
    signature: Spot | None,
    version: int | None = None,
) -> ReadyPage:
    """Say where number, date and signature go on the PDF; None puts a mark nowhere. Raises BadInput by mark for a place
    that there is not, RuleBroken for a letter without a ready page, ConcurrentEdit over a stale version."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_revise(actor, letter))
    if letter.content.ready is None:
        raise _none()
    ready = replace(letter.content.ready, number=number, date=date, signature=signature)
    ready.expect_on_pages()
    fact = ReadyPlaced(at=office.clock.now(), by=actor, letter_id=letter_id, places=ready.places())
    _take(office, actor, letter_id, ready, fact, letter.version if version is None else version)
    return ready


def remove_ready(office: Services, *, actor: Actor, letter_id: LetterId) -> None:
    """Take the PDF away: the written text is the letter again. Raises RuleBroken for a letter without one."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_revise(actor, letter))
    gone = letter.content.ready
    if gone is None:
        raise _none()
    fact = ReadyRemoved(at=office.clock.now(), by=actor, letter_id=letter_id, file_name=gone.name, sha256=gone.sha256)
    _take(office, actor, letter_id, None, fact)


def _take(
    office: Services,
    actor: Actor,
    letter_id: LetterId,
    ready: ReadyPage | None,
    fact: DomainEvent,
    version: int | None = None,
) -> None:
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_revise(actor, letter))
        letter.expect_version(version)
        before = letter.content_bytes()
        letter.take_ready(ready, at=fact.at)
        note_version(uow, office.blobs, letter, before, saving=Saving.PAGE, by=actor, at=fact.at)
        uow.letters.save(letter)
        uow.record(fact)
        uow.commit()


def _none() -> RuleBroken:
    return RuleBroken("หนังสือนี้ยังไม่มีไฟล์ PDF ที่เป็นตัวหนังสือ", code="no-ready-page")
