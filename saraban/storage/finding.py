"""The index of letters and lines on the shelf: what waits, what files say, and the rows themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, func, insert, not_, select, text, union_all, update

from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy
from saraban.storage.documents import Document, documents_of
from saraban.storage.tables.finding import documents, file_texts, waiting
from saraban.storage.tables.letters import files, incoming, letters
from saraban.storage.tables.registers import entries
from saraban.usecases.finding import FileText, TextWay, Waiting

_COUNTER_BITS = 12
_OLDEST = select(waiting).order_by(waiting.c.seq).limit(bindparam("most"))
_OWNED = (letters, incoming, entries)
_FTS = ("search_documents_fts", "search_heads_fts")
_MERGED = 500
"""Pages of the index that are written in one transaction: some two million octets."""
_STILL_MERGING = 2


class SearchBooks:
    """The index (usecases.finding.SearchIndex). Rows are written by this class alone; on SQLite triggers hand what it
    writes to FTS5."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def waiting(self, most: int) -> Sequence[Waiting]:
        """The oldest that waits."""
        return [Waiting(row.seq, row.owner_id) for row in self._connection.execute(_OLDEST, {"most": most})]

    def unread(self, owners: Sequence[UUID]) -> Sequence[Digest]:
        """Files of those that are open whose words are not known."""
        if not owners:
            return []
        known = select(file_texts.c.sha256).where(file_texts.c.sha256 == files.c.sha256).exists()
        statement = select(files.c.sha256).where(files.c.owner_id.in_(_open(owners)), not_(known)).distinct()
        return list(self._connection.execute(statement).scalars())

    def scans(self, most: int) -> Sequence[Digest]:
        """Pictures that were not read yet."""
        statement = select(file_texts.c.sha256).where(file_texts.c.way == TextWay.SCAN).limit(most)
        return list(self._connection.execute(statement).scalars())

    def keep_text(self, digest: Digest, found: FileText, *, besides: Sequence[UUID] = ()) -> None:
        """Write down what a file says, and let its owners wait, unless no open one is left."""
        owners = list(self._connection.execute(select(files.c.owner_id).where(files.c.sha256 == digest)).scalars())
        held = self._connection.execute(_open(owners)).scalars().all() if owners else []
        self._connection.execute(delete(file_texts).where(file_texts.c.sha256 == digest))
        if not held:
            return
        texts = {"text": found.text.replace("\x00", ""), "scanned": found.scanned}
        row = {"sha256": digest, "way": found.way, **texts}
        self._connection.execute(insert(file_texts), row)
        if others := [{"owner_id": owner} for owner in held if owner not in set(besides)]:
            self._connection.execute(insert(waiting), others)

    def keep_scan(self, digest: Digest, scanned: str) -> None:
        """Write down what was read from pictures beside the words of the file's other pages."""
        known = self._connection.execute(select(file_texts.c.text).where(file_texts.c.sha256 == digest)).scalar()
        if known is not None:
            self.keep_text(digest, FileText(TextWay.OCR, known, scanned.replace("\x00", "")))

    def put(self, owners: Sequence[UUID]) -> None:
        """Make the rows anew."""
        made = {document.owner_id: document for document in documents_of(self._connection, owners)}
        kept = {row.owner_id: row for row in self._rows(owners)}
        gone = [owner for owner in owners if owner not in made]
        self._forget(gone, [kept[owner].id for owner in gone if owner in kept])
        fresh: list[Document] = []
        for owner, document in made.items():
            values = _values(document)
            if owner not in kept:
                fresh.append(document)
            elif any(getattr(kept[owner], name) != value for name, value in values.items()):
                statement = update(documents).where(documents.c.id == kept[owner].id)
                self._connection.execute(statement.values(**values))
        for document in sorted(fresh, key=lambda one: one.at):
            row = {"id": self._place(document.at), "owner_id": document.owner_id, **_values(document)}
            self._connection.execute(insert(documents), row)

    def done(self, waited: Sequence[Waiting]) -> None:
        """They wait no longer."""
        if waited:
            self._connection.execute(delete(waiting).where(waiting.c.seq.in_([one.seq for one in waited])))

    def wait_for_all(self, *, files_too: bool) -> int:
        """Everything that has, or should have, a row."""
        if files_too:
            self._connection.execute(delete(file_texts))
        self._connection.execute(delete(waiting))
        kept = union_all(*(select(table.c.id.label("owner_id"), _AT[table.name].label("at")) for table in _OWNED))
        rows = kept.subquery()
        # In the order of time, so that rows that are new get their places in it.
        everything = select(rows.c.owner_id).order_by(rows.c.at)
        self._connection.execute(insert(waiting).from_select(["owner_id"], everything))
        lost = select(documents.c.owner_id).where(documents.c.owner_id.not_in(select(rows.c.owner_id)))
        self._connection.execute(insert(waiting).from_select(["owner_id"], lost))
        return self.count_waiting()

    def count_waiting(self) -> int:
        """How much waits."""
        return int(self._connection.execute(select(func.count()).select_from(waiting)).scalar_one())

    def squeeze(self, *, begin: bool) -> bool:
        """FTS5 writes a row that goes into a new segment of its index as gone, and drops its words when segments are
        merged; so they are all merged into one, some pages in each transaction (FTS5, "the merge command": a negative
        number begins, and it has ended when a step changed less than two rows). PostgreSQL drops by vacuuming."""
        if self._connection.dialect.name != "sqlite":
            return False
        changed = [self._merge(table, -_MERGED if begin else _MERGED) for table in _FTS]
        return any(count >= _STILL_MERGING for count in changed)

    def _merge(self, table: str, pages: int) -> int:
        before = self._total_changes()
        self._connection.execute(text(f"INSERT INTO {table}({table}, rank) VALUES ('merge', :pages)"), {"pages": pages})
        return self._total_changes() - before

    def _total_changes(self) -> int:
        return int(self._connection.execute(text("SELECT total_changes()")).scalar_one())

    def _rows(self, owners: Sequence[UUID]) -> Sequence[Any]:
        return self._connection.execute(select(documents).where(documents.c.owner_id.in_(list(owners)))).all()

    def _forget(self, owners: Sequence[UUID], ids: Sequence[int]) -> None:
        """Take rows out, and the words of files that no open letter or line has any more."""
        if ids:
            self._connection.execute(delete(documents).where(documents.c.id.in_(ids)))
        if not owners:
            return
        of_them = set(
            self._connection.execute(select(files.c.sha256).where(files.c.owner_id.in_(owners)).distinct()).scalars()
        )
        for digest in of_them:
            sharing = self._connection.execute(select(files.c.owner_id).where(files.c.sha256 == digest)).scalars().all()
            if not self._connection.execute(_open(sharing)).scalars().all():
                self._connection.execute(delete(file_texts).where(file_texts.c.sha256 == digest))

    def _place(self, at: datetime) -> int:
        """A free id for something of that moment."""
        first = int(at.timestamp() * 1000) << _COUNTER_BITS
        last = first + (1 << _COUNTER_BITS) - 1
        taken = select(func.max(documents.c.id)).where(documents.c.id.between(first, last))
        highest = self._connection.execute(taken).scalar()
        return first if highest is None else int(highest) + 1


_AT = {"letters": letters.c.created_at, "incoming": incoming.c.received_at, "entries": entries.c.at}


def place_of(at: datetime) -> int:
    """Where something of that moment stands among the ids of rows."""
    return int(at.timestamp() * 1000) << _COUNTER_BITS


def _open(owners: Sequence[UUID]) -> Any:
    """A statement for those of the owners that are open."""
    return union_all(*(select(t.c.id).where(t.c.id.in_(list(owners)), t.c.secrecy == Secrecy.OPEN) for t in _OWNED))


def _values(document: Document) -> dict[str, str]:
    names = ("kind", "signs", "subject", "marks", "words", "scans", "own")
    return {name: getattr(document, name) for name in names}
