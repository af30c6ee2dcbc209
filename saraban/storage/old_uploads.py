"""What an administrator sends from an old system: a sheet, files, and ZIPs of them, laid into a folder on the disk.

Everything goes into a folder of its own first and is moved when all of it is sound, so that what is refused leaves
nothing behind. A ZIP is believed nothing: each part is counted as it is unpacked, and none leaves the folder.
"""

from __future__ import annotations

import os
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast
from uuid import uuid4

from saraban.domain.attachment import safe_name
from saraban.domain.errors import BadInput
from saraban.domain.moving import is_inside
from saraban.domain.numbering import thai_digits

LARGEST_FILE = 100_000_000
LARGEST_WHOLE = 20_000_000_000
"""Octets that one sending may have when it is unpacked."""
MOST_FILES = 200_000
LARGEST_RATIO, SMALL = 200, 10 << 20
"""How many times larger than packed a part may be, once it is above `SMALL`."""
SPARE = 1_000_000_000
"""Octets of the disk that are left for everything else."""
SHEETS = (".csv", ".xlsx")
_STAGE = ".sent-"
_STALE_SECONDS = 86_400.0
_PIECE = 1 << 20
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_NOBODYS = ("__MACOSX/", "/.DS_Store", "/Thumbs.db", "/desktop.ini")
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, OverflowError)
"""What zipfile raises for archives that are spoilt, cut off, or made to trouble it; RuntimeError and what is below it
for what it cannot open."""


def lay(place: Path, folder: str, sent: Sequence[tuple[str, BinaryIO]]) -> int:
    """Lay what was sent into the folder of this name; how many files that were. What lies there under the same name is
    replaced, so that a sending can go on where it was broken off. Raises BadInput, and then nothing has changed."""
    if not sent:
        raise BadInput({"file": "เลือกตาราง (CSV หรือ XLSX) และไฟล์ของหนังสือ หรือ ZIP"})
    name = _folder_name(folder)
    place.mkdir(parents=True, exist_ok=True)
    stage = place / f"{_STAGE}{uuid4().hex}"
    stage.mkdir()
    _forget_stale(place, stage)
    try:
        room = _Room(place)
        for file_name, stream in sent:
            if file_name.lower().endswith(".zip"):
                _unpack(stream, file_name, stage, room)
            else:
                plain = safe_name(PurePosixPath(file_name.replace("\\", "/")).name)
                room.write(stream, stage / plain, file_name, LARGEST_FILE)
        return _move(stage, place / name)
    except OSError as error:
        raise BadInput({"file": f"เขียนลงดิสก์ไม่ได้: {error.strerror or 'ไม่ทราบเหตุ'}"}) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


class _Room:
    """How much may still be written."""

    def __init__(self, place: Path) -> None:
        self._left = min(LARGEST_WHOLE, max(0, shutil.disk_usage(place).free - SPARE))
        self._files = 0

    def expect(self, octets: int) -> None:
        """Raise BadInput when so much does not fit."""
        if octets > self._left:
            raise BadInput({"file": thai_digits(f"ขยายแล้วใหญ่ถึง {octets // 1_000_000:,} MB เกินที่รับได้หรือเกินพื้นที่ดิสก์")})

    def write(self, stream: BinaryIO, path: Path, name: str, most: int) -> None:
        """Write a file, piece by piece. Raises BadInput for one that is larger than it may be."""
        self._files += 1
        if self._files > MOST_FILES:
            raise BadInput({"file": thai_digits(f"มีเกิน {MOST_FILES:,} ไฟล์ แบ่งส่งหลายครั้ง")})
        if path.exists():
            raise BadInput({"file": f"{name} มีชื่อซ้ำกับอีกไฟล์ที่ส่งพร้อมกัน เปลี่ยนชื่อหรือใส่คนละโฟลเดอร์ใน ZIP"})
        written = 0
        with path.open("wb") as out:
            while piece := stream.read(_PIECE):
                written += len(piece)
                if written > most:
                    raise BadInput({"file": f"ไฟล์ {name} ใหญ่เกิน ๑๐๐ MB หรือใหญ่กว่าที่ ZIP บอกไว้"})
                self.expect(len(piece))
                self._left -= len(piece)
                out.write(piece)


