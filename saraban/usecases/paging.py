"""What is printed on a letter's page; shared by the preview of a draft and by signing, so that they cannot differ."""

from __future__ import annotations

from datetime import date

from saraban.domain.agency import Agency, Unit
from saraban.domain.attachment import Attachment
from saraban.domain.letter import Content
from saraban.usecases.ports import PageEnclosure, PageLetter, PageReference


def page_letter(
    content: Content,
    *,
    agency: Agency,
    unit: Unit,
    enclosures: list[Attachment],
    signer_name: str,
    signer_title: str,
    number: str | None = None,
    on: date | None = None,
) -> PageLetter:
    """The page of a letter of form 1: with number and date when it is issued, without them as a draft."""
    return PageLetter(
        form=content.form,
        agency_name=agency.name,
        agency_address=agency.address,
        number=number,
        date=on,
        subject=content.subject,
        salutation=content.addressed_to,
        references=[PageReference(r.number, r.date, r.sender) for r in content.references],
        enclosures=[PageEnclosure(_title(f.name), "จำนวน 1 ชุด") for f in enclosures],
        body=content.body,
        closing=content.closing,
        signer_name=signer_name,
        signer_titles=[signer_title],
        unit_name=content.contact.unit or unit.name,
        phone=content.contact.phone or unit.phone,
        email=content.contact.email or unit.email or agency.mailbox,
        urgency=content.urgency,
        secrecy=content.secrecy,
    )


def _title(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return stem if dot and 1 <= len(ending) <= 5 else name
