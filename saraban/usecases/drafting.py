"""Writing a letter: start, revise, attach, take off, withdraw, look at the page as it will be."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Unit
from saraban.domain.attachment import Attachment, Digest, Role, safe_name
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.events import LetterDrafted
from saraban.domain.incoming import IncomingId
from saraban.domain.letter import MOST_OCTETS, Content, Letter, LetterId
from saraban.domain.permissions import (
    may_draft_for,
    may_read_incoming,
    may_read_letter,
    may_revise,
    may_see_template,
    may_tend,
    require,
)
from saraban.domain.task import Purpose
from saraban.domain.task_events import ReplyBegun
from saraban.domain.versions import Saving, read_content
from saraban.usecases.books import UnitOfWork
from saraban.usecases.contents import content_faults
from saraban.usecases.keeping import note_version
from saraban.usecases.kept_files import clean_or_dropped, dropped_if_refused
from saraban.usecases.numbering import expect_book
from saraban.usecases.pages import Page
from saraban.usecases.paging import draft_page, draw
from saraban.usecases.ports import Services

MAX_FILE_BYTES = 14_000_000
_PICTURED_AT_ONCE = 4
"""Pages of one preview; each is pictured in a process of its own."""


def start_letter(
    office: Services,
    *,
    actor: Actor,
    content: Content,
    unit_code: str | None = None,
    template_id: UUID | None = None,
    by_itself: bool = False,
    answers: IncomingId | None = None,
) -> LetterId:
    """Begin a draft in the caller's unit, or in another by its code (central clerks). `template_id`: the template whose
    words these are. `by_itself`: the screen saves what is being typed, nobody asked for it. `answers`: the registered
    letter that it answers, whose task of the drafter it is from now on. Returns its id.

    Raises NotPermitted, or BadInput for an unknown unit or receiver or text that is too long.
    """
    now = office.clock.now()
    with office.uow() as uow:
        unit = _unit(uow, actor, unit_code)
        require(may_draft_for(actor, unit.id))
        _check(uow, actor, content, now)
        assert actor.person_id is not None  # a permitted drafter is a person
        letter = Letter(
            id=LetterId(uuid4()),
            agency_id=actor.agency_id,
            unit_id=unit.id,
            drafter_id=actor.person_id,
            drafter_name=actor.name,
            content=content,
            created_at=now,
            updated_at=now,
        )
        uow.letters.add(letter)
        template = ""
        if template_id is not None:
            found = uow.templates.get(actor.agency_id, template_id)
            require(may_see_template(actor, found))
            uow.templates.note_use(actor.person_id, found.id, now)
            template = found.text.name
        saving = Saving.AUTOSAVED if by_itself else Saving.BEGUN
        note_version(uow, office.blobs, letter, None, saving=saving, by=actor, at=now)
        subject = _journal_subject(content)
        uow.record(LetterDrafted(at=now, by=actor, letter_id=letter.id, subject_line=subject, template=template))
        if answers is not None:
            _tie_to(uow, actor, letter, answers, now)
        uow.commit()
    return letter.id


def _tie_to(uow: UnitOfWork, actor: Actor, letter: Letter, answers: IncomingId, at: datetime) -> None:
    incoming = uow.incoming.get(actor.agency_id, answers)
    require(may_read_incoming(actor, incoming))
    uow.tasks.note_reply(letter.agency_id, letter.id, incoming.id)
    for task in incoming.tasks:
        if task.purpose is Purpose.ACTION and may_tend(actor, incoming, task) is None:
            task.answer_begun(letter.id, by=actor, at=at)
            uow.tasks.save(task)
    uow.record(ReplyBegun(at=at, by=actor, incoming_id=incoming.id, reply_id=letter.id))


def revise_letter(
    office: Services,
    *,
    actor: Actor,
    letter_id: LetterId,
    content: Content,
    version: int | None = None,
    saving: Saving = Saving.SAVED,
    unit_code: str | None = None,
) -> int:
    """Replace a draft's content, and write it for a unit by its code ("" for the caller's own, None for the one that it
    is written for). Returns the new version; ConcurrentEdit over a stale one. Of what a screen
    saves by itself the journal tells once for every version that begins."""
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_revise(actor, letter))
        letter.expect_version(version)
        _check(uow, actor, content, now)
        before = letter.content_bytes()
        fact = letter.revise(content, by=actor, at=now)
        if note_version(uow, office.blobs, letter, before, saving=saving, by=actor, at=now):
            uow.record(fact)
        if unit_code is not None:
            unit = _unit(uow, actor, unit_code)
            if unit.id != letter.unit_id:
                require(may_draft_for(actor, unit.id))
                uow.record(letter.hand_to(unit, by=actor, at=now))
        uow.letters.save(letter)
        uow.commit()
    return letter.version


def take_back(
    office: Services, *, actor: Actor, letter_id: LetterId, digest: Digest, version: int | None = None
) -> int:
    """Put what an earlier version said into the draft, as a new version. Returns the letter's new version. Files stay
    as they are now: only what is written comes back.

    Raises NotFound for a version that the letter never had, BadInput by field when it cannot be written any more,
    ConcurrentEdit over a stale one.
    """
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_revise(actor, letter))
        letter.expect_version(version)
        known = {one.digest for one in uow.versions.of(letter.agency_id, letter.id)}
        if digest not in known | {one.content for one in letter.endorsements}:
            raise NotFound
        before = letter.content_bytes()
        content = read_content(before if digest == letter.content_digest() else office.blobs.open(digest))
        _check(uow, actor, content, now)
        uow.record(letter.revise(content, by=actor, at=now))
        note_version(uow, office.blobs, letter, before, saving=Saving.TAKEN_BACK, by=actor, at=now, source=digest)
        uow.letters.save(letter)
        uow.commit()
    return letter.version


def attach_file(
    office: Services, *, actor: Actor, letter_id: LetterId, name: str, media_type: str, stream: BinaryIO
) -> Attachment:
    """Add an enclosure: any file of at least one octet; a PDF is checked for scripts and locks. Returns it.

    Raises BadInput for an empty, too large or dangerous file. The bytes are kept before the row that names them.
    """
    now = office.clock.now()
    with office.uow() as uow:
        require(may_revise(actor, uow.letters.get(actor.agency_id, letter_id)))
    digest, size = office.blobs.keep_stream(stream, MAX_FILE_BYTES)
    if size == 0:
        raise BadInput({"file": "ไฟล์ว่าง ไม่มีเนื้อหา เลือกไฟล์อื่น"})
    if office.scanner.on:
        clean_or_dropped(office, digest)
    with dropped_if_refused(office, digest):
        file = Attachment(safe_name(name), Role.ENCLOSURE, _media_type(media_type), size, digest)
        if file.media_type == "application/pdf" or file.name.lower().endswith(".pdf"):
            office.renderer.check_upload(office.blobs.open(digest))
            file = Attachment(file.name, Role.ENCLOSURE, "application/pdf", size, digest)
        with office.uow() as uow:
            letter = uow.letters.get(actor.agency_id, letter_id)
            require(may_revise(actor, letter))
            ready = letter.content.ready
            page = office.blobs.size(ready.sha256) if ready is not None else 0
            if sum(f.size for f in letter.enclosures) + page + size > MOST_OCTETS:
                raise BadInput({"file": "ไฟล์แนบรวมกันใหญ่เกิน ๑๔ MB ส่งทางไปรษณีย์อิเล็กทรอนิกส์ไม่ได้"})
            before = letter.content_bytes()
            uow.record(letter.attach(file, by=actor, at=now))
            note_version(uow, office.blobs, letter, before, saving=Saving.ATTACHED, by=actor, at=now)
            uow.letters.save(letter)
            uow.commit()
    return letter.files[-1]


def detach_file(office: Services, *, actor: Actor, letter_id: LetterId, sha256: Digest) -> None:
    """Take an enclosure off a draft."""
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_revise(actor, letter))
        before = letter.content_bytes()
        uow.record(letter.detach(sha256, by=actor, at=now))
        note_version(uow, office.blobs, letter, before, saving=Saving.DETACHED, by=actor, at=now)
        uow.letters.save(letter)
        uow.commit()


def withdraw_letter(office: Services, *, actor: Actor, letter_id: LetterId) -> None:
    """Give a draft up."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_revise(actor, letter))
        uow.record(letter.withdraw(by=actor, at=office.clock.now()))
        uow.letters.save(letter)
        uow.commit()


