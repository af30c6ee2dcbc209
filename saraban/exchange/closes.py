"""The statement of a day's close: canonical JSON that the seal signs, for whoever checks the registers from outside
(docs/wire.md, section 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from saraban.domain.attachment import Digest
from saraban.domain.closing import BookRoot, DaySummary
from saraban.exchange.wirejson import Malformed, Members, canonical, read_object, wire_moment

VERSION = 1
MOST_BOOKS = 10_000
MOST_BYTES = 1 << 24


@dataclass(frozen=True)
class DayStatement:
    """A statement as it was read: whose it is, when it was made, what its own root is, the root before, the journal's
    line that it reaches to with that line's digest, and the root of each book by its id."""

    agency_code: str
    day: date
    at: datetime
    root: Digest
    previous: Digest | None
    until_seq: int
    head: Digest
    books: dict[UUID, Digest]


def day_statement(summary: DaySummary, *, agency_code: str, agency_name: str, at: datetime) -> bytes:
    """The canonical bytes (RFC 8785): what is sealed. Of a register of classified information nothing but its root is
    told, because the statement is for everybody."""
    members: dict[str, object] = {
        "saraban": VERSION,
        "kind": "day-close",
        "agency": {"code": agency_code, "name": agency_name},
        "day": summary.day.isoformat(),
        "at": wire_moment(at),
        "journal": {"seq": summary.until_seq, "head": summary.head.hex},
        "books": [_book(book) for book in summary.books],
        "root": summary.root.hex,
    }
    if summary.previous is not None:
        members["previous"] = summary.previous.hex
    return canonical(members)


def read_day_statement(data: bytes) -> DayStatement:
    """The statement in these bytes. Raises Malformed when it is none."""
    top = Members(read_object(data, MOST_BYTES))
    if top.integer("saraban") != VERSION:
        raise top.wrong("saraban", "ระบบนี้อ่านได้เฉพาะรุ่น 1")
    top.one_of("kind", ("day-close",))
    journal = top.inner("journal")
    return DayStatement(
        agency_code=top.inner("agency").line("code"),
        day=top.day("day"),
        at=top.moment("at"),
        root=top.digest("root"),
        previous=top.maybe("previous", top.digest),
        until_seq=journal.integer("seq"),
        head=journal.digest("head"),
        books={book.uuid("id"): book.digest("root") for book in top.objects("books", MOST_BOOKS)},
    )


def previous_root(statement: bytes) -> Digest | None:
    """The root before, as a statement tells it; None for the first close and for bytes that cannot be read."""
    try:
        return read_day_statement(statement).previous
    except Malformed:
        return None


def _book(book: BookRoot) -> dict[str, object]:
    kind = book.kind.value if book.kind is not None else "unknown"
    members: dict[str, object] = {"id": str(book.book_id), "kind": kind, "root": book.root.hex}
    if book.secret:
        return members
    if book.unit:
        members["unit"] = book.unit
    return members | {"year": book.year, "lines": book.lines, "first": book.first, "last": book.last}
