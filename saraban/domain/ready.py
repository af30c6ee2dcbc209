"""A ready page: a PDF that was written elsewhere and is the letter itself, in the place of a written text; where on it
the number, the date and the signature go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput
from saraban.domain.events import DomainEvent

MARKS = {"number": "เลขที่", "date": "วันที่", "signature": "ลายมือชื่อ"}


@dataclass(frozen=True)
class Spot:
    """A place on a page as a reader sees it: the page from 1, and its upper left corner in millimetres from that of the
    page."""

    page: int
    left_mm: float
    top_mm: float


@dataclass(frozen=True)
class ReadyPage:
    """The PDF by its digest, its name and how many pages it has. Nothing is put on it where no place was chosen: such a
    letter has its number in the register only, or its signature in the file only."""

    sha256: Digest
    name: str
    pages: int
    number: Spot | None = None
    date: Spot | None = None
    signature: Spot | None = None

    def expect_on_pages(self) -> None:
        """Raise BadInput by mark for a place on a page that there is not, or outside of A4."""
        wrong = {}
        for mark in MARKS:
            spot: Spot | None = getattr(self, mark)
            if spot is None:
                continue
            if not 1 <= spot.page <= self.pages:
                wrong[mark] = f"ไฟล์มี {self.pages} หน้า เลือกหน้า 1 ถึง {self.pages}"
            elif not (0 <= spot.left_mm <= 297 and 0 <= spot.top_mm <= 297):
                wrong[mark] = "ระยะต้องอยู่ในหน้ากระดาษ ใส่ 0 ถึง 297 มม."
        if wrong:
            raise BadInput(wrong)

    def places(self) -> str:
        """Where the marks are, in words."""
        spots = ((caption, getattr(self, mark)) for mark, caption in MARKS.items())
        return " · ".join(
            f"{caption} หน้า {spot.page} ห่างซ้าย {spot.left_mm:g} มม. บน {spot.top_mm:g} มม."
            for caption, spot in spots
            if spot is not None
        )

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        spots = {mark: getattr(self, mark) for mark in MARKS}
        told = {mark: [s.page, s.left_mm, s.top_mm] if s is not None else None for mark, s in spots.items()}
        return {"sha256": self.sha256.hex, "name": self.name, "pages": self.pages, **told}

    @classmethod
    def of(cls, told: Mapping[str, Any] | None) -> ReadyPage | None:
        """What `as_dict` told; None of None."""
        if told is None:
            return None
        values = {f.name: told[f.name] for f in fields(cls)}
        values["sha256"] = Digest(values["sha256"])
        return cls(**values | {mark: Spot(*told[mark]) if told[mark] else None for mark in MARKS})


@dataclass(frozen=True, kw_only=True)
class ReadyBrought(DomainEvent):
    """A PDF was brought as the letter itself."""

    name = "letter.ready-brought"
    letter_id: UUID
    file_name: str
    sha256: Digest


@dataclass(frozen=True, kw_only=True)
class ReadyPlaced(DomainEvent):
    """It was said where number, date and signature go on the PDF; `places` says it in words."""

    name = "letter.ready-placed"
    letter_id: UUID
    places: str


@dataclass(frozen=True, kw_only=True)
class ReadyRemoved(DomainEvent):
    """The PDF was taken away: the written text is the letter again."""

    name = "letter.ready-removed"
    letter_id: UUID
    file_name: str
    sha256: Digest
