"""Files by their digest: kept once, whole or not at all, and never given back changed."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, NotFound, StoreForbidden
from saraban.storage.blobs import BlobStore
from tests.builders import NOW
from tests.fakes import FixedClock
from tests.storage.fighting import side_by_side


def stored(root: Path, clock: FixedClock | None = None) -> BlobStore:
    """A store in this folder."""
    return BlobStore(root, clock or FixedClock(NOW))


def _files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    blobs = stored(tmp_path)
    digest = blobs.keep("หนังสือ".encode())

    assert digest == Digest.of("หนังสือ".encode())
    assert (blobs.open(digest), blobs.size(digest), blobs.has(digest)) == ("หนังสือ".encode(), 21, True)


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    blobs = stored(tmp_path)
    side_by_side(6, lambda _: blobs.keep(b"same bytes"))
    blobs.keep_stream(io.BytesIO(b"same bytes"), 100)

    assert [path.name for path in _files(tmp_path)] == [Digest.of(b"same bytes").hex]


@pytest.mark.parametrize("spoiled", [b"", b"bytez", b"bytes and more"])
def test_a_blob_that_the_disk_spoiled_is_refused(tmp_path: Path, spoiled: bytes) -> None:
    clock = FixedClock(NOW)
    blobs = stored(tmp_path, clock)
    digest = blobs.keep(b"bytes")
    [path] = _files(tmp_path)

    def spoil() -> None:
        path.chmod(0o640)
        path.write_bytes(spoiled)

    spoil()
    with pytest.raises(NotFound, match="เสียหาย"):
        blobs.open(digest)
    assert not blobs.keep_again(digest), "these bytes are no longer kept"

    brought = [lambda: blobs.keep(b"bytes"), lambda: blobs.keep_stream(io.BytesIO(b"bytes"), 100)]
    for bring in brought:
        spoil()
        clock.pass_by(timedelta(hours=1))
        bring()
        assert blobs.open(digest) == b"bytes", "who brings them mends it"
        assert blobs.keep_again(digest) and _files(tmp_path) == [path]


def test_what_was_never_kept_is_not_found(tmp_path: Path) -> None:
    blobs = stored(tmp_path)

    with pytest.raises(NotFound):
        blobs.open(Digest.of(b"never"))
    with pytest.raises(NotFound):
        blobs.size(Digest.of(b"never"))


def test_a_stream_up_to_the_limit_is_kept_and_one_octet_more_is_not(tmp_path: Path) -> None:
    blobs = stored(tmp_path)
    data = os.urandom(3_000_000)

    assert blobs.keep_stream(io.BytesIO(data), len(data)) == (Digest.of(data), len(data))
    with pytest.raises(BadInput) as refused:
        blobs.keep_stream(io.BytesIO(data + b"x"), len(data))

    assert "๓ MB" in refused.value.fields["file"]
    assert len(_files(tmp_path)) == 1


class _BreaksOff:
    """A stream whose sender goes away."""

    def __init__(self) -> None:
        self._parts = [b"first part"]

    def read(self, _size: int = -1) -> bytes:
        if not self._parts:
            raise ConnectionResetError
        return self._parts.pop()


def test_a_stream_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConnectionResetError):
        stored(tmp_path).keep_stream(cast(BinaryIO, _BreaksOff()), 1000)

    assert _files(tmp_path) == []


def test_a_disk_that_is_full_leaves_nothing_under_the_digest(tmp_path: Path) -> None:
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000));"
        "from datetime import UTC, datetime; from pathlib import Path; from types import SimpleNamespace;"
        "from saraban.storage.blobs import BlobStore; clock = SimpleNamespace(now=lambda: datetime.now(UTC));"
        "BlobStore(Path(sys.argv[1]), clock).keep(b'x' * 200_000)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True)

    assert "File too large" in done.stderr
    assert _files(tmp_path) == []
    assert not stored(tmp_path).has(Digest.of(b"x" * 200_000))


def test_a_process_killed_while_writing_leaves_no_half_blob_under_its_digest(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from saraban.storage.blobs import BlobStore;"
        "os.fsync = lambda handle: os._exit(9); BlobStore(Path(sys.argv[1]), None).keep(b'half')"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True)

    blobs = stored(tmp_path)
    assert done.returncode == 9
    assert not blobs.has(Digest.of(b"half"))
    assert blobs.open(blobs.keep(b"half")) == b"half"


def test_a_kept_file_cannot_be_written_by_accident(tmp_path: Path) -> None:
    stored(tmp_path).keep(b"bytes")
    [path] = _files(tmp_path)

    assert path.stat().st_mode & 0o777 == 0o440


def test_a_file_whose_folder_is_there_waits_for_the_disk_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs, waits, real = stored(tmp_path), list[int](), os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (waits.append(handle), real(handle))[1])
    first = b"first"
    neighbour = next(
        data for n in range(9999) if Digest.of(data := b"%d" % n).hex[:2] == Digest.of(first).hex[:2] and data != first
    )
    blobs.keep(first)
    waits.clear()
    blobs.keep(neighbour)

    assert len(waits) == 2  # the file, and its name in the folder


def test_what_was_kept_again_since_is_not_removed(tmp_path: Path) -> None:
    clock = FixedClock(NOW)
    blobs = stored(tmp_path, clock)
    digest = blobs.keep(b"bytes")
    clock.pass_by(timedelta(hours=2))
    looked = clock.now()
    clock.pass_by(timedelta(seconds=1))
    stored(tmp_path, clock).keep_stream(io.BytesIO(b"bytes"), 100)  # another process

    assert not blobs.remove(digest, unless_after=looked)
    assert blobs.has(digest) and blobs.kept_after(digest, looked)
    assert blobs.remove(digest, unless_after=clock.now())
    assert _files(tmp_path) == [] and not blobs.kept_after(digest, looked)
    assert blobs.remove(digest, unless_after=looked), "there are none"
    assert blobs.remove(Digest.of(b"never"), unless_after=looked)


def _files_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first file whose moment is to be put forward belongs to another user of the machine."""
    real, asked = os.utime, list[object]()

    def utime(path: Path, ns: tuple[int, int]) -> None:
        asked.append(path)
        if len(asked) == 1:
            raise PermissionError
        real(path, ns=ns)

    monkeypatch.setattr(os, "utime", utime)


