"""The route tables of an agency, for the page that lists them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from saraban.domain.classification import Form
from saraban.domain.route import TemplateStep
from saraban.storage.tables.routes import route_templates as t


@dataclass(frozen=True)
class Tables:
    """The agency's rows by form, and the ids of the units that have their own."""

    agency: dict[Form, tuple[TemplateStep, ...]]
    units: dict[Form, list[UUID]]


def templates(reader: Connection, agency_id: UUID) -> Tables:
    """All route tables of the agency, in one statement."""
    rows = reader.execute(select(t.c.form, t.c.owner_id, t.c.steps).where(t.c.agency_id == agency_id)).all()
    whole: dict[Form, tuple[TemplateStep, ...]] = {}
    own: dict[Form, list[UUID]] = {}
    for row in rows:
        if row.owner_id == agency_id:
            whole[row.form] = tuple(TemplateStep.of(n, told) for n, told in enumerate(row.steps, 1))
        else:
            own.setdefault(row.form, []).append(row.owner_id)
    return Tables(whole, own)
