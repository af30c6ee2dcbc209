"""The course of a letter: steps drawn from the agency's table, and what officers wrote on the way.

Steps of one stage are asked at the same time. A stage passes when all of its deciding steps are done, or as many of
them as it needs; what is for information never holds anything up (domain.stages)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from saraban.domain.agency import PersonId, PositionId, PositionRole
from saraban.domain.attachment import Digest


class StepKind(str, Enum):
    """What a step asks of its officer. Signing is the last approval."""

    OPINION = "opinion"
    CHECK = "check"
    ENDORSE = "endorse"
    APPROVE = "approve"
    SIGN = "sign"
    INFORM = "inform"

    @property
    def thai(self) -> str:
        """What is asked, in words."""
        return _KIND_THAI[self]

    @property
    def deed(self) -> str:
        """What its officer did, as it stands among the endorsements."""
        return _DEEDS[self]

    @property
    def decides(self) -> bool:
        """Does the letter wait for it?"""
        return self is not StepKind.INFORM

    @property
    def passes(self) -> bool:
        """Is it done by passing the letter on with one's words? All that decides does, but signing."""
        return self not in (StepKind.SIGN, StepKind.INFORM)


_KIND_THAI = {
    StepKind.OPINION: "ให้ความเห็น",
    StepKind.CHECK: "ตรวจ",
    StepKind.ENDORSE: "เกษียนเสนอ",
    StepKind.APPROVE: "เห็นชอบ",
    StepKind.SIGN: "ลงนาม",
    StepKind.INFORM: "เพื่อทราบ",
}
_DEEDS = {**_KIND_THAI, StepKind.ENDORSE: "เกษียน", StepKind.INFORM: "ทราบ"}


class StepState(str, Enum):
    """How far a step has come. `skipped`: its stage passed without it; `objected`: its officer was against, and the
    others of the stage were enough."""

    WAITING = "waiting"
    DONE = "done"
    RETURNED = "returned"
    OBJECTED = "objected"
    SKIPPED = "skipped"


class Holder(str, Enum):
    """Who a step of a template is for, seen from the drafting unit. `position` is one that the template names."""

    UNIT_DIRECTOR = "unit-director"
    PARENT_DIRECTOR = "parent-director"
    AGENCY_HEAD = "agency-head"
    POSITION = "position"

    @property
    def role(self) -> PositionRole:
        """The role that a position must have to hold the step."""
        return PositionRole.HEAD if self is Holder.AGENCY_HEAD else PositionRole.DIRECTOR

    @property
    def thai(self) -> str:
        """Who that is, in words."""
        return _HOLDER_THAI[self]


_HOLDER_THAI = {
    Holder.UNIT_DIRECTOR: "ผู้อำนวยการ",
    Holder.PARENT_DIRECTOR: "ผู้อำนวยการของหน่วยงานเหนือขึ้นไป",
    Holder.AGENCY_HEAD: "หัวหน้าส่วนราชการ",
    Holder.POSITION: "ตำแหน่งที่ระบุ",
}


class Again(str, Enum):
    """Who is asked again when a letter changes that some have passed on already."""

    ALL = "all"
    FROM = "from"
    AFTER = "after"

    @property
    def thai(self) -> str:
        """The rule in words."""
        return {
            "all": "ถามใหม่ทุกลำดับ",
            "from": "ถามใหม่ตั้งแต่ลำดับที่มีการแก้",
            "after": "ถามเฉพาะลำดับหลังจากที่มีการแก้",
        }[self.value]


@dataclass(frozen=True)
class TemplateStep:
    """A row of a route table. Rows of one `stage` are asked at the same time (0: a stage of its own); `need` of them
    are enough (0: all). A `required` one stays in every letter's route; `edits`: its officer may change the draft."""

    ordinal: int
    kind: StepKind
    holder: Holder
    stage: int = 0
    need: int = 0
    position_id: PositionId | None = None
    required: bool = True
    edits: bool = False

    def __post_init__(self) -> None:
        """A row without a stage is one by itself."""
        if self.stage == 0:
            object.__setattr__(self, "stage", self.ordinal)

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "kind": self.kind.value,
            "holder": self.holder.value,
            "stage": self.stage,
            "need": self.need,
            "position": str(self.position_id) if self.position_id is not None else None,
            "required": self.required,
            "edits": self.edits,
        }

    @classmethod
    def of(cls, ordinal: int, told: Mapping[str, Any]) -> TemplateStep:
        """What `as_dict` told."""
        return cls(
            ordinal,
            StepKind(told["kind"]),
            Holder(told["holder"]),
            told["stage"],
            told["need"],
            PositionId(UUID(told["position"])) if told["position"] else None,
            told["required"],
            told["edits"],
        )


@dataclass(frozen=True)
class RouteTemplate:
    """The route of a form: of the whole agency, or of one unit whose own wins over it."""

    steps: tuple[TemplateStep, ...] = ()
    again: Again = Again.ALL
    of_unit: bool = False


@dataclass(frozen=True)
class CourseStep:
    """A step that somebody chose for one letter, before those who sign."""

    kind: StepKind
    position_id: PositionId
    stage: int
    need: int = 0

    def as_list(self) -> list[Any]:
        """As plain JSON values."""
        return [self.kind.value, str(self.position_id), self.stage, self.need]

    @classmethod
    def course(cls, told: Sequence[Sequence[Any]] | None) -> tuple[CourseStep, ...] | None:
        """What `as_list` told of each; None of None."""
        if told is None:
            return None
        return tuple(
            cls(StepKind(kind), PositionId(UUID(position)), stage, need) for kind, position, stage, need in told
        )


@dataclass(frozen=True)
class Given:
    """What an officer gave to an earlier version of the letter, whose content had this digest."""

    person_name: str
    at: datetime
    content: Digest

    def as_list(self) -> list[str]:
        """As plain JSON values."""
        return [self.person_name, self.at.isoformat(), self.content.hex]

    @classmethod
    def of(cls, told: Sequence[str] | None) -> Given | None:
        """What `as_list` told; None of None."""
        return cls(told[0], datetime.fromisoformat(told[1]), Digest(told[2])) if told else None


@dataclass
class RouteStep:
    """A step of one letter's route: a position, and what became of it. `content` is the version that it was given over;
    `earlier` what the position gave to a version before, when it is asked again."""

    ordinal: int
    kind: StepKind
    position_id: PositionId
    title: str
    unit_name: str
    state: StepState = StepState.WAITING
    person_id: PersonId | None = None
    person_name: str = ""
    at: datetime | None = None
    stage: int = 0
    need: int = 0
    required: bool = True
    edits: bool = False
    content: Digest | None = None
    earlier: Given | None = None

    def __post_init__(self) -> None:
        """A step without a stage is one by itself."""
        if self.stage == 0:
            self.stage = self.ordinal

    def ask_again(self) -> None:
        """Wait anew; what was given is remembered as given to the version of then."""
        if self.state in (StepState.DONE, StepState.OBJECTED) and self.at is not None and self.content is not None:
            self.earlier = Given(self.person_name, self.at, self.content)
        self.state, self.person_id, self.person_name, self.at, self.content = StepState.WAITING, None, "", None, None


@dataclass(frozen=True)
class Endorsement:
    """What an officer did and wrote, over which content (เกษียน). `content` is the digest of the letter's content
    version, `page` of the page that was shown, when one was. `for_name` is the holder of the position for whom it was
    done."""

    at: datetime
    deed: str
    person_name: str
    title: str
    note: str
    content: Digest
    page: Digest | None = None
    for_name: str = ""
