"""Verification codes on the shelf, and the counts of their scans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select
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

    def add(self, code: VerificationCode) -> None:
        """Keep a new code; it is never changed."""
        self._connection.execute(
            _ADD,
            {
                "code": code.code,
                "typed": code.typed,
                "agency_id": code.agency_id,
                "kind": code.kind,
                "subject_id": code.subject_id,
                "made_at": code.made_at,
            },
        )

    def count(self, seen: Mapping[str, int], day: date) -> None:
        """Add scans of that day, by whole codes. In the order of codes, so that two writers cannot wait for each
        other."""
        rows = [{"code": code, "day": day, "count": seen[code]} for code in sorted(seen)]
        if rows:
            self._connection.execute(_COUNT[self._connection.dialect.name], rows)


def _count(insert: Any) -> Any:
    statement = insert(scans)
    return statement.on_conflict_do_update(
        index_elements=("code", "day"), set_={"count": scans.c.count + statement.excluded.count}
    )


_COUNT = {"sqlite": _count(sqlite.insert), "postgresql": _count(postgresql.insert)}
