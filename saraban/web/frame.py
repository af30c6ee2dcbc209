"""What the frame of every page shows: the counts beside the menu, and the person who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, g, request
from werkzeug.local import LocalProxy

from saraban.domain.actor import Actor
from saraban.domain.capacity import Acting
from saraban.domain.permissions import may_administer
from saraban.doorway import actor, reader, services
from saraban.doorway.acting import capacities
from saraban.reading import dashboards, people
from saraban.reading.acting import waiting_in
from saraban.reading.entering import enters
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
    enters: bool
    capacities: list[tuple[Actor, int]]
    acting: Acting | None = None

    @property
    def several(self) -> bool:
        """Is there more than one capacity to choose from?"""
        return len(self.capacities) > 1


def install(app: Flask) -> None:
    """Give all templates `nav` and `current_person`; each is read only when a page uses it."""
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    # The public pages are the same for everybody.
    if request.blueprint in ("public", "petition_form", "announcements", "public_register") or not signed_in():
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
            enters=enters(reader(), who),
            capacities=_capacities(),
            acting=who.acting,
        )
    return cast(CurrentPerson, g.saraban_person)


def _capacities() -> list[tuple[Actor, int]]:
    """What the person may act as, each with what waits; who has but one asks nothing."""
    found = capacities()
    return list(zip(found, waiting_in(reader(), found), strict=True)) if len(found) > 1 else []
