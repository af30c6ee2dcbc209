"""Backup while the office works, and restore into an empty place, over SQLite and over PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast
from uuid import uuid4

import pytest
from sqlalchemy import select

from saraban.bootstrap import Office, build
from saraban.domain.attachment import Digest
from saraban.domain.backups import BackupDeed, Keep
from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken, WrongPassphrase
from saraban.reading.backups import backups
from saraban.storage import blob_copies
from saraban.storage.tables.registers import entries
from saraban.usecases import backing_up, drafting
from saraban.usecases.archive import Destroyed
from saraban.usecases.auditing import verify_journals, verify_registers
from saraban.usecases.backing_up import BackedUp, back_up, check_backup, prune
from saraban.usecases.kept_files import GRACE, remove_files
from saraban.usecases.registering import register_letter
from saraban.usecases.safekeeping import DatabaseCopier
from tests.usecases.house import MASTER_KEY, House

WORD = "รหัสของผู้ดูแลระบบสารบรรณ"


def _quiet(_done: int, _total: int) -> None:
    pass


def _make(house: House, tmp_path: Path) -> BackedUp:
    return back_up(
        house.office, folder=tmp_path / "copies", keys_file=tmp_path / "apart/keys", passphrase=WORD, told=_quiet
    )


def _restore(office: Office, tmp_path: Path, folder: Path | None = None, **more: Path) -> backing_up.Restored:
    return backing_up.restore(
        office.services,
        folder=folder or tmp_path / "copies",
        keys_file=tmp_path / "apart/keys",
        passphrase=WORD,
        destroyed=more.get("destroyed"),
        told=_quiet,
    )


@contextmanager
def _elsewhere(house: House, place: Path, url: str, master_key: str = MASTER_KEY) -> Iterator[Office]:
    office = build(
        replace(house.real.settings, data_folder=place, database_url=url, master_key=master_key), clock=house.clock
    )
    yield office
    office.close()


def _register(house: House) -> None:
    register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=house.incoming().id)


def _serials(office: Office) -> list[int]:
    with office.reading.connect() as connection:
        return list(connection.execute(select(entries.c.serial).order_by(entries.c.serial)).scalars())


def test_what_is_backed_up_while_clerks_register_comes_back_without_a_gap(
    either_house: House, empty_database_url: str, tmp_path: Path
) -> None:
    house, stop, registered = either_house, threading.Event(), threading.Event()
    house.attach(house.draft(), data=b"enclosure")

    def work() -> None:
        while not stop.is_set():
            _register(house)
            registered.set()

    clerk = threading.Thread(target=work)
    clerk.start()
    assert registered.wait(20)
    made = _make(house, tmp_path)
    stop.set()
    clerk.join()
    with _elsewhere(house, tmp_path / "new", empty_database_url) as office:
        back = _restore(office, tmp_path)
        found = verify_registers(office.services, agency_id=house.ours.agency.id)
        journals = verify_journals(office.services)
        serials = _serials(office)
        files = sorted(path.name for path in office.settings.blobs_folder.glob("??/*"))
        officers = sorted(path.name for path in (office.settings.keys_folder / "officers").iterdir())

    assert serials == list(range(1, len(serials) + 1)) and serials
    assert found.sound and not any(report.breaks for report in journals)
    assert len(files) == made.note.files == back.note.files >= 1
    assert set(files) <= {path.name for path in house.real.settings.blobs_folder.glob("??/*")}
    assert (made.keys, back.keys) == (1, 1) and officers == [f"{house.ours['head'].person_id}.p12"]
    assert MASTER_KEY not in (tmp_path / "apart/keys").read_text()


def test_the_next_backup_copies_only_what_is_new(house: House, tmp_path: Path) -> None:
    letter = house.draft()
    house.attach(letter, data=b"first")
    first = _make(house, tmp_path)
    house.attach(letter, name="ใหม่.txt", data=b"second")
    second = _make(house, tmp_path)

    assert first.files.copied == first.note.files and first.files.there == 0
    assert (second.files.copied, second.files.there) == (second.note.files - first.note.files, first.note.files)
    assert first.folder != second.folder, "also in the same second"
    place, note, files = check_backup(house.office, folder=tmp_path / "copies", told=_quiet)
    assert (place, files.there, files.faulty) == (second.folder, note.files, [])


def test_nothing_is_restored_over_an_installation_that_holds_something(house: House, tmp_path: Path) -> None:
    _register(house)
    _make(house, tmp_path)

    with pytest.raises(RuleBroken, match="เฉพาะที่ว่าง"):
        _restore(house.real, tmp_path)
    with _elsewhere(house, tmp_path / "new", f"sqlite:///{tmp_path / 'new.db'}") as office:
        office.services.blobs.keep(b"of somebody else")
        with pytest.raises(RuleBroken, match="เฉพาะที่ว่าง"):
            _restore(office, tmp_path)


def test_a_restore_that_broke_off_among_the_files_is_done_again(house: House, tmp_path: Path) -> None:
    house.attach(house.draft(), data=b"a file")
    made = _make(house, tmp_path)
    with _elsewhere(house, tmp_path / "new", f"sqlite:///{tmp_path / 'new.db'}") as office:
        kept = office.services.blobs.keep(b"a file")
        half = sorted(path.name for path in house.real.settings.blobs_folder.glob("??/*") if path.name != kept.hex)[0]
        (office.settings.blobs_folder / half[:2]).mkdir(exist_ok=True)
        (office.settings.blobs_folder / half[:2] / half).write_bytes(b"half of it")
        back = _restore(office, tmp_path)
        whole = Digest.of((office.settings.blobs_folder / half[:2] / half).read_bytes())

    assert (back.files.there, back.files.copied) == (1, made.note.files - 1)
    assert whole.hex == half


def test_a_damaged_copy_is_not_restored_and_says_what_is_damaged(house: House, tmp_path: Path) -> None:
    attached = house.attach(house.draft(), data=b"a file")
    made = _make(house, tmp_path)
    blob = tmp_path / "copies/blobs" / attached.sha256.hex[:2] / attached.sha256.hex
    blob.chmod(0o600)
    blob.write_bytes(b"b file")
    with _elsewhere(house, tmp_path / "new", f"sqlite:///{tmp_path / 'new.db'}") as office:
        with pytest.raises(RuleBroken, match=attached.sha256.hex):
            _restore(office, tmp_path)
        assert office.services.safe.database.is_empty()
    assert check_backup(house.office, folder=made.folder, told=_quiet)[2].faulty == [attached.sha256.hex]

    (made.folder / made.note.database).write_bytes(b"no database")
    with pytest.raises(RuleBroken, match=r"database\.sqlite"):
        check_backup(house.office, folder=made.folder, told=_quiet)


class _List:
    """Things that were destroyed, as the archive tells them."""

    def __init__(self, *lines: str) -> None:
        self.lines, self.applied = lines, [""]

    def listed(self) -> Sequence[str]:
        return self.lines

    def apply(self, lines: Sequence[str]) -> int:
        self.applied = list(lines)
        return sum(line.startswith("letter ") for line in lines)


def test_what_was_destroyed_after_the_backup_does_not_come_back(house: House, tmp_path: Path) -> None:
    letter = house.draft()
    gone, later = house.office.blobs.keep(b"gone").hex, house.attach(letter, data=b"gone later").sha256.hex
    first = _make(house, tmp_path)
    destroyed = _List(f"file {gone}", f"letter {letter}")
    house.real.services.safe.files.remove(house.real.settings.blobs_folder, [gone])
    house.real = replace(
        house.real, services=replace(house.office, safe=replace(house.office.safe, destroyed=destroyed))
    )
    second = _make(house, tmp_path)
    newer = tmp_path / "destroyed.txt"
    newer.write_text(f"file {later}\n")
    with _elsewhere(house, tmp_path / "new", f"sqlite:///{tmp_path / 'new.db'}") as office:
        services = replace(office.services, safe=replace(office.services.safe, destroyed=destroyed))
        back = _restore(replace(office, services=services), tmp_path, first.folder, destroyed=newer)
        here = {path.name for path in office.settings.blobs_folder.glob("??/*")}

    assert second.removed == 1 and not (tmp_path / "copies/blobs" / gone[:2] / gone).exists()
    assert not {gone, later} & here and back.files.left_out == 2
    assert back.destroyed == 1 and destroyed.applied == sorted([f"file {gone}", f"file {later}", f"letter {letter}"])


def test_bytes_that_came_again_after_they_were_destroyed_are_backed_up(house: House, tmp_path: Path) -> None:
    again = house.attach(house.draft(), data=b"came again").sha256.hex
    house.real = replace(
        house.real, services=replace(house.office, safe=replace(house.office.safe, destroyed=_List(f"file {again}")))
    )
    made = _make(house, tmp_path)

    assert made.removed == 0 and (tmp_path / "copies/destroyed.txt").read_text() == ""
    assert (tmp_path / "copies/blobs" / again[:2] / again).exists()


@pytest.mark.parametrize("spoilt", [False, True])
def test_the_last_good_copy_of_what_came_again_and_the_disk_has_lost_stays_in_the_backups(
    house: House, tmp_path: Path, spoilt: bool
) -> None:
    again = house.attach(house.draft(), data=b"came again").sha256
    with house.office.uow() as uow:
        uow.disposals.note(Destroyed(0, house.ours.agency.id, uuid4(), uuid4(), None, again, house.clock.now()))
        uow.commit()
    assert _make(house, tmp_path).files.faulty == []
    blob = house.real.settings.blobs_folder / again.hex[:2] / again.hex
    blob.chmod(0o600)
    blob.write_bytes(b"came") if spoilt else blob.unlink()
    made = _make(house, tmp_path)

    assert (made.files.faulty, made.removed) == ([again.hex], 0)
    assert (tmp_path / "copies/blobs" / again.hex[:2] / again.hex).read_bytes() == b"came again"
    assert f"file {again.hex}" not in (tmp_path / "copies/destroyed.txt").read_text()


def test_files_that_only_wait_to_be_taken_off_the_disk_are_in_no_backup(either_house: House, tmp_path: Path) -> None:
    house, blobs = either_house, either_house.office.blobs
    used, dropped = house.attach(house.draft(), data=b"in use").sha256, blobs.keep(b"harmful")
    gone = Destroyed(0, house.ours.agency.id, uuid4(), uuid4(), None, blobs.keep(b"destroyed"), house.clock.now())
    earlier = _make(house, tmp_path)
    with house.office.uow() as uow:
        uow.disposals.drop([dropped, used], house.clock.now())
        uow.disposals.note(gone)
        uow.commit()
    made = _make(house, tmp_path)

    listed = (made.folder / "files.txt").read_text()
    assert used.hex in listed and not any(one.hex in listed for one in (dropped, gone.sha256) if one is not None)
    assert (made.note.files, made.files.left_out) == (earlier.note.files - 2, 2)
    assert f"file {gone.sha256}" in (tmp_path / "copies/destroyed.txt").read_text() and made.removed == 1
    assert check_backup(house.office, folder=made.folder, told=_quiet)[2].faulty == []


def test_a_virus_that_was_copied_before_it_was_found_leaves_the_backups_with_the_next(
    either_house: House, tmp_path: Path
) -> None:
    house, blobs = either_house, either_house.office.blobs
    virus, other = blobs.keep(b"virus"), blobs.keep(b"not needed any more")
    first = _make(house, tmp_path)
    house.clock.pass_by(GRACE)
    with house.office.uow() as uow:
        uow.disposals.drop([virus], house.clock.now(), harmful=True)
        uow.disposals.drop([other], house.clock.now())
        uow.commit()
    house.clock.pass_by(timedelta(seconds=1))
    assert remove_files(house.office) == 2
    assert _make(house, tmp_path).removed == 1
    copied = {path.name for path in (tmp_path / "copies/blobs").rglob("*") if path.is_file()}
    assert virus.hex not in copied and other.hex in copied

    _, _, found = check_backup(house.office, folder=first.folder, told=_quiet)
    assert (found.faulty, found.left_out) == ([], 1), "it is no fault of the older one"
    assert blobs.keep(b"virus") == virus
    assert _make(house, tmp_path).removed == 0


def test_what_is_dropped_while_the_database_is_copied_is_in_the_backup(house: House, tmp_path: Path) -> None:
    waiting = house.office.blobs.keep(b"still named by the copy of the database")

    class Meanwhile:
        """A database during whose copying a file is dropped."""

        def __getattr__(self, name: str) -> object:
            return getattr(house.office.safe.database, name)

        def dump(self, to: Path) -> None:
            house.office.safe.database.dump(to)
            with house.office.uow() as uow:
                uow.disposals.drop([waiting], house.clock.now())
                uow.commit()

    safe = replace(house.office.safe, database=cast(DatabaseCopier, Meanwhile()))
    made = back_up(
        replace(house.office, safe=safe), folder=tmp_path / "copies", keys_file=None, passphrase="", told=_quiet
    )

    assert waiting.hex in (made.folder / "files.txt").read_text() and made.files.left_out == 0


def test_what_is_removed_while_the_files_are_copied_is_no_fault(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs, copy = house.office.blobs, blob_copies._copy
    lost = house.attach(house.draft(), data=b"lost by the disk").sha256
    dropped, waiting, burnt = blobs.keep(b"dropped"), blobs.keep(b"dropped, its row waits"), blobs.keep(b"burnt")
    gone = Destroyed(0, house.ours.agency.id, uuid4(), uuid4(), None, burnt, house.clock.now())

    def copied(source: Path, target: Path, digest: str) -> tuple[str, int | None]:
        if digest in {one.hex for one in (lost, dropped, waiting, burnt)}:
            source.unlink()
            with house.office.uow() as uow:
                if digest == waiting.hex:
                    uow.disposals.drop([waiting], house.clock.now())
                if digest == burnt.hex:
                    uow.disposals.note(gone)
                uow.commit()
        return copy(source, target, digest)

    monkeypatch.setattr(blob_copies, "_copy", copied)
    made = _make(house, tmp_path)

    assert made.files.faulty == [lost.hex], "what is needed and not there is a fault"
    assert made.files.left_out == 3 and not blobs.has(dropped)


def test_keys_go_apart_under_a_passphrase_that_nobody_guesses(house: House, tmp_path: Path) -> None:
    inside = tmp_path / "copies/keys"
    with pytest.raises(BadInput, match="แยก"):
        back_up(house.office, folder=tmp_path / "copies", keys_file=inside, passphrase=WORD, told=_quiet)
    with pytest.raises(BadInput, match="12"):
        back_up(house.office, folder=tmp_path / "copies", keys_file=tmp_path / "k", passphrase="short", told=_quiet)
    assert not list(tmp_path.glob("copies/*")), "nothing was copied for it"
    made = _make(house, tmp_path)
    assert (made.folder.stat().st_mode & 0o777, (made.folder / made.note.database).stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )
    keys = tmp_path / "apart/keys"

    assert keys.stat().st_mode & 0o777 == 0o600
    assert backing_up.master_key(house.office, keys_file=keys, passphrase=WORD) == MASTER_KEY
    with pytest.raises(WrongPassphrase):
        backing_up.master_key(house.office, keys_file=keys, passphrase=WORD + "x")
    with (
        _elsewhere(house, tmp_path / "new", f"sqlite:///{tmp_path / 'new.db'}", "another" * 6) as office,
        pytest.raises(RuleBroken, match="SARABAN_MASTER_KEY"),
    ):
        _restore(office, tmp_path)
    keys.write_text("{}")
    with pytest.raises(BadInput, match="ไม่ใช่ไฟล์กุญแจ"):
        backing_up.master_key(house.office, keys_file=keys, passphrase=WORD)


def test_a_folder_that_is_no_backup_and_another_kind_of_database_are_named(house: House, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="ไม่พบสำเนา"):
        check_backup(house.office, folder=tmp_path / "nothing", told=_quiet)
    made = _make(house, tmp_path)
    note = made.folder / "backup.json"
    note.write_text(note.read_text().replace('"sqlite"', '"postgresql"'))
    with pytest.raises(RuleBroken, match="DATABASE_URL"):
        _restore(house.real, tmp_path)
    note.write_text("{")
    with pytest.raises(BadInput, match=r"backup\.json"):
        _restore(house.real, tmp_path)


def test_old_backups_go_by_the_rule_in_the_folder_and_with_them_what_only_they_needed(
    either_house: House, tmp_path: Path
) -> None:
    house, letter, folder = either_house, either_house.draft(), tmp_path / "copies"
    only_first = house.attach(letter, data=b"of the first day").sha256
    made = [_make(house, tmp_path)]
    drafting.detach_file(house.office, actor=house.ours["clerk"], letter_id=letter, sha256=only_first)
    house.office.blobs.remove(only_first, unless_after=house.clock.now())
    for _ in range(3):
        house.clock.pass_by(timedelta(days=1))
        made.append(_make(house, tmp_path))
    (folder / "2026-11-01T00-00-00").mkdir()  # broke off
    (folder / "notes of the administrator").mkdir()
    done = prune(house.office, folder=folder, keep=Keep(days=2, weeks=0, months=0))
    again = prune(house.office, folder=folder)

    assert [folder / name for name in done.kept] == [one.folder for one in made[2:]]
    assert sorted(done.gone) == ["2026-11-01T00-00-00", made[0].folder.name, made[1].folder.name]
    assert done.files == 1 and not (folder / "blobs" / only_first.hex[:2] / only_first.hex).exists()
    assert (again.keep, again.gone, again.files) == (Keep(2, 0, 0), [], 0)
    assert check_backup(house.office, folder=folder, told=_quiet)[2].faulty == []
    assert (folder / "notes of the administrator").is_dir()
    (made[3].folder / "files.txt").write_text("")
    with pytest.raises(RuleBroken, match=r"files\.txt"):
        prune(house.office, folder=folder, keep=Keep(1, 0, 0))
    assert made[2].folder.is_dir()


def test_what_is_done_with_backups_is_written_down(house: House, tmp_path: Path) -> None:
    made = _make(house, tmp_path)
    house.clock.pass_by(timedelta(minutes=5))
    check_backup(house.office, folder=tmp_path / "copies", told=_quiet)
    with _elsewhere(house, tmp_path / "new", f"sqlite:///{tmp_path / 'new.db'}") as office:
        _restore(office, tmp_path)
        with office.reading.connect() as reader:
            there = backups(reader, house.ours["admin"])
        assert not any(report.breaks for report in verify_journals(office.services))
    with house.real.reading.connect() as reader:
        here = backups(reader, house.ours["admin"])
        with pytest.raises(NotPermitted):
            backups(reader, house.ours["records"])

    assert here.last is not None and here.check is not None
    assert (here.last.backup, here.last.keys, here.check.faulty) == (made.folder.name, True, 0)
    assert not here.late(house.clock.now()) and here.late(house.clock.now() + timedelta(days=3))
    assert [trace.deed for trace in there.traces] == [BackupDeed.RESTORED]
    assert house.told("backup.made")[0]["values"]["listed"] == made.note.list_sha256
