"""The letters of a meeting, which are drafts like any other from then on: its invitation and its minutes (form 11); and
minutes approved by the next meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.content import Content
from saraban.domain.errors import BadInput, RuleBroken, StageNotAllowed
from saraban.domain.events import LetterDrafted
from saraban.domain.letter import Letter, LetterId, LetterState
from saraban.domain.meeting import Meeting
from saraban.domain.meeting_lists import with_who_came
from saraban.domain.meeting_people import Participant, unsaid
from saraban.domain.meeting_words import with_approval
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_draft_for, may_keep_meeting, may_revise, require
from saraban.domain.versions import Saving
from saraban.usecases.books import UnitOfWork
from saraban.usecases.contents import content_faults
from saraban.usecases.keeping import note_version
from saraban.usecases.ports import Services


def begin_invitation(office: Services, *, actor: Actor, meeting_id: UUID, content: Content) -> LetterId:
    """Begin the invitation of a meeting as a draft of its secretary's unit. Raises StageNotAllowed while there is one
    that was not withdrawn, and for a meeting that is not to come."""
    now = office.clock.now()
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        _expect_none(uow, meeting, meeting.letter_id, "หนังสือเชิญประชุม")
        letter = _draft(uow, office, actor, meeting, content, now)
        uow.record(meeting.note_letter(letter.id, by=actor, at=now))
        uow.meetings.save(meeting)
        uow.commit()
    return letter.id


def begin_minutes(office: Services, *, actor: Actor, meeting_id: UUID, content: Content) -> LetterId:
    """Begin the minutes as a draft. Raises StageNotAllowed before the meeting has begun, and while there are some that
    were not withdrawn; RuleBroken while it is not said of every member whether he came."""
    now = office.clock.now()
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        _expect_none(uow, meeting, meeting.minutes_id, "รายงานการประชุม")
        letter = _draft(uow, office, actor, meeting, content, now)
        uow.record(meeting.note_minutes(letter.id, by=actor, at=now))
        _expect_roll(uow.meetings.people(meeting.id))
        uow.meetings.save(meeting)
        uow.commit()
    return letter.id


def follow_roll(office: Services, *, actor: Actor, meeting_id: UUID) -> None:
    """Let the lists of the minutes agree with the roll, where each line that is true stays as it was written, and tell
    how the meeting approved the minutes of the one before where its resolution is still empty; all else stays. Raises
    StageNotAllowed when there is no draft, NotPermitted for who may not write in it, RuleBroken while it is not said of
    every member whether he came."""
    now = office.clock.now()
    with office.uow() as uow:
        meeting = _kept(uow, actor, meeting_id)
        if meeting.minutes_id is None:
            raise StageNotAllowed("ยังไม่ได้เริ่มร่างรายงานการประชุม")
        letter, people = uow.letters.get(actor.agency_id, LetterId(meeting.minutes_id)), uow.meetings.people(meeting.id)
        require(may_revise(actor, letter))
        _expect_roll(people)
        content, before = with_who_came(letter.content, people), letter.content_bytes()
        if meeting.previous_id is not None:
            earlier = uow.meetings.get(actor.agency_id, meeting.previous_id)
            content = replace(content, body=with_approval(content.body, meeting, earlier))
        if wrong := content_faults(uow, actor, content, now):
            raise BadInput(wrong)
        fact = letter.revise(content, by=actor, at=now)
        if note_version(uow, office.blobs, letter, before, saving=Saving.SAVED, by=actor, at=now):
            uow.record(fact)
        uow.letters.save(letter)
        uow.commit()


def _expect_roll(people: Sequence[Participant]) -> None:
    """Nobody is called absent because he did not sign in."""
    if left := unsaid(people):
        names = ", ".join(one.name for one in left[:5]) + (" และอื่น ๆ" if len(left) > 5 else "")
        count = thai_digits(str(len(left)))
        raise RuleBroken(
            f"ยังไม่ได้บันทึกว่า {count} คนมาประชุมหรือไม่ ({names}) เช็กชื่อในรายชื่อผู้เข้าประชุมก่อน", code="roll-not-called"
        )


def approve_minutes(office: Services, *, actor: Actor, meeting_id: UUID, corrections: str = "") -> None:
    """This meeting approves the minutes of the one that was before it, as they are or with corrections. Raises
    RuleBroken when it has none before it, StageNotAllowed when it has no minutes or they were
    approved."""
    now = office.clock.now()
    with office.uow() as uow:
        later = _kept(uow, actor, meeting_id)
        if later.previous_id is None:
            raise RuleBroken("ยังไม่ได้เลือกการประชุมครั้งก่อนที่จะรับรองรายงาน", code="no-previous")
        earlier = uow.meetings.get(actor.agency_id, later.previous_id)
        uow.record(earlier.approve(later, corrections, by=actor, at=now))
        uow.meetings.save(earlier)
        uow.commit()


def _draft(
    uow: UnitOfWork, office: Services, actor: Actor, meeting: Meeting, content: Content, now: datetime
) -> Letter:
    require(may_draft_for(actor, meeting.unit_id))
    if wrong := content_faults(uow, actor, content, now):
        raise BadInput(wrong)
    assert actor.person_id is not None  # a permitted drafter is a person
    letter = Letter(
        id=LetterId(uuid4()),
        agency_id=actor.agency_id,
        unit_id=meeting.unit_id,
        drafter_id=actor.person_id,
        drafter_name=actor.name,
        content=content,
        created_at=now,
        updated_at=now,
    )
    uow.letters.add(letter)
    note_version(uow, office.blobs, letter, None, saving=Saving.BEGUN, by=actor, at=now)
    uow.record(LetterDrafted(at=now, by=actor, letter_id=letter.id, subject_line=content.subject))
    return letter


def _expect_none(uow: UnitOfWork, meeting: Meeting, letter_id: UUID | None, what: str) -> None:
    """No letter of this kind was begun before, or it was given up."""
    if letter_id is None:
        return
    if uow.letters.get(meeting.agency_id, LetterId(letter_id)).state is not LetterState.WITHDRAWN:
        raise StageNotAllowed(f"เริ่มร่าง{what}ของการประชุมนี้แล้ว")


def _kept(uow: UnitOfWork, actor: Actor, meeting_id: UUID) -> Meeting:
    meeting = uow.meetings.get(actor.agency_id, meeting_id)
    require(may_keep_meeting(actor, meeting))
    return meeting
