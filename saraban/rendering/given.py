"""What is given to be printed, cleaned: no control characters, one line where a line is meant, no letter that the
typeface lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from saraban.domain.errors import BadInput
from saraban.domain.forms import RULES, DetailKind
from saraban.rendering.shaping import Typeface
from saraban.rendering.thai import clean, one_line
from saraban.usecases.pages import PageCosigner, PageEnclosure, PageLetter, PageReference

_FIELD_OF_PART = {"signer_name": "signer", "signer_titles": "signer", "agency_name": "agency"}


def cleaned(letter: PageLetter, face: Typeface) -> PageLetter:
    """The letter with every text clean and, but for the body and for details of several lines, on one line. Raises
    BadInput by field (a detail as details.key) for characters that the typeface lacks: an official letter must not be
    issued with a hole in it."""
    details = _cleaned_details(letter)
    wrong = {f"details.{key}": words for key, text in details.items() if (words := _wrong(text, face))}
    changes: dict[str, Any] = {"details": details}
    for field in fields(letter):
        if field.name == "details":
            continue
        value = _clean_value(getattr(letter, field.name), keep_lines=field.name == "body")
        if words := _wrong("".join(_texts(value)), face):
            wrong[_FIELD_OF_PART.get(field.name, field.name)] = words
        changes[field.name] = value
    if wrong:
        raise BadInput(wrong)
    return replace(letter, **changes)


def _cleaned_details(letter: PageLetter) -> Mapping[str, str]:
    """The details of the letter's form, each as its kind is written; what is no detail of the form is left out."""
    rule = RULES.get(letter.form)
    return {
        detail.key: clean(given).strip("\n") if detail.kind is DetailKind.LINES else one_line(given)
        for detail in (rule.details if rule is not None else ())
        if (given := letter.details.get(detail.key, ""))
    }


def _wrong(text: str, face: Typeface) -> str:
    """What to say of characters that cannot be printed; empty when all can."""
    missing = face.regular.lacks(text)
    return f"มีอักขระที่พิมพ์ลงหนังสือไม่ได้: {' '.join(missing[:10])}" if missing else ""


def _clean_value(value: Any, *, keep_lines: bool) -> Any:
    """The value with its texts clean; numbers, dates and classes as they are."""
    if type(value) is str:
        return clean(value).strip("\n") if keep_lines else one_line(value)
    if isinstance(value, PageReference):
        return replace(value, number=one_line(value.number), sender=one_line(value.sender))
    if isinstance(value, PageEnclosure):
        return replace(value, name=one_line(value.name), amount=one_line(value.amount))
    if isinstance(value, PageCosigner):
        return replace(value, name=one_line(value.name), titles=[one_line(title) for title in value.titles])
    if isinstance(value, list | tuple):
        return tuple(_clean_value(item, keep_lines=False) for item in value)
    return value


def _texts(value: Any) -> list[str]:
    """The texts inside a cleaned value."""
    if type(value) is str:
        return [value]
    if isinstance(value, PageReference):
        return [value.number, value.sender]
    if isinstance(value, PageEnclosure):
        return [value.name, value.amount]
    if isinstance(value, PageCosigner):
        return [value.name, *value.titles]
    if isinstance(value, tuple):
        return [text for item in value for text in _texts(item)]
    return []
