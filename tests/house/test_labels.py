"""Words: everything that can happen, be found, or be a state has its Thai, so that no screen shows a bare code."""

from __future__ import annotations

import pkgutil
import re
from enum import Enum
from importlib import import_module

import pytest

from saraban import domain
from saraban.domain.dispatch import DispatchState, EvidenceKind
from saraban.domain.events import all_events
from saraban.domain.incoming import IncomingState
from saraban.domain.letter import LetterState
from saraban.domain.receipt import ReasonCode, Step
from saraban.exchange.event_words import EVENTS, event_word
from saraban.exchange.screening import POLICY
from saraban.web.filters import EVIDENCE, STATES, STEPS
from saraban.web.labels import CHECKS, check_label, reason_label

for module in pkgutil.iter_modules(domain.__path__, "saraban.domain."):
    import_module(module.name)  # an event is known when its module is
_THAI = re.compile(r"[\u0e00-\u0e7f]")


def test_every_event_has_a_thai_label() -> None:
    assert sorted(event.name for event in all_events() if event.name not in EVENTS) == []


def test_no_label_is_kept_for_an_event_that_no_longer_exists() -> None:
    assert sorted(set(EVENTS) - {event.name for event in all_events()}) == []


@pytest.mark.parametrize(
    ("kind", "states"), [("letter", LetterState), ("incoming", IncomingState), ("dispatch", DispatchState)]
)
def test_every_state_has_a_thai_word(kind: str, states: type[Enum]) -> None:
    assert sorted(state.value for state in states if state.value not in STATES[kind]) == []


def test_every_step_of_a_receipt_and_every_rung_has_a_thai_word() -> None:
    steps = {step.value for step in Step} | {"queued", "sent", "relayed"}

    assert sorted(steps - set(STEPS)) == []


def test_every_kind_of_evidence_has_a_word_and_a_weight() -> None:
    assert sorted(kind.value for kind in EvidenceKind if kind.value not in EVIDENCE) == []


def test_every_check_of_the_screening_has_a_short_name() -> None:
    assert sorted(check.__name__ for check, _ in POLICY if check.__name__ not in CHECKS) == []


def test_every_word_is_thai() -> None:
    words = [*EVENTS.values(), *CHECKS.values(), *STEPS.values(), *(code.thai for code in ReasonCode)]
    words += [state.thai for states in STATES.values() for state in states.values()]
    words += [kind.thai for kind in EVIDENCE.values()]

    assert [word for word in words if not _THAI.search(word)] == []


def test_a_code_without_a_word_is_shown_as_it_is() -> None:
    assert event_word("something.new") == "something.new"
    assert check_label("new_check") == "new_check"
    assert reason_label("from-a-newer-version") == "from-a-newer-version"
    assert reason_label("") == ""
