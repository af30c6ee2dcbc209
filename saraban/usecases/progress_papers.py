"""The register of exceptions as the use cases need it, and the report to the OPDC as it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from saraban.domain.agency import AgencyId
from saraban.domain.deferral import Deferral, DeferralId


class Deferrals(Protocol):
    """The agencies' services that are not digital yet."""

    def add(self, deferral: Deferral) -> None: ...
    def save(self, deferral: Deferral) -> None: ...
    def get(self, agency_id: AgencyId, deferral_id: DeferralId) -> Deferral:
        """The line; NotFound when it is another agency's."""
        ...


@dataclass(frozen=True)
class ReportTable:
    """A table of the report in words and numbers: its columns with their share of the width and whether they are
    centred; `last` sets the last row apart as the sum; `told` stands below it."""

    title: str
    columns: Sequence[tuple[str, float, bool]]
    rows: Sequence[Sequence[str]]
    last: bool = False
    told: str = ""


@dataclass(frozen=True)
class ReportBars:
    """A picture of the report: for each label the parts of a bar, named by `parts`."""

    title: str
    parts: Sequence[str]
    labels: Sequence[str]
    values: Sequence[Sequence[int]]


@dataclass(frozen=True)
class ReportSheet:
    """The report of a year as it is printed; `scope` the unit, empty for the whole agency."""

    agency_name: str
    scope: str
    period: str
    made_at: datetime
    made_by: str
    summary: Sequence[tuple[str, str]]
    bars: Sequence[ReportBars]
    tables: Sequence[ReportTable]
