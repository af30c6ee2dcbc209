"""What else a search means that names an agency by the letters of its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from saraban.domain.abbreviations import LONGEST, marks_of
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyOptions
from saraban.reading.asking import Term
from saraban.storage.search import normal_form
from saraban.storage.tables.people import agencies

_AFTER_A_MARK = "0123456789("
"""What follows the letters in a number that is written in one piece."""


def with_agencies(reader: Connection, actor: Actor, terms: Sequence[Term]) -> list[Term]:
    """The terms; one that is a mark of an agency also means what is numbered under it, and the agency's names."""
    if all(term.number or term.day or len(term.said) > LONGEST for term in terms):
        return list(terms)
    kept = reader.execute(select(agencies.c.options).where(agencies.c.id == actor.agency_id)).scalar()
    table = marks_of(AgencyOptions(**(kept or {})).number_marks)
    return [_meaning(term, table.get(term.said, ())) for term in terms]


def _meaning(term: Term, names: Sequence[str]) -> Term:
    if term.number or term.day or not names:
        return term
    numbered = (f" {term.said}{sign}" for sign in _AFTER_A_MARK)
    return replace(term, also=(*numbered, *map(normal_form, names)))
