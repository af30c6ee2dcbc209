"""Rights over meetings: the unit whose meeting it is keeps it."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole, UnitId
from saraban.domain.meeting import Meeting
from saraban.domain.permissions.refusal import HIDDEN, Refusal

_OTHER_UNIT = Refusal("จัดการการประชุมได้เฉพาะเจ้าหน้าที่สารบรรณและผู้อำนวยการของหน่วยงานฝ่ายเลขานุการ หรือสารบรรณกลาง")


def may_call_meeting(actor: Actor, unit_id: UnitId | None) -> Refusal | None:
    """May the actor call a meeting for which this unit is the secretary? Its clerks and its director, and the central
    clerks."""
    if actor.person_id is None or unit_id is None:
        return HIDDEN
    if actor.central and actor.role is PositionRole.CLERK:
        return None
    if actor.role in (PositionRole.CLERK, PositionRole.DIRECTOR) and actor.unit_id == unit_id:
        return None
    return _OTHER_UNIT


def may_see_meeting(actor: Actor, meeting: Meeting) -> Refusal | None:
    """May the actor open the page of a meeting inside the agency? Its secretary's unit, the central clerks, the head
    and the records officer; others have the pack."""
    if actor.agency_id != meeting.agency_id or actor.role is None:
        return HIDDEN
    if sees_all_meetings(actor) or actor.unit_id == meeting.unit_id:
        return None
    return HIDDEN


def may_keep_meeting(actor: Actor, meeting: Meeting) -> Refusal | None:
    """May the actor change a meeting, its pack and its list of those present?"""
    return may_see_meeting(actor, meeting) or may_call_meeting(actor, meeting.unit_id)


def sees_all_meetings(actor: Actor) -> bool:
    """Does the actor see every meeting of the agency?"""
    return actor.role in (PositionRole.RECORDS, PositionRole.HEAD) or (
        actor.role is PositionRole.CLERK and actor.central
    )
