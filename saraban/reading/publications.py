"""What the agencies show to everybody, as everybody reads it; and what their clerks see of it.

Whatever is not shown gives the same nothing: unknown, taken back, classified, destroyed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, bindparam, func, select

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest, Role
from saraban.domain.classification import Form, Secrecy
from saraban.domain.errors import NotFound
from saraban.domain.publication import SHOWN_STATES, Channel, ChannelKind, PublicKind
from saraban.domain.register import EntryState
from saraban.domain.verification import SubjectKind
from saraban.storage.tables.letters import files, letters
from saraban.storage.tables.people import agencies, directory
from saraban.storage.tables.publications import channels, publications
from saraban.storage.tables.registers import entries
from saraban.storage.tables.verification import verification_codes as codes

SHOWN = 30
FED = 50
MOST_DATA = 20_000
"""Rows of open data in one file."""


@dataclass(frozen=True)
class PublicFile:
    """A file that everybody may have."""

    name: str
    media_type: str
    size: int
    sha256: Digest
    is_page: bool


@dataclass(frozen=True)
class Published:
    """A document that is shown. `number` has Arabic digits; `struck` when its number was voided later; `code` is empty
    where there is none to verify it by."""

    id: UUID
    letter_id: UUID
    kind: PublicKind
    form: Form
    number: str
    on: date
    subject: str
    published_at: datetime
    sha256: Digest
    size: int
    struck: bool
    code: str
    with_enclosures: bool


@dataclass(frozen=True)
class Front:
    """An agency before the public: its names, address, central mailbox and channels."""

    id: UUID
    code: str
    name: str
    name_en: str
    mailbox: str
    address: tuple[str, ...]
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True)
class PublicBoard:
    """A page of what an agency shows, how many there are in all and by kind, and when the newest came."""

    front: Front
    items: tuple[Published, ...]
    total: int
    counts: dict[PublicKind, int]
    newest: datetime | None


@dataclass(frozen=True)
class PublicationRow:
    """What the clerk sees of a document that is or was shown."""

    id: UUID
    letter_id: UUID
    kind: PublicKind
    subject: str
    published_at: datetime
    published_by: str
    with_enclosures: bool
    withdrawn_at: datetime | None
    withdrawn_by: str
    reason: str


_FRONT = select(
    agencies.c.id,
    agencies.c.code,
    agencies.c.name,
    func.coalesce(func.nullif(agencies.c.name_en, ""), directory.c.name_en, "").label("name_en"),
    agencies.c.mailbox,
    agencies.c.address,
).select_from(agencies.outerjoin(directory, directory.c.code == agencies.c.code))
_CHANNELS = (
    select(channels)
    .where(channels.c.agency_id == bindparam("agency"))
    .order_by(channels.c.since, channels.c.kind, channels.c.name)
)
_SHOWN = and_(
    publications.c.agency_id == bindparam("agency"),
    publications.c.withdrawn_at.is_(None),
    letters.c.secrecy == Secrecy.OPEN,
    letters.c.state.in_(SHOWN_STATES),
)
_TABLES = (
    publications.join(letters, letters.c.id == publications.c.letter_id)
    .join(files, and_(files.c.owner_id == letters.c.id, files.c.role == Role.LETTER))
    .outerjoin(codes, and_(codes.c.kind == SubjectKind.LETTER, codes.c.subject_id == letters.c.id))
    .outerjoin(entries, and_(entries.c.subject_of == letters.c.id, entries.c.number == letters.c.number))
)
_COLUMNS = (
    publications.c.id,
    publications.c.letter_id,
    publications.c.kind,
    publications.c.published_at,
    publications.c.with_enclosures,
    letters.c.form,
    letters.c.number,
    letters.c.number_date,
    letters.c.subject,
    files.c.sha256,
    files.c.size,
    entries.c.state.label("entry_state"),
    codes.c.code,
)


def fronts(reader: Connection) -> list[Front]:
    """The agencies of this installation, by name, without their channels."""
    return [_front(row) for row in reader.execute(_FRONT.order_by(agencies.c.name))]


def front(reader: Connection, code: str, today: date) -> Front:
    """An agency with the channels that hold today. Raises NotFound."""
    row = reader.execute(_FRONT.where(agencies.c.code == code.replace("\x00", " "))).first()  # no code has blanks
    if row is None:
        raise NotFound
    held = [
        one
        for one in _channels(reader, row.id)
        if one.since <= today and (one.ended_on is None or one.ended_on > today)
    ]
    return _front(row, tuple(held))


def board(reader: Connection, code: str, today: date, kind: PublicKind | None = None, page: int = 1) -> PublicBoard:
    """A page of what an agency shows, the newest first. Raises NotFound."""
    agency = front(reader, code, today)
    counted = reader.execute(
        select(publications.c.kind, func.count().label("number"), func.max(publications.c.published_at).label("newest"))
        .select_from(_TABLES)
        .where(_SHOWN)
        .group_by(publications.c.kind),
        {"agency": agency.id},
    ).all()
    counts = {row.kind: row.number for row in counted}
    items = _items(reader, agency.id, _all(kind).limit(SHOWN).offset(SHOWN * (page - 1)))
    total = counts.get(kind, 0) if kind else sum(counts.values())
    return PublicBoard(agency, items, total, counts, max((row.newest for row in counted), default=None))


def newest(reader: Connection, agency: Front, most: int) -> tuple[Published, ...]:
    """So many of the newest that an agency shows."""
    return _items(reader, agency.id, _all(None).limit(most))


def published(reader: Connection, agency: Front, publication_id: UUID) -> tuple[Published, tuple[PublicFile, ...]]:
    """A document that is shown, with its files: the signed page first. Raises NotFound alike for one that there is not
    and one that may not be shown."""
    found = _items(reader, agency.id, _all(None).where(publications.c.id == publication_id).limit(1))
    if not found:
        raise NotFound
    return found[0], _files(reader, found[0])


def of_letter(reader: Connection, actor: Actor, letter_id: UUID) -> PublicationRow | None:
    """That a letter of the actor's agency is shown now, for its page; None when it is not."""
    rows = _rows(reader, actor, publications.c.letter_id == letter_id, publications.c.withdrawn_at.is_(None))
    return rows[0] if rows else None


