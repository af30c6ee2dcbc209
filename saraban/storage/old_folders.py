"""Folders with what comes from old systems, on the disk of this machine."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.moving import is_inside
from saraban.storage import old_uploads
from saraban.usecases.old_folders import Cleared


class OldFoldersOnDisk:
    """Reads them (usecases.old_folders.OldFolders); `root` holds a folder for each agency's code. Nothing is written
    but what an administrator sends, nothing goes but what was entered, and nothing outside a folder is read, by a link
    neither."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def place(self, agency_code: str) -> str:
        """Where the agency's folders are expected."""
        return str(self._root / agency_code)

    def names(self, agency_code: str) -> Sequence[str]:
        """The folders that hold a sheet."""
        place = self._root / agency_code
        found = sorted(place.iterdir()) if place.is_dir() else []
        return [one.name for one in found if one.is_dir() and not one.name.startswith(".") and _sheets(one)]

    def lay(self, agency_code: str, folder: str, sent: Sequence[tuple[str, BinaryIO]]) -> int:
        """Lay what was sent into a folder; see `old_uploads`."""
        return old_uploads.lay(self._root / agency_code, folder, sent)

    def sheet(self, agency_code: str, folder: str) -> tuple[str, bytes]:
        """The only sheet that lies in the folder itself."""
        found = _sheets(self._folder(agency_code, folder))
        if len(found) != 1:
            words = "มีตารางหลายไฟล์" if found else "ไม่มีตาราง"
            raise BadInput({"folder": f"ในโฟลเดอร์ {folder} {words} ต้องมีไฟล์ CSV หรือ XLSX ไฟล์เดียว"})
        return found[0].name, found[0].read_bytes()

    def size(self, agency_code: str, folder: str, path: str) -> int | None:
        """Octets of a file."""
        try:
            file = self._file(agency_code, folder, path)
        except NotFound:
            return None
        return file.stat().st_size

    def open(self, agency_code: str, folder: str, path: str) -> BinaryIO:
        """A file."""
        return self._file(agency_code, folder, path).open("rb")

    def clear(self, agency_code: str, folder: str, goes: Callable[[PurePosixPath, Digest], bool]) -> Cleared:
        """Take files off the disk; what cannot be read or taken away, and what changes meanwhile, stays."""
        inside, gone, left = self._folder(agency_code, folder), 0, 0
        for place, _, names in os.walk(inside, topdown=False):
            for path in (Path(place) / name for name in sorted(names)):
                if path.parent == inside and path.suffix.lower() in old_uploads.SHEETS:
                    continue
                if _taken_away(path, partial(goes, PurePosixPath(path.relative_to(inside)))):
                    gone += 1
                else:
                    left += 1
            if Path(place) != inside:
                with suppress(OSError):  # something is left in it
                    os.rmdir(place)
        return Cleared(gone, left)

    def _folder(self, agency_code: str, folder: str) -> Path:
        if folder not in self.names(agency_code):
            raise NotFound(f"ไม่พบโฟลเดอร์ {folder} ใส่ชื่อของโฟลเดอร์ที่วางไว้ใน {self.place(agency_code)}")
        return self._root / agency_code / folder

    def _file(self, agency_code: str, folder: str, path: str) -> Path:
        """A file where its path says, or below the only folder of a ZIP that has it: old systems name their files
        without the folder in which somebody packed them."""
        inside = self._root / agency_code / folder
        if not (is_inside(folder) and is_inside(path)):
            raise NotFound(f"ไม่พบไฟล์ {path}")
        plain = path.replace("\\", "/")
        if not (inside / plain).exists() and inside.is_dir():
            packed = [one / plain for one in inside.iterdir() if one.is_dir() and (one / plain).is_file()]
            file = packed[0] if len(packed) == 1 else inside / plain
        else:
            file = inside / plain
        file = file.resolve()
        if not file.is_relative_to(inside.resolve()) or not file.is_file():
            raise NotFound(f"ไม่พบไฟล์ {path}")
        return file


def _sheets(folder: Path) -> list[Path]:
    return [one for one in sorted(folder.iterdir()) if one.is_file() and one.suffix.lower() in old_uploads.SHEETS]


def _taken_away(path: Path, goes: Callable[[Digest], bool]) -> bool:
    """Unlink a file when its bytes are to go, and not another that was laid there meanwhile."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            read = os.fstat(file.fileno())
            if not stat.S_ISREG(read.st_mode) or not goes(Digest(hashlib.file_digest(file, "sha256").hexdigest())):
                return False
        now = os.lstat(path)
        if (now.st_ino, now.st_size, now.st_mtime_ns) != (read.st_ino, read.st_size, read.st_mtime_ns):
            return False
        path.unlink()
    except OSError:
        return False
    return True
