"""Who takes part in destroying by the book: whom a list waits for, and people with the posts that they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, PositionRole
from saraban.domain.calendar import BUDDHIST_OFFSET, office_date
from saraban.domain.disposal import DisposalList, DisposalState
from saraban.domain.disposal_item import Officer
from saraban.domain.errors import BadInput
from saraban.domain.notice import OF_A_SURVEY, About, Notice, NoticeKind
from saraban.domain.numbering import thai_digits
from saraban.usecases.books import UnitOfWork

AFTER_ORDER = {
    DisposalState.ORDERED: "ส่งบัญชีให้หอจดหมายเหตุแห่งชาติ",
    DisposalState.CLEARED: "กำหนดเจ้าหน้าที่ทำลาย",
}


def waits_for(
    uow: UnitOfWork, made: DisposalList, people: Sequence[PersonId], deed: str, actor: Actor, now: datetime
) -> None:
    """Tell these people what the list waits for; what others were told about it before is over."""
    uow.notices.settle(made.id, [NoticeKind.DISPOSAL], now)
    told = {"by": actor.name, "deed": deed, "subject": thai_digits(f"บัญชีหนังสือขอทำลาย {made.serial}/{made.year}")}
    about, occasion = (About.DISPOSAL, made.id), f"{made.state.value} {made.version}"
    uow.notices.tell(
        [
            Notice(made.agency_id, person, NoticeKind.DISPOSAL, *about, occasion, now, told=told)
            for person in dict.fromkeys(people)
        ]
    )


def survey_over(uow: UnitOfWork, agency_id: AgencyId, now: datetime) -> None:
    """What was told about the survey is over once no paper that is due is left on no list."""
    if not uow.disposals.waits(agency_id, office_date(now).year + BUDDHIST_OFFSET - 1):
        uow.notices.settle(agency_id, OF_A_SURVEY, now)


def did_his_part(uow: UnitOfWork, made: DisposalList, actor: Actor, now: datetime) -> None:
    """What this person was told about the list is read."""
    if actor.person_id is not None:
        uow.notices.mark_about(made.agency_id, actor.person_id, made.id, now)


def holders(uow: UnitOfWork, made: DisposalList, role: PositionRole, now: datetime) -> list[PersonId]:
    """Who holds the posts of a role today."""
    posts = uow.agencies.posts(made.agency_id, role, office_date(now))
    return [post.holder.id for post in posts if post.holder is not None]


def officers_of(uow: UnitOfWork, actor: Actor, people: Sequence[PersonId], now: datetime, field: str) -> list[Officer]:
    """These people with the posts that they hold today. Raises BadInput for anybody else."""
    found = []
    for person_id in dict.fromkeys(people):
        one = uow.people.actor(person_id, office_date(now))
        if one is None or one.agency_id != actor.agency_id:
            raise BadInput({field: "เลือกบุคคลที่ดำรงตำแหน่งในส่วนราชการ"})
        found.append(Officer(person_id, one.name, one.title))
    return found
