"""What the caller may do with a letter now: true, or the Thai reason. The rights are those of `domain.permissions`;
the state of the letter is asked here only so that a program need not try."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from saraban.domain.actor import Actor
from saraban.domain.errors import RuleBroken
from saraban.domain.incoming import IncomingLetter
from saraban.domain.letter import Letter, LetterState
from saraban.domain.permissions import (
    Refusal,
    forbid_dispatch,
    may_acknowledge,
    may_change_course,
    may_dispatch,
    may_endorse,
    may_object,
    may_return,
    may_revise,
    may_sign,
    may_tell_number,
    may_work_incoming,
)
from saraban.domain.salutations import Salutation

Allowed = bool | str
_OPEN = (LetterState.DRAFT, LetterState.RETURNED)
_ON_ROUTE = (LetterState.SUBMITTED, LetterState.ENDORSED)
_PLANNED = (*_OPEN, *_ON_ROUTE)
_NOT_OPEN = "แก้ไขได้เฉพาะร่างหนังสือหรือหนังสือที่ถูกส่งคืน"
_NOT_ON_ROUTE = "หนังสือนี้ไม่ได้อยู่ระหว่างเสนอ"


def deeds_on_letter(actor: Actor, letter: Letter, table: Sequence[Salutation]) -> dict[str, Allowed]:
    """For each deed on an outgoing letter true, or why not. `table`: the agency's salutations."""
    open_now = "" if letter.state in _OPEN else _NOT_OPEN
    on_route = "" if letter.state in _ON_ROUTE else _NOT_ON_ROUTE
    given_up = "" if letter.state in _PLANNED else _NOT_OPEN
    lacking = " ".join(letter.content.missing(table).values())
    return {
        "revise": _answer(may_revise(actor, letter), open_now),
        "submit": _answer(may_revise(actor, letter), open_now, lacking),
        "endorse": _answer(may_endorse(actor, letter), on_route),
        "return": _answer(may_return(actor, letter), "" if letter.state is LetterState.PART_SIGNED else on_route),
        "sign": _answer(may_sign(actor, letter), "" if letter.current_step() else _NOT_ON_ROUTE),
        "object": _answer(may_object(actor, letter), on_route),
        "acknowledge": _answer(may_acknowledge(actor, letter)),
        "change_course": _answer(may_change_course(actor, letter), "" if letter.state in _PLANNED else _NOT_ON_ROUTE),
        "dispatch": _answer(may_dispatch(actor, letter), _not_to_be_sent(letter)),
        "recall": _answer(
            may_revise(actor, letter),
            "" if letter.state in (*_ON_ROUTE, LetterState.PART_SIGNED) else "ดึงกลับได้เฉพาะหนังสือที่อยู่ระหว่างเสนอ",
        ),
        "withdraw": _answer(may_revise(actor, letter), given_up),
    }


def deeds_on_incoming(actor: Actor, letter: IncomingLetter) -> dict[str, Allowed]:
    """For each deed on an incoming letter true, or why not."""
    refusal = may_work_incoming(actor, letter)
    return {
        "register": _answer(refusal, _why_not(letter.may_be_registered)),
        "refuse": _answer(refusal, _why_not(letter.may_be_refused)),
        "release": _answer(refusal, _why_not(letter.may_be_released)),
        "make_letter": _answer(refusal, _why_not(letter.may_be_made_of_mail)),
        "tell_number": _answer(may_tell_number(actor, letter), _why_not(letter.may_be_answered)),
        "forward": _answer(refusal, _why_not(letter.may_be_forwarded)),
        "answer_recall": _answer(refusal, _why_not(letter.may_answer_recall)),
        "complete": _answer(refusal, _why_not(letter.may_be_completed)),
    }


def _answer(refusal: Refusal | None, *reasons: str) -> Allowed:
    if refusal is not None:
        return refusal.thai or "ท่านไม่มีสิทธิ"
    return next((reason for reason in reasons if reason), True)


def _not_to_be_sent(letter: Letter) -> str:
    if letter.state is not LetterState.ISSUED:
        return "ส่งออกได้เฉพาะหนังสือที่ลงนามและออกเลขแล้วและยังไม่ได้ส่ง"
    return _why_not(partial(forbid_dispatch, letter))


def _why_not(rule: Callable[[], None]) -> str:
    try:
        rule()
    except RuleBroken as error:
        return error.thai
    return ""
