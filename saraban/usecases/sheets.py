"""Sheets that people bring (XLSX or CSV), without their empty rows: each row keeps the number that people see beside it
in their spreadsheet, so that what is told of it is found there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from saraban.domain.attachment import Digest
from saraban.usecases.ports import Services


@dataclass(frozen=True)
class Sheet:
    """A sheet that was read: its headings, its rows without those that are empty, and the number of each row."""

    headings: list[str]
    rows: list[list[str]]
    numbers: list[int]

    @classmethod
    def of(cls, read: Sequence[Sequence[str]], *, titled: bool = False) -> Sheet:
        """What a reader of files gives, empty rows among the others. The headings are the first row that is not empty;
        with `titled` the first that fills more than one cell, where any does. Of an empty sheet all is empty."""
        said = [(number, list(row)) for number, row in enumerate(read, start=1) if any(cell.strip() for cell in row)]
        wide = (place for place, (_, row) in enumerate(said) if sum(bool(cell.strip()) for cell in row) > 1)
        head = next(wide, 0) if titled else 0
        _, headings = said[head] if said else (0, [])
        below = said[head + 1 :]
        return cls(headings, [row for _, row in below], [number for number, _ in below])


def keep_sheet(office: Services, *, sheet: Sheet) -> Digest:
    """Keep a sheet between its preview and its import."""
    return office.blobs.keep(json.dumps(asdict(sheet), ensure_ascii=False).encode())


def kept_sheet(office: Services, digest: Digest) -> Sheet:
    """The sheet that `keep_sheet` kept."""
    return Sheet(**json.loads(office.blobs.open(digest)))
