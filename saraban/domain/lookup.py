"""Asking the agency that issued a document, instead of the citizen for a copy (docs/wire-lookup.md).

The cabinet resolved on 2 October 2561 that agencies do not ask the people for copies of what the state itself issued;
the officer looks it up at the issuer. A `Lookup` is one such question as one side keeps it: with purpose and legal
basis, so that both sides can account for it (Personal Data Protection Act 2562, sections 24 and 39).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, AgencyOptions, PersonId, UnitId
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.issued_field import is_citizen_id, is_juristic_id
from saraban.domain.lookup_events import LookupAnswered, LookupAsked, LookupForgotten, LookupReceived
from saraban.domain.numbering import arabic_digits, thai_digits

MOST_KEEP_DAYS = 3650
MOST_WAIT_DAYS = 30
"""docs/wire-lookup.md: an asker that waits longer keeps a holder's number for nothing."""
MOST_A_DAY = 10_000
LIMITS = {
    "lookup_keep_days": (1, MOST_KEEP_DAYS),
    "lookup_wait_days": (1, MOST_WAIT_DAYS),
    "lookup_most_a_day": (1, MOST_A_DAY),
}
"""Between what and what an agency decides, by the name of its option."""
MOST_DOCUMENTS = 10
MAX_KIND, MAX_NUMBER, MAX_HOLDER, MAX_PURPOSE, MAX_BASIS, MAX_WORDS = 200, 100, 40, 1_000, 500, 1_000
_HOLDER = re.compile(r"[0-9A-Z][0-9A-Z./-]*")
_THIRTEEN = re.compile(r"[0-9]{13}")
_PERSON_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){12}(?!\d)")


class Want(str, Enum):
    """What the asker needs: to know how the document stands, or the document itself."""

    STATE = "state"
    FILE = "file"

    @property
    def thai(self) -> str:
        """The words for people."""
        return "สถานะของเอกสาร" if self is Want.STATE else "สถานะและไฟล์เอกสาร"


def expect_limits(options: AgencyOptions) -> None:
    """Raise BadInput by field for a limit out of its bounds."""
    wrong = {
        name: thai_digits(f"ใส่ {least:,} ถึง {most:,}")
        for name, (least, most) in LIMITS.items()
        if not least <= getattr(options, name) <= most
    }
    if wrong:
        raise BadInput(wrong)


class Outcome(str, Enum):
    """What the issuer says. `WAITING` is not the last word: a clerk there has to decide."""

    WAITING = "waiting"
    FOUND = "found"
    NOT_FOUND = "not-found"
    REFUSED = "refused"

    @property
    def thai(self) -> str:
        """The words for people."""
        return _OUTCOMES[self]

    @property
    def is_final(self) -> bool:
        """Is it the last word?"""
        return self is not Outcome.WAITING


class Why(str, Enum):
    """Why a request is refused."""

    KIND_UNKNOWN = "kind-unknown"
    KIND_CLOSED = "kind-closed"
    BASIS_LACKING = "basis-lacking"
    PURPOSE_UNFIT = "purpose-unfit"
    EXPIRED = "expired"
    OTHER = "other"

    @property
    def thai(self) -> str:
        """The words for people."""
        return _WHY[self]


_OUTCOMES = {
    Outcome.WAITING: "รอเจ้าหน้าที่ของหน่วยงานผู้ออก",
    Outcome.FOUND: "พบเอกสาร",
    Outcome.NOT_FOUND: "ไม่พบเอกสาร",
    Outcome.REFUSED: "ไม่ให้ข้อมูล",
}
_WHY = {
    Why.KIND_UNKNOWN: "ไม่มีเอกสารชนิดนี้",
    Why.KIND_CLOSED: "เอกสารชนิดนี้ไม่เปิดให้ตรวจสอบทางนี้",
    Why.BASIS_LACKING: "ฐานกฎหมายที่อ้างไม่ให้อำนาจขอข้อมูลนี้",
    Why.PURPOSE_UNFIT: "วัตถุประสงค์ไม่ชัดเจนหรือไม่จำเป็นต้องใช้เอกสารนี้",
    Why.EXPIRED: "คำขอพ้นเวลาที่ผู้ขอรอแล้ว",
    Why.OTHER: "เหตุอื่น",
}
_STATES = {
    "valid": "ใช้ได้",
    "suspended": "พักใช้",
    "cancelled": "ยกเลิกแล้ว",
    "replaced": "ถูกแทนที่ด้วยฉบับใหม่",
    "expired": "หมดอายุ",
}


def state_words(state: str) -> str:
    """A document's state for people; a word of a later version is shown as it is."""
    return _STATES.get(state, state)


