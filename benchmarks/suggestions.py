"""What is offered while a clerk types, in an agency with many entries against the same in one with 10,000.

The same nine texts are asked of both: common and rare pieces of Thai words, one that nobody ever wrote, one of two
signs, and subjects beside their sender. Of a hundred entries sixty have a subject that stands nowhere else.
`--size 1000000` is the size of the promise; the default ends in a few minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, insert, text

from benchmarks.databases import Databases
from benchmarks.frame import Figure, seconds
from benchmarks.town import founded
from saraban.domain.actor import Actor
from saraban.reading.suggestions import offers
from saraban.storage.database import open_engine
from saraban.storage.search import normal_form, scope_sign
from saraban.storage.tables.registers import phrases

SIZE = 200_000
"""How many entries the large agency has."""
SMALL = 10_000
GOAL = 1.3
ROUNDS = 15
_NEW_SUBJECTS = 0.6
_BATCH = 5_000
_SENDERS = 3_000
_DEEDS = ("ขอเชิญประชุม", "ขอความอนุเคราะห์", "รายงานผล", "ส่งสำเนาคำสั่ง", "ซักซ้อมความเข้าใจ", "ขอหารือ", "แจ้งเวียน", "ขออนุมัติ")
_MATTERS = (
    "การจัดซื้อจัดจ้าง", "การเบิกค่าใช้จ่ายในการฝึกอบรม", "ความพร้อมในการรับส่งหนังสือ", "การใช้จ่ายงบประมาณ", "คณะทำงานสัปดาห์หนังสือ",
    "การป้องกันอุทกภัย", "การประเมินผลการปฏิบัติราชการ", "แผนพัฒนาบุคลากร", "การตรวจสอบภายใน", "โครงการตามแนวพระราชดำริ",
)  # fmt: skip
_PLACES = ("เชียงใหม่", "นครศรีธรรมราช", "อุบลราชธานี", "สุราษฎร์ธานี", "ประจวบคีรีขันธ์", "แม่ฮ่องสอน", "บึงกาฬ", "พระนครศรีอยุธยา")
_ASKED = (
    ("sender", "เชียงใ", ""),
    ("sender", "กร", ""),
    ("subject", "ขอเชิญ", ""),
    ("subject", "งบประมาณ", ""),
    ("subject", "บึงกาฬ", ""),
    ("subject", "ขุดลอกคลอง", ""),
    ("subject", "ขอเชิญการป้องกันงบประมาณ", ""),
    ("subject", "", "หน่วยงานที่ 17 จังหวัดเชียงใหม่"),
    ("subject", "รายงาน", "หน่วยงานที่ 17 จังหวัดเชียงใหม่"),
)


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """Milliseconds for all nine texts, the large agency against the small one."""
    for kind in databases.kinds:
        with ExitStack() as stack:
            small, large = (stack.enter_context(_agency(databases, kind, entries)) for entries in (SMALL, size))
            yield Figure(
                name=f"suggestion, {size:,} entries",
                unit="ms",
                product=partial(_milliseconds, *large),
                reference=f"with {SMALL:,} entries",
                against=partial(_milliseconds, *small),
                goal=GOAL,
                better="lower",
                database=kind,
            )


class _agency(ExitStack):
    """An agency whose clerks have written that many entries: a connection that reads it, and its clerk."""

    def __init__(self, databases: Databases, kind: str, entries: int) -> None:
        super().__init__()
        self._wanted = (databases, kind, entries)

    def __enter__(self) -> tuple[Connection, Actor]:  # type: ignore[override]
        databases, kind, entries = self._wanted
        url = self.enter_context(databases.migrated(kind))
        town = self.enter_context(founded(url))
        engine = open_engine(url, writing=True)
        self.callback(engine.dispose)
        _learn(engine, town.clerk.agency_id, entries)
        reading = open_engine(url, writing=False)
        self.callback(reading.dispose)
        return self.enter_context(reading.connect()), town.clerk


def _milliseconds(reader: Connection, clerk: Actor) -> float:
    def ask() -> None:
        for field, typed, beside in _ASKED:
            offers(reader, clerk, field=field, typed=typed, beside=beside)

    return 1000 * seconds(ask)


def _learn(engine: Engine, agency_id: Any, entries: int) -> None:
    """Write what so many entries teach, in the order in which they would have been entered."""
    now = datetime.now(UTC)

    def phrase(field: str, words: str, used: int, beside: str = "") -> dict[str, Any]:
        return {
            "scope": scope_sign(agency_id, field), "agency_id": agency_id, "field": field,
            "beside": normal_form(beside),
            "key": normal_form(words), "text": words, "number_head": "", "use_count": used, "last_at": now,
        }  # fmt: skip

    def rows() -> Iterator[dict[str, Any]]:
        for n in range(min(_SENDERS, entries)):
            yield phrase("sender", _sender(n), max(1, entries // (n + 10)))
        yield phrase("subject", "การขุดลอกคลองแสนแสบ", 1)
        for n in range(int(entries * _NEW_SUBJECTS)):
            used = max(1, 400 // (n + 1))
            yield phrase("subject", _subject(n), used)
            yield phrase("subject", _subject(n), used, beside=_sender(n % _SENDERS))

    # Rows lie in the order of their key, as the index of keys wants them when there are a million; their ids tell the
    # order in which they were entered.
    told = sorted(
        ({"id": place} | row for place, row in enumerate(rows(), 1)), key=lambda row: (row["beside"], row["key"])
    )
    with engine.begin() as connection, _without_trigrams(connection):
        for first in range(0, len(told), _BATCH):
            connection.execute(insert(phrases), told[first : first + _BATCH])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


@contextmanager
def _without_trigrams(connection: Connection) -> Iterator[None]:
    """The index of trigrams is left alone while phrases are written, and built at once afterwards."""
    if connection.dialect.name == "sqlite":
        named = {"name": "phrases_learned"}
        trigger = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), named).scalar_one()
        connection.execute(text("DROP TRIGGER phrases_learned"))
        yield
        connection.execute(
            text(
                "INSERT INTO phrases_fts(rowid, scope, key) "
                "SELECT id, scope, key FROM phrases WHERE beside = '' ORDER BY id"
            )
        )
        connection.exec_driver_sql(trigger)
    else:
        named = {"name": "ix_phrases_key_trgm"}
        index = connection.execute(text("SELECT indexdef FROM pg_indexes WHERE indexname = :name"), named).scalar_one()
        connection.execute(text("DROP INDEX ix_phrases_key_trgm"))
        yield
        connection.exec_driver_sql(index)


def _sender(n: int) -> str:
    return f"หน่วยงานที่ {n} จังหวัด{_PLACES[n % len(_PLACES)]}"


def _subject(n: int) -> str:
    deed, matter, place = _DEEDS[n % 8], _MATTERS[n // 8 % 10], _PLACES[n // 80 % 8]
    return f"{deed}{matter} จังหวัด{place} ครั้งที่ {n // 640 + 1}/2569"
