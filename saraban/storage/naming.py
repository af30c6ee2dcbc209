"""The one list of what names files: every column in which a digest of the store may stand, and what that means.

Two questions are answered from it. *Is a file needed?* is asked of bytes that are to go, for something was destroyed or
dropped: only what would lose something keeps them (`holds`). *Is a file named?* is asked by the sweep of the whole
store, of bytes about which nobody has said anything: every place keeps them.

Whoever adds a column of digests or of JSON puts it here or among what names no file
(`tests/storage/test_naming.py` asks of each).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Text, and_, cast, exists, not_, or_, select, true
from sqlalchemy import literal_column as literal

from saraban.domain.attachment import Digest
from saraban.domain.held_files import HeldState
from saraban.domain.meeting_files import FileState
from saraban.storage.shelves import batched
from saraban.storage.tables import (
    archive,
    closing,
    desk,
    exchange,
    finding,
    held_files,
    issued,
    issued_runs,
    journal,
    late_stamps,
    letters,
    lookups,
    meetings,
    people,
    reading_log,
    registers,
    store,
    tasks,
    templates,
)
from saraban.storage.tables.delegations import delegations
from saraban.storage.tables.petitions import petitions
from saraban.storage.types import DigestType

_HEX = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_FEW, _PIECE = 4, 500
_EMPTY = ("[]", "{}", "null")


@dataclass(frozen=True, eq=False)
class Place:
    """A column in which files are named. `what` they are, for who has to bring back one that is missing; `where`: the
    rows that count; `holds`: they keep also bytes whose like was destroyed or dropped; `kept`: every digest there was
    kept as a file, so that one which is not there is a fault."""

    column: Column[Any]
    what: str
    where: ColumnElement[bool] = field(default_factory=true)
    holds: bool = True
    kept: bool = True

    @property
    def in_text(self) -> bool:
        """Do digests stand in it among other words?"""
        return not isinstance(self.column.type, DigestType)


def _letter_stays(owner: Column[Any]) -> ColumnElement[bool]:
    """Was the letter of this column not destroyed?"""
    gone = archive.destroyed.c
    return not_(exists().where(gone.subject_of == owner, gone.sha256.is_(None)))


_ASKED = lookups.document_lookups.c
PLACES: tuple[Place, ...] = (
    Place(letters.files.c.sha256, "ไฟล์ของหนังสือ"),
    Place(letters.letters.c.photo, "รูปถ่ายในหนังสือรับรอง"),
    Place(letters.certified_copies.c.original, "ต้นฉบับของสำเนาที่รับรอง"),
    Place(letters.certified_copies.c.sha256, "สำเนาที่รับรอง"),
    Place(letters.recalls.c.raw, "ไปรษณีย์ที่ขอหนังสือคืน"),
    Place(letters.incoming.c.raw_sha256, "ไปรษณีย์ของหนังสือเข้า", _letter_stays(letters.incoming.c.id)),
    Place(registers.stamp_places.c.sealed, "หน้าที่มีตรารับ"),
    Place(people.agencies.c.emblem, "ตราของส่วนราชการ"),
    Place(people.people.c.signature_picture, "ภาพลายเซ็น"),
    Place(delegations.c.file, "คำสั่งมอบหมาย"),
    Place(exchange.evidence.c.raw, "หลักฐานการส่ง"),
    Place(exchange.statements.c.sealed, "ใบตอบรับที่ออกไป"),
    Place(closing.year_closes.c.page, "หน้าปิดทะเบียนประจำปี"),
    Place(closing.witnesses.c.raw, "พยานของการปิดวัน"),
    Place(closing.reconciliations.c.raw, "ไปรษณีย์เทียบทะเบียน"),
    Place(closing.errands.c.result, "ไฟล์ของงานเบื้องหลัง"),
    Place(lookups.document_lookups.c.raw, "ไปรษณีย์ตรวจเอกสารกับผู้ออก"),
    Place(petitions.c.answer, "คำตอบให้ประชาชน"),
    Place(issued.issued_documents.c.digest, "เอกสารที่ออกให้ประชาชน"),
    Place(held_files.held_files.c.digest, "ไฟล์ที่รอตรวจไวรัส", held_files.held_files.c.state != HeldState.REMOVED),
    Place(meetings.meeting_files.c.sha256, "ไฟล์ของการประชุม", meetings.meeting_files.c.state != FileState.REMOVED),
    # A mail that is still to be judged, the like of which may have been destroyed long ago.
    Place(exchange.inbox.c.sha256, "ไปรษณีย์ที่รอคัดกรอง", exchange.inbox.c.outcome == literal("''")),
    # What the page of a template looks like is drawn anew where it is lost.
    Place(templates.templates.c.picture, "ภาพตัวอย่างของแบบหนังสือ", kept=False),
    # The text that stands in a letter is no file until another takes its place.
    Place(letters.letter_versions.c.digest, "ร่างฉบับก่อน", kept=False),
    Place(letters.letter_versions.c.source, "ร่างฉบับก่อน", kept=False),
    Place(letters.route_steps.c.content, "ร่างฉบับที่เสนอ", kept=False),
    # In JSON.
    Place(letters.letters.c.ready, "ไฟล์ที่เป็นตัวหนังสือ"),
    Place(letters.letters.c.part_signed, "หน้าที่ลงนามแล้วบางคน"),
    Place(exchange.outbox.c.segments, "ไฟล์ในซองที่ส่ง"),
    Place(lookups.document_lookups.c.files, "ไฟล์จากผู้ออกเอกสาร"),
    # For the sweep alone: a destruction takes all that names what it takes, and these name what belongs to one letter,
    # or what was not destroyed.
    Place(letters.letters.c.enclosures, "สิ่งที่ส่งมาด้วย", holds=False, kept=False),
    Place(
        letters.letters.c.endorsements,
        "ร่างฉบับที่เสนอ",
        _letter_stays(letters.letters.c.id),
        holds=False,
        kept=False,
    ),
    Place(letters.route_steps.c.earlier, "ร่างฉบับที่เสนอ", holds=False, kept=False),
    Place(
        closing.errands.c.order, "รายการของงานเบื้องหลัง", closing.errands.c.ended_at.is_(None), holds=False, kept=False
    ),
    Place(_ASKED.answer, "ไฟล์ที่จะส่งให้ผู้ถาม", _ASKED.owes != literal("''"), holds=False, kept=False),
    # A mail that was judged is opened long afterwards, unless its letter was destroyed.
    Place(
        exchange.inbox.c.sha256,
        "ไปรษณีย์ที่คัดกรองแล้ว",
        not_(exists().where(archive.destroyed.c.sha256 == exchange.inbox.c.sha256)),
        holds=False,
        kept=False,
    ),
    # What waits to be taken off the disk is left to who does that.
    Place(archive.destroyed.c.sha256, "", archive.destroyed.c.removed_at.is_(None), holds=False, kept=False),
    Place(archive.dropped_files.c.sha256, "", archive.dropped_files.c.removed_at.is_(None), holds=False, kept=False),
)
"""All places in which files are named."""

NO_FILES: frozenset[Column[Any]] = frozenset(
    {
        # Digests of what is said, chained or sealed, of keys and of links: no file has them for its name.
        *(closing.day_closes.c.root, closing.reconciliations.c.request_sha256, closing.year_closes.c.root),
        *(closing.witnesses.c.root, closing.witnesses.c.previous, exchange.dispatches.c.link),
        *(exchange.inbox.c.content_key, exchange.outbox.c.sha256, issued_runs.holder_links.c.token),
        *(journal.journal.c.digest, journal.heads.c.digest, registers.ledger.c.line),
        *(lookups.document_lookups.c.request_sha256, meetings.meeting_numbers.c.digest),
        *(people.calendar_feeds.c.sha256, people.tokens.c.sha256, petitions.c.code, petitions.c.form_key),
        *(petitions.c.typed, reading_log.reading_days.c.root, tasks.endorsements.c.digest, tasks.endorsements.c.seen),
        # What an officer saw in a list: the letter itself names it.
        *(desk.batch_lines.c.content, desk.batch_lines.c.page),
        # Of what a time-stamp was got later: the letter or document itself names it.
        late_stamps.late_stamps.c.sha256,
        # Words that were read in a file go with it, and what nothing names has this mark.
        *(finding.file_texts.c.sha256, store.unnamed_files.c.sha256),
    }
)
"""Columns of digests that name no file which somebody could open by them."""


def needed(connection: Connection, digests: Collection[Digest]) -> set[Digest]:
    """Those of these files without which something would be lost."""
    return _found(connection, digests, [place for place in PLACES if place.holds])


def named(connection: Connection, digests: Collection[Digest]) -> set[Digest]:
    """Those of these files that anything names."""
    return _found(connection, digests, PLACES)


def digests_in(texts: Iterable[str]) -> Iterator[str]:
    """What looks like a digest in these texts, as it stands there."""
    for words in texts:
        yield from _HEX.findall(words)


def texts_of(connection: Connection, place: Place, *more: ColumnElement[bool]) -> Iterator[str]:
    """What stands in a column of text, piece by piece, where it is not empty."""
    text = cast(place.column, Text)
    which = (place.column.is_not(None), text.not_in(_EMPTY), place.where, *more)
    yield from connection.execute(select(text).where(*which).execution_options(yield_per=_PIECE)).scalars()


def _found(connection: Connection, digests: Collection[Digest], places: Iterable[Place]) -> set[Digest]:
    found, told = set[Digest](), [place for place in places if place.in_text]
    plain = [place for place in places if not place.in_text]
    for some in batched(sorted(digests, key=str)):
        for place in plain:
            which = and_(place.column.in_(some), place.where)
            found |= set(connection.execute(select(place.column).where(which)).scalars())
    return found | _found_in_texts(connection, {one.hex: one for one in digests if one not in found}, told)


def _found_in_texts(connection: Connection, wanted: dict[str, Digest], places: Iterable[Place]) -> set[Digest]:
    """Every text is looked at once, however many are asked about: a few are looked for by the database, many among all
    that it gives back."""
    found = set[Digest]()
    for place in places if wanted else ():
        text = cast(place.column, Text)
        few = [or_(*(text.contains(one) for one in wanted))] if len(wanted) <= _FEW else []
        found |= {wanted[one] for one in digests_in(texts_of(connection, place, *few)) if one in wanted}
    return found
