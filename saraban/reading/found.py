"""What a search found, as it is shown: its number, its subject, and the piece of the text in which the words stand,
with the places of the words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Dialect, select

from saraban.domain.actor import Actor
from saraban.domain.classification import Secrecy
from saraban.domain.incoming import IncomingState
from saraban.domain.letter_state import LetterState
from saraban.domain.numbering import thai_digits
from saraban.domain.register import BookKind, EntryState
from saraban.reading.asking import Term
from saraban.reading.holds import under_hold
from saraban.reading.matching import readable
from saraban.reading.organisation import owner_name
from saraban.reading.scope import ACTORS, openable_lines
from saraban.storage.documents import standing
from saraban.storage.planning import Spelt, among, as_day, as_id, ids_told, planned_once, spelt
from saraban.storage.tables.finding import file_texts
from saraban.storage.tables.letters import files, incoming, letters
from saraban.storage.tables.registers import entries
from saraban.storage.wanted import Place

Spans = tuple[tuple[int, int], ...]
"""Places of words in a text: where each begins and ends."""
_BEFORE, _AROUND = 40, 160
_LONGEST_TEXT = 200_000


@dataclass(frozen=True)
class Hit:
    """Something that was found. `kind` is "letter", "incoming" or "entry", and `id` is its id; `snippet` a piece of the
    text around the words, from the file `file` unless that is empty; `scanned` when it was read from a picture;
    `on_hold` when its disposal is stopped; `state` one of storage.documents.STATES; `book` the register of a line. Of a
    classified letter there is no snippet: its text is read by opening it."""

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
    state: str = ""
    book: str = ""
    secrecy: Secrecy = Secrecy.OPEN


@dataclass(frozen=True)
class Found:
    """The answers. `more`: there are others after these; `meant`: the word that nothing was found for, and the one that
    was looked for instead; `only_latest`: the words are too short for all letters to be looked through; `numbers`: what
    was taken for a number, in the one writing that stands for all; `classified_left`: the person may read classified
    letters that are older than those looked through."""

    hits: list[Hit]
    more: bool = False
    meant: tuple[tuple[str, str], ...] = ()
    only_latest: bool = False
    numbers: tuple[str, ...] = ()
    classified_left: bool = False


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
        return cls(_compiled("|".join(patterns) or r"(?!)"), tuple(map(_compiled, patterns)))


def _compiled(pattern: str) -> re.Pattern[str]:
    """Thai has no large letters, and a word without any is found several times faster so."""
    return re.compile(pattern, re.IGNORECASE if pattern.lower() != pattern.upper() else 0)


def hits_of(
    reader: Connection,
    actor: Actor,
    places: Sequence[Place],
    terms: Sequence[Term],
    told: Iterable[Any] = (),
    secret: Collection[UUID] = (),
) -> list[Hit]:
    """What stands at these places, in their order. `told`: answers to `asked_about`, which are not asked again. What is
    classified is among `secret`, or became so since it was found and is left out."""
    asked, by_id = _Asked.of(terms), {as_id(row.id): row for row in told}
    for statement, values in asked_about(reader.dialect, actor, [one for one in places if one.owner_id not in by_id]):
        with planned_once(reader):
            by_id |= {as_id(row.id): row for row in statement.rows(reader, values)}
    rows = ((place, by_id[place.owner_id]) for place in places if place.owner_id in by_id)
    return [
        _hit(reader, place, row, asked)
        for place, row in rows
        if Secrecy(row.secrecy).is_open or place.owner_id in secret
    ]


def asked_about(dialect: Dialect, actor: Actor, places: Sequence[Place]) -> list[tuple[Spelt, dict[str, Any]]]:
    """What is asked to show what stands at these places, each statement with its values."""
    asked = []
    for kind in _TEXTS:
        if ids := [place.owner_id for place in places if place.kind == kind]:
            asked.append((_statement(dialect, kind, actor), {"these": ids_told(ids, dialect)}))
    return asked


@lru_cache(maxsize=3 * ACTORS)
def _statement(dialect: Dialect, kind: str, actor: Actor) -> Spelt:
    if kind == "letter":
        t = letters.c
        columns: list[Any] = [
            t.number_date,
            t.subject,
            t.addressed_to,
            t.body,
            t.state,
            owner_name(actor).label("sender"),
        ]
    elif kind == "incoming":
        t = incoming.c
        columns = [t.number_date, t.subject, t.from_name.label("sender"), t.addressed_to, t.text, t.state]
    else:
        t = entries.c
        columns = [t.letter_date.label("number_date"), t.subject, t.sender, t.addressee, t.practice, t.note]
        columns += [t.state, t.kind, openable_lines(actor).label("opened")]
    held = under_hold(t.id, line=kind == "entry").label("on_hold")
    return spelt(select(t.id, t.number, t.secrecy, *columns, held).where(among(t.id, "these", dialect)), dialect)


_STATES: Mapping[str, Callable[[str], LetterState | IncomingState | EntryState]] = {
    "letter": LetterState,
    "incoming": IncomingState,
    "entry": EntryState,
}
_TEXTS = {
    "letter": ("body", "addressed_to", "sender"),
    "incoming": ("text", "sender", "addressed_to"),
    "entry": ("addressee", "sender", "practice", "note"),
}


def _hit(reader: Connection, place: Place, row: Any, asked: _Asked) -> Hit:
    secrecy = Secrecy(row.secrecy)
    own = [getattr(row, name) for name in _TEXTS[place.kind]] if secrecy.is_open or place.kind == "entry" else []
    piece, file, scanned = _piece(asked.any, own), "", False
    subject_marked = spans(asked.any, row.subject)
    if (
        secrecy.is_open
        and not (len(asked.words) == 1 and (piece.marked or subject_marked))
        and not _all_said(asked, row, own)
    ):
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
        date=as_day(row.number_date),
        snippet=piece.text,
        marked=piece.marked,
        subject_marked=subject_marked,
        file=file,
        scanned=scanned,
        on_hold=bool(row.on_hold),
        state=standing(_STATES[place.kind](row.state)),
        book=BookKind(row.kind).thai if place.kind == "entry" else "",
        secrecy=secrecy,
    )


def _all_said(asked: _Asked, row: Any, own: Sequence[str]) -> bool:
    """Does every word stand in what a letter or line says itself?"""
    texts = [row.number or "", row.subject, *own]
    if all(any(map(word.search, texts)) for word in asked.words):  # as they are mostly written, which takes less time
        return True
    said = readable(" ".join(texts))
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
    return tuple((match.start(), match.end()) for match in asked.finditer(text) if match.end() > match.start())


def _piece(asked: re.Pattern[str], texts: Iterable[str]) -> _Piece:
    """A piece of the first text that holds one of the words, or the beginning of the first text that is not empty."""
    first_text = ""
    for text in texts:
        clean = readable(text[:_LONGEST_TEXT])
        first_text = first_text or clean
        first = asked.search(clean)
        if first is not None and first.end() > first.start():
            start = max(0, first.start() - _BEFORE)
            before, after = "…" if start else "", "…" if len(clean) > start + _AROUND else ""
            shown = before + clean[start : start + _AROUND] + after
            return _Piece(shown, spans(asked, shown))
    return _Piece(first_text[:_AROUND] + ("…" if len(first_text) > _AROUND else ""))


def _pattern(term: Term) -> str:
    """A term in a text: its digits as Arabic or Thai ones, a number with whatever spaces it is written with."""
    if term.number:
        return "|".join(" ?".join(map(_sign, way)) for way in term.ways)
    return "|".join("".join(map(_sign, way.strip())) for way in term.ways)


def _sign(sign: str) -> str:
    return f"[{sign}{thai_digits(sign)}]" if sign in "0123456789" else re.escape(sign)
