"""What clerks wrote into lines, to be offered again as others type."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from saraban.domain.errors import BadInput
from saraban.domain.numbering import LetterNumber
from saraban.domain.register import RegisterEntry


@dataclass(frozen=True)
class Phrase:
    """What a clerk wrote: `field` is "sender", "addressee", "practice" or "subject"; a subject stands `beside` its
    sender. `number_head` is the sender's last letter number without its running number."""

    field: str
    text: str
    beside: str = ""
    number_head: str = ""


def phrases_of(lines: Iterable[RegisterEntry]) -> list[Phrase]:
    """What may be offered again: nothing of classified lines. Each phrase once, however many lines have it."""
    found: dict[tuple[str, str, str], Phrase] = {}
    for entry in lines:
        if not entry.secrecy.is_open or entry.kind.secret:
            continue
        head = _head(entry.number) if entry.kind.incoming else ""
        for phrase in (
            Phrase("sender", entry.sender, number_head=head),
            Phrase("addressee", entry.addressee),
            Phrase("practice", entry.practice),
            Phrase("subject", entry.subject),
            Phrase("subject", entry.subject, beside=entry.sender),
        ):
            if phrase.text:
                found[(phrase.field, phrase.beside, phrase.text)] = phrase
    return list(found.values())


def _head(number: str) -> str:
    try:
        return LetterNumber.parse(number).head
    except BadInput:
        return ""
