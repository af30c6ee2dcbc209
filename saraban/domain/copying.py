"""Certified copies (สำเนาถูกต้อง, clauses 30 and 31): who may certify, and a copy that was certified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType
from uuid import UUID

from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput
from saraban.domain.events import DomainEvent

CopyId = NewType("CopyId", UUID)

SHIPPED_CERTIFIERS = (
    "ปฏิบัติการ",
    "ชำนาญการ",
    "ชำนาญการพิเศษ",
    "เชี่ยวชาญ",
    "ทรงคุณวุฒิ",
    "ชำนาญงาน",
    "อาวุโส",
    "ทักษะพิเศษ",
    "พนักงานราชการ",
)
"""Clause 31 as amended in 2560: officers of the academic line from ปฏิบัติการ and of the general line from ชำนาญงาน up,
and government employees. Directors and heads stand above them."""
_MOST_LINES, _LONGEST_LINE = 100, 100

FEE = 0
"""What a copy costs in baht that an officer makes where a citizen would have been asked for one (the Electronic
Performance of State Affairs Act 2565, section 12; the cabinet's resolution of 2 October 2561): nothing."""
SPARED = "เจ้าหน้าที่จัดทำแทนการขอสำเนาจากประชาชน ไม่มีค่าธรรมเนียม"
"""What such a copy says of itself, below the block of clause 31."""


def certifiers_of(text: str) -> tuple[str, ...]:
    """The words that a position's title ends with, or has in brackets, when its holder may certify copies: one a line;
    those of the regulation for an empty text. Raises BadInput({"certifiers": …})."""
    lines = tuple(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))
    if len(lines) > _MOST_LINES or any(len(line) > _LONGEST_LINE for line in lines):
        raise BadInput({"certifiers": "ใส่ไม่เกิน 100 บรรทัด บรรทัดละไม่เกิน 100 ตัวอักษร"})
    return lines or SHIPPED_CERTIFIERS


@dataclass(frozen=True)
class CertifiedCopy:
    """A copy that an officer certified of a letter, outgoing or incoming, of a document issued to a person, or of what
    an issuer gave in answer to a question (`letter_id` is the id of either): the digest of the file that was copied and
    of the copy, which carries the officer's signature. `spares_citizen`: it was made so that no citizen
    need bring one, for FEE."""

    id: CopyId
    agency_id: AgencyId
    letter_id: UUID
    original: Digest
    sha256: Digest
    size: int
    person_id: PersonId
    person_name: str
    title: str
    at: datetime
    spares_citizen: bool = False


@dataclass(frozen=True, kw_only=True)
class CopyCertified(DomainEvent):
    """An officer certified a copy of a letter or a document; `level` says how far its signature is proven (PAdES).
    `spares_citizen` as in CertifiedCopy, and `fee` in baht is what was taken for it."""

    name = "copy.certified"
    thing_id: UUID
    original: Digest
    sha256: Digest
    level: str
    spares_citizen: bool
    fee: int


@dataclass(frozen=True, kw_only=True)
class LetterPrinted(DomainEvent):
    """Somebody printed an issued letter out of the system; the print-out says when and who."""

    name = "letter.printed"
    letter_id: UUID
    page: Digest