@dataclass(frozen=True)
class Officer:
    """Who asks, or who answered, in which post and unit; empty where the gateway answers by itself."""

    name: str
    position: str = ""
    unit: str = ""


@dataclass(frozen=True)
class LookupRequest:
    """One agency asks another about a document: `document_kind` is the issuer's code of the kind or its name, and the
    document is known by its number, by its holder's identification number, or by both, which must then belong together.
    `expires_at`: until when the asker waits."""

    id: UUID
    from_code: str
    from_mailbox: str
    to_code: str
    to_mailbox: str
    at: datetime
    expires_at: datetime
    document_kind: str
    number: str
    holder_id: str
    want: Want
    purpose: str
    legal_basis: str
    officer: Officer


@dataclass(frozen=True)
class ToldFile:
    """A file that comes with an answer."""

    name: str
    media_type: str
    size: int
    sha256: Digest


@dataclass(frozen=True)
class ToldDocument:
    """What is said of one document. Neither the holder's number nor name is ever told: that it is this holder's, the
    asker learns by having asked with both. `verify` is the page on which anybody may check it."""

    kind: str
    name: str
    number: str
    state: str
    issued_on: date | None = None
    valid_until: date | None = None
    replaced_by: str = ""
    verify: str = ""
    file: ToldFile | None = None


@dataclass(frozen=True)
class Refused:
    """Why there is no answer: a code, and words that `other` must have."""

    why: Why
    text: str = ""

    @property
    def thai(self) -> str:
        """Both in words."""
        return f"{self.why.thai}: {self.text}" if self.text else self.why.thai


@dataclass(frozen=True)
class LookupAnswer:
    """What the issuer says to a request. `request_sha256` is of the request's bytes as they came; `gives` is the most
    that this kind's policy gives; `kinds` (code, name) are offered when the kind is unknown; `keep_until` is the last
    day on which the asker may keep what it was told; `officer` pressed, or nobody did."""

    id: UUID
    of: UUID
    request_sha256: Digest
    from_code: str
    from_mailbox: str
    to_code: str
    to_mailbox: str
    at: datetime
    outcome: Outcome
    gives: Want = Want.STATE
    documents: tuple[ToldDocument, ...] = ()
    truncated: bool = False
    refused: Refused | None = None
    kinds: tuple[tuple[str, str], ...] = ()
    keep_until: date | None = None
    officer: Officer | None = None


@dataclass(eq=False)
class Lookup:
    """A request as one side keeps it. `ours`: we asked; otherwise it is the other's. `owes` names the message that
    waits to be sealed: "request", "waiting", "answer", or none. `answer` is the last one, as JSON of the wire; `files`
    are those that came with it; `raw` is the mail of the other side; `verdict` what was found about the answer's seal;
    `repeats` when it was asked once more. `keep_until` is the last day of what is known of the holder, `forgotten_at`
    when that was deleted."""

    id: UUID
    agency_id: AgencyId
    other_code: str
    other_name: str
    ours: bool
    request_id: UUID
    asked_at: datetime
    asked_by: str
    asked_for: str
    document_kind: str
    number: str
    holder_id: str
    want: Want
    purpose: str
    legal_basis: str
    expires_at: datetime
    request: dict[str, Any]
    request_sha256: Digest
    unit_id: UnitId | None = None
    asker_id: PersonId | None = None
    kind_id: UUID | None = None
    outcome: Outcome | None = None
    answer: dict[str, Any] | None = None
    answered_at: datetime | None = None
    answered_on: date | None = None
    answered_by: str = ""
    keep_until: date | None = None
    files: list[dict[str, Any]] = field(default_factory=list)
    verdict: dict[str, Any] | None = None
    repeats: list[str] = field(default_factory=list)
    owes: str = ""
    raw: Digest | None = None
    forgotten_at: datetime | None = None
    leased_until: datetime | None = None

    @property
    def asked_on(self) -> date:
        """The day of the office on which it was asked."""
        return office_date(self.asked_at)

    @property
    def is_settled(self) -> bool:
        """Was the last word said?"""
        return self.outcome is not None and self.outcome.is_final

    def asked(self, *, by: Actor, at: datetime) -> LookupAsked:
        """The fact that we asked. The journal names the kind, the purpose and the basis, and never the holder."""
        return LookupAsked(
            at=at,
            by=by,
            thing_id=self.id,
            of=self.other_code,
            kind=self.document_kind,
            purpose=self.purpose,
            legal_basis=self.legal_basis,
        )

    def received(self, *, at: datetime) -> LookupReceived:
        """The fact that another agency asked us."""
        return LookupReceived(
            at=at,
            by=Actor.gateway(self.agency_id),
            thing_id=self.id,
            of=self.other_code,
            kind=self.document_kind,
            purpose=self.purpose,
            legal_basis=self.legal_basis,
            officer=self.asked_by,
        )

    def settle(self, said: LookupAnswer, kept: dict[str, Any], *, by: Actor, at: datetime) -> LookupAnswered:
        """Write an answer down: ours to them, or theirs to us. `kept` is its JSON. Raises RuleBroken after the last
        word: a second one changes nothing."""
        if self.is_settled:
            raise RuleBroken("คำขอนี้มีคำตอบแล้ว", code="already-answered")
        self.outcome, self.answer, self.answered_at = said.outcome, kept, at
        self.answered_on = office_date(at)
        self.answered_by = said.officer.name if said.officer is not None else ""
        self.keep_until = said.keep_until or self.keep_until
        return LookupAnswered(
            at=at,
            by=by,
            thing_id=self.id,
            of=self.other_code,
            ours=self.ours,
            outcome=said.outcome.value,
            documents=len(said.documents),
            files=sum(one.file is not None for one in said.documents),
        )

    def forget(self, *, at: datetime) -> LookupForgotten:
        """The time for which it may be kept is over: the holder's number, the file and the mails go; that it was asked,
        for what and by whom, stays."""
        self.holder_id, self.request, self.files, self.raw = "", {}, [], None
        if self.answer is not None:
            self.answer = {**self.answer, "documents": []}
        self.forgotten_at = at
        return LookupForgotten(at=at, by=Actor.gateway(self.agency_id), thing_id=self.id, of=self.other_code)


