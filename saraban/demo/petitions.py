"""Letters from the public in the demo: one waits for its number, one is registered. Whoever writes is invented."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from pathlib import Path

from saraban.bootstrap import Office
from saraban.demo.books import officer
from saraban.domain.incoming import IncomingId
from saraban.domain.petition import Written
from saraban.reading.petitions import Shown, petitions
from saraban.usecases.bookkeeping import set_options
from saraban.usecases.petitioning import file_petition
from saraban.usecases.registering import register_letter

_DATA = Path(__file__).parent / "data"


def write_petitions(office: Office) -> None:
    """Open the agency's form, then send the letters through it and register those that are to be. They are of today:
    the days before are closed."""
    services = office.services
    told = json.loads((_DATA / "petitions.json").read_text(encoding="utf-8"))
    admin, clerk = officer(services, f"admin.{told['agency']}"), officer(services, f"clerk.{told['agency']}")
    with services.uow() as uow:
        options = uow.agencies.get(admin.agency_id).options
    set_options(services, actor=admin, options=replace(options, petitions=True))
    for one in told["letters"]:
        written = Written(one["name"], one["subject"], one["text"], one["mailbox"], one["phone"])
        file_petition(services, agency_code=told["agency"], key=secrets.token_urlsafe(32), written=written)
        if one["register"]:
            with office.reading.connect() as reader:
                [row] = petitions(reader, clerk, services.clock.now().date(), shown=Shown.ALL, limit=1).items
            register_letter(services, actor=clerk, incoming_id=IncomingId(row.id))
