"""How letters are kept, as screens and programs show it: one letter, one list of form 19 or 25, and what is due.
Words of classified letters are replaced as in the registers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, func, or_, select

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.calendar import BUDDHIST_OFFSET
from saraban.domain.classification import Secrecy
from saraban.domain.deposit import DepositList, deposit_list_of
from saraban.domain.disposal import DisposalList, DisposalState, disposal_of
from saraban.domain.errors import NotFound, StageNotAllowed
from saraban.domain.keeping import KeepingState, KeptItem, LegalHold
from saraban.domain.loan import Loan
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_see_archive, require
from saraban.domain.register import BookKind, EntryState, Origin
from saraban.domain.retention import FileGroup, RetentionClass, agency_classes, agency_plan, default_class
from saraban.domain.storing import StoringList, storing_list_of
from saraban.reading.letters import journal_about
from saraban.reading.lines import as_seen, lines_as_seen
from saraban.reading.paging import Page, part_of
from saraban.storage.tables import archive as t
from saraban.storage.tables.journal import journal
from saraban.storage.tables.registers import entries

SHOWN = 100


@dataclass(frozen=True)
class ArchiveLine:
    """A line of a register as far as keeping shows it."""

    id: UUID
    kind: BookKind
    year: int
    serial: int
    state: EntryState
    number: str
    letter_date: date | None
    sender: str
    subject: str
    secrecy: Secrecy
    unit_id: UUID | None
    subject_of: UUID | None
    origin: Origin
    masked: bool


@dataclass(frozen=True)
class KeptLine:
    """A line with how its letter is kept. `kind` is its class, of which nobody may have said anything yet; `hold` what
    stops its disposal; `loan` by which it is out; `deposit` the list of form 23 on which it stands."""

    line: ArchiveLine
    item: KeptItem | None
    kind: RetentionClass
    hold: LegalHold | None
    loan: Loan | None = None
    deposit: DepositList | None = None

    @property
    def id(self) -> UUID:
        """The line's id."""
        return self.line.id

    @property
    def called(self) -> str:
        """What it is called where its line does not stand beside it: the subject, or the number of its line."""
        return self.line.subject or thai_digits(f"{self.line.serial}/{self.line.year}")

    @property
    def state(self) -> KeepingState:
        """How it is kept."""
        return self.item.state if self.item is not None else KeepingState.WORKING

    @property
    def electronic(self) -> bool:
        """Is the letter itself electronic?"""
        return self.item.electronic if self.item is not None else self.line.origin is Origin.SYSTEM

    @property
    def paper(self) -> bool:
        """Is there paper of it?"""
        return self.item.paper if self.item is not None else not self.electronic

    @property
    def mark(self) -> str:
        """The words of the mark, empty while it is in work."""
        return self.item.mark if self.item is not None else ""


@dataclass(frozen=True)
class KeepingFact:
    """Something that happened to the keeping of a letter."""

    at: datetime
    name: str
    person: str
    title: str
    values: dict[str, Any]


def classes(reader: Connection, actor: Actor) -> list[RetentionClass]:
    """The agency's retention classes."""
    statement = select(t.retention_classes).where(t.retention_classes.c.agency_id == actor.agency_id)
    own = [RetentionClass(**row) for row in reader.execute(statement).mappings()]
    return agency_classes(actor.agency_id, own)


def plan(reader: Connection, actor: Actor) -> list[FileGroup]:
    """The agency's file plan."""
    statement = select(t.file_groups).where(t.file_groups.c.agency_id == actor.agency_id)
    return agency_plan(actor.agency_id, [FileGroup(**row) for row in reader.execute(statement).mappings()])


def kept_line(reader: Connection, actor: Actor, entry_id: UUID) -> KeptLine:
    """How the letter of a line is kept; NotFound when there is no such line."""
    require(may_see_archive(actor))
    found = kept_of(reader, actor, lines_of(actor).where(entries.c.id == entry_id))
    if not found:
        raise NotFound
    return found[0]


def kept_lines(reader: Connection, actor: Actor, entry_ids: Iterable[UUID]) -> dict[UUID, KeptLine]:
    """How the letters of several lines are kept."""
    require(may_see_archive(actor))
    found = kept_of(reader, actor, lines_of(actor).where(entries.c.id.in_(set(entry_ids))))
    return {one.id: one for one in found}


def kept_letter(reader: Connection, actor: Actor, subject: UUID) -> KeptLine | None:
    """How a letter of the system is kept, for its page; None before it has a line."""
    used = and_(entries.c.subject_of == subject, entries.c.state == EntryState.USED)
    found = kept_of(reader, actor, lines_of(actor).where(used).limit(1))
    return found[0] if found else None


