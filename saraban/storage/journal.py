"""The journal: append-only, one hash chain for each agency.

digest = SHA-256(previous digest ‖ canonical text), where the text is JSON with sorted keys of the sequence number, the
moment, the event's name, who did it and its values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Text, bindparam, func, insert, select, type_coerce, update

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date, office_time
from saraban.domain.capacity import Acting
from saraban.domain.classification import Secrecy
from saraban.domain.errors import NotFound
from saraban.domain.events import DomainEvent, subject_in
from saraban.domain.number_events import NumberEvent
from saraban.exchange.journal_package import WITHHELD, JournalLine
from saraban.storage.database import one_moment
from saraban.storage.readings import day_faults, log_of_days
from saraban.storage.tables.journal import heads, journal
from saraban.storage.tables.letters import incoming, letters
from saraban.storage.tables.registers import entries, ledger
from saraban.usecases.proofs import JournalBreak

START = Digest("0" * 64)

# FOR UPDATE on PostgreSQL; on SQLite the writer's transaction holds the only lock there is.
_LOCK = select(heads.c.seq, heads.c.digest).where(heads.c.agency_id == bindparam("agency")).with_for_update()
_MOVE = (
    update(heads)
    .where(heads.c.agency_id == bindparam("agency"))
    .values(seq=bindparam("new_seq"), digest=bindparam("new_digest"))
)
_WRITE = insert(journal)
_OPEN = insert(heads)
_WRITE_LEDGER = insert(ledger)


def canonical_text(seq: int, event: DomainEvent) -> str:
    """The text that is chained."""
    return json.dumps(
        {
            "seq": seq,
            "at": event.at.isoformat(),
            "event": event.name,
            "by": {
                "name": event.by.name,
                "title": event.by.title,
                "person": str(event.by.person_id) if event.by.person_id else None,
                "position": str(event.by.position_id) if event.by.position_id else None,
                **({} if event.by.acting is None else {"acting": _acting(event.by.acting)}),
            },
            "values": event.values(),
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def _acting(acting: Acting) -> dict[str, str]:
    """For whom somebody acted, and by which order."""
    return {
        "capacity": acting.capacity.value,
        "for": acting.for_title,
        "holder": acting.for_name,
        "delegation": str(acting.delegation_id),
        "order": acting.order,
    }


def link(previous: Digest, text: str) -> Digest:
    """The digest of the next line."""
    return Digest.of(previous.hex.encode() + text.encode())


def ledger_row(agency_id: AgencyId, seq: int, event: NumberEvent) -> dict[str, Any]:
    """The ledger's row of an event that happened to a number."""
    return {
        "agency_id": agency_id,
        "seq": seq,
        "entry_id": event.entry_id,
        "book_id": event.book_id,
        "serial": event.serial,
        "name": event.name,
        "at": event.at,
        "day": office_date(event.at),
        "line": event.line,
    }


def open_chain(connection: Connection, agency_id: AgencyId) -> None:
    """Begin the chain of a new agency."""
    connection.execute(_OPEN, {"agency_id": agency_id, "seq": 0, "digest": START})


def append(connection: Connection, agency_id: AgencyId, events: Sequence[DomainEvent]) -> None:
    """Write the events at the end of the agency's chain. Takes the lock of its head: call it last."""
    write(connection, agency_id, take_head(connection, agency_id), events)


def take_head(connection: Connection, agency_id: AgencyId) -> tuple[int, Digest]:
    """The last line of the agency's chain, its number and digest, locked until the transaction ends."""
    seq, digest = connection.execute(_LOCK, {"agency": agency_id}).one()
    return seq, digest


def write(connection: Connection, agency_id: AgencyId, head: tuple[int, Digest], events: Sequence[DomainEvent]) -> None:
    """Write the events behind the head that was taken. No statement of it has an answer to wait for."""
    seq, digest = head
    lines, numbers = [], []
    for event in events:
        seq += 1
        text = canonical_text(seq, event)
        digest = link(digest, text)
        lines.append(
            {
                "agency_id": agency_id,
                "seq": seq,
                "at": event.at,
                "name": event.name,
                "subject": event.subject,
                "text": text,
                "digest": digest,
            }
        )
        if isinstance(event, NumberEvent):
            numbers.append(ledger_row(agency_id, seq, event))
    connection.execute(_WRITE, lines)
    if numbers:
        connection.execute(_WRITE_LEDGER, numbers)
    connection.execute(_MOVE, {"agency": agency_id, "new_seq": seq, "new_digest": digest})


# Read as they lie in the database: a column that somebody spoiled is a finding, not an error.
_LINES = select(
    journal.c.seq,
    type_coerce(journal.c.at, Text).label("at"),
    journal.c.name,
    type_coerce(journal.c.subject, Text).label("subject"),
    journal.c.text,
    type_coerce(journal.c.digest, Text).label("digest"),
).order_by(journal.c.seq)
_HEAD = select(heads.c.seq, type_coerce(heads.c.digest, Text).label("digest"))