@pytest.mark.parametrize(
    "keep",
    [
        lambda blobs: blobs.keep(b"bytes"),
        lambda blobs: blobs.keep_stream(io.BytesIO(b"bytes"), 100),
        lambda blobs: blobs.keep_again(Digest.of(b"bytes")),
    ],
)
def test_bytes_of_another_user_are_written_anew_by_who_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: Callable[[BlobStore], object]
) -> None:
    clock = FixedClock(NOW)
    blobs = stored(tmp_path, clock)
    digest = blobs.keep(b"bytes")
    clock.pass_by(timedelta(hours=1))
    _files_of_another(monkeypatch)
    assert keep(blobs)

    assert blobs.open(digest) == b"bytes" and blobs.kept_after(digest, NOW)
    assert len(_files(tmp_path)) == 1


def _forbidden(*_args: object, **_more: object) -> None:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("bring", [lambda b: b.keep(b"new"), lambda b: b.keep_stream(io.BytesIO(b"new"), 100)])
def test_a_folder_of_another_user_takes_nothing_and_says_who_can_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bring: Callable[[BlobStore], object]
) -> None:
    """A restore by root leaves folders of root: modes alone show nothing where the tests run as root."""
    blobs = stored(tmp_path)
    monkeypatch.setattr(os, "replace", _forbidden)

    with pytest.raises(StoreForbidden, match="ผู้ดูแลเครื่อง"):
        bring(blobs)
    assert _files(tmp_path) == [], "nothing is left in incoming"


@pytest.mark.parametrize("ask", [lambda b, d: b.open(d), lambda b, d: b.keep_again(d)])
def test_a_file_that_only_another_user_may_read_is_not_taken_for_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Callable[[BlobStore, Digest], object]
) -> None:
    blobs = stored(tmp_path)
    digest = blobs.keep(b"bytes")
    monkeypatch.setattr(Path, "open", _forbidden)

    with pytest.raises(StoreForbidden, match="สิทธิ"):
        ask(blobs, digest)


def test_bytes_are_kept_again_where_there_are_some(tmp_path: Path) -> None:
    clock = FixedClock(NOW)
    blobs = stored(tmp_path, clock)
    digest = blobs.keep(b"bytes")
    clock.pass_by(timedelta(hours=1))

    assert blobs.keep_again(digest) and blobs.kept_after(digest, NOW)
    assert not blobs.keep_again(Digest.of(b"never"))


def test_who_comes_after_one_that_was_killed_makes_the_removal_durable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs, synced = stored(tmp_path), list[Path]()
    digest = blobs.keep(b"bytes")
    [path] = _files(tmp_path)

    def killed(_handle: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(os, "fsync", killed)
        blobs.remove(digest, unless_after=NOW)
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(Path(os.readlink(f"/proc/self/fd/{handle}"))))

    assert not path.exists() and blobs.remove(digest, unless_after=NOW)
    assert synced == [path.parent]


def test_who_keeps_while_they_are_being_removed_has_the_bytes(tmp_path: Path) -> None:
    keeper = threading.Thread(target=lambda: stored(tmp_path).keep(b"bytes"))

    class Slow(BlobStore):
        """Somebody keeps the bytes after it was asked when they were kept last."""

        def kept_after(self, digest: Digest, moment: datetime) -> bool:
            answer = super().kept_after(digest, moment)
            keeper.start()
            keeper.join(0.1)
            return answer

    digest = stored(tmp_path).keep(b"bytes")
    assert Slow(tmp_path, FixedClock(NOW)).remove(digest, unless_after=NOW)
    keeper.join(10)
    assert stored(tmp_path).has(digest)
