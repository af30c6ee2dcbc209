"""The tables, by subject. Every row that belongs to an agency carries its `agency_id`."""

from saraban.storage.tables import (
    closing,
    delegations,
    desk,
    duty,
    exchange,
    journal,
    letters,
    mail,
    notices,
    organisation,
    people,
    problems,
    registers,
    routes,
    tasks,
    templates,
    verification,
)
from saraban.storage.tables.metadata import metadata

__all__ = [
    "closing",
    "delegations",
    "desk",
    "duty",
    "exchange",
    "journal",
    "letters",
    "mail",
    "metadata",
    "notices",
    "organisation",
    "people",
    "problems",
    "registers",
    "routes",
    "tasks",
    "templates",
    "verification",
]