def preview_letter(office: Services, *, actor: Actor, letter_id: LetterId) -> Page:
    """The page of an unissued letter as it will be, without number, date and signature."""
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_read_letter(actor, letter))
        unit = uow.agencies.unit(letter.agency_id, letter.unit_id)
        on = office_date(office.clock.now())
        page = draft_page(uow, letter.content, unit=unit, enclosures=letter.enclosures, on=on, by=actor)
    return draw(office, page)


def preview_content(
    office: Services,
    *,
    actor: Actor,
    content: Content,
    letter_id: LetterId | None = None,
    unit_code: str | None = None,
) -> Page:
    """The page of text that is being typed, before it is saved, for the unit of this code when it is given; nothing is
    written."""
    now = office.clock.now()
    with office.uow() as uow:
        enclosures: list[Attachment] = []
        unit_id = actor.unit_id
        if letter_id is not None:
            letter = uow.letters.get(actor.agency_id, letter_id)
            require(may_read_letter(actor, letter))
            enclosures, unit_id = letter.enclosures, letter.unit_id
            content = replace(content, ready=letter.content.ready, photo=letter.content.photo).as_form(content.form)
        if unit_id is None:
            raise BadInput({"unit": "ท่านยังไม่ได้สังกัดหน่วยงาน"})
        unit = uow.agencies.unit(actor.agency_id, unit_id) if unit_code is None else _unit(uow, actor, unit_code)
        require(may_draft_for(actor, unit.id))
        page = draft_page(uow, content, unit=unit, enclosures=enclosures, on=office_date(now))
    return draw(office, page)


