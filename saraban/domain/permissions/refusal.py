"""What a question about rights is answered with."""

from __future__ import annotations

from dataclasses import dataclass

from saraban.domain.errors import NotFound, NotPermitted


@dataclass(frozen=True)
class Refusal:
    """Why not, in Thai; `hidden` when even the existence must not show."""

    thai: str
    hidden: bool = False


def require(refusal: Refusal | None) -> None:
    """Raise NotPermitted (or NotFound, when it must not show) for a refusal."""
    if refusal is None:
        return
    if refusal.hidden:
        raise NotFound
    raise NotPermitted(refusal.thai)


def words_of(refusal: Refusal | None) -> str:
    """Why not, in Thai; empty when nothing stands in the way."""
    return refusal.thai if refusal is not None else ""


HIDDEN = Refusal("", hidden=True)
