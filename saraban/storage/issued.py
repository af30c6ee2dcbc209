"""Documents that agencies issue to people, on the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from saraban.domain.agency import AgencyId
from saraban.domain.answerers import Answerers
from saraban.domain.issued import OUT, IssuedDocument, IssuedId, IssuedState
from saraban.domain.issued_field import KindField
from saraban.domain.issued_kind import IssuedKind, IssuedKindId
from saraban.storage.answering import answerers_now
from saraban.storage.archive import expect_of
from saraban.storage.shelves import Row, Shelf, plain_shelf
from saraban.storage.tables import issued as t

_NAMES = [one.name for one in fields(IssuedKind)]
_LISTS = ("units", "approvers", "answer_units", "answer_posts")


def _to_row(kind: IssuedKind) -> dict[str, Any]:
    row = {name: getattr(kind, name) for name in _NAMES}
    lists = {name: [str(one) for one in getattr(kind, name)] for name in _LISTS}
    return row | lists | {"fields": [one.as_dict() for one in kind.fields]}


def kind_of_row(row: Row) -> IssuedKind:
    """A kind from a row of its table."""
    values = {name: row[name] for name in _NAMES}
    values["fields"] = tuple(KindField.of(one) for one in row["fields"])
    values |= {name: tuple(UUID(one) for one in row[name]) for name in _LISTS}
    return IssuedKind(**values)


_kinds: Shelf[IssuedKind] = Shelf(t.issued_kinds, to_row=_to_row, from_row=kind_of_row)
_documents: Shelf[IssuedDocument] = plain_shelf(t.issued_documents, IssuedDocument)


class IssuedBooks:
    """Kinds and documents (usecases.issued.Issued)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def answerers(self, kind: IssuedKind, on: date) -> Answerers | None:
        """Who answers what is asked about the kind on a day; None where it names nobody."""
        return answerers_now(self._connection, kind.agency_id, [kind], on).get(kind.id)

    def kind(self, agency_id: AgencyId, kind_id: UUID) -> IssuedKind:
        """A kind of the agency; NotFound otherwise."""
        found = _kinds.get(self._connection, kind_id)
        expect_of(agency_id, found.agency_id)
        return found

    def kinds(self, agency_id: AgencyId) -> Sequence[IssuedKind]:
        """All kinds of the agency, by their codes."""
        statement = select(t.issued_kinds).where(t.issued_kinds.c.agency_id == agency_id)
        return _kinds.find(self._connection, statement.order_by(t.issued_kinds.c.code))

    def add_kind(self, kind: IssuedKind) -> None:
        """Keep a new one."""
        _kinds.add(self._connection, kind)

    def save_kind(self, kind: IssuedKind) -> None:
        """Write one back."""
        _kinds.save(self._connection, kind)

    def document(self, agency_id: AgencyId, document_id: UUID) -> IssuedDocument:
        """A document of the agency; NotFound otherwise."""
        found = _documents.get(self._connection, document_id)
        expect_of(agency_id, found.agency_id)
        return found

    def add(self, *documents: IssuedDocument) -> None:
        """Keep new ones."""
        _documents.add(self._connection, *documents)

    def save(self, document: IssuedDocument) -> None:
        """Write one back."""
        _documents.save(self._connection, document)

    def held(self, agency_id: AgencyId, document_ids: Sequence[UUID]) -> Sequence[IssuedDocument]:
        """Those of these that are the agency's, locked in the order of their ids until the transaction ends."""
        c = t.issued_documents.c
        statement = select(t.issued_documents).where(c.agency_id == agency_id, c.id.in_(document_ids))
        return _documents.find(self._connection, statement.order_by(c.id).with_for_update())

    def save_held(self, documents: Sequence[IssuedDocument]) -> None:
        """Write back what `held` gave."""
        _documents.save_held(self._connection, documents)

    def by_number(self, agency_id: AgencyId, kind_id: IssuedKindId, number: str) -> Sequence[IssuedDocument]:
        """What was issued under this number (Arabic digits)."""
        return self._out(agency_id, kind_id, t.issued_documents.c.number == number)

    def by_holder(self, agency_id: AgencyId, kind_id: IssuedKindId, holder_id: str) -> Sequence[IssuedDocument]:
        """What was issued to the person or company with this number of 13 digits, the newest first."""
        return self._out(agency_id, kind_id, t.issued_documents.c.holder_id == holder_id) if holder_id else []

    def following(self, document_id: IssuedId) -> Sequence[IssuedDocument]:
        """Documents that were begun to come after this one."""
        statement = select(t.issued_documents).where(t.issued_documents.c.follows == document_id)
        return _documents.find(self._connection, statement)

    def count_out(self, kind_id: IssuedKindId) -> int:
        """How many of the kind were issued or are on their way with a number."""
        c = t.issued_documents.c
        statement = select(func.count()).where(c.kind_id == kind_id, c.serial.is_not(None))
        return int(self._connection.execute(statement).scalar_one())

    def how_many(
        self, kind_id: IssuedKindId, state: IssuedState, most: int, passed: Sequence[int] | None = None
    ) -> int:
        """How many documents of the kind stand so, after one of these numbers of approvals, counted up to `most`."""
        c = t.issued_documents.c
        statement = select(c.id).where(c.kind_id == kind_id, c.state == state).limit(most)
        if passed is not None:
            statement = statement.where(c.passed.in_(passed))
        return len(self._connection.execute(statement).all())

    def next_serials(self, kind_id: IssuedKindId, year: int, count: int) -> range:
        """The next numbers of the kind in that year (0: for ever). Two who ask at once wait for each other, also where
        none is taken."""
        key = {"kind_id": kind_id, "year": year}
        self._connection.execute(_OPEN[self._connection.dialect.name], {**key, "last": 0})
        counter = t.issued_numbers.c
        statement = update(t.issued_numbers).where(counter.kind_id == kind_id, counter.year == year)
        taken = self._connection.execute(statement.values(last=counter.last + count).returning(counter.last))
        last = int(taken.scalar_one())
        return range(last - count + 1, last + 1)

    def _out(self, agency_id: AgencyId, kind_id: IssuedKindId, which: Any) -> Sequence[IssuedDocument]:
        c = t.issued_documents.c
        statement = select(t.issued_documents).where(
            c.agency_id == agency_id, c.kind_id == kind_id, c.state.in_(OUT), which
        )
        return _documents.find(self._connection, statement.order_by(c.signed_at.desc(), c.id))


_OPEN = {
    "sqlite": sqlite.insert(t.issued_numbers).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(t.issued_numbers).on_conflict_do_nothing(),
}
