"""Certified copies (clauses 30 and 31): of an issued letter or of one that came in, by an officer who may certify, with
the officer's own signature. The original never changes; the copy is kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency
from saraban.domain.attachment import Attachment, Digest, letter_page
from saraban.domain.classification import Secrecy
from saraban.domain.copying import FEE, SPARED, CertifiedCopy, CopyCertified, CopyId, certifiers_of
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.domain.letter import LetterId
from saraban.domain.permissions import Refusal, may_certify, may_read_incoming, may_read_letter, require
from saraban.usecases.books import UnitOfWork
from saraban.usecases.papers import CopiedLetter, CopyCertificate
from saraban.usecases.ports import Services

REASON = "รับรองสำเนาถูกต้อง"
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/tiff"})


@dataclass(frozen=True)
class _Original:
    """A letter of which copies are made: what it is about, its file, and in Thai why no copy can be certified."""

    agency: Agency
    thing: UUID
    subject: str
    file: Attachment | None
    why_not: str
    number: str
    secrecy: Secrecy
    copied: CopiedLetter


@dataclass(frozen=True)
class CopyDesk:
    """The copies of a letter, and in Thai why this officer cannot certify one more now; empty when it can be done.
    `is_open`: copies can be made of it, whoever makes them. `number` is the letter's own, in Arabic digits."""

    subject: str
    copies: Sequence[CertifiedCopy]
    why_not: str
    is_open: bool = True
    number: str = ""
    secrecy: Secrecy = Secrecy.OPEN


def copy_desk(
    office: Services, *, actor: Actor, letter_id: LetterId | None = None, incoming_id: IncomingId | None = None
) -> CopyDesk:
    """The copies of an outgoing or an incoming letter that the actor may read. Looking at the list is part of opening
    the letter and writes nothing."""
    with office.uow() as uow:
        found = _read(uow, actor, letter_id, incoming_id)
        refusal = _refusal(actor, found.agency)
        copies = uow.copies.of(actor.agency_id, found.thing)
    why = refusal.thai if refusal is not None else found.why_not
    return CopyDesk(found.subject, copies, why, not found.why_not, found.number, found.secrecy)


def certify_copy(
    office: Services,
    *,
    actor: Actor,
    passphrase: str,
    letter_id: LetterId | None = None,
    incoming_id: IncomingId | None = None,
    spares_citizen: bool = False,
) -> CertifiedCopy:
    """Certify a copy of an outgoing or an incoming letter: สำเนา above every page, สำเนาถูกต้อง with name, position and
    day at the end, signed with the officer's own key; `spares_citizen` says below that it was made in place of a
    citizen's, for nothing. Raises NotPermitted for an officer who may not certify, WrongPassphrase, NotFound without a
    key, RuleBroken for a letter of which none can be made."""
    if actor.person_id is None:
        raise NotFound
    with office.uow() as uow:
        found = _read(uow, actor, letter_id, incoming_id)
        picture = uow.people.get(actor.person_id).signature_picture
    require(_refusal(actor, found.agency))
    if found.file is None or found.why_not:
        raise RuleBroken(found.why_not, code="no-copy")
    office.pages.check(actor.person_id, passphrase)
    now = office.clock.now()
    more = SPARED if spares_citizen else ""
    certificate = CopyCertificate(actor.name, actor.title, now, found.copied, found.agency.options.digits, more)
    page = office.renderer.certified_copy(_pdf(office, found.file), certificate)
    block = replace(page.block, picture=picture)
    made = office.pages.sign(
        page.pdf, person_id=actor.person_id, passphrase=passphrase, block=block, at=now, reason=REASON
    )
    proven = office.page_prover.prove(made.pdf, now)
    pdf = made.pdf if proven is None else proven
    copy = CertifiedCopy(
        id=CopyId(uuid4()),
        agency_id=actor.agency_id,
        letter_id=found.thing,
        original=found.file.sha256,
        sha256=office.blobs.keep(pdf),
        size=len(pdf),
        person_id=actor.person_id,
        person_name=actor.name,
        title=actor.title,
        at=now,
        spares_citizen=spares_citizen,
    )
    level = "B-LT" if proven is not None else "B-T" if made.stamped_at is not None else "B-B"
    with office.uow() as uow:
        again = _read(uow, actor, letter_id, incoming_id)
        require(_refusal(actor, again.agency))
        uow.copies.add(copy)
        uow.record(
            CopyCertified(
                at=now,
                by=actor,
                thing_id=found.thing,
                original=copy.original,
                sha256=copy.sha256,
                level=level,
                spares_citizen=spares_citizen,
                fee=FEE,
            )
        )
        uow.commit()
    return copy