def preview_image(office: Services, *, actor: Actor, letter_id: LetterId, page: int, width: int) -> bytes:
    """A page of an unissued letter as PNG, `width` pixels wide; pages count from 0. NotFound beyond the last."""
    preview = preview_letter(office, actor=actor, letter_id=letter_id)
    if not 0 <= page < preview.pages:
        raise NotFound
    return office.renderer.thumbnail(preview.pdf, page=page, width=width)


def drawn_pages(office: Services, preview: Page, *, width: int, numbers: Sequence[int]) -> list[bytes]:
    """Pages of a preview, counted from 0, as PNG; for text that is being typed and is kept nowhere."""
    if len(numbers) == 1:
        return [office.renderer.thumbnail(preview.pdf, page=numbers[0], width=width)]
    with ThreadPoolExecutor(_PICTURED_AT_ONCE) as hands:
        return list(hands.map(lambda n: office.renderer.thumbnail(preview.pdf, page=n, width=width), numbers))


def faults_of(office: Services, *, actor: Actor, content: Content) -> dict[str, str]:
    """What a draft with this content would be refused for, in Thai by field; empty when it could be saved. Nothing is
    written."""
    with office.uow() as uow:
        return content_faults(uow, actor, content, office.clock.now())


def why_no_number(office: Services, *, actor: Actor, content: Content, letter_id: LetterId | None = None) -> str:
    """Why this document could not be numbered as things stand, in Thai: its book is not kept. Empty when it could."""
    with office.uow() as uow:
        unit_id = uow.letters.get(actor.agency_id, letter_id).unit_id if letter_id is not None else actor.unit_id
        if unit_id is None:
            return ""
        try:
            unit = uow.agencies.unit(actor.agency_id, unit_id)
            expect_book(uow, uow.agencies.get(actor.agency_id), unit, content)
        except RuleBroken as error:
            return error.thai
    return ""


def _unit(uow: UnitOfWork, actor: Actor, code: str | None) -> Unit:
    """The unit of the caller's agency with this code, or else his own."""
    if code:
        unit = uow.agencies.unit_by_code(actor.agency_id, code)
        if unit is None:
            raise BadInput({"unit": f"ไม่พบหน่วยงานรหัส “{code}” ในส่วนราชการของท่าน"})
        if all(one.id != unit.id for one in uow.agencies.units(actor.agency_id)):
            raise BadInput({"unit": f"{unit.name}ยังไม่ตั้งหรือยุบแล้ว เลือกหน่วยงานอื่น"})
        return unit
    if actor.unit_id is None:
        raise BadInput({"unit": "ท่านยังไม่ได้สังกัดหน่วยงาน"})
    return uow.agencies.unit(actor.agency_id, actor.unit_id)


def _check(uow: UnitOfWork, actor: Actor, content: Content, now: datetime) -> None:
    wrong = content_faults(uow, actor, content, now)
    if wrong:
        raise BadInput(wrong)


def _media_type(given: str) -> str:
    value = given.split(";")[0].strip().lower()
    kind, slash, sub = value.partition("/")
    allowed = set("abcdefghijklmnopqrstuvwxyz0123456789.+-")
    if not slash or not kind or not sub or set(kind + sub) - allowed or kind in ("message", "multipart"):
        return "application/octet-stream"
    return value


def _journal_subject(content: Content) -> str:
    return content.subject if content.secrecy.is_open else "(ชั้นความลับ)"
