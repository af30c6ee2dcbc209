"""Fills the receiving register of an agency of the town with lines, by bulk SQL: the same on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert, text

from benchmarks.town import Town
from saraban.domain.calendar import RegisterYear
from saraban.domain.register import BookKind
from saraban.storage import word_index
from saraban.storage.search import normal_form, number_key
from saraban.storage.tables.registers import books

RARE, FREQUENT = "คำหายากพิเศษ", "ประชุมคณะกรรมการ"
RARE_LINES = 40
"""In so many lines the rare word stands, however long the register is."""
HEAD = "ทส 0203/"
_SENDER, _CLERK = "สำนักงานจังหวัดทดสอบ", "นางสาวสมใจ ใจดี"
_WORDS = (
    "ขอความอนุเคราะห์", "แผนปฏิบัติราชการ", "รายงานผล", "งบประมาณ", "โครงการ", "สำรวจข้อมูล", "จังหวัด", "อบรม",
    "เจ้าหน้าที่", "ครั้งที่", "ขอเชิญ", FREQUENT, "จัดทำ", "พัฒนา", "บุคลากร", "ระบบ", "เทคโนโลยี", "น้ำบาดาล",
    "ตรวจสอบ", "เบิกจ่าย",
)  # fmt: skip
_AT_ONCE = 20_000


def fill(town: Town, code: str, size: int) -> UUID:
    """Fill the register of this year with so many lines, every sixth of which speaks of a meeting, 40 of a rare thing;
    the book's id. Every 100th line is void and every 90th most urgent."""
    agency, now, book = town.agencies[code], datetime.now(UTC), uuid4()
    year = RegisterYear.containing(now).buddhist
    row: dict[str, Any] = {"id": book, "agency_id": agency.id, "kind": BookKind.RECEIVING, "keeper_id": agency.id}
    row |= {"year": year, "first": 1, "last": size, "opened_at": now, "opened_by": "ระบบ", "ended": False}
    began = now - timedelta(minutes=size)
    postgresql = town.office.writing.dialect.name == "postgresql"
    statement = text(_POSTGRESQL if postgresql else _SQLITE)
    with town.office.writing.begin() as connection:
        connection.execute(insert(books), row)
        if postgresql:
            connection.execute(text("DROP INDEX IF EXISTS ix_entries_search_text_trgm"))
        _write_words(connection)
    told = {
        "agency": str(agency.id) if postgresql else agency.id.hex,
        "book": str(book) if postgresql else book.hex,
        "year": year,
        "began": began if postgresql else str(began.replace(tzinfo=None)),
        "addressee": f"อธิบดี{agency.name}",
        "sender": _SENDER,
        "clerk": _CLERK,
        "key": number_key(HEAD),
        "head": HEAD,
        "searched": normal_form(f"{_SENDER} อธิบดี{agency.name}"),
        "every": max(1, size // RARE_LINES),
        "rare": RARE,
    }
    for first in range(1, size + 1, _AT_ONCE):
        with town.office.writing.begin() as connection:
            connection.execute(statement, {**told, "first": first, "last": min(first + _AT_ONCE - 1, size)})
    _settle(town)
    return book


def _write_words(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE IF NOT EXISTS bench_words (place integer PRIMARY KEY, word text)"))
    connection.execute(text("DELETE FROM bench_words"))
    rows = [{"place": place, "word": word} for place, word in enumerate(_WORDS)]
    connection.execute(text("INSERT INTO bench_words VALUES (:place, :word)"), rows)


def _settle(town: Town) -> None:
    """What a database does by itself in the days in which a register grows; PostgreSQL's index of words is left out
    while the lines are written, and built at once."""
    if town.office.writing.dialect.name == "sqlite":
        return
    word_index.rebuild(town.settings.database_url)
    with town.office.writing.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE entries")


def _lines(numbers: str, new_id: str, moment: str, day: str, id_of: str) -> str:
    subject = (
        "a.word || b.word || c.word || CASE WHEN n.i % :every = 7 % :every THEN ' ' || :rare ELSE '' END"
        " || ' ที่ ' || n.i"
    )
    return (
        f"WITH {numbers}, told AS (SELECT n.i AS i, {subject} AS subject FROM numbers n "
        "JOIN bench_words a ON a.place = n.i % 20 JOIN bench_words b ON b.place = (n.i / 3) % 20 "
        "JOIN bench_words c ON c.place = (n.i / 7 + n.i) % 19) "
        "INSERT INTO entries (id, agency_id, book_id, kind, year, serial, state, subject_of, number, letter_date, "
        "sender, addressee, subject, practice, note, urgency, secrecy, unit_id, at, entered_by, void_reason, "
        "void_authority, origin, received_at, corrected, number_key, search_text) "
        f"SELECT {new_id}, {id_of.format('agency')}, {id_of.format('book')}, 'receiving', :year, i, "
        "CASE WHEN i % 100 = 0 THEN 'void' ELSE 'used' END, NULL, "
        f":head || i, {day}, :sender, :addressee, subject, 'สำนักงานเลขานุการกรม', '', "
        "CASE WHEN i % 90 = 0 THEN 'most-urgent' ELSE 'normal' END, 'open', NULL, "
        f"{moment}, :clerk, '', '', 'system', NULL, 0, :key || i, "
        ":head || i || ' ' || :key || i || ' ' || subject || ' ' || :searched || ' ' || i || ' สำนักงานเลขานุการกรม' "
        "FROM told ORDER BY i"
    )


_SQLITE = _lines(
    "RECURSIVE numbers(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM numbers WHERE i < :last)",
    "lower(hex(randomblob(16)))",
    "strftime('%Y-%m-%d %H:%M:%f000', :began, '+' || i || ' minutes')",
    "date(:began, '+' || i || ' minutes')",
    ":{}",
)
_POSTGRESQL = _lines(
    "numbers AS (SELECT i FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS i)",
    "gen_random_uuid()",
    "CAST(:began AS timestamptz) + i * interval '1 minute'",
    "CAST(CAST(:began AS timestamptz) + i * interval '1 minute' AS date)",
    "CAST(:{} AS uuid)",
)
