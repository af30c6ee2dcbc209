"""Registers: the legal books (forms 13 and 14). One book is (agency, kind, unit or none, Buddhist year)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from saraban.domain.agency import AgencyId, UnitId
from saraban.domain.classification import Secrecy, Urgency

BookId = NewType("BookId", UUID)
EntryId = NewType("EntryId", UUID)


class BookKind(str, Enum):
    """Which register."""

    RECEIVING = "receiving"
    SENDING = "sending"

    @property
    def thai(self) -> str:
        """The register's name on the form."""
        return {"receiving": "ทะเบียนหนังสือรับ", "sending": "ทะเบียนหนังสือส่ง"}[self.value]


class EntryState(str, Enum):
    """A line's state; a line never vanishes."""

    RESERVED = "reserved"
    USED = "used"
    VOID = "void"


@dataclass(eq=False)
class RegisterEntry:
    """A line of a register, with the columns of forms 13 and 14. `subject_of` is the outgoing or incoming letter."""

    id: EntryId
    agency_id: AgencyId
    book_id: BookId
    kind: BookKind
    year: int
    serial: int
    state: EntryState
    subject_of: UUID | None
    number: str
    letter_date: date | None
    sender: str
    addressee: str
    subject: str
    practice: str
    note: str
    urgency: Urgency
    secrecy: Secrecy
    unit_id: UnitId | None
    at: datetime
    entered_by: str
    void_reason: str = ""
    void_authority: str = ""

    def use(self) -> None:
        """The reserved number has its letter."""
        self.state = EntryState.USED

    def void(self, *, reason: str, authority: str) -> None:
        """Strike the number; it stays readable and is never used again."""
        self.state, self.void_reason, self.void_authority = EntryState.VOID, reason, authority
        self.note = f"ยกเลิก: {reason}"
