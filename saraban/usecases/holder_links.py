"""A document goes to its holder: by a link that opens without an account, handed over or sent by mail.

Looking at the page of a link changes nothing: programs that check mail open every link. That the file was fetched is
counted. The token stands in the address alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4, uuid5

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency
from saraban.domain.attachment import Digest, safe_name
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.issued import IssuedDocument, IssuedState
from saraban.domain.issued_events import BY_HOLDER
from saraban.domain.issued_kind import IssuedKind
from saraban.domain.issued_run import (
    LONGEST_MAIL,
    TOKEN_BYTES,
    HolderLink,
    HolderLinkId,
    HolderLinkMade,
    HolderLinkWithdrawn,
    IssuedRunId,
    RunLine,
)
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_revise_issued, require
from saraban.domain.verification import DocumentState, address
from saraban.exchange.envelope import OutboxKind
from saraban.exchange.headers import is_address
from saraban.exchange.holder_mails import HolderMail, holder_mail
from saraban.usecases.books import UnitOfWork
from saraban.usecases.issued_pages import opened
from saraban.usecases.outgoing import OutboxItem
from saraban.usecases.pages import PrintMarks
from saraban.usecases.ports import Made, Services, Step
from saraban.usecases.registry import Errand

ERRAND = "holder-links"
MAIL, AGAIN, SHEET = "mail", "mail-again", "sheet"
WORDS = {MAIL: "ส่งลิงก์ให้ผู้ถือ", AGAIN: "ส่งลิงก์อีกครั้งที่ส่งไม่ถึง", SHEET: "ทำตารางลิงก์"}
"""Each deed as the title of its errand begins."""
MAIL_LIFE = timedelta(days=3)
_SENT, _GONE = "sent", "ลิงก์นี้ใช้ไม่ได้"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS = ("แถวที่", "ชื่อผู้ถือ", "เลขที่", "หน้าตรวจสอบ", "ลิงก์ของผู้ถือ")
_MOST_TOKEN, _AT_ONCE = 100, 100


@dataclass(frozen=True)
class HolderPage:
    """What the page of a link shows; `can_fetch`: the file may be fetched now. `verify` is the address at which anybody
    checks the document, empty for none; `next_number` and `next_verify` are those of the document that took its place,
    where the kind of that one lets anybody know of it."""

    agency: Agency
    kind: IssuedKind
    number: str
    holder_name: str
    issued_on: date | None
    valid_until: date | None
    state: DocumentState
    state_on: date | None
    verify: str
    size: int
    next_number: str = ""
    next_verify: str = ""

    @property
    def can_fetch(self) -> bool:
        """Is it valid now?"""
        return self.state is DocumentState.VALID


# --- by those who issue ---------------------------------------------------------------------------------------------


def make_link(office: Services, *, actor: Actor, document_id: UUID, mail: str = "") -> str:
    """The address of a new link of an issued document, told this once; with `mail` it goes there. Raises NotPermitted,
    BadInput({"mail": …}), RuleBroken without a public address, for a document that is not valid, and where one went to
    the same mailbox just now: by another press, or with those of its run."""
    where = mail.strip()
    if where and (len(where) > LONGEST_MAIL or not is_address(where)):
        raise BadInput({"mail": "ที่อยู่อีเมลไม่ถูกต้อง"})
    with office.uow() as uow:
        uow.issued.held(actor.agency_id, [document_id])
        document, kind = opened(uow, actor, document_id)
        require(may_revise_issued(actor, kind))
        if where:
            if any(one.went_just_now(where, office.clock.now()) for one in uow.issued_runs.links(document.id)):
                raise RuleBroken(f"ส่งลิงก์ไปที่ {where} เมื่อครู่นี้แล้ว ส่งอีกครั้งได้หลังหนึ่งนาที", code="just-mailed")
            _give_way(uow, document)
        link = _made(office, uow, actor, kind, document, where)
        uow.commit()
    return link


def withdraw_links(office: Services, *, actor: Actor, document_id: UUID) -> int:
    """All links of a document answer no longer, and mail with one that waits does not go out; how many those were.
    Raises NotPermitted."""
    now = office.clock.now()
    with office.uow() as uow:
        document, kind = opened(uow, actor, document_id)
        require(may_revise_issued(actor, kind))
        withdrawn = [one for one in uow.issued_runs.links(document.id) if uow.issued_runs.withdraw_link(one, now)]
        for link in withdrawn:
            uow.outbox.stop(document.agency_id, link.id)
            uow.outbox.abandon(document.agency_id, link.id)
            uow.record(
                HolderLinkWithdrawn(at=now, by=actor, thing_id=document.id, link_id=link.id, number=document.number)
            )
        uow.commit()
    return len(withdrawn)


def expect_mailable(office: Services, *, actor: Actor, run_id: UUID, again: bool = False) -> int:
    """To how many holders of a run a press sends links now, of valid documents: to those with a mailbox to whom none
    ever went; with `again`, to those whose mail came back. Raises NotPermitted, and RuleBroken without a public address
    and when there is nobody."""
    with office.uow() as uow:
        run = uow.issued_runs.get(actor.agency_id, run_id)
        kind = uow.issued.kind(actor.agency_id, run.kind_id)
        require(may_revise_issued(actor, kind))
        waiting = len(_unsent(uow, run.id, _valid_lines(office, uow, run.id), again))
    _expect_address(office)
    if not waiting:
        told = "ไม่มีฉบับใดในชุดนี้ที่ส่งไม่ถึง" if again else "ไม่มีฉบับใดในชุดนี้ที่มีอีเมลผู้ถือและยังไม่ได้ส่ง"
        raise RuleBroken(told, code="nothing-waits")
    return waiting


def do_links(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
    """The doer of such errands. Their order: "deed" (MAIL, AGAIN or SHEET) and "run"."""
    if errand.order["deed"] == SHEET:
        return _sheet_of_all(office, errand, actor, step)
    return _mail_all(office, errand, actor, step)


def _mail_all(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
    """Send what `expect_mailable` counts; a hundred in a transaction that locks the run, and its documents against a
    press on one of them, and looks again, so that a killed worker, or two at once, send none twice, and that notes how
    many went out: an errand that is begun again tells of all its rounds."""
    again = errand.order["deed"] == AGAIN
    with office.uow() as uow:
        run_id = uow.issued_runs.get(actor.agency_id, UUID(errand.order["run"])).id
        lines = uow.issued_runs.lines(run_id, IssuedState.ISSUED)
        waiting = _unsent(uow, run_id, _valid_lines(office, uow, run_id), again)
        ended = len(_unsent(uow, run_id, lines, again)) - len(waiting)
    before = sent = int(errand.order.get(_SENT, 0))
    _expect_address(office)
    for nth, part in enumerate(_parts(waiting)):
        with office.uow() as uow:
            uow.issued_runs.lock(run_id)
            uow.issued.held(actor.agency_id, [line.document_id for line in part if line.document_id is not None])
            sent = int(uow.errands.get(actor.agency_id, errand.id).order.get(_SENT, 0))
            for line in _unsent(uow, run_id, part, again):
                document, kind = opened(uow, actor, line.document_id)
                require(may_revise_issued(actor, kind))
                if not _is_valid(office, document):
                    ended += 1
                    continue
                if again:
                    _give_way(uow, document)
                _made(office, uow, actor, kind, document, line.mail)
                sent += 1
            errand.order = {**errand.order, _SENT: sent}
            uow.errands.note(errand)
            uow.commit()
        step(before + nth * _AT_ONCE + len(part), before + len(waiting))
    nowhere = 0 if again else sum(not line.mail for line in lines)
    told = [
        f"ส่งลิงก์ถึงผู้ถือแล้ว {sent:,} ฉบับ",
        f"ไม่ได้ส่ง {ended:,} ฉบับที่ใช้ไม่ได้แล้ว" if ended else "",
        f"ไม่มีอีเมล {nowhere:,} แถว" if nowhere else "",
    ]
    return Made(sent, words=thai_digits(" ".join(one for one in told if one)))


def _sheet_of_all(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
    """A link for each issued line, in a sheet that whoever ordered it hands out. A worker that was killed begins again;
    the links that nobody was told then give way to new ones, but for those that were withdrawn meanwhile."""
    with office.uow() as uow:
        run = uow.issued_runs.get(actor.agency_id, UUID(errand.order["run"]))
        lines = uow.issued_runs.lines(run.id, IssuedState.ISSUED)
    rows = list[Sequence[object]]()
    _expect_address(office)
    for part in _parts(lines):
        with office.uow() as uow:
            for line in part:
                document, kind = opened(uow, actor, line.document_id)
                require(may_revise_issued(actor, kind))
                if not _is_valid(office, document):
                    continue
                own = HolderLinkId(uuid5(errand.id, str(document.id)))
                if link := _made(office, uow, actor, kind, document, "", own):
                    rows.append((line.ordinal, document.holder_name, document.number, _verify(office, document), link))
            uow.commit()
        step(lines.index(part[-1]) + 1, len(lines))
    out = BytesIO()
    office.spreadsheets.write_xlsx("ลิงก์ของผู้ถือ", _COLUMNS, rows, out)
    digest = office.blobs.keep(out.getvalue())
    name = safe_name(f"ลิงก์ของผู้ถือ {run.title.removesuffix('.xlsx')}.xlsx")
    return Made(
        len(rows), name, XLSX, digest, thai_digits(f"ทำลิงก์แล้ว {len(rows):,} ฉบับ ใครมีลิงก์ก็เปิดเอกสารได้ เก็บไฟล์นี้ให้ดี")
    )


# --- by the holder --------------------------------------------------------------------------------------------------


def open_link(office: Services, *, token: str) -> HolderPage:
    """What lies behind a link. NotFound, always with the same words, for a token that nobody has and for one that was
    withdrawn. Looking changes nothing."""
    with office.uow() as uow:
        link, document, kind = _behind(uow, token)
        agency = uow.agencies.get(document.agency_id)
        if not agency.name_en and (known := uow.directory.by_code(agency.code)) is not None:
            agency = replace(agency, name_en=known.name_en)
        following = uow.issued.document(link.agency_id, document.replaced_by) if document.replaced_by else None
        if following is not None and not uow.issued.kind(link.agency_id, following.kind_id).is_public:
            following = None
    state = document.public_state(office_date(office.clock.now()))
    assert state is not None  # a link is made for what was issued
    return HolderPage(
        agency,
        kind,
        document.number,
        document.holder_name,
        document.issued_on,
        document.valid_until,
        state,
        document.state_on,
        _verify(office, document),
        document.size,
        next_number=following.number if following is not None else "",
        next_verify=_verify(office, following) if following is not None else "",
    )


def fetch(office: Services, *, token: str) -> tuple[bytes, str]:
    """The file behind a link, and its number; that it was fetched is counted. NotFound as `open_link`; RuleBroken while
    the document is not valid."""
    with office.uow() as uow:
        document, _, digest = _to_fetch(uow, token, office.clock.now())
        uow.commit()
    return office.blobs.open(digest), document.number


def print_out(office: Services, *, token: str) -> tuple[bytes, str]:
    """The document behind a link for paper, saying above every page from which system its holder printed it and when,
    and its number; counted as `fetch` does, and an event. Raises as `fetch` does."""
    now = office.clock.now()
    with office.uow() as uow:
        document, _, digest = _to_fetch(uow, token, now)
        agency = uow.agencies.get(document.agency_id)
    check = f"ตรวจสอบฉบับจริงที่ {where}" if (where := _verify(office, document)) else ""
    marks = PrintMarks(agency.name, BY_HOLDER, now, check, agency.options.digits)
    page = office.renderer.print_out(office.blobs.open(digest), marks)
    with office.uow() as uow:
        document, kind, _ = _to_fetch(uow, token, now)
        uow.record(document.printed(kind, by=Actor.gateway(agency.id), at=now, by_holder=True))
        uow.commit()
    return page, document.number


def _to_fetch(uow: UnitOfWork, token: str, now: datetime) -> tuple[IssuedDocument, IssuedKind, Digest]:
    link, document, kind = _behind(uow, token)
    if document.public_state(office_date(now)) is not DocumentState.VALID or document.digest is None:
        raise RuleBroken("เอกสารนี้ดาวน์โหลดไม่ได้แล้ว ดูสถานะในหน้านี้", code="not-valid")
    if not uow.issued_runs.count_fetch(link, now):  # holds when it is committed
        raise NotFound(_GONE)
    return document, kind, document.digest


# --- within -----------------------------------------------------------------------------------------------------------


def _made(
    office: Services,
    uow: UnitOfWork,
    actor: Actor,
    kind: IssuedKind,
    document: IssuedDocument,
    mail: str,
    own: HolderLinkId | None = None,
) -> str:
    """The address of a link; empty where its `own` place was withdrawn."""
    _expect_address(office)
    now = office.clock.now()
    if not _is_valid(office, document):
        raise RuleBroken("ทำลิงก์ได้เฉพาะเอกสารที่ออกแล้วและยังใช้ได้", code="not-valid")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = HolderLink(
        id=own or HolderLinkId(uuid4()),
        agency_id=actor.agency_id,
        document_id=document.id,
        token=Digest.of(token.encode()),
        mail=mail,
        made_by=actor.name,
        made_at=now,
    )
    if own is None or all(one.id != own for one in uow.issued_runs.links(document.id)):
        uow.issued_runs.add_link(link)
    elif not uow.issued_runs.renew_link(link):
        return ""
    where = f"{office.public_url}/d/{token}"
    if mail:
        _post(office, uow, kind, document, link, where, now)
    uow.record(
        HolderLinkMade(
            at=now, by=actor, thing_id=document.id, link_id=link.id, number=document.number, mailed=bool(mail)
        )
    )
    return where


def _unsent(uow: UnitOfWork, run_id: IssuedRunId, lines: Sequence[RunLine], again: bool) -> list[RunLine]:
    """Those of the lines to whose holders a link is to go, each with the mailbox."""
    if again:
        back = uow.issued_runs.returned(run_id)
        return [replace(line, mail=back[line.document_id]) for line in lines if line.document_id in back]
    told = uow.issued_runs.mailed(run_id)
    return [line for line in lines if line.mail and line.document_id not in told]


def _valid_lines(office: Services, uow: UnitOfWork, run_id: IssuedRunId) -> Sequence[RunLine]:
    return uow.issued_runs.lines(run_id, IssuedState.ISSUED, valid_on=office_date(office.clock.now()))


def _give_way(uow: UnitOfWork, document: IssuedDocument) -> None:
    """Mail about the document that was given up is not tried again: new mail goes in its place."""
    for link in uow.issued_runs.links(document.id):
        if link.mail:
            uow.outbox.abandon(document.agency_id, link.id)


def _post(
    office: Services,
    uow: UnitOfWork,
    kind: IssuedKind,
    document: IssuedDocument,
    link: HolderLink,
    where: str,
    now: datetime,
) -> None:
    agency = uow.agencies.get(document.agency_id)
    told = HolderMail(
        id=link.id,
        agency=agency.name,
        mailbox=agency.mailbox,
        to=link.mail,
        kind=kind.name_th,
        number=document.number,
        link=where,
        verify=_verify(office, document),
    )
    item = OutboxItem(
        id=uuid4(),
        agency_id=agency.id,
        agency_code=agency.code,
        kind=OutboxKind.HOLDER,
        ref=link.id,
        envelope=holder_mail(told, now),
        give_up_at=now + MAIL_LIFE,
    )
    uow.outbox.put(item, now)


def _behind(uow: UnitOfWork, token: str) -> tuple[HolderLink, IssuedDocument, IssuedKind]:
    link = uow.issued_runs.link(Digest.of(token.encode())) if 0 < len(token) <= _MOST_TOKEN else None
    if link is None or link.withdrawn_at is not None:
        raise NotFound(_GONE)
    document = uow.issued.document(link.agency_id, link.document_id)
    return link, document, uow.issued.kind(link.agency_id, document.kind_id)


def _expect_address(office: Services) -> None:
    if not office.public_url:
        raise RuleBroken("ผู้ติดตั้งระบบยังไม่ได้ตั้งที่อยู่สาธารณะ (SARABAN_PUBLIC_URL) จึงทำลิงก์ไม่ได้", code="no-address")


def _is_valid(office: Services, document: IssuedDocument) -> bool:
    return document.public_state(office_date(office.clock.now())) is DocumentState.VALID


def _verify(office: Services, document: IssuedDocument) -> str:
    return address(office.public_url, document.code) if document.code and office.public_url else ""


def _parts(lines: Sequence[RunLine]) -> Iterator[Sequence[RunLine]]:
    for start in range(0, len(lines), _AT_ONCE):
        yield lines[start : start + _AT_ONCE]
