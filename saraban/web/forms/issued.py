"""The forms of documents for people: what a kind asks for, and the definition of a kind itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

from werkzeug.datastructures import MultiDict

from saraban.domain.agency import PositionId, UnitId
from saraban.domain.issued import IssuedDocument
from saraban.domain.issued_field import FieldType, KindField, spaced_id
from saraban.domain.issued_kind import MOST_APPROVERS, IssuedKind, KindDefinition, LookupPolicy, Marks, Stage, Validity
from saraban.domain.numbering import arabic_digits
from saraban.doorway.dates import write_date

E = TypeVar("E", bound=Enum)
Sent = MultiDict[str, str]
APPROVERS = tuple(f"approver-{n}" for n in range(1, MOST_APPROVERS + 1))
"""The names of the approvers' boxes, in their order."""


@dataclass(frozen=True)
class AskedField:
    """A field as it is asked for: its name on the page, what was typed, and what is wrong with it."""

    at: str
    field: KindField
    value: str = ""
    error: str = ""


def asked(kind: IssuedKind, typed: Mapping[str, str], wrong: Mapping[str, str]) -> list[AskedField]:
    """The fields of a kind with what was typed, by their places on the page."""
    return [
        AskedField(f"field-{n}", one, typed.get(f"field-{n}", ""), wrong.get(one.field, ""))
        for n, one in enumerate(kind.fields)
    ]


def typed_of(kind: IssuedKind, document: IssuedDocument) -> dict[str, str]:
    """What stands on a document, as somebody would have typed it."""
    typed = {"holder_name": document.holder_name, "holder_id": spaced_id(document.holder_id)}
    for n, one in enumerate(kind.fields):
        value = document.values.get(one.key, "")
        typed[f"field-{n}"] = _day_as_typed(value) if one.type is FieldType.DATE else value
    return typed


# --- kinds ------------------------------------------------------------------------------------------------------------


def read_definition(sent: Sent) -> tuple[KindDefinition, dict[str, str]]:
    """What was typed about a kind, as far as it can be read, and by field what cannot be."""
    wrong: dict[str, str] = {}
    said = KindDefinition(
        code=sent.get("code", "").strip(),
        name_th=_line(sent, "name_th"),
        name_en=_line(sent, "name_en"),
        title=_line(sent, "title"),
        text=sent.get("text", "").replace("\r\n", "\n").strip(),
        holder_id_required=bool(sent.get("holder_id_required")),
        series=_line(sent, "series"),
        units=_units(sent, "units"),
        approvers=tuple(one for one in (_post(sent, name) for name in APPROVERS) if one is not None),
        signer_id=_post(sent, "signer_id"),
        marks=_choice(sent, "marks", Marks, Marks.SIGNATURE),
        validity=_choice(sent, "validity", Validity, Validity.NONE),
        validity_amount=_whole(sent, "validity_amount", 1, wrong),
        is_public=bool(sent.get("is_public")),
        holder_public=bool(sent.get("holder_public")),
        may_download=bool(sent.get("may_download")),
        in_register=bool(sent.get("in_register")),
        holder_in_register=bool(sent.get("holder_in_register")),
        lookup=_choice(sent, "lookup", LookupPolicy, LookupPolicy.NO),
        answer_units=_units(sent, "answer_units"),
        answer_posts=tuple(PositionId(one) for one in map(_id, sent.getlist("answer_posts")) if one is not None),
        stage=_choice(sent, "stage", Stage, Stage.OFF),
        pilot_most=_whole(sent, "pilot_most", 50, wrong),
    )
    described = {one.key: one for one in _typed_fields(sent)}
    off_page = set(sent.getlist("field_off_page"))
    in_text = {one.key for one in said.with_fields_of_text({})}
    kept = {key: one for key, one in described.items() if key in in_text or key in off_page}
    said.fields = said.with_fields_of_text(kept)
    return said, wrong


def _typed_fields(sent: Sent) -> Iterator[KindField]:
    """The rows of the fields, in their order."""
    names = ("key", "type", "required", "public", "hint", "choices", "label_en")
    columns: Sequence[Sequence[str]] = [sent.getlist(f"field_{name}") for name in names]
    for key, type_, required, public, hint, choices, label_en in zip(*columns, strict=False):
        parts = (" ".join(one.split()) for one in choices.split("|"))
        yield KindField(
            key=key,
            type=FieldType(type_) if type_ in {one.value for one in FieldType} else FieldType.TEXT,
            required=required != "no",
            public=public in ("yes", "register"),
            in_register=public == "register",
            hint=" ".join(hint.split()),
            choices=tuple(dict.fromkeys(filter(None, parts))),
            label_en=" ".join(label_en.split()),
        )


def _line(sent: Sent, name: str) -> str:
    return " ".join(sent.get(name, "").split())


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _units(sent: Sent, name: str) -> tuple[UnitId, ...]:
    return tuple(UnitId(one) for one in map(_id, sent.getlist(name)) if one is not None)


def _post(sent: Sent, name: str) -> PositionId | None:
    found = _id(sent.get(name, ""))
    return PositionId(found) if found is not None else None


def _choice(sent: Sent, name: str, kind: type[E], usual: E) -> E:
    return next((one for one in kind if one.value == sent.get(name)), usual)


def _whole(sent: Sent, name: str, usual: int, wrong: dict[str, str]) -> int:
    text = arabic_digits(sent.get(name, "")).replace(",", "").strip()
    if not text:
        return usual
    if text.isascii() and text.isdigit() and len(text) < 8:
        return int(text)
    wrong[name] = "ใส่ตัวเลข"
    return usual


def _day_as_typed(value: str) -> str:
    try:
        return write_date(date.fromisoformat(value)) if value else ""
    except ValueError:
        return value


def choices_of(kind: type[Enum]) -> list[tuple[str, Any]]:
    """The values of a closed list with their words."""
    return [(str(one.value), getattr(one, "thai", "")) for one in kind]
