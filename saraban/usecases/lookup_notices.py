"""Who hears of questions about documents: the clerks who answer what the kind's policy leaves to people, and the
officer who asked, once the issuer has spoken. Neither number nor holder stands in a notice, which is kept longer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from saraban.domain.agency import PersonId, PositionRole
from saraban.domain.calendar import office_date
from saraban.domain.lookup import Lookup
from saraban.domain.notice import About, Notice, NoticeKind
from saraban.usecases.books import UnitOfWork
from saraban.usecases.roll import Post

_MAY_ANSWER = tuple(role for role in PositionRole if role is not PositionRole.ADMIN)


def tell_who_answers(uow: UnitOfWork, one: Lookup, at: datetime) -> None:
    """A question waits for those who answer it (permissions.may_answer_lookups): whom the kind names, who acts in such
    a post while it is vacant, or who stands in for them all."""
    on = office_date(at)
    posts = [post for role in _MAY_ANSWER for post in uow.agencies.posts(one.agency_id, role, on)]
    kind = uow.issued.kind(one.agency_id, one.kind_id) if one.kind_id is not None else None
    now = uow.issued.answerers(kind, on) if kind is not None else None
    named = [
        post
        for post in posts
        if kind is not None
        and now is not None
        and (kind.is_answered_by(post.unit.id, post.position.id) or now.include(post.unit.id, post.position.id))
    ]
    usual = [
        post
        for post in posts
        if post.position.role is PositionRole.RECORDS
        or (post.position.role is PositionRole.CLERK and post.unit.central)
    ]
    acting = [
        one.person_id
        for post in named
        if post.holder is None
        for one in uow.delegations.deputies(post.position.agency_id, post.position.id, on)
        if one.person_id is not None
    ]
    people = list(dict.fromkeys([*_holders(named), *acting])) or _holders(usual)
    uow.notices.tell([_notice(one, person, NoticeKind.LOOKUP_ASKED, "", at) for person in people])


def tell_who_asked(uow: UnitOfWork, one: Lookup, at: datetime) -> None:
    """The issuer has spoken: it answered, refused, or leaves it to its clerks."""
    if one.asker_id is not None and one.outcome is not None:
        word = one.outcome.value
        uow.notices.tell([_notice(one, one.asker_id, NoticeKind.LOOKUP_ANSWERED, word, at)])


def settle_question(uow: UnitOfWork, one: Lookup, at: datetime) -> None:
    """A question waits for nobody any more."""
    uow.notices.settle(one.id, [NoticeKind.LOOKUP_ASKED], at)


def _holders(posts: Iterable[Post]) -> list[PersonId]:
    """Who holds these posts, each once."""
    return list(dict.fromkeys(post.holder.id for post in posts if post.holder is not None))


def _notice(one: Lookup, person: PersonId, kind: NoticeKind, word: str, at: datetime) -> Notice:
    told = {"by": one.other_name, "subject": one.document_kind, "outcome": word}
    return Notice(one.agency_id, person, kind, About.LOOKUP, one.id, word or "asked", at, told=told)
