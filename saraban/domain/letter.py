"""An outgoing letter: its parts, and its life from draft to closed.

draft → submitted → endorsed → signing → issued → dispatched → closed
  ↑________ returned ←──┘          (withdrawn from draft, returned or submitted)
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from saraban.domain import events
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, UnitId
from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.content import Contact as Contact
from saraban.domain.content import Content as Content
from saraban.domain.content import Reference as Reference
from saraban.domain.content import Signatory as Signatory
from saraban.domain.errors import BadInput, ConcurrentEdit, RuleBroken, StageNotAllowed
from saraban.domain.forms import RULES
from saraban.domain.ready import ReadyPage
from saraban.domain.route import Endorsement, RouteStep, StepKind, StepState

LetterId = NewType("LetterId", UUID)
MOST_OCTETS = 14_600_000
"""All files of a letter together, so that it can leave by mail."""


class LetterState(str, Enum):
    """The states of an outgoing letter."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ENDORSED = "endorsed"
    SIGNING = "signing"
    ISSUED = "issued"
    DISPATCHED = "dispatched"
    CLOSED = "closed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


_NEXT: dict[LetterState, set[LetterState]] = {
    LetterState.DRAFT: {LetterState.SUBMITTED, LetterState.WITHDRAWN},
    LetterState.RETURNED: {LetterState.SUBMITTED, LetterState.WITHDRAWN},
    LetterState.SUBMITTED: {LetterState.ENDORSED, LetterState.SIGNING, LetterState.RETURNED, LetterState.WITHDRAWN},
    LetterState.ENDORSED: {LetterState.ENDORSED, LetterState.SIGNING, LetterState.RETURNED},
    LetterState.SIGNING: {LetterState.ISSUED, LetterState.ENDORSED},
    LetterState.ISSUED: {LetterState.DISPATCHED},
    LetterState.DISPATCHED: {LetterState.CLOSED},
}
_OPEN_FOR_CHANGE = {LetterState.DRAFT, LetterState.RETURNED}
_ON_ROUTE = {LetterState.SUBMITTED, LetterState.ENDORSED}


