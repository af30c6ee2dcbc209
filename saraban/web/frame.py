"""What the frame of every page shows: the counts beside the menu, and the person who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, g, request
from werkzeug.local import LocalProxy

from saraban.domain.permissions import may_administer
from saraban.doorway import actor, reader, services
from saraban.reading import dashboards, people
from saraban.web.filters import initials
from saraban.web.guards import signed_in


@dataclass(frozen=True)
class CurrentPerson:
    """The person of the session, in words."""

    name: str
    title: str
    unit: str
    agency: str
    role: str
    initials: str
    administers: bool


def install(app: Flask) -> None:
    """Give all templates `nav` and `current_person`; each is read only when a page uses it."""
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    if request.blueprint == "public" or not signed_in():  # the public pages are the same for everybody
        return {}
    return {"nav": LocalProxy(_nav), "current_person": LocalProxy(_current_person), "me": LocalProxy(actor)}


def _nav() -> dashboards.Nav:
    if "saraban_nav" not in g:
        g.saraban_nav = dashboards.nav(reader(), actor(), services().clock.now())
    return cast(dashboards.Nav, g.saraban_nav)


def _current_person() -> CurrentPerson:
    if "saraban_person" not in g:
        who = actor()
        g.saraban_person = CurrentPerson(
            name=who.name,
            title=who.title,
            unit=who.unit_name,
            agency=people.agency(reader(), who.agency_id).name,
            role=who.role.thai if who.role else "",
            initials=initials(who.name),
            administers=may_administer(who) is None,
        )
    return cast(CurrentPerson, g.saraban_person)
