"""Documents for people: an administrator defines kinds, a clerk begins documents of them and puts them before those who
approve and sign. Signing itself is in `signing_issued`, what comes after it in `ending`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole, UnitId
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken
from saraban.domain.issued import Follows, IssuedDocument, IssuedId, IssuedState
from saraban.domain.issued_events import IssuedKindAnswerersNamed, IssuedKindRegisterSet
from saraban.domain.issued_kind import IssuedKind, KindDefinition, Stage
from saraban.domain.permissions import (
    may_approve_issued,
    may_define_kinds,
    may_issue,
    may_return_issued,
    may_revise_issued,
    require,
)
from saraban.usecases.books import UnitOfWork
from saraban.usecases.issued_notices import (
    settle_return,
    settle_turn,
    settle_what_waited,
    tell_drafter,
    tell_who_is_next,
)
from saraban.usecases.issued_pages import issued_page, opened, signer_as_things_stand
from saraban.usecases.pages import IssuedPage, Page
from saraban.usecases.ports import Services

UNFINISHED = (IssuedState.DRAFT, IssuedState.WAITING, IssuedState.APPROVED)


@dataclass(frozen=True)
class Said:
    """What a form says: the holder and the values of the kind's fields by key."""

    holder_name: str
    holder_id: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


# --- kinds ------------------------------------------------------------------------------------------------------------


def define_kind(office: Services, *, actor: Actor, said: KindDefinition) -> UUID:
    """A new kind. Raises NotPermitted, BadInput by field."""
    require(may_define_kinds(actor))
    now = office.clock.now()
    kind = IssuedKind.defined(said, id=uuid4(), by=actor, at=now)
    with office.uow() as uow:
        _expect_known(uow, actor, said, office_date(now))
        _expect_own_code(uow, kind)
        uow.issued.add_kind(kind)
        uow.record(kind.was_defined(by=actor))
        if kind.names_answerers:
            uow.record(_answerers_named(uow, kind, actor, now))
        if kind.register_shows is not None:
            uow.record(_register_set(kind, actor, now))
        uow.commit()
    return kind.id


def change_kind(
    office: Services, *, actor: Actor, kind_id: UUID, said: KindDefinition, version: int | None = None
) -> None:
    """Say something else about a kind, or switch it. Raises NotPermitted, NotFound, BadInput by field, ConcurrentEdit
    over another version."""
    now = office.clock.now()
    with office.uow() as uow:
        kind = uow.issued.kind(actor.agency_id, kind_id)
        require(may_define_kinds(actor))
        kind.expect_version(version)
        _expect_known(uow, actor, said, office_date(now))
        before, shown = (kind.answer_units, kind.answer_posts), kind.register_shows
        event = kind.change(said, by=actor, at=now)
        _expect_own_code(uow, kind)
        uow.issued.save_kind(kind)
        uow.record(event)
        if before != (kind.answer_units, kind.answer_posts):
            uow.record(_answerers_named(uow, kind, actor, now))
        if shown != kind.register_shows:
            uow.record(_register_set(kind, actor, now))
        uow.commit()


def _expect_own_code(uow: UnitOfWork, kind: IssuedKind) -> None:
    if any(one.code == kind.code and one.id != kind.id for one in uow.issued.kinds(kind.agency_id)):
        raise BadInput({"code": "มีเอกสารชนิดอื่นใช้รหัสนี้แล้ว"})


def _expect_known(uow: UnitOfWork, actor: Actor, said: KindDefinition, on: date) -> None:
    """Raise BadInput for posts and units that are none of the agency."""
    wrong = {}
    named = {"approvers": said.approvers, "signer_id": (said.signer_id,), "answer_posts": said.answer_posts}
    for name, post in ((name, post) for name, posts in named.items() for post in posts if post is not None):
        try:
            found = uow.agencies.post(actor.agency_id, post, on)
        except NotFound:
            wrong[name] = "เลือกตำแหน่งจากรายการ"
        else:
            if name == "answer_posts" and found.position.role is PositionRole.ADMIN:
                wrong[name] = "ผู้ดูแลระบบไม่เห็นเอกสารของประชาชน จึงตอบไม่ได้ เลือกตำแหน่งอื่น"
    known = {unit.id for unit in uow.agencies.all_units(actor.agency_id)}
    of_units = (("units", said.units), ("answer_units", said.answer_units))
    wrong |= {name: "เลือกหน่วยงานจากรายการ" for name, of in of_units if set(of) - known}
    if wrong:
        raise BadInput(wrong)


