"""What went out while the time-stamping authority was silent: it is asked again, over real HTTP on loopback, by one of
several workers, and its stamp is kept beside bytes that do not change."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asn1crypto import tsp
from sqlalchemy import select, update

from saraban.bootstrap import build
from saraban.crypto import keys
from saraban.crypto.demo_pki import make_root
from saraban.domain.attachment import Digest
from saraban.domain.issued_kind import Marks
from saraban.domain.late_stamp import DOUBTED_WAIT, RETRY_DELAYS, Stamped
from saraban.reading import issued_runs, problems
from saraban.reading import late_stamps as rows
from saraban.reading.dashboards import nav
from saraban.settings import Settings
from saraban.storage.shredding import strip
from saraban.storage.tables.closing import day_closes
from saraban.storage.tables.late_stamps import late_stamps
from saraban.usecases import checking, closing, copying
from saraban.usecases.archive import Gone
from saraban.usecases.ports import Services
from saraban.usecases.stamping_late import stamp_late
from saraban.usecases.verifying import judge_file
from tests.builders import NOW
from tests.crypto.authority import authority, dummy, served
from tests.fakes import FixedClock
from tests.usecases.archive import line_of
from tests.usecases.conftest import Pki
from tests.usecases.house import MASTER_KEY, PASSPHRASE, House
from tests.usecases.test_issuing import kept as issued_as
from tests.usecases.test_proving_pages import with_authority
from tests.usecases.test_running_issued import run_out
from tests.usecases.test_stamping import a_page, place, scanned, seal, wants_seal
from tests.usecases.test_transferring import drawn, packed, unpacked

SILENT = "http://127.0.0.1:9/tsa"
LATER = timedelta(hours=1)

_born = multiprocessing.get_context("forkserver")
_born.set_forkserver_preload(["tests.usecases.test_stamping_late"])


@contextmanager
def answering(house: House, at: datetime | None = None, **of: Any) -> Iterator[House]:
    """The house with an authority that answers, an hour later."""
    house.clock.pass_by(LATER)
    with served(dummy(at=at or house.clock.now(), **of)) as url:
        yield with_authority(house, url)


def out(house: House) -> tuple[House, Any, Digest]:
    """A letter that was signed while the authority was silent: the house, the letter's id and its page."""
    house = with_authority(house, SILENT)
    letter_id = house.before_the_head()
    return house, letter_id, house.sign(letter_id).page


@pytest.fixture
def sealed_house(either_house: House, pki: Pki) -> House:
    """The house with its agency's seal."""
    with either_house.real.writing.connect():
        keys.store_seal(either_house.keys_folder, "onep", pki.seals["onep"], MASTER_KEY)
    return either_house


def waiting(house: House) -> list[Any]:
    return [row for row in house.rows(late_stamps) if row.token is None]


def card(house: House) -> list[Any]:
    """What the administrator's inbox of troubles says of time-stamps."""
    with house.real.reading.connect() as reader:
        found = problems.problems(reader, house.ours["admin"], house.clock.now())
    return [one for one in found if one.kind == "unstamped"]


def test_a_letter_is_stamped_later_and_its_bytes_stay_as_they_went_out(either_house: House) -> None:
    house, letter_id, page = out(either_house)
    before = house.office.blobs.open(page)
    assert [(row.kind, row.thing_id, row.sha256) for row in waiting(house)] == [(Stamped.LETTER, letter_id, page)]
    assert "ผู้ประทับรับรองเวลา" in waiting(house)[0].why

    with answering(house) as house:
        assert (stamp_late(house.office), stamp_late(house.office)) == (1, 0)
        token = house.rows(late_stamps)[0].token
        status = house.office.time_stamper.check(token, page)

    assert status.good and status.at == NOW + LATER
    assert house.letter(letter_id).files[0].sha256 == page and house.office.blobs.open(page) == before
    [told] = house.told("file.stamped-late")
    assert told["values"]["thing_id"] == str(letter_id) and told["values"]["stamped_at"] == (NOW + LATER).isoformat()
    [row] = house.rows(late_stamps)
    assert (row.stamped_at, row.stamped_by, row.why) == (NOW + LATER, "ผู้ประทับรับรองเวลา", "")


