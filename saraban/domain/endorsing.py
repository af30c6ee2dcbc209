"""What officers write on an incoming letter (เกษียน), each over what stood there before, and the tasks that it gives."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.attachment import Attachment, Digest
from saraban.domain.errors import ConcurrentEdit
from saraban.domain.task import EndorsementId, Purpose, Receiver, Task, TaskId
from saraban.domain.task_events import IncomingEndorsed, TaskGiven


class Deed(str, Enum):
    """What an officer did with his words on the letter."""

    ENDORSED = "endorsed"
    OPINION = "opinion"
    RESULT = "result"
    KNOWN = "known"
    RETURNED = "returned"

    @property
    def thai(self) -> str:
        """The deed in words."""
        return {
            "endorsed": "เกษียน",
            "opinion": "ให้ความเห็น",
            "result": "รายงานผล",
            "known": "ทราบ",
            "returned": "ส่งคืน",
        }[self.value]


@dataclass(frozen=True)
class Endorsement:
    """What an officer wrote on an incoming letter, in the order of writing. `to` are purposes and names; `seen` is the
    digest of the letter with everything that stood on it when it was written, `digest` that of this endorsement over
    it: a change anywhere before breaks the chain. `under` is the standing order by which it was written, empty when the
    officer wrote it himself."""

    id: EndorsementId
    agency_id: AgencyId
    incoming_id: UUID
    ordinal: int
    at: datetime
    deed: Deed
    person_id: PersonId | None
    person_name: str
    title: str
    unit_name: str
    note: str
    to: tuple[tuple[str, str], ...]
    due: date | None
    seen: Digest
    digest: Digest
    under: str = ""

    @property
    def text(self) -> str:
        """What stands on the page: to whom it goes and for what, and the words."""
        lines = [] if self.deed in (Deed.ENDORSED, Deed.KNOWN) else [self.deed.thai]
        for purpose in Purpose:
            if named := [name for one, name in self.to if one == purpose.value]:
                lines.append(f"{purpose.thai}: {', '.join(named)}")
        lines += [self.note] if self.note else []
        if self.deed is Deed.KNOWN and not self.note:
            lines.append(self.deed.thai)
        return "\n".join(lines) or self.deed.thai


class Sheet(Protocol):
    """The incoming letter on which officers write."""

    @property
    def id(self) -> UUID: ...
    @property
    def agency_id(self) -> AgencyId: ...
    @property
    def number(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def from_name(self) -> str: ...
    @property
    def manifest_sha256(self) -> str: ...
    @property
    def raw_sha256(self) -> Digest: ...
    @property
    def register_number(self) -> int | None: ...
    @property
    def register_year(self) -> int | None: ...
    @property
    def files(self) -> list[Attachment]: ...


def sheet_digest(letter: Sheet, before: Sequence[Endorsement]) -> Digest:
    """The digest of what an officer sees: the letter with all its files, and all that was written on it before."""
    return _digest(
        {
            "letter": str(letter.id),
            "number": letter.number,
            "subject": letter.subject,
            "from": letter.from_name,
            "register": [letter.register_number, letter.register_year],
            "manifest": letter.manifest_sha256,
            "message": letter.raw_sha256.hex,
            "files": [file.sha256.hex for file in letter.files],
            "endorsements": [one.digest.hex for one in before],
        }
    )


def write_on(
    letter: Sheet,
    before: Sequence[Endorsement],
    *,
    deed: Deed,
    note: str,
    by: Actor,
    at: datetime,
    to: Iterable[tuple[Purpose, Receiver]] = (),
    due: date | None = None,
    seen: Digest | None = None,
    under: str = "",
) -> tuple[Endorsement, IncomingEndorsed]:
    """Write on the letter. `seen` is what the officer had before him: ConcurrentEdit when more stands on it by now."""
    now_there = sheet_digest(letter, before)
    if seen is not None and seen != now_there:
        raise ConcurrentEdit("มีผู้เกษียนเพิ่มหลังจากท่านเปิดอ่าน หน้านี้คือฉบับล่าสุด อ่านแล้วทำรายการอีกครั้ง")
    named = tuple((purpose.value, receiver.name) for purpose, receiver in to)
    digest = _digest(
        {
            "over": now_there.hex,
            "at": at.isoformat(),
            "deed": deed.value,
            "by": [str(by.person_id), by.name, by.title],
            "note": note,
            "to": named,
            "due": due.isoformat() if due else None,
            "under": under,
        }
    )
    written = Endorsement(
        id=EndorsementId(uuid4()),
        agency_id=letter.agency_id,
        incoming_id=letter.id,
        ordinal=len(before) + 1,
        at=at,
        deed=deed,
        person_id=by.person_id,
        person_name=by.name,
        title=by.title,
        unit_name=by.unit_name,
        note=note,
        to=named,
        due=due,
        seen=now_there,
        digest=digest,
        under=under,
    )
    fact = IncomingEndorsed(
        at=at,
        by=by,
        incoming_id=letter.id,
        deed=deed.value,
        note=note,
        to=tuple(name for _, name in named),
        due=due,
        seen=now_there,
        digest=digest,
        under=under,
    )
    return written, fact


def give(
    endorsement: Endorsement,
    purpose: Purpose,
    receiver: Receiver,
    *,
    ordinal: int,
    parent: Task | None,
    by: Actor,
    at: datetime,
) -> tuple[Task, TaskGiven]:
    """The task of one receiver of an endorsement; `ordinal` is its place among those of the letter."""
    task = Task(
        id=TaskId(uuid4()),
        agency_id=endorsement.agency_id,
        incoming_id=endorsement.incoming_id,
        endorsement_id=endorsement.id,
        ordinal=ordinal,
        parent_id=parent.id if parent is not None else None,
        purpose=purpose,
        unit_id=receiver.unit_id,
        unit_name=receiver.unit_name,
        position_id=receiver.position_id,
        person_id=receiver.person_id,
        to_name=receiver.name,
        due=endorsement.due,
        given_at=at,
        giver_id=by.person_id,
        giver_position_id=by.position_id,
        given_by=by.name,
        given_title=by.title,
    )
    fact = TaskGiven(
        at=at,
        by=by,
        incoming_id=endorsement.incoming_id,
        task_id=task.id,
        purpose=purpose.value,
        to=receiver.name,
        due=endorsement.due,
    )
    return task, fact


def _digest(values: dict[str, object]) -> Digest:
    return Digest.of(json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
