"""Who hears of documents that are to be issued: who approves, who signs, and who drafted what was sent back. However
many of a kind wait, a person hears of the first of them."""

from __future__ import annotations

from datetime import datetime

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId, PositionId
from saraban.domain.calendar import office_date
from saraban.domain.issued import IssuedDocument, IssuedState
from saraban.domain.issued_kind import IssuedKind
from saraban.domain.notice import About, Notice, NoticeKind
from saraban.domain.numbering import thai_digits
from saraban.usecases.books import UnitOfWork

_WAIT = {
    IssuedState.WAITING: (NoticeKind.ISSUED_APPROVE,),
    IssuedState.APPROVED: (NoticeKind.ISSUED_SIGN,),
}


def tell_who_is_next(uow: UnitOfWork, kind: IssuedKind, document: IssuedDocument, by: Actor, at: datetime) -> None:
    """Tell who holds the post before which the document lies now that something of the kind waits, when nothing did
    before; nobody when he put it there himself, or nobody holds the post."""
    post = document.before(kind)
    turns = kind.turns_of(post) if document.state is IssuedState.WAITING else None
    if uow.issued.how_many(kind.id, document.state, 2, turns) <= 1:
        _tell_post(uow, kind, document, by, kind.name_th, at)


def tell_of_run(
    uow: UnitOfWork, kind: IssuedKind, document: IssuedDocument, many: int, by: Actor, at: datetime
) -> None:
    """Tell the same person that a whole sheet of them came, whatever waited before; `document` is the first of it."""
    _tell_post(uow, kind, document, by, thai_digits(f"{kind.name_th} จากตาราง {many:,} ฉบับ"), at)


def _tell_post(
    uow: UnitOfWork, kind: IssuedKind, document: IssuedDocument, by: Actor, subject: str, at: datetime
) -> None:
    person = _holder(uow, document.before(kind), at)
    if person is not None and person != by.person_id:
        (what,) = _WAIT[document.state]
        told = {"by": by.name, "subject": subject}
        _tell(uow, kind, person, what, About.ISSUED_KIND, kind, f"{document.id} {document.version}", told, at)


def tell_drafter(uow: UnitOfWork, kind: IssuedKind, document: IssuedDocument, by: Actor, at: datetime) -> None:
    """Tell who drafted the document that it was sent back, and why."""
    if document.drafter_id is not None and document.drafter_id != by.person_id:
        told = {"by": by.name, "subject": kind.name_th, "reason": document.note[:300]}
        what, occasion = NoticeKind.ISSUED_RETURNED, str(document.version)
        _tell(uow, kind, document.drafter_id, what, About.ISSUED, document, occasion, told, at)


def tell_of_lost_mail(uow: UnitOfWork, document: IssuedDocument, reason: str, at: datetime) -> None:
    """Tell who drafted the document that the mail with its link did not reach the holder, and why. Of a sheet whose
    mails come back by the hundred he hears once, until he has seen it: the page of the run has them all. Of one that
    came from no sheet he always hears."""
    person, what = document.drafter_id, NoticeKind.HOLDER_RETURNED
    if person is not None and not uow.notices.has_unread_of_run(document.agency_id, person, what, document.id):
        kind = uow.issued.kind(document.agency_id, document.kind_id)
        told = {"subject": f"{kind.name_th} {thai_digits(document.number)}", "reason": reason[:300]}
        _tell(uow, kind, person, what, About.ISSUED, document, at.isoformat(), told, at)


def settle_turn(uow: UnitOfWork, kind: IssuedKind, post: PositionId | None, at: datetime) -> None:
    """What the holder of an approver's post was told is dealt with, once nothing of the kind waits for him; what all
    approvers were told, once nothing waits for any."""
    settle_what_waited(uow, kind, at, IssuedState.WAITING)
    turns, person = kind.turns_of(post), _holder(uow, post, at)
    if turns and person is not None and not uow.issued.how_many(kind.id, IssuedState.WAITING, 1, turns):
        uow.notices.mark_about(kind.agency_id, person, kind.id, at)


def settle_what_waited(uow: UnitOfWork, kind: IssuedKind, at: datetime, *states: IssuedState) -> None:
    """What was told about documents of the kind that stood so is dealt with, once none does."""
    for state in states:
        if not uow.issued.how_many(kind.id, state, 1):
            uow.notices.settle(kind.id, _WAIT[state], at)


def settle_return(uow: UnitOfWork, document: IssuedDocument, at: datetime) -> None:
    """What was told about a document that was sent back is dealt with."""
    uow.notices.settle(document.id, (NoticeKind.ISSUED_RETURNED,), at)


def _holder(uow: UnitOfWork, post: PositionId | None, at: datetime) -> PersonId | None:
    return uow.notices.holders([post], office_date(at)).get(post) if post is not None else None


def _tell(
    uow: UnitOfWork,
    kind: IssuedKind,
    person: PersonId,
    what: NoticeKind,
    about: About,
    thing: IssuedKind | IssuedDocument,
    occasion: str,
    told: dict[str, str],
    at: datetime,
) -> None:
    uow.notices.tell([Notice(kind.agency_id, person, what, about, thing.id, occasion, at, told=told)])
