"""Issuing documents for people: the number is taken, the page is made with it, signed or sealed, and its bytes freeze
(claim, do, settle, as for letters). A document whose page could not be made keeps its number for the next try."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, PersonId
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, RuleBroken, SarabanError
from saraban.domain.issued import Earlier, IssuedDocument, IssuedState
from saraban.domain.issued_kind import IssuedKind, Marks, Stage, year_of
from saraban.domain.permissions import may_sign_issued, require
from saraban.domain.verification import SubjectKind, address
from saraban.usecases.books import UnitOfWork
from saraban.usecases.codes import code_of
from saraban.usecases.issued_notices import settle_what_waited
from saraban.usecases.issued_pages import issued_data, issued_page, opened
from saraban.usecases.pages import PageCosigner
from saraban.usecases.ports import Services
from saraban.usecases.proofs import Pen, SealBox, SignedPage

REASON, SEAL_REASON = "ลงนามเอกสารที่ออกให้", "ออกเอกสาร"
MOST_AT_ONCE = 200
T = TypeVar("T")
_log = logging.getLogger(__name__)
_BROKEN = "ทำไม่สำเร็จเพราะข้อผิดพลาดภายใน เอกสารอยู่อย่างเดิม แจ้งผู้ดูแลระบบ"


@dataclass(frozen=True)
class Out:
    """What issuing gave: the number (Arabic digits), the digest of the file, the address of the verification (empty for
    none), and in Thai why there is no time-stamp though an authority is set up."""

    document_id: UUID
    number: str
    page: Digest
    verification: str = ""
    trouble: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one of several: what it gave, or in Thai why it was not issued."""

    document_id: UUID
    out: Out | None = None
    why_not: str = ""


@dataclass(frozen=True)
class _Claim:
    document: IssuedDocument
    kind: IssuedKind
    agency: Agency
    verification: str | None
    picture: Digest | None


@dataclass(frozen=True)
class _Made:
    pdf: bytes
    level: str
    trouble: str


def sign(office: Services, *, actor: Actor, document_id: UUID, passphrase: str, version: int | None = None) -> Out:
    """Sign a document and issue it. Raises NotPermitted, WrongPassphrase before any number is taken, NotFound without a
    key, RuleBroken when there is no seal that the kind asks for or the page cannot be made."""
    with office.uow() as uow:
        document, kind = opened(uow, actor, document_id, version)
        require(may_sign_issued(actor, kind))
        document.expect_signable(kind)
    with office.pages.opened(_person(actor), passphrase) as pen:
        return sign_with(office, pen, actor=actor, document_id=document_id, version=version)


def sign_several(office: Services, *, actor: Actor, document_ids: Sequence[UUID], passphrase: str) -> Sequence[Outcome]:
    """Sign these, one after another, with a key that is opened once. What cannot be issued is told and left as it is.
    Raises WrongPassphrase, and BadInput for none or too many."""
    wanted = list(dict.fromkeys(document_ids))
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise BadInput({"documents": f"เลือกเอกสาร 1 ถึง {MOST_AT_ONCE} ฉบับ"})
    outcomes = []
    with ExitStack() as stack:
        pen = stack.enter_context(office.pages.opened(_person(actor), passphrase))
        for one in wanted:
            try:
                outcomes.append(Outcome(one, sign_with(office, pen, actor=actor, document_id=one)))
            except SarabanError as error:
                outcomes.append(Outcome(one, why_not=error.thai))
    return outcomes


def sign_with(office: Services, pen: Pen, *, actor: Actor, document_id: UUID, version: int | None = None) -> Out:
    """Sign with a key that is open already, as `sign` does."""
    claim = _claim(office, actor, document_id, version)
    return _settle(office, actor, claim, _drawn(office, actor, claim, pen))


def sign_in_turn(
    office: Services, pen: Pen, *, actor: Actor, document_ids: Sequence[UUID], told: Callable[[UUID, str], None]
) -> None:
    """Sign these in their order with a key that is open already, each as `sign_with` does. While a page is drawn and
    signed, the one before is written down and the one behind takes its number: disk and processor wait less for each
    other. `told` hears what became of each, in Thai why it was not issued, empty when it was; what it raises ends the
    work, with one document at most that has taken its number and keeps it."""
    if not document_ids:
        return
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="issuing") as desk:
        ahead = desk.submit(_tried, lambda: _claim(office, actor, document_ids[0], None))
        behind: tuple[UUID, Future[tuple[Out | None, str]]] | None = None
        for at, one in enumerate(document_ids, start=1):
            claim, why = ahead.result()
            if at < len(document_ids):
                following = document_ids[at]
                ahead = desk.submit(_tried, partial(_claim, office, actor, following, None))
            made, why = _tried(partial(_drawn, office, actor, claim, pen)) if claim is not None else (None, why)
            if behind is not None:
                told(behind[0], behind[1].result()[1])
            if claim is not None and made is not None:
                behind = one, desk.submit(_tried, partial(_settle, office, actor, claim, made))
            else:
                behind = one, Future()
                behind[1].set_result((None, why))
        assert behind is not None
        told(behind[0], behind[1].result()[1])


def _tried(work: Callable[[], T]) -> tuple[T | None, str]:
    """What the work gives, or in Thai why it cannot be done."""
    try:
        return work(), ""
    except BadInput as error:
        return None, error.in_words
    except SarabanError as error:
        return None, error.thai
    except Exception:
        _log.exception("a document was not issued")
        return None, _BROKEN


