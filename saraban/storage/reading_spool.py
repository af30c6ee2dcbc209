"""Lines of the reading log on their way into the database (usecases.reading_log.ReadingSpool): one JSON object a line
at the end of a file that all processes of the installation share, under its lock. A process that is killed loses
nothing that it noted."""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from saraban.domain.agency import AgencyId, PersonId, UnitId
from saraban.domain.events import plain
from saraban.domain.reading_log import Reading, ReadingDeed

_log = logging.getLogger(__name__)


class FileSpool:
    """The file `noted.jsonl` in a folder, and batches that were taken from it."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / "noted.jsonl"

    def note(self, reading: Reading) -> None:
        """Put a line at the end."""
        line = json.dumps({key: plain(value) for key, value in asdict(reading).items()}, ensure_ascii=False) + "\n"
        done = False
        while not done:
            try:
                done = self._append(line.encode())
            except FileNotFoundError:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def take(self) -> tuple[str, Sequence[Reading]] | None:
        """The oldest batch, or what was noted until now as a new one."""
        batches = sorted(self._folder.glob("batch-*.jsonl"), key=lambda path: path.stat().st_mtime_ns)
        path = batches[0] if batches else self._new_batch()
        if path is None:
            return None
        found = []
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                found.append(_read(line))
            except (KeyError, TypeError, ValueError):
                _log.error("a line of the reading log cannot be read: %s", path)
        return path.name, found

    def done(self, name: str) -> None:
        """The batch is in the database."""
        (self._folder / name).unlink(missing_ok=True)

    def _append(self, line: bytes) -> bool:
        """False when the file was taken between opening and locking it."""
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            if not self._is_here(descriptor):
                return False
            os.write(descriptor, line)
            return True
        finally:
            os.close(descriptor)

    def _new_batch(self) -> Path | None:
        try:
            descriptor = os.open(self._path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if not self._is_here(descriptor):
                return None  # another worker was faster
            batch = self._folder / f"batch-{uuid4().hex}.jsonl"
            self._path.rename(batch)
            return batch
        finally:
            os.close(descriptor)

    def _is_here(self, descriptor: int) -> bool:
        try:
            return os.fstat(descriptor).st_ino == self._path.stat().st_ino
        except FileNotFoundError:
            return False


def _read(line: str) -> Reading:
    told = json.loads(line)
    ids = {name: UUID(told[name]) if told[name] else None for name in ("unit_id", "subject_id")}
    return Reading(
        id=UUID(told["id"]),
        agency_id=AgencyId(UUID(told["agency_id"])),
        at=datetime.fromisoformat(told["at"]),
        person_id=PersonId(UUID(told["person_id"])),
        name=told["name"],
        title=told["title"],
        unit_id=UnitId(ids["unit_id"]) if ids["unit_id"] else None,
        central=bool(told["central"]),
        deed=ReadingDeed(told["deed"]),
        subject_id=ids["subject_id"],
        what=told["what"],
        address=told["address"],
    )
