"""The hub's mail on disk: one file a message and a small SQLite index of folders, UIDs and flags."""

from __future__ import annotations

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

FOLDERS = ("INBOX", "Sent", "Processed", "Quarantine")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS folder (
    id INTEGER PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL, uidnext INTEGER NOT NULL, UNIQUE (account, name));
CREATE TABLE IF NOT EXISTS mail (
    folder INTEGER NOT NULL REFERENCES folder (id), uid INTEGER NOT NULL, file TEXT NOT NULL,
    size INTEGER NOT NULL, flags TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (folder, uid)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mail_file ON mail (file);
"""


@dataclass(frozen=True)
class Folder:
    """A folder of an account. UIDVALIDITY and UIDNEXT outlive the process (RFC 3501, section 2.3.1.1)."""

    id: int
    name: str
    uidvalidity: int
    uidnext: int


@dataclass(frozen=True)
class StoredMail:
    """A message in a folder: where its bytes lie, how many, its flags and when it arrived (seconds since 1970)."""

    uid: int
    file: str
    size: int
    flags: frozenset[str]
    at: int


@dataclass(frozen=True)
class Arrival:
    """A written file that shall appear in folders, named by their ids (one twice for two copies)."""

    file: str
    size: int
    folders: tuple[int, ...]
    at: int
    flags: frozenset[str] = frozenset()


class MailStore:
    """Writes are made by one thread, reads by another; each has its own connection to the index.

    A method that changes something returns when the change is on the disk (fsync, SQLite synchronous=FULL).
    """

    def __init__(self, root: Path) -> None:
        """Open the store, made when missing; files that no line of the index names are removed. Raises BlockingIOError
        when another process has it open."""
        self._mails = root / "mails"
        self._mails.mkdir(parents=True, exist_ok=True)
        # The system lets go of the lock when the process ends, however it ends.
        self._lock = (root / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise
        self._writer = _connect(root / "index.sqlite")
        self._writer.executescript(_SCHEMA)
        self._reader = _connect(root / "index.sqlite")
        named = {row[0] for row in self._reader.execute("SELECT DISTINCT file FROM mail")}
        for path in self._mails.iterdir():
            if path.name not in named:
                path.unlink()

    def close(self) -> None:
        """Close both connections and let go of the lock."""
        self._reader.close()
        self._writer.close()
        self._lock.close()

    # --- files --------------------------------------------------------------------------------------------------

    def new_file(self) -> str:
        """A name for a message that is about to be written."""
        return secrets.token_hex(16)

    def path(self, file: str) -> Path:
        """Where the bytes of this name lie."""
        return self._mails / file

    def discard(self, file: str) -> None:
        """Remove a file that was not delivered."""
        with suppress(FileNotFoundError):
            self.path(file).unlink()

    # --- changes (writer) ---------------------------------------------------------------------------------------

    def make_folders(self, account: str, names: Iterable[str], at: int) -> None:
        """Make the folders that are missing; a new folder's UIDVALIDITY is the second of its making."""
        with self._transaction() as index:
            index.executemany(
                "INSERT OR IGNORE INTO folder (account, name, uidvalidity, uidnext) VALUES (?, ?, ?, 1)",
                [(account, name, at) for name in names],
            )

    def deliver(self, arrivals: Sequence[Arrival]) -> list[list[int]]:
        """Put written files into folders, all in one transaction; the UIDs given, for each arrival in the order of its
        folders."""
        for arrival in arrivals:
            _fsync(self.path(arrival.file))
        _fsync(self._mails)
        with self._transaction() as index:
            return [[_insert(index, folder, arrival) for folder in arrival.folders] for arrival in arrivals]

    def copy(self, source: int, uids: Sequence[int], target: int) -> list[int]:
        """Copy messages with their flags and times into another folder; the new UIDs in the same order."""
        with self._transaction() as index:
            return self._copied(index, source, uids, target)

    def move(self, source: int, uids: Sequence[int], target: int) -> list[int]:
        """Copy and remove in one transaction (RFC 6851)."""
        with self._transaction() as index:
            made = self._copied(index, source, uids, target)
            index.executemany("DELETE FROM mail WHERE folder = ? AND uid = ?", [(source, uid) for uid in uids])
            return made

    def remove(self, folder: int, uids: Collection[int]) -> None:
        """Remove messages for good; a file goes when no folder names it any more."""
        with self._transaction() as index:
            files = {m.file for m in self._read(index, folder, uids)}
            index.executemany("DELETE FROM mail WHERE folder = ? AND uid = ?", [(folder, uid) for uid in uids])
            gone = [f for f in files if not index.execute("SELECT 1 FROM mail WHERE file = ?", (f,)).fetchone()]
        for file in gone:
            self.discard(file)

    def set_flags(self, folder: int, flags: dict[int, frozenset[str]]) -> None:
        """Replace the flags of messages."""
        with self._transaction() as index:
            index.executemany(
                "UPDATE mail SET flags = ? WHERE folder = ? AND uid = ?",
                [(" ".join(sorted(new)), folder, uid) for uid, new in flags.items()],
            )

    def renumber(self, account: str, name: str) -> None:
        """Give a folder a new UIDVALIDITY and its messages new UIDs, as a server does whose index was rebuilt."""
        with self._transaction() as index:
            (folder,) = index.execute(
                "SELECT id FROM folder WHERE account = ? AND name = ?", (account, name)
            ).fetchone()
            uids = [row[0] for row in index.execute("SELECT uid FROM mail WHERE folder = ? ORDER BY uid", (folder,))]
            index.executemany(
                "UPDATE mail SET uid = ? WHERE folder = ? AND uid = ?", [(-n, folder, u) for n, u in enumerate(uids, 1)]
            )
            index.execute("UPDATE mail SET uid = -uid WHERE folder = ?", (folder,))
            index.execute(
                "UPDATE folder SET uidvalidity = uidvalidity + 1, uidnext = ? WHERE id = ?", (len(uids) + 1, folder)
            )

    # --- questions (reader) -------------------------------------------------------------------------------------

    def folder(self, account: str, name: str) -> Folder | None:
        """The folder of this name; INBOX in any case of letters."""
        name = "INBOX" if name.upper() == "INBOX" else name
        row = self._reader.execute(
            "SELECT id, name, uidvalidity, uidnext FROM folder WHERE account = ? AND name = ?", (account, name)
        ).fetchone()
        return None if row is None else Folder(*row)

    def folder_names(self, account: str) -> list[str]:
        """All folders of an account, INBOX first."""
        rows = self._reader.execute("SELECT name FROM folder WHERE account = ? ORDER BY id", (account,))
        return [row[0] for row in rows]

    def uids(self, folder: int, above: int = 0) -> list[int]:
        """UIDs above a number, ascending."""
        rows = self._reader.execute("SELECT uid FROM mail WHERE folder = ? AND uid > ? ORDER BY uid", (folder, above))
        return [row[0] for row in rows]

    def unseen(self, folder: int) -> int:
        """How many messages have no \\Seen."""
        query = "SELECT count(*) FROM mail WHERE folder = ? AND instr(flags, '\\Seen') = 0"
        return int(self._reader.execute(query, (folder,)).fetchone()[0])

    def mails(self, folder: int, uids: Collection[int]) -> list[StoredMail]:
        """The messages with these UIDs that still exist, ascending."""
        return self._read(self._reader, folder, uids)

    # --- inside -------------------------------------------------------------------------------------------------

    @staticmethod
    def _read(index: sqlite3.Connection, folder: int, uids: Collection[int]) -> list[StoredMail]:
        if not uids:
            return []
        query = "SELECT uid, file, size, flags, at FROM mail WHERE folder = ? AND uid "
        if len(uids) == 1:
            rows = index.execute(query + "= ?", (folder, *uids)).fetchall()
        else:
            rows = index.execute(query + "BETWEEN ? AND ? ORDER BY uid", (folder, min(uids), max(uids))).fetchall()
        wanted = set(uids)
        return [
            StoredMail(uid, file, size, frozenset(flags.split()), at)
            for uid, file, size, flags, at in rows
            if uid in wanted
        ]

    def _copied(self, index: sqlite3.Connection, source: int, uids: Sequence[int], target: int) -> list[int]:
        return [
            _insert(index, target, Arrival(m.file, m.size, (target,), m.at, m.flags))
            for m in self._read(index, source, uids)
        ]

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            yield self._writer
        except BaseException:
            self._writer.execute("ROLLBACK")
            raise
        self._writer.execute("COMMIT")


def _insert(index: sqlite3.Connection, folder: int, arrival: Arrival) -> int:
    (following,) = index.execute(
        "UPDATE folder SET uidnext = uidnext + 1 WHERE id = ? RETURNING uidnext", (folder,)
    ).fetchone()
    uid = int(following) - 1
    index.execute(
        "INSERT INTO mail (folder, uid, file, size, flags, at) VALUES (?, ?, ?, ?, ?, ?)",
        (folder, uid, arrival.file, arrival.size, " ".join(sorted(arrival.flags)), arrival.at),
    )
    return uid


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute("PRAGMA " + pragma)
    return connection


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
