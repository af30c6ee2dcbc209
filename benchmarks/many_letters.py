"""Up to a million letters to search through, in the books and in the index.

What the index says of the first twenty thousand is made by the product from its own tables; later ones are the same
letters once more, with ids and moments of their own, copied by SQL. The rows are written as a building site writes and
not as an office does: many at once, on SQLite without waiting for the disk and with larger pieces of FTS5's index, on
PostgreSQL before the index over them is made. In the end settings and indexes are those of the product.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    Integer,
    Uuid,
    cast,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
)

from benchmarks.town import RECEIVER, Town
from saraban.domain.attachment import Digest
from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.domain.incoming import IncomingState
from saraban.storage.documents import documents_of
from saraban.storage.finding import SearchBooks, place_of
from saraban.storage.tables.finding import documents, waiting
from saraban.storage.tables.letters import incoming

WORDS = (
    "ขอความอนุเคราะห์", "แผนปฏิบัติราชการ", "รายงานผล", "งบประมาณ", "โครงการ", "สำรวจข้อมูล", "จังหวัด", "อบรม", "เจ้าหน้าที่",
    "ครั้งที่", "ขอเชิญ", "ประชุมคณะกรรมการ", "จัดทำ", "พัฒนา", "บุคลากร", "ระบบ", "เทคโนโลยี", "น้ำบาดาล", "ตรวจสอบ", "เบิกจ่าย",
    "ส่วนราชการ", "หลักเกณฑ์", "ลงวันที่", "พิจารณา", "ดำเนินการ", "ประกาศ", "กฎหมาย", "ครุภัณฑ์", "พัสดุ", "ราคากลาง",
)  # fmt: skip
PLACES = ("เชียงใหม่", "นครศรีธรรมราช", "อุบลราชธานี", "สุราษฎร์ธานี", "ประจวบคีรีขันธ์", "แม่ฮ่องสอน", "บึงกาฬ", "พระนครศรีอยุธยา")
RARE = ("ปลาบึกแม่น้ำโขง", "นกเงือกหัวแรด", "พะยูนเกาะลิบง", "กูปรีป่าดงดิบ")
MADE = 20_000
"""How many letters are different; what is more is copied from these."""
NEW = 10**7
"""Letters from this number on are no part of the heap: they are written down to be measured, and taken away again."""
_AT_ONCE = 1_000
_AT_THE_END = {"hashsize": 512 * 2**20, "automerge": 0, "crisismerge": 1_000}
_AS_USUAL = {"hashsize": 2**20, "automerge": 4, "crisismerge": 16}
"""FTS5: how large a piece of its index grows in memory, and when pieces are merged: in the end, or as they come."""
_FTS = ("search_documents_fts", "search_heads_fts")
_TRIGRAMS = "ix_search_documents_trgm"


def fill(town: Town, size: int) -> None:
    """Put so many letters into the books and the index of a town that has none."""
    engine, made = town.office.writing, min(size, MADE)
    with _at_one_go(engine):
        chance = random.Random(2569)
        for first in range(0, made, _AT_ONCE):
            with engine.begin() as connection:
                _make(connection, [row(town, chance, n) for n in range(first, min(first + _AT_ONCE, made))])
        for times in range(1, -(-size // made)):
            with engine.begin() as connection:
                _copy(connection, times, min(made, size - times * made))
            if times & (times + 1) == 0:
                _merge(engine)
    if engine.dialect.name == "postgresql":  # what it does by itself; SQLite gathers no statistics
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def prose(chance: Any) -> str:
    """The text of a letter."""
    return "".join(chance.choice(WORDS) for _ in range(40))


def row(town: Town, chance: Any, n: int) -> dict[str, Any]:
    """The letter of this number, as its row is written."""
    agency = town.agencies[RECEIVER]
    at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=n % 3_000_000)
    rare = chance.choice(RARE) if n % 1_000 < 4 else ""
    place = PLACES[min(int(chance.expovariate(1)), len(PLACES) - 1)]
    return {
        "id": uuid4() if n >= NEW else UUID(int=n + 1), "agency_id": agency.id, "unit_id": town.clerk.unit_id,
        "state": IncomingState.REGISTERED, "received_at": at, "raw_sha256": Digest.of(b"bench"),
        "message_id": "<new@bench.test>" if n >= NEW else f"<{n}@bench.test>", "from_mailbox": "saraban@d0101.test",
        "from_code": "0101", "from_name": f"สำนักงานจังหวัด{place}", "manifest_sha256": "", "mic": "",
        "form": Form.EXTERNAL, "number": f"ทส {1000 + n % 90}/{n}", "number_date": at.date(),
        "subject": f"{chance.choice(WORDS)}{chance.choice(WORDS)}{chance.choice(WORDS)} จังหวัด{place} {rare}",
        "addressed_to": "เรียน อธิบดี", "text": prose(chance), "urgency": Urgency.NORMAL, "secrecy": Secrecy.OPEN,
        "ordinary": False, "details": {}, "findings": [], "answered_invalid": False, "registered_by": "",
        "refused_code": "", "refused_text": "", "copies": 1, "recall_reason": "", "recall_answer": "",
        "recall_words": "", "forward_code": "", "forward_name": "", "completed_by": "", "version": 1,
    }  # fmt: skip


def _make(connection: Connection, rows: list[dict[str, Any]]) -> None:
    connection.execute(insert(incoming), rows)
    found = [asdict(one) for one in documents_of(connection, [one["id"] for one in rows])]
    connection.execute(insert(documents), [{**one, "id": place_of(one.pop("at"))} for one in found])
    connection.execute(delete(waiting))


def _copy(connection: Connection, times: int, many: int) -> None:
    """The first letters of the town once more, so many times later than they are."""
    known = literal_column("CAST(substr(message_id, 2, position('@' in message_id) - 2) AS integer)", Integer)
    new_id = cast(func.lpad(func.to_hex(known + 1 + times * MADE), 32, "0"), Uuid)
    if connection.dialect.name == "sqlite":
        known = literal_column("CAST(substr(message_id, 2, instr(message_id, '@') - 2) AS integer)", Integer)
        new_id = func.printf("%032x", known + 1 + times * MADE)
    first = (incoming.c.message_id.endswith("@bench.test>"), known < many)
    others = [column for column in incoming.columns if column.name not in {"id", "message_id"}]
    later = func.replace(incoming.c.message_id, "@", f".{times}@again.")
    copies = select(new_id, later, *others).where(*first)
    connection.execute(insert(incoming).from_select(["id", "message_id", *others], copies))
    rest = [column for column in documents.columns if column.name not in {"id", "owner_id"}]
    moved = documents.c.id + literal(times * MADE * 60_000 << 12, BigInteger)
    of_them = select(moved, new_id, *rest).join(incoming, incoming.c.id == documents.c.owner_id).where(*first)
    connection.execute(insert(documents).from_select(["id", "owner_id", *rest], of_them.order_by(documents.c.id)))
    connection.execute(delete(waiting))


@contextmanager
def _at_one_go(engine: Engine) -> Iterator[None]:
    """Settings for writing all of it in the block; afterwards those of the product, whoever is connected."""
    if engine.dialect.name == "sqlite":
        _tell_sqlite(engine, "synchronous=OFF", "secure_delete=OFF", "cache_size=-250000", fts=_AT_THE_END)
        yield
        _merge(engine)
        _tell_sqlite(engine, "wal_checkpoint(TRUNCATE)", fts=_AS_USUAL)
    else:
        with engine.begin() as connection:
            index = connection.execute(text("SELECT pg_get_indexdef(CAST(:n AS regclass))"), {"n": _TRIGRAMS}).scalar()
            connection.execute(text(f"DROP INDEX {_TRIGRAMS}"))
            connection.execute(text("ALTER TABLE incoming DISABLE TRIGGER USER"))
        yield
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE incoming ENABLE TRIGGER USER"))
            connection.execute(text("SET LOCAL maintenance_work_mem = '1GB'"))
            connection.execute(text(str(index)))
    # The next who connects finds the product's settings.
    engine.dispose()


def _merge(engine: Engine) -> None:
    """Let FTS5 merge all that is there. As often as it has doubled, so that what is large in the end stands as high
    among the levels of its index as it would if it had grown day by day: FTS5 merges what stands on one level, and
    would soon merge the whole anew with what a few letters add."""
    if engine.dialect.name != "sqlite":
        return
    begin = True
    while True:
        with engine.begin() as connection:
            if not SearchBooks(connection).squeeze(begin=begin):
                return
        begin = False


def _tell_sqlite(engine: Engine, *pragmas: str, fts: Mapping[str, int]) -> None:
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.rollback()
        for pragma in pragmas:
            driver.execute(f"PRAGMA {pragma}")
        for table in _FTS:
            for name, value in fts.items():
                driver.execute(f"INSERT INTO {table}({table}, rank) VALUES ('{name}', {value})")
