"""The language of a public page: Thai, or English where its address asks for it."""

from __future__ import annotations

from flask import request


def language_here() -> str:
    """The language in which the page is shown, "th" or "en"."""
    return "en" if request.args.get("lang") == "en" else "th"


def other_language() -> str:
    """The one that it can be changed to."""
    return "th" if language_here() == "en" else "en"


def chosen_language() -> str | None:
    """The one that the address names, which goes along to the next page; None where it names none."""
    return language_here() if "lang" in request.args else None
