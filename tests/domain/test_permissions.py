"""Who may do what: one table, read line by line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from saraban.domain import permissions as p
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, UnitId
from saraban.domain.classification import Secrecy
from saraban.domain.errors import NotFound, NotPermitted, RuleBroken
from saraban.domain.issued_kind import IssuedKind, IssuedKindId
from saraban.domain.letter import LetterState
from saraban.domain.register import BookId, BookKind, RegisterEntry
from tests.builders import CONTENT, NOW, a_letter, a_route, a_staffed_agency, an_entry, an_incoming_letter

OURS = a_staffed_agency()
THEIRS = a_staffed_agency("dopa")
EVERYBODY = ("central_clerk", "clerk", "director", "head", "records", "admin")


def _letter(secrecy: Secrecy = Secrecy.OPEN, *, on_route: bool = False):  # type: ignore[no-untyped-def]
    content = CONTENT.__class__(**{**CONTENT.__dict__, "secrecy": secrecy})
    letter = a_letter(OURS["clerk"], content=content)
    if on_route:
        letter.route, letter.state = a_route(OURS["director"], OURS["head"]), LetterState.SUBMITTED
    return letter


def _line(secrecy: Secrecy = Secrecy.OPEN) -> RegisterEntry:
    return an_entry(OURS.agency.id, BookId(uuid4()), 1, secrecy=secrecy)


def _kind(**more: Any) -> IssuedKind:
    values: dict[str, Any] = {"made_at": NOW, "changed_at": NOW, "changed_by": "", "text": "x", **more}
    return IssuedKind(id=IssuedKindId(uuid4()), agency_id=OURS.agency.id, code="x", name_th="x", **values)


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
    asked += [p.may_tell_number(stranger, came)]

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
    "replace": (lambda a: p.may_replace(a, _letter(on_route=True)), {"central_clerk", "clerk"}),
    "work incoming": (
        lambda a: p.may_work_incoming(a, an_incoming_letter(OURS.agency, OURS.central.id)),
        {"central_clerk"},
    ),
    "tell a number again": (
        lambda a: p.may_tell_number(a, an_incoming_letter(OURS.agency, OURS.central.id)),
        {"central_clerk"},
    ),
    "registers": (lambda a: p.may_read_registers(a), set(EVERYBODY)),
    "administer": (lambda a: p.may_administer(a), {"admin"}),
    "enter centrally": (lambda a: p.may_enter(a, BookKind.RECEIVING, None, Secrecy.OPEN), {"central_clerk"}),
    "enter into legal's own": (
        lambda a: p.may_enter(a, BookKind.SENDING, OURS.legal.id, Secrecy.OPEN),
        {"central_clerk", "clerk"},
    ),
    "enter what is classified": (
        lambda a: p.may_enter(a, BookKind.SENDING, OURS.legal.id, Secrecy.CONFIDENTIAL),
        {"central_clerk"},
    ),
    "enter into the secret register": (
        lambda a: p.may_enter(a, BookKind.SECRET_RECEIVING, None, Secrecy.SECRET),
        {"central_clerk"},
    ),
    "reserve in the secret register": (
        lambda a: p.may_enter(a, BookKind.SECRET_SENDING, OURS.legal.id, Secrecy.OPEN),
        {"central_clerk"},
    ),
    "amend centrally": (lambda a: p.may_amend(a, _line(), None), {"central_clerk", "records"}),
    "amend legal's own": (lambda a: p.may_amend(a, _line(), OURS.legal.id), {"central_clerk", "clerk", "records"}),
    "amend what is classified": (lambda a: p.may_amend(a, _line(Secrecy.SECRET), None), {"central_clerk"}),
    "close a year": (lambda a: p.may_close_year(a), {"records", "admin"}),
    "reconcile": (lambda a: p.may_reconcile(a), {"central_clerk", "records"}),
    "ask an issuer": (lambda a: p.may_look_up(a), set(EVERYBODY) - {"admin"}),
    "see legal's questions": (
        lambda a: p.may_see_lookup(a, OURS.legal.id),
        {name for name in EVERYBODY if OURS[name].unit_id == OURS.legal.id} | {"records"},
    ),
    "answer others' questions": (lambda a: p.may_answer_lookups(a, None), {"central_clerk", "records"}),
    "answer those of a kind that names nobody": (
        lambda a: p.may_answer_lookups(a, _kind()),
        {"central_clerk", "records"},
    ),
    "answer those of legal's kind": (
        lambda a: p.may_answer_lookups(a, _kind(answer_units=(OURS.legal.id,))),
        {name for name in EVERYBODY if OURS[name].unit_id == OURS.legal.id} - {"admin"},
    ),
    "answer those of the head's kind": (
        lambda a: p.may_answer_lookups(a, _kind(answer_posts=(OURS["head"].position_id,))),
        {"head"},
    ),
    "see those of the head's kind": (
        lambda a: p.may_see_question(a, _kind(answer_posts=(OURS["head"].position_id,))),
        {"head", "central_clerk", "records"},
    ),
    "see the checks": (lambda a: p.may_audit(a), set(EVERYBODY)),
}


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("deed", DOERS)
def test_who_does_what(deed: str, name: str) -> None:
    ask, doers = DOERS[deed]
    refusal = ask(OURS[name])

    assert (refusal is None) is (name in doers)
    assert refusal is None or refusal.hidden or refusal.thai


@pytest.mark.parametrize("name", EVERYBODY)
def test_nobody_of_another_agency_touches_a_line_or_learns_that_it_is_there(name: str) -> None:
    for keeper in (None, OURS.legal.id):
        refusal = p.may_amend(THEIRS[name], _line(), keeper)
        assert refusal is not None and refusal.hidden


def test_a_clerk_of_another_unit_keeps_no_book_of_legal() -> None:
    elsewhere = replace(OURS["clerk"], unit_id=UnitId(uuid4()))

    assert p.may_enter(elsewhere, BookKind.SENDING, OURS.legal.id, Secrecy.OPEN) is not None
    assert p.may_amend(elsewhere, _line(), OURS.legal.id) is not None


def test_a_cleared_clerk_of_a_unit_enters_what_is_classified_into_its_own_book_only() -> None:
    cleared = replace(OURS["clerk"], clearance=True)

    assert p.may_enter(cleared, BookKind.SENDING, OURS.legal.id, Secrecy.SECRET) is None
    assert p.may_enter(cleared, BookKind.SENDING, None, Secrecy.SECRET) is not None


def test_who_may_not_tell_a_number_hears_who_may() -> None:
    of_legal = an_incoming_letter(OURS.agency, OURS.legal.id)
    refusal = p.may_tell_number(OURS["director"], of_legal)

    assert p.may_tell_number(OURS["clerk"], of_legal) is None
    assert refusal is not None and refusal.thai.startswith("แจ้งเลขทะเบียนอีกครั้งได้เฉพาะเจ้าหน้าที่สารบรรณกลาง")


def test_who_may_not_enter_hears_who_may() -> None:
    by_post = p.may_enter(OURS["head"], BookKind.RECEIVING, None, Secrecy.OPEN)
    by_clearance = p.may_enter(OURS["clerk"], BookKind.SENDING, OURS.legal.id, Secrecy.SECRET)

    assert by_post is not None and "เจ้าหน้าที่สารบรรณกลาง" in by_post.thai
    assert by_clearance is not None and "นายทะเบียนข้อมูลข่าวสารลับ" in by_clearance.thai


def test_a_refusal_says_whose_turn_it_is() -> None:
    refusal = p.may_sign(OURS["head"], _letter(on_route=True))

    assert refusal is not None and OURS["director"].title in refusal.thai


def test_the_gateway_and_a_person_without_a_post_read_nothing() -> None:
    for nobody in (Actor.gateway(OURS.agency.id), Actor(AgencyId(OURS.agency.id), "ไม่มีตำแหน่ง")):
        assert p.may_read_letter(nobody, _letter(on_route=True)) is not None
        assert p.may_read_registers(nobody) is not None
        assert p.may_audit(nobody) is not None and p.may_reconcile(nobody) is not None
        assert p.may_look_up(nobody) is not None and p.may_see_lookup(nobody, None) is not None
        assert p.may_enter(nobody, BookKind.RECEIVING, None, Secrecy.OPEN) is not None
        assert p.may_amend(nobody, _line(), None) is not None and p.may_close_year(nobody) is not None


def test_what_is_hidden_is_not_found_and_what_is_refused_says_why() -> None:
    p.require(None)
    with pytest.raises(NotFound):
        p.require(p.Refusal("", hidden=True))
    with pytest.raises(NotPermitted, match="เหตุผล"):
        p.require(p.Refusal("เหตุผล"))


@pytest.mark.parametrize("secrecy", [Secrecy.CONFIDENTIAL, Secrecy.SECRET])
def test_a_classified_letter_may_not_be_dispatched_and_the_words_say_how_it_goes(secrecy: Secrecy) -> None:
    with pytest.raises(RuleBroken, match="ส่งด้วยมือ"):
        p.forbid_dispatch(_letter(secrecy))
    p.forbid_dispatch(_letter())
