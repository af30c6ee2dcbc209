"""Templates of documents, on the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.attachment import Digest
from saraban.domain.errors import NotFound
from saraban.domain.templates import Template, TemplateId, TemplateText
from saraban.storage.shelves import Row, Shelf
from saraban.storage.tables.templates import template_editions, template_marks, templates
from saraban.usecases.templates import Edition

_SAME = (
    *("id", "agency_id", "unit_id", "active", "edition", "version"),
    *("made_at", "changed_at", "changed_by", "picture", "picture_of"),
)


def _to_row(template: Template) -> dict[str, Any]:
    text = template.text
    row = {name: getattr(template, name) for name in _SAME}
    return row | {"name": text.name, "about": text.about, "form": text.content.form, "text": text.as_dict()}


def _from_row(row: Row) -> Template:
    return Template(**{name: row[name] for name in _SAME}, text=TemplateText.of(row["text"]))


_templates: Shelf[Template] = Shelf(templates, to_row=_to_row, from_row=_from_row)
_EDITIONS = (
    select(template_editions)
    .where(
        template_editions.c.agency_id == bindparam("agency"), template_editions.c.template_id == bindparam("template")
    )
    .order_by(template_editions.c.edition.desc())
)
_ADD_EDITION = insert(template_editions)
_PICTURE = (
    update(templates)
    .where(templates.c.id == bindparam("template"))
    .values(picture=bindparam("drawn"), picture_of=bindparam("drawn_of"))
)


class TemplateBooks:
    """Templates on the shelf (usecases.templates.Templates)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, agency_id: AgencyId, template_id: UUID) -> Template:
        """The template; NotFound when it is another agency's."""
        template = _templates.get(self._connection, template_id)
        if template.agency_id != agency_id:
            raise NotFound
        return template

    def add(self, template: Template) -> None:
        """Put a new one on the shelf with its first text."""
        _templates.add(self._connection, template)
        self._keep_edition(template)

    def save(self, template: Template, *, new_text: bool = False) -> None:
        """Write it back, and keep its text as another edition."""
        _templates.save(self._connection, template)
        if new_text:
            self._keep_edition(template)

    def editions(self, agency_id: AgencyId, template_id: UUID) -> Sequence[Edition]:
        """Its texts, the newest first."""
        rows = self._connection.execute(_EDITIONS, {"agency": agency_id, "template": template_id})
        return [Edition(row.edition, TemplateText.of(row.text), row.at, row.person) for row in rows]

    def keep_picture(self, template_id: TemplateId, picture: Digest, picture_of: str) -> None:
        """Note the picture of its first page."""
        values = {"template": template_id, "drawn": picture, "drawn_of": picture_of}
        self._connection.execute(_PICTURE, values)

    def note_use(self, person_id: PersonId, template_id: TemplateId, at: datetime) -> None:
        """Count that a person began a letter from it."""
        statement = _insert(self._connection).values(
            person_id=person_id, template_id=template_id, favourite=False, uses=1, last_at=at
        )
        changes = {"uses": template_marks.c.uses + 1, "last_at": statement.excluded.last_at}
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["person_id", "template_id"], set_=changes)
        )

    def mark_favourite(self, person_id: PersonId, template_id: TemplateId, favourite: bool) -> None:
        """Note that it is a favourite of the person, or no more."""
        statement = _insert(self._connection).values(
            person_id=person_id, template_id=template_id, favourite=favourite, uses=0, last_at=None
        )
        changes = {"favourite": statement.excluded.favourite}
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["person_id", "template_id"], set_=changes)
        )

    def _keep_edition(self, template: Template) -> None:
        self._connection.execute(
            _ADD_EDITION,
            {
                "template_id": template.id,
                "edition": template.edition,
                "agency_id": template.agency_id,
                "text": template.text.as_dict(),
                "at": template.changed_at,
                "person": template.changed_by,
            },
        )


def _insert(connection: Connection) -> Any:
    return {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[connection.dialect.name](template_marks)