def test_what_a_later_stamp_proves_is_told_apart_from_the_time_of_signing(either_house: House) -> None:
    house, letter_id, page = out(either_house)
    with answering(house) as house:
        stamp_late(house.office)
        [checked] = checking.check_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
        brought = judge_file(house.office, house.office.blobs.open(page))

    for late in (checked.late, brought.late):
        assert late is not None and late.good and late.at == NOW + LATER
        assert "ไม่ใช่เวลาที่ลงนาม" in late.means
    [signature] = brought.found.signatures
    assert signature.time.value is None and signature.stamped_at is None, "the time of signing is as little proven"
    assert brought.as_dict()["stamped_late"]["at"] == (NOW + LATER).isoformat()


def test_documents_copies_and_days_get_theirs_and_the_trouble_is_gone_when_all_have(sealed_house: House) -> None:
    house = with_authority(sealed_house, SILENT)
    run_out(house, 2, marks=Marks.BOTH)
    letter_id = house.signed()
    copying.certify_copy(house.office, actor=house.ours["head"], passphrase=PASSPHRASE, letter_id=letter_id)
    house.clock.pass_by(timedelta(days=1))
    assert closing.close_days(house.office) > 0
    assert stamp_late(house.office) == 0

    [told] = card(house)
    assert "ยังไม่มีตราประทับเวลา" not in told.title and "ผู้ประทับรับรองเวลา" in told.why
    assert all(kind.thai in told.why for kind in (Stamped.ISSUED, Stamped.LETTER, Stamped.COPY, Stamped.DAY))
    with answering(house) as house:
        while stamp_late(house.office):
            pass

    assert card(house) == [] and waiting(house) == []
    kinds = sorted(row.kind.value for row in house.rows(late_stamps))
    assert kinds == ["copy", "issued", "issued", "letter"], "a day has its stamp itself"
    [close] = house.rows(day_closes)
    assert house.office.time_stamper.check(close.time_stamp, Digest.of(close.statement)).good
    for row in house.rows(late_stamps):
        if row.kind is Stamped.ISSUED:
            document = issued_as(house, row.thing_id)
            assert document.digest == row.sha256 and document.untimed, "that it was signed without one stays true"


def test_a_silent_authority_is_asked_seldomer_and_all_wait_with_the_one_that_was_asked(either_house: House) -> None:
    house = with_authority(either_house, SILENT)
    for _ in range(3):
        house.sign(house.before_the_head())
    seen = []
    for delay in (*RETRY_DELAYS, RETRY_DELAYS[-1]):
        house.clock.pass_by(timedelta(hours=1))
        house = with_authority(house, SILENT)  # a worker that has not heard of its silence yet
        assert stamp_late(house.office) == 0
        assert {row.next_at for row in waiting(house)} == {house.clock.now() + delay}
        assert stamp_late(house.office) == 0
        seen.append({row.attempts for row in waiting(house)})

    assert seen == [{n} for n in range(1, len(RETRY_DELAYS) + 2)]
    assert all(row.leased_until is None for row in waiting(house))


def test_a_new_letter_that_is_stamped_tells_that_the_authority_is_back(either_house: House) -> None:
    house, _, _ = out(either_house)
    house.clock.pass_by(RETRY_DELAYS[0])
    assert stamp_late(house.office) == 0
    house.clock.pass_by(RETRY_DELAYS[0])
    house = with_authority(house, SILENT)
    house.clock.pass_by(timedelta(minutes=5))
    assert stamp_late(house.office) == 0
    house.sign(house.before_the_head())
    house.clock.pass_by(RETRY_DELAYS[0])
    assert sum(row.next_at > house.clock.now() for row in waiting(house)) == 1

    with served(dummy(at=house.clock.now())) as url:
        house = with_authority(house, url)
        assert (stamp_late(house.office), stamp_late(house.office)) == (1, 1)
    assert waiting(house) == []


