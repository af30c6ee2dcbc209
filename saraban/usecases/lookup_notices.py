"""Who hears of questions about documents: the clerks who answer what the kind's policy leaves to people, and the
officer who asked, once the issuer has spoken. Neither number nor holder stands in a notice, which is kept longer."""

from __future__ import annotations

from datetime import datetime

from saraban.domain.agency import PersonId, PositionRole
from saraban.domain.calendar import office_date
from saraban.domain.lookup import Lookup
from saraban.domain.notice import About, Notice, NoticeKind
from saraban.usecases.books import UnitOfWork


def tell_who_answers(uow: UnitOfWork, one: Lookup, at: datetime) -> None:
    """A question waits for a clerk (permissions.may_answer_lookups)."""
    on = office_date(at)
    posts = [
        *(post for post in uow.agencies.posts(one.agency_id, PositionRole.CLERK, on) if post.unit.central),
        *uow.agencies.posts(one.agency_id, PositionRole.RECORDS, on),
    ]
    people = dict.fromkeys(post.holder.id for post in posts if post.holder is not None)
    uow.notices.tell([_notice(one, person, NoticeKind.LOOKUP_ASKED, "", at) for person in people])


def tell_who_asked(uow: UnitOfWork, one: Lookup, at: datetime) -> None:
    """The issuer has spoken: it answered, refused, or leaves it to its clerks."""
    if one.asker_id is not None and one.outcome is not None:
        word = one.outcome.value
        uow.notices.tell([_notice(one, one.asker_id, NoticeKind.LOOKUP_ANSWERED, word, at)])


def settle_question(uow: UnitOfWork, one: Lookup, at: datetime) -> None:
    """A question waits for nobody any more."""
    uow.notices.settle(one.id, [NoticeKind.LOOKUP_ASKED], at)


def _notice(one: Lookup, person: PersonId, kind: NoticeKind, word: str, at: datetime) -> Notice:
    told = {"by": one.other_name, "subject": one.document_kind, "outcome": word}
    return Notice(one.agency_id, person, kind, About.LOOKUP, one.id, word or "asked", at, told=told)