def destroyed_line(reader: Connection, actor: Actor, subject: UUID) -> UUID | None:
    """The line that is left of a letter of the system which was destroyed; None for any other."""
    gone = (t.kept_items.c.subject_of == subject, t.kept_items.c.state == KeepingState.DESTROYED)
    line = select(t.kept_items.c.entry_id).where(*gone, t.kept_items.c.agency_id == actor.agency_id)
    found: UUID | None = reader.execute(line).scalar()
    return found


def history(reader: Connection, actor: Actor, entry_id: UUID) -> list[KeepingFact]:
    """What happened to the keeping of a letter, the oldest first."""
    named = or_(*(journal.c.name.like(f"{what}.%") for what in ("keeping", "hold", "loan", "deposit")))
    found = []
    for row in journal_about(reader, actor, [entry_id], named):
        told = json.loads(row.text)
        found.append(KeepingFact(row.at, row.name, told["by"]["name"], told["by"].get("title", ""), told["values"]))
    return found


# --- lists ------------------------------------------------------------------------------------------------------------


def storing_list(reader: Connection, actor: Actor, list_id: UUID) -> StoringList:
    """A list of form 19; NotFound otherwise."""
    row = one_row(reader, actor, t.storing_lists, list_id)
    return storing_list_of(row)


def disposal(reader: Connection, actor: Actor, list_id: UUID) -> DisposalList:
    """A list for destruction; NotFound otherwise."""
    return disposal_of(one_row(reader, actor, t.disposal_lists, list_id))


def destruction(reader: Connection, actor: Actor, list_id: UUID) -> DisposalList:
    """A list that was carried out, for its record. NotFound for any other, StageNotAllowed where nothing was
    to be destroyed, and while bytes of its files still lie on the disk: the record says that they are gone."""
    made = disposal(reader, actor, list_id)
    if made.state is not DisposalState.DONE:
        raise NotFound
    if why := why_no_record(reader, made):
        raise StageNotAllowed(why, code="files-waiting" if made.officers else "nothing-destroyed")
    return made


def why_no_record(reader: Connection, made: DisposalList) -> str:
    """Why the record of a destruction cannot be printed (yet), in Thai; empty when it can."""
    if made.state is DisposalState.DONE and not made.officers:
        return "ไม่มีหนังสือที่ต้องทำลายตามบัญชีนี้ จึงไม่มีบันทึกการทำลาย คำสั่งอยู่ในแบบที่ ๒๕"
    c = t.destroyed.c
    waits = (c.list_id == made.id, c.removed_at.is_(None), c.sha256.is_not(None))
    left = reader.execute(select(func.count(c.sha256.distinct())).where(*waits)).scalar_one()
    if not left:
        return ""
    return f"ระบบยังลบไฟล์ไม่ครบ เหลือ {thai_digits(left)} ไฟล์ พิมพ์บันทึกการทำลายได้เมื่อลบครบ ปกติไม่เกินสองชั่วโมงหลังเจ้าหน้าที่ยืนยัน"


def due(reader: Connection, actor: Actor, today: date) -> dict[bool, int]:
    """How many letters are due in the survey of the last year that is over: on paper (False), electronic (True)."""
    counted = [side for one, whys in _over(reader, actor, today) for side, why in whys.items() if not why]
    return {electronic: counted.count(electronic) for electronic in (False, True)}


def held_back(
    reader: Connection, actor: Actor, today: date, cursor: str | None = None, limit: int = SHOWN
) -> Page[tuple[KeptLine, str]]:
    """Letters whose period is over and that are not proposed for destruction, each with the reason."""
    over = [(one.entry_id, _told(whys)) for one, whys in _over(reader, actor, today)]
    page = part_of([(entry_id, words) for entry_id, words in over if words], cursor, limit)
    found = kept_lines(reader, actor, [entry_id for entry_id, _ in page.items]) if page.items else {}
    shown = [(found[entry_id], words) for entry_id, words in page.items if entry_id in found]
    return Page(shown, page.next, page.total, page.previous, before=page.before)


def _told(whys: Mapping[bool, str]) -> str:
    """Why a letter is not due, of each of its sides where it has two; empty when all is due."""
    if len(set(whys.values())) == 1:
        return next(iter(whys.values()))
    named = {False: "กระดาษ", True: "อิเล็กทรอนิกส์"}
    return " · ".join(f"{named[side]}: {why}" for side, why in whys.items() if why)


