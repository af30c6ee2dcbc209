"""One search over letters, incoming letters and registers, best first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, select

from saraban.domain.actor import Actor
from saraban.domain.classification import Secrecy
from saraban.domain.permissions import may_read_registers
from saraban.reading.matching import SCANNED, matches, query_words, snippet
from saraban.reading.organisation import owner_name
from saraban.reading.paging import page_size
from saraban.reading.registers import newest_with
from saraban.reading.scope import visible_incoming, visible_letters
from saraban.storage.search import normal_form
from saraban.storage.tables.letters import incoming, letters


@dataclass(frozen=True)
class Hit:
    """Something that was found. `kind` is "letter", "incoming" or "entry", and `id` is its id; `snippet` a piece of the
    text around the words."""

    id: UUID
    kind: str
    number: str
    subject: str
    sender: str
    date: date | None
    snippet: str


@dataclass(frozen=True)
class _Ranked:
    rank: int
    at: float
    hit: Hit
    subject_of: UUID | None = None


def search(reader: Connection, actor: Actor, q: str, limit: int = 50) -> list[Hit]:
    """What holds every word of `q`: exact number first, then the number's beginning, the subject, the rest; the newest
    first among equals. Nothing classified is ever found, and nothing for an empty query.

    Letters and incoming letters have no index yet: the 2,000 newest of each that the actor may read are compared in
    Python, in the normal form of both sides. Register lines are found by the index of words, a whole letter number by
    that of numbers; a line whose letter was found itself is left out.
    """
    limit, words = page_size(limit), query_words(q)
    if not words:
        return []
    letters_found = [*_letters(reader, actor, words), *_incoming(reader, actor, words)]
    known = {found.hit.id for found in letters_found}
    lines = [line for line in _entries(reader, actor, q, words, limit) if line.subject_of not in known]
    ranked = sorted([*letters_found, *lines], key=lambda found: (found.rank, -found.at))
    return [found.hit for found in ranked[:limit]]


def _letters(reader: Connection, actor: Actor, words: list[str]) -> Iterator[_Ranked]:
    rows = reader.execute(
        select(
            letters.c.id,
            letters.c.number,
            letters.c.number_date,
            letters.c.subject,
            letters.c.addressed_to,
            letters.c.body,
            letters.c.updated_at,
            owner_name(actor).label("unit_name"),
        )
        .where(visible_letters(actor), letters.c.secrecy == Secrecy.OPEN)
        .order_by(letters.c.updated_at.desc(), letters.c.id.desc())
        .limit(SCANNED)
    )
    for r in rows:
        if matches(words, r.number, r.subject, r.addressed_to, r.unit_name, r.body):
            text = snippet(words, r.body, r.addressed_to, r.unit_name)
            hit = Hit(r.id, "letter", r.number or "", r.subject, r.unit_name, r.number_date, text)
            yield _Ranked(_rank(words, hit), r.updated_at.timestamp(), hit)


def _incoming(reader: Connection, actor: Actor, words: list[str]) -> Iterator[_Ranked]:
    rows = reader.execute(
        select(
            incoming.c.id,
            incoming.c.number,
            incoming.c.number_date,
            incoming.c.subject,
            incoming.c.from_name,
            incoming.c.addressed_to,
            incoming.c.text,
            incoming.c.received_at,
        )
        .where(visible_incoming(actor), incoming.c.secrecy == Secrecy.OPEN)
        .order_by(incoming.c.received_at.desc(), incoming.c.id.desc())
        .limit(SCANNED)
    )
    for r in rows:
        if matches(words, r.number, r.subject, r.from_name, r.addressed_to, r.text):
            text = snippet(words, r.text, r.from_name, r.addressed_to)
            hit = Hit(r.id, "incoming", r.number, r.subject, r.from_name, r.number_date, text)
            yield _Ranked(_rank(words, hit), r.received_at.timestamp(), hit)


def _entries(reader: Connection, actor: Actor, q: str, words: list[str], limit: int) -> Iterator[_Ranked]:
    if may_read_registers(actor) is not None:
        return
    for r in newest_with(reader, actor, q, limit * 2):
        text = snippet(words, r.addressee, r.sender)
        hit = Hit(r.id, "entry", r.number, r.subject, r.sender, r.letter_date, text)
        yield _Ranked(_rank(words, hit), r.at.timestamp(), hit, r.subject_of)


def _rank(words: list[str], hit: Hit) -> int:
    whole, number = "".join(words), normal_form(hit.number).replace(" ", "")
    if number and number == whole:
        return 0
    if number.startswith(whole) or number.endswith("/" + whole):
        return 1
    subject = normal_form(hit.subject)
    return 2 if all(word in subject for word in words) else 3
