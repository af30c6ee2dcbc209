"""Which book a letter goes into, and how its number is written: tables to be read line by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast
from uuid import uuid4

import pytest

from saraban.domain.agency import Agency, AgencyId, Unit, UnitId
from saraban.domain.classification import Secrecy
from saraban.domain.numbering import LetterNumber
from saraban.domain.register import BookKind
from saraban.usecases.books import UnitOfWork
from saraban.usecases.numbering import Taken, choose_book, take_number, written_number
from tests.builders import an_agency

AGENCY: Agency = an_agency(abbr="ทส", series="10")
LEGAL = Unit(UnitId(uuid4()), AGENCY.id, "legal", "กองกฎหมาย", "1002")
K = BookKind
ALWAYS = {(K.RECEIVING, False), (K.SENDING, False)}


@dataclass
class Shelf:
    """Registers of which only is known which ones are kept: (kind, whether the unit keeps it)."""

    kept: set[tuple[BookKind, bool]]
    taken: list[tuple[BookKind, UnitId | None, int]] = field(default_factory=list)

    def keeps(self, agency_id: AgencyId, kind: BookKind, unit_id: UnitId | None) -> bool:
        """True when it is among them."""
        assert agency_id == AGENCY.id
        return (kind, unit_id is not None) in self.kept | ALWAYS

    def take(self, _agency_id: AgencyId, kind: BookKind, unit_id: UnitId | None, year: int) -> tuple[Any, int]:
        """Number 45 of whatever book."""
        self.taken.append((kind, unit_id, year))
        return uuid4(), 45

    @property
    def registers(self) -> Shelf:
        """As a unit of work hands them out."""
        return self


def _uow(*kept: tuple[BookKind, bool]) -> Any:
    return Shelf(set(kept))


OPEN, SECRET = Secrecy.OPEN, Secrecy.SECRET
OWN, CENTRAL = True, False
TABLE = [
    # kind, by the unit, secrecy, what is kept beside the two that are always kept, the book, whose it is
    (K.SENDING, CENTRAL, OPEN, [], K.SENDING, CENTRAL),
    (K.SENDING, OWN, OPEN, [], K.SENDING, CENTRAL),
    (K.SENDING, OWN, OPEN, [(K.SENDING, OWN)], K.SENDING, OWN),
    (K.RECEIVING, OWN, OPEN, [(K.SENDING, OWN)], K.RECEIVING, CENTRAL),
    (K.RECEIVING, OWN, OPEN, [(K.RECEIVING, OWN)], K.RECEIVING, OWN),
    # circulars: a series of their own where one is kept (clause 32), the unit's before the agency's
    (K.CIRCULARS, CENTRAL, OPEN, [], K.SENDING, CENTRAL),
    (K.CIRCULARS, OWN, OPEN, [], K.SENDING, CENTRAL),
    (K.CIRCULARS, CENTRAL, OPEN, [(K.CIRCULARS, CENTRAL)], K.CIRCULARS, CENTRAL),
    (K.CIRCULARS, OWN, OPEN, [(K.CIRCULARS, CENTRAL)], K.CIRCULARS, CENTRAL),
    (K.CIRCULARS, OWN, OPEN, [(K.CIRCULARS, CENTRAL), (K.CIRCULARS, OWN)], K.CIRCULARS, OWN),
    (K.CIRCULARS, OWN, OPEN, [(K.SENDING, OWN)], K.SENDING, OWN),
    (K.CIRCULARS, OWN, OPEN, [(K.CIRCULARS, CENTRAL), (K.SENDING, OWN)], K.CIRCULARS, CENTRAL),
    # classified letters: the register of classified information where the agency keeps it, always the central one
    (K.RECEIVING, CENTRAL, SECRET, [], K.RECEIVING, CENTRAL),
    (K.RECEIVING, CENTRAL, SECRET, [(K.SECRET_RECEIVING, CENTRAL)], K.SECRET_RECEIVING, CENTRAL),
    (K.RECEIVING, CENTRAL, SECRET, [(K.SECRET_SENDING, CENTRAL)], K.RECEIVING, CENTRAL),
    (K.RECEIVING, CENTRAL, OPEN, [(K.SECRET_RECEIVING, CENTRAL)], K.RECEIVING, CENTRAL),
    (K.SENDING, OWN, SECRET, [(K.SENDING, OWN), (K.SECRET_SENDING, CENTRAL)], K.SECRET_SENDING, CENTRAL),
    (K.SENDING, OWN, SECRET, [(K.SENDING, OWN)], K.SENDING, OWN),
    (K.CIRCULARS, CENTRAL, SECRET, [(K.CIRCULARS, CENTRAL), (K.SECRET_SENDING, CENTRAL)], K.SECRET_SENDING, CENTRAL),
    # orders and the like have no twin
    (K.ORDERS, CENTRAL, SECRET, [(K.SECRET_SENDING, CENTRAL)], K.ORDERS, CENTRAL),
    (K.ORDERS, OWN, OPEN, [(K.ORDERS, OWN)], K.ORDERS, OWN),
    (K.ORDERS, OWN, OPEN, [], K.ORDERS, CENTRAL),
]


@pytest.mark.parametrize(("kind", "own", "secrecy", "kept", "book", "keeper"), TABLE)
def test_the_book_for_a_letter(
    kind: BookKind,
    own: bool,
    secrecy: Secrecy,
    kept: list[tuple[BookKind, bool]],
    book: BookKind,
    keeper: bool,
) -> None:
    unit = LEGAL if own else None
    told = choose_book(cast(UnitOfWork, _uow(*kept)), AGENCY, kind, unit, secrecy)

    assert told == (book, LEGAL.id if keeper else None)


def test_a_number_is_taken_from_the_book_that_was_chosen() -> None:
    uow = _uow((K.CIRCULARS, CENTRAL))
    taken = take_number(uow, AGENCY, K.CIRCULARS, LEGAL, OPEN, 2569)

    assert uow.taken == [(K.CIRCULARS, None, 2569)]
    assert taken == Taken(taken.book_id, K.CIRCULARS, None, 2569, 45)


WRITTEN = [
    (K.RECEIVING, None, False, ""),
    (K.SECRET_RECEIVING, None, False, ""),
    (K.SENDING, None, False, "ทส 10/45"),
    (K.SENDING, LEGAL, False, "ทส 1002/45"),
    (K.SENDING, LEGAL, True, "ทส 1002/ว 45"),
    (K.CIRCULARS, None, False, "ทส 10/ว 45"),
    (K.CIRCULARS, LEGAL, True, "ทส 1002/ว 45"),
    (K.SECRET_SENDING, None, False, "ทส 10/ล 45"),
    (K.SECRET_SENDING, None, True, "ทส 10/ล 45"),
    (K.ORDERS, LEGAL, False, "45/2569"),
    (K.RULES, None, False, "45/2569"),
    (K.ANNOUNCEMENTS, None, False, "45/2569"),
    (K.CERTIFICATES, None, False, "45/2569"),
    (K.MINUTES, None, False, "45/2569"),
]


@pytest.mark.parametrize(("kind", "unit", "circular", "written"), WRITTEN)
def test_how_a_number_is_written(kind: BookKind, unit: Unit | None, circular: bool, written: str) -> None:
    assert written_number(kind, 45, 2569, AGENCY, unit, circular=circular) == written
    if written and not kind.numbered_by_year:
        assert str(LetterNumber.parse(written)) == written


def test_every_kind_of_book_has_a_line_in_the_table() -> None:
    assert {kind for kind, *_ in WRITTEN} == set(BookKind)
