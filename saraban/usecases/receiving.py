"""Receiving: what came in is verified and screened, then accepted, held, or answered again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, Correspondent, PositionRole, Unit
from saraban.domain.attachment import Attachment, Digest, Role, letter_page, safe_name
from saraban.domain.calendar import office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import NotFound
from saraban.domain.events import CardClosed, CopyArrived, LetterArrived, LetterHeld, MailDiscarded
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.domain.letter import LetterId
from saraban.domain.receipt import ReasonCode, Step
from saraban.domain.signature import SignatureStatus
from saraban.exchange.checks import as_listed
from saraban.exchange.filling import fill_from_manifest
from saraban.exchange.manifest import Manifest, ManifestInvalid, read_manifest
from saraban.exchange.mime import header_fields
from saraban.exchange.parse import InboundFile, InboundMessage, Unreadable
from saraban.exchange.plain_answers import why_no_answer
from saraban.exchange.referring import references_told
from saraban.exchange.screening import Disposition, EarlierLetter, Facts, Screening, letter_verdict, screen
from saraban.exchange.suggesting import suggest
from saraban.usecases.answering import RECEIPT_LIFE, owe_statement, trusted_seal
from saraban.usecases.books import InboxItem, UnitOfWork
from saraban.usecases.handing import given_back_on_arrival, make_way, sent_before
from saraban.usecases.notices import answered, arrived
from saraban.usecases.ports import Services, Standing

ACCEPTED_SECRECY = frozenset({Secrecy.OPEN})
LARGEST_ACCEPTED = 35_000_000
_BESIDE = ThreadPoolExecutor(2, "keeping")  # a thread for each letter would cost as much as its verdict
_ACCEPTED = {
    IncomingState.NEW.value,
    IncomingState.REGISTERED.value,
    IncomingState.REFUSED.value,
    IncomingState.FORWARDED.value,
    IncomingState.RECALLED.value,
    IncomingState.REPLACED.value,
}


@dataclass(frozen=True)
class _Read:
    """What was found out about a message without the database's lock."""

    message: InboundMessage
    manifest: Manifest | None
    manifest_problem: str | None
    seal: SignatureStatus | None
    outer: SignatureStatus | None
    files: tuple[Attachment, ...]
    raw_size: int
    suggested: dict[str, Any]


def receive_letter(office: Services, item: InboxItem, message: InboundMessage) -> bool:
    """Judge a message as a letter or ordinary mail, whatever it is. Always True: this judge stands last.

    New letters wait for their number and are answered `received`; others are held with every reason, and answered
    `invalid` where the table of outcomes says so; an exact copy is answered with the same receipt.
    """
    now = office.clock.now()
    sender = office.lookups.sender_at(message.from_address)
    read = _read(office, item, message, sender, now)
    standing = office.lookups.standing(item.agency_id, item.mailbox)
    agency, unit = standing.agency, standing.unit
    with office.uow() as uow:
        heard = _heard_of(uow, item, sender, read)
        earlier = _earlier(uow, item, sender, read) if heard else ()
        verdict = _screen(item, read, standing, sender, earlier, now)
        if verdict.disposition is Disposition.DISCARD:
            _discard(uow, item, verdict, now)
        elif verdict.disposition is Disposition.DUPLICATE:
            _answer_again(uow, item, sender, read, now)
        elif verdict.disposition is Disposition.HOLD and uow.inbox.copies(item):
            # The folder was read anew, or the sender tried again: one card is enough.
            _tell_invalid_again(uow, item, sender, verdict, now)
            uow.inbox.decide(item, "duplicate", "สำเนาของไปรษณีย์ที่พักไว้แล้ว", now)
        else:
            letter = _letter(item, read, verdict, unit, sender, now)
            if sender is None and (known := uow.outsiders.by_mailbox(item.agency_id, message.from_address)):
                letter.from_name = known.name  # one of our own list, who has nothing but a mailbox
            letter.answers = _answered(uow, letter, read.manifest)
            if told := references_told(read.manifest):
                uow.matters.refer(item.agency_id, letter.id, told)
            _place(uow, item, letter, verdict, agency, sender, now)
            if letter.answers is not None and letter.accepted_key is not None:
                uow.notices.tell(answered(uow.letters.get(item.agency_id, LetterId(letter.answers)), letter, at=now))
            if earlier and letter.accepted_key is not None:
                _close_cards(uow, letter, now)
            given_back = heard and given_back_on_arrival(uow, letter, agency, now)
            if not given_back and letter.accepted_key is not None:
                make_way(uow, letter, now, heard_of=heard)
                _tell_clerks(uow, letter, now)
        uow.commit()
    return True


