"""Ports of the letter's text: what differs between two versions of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Change(Enum):
    """What became of a stretch of a text between two of its versions."""

    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True)
class Piece:
    """A stretch of a text that is compared with another version of it."""

    text: str
    change: Change
    bold: bool = False


class Redline(Protocol):
    """Compares two versions of a text by its words."""

    def __call__(self, old: str, new: str, *, marked: bool) -> Sequence[Piece]:
        """The new text with what was put in and taken out. `marked`: the texts are bodies of letters with their
        marks."""
        ...
