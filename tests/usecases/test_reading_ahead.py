"""Sorting reads the next message while one is judged: in order, one ahead, and a bad one keeps nobody waiting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from saraban.bootstrap import build
from saraban.domain.agency import Correspondent
from saraban.exchange.parse import InboundMessage, Unreadable, read_message
from saraban.settings import Settings
from saraban.storage.migration import upgrade
from saraban.usecases import sorting
from saraban.usecases.books import InboxItem
from saraban.usecases.fetching import take_in
from saraban.usecases.ports import Services
from saraban.usecases.sorting import sort_next
from tests.builders import a_staffed_agency
from tests.fakes import FixedClock


def discard(office: Services, item: InboxItem, reason: str) -> None:
    """A judge's smallest deed: the message needs nobody."""
    with office.uow() as uow:
        uow.inbox.decide(item, "discarded", reason, office.clock.now())
        uow.commit()


class CountingReader:
    """Reads mail and writes down in which order; a subject "broken" is beyond reading."""

    def __init__(self) -> None:
        self.read_so_far: list[str] = []

    def read(self, raw: bytes) -> InboundMessage:
        message = read_message(raw)
        self.read_so_far.append(message.subject)
        if message.subject == "broken":
            raise Unreadable("unreadable", "อ่านไม่ได้")
        return message


@pytest.fixture
def mailed(tmp_path: Path, clock: FixedClock) -> Callable[[list[str]], tuple[Services, CountingReader]]:
    """An office whose inbox holds mail with these subjects, the oldest first."""

    def make(subjects: list[str]) -> tuple[Services, CountingReader]:
        url = f"sqlite:///{tmp_path / 'x.db'}"
        upgrade(url)
        settings = Settings(tmp_path, url, secret_key="x" * 40, master_key="m" * 40)
        reader = CountingReader()
        office = replace(build(settings, clock=clock).services, mail_reader=reader)
        staffed = a_staffed_agency()
        staffed.move_in(office.uow())
        agency = staffed.agency
        for uid, subject in enumerate(subjects, start=1):
            raw = f"From: a@b.test\r\nMessage-ID: <{uid}@b.test>\r\nSubject: {subject}\r\n\r\nx\r\n".encode()
            take_in(office, agency_id=agency.id, mailbox=agency.mailbox, uidvalidity=1, uid=uid, raw=raw)
        return office, reader

    return make


def test_messages_are_judged_each_once_with_their_own_words_and_one_is_read_ahead(
    mailed: Callable[[list[str]], tuple[Services, CountingReader]],
) -> None:
    office, reader = mailed(["one", "two", "three", "four"])
    judged: list[str] = []

    def judge(office: Services, item: InboxItem, message: InboundMessage) -> bool:
        judged.append(message.subject)
        assert len(reader.read_so_far) <= len(judged) + 1
        discard(office, item, "")
        return True

    assert sort_next(office, judges=(judge,), hold_unreadable=_nothing_is_held) == 4
    assert sorted(judged) == ["four", "one", "three", "two"]
    assert judged == reader.read_so_far
    assert sort_next(office, judges=(judge,), hold_unreadable=_nothing_is_held) == 0


def test_a_message_beyond_reading_is_held_and_the_others_are_judged(
    mailed: Callable[[list[str]], tuple[Services, CountingReader]],
) -> None:
    office, _ = mailed(["one", "broken", "two"])
    judged: list[str] = []
    held: list[str] = []

    def judge(office: Services, item: InboxItem, message: InboundMessage) -> bool:
        judged.append(message.subject)
        discard(office, item, "")
        return True

    def hold(office: Services, item: InboxItem, code: str, thai: str) -> None:
        held.append(code)
        discard(office, item, thai)

    assert sort_next(office, judges=(judge,), hold_unreadable=hold) == 3
    assert (sorted(judged), held) == (["one", "two"], ["unreadable"])


def test_a_judge_that_fails_keeps_no_other_message_waiting(
    mailed: Callable[[list[str]], tuple[Services, CountingReader]],
) -> None:
    office, _ = mailed(["one", "two", "three"])
    judged: list[str] = []

    def judge(office: Services, item: InboxItem, message: InboundMessage) -> bool:
        if message.subject == "two":
            raise RuntimeError("the disk is full")
        judged.append(message.subject)
        discard(office, item, "")
        return True

    assert sort_next(office, judges=(judge,), hold_unreadable=_nothing_is_held) == 3
    assert sorted(judged) == ["one", "three"]


class CountingLookups:
    """Knows nobody, and counts how often it was asked for a sender."""

    def __init__(self, office: Services) -> None:
        self.standing, self.sender_of = office.lookups.standing, office.lookups.sender_of
        self.asked = 0

    def sender_at(self, mailbox: str) -> Correspondent | None:
        self.asked += 1
        return None


def test_the_sender_of_many_messages_is_looked_up_once_in_a_moment_and_anew_for_the_next_batch(
    mailed: Callable[[list[str]], tuple[Services, CountingReader]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "MOMENT_SECONDS", 60.0)
    office, _ = mailed(["one", "two", "three", "four"])
    lookups = CountingLookups(office)
    office = replace(office, lookups=lookups)

    def judge(office: Services, item: InboxItem, message: InboundMessage) -> bool:
        assert office.lookups.sender_at(message.from_address) is None
        discard(office, item, "")
        return True

    for batch in (1, 2):
        assert sort_next(office, judges=(judge,), hold_unreadable=_nothing_is_held, limit=2) == 2
        assert lookups.asked == batch


def _nothing_is_held(_office: Services, _item: InboxItem, code: str, _thai: str) -> None:
    raise AssertionError(code)
