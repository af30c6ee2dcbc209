"""A meeting without paper in the demo, a few days ahead: its pack with a new edition of one paper, and a file that a
participant handed in and that waits for the secretary. Everybody in it is invented."""

from __future__ import annotations

import io
import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from saraban.demo.books import officer
from saraban.domain.calendar import BANGKOK, RegisterYear, office_date
from saraban.domain.meeting import Access, Plan, read_agenda
from saraban.domain.meeting_people import read_people
from saraban.usecases.attending_meetings import hand_in
from saraban.usecases.convening import call_meeting
from saraban.usecases.packing import put_file
from saraban.usecases.ports import Services

_DATA = Path(__file__).parent / "data"


def write_meeting(services: Services) -> None:
    """Call it, fill its pack, and hand a file in as one of its participants."""
    told = json.loads((_DATA / "meeting.json").read_text(encoding="utf-8"))
    clerk, now = officer(services, f"clerk.{told['agency']}"), services.clock.now()
    day = office_date(now) + timedelta(days=told["in_days"])
    agenda = read_agenda(told["agenda"])
    plan = Plan(
        title=told["title"],
        committee=told["committee"],
        session=f"1/{RegisterYear.containing(now).buddhist}",
        place=told["place"],
        begins_at=datetime.combine(day, time(9, 30), BANGKOK),
        ends_at=datetime.combine(day, time(12, 0), BANGKOK),
        access=Access.LINK,
        agenda=agenda,
    )
    meeting_id = call_meeting(services, actor=clerk, plan=plan, people=read_people(told["people"]))
    of: dict[str, Any] = {"actor": clerk, "meeting_id": meeting_id}
    keys = {one.number: one.key for one in agenda}

    def put(item: str, name: str, data: bytes, replaces: UUID | None = None, note: str = "") -> UUID:
        place, stream = keys[item], io.BytesIO(data)
        return put_file(services, **of, item=place, name=name, stream=stream, replaces=replaces, note=note).id

    put(told["survey"]["item"], told["survey"]["name"], (_DATA / "survey.pdf").read_bytes())
    budget, given = told["budget"], told["handed_in"]
    first = put(budget["item"], budget["name"], budget["first"].encode())
    put(budget["item"], budget["name"], budget["second"].encode(), replaces=first, note=budget["note"])
    with services.uow() as uow:
        key = next(one.key for one in uow.meetings.people(meeting_id) if one.mail == given["by"])
    stream = io.BytesIO(given["text"].encode())
    hand_in(services, key=key, item=keys[given["item"]], name=given["name"], stream=stream, note=given["note"])