def test_without_an_authority_nothing_is_asked_and_nothing_told(sealed_house: House) -> None:
    house = sealed_house
    house.sign(house.before_the_head())
    house.clock.pass_by(timedelta(days=1))
    closing.close_days(house.office)

    assert stamp_late(house.office) == 0
    assert [row.kind for row in waiting(house)] == [Stamped.DAY], "for the day when there is one"
    assert card(house) == []
    with answering(house) as house:
        assert stamp_late(house.office) == 1
    assert house.rows(day_closes)[0].time_stamp is not None


def test_a_copy_sealed_inside_and_the_statement_of_a_year_get_theirs(sealed_house: House) -> None:
    house = with_authority(sealed_house, SILENT)
    wants_seal(house)
    entry_id = scanned(house, a_page())
    sealed = seal(house, entry_id)
    house.clock.move_to(datetime(2027, 1, 2, tzinfo=UTC))
    while closing.close_days(house.office):
        pass
    close = closing.close_year(house.office, actor=house.ours["records"], year=2569)

    of = {(row.kind, row.thing_id): row.sha256 for row in waiting(house) if row.kind is not Stamped.DAY}
    assert of == {(Stamped.RECEIVED, entry_id): sealed, (Stamped.YEAR, close.id): close.page}
    with answering(house) as house:
        while stamp_late(house.office):
            pass
    assert waiting(house) == [] and len(house.told("file.stamped-late")) == 2


def test_a_package_for_the_archives_has_the_later_stamp_beside_its_file(either_house: House) -> None:
    house, letter_id, page = out(either_house)
    with answering(house) as house:
        stamp_late(house.office)
        files = unpacked(house, packed(house, drawn(house, line_of(house, letter_id))))

    [path] = [name for name in files if name.endswith(".tst")]
    assert Digest.of(files[path.removesuffix(".tst")]) == page
    assert house.office.time_stamper.check(files[path], page).good
    told = json.loads(files["data/00001/metadata.json"])
    assert told["files"][0]["time_stamp"] == path.removeprefix("data/")
    assert "openssl ts -verify" in files["data/README.txt"].decode()


def test_nothing_waits_for_a_letter_that_was_destroyed(either_house: House) -> None:
    house, letter_id, _ = out(either_house)
    gone = Gone(house.ours.agency.id, line_of(house, letter_id), letter_id)
    with house.real.writing.begin() as connection:
        strip(connection, gone)

    assert house.rows(late_stamps) == []


# --- stamps that are none ---------------------------------------------------------------------------------------------


def test_a_stamp_of_somebody_whom_we_do_not_trust_is_refused_and_told(either_house: House) -> None:
    house, _, page = out(either_house)
    stranger = authority(root=make_root("ใครก็ไม่รู้", NOW - timedelta(days=9), NOW + timedelta(days=9)))

    with answering(house, held=stranger) as house:
        assert stamp_late(house.office) == 0

    assert "ไม่ได้ออกโดยผู้ออกใบรับรองที่ระบบเชื่อถือ" in waiting(house)[0].why
    assert "ไม่ได้ออกโดยผู้ออกใบรับรองที่ระบบเชื่อถือ" in card(house)[0].why
    assert waiting(house)[0].sha256 == page and house.told("file.stamped-late") == []


def test_a_stamp_over_another_file_is_refused_and_told(either_house: House) -> None:
    house, _, _ = out(either_house)
    honest = dummy(at=NOW + LATER)

    def of_another(query: bytes) -> bytes:
        asked = tsp.TimeStampReq.load(query)
        asked["message_imprint"]["hashed_message"] = Digest.of(b"another").raw
        return honest(asked.dump(force=True))

    house.clock.pass_by(LATER)
    with served(of_another) as url:
        house = with_authority(house, url)
        assert stamp_late(house.office) == 0

    assert "ตราประทับเวลาเป็นของข้อมูลอื่น" in waiting(house)[0].why


