"""A page that is shown again because what was sent was refused: its fields have what was typed, the fields that are
wrong say why, and the dialog from which it was sent is open. The macros of `components/` ask here by a field's name.

Use it on pages whose fields have names of their own: two forms that share a name would share what was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, g, request
from werkzeug.datastructures import MultiDict


@dataclass(frozen=True)
class Refused:
    """What was sent to this address, and what is wrong with it by field, in Thai."""

    path: str
    form: MultiDict[str, str]
    errors: Mapping[str, str]


def refill(errors: Mapping[str, str]) -> None:
    """Let the page that this request shows have what was typed."""
    g.refused = Refused(request.path, request.form, errors)


def install(app: Flask) -> None:
    """Give the templates `typed_again`, `chosen_again`, `ticked_again`, `ticks_elsewhere`, `refused_because` and
    `refused_here`."""
    app.jinja_env.globals.update(
        typed_again=typed_again,
        chosen_again=chosen_again,
        ticked_again=ticked_again,
        ticks_elsewhere=ticks_elsewhere,
        refused_because=refused_because,
        refused_here=refused_here,
    )


def typed_again(name: str, value: Any) -> Any:
    """What was typed into this field, else its value."""
    found = _refused()
    return found.form[name] if found is not None and name in found.form else value


def chosen_again(name: str, values: list[Any]) -> list[Any]:
    """What was chosen in this field of several, else its values."""
    found = _refused()
    return found.form.getlist(name) if found is not None and name in found.form else values


def ticked_again(name: str, value: Any, checked: bool) -> bool:
    """Was the box with this value ticked, in what was refused or else in what the page shows?"""
    found = _refused()
    return str(value) in found.form.getlist(name) if found is not None else checked


def ticks_elsewhere(name: str, shown: Iterable[UUID], usual: Iterable[UUID] = ()) -> list[str]:
    """What is ticked on other pages than the one that is shown: as it was sent, else as it usually is."""
    here = {str(one) for one in shown}
    found = _refused()
    ticked = found.form.getlist(name) if found is not None else map(str, usual)
    return [one for one in dict.fromkeys(ticked) if one not in here]


def refused_because(name: str, words: str) -> str:
    """Why this field was refused."""
    found = _refused()
    return words or (found.errors.get(name, "") if found is not None else "")


def refused_here(path: str) -> bool:
    """Was what was sent to this address refused?"""
    found = _refused()
    return found is not None and found.path == path


def _refused() -> Refused | None:
    found: Refused | None = g.get("refused")
    return found
