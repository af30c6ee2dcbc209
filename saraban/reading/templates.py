"""Templates of documents as lists show them: those that a person may begin a letter from, and those he keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, and_, func, or_, select

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole, UnitId
from saraban.domain.classification import Form
from saraban.domain.permissions import may_keep_template
from saraban.storage.search import normal_form
from saraban.storage.tables.organisation import in_force, unit_name
from saraban.storage.tables.people import units
from saraban.storage.tables.templates import template_marks, templates


@dataclass(frozen=True)
class TemplateRow:
    """A template. `unit` is empty for one of the whole agency; `uses` counts everybody's, `favourite` is the
    person's own; `kept`: the person may change it."""

    id: UUID
    name: str
    about: str
    form: Form
    unit: str
    fields: int
    edition: int
    active: bool
    uses: int
    favourite: bool
    kept: bool


_uses = (
    select(template_marks.c.template_id, func.sum(template_marks.c.uses).label("uses"))
    .group_by(template_marks.c.template_id)
    .subquery()
)


def offered(reader: Connection, actor: Actor, q: str = "") -> list[TemplateRow]:
    """The templates from which the person may begin a letter: favourites first, then the most used."""
    return [row for row in _rows(reader, actor, q) if row.active]


def kept(reader: Connection, actor: Actor, q: str = "") -> list[TemplateRow]:
    """All that the person may see, those that are switched off too when he may change them."""
    return [row for row in _rows(reader, actor, q) if row.active or row.kept]


def units_kept(reader: Connection, actor: Actor) -> list[tuple[str, str]]:
    """For whom the person may make templates: the agency as "", units by code, each with its name."""
    found = reader.execute(
        select(units.c.id, units.c.code, unit_name(units.c.id, actor.on).label("name"))
        .where(units.c.agency_id == actor.agency_id, in_force(units, actor.on or date.max))
        .order_by(units.c.central.desc(), units.c.code)
    )
    own = [(row.code, row.name) for row in found if may_keep_template(actor, UnitId(row.id)) is None]
    return [*([("", "ทั้งส่วนราชการ")] if may_keep_template(actor, None) is None else []), *own]


def _rows(reader: Connection, actor: Actor, q: str) -> list[TemplateRow]:
    mine = and_(template_marks.c.template_id == templates.c.id, template_marks.c.person_id == actor.person_id)
    statement = (
        select(
            templates, unit_name(templates.c.unit_id, actor.on).label("unit"), template_marks.c.favourite, _uses.c.uses
        )
        .select_from(templates.outerjoin(template_marks, mine).outerjoin(_uses, _uses.c.template_id == templates.c.id))
        .where(templates.c.agency_id == actor.agency_id)
    )
    sees_all = actor.role is PositionRole.ADMIN or (actor.role is PositionRole.CLERK and actor.central)
    if not sees_all:
        statement = statement.where(or_(templates.c.unit_id.is_(None), templates.c.unit_id == actor.unit_id))
    rows = [
        TemplateRow(
            id=row.id,
            name=row.name,
            about=row.about,
            form=row.form,
            unit=row.unit or "",
            fields=len(row.text["fields"]),
            edition=row.edition,
            active=row.active,
            uses=int(row.uses or 0),
            favourite=bool(row.favourite),
            kept=may_keep_template(actor, row.unit_id) is None,
        )
        for row in reader.execute(statement)
    ]
    words = normal_form(q).split()
    found = [row for row in rows if all(word in _words(row) for word in words)]
    return sorted(found, key=lambda row: (not row.favourite, -row.uses, row.name))


def _words(row: TemplateRow) -> str:
    return normal_form(f"{row.name} {row.about} {row.form.thai} {row.unit}")
