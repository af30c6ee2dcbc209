"""Lists of several pages in which letters are chosen: what is ticked and typed goes along from page to page, and "all"
means every letter of every page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from flask import request

from saraban.web.archive_deeds import chosen
from saraban.web.refilling import refill

_HIGHEST = 100_000


def turned() -> None:
    """Show the page to which somebody turned with what was ticked and typed on the one before."""
    refill({})


def cursor_here() -> str | None:
    """Where the list stands: as the button says that turned it, as the form that was sent, or as the address."""
    return request.form.get("to") or request.values.get("cursor") or None


def page_here() -> int:
    """The same for a list whose pages are numbered."""
    said = request.form.get("to") or request.values.get("page") or ""
    return max(1, min(int(said), _HIGHEST)) if said.isascii() and said.isdigit() and len(said) < 7 else 1


def chosen_of(everything: Callable[[], Iterable[UUID]], name: str = "entry") -> list[UUID]:
    """What was ticked, on this page and those before it; everything where "all" was ticked."""
    return list(everything()) if request.form.get("every") == "1" else list(dict.fromkeys(chosen(name)))


def unit_wanted() -> UUID | None:
    """The unit to whose letters the list is narrowed; None for all, and for what is no unit."""
    try:
        return UUID(request.values.get("unit", ""))
    except ValueError:
        return None
