"""A dispatch: one letter to one agency, and the rungs it climbs (wire.md, section 4).

Truth may come late: the highest rung holds, whatever the order in which evidence arrives, and all evidence is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NewType, Protocol
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.dispatch_events import EvidenceShown
from saraban.domain.errors import StageNotAllowed
from saraban.domain.letter import LetterId
from saraban.domain.numbering import thai_digits
from saraban.domain.outside_events import DispatchConfirmed
from saraban.domain.receipt import ReasonCode, Step

DispatchId = NewType("DispatchId", UUID)


class DispatchState(str, Enum):
    """The rungs."""

    QUEUED = "queued"
    SENT = "sent"
    RELAYED = "relayed"
    RECEIVED = "received"
    INVALID = "invalid"
    UNDELIVERED = "undelivered"
    REFUSED = "refused"
    FORWARDED = "forwarded"
    RECALLED = "recalled"
    REGISTERED = "registered"
    COMPLETED = "completed"


RANK = {
    DispatchState.QUEUED: 0,
    DispatchState.SENT: 1,
    DispatchState.RELAYED: 2,
    DispatchState.RECEIVED: 3,
    DispatchState.INVALID: 3,
    DispatchState.UNDELIVERED: 3,
    DispatchState.REFUSED: 4,
    DispatchState.FORWARDED: 4,
    DispatchState.RECALLED: 4,
    DispatchState.REGISTERED: 5,
    DispatchState.COMPLETED: 6,
}


WAITING = frozenset({DispatchState.QUEUED, DispatchState.SENT, DispatchState.RELAYED})
"""The rungs on which an answer is still awaited."""
REMINDABLE = frozenset({DispatchState.SENT, DispatchState.RELAYED, DispatchState.RECEIVED, DispatchState.UNDELIVERED})
"""The rungs on which a receiver has the letter, or should have it, and has not registered it."""
CONTRADICTABLE = frozenset(state for state, rank in RANK.items() if rank >= RANK[DispatchState.REFUSED])
"""The rungs on which trouble can only be that receipts contradict each other."""
NEVER_CAME = frozenset(map(DispatchState, ("invalid", "undelivered", "refused", "recalled")))
"""The rungs on which its receiver does not have the letter: what it should replace stands as before."""
REPLIED = "ผู้รับตอบทางอีเมล อ่านแล้วกดบันทึกการยืนยันของผู้รับ"
"""What the trouble of a dispatch says while nobody has read the mail with which its receiver answered."""
ADDRESS_CORRECTED = "แก้ที่อยู่เป็น "
"""Begins why a sending was closed that went to a corrected address."""
HALF, NINE_TENTHS = 0.5, 0.9
ASK_AGAIN = timedelta(days=1)
"""A letter is asked back once more, with the same bytes, when no answer came by then."""
WARNING = "โทรสอบถามผู้รับ"
_ENDED_WORDS = {
    DispatchState.REFUSED: "ผู้รับส่งคืนแล้ว",
    DispatchState.FORWARDED: "ผู้รับส่งต่อให้หน่วยงานอื่นแล้ว เรียกคืนจากผู้รับรายนี้ไม่ได้",
    DispatchState.RECALLED: "เรียกคืนแล้ว",
    DispatchState.COMPLETED: "ผู้รับดำเนินการเสร็จแล้ว",
}
_BETWEEN = " · "
SERVER_SAID = " เครื่องบริการตอบว่า "
"""Behind the Thai words of a trouble: what the server, or the library that speaks with it, said in its own words."""


class EvidenceKind(str, Enum):
    """What stands behind a rung, from strong to weak."""

    RECEIPT = "receipt"
    SMTP_REPLY = "smtp-reply"
    DSN = "dsn"
    LINK = "link"
    REPLY = "reply"
    PHONE = "phone"

    @property
    def is_signed(self) -> bool:
        """True for a receipt under the receiver's seal: a link, a reply or a call is never its equal."""
        return self is EvidenceKind.RECEIPT

    @property
    def is_said(self) -> bool:
        """True for what people said without a seal."""
        return self in SAID


SAID = frozenset({EvidenceKind.LINK, EvidenceKind.REPLY, EvidenceKind.PHONE})


@dataclass(frozen=True)
class Evidence:
    """One proof about one dispatch. `step` is a rung or a notice; `counts` is False for what is only shown (a receipt
    whose signature does not verify, one about another manifest). `at` is the signed time where there is one."""

    id: UUID
    agency_id: AgencyId
    dispatch_id: DispatchId
    step: str
    kind: EvidenceKind
    at: datetime
    noted_at: datetime
    text: str = ""
    counts: bool = True
    verdict: dict[str, Any] | None = None
    statement: dict[str, Any] | None = None
    raw: Digest | None = None


