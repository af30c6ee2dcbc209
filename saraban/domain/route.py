"""The course of a letter: steps drawn from the agency's table, and what officers wrote on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from saraban.domain.agency import PersonId, PositionId, PositionRole
from saraban.domain.attachment import Digest


class StepKind(str, Enum):
    """What a step asks of its officer. Signing is the approval."""

    ENDORSE = "endorse"
    SIGN = "sign"

    @property
    def thai(self) -> str:
        """The deed in words."""
        return {"endorse": "เกษียนเสนอ", "sign": "ลงนาม"}[self.value]


class StepState(str, Enum):
    """How far a step has come."""

    WAITING = "waiting"
    DONE = "done"
    RETURNED = "returned"


class Holder(str, Enum):
    """Who a step of a template is for, seen from the drafting unit."""

    UNIT_DIRECTOR = "unit-director"
    AGENCY_HEAD = "agency-head"

    @property
    def role(self) -> PositionRole:
        """The role that a position must have to hold the step."""
        return PositionRole.DIRECTOR if self is Holder.UNIT_DIRECTOR else PositionRole.HEAD


@dataclass(frozen=True)
class TemplateStep:
    """A row of the agency's route table."""

    ordinal: int
    kind: StepKind
    holder: Holder


@dataclass
class RouteStep:
    """A step of one letter's route: a position, and what became of it."""

    ordinal: int
    kind: StepKind
    position_id: PositionId
    title: str
    unit_name: str
    state: StepState = StepState.WAITING
    person_id: PersonId | None = None
    person_name: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Endorsement:
    """What an officer did and wrote, over which content (เกษียน). `content` is the digest of the letter's content
    version, `page` of the page that was shown, when one was."""

    at: datetime
    deed: str
    person_name: str
    title: str
    note: str
    content: Digest
    page: Digest | None = None
