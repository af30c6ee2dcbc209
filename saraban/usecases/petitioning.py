"""The public writes to the agency: a letter is taken in at once with its number and code, and its sender gets the
answer by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, Unit
from saraban.domain.attachment import Attachment, Digest, Role, safe_name
from saraban.domain.classification import Form
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, RuleBroken, StageNotAllowed
from saraban.domain.held_files import HeldFile, HeldState
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.domain.letter import Letter, LetterId
from saraban.domain.permissions import may_work_incoming, require
from saraban.domain.petition import (
    LARGEST_FILE,
    BroughtFile,
    Petition,
    TakenFile,
    Written,
    code_of_key,
    digest_of_key,
    free_name,
    read_key,
    take_files,
    traced,
)
from saraban.exchange.petition_mail import Occasion, Told, contact_rows, contact_words, record_of
from saraban.usecases.books import UnitOfWork
from saraban.usecases.finishing import reply_sent
from saraban.usecases.petition_books import PetitionSheet
from saraban.usecases.petitions import begin_petition, petition_of, tell_sender
from saraban.usecases.ports import Services
from saraban.usecases.viruses import UNSCANNED, require_clean, why_not_scanned

SHEET_NAME = "เรื่อง.pdf"
_CLOSED = "ส่วนราชการนี้ยังไม่เปิดรับเรื่องทางแบบฟอร์ม"
_UNKNOWN = "ไม่พบเรื่องของเลขและรหัสนี้"


@dataclass(frozen=True)
class Receipt:
    """What the sender gets at once: by what the letter is followed, when it entered the system, when the office has it,
    by when it is answered. `repeated`: the form was sent before; `mailed`: the same went to his mailbox; so many files
    are `held` until the virus scanner is back."""

    agency: str
    agency_en: str
    number: str
    code: str
    arrived_at: datetime
    deemed_at: datetime
    due_on: date
    mailed: bool
    repeated: bool = False
    held: int = 0


def file_petition(
    office: Services, *, agency_code: str, key: str, written: Written, files: Sequence[BroughtFile] = ()
) -> Receipt:
    """Take a letter from anybody in: it waits for its receiving number like a letter of an agency. The same form sent
    twice is one letter with one receipt. Files wait apart while the virus scanner is away. Raises BadInput by
    field, NotFound for an agency that takes none."""
    before = sent_before(office, agency_code=agency_code, key=key, written=written, files=files)
    if before is not None:
        return before
    written, taken = written.tidied(), take_files(files)
    with office.uow() as uow:
        agency = _agency(uow, agency_code)
        central = uow.agencies.central_unit(agency.id)
    passed, unread = _looked_through(office, taken)
    letter, held = _letter(office, agency, central, written, passed, unread)
    try:
        return _keep(office, agency, letter, held, key)
    except ConcurrentEdit:  # the same form, pressed twice at one moment
        with office.uow() as uow:
            before = _sent_before(uow, agency, key, written, taken)
        if before is None:
            raise
        return before


def sent_before(
    office: Services, *, agency_code: str, key: str, written: Written, files: Sequence[BroughtFile] = ()
) -> Receipt | None:
    """The receipt of this very letter when its form was sent before; None for a new one, which costs nothing yet.
    Raises as `file_petition` does for what cannot be taken in."""
    key, written = read_key(key), written.tidied()
    written.expect_whole()
    taken = take_files(files)
    with office.uow() as uow:
        return _sent_before(uow, _agency(uow, agency_code), key, written, taken)


def give_answer(
    office: Services,
    *,
    actor: Actor,
    incoming_id: IncomingId,
    letter_id: LetterId | None = None,
    file: BroughtFile | None = None,
) -> bool:
    """Lay the answer where its sender fetches it with number and code: an issued letter that answers this one, or a
    PDF; it is also mailed to him where he named a mailbox. Returns whether it was. Raises StageNotAllowed before the
    letter is registered, BadInput, RuleBroken for an answer that is not issued or is classified."""
    now = office.clock.now()
    kept = _kept_answer(office, file) if file is not None else None
    if kept is None and letter_id is None:
        raise BadInput({"file": "เลือกหนังสือตอบที่ออกแล้ว หรือไฟล์ PDF"})
    with office.uow() as uow:
        letter = uow.incoming.get(actor.agency_id, incoming_id)
        require(may_work_incoming(actor, letter))
        petition = petition_of(uow, letter)
        if petition is None:
            raise NotFound
        if letter.state is not IncomingState.REGISTERED:
            raise StageNotAllowed("ลงรับก่อน จึงส่งคำตอบให้ผู้ยื่นได้", code="not-registered")
        reply = _reply(uow, letter, letter_id) if kept is None and letter_id is not None else None
        if reply is not None:
            kept = reply.issued_file
        assert kept is not None
        agency = uow.agencies.get(actor.agency_id)
        data = office.blobs.open(kept.sha256)
        told = Told(
            Occasion.ANSWERED,
            petition.number,
            office.public_url,
            file=("answer.pdf", data) if len(data) <= LARGEST_FILE else None,
        )
        mailed = tell_sender(uow, agency, petition, letter, told, now)
        fact = petition.give_answer(
            letter_id=letter_id if reply is not None else None, file=kept.sha256, mailed=mailed, by=actor, at=now
        )
        uow.record(fact)
        uow.petitions.save(petition)
        letter.note_answered()
        uow.incoming.save(letter)
        if reply is not None and not reply.content.recipients:
            reply_sent(
                uow, reply, by=actor, at=now, public_url=office.public_url
            )  # it goes to nobody else: with this it is sent
        uow.commit()
    return mailed


def open_answer(office: Services, *, number: str, code: str) -> tuple[str, bytes]:
    """The answer behind a number and a code, with a name for it. NotFound, always with the same words, for all that
    lead to none."""
    with office.uow() as uow:
        petition = find_petition(uow, number, code)
        if petition is None or petition.answer is None:
            raise NotFound(_UNKNOWN)
        digest, name = petition.answer, f"answer-{petition.serial}-{petition.year}.pdf"
    return name, office.blobs.open(digest)


def find_petition(uow: UnitOfWork, number: str, code: str) -> Petition | None:
    """The letter of a whole code, or of a number with the short form of its code."""
    trace = traced(number, code)
    if trace is None:
        return None
    if trace.whole:
        return uow.petitions.by_code(trace.digest)
    return uow.petitions.by_number(trace.serial, trace.year, trace.digest)


def _agency(uow: UnitOfWork, code: str) -> Agency:
    found = uow.agencies.by_code(code)
    if found is None or not found.options.petitions:
        raise NotFound(_CLOSED)
    return found


def _sent_before(
    uow: UnitOfWork, agency: Agency, key: str, written: Written, taken: Sequence[TakenFile]
) -> Receipt | None:
    petition = uow.petitions.of_form(digest_of_key(key))
    if petition is None:
        return None
    letter = uow.incoming.get(petition.agency_id, petition.incoming_id)
    same = (letter.subject, letter.text) == (written.subject, _text(written))
    held = uow.held_files.of_letter(letter.id)
    files = {file.sha256 for file in letter.files[1:]} | {file.digest for file in held}
    if petition.agency_id != agency.id or not same or files != {_sha(file) for file in taken}:
        words = f"แบบฟอร์มนี้ส่งไปแล้ว เลขรับเรื่อง {petition.number} ถ้าจะส่งเรื่องใหม่ เปิดแบบฟอร์มใหม่"
        raise BadInput({"key": words})
    waiting = sum(file.state is HeldState.WAITING for file in held)
    mailed = bool(letter.from_mailbox)
    return _receipt(agency, petition, code_of_key(key), mailed=mailed, repeated=True, held=waiting)


def _letter(
    office: Services,
    agency: Agency,
    central: Unit,
    written: Written,
    taken: Sequence[TakenFile],
    unread: Sequence[TakenFile],
) -> tuple[IncomingLetter, list[HeldFile]]:
    """The incoming letter, with its words on a page of its own before the files that were sent, and the files that wait
    apart; all bytes are kept before any row names them."""
    new, now = IncomingId(uuid4()), office.clock.now()
    held = [
        HeldFile(
            uuid4(),
            agency.id,
            file.name,
            file.media_type,
            len(file.data),
            office.blobs.keep(file.data),
            now,
            incoming_id=new,
            why=UNSCANNED,
        )
        for file in unread
    ]
    raw = record_of(written, taken, record_id=new, agency=(agency.name, agency.mailbox), at=now, held=held)
    rows, names = contact_rows(written), [file.name for file in (*taken, *unread)]
    sheet = office.papers.petition(PetitionSheet(agency.name, written.subject, written.text, rows, names, now))
    page = TakenFile(free_name(SHEET_NAME, names), "application/pdf", sheet)
    letter = IncomingLetter(
        id=new,
        agency_id=agency.id,
        unit_id=central.id,
        state=IncomingState.NEW,
        received_at=now,
        raw_sha256=office.blobs.keep(raw),
        message_id="",
        from_mailbox=written.mailbox,
        from_name=written.name,
        form=Form.OTHER,
        subject=written.subject,
        addressed_to=agency.name,
        text=_text(written),
        files=[
            Attachment(
                file.name,
                Role.LETTER if file is page else Role.ENCLOSURE,
                file.media_type,
                len(file.data),
                office.blobs.keep(file.data),
            )
            for file in (page, *taken)
        ],
    )
    return letter, held


def _keep(office: Services, agency: Agency, letter: IncomingLetter, held: Sequence[HeldFile], key: str) -> Receipt:
    code, gateway = code_of_key(key), Actor.gateway(agency.id)
    with office.uow() as uow:
        petition = begin_petition(uow, agency, letter, code, form_key=digest_of_key(key))
        uow.incoming.add(letter)
        uow.petitions.add(petition)
        uow.held_files.add(*held)
        told = Told(
            Occasion.RECEIVED,
            petition.number,
            office.public_url,
            code=code,
            arrived_at=petition.arrived_at,
            deemed_at=petition.deemed_at,
            due_on=petition.due_on,
            held=len(held),
        )
        mailed = tell_sender(uow, agency, petition, letter, told, petition.arrived_at)
        files = len(letter.files) - 1 + len(held)
        uow.record(petition.filed(files=files, by=gateway, at=petition.arrived_at))
        uow.commit()
    return _receipt(agency, petition, code, mailed=mailed, held=len(held))


def _receipt(
    agency: Agency, petition: Petition, code: str, *, mailed: bool, repeated: bool = False, held: int = 0
) -> Receipt:
    return Receipt(
        agency=agency.name,
        agency_en=agency.name_en,
        number=petition.number,
        code=code,
        arrived_at=petition.arrived_at,
        deemed_at=petition.deemed_at,
        due_on=petition.due_on,
        mailed=mailed,
        repeated=repeated,
        held=held,
    )


def _looked_through(office: Services, taken: Sequence[TakenFile]) -> tuple[list[TakenFile], list[TakenFile]]:
    """The files that were found harmless, and those that the scanner could not be asked about: once it is away it is
    not waited for again. Raises BadInput({"files": …})."""
    passed: list[TakenFile] = []
    for place, file in enumerate(taken):
        if not _harmless(office, file):
            return passed, list(taken[place:])
        passed.append(file)
    return passed, []


def _harmless(office: Services, file: TakenFile) -> bool:
    """False while the scanner is away; then the file is not read. Raises BadInput({"files": …}) for a virus, and for a
    PDF that is spoiled, closed or does something by itself."""
    try:
        if why_not_scanned(office.scanner, file.data, field="files"):
            return False
        if file.media_type == "application/pdf":
            office.renderer.check_upload(file.data)
        return True
    except BadInput as error:
        words = error.fields.get("files") or error.fields.get("file") or error.thai
        raise BadInput({"files": f"{file.name}: {words}"}) from None


def _kept_answer(office: Services, file: BroughtFile) -> Attachment:
    if not file.data or len(file.data) > LARGEST_FILE:
        raise BadInput({"file": "เลือกไฟล์ PDF ไม่เกิน ๑๐ MB"})
    require_clean(office.scanner, file.data)
    office.renderer.check_upload(file.data)
    digest = office.blobs.keep(file.data)
    return Attachment(safe_name(file.name), Role.LETTER, "application/pdf", len(file.data), digest)


def _reply(uow: UnitOfWork, letter: IncomingLetter, letter_id: LetterId) -> Letter:
    if uow.tasks.answered_by(letter.agency_id, letter_id) != letter.id:
        raise NotFound
    reply = uow.letters.get(letter.agency_id, letter_id)
    if reply.issued_file is None:
        raise RuleBroken("หนังสือตอบยังไม่ได้ลงนามและออกเลข", code="state-not-allowed")
    if not reply.content.secrecy.is_open:
        raise RuleBroken("หนังสือชั้นความลับส่งทางหน้าติดตามไม่ได้", code="secrecy-not-allowed")
    return reply


def _text(written: Written) -> str:
    return f"{written.text}\n\n{contact_words(written)}"


def _sha(file: TakenFile) -> Digest:
    return Digest.of(file.data)
