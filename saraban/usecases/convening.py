"""Meetings at their secretary: called, changed, cancelled and over; who takes part and who came; links sent by mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import UnitId
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.meeting import Meeting, Plan
from saraban.domain.meeting_events import MeetingAttended, MeetingCalled, MeetingLinksSent, MeetingPeopleSet
from saraban.domain.meeting_people import MOST_PEOPLE, Heard, Invited, Participant, Presence
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_call_meeting, may_keep_meeting, require
from saraban.exchange.meeting_mail import when_and_where
from saraban.usecases.books import UnitOfWork
from saraban.usecases.meeting_books import new_key
from saraban.usecases.meeting_notices import mail_person
from saraban.usecases.ports import Services


def call_meeting(office: Services, *, actor: Actor, plan: Plan, people: Sequence[Invited] = ()) -> UUID:
    """Call a meeting for which the actor's unit is the secretary. Raises NotPermitted, BadInput by field."""
    now = office.clock.now()
    require(may_call_meeting(actor, actor.unit_id))
    said = plan.checked()
    assert actor.unit_id is not None and said.closes_on is not None
    with office.uow() as uow:
        _expect_previous(uow, actor, said, None)
        meeting = Meeting(
            id=uuid4(),
            agency_id=actor.agency_id,
            unit_id=UnitId(actor.unit_id),
            unit_name=actor.unit_name,
            title=said.title,
            committee=said.committee,
            session=said.session,
            place=said.place,
            begins_at=said.begins_at,
            ends_at=said.ends_at,
            access=said.access,
            agenda=said.agenda,
            hand_in_until=said.hand_in_until,
            closes_on=said.closes_on,
            code=new_key(),
            room=new_key(),
            made_at=now,
            made_by=actor.name,
            maker_id=actor.person_id,
            previous_id=said.previous_id,
        )
        uow.meetings.add(meeting)
        uow.record(MeetingCalled(**meeting.fact(actor, now)))
        if people:
            _add_people(uow, meeting, people, actor, now)
        uow.commit()
    return meeting.id


def revise_meeting(office: Services, *, actor: Actor, meeting_id: UUID, plan: Plan, version: int | None = None) -> int:
    """Change a meeting that is to come. Those who got their links hear of another time or place; how many is returned.
    Raises BadInput by field, ConcurrentEdit over a stale version."""
    now = office.clock.now()
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        if version is not None:
            meeting.version = version  # the shelf refuses one that is not the last
        _expect_previous(uow, actor, plan, meeting_id)
        _expect_items(uow, meeting, plan)
        before = meeting.begins_at, meeting.place
        uow.record(meeting.revise(plan, by=actor, at=now))
        uow.meetings.save(meeting)
        told: Sequence[Participant] = ()
        if before != (meeting.begins_at, meeting.place):
            told = _told_before(uow, meeting)
            agency = uow.agencies.get(meeting.agency_id)
            for one in told:
                mail_person(uow, office, agency, meeting, one, now, was=when_and_where(*before))
        uow.commit()
    return len(told)


def _told_before(uow: UnitOfWork, meeting: Meeting) -> list[Participant]:
    """Who got a link by mail."""
    return [one for one in uow.meetings.people(meeting.id) if one.mail and one.invited_at is not None]


def _expect_previous(uow: UnitOfWork, actor: Actor, plan: Plan, own: UUID | None) -> None:
    """The meeting whose minutes are to be approved is another one of the agency."""
    if plan.previous_id is None:
        return
    try:
        uow.meetings.get(actor.agency_id, plan.previous_id)
    except NotFound:
        raise BadInput({"previous": "ไม่พบการประชุมครั้งก่อน"}) from None
    if plan.previous_id == own:
        raise BadInput({"previous": "เลือกการประชุมครั้งก่อน ไม่ใช่ครั้งนี้"})


