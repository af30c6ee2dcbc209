"""Backup and restore: the whole installation into a folder that grows by what is new, and back into an empty place.

A folder of backups holds `blobs/` (files by digest, shared by all its backups), `destroyed.txt`, and for each backup a
folder named by its moment with the copy of the database, `files.txt` (the files that belong to it) and `backup.json`,
which is written last: a folder without it is no backup. Keys never lie in it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from saraban import __version__
from saraban.domain.calendar import BANGKOK
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.usecases.ports import Services
from saraban.usecases.safekeeping import BackupNote, FilesCopied, Told, sha256_of

NOTE, FILES, BLOBS, DESTROYED = "backup.json", "files.txt", "blobs", "destroyed.txt"


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


def back_up(office: Services, *, folder: Path, keys_file: Path | None, passphrase: str, told: Told) -> BackedUp:
    """Copy database, files and keys while the office works. The database goes first: whatever it names is on the disk
    already, so the files that are copied after it are all that it needs. Raises BadInput when the keys would lie in the
    folder of the backups, RuleBroken when the database cannot be copied."""
    safe = office.safe
    if keys_file is not None and folder.resolve() in (keys_file.resolve(), *keys_file.resolve().parents):
        raise BadInput(
            {"keys": "อยู่ในโฟลเดอร์สำรอง"},
            "ไฟล์กุญแจต้องเก็บแยกจากโฟลเดอร์สำรอง ใครได้ทั้งสองอย่างพร้อมรหัสผ่านก็ลงตราแทนส่วนราชการได้",
        )
    now = office.clock.now()
    place = _new_place(folder, now.astimezone(BANGKOK).strftime("%Y-%m-%dT%H-%M-%S"))
    copy = place / safe.database.file_name
    safe.database.dump(copy)
    files = safe.files.copy_out(folder / BLOBS, place / FILES, told)
    keys = safe.keys.pack(keys_file, passphrase) if keys_file is not None else None
    destroyed = _without_what_is_here({*_lines(folder / DESTROYED), *safe.destroyed.listed()}, place / FILES)
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
    return place, note, office.safe.files.check(top / BLOBS, place / FILES, without, told)


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
    return Restored(note, files, keys, safe.destroyed.apply(lines))


def master_key(office: Services, *, keys_file: Path, passphrase: str) -> str:
    """The master key that a file of keys holds, for a new machine on which it has to be set."""
    return office.safe.keys.master_key(keys_file, passphrase)


def digests_in(lines: Sequence[str]) -> list[str]:
    """The files that a list of the destroyed names."""
    return [line.removeprefix("file ") for line in lines if line.startswith("file ")]


def _whole(folder: Path) -> tuple[Path, BackupNote]:
    """The backup that is meant, after its copy of the database and its list were compared with what it says."""
    place = folder if (folder / NOTE).exists() else max(folder.glob(f"*/{NOTE}"), default=folder / NOTE).parent
    if not (place / NOTE).exists():
        raise NotFound(f"ไม่พบสำเนาสำรองใน {folder}")
    note = BackupNote.read((place / NOTE).read_bytes())
    if Path(note.database).name != note.database:
        raise BadInput({"folder": "ไม่ใช่สำเนาสำรอง"}, "backup.json ระบุชื่อไฟล์ฐานข้อมูลที่ไม่ถูกแบบ")
    for name, digest in ((note.database, note.database_sha256), (FILES, note.list_sha256)):
        if not (place / name).exists() or sha256_of(place / name).hex != digest:
            raise RuleBroken(f"สำเนาสำรองเสียหาย: {name} ไม่ตรงกับค่าแฮชที่บันทึกไว้ ให้ใช้สำเนาของวันอื่น", code="backup-damaged")
    return place, note


def _new_place(folder: Path, name: str) -> Path:
    for number in range(1, 1000):
        place = folder / (name if number == 1 else f"{name}-{number}")
        if not place.exists():
            place.mkdir(parents=True)
            return place
    raise RuleBroken("ตั้งชื่อโฟลเดอร์ของสำเนาไม่ได้")


def _without_what_is_here(lines: set[str], files: Path) -> list[str]:
    """The list of the destroyed without files that the store holds: the same bytes came again with another letter."""
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
