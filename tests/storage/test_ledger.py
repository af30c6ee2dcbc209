"""Whoever changes the database behind the house's back is found, and the place is told: lines, files, corrections,
ledger, journal, books, closes of days and years, and what other agencies were given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, delete, select, text, update

from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.closing import CloseId, DayClose, YearClose
from saraban.domain.events import DayClosed, YearClosed
from saraban.domain.register import BookKind, EntryState, Origin, RegisterEntry
from saraban.exchange.closes import day_statement
from saraban.storage import journal as chain
from saraban.storage.ledger import LedgerAudit
from saraban.storage.tables.closing import day_closes, witnesses, year_closes
from saraban.storage.tables.journal import heads, journal
from saraban.storage.tables.letters import files
from saraban.storage.tables.registers import books, corrections, entries, ledger
from saraban.usecases.registry import LedgerFault
from tests.builders import NOW, YEAR, StaffedAgency, a_book, a_file, an_entry
from tests.storage.conftest import NewUow

DAYS = (date(2026, 11, 23), date(2026, 11, 24))


@dataclass
class Kept:
    """A book of four lines: the second has a scan, the third was rectified; two closed days and a closed year."""

    engine: Engine
    office: StaffedAgency
    lines: list[RegisterEntry]

    def change(self, *statements: Any) -> None:
        """Change the database as somebody with its password would."""
        with self.engine.connect() as connection, connection.begin():
            for statement in statements:
                assert connection.execute(statement).rowcount > 0

    def faults(self) -> list[LedgerFault]:
        """What the audit says."""
        return list(LedgerAudit(self.engine).faults(self.office.agency.id))

    def rows(self, table: Any) -> list[Any]:
        """All rows of a table."""
        with self.engine.connect() as connection:
            return list(connection.execute(select(table)))


@pytest.fixture
def kept(engine: Engine, office: StaffedAgency, new_uow: NewUow) -> Kept:
    """A sound book with its closes."""
    clerk, lines = office["central_clerk"], []
    with new_uow() as uow:
        book = a_book(office.agency.id, last=4)
        uow.registers.open(book)
        for serial in (1, 2, 3, 4):
            line = an_entry(office.agency.id, book.id, serial)
            uow.registers.enter(line)
            uow.record(line.entered(by=clerk, at=NOW))
            lines.append(line)
        uow.commit()
    with new_uow() as uow:
        scanned = uow.registers.get(office.agency.id, lines[1].id)
        uow.record(scanned.attach(a_file("หน้าแรก.pdf"), by=clerk, at=NOW))
        uow.registers.save(scanned)
        uow.commit()
    _close(new_uow, office, DAYS[0])
    with new_uow() as uow:
        third = uow.registers.get(office.agency.id, lines[2].id)
        event, made = third.rectify(
            {"subject": "เรื่องที่ถูกต้อง"}, reason="พิมพ์ผิด", authority="หัวหน้า", by=clerk, at=NOW + timedelta(days=1)
        )
        uow.registers.save(third)
        uow.registers.correct(made)
        uow.record(event)
        uow.commit()
    _close(new_uow, office, DAYS[1])
    with new_uow() as uow:
        close = YearClose(
            CloseId(uuid4()), office.agency.id, YEAR, Digest.of(b"page"), [], Digest.of(b"root"), "นายทวี", NOW
        )
        uow.closes.add_year(close)
        uow.record(YearClosed(at=NOW, by=office["records"], thing_id=close.id, year=YEAR, statement=close.page))
        first = uow.closes.day(office.agency.id, DAYS[0])
        uow.closes.witness(
            office.agency.id,
            "dopa",
            given=True,
            day=first.day,
            root=first.root,
            previous=None,
            receipt_id=uuid4(),
            raw=Digest.of(b"receipt"),
            at=NOW,
        )
        uow.commit()
    made_of = Kept(engine, office, lines)
    assert made_of.faults() == []
    return made_of


def _close(new_uow: NewUow, office: StaffedAgency, day: date) -> None:
    with new_uow() as uow:
        after, summary = uow.closes.last(office.agency.id), uow.closes.to_cover(office.agency.id, day)
        statement = day_statement(summary, agency_code=office.agency.code, agency_name=office.agency.name, at=NOW)
        close = DayClose(
            CloseId(uuid4()),
            office.agency.id,
            day,
            summary.root,
            summary.lines,
            summary.until_seq,
            statement,
            b"seal",
            NOW,
        )
        uow.closes.add(close, after)
        uow.record(DayClosed(at=NOW, by=office["head"], thing_id=close.id, day=day, root=close.root, lines=close.lines))
        uow.commit()


# --- lines -----------------------------------------------------------------------------------------------------------

ALTERED: dict[str, Any] = {
    "state": EntryState.RESERVED,
    "subject_of": uuid4(),
    "number": "ทส 1001/44",
    "letter_date": date(2026, 1, 1),
    "sender": "กองคลัง",
    "addressee": "กรมอื่น",
    "subject": "เรื่องที่ถูกเปลี่ยน",
    "practice": "เก็บ",
    "note": "หมายเหตุใหม่",
    "urgency": Urgency.URGENT,
    "secrecy": Secrecy.SECRET,
    "unit_id": uuid4(),
    "at": NOW - timedelta(hours=1),
    "entered_by": "ผู้อื่น",
    "void_reason": "เหตุ",
    "void_authority": "ผู้สั่ง",
    "origin": Origin.COUNTER,
    "received_at": NOW - timedelta(days=9),
    "kind": BookKind.CIRCULARS,
    "year": YEAR - 1,
    "agency_id": uuid4(),
    "corrected": 3,
}


# Where a line stands is tested below; the last two say nothing of their own.
ELSEWHERE = ("id", "book_id", "serial", "number_key", "search_text")


@pytest.mark.parametrize("column", [c.name for c in entries.c if c.name not in ELSEWHERE])
def test_an_altered_column_of_an_old_line_is_found_and_located(kept: Kept, column: str) -> None:
    line = kept.lines[0]
    kept.change(update(entries).where(entries.c.id == line.id).values({column: ALTERED[column]}))

    found = [f for f in kept.faults() if "แก้ไขนอกระบบ" in f.reason and f.serial]

    assert [(f.serial, f.entry_id, f.day) for f in found] == [(1, line.id, DAYS[0])]
    assert found[0].book == f"ทะเบียนหนังสือส่ง พ.ศ. {YEAR}"


def test_a_line_moved_to_another_number_or_another_id_is_found(kept: Kept) -> None:
    kept.change(update(entries).where(entries.c.id == kept.lines[0].id).values(serial=99))
    assert [f.serial for f in kept.faults()] == [99]

    kept.change(update(entries).where(entries.c.id == kept.lines[3].id).values(id=uuid4()))
    reasons = {f.reason for f in kept.faults() if f.serial == 4}
    assert reasons == {"มีรายการในทะเบียนแต่ไม่มีในบัญชีเลข", "มีในบัญชีเลขแต่รายการในทะเบียนหายไป"}


def test_a_column_that_cannot_be_read_any_more_is_found_and_the_others_are_still_checked(kept: Kept) -> None:
    kept.change(
        text("UPDATE entries SET state = 'nonsense' WHERE serial = 1"),
        update(entries).where(entries.c.serial == 4).values(subject="เปลี่ยน"),
    )

    assert sorted((f.serial, f.reason[:15]) for f in kept.faults()) == [
        (1, "รายการอ่านไม่ได้"[:15]),
        (4, "รายการถูกแก้ไขนอกระบบ"[:15]),
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda: update(files).values(sha256=Digest.of(b"another page")),
        lambda: update(files).values(name="อื่น.pdf"),
        lambda: delete(files),
    ],
)
def test_an_altered_scan_is_found_at_its_line(kept: Kept, change: Callable[[], Any]) -> None:
    kept.change(change())

    assert [(f.serial, f.entry_id) for f in kept.faults()] == [(2, kept.lines[1].id)]


@pytest.mark.parametrize(
    "change",
    [
        lambda: update(corrections).values(old="เรื่องเดิมที่แต่งขึ้น"),
        lambda: update(corrections).values(reason="เหตุผลอื่น"),
        lambda: delete(corrections),
    ],
)
def test_what_a_line_said_before_it_was_rectified_cannot_be_changed_unseen(
    kept: Kept, change: Callable[[], Any]
) -> None:
    kept.change(change())

    [fault] = kept.faults()
    assert (fault.serial, fault.entry_id) == (3, kept.lines[2].id) and "ข้อความเดิม" in fault.reason


def test_a_deleted_line_is_told_by_its_ledger(kept: Kept) -> None:
    kept.change(delete(entries).where(entries.c.serial == 4))

    [fault] = kept.faults()
    assert (fault.serial, fault.day, fault.entry_id) == (4, DAYS[0], None) and "หายไป" in fault.reason
    [book] = LedgerAudit(kept.engine).books(kept.office.agency.id)
    assert book.gaps == [4]


# --- ledger and journal ----------------------------------------------------------------------------------------------


def test_a_deleted_line_of_the_ledger_is_told_by_the_journal(kept: Kept) -> None:
    kept.change(delete(ledger).where(ledger.c.serial == 4))

    faults = kept.faults()
    assert [f.serial for f in faults if f.serial] == [4, 4]
    assert any("ไม่มีในบัญชีเลข" in f.reason and "บันทึกเหตุการณ์" in f.reason for f in faults)
    assert any(f.day == DAYS[0] and "รากที่ลงตราไว้" in f.reason for f in faults)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("line", Digest.of(b"other")),
        ("serial", 7),
        ("name", "number.voided"),
        ("entry_id", uuid4()),
        ("book_id", uuid4()),
        ("at", NOW - timedelta(days=2)),
        ("day", DAYS[1]),
    ],
)
def test_an_altered_line_of_the_ledger_is_found(kept: Kept, column: str, value: Any) -> None:
    kept.change(update(ledger).where(ledger.c.entry_id == kept.lines[3].id).values({column: value}))

    assert any("บัญชีเลขไม่ตรงกับบันทึกเหตุการณ์" in f.reason and f.serial in (4, 7) for f in kept.faults())


def test_an_altered_journal_is_found_even_where_ledger_and_line_were_made_to_fit(kept: Kept) -> None:
    """Line, ledger and journal are all forged, and the chain is made new to its end: the sealed days still tell."""
    line = replace(kept.lines[3], subject="เรื่องที่ปลอม")
    kept.change(
        update(entries).where(entries.c.id == line.id).values(subject=line.subject),
        update(ledger).where(ledger.c.entry_id == line.id).values(line=line.digest()),
    )
    _forge_journal(kept, kept.lines[3].digest().hex, line.digest().hex)

    faults = kept.faults()

    with kept.engine.connect() as connection:
        assert list(chain.verify(connection, kept.office.agency.id)) == []
    assert {(f.day, f.reason) for f in faults} == {
        (DAYS[0], "รายการของวันไม่ตรงกับรากที่ลงตราไว้"),
        (DAYS[0], "บันทึกเหตุการณ์ไม่ตรงกับหัวที่ลงตราไว้ในวันนั้น"),
        (DAYS[1], "บันทึกเหตุการณ์ไม่ตรงกับหัวที่ลงตราไว้ในวันนั้น"),
    }


def _forge_journal(kept: Kept, old: str, new: str) -> None:
    previous = chain.START
    for row in sorted(kept.rows(journal), key=lambda r: r.seq):
        words = row.text.replace(old, new)
        previous = chain.link(previous, words)
        kept.change(update(journal).where(journal.c.seq == row.seq).values(text=words, digest=previous))
    kept.change(update(heads).values(digest=previous))


def test_a_line_of_the_journal_that_says_something_else_is_found_at_its_number(kept: Kept) -> None:
    [row] = [r for r in kept.rows(journal) if r.name == "number.taken" and '"serial":2' in r.text]
    other = row.text.replace('"serial":2', '"serial":9')
    kept.change(update(journal).where(journal.c.seq == row.seq).values(text=other))

    [fault] = kept.faults()
    assert (fault.serial, fault.reason) == (2, "บัญชีเลขไม่ตรงกับบันทึกเหตุการณ์")
    with kept.engine.connect() as connection:
        assert [b.seq for b in chain.verify(connection, kept.office.agency.id)] == [row.seq]


# --- books -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("column", "value"), [("first", 3), ("kind", BookKind.CIRCULARS), ("year", YEAR - 1)])
def test_a_book_that_is_called_something_else_is_found(kept: Kept, column: str, value: Any) -> None:
    kept.change(update(books).values({column: value}))

    assert any("เล่ม" in f.reason for f in kept.faults())


# --- closes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("root", Digest.of(b"other")),
        ("statement", b"{}"),
        ("until_seq", 3),
        ("day", date(2026, 11, 22)),
        ("lines", 1),
        ("at", NOW - timedelta(days=1)),
    ],
)
def test_an_altered_close_is_found_on_its_day(kept: Kept, column: str, value: Any) -> None:
    kept.change(update(day_closes).where(day_closes.c.day == DAYS[0]).values({column: value}))

    assert {DAYS[0], date(2026, 11, 22)} & {f.day for f in kept.faults()}


def test_a_statement_with_another_root_is_found(kept: Kept) -> None:
    [row] = [r for r in kept.rows(day_closes) if r.day == DAYS[0]]
    other = Digest.of(b"other")
    kept.change(
        update(day_closes)
        .where(day_closes.c.id == row.id)
        .values(root=other, statement=row.statement.replace(row.root.hex.encode(), other.hex.encode()))
    )

    reasons = {f.reason for f in kept.faults() if f.day == DAYS[0]}
    assert "รากของวันไม่ตรงกับถ้อยแถลงที่ลงตราไว้" in reasons
    assert any("dopa" in reason for reason in reasons)
    assert any("ไม่ต่อจากวันก่อนหน้า" in f.reason for f in kept.faults() if f.day == DAYS[1])


@pytest.mark.parametrize("day", DAYS)
def test_a_deleted_close_is_told_by_the_journal(kept: Kept, day: date) -> None:
    kept.change(delete(day_closes).where(day_closes.c.day == day))

    assert any(day.isoformat() in f.reason and "หายไป" in f.reason for f in kept.faults())


def test_a_root_that_differs_from_the_one_given_to_another_agency_is_found(kept: Kept) -> None:
    kept.change(update(witnesses).values(root=Digest.of(b"given")))

    [fault] = kept.faults()
    assert fault.day == DAYS[0] and "dopa" in fault.reason


@pytest.mark.parametrize(
    "change", [lambda: delete(year_closes), lambda: update(year_closes).values(page=Digest.of(b"another page"))]
)
def test_a_year_with_another_page_is_found(kept: Kept, change: Callable[[], Any]) -> None:
    kept.change(change())

    assert {f.reason for f in kept.faults()} == {f"รายงานปิดปี {YEAR} ไม่ตรงกับบันทึกเหตุการณ์"}


def test_faults_in_a_register_of_classified_information_are_marked(kept: Kept) -> None:
    kept.change(
        update(books).values(kind=BookKind.SECRET_SENDING),
        update(entries).where(entries.c.serial == 1).values(subject="เปลี่ยน"),
    )

    assert all(f.secret for f in kept.faults() if f.book)
