"""A thousand documents from a sheet: looked through line by line, begun all or none, approved and signed one after the
other, with what became of each.

Begun in one transaction with the errand's own key, so that a killed worker does not begin them twice. Approving goes on
where it was because what is approved no longer waits. Signing holds the run for a while; a process that is killed
leaves the rest as it was, and whoever signs goes on with the passphrase given again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, replace
from time import monotonic
from typing import Protocol
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, RuleBroken, SarabanError
from saraban.domain.events import DomainEvent
from saraban.domain.issued import IssuedDocument, IssuedState
from saraban.domain.issued_kind import IssuedKind, Stage
from saraban.domain.issued_run import (
    LONGEST_MAIL,
    MOST_LINES,
    IssuedRun,
    IssuedRunBegun,
    IssuedRunId,
    RunLine,
    SheetLine,
)
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_approve_some_issued, may_issue, may_see_issued, may_sign_issued, require
from saraban.exchange.headers import is_address
from saraban.usecases.books import AlreadyDone, OnceKey, UnitOfWork
from saraban.usecases.issued_notices import tell_of_run
from saraban.usecases.ports import Doer, Made, Services, Step
from saraban.usecases.proofs import Pen
from saraban.usecases.registry import Errand
from saraban.usecases.sheets import Sheet
from saraban.usecases.viruses import require_clean

ERRAND = "issued-run"
BEGIN, APPROVE = "begin", "approve"
LARGEST_SHEET = 10_000_000
_log = logging.getLogger(__name__)
_RENEW_SECONDS = 2.0
_TOLD_AT_ONCE = 200
Spawn = Callable[[Callable[[], None]], None]
"""Lets work go on after the answer was given."""


class BeginOne(Protocol):
    """Makes one document that is not kept yet (`issuing.begun`)."""

    def __call__(
        self, office: Services, uow: UnitOfWork, actor: Actor, kind: IssuedKind, line: SheetLine
    ) -> IssuedDocument: ...


class ApproveOne(Protocol):
    """Approves one document (`issuing.approve`)."""

    def __call__(self, office: Services, *, actor: Actor, document_id: UUID) -> object: ...


class SignInTurn(Protocol):
    """Signs documents with an open key (`signing_issued.sign_in_turn`)."""

    def __call__(
        self,
        office: Services,
        pen: Pen,
        *,
        actor: Actor,
        document_ids: Sequence[UUID],
        told: Callable[[UUID, str], None],
    ) -> object: ...


# --- the sheet --------------------------------------------------------------------------------------------------------


def read_run_sheet(office: Services, *, actor: Actor, kind_id: UUID, data: bytes, name: str) -> Sheet:
    """The first sheet of a file (XLSX or CSV), at most 2,000 rows below its headings. Raises NotPermitted, and
    BadInput({"file": …}) with a Thai reason."""
    with office.uow() as uow:
        require(may_issue(actor, uow.issued.kind(actor.agency_id, kind_id)))
    if len(data) > LARGEST_SHEET:
        raise BadInput({"file": "ไฟล์ใหญ่เกิน ๑๐ MB แบ่งเป็นหลายไฟล์แล้วนำเข้าทีละไฟล์"})
    require_clean(office.scanner, data)
    sheet = Sheet.of(office.spreadsheets.read(data, name))
    many = len(sheet.rows)
    if not many:
        raise BadInput({"file": "ไม่พบรายการในแผ่นงานแรก แถวแรกต้องเป็นหัวตาราง แถวต่อไปเป็นผู้ถือเอกสารแถวละหนึ่งฉบับ"})
    if many > MOST_LINES:
        told = f"มี {many:,} แถว ออกได้ครั้งละไม่เกิน {MOST_LINES:,} ฉบับ แบ่งเป็นหลายไฟล์"
        raise BadInput({"file": thai_digits(told)})
    return sheet


def faults_of_lines(
    office: Services, *, actor: Actor, kind_id: UUID, lines: Sequence[SheetLine]
) -> Mapping[int, Mapping[str, str]]:
    """What is wrong, by line from 0 and by field, in Thai; a document that the sheet names twice is told, too, with the
    row of the other. Raises NotPermitted, and RuleBroken for more than the trial of the kind has room for."""
    with office.uow() as uow:
        kind = uow.issued.kind(actor.agency_id, kind_id)
        require(may_issue(actor, kind))
        _expect_room(uow, kind, len(lines))
    wrong: dict[int, Mapping[str, str]] = {}
    seen: dict[str, int] = {}
    for at, line in enumerate(lines):
        faults = _faults(kind, line)
        said = json.dumps([line.holder_name, line.holder_id, dict(line.values)], ensure_ascii=False, sort_keys=True)
        if (before := seen.setdefault(said, at)) != at:
            faults |= {"holder_name": thai_digits(f"ซ้ำกับแถวที่ {lines[before].number(before)} ทุกช่อง")}
        if faults:
            wrong[at] = faults
    return wrong


def _faults(kind: IssuedKind, line: SheetLine) -> dict[str, str]:
    faults = {}
    if line.mail and (len(line.mail) > LONGEST_MAIL or not is_address(line.mail)):
        faults["mail"] = "ที่อยู่อีเมลไม่ถูกต้อง"
    try:
        kind.checked(line.holder_name, line.holder_id, line.values)
    except BadInput as error:
        faults |= error.fields
    return faults


def _expect_room(uow: UnitOfWork, kind: IssuedKind, more: int) -> None:
    if kind.stage is Stage.PILOT and (left := kind.pilot_most - uow.issued.count_out(kind.id)) < more:
        told = f"เอกสารชนิดนี้อยู่ระหว่างทดลอง ออกได้อีก {max(left, 0)} ฉบับ ผู้ดูแลระบบเปิดใช้เต็มหรือเพิ่มจำนวนได้"
        raise RuleBroken(thai_digits(told), code="pilot-full")


# --- begin ------------------------------------------------------------------------------------------------------------


def keep_lines(office: Services, lines: Sequence[SheetLine]) -> Digest:
    """Keep lines for the order of an errand."""
    return office.blobs.keep(json.dumps([asdict(line) for line in lines], ensure_ascii=False).encode())


def run_doer(begin: BeginOne, approve: ApproveOne) -> Doer:
    """The doer of such errands. Their order: "deed" (BEGIN or APPROVE), and what that deed needs."""
    deeds = {BEGIN: _beginner(begin), APPROVE: _approver(approve)}

    def work(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
        return deeds[errand.order["deed"]](office, errand, actor, step)

    return work


def _beginner(begin: BeginOne) -> Doer:
    """Its order: "kind", "lines" (the digest of kept lines) and "name" (of the sheet). The run has the errand's id. All
    documents are begun and put before who approves or signs them, or none is."""

    def work(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
        digest = Digest(errand.order["lines"])
        lines = [SheetLine(**values) for values in json.loads(office.blobs.open(digest))]
        wrong = faults_of_lines(office, actor=actor, kind_id=UUID(errand.order["kind"]), lines=lines)
        if wrong:
            at, faults = next(iter(wrong.items()))
            raise BadInput(dict(faults), f"แถวที่ {thai_digits(lines[at].number(at))}: {'; '.join(faults.values())}")
        step(len(lines) // 2, len(lines))
        key = OnceKey(f"errand:{errand.id}", ERRAND, digest.hex)
        with suppress(AlreadyDone):  # by a worker that was killed before it could say so
            _begin_all(replace(office, uow=office.once(key)), errand, actor, lines, begin)
        return Made(len(lines), words=thai_digits(f"จัดทำและเสนอแล้ว {len(lines):,} ฉบับ ไม่มีแถวใดขาด"))

    return work


def _begin_all(office: Services, errand: Errand, actor: Actor, lines: Sequence[SheetLine], begin: BeginOne) -> None:
    now = office.clock.now()
    with office.uow() as uow:
        kind = uow.issued.kind(actor.agency_id, UUID(errand.order["kind"]))
        _expect_room(uow, kind, len(lines))
        documents = [begin(office, uow, actor, kind, line) for line in lines]
        happened = list[DomainEvent]()
        for document in documents:
            happened += [document.drafted(kind, by=actor), document.submit(kind, by=actor, at=now)]
        run = IssuedRun(
            id=IssuedRunId(errand.id),
            agency_id=actor.agency_id,
            kind_id=kind.id,
            title=str(errand.order["name"])[:200],
            person_id=errand.person_id,
            made_by=actor.name,
            made_at=now,
            documents=len(documents),
        )
        uow.issued.add(documents[0])
        tell_of_run(uow, kind, documents[0], len(documents), actor, now)  # once for all of them
        uow.issued.add(*documents[1:])
        pairs = enumerate(zip(documents, lines, strict=True))
        uow.issued_runs.add(
            run, [RunLine(run.id, line.number(at), document.id, line.mail) for at, (document, line) in pairs]
        )
        sheet = Digest(errand.order["lines"])
        uow.record(
            IssuedRunBegun(at=now, by=actor, thing_id=run.id, kind=kind.code, documents=len(documents), sheet=sheet)
        )
        for event in happened:
            uow.record(event)
        uow.commit()


# --- approve ----------------------------------------------------------------------------------------------------------


def expect_approvable(office: Services, *, actor: Actor, run_id: UUID) -> int:
    """How many documents of the run wait for this approver. Raises NotPermitted, and RuleBroken when none does."""
    with office.uow() as uow:
        run, kind = opened_run(uow, actor, run_id)
        require(may_approve_some_issued(actor, kind))
        turns = kind.turns_of(actor.position_id)
        waiting = len(uow.issued_runs.lines(run.id, IssuedState.WAITING, turns))
    if not waiting:
        raise RuleBroken("ไม่มีเอกสารในชุดนี้ที่รอท่านอนุมัติ", code="nothing-waits")
    return waiting


def _approver(approve: ApproveOne) -> Doer:
    """Its order: "run". What is approved no longer waits, so that a killed worker goes on where it was."""

    def work(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
        with office.uow() as uow:
            run, kind = opened_run(uow, actor, UUID(errand.order["run"]))
            lines = uow.issued_runs.lines(run.id, IssuedState.WAITING, kind.turns_of(actor.position_id))
        done, left = 0, list[RunLine]()
        for at, line in enumerate(lines, start=1):
            try:
                approve(office, actor=actor, document_id=line.document_id)
                done += 1
            except SarabanError as error:
                left.append(replace(line, why=error.in_words if isinstance(error, BadInput) else error.thai))
            step(at, len(lines))
        _tell(office, left)
        rest = f" เหลือ {len(left):,} ฉบับ ดูเหตุผลในชุด" if left else ""
        return Made(done, words=thai_digits(f"อนุมัติแล้ว {done:,} ฉบับ{rest}"), faults=len(left))

    return work


def _tell(office: Services, lines: Sequence[RunLine]) -> None:
    for start in range(0, len(lines), _TOLD_AT_ONCE):
        with office.uow() as uow:
            for line in lines[start : start + _TOLD_AT_ONCE]:
                uow.issued_runs.tell(line)
            uow.commit(final=False)


# --- sign -------------------------------------------------------------------------------------------------------------


def sign_run(
    office: Services,
    *,
    actor: Actor,
    run_id: UUID,
    passphrase: str,
    sign: SignInTurn,
    spawn: Spawn,
    worker: Services | None = None,
) -> None:
    """Sign what waits for its signature in a run, in the order of the sheet; begins, or goes on where it was left.
    Where `office` begins it but once, by a key, `worker` are the services without the key that go through it. Raises
    NotPermitted, WrongPassphrase, NotFound without a key, ConcurrentEdit while it is gone through, RuleBroken when
    nothing waits. What becomes of the documents is written in the run."""
    if actor.person_id is None:
        raise NotFound
    with office.uow() as uow:
        run, kind = opened_run(uow, actor, run_id)
        require(may_sign_issued(actor, kind))
        if not uow.issued_runs.lines(run.id, IssuedState.APPROVED):
            raise RuleBroken("ไม่มีเอกสารในชุดนี้ที่รอลงนาม", code="nothing-waits")
    with ExitStack() as held:
        pen = held.enter_context(office.pages.opened(actor.person_id, passphrase))
        runner, now = uuid4(), office.clock.now()
        with office.uow() as uow:
            run, _ = opened_run(uow, actor, run_id)
            run.begin(runner, at=now, until=now + office.lease)
            uow.issued_runs.save(run)
            uow.commit()
        spawn(_Signing(worker or office, actor, run.id, runner, pen, sign, held.pop_all()))


def stop_run(office: Services, *, actor: Actor, run_id: UUID) -> None:
    """Stop after the documents in hand; the run can go on later. Raises NotPermitted."""
    with office.uow() as uow:
        run, kind = opened_run(uow, actor, run_id)
        require(may_sign_issued(actor, kind))
        run.stop()
        uow.issued_runs.save(run)
        uow.commit()


@dataclass
class _Signing:
    """Goes through a run; lays the key down at the end, whatever happens."""

    office: Services
    actor: Actor
    run_id: IssuedRunId
    runner: UUID
    pen: Pen
    sign: SignInTurn
    held: ExitStack
    renewed: float = 0.0

    def __call__(self) -> None:
        with self.held:
            try:
                with self.office.uow() as uow:
                    lines = uow.issued_runs.lines(self.run_id, IssuedState.APPROVED)
                by_document = {UUID(str(line.document_id)): line for line in lines}
                self._hold()
                self.sign(
                    self.office,
                    self.pen,
                    actor=self.actor,
                    document_ids=list(by_document),
                    told=lambda document_id, why: self._told(by_document[document_id], why),
                )
                self._end()
            except ConcurrentEdit:
                return  # it was stopped, or another goes through it
            except Exception:
                _log.exception("run %s was left where it is", self.run_id)

    def _told(self, line: RunLine, why: str) -> None:
        """Write down why a document was not issued, and go on holding the run; ConcurrentEdit when it was stopped."""
        if why != line.why:
            _tell(self.office, [replace(line, why=why)])
        self._hold()

    def _hold(self) -> None:
        if self.renewed and monotonic() - self.renewed < _RENEW_SECONDS:
            return
        with self.office.uow() as uow:
            uow.issued_runs.hold(self.run_id, self.runner, self.office.clock.now() + self.office.lease)
            uow.commit(final=False)
        self.renewed = monotonic()

    def _end(self) -> None:
        with self.office.uow() as uow:
            run = uow.issued_runs.get(self.actor.agency_id, self.run_id)
            if run.runner == self.runner:
                run.stop()
                uow.issued_runs.save(run)
            uow.commit(final=False)


def opened_run(uow: UnitOfWork, actor: Actor, run_id: UUID) -> tuple[IssuedRun, IssuedKind]:
    """A run that the actor may see, with its kind. Raises NotFound."""
    run = uow.issued_runs.get(actor.agency_id, run_id)
    kind = uow.issued.kind(actor.agency_id, run.kind_id)
    require(may_see_issued(actor, kind))
    return run, kind


def look_at_run(office: Services, *, actor: Actor, run_id: UUID) -> tuple[IssuedRun, IssuedKind]:
    """The same in a transaction of its own, for doors."""
    with office.uow() as uow:
        return opened_run(uow, actor, run_id)
