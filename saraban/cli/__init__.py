"""Commands: one file for each noun, each command one use case. `flask --app wsgi NOUN VERB --help` tells the rest."""

from __future__ import annotations

from flask import Flask

from saraban.cli import (
    agency,
    archive,
    backup,
    db,
    document,
    gallery,
    journal,
    keys,
    mail,
    moving_in,
    numbers,
    people,
    search,
    store,
)


def open_door(app: Flask) -> None:
    """Register the groups of commands."""
    for noun in (
        agency,
        archive,
        backup,
        db,
        document,
        gallery,
        journal,
        keys,
        mail,
        moving_in,
        numbers,
        people,
        search,
        store,
    ):
        app.cli.add_command(noun.group)
