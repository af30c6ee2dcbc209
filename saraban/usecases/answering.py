"""Statements under seal: those that we owe about an incoming letter, and what is to be thought of others'. Shared by
those who receive, register and refuse letters, and by those who judge what comes back."""

from __future__ import annotations

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
) -> Statement | None:
    """Write the statement down in the caller's transaction; the worker seals and sends it. None when it cannot be sent:
    ordinary mail, or a sender whose mailbox the directory does not name (nothing goes to unknown addresses)."""
    if not letter.answers_by_wire or letter.dispatch_id is None:
        return None
    sender = uow.directory.by_code(letter.from_code)
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


def is_believed(
    notice: Receipt, status: SignatureStatus, message: InboundMessage, sender: Correspondent, agency: Agency
) -> bool:
    """Does a notice to us come under the seal and from the mailbox of this sender?"""
    from_them = message.from_address == notice.from_mailbox.lower() == sender.mailbox.lower()
    to_us = (notice.to_code, notice.to_mailbox.lower()) == (agency.code, agency.mailbox.lower())
    return status.good and from_them and to_us


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
    with office.uow() as uow:
        sender = uow.directory.by_code(code)
    return sender, office.verifier.status(said or b"", seal or b"", trusted_seal(sender), now)


def trusted_seal(sender: Correspondent | None) -> TrustedSeal | None:
    """What may be believed about a sender's seal, from its entry in the directory."""
    if sender is None:
        return None
    pins = tuple((c.pem, c.valid_from, c.valid_to) for c in sender.certificates if c.use == "seal")
    return TrustedSeal(mailbox=sender.mailbox, pinned=pins)
