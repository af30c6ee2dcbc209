"""What is asked back, sent on, replaced and completed, between us and another vendor's software: openssl verifies every
statement of ours, and we understand what the stranger makes of docs/wire.md."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest

from saraban.domain.dispatch import DispatchState
from saraban.domain.incoming import IncomingLetter, IncomingState
from saraban.usecases.forwarding import forward_letter
from saraban.usecases.recalling import answer_recall, ask_back
from saraban.usecases.registering import complete_letter, register_letter
from tests.journeys.world import A, B, World
from tests.stranger.conversation import ELSEWHERE, post, us
from tests.stranger.reading import Read, read
from tests.stranger.seals import signers_mailbox, verifies_detached
from tests.stranger.stranger import Letter, Stranger
from tests.stranger.writing import moment

pytestmark = pytest.mark.only_database("sqlite")


def request(stranger: Stranger, world: World, letter: Letter, sent: bytes, **more: object) -> bytes:
    """The stranger wants its letter back."""
    to = {"code": us(world)["code"], "mailbox": A}
    return stranger.receipt(read(sent), "recall-requested", to=to, **more)


def at_ours(world: World, letter: Letter) -> IncomingLetter:
    """The stranger's letter, as it stands with us."""
    return next(one for one in world.incoming(world.a) if str(one.dispatch_id) == letter.id)


def only(answers: list[Read], stranger: Stranger, step: str, sender: str = A) -> Read:
    """The one answer, without a fault."""
    (answer,) = answers
    assert (answer.statement["step"], answer.faults(stranger.roots, sender)) == (step, [])
    return answer


@pytest.mark.parametrize("reason", [{}, {"reason": {"code": "other", "text": "ส่งผิดฉบับ"}}, {"reason": "odd"}])
def test_the_strangers_letter_is_given_back_by_itself(
    world: World, stranger: Stranger, reason: dict[str, object]
) -> None:
    letter = stranger.letter(us(world))
    sent = letter.to_bytes()
    post(world, stranger, sent)
    answer = only(post(world, stranger, request(stranger, world, letter, sent, **reason)), stranger, "recalled")
    assert answer.mail["Auto-Submitted"] == "auto-replied"
    assert at_ours(world, letter).state is IncomingState.RECALLED
    again = only(post(world, stranger, request(stranger, world, letter, sent)), stranger, "recalled")
    assert again.statement == answer.statement, "the same answer, however often it is asked"


def test_a_request_before_its_letter_waits_for_it(world: World, stranger: Stranger) -> None:
    letter = stranger.letter(us(world))
    sent = letter.to_bytes()
    assert post(world, stranger, request(stranger, world, letter, sent)) == []
    answers = post(world, stranger, sent)
    assert sorted(one.statement["step"] for one in answers) == ["recalled", "received"]
    assert [one.faults(stranger.roots, A) for one in answers] == [[], []]


@pytest.mark.parametrize("consent", [True, False])
def test_a_clerk_answers_for_a_registered_letter(world: World, stranger: Stranger, consent: bool) -> None:
    letter = stranger.letter(us(world))
    sent = letter.to_bytes()
    post(world, stranger, sent)
    clerk, ours = world.actor(world.a, "clerk"), at_ours(world, letter)
    register_letter(world.services, actor=clerk, incoming_id=ours.id)
    post(world, stranger)
    assert post(world, stranger, request(stranger, world, letter, sent)) == []
    answer_recall(world.services, actor=clerk, incoming_id=ours.id, consent=consent, reason="ดำเนินการแล้ว")
    answer = only(post(world, stranger), stranger, "recalled" if consent else "recall-refused")
    assert answer.statement.get("reason") == (None if consent else {"code": "other", "text": "ดำเนินการแล้ว"})
    assert answer.mail["Auto-Submitted"] is None, "it stands for a clerk's act"


