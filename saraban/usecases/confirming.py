"""Receivers without the system confirm: by the link in their mail, or to a clerk who writes it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4, uuid5

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency
from saraban.domain.attachment import Attachment, Digest
from saraban.domain.confirmation import LINK_LIFE, Confirmation, read_confirmation
from saraban.domain.dispatch import Dispatch, DispatchId, Evidence, EvidenceKind
from saraban.domain.errors import BadInput, NotFound, RuleBroken, StageNotAllowed
from saraban.domain.letter import Letter
from saraban.domain.permissions import may_confirm, require
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services
from saraban.usecases.replacing import settle_place

_MOST_TOKEN = 100
_GONE = "ลิงก์นี้ใช้ไม่ได้"


@dataclass(frozen=True)
class LinkPage:
    """What the page of a link shows: the letter, who sent it to whom, until when; `done` once it was acknowledged."""

    dispatch: Dispatch
    letter: Letter
    agency: Agency
    until: datetime
    done: Evidence | None

    @property
    def files(self) -> list[Attachment]:
        """What may be downloaded: of an open letter everything, of others nothing."""
        return self.letter.files_to_send if self.letter.content.secrecy.is_open else []


def open_link(office: Services, *, token: str) -> LinkPage:
    """What lies behind a link. NotFound, always with the same words, for a token that nobody has and for one whose time
    is over. Looking changes nothing: programs that check mail open every link in it."""
    with office.uow() as uow:
        return _behind(uow, token, office.clock.now())


def open_link_file(office: Services, *, token: str, sha256: Digest) -> tuple[Attachment, bytes]:
    """A file of the letter behind a link; NotFound also for a file that the letter does not list."""
    page = open_link(office, token=token)
    file = next((one for one in page.files if one.sha256 == sha256), None)
    if file is None:
        raise NotFound(_GONE)
    return file, office.blobs.open(sha256)


def acknowledge_by_link(
    office: Services,
    *,
    token: str,
    name: str,
    position: str,
    number: str = "",
    day: date | None = None,
) -> LinkPage:
    """The receiver says that it has the letter. Once only: StageNotAllowed afterwards. Raises BadInput by field, and
    NotFound as `open_link` does."""
    now = office.clock.now()
    with office.uow() as uow:
        page = _behind(uow, token, now)
        if page.done is not None:
            raise StageNotAllowed("แจ้งว่าได้รับหนังสือนี้แล้ว แจ้งซ้ำไม่ได้", code="acknowledged-already")
        dispatch = page.dispatch
        said = read_confirmation(EvidenceKind.LINK, dispatch, now, name=name, position=position, number=number, day=day)
        evidence = _evidence(dispatch, EvidenceKind.LINK, said, _link_id(dispatch), now, now)
        _apply(uow, dispatch, evidence, said, Actor.gateway(dispatch.agency_id), now)
        uow.commit()
    return open_link(office, token=token)


def confirm_by_hand(
    office: Services,
    *,
    actor: Actor,
    dispatch_id: DispatchId,
    kind: EvidenceKind,
    name: str,
    position: str = "",
    number: str = "",
    day: date | None = None,
    phone: str = "",
    note: str = "",
    at: datetime | None = None,
) -> Dispatch:
    """A clerk writes down that the receiver confirmed on the telephone, or what a person said in a reply that came.

    `at` is when it was said, this moment if left out. Raises BadInput by field, and RuleBroken for a reply when none
    has come, or before the letter has left.
    """
    now = office.clock.now()
    if kind not in (EvidenceKind.PHONE, EvidenceKind.REPLY):
        raise BadInput({"kind": "เลือกโทรศัพท์หรืออีเมลตอบ"})
    with office.uow() as uow:
        dispatch = uow.dispatches.get(actor.agency_id, dispatch_id)
        require(may_confirm(actor, uow.letters.get(actor.agency_id, dispatch.letter_id)))
        said = read_confirmation(
            kind, dispatch, now, name=name, position=position, number=number, day=day, phone=phone, note=note
        )
        at = at or now
        if at > now:
            raise BadInput({"at": "เวลาที่ยืนยันยังไม่ถึง"})
        if at < dispatch.created_at:
            raise BadInput({"at": "เวลาที่ยืนยันอยู่ก่อนเวลาที่ส่งหนังสือ"})
        replies = [e for e in uow.dispatches.evidence(dispatch) if e.kind is EvidenceKind.REPLY and e.raw is not None]
        if kind is EvidenceKind.REPLY and not replies:
            raise RuleBroken("ยังไม่มีอีเมลตอบของการส่งนี้ ถ้าผู้รับยืนยันทางโทรศัพท์ เลือกโทรศัพท์", code="no-reply")
        raw = max(replies, key=lambda e: e.at).raw if kind is EvidenceKind.REPLY else None
        evidence = _evidence(dispatch, kind, said, None, at, now, raw)
        _apply(uow, dispatch, evidence, said, actor, now)
        uow.commit()
    return dispatch


def _behind(uow: UnitOfWork, token: str, now: datetime) -> LinkPage:
    if not token or len(token) > _MOST_TOKEN:
        raise NotFound(_GONE)
    dispatch = uow.dispatches.by_link(Digest.of(token.encode("utf-8", "replace")))
    if dispatch is None:
        raise NotFound(_GONE)
    until = dispatch.created_at + LINK_LIFE
    if now > until:
        raise NotFound(_GONE)
    done = next((e for e in uow.dispatches.evidence(dispatch) if e.id == _link_id(dispatch)), None)
    return LinkPage(
        dispatch,
        uow.letters.get(dispatch.agency_id, dispatch.letter_id),
        uow.agencies.get(dispatch.agency_id),
        until,
        done,
    )


def _link_id(dispatch: Dispatch) -> UUID:
    """One acknowledgement by link for one dispatch: two at once are one row."""
    return uuid5(dispatch.id, "link")


def _evidence(
    dispatch: Dispatch,
    kind: EvidenceKind,
    said: Confirmation,
    id_: UUID | None,
    at: datetime,
    now: datetime,
    raw: Digest | None = None,
) -> Evidence:
    return Evidence(
        id=id_ or uuid4(),
        agency_id=dispatch.agency_id,
        dispatch_id=dispatch.id,
        step=said.step.value,
        kind=kind,
        at=at,
        noted_at=now,
        text=said.words(),
        statement=said.as_statement(at),
        raw=raw,
    )


def _apply(
    uow: UnitOfWork, dispatch: Dispatch, evidence: Evidence, said: Confirmation, by: Actor, now: datetime
) -> None:
    uow.dispatches.note(evidence)
    before = dispatch.state
    proofs = uow.dispatches.evidence(dispatch)
    uow.record(dispatch.confirm(proofs, evidence.kind, who=said.name, number=said.number, by=by, at=now))
    settle_place(uow, dispatch, before, by=by, at=now)
    uow.dispatches.save(dispatch)
