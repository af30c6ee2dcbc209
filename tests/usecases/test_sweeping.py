"""The store of files swept: what nothing names goes, after a while, and nothing else ever does."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any, cast

import pytest
from sqlalchemy import update

from saraban.bootstrap import build
from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput
from saraban.domain.store import PLAUSIBLE, SweepTrace, is_too_much
from saraban.reading.store import last_sweep
from saraban.settings import Settings
from saraban.storage import file_needs
from saraban.storage.tables.letters import letters
from saraban.storage.tables.store import store_sweeps, unnamed_files
from saraban.usecases import drafting, picturing, sweeping
from saraban.usecases.errands import order_errand, run_next_errand
from saraban.usecases.importing import keep_list
from saraban.usecases.ports import Blobs
from saraban.usecases.sheets import Sheet, keep_sheet
from saraban.usecases.sweeping import GRACE, LEAST, sweep, sweep_nightly
from tests.fakes import FixedClock
from tests.usecases.house import House

_born = multiprocessing.get_context("forkserver")
_born.set_forkserver_preload(["tests.usecases.test_sweeping"])
LEFT = b"left by a deed that was killed before its commit"
SOON = timedelta(minutes=1)


def look(house: House, *, remove: bool = True, **more: Any) -> SweepTrace:
    """Sweep now."""
    return sweep(house.office, remove=remove, **more)[0]


def found_and_waited(house: House) -> None:
    """What lies there is old enough, was looked at, and the grace has passed."""
    house.clock.pass_by(LEAST + SOON)
    look(house, remove=False)
    house.clock.pass_by(GRACE)


def test_what_nothing_names_is_told_first_and_goes_after_its_grace(either_house: House) -> None:
    house = either_house
    left, used = house.office.blobs.keep(LEFT), house.attach(house.draft()).sha256
    assert look(house).unnamed == 0, "whoever keeps bytes has time for his commit"

    house.clock.pass_by(LEAST + SOON)
    seen = look(house)
    assert (seen.unnamed, seen.unnamed_octets, seen.ripe, seen.removed) == (1, len(LEFT), 0, 0)
    house.clock.pass_by(GRACE - SOON)
    assert look(house).removed == 0
    house.clock.pass_by(SOON)
    dry = look(house, remove=False)
    assert (dry.ripe, dry.ripe_octets, dry.removed) == (1, len(LEFT), 0) and house.office.blobs.has(left)
    gone = look(house)

    assert (gone.removed, gone.removed_octets, gone.ripe) == (1, len(LEFT), 0)
    assert not house.office.blobs.has(left) and house.office.blobs.open(used) == b"enclosure"
    assert [one["values"]["files"] for one in house.told("store.swept")] == [1, 1], "every agency's journal"
    assert look(house).unnamed == 0 and house.rows(unnamed_files) == []


def test_a_short_grace_is_refused(house: House) -> None:
    with pytest.raises(BadInput):
        look(house, grace=LEAST - SOON)


def test_what_is_taken_off_a_draft_goes_and_what_its_versions_say_stays(either_house: House) -> None:
    house = either_house
    letter = house.draft()
    file = house.attach(letter, data=b"taken off")
    drafting.detach_file(house.office, actor=house.ours["clerk"], letter_id=letter, sha256=file.sha256)
    passed = house.before_the_head()
    found_and_waited(house)
    assert look(house).removed == 1 and not house.office.blobs.has(file.sha256)
    for one in (letter, passed):
        found = house.letter(one)
        with house.office.uow() as uow:
            saved = {version.digest for version in uow.versions.of(found.agency_id, found.id)}
        for digest in saved | {one.content for one in found.endorsements}:
            assert digest == found.content_digest() or house.office.blobs.has(digest)


def test_the_list_of_an_errand_stays_until_it_has_ended(either_house: House) -> None:
    house = either_house
    listed, sheet = keep_list(house.office, matters=[]), keep_sheet(house.office, sheet=Sheet([], [], []))
    order_errand(house.office, actor=house.ours["clerk"], kind="any", title="งาน", order={"list": listed.hex})
    found_and_waited(house)
    assert look(house).removed == 1 and not house.office.blobs.has(sheet) and house.office.blobs.has(listed)

    assert run_next_errand(house.office, doers={}) == 1
    for _ in range(3):
        house.clock.pass_by(timedelta(hours=1))
        run_next_errand(house.office, doers={})
    found_and_waited(house)
    assert look(house).removed == 1 and not house.office.blobs.has(listed)


class Meanwhile:
    """The files, and what somebody does just before one is removed."""

    def __init__(self, real: Blobs, deed: Any) -> None:
        self._real, self._deed = real, deed

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def remove(self, digest: Digest, **how: Any) -> bool:
        """First the deed."""
        self._deed()
        return self._real.remove(digest, **how)


def test_who_keeps_the_bytes_while_they_are_removed_has_them(either_house: House) -> None:
    house = either_house
    left = house.office.blobs.keep(LEFT)
    found_and_waited(house)
    meanwhile = Meanwhile(house.office.blobs, lambda: house.office.blobs.keep(LEFT))
    done, _ = sweep(replace(house.office, blobs=cast(Blobs, meanwhile)), remove=True)

    assert done.removed == 0 and house.office.blobs.open(left) == LEFT
    assert house.rows(unnamed_files) == [] and house.told("store.swept") == []


def test_what_is_named_again_between_two_looks_stays(either_house: House) -> None:
    """Without being kept anew: a deed that takes a digest from where it stands."""
    house = either_house
    left = house.office.blobs.keep(LEFT)
    found_and_waited(house)

    class Needs:
        """The list, and somebody who commits between the look and the question."""

        def __getattr__(self, name: str) -> object:
            return getattr(house.office.file_needs, name)

        def survey(self, *how: Any) -> Any:
            """First the look, then the deed."""
            seen = house.office.file_needs.survey(*how)
            with house.office.uow() as uow:
                agency = uow.agencies.get(house.ours.agency.id)
                agency.emblem = left
                uow.agencies.save(agency)
                uow.commit()
            return seen

    needs: Any = Needs()
    assert sweep(replace(house.office, file_needs=needs), remove=True)[0].removed == 0
    assert house.office.blobs.has(left) and house.rows(unnamed_files) == []


def test_what_is_missing_is_told_with_what_it_is_of(either_house: House) -> None:
    house = either_house
    file = house.attach(house.draft()).sha256
    assert look(house).missing == 0
    house.office.blobs.remove(file, unless_after=house.clock.now() + SOON)
    found, missing = sweep(house.office, remove=False)

    assert (found.missing, found.words) == (1, "ไฟล์ของหนังสือ 1")
    assert [(one.sha256, one.what) for one in missing] == [(file, "ไฟล์ของหนังสือ")]
    assert "ไฟล์หาย ๑ ไฟล์" in sweeping.in_words(found)


def test_a_missing_page_that_json_names_is_told(either_house: House) -> None:
    house = either_house
    page, letter = house.office.blobs.keep(b"%PDF of a letter"), house.draft()
    said = {"sha256": page.hex, "name": "หนังสือ.pdf", "pages": 1}
    with house.real.writing.begin() as connection:
        connection.execute(update(letters).where(letters.c.id == letter).values(ready=said))
    found_and_waited(house)
    assert (found := look(house)).missing == found.removed == 0 and house.office.blobs.has(page)

    house.office.blobs.remove(page, unless_after=house.clock.now())
    assert look(house).words == "ไฟล์ที่เป็นตัวหนังสือ 1"


@pytest.mark.parametrize("most", [1, 100_000])
def test_a_large_store_is_looked_at_in_parts(either_house: House, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    house = either_house
    monkeypatch.setattr(file_needs, "MOST_AT_ONCE", most)
    monkeypatch.setattr(sweeping, "AT_A_TIME", 7)
    letter = house.draft()
    used = {house.attach(letter, name=f"{n}.txt", data=b"used %d" % n).sha256 for n in range(20)}
    left = {house.office.blobs.keep(b"left %d" % n) for n in range(30)}
    found_and_waited(house)
    done = look(house)

    assert done.removed == len(left) == sum(one["values"]["files"] for one in house.told("store.swept")) / 2
    assert all(house.office.blobs.has(one) for one in used) and not any(map(house.office.blobs.has, left))


def test_two_workers_at_once_remove_and_count_each_file_once(either_house: House) -> None:
    house = either_house
    for number in range(40):
        house.office.blobs.keep(b"left %d" % number)
    found_and_waited(house)
    done: list[SweepTrace] = []
    workers = [Thread(target=lambda: done.append(look(house))) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(one.removed for one in done) == 40
    assert sum(one["values"]["files"] for one in house.told("store.swept")) == 80, "of two agencies"
    assert look(house).removed == 0 and house.rows(unnamed_files) == [], "whoever marked late what the other removed"


class Mortal:
    """A store of files whose owner dies when one has just left the disk."""

    def __init__(self, real: Blobs, after: bool) -> None:
        self._real, self._after = real, after

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def remove(self, digest: Digest, **how: Any) -> bool:
        """The last that it does."""
        if self._after:
            self._real.remove(digest, **how)
        os.kill(os.getpid(), signal.SIGKILL)
        return True


def _work(settings: Settings, clock: FixedClock, after: bool) -> None:
    office = build(settings, clock=clock).services
    sweep(replace(office, blobs=cast(Blobs, Mortal(office.blobs, after))), remove=True)


@pytest.mark.parametrize("after", [False, True])
def test_what_a_killed_sweep_began_is_ended_and_noted_by_the_next(either_house: House, after: bool) -> None:
    house = either_house
    left = [house.office.blobs.keep(b"left %d" % number) for number in range(3)]
    found_and_waited(house)
    process = _born.Process(target=_work, args=(house.real.settings, house.clock, after))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert sum(map(house.office.blobs.has, left)) == 3 - after and house.told("store.swept") == []

    assert look(house, remove=False).removed == 0
    assert look(house).removed == 3 and not any(map(house.office.blobs.has, left))
    assert [one["values"]["files"] for one in house.told("store.swept")] == [3, 3]


def test_a_long_look_and_a_long_removal_keep_the_lease(house: House) -> None:
    for number in range(3):
        house.office.blobs.keep(b"left %d" % number)
    found_and_waited(house)
    again, told, asked = threading.Event(), [], []

    class Slow:
        """Answers each question when somebody was told again that the work goes on."""

        def __getattr__(self, name: str) -> Any:
            def slow(*how: Any) -> Any:
                again.clear()
                assert again.wait(20), name
                asked.append(name)
                return getattr(house.office.file_needs, name)(*how)

            return slow

    def tell(done: int, total: int) -> None:
        told.append((done, total))
        again.set()

    needs: Any = Slow()
    office = replace(house.office, lease=timedelta(seconds=0.02), file_needs=needs)
    assert sweep(office, remove=True, told=tell)[0].removed == 3
    assert asked == ["survey", "needed", "named"] and told[0] == (0, 3) and told[-1] == (3, 3)
    assert len(told[told.index((2, 3)) :]) > 1 + 1 + 3, "and with every file that is removed"


class Stubborn:
    """A disk that does not let one file go."""

    def __init__(self, real: Blobs, held: Digest) -> None:
        self._real, self._held = real, held

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def remove(self, digest: Digest, **how: Any) -> bool:
        """As a folder that belongs to another user of the machine answers."""
        if digest == self._held:
            raise PermissionError(13, "Permission denied")
        return self._real.remove(digest, **how)


def test_a_file_that_the_disk_does_not_let_go_stops_nothing_else_and_is_told(either_house: House) -> None:
    house = either_house
    left = [house.office.blobs.keep(b"left %d" % number) for number in range(3)]
    found_and_waited(house)
    held = sorted(left, key=str)[0]
    blobs = cast(Blobs, Stubborn(house.office.blobs, held))
    found, _ = sweep(replace(house.office, blobs=blobs), remove=True)

    assert (found.removed, found.stuck) == (2, 1) and "ลบไม่ได้ ๑ ไฟล์" in sweeping.in_words(found)
    assert [one.stuck for one in house.rows(store_sweeps)][-1:] == [1]
    assert [one.sha256 for one in house.rows(unnamed_files)] == [held] and house.office.blobs.has(held)
    assert [one["values"]["files"] for one in house.told("store.swept")] == [2, 2]

    again = look(house)
    assert (again.removed, again.stuck) == (1, 0) and house.rows(unnamed_files) == []


def test_a_look_of_a_clock_that_was_ahead_is_not_the_newest(either_house: House) -> None:
    house, admin = either_house, either_house.ours["admin"]
    now = house.clock.now()
    house.clock.pass_by(timedelta(days=400))
    look(house)
    house.clock.move_to(now)
    true = look(house)
    with house.office.uow() as uow:
        assert uow.sweeps.last(house.clock.now()) == true
    with house.real.reading.connect() as reader:
        assert last_sweep(reader, admin, house.clock.now()) == true


def left_behind(house: House, number: int) -> list[Digest]:
    """So many files that nothing names, for long enough."""
    left = [house.office.blobs.keep(b"left %d" % one) for one in range(number)]
    found_and_waited(house)
    return left


def test_by_night_nothing_goes_when_it_is_implausibly_much_until_a_person_says_so(either_house: House) -> None:
    """As in a store that is looked at beside the database of another."""
    house, left = either_house, left_behind(either_house, PLAUSIBLE + 1)
    assert sweep_nightly(house.office) == 0 and all(map(house.office.blobs.has, left))
    with house.office.uow() as uow:
        found = uow.sweeps.last(house.clock.now())
    assert found is not None and found.held_back and (found.ripe, found.removed) == (len(left), 0)

    assert look(house).removed == len(left)


def test_by_night_goes_what_is_little_or_a_small_part_of_all(house: House) -> None:
    left_behind(house, PLAUSIBLE)
    assert sweep_nightly(house.office) == PLAUSIBLE
    assert is_too_much(PLAUSIBLE + 1, 4 * PLAUSIBLE) and not is_too_much(PLAUSIBLE + 1, 4 * (PLAUSIBLE + 1))


def test_the_worker_looks_once_a_night_and_by_day_when_it_was_long_ago(house: House) -> None:
    house.clock.pass_by(timedelta(hours=1))
    assert sweep_nightly(house.office) == 0 and len(house.rows(store_sweeps)) == 1
    house.clock.pass_by(timedelta(hours=1))
    sweep_nightly(house.office)
    assert len(house.rows(store_sweeps)) == 1, "of this day"
    house.clock.pass_by(timedelta(hours=24))
    sweep_nightly(house.office)
    assert len(house.rows(store_sweeps)) == 1, "not by day"
    house.clock.pass_by(timedelta(hours=12))
    sweep_nightly(house.office)
    assert len(house.rows(store_sweeps)) == 2


def test_a_removed_signature_picture_goes(either_house: House) -> None:
    house = either_house
    kept = house.office.blobs.keep(b"picture")
    head = house.ours["head"]
    with house.office.uow() as uow:
        assert head.person_id is not None
        person = uow.people.get(head.person_id)
        person.signature_picture = kept
        uow.people.save(person)
        uow.commit()
    found_and_waited(house)
    assert look(house).removed == 0 and picturing.open_picture(house.office, actor=head) == b"picture"

    picturing.remove_picture(house.office, actor=head)
    found_and_waited(house)
    assert look(house).removed == 1 and not house.office.blobs.has(kept), "though the journal names it"
