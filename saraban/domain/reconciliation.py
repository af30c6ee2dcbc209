"""Reconciliation: two agencies lay their lists of what they sent each other side by side (docs/wire-reconcile.md).

Silence and loss leave no trace in one register alone; they show where two differ. `compare` says of every dispatch what
both sides hold of it, in a word for programs, a sentence for people and the remedy. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from saraban.domain.calendar import office_date
from saraban.domain.incoming import IncomingState
from saraban.domain.numbering import arabic_digits

HELD = "held"
_QUEUED, _INVALID, _RECALLED = "queued", "invalid", "recalled"
_CLOSED = ("refused", "forwarded")

# How far a state is proven to the sender. Words that are not here belong to a later version and prove nothing.
_PROVEN = {
    **dict.fromkeys((_QUEUED, "sent", "relayed", HELD, _INVALID, "undelivered"), 0),
    "received": 1,
    **dict.fromkeys((*_CLOSED, _RECALLED), 2),
    **dict.fromkeys(("registered", "completed"), 3),
}
_REGISTERED = _PROVEN["registered"]

_TAKEN_IN_AS = {
    IncomingState.HELD: HELD,
    IncomingState.SUPERSEDED: HELD,
    IncomingState.ANSWERED: HELD,
    IncomingState.SET_ASIDE: HELD,
    IncomingState.NEW: "received",
    IncomingState.REGISTERED: "registered",
    IncomingState.REFUSED: "refused",
    IncomingState.FORWARDED: "forwarded",
    IncomingState.RECALLED: _RECALLED,
    IncomingState.REPLACED: "received",  # it came, and its correction is what is registered
}


@dataclass(frozen=True)
class ReceivingNumber:
    """The receiver's register entry: its number, in Arabic digits, and the Buddhist year."""

    number: str
    year: int


@dataclass(frozen=True)
class ReconcileItem:
    """One dispatch as one side holds it. `at` is the `issued_at` of its manifest, on both sides, so that both count it
    to the same day; of a held letter whose manifest cannot be read it is the arrival, and digest, number and date are
    empty. `register` is the receiver's entry: its own, or what its receipt told the sender."""

    dispatch: UUID
    manifest_sha256: str
    number: str
    date: date | None
    state: str
    at: datetime
    register: ReceivingNumber | None = None


@dataclass(frozen=True)
class ReconcileRequest:
    """One agency asks another for its lists of these days of the office, both inclusive, and for these dispatches
    once more."""

    id: UUID
    from_code: str
    from_mailbox: str
    to_code: str
    to_mailbox: str
    at: datetime
    since: date
    until: date
    send_again: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class ReconcileAnswer:
    """The lists: what the answering agency sent to the asking one, what it got from it, and which dispatches it sends
    again. `truncated` says that a list is cut, and that nothing follows from what is not in it."""

    id: UUID
    of: UUID
    from_code: str
    from_mailbox: str
    to_code: str
    to_mailbox: str
    at: datetime
    since: date
    until: date
    sent: tuple[ReconcileItem, ...] = ()
    received: tuple[ReconcileItem, ...] = ()
    sent_again: tuple[UUID, ...] = ()
    truncated: bool = False


class Way(str, Enum):
    """Which way the letter went, seen from us."""

    SENT = "sent"
    RECEIVED = "received"


class Outcome(str, Enum):
    """What the comparison found about one dispatch."""

    AGREES = "agrees"
    NOT_SENT_YET = "not-sent-yet"
    THEY_LACK = "they-lack"
    WE_LACK = "we-lack"
    UNKNOWN_HERE = "unknown-here"
    UNKNOWN_THERE = "unknown-there"
    RECEIPT_MISSING = "receipt-missing"
    HELD = "held"
    CONTENT_DIFFERS = "content-differs"
    NUMBER_DIFFERS = "number-differs"
    STATE_DIFFERS = "state-differs"


class Remedy(str, Enum):
    """What helps. NONE is the empty word. SEND_AGAIN and ASK_RECEIPT both send the same bytes once more, ASK_AGAIN
    puts the dispatch into `send_again` of a new request; for LOOK a person must compare."""

    NONE = ""
    SEND_AGAIN = "send-again"
    ASK_AGAIN = "ask-again"
    ASK_RECEIPT = "ask-receipt"
    NUMBER_WRONG = "number-wrong"
    LOOK = "look"


