"""Documents for people as a search finds them: whole numbers among all, parts among the newest, by an index on both
databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, event, text

from saraban.domain.issued import IssuedDocument, IssuedId, IssuedState
from saraban.domain.issued_kind import IssuedKind
from saraban.reading.issued import look
from tests.reading.office import NOW, Office, open_office
from tests.reading.test_lookups import a_kind

HOLDER = "1234567890121"


def issued(office: Office, kind: IssuedKind, many: int, **more: Any) -> None:
    """Documents 1, 2 … of this kind, each changed a minute after the other."""
    documents = []
    for serial in range(1, many + 1):
        at = NOW + timedelta(minutes=serial)
        values: dict[str, Any] = {
            "holder_name": f"นายลำดับ ที่{serial}", "holder_id": "", "values": {}, "made_at": at, "changed_at": at,
            "drafter_id": None, "drafted_by": "ก", "state": IssuedState.ISSUED, "edition": 1, "year": 2569,
            "serial": serial, "number": f"รบ. {serial}/2569",
        }  # fmt: skip
        documents.append(
            IssuedDocument(
                id=IssuedId(uuid4()),
                agency_id=office.agency.id,
                kind_id=kind.id,
                unit_id=office.legal.id,
                **values | more,
            )
        )
    with office.uow() as uow:
        uow.issued.add(*documents)
        uow.commit()


def names(office: Office, reader: Connection, q: str, **more: Any) -> list[str]:
    """The holders that are found."""
    return [one.document.holder_name for one in look(reader, office.records, q, limit=5, **more).items]


def test_parts_are_found_among_the_newest_and_whole_numbers_among_all(office: Office, reader: Connection) -> None:
    issued(office, a_kind(office, "A"), 8)
    issued(office, a_kind(office, "B", name_th="ใบขับขี่"), 1, holder_id=HOLDER, holder_name="นางสาวเก่า ใจดี")
    dopa = open_office(office.engine, "dopa")
    issued(dopa, a_kind(dopa, "C"), 1)

    assert names(office, reader, "ลำดับ ที่7") == names(office, reader, "๗/๒๕๖๙") == ["นายลำดับ ที่7"]
    assert names(office, reader, "ใบขับขี่") == names(office, reader, "1-2345-67890-12-1") == ["นางสาวเก่า ใจดี"]
    many = look(reader, office.records, "ลำดับ", limit=5)
    assert ([one.document.serial for one in many.items], many.more, many.only_latest) == ([8, 7, 6, 5, 4], True, False)

    few = look(reader, office.records, "ลำดับ ที่2", limit=5, among=3)
    assert (list(few.items), few.only_latest) == ([], True), "it is older than the three that are looked at"
    assert names(office, reader, "รบ. ๒/๒๕๖๙", among=3) == ["นายลำดับ ที่2"]
    assert names(office, reader, HOLDER, among=3) == ["นางสาวเก่า ใจดี"]
    assert look(reader, office.head, "ลำดับ", limit=5).items and not look(reader, office.records, " ", limit=5).items
    assert not look(reader, dopa.records, "ที่8", limit=5).items


def test_no_statement_of_the_search_reads_all_documents_of_the_agency(office: Office, reader: Connection) -> None:
    issued(office, a_kind(office, "A"), 300)
    sqlite = reader.dialect.name == "sqlite"
    if not sqlite:
        reader.execute(text("VACUUM ANALYZE issued_documents"))
        for way in ("seqscan", "bitmapscan", "sort"):  # three hundred rows are read as quickly in any way
            reader.execute(text(f"SET enable_{way} = off"))
    asked: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if "issued_documents" in statement:
            asked.append((statement, parameters))

    event.listen(reader, "before_cursor_execute", hear)
    look(reader, office.records, "ไม่มีชื่อนี้", limit=5)
    event.remove(reader, "before_cursor_execute", hear)
    explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    plans = ["\n".join(str(row) for row in reader.exec_driver_sql(explain + s, p)) for s, p in asked]

    used = ("number", "holder_id", "changed_at", "changed_at")
    assert len(plans) == len(used)
    for plan, index in zip(plans, used, strict=True):
        assert f"ix_issued_documents_agency_id_{index}" in plan, plan
