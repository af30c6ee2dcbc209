"""A report that was dear to count is shown again for a while, and never longer."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from saraban.domain.progress import Period, Traffic
from saraban.doorway.progress import FRESH, MOST_KEPT, Counted
from saraban.reading.progress import Report, ReportRow, Times
from tests.builders import NOW

_ROW = ReportRow("รวม", Traffic(), Times())


def _report() -> Report:
    return Report(Period(2570), None, "", (), (), _ROW, (), (), (), (), NOW)


def test_a_report_is_kept_for_its_agency_year_and_unit_until_it_is_old() -> None:
    kept, key = Counted(), (uuid4(), Period(2570), None, date(2026, 11, 23))
    kept.keep(key, _report())

    assert kept.get(key, NOW + FRESH - timedelta(seconds=1)) is not None
    assert kept.get(key, NOW + FRESH) is None and kept.get(key, NOW - timedelta(seconds=1)) is None
    assert kept.get((uuid4(), *key[1:]), NOW) is None
    assert kept.get((key[0], Period(2570, fiscal=False), None, key[3]), NOW) is None


def test_what_is_kept_does_not_grow_without_end() -> None:
    kept = Counted()
    keys = [(uuid4(), Period(2570), None, None) for _ in range(MOST_KEPT + 1)]
    for key in keys:
        kept.keep(key, _report())

    assert kept.get(keys[0], NOW) is None and kept.get(keys[-1], NOW) is not None