@pytest.mark.parametrize(("off", "words"), [(-2 * LATER, "ก่อนเวลาที่ทำไฟล์"), (2 * LATER, "อนาคต")])
def test_a_stamp_of_a_time_that_cannot_be_is_refused_and_told(either_house: House, off: timedelta, words: str) -> None:
    house, _, _ = out(either_house)

    with answering(house, at=NOW + LATER + off) as house:
        assert stamp_late(house.office) == 0

    assert words in waiting(house)[0].why and words in card(house)[0].why


def test_one_whose_stamp_cannot_be_right_waits_alone_and_the_others_are_stamped(either_house: House) -> None:
    house, odd, _ = out(either_house)
    house.sign(house.before_the_head())
    with house.real.writing.begin() as connection:  # a clock that was ahead by three hours
        ahead = update(late_stamps).where(late_stamps.c.thing_id == odd)
        connection.execute(ahead.values(made_at=NOW + 3 * LATER))

    with answering(house) as house:
        assert (stamp_late(house.office), stamp_late(house.office)) == (1, 0)
        [left] = waiting(house)
        assert (left.thing_id, left.attempts, left.leased_until) == (odd, 0, None)
        assert "ก่อนเวลาที่ทำไฟล์" in left.why and left.next_at == house.clock.now() + DOUBTED_WAIT
        house.sign(house.before_the_head())
        assert len(waiting(house)) == 1, "the authority answers who signs"
    house.clock.pass_by(LATER)
    with answering(house) as house:
        assert stamp_late(house.office) == 1
    assert waiting(house) == []


def test_an_authority_that_was_back_and_fails_again_is_asked_again_soon(either_house: House) -> None:
    house = with_authority(either_house, SILENT)
    for _ in range(2):
        house.sign(house.before_the_head())
    for _ in range(3):
        house.clock.pass_by(LATER)
        house = with_authority(house, SILENT)
        assert stamp_late(house.office) == 0
    house.clock.pass_by(LATER)
    honest, asked = dummy(at=house.clock.now()), []

    def once(query: bytes) -> bytes:
        asked.append(query)
        return honest(query) if len(asked) == 1 else b"busy"

    with served(once) as url:
        house = with_authority(house, url)
        assert stamp_late(house.office) == 1

    [left] = waiting(house)
    assert (left.attempts, left.next_at) == (1, house.clock.now() + RETRY_DELAYS[0])


def test_nothing_is_told_any_more_when_the_authority_was_taken_away(either_house: House) -> None:
    house, letter_id, _ = out(either_house)

    def counted() -> int:
        with house.real.reading.connect() as reader:
            return nav(reader, house.ours["admin"], house.clock.now()).problems

    before = counted()
    assert card(house) and waiting(house)[0].why
    house = with_authority(house, "")
    assert stamp_late(house.office) == 0

    assert card(house) == [] and counted() == before - 1
    assert [row.thing_id for row in waiting(house)] == [letter_id]
    with answering(house) as house:
        assert stamp_late(house.office) == 1, "it waits for the day when there is one"


def test_a_run_counts_the_documents_that_still_wait(either_house: House) -> None:
    house = with_authority(either_house, SILENT)
    run_id = run_out(house, 2)

    def told() -> tuple[int, list[bool]]:
        with house.real.reading.connect() as reader:
            lines = issued_runs.lines(reader, run_id)
            assert len(issued_runs.lines(reader, run_id, None)) == 2
            run = issued_runs.run(reader, house.ours["head"], run_id, house.clock.now())
        return run.untimed, [bool(line.untimed) for line in lines]

    assert told() == (2, [True, True])
    honest, asked = dummy(at=NOW + LATER), []

    def once(query: bytes) -> bytes:
        asked.append(query)
        return honest(query) if len(asked) == 1 else b"busy"

    house.clock.pass_by(LATER)
    with served(once) as url:
        house = with_authority(house, url)
        assert stamp_late(house.office) == 1
    assert told() == (1, [True, False]), "the one that waits comes first"


