"""A page that several officers sign: where each of them signs on it, and what happens until the last has signed.

The first of them freezes the page with its number, its date and an empty place for every signature; each who follows
signs those same bytes (regulation clause 11.10; PAdES, ETSI EN 319 142-1, adds a signature without breaking earlier
ones).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from saraban.domain.agency import PositionId
from saraban.domain.attachment import Digest
from saraban.domain.events import DomainEvent


@dataclass(frozen=True)
class SignerPlace:
    """Whose signature goes where: the position, the name and title that are printed below it, the page from 0, and the
    box on it in points. A box without width shows nothing."""

    position_id: PositionId
    name: str
    title: str
    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class PartSigned:
    """The page as it is after the latest signature, and the places of all its signers in their order."""

    page: Digest
    places: tuple[SignerPlace, ...]

    def place_of(self, position_id: PositionId) -> SignerPlace | None:
        """Where the holder of this position signs; None when nowhere."""
        return next((place for place in self.places if place.position_id == position_id), None)

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        names = [f.name for f in fields(SignerPlace)][1:]
        places = [[str(one.position_id), *(getattr(one, name) for name in names)] for one in self.places]
        return {"page": self.page.hex, "places": places}

    @classmethod
    def of(cls, told: Mapping[str, Any] | None) -> PartSigned | None:
        """What `as_dict` told; None of None."""
        if told is None:
            return None
        places = tuple(SignerPlace(PositionId(UUID(position)), *rest) for position, *rest in told["places"])
        return cls(Digest(told["page"]), places)


@dataclass(frozen=True, kw_only=True)
class LetterPartSigned(DomainEvent):
    """An officer signed a page that others have still to sign; `left` are the positions of those, in their order."""

    name = "letter.part-signed"
    letter_id: UUID
    number: str
    content: Digest
    page: Digest
    left: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LetterRecalled(DomainEvent):
    """The drafter took back a letter that some of its signers had signed; its number is struck. `page` is what they
    had signed."""

    name = "letter.recalled"
    letter_id: UUID
    number: str
    reason: str
    content: Digest
    page: Digest