@dataclass(eq=False)
class Letter:
    """An outgoing letter of an agency. `version` counts every change and guards against two people at once."""

    id: LetterId
    agency_id: AgencyId
    unit_id: UnitId
    drafter_id: PersonId
    drafter_name: str
    content: Content
    created_at: datetime
    updated_at: datetime
    state: LetterState = LetterState.DRAFT
    version: int = 1
    files: list[Attachment] = field(default_factory=list)
    route: list[RouteStep] = field(default_factory=list)
    endorsements: list[Endorsement] = field(default_factory=list)
    number: str | None = None
    number_date: date | None = None
    signatory: Signatory | None = None
    issued_at: datetime | None = None

    # --- drafting ---------------------------------------------------------------------------------------------

    def expect_version(self, version: int | None) -> None:
        """Raise ConcurrentEdit when the caller looked at another version (None: the caller does not care)."""
        if version is not None and version != self.version:
            raise ConcurrentEdit

    def revise(self, content: Content, *, by: Actor, at: datetime) -> events.LetterRevised:
        """Replace the content of a draft, but for its ready page. A form without enclosures takes none over."""
        self._must_be_open()
        if self.enclosures and not RULES[content.form].has("enclosures"):
            raise BadInput({"form": f"{content.form.thai}ไม่มีสิ่งที่ส่งมาด้วย เอาไฟล์แนบออกก่อนเปลี่ยนแบบ"})
        self.content, self.updated_at = replace(content, ready=self.content.ready), at
        return events.LetterRevised(at=at, by=by, letter_id=self.id, content=self.content_digest())

    def attach(self, file: Attachment, *, by: Actor, at: datetime) -> events.FileAttached:
        """Add an enclosure to a draft. Two files of one name get told apart by a number in the name."""
        self._must_be_open()
        if not RULES[self.content.form].has("enclosures"):
            raise RuleBroken(f"{self.content.form.thai}ไม่มีสิ่งที่ส่งมาด้วย", code="no-enclosures")
        if len(self.files) >= 49:
            raise RuleBroken("แนบได้ไม่เกิน ๔๙ ไฟล์ต่อหนึ่งฉบับ", code="too-many-files")
        taken = {f.name for f in self.files} | {ISSUED_FILE_NAME, "manifest.json", "manifest.json.p7s"}
        file = replace(file, name=_free_name(file.name, taken))
        self.files.append(file)
        self.updated_at = at
        return events.FileAttached(at=at, by=by, letter_id=self.id, file_name=file.name, sha256=file.sha256)

    def detach(self, digest: Digest, *, by: Actor, at: datetime) -> events.FileRemoved:
        """Take an enclosure off a draft."""
        self._must_be_open()
        file = next((f for f in self.files if f.sha256 == digest), None)
        if file is None:
            raise RuleBroken("ไม่พบไฟล์แนบนี้ในร่าง")
        self.files.remove(file)
        self.updated_at = at
        return events.FileRemoved(at=at, by=by, letter_id=self.id, file_name=file.name, sha256=digest)

    def take_ready(self, ready: ReadyPage | None, *, at: datetime) -> None:
        """Take a PDF as the letter itself, or the written text again."""
        self._must_be_open()
        self.content, self.updated_at = replace(self.content, ready=ready), at

    def content_digest(self) -> Digest:
        """The digest of the content version: what the steps of the route are given over."""
        return Digest.of(self.content_bytes())

    def content_bytes(self) -> bytes:
        """The content version as canonical JSON, by which it is kept."""
        c = self.content
        return json.dumps(
            {
                "letter": str(self.id),
                "form": c.form.value,
                "subject": c.subject,
                "addressed_to": c.addressed_to,
                "body": c.body,
                "recipients": list(c.recipients),
                "references": [[r.number, str(r.date or ""), r.sender] for r in c.references],
                "urgency": c.urgency.value,
                "secrecy": c.secrecy.value,
                "contact": [c.contact.unit, c.contact.phone, c.contact.email],
                "response_due": str(c.response_due or ""),
                "purpose": c.purpose,
                "closing": c.closing,
                "circular": c.circular,
                "details": dict(c.details),
                **({} if c.ready is None else {"ready": c.ready.as_dict()}),
                **({} if c.digits is None else {"digits": c.digits.value}),
                "files": [[f.name, f.role.value, f.sha256.hex] for f in self.enclosures],
            },
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        ).encode()

    # --- the route --------------------------------------------------------------------------------------------

    def submit(self, route: Sequence[RouteStep], *, by: Actor, at: datetime) -> events.LetterSubmitted:
        """Put the draft before the first officer of its route, which ends with the one who signs."""
        if lacking := self.content.missing():
            raise BadInput(lacking)
        if not route or route[-1].kind is not StepKind.SIGN:
            raise RuleBroken("เส้นทางเสนอต้องจบที่ผู้ลงนาม", code="route-without-signatory")
        if any(step.kind is StepKind.SIGN for step in route[:-1]):
            raise RuleBroken("เส้นทางเสนอมีผู้ลงนามได้คนเดียว ผู้อื่นลงเกษียนก่อนถึงผู้ลงนาม", code="several-signatories")
        self._move_to(LetterState.SUBMITTED, at)
        self.route = list(route)
        self._note("เสนอ", by, "", at)
        return events.LetterSubmitted(
            at=at, by=by, letter_id=self.id, content=self.content_digest(), route=tuple(s.title for s in route)
        )

    def current_step(self) -> RouteStep | None:
        """The step that waits, while the letter is on its route or being signed."""
        if self.state not in _ON_ROUTE and self.state is not LetterState.SIGNING:
            return None
        return next((s for s in self.route if s.state is StepState.WAITING), None)

    def endorse(self, *, by: Actor, note: str, at: datetime, page: Digest | None = None) -> events.LetterEndorsed:
        """Pass the letter on to the next step with the officer's words."""
        step = self._step_of(by, StepKind.ENDORSE)
        self._move_to(LetterState.ENDORSED, at)
        self._finish(step, StepState.DONE, by, at)
        self._note("เกษียน", by, note, at, page)
        return events.LetterEndorsed(at=at, by=by, letter_id=self.id, note=note, content=self.content_digest())

    def send_back(self, *, by: Actor, reason: str, at: datetime) -> events.LetterReturned:
        """Send the letter back to its drafter with the reason."""
        step = self._step_of(by, None)
        if not reason.strip():
            raise BadInput({"reason": "ใส่เหตุผลที่ส่งคืน"})
        self._move_to(LetterState.RETURNED, at)
        self._finish(step, StepState.RETURNED, by, at)
        self._note("ส่งคืน", by, reason, at)
        return events.LetterReturned(at=at, by=by, letter_id=self.id, reason=reason, content=self.content_digest())

    def withdraw(self, *, by: Actor, at: datetime) -> events.LetterWithdrawn:
        """Give the draft up. It stays readable and is never deleted."""
        self._move_to(LetterState.WITHDRAWN, at)
        self._note("ถอนเรื่อง", by, "", at)
        return events.LetterWithdrawn(at=at, by=by, letter_id=self.id)

    # --- signing: number and date are written before the page is made, the bytes freeze after it ---------------

    def begin_signing(self, *, by: Actor, number: str, on: date, at: datetime) -> events.SigningBegun:
        """Take the number under which the letter is being signed. Signing again after a failure is allowed."""
        self._step_of(by, StepKind.SIGN)
        if self.state is not LetterState.SIGNING:
            self._move_to(LetterState.SIGNING, at)
        self.number, self.number_date = number, on
        self.signatory = Signatory(name=by.name, position=by.title)
        return events.SigningBegun(at=at, by=by, letter_id=self.id, number=number, content=self.content_digest())

    def fail_signing(self, *, by: Actor, reason: str, at: datetime) -> events.SigningFailed:
        """Go back before the signatory; the reserved number waits for the next try or is voided by the caller."""
        if self.state is not LetterState.SIGNING:
            raise StageNotAllowed("หนังสือนี้ไม่ได้อยู่ระหว่างลงนาม")
        self._move_to(LetterState.ENDORSED, at)
        number, self.number, self.number_date, self.signatory = self.number or "", None, None, None
        return events.SigningFailed(at=at, by=by, letter_id=self.id, number=number, reason=reason)

    def issue(self, page: Attachment, *, by: Actor, seen: Digest | None, at: datetime) -> events.LetterSigned:
        """Freeze the signed page. From here on nothing in the letter changes."""
        step = self._step_of(by, StepKind.SIGN)
        content = self.content_digest()
        self._move_to(LetterState.ISSUED, at)
        self._finish(step, StepState.DONE, by, at)
        self.files = [page, *self.enclosures]
        self.issued_at = at
        self._note("ลงนาม", by, "", at, seen or page.sha256)
        return events.LetterSigned(
            at=at, by=by, letter_id=self.id, number=self.number or "", content=content, page=page.sha256
        )

    def dispatched(self, receivers: Sequence[str], *, by: Actor, at: datetime) -> events.LetterDispatched:
        """The letter is on its way to these agencies (codes). Without recipients it ends as issued."""
        self._move_to(LetterState.DISPATCHED, at)
        self._note("ส่งออก", by, "", at)
        return events.LetterDispatched(at=at, by=by, letter_id=self.id, receivers=tuple(receivers))

    # --- parts ------------------------------------------------------------------------------------------------

    @property
    def enclosures(self) -> list[Attachment]:
        """The files that go with the letter (สิ่งที่ส่งมาด้วย)."""
        return [f for f in self.files if f.role is Role.ENCLOSURE]

    @property
    def issued_file(self) -> Attachment | None:
        """The signed page, once there is one."""
        return next((f for f in self.files if f.role is Role.LETTER), None)

    def _must_be_open(self) -> None:
        if self.state not in _OPEN_FOR_CHANGE:
            raise StageNotAllowed("แก้ไขได้เฉพาะร่างหนังสือหรือหนังสือที่ถูกส่งคืน")

    def _move_to(self, state: LetterState, at: datetime) -> None:
        if state not in _NEXT.get(self.state, ()):
            raise StageNotAllowed("สถานะของหนังสือไม่ให้ทำรายการนี้")
        self.state, self.updated_at = state, at

    def _step_of(self, by: Actor, kind: StepKind | None) -> RouteStep:
        step = self.current_step()
        if step is None:
            raise StageNotAllowed("หนังสือนี้ไม่ได้อยู่ระหว่างเสนอ")
        if step.position_id != by.position_id:
            raise StageNotAllowed(f"ขณะนี้รอ{step.title}", code="not-your-turn")
        if kind is not None and step.kind is not kind:
            raise StageNotAllowed(f"ลำดับนี้ให้{step.kind.thai}", code="not-this-step")
        return step

    def _finish(self, step: RouteStep, state: StepState, by: Actor, at: datetime) -> None:
        step.state, step.person_id, step.person_name, step.at = state, by.person_id, by.name, at

    def _note(self, deed: str, by: Actor, note: str, at: datetime, page: Digest | None = None) -> None:
        self.endorsements.append(Endorsement(at, deed, by.name, by.title, note.strip(), self.content_digest(), page))


ISSUED_FILE_NAME = "หนังสือ.pdf"


def _free_name(name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    candidate, count = name, 2
    while candidate in taken:
        candidate = f"{stem} ({count}){dot}{ending}"
        count += 1
    return candidate