def test_a_copy_that_another_took_the_place_of_waits_no_longer_and_shows_no_stamp(sealed_house: House) -> None:
    house = with_authority(sealed_house, SILENT)
    wants_seal(house)
    entry_id = scanned(house, a_page())
    old = seal(house, entry_id)
    house.clock.pass_by(timedelta(minutes=1))
    new = seal(house, entry_id)
    assert old != new and [row.sha256 for row in waiting(house)] == [new]
    place(house, entry_id, 5, 5)
    assert waiting(house) == []

    last = seal(house, entry_id)
    with answering(house) as house:
        assert stamp_late(house.office) == 1
    assert [row.sha256 for row in house.rows(late_stamps)] == [last]
    place(house, entry_id, 9, 9)
    assert house.rows(late_stamps) == []


# --- several workers, and killed ones ---------------------------------------------------------------------------------


class Overtaken:
    """A stamper whose owner is so slow that its lease ends and another worker does the same."""

    is_set = True

    def __init__(self, real: Any, meanwhile: Any) -> None:
        self._real, self._meanwhile = real, meanwhile

    def stamp(self, digest: Digest) -> bytes | None:
        """The token, when the other has settled."""
        token: bytes | None = self._real.stamp(digest)
        self._meanwhile()
        return token

    def check(self, token: bytes, digest: Digest) -> Any:
        """As ever."""
        return self._real.check(token, digest)


def test_of_two_workers_one_asks_and_when_the_lease_ends_the_first_to_settle_counts(either_house: House) -> None:
    house, _, _ = out(either_house)
    did = []

    with answering(house) as house:
        office = house.office

        def meanwhile() -> None:
            did.append(stamp_late(office))  # leased: nothing to do
            house.clock.pass_by(office.lease + timedelta(seconds=1))
            did.append(stamp_late(office))

        slow: Services = replace(office, time_stamper=Overtaken(office.time_stamper, meanwhile))
        assert stamp_late(slow) == 0

    assert did == [0, 1]
    assert len(house.told("file.stamped-late")) == 1 and len(house.rows(late_stamps)) == 1


class Mortal:
    """A stamper whose owner dies as soon as it has the answer."""

    is_set = True

    def __init__(self, real: Any) -> None:
        self._real = real

    def stamp(self, digest: Digest) -> bytes | None:
        """Has the token, and that is all."""
        assert self._real.stamp(digest)
        os.kill(os.getpid(), signal.SIGKILL)
        return None


def _work(settings: Settings, clock: FixedClock) -> None:
    office = build(settings, clock=clock).services
    mortal: Any = Mortal(office.time_stamper)
    stamp_late(replace(office, time_stamper=mortal))


def test_a_worker_killed_between_answer_and_settling_loses_a_token_and_no_more(either_house: House) -> None:
    house, _, page = out(either_house)
    with answering(house) as house:
        process = _born.Process(target=_work, args=(house.real.settings, house.clock))
        process.start()
        process.join(60)
        assert process.exitcode == -signal.SIGKILL
        assert [row.sha256 for row in waiting(house)] == [page] and waiting(house)[0].leased_until is not None
        assert stamp_late(house.office) == 0, "it is leased for a while"

        house.clock.pass_by(house.office.lease + timedelta(seconds=1))
        assert stamp_late(house.office) == 1

    assert waiting(house) == [] and len(house.told("file.stamped-late")) == 1


def test_what_a_thing_shows_is_of_its_own_agency(either_house: House) -> None:
    house, letter_id, page = out(either_house)

    with house.real.reading.connect() as reader:
        [ours] = rows.of_thing(reader, house.ours.agency.id, letter_id)
        assert rows.of_thing(reader, house.theirs.agency.id, letter_id) == []
        assert reader.execute(select(late_stamps.c.id)).all()
    assert ours.sha256 == page and ours.token is None and rows.token([ours], page) is None
