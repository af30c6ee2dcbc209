"""Deadlines on the screens: templates ask `due_of` for anything that waits, and read the agency's clock only then."""

from __future__ import annotations

from flask import Flask

from saraban.doorway.deadlines import due_of, due_of_arrival, due_of_letter, due_on


def install(app: Flask) -> None:
    """Give all templates `due_of`, `due_of_arrival`, `due_of_letter` and `due_on`."""
    app.jinja_env.globals.update(
        due_of=due_of, due_of_arrival=due_of_arrival, due_of_letter=due_of_letter, due_on=due_on
    )
