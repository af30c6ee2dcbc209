"""What anybody may know of a document whose code he has; and what its issuer sees of how often that was asked.

An unknown code and one of a document that may not be shown (classified, not issued) give the same nothing by the same
statement, so that neither the answer nor its time tells them apart.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Dialect, Select, Text, and_, bindparam, exists, func, or_, select

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyOptions
from saraban.domain.attachment import Role
from saraban.domain.calendar import office_date
from saraban.domain.classification import Form, Secrecy
from saraban.domain.letter import LetterState
from saraban.domain.number_events import NumberVoided
from saraban.domain.register import EntryState
from saraban.domain.verification import (
    TYPED_LETTERS,
    DocumentState,
    SubjectKind,
    ends_when_given_back,
    grouped,
    state_of_letter,
)
from saraban.reading.scope import require_letter
from saraban.reading.verified import ORIGINAL, KnownFile, Verified, seal_prints
from saraban.reading.verifying_issued import STAMPS, issued_document, known_copies, known_stamps
from saraban.reading.verifying_recalls import recall_of
from saraban.storage.planning import Spelt, as_day, as_id, planned_once, spelt, spelt_out, told
from saraban.storage.tables.exchange import dispatches
from saraban.storage.tables.late_stamps import late_stamps
from saraban.storage.tables.letters import certified_copies, files, letters
from saraban.storage.tables.people import agencies, directory
from saraban.storage.tables.publications import publications
from saraban.storage.tables.registers import entries, ledger
from saraban.storage.tables.verification import verification_codes as codes
from saraban.storage.tables.verification import verification_scans as scans


@dataclass(frozen=True)
class Scans:
    """How often a letter's code was looked up: its address, in all, and by day, the newest first."""

    code: str
    total: int
    days: tuple[tuple[date, int], ...]

    @property
    def shown(self) -> str:
        """The code as it is typed."""
        return grouped(self.code[:TYPED_LETTERS])


def verified(reader: Connection, code: str, today: date) -> Verified | None:
    """The document of a code, whole or as it is typed (domain.verification.read_code). None for an unknown code, and
    for a document that is classified or not issued. `today`: how it stands that day."""
    column = "typed" if len(code) == TYPED_LETTERS else "code"
    with planned_once(reader):
        for find in _FINDERS.values():
            found = find(reader, column, code, today)
            if found is not None:
                return found
    return None


def scans_of_letter(reader: Connection, actor: Actor, letter_id: UUID, days: int = 14) -> Scans | None:
    """How often a letter that the actor may read was looked up; None when it has no code."""
    require_letter(reader, actor, letter_id)
    code = reader.execute(_CODE_OF, {"kind": SubjectKind.LETTER, "subject": letter_id}).scalar_one_or_none()
    if code is None:
        return None
    total = reader.execute(select(func.coalesce(func.sum(scans.c.count), 0)).where(scans.c.code == code)).scalar_one()
    of_days = select(scans.c.day, scans.c.count.label("times")).where(scans.c.code == code)
    rows = reader.execute(of_days.order_by(scans.c.day.desc()).limit(days))
    return Scans(code, int(total), tuple((row.day, row.times) for row in rows))


_CODE_OF = select(codes.c.code).where(codes.c.kind == bindparam("kind"), codes.c.subject_id == bindparam("subject"))


# --- letters ------------------------------------------------------------------------------------------------------


_following, _following_code = letters.alias("following"), codes.alias("following_code")
_FOUND = (LetterState.ISSUED, LetterState.DISPATCHED, LetterState.CLOSED)


