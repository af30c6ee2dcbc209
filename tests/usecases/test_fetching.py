"""Fetching: what is kept, what is told, and what becomes of mail on the server, over a folder that plays along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from saraban.domain.mailbox import TAKEN_FOLDER, AfterTaking
from saraban.storage.tables.exchange import inbox, mailboxes
from saraban.storage.tables.mail import fill_levels
from saraban.usecases import connecting, fetching, measuring
from saraban.usecases.connecting import MailSettings
from saraban.usecases.mailing import Vanished
from saraban.usecases.measuring import MEASURE_EVERY, measure_mailbox
from tests.usecases.house import House

OURS = "saraban@onep.example"


class Folder:
    """The port MailboxReader over a dictionary: mails vanish and the server renumbers as a test wants it."""

    def __init__(self, count: int = 0) -> None:
        self.uidvalidity = 7
        self.mails = {uid: f"Message-ID: <{uid}@x.th>\r\n\r\nbody {uid}\r\n".encode() for uid in range(1, count + 1)}
        self.vanishing: set[int] = set()
        self.elsewhere: dict[str, list[int]] = {}
        self.able = True
        self.told_quota: tuple[int, int] | None = (40_000_000, 50_000_000)
        self.broken = False
        self.breaks_at = 0

    def new_uids(self, after: int) -> list[int]:
        """What lies there."""
        return sorted(uid for uid in self.mails if uid > after)

    def size(self, uid: int) -> int:
        """How large one is."""
        if uid in self.vanishing:
            self.mails.pop(uid, None)
            raise Vanished(uid)
        return len(self.mails[uid])

    def pieces(self, uid: int) -> Iterator[bytes]:
        """One, in pieces of ten octets."""
        if uid == self.breaks_at:
            raise ConnectionError("reset by peer")
        for start in range(0, len(self.mails[uid]), 10):
            yield self.mails[uid][start : start + 10]

    def mark_taken(self, uids: Sequence[int]) -> None:
        """Nothing is to be seen here."""

    def idle(self, seconds: float) -> bool:
        """There is never news."""
        return False

    def quota(self) -> tuple[int, int] | None:
        """What the server tells."""
        return self.told_quota

    def move(self, uids: Sequence[int], folder: str) -> bool:
        """Into another folder; a connection that breaks afterwards has moved all the same."""
        if self.able:
            self.elsewhere.setdefault(folder, []).extend(uid for uid in uids if self.mails.pop(uid, None))
        if self.broken:
            raise ConnectionError
        return self.able

    def remove(self, uids: Sequence[int]) -> bool:
        """For good."""
        return self.move(uids, "gone")


def fetch(house: House, folder: Folder) -> int:
    """One look into our central mailbox."""
    return fetching.fetch_mailbox(house.office, folder, agency_id=house.ours.agency.id, owner="test")


def judged(house: House) -> None:
    """The worker has judged what came in."""
    with house.office.uow() as uow:
        for item in uow.inbox.claim(house.clock.now(), timedelta(0), 100):
            uow.inbox.decide(item, "held", "", house.clock.now())
        uow.commit()


def clear(house: House, folder: Folder) -> int:
    """What the worker does when nothing new lies in the mailbox."""
    return fetching.clear_taken(house.office, folder, agency_id=house.ours.agency.id, address=OURS)


def keep_by(house: House, after: str, days: int = 30) -> None:
    """Our administrator connects the mailbox with this rule."""
    values: dict[str, Any] = {"user": "x", "smtp_host": "m.example", "imap_host": "m.example"}
    values |= {"after": AfterTaking(after), "after_days": days}
    settings = MailSettings("", "", values, password="รหัส")
    connecting.connect_mailbox(house.office, actor=house.ours["admin"], settings=settings)


def notice(house: House) -> str:
    """What is told about our mailbox though mail flows."""
    return next(row.notice for row in house.rows(mailboxes) if row.address == OURS)


def test_mail_is_taken_in_with_its_own_bytes_and_once(either_house: House) -> None:
    folder = Folder(3)

    assert (fetch(either_house, folder), fetch(either_house, folder)) == (3, 0)
    rows = sorted(either_house.rows(inbox), key=lambda row: row.uid)
    assert [either_house.office.blobs.open(row.sha256) for row in rows] == list(folder.mails.values())
    assert [row.message_id for row in rows] == ["<1@x.th>", "<2@x.th>", "<3@x.th>"]


def test_what_came_before_a_connection_breaks_is_here(either_house: House) -> None:
    folder = Folder(4)
    folder.breaks_at = 3
    with pytest.raises(ConnectionError):
        fetch(either_house, folder)
    assert sorted(row.uid for row in either_house.rows(inbox)) == [1, 2]
    folder.breaks_at = 0
    either_house.clock.pass_by(either_house.office.lease * 2)
    assert fetch(either_house, folder) == 2, "it goes on behind them"


def test_what_came_from_a_slow_server_is_written_down_before_the_rest_comes(house: House) -> None:
    there = list[int]()

    class Slow(Folder):
        """Needs half a lease for a mail."""

        def pieces(self, uid: int) -> Iterator[bytes]:
            there.append(len(house.rows(inbox)))
            house.clock.pass_by(house.office.lease / 2)
            yield self.mails[uid]

    assert fetch(house, Slow(3)) == 3
    assert there == [0, 1, 2] and len(house.rows(inbox)) == 3


def test_a_batch_is_bounded(house: House) -> None:
    folder = Folder(120)

    assert [fetch(house, folder) for _ in range(4)] == [50, 50, 20, 0]


def test_a_mail_that_vanishes_is_passed_over_and_told(either_house: House) -> None:
    folder = Folder(4)
    folder.vanishing = {2, 4}

    assert fetch(either_house, folder) == 4
    assert fetch(either_house, folder) == 0, "it does not stumble over the same mail again"
    assert sorted(row.uid for row in either_house.rows(inbox)) == [1, 3]
    assert "มีจดหมาย ๒ ฉบับ" in notice(either_house)
    assert [line["values"]["uids"] for line in either_house.told("mailbox.mail-vanished")] == [[2, 4]]


def test_the_trial_mail_of_an_examination_is_nobodys_loss(house: House) -> None:
    folder = Folder(1)
    folder.vanishing = {1}
    with house.office.uow() as uow:
        uow.connections.examined(house.ours.agency.id, OURS, [], house.clock.now())
        uow.commit()

    fetch(house, folder)

    assert notice(house) == "" and house.told("mailbox.mail-vanished") == []


def test_another_uidvalidity_is_told_once_and_the_folder_read_again(either_house: House) -> None:
    folder = Folder(2)
    fetch(either_house, folder)
    assert either_house.told("mailbox.renumbered") == [], "the first opening is no change"
    folder.uidvalidity, folder.mails = 8, {1: folder.mails[2], 2: folder.mails[1]}

    assert (fetch(either_house, folder), fetch(either_house, folder)) == (2, 0)
    [told] = [line["values"] for line in either_house.told("mailbox.renumbered")]
    assert (told["before"], told["now"]) == (7, 8)
    assert "UIDVALIDITY" in notice(either_house)


@pytest.mark.parametrize(("after", "where"), [("move", TAKEN_FOLDER), ("delete", "gone")])
def test_what_is_safely_here_leaves_the_server_after_its_days(either_house: House, after: str, where: str) -> None:
    folder = Folder(3)
    keep_by(either_house, after, days=10)
    fetch(either_house, folder)

    assert clear(either_house, folder) == 0, "not before it was judged"
    judged(either_house)
    either_house.clock.pass_by(timedelta(days=9))
    assert clear(either_house, folder) == 0, "not before its days"
    either_house.clock.pass_by(timedelta(days=2))
    assert (clear(either_house, folder), clear(either_house, folder)) == (3, 0)
    assert folder.elsewhere == {where: [1, 2, 3]} and folder.mails == {}


def test_nothing_leaves_unless_the_agency_says_so(either_house: House) -> None:
    folder = Folder(2)
    fetch(either_house, folder)
    judged(either_house)
    either_house.clock.pass_by(timedelta(days=4000))

    assert clear(either_house, folder) == 0
    keep_by(either_house, "keep")
    assert clear(either_house, folder) == 0 and len(folder.mails) == 2


def test_a_worker_killed_between_server_and_database_clears_once_more_and_loses_nothing(either_house: House) -> None:
    folder = Folder(2)
    keep_by(either_house, "delete", days=1)
    fetch(either_house, folder)
    judged(either_house)
    either_house.clock.pass_by(timedelta(days=2))
    folder.broken = True
    with pytest.raises(ConnectionError):
        clear(either_house, folder)
    folder.broken = False

    assert folder.mails == {} and clear(either_house, folder) == 2
    assert clear(either_house, folder) == 0
    assert all(either_house.office.blobs.has(row.sha256) for row in either_house.rows(inbox))


def test_a_mail_whose_bytes_are_not_here_stays_on_the_server(house: House) -> None:
    folder = Folder(2)
    keep_by(house, "delete", days=1)
    fetch(house, folder)
    judged(house)
    house.clock.pass_by(timedelta(days=2))
    lost = next(row.sha256 for row in house.rows(inbox) if row.uid == 1)
    next(house.real.settings.blobs_folder.glob(f"*/{lost.hex}")).unlink()

    assert clear(house, folder) == 1
    assert list(folder.mails) == [1]


def test_a_mail_too_large_to_be_fetched_stays_on_the_server(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(2)
    folder.mails[2] += b"x" * 1000
    monkeypatch.setattr(fetching, "LARGEST_FETCH", 1000)
    keep_by(house, "delete", days=1)
    fetch(house, folder)
    judged(house)
    house.clock.pass_by(timedelta(days=2))

    assert {row.uid: row.whole for row in house.rows(inbox)} == {1: True, 2: False}
    assert clear(house, folder) == 1 and list(folder.mails) == [2]


def test_a_server_that_cannot_remove_single_mails_is_told(house: House) -> None:
    folder = Folder(1)
    folder.able = False
    keep_by(house, "move", days=1)
    fetch(house, folder)
    judged(house)
    house.clock.pass_by(timedelta(days=2))

    assert clear(house, folder) == 0 and list(folder.mails) == [1]
    assert "ไม่ให้ย้ายหรือลบ" in notice(house)


def test_the_quota_is_kept_by_day_and_not_asked_for_all_the_time(either_house: House) -> None:
    folder = Folder()
    agency = either_house.ours.agency.id

    def measure() -> bool:
        return measure_mailbox(either_house.office, folder, agency_id=agency, address=OURS)

    assert (measure(), measure()) == (True, False)
    either_house.clock.pass_by(MEASURE_EVERY)
    folder.told_quota = (41_000_000, 50_000_000)
    assert measure()
    either_house.clock.pass_by(timedelta(days=1))
    folder.told_quota = None
    assert measure()
    rows = sorted(either_house.rows(fill_levels), key=lambda row: row.day)
    assert [(row.used, row.allowed) for row in rows] == [(41_000_000, 50_000_000), (None, None)]


def test_the_disk_under_the_files_is_measured(either_house: House) -> None:
    assert measuring.measure_disk(either_house.office) == 0

    found = {row.place: row for row in either_house.rows(fill_levels)}
    assert found.keys() == {"disk", "database", "files"} and {row.agency_id for row in found.values()} == {None}
    assert 0 < found["disk"].used <= found["disk"].allowed
    assert found["database"].used > 10_000 and found["files"].allowed is None
