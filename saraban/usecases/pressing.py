"""What the clock brings to people: a deadline is near, is today, went by; the next higher officer hears of it once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import partial
from uuid import UUID

from saraban.domain.agency import Agency, AgencyId, PersonId, PositionId, PositionRole, UnitId
from saraban.domain.calendar import BUDDHIST_OFFSET, office_date, office_time
from saraban.domain.classification import Urgency
from saraban.domain.deadline import DeadlineRules, Due, DueClock, Standing, gaps_between
from saraban.domain.disposal import survey_deadline
from saraban.domain.errors import NotFound
from saraban.domain.notice import About, Notice, NoticeKind
from saraban.domain.numbering import thai_digits
from saraban.domain.register import EntryId
from saraban.domain.workdays import WorkCalendar
from saraban.usecases.books import UnitOfWork
from saraban.usecases.notices import holders_in, loan_words, visit_keepers
from saraban.usecases.ports import Services
from saraban.usecases.roll import Post

MORNING = time(7, 30)
"""From then on a working day's deadlines are told: they lie in the list when the office opens at 08:30."""
ARCHIVE_NEAR = 10
"""So many working days before their day the archive's lists are near: they are more than a day's work."""
_KINDS = {
    Standing.NEAR: NoticeKind.NEAR,
    Standing.TODAY: NoticeKind.TODAY,
    Standing.LATE: NoticeKind.LATE,
}


def press_deadlines(office: Services) -> int:
    """Tell the officers of each agency, once each working day, what presses among all that waits for them. Returns for
    how many agencies that was done; nothing happens on holidays and before the morning."""
    now = office.clock.now()
    if office_time(now).time() < MORNING:
        return 0
    return sum(_press(office, agency_id, now) for agency_id, _ in office.hosted())


def _press(office: Services, agency_id: AgencyId, now: datetime) -> bool:
    today = office_date(now)
    with office.uow() as uow:
        agency = uow.agencies.get(agency_id)
        calendar = WorkCalendar.of(uow.duties.changes(agency.id))
        if not calendar.is_working(today) or not uow.notices.begin_day(agency.id, today):
            return False
        clock = DueClock(today, DeadlineRules.of(agency.options), calendar)
        uow.notices.tell(list(_told(uow, agency, clock, now)))
        uow.commit()
    return True


def _told(uow: UnitOfWork, agency: Agency, clock: DueClock, now: datetime) -> Iterator[Notice]:
    waiting, ordered = uow.notices.waiting(agency.id), uow.notices.ordered(agency.id)
    of_tasks = {task.position_id for task in ordered if task.position_id is not None}
    positions = list({one.position_id for one in waiting} | of_tasks)
    held, holders = uow.notices.held(positions), uow.notices.holders(positions, clock.today)
    chain = _Chain(uow, agency, clock.today)
    for one in waiting:
        gaps = gaps_between(held.get(one.position_id, ()), office_date(one.since), clock.today)
        due = clock.of(one.urgency, one.since, asked=one.asked, gaps=gaps)
        if not due.presses:
            continue
        tell = partial(_notice, agency, due, now, pressing=one.urgency is Urgency.MOST_URGENT)
        if (holder := holders.get(one.position_id)) is not None:
            yield tell(holder, _KINDS[due.standing], About.LETTER, one.letter_id, due.day.isoformat())
        if due.late >= clock.rules.escalate and (above := chain.above(one.position_id)) is not None:
            title = chain.title(one.position_id)
            yield tell(above, NoticeKind.ESCALATED, About.LETTER, one.letter_id, one.since.isoformat(), title=title)
    for task in ordered:
        due = clock.on(task.due)
        person = task.person_id or (holders.get(task.position_id) if task.position_id is not None else None)
        if due.presses and person is not None:
            occasion = f"{task.task_id} {task.due.isoformat()}"
            yield _notice(agency, due, now, person, _KINDS[due.standing], About.INCOMING, task.incoming_id, occasion)
    yield from _borrowed(uow, agency, clock, now)
    yield from _visited(uow, agency, clock, now)
    yield from _asked_by_public(uow, agency, clock, now)
    yield from _of_the_archive(uow, agency, clock, now)


def _borrowed(uow: UnitOfWork, agency: Agency, clock: DueClock, now: datetime) -> Iterator[Notice]:
    """Borrowed letters: who has them hears when they are due back; who gave them out, too, once they are late
    (clause 62.2)."""
    for loan in uow.loans.out(agency.id):
        due = clock.on(loan.due_on)
        if not due.presses:
            continue
        words = loan_words(loan, uow.registers.get(agency.id, EntryId(loan.entry_id)))
        late = loan.lender_id if due.standing is Standing.LATE else None
        for person in dict.fromkeys((loan.borrower_id, late)):
            if person is not None:
                kind, day = _KINDS[due.standing], due.day.isoformat()
                yield _notice(agency, due, now, person, kind, About.LOAN, loan.id, day, words=words)


def _visited(uow: UnitOfWork, agency: Agency, clock: DueClock, now: datetime) -> Iterator[Notice]:
    """Outsiders who come to look at a letter: who keeps it hears when the day is near, is today, and went by without
    a word of it (clause 65)."""
    for visit in uow.visits.expected(agency.id, _soon(clock)):
        due = clock.on(visit.comes_on) if visit.comes_on is not None else None
        if due is None or not due.presses:
            continue
        words = {"subject": uow.registers.get(agency.id, EntryId(visit.entry_id)).subject}
        for person in visit_keepers(uow.agencies, visit, clock.today):
            kind, day = _KINDS[due.standing], due.day.isoformat()
            yield _notice(agency, due, now, person, kind, About.VISIT, visit.id, day, words=words)


