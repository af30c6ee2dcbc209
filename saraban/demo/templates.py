"""Templates of the demo: what every office writes often."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from saraban.demo.books import officer
from saraban.demo.places import HOSTED
from saraban.domain.classification import Form
from saraban.domain.content import Content
from saraban.domain.templates import FieldKind, TemplateField, TemplateText
from saraban.usecases.keeping_templates import make_template
from saraban.usecases.ports import Services

_DATA = Path(__file__).parent / "data"


def write_templates(services: Services) -> None:
    """Make them for each agency, by its administrator; those of a unit by its clerk."""
    kept = json.loads((_DATA / "templates.json").read_text(encoding="utf-8"))
    for place in HOSTED:
        for one in kept:
            keeper = officer(services, f"{'clerk' if one.get('unit') else 'admin'}.{place.code}")
            code = _unit_code(services, keeper.unit_id, keeper.agency_id) if one.get("unit") else None
            make_template(services, actor=keeper, text=text_of(one), unit_code=code)


def text_of(one: dict[str, Any]) -> TemplateText:
    """A template of the list."""
    content = Content(
        form=Form(one["form"]),
        subject=one["subject"],
        addressed_to=one.get("addressed_to", ""),
        body=one["body"],
        purpose=one.get("purpose", Content.purpose),
        details=one.get("details", {}),
    )
    fields = [
        TemplateField(f["name"], FieldKind(f["kind"]), f["required"], f["hint"], tuple(f["choices"]))
        for f in one["fields"]
    ]
    text = TemplateText(one["name"], content, one["about"], enclosures=tuple(one.get("enclosures", ())))
    return text.with_fields({field.name: field for field in fields})


def _unit_code(services: Services, unit_id: Any, agency_id: Any) -> str:
    with services.uow() as uow:
        return uow.agencies.unit(agency_id, unit_id).code