def hold_unreadable(office: Services, item: InboxItem, code: str, thai: str) -> None:
    """Hold a message that cannot be read at all, with its raw bytes as a file, as a card for a clerk. What its header
    says is shown as far as it can be read."""
    now = office.clock.now()
    known = _of_header(office, item)
    check = "infected" if code == ReasonCode.INFECTED.value else "readable"
    if known is not None:
        item.sender, item.subject = known.from_address, known.subject
    unit = office.lookups.standing(item.agency_id, item.mailbox).unit
    with office.uow() as uow:
        letter = IncomingLetter(
            id=IncomingId(uuid4()),
            agency_id=item.agency_id,
            unit_id=unit.id,
            state=IncomingState.HELD,
            received_at=item.taken_at,
            raw_sha256=item.sha256,
            message_id=known.message_id if known else "",
            from_mailbox=item.sender,
            from_name=(known.from_name or known.from_address) if known else "",
            subject=item.subject or "(ไปรษณีย์ที่อ่านไม่ได้)",
            ordinary=True,
            findings=({"check": check, "code": code, "thai": thai, "blocking": True},),
        )
        uow.incoming.add(letter)
        uow.inbox.decide(item, "held", thai, now)
        uow.record(
            LetterHeld(
                at=now, by=Actor.gateway(item.agency_id), incoming_id=letter.id, sender=item.sender, reasons=(code,)
            )
        )
        uow.commit()


def _of_header(office: Services, item: InboxItem) -> InboundMessage | None:
    """What the header says of a mail that is beyond reading: its first fields alone, read as a mail of their own."""
    try:
        return office.mail_reader.read(header_fields(office.blobs.open(item.sha256)))
    except (Unreadable, NotFound):
        return None


def _read(
    office: Services, item: InboxItem, message: InboundMessage, sender: Correspondent | None, now: datetime
) -> _Read:
    manifest, problem = None, None
    if message.manifest is not None:
        try:
            manifest = read_manifest(message.manifest)
        except ManifestInvalid as error:
            problem = str(error)
    trust = trusted_seal(sender)
    seal = outer = None
    # The disk works while the signatures are verified. Of a mail with a virus nothing is taken out.
    kept = _BESIDE.submit(_keep_files, office, message, manifest) if not item.virus else None
    if message.manifest is not None:
        seal = office.verifier.status(message.manifest, message.manifest_p7s or b"", trust, now)
    if message.outer is not None:
        outer = office.verifier.status(message.outer.digest, message.outer.signature, trust, now)
    files = kept.result() if kept is not None else ()
    suggested = _suggested(office, message, files) if message.manifest is None else {}
    if manifest is not None and (before := sent_before(office, message, now)):
        suggested = {"sent_before": before}
    return _Read(message, manifest, problem, seal, outer, files, office.blobs.size(item.sha256), suggested)


def _keep_files(office: Services, message: InboundMessage, manifest: Manifest | None) -> tuple[Attachment, ...]:
    files: list[Attachment] = []
    names: set[str] = set()
    for file, entry in as_listed(manifest.files if manifest else (), message.files):
        name = safe_name(entry.name if entry is not None else file.name)
        while name in names:
            name = "_" + name
        names.add(name)
        role = entry.role if entry is not None else Role.ENCLOSURE
        media_type = entry.media_type if entry is not None else _media_type(file)
        files.append(Attachment(name, role, media_type, len(file.data), office.blobs.keep(file.data)))
    return tuple(files)


def _media_type(file: InboundFile) -> str:
    """What a file is that no manifest describes; many mail programs send a PDF without saying so."""
    return "application/pdf" if file.data.startswith(b"%PDF-") else file.media_type


def _suggested(office: Services, message: InboundMessage, files: tuple[Attachment, ...]) -> dict[str, Any]:
    """What a clerk may call the letter in an ordinary mail, and why its sender is not answered, if so."""
    page = letter_page(files)
    words = office.renderer.opening_text(office.blobs.open(page.sha256)) if page is not None else ""
    return {
        "suggested": suggest(message.subject, message.text, words).as_dict(),
        "no_answer": why_no_answer(message),
    }


