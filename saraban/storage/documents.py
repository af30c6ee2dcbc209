"""What a letter or a register line is found by, read from where it is kept: for the index, and for a search while the
index has not caught up. Only what is open goes there. What is classified is read for one search of somebody who may,
by what the registers say of it, and kept nowhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, or_, select

from saraban.domain.attachment import Role
from saraban.domain.calendar import BUDDHIST_OFFSET, long_date, office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.incoming import IncomingState
from saraban.domain.letter_state import LetterState
from saraban.domain.mentions import days_in, number_form, numbers_in
from saraban.domain.register import BookKind, EntryState
from saraban.domain.task import TaskState
from saraban.storage.search import normal_form, scope_sign
from saraban.storage.tables.archive import kept_items
from saraban.storage.tables.circulation import readers
from saraban.storage.tables.finding import file_texts
from saraban.storage.tables.letters import files, incoming, letters, route_steps
from saraban.storage.tables.organisation import unit_periods
from saraban.storage.tables.people import directory
from saraban.storage.tables.registers import entries
from saraban.storage.tables.tasks import tasks

LONGEST_FILE = 200_000
LONGEST_TEXT = 600_000
_THESE: BindParameter[Any] = bindparam("owners", expanding=True)
_LETTERS = select(letters).where(letters.c.id.in_(_THESE), letters.c.secrecy == Secrecy.OPEN)
_INCOMING = select(incoming).where(incoming.c.id.in_(_THESE), incoming.c.secrecy == Secrecy.OPEN)
_ALL_LINES = (
    select(entries, kept_items.c.held_by)
    .join(kept_items, kept_items.c.entry_id == entries.c.id, isouter=True)
    .where(or_(entries.c.id.in_(_THESE), entries.c.subject_of.in_(_THESE)))
)
_LINES = _ALL_LINES.where(entries.c.secrecy == Secrecy.OPEN)
_STEPS = select(route_steps.c.letter_id, route_steps.c.position_id).where(route_steps.c.letter_id.in_(_THESE))
_TASKS = select(tasks).where(tasks.c.incoming_id.in_(_THESE), tasks.c.state != TaskState.TAKEN_BACK)
_READERS = select(readers.c.about_id, readers.c.person_id).where(readers.c.about_id.in_(_THESE))
_FILES = (
    select(files.c.owner_id, files.c.name, files.c.role, file_texts.c.text, file_texts.c.scanned)
    .join(file_texts, file_texts.c.sha256 == files.c.sha256, isouter=True)
    .where(files.c.owner_id.in_(_THESE))
    .order_by(files.c.owner_id, files.c.ordinal)
)
# Of what is classified: nothing that is read by opening it.
_OF_ALL = ("id", "agency_id", "unit_id", "state", "subject", "addressed_to", "urgency", "number", "number_date")
_OF_LETTERS = (*_OF_ALL, "drafter_id", "drafter_name", "recipients", "signatory", "created_at")
_OF_INCOMING = (*_OF_ALL, "from_code", "from_name", "register_number", "register_year", "received_at")
_HEADS_OF_LETTERS = select(*(letters.c[name] for name in _OF_LETTERS)).where(letters.c.id.in_(_THESE))
_HEADS_OF_INCOMING = select(*(incoming.c[name] for name in _OF_INCOMING)).where(incoming.c.id.in_(_THESE))
_ROLES_OF_FILES = select(files.c.owner_id, files.c.role).where(files.c.owner_id.in_(_THESE))
_UNITS = select(unit_periods.c.unit_id, unit_periods.c.name).where(
    unit_periods.c.unit_id.in_(bindparam("units", expanding=True))
)
_DIRECTORY = select(directory.c.code, directory.c.name, directory.c.name_en, directory.c.abbr).where(
    directory.c.code.in_(bindparam("codes", expanding=True))
)
_BEFORE_ISSUE = {LetterState.DRAFT, LetterState.SUBMITTED, LetterState.ENDORSED, LetterState.SIGNING}
_BEFORE_ISSUE |= {LetterState.PART_SIGNED, LetterState.RETURNED}
_UNREGISTERED = {IncomingState.NEW, IncomingState.HELD}
_OVER = {IncomingState.REFUSED, IncomingState.SUPERSEDED, IncomingState.SET_ASIDE, IncomingState.RECALLED}
_OVER |= {IncomingState.REPLACED}

_DRAFTS: set[object] = {*_BEFORE_ISSUE, EntryState.RESERVED}
_NO_MORE: set[object] = {*_OVER, LetterState.WITHDRAWN, EntryState.VOID}
STATES = ("draft", "issued", "new", "registered", "over")
"""In preparation; with a number; not registered yet; registered; withdrawn, refused, void or replaced."""
NO_MORE = "~"
"""Stands behind the numbers of what is over, so that they are told from the same numbers of what lives."""


@dataclass(frozen=True)
class Document:
    """What one letter or line is found by. `signs` are the short words by which a search is narrowed, the four texts
    are in normal form with a space at both ends. `own`: of a line, its words without what its files say, as who may not
    open them finds it."""

    owner_id: UUID
    kind: str
    at: datetime
    signs: str
    subject: str
    marks: str
    words: str
    scans: str
    own: str = ""

    def without_files(self) -> Document:
        """What a line is found by for who may not open its files."""
        return replace(self, words=self.own, scans="")


def standing(state: LetterState | IncomingState | EntryState) -> str:
    """Which of the STATES a state of a letter or line is."""
    if state in _DRAFTS:
        return "draft"
    if state in _NO_MORE:
        return "over"
    if isinstance(state, LetterState):
        return "issued"
    return "new" if state in _UNREGISTERED else "registered"


def documents_of(connection: Connection, owners: Sequence[UUID]) -> list[Document]:
    """What these are found by, as they are now; those that are classified or gone are left out."""
    if not owners:
        return []
    return list(_Reading(connection, owners).documents())


def heads_of(connection: Connection, owners: Sequence[UUID]) -> list[Document]:
    """What these, which are classified, are found by in one search of somebody who may read them: their numbers and
    days, subject, who they are from and to, and what the registers say of them. Nothing of what stands in the letters
    and their files: that is read by opening them, which is noted."""
    if not owners:
        return []
    return list(_Reading(connection, owners, heads_alone=True).documents())


class _Reading:
    """Everything about some letters and lines, read with one statement for each table."""

    def __init__(self, connection: Connection, owners: Sequence[UUID], *, heads_alone: bool = False) -> None:
        self._connection, self._owners, self._heads_alone = connection, list(owners), heads_alone
        self._letters = self._read(_HEADS_OF_LETTERS if heads_alone else _LETTERS)
        self._incoming = self._read(_HEADS_OF_INCOMING if heads_alone else _INCOMING)
        self._lines: dict[UUID, Row[Any]] = {}
        self._lines_of: dict[UUID, list[Row[Any]]] = defaultdict(list)
        for row in self._read(_ALL_LINES if heads_alone else _LINES):
            self._lines[row.id] = row
            if row.subject_of is not None:
                self._lines_of[row.subject_of].append(row)
        self._steps = self._by(_STEPS, "letter_id") if self._letters and not heads_alone else {}
        self._tasks = self._by(_TASKS, "incoming_id") if self._incoming and not heads_alone else {}
        self._readers = {} if heads_alone else self._by(_READERS, "about_id")
        self._files = self._by(_ROLES_OF_FILES if heads_alone else _FILES, "owner_id")
        self._units = self._unit_names()
        self._agencies = self._directory()

    def documents(self) -> Iterator[Document]:
        """One after another."""
        wanted = set(self._owners)
        yield from map(self._letter, self._letters)
        yield from map(self._received, self._incoming)
        yield from (self._line(row) for row in self._lines.values() if row.id in wanted)

    def _letter(self, r: Row[Any]) -> Document:
        lines = self._lines_of.get(r.id, [])
        state = standing(r.state)
        signs = _signs(r.agency_id, r.number_date, r.created_at, r.unit_id, r.urgency, state)
        signs += [f"book {line.kind.value}" for line in lines] or [f"book {BookKind.SENDING.value}"]
        signs += [*_held(lines), "unit " + r.unit_id.hex, "person " + r.drafter_id.hex]
        signs += ["position " + step.position_id.hex for step in self._steps.get(r.id, ())]
        names = [part for code in r.recipients for part in (code, *self._agencies.get(code, ()))]
        marks = [*_standing(state, [*_numbers(r.number), *_serials(lines)]), *_under(r.number), r.addressed_to, *names]
        marks += [*self._units.get(r.unit_id, ()), r.drafter_name, *_texts(r.signatory)]
        words = [*_days(r.number_date), *_remarks(lines)]
        if not self._heads_alone:
            others = [r.purpose, *_texts(r.references), *_texts(r.details), *_texts(r.contact)]
            words = [r.body, *others, *words]
        return self._document(r, "letter", r.created_at, signs, marks, words)

    def _received(self, r: Row[Any]) -> Document:
        lines = self._lines_of.get(r.id, [])
        state = standing(r.state)
        signs = _signs(r.agency_id, r.number_date, r.received_at, r.unit_id, r.urgency, state)
        signs += [f"book {line.kind.value}" for line in lines] or [f"book {BookKind.RECEIVING.value}"]
        signs += [*_held(lines), "unit " + r.unit_id.hex]
        for task in self._tasks.get(r.id, ()):
            signs += [f"person {who.hex}" for who in (task.person_id, task.taker_id) if who is not None]
            if task.position_id is not None:
                signs.append("position " + task.position_id.hex)
            signs.append("unit " + task.unit_id.hex)
        serial = [f"{r.register_number}/{r.register_year}", str(r.register_number)] if r.register_number else []
        names = (r.from_name, r.from_code, *self._agencies.get(r.from_code, ()), r.addressed_to)
        marks = [*_standing(state, [*_numbers(r.number), *serial, *_serials(lines)]), *_under(r.number), *names]
        words = [*_days(r.number_date), *_remarks(lines)]
        if not self._heads_alone:
            words = [r.text, *_texts(r.details), *words]
        return self._document(r, "incoming", r.received_at, signs, marks, words)

    def _line(self, r: Row[Any]) -> Document:
        state = standing(r.state)
        signs = _signs(r.agency_id, None, r.at, r.unit_id, r.urgency, state, year=r.year)
        signs += ["lines", f"book {r.kind.value}", *_held([r])]
        units = self._units.get(r.unit_id, ()) if r.unit_id is not None else ()
        marks = [*_standing(state, [*_numbers(r.number), *_serials([r])]), *_under(r.number)]
        marks += [r.sender, r.addressee, *units]
        words = [r.practice, r.note, r.void_reason, *_days(r.letter_date)]
        return self._document(r, "entry", r.at, signs, marks, words)

    def _document(
        self, row: Row[Any], kind: str, at: datetime, signs: list[str], marks: list[str], words: list[str]
    ) -> Document:
        files_of_it = self._files.get(row.id, ())
        read = () if self._heads_alone else files_of_it
        plain = [text for file in read for text in (file.name, file.text or "")]
        scans = [file.scanned for file in read if file.scanned]
        signs += ["person " + reader.person_id.hex for reader in self._readers.get(row.id, ())]
        # What a line has beside it is not told apart.
        if any(file.role is Role.ENCLOSURE for file in files_of_it) or (kind == "entry" and files_of_it):
            signs.append("enclosure")
        own = [*words, *(file.name for file in read)] if kind == "entry" else []
        subject, text, own_text = map(_said, ([row.subject], [*words, *plain], own))
        return Document(
            owner_id=row.id,
            kind=kind,
            at=at,
            signs="".join(scope_sign(row.agency_id, sign) for sign in dict.fromkeys(["all", *signs])),
            subject=f" {subject} ",
            marks=f" {normal_form(' '.join(part for part in marks if part))} ",
            words=f" {text} ",
            own=f" {own_text} " if own else "",
            scans=f" {normal_form(' '.join(scans)[:LONGEST_TEXT])} ",
        )

    def _read(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        return self._connection.execute(statement, {"owners": self._owners}).all()

    def _by(self, statement: Select[Any], key: str) -> dict[UUID, list[Row[Any]]]:
        found: dict[UUID, list[Row[Any]]] = defaultdict(list)
        for row in self._read(statement):
            found[getattr(row, key)].append(row)
        return found

    def _unit_names(self) -> dict[UUID, list[str]]:
        rows = (*self._letters, *self._incoming, *self._lines.values())
        units = sorted({row.unit_id for row in rows if row.unit_id is not None})
        found: dict[UUID, list[str]] = defaultdict(list)
        if units:
            for unit_id, name in self._connection.execute(_UNITS, {"units": units}):
                found[unit_id].append(name)
        return found

    def _directory(self) -> dict[str, tuple[str, ...]]:
        codes = {row.from_code for row in self._incoming} | {code for row in self._letters for code in row.recipients}
        if not codes:
            return {}
        rows = self._connection.execute(_DIRECTORY, {"codes": sorted(codes)})
        return {row.code: (row.name, row.name_en, row.abbr) for row in rows}


def _said(parts: Iterable[str]) -> str:
    """Texts in normal form, with the numbers and days in them as they are looked for."""
    text = normal_form("\n".join(part[:LONGEST_FILE] for part in parts if part)[:LONGEST_TEXT])
    if not text:
        return " "
    return f"{text} {' '.join([*numbers_in(text), *days_in(text)])}"


def _signs(
    agency_id: UUID,
    day: date | None,
    at: datetime,
    unit_id: UUID | None,
    urgency: Urgency,
    state: str,
    *,
    year: int | None = None,
) -> list[str]:
    year = year or (day or office_date(at)).year + BUDDHIST_OFFSET
    owned = [f"of {unit_id.hex}"] if unit_id is not None else []
    return [f"year {year}", f"urgency {urgency.value}", f"state {state}", *owned]


def _numbers(number: str | None) -> list[str]:
    """A letter's own number as it is found: in one piece, what stands behind its last stroke, and as it is written."""
    if not number:
        return []
    key = number_form(normal_form(number))
    tail = key.rsplit("/", 1)[-1]
    return list(dict.fromkeys([key, tail, tail.lstrip("วล"), number]))


