"""Backup and restore: the whole installation into a folder that grows by what is new, and back into an empty place.

A folder of backups holds `blobs/` (files by digest, shared by all its backups), `destroyed.txt`, and for each backup a
folder named by its moment with the copy of the database, `files.txt` (the files that belong to it) and `backup.json`,
which is written last: a folder without it is no backup. `keep.json` says for how long backups are kept. Keys never lie
in it. What is done with backups is written down in the database, for the administrator's page.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from saraban import __version__
from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.backups import BackupDeed, BackupMade, BackupRestored, BackupTrace, Keep
from saraban.domain.calendar import BANGKOK
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.usecases.ports import Services
from saraban.usecases.safekeeping import BackupNote, FilesCopied, Told, sha256_of

NOTE, FILES, BLOBS, DESTROYED = "backup.json", "files.txt", "blobs", "destroyed.txt"
KEEP, LOCK = "keep.json", ".lock"
_NAMED = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(-\d+)?")


@dataclass(frozen=True)
class BackedUp:
    """A backup that was made: its folder, what it says of itself, what was copied, how many keys went apart (None when
    they were not asked for) and how many destroyed files were taken out of older backups."""

    folder: Path
    note: BackupNote
    files: FilesCopied
    keys: int | None
    removed: int


@dataclass(frozen=True)
class Restored:
    """What came back: the backup's own note, its files, how many keys (None when no file of keys was given), and how
    many destroyed letters were taken out again."""

    note: BackupNote
    files: FilesCopied
    keys: int | None
    destroyed: int


@dataclass(frozen=True)
class Pruned:
    """What was pruned, and by which rule: the names of the backups that stay and of those that went, how many files
    with how many octets nothing needed any more."""

    keep: Keep
    kept: Sequence[str]
    gone: Sequence[str]
    files: int
    octets: int


def back_up(office: Services, *, folder: Path, keys_file: Path | None, passphrase: str, told: Told) -> BackedUp:
    """Copy database, files and keys while the office works. The database goes first: whatever it names is on the disk
    already, so the files that are copied after it are all that it needs. Files that were destroyed or dropped and only
    wait to be taken off the disk are left out. Raises BadInput when the keys would lie in the folder of the backups,
    RuleBroken when the database cannot be copied."""
    if keys_file is not None and folder.resolve() in (keys_file.resolve(), *keys_file.resolve().parents):
        raise BadInput(
            {"keys": "อยู่ในโฟลเดอร์สำรอง"},
            "ไฟล์กุญแจต้องเก็บแยกจากโฟลเดอร์สำรอง ใครได้ทั้งสองอย่างพร้อมรหัสผ่านก็ลงตราแทนส่วนราชการได้",
        )
    if keys_file is not None:
        office.safe.keys.expect(passphrase)
    with _alone(folder):
        made = _backed_up(office, folder, keys_file, passphrase, told)
    _leave_trace(office, BackupDeed.MADE, made.folder, made.note, faulty=len(made.files.faulty), keys=made.keys)
    return made


def _backed_up(office: Services, folder: Path, keys_file: Path | None, passphrase: str, told: Told) -> BackedUp:
    safe = office.safe
    now = office.clock.now()
    place = _new_place(folder, now.astimezone(BANGKOK).strftime("%Y-%m-%dT%H-%M-%S"))
    copy = place / safe.database.file_name
    going = _going(office)
    safe.database.dump(copy)
    copy.chmod(0o600)
    going &= _going(office)  # nothing needed them before and after, so the copy of the database needs them neither
    files = safe.files.copy_out(folder / BLOBS, place / FILES, going, told)
    keys = safe.keys.pack(keys_file, passphrase) if keys_file is not None else None
    listed = set(safe.destroyed.listed())
    destroyed = _without_what_is_here({*_lines(folder / DESTROYED), *listed}, place / FILES)
    files, destroyed = _with_what_is_needed(
        office, files, destroyed, safe.files.lying(folder / BLOBS, digests_in(destroyed))
    )
    files = _but_for_removed(office, files, listed)
    _write(folder / DESTROYED, "".join(f"{line}\n" for line in destroyed).encode())
    removed = safe.files.remove(folder / BLOBS, digests_in(destroyed))
    note = BackupNote(
        made_at=now.isoformat(),
        version=__version__,
        kind=safe.database.kind,
        database=copy.name,
        database_sha256=sha256_of(copy).hex,
        database_size=copy.stat().st_size,
        list_sha256=sha256_of(place / FILES).hex,
        files=files.copied + files.there,
        octets=files.octets,
    )
    os.sync()
    _write(place / NOTE, note.as_bytes())
    return BackedUp(place, note, files, keys, removed)


def check_backup(office: Services, *, folder: Path, told: Told) -> tuple[Path, BackupNote, FilesCopied]:
    """Read a backup through and compare every digest; nothing is put back. Raises what `restore` raises."""
    place, note = _whole(folder)
    top = place.parent
    without = set(digests_in(_lines(top / DESTROYED)))
    found = office.safe.files.check(top / BLOBS, place / FILES, without, told)
    if not office.safe.database.is_empty():  # also where nothing is installed a backup can be read through
        _leave_trace(office, BackupDeed.CHECKED, place, note, faulty=len(found.faulty))
    return place, note, found


def prune(office: Services, *, folder: Path, keep: Keep | None = None) -> Pruned:
    """Take backups away that are older than is said in the folder, or said now, which holds from then on; and files
    that no backup needs any more. Raises NotFound when there is no backup, RuleBroken when the list of one that stays
    is damaged: then nothing goes."""
    with _alone(folder):
        notes = {place.parent: BackupNote.read(place.read_bytes()) for place in folder.glob(f"*/{NOTE}")}
        if not notes:
            raise NotFound(f"ไม่พบสำเนาสำรองใน {folder}")
        keep = keep or keep_of(folder)
        _write(folder / KEEP, (json.dumps(asdict(keep)) + "\n").encode())
        moments = {place: datetime.fromisoformat(note.made_at) for place, note in notes.items()}
        chosen = keep.chosen(moments.values())
        kept = sorted(place for place, moment in moments.items() if moment in chosen)
        for place in kept:
            _whole(place, database=False)
        broken_off = [one for one in folder.iterdir() if _NAMED.fullmatch(one.name) and one not in notes]
        gone = sorted({*(notes.keys() - set(kept)), *broken_off})
        for place in gone:
            (place / NOTE).unlink(missing_ok=True)  # it is no backup any more, whatever stops what follows
            shutil.rmtree(place)
        files, octets = office.safe.files.sweep(folder / BLOBS, [place / FILES for place in kept])
    done = Pruned(keep, [place.name for place in kept], [place.name for place in gone], files, octets)
    _trace_pruned(office, done)
    return done


def restore(
    office: Services, *, folder: Path, keys_file: Path | None, passphrase: str, destroyed: Path | None, told: Told
) -> Restored:
    """Put a backup back into an empty place: files, then the database, whole or not at all, then keys, so that a
    restore that broke off before can be done again. `folder` is one backup, or the folder of them, of which the newest
    is taken; `destroyed` is a newer list than the one beside the backup. Raises RuleBroken when the
    place is not empty, when the kinds of database differ or the backup is damaged, WrongPassphrase, NotFound when there
    is no backup."""
    safe = office.safe
    place, note = _whole(folder)
    if note.kind != safe.database.kind:
        raise RuleBroken(f"สำเนานี้เป็นฐานข้อมูล {note.kind} กู้คืนลงใน {safe.database.kind} ไม่ได้ ตั้ง DATABASE_URL ให้ตรงชนิด")
    if not safe.database.is_empty() or not safe.files.is_empty(place / FILES):
        raise RuleBroken("กู้คืนได้เฉพาะที่ว่าง: ฐานข้อมูลหรือที่เก็บไฟล์นี้มีข้อมูลอยู่แล้ว ตั้ง SARABAN_DATA และ DATABASE_URL เป็นที่ใหม่")
    if keys_file is not None:
        if not safe.keys.is_empty():
            raise RuleBroken("กู้คืนได้เฉพาะที่ว่าง: มีกุญแจอยู่ในที่เก็บนี้แล้ว")
        safe.keys.check(keys_file, passphrase)
    lines = sorted({*_lines(place.parent / DESTROYED), *(_lines(destroyed) if destroyed else ())})
    files = safe.files.copy_in(place.parent / BLOBS, place / FILES, set(digests_in(lines)), told)
    if files.faulty:
        raise RuleBroken(
            f"ไฟล์ในสำเนาขาดหรือเสียหาย {len(files.faulty)} ไฟล์ ยังไม่ได้กู้คืนฐานข้อมูล เช่น {', '.join(files.faulty[:3])}",
            code="backup-damaged",
        )
    safe.database.restore(place / note.database)
    keys = safe.keys.unpack(keys_file, passphrase) if keys_file is not None else None
    gone = safe.destroyed.apply(lines)
    _leave_trace(office, BackupDeed.RESTORED, place, note, keys=keys, destroyed=gone)
    return Restored(note, files, keys, gone)


def master_key(office: Services, *, keys_file: Path, passphrase: str) -> str:
    """The master key that a file of keys holds, for a new machine on which it has to be set."""
    return office.safe.keys.master_key(keys_file, passphrase)


def digests_in(lines: Sequence[str]) -> list[str]:
    """The files that a list of the destroyed names."""
    return [line.removeprefix("file ") for line in lines if line.startswith("file ")]


def _leave_trace(
    office: Services,
    deed: BackupDeed,
    place: Path,
    note: BackupNote,
    *,
    faulty: int = 0,
    keys: int | None = None,
    destroyed: int = 0,
) -> None:
    """What was done with a backup; that one was taken away or put back, the journal of every agency tells, too."""
    now = office.clock.now()
    octets = note.octets + note.database_size
    trace = BackupTrace(uuid4(), deed, now, place.name, note.files, octets, faulty, keys is not None)
    agencies = office.hosted()
    with office.uow() as uow:
        uow.backups.add(trace)
        for agency_id, _ in agencies:
            by = Actor.gateway(agency_id)
            if deed is BackupDeed.MADE:
                copy, listed = Digest(note.database_sha256), Digest(note.list_sha256)
                uow.record(BackupMade(at=now, by=by, thing_id=trace.id, database=copy, listed=listed, files=note.files))
            elif deed is BackupDeed.RESTORED:
                uow.record(BackupRestored(at=now, by=by, thing_id=trace.id, made_at=note.made_at, destroyed=destroyed))
        uow.commit()


def _trace_pruned(office: Services, done: Pruned) -> None:
    keep = done.keep
    words = f"เหลือ {len(done.kept)} สำเนา ลบ {len(done.gone)} สำเนา "
    words += f"เก็บ {keep.days} วัน {keep.weeks} สัปดาห์ {keep.months} เดือน"
    now = office.clock.now()
    with office.uow() as uow:
        uow.backups.add(
            BackupTrace(uuid4(), BackupDeed.PRUNED, now, done.kept[-1], done.files, done.octets, words=words)
        )
        uow.commit()


def keep_of(folder: Path) -> Keep:
    """What the folder says, else what is usual."""
    path = folder / KEEP
    try:
        return (
            Keep(**{name: int(count) for name, count in json.loads(path.read_bytes()).items()})
            if path.exists()
            else Keep()
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise BadInput({"keep": "อ่านไม่ได้"}, f"{KEEP} อ่านไม่ได้ กำหนดใหม่ด้วย --days --weeks --months") from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One at a time makes or prunes backups in a folder: what is copied for one must not be swept up by another."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RuleBroken(f"กำลังสำรองหรือลบสำเนาใน {folder} อยู่", code="backup-busy") from error
        yield


def _whole(folder: Path, *, database: bool = True) -> tuple[Path, BackupNote]:
    """The backup that is meant, after its copy of the database and its list were compared with what it says."""
    place = folder if (folder / NOTE).exists() else max(folder.glob(f"*/{NOTE}"), default=folder / NOTE).parent
    if not (place / NOTE).exists():
        raise NotFound(f"ไม่พบสำเนาสำรองใน {folder}")
    note = BackupNote.read((place / NOTE).read_bytes())
    if Path(note.database).name != note.database:
        raise BadInput({"folder": "ไม่ใช่สำเนาสำรอง"}, "backup.json ระบุชื่อไฟล์ฐานข้อมูลที่ไม่ถูกแบบ")
    copies = [(note.database, note.database_sha256)] if database else []
    for name, digest in (*copies, (FILES, note.list_sha256)):
        if not (place / name).exists() or sha256_of(place / name).hex != digest:
            raise RuleBroken(f"สำเนาสำรองเสียหาย: {name} ไม่ตรงกับค่าแฮชที่บันทึกไว้ ให้ใช้สำเนาของวันอื่น", code="backup-damaged")
    return place, note


def _new_place(folder: Path, name: str) -> Path:
    for number in range(1, 1000):
        place = folder / (name if number == 1 else f"{name}-{number}")
        if not place.exists():
            place.mkdir(mode=0o700, parents=True)
            return place
    raise RuleBroken("ตั้งชื่อโฟลเดอร์ของสำเนาไม่ได้")


def _going(office: Services) -> set[str]:
    return {digest.hex for digest in office.file_needs.going()}


def _with_what_is_needed(
    office: Services, files: FilesCopied, destroyed: list[str], lying: Sequence[str]
) -> tuple[FilesCopied, list[str]]:
    """What was destroyed, came again and was then lost or spoiled by the disk is a fault. What older backups have of it
    (`lying`) is the last good copy: no line of the destroyed names it."""
    asked = {Digest(digest) for digest in {*lying, *files.faulty}}
    needed = office.file_needs.needed(asked)
    lost = {digest.hex for digest in needed if not office.blobs.has(digest)}
    lines = {f"file {digest}" for digest in needed}
    faulty = sorted({*files.faulty, *lost})
    return replace(files, faulty=faulty), [line for line in destroyed if line not in lines]


def _but_for_removed(office: Services, files: FilesCopied, listed: set[str]) -> FilesCopied:
    """What was destroyed or dropped while the files were copied, and went off the disk, is no fault of the backup."""
    if not files.faulty:
        return files
    faulty = {Digest(digest) for digest in files.faulty}
    needed = office.file_needs.needed(faulty)
    gone = {digest.hex for digest in faulty - needed if not office.blobs.has(digest)}
    gone |= {*digests_in(sorted(listed)), *_going(office)} - {digest.hex for digest in needed}
    left = [digest for digest in files.faulty if digest not in gone]
    return replace(files, faulty=left, left_out=files.left_out + len(files.faulty) - len(left))


def _without_what_is_here(lines: set[str], files: Path) -> list[str]:
    """The list of the destroyed without files that this backup holds: the same bytes came again and are needed. Those
    that only wait to be taken off the disk it does not hold."""
    with files.open(encoding="ascii") as here:
        again = {named for line in here if (named := f"file {line.strip()}") in lines}
    return sorted(lines - again)


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line.strip() for line in lines if line.strip()]


def _write(path: Path, data: bytes) -> None:
    making = path.with_name(path.name + ".new")
    with making.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    making.replace(path)
