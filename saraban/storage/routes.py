"""The routes of the forms on the shelf: the agency's, and those that units have of their own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, insert, select

from saraban.domain.agency import AgencyId, UnitId
from saraban.domain.classification import Form
from saraban.domain.route import Again, RouteTemplate, TemplateStep
from saraban.storage.tables.routes import route_templates as t

_TEMPLATES = select(t).where(
    t.c.agency_id == bindparam("agency"),
    t.c.form == bindparam("of_form"),
    t.c.owner_id.in_(bindparam("owners", expanding=True)),
)


class RouteBooks:
    """Route templates (a part of usecases.roll.Agencies)."""

    _connection: Connection

    def route_template(self, agency_id: AgencyId, form: Form, unit_id: UnitId | None = None) -> RouteTemplate:
        """The route of a form for a unit: its own, or else the agency's; without steps where there is none."""
        owners = [agency_id, *([unit_id] if unit_id is not None else [])]
        rows = self._connection.execute(_TEMPLATES, {"agency": agency_id, "of_form": form, "owners": owners}).all()
        row = max(rows, key=lambda one: one.owner_id != agency_id, default=None)
        if row is None:
            return RouteTemplate()
        steps = tuple(TemplateStep.of(n, told) for n, told in enumerate(row.steps, 1))
        return RouteTemplate(steps, row.again, of_unit=row.owner_id != agency_id)

    def set_route_template(
        self,
        agency_id: AgencyId,
        form: Form,
        steps: Sequence[TemplateStep],
        unit_id: UnitId | None = None,
        again: Again = Again.ALL,
    ) -> None:
        """Replace the route of a form, of the agency or of the unit. A unit without steps takes the agency's again."""
        owner = unit_id if unit_id is not None else agency_id
        self._connection.execute(delete(t).where(t.c.agency_id == agency_id, t.c.form == form, t.c.owner_id == owner))
        if steps:
            values = {"agency_id": agency_id, "form": form, "owner_id": owner, "again": again}
            self._connection.execute(insert(t), {**values, "steps": [step.as_dict() for step in steps]})