@dataclass(eq=False)
class Dispatch:
    """One letter to one agency. `composed` once the envelope's bytes exist; `problem` is the Thai word for what keeps
    it waiting; `failure` the reason code when nothing more will be tried; `number_disputed_at` when its receiver was
    told that the receiving number is wrong; `proved_by` the class of the evidence that the state stands on, None while
    it is only queued; `link` the digest of the token in its acknowledgement link (wire.md, section 7); `warn_at` when
    somebody must be told next that its time runs out; `stopped_at` when it was stopped before any relay had it;
    `recall_asked_at` when its receiver was asked to give it back, `recall_answer` the step of the answer; `replaces`
    the dispatch that it takes the place of; `reminders` how often its receiver was reminded, and when last;
    `closed_for` why a person closed it without an answer."""

    id: DispatchId
    agency_id: AgencyId
    letter_id: LetterId
    to_code: str
    to_name: str
    to_mailbox: str
    speaks_saraban: bool
    created_at: datetime
    expires_at: datetime
    state: DispatchState = DispatchState.QUEUED
    manifest_sha256: str = ""
    composed: bool = False
    problem: str = ""
    failure: str = ""
    resends: int = 0
    settled_at: datetime | None = None
    register_number: str = ""
    register_year: int | None = None
    number_disputed_at: datetime | None = None
    proved_by: EvidenceKind | None = None
    link: Digest | None = None
    warn_at: datetime | None = None
    stopped_at: datetime | None = None
    recall_asked_at: datetime | None = None
    recall_answer: str = ""
    replaces: UUID | None = None
    reminders: int = 0
    reminded_at: datetime | None = None
    closed_for: str = ""
    version: int = 1

    def confirm(
        self, evidence: Iterable[Evidence], kind: EvidenceKind, *, who: str, number: str = "", by: Actor, at: datetime
    ) -> DispatchConfirmed:
        """Stand where all the evidence proves, now that the receiver said so without a seal: link, reply, telephone."""
        self.climb(evidence)
        self.failure = ""
        return DispatchConfirmed(
            at=at,
            by=by,
            letter_id=self.letter_id,
            dispatch_id=self.id,
            to=self.to_code,
            kind=kind.value,
            who=who,
            number=number,
        )

    def show(self, evidence: Evidence, *, reason: str, by: Actor, at: datetime) -> EvidenceShown:
        """Evidence that moves nothing is kept and shown."""
        return EvidenceShown(
            at=at,
            by=by,
            letter_id=self.letter_id,
            dispatch_id=self.id,
            to=self.to_code,
            step=evidence.step,
            reason=reason,
        )

    def ask_to_be_read(self) -> bool:
        """A person at the receiver answered by mail: until a clerk has read it, that is what the dispatch asks for.
        False when it waits for nothing, and when it asks already."""
        if self.state not in WAITING or self.unread_reply:
            return False
        self.problem = _BETWEEN.join(part for part in (REPLIED, self.problem) if part)
        return True

    @property
    def unread_reply(self) -> str:
        """The words of `REPLIED` while they are among its troubles, else nothing."""
        return REPLIED if self.state in WAITING and REPLIED in self.problem.split(_BETWEEN) else ""

    def warn(self, now: datetime) -> bool:
        """Say that its time runs out, once at half of it and once at nine tenths: `problem` tells it, `warn_at` is when
        to say it next. False (and nothing is said) when an answer came meanwhile."""
        if self.state not in WAITING:
            self.warn_at = None
            return False
        late = now >= self.warned_after(NINE_TENTHS)
        gone = "เวลารอคำตอบเหลือไม่ถึงหนึ่งในสิบ" if late else "ผ่านไปครึ่งเวลารอคำตอบแล้ว"
        word = "ยังส่งไม่สำเร็จ" if self.state is DispatchState.QUEUED else "ยังไม่มีคำตอบจากผู้รับ"
        self.problem = _BETWEEN.join(part for part in (self.trouble, f"{word} {gone} {WARNING}") if part)
        self.warn_at = None if late else self.warned_after(NINE_TENTHS)
        return True

    def send_again(self, until: datetime) -> None:
        """The same bytes go once more and are waited for until the envelope's own end."""
        self.failure, self.closed_for = "", ""
        told = f"ส่งซองเดิมอีกครั้งแล้ว {WARNING}ถ้าไม่ได้คำตอบ"
        self.problem = "" if self.state in WAITING else told
        self.expires_at = max(self.expires_at, until)
        self.warn_at = None if self.state not in WAITING else self.warned_after(NINE_TENTHS)

    def close(self, reason: str, now: datetime) -> None:
        """A person closes it: nobody is told of it any more. One without an answer is stated as undelivered at once."""
        self.closed_for, self.warn_at = reason, None
        if self.state in WAITING:
            self.failure = self.failure or ReasonCode.EXPIRED.value
            self.expires_at = min(self.expires_at, now)

    @property
    def failed(self) -> bool:
        """Nothing more is tried, and nobody has said that it came."""
        return self.state is DispatchState.UNDELIVERED or (self.state in WAITING and bool(self.failure))

    def may_be_readdressed(self) -> None:
        """Raise StageNotAllowed, with its Thai words, unless it failed at an address that only its sender keeps."""
        if self.closed_for or self.stopped_at is not None:
            raise StageNotAllowed("การส่งนี้ปิดแล้ว แก้ที่อยู่ไม่ได้อีก", code="closed-already")
        if not self.failed:
            raise StageNotAllowed("แก้ที่อยู่ได้เมื่อส่งไม่ถึงผู้รับ", code="not-failed")
        if self.speaks_saraban or "@" not in self.to_code:
            raise StageNotAllowed("ที่อยู่ของส่วนราชการแก้ที่ทำเนียบ แล้วกดส่งอีกครั้ง", code="of-the-directory")

    @property
    def contradicted(self) -> bool:
        """What the receiver said cannot all be true, and a person has to ask it (docs/wire.md, 4)."""
        return self.state in CONTRADICTABLE and bool(self.problem)

    @property
    def trouble(self) -> str:
        """What keeps it waiting, without the warning that its time runs out."""
        return _BETWEEN.join(part for part in self.problem.split(_BETWEEN) if WARNING not in part)

    def warned_after(self, share: float) -> datetime:
        """The moment at which this share of its time is over."""
        return self.created_at + (self.expires_at - self.created_at) * share

    def may_be_asked_back(self, now: datetime) -> None:
        """Raise StageNotAllowed, with its Thai words, unless the letter may be stopped or asked back now."""
        expect_asking_back(self, now)

    def stop(self, at: datetime) -> None:
        """It never left: nobody can have it, so that nothing has to be asked."""
        self.state, self.stopped_at, self.settled_at = DispatchState.RECALLED, at, at
        self.problem, self.warn_at = "", None

    def note_recall_answer(self, step: Step) -> None:
        """What the receiver answered; that it gave the letter back holds, in whatever order answers come."""
        if self.recall_answer != Step.RECALLED.value:
            self.recall_answer = step.value

    def climb(self, evidence: Iterable[Evidence]) -> bool:
        """Stand on the highest rung that all the evidence proves; True when the state changed.

        On the rung of `received`, `invalid` and `undelivered` the latest signed time wins, but `undelivered` never
        beats a receipt nor what the receiver said, and what was only said never beats a sealed receipt. Elsewhere on
        one rung the latest wins, and `problem` says when others there contradict it; a number that was said after it
        was disputed contradicts none before. The result does not depend on the order of arrival.
        """
        proofs = sorted((e for e in evidence if e.counts and e.step in _RUNGS), key=_weight)
        if not proofs:
            return False
        best = proofs[-1]
        if self.stopped_at is not None and RANK[DispatchState(best.step)] < RANK[DispatchState.RECALLED]:
            return False
        changed = self.state is not DispatchState(best.step)
        self.state, self.settled_at, self.proved_by = DispatchState(best.step), best.at, best.kind
        # `completed` does not repeat the number, and may arrive before `registered` does.
        registered = next((r for e in reversed(proofs) if (r := (e.statement or {}).get("register"))), None)
        if registered:
            self.register_number = str(registered.get("number", ""))
            self.register_year = registered.get("year")
        if self.state not in (DispatchState.QUEUED, DispatchState.UNDELIVERED):
            self.problem = _contradiction(proofs, self.number_disputed_at) or self.unread_reply
        return changed


