"""A document looked up at its issuer over real mail: what is lost is asked again, what is damaged on the way is not
believed, and what comes twice is answered with the same bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from saraban.domain.calendar import office_date
from saraban.domain.incoming import IncomingState
from saraban.domain.issued_kind import LookupPolicy
from saraban.domain.lookup import Lookup, Outcome, Want
from saraban.storage.tables.lookups import document_lookups
from saraban.usecases.answering_lookups import answer_lookup
from saraban.usecases.asking_issuers import ask_issuer, open_looked_up
from tests.journeys.world import A, B, World
from tests.lookups import PDF, a_kind, a_licence


def lookups(raw: bytes) -> bool:
    """Questions and answers."""
    return b"\r\nSaraban-Envelope: 1; kind=lookup" in raw[:8_000]


@pytest.fixture(autouse=True)
def all_take_part(world: World) -> None:
    """The directory says of everybody that they look documents up."""
    able = {"saraban": 1, "max_bytes": 26_214_400, "lookup": 1}
    world.know(*(replace(one, capabilities=dict(able)) for one in world.correspondents))


def licensed(world: World, policy: LookupPolicy = LookupPolicy.FILE) -> None:
    """Agency b has issued a licence."""
    kind = a_kind(world.services, world.b.id, policy)
    with world.services.uow() as uow:
        unit = uow.agencies.central_unit(world.b.id)
    a_licence(world.services, kind, unit.id)


def ask(world: World, **more: Any) -> Lookup:
    """The lawyer of agency a asks b."""
    values: dict[str, Any] = {
        "actor": world.actor(world.a, "lawyer"), "other_code": "b", "document_kind": "license", "number": "ทส 1009/45",
        "want": Want.FILE, "purpose": "ประกอบคำขอ", "legal_basis": "มาตรา 7",
    }  # fmt: skip
    return ask_issuer(world.services, **values | more)


def now_stands(world: World, one: Lookup) -> Lookup:
    """The question as it stands now."""
    with world.services.uow() as uow:
        return uow.document_lookups.get(world.a.id, one.id)


def test_from_question_to_document_over_the_hub(world: World) -> None:
    licensed(world)
    one = ask(world)
    world.settle()

    found = now_stands(world, one)
    assert found.outcome is Outcome.FOUND
    _, data = open_looked_up(
        world.services, actor=world.actor(world.a, "lawyer"), lookup_id=one.id, name="document-1.pdf"
    )
    assert data == PDF
    assert world.events(one.id) == ["lookup.asked", "lookup.answered", "lookup.opened"]
    [theirs] = world.rows(document_lookups, world.b)
    assert world.events(theirs.id) == ["lookup.received", "lookup.answered"]
    assert world.incoming(world.a) == world.incoming(world.b) == []
    assert world.outcomes(world.a) == world.outcomes(world.b) == ["looked-up"]


def test_a_lost_question_and_a_lost_answer_are_healed_by_the_same_bytes(world: World) -> None:
    licensed(world)
    one = ask(world)
    world.send_out()
    [first] = world.post.take_out(B, lookups)
    world.later(hours=25)
    assert now_stands(world, one).outcome is Outcome.FOUND

    two = ask(world)
    world.send_out()
    world.collect(world.b)
    world.send_out()
    [answer] = world.post.take_out(A, lookups)
    world.later(hours=25)
    assert now_stands(world, two).outcome is Outcome.FOUND
    world.post.put(A, answer)
    world.post.put(B, first)
    world.collect()
    world.send_out()
    assert len(world.rows(document_lookups, world.b)) == 2, "a question that comes twice is one"
    [again] = world.post.take_out(A, lookups)
    assert again != answer and b"of=" + str(one.request_id).encode() in again[:8_000]
    assert [event for event in world.events(two.id) if event == "lookup.answered"] == ["lookup.answered"]


@pytest.mark.only_database("sqlite")
def test_a_byte_changed_on_the_way_makes_a_card_and_no_answer(world: World) -> None:
    licensed(world)
    one = ask(world)
    world.send_out()
    world.collect(world.b)
    world.send_out()
    [answer] = world.post.take_out(A, lookups)
    place = answer.index(b"JVBER")  # the first bytes of the file
    world.post.put(A, answer[:place] + b"JVBES" + answer[place + 5 :])
    world.settle()

    assert now_stands(world, one).outcome is None
    [card] = world.incoming(world.a, IncomingState.HELD)
    assert "ไฟล์ที่มากับคำตอบไม่ตรง" in str(card.findings[0]["thai"])
    world.later(hours=25)
    assert now_stands(world, one).outcome is Outcome.FOUND, "asked once more, the true answer comes"


@pytest.mark.only_database("sqlite")
def test_a_clerk_there_answers_later_and_the_asker_waits_for_the_last_word(world: World) -> None:
    licensed(world, LookupPolicy.ASK)
    one = ask(world)
    world.settle()
    assert now_stands(world, one).outcome is Outcome.WAITING
    world.later(days=2)
    [theirs] = world.rows(document_lookups, world.b)
    answer_lookup(world.services, actor=world.actor(world.b, "clerk"), lookup_id=theirs.id, with_file=True, keep_days=7)
    world.settle()

    found = now_stands(world, one)
    assert (found.outcome, len(found.files)) == (Outcome.FOUND, 1)
    assert found.keep_until is not None and (found.keep_until - office_date(world.clock.now())).days == 7
    world.later(days=9)
    assert now_stands(world, one).files == [], "what may be kept no longer is gone"
