"""Lines of registers as screens and sheets read them: which columns, and what stands where the words of a classified
line are not for the reader."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Select, select

from saraban.domain.actor import Actor
from saraban.domain.register import RegisterEntry
from saraban.reading.scope import MASKED, MASKED_SUBJECT, register_masked
from saraban.storage.tables.registers import entries

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Shown = TypeVar("Shown", bound="DataclassInstance")

_HIDDEN: dict[str, Any] = {
    "number": MASKED,
    "sender": MASKED,
    "addressee": MASKED,
    "subject": MASKED_SUBJECT,
    "practice": "",
    "note": "",
    "subject_of": None,
    "void_reason": "",
    "void_authority": "",
    "unit_id": None,
}


def lines_as_seen(kind: type[DataclassInstance], actor: Actor) -> Select[Any]:
    """The columns of `entries` that this dataclass has as fields (`RegisterEntry` all of them), and `masked`: the actor
    may not know the words."""
    names = [f.name for f in fields(kind) if f.name in entries.c]
    return select(*(entries.c[name] for name in names), register_masked(actor).label("masked"))


def as_seen(kind: type[Shown], row: Any) -> Shown:
    """A row of `lines_as_seen` as that dataclass, which has a field `masked`; what must not show is replaced here and
    goes no further."""
    values = {f.name: row._mapping[f.name] for f in fields(kind)}
    masked = values["masked"] = bool(row.masked)
    if masked:
        values |= {name: word for name, word in _HIDDEN.items() if name in values}
    return kind(**values)


def entry_of(row: Any) -> RegisterEntry:
    """The line itself, without its files, for the rules that ask about it."""
    return RegisterEntry(**{f.name: row._mapping[f.name] for f in fields(RegisterEntry) if f.name in entries.c})
