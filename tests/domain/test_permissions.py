"""Who may do what: one table, read line by line."""

from __future__ import annotations

import pytest

from saraban.domain import permissions as p
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId
from saraban.domain.classification import Secrecy
from saraban.domain.errors import NotFound, NotPermitted, RuleBroken
from saraban.domain.letter import LetterState
from tests.builders import CONTENT, a_letter, a_route, a_staffed_agency, an_incoming_letter

OURS = a_staffed_agency()
THEIRS = a_staffed_agency("dopa")
EVERYBODY = ("central_clerk", "clerk", "director", "head", "records", "admin")


def _letter(secrecy: Secrecy = Secrecy.OPEN, *, on_route: bool = False):  # type: ignore[no-untyped-def]
    content = CONTENT.__class__(**{**CONTENT.__dict__, "secrecy": secrecy})
    letter = a_letter(OURS["clerk"], content=content)
    if on_route:
        letter.route, letter.state = a_route(OURS["director"], OURS["head"]), LetterState.SUBMITTED
    return letter


READERS = {
    (Secrecy.OPEN, False): {"central_clerk", "clerk", "director"},
    (Secrecy.OPEN, True): {"central_clerk", "clerk", "director", "head"},
    (Secrecy.CONFIDENTIAL, False): {"central_clerk", "clerk"},
    (Secrecy.SECRET, True): {"central_clerk", "clerk", "director", "head"},
}


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize(("secrecy", "on_route"), READERS)
def test_who_reads_a_letter_of_the_legal_unit(secrecy: Secrecy, on_route: bool, name: str) -> None:
    refusal = p.may_read_letter(OURS[name], _letter(secrecy, on_route=on_route))

    assert (refusal is None) is (name in READERS[secrecy, on_route])
    assert refusal is None or refusal.hidden


@pytest.mark.parametrize("name", EVERYBODY)
def test_nobody_of_another_agency_reads_or_does_anything(name: str) -> None:
    stranger, letter, came = THEIRS[name], _letter(on_route=True), an_incoming_letter(OURS.agency, OURS.central.id)
    asked = [f(stranger, letter) for f in (p.may_read_letter, p.may_revise, p.may_endorse, p.may_return, p.may_sign)]
    asked += [p.may_dispatch(stranger, letter), p.may_see_tracking(stranger, letter)]
    asked += [p.may_read_incoming(stranger, came), p.may_work_incoming(stranger, came)]

    assert all(refusal is not None and refusal.hidden for refusal in asked)


DOERS = {
    "draft": (lambda a: p.may_draft(a), {"central_clerk", "clerk"}),
    "draft for legal": (lambda a: p.may_draft_for(a, OURS.legal.id), {"central_clerk", "clerk"}),
    "draft for central": (lambda a: p.may_draft_for(a, OURS.central.id), {"central_clerk"}),
    "revise": (lambda a: p.may_revise(a, _letter()), {"clerk"}),
    "endorse": (lambda a: p.may_endorse(a, _letter(on_route=True)), {"director"}),
    "return": (lambda a: p.may_return(a, _letter(on_route=True)), {"director"}),
    "sign": (lambda a: p.may_sign(a, _letter(on_route=True)), set()),
    "dispatch": (lambda a: p.may_dispatch(a, _letter(on_route=True)), {"central_clerk", "clerk"}),
    "work incoming": (
        lambda a: p.may_work_incoming(a, an_incoming_letter(OURS.agency, OURS.central.id)),
        {"central_clerk"},
    ),
    "registers": (lambda a: p.may_read_registers(a), set(EVERYBODY)),
    "administer": (lambda a: p.may_administer(a), {"admin"}),
}


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("deed", DOERS)
def test_who_does_what(deed: str, name: str) -> None:
    ask, doers = DOERS[deed]
    refusal = ask(OURS[name])

    assert (refusal is None) is (name in doers)
    assert refusal is None or refusal.hidden or refusal.thai


def test_a_refusal_says_whose_turn_it_is() -> None:
    refusal = p.may_sign(OURS["head"], _letter(on_route=True))

    assert refusal is not None and OURS["director"].title in refusal.thai


def test_the_gateway_and_a_person_without_a_post_read_nothing() -> None:
    for nobody in (Actor.gateway(OURS.agency.id), Actor(AgencyId(OURS.agency.id), "ไม่มีตำแหน่ง")):
        assert p.may_read_letter(nobody, _letter(on_route=True)) is not None
        assert p.may_read_registers(nobody) is not None


def test_what_is_hidden_is_not_found_and_what_is_refused_says_why() -> None:
    p.require(None)
    with pytest.raises(NotFound):
        p.require(p.Refusal("", hidden=True))
    with pytest.raises(NotPermitted, match="เหตุผล"):
        p.require(p.Refusal("เหตุผล"))


@pytest.mark.parametrize("secrecy", [Secrecy.CONFIDENTIAL, Secrecy.SECRET])
def test_a_classified_letter_may_not_be_dispatched_and_the_words_say_how_it_goes(secrecy: Secrecy) -> None:
    with pytest.raises(RuleBroken, match="ส่งด้วยมือ"):
        p.forbid_classified_dispatch(_letter(secrecy))
    p.forbid_classified_dispatch(_letter())
