"""A letter from another agency, from the mailbox to the receiving register.

held → new → registered        held or new → refused        held → superseded or answered
held or new → forwarded, recalled or replaced
ordinary mail: held or new → registered in one step, or set aside
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NewType
from uuid import UUID

from saraban.domain import events
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, UnitId
from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.calendar import office_date
from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.domain.dispatch_events import NumberToldAgain
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.incoming_state import CLOSED_WORDS, UNREGISTERED, IncomingState
from saraban.domain.outside_events import MailMadeLetter, MailSetAside, MailTriedAgain
from saraban.domain.receipt import Reason, ReasonCode, Step
from saraban.domain.step_events import (
    LetterCompleted,
    LetterForwarded,
    LetterGivenBack,
    LetterReplaced,
    RecallArrived,
    RecallDeclined,
    ReplacementArrived,
)
from saraban.domain.task import Task, unfinished

__all__ = ["UNREGISTERED", "IncomingId", "IncomingLetter", "IncomingState", "MailLetter"]

IncomingId = NewType("IncomingId", UUID)


MOST_REASON = 1_000
QUARANTINED = frozenset({"readable", "infected", "not_scanned"})
"""Checks whose finding keeps a mail apart from the others: it is dangerous, or nobody could look into it."""
_MOST = {"number": 100, "subject": 500, "sender": 200, "addressed_to": 300}
_CALLED = {"number": "เลขที่หนังสือ", "subject": "เรื่อง", "sender": "ผู้ส่ง", "addressed_to": "ถึง"}


def expect_reason(reason: str, lacking: str) -> str:
    """The reason in one line; BadInput with these words when there is none, or when it is too long."""
    reason = " ".join(reason.split())
    if not reason:
        raise BadInput({"reason": lacking})
    if len(reason) > MOST_REASON:
        raise BadInput({"reason": "เหตุผลยาวเกิน 1,000 ตัวอักษร"})
    return reason


@dataclass(frozen=True)
class MailLetter:
    """What a clerk calls a letter that came in ordinary mail, and which of its files belong to it, in their order; the
    first PDF among them is the letter. `number` has Arabic digits and may be empty, as letters of people have none."""

    subject: str
    sender: str
    number: str = ""
    day: date | None = None
    addressed_to: str = ""
    urgency: Urgency = Urgency.NORMAL
    files: tuple[Digest, ...] = ()

    def expect_whole(self, at: datetime) -> None:
        """Raise BadInput by field for what is missing, too long or cannot be."""
        wrong: dict[str, str] = {}
        for name, most in _MOST.items():
            text = getattr(self, name)
            if len(text) > most:
                wrong[name] = f"{_CALLED[name]}ยาวเกิน {most} ตัวอักษร"
            elif not text.isprintable():
                wrong[name] = f"{_CALLED[name]}มีอักขระที่พิมพ์ไม่ได้ปนอยู่"
        if not self.subject:
            wrong["subject"] = "ใส่เรื่องของหนังสือ"
        if not self.sender:
            wrong["sender"] = "ใส่ชื่อส่วนราชการหรือบุคคลผู้ส่ง"
        if self.day is not None and self.day > office_date(at):
            wrong["day"] = "วันที่ของหนังสือยังไม่ถึง"
        if wrong:
            raise BadInput(wrong)


@dataclass(eq=False)
class IncomingLetter:
    """What came in for an agency. `dispatch_id` and `manifest_sha256` are the sender's (None for ordinary mail);
    `findings` are the screening's answers; `seal` and `outer` the verdicts in parts, as JSON of the API. `about` is the
    registered letter whose number the mail questions (wire.md, `number-wrong`); None for letters. `recall_asked_at`
    when its sender asked for it back, `recall_answer` the step with which that was answered; `replaces` the dispatch of
    its sender that it takes the place of, `replaced_by` the letter that took its own; `forward_id` the dispatch by
    which it was sent on; `answers` our own letter that it answers, `tasks` what officers have to do about it,
    `readers` those to whom it was passed round."""

    id: IncomingId
    agency_id: AgencyId
    unit_id: UnitId
    state: IncomingState
    received_at: datetime
    raw_sha256: Digest
    message_id: str
    from_mailbox: str
    from_code: str = ""
    from_name: str = ""
    dispatch_id: UUID | None = None
    letter_ref: UUID | None = None
    manifest_sha256: str = ""
    mic: str = ""
    form: Form = Form.EXTERNAL
    number: str = ""
    number_date: date | None = None
    issued_at: datetime | None = None
    subject: str = ""
    addressed_to: str = ""
    text: str = ""
    urgency: Urgency = Urgency.NORMAL
    secrecy: Secrecy = Secrecy.OPEN
    ordinary: bool = False
    details: dict[str, Any] = field(default_factory=dict)
    findings: tuple[dict[str, Any], ...] = ()
    seal: dict[str, Any] | None = None
    outer: dict[str, Any] | None = None
    files: list[Attachment] = field(default_factory=list)
    answered_invalid: bool = False
    register_number: int | None = None
    register_year: int | None = None
    registered_at: datetime | None = None
    registered_by: str = ""
    refused_code: str = ""
    refused_text: str = ""
    copies: int = 0
    accepted_key: str | None = None
    about: IncomingId | None = None
    recall_asked_at: datetime | None = None
    recall_reason: str = ""
    recall_answer: str = ""
    recall_words: str = ""
    forward_id: UUID | None = None
    forward_code: str = ""
    forward_name: str = ""
    replaces: UUID | None = None
    replaced_by: IncomingId | None = None
    completed_at: datetime | None = None
    completed_by: str = ""
    answers: UUID | None = None
    tasks: list[Task] = field(default_factory=list)
    readers: frozenset[PersonId] = frozenset()
    version: int = 1

    @property
    def changed_at(self) -> datetime:
        """When something happened to it last that its readers should see."""
        moments = (self.registered_at, self.recall_asked_at, self.completed_at)
        return max((one for one in moments if one is not None), default=self.received_at)

    def register(self, *, number: int, year: int, by: Actor, at: datetime) -> events.LetterRegistered:
        """Enter it into the receiving register under this number (clauses 37 and 38)."""
        self.may_be_registered()
        self.state = IncomingState.REGISTERED
        self.register_number, self.register_year = number, year
        self.registered_at, self.registered_by = at, by.name
        return events.LetterRegistered(at=at, by=by, incoming_id=self.id, number=number, year=year)

    def may_be_registered(self) -> None:
        """Raise StageNotAllowed, with its Thai words, unless it waits for its number."""
        if self.state is IncomingState.REGISTERED:
            raise StageNotAllowed("หนังสือนี้ลงรับแล้ว", code="already-registered")
        if self.state is IncomingState.HELD:
            raise StageNotAllowed("หนังสือนี้ถูกพักไว้ ปล่อยเข้าระบบก่อนจึงลงรับได้", code="held")
        if self.state is not IncomingState.NEW:
            raise StageNotAllowed(f"{CLOSED_WORDS[self.state]} ลงรับไม่ได้")

    def make_of_mail(self, named: MailLetter, *, by: Actor, at: datetime, answered: bool) -> MailMadeLetter:
        """An ordinary mail is a letter that is called so; it waits for its number, which is taken with it. Raises
        BadInput by field."""
        self.may_be_made_of_mail()
        named.expect_whole(at)
        chosen = {file.sha256: file for file in self.files}
        if any(digest not in chosen for digest in named.files):
            raise BadInput({"files": "เลือกไฟล์จากไปรษณีย์ฉบับนี้"})
        page = next((digest for digest in named.files if chosen[digest].media_type == "application/pdf"), None)
        self.files = [
            replace(chosen[digest], role=Role.LETTER if digest == page else Role.ENCLOSURE) for digest in named.files
        ]
        self.state, self.form = IncomingState.NEW, Form.OTHER
        self.number, self.number_date, self.subject = named.number, named.day, named.subject
        self.from_name, self.addressed_to, self.urgency = named.sender, named.addressed_to, named.urgency
        return MailMadeLetter(
            at=at, by=by, incoming_id=self.id, number=named.number, files=len(self.files), answered=answered
        )

    @property
    def quarantined(self) -> str:
        """The check for which it is kept apart; empty when it is not."""
        return next((str(f["check"]) for f in self.findings if f.get("check") in QUARANTINED), "")

    @property
    def infected(self) -> bool:
        """True when the scanner found a virus: no byte of it is handed out."""
        return any(f.get("check") == "infected" for f in self.findings)

    def try_again(self, *, by: Actor, at: datetime) -> MailTriedAgain:
        """The mail is read and scanned anew; what is found then makes a new card or a letter, and this one is over."""
        if self.state is not IncomingState.HELD or not self.quarantined:
            raise StageNotAllowed("ลองใหม่ได้เฉพาะไปรษณีย์ที่กันไว้เพราะอ่านไม่ได้หรือไม่ผ่านการตรวจไวรัส")
        self.state = IncomingState.SUPERSEDED
        return MailTriedAgain(at=at, by=by, incoming_id=self.id)

    def may_be_made_of_mail(self) -> None:
        """Raise StageNotAllowed, with its Thai words, unless it is ordinary mail that waits for a person."""
        if not self.ordinary or self.about is not None:
            raise StageNotAllowed("หนังสือนี้มาในซองตามแบบ ลงรับหรือส่งคืนตามปกติ", code="not-ordinary")
        if self.state is IncomingState.REGISTERED:
            raise StageNotAllowed("หนังสือนี้ลงรับแล้ว", code="already-registered")
        if self.state is IncomingState.SET_ASIDE:
            raise StageNotAllowed("ไปรษณีย์นี้แยกออกแล้ว เพราะไม่ใช่หนังสือ", code="set-aside")
        if self.state not in (IncomingState.HELD, IncomingState.NEW):
            raise StageNotAllowed("ไปรษณีย์นี้ส่งคืนแล้ว")

    def set_aside(self, *, reason: str, by: Actor, at: datetime) -> MailSetAside:
        """It is no letter; why. It stays, with its bytes, among what came in."""
        if not (self.quarantined and self.state is IncomingState.HELD):
            self.may_be_made_of_mail()
        reason = expect_reason(reason, "ใส่เหตุผลที่ไม่ใช่หนังสือ")
        self.state, self.refused_text = IncomingState.SET_ASIDE, reason
        return MailSetAside(at=at, by=by, incoming_id=self.id, reason=reason)

    def refuse(self, *, reason: Reason, by: Actor, at: datetime, responsible: str = "") -> events.LetterRefused:
        """Send it back to the sender with a reason. One of the public is told which agency is `responsible`, if another
        is (B.E. 2565, section 10), and the words; both stand with it as they were told."""
        self.may_be_refused()
        if reason.code is ReasonCode.OTHER and not reason.text.strip():
            raise BadInput({"text": "เลือกเหตุอื่นแล้วต้องใส่เหตุผล"})
        self.state = IncomingState.REFUSED
        code, text = self.refused_code, self.refused_text = reason.code.value, reason.text
        if "petition" in self.details:
            self.details = self.details | {"told": text, "responsible": responsible}
        return events.LetterRefused(at=at, by=by, incoming_id=self.id, code=code, text=text, responsible=responsible)

    def release(self, *, reason: str, by: Actor, at: datetime) -> events.LetterReleased:
        """Take a held letter in after all. Not after an `invalid` receipt: the sender was told to send a good copy."""
        self.may_be_released()
        if not reason.strip():
            raise BadInput({"reason": "ใส่เหตุผลที่ปล่อยเข้าระบบ"})
        self.state = IncomingState.NEW
        return events.LetterReleased(at=at, by=by, incoming_id=self.id, reason=reason)

    def number_told(self, *, number: int, year: int, by: Actor, at: datetime) -> NumberToldAgain:
        """Its sender, who doubts the receiving number, is told what the register says; the letter says the same."""
        self.register_number, self.register_year = number, year
        return NumberToldAgain(at=at, by=by, incoming_id=self.id, number=number, year=year)

    def answer(self, *, number: int, year: int, by: Actor, at: datetime) -> NumberToldAgain:
        """Settle the question about a receiving number: its sender was told this one."""
        self.may_be_answered()
        self.state = IncomingState.ANSWERED
        return NumberToldAgain(at=at, by=by, incoming_id=self.id, number=number, year=year)

    def may_be_answered(self) -> None:
        """Raise StageNotAllowed, with its Thai words, unless it questions a receiving number and waits for a person."""
        if self.about is None:
            raise StageNotAllowed("รายการนี้ไม่ได้ถามถึงเลขทะเบียนรับ")
        if self.state is IncomingState.ANSWERED:
            raise StageNotAllowed("แจ้งเลขทะเบียนอีกครั้งแล้ว", code="answered-already")
        if self.state is not IncomingState.HELD:
            raise StageNotAllowed("รายการนี้ส่งคืนแล้ว แจ้งเลขทะเบียนจากรายการนี้ไม่ได้")

    def may_be_refused(self) -> None:
        """Raise StageNotAllowed, with its Thai words, once it is registered, sent back or replaced."""
        if self.state not in (IncomingState.NEW, IncomingState.HELD):
            raise StageNotAllowed("ส่งคืนได้เฉพาะหนังสือที่ยังไม่ลงรับ")

    def may_be_released(self) -> None:
        """Raise StageNotAllowed, with its Thai words, unless it is held and its sender still counts on it."""
        if self.state is not IncomingState.HELD:
            raise StageNotAllowed("หนังสือนี้ไม่ได้ถูกพักไว้")
        if self.about is not None:
            raise StageNotAllowed("รายการนี้ถามถึงเลขทะเบียนรับ ไม่ใช่หนังสือ แจ้งเลขทะเบียนอีกครั้งหรือส่งคืน", code="not-a-letter")
        if self.infected:
            raise StageNotAllowed("พบไวรัสในไปรษณีย์นี้ ปล่อยเข้าระบบไม่ได้ ให้ผู้ส่งส่งใหม่ หรือลองตรวจอีกครั้ง", code="infected")
        if self.answered_invalid:
            raise StageNotAllowed("แจ้งผู้ส่งแล้วว่าซองนี้ใช้ไม่ได้ รอฉบับที่ถูกต้อง หรือส่งคืนพร้อมเหตุผล", code="answered-invalid")

    # --- after it came: asked back, sent on, replaced, completed (wire.md, section 4) ------------------------------

    def ask_back(self, *, reason: str, at: datetime, by: Actor) -> RecallArrived:
        """Its sender asks for a letter that is registered here; a clerk answers."""
        self.recall_asked_at, self.recall_reason = at, reason[:MOST_REASON]
        return RecallArrived(at=at, by=by, incoming_id=self.id, sender=self.from_code, reason=self.recall_reason)

    def give_back(self, *, reason: str, asked_at: datetime, by: Actor, at: datetime) -> LetterGivenBack:
        """Give it back to its sender. One that is registered stays in the register and says so; any other is closed."""
        if self.state is not IncomingState.REGISTERED:
            self.state = IncomingState.RECALLED
        self.recall_asked_at, self.recall_reason = asked_at, reason[:MOST_REASON]
        self.recall_answer = Step.RECALLED.value
        return LetterGivenBack(at=at, by=by, incoming_id=self.id, reason=self.recall_reason)

    def keep_though_asked(self, *, reason: str, by: Actor, at: datetime) -> RecallDeclined:
        """Do not give it back, and say why."""
        reason = expect_reason(reason, "ใส่เหตุผลที่ไม่คืน")
        self.recall_answer, self.recall_words = Step.RECALL_REFUSED.value, reason
        return RecallDeclined(at=at, by=by, incoming_id=self.id, reason=reason)

    def may_answer_recall(self) -> None:
        """Raise StageNotAllowed, with its Thai words, unless its sender asks for it back and waits for an answer."""
        if self.recall_asked_at is None:
            raise StageNotAllowed("ผู้ส่งไม่ได้ขอเรียกหนังสือนี้คืน", code="not-asked")
        if self.recall_answer:
            raise StageNotAllowed("ตอบคำขอเรียกคืนแล้ว", code="answered-already")

    @property
    def awaits_answer(self) -> bool:
        """Is it one of the public whose sender has no answer? Only a person ends its matter then."""
        return "petition" in self.details and not self.details.get("answered")

    def note_answered(self) -> None:
        """Its sender of the public has the answer: the duty is done."""
        self.details = self.details | {"answered": True}

    def may_be_forwarded(self) -> None:
        """Raise StageNotAllowed, with its Thai words, unless it waits for a decision and its seal can go along; one of
        the public may also be registered while its matter is open and its sender has no answer."""
        of_public = "petition" in self.details
        if of_public and not self.awaits_answer:
            raise StageNotAllowed("ตอบผู้ยื่นเรื่องแล้ว ส่งต่อไม่ได้", code="answered-already")
        if self.state is IncomingState.REGISTERED and of_public:
            self.may_be_completed()
        elif self.state is IncomingState.REGISTERED:
            raise StageNotAllowed("หนังสือนี้ลงรับแล้ว ส่งต่อเป็นหนังสือฉบับใหม่ของหน่วยงาน", code="already-registered")
        elif self.state not in UNREGISTERED:
            raise StageNotAllowed(f"{CLOSED_WORDS[self.state]} ส่งต่อไม่ได้")
        if of_public and self.secrecy.is_open:
            return  # the public has no seal that could go along
        if self.about is not None or not self.answers_by_wire or "manifest" not in self.details:
            raise StageNotAllowed("ส่งต่อได้เฉพาะหนังสือที่มาในซองตามแบบ", code="not-a-letter")
        if self.answered_invalid:
            raise StageNotAllowed("แจ้งผู้ส่งแล้วว่าซองนี้ใช้ไม่ได้ รอฉบับที่ถูกต้อง", code="answered-invalid")
        # What nobody can check any more is not passed on under our seal. That it came late does not matter.
        if not all((self.seal or {}).get(part) is True for part in ("intact", "valid", "trusted")):
            raise StageNotAllowed("ตราของผู้ส่งตรวจไม่ผ่าน ส่งต่อไม่ได้ ส่งคืนพร้อมเหตุผลหรือปล่อยเข้าระบบก่อน", code="seal-not-good")
        if not self.secrecy.is_open:
            raise StageNotAllowed("หนังสือชั้นความลับส่งต่อทางไปรษณีย์อิเล็กทรอนิกส์ไม่ได้", code="secrecy-not-allowed")

    def forward(
        self, *, dispatch_id: UUID, code: str, name: str, reason: str, by: Actor, at: datetime
    ) -> LetterForwarded:
        """It goes on to the agency that it is for, by this dispatch of ours. It is never registered here; one of the
        public that is stays in the register."""
        self.may_be_forwarded()
        if self.state is not IncomingState.REGISTERED:
            self.state = IncomingState.FORWARDED
        self.forward_id, self.forward_code, self.forward_name = dispatch_id, code, name
        return LetterForwarded(
            at=at, by=by, incoming_id=self.id, dispatch_id=dispatch_id, to=code, to_name=name, reason=reason
        )

    def give_way(self, newer: IncomingId, *, by: Actor, at: datetime) -> LetterReplaced | ReplacementArrived:
        """A corrected letter of its sender takes its place. One that is registered stays so and names the other."""
        self.replaced_by = newer
        if self.state is IncomingState.REGISTERED:
            return ReplacementArrived(at=at, by=by, incoming_id=self.id, by_incoming=newer)
        self.state = IncomingState.REPLACED
        return LetterReplaced(at=at, by=by, incoming_id=self.id, by_incoming=newer)

    def complete(self, *, told: bool, by: Actor, at: datetime) -> LetterCompleted:
        """The matter is closed."""
        self.may_be_completed()
        self.completed_at, self.completed_by = at, by.name
        return LetterCompleted(at=at, by=by, incoming_id=self.id, told=told)

    def may_be_completed(self) -> None:
        """Raise StageNotAllowed, with its Thai words, unless it is registered and its matter is open."""
        if self.state is not IncomingState.REGISTERED:
            raise StageNotAllowed("ปิดเรื่องได้เฉพาะหนังสือที่ลงรับแล้ว", code="not-registered")
        if self.completed_at is not None:
            raise StageNotAllowed("ปิดเรื่องแล้ว", code="completed-already")
        if left := unfinished(self.tasks):
            raise StageNotAllowed(f"ยังมีงานที่ไม่เสร็จ: {left[0].to_name} รอผลหรือเรียกงานคืนก่อนปิดเรื่อง", code="tasks-open")

    def accept_key(self) -> str:
        """What makes an accepted letter unique in its agency: sender, dispatch id and manifest digest."""
        return f"{self.from_code}:{self.dispatch_id}:{self.manifest_sha256}"

    @property
    def answers_by_wire(self) -> bool:
        """True when statements can be sent about it: it names a dispatch and its manifest was read."""
        return self.dispatch_id is not None and bool(self.manifest_sha256)
