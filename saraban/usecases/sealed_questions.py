"""Questions to other agencies under seal, and answers to theirs: what comparing registers and looking documents up
share. What is owed is sealed by the worker and asked once more where nobody answers; what comes is believed only from
whom it says, and shown to a clerk otherwise."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar
from uuid import UUID, uuid4

from saraban.domain.agency import Agency, AgencyId, Correspondent
from saraban.domain.attachment import Digest
from saraban.domain.errors import SarabanError
from saraban.domain.signature import SignatureStatus
from saraban.exchange.asking import Said
from saraban.exchange.envelope import Envelope
from saraban.exchange.parse import InboundMessage
from saraban.usecases.answering import judged_seal
from saraban.usecases.books import InboxItem, UnitOfWork
from saraban.usecases.doubting import show_doubt
from saraban.usecases.outgoing import OutboxItem
from saraban.usecases.ports import Services

SILENCE = timedelta(hours=24)
MESSAGE_LIFE = timedelta(days=3)
_log = logging.getLogger(__name__)


class Question(Protocol):
    """A question as one side keeps it; `owes` names the message that waits to be sealed."""

    id: UUID
    agency_id: AgencyId
    request_id: UUID
    owes: str
    repeats: list[str]


Q = TypeVar("Q", bound=Question)
M = TypeVar("M", bound=Said)


class Questions(Protocol[Q]):
    """A shelf of questions."""

    def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Q]:
        """Lease those that owe a message."""
        ...

    def paid(self, one: Q) -> bool:
        """The message that it owes is sealed; False when another worker did so before."""
        ...

    def silent(self, asked_before: datetime, limit: int) -> Sequence[Q]:
        """Questions of ours from before that moment without an answer, sent once."""
        ...

    def save(self, one: Q) -> None: ...


# --- what the worker does -------------------------------------------------------------------------------------


def seal_owed(
    office: Services,
    shelf: Callable[[UnitOfWork], Questions[Q]],
    compose: Callable[[Services, Q, Agency, datetime], Envelope],
    ref: Callable[[Q], UUID],
    limit: int,
) -> int:
    """Seal and queue what is owed. Returns how many; 0 when none waits. `ref` is the id of the message owed."""
    now = office.clock.now()
    with office.uow() as uow:
        claimed = shelf(uow).claim(now, office.lease, limit)
        if not claimed:
            return 0
        agencies = {one.agency_id: uow.agencies.get(one.agency_id) for one in claimed}
        uow.commit(final=False)
    composed = []
    for one in claimed:
        agency = agencies[one.agency_id]
        try:
            composed.append((one, _item(agency, ref(one), compose(office, one, agency, now), now)))
        except Exception:  # one agency without a valid seal must not keep the others waiting; its lease ends by itself
            _log.exception("the %s of %s %s could not be sealed", one.owes, type(one).__name__, one.id)
    with office.uow() as uow:
        for one, item in composed:
            if shelf(uow).paid(one):
                uow.outbox.put(item, now)
        uow.commit()
    return len(claimed)


def ask_once_more(office: Services, shelf: Callable[[UnitOfWork], Questions[Q]], limit: int) -> int:
    """Send the same bytes of a question once more where no answer came within a day. Returns how many."""
    now = office.clock.now()
    with office.uow() as uow:
        silent = shelf(uow).silent(now - SILENCE, limit)
        for one in silent:
            uow.outbox.again(one.agency_id, one.request_id, now, give_up_at=now + MESSAGE_LIFE)
            one.repeats = [now.isoformat()]
            shelf(uow).save(one)
        uow.commit()
    return len(silent)


def _item(agency: Agency, ref: UUID, envelope: Envelope, now: datetime) -> OutboxItem:
    return OutboxItem(
        id=uuid4(),
        agency_id=agency.id,
        agency_code=agency.code,
        kind=envelope.kind,
        ref=ref,
        envelope=envelope,
        give_up_at=now + MESSAGE_LIFE,
    )


# --- what comes by mail ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Paper(Generic[M]):
    """A kind of sealed question: its word in the header, what it is called in Thai, how its bytes are read (raising
    SarabanError with words), and whether an agency takes part."""

    word: str
    check: str
    thai: str
    read: Callable[[bytes], M]
    takes_part: Callable[[Correspondent], bool]
    not_taking_part: str


@dataclass(frozen=True)
class Came(Generic[M]):
    """What came: the message that it came in, what is said, of whom, for whom, and the verdict on the seal. `sha256` is
    of the bytes that the seal is over."""

    item: InboxItem
    message: InboundMessage
    said: M
    sha256: Digest
    agency: Agency
    sender: Correspondent
    status: SignatureStatus
    now: datetime


def judge_sealed(
    office: Services,
    item: InboxItem,
    message: InboundMessage,
    paper: Paper[M],
    data: bytes | None,
    seal: bytes | None,
    take: Callable[[UnitOfWork, Came[M]], None],
    doubt: Callable[[InboundMessage, M], str] = lambda *_: "",
) -> bool:
    """Judge a message as this paper, and let `take` do what it asks when it is believed; `doubt` may have reasons of
    its own against it. False when the message holds no such paper."""
    if data is None:
        return False
    now = office.clock.now()
    try:
        said = paper.read(data)
    except SarabanError as error:
        with office.uow() as uow:
            show_doubt(uow, item, message, None, str(error), now, check=paper.check)
            uow.commit()
        return True
    sender, status = judged_seal(office, said.from_code, data, seal, now)
    with office.uow() as uow:
        agency = uow.agencies.get(item.agency_id)
        us = uow.directory.by_code(agency.code)
        why = _doubt(paper, message, said, status, sender, agency, us) or doubt(message, said)
        if why or sender is None:
            show_doubt(uow, item, message, sender, why, now, check=paper.check)
        else:
            take(uow, Came(item, message, said, Digest.of(data), agency, sender, status, now))
        uow.commit()
    return True


def _doubt(
    paper: Paper[M],
    message: InboundMessage,
    said: M,
    status: SignatureStatus,
    sender: Correspondent | None,
    agency: Agency,
    us: Correspondent | None,
) -> str:
    """Why it is not believed, in Thai; "" when all is right."""
    if sender is None:
        return f"หน่วยงานที่ส่ง{paper.thai}ไม่อยู่ในทำเนียบ"
    if not status.good:
        return f"ตราประทับของ{paper.thai}ใช้ไม่ได้: {status.why_not}"
    if not message.from_address == said.from_mailbox.lower() == sender.mailbox.lower():
        return f"{paper.thai}ไม่ได้มาจากกล่องไปรษณีย์กลางของ{sender.name}"
    if (said.to_code, said.to_mailbox.lower()) != (agency.code, agency.mailbox.lower()):
        return f"{paper.thai}นี้ไม่ได้ส่งถึงส่วนราชการของเรา"
    if sender.code == agency.code:
        return f"{paper.thai}นี้เป็นของเราเองที่ย้อนกลับมา"
    if not _ids_agree(paper, message, said) or f"{paper.word}-repeated" in message.defects:
        return f"รหัสในส่วนหัวของไปรษณีย์กับใน{paper.thai}ไม่ตรงกัน"
    if us is None or not (paper.takes_part(sender) and paper.takes_part(us)):
        return paper.not_taking_part
    return ""


def _ids_agree(paper: Paper[M], message: InboundMessage, said: M) -> bool:
    header = message.saraban
    if header is None or header.kind != paper.word or header.id != said.id:
        return False
    of: UUID | None = getattr(said, "of", None)
    if of is not None and header.of != of:
        return False
    return message.message_id.strip("<>").partition("@")[0].lower() == str(said.id)