class Sent(Protocol):
    """A dispatch, or a row that tells of one."""

    @property
    def to_name(self) -> str: ...
    @property
    def state(self) -> DispatchState: ...
    @property
    def speaks_saraban(self) -> bool: ...
    @property
    def recall_asked_at(self) -> datetime | None: ...
    @property
    def recall_answer(self) -> str: ...


def expect_asking_back(sent: Sent, now: datetime) -> None:
    """Raise StageNotAllowed, with its Thai words, unless the letter may be stopped or asked back now."""
    ended = _ENDED_WORDS.get(sent.state)
    if ended is not None:
        raise StageNotAllowed(f"{sent.to_name}: {ended}", code="ended")
    if sent.recall_answer:
        raise StageNotAllowed(f"{sent.to_name}: ผู้รับตอบคำขอเรียกคืนแล้ว", code="answered-already")
    if sent.recall_asked_at is not None and now < sent.recall_asked_at + ASK_AGAIN:
        raise StageNotAllowed(f"{sent.to_name}: ขอเรียกคืนแล้ว รอผู้รับตอบ ขอซ้ำได้เมื่อครบหนึ่งวัน", code="asked-already")
    if not sent.speaks_saraban and sent.state is not DispatchState.QUEUED:
        raise StageNotAllowed(f"{sent.to_name}: ผู้รับใช้ไปรษณีย์ธรรมดา เรียกคืนทางระบบไม่ได้ โทรศัพท์แจ้งผู้รับ", code="ordinary-mail")


