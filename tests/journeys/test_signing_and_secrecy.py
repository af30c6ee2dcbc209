"""Numbers while signing fails, two officers at once, and letters that must not leave by mail."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest

from saraban.domain.classification import Secrecy
from saraban.domain.errors import ConcurrentEdit, RuleBroken, SarabanError, StageNotAllowed, WrongPassphrase
from saraban.domain.letter import Content, LetterId
from saraban.domain.register import BookKind, EntryState
from saraban.reading.registers import entries
from saraban.reading.search import search
from saraban.usecases.dispatching import dispatch_letter
from saraban.usecases.drafting import revise_letter, start_letter
from saraban.usecases.pages import Renderer
from saraban.usecases.ports import Services
from saraban.usecases.registering import register_letter
from saraban.usecases.signing import Signed, sign_letter
from tests.journeys.world import PASSPHRASE, World


class JammedPrinter:
    """A renderer that ends in this way when a page is asked for."""

    def __init__(self, real: Renderer, ends: BaseException) -> None:
        self._real, self._ends = real, ends

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def letter(self, *_: object, **__: object) -> NoReturn:
        """No page comes out."""
        raise self._ends


def jammed(world: World, ends: BaseException) -> Services:
    """The services with a printer that does not work."""
    return replace(world.services, renderer=JammedPrinter(world.services.renderer, ends))  # type: ignore[arg-type]


def sign(world: World, letter_id: LetterId, services: Services | None = None, version: int | None = None) -> Signed:
    """Sign as the head of `a`."""
    return sign_letter(
        services or world.services,
        actor=world.actor(world.a, "head"),
        letter_id=letter_id,
        passphrase=PASSPHRASE,
        version=version,
    )


def lines(world: World) -> list[tuple[int, EntryState]]:
    """The sending register of `a`."""
    return [(line.serial, line.state) for line in world.book(world.a, BookKind.SENDING)]


def test_a_number_waits_for_its_letter_when_signing_fails_and_is_used_on_the_same_day(world: World) -> None:
    letter_id = world.endorsed()
    with pytest.raises(RuleBroken) as told:
        sign(world, letter_id, jammed(world, OSError("no paper")))
    assert "เลขที่จองไว้" in told.value.thai
    assert lines(world) == [(1, EntryState.RESERVED)]

    world.later(hours=5)
    assert sign(world, letter_id).number == "นร 1201/1"
    assert lines(world) == [(1, EntryState.USED)]


def test_a_number_whose_letter_was_not_signed_that_day_is_voided_and_stays_in_the_book(world: World) -> None:
    letter_id = world.endorsed()
    with pytest.raises(RuleBroken):
        sign(world, letter_id, jammed(world, OSError("no paper")))
    world.clock.move_to(datetime(2026, 11, 23, 17, 0, 1, tzinfo=UTC))  # a second past midnight in Bangkok
    world.look_at_the_clock()
    assert lines(world) == [(1, EntryState.VOID)]
    (line,) = world.book(world.a, BookKind.SENDING)
    assert line.void_reason and line.void_authority

    assert sign(world, letter_id).number == "นร 1201/2"
    assert lines(world) == [(1, EntryState.VOID), (2, EntryState.USED)]


def test_signing_on_the_next_day_voids_the_old_number_by_itself(world: World) -> None:
    letter_id = world.endorsed()
    with pytest.raises(RuleBroken):
        sign(world, letter_id, jammed(world, OSError("no paper")))
    world.clock.pass_by(timedelta(days=1))
    assert sign(world, letter_id).number == "นร 1201/2"
    assert lines(world) == [(1, EntryState.VOID), (2, EntryState.USED)]


def test_a_signing_whose_process_was_killed_can_be_done_again_under_the_same_number(world: World) -> None:
    letter_id = world.endorsed()
    with pytest.raises(SystemExit):
        sign(world, letter_id, jammed(world, SystemExit("killed")))
    world.later(minutes=11)
    assert sign(world, letter_id).number == "นร 1201/1"
    assert lines(world) == [(1, EntryState.USED)]


def test_a_wrong_passphrase_takes_no_number(world: World) -> None:
    letter_id = world.endorsed()
    with pytest.raises(WrongPassphrase):
        sign_letter(world.services, actor=world.actor(world.a, "head"), letter_id=letter_id, passphrase="ผิด")
    assert lines(world) == []


def both_at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do these in threads that start together; what each gave or raised."""
    start, ends = threading.Barrier(len(deeds)), [None] * len(deeds)

    def do(place: int) -> None:
        start.wait()
        try:
            ends[place] = deeds[place]()  # type: ignore[call-overload]
        except SarabanError as error:
            ends[place] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=do, args=(place,)) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return list(ends)


def test_two_hands_that_sign_the_same_letter_at_once_sign_it_once(world: World) -> None:
    letter_id = world.endorsed()
    with world.services.uow() as uow:
        version = uow.letters.get(world.a.id, letter_id).version
    ends = both_at_once(*[lambda: sign(world, letter_id, version=version)] * 2)
    assert sorted(type(end) for end in ends if not isinstance(end, Signed)) == [ConcurrentEdit], ends
    assert lines(world) == [(1, EntryState.USED)]


def test_two_clerks_that_register_the_same_letter_at_once_give_it_one_number(world: World) -> None:
    world.sent()
    world.settle()
    (letter,) = world.incoming(world.b)
    clerk = world.actor(world.b, "clerk")
    ends = both_at_once(*[lambda: register_letter(world.services, actor=clerk, incoming_id=letter.id)] * 4)
    losers = [end for end in ends if isinstance(end, SarabanError)]
    assert len(losers) == 3 and all(isinstance(end, ConcurrentEdit | StageNotAllowed) for end in losers), ends
    assert [line.serial for line in world.book(world.b, BookKind.RECEIVING)] == [1]
    world.settle()
    assert world.receipts_given(world.b) == ["received", "registered"]


def test_a_change_over_a_version_that_is_no_longer_the_last_is_refused(world: World) -> None:
    clerk = world.actor(world.a, "clerk")
    content = Content(subject="ร่างแรก", addressed_to="เรียน อธิบดี", body="ข้อความ", recipients=("b",))
    letter_id = start_letter(world.services, actor=clerk, content=content)
    revise_letter(world.services, actor=clerk, letter_id=letter_id, content=content, version=1)
    with pytest.raises(ConcurrentEdit) as told:
        revise_letter(world.services, actor=clerk, letter_id=letter_id, content=content, version=1)
    assert told.value.code == "concurrent-edit"


def test_a_classified_letter_does_not_leave_and_its_subject_shows_to_nobody_without_clearance(world: World) -> None:
    subject = "แผนรักษาความปลอดภัยที่ห้ามเปิดเผย"
    letter_id = world.issued(subject=subject, secrecy=Secrecy.CONFIDENTIAL)
    with pytest.raises(RuleBroken) as told:
        dispatch_letter(world.services, actor=world.actor(world.a, "clerk"), letter_id=letter_id)
    assert told.value.code == "secrecy-not-allowed" and "เข้ารหัส" in told.value.thai
    world.settle()
    assert world.post.lying(world.b.mailbox) == []
    with world.office.reading.connect() as reader:
        for role in ("lawyer", "director", "clerk", "head"):
            assert search(reader, world.actor(world.a, role), "ห้ามเปิดเผย") == []
        page = entries(reader, world.actor(world.a, "lawyer"), kind=BookKind.SENDING, year=2569)
        assert [row.masked for row in page.items] == [True]
        assert subject not in repr(page.items)
    assert subject not in repr(world.book(world.a, BookKind.SENDING)[0].search_text)
