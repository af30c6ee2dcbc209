"""A letter on a list of form 25, the people who take part, and how both are kept as plain JSON values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from saraban.domain.agency import PersonId
from saraban.domain.errors import BadInput
from saraban.domain.events import plain
from saraban.domain.numbering import thai_digits
from saraban.domain.retention import Term


class Verdict(str, Enum):
    """What is thought about a letter: by the committee, by the National Archives."""

    DESTROY = "destroy"
    EXTEND = "extend"
    TRANSFER = "transfer"

    @property
    def thai(self) -> str:
        """The verdict in words."""
        return {"destroy": "ทำลาย", "extend": "ขยายเวลาการเก็บ", "transfer": "ให้ส่งมอบหอจดหมายเหตุ"}[self.value]


@dataclass(frozen=True)
class Opinion:
    """What the committee, or the National Archives, think about several letters: destroy, keep until a Buddhist year or
    for ever, or (the Archives alone) hand over."""

    letters: Sequence[UUID]
    verdict: Verdict
    until: int | None = None
    forever: bool = False

    @property
    def term(self) -> Term:
        """Until when they are to be kept."""
        return Term(None if self.forever else self.until, self.forever)

    def chosen(self) -> Sequence[UUID]:
        """The letters. Raises BadInput when there are none."""
        if not self.letters:
            raise BadInput({"items": "เลือกหนังสือก่อน"})
        return self.letters


class Outcome(str, Enum):
    """What became of a letter on the list."""

    OPEN = "open"
    DESTROYED = "destroyed"
    EXTENDED = "extended"
    NEXT_ROUND = "next-round"
    TO_ARCHIVES = "to-archives"
    HELD = "held"

    @property
    def thai(self) -> str:
        """The outcome in words."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.OPEN: "",
    Outcome.DESTROYED: "ทำลายแล้ว",
    Outcome.EXTENDED: "ขยายเวลาการเก็บ",
    Outcome.NEXT_ROUND: "เก็บไว้จนถึงการสำรวจคราวต่อไป",
    Outcome.TO_ARCHIVES: "เก็บไว้ส่งมอบหอจดหมายเหตุแห่งชาติ",
    Outcome.HELD: "ระงับการทำลาย",
}


@dataclass(frozen=True)
class Officer:
    """A person who takes part, with his post as it is written on the list; `at` is when he last did his part in the
    system."""

    person_id: PersonId
    name: str
    title: str
    at: datetime | None = None

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> Officer:
        """The one that was kept as JSON."""
        at = datetime.fromisoformat(kept["at"]) if kept.get("at") else None
        return cls(**{**kept, "person_id": PersonId(UUID(kept["person_id"])), "at": at})


def acted(people: Sequence[Officer], person_id: PersonId, at: datetime) -> tuple[Officer, ...]:
    """These people; that one of them did his part at that moment."""
    return tuple(replace(one, at=at) if one.person_id == person_id else one for one in people)


@dataclass(frozen=True)
class Dissent:
    """That a member of the committee is of another mind (clause 68.3)."""

    person_id: PersonId
    name: str
    reason: str

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> Dissent:
        """The one that was kept as JSON."""
        return cls(**{**kept, "person_id": PersonId(UUID(kept["person_id"]))})


@dataclass
class DisposalItem:
    """A letter on the list: the columns of form 25 as they stood (words of classified letters are not among them), what
    the committee found, what the archives said, what became of it and why. `paper_alone`: the paper of a letter that is
    electronic too, and stays."""

    entry_id: UUID
    file_code: str
    number: str
    letter_date: date | None
    register_number: str
    subject: str
    mark: str
    note: str = ""
    verdict: Verdict | None = None
    until: int | None = None
    forever: bool = False
    dissents: list[Dissent] = field(default_factory=list)
    outcome: Outcome = Outcome.OPEN
    why: str = ""
    paper_alone: bool = False
    said: Verdict | None = None
    said_until: int | None = None
    said_forever: bool = False

    @property
    def told(self) -> str:
        """What became of it, in words."""
        if self.paper_alone and self.outcome is Outcome.DESTROYED:
            return "ทำลายฉบับกระดาษแล้ว"
        return self.outcome.thai

    @property
    def term(self) -> Term:
        """Until when the committee or the archives want it kept."""
        return Term(self.until, self.forever)

    @property
    def longer(self) -> bool:
        """Is it kept longer, so that its mark is corrected (clause 68.2)?"""
        return self.outcome in (Outcome.EXTENDED, Outcome.TO_ARCHIVES)

    @property
    def consideration(self) -> str:
        """What stands in การพิจารณา: the cross, or until when (clause 68.2)."""
        if self.longer or self.verdict is Verdict.EXTEND:
            return self.term.thai
        if self.outcome is Outcome.NEXT_ROUND:
            return self.outcome.thai
        return "✕" if self.verdict is Verdict.DESTROY else ""

    @property
    def archives_say(self) -> str:
        """What the National Archives want done with it, in words; empty for what is not written down."""
        if self.said is Verdict.EXTEND:
            return "ให้เก็บตลอดไป" if self.said_forever else f"ให้{Term(self.said_until).thai}"
        return self.said.thai if self.said else ""

    def hear(self, verdict: Verdict, term: Term, survey_year: int) -> None:
        """Write down what the National Archives want done with it: destroyed, kept longer or for ever, handed over.
        Raises BadInput without a year to come."""
        longer = verdict is Verdict.EXTEND
        if longer and not (term.forever or (term.year or 0) > survey_year):
            words = f"ใส่ปีที่หอจดหมายเหตุแห่งชาติให้เก็บถึง หลัง พ.ศ. {survey_year} หรือเลือกให้เก็บตลอดไป"
            raise BadInput({"until": thai_digits(words)})
        self.said = verdict
        self.said_forever = longer and term.forever
        self.said_until = term.year if longer and not term.forever else None

    def follow_archives(self) -> bool:
        """Let it leave the list when the National Archives want it kept; True when it does."""
        if self.outcome is not Outcome.OPEN or self.said not in (Verdict.EXTEND, Verdict.TRANSFER):
            return False
        transfer = self.said is Verdict.TRANSFER
        self.outcome = Outcome.TO_ARCHIVES if transfer else Outcome.EXTENDED
        self.until, self.forever = (None, True) if transfer else (self.said_until, self.said_forever)
        self.why = "ตามความเห็นของสำนักหอจดหมายเหตุแห่งชาติ"
        return True

    def as_plain(self) -> dict[str, Any]:
        """The item as JSON knows it."""
        return flat(self) | {"dissents": [flat(one) for one in self.dissents]}

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> DisposalItem:
        """The one that was kept as JSON."""
        values = {**kept, "entry_id": UUID(kept["entry_id"]), "letter_date": day_of(kept["letter_date"])}
        values["verdict"] = Verdict(kept["verdict"]) if kept["verdict"] else None
        values["outcome"] = Outcome(kept["outcome"])
        values["said"] = Verdict(kept["said"]) if kept.get("said") else None
        values["dissents"] = [Dissent.from_plain(one) for one in kept["dissents"]]
        return cls(**values)


def flat(thing: Any) -> dict[str, Any]:
    """The fields of a dataclass as JSON knows them."""
    return {f.name: plain(getattr(thing, f.name)) for f in fields(thing)}


def day_of(text: str | None) -> date | None:
    """A day from JSON."""
    return date.fromisoformat(text) if text else None
