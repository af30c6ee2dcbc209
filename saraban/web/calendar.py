"""A person's deadlines as a calendar (iCalendar, RFC 5545) that telephones and calendar programs follow by its address.

No login stands before it: whoever has the address reads it, so that it says nothing that may not leave the house, and
its owner withdraws it or makes it anew at any time.
"""

from __future__ import annotations

from datetime import timedelta

import segno
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from icalendar import Calendar, Event, vDuration

from saraban.domain.agenda import Agenda, Matter
from saraban.domain.errors import NotFound, TooMuch
from saraban.domain.notice import About
from saraban.doorway import office
from saraban.doorway.feeds import PACE_SECONDS, read_calendar
from saraban.web.filters import thai_date, thai_digits

bp = Blueprint("calendar", __name__)

FRESH_SECONDS = 900
_PLACES = {About.LETTER: "/desk/", About.INCOMING: "/incoming/", About.LOAN: "/archive/loans/"}


@bp.get("/calendar/<token>.ics")
def feed(token: str) -> ResponseReturnValue:
    """The calendar of a token: 304 where nothing has changed, 404 alike for every token that opens none."""
    try:
        found = read_calendar(token)
    except NotFound as error:
        return _plain(error.thai, 404)
    except TooMuch as error:
        answer = _plain(thai_digits(error.thai), 429)
        answer.headers["Retry-After"] = str(PACE_SECONDS)
        return answer
    answer = Response(written(found, office().settings.public_url), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = "inline; filename=saraban.ics"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.cache_control.private = True
    answer.cache_control.max_age = FRESH_SECONDS
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def written(agenda: Agenda, home: str) -> bytes:
    """The bytes of a calendar: the same as long as the same waits. A day for each deadline, which takes nobody's
    time; `home` is the address of the installation, empty where none is known."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Saraban//TH")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "กำหนดงานสารบรรณ")
    calendar.add("x-wr-timezone", "Asia/Bangkok")
    calendar.add("refresh-interval", vDuration(timedelta(hours=1)), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for one in agenda.matters:
        if one.due is not None:
            calendar.add_component(_event(one, home))
    raw: bytes = calendar.to_ical()
    return raw


def picture_of(address: str) -> str:
    """The address as a QR code for a telephone, inside a data URI."""
    return segno.make(address, error="m").svg_data_uri(scale=4, border=4, light="#fff")


def _event(one: Matter, home: str) -> Event:
    assert one.due is not None
    event = Event()
    event.add("uid", f"{one.key}@saraban")
    event.add("dtstamp", one.since)
    event.add("dtstart", one.due.day)
    event.add("dtend", one.due.day + timedelta(days=1))
    event.add("summary", f"{'เกินกำหนด ' if one.due.late else ''}{one.deed}: {one.subject or '(ไม่มีเรื่อง)'}")
    told = [
        f"{one.title}",
        f"ชั้นความเร็ว {one.urgency.thai}" if one.urgency.rank else "",
        f"เลขที่ {thai_digits(one.number)}" if one.number else "",
        f"กำหนด {thai_date(one.due.day, 'full')} {one.due.source.thai}",
        f"มาถึงเมื่อ {thai_date(one.since, 'long')}",
    ]
    event.add("description", "\n".join(line for line in told if line))
    event.add("transp", "TRANSPARENT")
    event.add("class", "CONFIDENTIAL" if not one.secrecy.is_open else "PRIVATE")
    event.add("priority", {0: 5, 1: 4, 2: 3, 3: 1}[one.urgency.rank])
    if home:
        event.add("url", f"{home}{_PLACES[one.about]}{one.about_id}")
    return event


def _plain(words: str, status: int) -> Response:
    answer = Response(words, status, mimetype="text/plain")
    answer.headers["Cache-Control"] = "no-store"
    return answer