def _letter_select(column: str) -> Select[Any]:
    number = and_(entries.c.subject_of == letters.c.id, entries.c.number == letters.c.number)
    # Of the letter that took its place no more than its own page shows: where that shows nothing, neither does this.
    follows = and_(
        _following.c.id == letters.c.replaced_by,
        _following.c.secrecy == Secrecy.OPEN,
        or_(*(_following.c.state == one for one in _FOUND)),
    )
    coded = and_(_following_code.c.subject_id == _following.c.id, _following_code.c.kind == SubjectKind.LETTER)
    return (
        select(
            codes.c.code,
            codes.c.subject_id,
            agencies.c.code.label("agency_code"),
            agencies.c.name.label("agency_name"),
            func.coalesce(func.nullif(agencies.c.name_en, ""), directory.c.name_en, "").label("agency_name_en"),
            agencies.c.options,
            directory.c.certificates,
            letters.c.state,
            letters.c.form,
            letters.c.number,
            letters.c.number_date,
            letters.c.subject,
            files.c.sha256,
            select(func.count())
            .where(certified_copies.c.agency_id == letters.c.agency_id, certified_copies.c.letter_id == letters.c.id)
            .scalar_subquery()
            .label("copies"),
            STAMPS.where(late_stamps.c.thing_id == letters.c.id).scalar_subquery().label("stamps"),
            entries.c.id.label("entry_id"),
            entries.c.state.label("entry_state"),
            letters.c.replaced_on,
            func.coalesce(_following_code.c.code, "").label("following_code"),
            func.coalesce(_following.c.number, "").label("following_number"),
            exists()
            .where(publications.c.letter_id == letters.c.id, publications.c.withdrawn_at.is_(None))
            .label("published"),
            exists()
            .where(dispatches.c.letter_id == letters.c.id, dispatches.c.recall_asked_at.is_not(None))
            .label("asked_back"),
        )
        .select_from(
            codes.join(letters, letters.c.id == codes.c.subject_id)
            .join(agencies, agencies.c.id == codes.c.agency_id)
            .outerjoin(entries, number)
            .outerjoin(files, and_(files.c.owner_id == letters.c.id, files.c.role == Role.LETTER))
            .outerjoin(directory, directory.c.code == agencies.c.code)
            .outerjoin(_following, follows)
            .outerjoin(_following_code, coded)
        )
        .where(
            codes.c[column] == told("code", Text),
            codes.c.kind == SubjectKind.LETTER,
            letters.c.secrecy == Secrecy.OPEN,
            # One by one: lists are written into the statement anew every time that it is run.
            or_(*(letters.c.state == one for one in _FOUND)),
        )
        .limit(1)
    )


@cache
def _letters(column: str, dialect: Dialect) -> Spelt:
    """Asked at every scan: what SQLAlchemy does about a statement would take as long as the answer."""
    return spelt(_letter_select(column), dialect)


_VOIDED = spelt_out(
    select(ledger.c.at)
    .where(ledger.c.entry_id == bindparam("entry"), ledger.c.name == NumberVoided.name)
    .order_by(ledger.c.seq.desc())
    .limit(1)
)


def _letter(reader: Connection, column: str, code: str, today: date) -> Verified | None:
    del today
    rows = _letters(column, reader.dialect).rows(reader, {"code": code})
    if not rows:
        return None
    row, on = rows[0], as_day(rows[0].number_date)
    entry = EntryState(row.entry_state) if row.entry_state else None
    recall = recall_of(reader, as_id(row.subject_id)) if row.asked_back else None  # few are: as for copies
    ended_on = recall.ended_on if recall is not None else None
    recalled = ended_on is not None and ends_when_given_back(Form(row.form), is_published=bool(row.published))
    replaced = row.replaced_on is not None
    state = state_of_letter(LetterState(row.state), entry, replaced=replaced, recalled=recalled)
    assert state is not None and on is not None  # the statement gives issued letters only
    voided = None
    if state is DocumentState.CANCELLED:
        voided = reader.execute(_VOIDED, {"entry": as_id(row.entry_id)}).scalar_one_or_none()
    known = [KnownFile(row.sha256, ORIGINAL)] if row.sha256 is not None else []
    if row.copies:  # few have any: most looks are one statement
        known += known_copies(reader, as_id(row.subject_id))
    return Verified(
        code=row.code,
        kind=SubjectKind.LETTER,
        agency_code=row.agency_code,
        agency_name=row.agency_name,
        agency_name_en=row.agency_name_en,
        form=Form(row.form),
        number=row.number or "",
        on=on,
        state=state,
        cancelled_on=office_date(voided) if voided is not None else None,
        subject=row.subject if AgencyOptions(**json.loads(row.options)).verify_subject else "",
        files=tuple(known),
        seals=tuple(seal_prints(json.loads(row.certificates or "[]"))),
        since={DocumentState.REPLACED: as_day(row.replaced_on), DocumentState.RECALLED: ended_on}.get(state),
        replaced_by=row.following_code if state is DocumentState.REPLACED else "",
        replaced_number=row.following_number if state is DocumentState.REPLACED and row.following_code else "",
        may_download=bool(row.published and known),
        recall=recall,
        stamps=known_stamps(reader, as_id(row.subject_id), known) if row.stamps else (),
    )


_FINDERS: Mapping[SubjectKind, Callable[[Connection, str, str, date], Verified | None]] = {
    SubjectKind.LETTER: _letter,
    SubjectKind.ISSUED: issued_document,
}
"""How a document of each kind is found. All are asked for every code: one that is not found took as long as another."""
