"""The search over everything against the bare query of its index: FTS5 on SQLite, pg_trgm on PostgreSQL.

Every round asks the same thirty questions, frequent and rare, and takes the slowest but one: with so few that is what
p95 is. The reference is the one query that a page of answers needs: the same words asked of the index, the newest fifty
first, each with its subject and a piece of its text around the word; with nobody's rights, no ranks and one order.
Beside it stands what indexing a letter costs, against writing its row down. `--size 1000000` is the size of the
promise; at that size the page must stay under 100 ms. Above a hundred thousand the letters are the first hundred
thousand again, later and with ids of their own: the product indexes the first, SQL copies them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    Uuid,
    cast,
    delete,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
)

from benchmarks.databases import Databases
from benchmarks.frame import Figure
from benchmarks.town import RECEIVER, Town, founded
from saraban.domain.attachment import Digest
from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.domain.incoming import IncomingState
from saraban.reading.search import look
from saraban.storage.search import like_pattern, normal_form
from saraban.storage.tables.finding import documents, waiting
from saraban.storage.tables.letters import incoming
from saraban.usecases.indexing import index_next

SIZE = 10_000
"""How many letters there are."""
ROUNDS = 5
GOAL = 1.5
_PAGE = 50
_INDEXED = 100_000
_AT_ONCE = 2_000
_INDEXED_AGAIN = 200
_WORDS = (
    "ขอความอนุเคราะห์", "แผนปฏิบัติราชการ", "รายงานผล", "งบประมาณ", "โครงการ", "สำรวจข้อมูล", "จังหวัด", "อบรม", "เจ้าหน้าที่",
    "ครั้งที่", "ขอเชิญ", "ประชุมคณะกรรมการ", "จัดทำ", "พัฒนา", "บุคลากร", "ระบบ", "เทคโนโลยี", "น้ำบาดาล", "ตรวจสอบ", "เบิกจ่าย",
    "ส่วนราชการ", "หลักเกณฑ์", "ลงวันที่", "พิจารณา", "ดำเนินการ", "ประกาศ", "กฎหมาย", "ครุภัณฑ์", "พัสดุ", "ราคากลาง",
)  # fmt: skip
_PLACES = ("เชียงใหม่", "นครศรีธรรมราช", "อุบลราชธานี", "สุราษฎร์ธานี", "ประจวบคีรีขันธ์", "แม่ฮ่องสอน", "บึงกาฬ", "พระนครศรีอยุธยา")
_RARE = ("ปลาบึกแม่น้ำโขง", "นกเงือกหัวแรด", "พะยูนเกาะลิบง", "กูปรีป่าดงดิบ")
_ASKED = (*_WORDS[:14], *_PLACES, *_RARE, "งบประมาณ เชียงใหม่", "พัสดุ ราคากลาง บึงกาฬ", "บาดาล", "อนุเคราะห์")


_BARE_FTS = text(
    "SELECT rowid, subject, snippet(search_documents_fts, -1, '[', ']', '…', 64) FROM search_documents_fts "
    f"WHERE search_documents_fts MATCH :asked ORDER BY rowid DESC LIMIT {_PAGE + 1}"
)


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """Milliseconds of the slowest questions, and of indexing a letter."""
    for kind in databases.kinds:
        with ExitStack() as stack:
            town = stack.enter_context(founded(stack.enter_context(databases.migrated(kind))))
            _fill(town, size)
            reader = stack.enter_context(town.office.reading.connect())
            yield Figure(
                name=f"search, p95, {size:,}",
                unit="ms",
                product=partial(_p95, partial(_looked, reader, town)),
                reference="the bare index",
                against=partial(_p95, partial(_bare, reader)),
                goal=GOAL,
                better="lower",
                database=kind,
            )
            yield Figure(
                name=f"indexing a letter, {size:,}",
                unit="ms",
                product=partial(_indexing, town),
                reference="writing its row",
                against=partial(_writing, town),
                goal=40.0,
                better="lower",
                database=kind,
            )


def _p95(ask: Any) -> float:
    times = []
    for words in _ASKED:
        begin = perf_counter()
        ask(words)
        times.append(perf_counter() - begin)
    return sorted(times)[int(len(times) * 0.95) - 1] * 1000


def _looked(reader: Connection, town: Town, words: str) -> None:
    if not look(reader, town.clerk, words, limit=_PAGE).hits:
        raise RuntimeError(f"nothing was found of {words}")


def _bare(reader: Connection, words: str) -> None:
    parts = normal_form(words).split()
    if reader.dialect.name == "sqlite":
        asked = " AND ".join(f'"{part}"' for part in parts)
        reader.execute(_BARE_FTS, {"asked": asked}).all()
        return
    columns = (documents.c.subject, documents.c.marks, documents.c.words, documents.c.scans)
    conditions = [or_(*(one.like(like_pattern(part), escape="\\") for one in columns)) for part in parts]
    around = func.substr(documents.c.words, func.greatest(1, func.strpos(documents.c.words, parts[0]) - 40), 160)
    shown = select(documents.c.id, documents.c.owner_id, documents.c.subject, around)
    reader.execute(shown.where(*conditions).order_by(documents.c.id.desc()).limit(_PAGE + 1)).all()


def _indexing(town: Town) -> float:
    """Milliseconds in which a letter that changed is indexed anew."""
    with town.office.writing.begin() as connection:
        changed = select(incoming.c.id).limit(_INDEXED_AGAIN)
        ids = list(connection.execute(changed).scalars())
        for one in ids:
            changes = {"text": f"แก้ไขเพิ่มเติม {random.random()} {_text(random)}"}
            connection.execute(incoming.update().where(incoming.c.id == one).values(**changes))
    begin = perf_counter()
    while index_next(town.services):
        pass
    return (perf_counter() - begin) / _INDEXED_AGAIN * 1000


def _writing(town: Town) -> float:
    """Milliseconds in which the row of a letter is written down, each in a transaction of its own."""
    begin = perf_counter()
    for n in range(20):
        with town.office.writing.begin() as connection:
            connection.execute(insert(incoming), [_row(town, random, 10**7 + n)])
    spent = (perf_counter() - begin) / 20 * 1000
    with town.office.writing.begin() as connection:
        connection.execute(delete(incoming).where(incoming.c.message_id == "<new@bench.test>"))
        connection.execute(delete(waiting))
    return spent


def _fill(town: Town, size: int) -> None:
    chance, indexed = random.Random(2569), min(size, _INDEXED)
    for first in range(0, indexed, _AT_ONCE):
        with town.office.writing.begin() as connection:
            rows = [_row(town, chance, n) for n in range(first, min(first + _AT_ONCE, indexed))]
            connection.execute(insert(incoming), rows)
    while index_next(town.services, most=_AT_ONCE):
        pass
    for times in range(1, -(-size // indexed)):
        with town.office.writing.begin() as connection:
            _copy(connection, times, min(indexed, size - times * indexed))
    with town.office.writing.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
        if connection.dialect.name == "postgresql":
            connection.execute(text("VACUUM search_documents"))


def _copy(connection: Connection, times: int, many: int) -> None:
    """The first letters of the town once more, so many times later than they are, in the books and in the index."""
    known = literal_column("CAST(substr(message_id, 2, position('@' in message_id) - 2) AS integer)", Integer)
    new_id = cast(func.lpad(func.to_hex(known + 1 + times * _INDEXED), 32, "0"), Uuid)
    if connection.dialect.name == "sqlite":
        known = literal_column("CAST(substr(message_id, 2, instr(message_id, '@') - 2) AS integer)", Integer)
        new_id = func.printf("%032x", known + 1 + times * _INDEXED)
    first = (incoming.c.message_id.endswith("@bench.test>"), known < many)
    others = [column for column in incoming.columns if column.name not in {"id", "message_id"}]
    later = func.replace(incoming.c.message_id, "@", f".{times}@again.")
    copies = select(new_id, later, *others).where(*first)
    connection.execute(insert(incoming).from_select(["id", "message_id", *others], copies))
    rest = [column for column in documents.columns if column.name not in {"id", "owner_id"}]
    moved = documents.c.id + literal(times * _INDEXED * 60_000 << 12, BigInteger)
    indexed = select(moved, new_id, *rest).join(incoming, incoming.c.id == documents.c.owner_id).where(*first)
    connection.execute(insert(documents).from_select(["id", "owner_id", *rest], indexed))
    connection.execute(delete(waiting))


def _text(chance: Any) -> str:
    return "".join(chance.choice(_WORDS) for _ in range(40))


def _row(town: Town, chance: Any, n: int) -> dict[str, Any]:
    agency = town.agencies[RECEIVER]
    at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=n % 3_000_000)
    rare = chance.choice(_RARE) if n % 1_000 < 4 else ""
    place = _PLACES[min(int(chance.expovariate(1)), len(_PLACES) - 1)]
    return {
        "id": uuid4() if n >= 10**7 else UUID(int=n + 1), "agency_id": agency.id, "unit_id": town.clerk.unit_id,
        "state": IncomingState.REGISTERED, "received_at": at, "raw_sha256": Digest.of(b"bench"),
        "message_id": "<new@bench.test>" if n >= 10**7 else f"<{n}@bench.test>", "from_mailbox": "saraban@d0101.test",
        "from_code": "0101", "from_name": f"สำนักงานจังหวัด{place}", "manifest_sha256": "", "mic": "",
        "form": Form.EXTERNAL, "number": f"ทส {1000 + n % 90}/{n}", "number_date": at.date(),
        "subject": f"{chance.choice(_WORDS)}{chance.choice(_WORDS)}{chance.choice(_WORDS)} จังหวัด{place} {rare}",
        "addressed_to": "เรียน อธิบดี", "text": _text(chance), "urgency": Urgency.NORMAL, "secrecy": Secrecy.OPEN,
        "ordinary": False, "details": {}, "findings": [], "answered_invalid": False, "registered_by": "",
        "refused_code": "", "refused_text": "", "copies": 1, "recall_reason": "", "recall_answer": "",
        "recall_words": "", "forward_code": "", "forward_name": "", "completed_by": "", "version": 1,
    }  # fmt: skip
