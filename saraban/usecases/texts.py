"""Ports of the letter's text: what differs between two versions of it, and what a Word file holds."""

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


@dataclass(frozen=True)
class WordText:
    """What was read out of a Word file: the body, and the subject and the addressee when the file was made here
    (`ours`); `left_out` names in Thai what stayed behind, `adjusted` says what came in another shape."""

    body: str
    subject: str = ""
    addressed_to: str = ""
    ours: bool = False
    left_out: tuple[str, ...] = ()
    adjusted: tuple[str, ...] = ()

    @property
    def left_out_words(self) -> str:
        """What to say of what stayed behind and of what was changed; empty when all came as it was."""
        said = (("ไม่ได้นำเข้า", self.left_out), ("ปรับ", self.adjusted))
        return " · ".join(f"{name}: {', '.join(kinds)}" for name, kinds in said if kinds)


class Redline(Protocol):
    """Compares two versions of a text by its words."""

    def __call__(self, old: str, new: str, *, marked: bool) -> Sequence[Piece]:
        """The new text with what was put in and taken out. `marked`: the texts are bodies of letters with their
        marks."""
        ...
