"""The folders of scanners: what a machine writes there waits for a clerk, and is moved aside when it was taken."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from saraban.domain.errors import NotFound
from saraban.usecases.papers import Scan

SETTLE_SECONDS = 3
MOST_SHOWN = 100
_CODE = re.compile(r"[A-Za-z0-9ก-๙][A-Za-z0-9ก-๙_.-]{0,60}")
_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".filepart", "~")
_DONE, _BAD = "done", "bad"
_GONE = "ไม่พบไฟล์นี้ในโฟลเดอร์สแกน อาจมีผู้แนบไปแล้ว"


class ScanFolders:
    """One folder for each agency below `root`, made when it is first looked into."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def waiting(self, agency_code: str, now: datetime) -> Sequence[Scan]:
        """What lies in the agency's folder, the newest first. A file that was written to in the last seconds is not
        whole yet; names that begin with a dot or end like a download under way are passed over."""
        found = []
        with os.scandir(self._folder(agency_code)) as entries:
            for entry in entries:
                if not _shown(entry.name) or not entry.is_file(follow_symlinks=False):
                    continue
                about = entry.stat(follow_symlinks=False)
                at = datetime.fromtimestamp(about.st_mtime, UTC)
                settled = abs((now - at).total_seconds()) >= SETTLE_SECONDS
                found.append(Scan(entry.name, about.st_size, at, settled and about.st_size > 0))
        return sorted(found, key=lambda scan: (scan.at, scan.name), reverse=True)[:MOST_SHOWN]

    def open(self, agency_code: str, name: str) -> BinaryIO:
        """The file. NotFound for what is no ordinary file of this very folder."""
        try:
            # Neither a link out of the folder nor a pipe that waits for its writer is followed.
            handle = os.open(self._path(agency_code, name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            raise NotFound(_GONE) from None
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise NotFound(_GONE)
        return os.fdopen(handle, "rb")

    def put_away(self, agency_code: str, name: str) -> None:
        """Into done/."""
        self._move(agency_code, name, _DONE)

    def set_aside(self, agency_code: str, name: str, reason: str) -> None:
        """Into bad/, with the reason beside it."""
        moved = self._move(agency_code, name, _BAD)
        if moved is not None:
            moved.with_name(moved.name + ".txt").write_text(reason + "\n", encoding="utf-8")

    def clear(self, before: datetime) -> int:
        """Take off the disk what was moved aside before then; how many files went."""
        gone = 0
        for path in (path for to in (_DONE, _BAD) for path in self._root.glob(f"*/{to}/*")):
            with suppress(OSError):  # another worker was faster, or it is not ours
                about = path.lstat()
                if stat.S_ISREG(about.st_mode) and about.st_mtime < before.timestamp():
                    path.unlink()
                    gone += 1
        return gone

    def _move(self, agency_code: str, name: str, to: str) -> Path | None:
        path = self._path(agency_code, name)
        folder = path.parent / to
        folder.mkdir(exist_ok=True)
        for count in range(1, 10_000):
            target = folder / (name if count == 1 else f"{path.stem}-{count}{path.suffix}")
            try:
                os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640))  # the name is ours from here on
            except FileExistsError:
                continue
            try:
                os.replace(path, target)
                os.utime(target)  # from now on it waits to be cleared
            except FileNotFoundError:
                target.unlink(missing_ok=True)
                return None
            return target
        return None

    def _folder(self, agency_code: str) -> Path:
        if not _CODE.fullmatch(agency_code):
            raise NotFound
        folder = self._root / agency_code
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _path(self, agency_code: str, name: str) -> Path:
        if not _shown(name) or "/" in name or "\\" in name or "\x00" in name or len(name.encode()) > 255:
            raise NotFound(_GONE)
        return self._folder(agency_code) / name


def _shown(name: str) -> bool:
    return bool(name) and not name.startswith(".") and not name.lower().endswith(_UNFINISHED)
