"""What clerks wrote, counted up so that it can be offered again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from saraban.domain.agency import AgencyId
from saraban.storage.search import normal_form, scope_sign
from saraban.storage.tables.registers import phrases
from saraban.usecases.registry import Phrase

_KEY = ("agency_id", "field", "beside", "key")


def learn(connection: Connection, agency_id: AgencyId, said: Sequence[Phrase], at: datetime) -> None:
    """Count phrases up. In the order of their keys, so that two writers cannot wait for each other."""
    rows = [_row(agency_id, phrase, at) for phrase in said]
    if rows:
        statement = _UPSERT[connection.dialect.name]
        connection.execute(statement, sorted(rows, key=lambda row: (row["field"], row["beside"], row["key"])))


def unlearn(connection: Connection, agency_id: AgencyId, said: Sequence[Phrase]) -> None:
    """Count phrases down, and forget those that nobody else wrote."""
    keys = [
        {"agency": agency_id, "of_field": p.field, "next_to": normal_form(p.beside), "of_key": normal_form(p.text)}
        for p in sorted(said, key=lambda p: (p.field, normal_form(p.beside), normal_form(p.text)))
    ]
    if keys:
        connection.execute(_LESS, keys)
        connection.execute(_FORGET, keys)


def _row(agency_id: AgencyId, phrase: Phrase, at: datetime) -> dict[str, Any]:
    return {
        "scope": scope_sign(agency_id, phrase.field),
        "agency_id": agency_id,
        "field": phrase.field,
        "beside": normal_form(phrase.beside),
        "key": normal_form(phrase.text),
        "text": phrase.text,
        "number_head": phrase.number_head,
        "use_count": 1,
        "last_at": at,
    }


def _upsert(insert: Any) -> Any:
    statement = insert(phrases)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=_KEY,
        set_={
            "use_count": phrases.c.use_count + 1,
            "last_at": new.last_at,
            "text": new.text,
            "number_head": case((new.number_head != "", new.number_head), else_=phrases.c.number_head),
        },
    )


_THIS = (
    phrases.c.agency_id == bindparam("agency"),
    phrases.c.field == bindparam("of_field"),
    phrases.c.beside == bindparam("next_to"),
    phrases.c.key == bindparam("of_key"),
)
_LESS = update(phrases).where(*_THIS).values(use_count=phrases.c.use_count - 1)
_FORGET = delete(phrases).where(*_THIS, phrases.c.use_count <= 0)
_UPSERT = {"sqlite": _upsert(sqlite.insert), "postgresql": _upsert(postgresql.insert)}
