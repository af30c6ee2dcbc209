"""The receiving stamp (ตรารับหนังสือ, form 12): where it stands on the first page of a received letter, the marked copy,
the sticker, and the copy that the agency seals inside with the stamp as the seal's face. What was received is never
changed by any of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency
from saraban.domain.attachment import Attachment, Digest, letter_page
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, RuleBroken, SarabanError
from saraban.domain.events import SecretOpened
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.domain.late_stamp import LateStamp, Stamped
from saraban.domain.permissions import (
    Refusal,
    may_amend,
    may_open_scan,
    may_read_incoming,
    may_work_incoming,
    require,
    words_of,
)
from saraban.domain.register import EntryId, EntryState, RegisterEntry
from saraban.domain.stamp_events import StampPlaced, StampSealed
from saraban.usecases.books import UnitOfWork
from saraban.usecases.papers import ReceivingStamp, StampPlace, StampSpot, WrittenNote
from saraban.usecases.ports import Services
from saraban.usecases.proofs import SignedPage

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/tiff"})
_A_HAIR = 0.05


@dataclass(frozen=True)
class StampSheet:
    """The receiving stamp of a line with its page. `spot` is where it stands and None when there is no page to show,
    for which `why_none` has the reason; `why_fixed` says in Thai why the actor may not move it. `wants_seal`: the
    agency has the stamp also sealed inside the file; `sealed` is that copy, when one was made."""

    entry_id: EntryId
    incoming_id: IncomingId | None
    subject: str
    stamp: ReceivingStamp
    file: Attachment | None
    spot: StampSpot | None
    why_none: str
    why_fixed: str
    wants_seal: bool
    sealed: Digest | None


@dataclass(frozen=True)
class _Line:
    """What one transaction read about a stamped line."""

    entry: RegisterEntry
    letter: IncomingLetter | None
    agency: Agency
    stamp: ReceivingStamp
    file: Attachment | None
    place: StampPlace | None
    sealed: Digest | None
    unmovable: Refusal | None

    @property
    def thing(self) -> EntryId | IncomingId:
        """What the journal tells of: the letter of the system, else the line."""
        return self.letter.id if self.letter is not None else self.entry.id


def entry_of_letter(office: Services, *, actor: Actor, incoming_id: IncomingId) -> EntryId:
    """The line of a registered incoming letter. Raises RuleBroken when it has none (no longer)."""
    with office.uow() as uow:
        return _entry_of(uow, actor, incoming_id).id


def stamp_sheet(office: Services, *, actor: Actor, entry_id: EntryId, opened: bool = False) -> StampSheet:
    """The stamp of a line with its page, to be looked at; opening a classified one is written into the journal, unless
    the letter was `opened` a moment ago."""
    line = _opened(office, actor, entry_id, known=opened)
    spot, why_none = None, ""
    try:
        spot = office.renderer.stamp_spot(_page_pdf(office, line), line.place)
    except SarabanError as error:
        why_none = error.thai
    return StampSheet(
        entry_id=line.entry.id,
        incoming_id=line.letter.id if line.letter is not None else None,
        subject=line.entry.subject,
        stamp=line.stamp,
        file=line.file,
        spot=spot,
        why_none=why_none,
        why_fixed=words_of(line.unmovable),
        wants_seal=line.agency.options.seal_in_file,
        sealed=line.sealed,
    )


def page_image(office: Services, *, actor: Actor, entry_id: EntryId, width: int) -> bytes:
    """The first page of a line's letter as PNG. Looking at it is part of opening the line and writes nothing."""
    with office.uow() as uow:
        line = _read(uow, actor, entry_id)
    return office.renderer.thumbnail(_page_pdf(office, line), page=0, width=width)


def place_stamp(
    office: Services, *, actor: Actor, entry_id: EntryId, left_mm: float | None, top_mm: float | None
) -> StampSpot:
    """Put the stamp's upper left corner so far from the left and the upper edge of the first page, or back to its usual
    place (None). Raises BadInput({"left": …, "top": …}) for a place beyond the page."""
    with office.uow() as uow:
        line = _read(uow, actor, entry_id)
        require(line.unmovable)
    pdf = _page_pdf(office, line)
    spot = office.renderer.stamp_spot(pdf)
    if left_mm is not None and top_mm is not None:
        _expect_on_page(spot, left_mm, top_mm)
        spot = office.renderer.stamp_spot(pdf, StampPlace(left_mm, top_mm))
    left, top = round(spot.left_mm, 1), round(spot.top_mm, 1)
    with office.uow() as uow:
        again = _read(uow, actor, entry_id)
        require(again.unmovable)
        _forget_sealed(uow, again)
        uow.registers.place_stamp(entry_id, left, top)
        place = f"ห่างขอบซ้าย {left:g} มม. ขอบบน {top:g} มม."
        uow.record(StampPlaced(at=office.clock.now(), by=actor, thing_id=line.thing, place=place))
        uow.commit()
    return spot


