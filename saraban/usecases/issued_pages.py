"""What is printed on a document that is issued to a person, and what is kept in its file for programs; shared by those
who show it before it is issued and those who issue it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, PositionId
from saraban.domain.classification import Form
from saraban.domain.content import Content
from saraban.domain.errors import NotFound
from saraban.domain.issued import IssuedDocument
from saraban.domain.issued_field import HOLDER, HOLDER_ID, ISSUED_ON, NUMBER, VALID_UNTIL, spaced_id
from saraban.domain.issued_kind import IssuedKind, day_words
from saraban.domain.permissions import may_see_issued, require
from saraban.exchange.issued_data import DataField, IssuedData
from saraban.usecases.books import UnitOfWork
from saraban.usecases.pages import IssuedPage, PageCosigner, PageData
from saraban.usecases.signers import signer_of

TO_COME = {NUMBER: "(รอเลข)", ISSUED_ON: "(รอวันที่)", VALID_UNTIL: "(รอวันที่)"}


def issued_page(
    kind: IssuedKind,
    document: IssuedDocument,
    agency: Agency,
    signer: PageCosigner,
    *,
    verification: str | None,
) -> IssuedPage:
    """The page of a document; without number and day while it is not going to be signed."""
    is_numbered = document.issued_on is not None and bool(document.number)
    until = f"ใช้ได้ถึงวันที่ {day_words(document.valid_until)}" if document.valid_until and is_numbered else ""
    return IssuedPage(
        title=kind.heading,
        agency_name=agency.name,
        agency_address=agency.address,
        number=document.number if is_numbered else None,
        date=document.issued_on if is_numbered else None,
        until=until,
        body=kind.body(_words(document, is_numbered=is_numbered), document.values),
        signer_name=signer.name,
        signer_titles=signer.titles,
        emblem=agency.emblem,
        digits=agency.options.digits,
        verification=verification,
    )


def opened(
    uow: UnitOfWork, actor: Actor, document_id: UUID, version: int | None = None
) -> tuple[IssuedDocument, IssuedKind]:
    """A document that the actor may see, with its kind. Raises NotFound, ConcurrentEdit."""
    document = uow.issued.document(actor.agency_id, document_id)
    kind = uow.issued.kind(actor.agency_id, document.kind_id)
    require(may_see_issued(actor, kind))
    document.expect_version(version)
    return document, kind


def _words(document: IssuedDocument, *, is_numbered: bool) -> Mapping[str, str]:
    """What stands in the blanks that the system fills in by itself."""
    holder = {HOLDER: document.holder_name, HOLDER_ID: spaced_id(document.holder_id)}
    if not is_numbered:
        return holder | TO_COME
    return holder | {
        NUMBER: document.number,
        ISSUED_ON: day_words(document.issued_on),
        VALID_UNTIL: day_words(document.valid_until) or "ไม่กำหนด",
    }


def issued_data(kind: IssuedKind, document: IssuedDocument, agency: Agency, verification: str | None) -> PageData:
    """What the document says for programs, as JSON and as XML."""
    said = IssuedData(
        agency_code=agency.code,
        agency=agency.name,
        agency_en=agency.name_en,
        kind_code=kind.code,
        kind=kind.name_th,
        kind_en=kind.name_en,
        edition=kind.edition,
        number=document.number,
        date=document.issued_on,
        valid_until=document.valid_until,
        holder_name=document.holder_name,
        holder_id=document.holder_id,
        fields=tuple(
            DataField(one.key, one.type, document.values[one.key]) for one in kind.fields if one.key in document.values
        ),
        follows=str(document.follows or ""),
        verification=verification or "",
    )
    return PageData(said.as_json(), said.as_xml())


def signer_as_things_stand(
    uow: UnitOfWork, kind: IssuedKind, document: IssuedDocument, on: date, by: Actor | None = None
) -> PageCosigner:
    """Who would sign it that day; without a name while nobody can."""
    if kind.signer_id is None:
        return PageCosigner("", [])
    try:
        post = uow.agencies.post(kind.agency_id, PositionId(kind.signer_id), on)
    except NotFound:
        return PageCosigner("", [])
    content = Content(form=Form.CERTIFICATE, subject=kind.name_th)
    return signer_of(uow, post, content, document.unit_id, on, by)