def _heard_of(uow: UnitOfWork, item: InboxItem, sender: Correspondent | None, read: _Read) -> bool:
    """May something be known of this dispatch already? Of hardly any; that is asked once instead of three times."""
    if read.manifest is None or sender is None:
        return True
    return uow.incoming.heard_of(item.agency_id, sender.code, read.manifest.id)


def _earlier(uow: UnitOfWork, item: InboxItem, sender: Correspondent | None, read: _Read) -> tuple[EarlierLetter, ...]:
    if read.manifest is None or sender is None:
        return ()
    return tuple(
        EarlierLetter(
            manifest_sha256=e.manifest_sha256,
            dispatch_id=read.manifest.id,
            accepted=e.state in _ACCEPTED,
        )
        for e in uow.incoming.earlier(item.agency_id, sender.code, read.manifest.id)
    )


def _screen(
    item: InboxItem,
    read: _Read,
    standing: Standing,
    sender: Correspondent | None,
    earlier: tuple[EarlierLetter, ...],
    now: datetime,
) -> Screening:
    facts = Facts(
        now=now,
        our_code=standing.agency.code,
        our_mailbox=standing.agency.mailbox,
        our_other_mailboxes=standing.addresses,
        sender=sender,
        earlier=earlier,
        may_take_secrecy=ACCEPTED_SECRECY,
        max_bytes=LARGEST_ACCEPTED,
        virus=item.virus,
        unscanned=item.unscanned,
    )
    return screen(read.message, read.raw_size, read.manifest, read.manifest_problem, read.seal, read.outer, facts)


def _letter(
    item: InboxItem,
    read: _Read,
    verdict: Screening,
    unit: Unit,
    sender: Correspondent | None,
    at: datetime,
) -> IncomingLetter:
    message, manifest = read.message, read.manifest
    letter = IncomingLetter(
        id=IncomingId(uuid4()),
        agency_id=item.agency_id,
        unit_id=unit.id,
        state=IncomingState.NEW if verdict.disposition is Disposition.ACCEPT else IncomingState.HELD,
        received_at=item.taken_at,
        raw_sha256=item.sha256,
        message_id=message.message_id,
        from_mailbox=message.from_address,
        from_code=sender.code if sender else "",
        from_name=sender.name if sender else message.from_name or message.from_address,
        mic=message.outer.mic if message.outer and read.outer and read.outer.intact.is_true else "",
        subject=message.subject,
        text=message.text[:20_000],
        ordinary=verdict.ordinary,
        findings=tuple(f.as_dict() for f in verdict.findings),
        seal=letter_verdict(read.seal, manifest, verdict.files, at).as_dict() if read.seal else None,
        outer=read.outer.as_dict() if read.outer else None,
        files=list(read.files),
        answered_invalid=verdict.answer is Step.INVALID,
        details=read.suggested if verdict.ordinary else {},
    )
    if manifest is not None and message.manifest is not None:
        fill_from_manifest(letter, manifest, message.manifest)
        letter.details |= read.suggested
    elif verdict.dispatch_id is not None:
        letter.dispatch_id = verdict.dispatch_id
        letter.manifest_sha256 = Digest.of(message.manifest).hex if message.manifest else Digest.of(b"").hex
    return letter


def _answered(uow: UnitOfWork, letter: IncomingLetter, manifest: Manifest | None) -> UUID | None:
    """Our own letter that this one answers: it names a dispatch of ours, and comes from whom that went to."""
    for reference in manifest.references if manifest is not None and letter.from_code else ():
        sent = uow.dispatches.find(letter.agency_id, reference.dispatch) if reference.dispatch is not None else None
        if sent is not None and sent.to_code == letter.from_code:
            return sent.letter_id
    return None


def _place(
    uow: UnitOfWork,
    item: InboxItem,
    letter: IncomingLetter,
    verdict: Screening,
    agency: Agency,
    sender: Correspondent | None,
    now: datetime,
) -> None:
    gateway = Actor.gateway(item.agency_id)
    accepted = letter.state is IncomingState.NEW
    letter.accepted_key = letter.accept_key() if accepted else None
    if accepted:
        uow.inbox.decide(item, "accepted", "", now)
        with uow.sent_at_once():
            uow.incoming.add(letter)
            owe_statement(uow, letter, agency, Step.RECEIVED, at=now, automatic=True, sender=sender)
        uow.record(
            LetterArrived(at=now, by=gateway, incoming_id=letter.id, sender=letter.from_code, number=letter.number)
        )
        return
    uow.incoming.add(letter)
    if verdict.answer is Step.INVALID:
        owe_statement(uow, letter, agency, Step.INVALID, at=now, automatic=True, reason=verdict.reason)
    reasons = tuple(str(f["code"]) for f in letter.findings if f["blocking"])
    uow.inbox.decide(item, "held", ", ".join(reasons), now)
    uow.record(
        LetterHeld(
            at=now, by=gateway, incoming_id=letter.id, sender=letter.from_code or letter.from_mailbox, reasons=reasons
        )
    )