def marked_copy(office: Services, *, actor: Actor, entry_id: EntryId) -> bytes:
    """สำเนาประทับตรารับ: a copy of the letter with the stamp where it was put, as PDF, and on it what officers wrote
    (เกษียน), each where the page is blank."""
    line = _opened(office, actor, entry_id)
    stamped = office.renderer.stamped_copy(_page_pdf(office, line), line.stamp, line.place)
    notes = _written(office, line)
    return office.renderer.endorsed_copy(stamped, notes, line.stamp.digits) if notes else stamped


def marked_copy_of_letter(office: Services, *, actor: Actor, incoming_id: IncomingId) -> bytes:
    """The marked copy of a registered incoming letter of the system."""
    entry_id = entry_of_letter(office, actor=actor, incoming_id=incoming_id)
    return marked_copy(office, actor=actor, entry_id=entry_id)


def sticker(office: Services, *, actor: Actor, entry_id: EntryId) -> bytes:
    """The stamp alone, on a page of its size, for a label printer."""
    with office.uow() as uow:
        line = _read(uow, actor, entry_id)
    return office.papers.sticker(line.stamp)


def seal_copy(office: Services, *, actor: Actor, entry_id: EntryId) -> Digest:
    """ฉบับลงตราในไฟล์: the received file with the agency's seal added inside, showing the stamp; signatures in it stay
    good. Where strict readers do not read the file, its pages are written anew in the copy, unless it is signed. Raises
    RuleBroken when the agency does not want it or the file cannot be sealed, NotFound without a seal, and
    ConcurrentEdit when the stamp was moved meanwhile."""
    now = office.clock.now()
    with office.uow() as uow:
        line = _read(uow, actor, entry_id)
        require(line.unmovable)
    if not line.agency.options.seal_in_file:
        raise RuleBroken("ส่วนราชการไม่ได้เลือกให้ลงตราในไฟล์ ผู้ดูแลระบบเปิดใช้ได้ที่การตั้งค่าทะเบียน", code="seal-not-wanted")
    pdf = _checked(office, _page_pdf(office, line))
    spot = office.renderer.stamp_spot(pdf, line.place)
    try:
        made = _sealed_inside(office, line, pdf, now)
    except RuleBroken as error:
        if error.code != "page-unreadable":
            raise
        made = _sealed_inside(office, line, office.renderer.rewritten(pdf), now)
    sealed = office.blobs.keep(made.pdf)
    with office.uow() as uow:
        again = _read(uow, actor, entry_id)
        require(again.unmovable)
        if again.place != line.place or again.entry.digest() != line.entry.digest():
            raise ConcurrentEdit
        _forget_sealed(uow, again)
        uow.registers.keep_sealed(entry_id, spot.left_mm, spot.top_mm, sealed)
        if made.trouble:
            of = Stamped.RECEIVED, actor.agency_id, line.thing
            uow.late_stamps.add(LateStamp.wanted(*of, sealed, now, made.trouble))
        uow.record(StampSealed(at=now, by=actor, thing_id=line.thing, sha256=sealed))
        uow.commit()
    return sealed


def _forget_sealed(uow: UnitOfWork, line: _Line) -> None:
    """The copy that was sealed inside before can be had no longer: no stamp is asked for it, and none shown."""
    if line.sealed is not None:
        uow.late_stamps.forget(line.thing, line.sealed)


def _sealed_inside(office: Services, line: _Line, pdf: bytes, now: datetime) -> SignedPage:
    return office.page_sealer.seal_page(
        pdf,
        agency_code=line.agency.code,
        box=office.renderer.stamp_box(pdf, line.place),
        drawn=office.papers.seal_face(line.stamp),
        reason=f"รับหนังสือ เลขรับ {line.entry.serial}/{line.entry.year}",
        at=now,
    )


def open_sealed(office: Services, *, actor: Actor, entry_id: EntryId) -> bytes:
    """The copy that was sealed inside; NotFound when there is none with the stamp where it stands now."""
    line = _opened(office, actor, entry_id)
    if line.sealed is None:
        raise NotFound("ยังไม่มีฉบับลงตราในไฟล์ของรายการนี้")
    return office.blobs.open(line.sealed)


