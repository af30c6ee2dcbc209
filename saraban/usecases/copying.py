"""Certified copies (clauses 30 and 31): of an issued letter or of one that came in, of a document issued to a person,
and of the file that an issuer gave in answer to a question (the Electronic Performance of State Affairs Act 2565,
section 12), by an officer who may certify, with the officer's own signature. The original never changes; the copy is
kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypedDict, Unpack
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency
from saraban.domain.attachment import Attachment, Digest, Role, letter_page
from saraban.domain.calendar import office_date
from saraban.domain.classification import Secrecy
from saraban.domain.copying import FEE, SPARED, CertifiedCopy, CopyCertified, CopyId, certifiers_of
from saraban.domain.errors import BadInput, NotFound, RuleBroken, SarabanError
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.domain.late_stamp import LateStamp, Stamped
from saraban.domain.letter import LetterId
from saraban.domain.lookup import state_words
from saraban.domain.lookup_events import LookupOpened
from saraban.domain.permissions import (
    Refusal,
    may_certify,
    may_read_incoming,
    may_read_letter,
    may_see_lookup,
    require,
)
from saraban.exchange.thai import thai_moment
from saraban.usecases.books import UnitOfWork
from saraban.usecases.issued_pages import opened
from saraban.usecases.kept_files import dropped_if_refused
from saraban.usecases.papers import CopiedLetter, CopyCertificate
from saraban.usecases.ports import Services

REASON = "รับรองสำเนาถูกต้อง"
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/tiff"})
_PDF = "application/pdf"
_OVER = "ครบกำหนดที่เก็บคำตอบนี้ไว้ได้แล้ว ขอใหม่กับผู้ออก"


class CopyOf(TypedDict, total=False):
    """Of what copies are: one of an outgoing letter, an incoming one, a document issued to a person, and a question to
    an issuer, of which `file` names the one that came; empty is the first."""

    letter_id: LetterId
    incoming_id: IncomingId
    document_id: UUID
    lookup_id: UUID
    file: str


@dataclass(frozen=True)
class _Original:
    """Of what copies are made: what it is about, its file, and in Thai why no copy can be certified. `spares`: each is
    in place of a citizen's; `more` is said below it; `over`: what there is may be kept no longer."""

    agency: Agency
    thing: UUID
    subject: str
    file: Attachment | None
    why_not: str
    number: str
    secrecy: Secrecy
    copied: CopiedLetter
    spares: bool = False
    more: str = ""
    over: bool = False


@dataclass(frozen=True)
class CopyDesk:
    """The copies of a letter or a document, and in Thai why this officer cannot certify one more now; empty when it can
    be done. `is_open`: copies can be made of it, whoever makes them. `number` is its own, in Arabic digits. `spares`:
    every copy of it is in place of a citizen's."""

    subject: str
    copies: Sequence[CertifiedCopy]
    why_not: str
    is_open: bool = True
    number: str = ""
    secrecy: Secrecy = Secrecy.OPEN
    spares: bool = False


def copy_desk(office: Services, *, actor: Actor, **of: Unpack[CopyOf]) -> CopyDesk:
    """The copies of what the actor may read. Looking at the list is part of opening the letter and writes nothing.
    Raises NotFound."""
    with office.uow() as uow:
        found = _read(uow, actor, of, office.clock.now())
        refusal = _refusal(actor, found.agency)
        copies = uow.copies.of(actor.agency_id, found.thing) if not found.over else []
    why = refusal.thai if refusal is not None else found.why_not
    return CopyDesk(found.subject, copies, why, not found.why_not, found.number, found.secrecy, found.spares)


def certify_copy(
    office: Services, *, actor: Actor, passphrase: str, spares_citizen: bool = False, **of: Unpack[CopyOf]
) -> CertifiedCopy:
    """Certify a copy: สำเนา above every page, สำเนาถูกต้อง with name, position and day at the end, signed with the
    officer's own key; `spares_citizen` (always so for what an issuer gave) says below that it was made in place of a
    citizen's, for nothing. Raises NotPermitted for an officer who may not certify, WrongPassphrase, NotFound without a
    key, RuleBroken for what no copy can be made of."""
    if actor.person_id is None:
        raise NotFound
    with office.uow() as uow:
        found = _read(uow, actor, of, office.clock.now())
        picture = uow.people.get(actor.person_id).signature_picture
    require(_refusal(actor, found.agency))
    if found.file is None or found.why_not:
        raise RuleBroken(found.why_not, code="no-copy")
    office.pages.check(actor.person_id, passphrase)
    now = office.clock.now()
    spares = spares_citizen or found.spares
    more = " ".join(words for words in (found.more, SPARED if spares else "") if words)
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
        spares_citizen=spares,
    )
    level = "B-LT" if proven is not None else "B-T" if made.stamped_at is not None else "B-B"
    with dropped_if_refused(office, copy.sha256, SarabanError), office.uow() as uow:
        again = _read(uow, actor, of, now)
        require(_refusal(actor, again.agency))
        if again.over:
            raise RuleBroken(again.why_not, code="no-copy")
        uow.copies.add(copy)
        if made.trouble:
            thing, why = found.thing, made.trouble
            uow.late_stamps.add(LateStamp.wanted(Stamped.COPY, actor.agency_id, thing, copy.sha256, now, why))
        uow.record(
            CopyCertified(
                at=now,
                by=actor,
                thing_id=found.thing,
                original=copy.original,
                sha256=copy.sha256,
                level=level,
                spares_citizen=spares,
                fee=FEE,
            )
        )
        uow.commit()
    return copy