_MEANING = {
    (Way.SENT, Outcome.AGREES): (Remedy.NONE, "ตรงกันทั้งสองฝ่าย"),
    (Way.SENT, Outcome.NOT_SENT_YET): (Remedy.NONE, "หนังสือยังรออยู่ในกล่องออกของเรา"),
    (Way.SENT, Outcome.THEY_LACK): (Remedy.SEND_AGAIN, "เราส่งแล้ว แต่ผู้รับไม่มีหนังสือนี้ ส่งซองเดิมอีกครั้ง"),
    (Way.SENT, Outcome.UNKNOWN_HERE): (Remedy.LOOK, "ผู้รับมีหนังสือนี้ว่ามาจากเรา แต่ไม่มีในรายการส่งของเรา ตรวจสอบกับผู้รับ"),
    (Way.SENT, Outcome.RECEIPT_MISSING): (
        Remedy.ASK_RECEIPT,
        "ผู้รับมีผลของหนังสือนี้แล้ว แต่เรายังไม่มีใบตอบรับ ส่งซองเดิมอีกครั้งเพื่อให้ใบตอบรับกลับมา",
    ),
    (Way.SENT, Outcome.HELD): (Remedy.LOOK, "ผู้รับพักหนังสือนี้ไว้ให้เจ้าหน้าที่ตรวจ ยังไม่รับเข้าระบบ"),
    (Way.SENT, Outcome.CONTENT_DIFFERS): (Remedy.LOOK, "ผู้รับมีหนังสือรหัสนี้ แต่เนื้อหาไม่ตรงกับที่เราส่ง ตรวจสอบกับผู้รับ"),
    (Way.SENT, Outcome.NUMBER_DIFFERS): (
        Remedy.NUMBER_WRONG,
        "เลขทะเบียนรับที่ผู้รับแจ้งไม่ตรงกับใบตอบรับที่เรามี แจ้งผู้รับว่าเลขทะเบียนรับไม่ตรงกัน",
    ),
    (Way.SENT, Outcome.STATE_DIFFERS): (Remedy.LOOK, "ผลที่ผู้รับแจ้งขัดกับหลักฐานที่เรามี ตรวจสอบกับผู้รับ"),
    (Way.RECEIVED, Outcome.AGREES): (Remedy.NONE, "ตรงกันทั้งสองฝ่าย"),
    (Way.RECEIVED, Outcome.NOT_SENT_YET): (Remedy.NONE, "หนังสือยังรออยู่ในกล่องออกของผู้ส่ง"),
    (Way.RECEIVED, Outcome.WE_LACK): (Remedy.ASK_AGAIN, "ผู้ส่งส่งแล้ว แต่เราไม่มีหนังสือนี้ ขอให้ผู้ส่งส่งซองเดิมอีกครั้ง"),
    (Way.RECEIVED, Outcome.UNKNOWN_THERE): (Remedy.LOOK, "เรามีหนังสือนี้ แต่ไม่มีในรายการส่งของผู้ส่ง ตรวจสอบกับผู้ส่ง"),
    (Way.RECEIVED, Outcome.RECEIPT_MISSING): (
        Remedy.ASK_AGAIN,
        "เราแจ้งผลของหนังสือนี้แล้ว แต่ผู้ส่งยังไม่มีใบตอบรับ ขอให้ผู้ส่งส่งซองเดิมอีกครั้ง แล้วระบบจะส่งใบตอบรับซ้ำ",
    ),
    (Way.RECEIVED, Outcome.HELD): (Remedy.LOOK, "เราพักหนังสือนี้ไว้ ปล่อยเข้าระบบหรือส่งคืนพร้อมเหตุผล"),
    (Way.RECEIVED, Outcome.CONTENT_DIFFERS): (Remedy.LOOK, "เรามีหนังสือรหัสนี้ แต่เนื้อหาไม่ตรงกับที่ผู้ส่งแจ้ง ตรวจสอบกับผู้ส่ง"),
    (Way.RECEIVED, Outcome.NUMBER_DIFFERS): (Remedy.LOOK, "เลขทะเบียนรับของเราไม่ตรงกับที่ผู้ส่งมีอยู่ ตรวจทะเบียนรับแล้วแจ้งผู้ส่ง"),
    (Way.RECEIVED, Outcome.STATE_DIFFERS): (Remedy.LOOK, "ผลที่ผู้ส่งมีอยู่ขัดกับทะเบียนของเรา ตรวจสอบกับผู้ส่ง"),
}