def _soon(clock: DueClock) -> date:
    """The last day that is near."""
    soon = clock.calendar.next(clock.today)
    for _ in range(clock.rules.near):
        soon = clock.calendar.next(soon)
    return soon


def _asked_by_public(uow: UnitOfWork, agency: Agency, clock: DueClock, now: datetime) -> Iterator[Notice]:
    """Letters of the public whose answer is due: the central clerks hear of it, whoever has them in hand as well, and
    the head once they are late enough."""
    due_soon = uow.petitions.due(agency.id, _soon(clock))
    if not due_soon:
        return
    posts = uow.agencies.posts(agency.id, PositionRole.CLERK, clock.today)
    clerks = [post.holder.id for post in posts if post.unit.central and post.holder is not None]
    heads = [post.holder.id for post in uow.agencies.posts(agency.id, PositionRole.HEAD, clock.today) if post.holder]
    for petition in due_soon:
        due = clock.on(petition.due_on)
        if not due.presses:
            continue
        tell = partial(_notice, agency, due, now, about=About.INCOMING, about_id=petition.incoming_id)
        letter = uow.incoming.get(agency.id, petition.incoming_id)
        at_work = [one for task in letter.tasks if task.in_hand for one in (task.taker_id, task.person_id) if one]
        occasion = f"petition {due.day.isoformat()}"
        for person in dict.fromkeys((*clerks, *at_work)):
            yield tell(person=person, kind=_KINDS[due.standing], occasion=occasion)
        if due.late >= clock.rules.escalate:
            for head in heads:
                yield tell(person=head, kind=NoticeKind.ESCALATED, occasion=occasion, title="เรื่องจากประชาชน")


def _of_the_archive(uow: UnitOfWork, agency: Agency, clock: DueClock, now: datetime) -> Iterator[Notice]:
    """Lists of twenty years that have not gone yet (clause 58), and the survey of paper that is due (clause 66): the
    records officers hear of the survey when the year begins, and of both when the day is near, is today and went by;
    the head once it is late enough."""
    lists = [(one.deadline, About.HANDOVER, one.id, one.called) for one in uow.handovers.waiting(agency.id)]
    year = clock.today.year + BUDDHIST_OFFSET - 1
    if uow.disposals.waits(agency.id, year):
        called = thai_digits(f"การสำรวจหนังสือครบอายุการเก็บ ประจำปี {year}")
        lists.append((survey_deadline(year), About.SURVEY, agency.id, called))
    clock = replace(clock, rules=replace(clock.rules, near=max(clock.rules.near, ARCHIVE_NEAR)))
    keepers, heads = (
        holders_in(uow.agencies, agency.id, role, clock.today) for role in (PositionRole.RECORDS, PositionRole.HEAD)
    )
    for day, about, about_id, subject in lists:
        if day is None:
            continue
        due = clock.on(day)
        tell = partial(_notice, agency, due, now, about=about, about_id=about_id, words={"subject": subject})
        kind = _KINDS.get(due.standing, NoticeKind.SURVEY if about is About.SURVEY else None)
        if kind is not None:
            for person in keepers:
                yield tell(person=person, kind=kind, occasion=day.isoformat())
        if due.late >= clock.rules.escalate:
            for head in heads:
                yield tell(person=head, kind=NoticeKind.ESCALATED, occasion=day.isoformat(), title="นายทะเบียน")


def _notice(
    agency: Agency,
    due: Due,
    now: datetime,
    person: PersonId,
    kind: NoticeKind,
    about: About,
    about_id: UUID,
    occasion: str,
    *,
    title: str = "",
    pressing: bool = False,
    words: Mapping[str, str] | None = None,
) -> Notice:
    return Notice(
        agency_id=agency.id,
        person_id=person,
        kind=kind,
        about=about,
        about_id=about_id,
        occasion=occasion,
        at=now,
        told={"due": due.day.isoformat(), "title": title, **(words or {})},
        pressing=pressing,
    )


@dataclass
class _Chain:
    """Who is the next higher officer of a post: the director of its unit, then of the units above, then the head."""

    uow: UnitOfWork
    agency: Agency
    on: date
    _posts: dict[PositionId, Post | None] = field(default_factory=dict)
    _directors: Mapping[UnitId, Sequence[Post]] | None = None

    def title(self, position_id: PositionId) -> str:
        """What the post is called."""
        post = self._post(position_id)
        return post.position.title if post is not None else ""

    def above(self, position_id: PositionId) -> PersonId | None:
        """The next higher person; None above the head."""
        post = self._post(position_id)
        if post is None or post.position.role is PositionRole.HEAD:
            return None
        directors = self._by_unit()
        unit_id: UnitId | None = post.unit.id
        if post.position.role is PositionRole.DIRECTOR:
            unit_id = post.unit.parent_id
        while unit_id is not None:
            for higher in directors.get(unit_id, ()):
                if higher.holder is not None and higher.position.id != position_id:
                    return higher.holder.id
            unit_id = self.uow.agencies.unit(self.agency.id, unit_id, self.on).parent_id
        heads = self.uow.agencies.posts(self.agency.id, PositionRole.HEAD, self.on)
        return next((head.holder.id for head in heads if head.holder is not None), None)

    def _by_unit(self) -> Mapping[UnitId, Sequence[Post]]:
        if self._directors is None:
            found: dict[UnitId, list[Post]] = {}
            for post in self.uow.agencies.posts(self.agency.id, PositionRole.DIRECTOR, self.on):
                found.setdefault(post.unit.id, []).append(post)
            self._directors = found
        return self._directors

    def _post(self, position_id: PositionId) -> Post | None:
        if position_id not in self._posts:
            try:
                self._posts[position_id] = self.uow.agencies.post(self.agency.id, position_id, self.on)
            except NotFound:
                self._posts[position_id] = None
        return self._posts[position_id]
