"""The public register of what agencies have issued, as the doors read it: without a login, the same for screens and for
programs, paced for who asks for what is not, and for who looks for words again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import cast

from flask import current_app, request

from saraban.domain.errors import NotFound
from saraban.domain.issued_kind import IssuedKind
from saraban.doorway.announcements import asked, site, today
from saraban.doorway.pacing import Pace, everybody, expect_patience
from saraban.doorway.recent import Recent
from saraban.reading import public_register as rows
from saraban.reading.publications import Front

EXTENSION = "saraban-public-register"
MOST_SEARCHES, MOST_SEARCHES_OF_ALL, MOST_FILES, PACE_SECONDS = 300, 15_000, 60, 600
"""In ten minutes: looks for words from one address and from everybody together, each of which reads the register
through, and files of open data from one address. Pages without words are read by an index and lie in caches."""
FRESH_SECONDS = 60
"""How old may be what anybody is told of the register."""
_KEPT_SECONDS, _MOST_KEPT = 20, 2
"""Files of open data that are kept here for so long: made once for many who ask at the same time."""


class RegisterDesk:
    """What the pages of the register of one application remember; nothing of it is about a person."""

    def __init__(self) -> None:
        self.searches = Pace(MOST_SEARCHES, PACE_SECONDS)
        self.all_searches = Pace(MOST_SEARCHES_OF_ALL, PACE_SECONDS, name=everybody)
        self.files = Pace(MOST_FILES, PACE_SECONDS)
        self.recent = Recent[bytes](_KEPT_SECONDS, _MOST_KEPT)
        self.making = threading.Lock()


_opening = threading.Lock()


def register_desk() -> RegisterDesk:
    """The desk of this application."""
    if EXTENSION not in current_app.extensions:
        with _opening:
            current_app.extensions.setdefault(EXTENSION, RegisterDesk())
    return cast(RegisterDesk, current_app.extensions[EXTENSION])


def data_may_lie_in_caches() -> int:
    """For how many seconds a cache may give open data again, which may have been kept here first."""
    return FRESH_SECONDS - _KEPT_SECONDS


def agencies() -> list[Front]:
    """The agencies that have opened a register."""
    with asked() as reader:
        return rows.agencies_with_register(reader)


def look(agency: str, wanted: rows.Wanted, page: int) -> rows.RegisterPage:
    """A page of an agency's register. Raises NotFound alike for whatever there is not, TooMuch."""
    if wanted.words.strip():
        desk, address = register_desk(), request.remote_addr
        paces = ((desk.searches, address), (desk.all_searches, None))
        for pace, of in paces:
            expect_patience(pace, of, "ค้นหาในทะเบียนบ่อยเกินไป")
        for pace, of in paces:
            pace.note(of)
    with asked() as reader:
        found = rows.page(reader, agency, today(), wanted, page)
        if page > 1 and not found.items:
            raise NotFound
        return found


def data(agency: str, kind: str, write: Callable[[IssuedKind, Iterator[rows.Listed]], bytes]) -> bytes:
    """What `write` makes of all that is shown of a kind, one at a time; what was made a moment ago is given again.
    Raises NotFound as `look` does, TooMuch."""
    desk, address = register_desk(), request.remote_addr
    expect_patience(desk.files, address, "ขอข้อมูลเปิดบ่อยเกินไป")
    desk.files.note(address)

    def make() -> bytes:
        with asked() as reader:
            return write(*rows.everything(reader, agency, kind, today()))

    with desk.making:
        return desk.recent.given((agency, kind, site(), today()), make) or b""


def described(agency: str, kind: str) -> tuple[Front, IssuedKind, datetime | None]:
    """What is told of the data set of a kind. Raises NotFound as `look` does, TooMuch."""
    with asked() as reader:
        return rows.described(reader, agency, kind, today())