def verify(connection: Connection, agency_id: AgencyId) -> Iterator[JournalBreak]:
    """Walk an agency's chain from its start and tell every break; nothing when it is whole. The columns beside the text
    are for finding lines and must say what the text says."""
    head = connection.execute(_HEAD.where(heads.c.agency_id == agency_id)).one_or_none()
    if head is None:
        yield JournalBreak(0, "ไม่มีหัวบันทึกเหตุการณ์")
        return
    previous, expected = START.hex, 1
    rows = connection.execute(_LINES.where(journal.c.agency_id == agency_id).execution_options(yield_per=1000))
    for row in rows:
        if row.seq != expected:
            after = f"ขาดรายการก่อนลำดับ {row.seq} จึงตรวจลำดับ {row.seq} กับรายการก่อนหน้าไม่ได้"
            yield JournalBreak(expected, after)
        told = _told(row.text)
        if told.get("seq") != row.seq:
            yield JournalBreak(row.seq, "เลขลำดับในข้อความไม่ตรงกับแถว")
        if not _columns_agree(row, told):
            yield JournalBreak(row.seq, "ชื่อ เวลา หรือเรื่องของแถวไม่ตรงกับข้อความ")
        if row.seq == expected and Digest.of(previous.encode() + row.text.encode()).hex != row.digest:
            yield JournalBreak(row.seq, "ค่าแฮชไม่ต่อเนื่อง ข้อความถูกแก้ไข")
        previous, expected = str(row.digest), row.seq + 1
    if head.seq != expected - 1 or head.digest != previous:
        yield JournalBreak(head.seq, "หัวบันทึกไม่ตรงกับรายการสุดท้าย")


def _told(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _columns_agree(row: Any, told: dict[str, Any]) -> bool:
    values = told.get("values")
    try:
        at = row.at if isinstance(row.at, datetime) else datetime.fromisoformat(row.at)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        subject = UUID(str(row.subject)) if row.subject is not None else None
        return (
            told.get("event") == row.name
            and at == datetime.fromisoformat(told["at"])
            and subject == subject_in(values if isinstance(values, dict) else {})
        )
    except (KeyError, TypeError, ValueError):
        return False


def length(connection: Connection, agency_id: AgencyId) -> int:
    """How many lines the chain has."""
    return int(
        connection.execute(
            select(func.count()).select_from(journal).where(journal.c.agency_id == agency_id)
        ).scalar_one()
    )


class JournalAudit:
    """Checks chains over a reading engine (usecases.ports.Journals)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def breaks(self, agency_id: AgencyId) -> list[JournalBreak]:
        """Every break of an agency's chain, and of the days of the reading log that hang in it."""
        with one_moment(self._engine) as connection:
            return [*verify(connection, agency_id), *day_faults(connection, agency_id)]

    def length(self, agency_id: AgencyId) -> int:
        """How many lines it has."""
        with self._engine.connect() as connection:
            return length(connection, agency_id)

    def digest_at(self, agency_id: AgencyId, seq: int) -> Digest:
        """The digest of a line, as it lies there."""
        with self._engine.connect() as connection:
            found = connection.execute(_DIGEST, {"agency": agency_id, "seq": seq}).scalar() if seq else START.hex
        if found is None:
            raise NotFound(f"บันทึกเหตุการณ์ไม่มีลำดับ {seq}")
        return Digest(found)

    def span(self, agency_id: AgencyId, since: datetime, before: datetime) -> tuple[int, int] | None:
        """The first and the last line of a time."""
        with self._engine.connect() as connection:
            first, last = connection.execute(_SPAN, {"agency": agency_id, "since": since, "before": before}).one()
        return None if first is None else (first, last)

    def lines(self, agency_id: AgencyId, first: int, last: int, *, classified: bool) -> Iterator[JournalLine]:
        """These lines, without the texts that tell of classified letters unless they are asked for."""
        with one_moment(self._engine) as connection:
            hidden = set() if classified else _classified(connection, agency_id)
            rows = connection.execution_options(yield_per=1000).execute(
                _LINES.where(journal.c.agency_id == agency_id, journal.c.seq.between(first, last))
            )
            for row in rows:
                yield JournalLine(row.seq, None if hidden and hidden & _ids_in(row.text) else row.text, row.digest)

    def reads(self, agency_id: AgencyId, since: date, until: date, *, classified: bool) -> Iterator[Sequence[object]]:
        """The reading log of these days as rows."""
        with one_moment(self._engine) as connection:
            hidden = set() if classified else _classified(connection, agency_id)
            for reading, marks in log_of_days(connection, agency_id, since, until):
                told = str(reading.subject_id) not in hidden
                yield [
                    office_time(reading.at).isoformat(timespec="seconds"),
                    reading.name,
                    reading.title,
                    reading.deed.thai,
                    (reading.subject_id or "") if told else WITHHELD,
                    reading.what if told else WITHHELD,
                    reading.address,
                    marks,
                ]


_DIGEST = select(type_coerce(journal.c.digest, Text)).where(
    journal.c.agency_id == bindparam("agency"), journal.c.seq == bindparam("seq")
)
_SPAN = select(func.min(journal.c.seq), func.max(journal.c.seq)).where(
    journal.c.agency_id == bindparam("agency"), journal.c.at >= bindparam("since"), journal.c.at < bindparam("before")
)
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _ids_in(text: str) -> set[str]:
    """Every id that a line names: a letter's own, and that of whatever belongs to it."""
    return set(_ID.findall(text))


def _classified(connection: Connection, agency_id: AgencyId) -> set[str]:
    """The ids of classified letters, of those that came in, and of lines of registers."""
    found: set[str] = set()
    for table in (letters, incoming, entries):
        secret = table.c.agency_id == agency_id, table.c.secrecy != Secrecy.OPEN
        found |= {str(one) for one in connection.scalars(select(table.c.id).where(*secret))}
    return found