def _expect_items(uow: UnitOfWork, meeting: Meeting, plan: Plan) -> None:
    """No item goes under which files lie."""
    kept = {one.key for one in plan.agenda}
    if any(file.item and file.item not in kept for file in uow.meetings.files(meeting.id)):
        raise BadInput({"agenda": "ระเบียบวาระที่ลบมีไฟล์อยู่ เก็บเรื่องนั้นไว้ แก้ชื่อเรื่องได้"})


def cancel_meeting(office: Services, *, actor: Actor, meeting_id: UUID, reason: str) -> None:
    """It is not held; its pack closes at once, and those who got their links hear of it."""
    now = office.clock.now()
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        uow.record(meeting.cancel(reason, by=actor, at=now))
        uow.meetings.save(meeting)
        agency = uow.agencies.get(meeting.agency_id)
        for one in _told_before(uow, meeting):
            mail_person(uow, office, agency, meeting, one, now, cancelled=meeting.reason)
        uow.commit()


def end_meeting(office: Services, *, actor: Actor, meeting_id: UUID) -> None:
    """It was held; from now on nothing is handed in."""
    now = office.clock.now()
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        uow.record(meeting.end(by=actor, at=now))
        uow.meetings.save(meeting)
        uow.commit()


def close_pack(office: Services, *, actor: Actor, meeting_id: UUID, closes_on: date) -> None:
    """Let the pack close on another day, also after the meeting."""
    now = office.clock.now()
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        uow.record(meeting.close_on(closes_on, by=actor, at=now))
        uow.meetings.save(meeting)
        uow.commit()


# --- who takes part ---------------------------------------------------------------------------------------------------


def add_people(office: Services, *, actor: Actor, meeting_id: UUID, people: Sequence[Invited]) -> None:
    """Put participants on the list. Who is there already, by address or by name, is changed and keeps his link."""
    now = office.clock.now()
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        _add_people(uow, meeting, people, actor, now)
        uow.commit()


def remove_person(office: Services, *, actor: Actor, meeting_id: UUID, person_id: UUID) -> None:
    """Take one off the list: his link opens nothing any more."""
    now = office.clock.now()
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        person = _person(uow, meeting, person_id)
        uow.meetings.remove_person(person.id)
        uow.record(MeetingPeopleSet(**meeting.fact(actor, now), added=0, removed=1))
        uow.commit()


def _add_people(uow: UnitOfWork, meeting: Meeting, people: Sequence[Invited], actor: Actor, now: datetime) -> None:
    uow.meetings.hold(meeting.id)
    there = list(uow.meetings.people(meeting.id))
    added = 0
    for one in people:
        same = next((p for p in there if (p.mail == one.mail if one.mail else not p.mail and p.name == one.name)), None)
        if same is not None:
            same.name, same.post, same.office, same.part = one.name, one.post, one.office, one.part
            uow.meetings.save_person(same)
            continue
        place = max((p.place for p in there), default=0) + 1
        told = (one.name, one.post, one.office, one.mail, one.part)
        fresh = Participant(uuid4(), meeting.agency_id, meeting.id, *told, place, new_key())
        there.append(fresh)
        uow.meetings.add_people(fresh)
        added += 1
    if len(there) > MOST_PEOPLE:
        raise BadInput({"people": thai_digits(f"ผู้เข้าประชุมไม่เกิน {MOST_PEOPLE} คน")})
    uow.record(MeetingPeopleSet(**meeting.fact(actor, now), added=added, removed=0))


def note_presence(
    office: Services,
    *,
    actor: Actor,
    meeting_id: UUID,
    person_id: UUID,
    presence: Presence,
    stands_in: str = "",
    reason: str = "",
) -> None:
    """The secretary writes down whether somebody came, who came in his stead, or why he did not."""
    now = office.clock.now()
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        person = _person(uow, meeting, person_id)
        if presence is Presence.PRESENT and now < meeting.begins_at - timedelta(hours=12):
            raise RuleBroken("ยังไม่ถึงวันประชุม", code="too-early")
        person.mark(presence, stands_in, reason, now=now)
        uow.meetings.save_person(person)
        told = {"who": person.name, "presence": presence.value, "way": "secretary"}
        uow.record(MeetingAttended(**meeting.fact(actor, now, **told)))
        uow.commit()