class Copied(Protocol):
    """What must be known of a sending, to send the same envelope once more."""

    @property
    def state(self) -> DispatchState: ...
    @property
    def resends(self) -> int: ...
    @property
    def stopped_at(self) -> datetime | None: ...
    @property
    def recall_asked_at(self) -> datetime | None: ...


def came_damaged(sent: Copied) -> bool:
    """True while the receiver has nothing but a copy that was damaged on the way, which it was sent again already: once
    the cause is mended the same envelope may go once more, since nothing is wrong with the letter."""
    wanted = sent.stopped_at is None and sent.recall_asked_at is None
    return sent.state is DispatchState.INVALID and sent.resends > 0 and wanted


_RUNGS = {state.value for state in DispatchState}


def told_apart(words: str) -> tuple[str, str]:
    """The Thai words of a trouble, and what the mail server said in its own words ("" when it said nothing)."""
    thai, said = [], []
    for part in words.split(_BETWEEN):
        before, _, after = part.partition(SERVER_SAID)
        thai.append(before.strip())
        said.append(after.strip())
    return _BETWEEN.join(filter(None, thai)), _BETWEEN.join(filter(None, said))


def numbers_said(evidence: Iterable[Evidence], disputed_at: datetime | None) -> list[str]:
    """The receiving numbers that the receiver's own words give, each once and in their order; when it was told that
    they differ (`disputed_at`) and has answered, only those of its answers."""
    registered = [e for e in evidence if e.counts and e.step == DispatchState.REGISTERED.value]
    said = [
        (one.at, "/".join(str(part) for part in (entry.get("number", ""), entry.get("year")) if part))
        for one in sorted(registered, key=_weight)
        if (entry := (one.statement or {}).get("register"))
    ]
    corrected = [number for at, number in said if disputed_at is not None and at > disputed_at]
    return list(dict.fromkeys(corrected or [number for _, number in said]))


def _contradiction(proofs: list[Evidence], disputed_at: datetime | None) -> str:
    """Thai words when two receipts of one rung cannot both be true: other receiving numbers, or other ends."""
    if len(numbers := numbers_said(proofs, disputed_at)) > 1:
        return f"ผู้รับแจ้งเลขทะเบียนรับไม่ตรงกัน {thai_digits(' และ '.join(numbers))} ตรวจสอบกับผู้รับ"
    highest = RANK[DispatchState(proofs[-1].step)]
    ends = {proof.step for proof in proofs if RANK[DispatchState(proof.step)] == highest}
    if highest == RANK[DispatchState.REFUSED] and len(ends) > 1:
        return "ผู้รับแจ้งผลของหนังสือไม่ตรงกัน ตรวจสอบกับผู้รับ"
    return ""


def _weight(evidence: Evidence) -> tuple[int, bool, bool, datetime, bool, str]:
    # Signed times are whole seconds: of an `invalid` and a `received` of one second the good copy came second, since
    # nothing becomes invalid after it was accepted.
    state = DispatchState(evidence.step)
    invalid = state is DispatchState.INVALID
    said = evidence.kind.is_said
    return RANK[state], state is not DispatchState.UNDELIVERED, not said, evidence.at, not invalid, evidence.id.hex
