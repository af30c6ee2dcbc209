"""What becomes of issued documents: suspended, taken up again, revoked; kept out of the public register; and their
files, opened and printed out."""

from __future__ import annotations

from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import NotFound
from saraban.domain.issued import IssuedDocument
from saraban.domain.permissions import may_end_issued, may_withhold_issued, require
from saraban.domain.verification import address
from saraban.usecases.books import UnitOfWork
from saraban.usecases.issued_pages import opened
from saraban.usecases.pages import PrintMarks
from saraban.usecases.ports import Services


def suspend(office: Services, *, actor: Actor, document_id: UUID, reason: str, version: int | None = None) -> None:
    """It does not hold for the time being. Raises NotPermitted, StageNotAllowed, BadInput."""
    now = office.clock.now()
    with office.uow() as uow:
        document, kind = opened(uow, actor, document_id, version)
        require(may_end_issued(actor, kind))
        event = document.suspend(kind, reason, office_date(now), by=actor, at=now)
        uow.issued.save(document)
        uow.record(event)
        uow.commit()


def resume(office: Services, *, actor: Actor, document_id: UUID, reason: str, version: int | None = None) -> None:
    """It holds again. Raises NotPermitted, StageNotAllowed, BadInput."""
    now = office.clock.now()
    with office.uow() as uow:
        document, kind = opened(uow, actor, document_id, version)
        require(may_end_issued(actor, kind))
        event = document.resume(kind, reason, office_date(now), by=actor, at=now)
        uow.issued.save(document)
        uow.record(event)
        uow.commit()


def revoke(office: Services, *, actor: Actor, document_id: UUID, reason: str, version: int | None = None) -> None:
    """It holds no longer; its code goes on answering, and says so. Raises NotPermitted, StageNotAllowed, BadInput."""
    now = office.clock.now()
    with office.uow() as uow:
        document, kind = opened(uow, actor, document_id, version)
        require(may_end_issued(actor, kind))
        event = document.revoke(kind, reason, office_date(now), by=actor, at=now)
        uow.issued.save(document)
        uow.record(event)
        uow.commit()


def withhold(office: Services, *, actor: Actor, document_id: UUID, reason: str, version: int | None = None) -> None:
    """Keep it out of the public register, and what renews or replaces it too: it has the same holder. Raises
    NotPermitted, StageNotAllowed, BadInput."""
    now = office.clock.now()
    with office.uow() as uow:
        document, kind = opened(uow, actor, document_id, version)
        require(may_withhold_issued(actor, kind))
        later = [one for one in _all_later(uow, document) if not one.withheld]
        for one in (document, *later):
            event = one.withhold(kind, reason, by=actor, at=now)
            uow.issued.save(one)
            uow.record(event)
        uow.commit()


def _all_later(uow: UnitOfWork, document: IssuedDocument) -> list[IssuedDocument]:
    """What renews or replaces it, what does so with that, and so on."""
    found: list[IssuedDocument] = []
    ahead = [document]
    while ahead:
        following = uow.issued.following(ahead.pop().id)
        found += following
        ahead += following
    return found


def show_again(office: Services, *, actor: Actor, document_id: UUID, reason: str, version: int | None = None) -> None:
    """Let the public register show it again. Raises NotPermitted, StageNotAllowed, BadInput."""
    now = office.clock.now()
    with office.uow() as uow:
        document, kind = opened(uow, actor, document_id, version)
        require(may_withhold_issued(actor, kind))
        event = document.show_again(kind, reason, by=actor, at=now)
        uow.issued.save(document)
        uow.record(event)
        uow.commit()


def open_original(office: Services, *, actor: Actor, document_id: UUID) -> tuple[IssuedDocument, bytes]:
    """The signed file, for who may see the document. Raises NotFound while it is not issued."""
    with office.uow() as uow:
        document, _ = opened(uow, actor, document_id)
    return document, office.blobs.open(_file(document))


def print_out(office: Services, *, actor: Actor, document_id: UUID) -> tuple[IssuedDocument, bytes]:
    """A copy for paper that says above every page from which system it was printed, when and by whom. Raises NotFound
    while it is not issued."""
    now = office.clock.now()
    with office.uow() as uow:
        document, kind = opened(uow, actor, document_id)
        agency = uow.agencies.get(actor.agency_id)
        original = _file(document)
        uow.record(document.printed(kind, by=actor, at=now))
        uow.commit()
    check = f"ตรวจสอบฉบับจริงที่ {address(office.public_url, document.code)}" if document.code and office.public_url else ""
    marks = PrintMarks(agency.name, actor.name, now, check, agency.options.digits)
    return document, office.renderer.print_out(office.blobs.open(original), marks)


def _file(document: IssuedDocument) -> Digest:
    if document.digest is None:
        raise NotFound
    return document.digest
