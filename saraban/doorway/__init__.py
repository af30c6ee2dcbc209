"""What all doors share: the services, the actor and the reader of this request; one table of errors; idempotency.

A door asks here and nowhere else: `services()` for use cases, `actor()` for who is asking, `reader()` for screens.
"""

from __future__ import annotations

from typing import Protocol, cast

from flask import current_app, g
from sqlalchemy import Connection, Engine

from saraban.domain.actor import Actor
from saraban.domain.errors import NotPermitted
from saraban.settings import Settings
from saraban.usecases.ports import Services

EXTENSION = "saraban"


class Office(Protocol):
    """What the application carries (built in `bootstrap.py`)."""

    @property
    def settings(self) -> Settings: ...

    @property
    def services(self) -> Services: ...

    @property
    def reading(self) -> Engine: ...


def office() -> Office:
    """The office of this application."""
    return cast(Office, current_app.extensions[EXTENSION])


def services() -> Services:
    """The equipment for use cases."""
    return office().services


def reader() -> Connection:
    """A connection for SELECTs, one for each request, closed at its end."""
    if "saraban_reader" not in g:
        g.saraban_reader = plain_reader()
    return cast(Connection, g.saraban_reader)


def plain_reader() -> Connection:
    """A connection for SELECTs that is given back at once."""
    return office().reading.connect()


def close_reader(_error: BaseException | None = None) -> None:
    """Give the request's connection back."""
    connection = g.pop("saraban_reader", None)
    if connection is not None:
        connection.close()


def refresh_reader() -> None:
    """Forget what was read so far: after a use case has written, the next SELECT sees it."""
    close_reader()


def actor() -> Actor:
    """Who is asking. Raises NotPermitted when nobody signed in."""
    found = g.get("saraban_actor")
    if found is None:
        raise NotPermitted("เข้าสู่ระบบก่อน", code="not-signed-in")
    return cast(Actor, found)


def let_in(person: Actor) -> None:
    """The door has found out who is asking."""
    g.saraban_actor = person
