"""What a search found, as it is shown: its number, its subject, and the piece of the text in which the words stand,
with the places of the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from saraban.domain.actor import Actor
from saraban.domain.numbering import arabic_digits
from saraban.reading.asking import Term
from saraban.reading.holds import held_among
from saraban.reading.matching import readable
from saraban.reading.organisation import owner_name
from saraban.reading.scope import openable_lines
from saraban.storage.document_index import Place
from saraban.storage.tables.finding import file_texts
from saraban.storage.tables.letters import files, incoming, letters
from saraban.storage.tables.registers import entries

Spans = tuple[tuple[int, int], ...]
"""Places of words in a text: where each begins and ends."""
_BEFORE, _AROUND = 40, 160
_LONGEST_TEXT = 200_000


@dataclass(frozen=True)
class Hit:
    """Something that was found. `kind` is "letter", "incoming" or "entry", and `id` is its id; `snippet` a piece of the
    text around the words, from the file `file` unless that is empty; `scanned` when it was read from a picture;
    `on_hold` when its disposal is stopped."""

    id: UUID
    kind: str
    number: str
    subject: str
    sender: str
    date: date | None
    snippet: str
    marked: Spans = ()
    subject_marked: Spans = ()
    file: str = ""
    scanned: bool = False
    on_hold: bool = False


@dataclass(frozen=True)
class Found:
    """The answers. `more`: there are others after these; `meant`: the word that nothing was found for, and the one that
    was looked for instead; `only_latest`: the words are too short for all letters to be looked through."""

    hits: list[Hit]
    more: bool = False
    meant: tuple[tuple[str, str], ...] = ()
    only_latest: bool = False


@dataclass(frozen=True)
class _Piece:
    text: str
    marked: Spans = ()


@dataclass(frozen=True)
class _Asked:
    """The words as they are looked for in a text: any of them, and each."""

    any: re.Pattern[str]
    words: tuple[re.Pattern[str], ...]

    @classmethod
    def of(cls, terms: Sequence[Term]) -> _Asked:
        """Days are not marked: a text may write them in many ways."""
        patterns = [_pattern(term) for term in terms if not term.day]
        return cls(re.compile("|".join(patterns) or r"(?!)"), tuple(map(re.compile, patterns)))


def hits_of(reader: Connection, actor: Actor, places: Sequence[Place], terms: Sequence[Term]) -> list[Hit]:
    """What stands at these places, in their order."""
    asked = _Asked.of(terms)
    by_id = {row.id: row for row in _rows(reader, actor, places)}
    held = held_among(reader, by_id)
    hits = [_hit(reader, place, by_id[place.owner_id], asked) for place in places if place.owner_id in by_id]
    return [replace(hit, on_hold=True) if hit.id in held else hit for hit in hits]


def _rows(reader: Connection, actor: Actor, places: Sequence[Place]) -> Iterable[Any]:
    ids = {kind: [place.owner_id for place in places if place.kind == kind] for kind in ("letter", "incoming", "entry")}
    t = letters.c
    columns: list[Any] = [t.id, t.number, t.number_date, t.subject, t.addressed_to, t.body]
    if ids["letter"]:
        statement = select(*columns, owner_name(actor).label("sender")).where(t.id.in_(ids["letter"]))
        yield from reader.execute(statement).all()
    t = incoming.c
    columns = [t.id, t.number, t.number_date, t.subject, t.from_name.label("sender"), t.addressed_to, t.text]
    if ids["incoming"]:
        yield from reader.execute(select(*columns).where(t.id.in_(ids["incoming"]))).all()
    t = entries.c
    columns = [t.id, t.number, t.letter_date.label("number_date"), t.subject, t.sender, t.addressee, t.practice, t.note]
    columns.append(openable_lines(actor).label("opened"))
    if ids["entry"]:
        yield from reader.execute(select(*columns).where(t.id.in_(ids["entry"]))).all()


_TEXTS = {
    "letter": ("body", "addressed_to", "sender"),
    "incoming": ("text", "sender", "addressed_to"),
    "entry": ("addressee", "sender", "practice", "note"),
}


def _hit(reader: Connection, place: Place, row: Any, asked: _Asked) -> Hit:
    own = [getattr(row, name) for name in _TEXTS[place.kind]]
    piece, file, scanned = _piece(asked.any, own), "", False
    subject_marked = spans(asked.any, row.subject)
    if not (len(asked.words) == 1 and (piece.marked or subject_marked)) and not _all_said(asked, row, own):
        opened = place.kind != "entry" or row.opened
        for name, text, from_picture in _files(reader, place.owner_id, opened):
            found = _piece(asked.any, [text, name])
            if found.marked:
                piece, file, scanned = found, name, from_picture
                break
    return Hit(
        id=place.owner_id,
        kind=place.kind,
        number=row.number or "",
        subject=row.subject,
        sender=row.sender,
        date=row.number_date,
        snippet=piece.text,
        marked=piece.marked,
        subject_marked=subject_marked,
        file=file,
        scanned=scanned,
    )


def _all_said(asked: _Asked, row: Any, own: Sequence[str]) -> bool:
    """Does every word stand in what a letter or line says itself?"""
    said = _folded(readable(" ".join([row.number or "", row.subject, *own])))
    return all(word.search(said) for word in asked.words)


def _files(reader: Connection, owner_id: UUID, opened: bool) -> Iterator[tuple[str, str, bool]]:
    """Each file's name with its words, and once more with those that were read from its pictures; the names alone for
    who may not open them."""
    statement = (
        select(files.c.name, file_texts.c.text, file_texts.c.scanned)
        .join(file_texts, file_texts.c.sha256 == files.c.sha256, isouter=True)
        .where(files.c.owner_id == owner_id)
        .order_by(files.c.ordinal)
    )
    for name, text, scanned in reader.execute(statement):
        yield name, text or "" if opened else "", False
        if scanned and opened:
            yield name, scanned, True


def spans(asked: re.Pattern[str], text: str) -> Spans:
    """Where the words stand in a text."""
    return _spans(asked, _folded(text))


def _spans(asked: re.Pattern[str], folded: str) -> Spans:
    return tuple((match.start(), match.end()) for match in asked.finditer(folded) if match.end() > match.start())


def _piece(asked: re.Pattern[str], texts: Iterable[str]) -> _Piece:
    """A piece of the first text that holds one of the words, or the beginning of the first text that is not empty."""
    first_text = ""
    for text in texts:
        clean = readable(text[:_LONGEST_TEXT])
        folded = _folded(clean)
        first_text = first_text or clean
        first = asked.search(folded)
        if first is not None and first.end() > first.start():
            start = max(0, first.start() - _BEFORE)
            before, after = "…" if start else "", "…" if len(clean) > start + _AROUND else ""
            shown = before + clean[start : start + _AROUND] + after
            return _Piece(shown, _spans(asked, before + folded[start : start + _AROUND]))
    return _Piece(first_text[:_AROUND] + ("…" if len(first_text) > _AROUND else ""))


def _folded(text: str) -> str:
    """The text as words are compared, sign for sign: its places are those of the text."""
    lower = text.lower()
    return arabic_digits(lower if len(lower) == len(text) else text)


def _pattern(term: Term) -> str:
    """A term in a text: a number with whatever spaces it is written with."""
    if term.number:
        return "|".join(" ?".join(re.escape(sign) for sign in way) for way in term.ways)
    return "|".join(re.escape(way.strip()) for way in term.ways)
