"""What backups are made with, as Protocols: the database as a whole, the files by digest, the keys apart, and the
list of what was destroyed by the book and must not come back from an old copy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from saraban.domain.attachment import Digest
from saraban.domain.backups import BackupTrace
from saraban.domain.errors import BadInput

FORMAT = 1
Told = Callable[[int, int], None]
"""Hears how many files are done, of how many."""


@dataclass(frozen=True)
class BackupNote:
    """What a backup says of itself (backup.json): when and by which version it was made, of which kind of database, the
    SHA-256 and size of the copy, the SHA-256 of the list of files, and how many files with how many octets belong to
    it."""

    made_at: str
    version: str
    kind: str
    database: str
    database_sha256: str
    database_size: int
    list_sha256: str
    files: int
    octets: int
    format: int = FORMAT

    def as_bytes(self) -> bytes:
        """The note as it is written."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()

    @staticmethod
    def read(data: bytes) -> BackupNote:
        """The note again; BadInput when it is none, or of a version that this program does not know."""
        try:
            note = BackupNote(**json.loads(data))
        except (TypeError, ValueError) as error:
            raise BadInput(
                {"folder": "backup.json อ่านไม่ได้"}, "สำเนาสำรองนี้อ่านไม่ได้: backup.json ไม่ครบหรือเสียหาย"
            ) from error
        if note.format != FORMAT:
            raise BadInput({"folder": "รุ่นของสำเนา"}, "สำเนาสำรองนี้ทำด้วยโปรแกรมรุ่นอื่นที่รุ่นนี้ไม่รู้จัก")
        return note


@dataclass(frozen=True)
class FilesCopied:
    """How many files were copied, how many lay there already, how many octets all of them have, the digests of
    those that are missing or damaged, and how many were left out because they were destroyed (or, when they were copied
    out of the store, because they were about to be)."""

    copied: int
    there: int
    octets: int
    faulty: Sequence[str] = ()
    left_out: int = 0


class DatabaseCopier(Protocol):
    """The whole database into one file while the office works, and back."""

    @property
    def kind(self) -> str:
        """Either "sqlite" or "postgresql"; a copy goes back into the same kind only."""
        ...

    @property
    def file_name(self) -> str:
        """How the copy is called."""
        ...

    def dump(self, to: Path) -> None:
        """Write a consistent copy. Raises RuleBroken, in Thai, when a program is missing or fails."""
        ...

    def is_empty(self) -> bool:
        """Does the database have no table yet?"""
        ...

    def settle(self) -> None:
        """Let nothing that was overwritten lie in a file beside the database, as far as that can be had now."""
        ...

    def restore(self, copy: Path) -> None:
        """Put the copy into the empty database, whole or not at all, and bring it to the newest revision."""
        ...


class FileCopier(Protocol):
    """The files by digest, out of the store and back; what lies there already is not copied again."""

    def copy_out(self, folder: Path, listed: Path, without: Set[str], told: Told) -> FilesCopied:
        """Copy what the folder lacks, and write the digests of all files of the store but these, in order, to
        `listed`."""
        ...

    def is_empty(self, but_for: Path) -> bool:
        """Does the store hold nothing but files of this list? (A restore that broke off left some of them.)"""
        ...

    def copy_in(self, folder: Path, listed: Path, without: Set[str], told: Told) -> FilesCopied:
        """Copy the files of the list back, each checked by its digest, but for those destroyed."""
        ...

    def check(self, folder: Path, listed: Path, without: Set[str], told: Told) -> FilesCopied:
        """Read every file of the list in the folder and compare its digest."""
        ...

    def lying(self, folder: Path, digests: Iterable[str]) -> Sequence[str]:
        """Those of these files that lie in the folder."""
        ...

    def remove(self, folder: Path, digests: Iterable[str]) -> int:
        """Take these files out of the folder; gives how many were there."""
        ...

    def sweep(self, folder: Path, lists: Iterable[Path]) -> tuple[int, int]:
        """Take out of the folder what is on none of these lists; gives how many files with how many octets."""
        ...


class KeyCopier(Protocol):
    """Seals, officers' keys, passwords of mailboxes and the master key in one file under a passphrase."""

    def expect(self, passphrase: str) -> None:
        """Raise BadInput for a passphrase that is too short to pack with."""
        ...

    def pack(self, to: Path, passphrase: str) -> int:
        """Write the file; gives how many keys are in it. BadInput for a passphrase that is too short."""
        ...

    def is_empty(self) -> bool:
        """Are there no keys yet?"""
        ...

    def check(self, packed: Path, passphrase: str) -> None:
        """Raise WrongPassphrase when it does not open, RuleBroken when the master key in it is not the one that is
        set."""
        ...

    def unpack(self, packed: Path, passphrase: str) -> int:
        """Put the keys back; gives how many."""
        ...

    def master_key(self, packed: Path, passphrase: str) -> str:
        """The master key in the file."""
        ...


class Destroyed(Protocol):
    """What was destroyed by the book (clauses 66 to 70), for backups that are older than the destruction."""

    def listed(self) -> Iterable[str]:
        """A line for each thing: "file SHA-256", or "letter" with what `apply` has to know of it."""
        ...

    def apply(self, lines: Sequence[str]) -> int:
        """Destroy again in a restored database what these lines name; gives how many it still had."""
        ...


class BackupTraces(Protocol):
    """What was done with backups, written down."""

    def add(self, trace: BackupTrace) -> None: ...


@dataclass(frozen=True)
class Safe:
    """All of it together."""

    database: DatabaseCopier
    files: FileCopier
    keys: KeyCopier
    destroyed: Destroyed


def sha256_of(path: Path) -> Digest:
    """The digest of a file of any size."""
    with path.open("rb") as file:
        return Digest(hashlib.file_digest(file, "sha256").hexdigest())