def _unpack(stream: BinaryIO, zip_name: str, stage: Path, room: _Room) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = list(_parts(archive, zip_name))
            room.expect(sum(part.file_size for _, part in parts))
            top = _common_top([path for path, _ in parts])
            for path, part in parts:
                target = stage.joinpath(*PurePosixPath(path).parts[top:])
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(part) as packed:
                    room.write(cast(BinaryIO, packed), target, path, min(part.file_size, LARGEST_FILE))
    except _BROKEN as error:
        raise BadInput({"file": f"{zip_name} เสียหรือเปิดไม่ได้ บีบอัดใหม่แล้วส่งอีกครั้ง"}) from error


def _parts(archive: zipfile.ZipFile, zip_name: str) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """The files of an archive by their paths. Raises BadInput, with the file's name, when one must not be unpacked."""
    infos = archive.infolist()
    if len(infos) > MOST_FILES:
        raise BadInput({"file": thai_digits(f"{zip_name} มีเกิน {MOST_FILES:,} ไฟล์ แบ่งส่งหลายครั้ง")})
    for part in infos:
        path = _path_of(part)
        if part.is_dir() or path.startswith(_NOBODYS[0]) or f"/{path}".endswith(_NOBODYS[1:]):
            continue
        if fault := _fault(part, path):
            raise BadInput({"file": f"{zip_name}: {path[:100]} {fault}"})
        yield path, part


def _fault(part: zipfile.ZipInfo, path: str) -> str:
    if not is_inside(path) or any(ord(sign) < 32 for sign in path):
        return "มีที่อยู่ออกนอกโฟลเดอร์"
    if stat.S_ISLNK(part.external_attr >> 16):
        return "เป็นลิงก์ ไม่ใช่ไฟล์"
    if part.flag_bits & _ENCRYPTED:
        return "มีรหัสผ่าน บีบอัดใหม่โดยไม่ใส่รหัสผ่าน"
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "บีบอัดด้วยวิธีที่เปิดไม่ได้ บีบอัดใหม่เป็น ZIP ธรรมดา"
    if part.file_size > LARGEST_FILE:
        return "ใหญ่เกิน ๑๐๐ MB"
    if part.file_size > SMALL and part.file_size > LARGEST_RATIO * max(1, part.compress_size):
        return "ขยายแล้วใหญ่ผิดปกติ"
    return ""


def _path_of(part: zipfile.ZipInfo) -> str:
    """The path of a part. Thai names are in UTF-8 or in the code page of Windows; zipfile reads what does not say so as
    that of the first PCs."""
    name = part.filename
    if not part.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437", errors="replace")
        for encoding in ("utf-8", "cp874"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _common_top(paths: Sequence[str]) -> int:
    """1 when all of them lie in one folder with the sheet, as whoever packs the folder has it; else 0. Files without a
    sheet stay below the name of their folder: another folder may have others of the same names."""
    parts = [PurePosixPath(path).parts for path in paths]
    has_sheet = any(len(part) == 2 and part[1].lower().endswith(SHEETS) for part in parts)
    return int(has_sheet and len({part[0] for part in parts}) == 1 and all(len(part) > 1 for part in parts))


def _move(stage: Path, target: Path) -> int:
    files = [path for path in sorted(stage.rglob("*")) if path.is_file()]
    if not files:
        raise BadInput({"file": "ไม่มีไฟล์อยู่ข้างใน"})
    target.mkdir(exist_ok=True)
    for path in files:
        to = target / path.relative_to(stage)
        to.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, to)
    return len(files)


def _folder_name(folder: str) -> str:
    name = " ".join(folder.split())
    if not name:
        raise BadInput({"folder": "ตั้งชื่อโฟลเดอร์ เช่น ระบบเดิม ๒๕๖๐–๒๕๖๗"})
    if (
        len(name) > 60
        or name.startswith(".")
        or "/" in name
        or "\\" in name
        or not is_inside(name)
        or not name.isprintable()
    ):
        raise BadInput({"folder": "ชื่อโฟลเดอร์ไม่เกิน ๖๐ ตัวอักษร ไม่ขึ้นต้นด้วยจุด และไม่มีเครื่องหมาย / \\ :"})
    return name


def _forget_stale(place: Path, fresh: Path) -> None:
    """Take away what a sending left behind whose process was killed, long before the one that has just begun."""
    now = fresh.stat().st_mtime
    for one in place.glob(f"{_STAGE}*"):
        if now - one.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(one, ignore_errors=True)