def _answerers_named(uow: UnitOfWork, kind: IssuedKind, actor: Actor, at: datetime) -> IssuedKindAnswerersNamed:
    units = {unit.id: unit.name for unit in uow.agencies.all_units(kind.agency_id)}
    posts = [uow.agencies.post(kind.agency_id, post, office_date(at)) for post in kind.answer_posts]
    names = [units[one] for one in kind.answer_units] + [f"{one.position.title} {one.unit.name}" for one in posts]
    return IssuedKindAnswerersNamed(
        at=at, by=actor, thing_id=kind.id, code=kind.code, title=kind.name_th, names=tuple(names)
    )


def _register_set(kind: IssuedKind, actor: Actor, at: datetime) -> IssuedKindRegisterSet:
    return IssuedKindRegisterSet(
        at=at,
        by=actor,
        thing_id=kind.id,
        code=kind.code,
        title=kind.name_th,
        is_open=kind.register_shows is not None,
        names=kind.register_shows or (),
    )


# --- documents --------------------------------------------------------------------------------------------------------


def draft(office: Services, *, actor: Actor, kind_id: UUID, said: Said) -> IssuedId:
    """Begin a document. Raises NotPermitted, BadInput by "holder_name", "holder_id" and "fields.ชื่อช่อง", RuleBroken
    when the trial has reached its number."""
    with office.uow() as uow:
        kind = uow.issued.kind(actor.agency_id, kind_id)
        document = begun(office, uow, actor, kind, said)
        uow.issued.add(document)
        uow.record(document.drafted(kind, by=actor))
        uow.commit()
    return document.id


def begun(office: Services, uow: UnitOfWork, actor: Actor, kind: IssuedKind, said: Said) -> IssuedDocument:
    """A new document that is not kept yet. Raises as `draft` does."""
    require(may_issue(actor, kind))
    if kind.stage is Stage.PILOT and (full := kind.why_full(uow.issued.count_out(kind.id))):
        raise RuleBroken(full, code="pilot-full")
    name, plain, values = kind.checked(said.holder_name, said.holder_id, said.values)
    now = office.clock.now()
    return IssuedDocument(
        id=IssuedId(uuid4()),
        agency_id=actor.agency_id,
        kind_id=kind.id,
        unit_id=_unit(actor),
        holder_name=name,
        holder_id=plain,
        values=values,
        made_at=now,
        changed_at=now,
        drafter_id=actor.person_id,
        drafted_by=actor.name,
    )


def revise(office: Services, *, actor: Actor, document_id: UUID, said: Said, version: int | None = None) -> None:
    """Change a draft. Raises as `draft` does, and ConcurrentEdit over another version."""
    with office.uow() as uow:
        document, kind = opened(uow, actor, document_id, version)
        require(may_revise_issued(actor, kind))
        at = office.clock.now()
        event = document.revise(kind, said.holder_name, said.holder_id, said.values, by=actor, at=at)
        uow.issued.save(document)
        uow.record(event)
        uow.commit()


def submit(office: Services, *, actor: Actor, document_id: UUID, version: int | None = None) -> IssuedState:
    """Put a draft before the first approver, or the signer where nobody approves. Raises NotPermitted, BadInput when
    the kind now asks for something else, or a character of it cannot be printed."""
    preview(office, actor=actor, document_id=document_id)
    with office.uow() as uow:
        document, kind = opened(uow, actor, document_id, version)
        require(may_issue(actor, kind))
        at = office.clock.now()
        event = document.submit(kind, by=actor, at=at)
        uow.issued.save(document)
        uow.record(event)
        settle_return(uow, document, at)
        tell_who_is_next(uow, kind, document, actor, at)
        uow.commit()
    return document.state


def approve(office: Services, *, actor: Actor, document_id: UUID, version: int | None = None) -> None:
    """An approver in his turn lets it go on. Raises NotPermitted, StageNotAllowed."""
    with office.uow() as uow:
        document, kind = opened(uow, actor, document_id, version)
        require(may_approve_issued(actor, kind, document))
        at, post = office.clock.now(), document.before(kind)
        event = document.approve(kind, by=actor, at=at)
        uow.issued.save(document)
        uow.record(event)
        settle_turn(uow, kind, post, at)
        tell_who_is_next(uow, kind, document, actor, at)
        uow.commit()


def send_back(office: Services, *, actor: Actor, document_id: UUID, reason: str, version: int | None = None) -> None:
    """An approver in his turn or the signer sends it back, and why. Raises NotPermitted, BadInput."""
    with office.uow() as uow:
        document, kind = opened(uow, actor, document_id, version)
        require(may_return_issued(actor, kind, document))
        at, post = office.clock.now(), document.before(kind)
        event = document.send_back(kind, reason, by=actor, at=at)
        uow.issued.save(document)
        uow.record(event)
        settle_turn(uow, kind, post, at)
        settle_what_waited(uow, kind, at, IssuedState.APPROVED)
        tell_drafter(uow, kind, document, actor, at)
        uow.commit()


