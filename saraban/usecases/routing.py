"""The letter's course: submit, endorse, return. The route is drawn from the agency's table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from saraban.domain.actor import Actor
from saraban.domain.agency import UnitId
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.letter import Letter, LetterId
from saraban.domain.permissions import may_endorse, may_return, may_revise, require
from saraban.domain.route import Holder, RouteStep
from saraban.usecases.books import Post, UnitOfWork
from saraban.usecases.paging import draft_page, draw
from saraban.usecases.ports import Services


def submit_letter(office: Services, *, actor: Actor, letter_id: LetterId, version: int | None = None) -> int:
    """Put a draft before the first officer of its route. Returns the new version.

    Raises BadInput for what is missing on the page or cannot be printed on it, RuleBroken when a step of the route has
    no officer. The page is drawn before the transaction: nobody is handed a letter that could not be issued.
    """
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_revise(actor, letter))
        letter.expect_version(version)
        drawn_version = letter.version
        if lacking := letter.content.missing():
            raise BadInput(lacking)
        unit = uow.agencies.unit(letter.agency_id, letter.unit_id)
        page = draft_page(uow, letter.content, unit=unit, enclosures=letter.enclosures, on=office_date(now))
    draw(office, page)
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_revise(actor, letter))
        letter.expect_version(drawn_version)
        uow.record(letter.submit(_draw_route(uow, letter, office_date(now)), by=actor, at=now))
        uow.letters.save(letter)
        uow.commit()
    return letter.version


def endorse_letter(
    office: Services,
    *,
    actor: Actor,
    letter_id: LetterId,
    note: str = "",
    version: int | None = None,
    seen: Digest | None = None,
) -> int:
    """Write one's words on the letter and pass it on. `seen` is the digest of the page that was shown."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        letter.expect_version(version)
        require(may_endorse(actor, letter))
        uow.record(letter.endorse(by=actor, note=note, at=office.clock.now(), page=seen))
        uow.letters.save(letter)
        uow.commit()
    return letter.version


def return_letter(
    office: Services, *, actor: Actor, letter_id: LetterId, reason: str, version: int | None = None
) -> int:
    """Send the letter back to its drafter with the reason."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        letter.expect_version(version)
        require(may_return(actor, letter))
        uow.record(letter.send_back(by=actor, reason=reason, at=office.clock.now()))
        uow.letters.save(letter)
        uow.commit()
    return letter.version


def _draw_route(uow: UnitOfWork, letter: Letter, on: date) -> list[RouteStep]:
    template = uow.agencies.route_template(letter.agency_id, letter.content.form)
    if not template:
        raise RuleBroken("ยังไม่ได้กำหนดเส้นทางเสนอของหนังสือแบบนี้ ติดต่อผู้ดูแลระบบ", code="no-route")
    steps = []
    for row in template:
        posts = [p for p in uow.agencies.posts(letter.agency_id, row.holder.role, on) if p.holder is not None]
        post = _post_for(uow, letter, row.holder, posts)
        if post is None:
            raise RuleBroken(f"เส้นทางเสนอขาด{row.holder.role.thai} ยังไม่มีผู้ดำรงตำแหน่ง ติดต่อผู้ดูแลระบบ", code="vacant-step")
        steps.append(RouteStep(row.ordinal, row.kind, post.position.id, post.position.title, post.unit.name))
    return steps


def _post_for(uow: UnitOfWork, letter: Letter, holder: Holder, posts: Sequence[Post]) -> Post | None:
    if holder is Holder.AGENCY_HEAD:
        return posts[0] if posts else None
    unit_id: UnitId | None = letter.unit_id
    while unit_id is not None:  # the unit's own director, else that of the unit above it
        found = next((p for p in posts if p.unit.id == unit_id), None)
        if found is not None:
            return found
        unit_id = uow.agencies.unit(letter.agency_id, unit_id).parent_id
    return None
