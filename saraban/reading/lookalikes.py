"""The same letter twice: lines that may be of the letter which a clerk is about to enter, to be put side by side.

Classified lines are never among them, whoever asks: what is not shown cannot be guessed at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, RowMapping, bindparam, select

from saraban.domain.actor import Actor
from saraban.domain.attachment import Attachment, Digest
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.incoming import IncomingState
from saraban.domain.permissions import may_read_registers, require
from saraban.domain.register import BookKind
from saraban.domain.similarity import Described, Letterlike, likely_same, possibly_same, same_number, same_sender
from saraban.reading.scope import visible_incoming
from saraban.storage import likeness
from saraban.storage.tables.letters import files, incoming
from saraban.storage.tables.registers import entries

MOST_SHOWN = 5
_MOST_AT_ONCE = 500
NUMBER, FILE, SUBJECT = "number", "file", "subject"


@dataclass(frozen=True)
class Known:
    """A line that may be of the same letter: what it says, why it is shown (`reasons`: "number", "file", "subject"),
    its files or its letter's. `likely`: the clerk will be asked before this one gets a number."""

    id: UUID
    kind: BookKind
    year: int
    serial: int
    number: str
    letter_date: date | None
    sender: str
    addressee: str
    subject: str
    practice: str
    note: str
    urgency: Urgency
    at: datetime
    entered_by: str
    subject_of: UUID | None
    reasons: tuple[str, ...] = ()
    likely: bool = False
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """A letter that came by mail, has no number yet, and carries the same file."""

    id: UUID
    number: str
    subject: str
    sender: str
    received_at: datetime


_FILES = select(files).where(files.c.owner_id.in_(bindparam("owners", expanding=True))).order_by(files.c.ordinal)
_THESE = select(entries).where(
    entries.c.agency_id == bindparam("agency"),
    entries.c.secrecy == Secrecy.OPEN,
    entries.c.id.in_(bindparam("these", expanding=True)),
)


def look_alikes(
    reader: Connection, actor: Actor, *, kind: BookKind, letter: Letterlike, digests: Sequence[Digest] = ()
) -> list[Known]:
    """At most five lines that may be of the same letter, the likeliest first: by its number and sender, by a file, and
    in books of what comes in by its subject within the same days."""
    require(may_read_registers(actor))
    found: dict[UUID, RowMapping] = {}
    by_file = {row["id"] for row in _keep(found, likeness.by_files(reader, actor.agency_id, digests))}
    if kind.incoming:
        if letter.number:
            _keep(found, likeness.by_number(reader, actor.agency_id, kind, [letter.number]))
        if letter.subject:
            _keep(found, likeness.by_days(reader, actor.agency_id, kind, letter.letter_date))
    known = [line for row in found.values() if (line := _known(row, letter, row["id"] in by_file)).reasons]
    known.sort(key=lambda line: (not line.likely, -len(line.reasons), -line.at.timestamp()))
    return _with_files(reader, known[:MOST_SHOWN])


def lines(
    reader: Connection, actor: Actor, *, ids: Iterable[UUID], letter: Letterlike, digests: Sequence[Digest]
) -> list[Known]:
    """These lines of the agency beside the letter, as the check at saving found them."""
    require(may_read_registers(actor))
    wanted = list(ids)[:MOST_SHOWN]
    by_file = {row["id"] for row in likeness.by_files(reader, actor.agency_id, digests)}
    rows = reader.execute(_THESE, {"agency": actor.agency_id, "these": wanted}).mappings()
    known = [_known(row, letter, row["id"] in by_file) for row in rows]
    return _with_files(reader, sorted(known, key=lambda line: wanted.index(line.id)))


def shown_beside(reader: Connection, actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Known]:
    """The lines of the agency with these ids, to be laid beside rows of a list."""
    require(may_read_registers(actor))
    wanted = sorted(set(ids))
    found: dict[UUID, Known] = {}
    for start in range(0, len(wanted), _MOST_AT_ONCE):
        values = {"agency": actor.agency_id, "these": wanted[start : start + _MOST_AT_ONCE]}
        for row in reader.execute(_THESE, values).mappings():
            found[row["id"]] = _line(row)
    return found


def waiting(reader: Connection, actor: Actor, digests: Sequence[Digest]) -> list[Waiting]:
    """Letters in the mailbox that carry one of these files and wait for their number, as far as the actor may see."""
    if not digests:
        return []
    rows = reader.execute(
        select(incoming.c.id, incoming.c.number, incoming.c.subject, incoming.c.from_name, incoming.c.received_at)
        .join(files, files.c.owner_id == incoming.c.id)
        .where(
            visible_incoming(actor),
            incoming.c.state.in_((IncomingState.NEW, IncomingState.HELD)),
            files.c.agency_id == actor.agency_id,
            files.c.sha256.in_(digests),
        )
        .distinct()
        .limit(MOST_SHOWN)
    )
    return [Waiting(*row) for row in rows]


def _keep(found: dict[UUID, RowMapping], rows: Sequence[RowMapping]) -> Sequence[RowMapping]:
    for row in rows:
        found.setdefault(row["id"], row)
    return rows


def _known(row: RowMapping, letter: Letterlike, by_file: bool) -> Known:
    line = Described(row["number"], row["sender"], row["letter_date"], row["subject"])
    likely = by_file or likely_same(letter, line)
    reasons = []
    if likely and same_number(letter.number, line.number) and same_sender(letter.sender, line.sender):
        reasons.append(NUMBER)
    if by_file:
        reasons.append(FILE)
    if not reasons and possibly_same(letter, line):
        reasons.append(SUBJECT)
    return _line(row, tuple(reasons), likely)


def _line(row: RowMapping, reasons: tuple[str, ...] = (), likely: bool = False) -> Known:
    names = [name for name in Known.__dataclass_fields__ if name in row]
    return Known(**{name: row[name] for name in names}, reasons=reasons, likely=likely)


def _with_files(reader: Connection, known: Sequence[Known]) -> list[Known]:
    owners = [owner for line in known for owner in (line.id, line.subject_of) if owner is not None]
    of: dict[UUID, list[Attachment]] = {}
    if owners:
        for row in reader.execute(_FILES, {"owners": owners}):
            of.setdefault(row.owner_id, []).append(Attachment(row.name, row.role, row.media_type, row.size, row.sha256))
    return [
        Known(**{**vars(line), "files": tuple(of.get(line.id, ()) or of.get(line.subject_of or line.id, ()))})
        for line in known
    ]
