"""The life of a letter that came in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from saraban.domain.errors import StageNotAllowed
from saraban.domain.incoming import IncomingLetter, IncomingState
from saraban.domain.receipt import Reason, ReasonCode
from tests.builders import NOW, an_actor, an_incoming_letter

CLERK = an_actor()
S = IncomingState
DEEDS: dict[str, Callable[[IncomingLetter], object]] = {
    "register": lambda letter: letter.register(number=1, year=2569, by=CLERK, at=NOW),
    "refuse": lambda letter: letter.refuse(reason=Reason(ReasonCode.NOT_ADDRESSEE), by=CLERK, at=NOW),
    "release": lambda letter: letter.release(reason="ตรวจแล้ว", by=CLERK, at=NOW),
}
ALLOWED = {
    (S.NEW, "register"): S.REGISTERED,
    (S.NEW, "refuse"): S.REFUSED,
    (S.HELD, "refuse"): S.REFUSED,
    (S.HELD, "release"): S.NEW,
}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("state", IncomingState)
def test_a_state_allows_its_deeds_and_no_others(state: IncomingState, deed: str) -> None:
    letter = an_incoming_letter(state=state)
    if (state, deed) in ALLOWED:
        DEEDS[deed](letter)
        assert letter.state is ALLOWED[state, deed]
        return
    with pytest.raises(StageNotAllowed) as refused:
        DEEDS[deed](letter)
    assert refused.value.thai and letter.state is state


def _answer(question: IncomingLetter) -> object:
    return question.answer(number=7, year=2569, by=CLERK, at=NOW)


@pytest.mark.parametrize("state", IncomingState)
def test_a_question_about_a_number_is_answered_once_and_only_while_it_waits(state: IncomingState) -> None:
    question = an_incoming_letter(state=state, about=an_incoming_letter().id)
    if state is S.HELD:
        _answer(question)
        assert question.state is S.ANSWERED
        return
    with pytest.raises(StageNotAllowed):
        _answer(question)
    assert question.state is state


def test_a_letter_is_no_question_and_a_question_no_letter() -> None:
    with pytest.raises(StageNotAllowed, match="ไม่ได้ถามถึงเลขทะเบียนรับ"):
        _answer(an_incoming_letter(state=S.HELD))
    question = an_incoming_letter(state=S.HELD, about=an_incoming_letter().id)
    with pytest.raises(StageNotAllowed, match="ไม่ใช่หนังสือ"):
        DEEDS["release"](question)
    DEEDS["refuse"](question)
    assert question.state is S.REFUSED


def test_a_letter_says_the_number_that_its_sender_is_told() -> None:
    letter = an_incoming_letter(state=S.REGISTERED, register_number=77, register_year=2569)
    told = letter.number_told(number=1, year=2570, by=CLERK, at=NOW)

    assert (letter.register_number, letter.register_year, letter.state) == (1, 2570, S.REGISTERED)
    assert (told.incoming_id, told.number, told.year) == (letter.id, 1, 2570)


def test_a_registered_letter_knows_number_year_and_who_entered_it() -> None:
    letter = an_incoming_letter()
    DEEDS["register"](letter)

    assert (letter.register_number, letter.register_year) == (1, 2569)
    assert (letter.registered_at, letter.registered_by) == (NOW, CLERK.name)


def test_the_same_dispatch_with_another_manifest_is_another_letter() -> None:
    first = an_incoming_letter()
    other = an_incoming_letter(dispatch_id=first.dispatch_id, manifest_sha256="0" * 64)

    assert first.accept_key() != other.accept_key()


def test_ordinary_mail_is_not_answered_by_wire() -> None:
    assert an_incoming_letter().answers_by_wire
    assert not an_incoming_letter(dispatch_id=None).answers_by_wire
    assert not an_incoming_letter(manifest_sha256="").answers_by_wire