def test_a_forged_request_gives_nothing_back(world: World, stranger: Stranger) -> None:
    letter = stranger.letter(us(world))
    sent = letter.to_bytes()
    post(world, stranger, sent)
    forged = [
        request(stranger, world, letter, sent, seal=b"zz"),
        request(stranger, world, letter, sent, **{"from": {"code": "b", "mailbox": B}}),
        request(stranger, world, letter, sent, manifest_sha256="0" * 64),
        request(stranger, world, letter, sent, of=str(uuid4())),
    ]
    assert post(world, stranger, *forged) == []
    assert at_ours(world, letter).state is IncomingState.NEW


def test_the_stranger_hears_that_its_letter_went_on_and_that_a_matter_is_closed(
    world: World, stranger: Stranger
) -> None:
    with world.services.uow() as uow:
        agency = uow.agencies.get(world.a.id)
        agency.options = replace(agency.options, tell_completed=True)
        uow.agencies.save(agency)
        uow.commit()
    one, other = stranger.letter(us(world)), stranger.letter(us(world))
    post(world, stranger, one.to_bytes(), other.to_bytes())
    clerk = world.actor(world.a, "clerk")
    forward_letter(world.services, actor=clerk, incoming_id=at_ours(world, one).id, to="b")
    told = only(post(world, stranger), stranger, "forwarded")
    assert told.statement["forwarded_to"] == {"code": ELSEWHERE["code"], "name": ELSEWHERE["name"]}
    register_letter(world.services, actor=clerk, incoming_id=at_ours(world, other).id)
    only(post(world, stranger), stranger, "registered")
    complete_letter(world.services, actor=clerk, incoming_id=at_ours(world, other).id)
    only(post(world, stranger), stranger, "completed")
    (arrived,) = world.incoming(world.b)
    (before,) = arrived.details["sent_before"]
    assert before["good"] and before["dispatch"] == one.id


def test_a_letter_that_is_sent_on_to_the_stranger_proves_both_senders(world: World, stranger: Stranger) -> None:
    world.sent(files={"แผน.txt": b"plan"})
    world.settle()
    (letter,) = world.incoming(world.b)
    forward_letter(world.services, actor=world.actor(world.b, "clerk"), incoming_id=letter.id, to="peer")
    world.settle()
    (came,) = stranger.fetch()
    assert came.faults(stranger.roots, B) == []
    original, seal = came.named["original-manifest.json"], came.named["original-manifest.json.p7s"]
    assert verifies_detached(original, seal, stranger.roots) and signers_mailbox(seal) == A
    first = Read(b"", came.mail, {"manifest.json": original})
    for file in first.manifest["files"]:
        assert sha256(came.named[file["name"]]).hexdigest() == file["sha256"]
    assert came.manifest["references"][0]["dispatch"] == first.manifest["id"]


def test_the_stranger_understands_our_request_and_its_answer_moves_our_dispatch(
    world: World, stranger: Stranger
) -> None:
    dispatch = world.sent("peer")
    (letter,) = stranger.fetch()
    clerk = world.actor(world.a, "clerk")
    ask_back(world.services, actor=clerk, dispatches=[dispatch.id], reason="ส่งผิดฉบับ")
    asked = only(post(world, stranger), stranger, "recall-requested")
    assert asked.statement["reason"] == {"code": "other", "text": "ส่งผิดฉบับ"}
    assert asked.statement["of"] == letter.manifest["id"]
    no = {"reason": {"code": "other", "text": "ผู้บริหารสั่งการแล้ว"}}
    post(world, stranger, stranger.receipt(letter, "recall-refused", **no))
    assert world.dispatch(dispatch).recall_answer == "recall-refused"
    later = moment(datetime.now(UTC) + timedelta(minutes=1))
    post(world, stranger, stranger.receipt(letter, "recalled", at=later))
    after = world.dispatch(dispatch)
    assert (after.state, after.recall_answer) == (DispatchState.RECALLED, "recalled")


def test_the_strangers_corrected_letter_closes_its_old_one(world: World, stranger: Stranger) -> None:
    old = stranger.letter(us(world))
    new = stranger.letter(us(world), replaces=old.id)
    post(world, stranger, new.to_bytes())
    only(post(world, stranger, old.to_bytes()), stranger, "received")
    assert at_ours(world, old).state is IncomingState.REPLACED
    assert at_ours(world, new).state is IncomingState.NEW
