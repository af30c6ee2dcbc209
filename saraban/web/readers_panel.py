"""What the page of a letter shows of its readers: the person's own line with รับทราบ, and how many have read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from saraban.domain.incoming import IncomingLetter
from saraban.domain.letter import Letter
from saraban.domain.permissions import may_circulate_incoming, may_circulate_letter, words_of
from saraban.doorway import actor, reader
from saraban.reading import circulation as rows


@dataclass(frozen=True)
class Panel:
    """`mine` is the person's line, None when nobody passed the letter to him; `href` leads to the list for who may
    circulate it (`why_not` says why not, when there is something to say), `note_href` is where รับทราบ goes."""

    mine: rows.Mine | None
    counts: rows.Counts
    href: str
    note_href: str
    why_not: str

    @property
    def waits(self) -> bool:
        """Does it wait for the person's note?"""
        return self.mine is not None and self.mine.noted_at is None


def panel_of(letter: Letter | IncomingLetter) -> Panel:
    """The panel of a letter that was opened."""
    who = actor()
    if isinstance(letter, Letter):
        refusal, name = may_circulate_letter(who, letter), "letter_id"
    else:
        refusal, name = may_circulate_incoming(who, letter), "incoming_id"
    named: dict[str, Any] = {name: letter.id}
    return Panel(
        mine=rows.mine(reader(), who, letter.id),
        counts=rows.counts(reader(), letter.id),
        href=url_for("circulating.readers", **named) if refusal is None else "",
        note_href=url_for("circulating.note", **named),
        why_not=words_of(refusal),
    )