def _tell_clerks(uow: UnitOfWork, letter: IncomingLetter, now: datetime) -> None:
    if letter.state is IncomingState.NEW and letter.urgency is Urgency.MOST_URGENT:
        clerks = uow.agencies.posts(letter.agency_id, PositionRole.CLERK, office_date(now))
        uow.notices.tell(arrived(letter, clerks, at=now))


def _close_cards(uow: UnitOfWork, letter: IncomingLetter, now: datetime) -> None:
    assert letter.dispatch_id is not None
    gateway = Actor.gateway(letter.agency_id)
    for earlier in uow.incoming.earlier(letter.agency_id, letter.from_code, letter.dispatch_id):
        if earlier.state == IncomingState.HELD.value and earlier.answered_invalid:
            card = uow.incoming.get(letter.agency_id, earlier.id)
            card.state = IncomingState.SUPERSEDED
            uow.incoming.save(card)
            uow.record(CardClosed(at=now, by=gateway, incoming_id=card.id))


def _answer_again(uow: UnitOfWork, item: InboxItem, sender: Correspondent | None, read: _Read, now: datetime) -> None:
    assert sender is not None and read.manifest is not None and read.message.manifest is not None
    digest = Digest.of(read.message.manifest).hex
    for earlier in uow.incoming.earlier(item.agency_id, sender.code, read.manifest.id):
        if earlier.manifest_sha256 != digest or earlier.state not in _ACCEPTED:
            continue
        letter = uow.incoming.get(item.agency_id, earlier.id)
        letter.copies += 1
        uow.incoming.save(letter)
        _send_answers_again(uow, item, letter.id, now)
        uow.record(CopyArrived(at=now, by=Actor.gateway(item.agency_id), incoming_id=letter.id))
        break
    uow.inbox.decide(item, "duplicate", "", now)


def _tell_invalid_again(
    uow: UnitOfWork, item: InboxItem, sender: Correspondent | None, verdict: Screening, now: datetime
) -> None:
    """The first `invalid` may have been lost: the same bytes go once more."""
    if verdict.answer is not Step.INVALID or sender is None or verdict.dispatch_id is None:
        return
    for earlier in uow.incoming.earlier(item.agency_id, sender.code, verdict.dispatch_id):
        if earlier.state == IncomingState.HELD.value and earlier.answered_invalid:
            _send_first_answer_again(uow, item, earlier.id, now)
            return


def _send_first_answer_again(uow: UnitOfWork, item: InboxItem, incoming_id: IncomingId, now: datetime) -> None:
    first = uow.statements.first_answer(item.agency_id, incoming_id)
    if first is not None and first.sealed is not None:
        uow.outbox.again(item.agency_id, first.receipt.id, now, give_up_at=now + RECEIPT_LIFE)


def _send_answers_again(uow: UnitOfWork, item: InboxItem, incoming_id: IncomingId, now: datetime) -> None:
    """An agency that compares its registers with others sends every receipt again, since it may have been a later one
    that was lost (wire-reconcile, section 5); others the first answer."""
    us = uow.directory.by_code(uow.agencies.get(item.agency_id).code)
    if us is None or not us.reconciles:
        return _send_first_answer_again(uow, item, incoming_id, now)
    sealed = [given for given in uow.statements.given(item.agency_id, incoming_id) if given.sealed is not None]
    for place, given in enumerate(sealed):
        due = now - timedelta(microseconds=len(sealed) - place)  # in their order, and none later than now
        uow.outbox.again(item.agency_id, given.receipt.id, due, give_up_at=now + RECEIPT_LIFE)
    return None


def _discard(uow: UnitOfWork, item: InboxItem, verdict: Screening, now: datetime) -> None:
    reason = "; ".join(f.thai for f in verdict.findings if f.blocking)
    uow.inbox.decide(item, "discarded", reason, now)
    uow.record(MailDiscarded(at=now, by=Actor.gateway(item.agency_id), inbox_id=item.id, reason=reason))