def _written(office: Services, line: _Line) -> list[WrittenNote]:
    if line.letter is None:
        return []
    with office.uow() as uow:
        written = uow.tasks.written(line.letter.agency_id, line.letter.id)
    return [WrittenNote(one.text, one.person_name, one.title, one.at) for one in written]


# --- reading a line -------------------------------------------------------------------------------------------


def _opened(office: Services, actor: Actor, entry_id: EntryId, *, known: bool = False) -> _Line:
    with office.uow() as uow:
        line = _read(uow, actor, entry_id)
        if not line.entry.secrecy.is_open and not known:
            secrecy = line.entry.secrecy.value
            uow.record(SecretOpened(at=office.clock.now(), by=actor, thing_id=line.thing, secrecy=secrecy))
            uow.commit(final=False)
    return line


def _read(uow: UnitOfWork, actor: Actor, entry_id: EntryId) -> _Line:
    entry = uow.registers.get(actor.agency_id, entry_id)
    of_system = entry.subject_of if entry.kind.incoming else None
    letter = uow.incoming.get(actor.agency_id, IncomingId(of_system)) if of_system is not None else None
    require(may_read_incoming(actor, letter) if letter is not None else may_open_scan(actor, entry))
    if not entry.kind.incoming:
        raise RuleBroken("ตรารับใช้กับหนังสือที่ลงรับเท่านั้น", code="not-incoming")
    if entry.state is not EntryState.USED:
        raise RuleBroken("ประทับตรารับได้เฉพาะรายการที่ใช้เลขแล้วและยังไม่ยกเลิก", code="state-not-allowed")
    agency, keeper = uow.agencies.get(actor.agency_id), uow.registers.book_of(entry).unit_id
    name = agency.name
    if keeper is not None:
        name = f"{name} {uow.agencies.unit(agency.id, keeper, office_date(entry.at)).name}"
    place = uow.registers.stamp_place(entry.id)
    at = letter.registered_at if letter is not None else entry.received_at
    return _Line(
        entry=entry,
        letter=letter,
        agency=agency,
        stamp=ReceivingStamp(name, str(entry.serial), at or entry.at, agency.options.digits),
        file=_page_file(letter.files if letter is not None else entry.files),
        place=StampPlace(*place) if place is not None else None,
        sealed=uow.registers.sealed_copy(entry.id),
        unmovable=may_work_incoming(actor, letter) if letter is not None else may_amend(actor, entry, keeper),
    )


def _entry_of(uow: UnitOfWork, actor: Actor, incoming_id: IncomingId) -> RegisterEntry:
    letter = uow.incoming.get(actor.agency_id, incoming_id)
    require(may_read_incoming(actor, letter))
    entry = uow.registers.of_subject(actor.agency_id, incoming_id, EntryState.USED)
    if letter.state is not IncomingState.REGISTERED or entry is None:
        raise RuleBroken("ประทับตรารับได้หลังจากลงรับแล้ว และเลขรับยังไม่ยกเลิก", code="state-not-allowed")
    return entry


def _page_file(files: Sequence[Attachment]) -> Attachment | None:
    """The letter's PDF, or else the first picture of it."""
    return letter_page(files) or next((f for f in files if f.media_type in PICTURES), None)


def _page_pdf(office: Services, line: _Line) -> bytes:
    if line.file is None:
        raise RuleBroken("หนังสือนี้ไม่มีไฟล์ PDF หรือภาพให้ประทับตรารับ", code="no-page")
    data = office.blobs.open(line.file.sha256)
    return office.renderer.picture_pdf(data) if line.file.media_type in PICTURES else data


def _checked(office: Services, pdf: bytes) -> bytes:
    """The PDF, after the child process had a look at it: what seals it has no limits of its own."""
    try:
        office.renderer.check_upload(pdf)
    except BadInput as error:
        raise RuleBroken(error.fields.get("file", error.thai)) from error
    return pdf


def _expect_on_page(spot: StampSpot, left_mm: float, top_mm: float) -> None:
    wrong = {}
    for name, value, room in (
        ("left", left_mm, spot.page_wide_mm - spot.wide_mm),
        ("top", top_mm, spot.page_high_mm - spot.high_mm),
    ):
        if not -_A_HAIR <= value <= room + _A_HAIR:
            wrong[name] = f"ตรารับจะพ้นหน้ากระดาษ ใส่ 0 ถึง {room:.1f} มม."
    if wrong:
        raise BadInput(wrong)
