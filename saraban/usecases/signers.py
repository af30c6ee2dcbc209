"""Who stands in a position on a day: its holder, or who acts for it; shared by the page, which names who signs, and by
signing itself."""

from __future__ import annotations

from datetime import date

from saraban.domain.actor import Actor
from saraban.domain.agency import UnitId
from saraban.domain.content import Content
from saraban.usecases.books import UnitOfWork
from saraban.usecases.pages import PageCosigner
from saraban.usecases.roll import Post


def signer_of(
    uow: UnitOfWork, post: Post, content: Content, unit_id: UnitId, on: date, by: Actor | None = None
) -> PageCosigner:
    """Who signs such a document in this post, with the lines below the name: who looks at it in this position (`by`),
    else who acts with its whole power where the order covers it, else the holder. Without a name while nobody can."""
    if by is not None and by.position_id == post.position.id:
        return PageCosigner(by.name, by.lines)
    for one in acting_for(uow, post, content, unit_id, on):
        return PageCosigner(one.name, one.lines)
    return PageCosigner(post.holder.name if post.holder is not None else "", [post.position.title])


def acting_for(uow: UnitOfWork, post: Post, content: Content, unit_id: UnitId, on: date) -> list[Actor]:
    """Who acts in this post with its whole power, by orders that cover such a document."""
    return [
        one
        for one in uow.delegations.deputies(post.position.agency_id, post.position.id, on)
        if one.acting is not None
        and one.acting.capacity.is_whole
        and not one.acting.beyond(unit_id=unit_id, secrecy=content.secrecy, form=content.form)
    ]