def _over(reader: Connection, actor: Actor, today: date) -> list[tuple[KeptItem, dict[bool, str]]]:
    """What is on no list and whose period was over with the last year, each with why its paper (False) and the
    electronic letter (True) are not due, as far as it has them."""
    year = today.year + BUDDHIST_OFFSET - 1
    item = t.kept_items.c
    statement = select(t.kept_items).where(
        item.agency_id == actor.agency_id,
        item.state.in_([state for state in KeepingState if not state.gone]),
        item.until_year <= year,
        item.disposal_id.is_(None),
    )
    found = [kept_item(row) for row in reader.execute(statement.order_by(item.until_year, item.entry_id)).mappings()]
    return [(one, {side: one.why_not_due(year, today, electronic=side) for side in one.sides}) for one in found]


def waits_for_me(made: DisposalList, actor: Actor) -> bool:
    """Does the list wait for something that this person does?"""
    if made.state is DisposalState.CONSIDERING:
        return actor.person_id in made.members and not (actor.person_id in made.agreed and made.short_of_majority)
    if made.state is DisposalState.CLEARED and made.officers:
        named = [one.person_id for one in made.officers]
        return actor.person_id in named and actor.person_id not in made.confirmed
    head = (DisposalState.DRAFT, DisposalState.REPORTED)
    return actor.role is (PositionRole.HEAD if made.state in head else PositionRole.RECORDS) and (
        made.state not in (DisposalState.DONE, DisposalState.CANCELLED)
    )


# --- rows -------------------------------------------------------------------------------------------------------------


def keeps(actor: Actor) -> ColumnElement[bool]:
    """Lines whose keeping the actor may set (domain.permissions.may_keep); of any unit for who sees all."""
    if actor.central or actor.role in (PositionRole.RECORDS, PositionRole.ADMIN):
        return entries.c.agency_id == actor.agency_id
    return entries.c.unit_id == actor.unit_id


def lines_of(actor: Actor) -> Select[Any]:
    """Lines of the agency as the actor may know them."""
    return lines_as_seen(ArchiveLine, actor).where(entries.c.agency_id == actor.agency_id)


def kept_of(reader: Connection, actor: Actor, statement: Select[Any]) -> list[KeptLine]:
    """How the letters of these lines are kept."""
    lines = [as_seen(ArchiveLine, row) for row in reader.execute(statement)]
    if not lines:
        return []
    ids = [line.id for line in lines]
    rows = reader.execute(select(t.kept_items).where(t.kept_items.c.entry_id.in_(ids))).mappings()
    items = {row["entry_id"]: kept_item(row) for row in rows}
    holds = {row["id"]: LegalHold(**row) for row in _rows(reader, t.legal_holds, (i.held_by for i in items.values()))}
    lent = {row["id"]: Loan(**row) for row in _rows(reader, t.loans, (i.loan_id for i in items.values()))}
    left = _rows(reader, t.deposit_lists, (i.deposit_id for i in items.values()))
    deposits = {row["id"]: deposit_list_of(row) for row in left}
    kinds = {kind.code: kind for kind in classes(reader, actor)}
    found = []
    for line in lines:
        item = items.get(line.id)
        kind = kinds[item.class_code if item is not None else default_class(line.secrecy)]
        more = (item.held_by, item.loan_id, item.deposit_id) if item is not None else (None, None, None)
        found.append(KeptLine(line, item, kind, _of(holds, more[0]), _of(lent, more[1]), _of(deposits, more[2])))
    return found


def _rows(reader: Connection, table: Table, ids: Iterable[UUID | None]) -> list[dict[str, Any]]:
    """The rows of a table with these ids; nothing is asked where there is none."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return []
    return [{**row} for row in reader.execute(select(table).where(table.c.id.in_(wanted))).mappings()]


def _of(known: Mapping[UUID, Any], key: UUID | None) -> Any:
    return known.get(key) if key is not None else None


def kept_item(row: Mapping[Any, Any]) -> KeptItem:
    """How a letter is kept, from its row."""
    return KeptItem(**{f.name: row[f.name] for f in fields(KeptItem)})


def one_row(reader: Connection, actor: Actor, table: Any, list_id: UUID) -> dict[str, Any]:
    """The row of a thing of the archive by its id; NotFound for another agency's."""
    require(may_see_archive(actor))
    found = reader.execute(select(table).where(table.c.id == list_id, table.c.agency_id == actor.agency_id))
    row = found.mappings().first()
    if row is None:
        raise NotFound
    return {str(name): value for name, value in row.items()}