def open_copy(
    office: Services,
    *,
    actor: Actor,
    sha256: Digest,
    letter_id: LetterId | None = None,
    incoming_id: IncomingId | None = None,
) -> bytes:
    """The bytes of a copy of a letter that the actor may read: only what is kept beside that letter."""
    with office.uow() as uow:
        found = _read(uow, actor, letter_id, incoming_id)
        if sha256 not in [copy.sha256 for copy in uow.copies.of(actor.agency_id, found.thing)]:
            raise NotFound
    return office.blobs.open(sha256)


def _refusal(actor: Actor, agency: Agency) -> Refusal | None:
    return may_certify(actor, certifiers_of(agency.options.certifiers))


def _read(uow: UnitOfWork, actor: Actor, letter_id: LetterId | None, incoming_id: IncomingId | None) -> _Original:
    agency = uow.agencies.get(actor.agency_id)
    if letter_id is not None:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_read_letter(actor, letter))
        file = letter.issued_file
        why = "" if file is not None else "รับรองสำเนาได้เมื่อหนังสือลงนามและออกเลขแล้ว"
        secrecy = letter.content.secrecy
        why = why or _why_secret(secrecy)
        subject, number = letter.content.subject, letter.number or ""
        form = letter.content.form
        copied = CopiedLetter(form.thai, agency.name, number, letter.number_date, subject, agency.name)
        return _Original(agency, letter.id, subject, file, why, number, secrecy, copied)
    if incoming_id is None:
        raise NotFound
    received = uow.incoming.get(actor.agency_id, incoming_id)
    require(may_read_incoming(actor, received))
    page = letter_page(received.files) or next((f for f in received.files if f.media_type in PICTURES), None)
    why = "" if received.state is IncomingState.REGISTERED else "รับรองสำเนาได้เมื่อลงรับแล้ว"
    why = why or ("" if page is not None else "หนังสือนี้ไม่มีไฟล์ PDF หรือภาพให้ทำสำเนา")
    secrecy = received.secrecy
    why = why or _why_secret(secrecy)
    return _Original(
        agency, received.id, received.subject, page, why, received.number or "", secrecy, _received(received, agency)
    )


def _received(letter: IncomingLetter, agency: Agency) -> CopiedLetter:
    kind = "หนังสือที่รับทางไปรษณีย์อิเล็กทรอนิกส์" if letter.ordinary else letter.form.thai
    received = f"{letter.register_number}/{letter.register_year}" if letter.register_number else ""
    sender, day = letter.from_name, letter.number_date
    return CopiedLetter(kind, sender, letter.number, day, letter.subject, agency.name, received)


def _why_secret(secrecy: Secrecy) -> str:
    if secrecy.is_open:
        return ""
    return f"หนังสือชั้น{secrecy.thai}ทำสำเนาในระบบไม่ได้ ทำตามระเบียบว่าด้วยการรักษาความลับของทางราชการ"


def _pdf(office: Services, file: Attachment) -> bytes:
    """The letter as a PDF that was looked at: what a copy is made of must be passive and whole."""
    data = office.blobs.open(file.sha256)
    if file.media_type in PICTURES:
        return office.renderer.picture_pdf(data)
    try:
        office.renderer.check_upload(data)
    except BadInput as error:
        raise RuleBroken(error.fields.get("file", error.thai), code="no-copy") from error
    return data
