"""Statements under seal: those that we owe about an incoming letter, and what is to be thought of others'. Shared by
those who receive, register and refuse letters, and by those who judge what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from saraban.domain.agency import Agency, Correspondent
from saraban.domain.incoming import IncomingLetter
from saraban.domain.receipt import Reason, Receipt, ReceiptId, RegisteredAs, Step
from saraban.domain.signature import SignatureStatus, TrustedSeal
from saraban.exchange.parse import InboundMessage
from saraban.exchange.receipts import StatementInvalid, read_statement
from saraban.usecases.books import Statement, UnitOfWork
from saraban.usecases.ports import Services

RECEIPT_LIFE = timedelta(days=15)


def owe_statement(
    uow: UnitOfWork,
    letter: IncomingLetter,
    agency: Agency,
    step: Step,
    *,
    at: datetime,
    automatic: bool,
    reason: Reason | None = None,
    registered: RegisteredAs | None = None,
    forwarded_to: tuple[str, str] | None = None,
    sender: Correspondent | None = None,
) -> Statement | None:
    """Write the statement down in the caller's transaction; the worker seals and sends it. None when it cannot be sent:
    ordinary mail, or a sender whose mailbox the directory does not name (nothing goes to unknown addresses). A caller
    who has just looked the letter's `sender` up gives it along."""
    if not letter.answers_by_wire or letter.dispatch_id is None:
        return None
    sender = sender or uow.directory.by_code(letter.from_code)
    if sender is None or sender.mailbox.lower() != letter.from_mailbox.lower():
        return None
    statement = Statement(
        receipt=Receipt(
            id=ReceiptId(uuid4()),
            of=letter.dispatch_id,
            manifest_sha256=letter.manifest_sha256,
            step=step,
            from_code=agency.code,
            from_mailbox=agency.mailbox,
            to_code=sender.code,
            to_mailbox=sender.mailbox,
            at=at,
            register=registered,
            reason=reason,
            forwarded_to=forwarded_to,
        ),
        agency_id=agency.id,
        incoming_id=letter.id,
        original_message_id=letter.message_id,
        mic=letter.mic,
        first_answer=step in (Step.RECEIVED, Step.INVALID),
        automatic=automatic,
        made_at=at,
    )
    uow.statements.add(statement)
    return statement


def say_again(uow: UnitOfWork, letter: IncomingLetter, step: Step, now: datetime) -> bool:
    """Send the last statement of this step about the letter once more, the same bytes. False when none was made."""
    given = [one for one in uow.statements.given(letter.agency_id, letter.id) if one.receipt.step is step]
    if not given:
        return False
    if given[-1].sealed is not None:  # one that is not sealed yet is on its way for the first time
        uow.outbox.again(letter.agency_id, given[-1].receipt.id, now, give_up_at=now + RECEIPT_LIFE)
    return True


@dataclass(frozen=True)
class SealedNotice:
    """A notice of a sender in the directory, with the verdict on its seal and the address that it came from."""

    said: Receipt
    sender: Correspondent
    status: SignatureStatus
    from_address: str

    def is_believed_by(self, agency: Agency) -> bool:
        """Does it come to this agency, under the seal and from the mailbox of its sender?"""
        from_them = self.from_address == self.said.from_mailbox.lower() == self.sender.mailbox.lower()
        to_us = (self.said.to_code, self.said.to_mailbox.lower()) == (agency.code, agency.mailbox.lower())
        return self.status.good and from_them and to_us


def notice_in(office: Services, message: InboundMessage, step: Step, now: datetime) -> SealedNotice | None:
    """The notice of this step that a message carries, its seal judged; None when it carries none, or one of a sender
    whom the directory does not know."""
    said = statement_in(message)
    if said is None or said.step is not step:
        return None
    sender, status = judged_seal(office, said.from_code, message.statement, message.statement_p7s, now)
    return SealedNotice(said, sender, status, message.from_address) if sender is not None else None


def statement_in(message: InboundMessage) -> Receipt | None:
    """The statement that a message carries, not believed yet; None when there is none that can be read."""
    try:
        return read_statement(message.statement) if message.statement is not None else None
    except StatementInvalid:
        return None


def judged_seal(
    office: Services, code: str, said: bytes | None, seal: bytes | None, now: datetime
) -> tuple[Correspondent | None, SignatureStatus]:
    """Whom the code names in the directory, and the verdict on their seal over what is said."""
    sender = office.lookups.sender_of(code)
    return sender, office.verifier.status(said or b"", seal or b"", trusted_seal(sender), now)


def trusted_seal(sender: Correspondent | None) -> TrustedSeal | None:
    """What may be believed about a sender's seal, from its entry in the directory."""
    if sender is None:
        return None
    pins = tuple((c.pem, c.valid_from, c.valid_to) for c in sender.certificates if c.use == "seal")
    return TrustedSeal(mailbox=sender.mailbox, pinned=pins)
