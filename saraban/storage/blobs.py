"""Files by digest, written once: temporary name, fsync, rename, fsync of the folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, NotFound
from saraban.exchange.thai import thai_digits

_CHUNK = 1 << 20


class BlobStore:
    """A folder of blobs in 256 folders by their first two hexadecimal digits: with so few, a new file hardly ever needs
    a new folder, whose name would have to be made durable too. A million files are four thousand in each."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)
        self._folders: set[Path] = set()

    def keep(self, data: bytes) -> Digest:
        """Keep the bytes; durable on return. Keeping them twice keeps them once."""
        digest = Digest.of(data)
        if not self.has(digest):
            with tempfile.NamedTemporaryFile(dir=self._incoming, delete=False) as file:
                try:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                except BaseException:
                    os.unlink(file.name)
                    raise
            self._place(Path(file.name), digest)
        return digest

    def keep_stream(self, stream: BinaryIO, limit: int) -> tuple[Digest, int]:
        """Keep what the stream gives, at most `limit` octets; BadInput above it."""
        sha, size = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(dir=self._incoming, delete=False) as file:
            try:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise BadInput({"file": f"ไฟล์ใหญ่เกิน {thai_digits(str(limit // 1_000_000))} MB"})
                    sha.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                os.unlink(file.name)
                raise
        digest = Digest(sha.hexdigest())
        if self.has(digest):
            os.unlink(file.name)
        else:
            self._place(Path(file.name), digest)
        return digest, size

    def open(self, digest: Digest) -> bytes:
        """The bytes. NotFound when there are none, or when the disk gives back others."""
        try:
            data = self._path(digest).read_bytes()
        except FileNotFoundError:
            raise NotFound("ไม่พบไฟล์ในที่เก็บ") from None
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

    def remove(self, digest: Digest) -> None:
        """Take the bytes off the disk, durably; nothing happens when there are none."""
        self._path(digest).unlink(missing_ok=True)
        if self._path(digest).parent.is_dir():
            _sync_folder(self._path(digest).parent)

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

    def _place(self, temporary: Path, digest: Digest) -> None:
        target = self._path(digest)
        self._make_durable(target.parent)
        os.chmod(temporary, 0o440)
        os.replace(temporary, target)
        _sync_folder(target.parent)

    def _make_durable(self, folder: Path) -> None:
        """Make the folder and what leads to it, and put their names on the disk, once in the life of this process."""
        if folder == self._root or folder in self._folders:
            return
        self._make_durable(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)
        self._folders.add(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
