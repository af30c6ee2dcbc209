"""The letter's course: submit, endorse, return. The route is drawn from the agency's table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId, PositionId, Unit
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.joining import joined
from saraban.domain.letter import Content, Letter, LetterId, LetterState
from saraban.domain.permissions import may_draft_for, may_endorse, may_read_letter, may_return, may_revise, require
from saraban.domain.register import EntryState
from saraban.domain.route import Again, RouteStep, StepKind
from saraban.domain.salutations import table_of, unpaired
from saraban.usecases.books import UnitOfWork
from saraban.usecases.notices import returned
from saraban.usecases.numbering import expect_book
from saraban.usecases.occasions import BY_ITSELF, Occasion
from saraban.usecases.paging import draft_page, draw
from saraban.usecases.planning import PlannedStep, plan
from saraban.usecases.ports import Services
from saraban.usecases.receivers import with_members
from saraban.usecases.roll import Post
from saraban.usecases.signers import acting_for


@dataclass(frozen=True)
class StepAhead:
    """A step that a draft will come to: the deed, the position and who holds it. `person` is empty while nobody does;
    `title` then says whom the step waits for."""

    kind: StepKind
    title: str
    unit_name: str
    person: str
    stage: int = 0
    need: int = 0
    required: bool = False
    position_id: PositionId | None = None


def route_ahead(
    office: Services, *, actor: Actor, content: Content, letter_id: LetterId | None = None, unit_code: str | None = None
) -> list[StepAhead]:
    """The route that a draft with this content would take if it were submitted now; nothing is written.

    `letter_id` for a draft that is there, else it is one of the unit (the caller's own without a code). Raises BadInput
    for an unknown unit; an empty list where the agency has no route for the form.
    """
    on = office_date(office.clock.now())
    with office.uow() as uow:
        if letter_id is not None:
            letter = uow.letters.get(actor.agency_id, letter_id)
            require(may_read_letter(actor, letter))
            unit = uow.agencies.unit(letter.agency_id, letter.unit_id)
        elif unit_code and (found := uow.agencies.unit_by_code(actor.agency_id, unit_code)) is not None:
            unit = found
        elif actor.unit_id is not None and not unit_code:
            unit = uow.agencies.unit(actor.agency_id, actor.unit_id)
        else:
            raise BadInput({"unit": "ไม่พบหน่วยงานนี้ในส่วนราชการของท่าน"})
        if letter_id is None:
            require(may_draft_for(actor, unit.id))
        own = letter.own_course if letter_id is not None else None
        planned = plan(uow, content, unit, on, own)
    return [_ahead(step) for step in planned.steps]


def _ahead(step: PlannedStep) -> StepAhead:
    post = step.post
    if post is None or not post.taken:
        return StepAhead(step.kind, step.title, "", "", step.stage, step.need, step.required)
    return StepAhead(
        step.kind,
        step.title,
        post.unit.name,
        post.holder.name if post.holder is not None else post.deputy,
        step.stage,
        step.need,
        step.required,
        post.position.id,
    )


def submit_letter(office: Services, *, actor: Actor, letter_id: LetterId, version: int | None = None) -> int:
    """Put a draft before the first officer of its route. Returns the new version.

    Raises BadInput for what is missing on the page or cannot be printed on it, RuleBroken when a step of the route has
    no officer or the book in which it will be numbered is not kept. The page is drawn before the transaction: nobody is
    handed a letter that could not be issued. This version of the content is kept, and every later step names it.
    """
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_revise(actor, letter))
        letter.expect_version(version)
        drawn_version = letter.version
        agency = uow.agencies.get(letter.agency_id)
        if lacking := letter.content.missing(table_of(agency.options.salutations)):
            raise BadInput(lacking)
        unit = uow.agencies.unit(letter.agency_id, letter.unit_id)
        expect_book(uow, agency, unit, letter.content)
        page = draft_page(uow, letter.content, unit=unit, enclosures=letter.enclosures, on=office_date(now))
        letter.take_members(with_members(uow, actor, letter.content, office_date(now)))
    draw(office, page)
    whole = letter.content
    office.blobs.keep(letter.content_bytes())
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_revise(actor, letter))
        letter.expect_version(drawn_version)
        letter.take_members(whole)
        route, again = _draw_route(office, uow, letter, unit, office_date(now))
        uow.record(letter.submit(route, by=actor, at=now, again=again))
        uow.letters.save(letter)
        uow.commit()
    return letter.version


def keyless(office: Services, posts: Iterable[tuple[PositionId, PersonId]]) -> set[PositionId]:
    """Which of these positions are held by somebody who has no signing key. No key is opened."""
    return {position for position, person in posts if not office.pages.has_key(person)}


def cautions(office: Services, *, actor: Actor, letter_id: LetterId) -> list[str]:
    """What should be looked at in a letter though it may go its way, in Thai: a salutation and a closing that do not
    belong together, a signatory who has no key as yet."""
    on = office_date(office.clock.now())
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_read_letter(actor, letter))
        content, table = letter.content, table_of(uow.agencies.get(letter.agency_id).options.salutations)
        unit = uow.agencies.unit(letter.agency_id, letter.unit_id)
        planned = plan(uow, content, unit, on, letter.own_course)
        posts = [step.post for step in planned.steps if step.kind is StepKind.SIGN]
    told = [] if content.ready else [unpaired(table, content.form, content.addressed_to, content.closing)]
    for post in posts:
        if post is not None and post.holder is not None and not office.pages.has_key(post.holder.id):
            told.append(f"{_named(post)} ยังไม่มีกุญแจลงนาม ให้ผู้ดูแลระบบออกใบรับรองก่อนถึงลำดับลงนาม")
    return [words for words in told if words]


def has_key(office: Services, *, actor: Actor) -> bool:
    """Has the person a signing key? It is not opened."""
    return actor.person_id is not None and office.pages.has_key(actor.person_id)


def endorse_letter(
    office: Services,
    *,
    actor: Actor,
    letter_id: LetterId,
    note: str = "",
    version: int | None = None,
    seen: Digest | None = None,
    occasion: Occasion = BY_ITSELF,
) -> int:
    """Write one's words on the letter and pass it on. `seen` is the digest of the page that was shown."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        letter.expect_version(version)
        require(may_endorse(actor, letter))
        uow.record(letter.endorse(by=actor, note=note, at=office.clock.now(), page=seen))
        uow.letters.save(letter)
        occasion.settled(uow, letter)
        uow.commit()
    return letter.version


def return_letter(
    office: Services,
    *,
    actor: Actor,
    letter_id: LetterId,
    reason: str,
    version: int | None = None,
    to: int | None = None,
) -> int:
    """Send the letter back with the reason, to its drafter or to an earlier step of its route (its ordinal)."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        letter.expect_version(version)
        require(may_return(actor, letter))
        begun = letter.part_signed is not None
        uow.record(letter.send_back(by=actor, reason=reason, at=office.clock.now(), to=to))
        if begun:
            _strike_number(
                uow, letter, joined(actor.title, f"ส่งคืนหนังสือที่ลงนามแล้วบางส่วน: {reason.strip()}"), actor, office
            )
        uow.letters.save(letter)
        if letter.state is LetterState.RETURNED:
            uow.notices.tell(returned(letter, by=actor, reason=reason, at=letter.updated_at))
        uow.commit()
    return letter.version


def recall_letter(
    office: Services, *, actor: Actor, letter_id: LetterId, reason: str, version: int | None = None
) -> int:
    """Take a letter back from its route: it is a draft again. What some of its signers signed is kept, and its number
    is struck with the reason. Returns the new version."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        letter.expect_version(version)
        require(may_revise(actor, letter))
        begun = letter.part_signed is not None
        uow.record(letter.recall(by=actor, reason=reason, at=office.clock.now()))
        if begun:
            _strike_number(uow, letter, f"ดึงหนังสือที่ลงนามแล้วบางส่วนกลับ: {reason.strip()}", actor, office)
        uow.letters.save(letter)
        uow.commit()
    return letter.version


def _strike_number(uow: UnitOfWork, letter: Letter, reason: str, actor: Actor, office: Services) -> None:
    """The number of a letter that was signed in part is never used again; its line says why."""
    entry = uow.registers.of_subject(letter.agency_id, letter.id, EntryState.RESERVED)
    if entry is None:
        return
    authority = f"{actor.title} {actor.name}".strip()
    uow.record(entry.void(reason=reason[:1000], authority=authority, by=actor, at=office.clock.now()))
    uow.registers.save(entry)


def _draw_route(
    office: Services, uow: UnitOfWork, letter: Letter, unit: Unit, on: date
) -> tuple[list[RouteStep], Again]:
    for one in letter.content.cosigners:
        _expect_cosigner(office, uow, letter, one, on)
    planned = plan(uow, letter.content, unit, on, letter.own_course)
    steps = planned.drawn()
    positions = [step.position_id for step in steps if step.kind is StepKind.SIGN]
    if len(set(positions)) < len(positions):
        raise BadInput({"cosigners": joined(steps[-1].title, "เป็นผู้ลงนามของเส้นทางอยู่แล้ว เอาออกจากผู้ลงนามร่วม")})
    return steps, planned.template.again


def _expect_cosigner(office: Services, uow: UnitOfWork, letter: Letter, position_id: PositionId, on: date) -> None:
    """Raise BadInput for a cosigner who could not sign: what he has signed could never be completed."""
    try:
        post = uow.agencies.post(letter.agency_id, position_id, on)
    except NotFound:
        raise BadInput({"cosigners": "ไม่พบตำแหน่งของผู้ลงนามร่วมในส่วนราชการของท่าน"}) from None
    if post.holder is not None:
        able, named = [post.holder.id], _named(post)
    else:
        acting = acting_for(uow, post, letter.content, letter.unit_id, on)
        able = [one.person_id for one in acting if one.person_id is not None]
        named = ", ".join(f"{one.name} ({' '.join(one.lines)})" for one in acting)
    if not able:
        raise BadInput({"cosigners": joined(post.position.title, "ยังไม่มีผู้ดำรงตำแหน่งหรือผู้ทำหน้าที่แทน เลือกผู้ลงนามร่วมคนอื่น")})
    if not any(office.pages.has_key(one) for one in able):
        raise BadInput({"cosigners": f"{named} ยังไม่มีกุญแจลงนาม เลือกผู้ลงนามร่วมคนอื่น หรือให้ผู้ดูแลระบบออกใบรับรองก่อนเสนอ"})


def _named(post: Post) -> str:
    """The holder of a post with its title."""
    return f"{post.holder.name} ({post.position.title})" if post.holder is not None else post.position.title
