"""What needs and what names files, asked off the lock of the writers and of one moment (usecases.archive.FileNeeds)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Set
from itertools import islice

from sqlalchemy import Column, ColumnElement, Connection, Engine, Text, cast, func, select

from saraban.domain.attachment import Digest
from saraban.storage import naming
from saraban.storage.database import one_moment
from saraban.storage.disposal import DisposalBooks
from saraban.usecases.store_books import Lying, Missing, Survey, Walk

MOST_AT_ONCE = 100_000
"""So many files of the store are looked at in one go; with more it is done in sixteen parts, for their digests take
room: a million are some 150 MB."""
_PIECE = 5000


class FileNeedsAtOnce:
    """The list of what names files, read over the whole database."""

    def __init__(self, engine: Engine) -> None:
        """`engine` is one for reading."""
        self._engine = engine

    def needed(self, digests: Collection[Digest]) -> Set[Digest]:
        """Those of these files that anything needs."""
        with one_moment(self._engine) as connection:
            return naming.needed(connection, digests)

    def named(self, digests: Collection[Digest]) -> Set[Digest]:
        """Those of these files that anything names."""
        with one_moment(self._engine) as connection:
            return naming.named(connection, digests)

    def going(self) -> Set[Digest]:
        """Files that only wait to be taken off the disk."""
        with one_moment(self._engine) as connection:
            return DisposalBooks(connection).going()

    def survey(self, walk: Walk, lies: Callable[[Digest], bool]) -> Survey:
        """Every column is read once (for each part of the store), and every text."""
        with one_moment(self._engine) as connection:
            look = _Look(connection)
            for beginning, lying in _parts(walk):
                look.at(beginning, lying)
            look.at_texts(lies)
            return look.survey()


def _parts(walk: Walk) -> Iterator[tuple[str, list[Lying]]]:
    first = list(islice(walk(""), MOST_AT_ONCE + 1))
    if len(first) <= MOST_AT_ONCE:
        yield "", first
        return
    del first
    for digit in "0123456789abcdef":
        yield digit, list(walk(digit))


class _Look:
    """What was seen so far. Digests are kept as their 32 octets."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._files = self._octets = 0
        self._unnamed: dict[bytes, int] = {}
        self._missing: dict[bytes, str] = {}

    def at(self, beginning: str, lying: Iterable[Lying]) -> None:
        """A part of the store against every column of digests."""
        there, old = set[bytes](), dict[bytes, int]()
        for one in lying:
            there.add(one.sha256.raw)
            self._files, self._octets = self._files + 1, self._octets + one.size
            if one.old:
                old[one.sha256.raw] = one.size
        for place in naming.PLACES:
            if place.in_text:
                continue
            for raw in self._said(place.column, place.where, beginning):
                old.pop(raw, None)
                if place.kept and raw not in there:
                    self._missing.setdefault(raw, place.what)
        self._unnamed |= old

    def at_texts(self, lies: Callable[[Digest], bool]) -> None:
        """What is left of all parts against every text."""
        for place in naming.PLACES:
            if not place.in_text:
                continue
            for said in naming.digests_in(naming.texts_of(self._connection, place)):
                raw = bytes.fromhex(said)
                self._unnamed.pop(raw, None)
                if place.kept and raw not in self._missing and not lies(Digest(said)):
                    self._missing[raw] = place.what

    def survey(self) -> Survey:
        """The whole."""
        missing = [Missing(Digest(raw.hex()), what) for raw, what in sorted(self._missing.items())]
        unnamed = {Digest(raw.hex()): size for raw, size in self._unnamed.items()}
        return Survey(self._files, self._octets, unnamed, missing)

    def _said(self, column: Column[Digest], where: ColumnElement[bool], beginning: str) -> Iterator[bytes]:
        text = cast(column, Text)
        which = [column.is_not(None), where]
        if beginning:
            which.append(func.substr(text, 1, 1) == beginning)
        found = self._connection.execute(select(text).where(*which).execution_options(yield_per=_PIECE))
        yield from (bytes.fromhex(one) for one in found.scalars())
