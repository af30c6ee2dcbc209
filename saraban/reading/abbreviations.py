"""What else a search means that names an agency, by the letters of its numbers or by what it is called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from saraban.domain.abbreviations import called, marks_of
from saraban.domain.agency import AgencyOptions
from saraban.reading.asking import Term
from saraban.storage.documents import numbered_under
from saraban.storage.search import normal_form

_SHORT_NAME = re.compile(r"[ก-ฮ]{3,6}")
"""A short name without its dots, as people type it: กพร for ก.พ.ร."""


@dataclass(frozen=True)
class _Meanings:
    """What is known of agencies: their names by their mark, and their marks by what they are called."""

    names: Mapping[str, tuple[str, ...]]
    marks: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=64)
def _meanings(text: str) -> _Meanings:
    table = marks_of(text)
    names = {mark: tuple(map(normal_form, said)) for mark, said in table.items()}
    return _Meanings(names, {normal_form(name): marks for name, marks in called(table).items()})


def with_agencies(options: AgencyOptions, terms: Sequence[Term]) -> list[Term]:
    """The terms; one that is a mark of an agency also means what is numbered under it and the agency's names, one that
    is what an agency is called also what is numbered under its mark. `options` are those of the agency that asks."""
    known = _meanings(options.number_marks)
    return [term if term.number or term.day else _meaning(term, known) for term in terms]


def _meaning(term: Term, known: _Meanings) -> Term:
    names = known.names.get(term.said, ())
    marks = ([term.said] if names else []) + list(known.marks.get(term.said, ()))
    also = [f" {numbered_under(*mark.split(' '))}" for mark in marks] + list(names)
    also += [".".join(term.said)] if _SHORT_NAME.fullmatch(term.said) else []
    return replace(term, also=tuple(dict.fromkeys(also))) if also else term
