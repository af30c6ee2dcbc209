"""Calendars that are read without a login, by whoever has the token: paced, and alike for every token that is none."""

from __future__ import annotations

import threading
from typing import cast

from flask import current_app, request

from saraban.domain.agenda import Agenda
from saraban.domain.attachment import Digest
from saraban.domain.errors import NotFound
from saraban.doorway import office, services
from saraban.doorway.pacing import Pace, expect_patience
from saraban.reading.agenda import agenda, whose_calendar

EXTENSION = "saraban-feeds"
MOST_MISSES, MOST_READS, PACE_SECONDS = 60, 60, 600
"""In ten minutes: tokens that are none from one address, and reads of one calendar. Tokens cannot be guessed, so that
the first only saves work; servers of calendars read for many people from few addresses, and those are not paced."""
LONGEST_TOKEN = 100
_TOO_OFTEN = "อ่านปฏิทินบ่อยเกินไป"
_UNKNOWN = "ไม่พบปฏิทิน ที่อยู่อาจถูกยกเลิกหรือทำใหม่แล้ว"


class FeedDesk:
    """What the calendars of one application remember."""

    def __init__(self) -> None:
        self.misses = Pace(MOST_MISSES, PACE_SECONDS)
        self.reads = Pace(MOST_READS, PACE_SECONDS, name=str)


_opening = threading.Lock()


def feed_desk() -> FeedDesk:
    """The desk of this application."""
    if EXTENSION not in current_app.extensions:
        with _opening:
            current_app.extensions.setdefault(EXTENSION, FeedDesk())
    return cast(FeedDesk, current_app.extensions[EXTENSION])


def read_calendar(token: str) -> Agenda:
    """What stands in the calendar of a token. Raises NotFound alike for one that is none, was withdrawn or whose person
    holds no post any more, and TooMuch for who asks too often."""
    desk, address = feed_desk(), request.remote_addr
    expect_patience(desk.misses, address, _TOO_OFTEN)
    known = Digest.of(token.encode()).hex
    expect_patience(desk.reads, known, _TOO_OFTEN)
    with office().reading.connect() as reader:
        person_id = whose_calendar(reader, token) if len(token) <= LONGEST_TOKEN else None
        found = None
        if person_id is not None:
            found = agenda(reader, person_id, services().clock.now(), with_others=False)
    if found is None:
        desk.misses.note(address)
        raise NotFound(_UNKNOWN)
    desk.reads.note(known)
    return found