def all_of(reader: Connection, actor: Actor, most: int = 300) -> list[PublicationRow]:
    """What the agency shows and has shown, the newest first."""
    return _rows(reader, actor)[:most]


def own_channels(reader: Connection, actor: Actor) -> list[Channel]:
    """The agency's channels, also those that ended."""
    return _channels(reader, actor.agency_id)


def own_front(reader: Connection, actor: Actor) -> Front:
    """The actor's agency as the public sees it, without channels."""
    return _front(reader.execute(_FRONT.where(agencies.c.id == actor.agency_id)).one())


def _rows(reader: Connection, actor: Actor, *conditions: Any) -> list[PublicationRow]:
    rows = reader.execute(
        select(publications, letters.c.subject)
        .join(letters, letters.c.id == publications.c.letter_id)
        .where(publications.c.agency_id == actor.agency_id, letters.c.secrecy == Secrecy.OPEN, *conditions)
        .order_by(publications.c.published_at.desc(), publications.c.id)
    )
    same = ("id", "letter_id", "kind", "subject", "published_at", "published_by", "with_enclosures")
    more = ("withdrawn_at", "withdrawn_by", "reason")
    return [PublicationRow(*(getattr(row, name) for name in (*same, *more))) for row in rows]


def _all(kind: PublicKind | None) -> Select[Any]:
    statement = select(*_COLUMNS).select_from(_TABLES).where(_SHOWN)
    if kind is not None:
        statement = statement.where(publications.c.kind == kind)
    return statement.order_by(publications.c.published_at.desc(), publications.c.id)


def _items(reader: Connection, agency_id: UUID, statement: Select[Any]) -> tuple[Published, ...]:
    return tuple(
        Published(
            id=row.id,
            letter_id=row.letter_id,
            kind=row.kind,
            form=row.form,
            number=row.number or "",
            on=row.number_date,
            subject=row.subject,
            published_at=row.published_at,
            sha256=row.sha256,
            size=row.size,
            struck=row.entry_state is EntryState.VOID,
            code=row.code or "",
            with_enclosures=row.with_enclosures,
        )
        for row in reader.execute(statement, {"agency": agency_id})
    )


def _files(reader: Connection, item: Published) -> tuple[PublicFile, ...]:
    wanted: Sequence[Role] = (Role.LETTER, Role.ENCLOSURE) if item.with_enclosures else (Role.LETTER,)
    rows = reader.execute(
        select(files.c.name, files.c.media_type, files.c.size, files.c.sha256, files.c.role)
        .where(files.c.owner_id == item.letter_id, files.c.role.in_(wanted))
        .order_by(files.c.role != Role.LETTER, files.c.ordinal)
    )
    return tuple(PublicFile(row.name, row.media_type, row.size, row.sha256, row.role is Role.LETTER) for row in rows)


def _channels(reader: Connection, agency_id: UUID) -> list[Channel]:
    rows = reader.execute(_CHANNELS, {"agency": agency_id}).mappings()
    return [Channel(**{**row, "kind": ChannelKind(row["kind"])}) for row in rows]


def _front(row: Any, held: tuple[Channel, ...] = ()) -> Front:
    return Front(row.id, row.code, row.name, row.name_en, row.mailbox, tuple(row.address), held)
