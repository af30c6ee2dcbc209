"""What else is written down in the transactions of a deed that has two of them: a batch notes its letters so, and a
letter and its line in the batch cannot disagree, whenever a process is killed."""

from __future__ import annotations

from typing import Protocol

from saraban.domain.letter import Letter
from saraban.usecases.books import UnitOfWork


class Occasion(Protocol):
    """The occasion on which a letter is signed. Each is called before its transaction commits; raising rolls it
    back."""

    def claimed(self, uow: UnitOfWork, letter: Letter) -> None:
        """The number was taken for the letter."""
        ...

    def settled(self, uow: UnitOfWork, letter: Letter) -> None:
        """The signed page was frozen."""
        ...


class ByItself:
    """A letter that is signed alone."""

    def claimed(self, uow: UnitOfWork, letter: Letter) -> None:
        """Nothing else is written."""

    def settled(self, uow: UnitOfWork, letter: Letter) -> None:
        """Nothing else is written."""


BY_ITSELF = ByItself()
