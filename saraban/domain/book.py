"""Books: which registers there are (clauses 16.2, 24.1, 25, 32 and 35 to 43, and the rule on official secrets), and one
of them in one year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from saraban.domain.agency import AgencyId, UnitId
from saraban.domain.errors import RuleBroken

BookId = NewType("BookId", UUID)


class BookKind(str, Enum):
    """Which register."""

    RECEIVING = "receiving"
    SENDING = "sending"
    CIRCULARS = "circulars"
    ORDERS = "orders"
    RULES = "rules"
    ANNOUNCEMENTS = "announcements"
    CERTIFICATES = "certificates"
    MINUTES = "minutes"
    SECRET_RECEIVING = "secret-receiving"
    SECRET_SENDING = "secret-sending"

    @property
    def thai(self) -> str:
        """The register's name as it is printed."""
        return _KIND_THAI[self]

    @property
    def form(self) -> str:
        """The number of its form in the regulation's annex; empty for books without one."""
        return _KIND_FORM.get(self, "")

    @property
    def serial_caption(self) -> str:
        """The caption of the column of its numbers: forms 13 and 14 name it, other books say only that it is one."""
        if self.incoming:
            return "เลขทะเบียนรับ"
        return "เลขที่" if self.numbered_by_year else "เลขทะเบียนส่ง"

    @property
    def incoming(self) -> bool:
        """True for what comes in: its lines carry the sender's letter number."""
        return self in (BookKind.RECEIVING, BookKind.SECRET_RECEIVING)

    @property
    def secret(self) -> bool:
        """True for the registers of classified information, which are themselves classified (ทขล. 1 and 2)."""
        return self in (BookKind.SECRET_RECEIVING, BookKind.SECRET_SENDING)

    @property
    def numbered_by_year(self) -> bool:
        """True when its numbers are written "n/year" instead of with the agency's letters and series."""
        return self in _BY_YEAR

    @property
    def opens_by_itself(self) -> bool:
        """True for the two registers that every agency must keep: their first number opens them."""
        return self in (BookKind.RECEIVING, BookKind.SENDING)

    @property
    def secret_twin(self) -> BookKind | None:
        """The book into which classified letters go where the agency keeps it apart."""
        return _SECRET_TWIN.get(self)


def book_not_open(kind: BookKind) -> RuleBroken:
    """The refusal to number anything in a book that is not kept."""
    return RuleBroken(f"ยังไม่ได้เปิด{kind.thai} ให้ผู้ดูแลระบบเปิดทะเบียนก่อน", code="book-not-open")


NUMBERED_TOGETHER = (BookKind.SENDING, BookKind.CIRCULARS)
"""Books of all keepers in which one letter number may be met: a circular has its number from either."""

_KIND_THAI = {
    BookKind.RECEIVING: "ทะเบียนหนังสือรับ",
    BookKind.SENDING: "ทะเบียนหนังสือส่ง",
    BookKind.CIRCULARS: "ทะเบียนหนังสือเวียน",
    BookKind.ORDERS: "ทะเบียนคำสั่ง",
    BookKind.RULES: "ทะเบียนระเบียบและข้อบังคับ",
    BookKind.ANNOUNCEMENTS: "ทะเบียนประกาศ",
    BookKind.CERTIFICATES: "ทะเบียนหนังสือรับรอง",
    BookKind.MINUTES: "ทะเบียนรายงานการประชุม",
    BookKind.SECRET_RECEIVING: "ทะเบียนรับข้อมูลข่าวสารลับ",
    BookKind.SECRET_SENDING: "ทะเบียนส่งข้อมูลข่าวสารลับ",
}
_KIND_FORM = {
    BookKind.RECEIVING: "13",
    BookKind.SENDING: "14",
    BookKind.CIRCULARS: "14",
    BookKind.SECRET_RECEIVING: "ทขล. 1",
    BookKind.SECRET_SENDING: "ทขล. 2",
}
_BY_YEAR = frozenset({BookKind.ORDERS, BookKind.RULES, BookKind.ANNOUNCEMENTS, BookKind.CERTIFICATES, BookKind.MINUTES})
_SECRET_TWIN = {
    BookKind.RECEIVING: BookKind.SECRET_RECEIVING,
    BookKind.SENDING: BookKind.SECRET_SENDING,
    BookKind.CIRCULARS: BookKind.SECRET_SENDING,
}


@dataclass(eq=False)
class Book:
    """A register of one year. `first` is the number it began with here (more than 1 when the agency came over in the
    middle of a year), `last` the last number given (`first` - 1 before the first). A closed book gives no numbers."""

    id: BookId
    agency_id: AgencyId
    kind: BookKind
    unit_id: UnitId | None
    year: int
    first: int
    last: int
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None = None

    @property
    def keeper_id(self) -> UUID:
        """Whose book it is: the unit, or the agency for the central book."""
        return self.unit_id or self.agency_id
