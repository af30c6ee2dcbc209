"""What the demo tells everybody besides its documents: the channels by which an agency is reached, and services that
are not digital yet."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from saraban.demo.books import officer
from saraban.domain.calendar import office_date
from saraban.domain.deferral import Pressing, ServiceFacts
from saraban.domain.publication import ChannelKind
from saraban.usecases.deferring import enter
from saraban.usecases.ports import Services
from saraban.usecases.publishing import open_channel

_DATA = Path(__file__).parent / "data"


def write_front(services: Services) -> None:
    """Open the channels, and enter the services into the register of exceptions."""
    today = office_date(services.clock.now())
    told = json.loads((_DATA / "front.json").read_text(encoding="utf-8"))
    for one in told["channels"]:
        admin = officer(services, f"admin.{one.pop('agency')}")
        open_channel(services, actor=admin, **one | {"kind": ChannelKind(one["kind"])})
    for one in told["services"]:
        admin = officer(services, f"admin.{one.pop('agency')}")
        until = today + timedelta(days=one.pop("in_days"))
        enter(
            services, actor=admin, matter=ServiceFacts(**one | {"pressing": Pressing(one["pressing"]), "until": until})
        )
