"""A slip in a word that nothing was found for: what stands in letters of the person's own that differs by one sign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

SHORTEST_WORD = 4
_PIECE = 3
_MOST_PLACES = 20
_MARKS = frozenset("ะัาำิีึืฺุู็่้๊๋์ํ๎ๅ")
"""What does not begin a word."""


def pieces(word: str) -> tuple[str, ...]:
    """The beginning and the end of a word, one of which has no slip in it; nothing when it is too short to be told."""
    if len(word) < SHORTEST_WORD:
        return ()
    half = max(_PIECE, len(word) // 2)
    return (word[:half], word[-max(_PIECE, len(word) - half) :])


def nearest(word: str, texts: Iterable[str]) -> str:
    """What stands most often in the texts in the place of the word and differs from it by one sign that is wrong, too
    many, missing or before its neighbour; empty when there is none."""
    found = Counter[str]()
    for text in texts:
        found.update(set(_near(word, text)))
    if not found:
        return ""
    return max(found, key=lambda one: (found[one], len(one) == len(word), one))


def one_slip(wrong: str, right: str) -> bool:
    """Do they differ by one sign?"""
    if wrong == right or abs(len(wrong) - len(right)) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(wrong, right, strict=False)) if a != b), min(len(wrong), len(right)))
    if len(wrong) == len(right):
        swapped = wrong[at : at + 2] == right[at : at + 2][::-1] and wrong[at + 2 :] == right[at + 2 :]
        return wrong[at + 1 :] == right[at + 1 :] or swapped
    longer, shorter = (wrong, right) if len(wrong) > len(right) else (right, wrong)
    return longer[at + 1 :] == shorter[at:]


def _near(word: str, text: str) -> Iterator[str]:
    head, tail = pieces(word)
    for place in _places(text, head):
        yield from _of(word, (text[place : place + n] for n in _lengths(word)))
    for place in _places(text, tail):
        end = place + len(tail)
        yield from _of(word, (text[max(0, end - n) : end] for n in _lengths(word)))


def _of(word: str, candidates: Iterable[str]) -> Iterator[str]:
    for one in candidates:
        if one.strip() == one and one and one[0] not in _MARKS and one_slip(word, one):
            yield one


def _lengths(word: str) -> tuple[int, int, int]:
    return len(word) - 1, len(word), len(word) + 1


def _places(text: str, piece: str) -> Iterator[int]:
    place, left = text.find(piece), _MOST_PLACES
    while place >= 0 and left:
        yield place
        place, left = text.find(piece, place + 1), left - 1
