"""Letters from the public, what several use cases do with them: how one gets its number, and how its sender is told by
mail when it is answered, goes on to another agency or ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency
from saraban.domain.attachment import Digest
from saraban.domain.calendar import RegisterYear
from saraban.domain.incoming import IncomingLetter
from saraban.domain.letter import Letter
from saraban.domain.petition import Petition, PetitionId, deemed_received, digests_of, due_of, petition_number
from saraban.domain.workdays import WorkCalendar
from saraban.exchange.envelope import OutboxKind
from saraban.exchange.petition_mail import Occasion, Told, told_by_mail
from saraban.usecases.books import UnitOfWork
from saraban.usecases.outgoing import OutboxItem

PETITION = "petition"
"""What the numbers are of (usecases.archive.Keeping.next_numbers)."""
TOLD_LIFE = timedelta(days=3)


def begin_petition(
    uow: UnitOfWork,
    agency: Agency,
    letter: IncomingLetter,
    code: str,
    *,
    form_key: Digest | None = None,
    by_mail: bool = False,
) -> Petition:
    """Give a letter of the public its number, the moment at which the office has it, and the day until which it is to
    be answered. Only the digests of the code are kept."""
    year = RegisterYear.containing(letter.received_at).buddhist
    whole, typed = digests_of(code)
    deemed = deemed_received(letter.received_at, WorkCalendar.of(uow.duties.changes(agency.id)))
    petition = Petition(
        id=PetitionId(uuid4()),
        agency_id=agency.id,
        incoming_id=letter.id,
        year=year,
        serial=uow.keeping.next_numbers(agency.id, PETITION, year),
        code=whole,
        typed=typed,
        arrived_at=letter.received_at,
        deemed_at=deemed,
        due_on=due_of(deemed, agency.options.petition_days),
        form_key=form_key,
        by_mail=by_mail,
    )
    letter.details = letter.details | {"petition": petition.number}
    return petition


def petition_of(uow: UnitOfWork, letter: IncomingLetter) -> Petition | None:
    """What is kept beside a letter of the public; None for any other letter, of which nothing is asked."""
    return uow.petitions.of_letter(letter.agency_id, letter.id) if petition_number(letter) else None


def end_petition(uow: UnitOfWork, letter: IncomingLetter, at: datetime) -> Petition | None:
    """The letter was sent back, sent on, or its matter closed: nobody waits any more. None for a letter that is not the
    public's."""
    petition = petition_of(uow, letter)
    if petition is not None and petition.closed_at is None:
        petition.close(at)
        uow.petitions.save(petition)
    return petition


def answer_petition(
    uow: UnitOfWork, letter: IncomingLetter, reply: Letter, *, by: Actor, at: datetime, public_url: str
) -> None:
    """A letter of ours that answers one of the public goes out: its sender finds it behind his code, and hears of it
    unless the letter itself goes to his mailbox. A classified answer is not laid there."""
    petition = petition_of(uow, letter)
    if petition is None or petition.answer_id == reply.id or not reply.content.secrecy.is_open:
        return
    itself = letter.from_mailbox.lower() in [code.lower() for code in reply.content.recipients]
    told = Told(Occasion.ANSWERED, petition.number, public_url)
    agency = uow.agencies.get(letter.agency_id)
    mailed = itself or tell_sender(uow, agency, petition, letter, told, at)
    file = reply.issued_file.sha256 if reply.issued_file is not None else None
    uow.record(petition.give_answer(letter_id=reply.id, file=file, mailed=mailed, by=by, at=at))
    uow.petitions.save(petition)
    letter.note_answered()
    uow.incoming.save(letter)


def mail_id(petition_id: UUID, occasion: Occasion, version: int) -> UUID:
    """The id of the mail that tells of an occasion while the petition has this version."""
    return uuid5(petition_id, f"{occasion.value} {version}")


def tell_sender(
    uow: UnitOfWork, agency: Agency, petition: Petition, letter: IncomingLetter, told: Told, at: datetime
) -> bool:
    """Write a mail to the sender into the outbox, once for each occasion. False when he named no mailbox."""
    if not letter.from_mailbox or letter.from_mailbox.lower() == agency.mailbox.lower():
        return False
    ref = mail_id(petition.id, told.occasion, petition.version)
    item = OutboxItem(
        id=uuid4(),
        agency_id=agency.id,
        agency_code=agency.code,
        kind=OutboxKind.ANSWER,
        ref=ref,
        envelope=told_by_mail(told, ref, (agency.name, agency.mailbox), letter.from_mailbox, at),
        give_up_at=at + TOLD_LIFE,
    )
    uow.outbox.put(item, at)
    return True
