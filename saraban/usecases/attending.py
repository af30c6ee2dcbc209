"""The daily duty: a keeper opens the mailbox in the morning and in the afternoon, and looks at yesterday's results; the
administrator says which days are worked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId
from saraban.domain.calendar import BANGKOK, office_date
from saraban.domain.duty import Duty, DutyDone, Results
from saraban.domain.duty_events import MailboxAttended, ResultsReviewed, WorkdayChanged
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.permissions import may_administer, may_attend, require
from saraban.domain.workdays import ANNOUNCED, DayChange
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services

_LONGEST = 200


def note_opened(office: Services, *, actor: Actor) -> bool:
    """Note that the actor looked into the central mailbox in this half of the day; False when that stands already.
    Raises NotPermitted for who is not a keeper of it."""
    require(may_attend(actor))
    now = office.clock.now()
    with office.uow() as uow:
        read_at = uow.duties.mailbox_read_at(actor.agency_id)
        done = DutyDone(
            *(actor.agency_id, office_date(now), Duty.half(now), _person(actor), actor.name, now),
            mailbox_read_at=read_at,
        )
        if not uow.duties.note(done):
            return False
        uow.record(
            MailboxAttended(
                at=now,
                by=actor,
                thing_id=actor.agency_id,
                day=done.day,
                duty=done.duty.value,
                mailbox_read_at=read_at,
            )
        )
        uow.commit()
    return True


def review_results(office: Services, *, actor: Actor, day: date) -> Results:
    """Note that the actor looked at what became of the letters sent on a day, and how it stood. Raises BadInput for a
    day that is not over, RuleBroken when the actor did it before."""
    require(may_attend(actor))
    now = office.clock.now()
    if day >= office_date(now):
        raise BadInput({"day": "ตรวจผลได้เมื่อพ้นวันนั้นแล้ว"})
    with office.uow() as uow:
        results = _results(uow, actor, day)
        done = DutyDone(*(actor.agency_id, day, Duty.RESULTS, _person(actor), actor.name, now), results=results)
        if not uow.duties.note(done):
            raise RuleBroken("ท่านบันทึกการตรวจผลของวันนี้ไว้แล้ว", code="duty-done")
        uow.record(
            ResultsReviewed(
                at=now,
                by=actor,
                thing_id=actor.agency_id,
                day=day,
                sent=results.sent,
                answered=results.answered,
                trouble=results.trouble,
            )
        )
        uow.commit()
    return results


def change_day(office: Services, *, actor: Actor, day: date, off: bool, title: str, source: str = "") -> None:
    """Say that a day is off (with its name, and where that is announced) or is worked after all. Raises BadInput."""
    require(may_administer(actor))
    title, source = " ".join(title.split()), " ".join(source.split())
    texts = {"title": title, "source": source}
    wrong = {name: f"ยาวเกิน {_LONGEST} ตัวอักษร" for name, text in texts.items() if len(text) > _LONGEST}
    if off and not title:
        wrong["title"] = "กรอกชื่อวันหยุด"
    if wrong:
        raise BadInput(wrong)
    with office.uow() as uow:
        uow.duties.change(DayChange(actor.agency_id, day, off, title, source))
        uow.record(_changed(office, actor, day, off=off, title=title))
        uow.commit()


def undo_day(office: Services, *, actor: Actor, day: date) -> None:
    """Take back what was said of a day; without that nothing happens."""
    require(may_administer(actor))
    with office.uow() as uow:
        taken = uow.duties.undo(actor.agency_id, day)
        if taken is None:
            return
        off = day in ANNOUNCED
        uow.record(_changed(office, actor, day, off=off, title=taken.title or ANNOUNCED.get(day, ""), undone=True))
        uow.commit()


def _changed(
    office: Services, actor: Actor, day: date, *, off: bool, title: str, undone: bool = False
) -> WorkdayChanged:
    now = office.clock.now()
    return WorkdayChanged(at=now, by=actor, thing_id=actor.agency_id, day=day, off=off, title=title, undone=undone)


def _results(uow: UnitOfWork, actor: Actor, day: date) -> Results:
    return uow.duties.results(actor.agency_id, *span_of(day))


def span_of(day: date) -> tuple[datetime, datetime]:
    """The moments between which a day of the office lies."""
    since = datetime.combine(day, time(), BANGKOK)
    return since, since + timedelta(days=1)


def _person(actor: Actor) -> PersonId:
    assert actor.person_id is not None  # `may_attend` lets only people in
    return actor.person_id
