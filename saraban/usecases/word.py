"""Letters as Word files: taken away to be worked on elsewhere, and the text of files that people bring."""

from __future__ import annotations

from dataclasses import replace

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.errors import RuleBroken
from saraban.domain.letter import LetterId
from saraban.domain.permissions import may_read_letter, require
from saraban.usecases.paging import draft_page
from saraban.usecases.ports import Services
from saraban.usecases.texts import WordText
from saraban.usecases.viruses import require_clean

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_file(office: Services, *, actor: Actor, letter_id: LetterId) -> bytes:
    """The letter as DOCX, with number, date and signatory once it has them. It is a copy to work on and carries no
    signature. Raises RuleBroken for a form that cannot be taken away."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_read_letter(actor, letter))
        unit = uow.agencies.unit(letter.agency_id, letter.unit_id, letter.number_date)
        on = office_date(office.clock.now())
        if letter.content.ready is not None:
            raise RuleBroken("หนังสือฉบับนี้เป็นไฟล์ PDF ที่นำเข้า ไม่มีข้อความให้ทำไฟล์ Word", code="ready-page")
        page = draft_page(uow, letter.content, unit=unit, enclosures=letter.enclosures, on=on)
    if letter.issued_at is not None and letter.signatory is not None:
        signer = letter.signatory
        page = replace(page, number=letter.number, date=letter.number_date, signer_name=signer.name,
                       signer_titles=list(signer.titles))  # fmt: skip
    return office.renderer.letter_docx(page)


def word_text(office: Services, data: bytes) -> WordText:
    """The text of a DOCX as a letter's body, and what stayed behind. Raises BadInput({"file": …}) in Thai."""
    require_clean(office.scanner, data)
    return office.word_text(data)
