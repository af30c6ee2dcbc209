"""Parts of shapes: small fields for the document of what the API answers. Values pass through them as they are.

`key` is the name in JSON where it is no name in Python (`from`, `return`); `none` allows null.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any

from marshmallow import Schema, fields


def value(kind: str | list[str], *, none: bool = False, key: str | None = None, **told: Any) -> fields.Raw:
    """A value of this JSON type; `told` goes into the document."""
    known = {name: part for name, part in told.items() if part is not None}
    kinds = [kind] if isinstance(kind, str) else kind
    types: str | list[str] = [*kinds, "null"] if none else kinds[0] if len(kinds) == 1 else kinds
    return fields.Raw(required=True, attribute=key, data_key=key, metadata={"type": types, **known})


def text(
    example: str | None = None, description: str | None = None, *, none: bool = False, key: str | None = None
) -> fields.Raw:
    """A text."""
    return value("string", example=example, description=description, none=none, key=key)


def whole(example: int | None = None, *, none: bool = False) -> fields.Raw:
    """A whole number."""
    return value("integer", example=example, none=none)


def true(description: str | None = None, *, none: bool = False) -> fields.Raw:
    """True or false."""
    return value("boolean", description=description, none=none)


def moment(*, none: bool = False) -> fields.Raw:
    """A moment."""
    return value("string", format="date-time", example="2026-11-23T09:30:00+07:00", none=none)


def day(*, none: bool = False) -> fields.Raw:
    """A day."""
    return value("string", format="date", example="2026-11-23", none=none)


def identity(*, none: bool = False) -> fields.Raw:
    """An id."""
    return value("string", format="uuid", none=none)


def digest(*, none: bool = False) -> fields.Raw:
    """A SHA-256 in hexadecimal."""
    return value("string", pattern="^[0-9a-f]{64}$", none=none)


def one_of(values: Iterable[Enum], *, none: bool = False) -> fields.Raw:
    """A value of a closed list."""
    named = [choice.value for choice in values]
    return value("string", none=none, enum=[*named, None] if none else named)


def group(shape: type[Schema], *, none: bool = False, key: str | None = None) -> fields.Nested:
    """An object."""
    return fields.Nested(shape, required=True, allow_none=none, attribute=key, data_key=key)


def many(shape: type[Schema]) -> fields.List[Any]:
    """A list of objects."""
    return fields.List(fields.Nested(shape), required=True)


def texts(description: str | None = None) -> fields.List[Any]:
    """A list of texts."""
    told = {"description": description} if description else {}
    return fields.List(fields.String(), required=True, metadata=told)


def texts_by_key(description: str) -> fields.Dict:
    """An object whose values are texts."""
    told = {"description": description}
    return fields.Dict(keys=fields.String(), values=fields.String(), required=True, metadata=told)


def anything(description: str, *, none: bool = False) -> fields.Raw:
    """An object with names of its own."""
    return value("object", description=description, none=none)


class GoneShape(Schema):
    """What was taken away: it is not offered any more."""

    id = identity()


def may(*, key: str | None = None) -> fields.Raw:
    """True, or the Thai reason why not."""
    told: dict[str, Any] = {"description": "true หรือเหตุผลที่ทำไม่ได้", "example": "ขณะนี้หนังสือรออธิบดี"}
    return value(["boolean", "string"], key=key, **told)