@dataclass(frozen=True)
class Difference:
    """What both sides hold of one dispatch, and what was found. One of `ours` and `theirs` may be None."""

    way: Way
    outcome: Outcome
    ours: ReconcileItem | None
    theirs: ReconcileItem | None

    @property
    def dispatch(self) -> UUID:
        """The dispatch that it is about."""
        return self._item.dispatch

    @property
    def word(self) -> str:
        """The stable word for programs."""
        return self.outcome.value

    @property
    def thai(self) -> str:
        """One sentence for a person."""
        return _MEANING[self.way, self.outcome][1]

    @property
    def remedy(self) -> Remedy:
        """What helps."""
        return _MEANING[self.way, self.outcome][0]

    @property
    def agrees(self) -> bool:
        """True when there is nothing to be done."""
        return self.remedy is Remedy.NONE

    def settled_by(self, ours: ReconcileItem | None) -> bool:
        """Has it been set right since? `ours` is what we hold of the dispatch by now. What the other holds is known
        only of the day of its answer."""
        if ours is None:
            return False
        if self.outcome is Outcome.WE_LACK:
            return True
        if self.outcome is Outcome.THEY_LACK:
            return bool(_PROVEN.get(ours.state))
        if self.ours is None or self.theirs is None or ours == self.ours:
            return False
        if self.outcome is Outcome.HELD and self.way is Way.RECEIVED:
            return ours.state != HELD
        return _of_both(self.way, ours, self.theirs) is Outcome.AGREES

    @property
    def _item(self) -> ReconcileItem:
        item = self.ours or self.theirs
        assert item is not None
        return item

    def _order(self) -> tuple[datetime, UUID]:
        return self._item.at, self.dispatch


def taken_in_as(state: IncomingState) -> str:
    """The wire's word for the state of a letter that came in."""
    return _TAKEN_IN_AS[state]


def compare(
    ours_sent: Iterable[ReconcileItem], ours_received: Iterable[ReconcileItem], answer: ReconcileAnswer
) -> list[Difference]:
    """Every dispatch of the answer's period: first what we sent to them, then what we got from them, each by time.

    Our lists are whole and of the same period. Items of the answer outside its period are passed over. Nothing follows
    from absence in a truncated answer, nor from absence of what was issued after the answer was made.
    """
    sent = _side_by_side(Way.SENT, ours_sent, answer.received, answer)
    received = _side_by_side(Way.RECEIVED, ours_received, answer.sent, answer)
    return [*sent, *received]


def _side_by_side(
    way: Way, ours: Iterable[ReconcileItem], theirs: Iterable[ReconcileItem], answer: ReconcileAnswer
) -> list[Difference]:
    mine = {item.dispatch: item for item in ours}
    other = {item.dispatch: item for item in theirs if answer.since <= office_date(item.at) <= answer.until}
    both = mine.keys() & other.keys()
    found = [Difference(way, _of_both(way, mine[key], other[key]), mine[key], other[key]) for key in both]
    found += [
        Difference(way, _of_ours_alone(way, item), item, None)
        for key, item in mine.items()
        if key not in other and not answer.truncated and item.at <= answer.at
    ]
    found += [
        Difference(way, _of_theirs_alone(way, item), None, item) for key, item in other.items() if key not in mine
    ]
    return sorted(found, key=Difference._order)


def _of_ours_alone(way: Way, item: ReconcileItem) -> Outcome:
    return _not_arrived(item, Outcome.THEY_LACK) if way is Way.SENT else Outcome.UNKNOWN_THERE


def _of_theirs_alone(way: Way, item: ReconcileItem) -> Outcome:
    return Outcome.UNKNOWN_HERE if way is Way.SENT else _not_arrived(item, Outcome.WE_LACK)


def _not_arrived(sent: ReconcileItem, lost: Outcome) -> Outcome:
    """What the sender's state makes of it that the receiver has nothing."""
    if sent.state == _QUEUED:
        return Outcome.NOT_SENT_YET
    if sent.state == _RECALLED:
        return Outcome.AGREES
    return Outcome.STATE_DIFFERS if sent.state in _CLOSED else lost


def _of_both(way: Way, ours: ReconcileItem, theirs: ReconcileItem) -> Outcome:
    sender, receiver = (ours, theirs) if way is Way.SENT else (theirs, ours)
    if sender.manifest_sha256 and receiver.manifest_sha256 and sender.manifest_sha256 != receiver.manifest_sha256:
        return Outcome.CONTENT_DIFFERS
    if sender.register and receiver.register and _plain(sender.register) != _plain(receiver.register):
        return Outcome.NUMBER_DIFFERS
    return _of_states(sender, receiver)


def _of_states(sender: ReconcileItem, receiver: ReconcileItem) -> Outcome:
    proven, true = _PROVEN.get(sender.state), _PROVEN.get(receiver.state)
    if proven is None or true is None:
        return Outcome.AGREES
    if proven < true:
        return Outcome.RECEIPT_MISSING
    if proven > true:
        return Outcome.STATE_DIFFERS
    if receiver.state == HELD and sender.state != _INVALID:
        return Outcome.HELD
    if true == _REGISTERED:
        return Outcome.RECEIPT_MISSING if receiver.register and not sender.register else Outcome.AGREES
    return Outcome.STATE_DIFFERS if true and sender.state != receiver.state else Outcome.AGREES


def _plain(register: ReceivingNumber) -> tuple[str, int]:
    return arabic_digits(register.number).strip(), register.year
