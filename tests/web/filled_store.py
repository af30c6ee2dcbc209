"""A store that has been in use for years: what an agency has of everything is copied many times over inside the
database, each copy with ids, numbers and moments of its own. One of fifty copies stands as it was; the others have come
to their end, as most of what lies in an office has."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Date, Table, Uuid, text

from saraban.domain.agency import AgencyId
from saraban.storage.tables import metadata
from saraban.storage.types import UtcDateTime

COPIED = (
    "letters", "route_steps", "turns", "incoming", "files", "certified_copies", "letter_versions", "dispatches",
    "evidence", "statements", "outbox", "inbox", "entries", "entry_corrections", "number_ledger", "stamp_places",
    "incoming_endorsements", "tasks", "replies", "circulations", "readers", "sightings", "notices", "notice_mails",
    "journal", "petitions", "issued_documents", "issued_runs", "issued_run_lines", "holder_links", "document_lookups",
    "readings", "letter_references", "matter_ties", "kept_items", "loans", "visits", "meetings", "meeting_people",
    "meeting_files", "publications", "errands", "batches", "batch_lines",
)  # fmt: skip
"""What there is more of from year to year; the rest is founded or chosen once."""
OPEN = 50
"""One of so many copies is not at its end."""
APART_MINUTES = 25
"""So much earlier is each copy than the one before: a year has some 20,000."""
SMALL_UNIT = 500
"""One of so many copies belongs to the small unit, and all others to that of the original."""
_NUMBERS = {"serial", "seq", "uid", "store_serial"}
_WORDS = {"accepted_key", "code", "room", "key", "token", "occasion", "typed", "form_key", "link"}
"""What is unique and no id, by the names of its columns."""
_ENDED = {
    "letters.state": "'closed'",
    "route_steps.state": "'done'",
    "incoming.state": "'registered'",
    "incoming.completed_at": "{at}",
    "incoming.recall_answer": "CASE WHEN t.recall_asked_at IS NULL THEN '' ELSE 'no' END",
    "dispatches.state": "'registered'",
    "dispatches.composed": "{true}",
    "dispatches.problem": "''",
    "dispatches.failure": "''",
    "statements.sealed": "COALESCE(t.sealed, '{digest}')",
    "outbox.state": "'sent'",
    "inbox.outcome": "'letter'",
    "tasks.state": "'done'",
    "tasks.ended_at": "{at}",
    "tasks.heard": "{true}",
    "notices.read_at": "{at}",
    "notice_mails.ended_at": "{at}",
    "readers.noted_at": "'2026-01-02 03:04:05.000000'",
    "petitions.answered_at": "{at}",
    "issued_documents.state": "'issued'",
    "loans.state": "'returned'",
}
_AT = {"incoming": "received_at", "tasks": "given_at", "notices": "at", "notice_mails": "made_at"}
_AT |= {"petitions": "arrived_at"}


def fill(connection: Connection, agency_id: AgencyId, times: int, small_unit: object) -> None:
    """Copy what this agency has so many times, in one transaction. What would wait for the worker is left out."""
    sqlite = connection.dialect.name == "sqlite"
    kind = "CHAR(32)" if sqlite else "uuid"
    connection.execute(text(f"CREATE TEMPORARY TABLE kept_ids (id {kind} PRIMARY KEY)"))
    connection.execute(text("CREATE TEMPORARY TABLE copies (n integer PRIMARY KEY)"))
    for table in metadata.sorted_tables:
        if table.name not in COPIED and "id" in table.c and isinstance(table.c.id.type, Uuid):
            connection.execute(text(f"INSERT INTO kept_ids SELECT id FROM {table.name}"))
    connection.execute(text("INSERT INTO copies VALUES (:n)"), [{"n": n + 1} for n in range(times)])
    told = {"agency": agency_id.hex if sqlite else agency_id, "small": _id(small_unit, sqlite)}
    for table in metadata.sorted_tables:
        if table.name in COPIED:
            connection.execute(text(_copy(table, sqlite)), told)
    connection.execute(text("DELETE FROM search_waiting"))
    connection.execute(text("DROP TABLE kept_ids"))
    connection.execute(text("DROP TABLE copies"))


def _id(value: object, sqlite: bool) -> object:
    return getattr(value, "hex", value) if sqlite else value


def _copy(table: Table, sqlite: bool) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.c)
    values = ", ".join(_value(table, column, sqlite) for column in table.c)
    agency = ":agency" if sqlite else "CAST(:agency AS uuid)"
    only = [f"t.agency_id = {agency}"] if "agency_id" in table.c else []
    if not only:
        for key in table.foreign_keys:
            if "agency_id" in key.column.table.c:
                parents = f"SELECT p.id FROM {key.column.table.name} p WHERE p.agency_id = {agency}"
                only.append(f"t.{key.parent.name} IN ({parents})")
    if table.name == "turns":
        only.append(f"c.n % {OPEN} = 0")
    where = f"WHERE {' AND '.join(only)}" if only else ""
    return f"INSERT INTO {table.name} ({columns}) SELECT {values} FROM {table.name} t CROSS JOIN copies c {where}"


def _value(table: Table, column: Column[object], sqlite: bool) -> str:
    name, value = column.name, f't."{column.name}"'
    if name == "unit_id" and table.name in ("letters", "incoming", "entries", "tasks", "issued_documents", "meetings"):
        small = ":small" if sqlite else "CAST(:small AS uuid)"
        return f"CASE WHEN c.n % {SMALL_UNIT} = 0 THEN {small} ELSE {value} END"
    if isinstance(column.type, Uuid):
        # `agency_id` and the like are ids of what is kept.
        return f"CASE WHEN {value} IN (SELECT id FROM kept_ids) THEN {value} ELSE {_new_id(value, sqlite)} END"
    if name in _NUMBERS:
        return f"{value} + c.n * 1000"
    if name in _WORDS and name in _unique(table):
        length = getattr(column.type, "impl", column.type)
        if getattr(length, "length", None) == 64:
            return f"CASE WHEN {value} IS NULL THEN NULL ELSE {_hex('c.n', sqlite)} || substr({value}, 9) END"
        return f"{value} || '.' || c.n"
    moved = _moved(value, column, sqlite)
    if ended := _ENDED.get(f"{table.name}.{name}"):
        of = _AT.get(table.name) or name
        at = _moved(f't."{of}"', table.c[of], sqlite) if isinstance(table.c[of].type, UtcDateTime) else "NULL"
        said = ended.format(at=at, true="1" if sqlite else "true", digest="0" * 64)
        return f"CASE WHEN c.n % {OPEN} = 0 THEN {moved} ELSE {said} END"
    return moved


def _moved(value: str, column: Column[object], sqlite: bool) -> str:
    if isinstance(column.type, UtcDateTime):
        if sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%f000', {value}, '-' || (c.n * {APART_MINUTES}) || ' minutes')"
        return f"{value} - c.n * interval '{APART_MINUTES} minutes'"
    if isinstance(column.type, Date):
        days = f"(c.n * {APART_MINUTES} / 1440)"
        return f"date({value}, '-' || {days} || ' days')" if sqlite else f"{value} - {days}"
    return value


def _unique(table: Table) -> set[str]:
    found = {column.name for column in table.c if column.unique}
    for constraint in table.constraints:
        if type(constraint).__name__ == "UniqueConstraint":
            found |= {column.name for column in constraint.columns}
    return found


def _new_id(value: str, sqlite: bool) -> str:
    if sqlite:
        return f"{_hex('c.n', sqlite)} || substr({value}, 9)"
    return f"CAST({_hex('c.n', sqlite)} || substr(replace(CAST({value} AS text), '-', ''), 9) AS uuid)"


def _hex(number: str, sqlite: bool) -> str:
    return f"printf('%08x', {number})" if sqlite else f"lpad(to_hex({number}), 8, '0')"
