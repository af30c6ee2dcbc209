"""A dispatch as a ladder: what is proved, what is awaited, what each piece of evidence says (docs/wire.md, 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from saraban.domain.dispatch import (
    CONTRADICTABLE,
    RANK,
    REMINDABLE,
    REPLIED,
    SERVER_SAID,
    WAITING,
    DispatchState,
    EvidenceKind,
    came_damaged,
    expect_asking_back,
    told_apart,
)
from saraban.domain.errors import StageNotAllowed
from saraban.domain.receipt import Step
from saraban.domain.signature import SignatureStatus
from saraban.reading.tracking import DispatchRow, TimelineRow
from saraban.web.filters import step_label, thai_datetime, thai_digits, thai_time
from saraban.web.labels import reason_label
from saraban.web.verdicts import verdict_of

GROUPS = (
    ("registered", "ลงรับแล้ว"),
    ("received", "ได้รับแล้ว รอลงรับ"),
    ("sent", "ส่งแล้ว รอคำตอบ"),
    ("queued", "รอส่ง"),
    ("trouble", "มีปัญหา"),
    ("ended", "ส่งต่อหรือคืนแล้ว"),
    ("replaced", "มีรายการใหม่แทนแล้ว"),
)
RARE = ("ended", "replaced")
"""The counts that stand on the page only where there are any."""
_GIVEN_UP = {DispatchState.REFUSED, DispatchState.FORWARDED, DispatchState.RECALLED}
_BAD_STEPS = {"invalid", "undelivered", "refused", "bounced"}
_SAID = {
    (EvidenceKind.LINK, DispatchState.RECEIVED.value): "ผู้รับแจ้งทางลิงก์ว่าได้รับ",
    (EvidenceKind.LINK, DispatchState.REGISTERED.value): "ผู้รับแจ้งเลขรับทางลิงก์",
    (EvidenceKind.REPLY, DispatchState.RECEIVED.value): "ผู้รับตอบทางอีเมล",
    (EvidenceKind.REPLY, DispatchState.REGISTERED.value): "ผู้รับแจ้งเลขรับทางอีเมล",
    (EvidenceKind.PHONE, DispatchState.RECEIVED.value): "ผู้รับยืนยันทางโทรศัพท์ว่าได้รับ",
    (EvidenceKind.PHONE, DispatchState.REGISTERED.value): "ผู้รับแจ้งเลขรับทางโทรศัพท์",
}
"""What a receiver said without a seal has words of its own, so that nobody takes it for a receipt."""
_SAID_SHORT = {DispatchState.RECEIVED: "แจ้งว่าได้รับ", DispatchState.REGISTERED: "แจ้งเลขรับ"}
_SAYINGS = {kind.value for kind in EvidenceKind if kind.is_said}
_OURS = {Step.RECALL_REQUESTED.value, Step.UNDELIVERED.value}
_NOTICES = {step.value for step in Step if step.is_notice}


@dataclass(frozen=True)
class Receiver:
    """A line of the receivers' table: the dispatch, the kind of evidence it stands on, what keeps it in the queue (in
    short and in full), whether its ladder is shown, and in words what it stands on when that was only said."""

    dispatch: DispatchRow
    evidence: str
    kept_by: str
    trouble: str
    current: bool
    said: str = ""

    @property
    def remindable(self) -> bool:
        """May its receiver be reminded?"""
        one = self.dispatch
        return one.state in REMINDABLE and not one.closed_for and one.recall_asked_at is None


@dataclass(frozen=True)
class Rung:
    """A rung as the ladder of the kit takes it: `status` is done, bad, now or todo."""

    step: str
    name: str
    at: datetime | None
    what: str
    evidence: str
    status: str


@dataclass(frozen=True)
class Proof:
    """A piece of evidence that came from outside, with its verdict in parts and its raw bytes. `from_whom` is what the
    statement names, which the verdict confirms or not."""

    name: str
    at: datetime
    noted_at: datetime
    kind: str
    text: str
    counts: bool
    from_whom: str
    verdict: SignatureStatus | None
    raw: str


_DAMAGED = "ซองเสียหายระหว่างทาง ระบบส่งซองเดิมให้ใหม่แล้ว ถ้าไม่มีใบตอบรับ ให้ผู้ดูแลระบบแก้เหตุระหว่างทาง แล้วส่งอีกครั้ง"


@dataclass(frozen=True)
class Mending:
    """Why a sending failed, and which ways out there are: the right address, the same envelope once more."""

    why: str
    address: bool
    again: bool


def mending(row: DispatchRow) -> Mending | None:
    """What can be done about a sending that failed; None for one that did not, or that is closed."""
    failed = row.state is DispatchState.UNDELIVERED or (row.state in WAITING and bool(row.failure))
    if row.closed_for or not (failed or came_damaged(row)):
        return None
    if not failed:
        return Mending(row.problem or _DAMAGED, False, row.outbox_state is not None)
    why = row.problem or (reason_label(row.failure) if row.failure else "ไม่มีหลักฐานว่าผู้รับได้รับภายในเวลาที่กำหนด")
    return Mending(why, not row.speaks_saraban and "@" in row.to_code, row.outbox_state is not None)


def evidence_of(row: DispatchRow) -> str:
    """The kind of evidence on which the present state stands; empty while there is none, and where it is our own word:
    that nothing came back in time is no receipt."""
    if row.proved_by is None or row.state is DispatchState.UNDELIVERED:
        return ""
    return row.proved_by.value


def said_words(row: DispatchRow) -> str:
    """Where a dispatch stands by what its receiver said without a seal; empty when it stands on anything else."""
    return _SAID_SHORT.get(row.state, "") if row.proved_by is not None and row.proved_by.is_said else ""


def why_not_asked_back(row: DispatchRow, now: datetime) -> str:
    """Why a dispatch can neither be stopped nor asked back now, in Thai; empty when it can."""
    try:
        expect_asking_back(row, now)
    except StageNotAllowed as error:
        return error.thai.removeprefix(f"{row.to_name}: ")
    return ""


def ladder(row: DispatchRow, timeline: Sequence[TimelineRow]) -> list[Rung]:
    """What happened to the dispatch in its order, and what it still waits for."""
    return [*(_proved(one, row) for one in timeline), *_stopped(row), *_contradicted(row), *_awaited(row)]


def _stopped(row: DispatchRow) -> list[Rung]:
    if row.stopped_at is None:
        return []
    return [Rung(row.state.value, "หยุดส่งก่อนออกจากระบบ", row.stopped_at, "ผู้รับไม่ได้หนังสือนี้", "", "done")]


def _asked(row: DispatchRow) -> bool:
    """True while the receiver has not answered a request for the letter."""
    return row.recall_asked_at is not None and not row.recall_answer and row.state not in _GIVEN_UP


def words_of(one: TimelineRow) -> str:
    """What a piece of evidence says: the words of a mail server stand behind Thai ones."""
    if one.kind != EvidenceKind.SMTP_REPLY.value or not one.text:
        return one.text
    return f"เครื่องส่งไปรษณีย์รับซองแล้ว{SERVER_SAID}{one.text}"


def to_be_read(row: DispatchRow) -> bool:
    """Did its receiver answer by a mail that no clerk has read yet?"""
    return row.state in WAITING and REPLIED in row.problem


def contradicted(row: DispatchRow) -> bool:
    """Do receipts of one rung contradict each other?"""
    return row.state in CONTRADICTABLE and bool(row.problem)


def proofs(timeline: Sequence[TimelineRow]) -> list[Proof]:
    """The evidence that can be looked into: receipts with their verdict, and everything whose bytes were kept."""
    return [
        Proof(
            _name(one),
            one.at,
            one.noted_at,
            "" if one.step in _OURS else one.kind or "",
            words_of(one),
            one.counts,
            _sender(one),
            verdict_of(one.verdict),
            one.raw.hex if one.raw else "",
        )
        for one in timeline
        if one.kind is not None and (one.raw is not None or one.verdict is not None or one.kind in _SAYINGS)
    ]


def trouble_words(row: DispatchRow) -> str:
    """What keeps the dispatch or ended it, in Thai; empty when nothing does."""
    if row.failure:
        return told_apart(row.problem)[0] or reason_label(row.failure)
    return told_apart(row.problem)[0] if RANK[row.state] < RANK[DispatchState.RECEIVED] else ""


def kept_by(row: DispatchRow) -> str:
    """What keeps a dispatch in the queue or threw it back, short enough for a column; empty when nothing does."""
    if row.state is not DispatchState.QUEUED:
        return trouble_words(row) if row.stands is not row.state else ""
    if row.failure or not row.attempts:
        return trouble_words(row)
    return f"ลองแล้ว {thai_digits(row.attempts)} ครั้ง"


def _proved(one: TimelineRow, row: DispatchRow) -> Rung:
    bad = one.step in _BAD_STEPS or (not one.counts and one.step not in _NOTICES and one.kind == "receipt")
    what, evidence = words_of(one), one.kind or ""
    if one.step == DispatchState.QUEUED.value and one.kind is None:
        what = "ทำซองและลงตราแล้ว" if row.outbox_state else "กำลังทำซองและลงตรา"
    if one.step in _OURS:  # our own word proves nothing about the receiver
        evidence = ""
    if one.kind == "receipt" and not one.counts and one.step not in _NOTICES:
        what, evidence = f"ไม่นับเป็นหลักฐาน {what}".strip(), ""
    return Rung(one.step, _name(one), one.at, what, evidence, "bad" if bad else "done")


def _contradicted(row: DispatchRow) -> list[Rung]:
    """A word to the clerk when receipts of one rung contradict each other (docs/wire.md, 4)."""
    return [Rung(row.state.value, "หลักฐานขัดกัน", None, row.problem, "", "bad")] if contradicted(row) else []


def _name(one: TimelineRow) -> str:
    if one.counts and one.kind is not None and (said := _SAID.get((EvidenceKind(one.kind), one.step))):
        return said
    return step_label(one.step)


def _awaited(row: DispatchRow) -> list[Rung]:
    """The rungs above the present one: the next with what is known about it, the others empty."""
    if _asked(row):
        return [Rung("", "คำตอบเรื่องเรียกคืน", None, "รอผู้รับตอบ", "", "now")]
    if to_be_read(row):
        return [Rung("", "อ่านอีเมลตอบ", None, "ผู้รับตอบแล้ว รอเจ้าหน้าที่อ่านและบันทึกการยืนยัน", "", "now")]
    match row.state:
        case _ if row.stands is not row.state:  # nothing more will come
            return []
        case DispatchState.QUEUED:
            steps = ["sent", "received", "registered"]
        case DispatchState.SENT | DispatchState.RELAYED:
            steps = ["received", "registered"]
        case DispatchState.RECEIVED:
            steps = ["registered"]
        case DispatchState.INVALID if row.resends:
            steps = ["received", "registered"]
        case _:
            return []
    if not row.speaks_saraban:
        steps = steps[:1] if row.state is DispatchState.QUEUED else []
    words = _waiting(row)
    return [
        Rung(step, "", None, words if place == 0 else "", "", "now" if place == 0 else "todo")
        for place, step in enumerate(steps)
    ]


def _waiting(row: DispatchRow) -> str:
    if row.state is DispatchState.QUEUED:
        return _queued(row)
    if row.state is DispatchState.RECEIVED:
        return "รอเลขรับจากผู้รับ"
    if row.state is DispatchState.INVALID:
        return f"ส่งซองเดิมให้ใหม่แล้ว {thai_digits(row.resends)} ครั้ง รอใบตอบรับ"
    again = f" ส่งซ้ำแล้ว {thai_digits(row.resends)} ครั้ง" if row.resends else ""
    return f"รอใบตอบรับลงตราถึง {thai_datetime(row.expires_at)}{again}"


def _queued(row: DispatchRow) -> str:
    if not row.attempts or not (row.problem or row.last_reply):
        return "รอเครื่องส่ง"
    due = f" ครั้งต่อไป {thai_time(row.next_at)}" if row.next_at else ""
    said = row.problem or f"{SERVER_SAID}{row.last_reply}"
    return f"ลองแล้ว {thai_digits(row.attempts)} ครั้ง{due} {said}"


def _sender(one: TimelineRow) -> str:
    sender = (one.statement or {}).get("from")
    return str(sender.get("mailbox", "")) if isinstance(sender, dict) else ""
