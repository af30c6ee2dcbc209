"""Who holds a step of a route: shared by the page, which names the signatory, and the route itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from saraban.domain.agency import PositionId, Unit
from saraban.domain.classification import Form
from saraban.domain.errors import NotFound
from saraban.domain.route import Holder, StepKind, TemplateStep
from saraban.usecases.books import UnitOfWork
from saraban.usecases.roll import Post


def post_for(uow: UnitOfWork, unit: Unit, holder: Holder, on: date) -> Post | None:
    """The post that a step falls to for a document of this unit: the head, the unit's own director, or else that of the
    unit above it. None while on that day nobody holds it or acts for it."""
    if holder is Holder.PARENT_DIRECTOR:
        if unit.parent_id is None:
            return None
        return post_for(uow, uow.agencies.unit(unit.agency_id, unit.parent_id), Holder.UNIT_DIRECTOR, on)
    posts = [p for p in (filled(uow, p, on) for p in uow.agencies.posts(unit.agency_id, holder.role, on)) if p.taken]
    if holder is Holder.AGENCY_HEAD:
        return posts[0] if posts else None
    while True:
        found = next((p for p in posts if p.unit.id == unit.id), None)
        if found is not None or unit.parent_id is None:
            return found
        unit = uow.agencies.unit(unit.agency_id, unit.parent_id)


def post_of(uow: UnitOfWork, unit: Unit, row: TemplateStep, on: date) -> Post | None:
    """The post that a row of a route table falls to; None while on that day nobody holds it or acts for it."""
    if row.holder is not Holder.POSITION:
        return post_for(uow, unit, row.holder, on)
    post = position_post(uow, unit, row.position_id, on) if row.position_id is not None else None
    return post if post is not None and post.taken else None


def position_post(uow: UnitOfWork, unit: Unit, position_id: PositionId, on: date) -> Post | None:
    """The post of this position of the unit's agency, held or not; None when there is none."""
    try:
        return filled(uow, uow.agencies.post(unit.agency_id, position_id, on), on)
    except NotFound:
        return None


def filled(uow: UnitOfWork, post: Post, on: date) -> Post:
    """The post, with who acts in it when it is vacant."""
    if post.holder is not None:
        return post
    acting = uow.delegations.deputies(post.position.agency_id, post.position.id, on)
    whole = [one.name for one in acting if one.acting is not None and one.acting.capacity.is_whole]
    return replace(post, deputy=whole[0]) if whole else post


def signatory(uow: UnitOfWork, unit: Unit, form: Form, on: date) -> Post | None:
    """Who will sign a document that takes the route of this form; None while nobody can."""
    steps = uow.agencies.route_template(unit.agency_id, form, unit.id).steps
    signing = next((step for step in steps if step.kind is StepKind.SIGN), None)
    return post_of(uow, unit, signing, on) if signing is not None else None
