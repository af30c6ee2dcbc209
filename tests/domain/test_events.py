"""Events: every one has a stable name, a journal form, and can be found again by its subject."""

from __future__ import annotations

import dataclasses
import json
from typing import Any
from uuid import uuid4

import pytest

from saraban.domain import book_events, dispatch_events, number_events
from saraban.domain.attachment import Digest
from saraban.domain.events import DomainEvent, all_events, subject_in
from tests.builders import NOW, TODAY, an_actor

_VALUES: dict[str, Any] = {
    "UUID": uuid4(),
    "UUID | None": uuid4(),
    "str": "ข้อความ",
    "int": 7,
    "int | None": 7,
    "bool": True,
    "date": TODAY,
    "date | None": TODAY,
    "datetime": NOW,
    "datetime | None": NOW,
    "Digest": Digest.of(b"x"),
    "tuple[str, ...]": ("ก", "ข"),
    "tuple[int, ...]": (1, 2),
}


def _made(kind: type[DomainEvent]) -> DomainEvent:
    values = {f.name: _VALUES[str(f.type)] for f in dataclasses.fields(kind) if f.name not in ("at", "by")}
    return kind(at=NOW, by=an_actor(), **values)


@pytest.mark.parametrize("kind", all_events(), ids=lambda kind: kind.__name__)
def test_an_event_has_a_journal_form_and_a_subject_that_is_found_in_it(kind: type[DomainEvent]) -> None:
    event = _made(kind)
    told = json.loads(json.dumps(event.values()))

    assert told == event.values()
    assert {"at", "by"}.isdisjoint(told)
    assert subject_in(told) == event.subject


@pytest.mark.parametrize("kind", all_events(), ids=lambda kind: kind.__name__)
def test_an_event_is_frozen_and_says_what_it_is(kind: type[DomainEvent]) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        _made(kind).at = NOW  # type: ignore[misc]
    assert kind.__doc__ and kind.__doc__.endswith(".")


def test_the_events_of_every_file_are_known() -> None:
    known = all_events()

    assert dispatch_events.DispatchSent in known and number_events.NumberVoided in known
    assert book_events.BookOpened in known
    assert number_events.NumberEvent not in known, "it is a family and nothing that happens"


def test_names_are_unique_and_told_as_thing_and_fact() -> None:
    names = [kind.name for kind in all_events()]

    assert len(names) > 20 and len(set(names)) == len(names)
    assert all(name.count(".") == 1 and name == name.lower() for name in names)