def _drawn(office: Services, actor: Actor, claim: _Claim, pen: Pen) -> _Made:
    try:
        return _make(office, actor, claim, pen)
    except SarabanError:
        raise
    except Exception as error:
        raise RuleBroken("ทำหน้าเอกสารไม่สำเร็จ เลขที่ออกแล้วจะใช้เมื่อลงนามอีกครั้ง", code="page-failed") from error


def _claim(office: Services, actor: Actor, document_id: UUID, version: int | None) -> _Claim:
    now = office.clock.now()
    on = office_date(now)
    with office.uow() as uow:
        document, kind = opened(uow, actor, document_id, version)
        require(may_sign_issued(actor, kind))
        document.expect_signable(kind)
        agency = uow.agencies.get(actor.agency_id)
        if kind.marks is not Marks.SIGNATURE:
            _expect_seal(office, agency, now)
        earlier = _earlier(uow, document, now)
        if document.needs_number(kind, on):
            year = year_of(on)
            serial = uow.issued.next_serial(kind.id, year if kind.yearly else 0)
            _expect_room(uow, kind)
            uow.record(document.take_number(kind, serial, year if kind.yearly else 0, by=actor, at=now))
        document.date_it(kind, on, earlier)
        where = None
        if kind.is_public and office.public_url and agency.options.verifiable:
            document.code = code_of(uow.verifications, agency.id, SubjectKind.ISSUED, document.id, now)
            where = address(office.public_url, document.code)
        uow.issued.save(document)
        picture = uow.people.get(_person(actor)).signature_picture
        uow.commit(final=False)
    return _Claim(document, kind, agency, where, picture)


def _expect_seal(office: Services, agency: Agency, now: datetime) -> None:
    try:
        office.seals.sealer(agency.code, now)
    except NotFound as error:
        raise RuleBroken("ส่วนราชการยังไม่มีตราประทับอิเล็กทรอนิกส์ที่ใช้ได้ ผู้ดูแลระบบติดตั้งได้", code="no-seal") from error


def _expect_room(uow: UnitOfWork, kind: IssuedKind) -> None:
    if kind.stage is Stage.PILOT and uow.issued.count_out(kind.id) >= kind.pilot_most:
        raise RuleBroken(
            f"ออกเอกสารชนิดนี้ครบจำนวนทดลอง {kind.pilot_most} ฉบับแล้ว ผู้ดูแลระบบเปิดใช้เต็มหรือเพิ่มจำนวนได้", code="pilot-full"
        )


def _earlier(uow: UnitOfWork, document: IssuedDocument, now: datetime) -> Earlier | None:
    """The document that this one takes the place of, which must still be there to be replaced."""
    if document.follows is None or document.followed_as is None:
        return None
    earlier = uow.issued.document(document.agency_id, document.follows)
    earlier.expect_follower(document.followed_as, office_date(now))
    return Earlier(earlier.id, earlier.number, earlier.valid_until)


def _make(office: Services, actor: Actor, claim: _Claim, pen: Pen) -> _Made:
    """The page with its signature, its seal, or both, the seal last; time-stamps and what proves them as far as they
    can be had."""
    kind, now = claim.kind, office.clock.now()
    signer = PageCosigner(actor.name, actor.lines)
    printed = issued_page(kind, claim.document, claim.agency, signer, verification=claim.verification)
    data = issued_data(kind, claim.document, claim.agency, claim.verification)
    page = office.renderer.issued(printed, at=now, data=data)
    made: list[SignedPage] = []
    if kind.marks is not Marks.SEAL:
        made.append(pen.sign(page.pdf, block=replace(page.block, picture=claim.picture), at=now, reason=REASON))
    if kind.marks is not Marks.SIGNATURE:
        box, drawn = None, None
        if kind.marks is Marks.SEAL:
            block = replace(page.block, name=claim.agency.name)
            box = SealBox(block.page, block.x0, block.y0, block.x1, block.y1)
            drawn = office.renderer.issued_seal(block, now)
        pdf = made[-1].pdf if made else page.pdf
        code = claim.agency.code
        made.append(
            office.page_sealer.seal_page(pdf, agency_code=code, box=box, drawn=drawn, reason=SEAL_REASON, at=now)
        )
    is_stamped = all(one.stamped_at is not None for one in made)
    proven = office.page_prover.prove(made[-1].pdf, now) if is_stamped else None
    pdf = made[-1].pdf if proven is None else proven
    level = "B-LT" if proven is not None else "B-T" if is_stamped else "B-B"
    trouble = next((one.trouble for one in made if one.trouble), "")
    return _Made(pdf, level, trouble)


def _settle(office: Services, actor: Actor, claim: _Claim, made: _Made) -> Out:
    now, page = office.clock.now(), office.blobs.keep(made.pdf)
    with office.uow() as uow:
        document, kind = opened(uow, actor, claim.document.id)
        if document.version != claim.document.version:
            raise ConcurrentEdit("มีผู้ดำเนินการกับเอกสารนี้พร้อมกัน เปิดใหม่แล้วตรวจดู")
        uow.record(document.issue(kind, page, len(made.pdf), level=made.level, by=actor, at=now))
        uow.issued.save(document)
        if document.follows is not None and document.followed_as is not None:
            earlier = uow.issued.document(document.agency_id, document.follows)
            earlier.expect_follower(document.followed_as, office_date(now))
            of_earlier = uow.issued.kind(document.agency_id, earlier.kind_id)
            uow.record(earlier.give_way(of_earlier, document, office_date(now), by=actor, at=now))
            uow.issued.save(earlier)
        settle_what_waited(uow, kind, now, IssuedState.APPROVED)
        uow.commit(begun=True)
    return Out(document.id, document.number, page, claim.verification or "", made.trouble)


def _person(actor: Actor) -> PersonId:
    if actor.person_id is None:
        raise NotFound
    return actor.person_id