def checked_question(
    *, document_kind: str, number: str, holder_id: str, purpose: str, legal_basis: str
) -> tuple[str, str, str, str, str]:
    """What was typed, in order: one line each, digits Arabic. Raises BadInput beside the fields that must be mended."""
    kind, number = _line(document_kind), arabic_digits(_line(number))
    holder = holder_number(holder_id)
    purpose, basis = " ".join(purpose.split()), " ".join(legal_basis.split())
    wrong: dict[str, str] = {}
    if not kind:
        wrong["document_kind"] = "ใส่ชนิดเอกสาร"
    elif len(kind) > MAX_KIND:
        wrong["document_kind"] = "ชื่อชนิดเอกสารยาวเกินไป"
    if not number and not holder:
        wrong["number"] = "ใส่เลขที่เอกสารหรือเลขประจำตัวผู้ถืออย่างใดอย่างหนึ่ง"
    if len(number) > MAX_NUMBER:
        wrong["number"] = "เลขที่เอกสารยาวเกินไป"
    if holder and (len(holder) > MAX_HOLDER or not _HOLDER.fullmatch(holder)):
        wrong["holder_id"] = "เลขประจำตัวใช้ได้เฉพาะตัวเลขและอักษรอังกฤษ"
    elif _THIRTEEN.fullmatch(holder) and not (is_citizen_id(holder) or is_juristic_id(holder)):
        wrong["holder_id"] = "เลขประจำตัว ๑๓ หลักไม่ถูกต้อง ตรวจจากบัตรหรือทะเบียนอีกครั้ง"
    for name, words, most, empty in (
        ("purpose", purpose, MAX_PURPOSE, "ใส่วัตถุประสงค์ที่ต้องใช้เอกสาร"),
        ("legal_basis", basis, MAX_BASIS, "ใส่กฎหมายที่ให้อำนาจ"),
    ):
        if not words:
            wrong[name] = empty
        elif len(words) > most:
            wrong[name] = "ข้อความยาวเกินไป"
        elif _PERSON_NUMBER.search(arabic_digits(words)):
            wrong[name] = "อย่าใส่เลขประจำตัวประชาชนในช่องนี้ ใส่ในช่องเลขประจำตัวผู้ถือ"
    if wrong:
        raise BadInput(wrong)
    return kind, number, holder, purpose, basis


def holder_number(typed: str) -> str:
    """A holder's identification number as it travels: Arabic digits and capitals; the blanks and hyphens of the
    thirteen digits are left out."""
    plain = arabic_digits(typed).strip().upper()
    bare = re.sub(r"[ -]", "", plain)
    return bare if bare.isdecimal() else re.sub(r"\s", "", plain)


def masked_holder(holder_id: str) -> str:
    """A holder's number as lists show it: the last four characters."""
    return "•" * max(0, len(holder_id) - 4) + holder_id[-4:] if holder_id else ""


def _line(typed: str) -> str:
    return " ".join(typed.split())
