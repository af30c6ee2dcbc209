"""The desk for participants of meetings who have no account: paced, and the same for what exists and what does not."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import cast
from uuid import UUID

from flask import current_app, request

from saraban.domain.errors import NotFound
from saraban.domain.meeting import Access
from saraban.doorway import plain_reader, services
from saraban.doorway.pacing import Pace, expect_patience
from saraban.reading.meetings import OwnPage, Pack, gate, open_gate, own_page, room_page, takes_part
from saraban.usecases import attending_meetings
from saraban.usecases.attending_meetings import GONE

EXTENSION = "saraban-packs"
MOST_MISSES, MOST_NUMBERS, MOST_TRIES, MOST_TRIES_OF_ONE, MOST_UPLOADS = 600, 20, 60, 5, 60
PACE_SECONDS = 600
"""From one address in ten minutes: addresses that open nothing, codes asked for, codes tried, files handed in. A whole
ministry may stand behind one address. For one mail address: five tries of a code, whether somebody has it or not."""
_MOST_WAITING = 200
_TOO_OFTEN = "ลองบ่อยเกินไป"
_log = logging.getLogger(__name__)


class PackDesk:
    """What one application remembers of those who come without an account; nothing of it is about a person."""

    def __init__(self) -> None:
        self.misses = Pace(MOST_MISSES, PACE_SECONDS)
        self.numbers = Pace(MOST_NUMBERS, PACE_SECONDS)
        self.tries = Pace(MOST_TRIES, PACE_SECONDS)
        self.of_mail = Pace(MOST_TRIES_OF_ONE, PACE_SECONDS, name=lambda told: told or "")
        self.uploads = Pace(MOST_UPLOADS, PACE_SECONDS)
        self._later = ThreadPoolExecutor(1, "numbers")
        self._waiting: set[Future[None]] = set()

    def later(self, deed: Callable[[], object]) -> None:
        """Do it after the answer was given, so that nobody measures whether there was something to do. What comes when
        too much waits is dropped: whoever asked asks again."""
        if len(self._waiting) >= _MOST_WAITING:
            return
        waiting = self._later.submit(_quietly, deed)
        self._waiting.add(waiting)
        waiting.add_done_callback(self._waiting.discard)

    def settle(self) -> None:
        """Wait until all of it is done."""
        for one in list(self._waiting):
            one.result()


def _quietly(deed: Callable[[], object]) -> None:
    try:
        deed()
    except Exception as error:
        _log.warning("a code could not be mailed: %s", type(error).__name__)


_opening = threading.Lock()


def pack_desk() -> PackDesk:
    """The desk of this application."""
    if EXTENSION not in current_app.extensions:
        with _opening:
            current_app.extensions.setdefault(EXTENSION, PackDesk())
    return cast(PackDesk, current_app.extensions[EXTENSION])


def open_pack(code: str, passed: Callable[[], UUID | None]) -> Pack | None:
    """The pack with its files; None alike for a code that nobody has, a pack that is closed, and a restricted one of
    which `passed` (given the meeting's id) names no participant. Raises TooMuch after too many of these."""
    expect_patience(pack_desk().misses, request.remote_addr, _TOO_OFTEN)
    who = passed()
    with plain_reader() as reader:
        found = gate(reader, code, _now())
        if found is not None and (found[1] is Access.LINK or (who is not None and takes_part(reader, found[0], who))):
            return open_gate(reader, found[0], _now())
    pack_desk().misses.note(request.remote_addr)
    return None


def open_own(key: str) -> OwnPage:
    """The page of a participant's own link, with the files of the pack where everybody may open it. Raises NotFound
    alike for every link that opens nothing, TooMuch after too many of these."""
    expect_patience(pack_desk().misses, request.remote_addr, _TOO_OFTEN)
    with plain_reader() as reader:
        found = own_page(reader, key, _now())
    if found is None:
        pack_desk().misses.note(request.remote_addr)
        raise NotFound(GONE)
    return found


def open_room(room: str) -> tuple[Pack, list[tuple[UUID, str, str, bool]]]:
    """Who may sign in at the door: id, name, post, and whether he did. Raises NotFound alike for every code that opens
    nothing now, TooMuch after too many of these."""
    expect_patience(pack_desk().misses, request.remote_addr, _TOO_OFTEN)
    with plain_reader() as reader:
        found = room_page(reader, room, _now())
    if found is None:
        pack_desk().misses.note(request.remote_addr)
        raise NotFound(GONE)
    pack, people = found
    return pack, [(one.id, one.name, one.post, one.arrived_at is not None) for one in people]


def ask_number(code: str, mail: str) -> None:
    """Have a one-time code mailed to the address, if there is somebody with it in a restricted meeting of this code.
    Takes as long, and says as little, for every address and code. Raises TooMuch."""
    desk, office = pack_desk(), services()
    expect_patience(desk.numbers, request.remote_addr, _TOO_OFTEN)
    desk.numbers.note(request.remote_addr)
    desk.later(lambda: attending_meetings.send_number(office, code=code, mail=mail))


def try_number(code: str, mail: str, number: str) -> UUID:
    """The participant to whom this code went out. Raises NotFound alike for everything else, TooMuch after too many
    tries from one place or for one mail address."""
    desk = pack_desk()
    of = f"{code}\n{mail.strip().lower()}"
    expect_patience(desk.tries, request.remote_addr, _TOO_OFTEN)
    expect_patience(desk.of_mail, of, _TOO_OFTEN)
    desk.tries.note(request.remote_addr)
    desk.of_mail.note(of)
    return attending_meetings.open_by_number(services(), code=code, mail=mail, number=number)


def expect_slow_uploads() -> None:
    """One more file is handed in from this address. Raises TooMuch."""
    expect_patience(pack_desk().uploads, request.remote_addr, _TOO_OFTEN)
    pack_desk().uploads.note(request.remote_addr)


def _now() -> datetime:
    return services().clock.now()
