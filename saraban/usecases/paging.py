"""What is printed on a letter's page; shared by drafting, signing and dispatching, so that they cannot differ."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, PositionId, Unit
from saraban.domain.attachment import Attachment
from saraban.domain.enclosures import printed_lines
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.forms import RULES
from saraban.domain.letter import Content
from saraban.domain.verification import carries_code
from saraban.usecases.books import UnitOfWork
from saraban.usecases.pages import Page, PageCosigner, PageEnclosure, PageLetter, PageReference
from saraban.usecases.ports import Services
from saraban.usecases.posts import signatory
from saraban.usecases.signers import signer_of


def page_letter(
    content: Content,
    *,
    agency: Agency,
    unit: Unit,
    enclosures: list[Attachment],
    signer_name: str,
    signer_titles: Sequence[str],
    cosigners: Sequence[PageCosigner] = (),
    number: str | None = None,
    on: date | None = None,
    verification: str | None = None,
) -> PageLetter:
    """The page of a document of any form: with number and date when it is issued, without them as a draft.
    `verification` is the address at which the public looks it up, "" the place for one."""
    contact_unit, phone, email = contact_lines(content, unit, agency)
    return PageLetter(
        form=content.form,
        agency_name=agency.name,
        agency_address=agency.address,
        number=number,
        date=on,
        subject=content.subject,
        salutation=content.addressed_to,
        references=[PageReference(r.number, r.date, r.sender) for r in content.references],
        enclosures=[PageEnclosure(*line) for line in printed_lines(content.enclosures, enclosures)],
        body=content.body,
        closing=content.closing if RULES[content.form].has("closing") else "",
        signer_name=signer_name,
        signer_titles=signer_titles,
        unit_name=contact_unit,
        phone=phone,
        email=email,
        urgency=content.urgency,
        secrecy=content.secrecy,
        details=content.details,
        emblem=agency.emblem,
        ready=content.ready,
        photo=content.photo,
        digits=content.digits or agency.options.digits,
        verification=verification,
        cosigners=cosigners,
    )


def draft_page(
    uow: UnitOfWork,
    content: Content,
    *,
    unit: Unit,
    enclosures: list[Attachment],
    on: date,
    by: Actor | None = None,
) -> PageLetter:
    """The page of a draft: for the officer who will sign it as things stand that day, without number and date. Who
    looks at it in the position that signs (`by`) sees it as he would sign it."""
    post = signatory(uow, unit, content.route_form, on)
    signer = signer_of(uow, post, content, unit.id, on, by) if post is not None else PageCosigner("", [""])
    agency = uow.agencies.get(unit.agency_id)
    return page_letter(
        content,
        agency=agency,
        unit=unit,
        enclosures=enclosures,
        signer_name=signer.name,
        signer_titles=signer.titles,
        verification="" if carries_code(agency.options, content.form, content.secrecy) else None,
        cosigners=[_cosigner(uow, unit, content, one, on, by) for one in content.cosigners],
    )


def _cosigner(
    uow: UnitOfWork, unit: Unit, content: Content, position_id: PositionId, on: date, by: Actor | None
) -> PageCosigner:
    """Who signs besides, as things stand; without a name while nobody can."""
    try:
        post = uow.agencies.post(unit.agency_id, position_id, on)
    except NotFound:
        return PageCosigner("", [])
    return signer_of(uow, post, content, unit.id, on, by)


def draw(office: Services, page: PageLetter) -> Page:
    """The page as PDF. Raises BadInput by the fields of a draft for characters that cannot be printed."""
    if not office.public_url:
        page = replace(page, verification=None)
    try:
        return office.renderer.letter(page, at=office.clock.now())
    except BadInput as error:
        fields = {_DRAFT_FIELDS.get(name, name): words for name, words in error.fields.items()}
        raise BadInput(fields, next(iter(error.fields.values()), error.thai)) from error


def page_data(page: PageLetter) -> bytes:
    """What is printed on a page, as JSON for programs (UTF-8, members in the order of their names): the form and the
    classes by the words of the wire, days as "2026-11-26"; without what says how it is
    printed."""
    said = {name: value for name, value in _told(page).items() if name not in _NOT_TOLD}
    return json.dumps({"saraban": 1, **said}, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


_NOT_TOLD = ("emblem", "ready", "digits", "photo")


def _told(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _told(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _told(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_told(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


_DRAFT_FIELDS = {
    "salutation": "addressed_to",
    "enclosures": "files",
    "unit_name": "contact",
    "phone": "contact",
    "email": "contact",
}


def contact_lines(content: Content, unit: Unit, agency: Agency) -> tuple[str, str, str]:
    """Unit, telephone and mail address at the foot of the page (clauses 11.12 and 11.13): what the drafter wrote, else
    the owner unit's own."""
    written = content.contact
    return written.unit or unit.name, written.phone or unit.phone, written.email or unit.email or agency.mailbox
