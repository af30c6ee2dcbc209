"""What a letter consists of, and what all of its deeds ask for: its state, its files, its content version."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NewType
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, UnitId
from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.content import Content, Signatory
from saraban.domain.cosigning import PartSigned
from saraban.domain.errors import ConcurrentEdit, StageNotAllowed
from saraban.domain.letter_state import NEXT, OPEN_FOR_CHANGE, LetterState
from saraban.domain.route import CourseStep, Endorsement, RouteStep, StepKind, StepState

LetterId = NewType("LetterId", UUID)


@dataclass(eq=False)
class LetterParts:
    """The fields of a letter. `own_course` are the steps before those who sign, where somebody chose others for this
    letter than those of its template, `pages` how many its page has once it is made, `readers` those to whom it was
    passed round."""

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
    part_signed: PartSigned | None = None
    forwards: UUID | None = None
    own_course: tuple[CourseStep, ...] | None = None
    pages: int | None = None
    readers: frozenset[PersonId] = frozenset()

    def expect_version(self, version: int | None) -> None:
        """Raise ConcurrentEdit when the caller looked at another version (None: the caller does not care)."""
        if version is not None and version != self.version:
            raise ConcurrentEdit

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
                **({"cosigners": [str(one) for one in c.cosigners]} if c.cosigners else {}),
                **({"typist": c.typist} if c.typist else {}),
                **({"enclosures": [[e.sha256.hex, e.title, e.amount] for e in c.enclosures]} if c.enclosures else {}),
                **({"photo": c.photo.hex} if c.photo is not None else {}),
                **({"groups": [[g.token, g.name, g.count] for g in c.groups]} if c.groups else {}),
                "files": [[f.name, f.role.value, f.sha256.hex] for f in self.enclosures],
            },
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        ).encode()

    @property
    def enclosures(self) -> list[Attachment]:
        """The files that go with the letter (สิ่งที่ส่งมาด้วย)."""
        return [f for f in self.files if f.role is Role.ENCLOSURE]

    @property
    def files_to_send(self) -> list[Attachment]:
        """What receivers get: the signed page and the enclosures."""
        return [f for f in self.files if f.role is not Role.PART_SIGNED]

    @property
    def page_file(self) -> Attachment | None:
        """The page whose bytes are fixed: the issued one, or the one that some of its signers have signed."""
        if self.part_signed is None:
            return self.issued_file
        return next((f for f in self.files if f.sha256 == self.part_signed.page), None)

    @property
    def signing_steps(self) -> list[RouteStep]:
        """The steps of those who sign, in their order."""
        return [step for step in self.route if step.kind is StepKind.SIGN]

    @property
    def _other_files(self) -> list[Attachment]:
        """All files but the page that is being signed: enclosures, and what was signed in part and given up."""
        current = self.part_signed.page if self.part_signed is not None else None
        return [f for f in self.files if not (f.role is Role.PART_SIGNED and f.sha256 == current)]

    @property
    def issued_file(self) -> Attachment | None:
        """The signed page, once there is one."""
        return next((f for f in self.files if f.role is Role.LETTER), None)

    def _must_be_open(self) -> None:
        if self.state not in OPEN_FOR_CHANGE:
            raise StageNotAllowed("แก้ไขได้เฉพาะร่างหนังสือหรือหนังสือที่ถูกส่งคืน")

    def _move_to(self, state: LetterState, at: datetime) -> None:
        if state not in NEXT.get(self.state, ()):
            raise StageNotAllowed("สถานะของหนังสือไม่ให้ทำรายการนี้")
        self.state, self.updated_at = state, at

    def _let_number_go(self) -> None:
        self.number, self.number_date, self.signatory, self.part_signed = None, None, None, None

    def _finish(self, step: RouteStep, state: StepState, by: Actor, at: datetime) -> None:
        step.state, step.person_id, step.person_name, step.at = state, by.person_id, by.name, at
        step.content = self.content_digest()

    def _note(self, deed: str, by: Actor, note: str, at: datetime, page: Digest | None = None) -> None:
        content, holder = self.content_digest(), by.acting.for_name if by.acting is not None else ""
        self.endorsements.append(Endorsement(at, deed, by.name, by.title, note.strip(), content, page, holder))
