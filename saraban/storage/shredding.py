"""Destroying a letter on the shelves: everything that says what it said goes, and what stays is told apart from what
nothing needs any more. Lines of registers, what officers wrote on the letter, receipts and the journal stay."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Text, cast, delete, select, update

from saraban.domain.attachment import Digest
from saraban.exchange.petition_mail import Occasion
from saraban.storage.naming import digests_in, needed
from saraban.storage.shelves import batched
from saraban.storage.tables import (
    exchange,
    finding,
    held_files,
    late_stamps,
    letters,
    matter,
    registers,
)
from saraban.storage.tables.journal import journal
from saraban.storage.tables.petitions import petitions
from saraban.usecases.archive import Gone
from saraban.usecases.petitions import mail_id

_HELD = held_files.held_files.c


def strip(connection: Connection, gone: Gone) -> set[Digest]:
    """Take what a letter says off the shelves; the digests of all files that belonged to it."""
    owners = [one for one in (gone.entry_id, gone.subject_of) if one is not None]
    files, places = letters.files, registers.stamp_places
    found = _digests(
        connection,
        select(files.c.sha256).where(files.c.owner_id.in_(owners)),
        select(places.c.sealed).where(places.c.entry_id == gone.entry_id),
    )
    if gone.subject_of is not None:
        found |= _told_in_journal(connection, gone, gone.subject_of)
        found |= _strip_outgoing(connection, gone, gone.subject_of)
        found |= _strip_incoming(connection, gone, gone.subject_of)
    connection.execute(delete(files).where(files.c.owner_id.in_(owners)))
    connection.execute(delete(matter.references).where(matter.references.c.owner_id.in_(owners)))
    connection.execute(update(places).where(places.c.entry_id == gone.entry_id).values(sealed=None))
    connection.execute(delete(late_stamps.late_stamps).where(late_stamps.late_stamps.c.thing_id.in_(owners)))
    return found


def _strip_outgoing(connection: Connection, gone: Gone, letter_id: UUID) -> set[Digest]:
    """An outgoing letter: its text, versions, copies and envelopes."""
    t, versions, copies, steps = (
        *(letters.letters, letters.letter_versions),
        *(letters.certified_copies, letters.route_steps),
    )
    of_letter = select(t.c.ready, t.c.part_signed).where(t.c.id == letter_id, t.c.agency_id == gone.agency_id)
    row = connection.execute(of_letter).first()
    if row is None:
        return set()
    found = _digests(
        connection,
        select(t.c.photo).where(t.c.id == letter_id),
        select(versions.c.digest).where(versions.c.letter_id == letter_id),
        select(versions.c.source).where(versions.c.letter_id == letter_id),
        select(steps.c.content).where(steps.c.letter_id == letter_id),
        select(copies.c.sha256).where(copies.c.letter_id == letter_id),
    )
    found |= _named_in([str(row.ready), str(row.part_signed)])
    sent = exchange.outbox.c.ref.in_(
        select(exchange.dispatches.c.id).where(exchange.dispatches.c.letter_id == letter_id)
    )
    segments = select(cast(exchange.outbox.c.segments, Text)).where(sent)
    found |= _named_in(connection.execute(segments).scalars())
    connection.execute(update(exchange.outbox).where(sent).values(segments=[], manifest=None))
    connection.execute(delete(versions).where(versions.c.letter_id == letter_id))
    connection.execute(delete(copies).where(copies.c.letter_id == letter_id))
    connection.execute(update(steps).where(steps.c.letter_id == letter_id).values(content=None, earlier=None))
    empty: dict[str, Any] = {"body": "", "purpose": "", "closing": "", "details": {}, "enclosures": []}
    empty |= {"ready": None, "photo": None, "part_signed": None, "contact": {}}
    connection.execute(update(t).where(t.c.id == letter_id).values(**empty))
    return found


def _strip_incoming(connection: Connection, gone: Gone, incoming_id: UUID) -> set[Digest]:
    """A letter that came in: its text, what its envelope said, and its mail with every copy that arrived."""
    t, copies, box = letters.incoming, letters.certified_copies, exchange.inbox
    raw = connection.execute(
        select(t.c.raw_sha256).where(t.c.id == incoming_id, t.c.agency_id == gone.agency_id)
    ).scalar()
    if raw is None:
        return set()
    keys = select(box.c.content_key).where(box.c.agency_id == gone.agency_id, box.c.sha256 == raw)
    found = {raw} | _digests(
        connection,
        select(box.c.sha256).where(box.c.agency_id == gone.agency_id, box.c.content_key.in_(keys)),
        select(copies.c.sha256).where(copies.c.letter_id == incoming_id),
    )
    connection.execute(delete(copies).where(copies.c.letter_id == incoming_id))
    found |= _digests(connection, select(_HELD.digest).where(_HELD.incoming_id == incoming_id))
    connection.execute(delete(held_files.held_files).where(_HELD.incoming_id == incoming_id))
    found |= _strip_petition(connection, incoming_id)
    empty: dict[str, Any] = {"text": "", "details": {}, "findings": [], "seal": None, "outer": None}
    connection.execute(update(t).where(t.c.id == incoming_id).values(**empty))
    return found


def _strip_petition(connection: Connection, incoming_id: UUID) -> set[Digest]:
    """A letter from the public: its answer and what its sender was told. Number and code lead to nothing any more."""
    row = connection.execute(select(petitions).where(petitions.c.incoming_id == incoming_id)).first()
    if row is None:
        return set()
    told = [mail_id(row.id, occasion, one) for occasion in Occasion for one in range(1, row.version + 1)]
    sent = exchange.outbox.c.ref.in_(told)
    connection.execute(update(exchange.outbox).where(sent).values(segments=[], manifest=None))
    connection.execute(delete(petitions).where(petitions.c.id == row.id))
    return {row.answer} if row.answer is not None else set()


def _told_in_journal(connection: Connection, gone: Gone, subject: UUID) -> set[Digest]:
    """What the journal names about a letter: pages and texts that it had once. Not all of them are files."""
    lines = select(journal.c.text).where(journal.c.agency_id == gone.agency_id, journal.c.subject == subject)
    return _named_in(connection.execute(lines).scalars())


def unneeded(connection: Connection, digests: Collection[Digest]) -> set[Digest]:
    """Those that no letter which stays, and nothing else, needs."""
    return set(digests) - needed(connection, digests)


def forget_words(connection: Connection, digests: Collection[Digest]) -> None:
    """Forget what was read in these files."""
    for some in batched(sorted(digests, key=str)):
        connection.execute(delete(finding.file_texts).where(finding.file_texts.c.sha256.in_(some)))


def _digests(connection: Connection, *statements: Select[Any]) -> set[Digest]:
    return {one for each in statements for one in connection.execute(each).scalars() if one is not None}


def _named_in(texts: Iterable[str]) -> set[Digest]:
    return {Digest(one) for one in digests_in(texts)}
