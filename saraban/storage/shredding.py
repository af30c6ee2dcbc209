"""Destroying a letter on the shelves: everything that says what it said goes, and what stays is told apart from what
nothing needs any more. Lines of registers, what officers wrote on the letter, receipts and the journal stay."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Select, Text, cast, delete, exists, literal_column, not_, or_, select, update

from saraban.domain.attachment import Digest
from saraban.domain.held_files import HeldState
from saraban.domain.meeting_files import FileState
from saraban.exchange.petition_mail import Occasion
from saraban.storage.shelves import batched
from saraban.storage.tables import (
    closing,
    exchange,
    finding,
    held_files,
    issued,
    late_stamps,
    letters,
    lookups,
    matter,
    meetings,
    people,
    registers,
    templates,
)
from saraban.storage.tables.archive import destroyed
from saraban.storage.tables.delegations import delegations
from saraban.storage.tables.journal import journal
from saraban.storage.tables.petitions import petitions
from saraban.usecases.archive import Gone
from saraban.usecases.petitions import mail_id

_HEX = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
NAMED_BY: tuple[Column[Any], ...] = (
    letters.files.c.sha256,
    letters.letters.c.photo,
    letters.route_steps.c.content,
    letters.certified_copies.c.original,
    letters.certified_copies.c.sha256,
    letters.letter_versions.c.digest,
    letters.letter_versions.c.source,
    letters.recalls.c.raw,
    registers.stamp_places.c.sealed,
    people.agencies.c.emblem,
    people.people.c.signature_picture,
    templates.templates.c.picture,
    delegations.c.file,
    exchange.evidence.c.raw,
    exchange.statements.c.sealed,
    closing.year_closes.c.page,
    closing.witnesses.c.raw,
    closing.reconciliations.c.raw,
    closing.errands.c.result,
    lookups.document_lookups.c.raw,
    petitions.c.answer,
    issued.issued_documents.c.digest,
)
"""Columns by which something needs a file; `tests/storage/test_shredding.py` asks of every new one whether it does."""
_TOLD_IN = (
    letters.letters.c.ready,
    letters.letters.c.part_signed,
    exchange.outbox.c.segments,
    lookups.document_lookups.c.files,
)
"""JSON in which files are named."""
_FEW, _PIECE = 4, 500
_HELD, _OF_MEETINGS = held_files.held_files.c, meetings.meeting_files.c
_UNLESS_REMOVED = (
    select(_HELD.digest).where(_HELD.state != HeldState.REMOVED),
    select(_OF_MEETINGS.sha256).where(_OF_MEETINGS.state != FileState.REMOVED),
    select(exchange.inbox.c.sha256).where(exchange.inbox.c.outcome == literal_column("''")),
)
"""What is not needed any more once it was removed, a file in which a virus was found later; and a mail that is still to
be judged, the like of which may have been destroyed long ago."""
_STAYS = not_(exists().where(destroyed.c.subject_of == letters.incoming.c.id, destroyed.c.sha256.is_(None)))


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
    needed: set[Digest] = set()
    for some in batched(sorted(digests, key=str)):
        raw = letters.incoming.c.raw_sha256
        wanted = [select(column).where(column.in_(some)) for column in NAMED_BY]
        wanted += [each.where(each.selected_columns[0].in_(some)) for each in _UNLESS_REMOVED]
        needed |= _digests(connection, *wanted, select(raw).where(raw.in_(some), _STAYS))
        needed |= _told_in_json(connection, [digest for digest in some if digest not in needed])
    return set(digests) - needed


def _told_in_json(connection: Connection, digests: Collection[Digest]) -> set[Digest]:
    """Those of these that JSON names. Every text is looked at once, however many they are: a few are looked for by the
    database, many among all that it gives back."""
    wanted, found = {digest.hex: digest for digest in digests}, set[Digest]()
    if not wanted:
        return found
    for column in _TOLD_IN:
        text = cast(column, Text)
        named = or_(*(text.contains(one) for one in wanted)) if len(wanted) <= _FEW else text.not_in(["[]", "null"])
        rows = connection.execute(select(text).where(column.is_not(None), named).execution_options(yield_per=_PIECE))
        found |= {wanted[one] for words in rows.scalars() for one in _HEX.findall(words) if one in wanted}
    return found


def forget_words(connection: Connection, digests: Collection[Digest]) -> None:
    """Forget what was read in these files."""
    for some in batched(sorted(digests, key=str)):
        connection.execute(delete(finding.file_texts).where(finding.file_texts.c.sha256.in_(some)))


def _digests(connection: Connection, *statements: Select[Any]) -> set[Digest]:
    return {one for each in statements for one in connection.execute(each).scalars() if one is not None}


def _named_in(texts: Iterable[str]) -> set[Digest]:
    return {Digest(one) for words in texts for one in _HEX.findall(words)}
