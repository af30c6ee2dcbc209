"""Versions of a draft (ประวัติฉบับ): what was saved between two submissions, and when a saving begins a new version."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, NewType
from uuid import UUID

from saraban.domain.agency import AgencyId, PersonId, PositionId
from saraban.domain.attachment import Digest
from saraban.domain.classification import Digits, Form, Secrecy, Urgency
from saraban.domain.content import Contact, Content, Reference
from saraban.domain.enclosures import EnclosureLine
from saraban.domain.group import GroupUse
from saraban.domain.letter import LetterId
from saraban.domain.ready import ReadyPage

VersionId = NewType("VersionId", UUID)
TOGETHER = timedelta(minutes=5)
"""What one person's screen saves by itself within this time is one version: a text is not kept word by word."""


class Saving(str, Enum):
    """What made a version."""

    BEGUN = "begun"
    SAVED = "saved"
    AUTOSAVED = "autosaved"
    OVER = "over"
    ATTACHED = "attached"
    DETACHED = "detached"
    PAGE = "page"
    TAKEN_BACK = "taken-back"

    @property
    def thai(self) -> str:
        """The deed in words."""
        return {
            "begun": "เริ่มร่าง",
            "saved": "บันทึก",
            "autosaved": "บันทึกอัตโนมัติ",
            "over": "บันทึกทับฉบับจากหน้าจออื่น",
            "attached": "แนบไฟล์",
            "detached": "เอาไฟล์ออก",
            "page": "เปลี่ยนไฟล์ที่เป็นตัวหนังสือ",
            "taken-back": "นำฉบับก่อนกลับมา",
        }[self.value]


@dataclass
class SavedVersion:
    """A content that a draft had: its digest, what made it, who and when. `begun_at` is when the first saving that it
    stands for was made, `source` the version that was taken back. The content lies under its digest from the moment
    the next version takes its place; until then it is what stands in the letter."""

    id: VersionId
    agency_id: AgencyId
    letter_id: LetterId
    ordinal: int
    saving: Saving
    digest: Digest
    person_id: PersonId
    person_name: str
    begun_at: datetime
    at: datetime
    source: Digest | None = None

    def goes_on(self, person_id: PersonId | None, at: datetime) -> bool:
        """Is what this person saves now still this version? Only after what was saved by itself a moment ago."""
        return self.saving is Saving.AUTOSAVED and self.person_id == person_id and at - self.begun_at < TOGETHER


def read_content(data: bytes) -> Content:
    """A content out of the bytes by which it is kept (`Letter.content_bytes`); the files are not among it."""
    kept: dict[str, Any] = json.loads(data)
    return Content(
        form=Form(kept["form"]),
        subject=kept["subject"],
        addressed_to=kept["addressed_to"],
        body=kept["body"],
        recipients=tuple(kept["recipients"]),
        references=tuple(Reference(number, _day(day), sender) for number, day, sender in kept["references"]),
        urgency=Urgency(kept["urgency"]),
        secrecy=Secrecy(kept["secrecy"]),
        contact=Contact(*kept["contact"]),
        response_due=_day(kept["response_due"]),
        purpose=kept["purpose"],
        closing=kept["closing"],
        circular=kept["circular"],
        details=kept["details"],
        ready=ReadyPage.of(kept.get("ready")),
        digits=Digits(kept["digits"]) if "digits" in kept else None,
        cosigners=tuple(PositionId(UUID(one)) for one in kept.get("cosigners", ())),
        typist=kept.get("typist", ""),
        enclosures=tuple(EnclosureLine(Digest(one), *said) for one, *said in kept.get("enclosures", ())),
        photo=Digest(kept["photo"]) if "photo" in kept else None,
        groups=tuple(GroupUse(*one) for one in kept.get("groups", ())),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