def open_copy(office: Services, *, actor: Actor, sha256: Digest, **of: Unpack[CopyOf]) -> bytes:
    """The bytes of a copy of what the actor may read: only what is kept beside it. That a copy of what an issuer gave
    was opened is an event, as it is for the file itself. Raises NotFound."""
    now = office.clock.now()
    with office.uow() as uow:
        found = _read(uow, actor, of, now)
        if found.over or sha256 not in [copy.sha256 for copy in uow.copies.of(actor.agency_id, found.thing)]:
            raise NotFound
        if (lookup_id := of.get("lookup_id")) is not None:
            asked = uow.document_lookups.get(actor.agency_id, lookup_id)
            name = f"certified-copy-{sha256.hex[:8]}"
            uow.record(LookupOpened(at=now, by=actor, thing_id=asked.id, of=asked.other_code, file=name))
            uow.commit()
    return office.blobs.open(sha256)


def _refusal(actor: Actor, agency: Agency) -> Refusal | None:
    return may_certify(actor, certifiers_of(agency.options.certifiers))


def _read(uow: UnitOfWork, actor: Actor, of: CopyOf, now: datetime) -> _Original:
    agency = uow.agencies.get(actor.agency_id)
    if (letter_id := of.get("letter_id")) is not None:
        return _of_letter(uow, actor, agency, letter_id)
    if (document_id := of.get("document_id")) is not None:
        return _of_document(uow, actor, agency, document_id, office_date(now))
    if (lookup_id := of.get("lookup_id")) is not None:
        return _of_lookup(uow, actor, agency, lookup_id, of.get("file", ""), office_date(now))
    incoming_id = of.get("incoming_id")
    if incoming_id is None:
        raise NotFound
    return _of_incoming(uow, actor, agency, incoming_id)


def _of_letter(uow: UnitOfWork, actor: Actor, agency: Agency, letter_id: LetterId) -> _Original:
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


def _of_incoming(uow: UnitOfWork, actor: Actor, agency: Agency, incoming_id: IncomingId) -> _Original:
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


def _of_document(uow: UnitOfWork, actor: Actor, agency: Agency, document_id: UUID, today: date) -> _Original:
    """A document issued to a person; the copy tells how it stands that day."""
    document, kind = opened(uow, actor, document_id)
    file = None
    if document.digest is not None and document.state.is_out:
        file = Attachment("document.pdf", Role.LETTER, _PDF, document.size, document.digest)
    state = document.public_state(today)
    return _Original(
        agency,
        document.id,
        f"{kind.name_th} {document.holder_name}",
        file,
        "" if file is not None else "รับรองสำเนาได้เมื่อเอกสารออกแล้ว",
        document.number,
        Secrecy.OPEN,
        CopiedLetter(kind.name_th, agency.name, document.number, document.issued_on, "", agency.name),
        more=f"สถานะขณะรับรอง {state_words(state.value)}" if state is not None else "",
    )


def _of_lookup(uow: UnitOfWork, actor: Actor, agency: Agency, lookup_id: UUID, name: str, today: date) -> _Original:
    """A file that an issuer gave; the copy tells what the issuer said of the document, and when."""
    one = uow.document_lookups.get(actor.agency_id, lookup_id)
    require(may_see_lookup(actor, one.unit_id))
    if not one.ours:
        raise NotFound
    over = one.forgotten_at is not None or (one.keep_until is not None and one.keep_until < today)
    kept = next((file for file in one.files if name in ("", file["name"])), None)
    if kept is None and name and not over:
        raise NotFound
    file = None
    told: dict[str, str] = {}
    if kept is not None and not over:
        file = Attachment(kept["name"], Role.LETTER, kept["media_type"], kept["size"], Digest(kept["sha256"]))
        documents = (one.answer or {}).get("documents", [])
        told = next((d for d in documents if d["file"] and d["file"]["name"] == file.name), {})
    why = _OVER if over else "" if file is not None else "ผู้ออกไม่ได้ให้ไฟล์มา จึงไม่มีไฟล์ให้ทำสำเนา"
    if file is not None and file.media_type not in (_PDF, *PICTURES):
        why = "ไฟล์ที่ผู้ออกให้มาไม่ใช่ PDF หรือภาพ จึงทำสำเนาในระบบไม่ได้"
    number, issued = told.get("number", one.number), told.get("issued_on")
    day = date.fromisoformat(issued) if issued else None
    more = ""
    if told and one.answered_at is not None:
        more = f"สถานะที่ผู้ออกแจ้งเมื่อ {thai_moment(one.answered_at)} {state_words(told['state'])}"
    kind = told.get("name", one.document_kind)
    return _Original(
        agency,
        one.id,
        kind,
        file,
        why,
        number,
        Secrecy.OPEN,
        CopiedLetter(kind, one.other_name, number, day, "", agency.name),
        spares=True,
        more=more,
        over=over,
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
    """The original as a PDF that was looked at: what a copy is made of must be passive and whole."""
    data = office.blobs.open(file.sha256)
    if file.media_type in PICTURES:
        return office.renderer.picture_pdf(data)
    try:
        office.renderer.check_upload(data)
    except BadInput as error:
        raise RuleBroken(error.fields.get("file", error.thai), code="no-copy") from error
    return data