def call_roll(
    office: Services,
    *,
    actor: Actor,
    meeting_id: UUID,
    said: Mapping[UUID, Heard],
    rest: Presence = Presence.UNKNOWN,
) -> int:
    """The secretary writes down in one go who came and who did not, and what is to be taken of all of whom nothing is
    known then (`rest`). Nobody's presence is taken back by this: who is said to be unknown stays as he is. Returns of
    how many something was written. Raises RuleBroken before the meeting has begun, NotFound for who is not on the
    list, BadInput at `reason` for words about somebody of whom it is not said whether he came."""
    now, written = office.clock.now(), 0
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        if now < meeting.begins_at:
            raise RuleBroken("เช็กชื่อได้เมื่อถึงเวลาประชุม", code="too-early")
        people = uow.meetings.people(meeting.id)
        if not said.keys() <= {one.id for one in people}:
            raise NotFound
        for person in people:
            heard = said.get(person.id, Heard(Presence.UNKNOWN))
            if heard.presence is Presence.UNKNOWN and person.presence is Presence.UNKNOWN:
                heard = replace(heard, presence=rest)
            told = (heard.presence, heard.stands_in.strip(), heard.reason.strip())
            if heard.presence is Presence.UNKNOWN and any(told[1:]):
                raise BadInput({"reason": f"เลือกก่อนว่า {person.name} มาประชุมหรือไม่ จึงบันทึกผู้มาแทนหรือเหตุผลได้"})
            if heard.presence is Presence.UNKNOWN or told == (person.presence, person.stands_in, person.reason):
                continue
            person.mark(*told, now=now)
            uow.meetings.save_person(person)
            fact = {"who": person.name, "presence": person.presence.value, "way": "secretary"}
            uow.record(MeetingAttended(**meeting.fact(actor, now, **fact)))
            written += 1
        uow.commit()
    return written


def send_links(office: Services, *, actor: Actor, meeting_id: UUID, person_id: UUID | None = None) -> int:
    """Mail participants their own links: those who have none yet, or the one who is named. Returns how many mails
    leave. Raises RuleBroken when nobody has an address, or without an address of this installation."""
    now = office.clock.now()
    if not office.public_url:
        raise RuleBroken("ยังไม่ได้ตั้งที่อยู่เว็บของระบบ ติดต่อผู้ดูแลระบบ", code="no-public-address")
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        if not meeting.pack_open(now):
            raise RuleBroken("ชุดเอกสารปิดแล้ว ส่งลิงก์ไม่ได้", code="pack-closed")
        people = uow.meetings.people(meeting.id)
        chosen = [p for p in people if p.mail and (p.id == person_id if person_id else p.invited_at is None)]
        if not chosen:
            raise RuleBroken("ผู้เข้าประชุมที่มีอีเมลได้รับลิงก์ครบแล้ว หรือยังไม่ได้ใส่อีเมล", code="nobody-to-mail")
        agency = uow.agencies.get(meeting.agency_id)
        for one in chosen:
            mail_person(uow, office, agency, meeting, one, now)
            one.invited_at = now
            uow.meetings.save_person(one)
        uow.record(MeetingLinksSent(**meeting.fact(actor, now), mails=len(chosen)))
        uow.commit()
    return len(chosen)


def plan_of(meeting: Meeting) -> Plan:
    """What was said of a meeting, to be said anew."""
    return Plan(**{name: getattr(meeting, name) for name in Plan.__dataclass_fields__})


def _kept(uow: UnitOfWork, actor: Actor, meeting_id: UUID) -> Meeting:
    meeting = uow.meetings.get(actor.agency_id, meeting_id)
    require(may_keep_meeting(actor, meeting))
    return meeting


def _person(uow: UnitOfWork, meeting: Meeting, person_id: UUID) -> Participant:
    for one in uow.meetings.people(meeting.id):
        if one.id == person_id:
            return one
    raise NotFound
