"""A letter that is for another agency goes on to it (`forwarded`, wire.md section 4): a dispatch of ours carries the
files as they came and beside them the first sender's manifest and its seal, so that the next agency can check both. One
of the public's has no seal: its page and files go, under the number by which it is followed; it may be registered
already, and its matter is closed with that."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, Correspondent
from saraban.domain.attachment import Attachment, Role
from saraban.domain.calendar import office_date
from saraban.domain.content import Content, Reference
from saraban.domain.dispatch import Dispatch
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.held_files import HeldState
from saraban.domain.incoming import MOST_REASON, IncomingId, IncomingLetter, IncomingState
from saraban.domain.letter import Letter, LetterId, LetterState, Signatory
from saraban.domain.permissions import may_work_incoming, require
from saraban.domain.petition import petition_number
from saraban.domain.receipt import Step
from saraban.exchange.forwarded import MANIFEST_TYPE, SIGNATURE_TYPE, evidence_names
from saraban.exchange.manifest import MAX_FILES
from saraban.exchange.parse import Unreadable
from saraban.exchange.petition_mail import Occasion, Told
from saraban.usecases.answering import owe_statement
from saraban.usecases.books import UnitOfWork
from saraban.usecases.finishing import complete
from saraban.usecases.notices import arrival_over
from saraban.usecases.petitions import end_petition, tell_sender
from saraban.usecases.ports import Services
from saraban.usecases.receivers import dispatch_to, receivers_of, require_seal


def forward_letter(office: Services, *, actor: Actor, incoming_id: IncomingId, to: str, reason: str = "") -> Dispatch:
    """Send an incoming letter that is not registered, or one of the public, on to this agency (its code), and tell its
    sender. Returns the dispatch; the letter under which it is followed has the number and date of the original.

    Raises StageNotAllowed when it is registered (one of the public: when it was answered, its matter is closed or work
    is left) or decided or when the seal of its sender does not hold, BadInput for a receiver that cannot be, RuleBroken
    when the letter is too large for the receiver.
    """
    now = office.clock.now()
    reason = " ".join(reason.split())
    if len(reason) > MOST_REASON:
        raise BadInput({"reason": "เหตุผลยาวเกิน 1,000 ตัวอักษร"})
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_work_incoming(actor, letter))
    letter.may_be_forwarded()
    evidence = [] if petition_number(letter) else _evidence(office, letter)
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_work_incoming(actor, letter))
        letter.may_be_forwarded()
        _expect_scanned(uow, letter)
        agency = uow.agencies.get(actor.agency_id)
        next_one = _receiver(uow, letter, agency, to)
        require_seal(office, agency, now)
        sent = _letter(letter, actor, next_one, evidence, now)
        uow.letters.add(sent)
        dispatch = dispatch_to(sent, next_one.code, next_one, now)
        uow.dispatches.add(dispatch)
        uow.record(sent.dispatched([dispatch.to_code], by=actor, at=now))
        uow.letters.save(sent)
        code, name = next_one.code, next_one.name
        uow.record(letter.forward(dispatch_id=dispatch.id, code=code, name=name, reason=reason, by=actor, at=now))
        if letter.state is IncomingState.REGISTERED:
            complete(uow, letter, by=actor, at=now)
        else:
            uow.incoming.save(letter)
        arrival_over(uow.notices, letter, now)
        _tell_public(office, uow, agency, letter, now)
        owe_statement(uow, letter, agency, Step.FORWARDED, at=now, automatic=False, forwarded_to=(code, name))
        uow.commit()
    return dispatch


def _expect_scanned(uow: UnitOfWork, letter: IncomingLetter) -> None:
    """Raise RuleBroken while a file of it waits for the virus scanner: it would stay behind."""
    held = uow.held_files.of_letter(letter.id) if petition_number(letter) else ()
    if any(one.state is HeldState.WAITING for one in held):
        raise RuleBroken(
            "ไฟล์แนบของเรื่องนี้ยังไม่ได้ตรวจไวรัส ส่งต่อได้เมื่อตรวจแล้ว ระบบตรวจให้เองเมื่อตัวตรวจไวรัสตอบ", code="not-scanned"
        )


def _tell_public(office: Services, uow: UnitOfWork, agency: Agency, letter: IncomingLetter, now: datetime) -> None:
    """Somebody of the public sees on his page to whom his letter went, and hears it by mail (B.E. 2565, section 10)."""
    petition = end_petition(uow, letter, now)
    if petition is not None:
        told = Told(Occasion.FORWARDED, petition.number, office.public_url, to_agency=letter.forward_name)
        tell_sender(uow, agency, petition, letter, told, now)


def _evidence(office: Services, letter: IncomingLetter) -> list[Attachment]:
    """The manifest and its signature byte for byte, out of the mail as it came."""
    try:
        message = office.mail_reader.read(office.blobs.open(letter.raw_sha256))
    except (Unreadable, NotFound):
        raise RuleBroken("อ่านไปรษณีย์ต้นฉบับไม่ได้ จึงแนบหลักฐานของผู้ส่งเดิมไม่ได้", code="unreadable") from None
    if message.manifest is None or message.manifest_p7s is None:
        raise RuleBroken("ไปรษณีย์นี้ไม่มีตราของผู้ส่งเดิมให้แนบไป", code="signature-missing")
    if len(letter.files) + 2 > MAX_FILES:
        raise RuleBroken(f"หนังสือนี้มีไฟล์มากเกินกว่าจะแนบหลักฐานไปด้วยได้ (ไม่เกิน {MAX_FILES - 2} ไฟล์)", code="too-many-files")
    names = evidence_names([file.name for file in letter.files])
    parts = zip(names, (MANIFEST_TYPE, SIGNATURE_TYPE), (message.manifest, message.manifest_p7s), strict=True)
    return [Attachment(name, Role.ENCLOSURE, kind, len(data), office.blobs.keep(data)) for name, kind, data in parts]


def _receiver(uow: UnitOfWork, letter: IncomingLetter, agency: Agency, to: str) -> Correspondent:
    if not to.strip():
        raise BadInput({"to": "เลือกหน่วยงานที่จะส่งต่อ"})
    found = receivers_of(uow, agency.id, [to.strip()]).get(to.strip())
    if found is None:
        raise BadInput({"to": "ไม่พบหน่วยงานนี้ในทำเนียบ"})
    if found.code == agency.code:
        raise BadInput({"to": "หนังสืออยู่ที่หน่วยงานนี้แล้ว"})
    if found.code == letter.from_code:
        raise BadInput({"to": "หน่วยงานนี้คือผู้ส่ง ใช้ “ส่งคืน” พร้อมเหตุผล"})
    return found


def _letter(
    letter: IncomingLetter, actor: Actor, to: Correspondent, evidence: list[Attachment], now: datetime
) -> Letter:
    """The letter of ours that carries it: nothing in it is new but to whom it goes."""
    number, day = letter.number, letter.number_date
    if asked := petition_number(letter):  # of the public's letters that number is the only one there is
        number, day = f"รับเรื่อง {asked}", office_date(letter.received_at)
    assert day is not None and actor.person_id is not None
    said, due = letter.details.get("signatory"), letter.details.get("response_due")
    content = Content(
        form=letter.form,
        subject=letter.subject,
        addressed_to=letter.addressed_to,
        recipients=(to.code,),
        references=(Reference(number, day, letter.from_code or letter.from_name),),
        urgency=letter.urgency,
        secrecy=letter.secrecy,
        response_due=date.fromisoformat(due) if due else None,
        purpose=letter.details.get("purpose", "action"),
    )
    return Letter(
        id=LetterId(uuid4()),
        agency_id=letter.agency_id,
        unit_id=letter.unit_id,
        drafter_id=actor.person_id,
        drafter_name=actor.name,
        content=content,
        created_at=now,
        updated_at=now,
        state=LetterState.ISSUED,
        files=[*letter.files, *evidence],
        number=number,
        number_date=day,
        signatory=Signatory(said["name"], said["position"], said["capacity"]) if said else None,
        issued_at=now,
        forwards=letter.id,
    )
