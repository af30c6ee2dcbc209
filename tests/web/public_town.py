"""An installation that the public reaches, and what its tests ask of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyOptions
from saraban.domain.letter import LetterId
from saraban.domain.verification import SubjectKind, VerificationCode
from saraban.doorway.public import public_desk
from saraban.storage.tables.registers import entries
from saraban.storage.tables.verification import verification_scans
from saraban.usecases import amending, bookkeeping
from saraban.usecases.codes import code_of
from tests.web.installation import READING, Installation

PUBLIC = "https://saraban.example.go.th"


def code(town: Installation, letter_id: UUID) -> VerificationCode:
    """The code of a letter of กรมส่งเสริมการอ่าน."""
    with town.services.uow() as uow:
        found = uow.verifications.of(town.agencies[READING], SubjectKind.LETTER, letter_id)
    assert found is not None
    return found


def coded_anyhow(town: Installation, letter_id: UUID) -> str:
    """A code for a letter that would get none: what must never be shown by it."""
    with town.services.uow() as uow:
        made = code_of(uow.verifications, town.agencies[READING], SubjectKind.LETTER, letter_id, town.clock.now())
        uow.commit()
    return made


def void(town: Installation, letter_id: UUID, by: Actor) -> None:
    """Strike the number of a letter."""
    with town.office.reading.connect() as reader:
        entry_id = reader.execute(select(entries.c.id).where(entries.c.subject_of == letter_id)).scalar_one()
    amending.void_number(town.services, actor=by, entry_id=entry_id, reason="ออกผิดฉบับ", authority="คำสั่งอธิบดี")


def decide(town: Installation, **options: Any) -> None:
    """Let the administrator of กรมส่งเสริมการอ่าน decide."""
    bookkeeping.set_options(town.services, actor=town.actor("reading-admin"), options=AgencyOptions(**options))


def page_of(town: Installation, letter_id: UUID) -> bytes:
    """The issued page."""
    with town.services.uow() as uow:
        file = uow.letters.get(town.agencies[READING], LetterId(letter_id)).issued_file
    assert file is not None
    return town.services.blobs.open(file.sha256)


def scans(town: Installation) -> list[int]:
    """The counts that are written down, by day."""
    with town.app.app_context():
        public_desk().tally.flush()
    with town.office.reading.connect() as reader:
        return list(reader.execute(select(verification_scans.c.count)).scalars())
