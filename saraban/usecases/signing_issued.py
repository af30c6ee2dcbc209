"""Issuing documents for people: the number is taken, the page is made with it, signed or sealed, and its bytes freeze
(claim, do, settle, as for letters). A document whose page could not be made keeps its number for the next try."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, PersonId
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, RuleBroken, SarabanError
from saraban.domain.events import DomainEvent
from saraban.domain.issued import Earlier, IssuedDocument, IssuedId, IssuedState
from saraban.domain.issued_kind import IssuedKind, IssuedKindId, Marks, Stage, year_of
from saraban.domain.permissions import may_see_issued, may_sign_issued, require
from saraban.domain.verification import SubjectKind, address
from saraban.usecases.books import UnitOfWork
from saraban.usecases.codes import codes_of
from saraban.usecases.issued_notices import settle_what_waited
from saraban.usecases.issued_pages import issued_data, issued_page, opened
from saraban.usecases.pages import PageCosigner
from saraban.usecases.ports import Services
from saraban.usecases.proofs import Pen, SealBox, SignedPage

REASON, SEAL_REASON = "ลงนามเอกสารที่ออกให้", "ออกเอกสาร"
MOST_AT_ONCE = 200
MOST_TOGETHER = 16
"""Documents that take their numbers, and are written down, in one transaction."""
S = TypeVar("S")
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
    [claim] = _claim(office, actor, [document_id], version)
    if isinstance(claim, SarabanError):
        raise claim
    [out] = _settle(office, actor, [(claim, _drawn(office, actor, claim, pen))])
    if isinstance(out, SarabanError):
        raise out
    return out


def sign_in_turn(
    office: Services, pen: Pen, *, actor: Actor, document_ids: Sequence[UUID], told: Callable[[UUID, str], None]
) -> None:
    """Sign these in their order with a key that is open already, as `sign_with` does each. The first goes by itself, so
    that what is wrong with all is seen in one; then growing groups take their numbers, and are written down, together.
    While pages are drawn and signed, disk and database are busy with the group before and the one behind. `told` hears
    what became of each, in Thai why it was not issued, empty when it was; what it raises ends the work, with two groups
    at most that have taken their numbers and keep them."""
    groups = list(_growing(document_ids))
    behind: Future[Mapping[UUID, str]] | None = None
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="issuing") as desk:
        ahead = desk.submit(_one_by_one_if_need_be, partial(_claim, office, actor), groups[0]) if groups else None
        for at, group in enumerate(groups, start=1):
            assert ahead is not None
            claims = ahead.result()
            if at < len(groups):
                ahead = desk.submit(_one_by_one_if_need_be, partial(_claim, office, actor), groups[at])
            whys, made = dict[UUID, str](), list[tuple[_Claim, _Made]]()
            for one, claim in zip(group, claims, strict=True):
                drawn = claim if isinstance(claim, Exception) else _tried(partial(_drawn, office, actor, claim, pen))
                if isinstance(claim, Exception) or isinstance(drawn, Exception):
                    whys[one] = _words_of(drawn)
                else:
                    made.append((claim, drawn))
            if behind is not None:
                _tell(behind, told)
            behind = desk.submit(_written_down, office, actor, group, made, whys)
        if behind is not None:
            _tell(behind, told)


def _growing(document_ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """One, two, four of them, and so on, up to so many as are written down together."""
    start, size = 0, 1
    while start < len(document_ids):
        yield document_ids[start : start + size]
        start, size = start + size, min(size * 2, MOST_TOGETHER)


def _tried(work: Callable[[], T]) -> T | Exception:
    """What the work gives, or why it cannot be done."""
    try:
        return work()
    except SarabanError as error:
        return error
    except Exception as error:
        _log.exception("a document was not issued")
        return error


def _one_by_one_if_need_be(
    work: Callable[[Sequence[S]], Sequence[T | SarabanError]], things: Sequence[S]
) -> Sequence[T | Exception]:
    """What the work gives for each of these; where it fails for all at once, it is tried with each by itself."""
    done = _tried(lambda: work(things))
    if not isinstance(done, Exception) or len(things) == 1:
        return [done] if isinstance(done, Exception) else done
    return [fate for one in things for fate in _one_by_one_if_need_be(work, [one])]


def _written_down(
    office: Services,
    actor: Actor,
    group: Sequence[UUID],
    made: Sequence[tuple[_Claim, _Made]],
    whys: Mapping[UUID, str],
) -> Mapping[UUID, str]:
    """What became of a group whose pages are made, in its order: in Thai why a document was not issued."""
    fates = _one_by_one_if_need_be(partial(_settle, office, actor), made) if made else []
    of_made = {claim.document.id: fate for (claim, _), fate in zip(made, fates, strict=True)}
    return {one: whys[one] if one in whys else _words_of(of_made[IssuedId(one)]) for one in group}


def _words_of(fate: object) -> str:
    if isinstance(fate, BadInput):
        return fate.in_words
    if isinstance(fate, SarabanError):
        return fate.thai
    return _BROKEN if isinstance(fate, Exception) else ""


def _tell(became: Future[Mapping[UUID, str]], told: Callable[[UUID, str], None]) -> None:
    for one, why in became.result().items():
        told(one, why)


def _drawn(office: Services, actor: Actor, claim: _Claim, pen: Pen) -> _Made:
    try:
        return _make(office, actor, claim, pen)
    except SarabanError:
        raise
    except Exception as error:
        raise RuleBroken("ทำหน้าเอกสารไม่สำเร็จ เลขที่ออกแล้วจะใช้เมื่อลงนามอีกครั้ง", code="page-failed") from error


def _claim(
    office: Services, actor: Actor, document_ids: Sequence[UUID], version: int | None = None
) -> list[_Claim | SarabanError]:
    """Numbers, days and codes for these, in one transaction; or for each why it cannot be signed."""
    now = office.clock.now()
    on = office_date(now)
    with office.uow() as uow:
        agency = uow.agencies.get(actor.agency_id)
        picture = uow.people.get(_person(actor)).signature_picture
        drawer = _Drawer(uow, actor, document_ids)
        fates: dict[UUID, _Claim | SarabanError] = {}
        ready = list[tuple[IssuedDocument, IssuedKind, Earlier | None]]()
        for one in document_ids:
            try:
                document, kind = drawer.opened(one, version)
                require(may_sign_issued(actor, kind))
                document.expect_signable(kind)
                if kind.marks is not Marks.SIGNATURE:
                    drawer.expect_seal(office, agency, now)
                ready.append((document, kind, _earlier(uow, document, now)))
            except SarabanError as error:
                fates[one] = error
        serials = _serials(uow, [(document, kind) for document, kind, _ in ready], on)
        shown = bool(office.public_url and agency.options.verifiable)
        coded = [document.id for document, kind, _ in ready if shown and kind.is_public]
        codes = codes_of(uow.verifications, agency.id, SubjectKind.ISSUED, coded, now) if coded else {}
        for document, kind, earlier in ready:
            if document.needs_number(kind, on):
                serial = serials.get(document.id)
                if serial is None:
                    fates[document.id] = _full(kind)
                    continue
                year = year_of(on) if kind.yearly else 0
                uow.record(document.take_number(kind, serial, year, by=actor, at=now))
            document.date_it(kind, on, earlier)
            document.code = codes.get(document.id, document.code)
            where = address(office.public_url, document.code) if document.id in codes else None
            fates[document.id] = _Claim(document, kind, agency, where, picture)
        uow.issued.save_held([fate.document for fate in fates.values() if isinstance(fate, _Claim)])
        uow.commit(final=False)
    return [fates[one] for one in document_ids]


class _Drawer:
    """Documents that one transaction has taken out together, with their kinds."""

    def __init__(self, uow: UnitOfWork, actor: Actor, document_ids: Sequence[UUID]) -> None:
        self._uow, self._actor, self._is_sealed = uow, actor, False
        self._documents = {UUID(str(one.id)): one for one in uow.issued.held(actor.agency_id, document_ids)}
        self._kinds: dict[UUID, IssuedKind] = {}

    def opened(self, document_id: UUID, version: int | None = None) -> tuple[IssuedDocument, IssuedKind]:
        """One that the actor may see. Raises NotFound, ConcurrentEdit, NotPermitted."""
        document = self._documents.get(document_id)
        if document is None:
            raise NotFound
        kind = self._kinds.get(document.kind_id)
        if kind is None:
            kind = self._kinds[document.kind_id] = self._uow.issued.kind(self._actor.agency_id, document.kind_id)
        require(may_see_issued(self._actor, kind))
        document.expect_version(version)
        return document, kind

    def expect_seal(self, office: Services, agency: Agency, now: datetime) -> None:
        """Raise RuleBroken without a seal that can be used."""
        if self._is_sealed:
            return
        try:
            office.seals.sealer(agency.code, now)
        except NotFound as error:
            told = "ส่วนราชการยังไม่มีตราประทับอิเล็กทรอนิกส์ที่ใช้ได้ ผู้ดูแลระบบติดตั้งได้"
            raise RuleBroken(told, code="no-seal") from error
        self._is_sealed = True


def _serials(uow: UnitOfWork, ready: Sequence[tuple[IssuedDocument, IssuedKind]], on: date) -> Mapping[IssuedId, int]:
    """Numbers for those that need one, in their order; none for those for which the trial of a kind has no room."""
    needing: dict[IssuedKindId, tuple[IssuedKind, list[IssuedDocument]]] = {}
    for document, kind in ready:
        if document.needs_number(kind, on):
            needing.setdefault(kind.id, (kind, []))[1].append(document)
    taken: dict[IssuedId, int] = {}
    for kind, documents in needing.values():
        year = year_of(on) if kind.yearly else 0
        if kind.stage is Stage.PILOT:
            uow.issued.next_serials(kind.id, year, 0)  # from here on nobody else takes one
            del documents[max(kind.pilot_most - uow.issued.count_out(kind.id), 0) :]
        if documents:
            serials = uow.issued.next_serials(kind.id, year, len(documents))
            taken |= {document.id: serial for document, serial in zip(documents, serials, strict=True)}
    return taken


def _full(kind: IssuedKind) -> RuleBroken:
    return RuleBroken(kind.why_full(kind.pilot_most), code="pilot-full")


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


def _settle(office: Services, actor: Actor, made: Sequence[tuple[_Claim, _Made]]) -> list[Out | SarabanError]:
    """Write these down as issued, in one transaction; or for each why it cannot be."""
    now = office.clock.now()
    pages = [office.blobs.keep(one.pdf) for _, one in made]
    fates, kinds = list[Out | SarabanError](), dict[IssuedKindId, IssuedKind]()
    with office.uow() as uow:
        drawer = _Drawer(uow, actor, [claim.document.id for claim, _ in made])
        written = list[IssuedDocument]()
        for (claim, one), page in zip(made, pages, strict=True):
            try:
                document, kind = drawer.opened(claim.document.id)
                if document.version != claim.document.version:
                    raise ConcurrentEdit("มีผู้ดำเนินการกับเอกสารนี้พร้อมกัน เปิดใหม่แล้วตรวจดู")
                issued = document.issue(
                    kind, page, len(one.pdf), level=one.level, untimed=one.trouble, by=actor, at=now
                )
                gone = _give_way(uow, document, actor, now)
            except SarabanError as error:
                fates.append(error)
                continue
            uow.record(issued)
            if gone is not None:
                uow.record(gone)
            written.append(document)
            kinds[kind.id] = kind
            fates.append(Out(document.id, document.number, page, claim.verification or "", one.trouble))
        uow.issued.save_held(written)
        uow.late_stamps.add(*(late for one in written if (late := one.wants_stamp(now)) is not None))
        for kind in kinds.values():
            settle_what_waited(uow, kind, now, IssuedState.APPROVED)
        uow.commit(begun=True)
    return fates


def _give_way(uow: UnitOfWork, document: IssuedDocument, actor: Actor, now: datetime) -> DomainEvent | None:
    """The document whose place this one takes holds no more."""
    if document.follows is None or document.followed_as is None:
        return None
    earlier = uow.issued.document(document.agency_id, document.follows)
    earlier.expect_follower(document.followed_as, office_date(now))
    of_earlier = uow.issued.kind(document.agency_id, earlier.kind_id)
    event = earlier.give_way(of_earlier, document, office_date(now), by=actor, at=now)
    uow.issued.save(earlier)
    return event


def _person(actor: Actor) -> PersonId:
    if actor.person_id is None:
        raise NotFound
    return actor.person_id
