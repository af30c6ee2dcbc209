"""Files by digest, written once: temporary name, fsync, rename, fsync of the folder.

A file bears the moment when it was kept last, by the clock of this installation, as the time of its last change: that
of bytes which lie there already is put forward, and what somebody kept just now is not removed. Keeping and removing
exclude each other by a lock on the folder of the file: either the bytes are gone, and whoever keeps them writes them
anew, or the removal finds the new moment and lets them be. (Where that lock does not hold between machines, as on NFS,
they exclude each other only by the hour of `usecases.kept_files.GRACE`.)
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, NotFound, StoreForbidden
from saraban.exchange.thai import thai_digits
from saraban.usecases.ports import Clock
from saraban.usecases.store_books import Lying

_CHUNK = 1 << 20
_NAME = re.compile(r"[0-9a-f]{64}")


class BlobStore:
    """A folder of blobs in 256 folders by their first two hexadecimal digits: with so few, a new file hardly ever needs
    a new folder, whose name would have to be made durable too. A million files are four thousand in each."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self._root, self._clock = root, clock
        self._incoming = root / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)
        self._folders: set[Path] = set()

    def keep(self, data: bytes) -> Digest:
        """Keep the bytes; durable on return. Keeping them twice keeps them once; where a file lies that the disk has
        spoiled, they take its place. Raises StoreForbidden where the folders belong to another user of the machine."""
        digest = Digest.of(data)
        if not self._kept_again(digest, len(data)):
            with self._writing() as file:
                file.write(data)
                self._place(file, digest)
        return digest

    def keep_stream(self, stream: BinaryIO, limit: int) -> tuple[Digest, int]:
        """Keep what the stream gives, at most `limit` octets, as `keep` does; BadInput above it."""
        sha, size = hashlib.sha256(), 0
        with self._writing() as file:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise BadInput({"file": f"ไฟล์ใหญ่เกิน {thai_digits(str(limit // 1_000_000))} MB"})
                sha.update(chunk)
                file.write(chunk)
            digest = Digest(sha.hexdigest())
            if not self._kept_again(digest, size):
                self._place(file, digest)
        return digest, size

    def keep_again(self, digest: Digest) -> bool:
        """Count bytes that lie here as kept now; False when there are none, or when the disk has spoiled them. Raises
        StoreForbidden when they may not be read."""
        if self._kept_again(digest):
            return True
        with suppress(NotFound):
            return self.keep(self.open(digest)) == digest
        return False

    def open(self, digest: Digest) -> bytes:
        """The bytes. NotFound when there are none, or when the disk gives back others; StoreForbidden when only another
        user of the machine may read them."""
        try:
            data = self._path(digest).read_bytes()
        except FileNotFoundError:
            raise NotFound("ไม่พบไฟล์ในที่เก็บ") from None
        except PermissionError as error:
            raise StoreForbidden from error
        if Digest.of(data) != digest:
            raise NotFound("ไฟล์ในที่เก็บเสียหาย กู้คืนจากสำเนาสำรอง")
        return data

    def size(self, digest: Digest) -> int:
        """The size in octets; NotFound when there is none."""
        try:
            return self._path(digest).stat().st_size
        except FileNotFoundError:
            raise NotFound("ไม่พบไฟล์ในที่เก็บ") from None

    def has(self, digest: Digest) -> bool:
        """Is it kept?"""
        return self._path(digest).exists()

    def kept_after(self, digest: Digest, moment: datetime) -> bool:
        """Was it kept, once more or for the first time, after that moment?"""
        with suppress(FileNotFoundError):
            return self._path(digest).stat().st_mtime_ns > _stamp(moment)
        return False

    def remove(self, digest: Digest, *, unless_after: datetime) -> bool:
        """Take the bytes off the disk, durably, unless somebody kept them after that moment. False when they stay for
        that. Where there are none, whoever took them away may have been killed before it was durable: it is, then.
        Raises OSError when the disk does not let them go."""
        path = self._path(digest)
        with suppress(FileNotFoundError), _locked(path.parent, fcntl.LOCK_EX) as folder:
            if self.kept_after(digest, unless_after):
                return False
            path.unlink(missing_ok=True)
            os.fsync(folder)
        return True

    def remove_leftovers(self, before: datetime) -> int:
        """Take away what a killed process left among what comes in, unchanged since before that moment."""
        count = 0
        for path in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if path.is_file() and path.stat().st_mtime_ns < _stamp(before):
                    path.unlink()
                    count += 1
        return count

    def lying(self, beginning: str, before: datetime) -> Iterator[Lying]:
        """The files whose digests begin with this; what vanishes meanwhile is left out."""
        for folder in self._root.iterdir():
            if len(folder.name) != 2 or not folder.name.startswith(beginning[:2]) or not folder.is_dir():
                continue
            with os.scandir(folder) as found:
                for one in found:
                    if _NAME.fullmatch(one.name) and one.name.startswith(beginning):
                        with suppress(FileNotFoundError):
                            seen = one.stat(follow_symlinks=False)
                            yield Lying(Digest(one.name), seen.st_size, seen.st_mtime_ns <= _stamp(before))

    def octets(self) -> int:
        """Of all files together; what vanishes while they are counted counts nothing."""
        total = 0
        for folder in self._root.iterdir():
            if len(folder.name) != 2 or not folder.is_dir():
                continue
            with os.scandir(folder) as found:
                for one in found:
                    with suppress(FileNotFoundError):
                        total += one.stat(follow_symlinks=False).st_size
        return total

    def room(self) -> tuple[int, int]:
        """Octets used and octets that there are on the disk of the files; what only root may use is no room."""
        disk = shutil.disk_usage(self._root)
        return disk.used, disk.used + disk.free

    def _path(self, digest: Digest) -> Path:
        return self._root / digest.hex[:2] / digest.hex

    def _kept_again(self, digest: Digest, size: int | None = None) -> bool:
        """Put the moment of bytes that lie here forward to now. False when there are none or others than were kept (the
        whole file is read for that, once, and before its folder is locked), or when the file belongs to another user of
        the machine (a restore by root, a second service): it is written anew, and ours from then on."""
        path = self._path(digest)
        try:
            if not _holds(path, digest, size):
                return False
            with _locked(path.parent, fcntl.LOCK_SH):
                self._stamp(path)
                return True
        except OSError:  # none, not ours, or of a sector that cannot be read
            return False

    @contextmanager
    def _writing(self) -> Iterator[IO[bytes]]:
        """A file to be placed; it goes again unless it was. Raises StoreForbidden for what the machine forbids."""
        try:
            with tempfile.NamedTemporaryFile(dir=self._incoming, delete=False) as file:
                try:
                    yield file
                finally:
                    Path(file.name).unlink(missing_ok=True)
        except PermissionError as error:
            raise StoreForbidden from error

    def _place(self, file: IO[bytes], digest: Digest) -> None:
        file.flush()
        os.fsync(file.fileno())
        target = self._path(digest)
        self._make_durable(target.parent)
        os.chmod(file.name, 0o440)
        with _locked(target.parent, fcntl.LOCK_SH) as folder:
            self._stamp(Path(file.name))
            os.replace(file.name, target)
            os.fsync(folder)

    def _stamp(self, path: Path) -> None:
        now = _stamp(self._clock.now())
        os.utime(path, ns=(now, now))

    def _make_durable(self, folder: Path) -> None:
        """Make the folder and what leads to it, and put their names on the disk, once in the life of this process."""
        if folder == self._root or folder in self._folders:
            return
        self._make_durable(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)
        self._folders.add(folder)


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[int]:
    """The folder, open and locked against other threads and processes. Raises FileNotFoundError when there is none."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, how)
        yield handle
    finally:
        os.close(handle)


def _holds(path: Path, digest: Digest, size: int | None) -> bool:
    """Are the bytes of the file those of the digest? A file of another size is not read."""
    with path.open("rb") as file:
        if size is not None and os.fstat(file.fileno()).st_size != size:
            return False
        return hashlib.file_digest(file, "sha256").hexdigest() == digest.hex


def _stamp(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000) * 1000


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
