"""Copies that citizens were not asked for: by month, by side and by unit, on both databases, and in the report."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from saraban.domain.agency import UnitId
from saraban.domain.attachment import Digest
from saraban.domain.lookup import Lookup, Outcome, Want
from saraban.domain.progress import Period
from saraban.reading.lookups import Spared, copies_not_asked
from saraban.reading.progress import report
from tests.reading.office import NOW, Office, open_office


def looked_up(office: Office, *, ours: bool = True, unit: UnitId | None = None, **more: Any) -> None:
    """A question that was answered."""
    values: dict[str, Any] = {
        "outcome": Outcome.FOUND, "answered_at": NOW, "answered_on": date(2026, 11, 25), "answer": {}
    }  # fmt: skip
    one = Lookup(
        id=uuid4(), agency_id=office.agency.id, other_code="moi", other_name="กรม", ours=ours, request_id=uuid4(),
        asked_at=NOW, asked_by="ก", asked_for="ข", document_kind="ใบอนุญาต", number="1", holder_id="", want=Want.STATE,
        purpose="ค", legal_basis="ง", expires_at=NOW + timedelta(days=7), request={}, request_sha256=Digest.of(b""),
        unit_id=unit, **values | more,
    )  # fmt: skip
    with office.uow() as uow:
        uow.document_lookups.add(one)
        uow.commit()


def test_what_was_answered_is_counted_by_month_side_and_unit_and_nothing_else(
    office: Office, reader: Connection
) -> None:
    october = {"answered_on": date(2026, 10, 31)}
    looked_up(office, unit=office.legal.id)
    looked_up(office, unit=office.legal.id, **october)
    looked_up(office, unit=office.central.id)
    looked_up(office, ours=False)
    for outcome in (Outcome.REFUSED, Outcome.NOT_FOUND, Outcome.WAITING):
        looked_up(office, unit=office.legal.id, outcome=outcome)
    looked_up(open_office(office.engine, "dopa"), ours=False)

    agency, days = office.agency.id, (date(2026, 10, 1), date(2026, 11, 30))
    assert copies_not_asked(reader, agency, *days) == [
        Spared(date(2026, 10, 1), 1, 0),
        Spared(date(2026, 11, 1), 2, 1),
    ]
    assert copies_not_asked(reader, agency, date(2026, 11, 1), days[1], office.legal.id) == [
        Spared(date(2026, 11, 1), 1, 0)
    ]
    whole = {one.code: one.numbers[:2] for one in report(reader, office.records, Period(2570), NOW).copies}
    assert whole == {"looked-up": (1, 2), "answered": (0, 1), "certified": (0, 0)}
    of_legal = report(reader, office.director, Period(2570), NOW, office.legal.id).copies
    assert [(one.code, one.numbers[:2]) for one in of_legal] == [("looked-up", (1, 1))]