def drop(office: Services, *, actor: Actor, document_id: UUID, reason: str = "", version: int | None = None) -> None:
    """A draft is not going to be issued. Raises NotPermitted, BadInput when it had a number and no reason is given."""
    with office.uow() as uow:
        document, kind = opened(uow, actor, document_id, version)
        require(may_revise_issued(actor, kind))
        event = document.drop(kind, reason, by=actor, at=office.clock.now())
        uow.issued.save(document)
        uow.record(event)
        uow.commit()


def follow(
    office: Services, *, actor: Actor, document_id: UUID, as_what: Follows, said: Said | None = None
) -> IssuedId:
    """Begin the document that will renew or replace one, with what stands on that one unless something else is said.
    The earlier one holds until the new one is signed. Raises NotPermitted, StageNotAllowed, BadInput, and RuleBroken
    when another is begun already."""
    with office.uow() as uow:
        earlier, kind = opened(uow, actor, document_id)
        earlier.expect_follower(as_what, office_date(office.clock.now()))
        if any(one.state in UNFINISHED for one in uow.issued.following(earlier.id)):
            raise RuleBroken("มีฉบับที่จะแทนที่หรือต่ออายุเอกสารนี้อยู่ระหว่างดำเนินการแล้ว", code="follower-begun")
        keys = {one.key for one in kind.fields}
        same = Said(
            earlier.holder_name, earlier.holder_id, {key: value for key, value in earlier.values.items() if key in keys}
        )
        document = begun(office, uow, actor, kind, said or same)
        document.follows, document.followed_as = earlier.id, as_what
        document.withheld, document.withheld_because = earlier.withheld, earlier.withheld_because
        uow.issued.add(document)
        uow.record(document.drafted(kind, by=actor))
        uow.commit()
    return document.id


def preview(office: Services, *, actor: Actor, document_id: UUID) -> Page:
    """The page as it would be issued now, without number and day. Raises BadInput for characters that cannot be
    printed."""
    now = office.clock.now()
    with office.uow() as uow:
        document, kind = opened(uow, actor, document_id)
        agency = uow.agencies.get(actor.agency_id)
        signer = signer_as_things_stand(uow, kind, document, office_date(now), actor)
    page = issued_page(kind, document, agency, signer, verification="" if kind.is_public else None)
    return _drawn(office, page, now)


def _drawn(office: Services, page: IssuedPage, now: datetime) -> Page:
    """The page. Raises BadInput by the fields of a document for characters that cannot be printed."""
    try:
        return office.renderer.issued(page, at=now)
    except BadInput as error:
        words = " · ".join(dict.fromkeys(error.fields.values()))
        raise BadInput({"holder_name": words}) from error


def picture(office: Services, *, actor: Actor, document_id: UUID, width: int) -> bytes:
    """The first page as PNG: as it was issued, or as it would be."""
    with office.uow() as uow:
        document, _ = opened(uow, actor, document_id)
    if document.digest is not None:
        pdf = office.blobs.open(document.digest)
    else:
        pdf = preview(office, actor=actor, document_id=document_id).pdf
    return office.renderer.thumbnail(pdf, page=0, width=width)


def preview_kind(office: Services, *, actor: Actor, said: KindDefinition) -> Page:
    """The page of a kind that is being defined, its blanks left open, whatever is still to be said of its use. Raises
    NotPermitted, BadInput."""
    require(may_define_kinds(actor))
    now = office.clock.now()
    sample = IssuedKind.defined(said, id=uuid4(), by=actor, at=now, is_sample=True)
    document = IssuedDocument(
        id=IssuedId(uuid4()),
        agency_id=actor.agency_id,
        kind_id=sample.id,
        unit_id=_unit(actor),
        holder_name="(ชื่อผู้ถือเอกสาร)",
        holder_id="",
        values={one.key: f"({one.shown})" for one in sample.fields},
        made_at=now,
        changed_at=now,
        drafter_id=None,
        drafted_by="",
    )
    with office.uow() as uow:
        agency = uow.agencies.get(actor.agency_id)
        signer = signer_as_things_stand(uow, sample, document, office_date(now))
    if said.signer_id is None:
        signer = replace(signer, name="ผู้ลงนาม")
    page = issued_page(sample, document, agency, signer, verification="" if sample.is_public else None)
    return office.renderer.issued(page, at=now)


def _unit(actor: Actor) -> UnitId:
    if actor.unit_id is None:
        raise NotPermitted("ออกเอกสารได้เฉพาะเจ้าหน้าที่ที่ดำรงตำแหน่งในหน่วยงาน")
    return actor.unit_id
