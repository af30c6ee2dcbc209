"""The details that only some forms of documents have, as they are typed: days and times as officers write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from saraban.domain.forms import Detail, DetailKind, FormRule
from saraban.domain.numbering import arabic_digits
from saraban.doorway.dates import NotADate, read_date, write_date
from saraban.web.filters import thai_digits

_TIME = re.compile(r"([0-9]{1,2})\s*[.:]\s*([0-9]{2})(?:\s*น\.?)?")


def typed_details(rule: FormRule, sent: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by key, as it was typed."""
    return {detail.key: sent.get(detail.field, "") for detail in rule.details}


def read_details(rule: FormRule, typed: Mapping[str, str], today: date, wrong: dict[str, str]) -> dict[str, str]:
    """What was typed, as it is kept; empty details are left out. A day that cannot be read is told in `wrong`."""
    kept = {}
    for detail in rule.details:
        try:
            text = _read(detail, typed.get(detail.key, ""), today)
        except NotADate as error:
            wrong[detail.field] = str(error)
            continue
        if text:
            kept[detail.key] = text
    return kept


def written_details(rule: FormRule, kept: Mapping[str, str]) -> dict[str, str]:
    """What is kept, as it stands in the fields."""
    return {detail.key: _written(detail, kept.get(detail.key, "")) for detail in rule.details}


def shown_details(rule: FormRule, kept: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is kept, as rows of caption and words, for a page that shows it."""
    return [(detail.thai, _written(detail, kept[detail.key])) for detail in rule.details if kept.get(detail.key)]


def _read(detail: Detail, text: str, today: date) -> str:
    text = text.replace("\r\n", "\n").strip()
    if detail.kind is DetailKind.LINES:
        return "\n".join(line.strip() for line in text.split("\n") if line.strip())
    if detail.kind is DetailKind.DAY:
        day = read_date(text, today)
        return day.isoformat() if day is not None else ""
    if detail.kind is DetailKind.TIME and (found := _TIME.fullmatch(arabic_digits(text).replace("\u00a0", " "))):
        return f"{int(found[1]):02}.{found[2]}"
    return text


def _written(detail: Detail, text: str) -> str:
    if detail.kind is DetailKind.DAY:
        return write_date(date.fromisoformat(text)) if text else ""
    return thai_digits(text) if detail.kind is DetailKind.TIME else text
