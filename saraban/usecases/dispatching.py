"""Sending out: the clerk writes rows, the worker makes and seals the envelope (claim, do, settle)."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from saraban.domain import content
from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, AgencyId
from saraban.domain.attachment import Attachment, Digest
from saraban.domain.calendar import office_date
from saraban.domain.confirmation import LINK_LIFE, TOKEN_BYTES
from saraban.domain.dispatch import Dispatch, DispatchId
from saraban.domain.errors import ConcurrentEdit, RuleBroken, SarabanError
from saraban.domain.incoming import IncomingId, IncomingLetter
from saraban.domain.letter import Letter, LetterId, LetterState
from saraban.domain.permissions import forbid_dispatch, may_dispatch, may_replace, require
from saraban.exchange.compose import ByHand, EncodedFile, encode_file, letter_cover, letter_entity, letter_envelope
from saraban.exchange.envelope import OutboxKind, remembered
from saraban.exchange.manifest import Contact, FileEntry, Manifest, Party, Reference, Signatory
from saraban.usecases.books import UnitOfWork
from saraban.usecases.finishing import reply_sent
from saraban.usecases.outgoing import OutboxItem
from saraban.usecases.paging import contact_lines
from saraban.usecases.ports import Sealer, Services
from saraban.usecases.receivers import dispatch_to, receivers_of, require_seal
from saraban.usecases.replacing import take_places

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Work:
    dispatch: Dispatch
    letter: Letter
    agency: Agency
    contact: Contact
    through: str = ""
    original: IncomingLetter | None = None
    answered: IncomingLetter | None = None


@dataclass(frozen=True)
class _Desk:
    """What the envelopes that are made together share: opened files, their base64 text, and seals."""

    office: Services
    now: datetime
    blob: Callable[[Digest], bytes]
    encoded: dict[Digest, EncodedFile] = field(default_factory=dict)
    sealers: dict[str, Sealer] = field(default_factory=dict)


@dataclass(frozen=True)
class _Composed:
    """An envelope that was made, with what its dispatch has to know of it."""

    item: OutboxItem
    manifest_sha256: str
    link: Digest | None


def dispatch_letter(
    office: Services, *, actor: Actor, letter_id: LetterId, replaces: Collection[DispatchId] = ()
) -> Sequence[Dispatch]:
    """Queue an issued letter for each of its receivers. Returns the dispatches. At the receivers of the dispatches that
    it `replaces` it takes the place of what they were sent before (`usecases.replacing`: for how long).

    Raises NotPermitted also for a letter to replace that the actor may not send out, and
    RuleBroken for a classified letter, one that is too large for a receiver, when the agency has no seal, or
    for a dispatch that it cannot replace: of another receiver, of this very letter, or two of one receiver.
    """
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_dispatch(actor, letter))
        if letter.state is not LetterState.ISSUED:
            raise RuleBroken("ส่งออกได้เฉพาะหนังสือที่ลงนามและออกเลขแล้วและยังไม่ได้ส่ง", code="state-not-allowed")
        forbid_dispatch(letter)
        agency = uow.agencies.get(actor.agency_id)
        require_seal(office, agency, now)
        known = receivers_of(uow, letter.agency_id, letter.content.recipients)
        dispatches = [dispatch_to(letter, code, known.get(code), now) for code in letter.content.recipients]
        replaced = _replace(uow, actor, dispatches, replaces)
        uow.dispatches.add(*dispatches)
        take_places(uow, letter, replaced, by=actor, at=now)
        uow.record(letter.dispatched([d.to_code for d in dispatches], by=actor, at=now))
        uow.letters.save(letter)
        reply_sent(uow, letter, by=actor, at=now, public_url=office.public_url)
        uow.commit()
    return dispatches


def _replace(
    uow: UnitOfWork, actor: Actor, dispatches: Sequence[Dispatch], replaces: Collection[DispatchId]
) -> list[LetterId]:
    """Name in each of the new dispatches the old one to the same receiver; the letters of the old ones."""
    by_code = {one.to_code: one for one in dispatches}
    letters = dict[LetterId, None]()
    for old_id in sorted(set(replaces)):
        old = uow.dispatches.get(actor.agency_id, old_id)
        require(may_replace(actor, uow.letters.get(actor.agency_id, old.letter_id)))
        new = by_code.get(old.to_code)
        if new is None:
            raise RuleBroken(f"{old.to_name}: ผู้รับของฉบับเดิมไม่ได้อยู่ในผู้รับของหนังสือนี้", code="not-a-receiver")
        if new.replaces is not None:
            raise RuleBroken(f"{old.to_name}: เลือกฉบับเดิมที่จะแทนได้ฉบับเดียวต่อหนึ่งผู้รับ", code="replaced-twice")
        new.replaces = old.id
        letters[old.letter_id] = None
    return sorted(letters)


def compose_next(office: Services, *, limit: int = 50) -> int:
    """Make and seal the envelopes of dispatches that have none yet. Returns how many were tried; 0 when none waits. One
    that cannot be made keeps its words on the screen and is tried again when its lease ends; the others go on. Of a
    circular the letter is read and its files are encoded once for all that are made together."""
    now = office.clock.now()
    with office.uow() as uow:
        claimed = uow.dispatches.claim_uncomposed(now, office.lease, limit)
        letters: dict[LetterId, _Work] = {}
        for one in claimed:
            if one.letter_id not in letters:
                letters[one.letter_id] = _work(uow, one)
        work = [replace(letters[one.letter_id], dispatch=one) for one in claimed]
        if not work:
            return 0
        uow.commit(final=False)
    desk, composed = _Desk(office, now, remembered(office.blobs.open)), list[_Composed]()
    for item in work:
        try:
            composed.append(_compose(desk, item))
        except Exception as error:
            _log.exception("the envelope of dispatch %s could not be made", item.dispatch.id)
            _note_problem(office, item, error)
    try:
        _settle(office, composed, now)
    except ConcurrentEdit:  # one of them was touched meanwhile: the others must not be made again for that
        for one_alone in composed:
            with suppress(ConcurrentEdit):
                _settle(office, [one_alone], now)
    return len(work)


def _settle(office: Services, composed: Sequence[_Composed], now: datetime) -> None:
    """Write down what was made, in one transaction: an envelope with its manifest, and the dispatch that has it now."""
    if not composed:
        return
    of_agency: dict[AgencyId, dict[UUID, _Composed]] = {}
    for one in composed:
        of_agency.setdefault(one.item.agency_id, {})[one.item.ref] = one
    with office.uow() as uow:
        for agency_id in sorted(of_agency):
            made = of_agency[agency_id]
            held = [d for d in uow.dispatches.held(agency_id, list(made)) if _waits_for_envelope(d)]
            for dispatch in held:
                one = made[dispatch.id]
                dispatch.composed, dispatch.manifest_sha256, dispatch.problem = True, one.manifest_sha256, ""
                dispatch.link = one.link
            uow.outbox.put_all([made[dispatch.id].item for dispatch in held], now)
            uow.dispatches.settle(held)
        uow.commit()


def _waits_for_envelope(dispatch: Dispatch) -> bool:
    return not (dispatch.composed or dispatch.stopped_at is not None or dispatch.closed_for)


def _work(uow: UnitOfWork, dispatch: Dispatch) -> _Work:
    letter, agency = uow.letters.get(dispatch.agency_id, dispatch.letter_id), uow.agencies.get(dispatch.agency_id)
    unit = uow.agencies.unit(dispatch.agency_id, letter.unit_id, letter.number_date)
    own = uow.connections.of_unit(dispatch.agency_id, letter.unit_id)
    through = own.address if own is not None and own.sends else ""
    contact = Contact(*contact_lines(letter.content, unit, agency))
    original = uow.incoming.get(letter.agency_id, IncomingId(letter.forwards)) if letter.forwards is not None else None
    answers = uow.tasks.answered_by(letter.agency_id, letter.id)
    answered = uow.incoming.get(letter.agency_id, answers) if answers is not None else None
    return _Work(dispatch, letter, agency, contact, through, original, answered)


def _note_problem(office: Services, item: _Work, error: Exception) -> None:
    reason = error.thai if isinstance(error, SarabanError) else "ข้อผิดพลาดภายใน"
    with office.uow() as uow:
        dispatch = uow.dispatches.get(item.agency.id, item.dispatch.id)
        dispatch.problem = f"ทำซองไม่สำเร็จ จะลองอีกครั้ง: {reason}"
        uow.dispatches.save(dispatch)
        uow.commit()


def _compose(desk: _Desk, work: _Work) -> _Composed:
    manifest = _manifest(work)
    by_hand, link = _by_hand(desk.office, work.dispatch)
    first = work.original.from_name if work.original is not None else ""
    files = [_encode(desk, f) for f in work.letter.files_to_send]
    sealer = _sealer(desk, work.agency.code)
    manifest_bytes = manifest.to_bytes()
    manifest_sha256 = Digest.of(manifest_bytes)
    entity = letter_entity(
        manifest,
        manifest_bytes,
        sealer.seal(manifest_sha256, desk.now),
        letter_cover(manifest, files, by_hand, first),
        files,
    )
    outer = sealer.seal(entity.digest(desk.blob), desk.now)
    envelope = letter_envelope(manifest, entity, outer, at=desk.now, blob=desk.blob, through=work.through)
    item = OutboxItem(
        id=uuid4(),
        agency_id=work.agency.id,
        agency_code=work.agency.code,
        kind=OutboxKind.LETTER,
        ref=work.dispatch.id,
        envelope=envelope,
        give_up_at=work.dispatch.expires_at,
        manifest=manifest_bytes,
    )
    return _Composed(item, manifest_sha256.hex, link)


def _sealer(desk: _Desk, agency_code: str) -> Sealer:
    if agency_code not in desk.sealers:
        desk.sealers[agency_code] = desk.office.seals.sealer(agency_code, desk.now)
    return desk.sealers[agency_code]


def _by_hand(office: Services, dispatch: Dispatch) -> tuple[ByHand | None, Digest | None]:
    """What a receiver without the system is told, and the digest of its link's token. The token is in the mail alone:
    whoever reads the database cannot acknowledge for the receiver."""
    if dispatch.speaks_saraban:
        return None, None
    if not office.public_url:
        return ByHand(), None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    until = office_date(dispatch.created_at + LINK_LIFE)
    return ByHand(f"{office.public_url}/r/{token}", until), Digest.of(token.encode())


def _encode(desk: _Desk, file: Attachment) -> EncodedFile:
    entry = FileEntry(file.name, file.role, file.media_type, file.size, file.sha256)
    known = desk.encoded.get(file.sha256)
    if known is None:
        text = encode_file(desk.office.blobs.open(file.sha256))
        known = desk.encoded[file.sha256] = EncodedFile(entry, desk.office.blobs.keep(text), len(text))
    return EncodedFile(entry, known.encoded, known.encoded_size)


def _manifest(work: _Work) -> Manifest:
    letter, dispatch, agency, content = work.letter, work.dispatch, work.agency, work.letter.content
    assert letter.number is not None and letter.number_date is not None and letter.issued_at is not None
    signatory = letter.signatory
    original = work.original.dispatch_id if work.original is not None else None
    return Manifest(
        id=dispatch.id,
        letter=letter.id,
        sender=Party(agency.code, agency.name, agency.mailbox),
        to=Party(dispatch.to_code, dispatch.to_name, dispatch.to_mailbox),
        number=letter.number,
        date=letter.number_date,
        form=content.form,
        subject=content.subject,
        files=tuple(FileEntry(f.name, f.role, f.media_type, f.size, f.sha256) for f in letter.files_to_send),
        issued_at=letter.issued_at,
        expires_at=dispatch.expires_at,
        addressed_to=content.addressed_to,
        urgency=content.urgency,
        secrecy=content.secrecy,
        signatory=Signatory(signatory.name, signatory.position, signatory.capacity) if signatory else None,
        contact=work.contact,
        references=tuple(
            Reference(r.number, r.date, r.sender, original or _sent_as(work, r)) for r in content.references
        ),
        response_due=content.response_due,
        purpose="information" if content.purpose == "information" else "action",
        replaces=dispatch.replaces,
    )


def _sent_as(work: _Work, reference: content.Reference) -> UUID | None:
    """The dispatch by which the letter came that this one answers: by it its sender finds the answer."""
    answered = work.answered
    return answered.dispatch_id if answered is not None and answered.number == reference.number else None
