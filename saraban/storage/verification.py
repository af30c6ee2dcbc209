"""Verification codes on the shelf, and the counts of their scans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Date, Integer, Text, bindparam, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from saraban.domain.agency import AgencyId
from saraban.domain.verification import SubjectKind, VerificationCode
from saraban.storage.tables.verification import verification_codes as codes
from saraban.storage.tables.verification import verification_scans as scans

_ADD = insert(codes)
_OF_SUBJECT = select(codes).where(
    codes.c.agency_id == bindparam("agency"),
    codes.c.kind == bindparam("of_kind"),
    codes.c.subject_id == bindparam("of"),
)


class VerificationBooks:
    """Codes and counts (usecases.codes.Verifications)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, agency_id: AgencyId, kind: SubjectKind, subject_id: UUID) -> VerificationCode | None:
        """The code of a document of the agency; None while it has none."""
        row = self._connection.execute(
            _OF_SUBJECT, {"agency": agency_id, "of_kind": kind, "of": subject_id}
        ).one_or_none()
        if row is None:
            return None
        return VerificationCode(row.code, row.agency_id, row.kind, row.subject_id, row.made_at)

    def of_each(self, agency_id: AgencyId, kind: SubjectKind, subject_ids: Sequence[UUID]) -> Mapping[UUID, str]:
        """The whole codes of those of these documents that have one."""
        which = codes.c.agency_id == agency_id, codes.c.kind == kind, codes.c.subject_id.in_(subject_ids)
        found = self._connection.execute(select(codes.c.subject_id, codes.c.code).where(*which))
        return {row.subject_id: row.code for row in found}

    def add(self, *made: VerificationCode) -> None:
        """Keep new codes; they are never changed."""
        if not made:
            return
        self._connection.execute(
            _ADD,
            [
                {
                    "code": code.code,
                    "typed": code.typed,
                    "agency_id": code.agency_id,
                    "kind": code.kind,
                    "subject_id": code.subject_id,
                    "made_at": code.made_at,
                }
                for code in made
            ],
        )

    def count(self, seen: Mapping[str, int], day: date) -> None:
        """Add scans of that day, by whole codes. In the order of codes, so that two writers cannot wait for each
        other; on PostgreSQL in one statement, since those who look wait for the process that would write many."""
        known = sorted(seen)
        if not known:
            return
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(_COUNT_AT_ONCE, {"seen": known, "day": day, "times": [seen[one] for one in known]})
        else:
            rows = [{"code": code, "day": day, "count": seen[code]} for code in known]
            self._connection.execute(_COUNT, rows)


def _adding(statement: Any) -> Any:
    return statement.on_conflict_do_update(
        index_elements=("code", "day"), set_={"count": scans.c.count + statement.excluded.count}
    )


_COUNT = _adding(sqlite.insert(scans))
_told = (
    func.unnest(bindparam("seen", type_=postgresql.ARRAY(Text)), bindparam("times", type_=postgresql.ARRAY(Integer)))
    .table_valued("code", "count")
    .render_derived()
)
_COUNT_AT_ONCE = _adding(
    postgresql.insert(scans).from_select(
        ("code", "day", "count"),
        select(_told.c.code, bindparam("day", type_=Date), _told.c.count).order_by(_told.c.code.collate("C")),
    )
)
