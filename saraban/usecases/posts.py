"""Who holds a step of a route: shared by the page, which names the signatory, and the route itself."""

from __future__ import annotations

from datetime import date

from saraban.domain.agency import Unit
from saraban.domain.classification import Form
from saraban.domain.route import Holder, StepKind
from saraban.usecases.books import UnitOfWork
from saraban.usecases.roll import Post


def post_for(uow: UnitOfWork, unit: Unit, holder: Holder, on: date) -> Post | None:
    """The post that a step falls to for a document of this unit: the head, the unit's own director, or else that of the
    unit above it. None while nobody holds it on that day."""
    posts = [p for p in uow.agencies.posts(unit.agency_id, holder.role, on) if p.holder is not None]
    if holder is Holder.AGENCY_HEAD:
        return posts[0] if posts else None
    while True:
        found = next((p for p in posts if p.unit.id == unit.id), None)
        if found is not None or unit.parent_id is None:
            return found
        unit = uow.agencies.unit(unit.agency_id, unit.parent_id)


def signatory(uow: UnitOfWork, unit: Unit, form: Form, on: date) -> Post | None:
    """Who will sign a document that takes the route of this form; None while nobody can."""
    steps = uow.agencies.route_template(unit.agency_id, form)
    signing = next((step for step in steps if step.kind is StepKind.SIGN), None)
    return post_for(uow, unit, signing.holder, on) if signing is not None else None