def _standing(state: str, numbers: list[str]) -> list[str]:
    """The numbers, marked when what has them is over."""
    return [number + NO_MORE for number in numbers] if state == "over" else numbers


def _under(number: str | None) -> list[str]:
    """Whose letters a number has (`numbered_under`)."""
    begins = _BEGINS.match(number_form(normal_form(number or "")))
    return [numbered_under(*begins.groups())] if begins else []


def numbered_under(letters: str, digits: str = "") -> str:
    """What the marks of everything have that is numbered under the letters of an agency, and under digits that begin
    so: one word for all numbers, with or without a committee, that no text has otherwise."""
    return f"{letters}:{digits}"


_BEGINS = re.compile(r"([ก-ฮ.]{1,8})(?:\([^)]*\))?([0-9]+)")


def _serials(lines: Iterable[Row[Any]]) -> list[str]:
    return [text for line in lines for text in (f"{line.serial}/{line.year}", str(line.serial))]


def _held(lines: Iterable[Row[Any]]) -> list[str]:
    """The sign of what is under a hold that stops its disposal."""
    return ["hold"] if any(line.held_by is not None for line in lines) else []


def _remarks(lines: Iterable[Row[Any]]) -> list[str]:
    """What stands in the lines of a letter and not in the letter."""
    return [text for line in lines for text in (line.practice, line.note, line.sender, line.addressee) if text]


def _days(day: date | None) -> list[str]:
    return [] if day is None else [day.isoformat(), long_date(day)]


def _texts(value: Any) -> Iterator[str]:
    """The texts in a value that is kept as JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
