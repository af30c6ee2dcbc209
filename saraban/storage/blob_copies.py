"""Files by digest out of the store into a folder of backups, and back (usecases.safekeeping.FileCopier). Both are laid
out alike: 256 folders by the first two hexadecimal digits."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from pathlib import Path

from saraban.usecases.safekeeping import FilesCopied, Told

_CHUNK = 1 << 20
_HEX = re.compile(r"[0-9a-f]{64}")
_EVERY = 500


class BlobCopies:
    """Copies of the blobs in one folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def copy_out(self, folder: Path, listed: Path, without: Set[str], told: Told) -> FilesCopied:
        """Copy what the folder lacks; what the disk gives back damaged is named and not copied."""
        digests = list(_in_order(self._root))
        count = _Count(len(digests), told)
        with listed.open("w", encoding="ascii") as file:
            for digest in digests:
                if digest in without:
                    count.leave_out()
                elif count.take(digest, *_copy(_place(self._root, digest), _place(folder, digest), digest)):
                    file.write(digest + "\n")
            file.flush()
            os.fsync(file.fileno())
        return count.copied()

    def is_empty(self, but_for: Path) -> bool:
        """Nothing but files of this list?"""
        here = set(_in_order(self._root))
        return not here or here <= set(_listed(but_for))

    def copy_in(self, folder: Path, listed: Path, without: Set[str], told: Told) -> FilesCopied:
        """Copy the files of the list into the store, each checked by its digest."""
        count = _Count(sum(1 for _ in _listed(listed)), told)
        for digest in _listed(listed):
            if digest in without:
                count.leave_out()
            else:
                source, target = _place(folder, digest), _place(self._root, digest)
                if target.exists() and _size_when_whole(target, digest) is None:
                    target.unlink()  # left by a restore that broke off
                count.take(digest, *_copy(source, target, digest))
        os.sync()
        return count.copied()

    def check(self, folder: Path, listed: Path, without: Set[str], told: Told) -> FilesCopied:
        """Read every file of the list."""
        count = _Count(sum(1 for _ in _listed(listed)), told)
        for digest in _listed(listed):
            if digest in without:
                count.leave_out()
            else:
                count.take(digest, "there", _size_when_whole(_place(folder, digest), digest))
        return count.copied()

    def lying(self, folder: Path, digests: Iterable[str]) -> Sequence[str]:
        """Those that lie there."""
        return [digest for digest in digests if _HEX.fullmatch(digest) and _place(folder, digest).exists()]

    def remove(self, folder: Path, digests: Iterable[str]) -> int:
        """Take these files out of the folder."""
        lying = self.lying(folder, digests)
        for digest in lying:
            _place(folder, digest).unlink(missing_ok=True)
        return len(lying)

    def sweep(self, folder: Path, lists: Iterable[Path]) -> tuple[int, int]:
        """Take out what is on none of the lists."""
        wanted = {bytes.fromhex(digest) for listed in lists for digest in _listed(listed)}
        removed = octets = 0
        for digest in _in_order(folder):
            if bytes.fromhex(digest) not in wanted:
                path = _place(folder, digest)
                octets += path.stat().st_size
                path.unlink()
                removed += 1
        return removed, octets


class _Count:
    """What was done so far, told now and then."""

    def __init__(self, total: int, told: Told) -> None:
        self._total, self._told, self._done, self._octets, self._left_out = total, told, 0, 0, 0
        self._ways = {"copied": 0, "there": 0}
        self._faulty: list[str] = []

    def take(self, digest: str, way: str, size: int | None) -> bool:
        """Count a file; without a size it is faulty. Gives whether it is whole."""
        if size is None:
            self._faulty.append(digest)
        else:
            self._ways[way] += 1
            self._octets += size
        self._step()
        return size is not None

    def leave_out(self) -> None:
        """Count a file that was destroyed."""
        self._left_out += 1
        self._step()

    def copied(self) -> FilesCopied:
        """All of it."""
        return FilesCopied(self._ways["copied"], self._ways["there"], self._octets, self._faulty, self._left_out)

    def _step(self) -> None:
        self._done += 1
        if self._done % _EVERY == 0 or self._done == self._total:
            self._told(self._done, self._total)


def _copy(source: Path, target: Path, digest: str) -> tuple[str, int | None]:
    """Copy a file unless it lies there already; its size, None when the source lacks it or is another."""
    try:
        size = source.stat().st_size
        if target.exists() and target.stat().st_size == size:
            return "there", size
        target.parent.mkdir(parents=True, exist_ok=True)
        making = target.with_name(f".{digest}.new")
        making.unlink(missing_ok=True)
        sha = hashlib.sha256()
        with source.open("rb") as read, making.open("wb") as write:
            while chunk := read.read(_CHUNK):
                sha.update(chunk)
                write.write(chunk)
    except FileNotFoundError:
        return "copied", None
    if sha.hexdigest() != digest:
        making.unlink()
        return "copied", None
    making.chmod(0o440)
    making.replace(target)
    return "copied", size


def _size_when_whole(path: Path, digest: str) -> int | None:
    if not path.exists():
        return None
    with path.open("rb") as file:
        whole = hashlib.file_digest(file, "sha256").hexdigest() == digest
    return path.stat().st_size if whole else None


def _place(root: Path, digest: str) -> Path:
    return root / digest[:2] / digest


def _in_order(root: Path) -> Iterator[str]:
    for folder in sorted(path for path in root.glob("??") if path.is_dir()):
        yield from sorted(path.name for path in folder.iterdir() if _HEX.fullmatch(path.name))


def _listed(path: Path) -> Iterator[str]:
    with path.open(encoding="ascii") as file:
        for line in file:
            if _HEX.fullmatch(line.strip()):
                yield line.strip()
