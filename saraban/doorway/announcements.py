"""What an agency shows to everybody, as the doors read it: without a login, paced for who asks for what is not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import cast
from uuid import UUID

from flask import current_app, request
from sqlalchemy import Connection

from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import NotFound, TooMuch
from saraban.domain.publication import PublicKind
from saraban.doorway import office, plain_reader, services
from saraban.doorway.pacing import Pace
from saraban.reading import publications as rows
from saraban.usecases.publishing import public_file

EXTENSION = "saraban-announcements"
MOST_MISSES, PACE_SECONDS = 300, 600
"""From one address in ten minutes: asking for what is not shown. Ids are drawn by lot, so this only saves work."""
_NOTHING = "ไม่พบหน้าที่ขอ"


class AnnouncementDesk:
    """What the public pages of one application remember; nothing of it is about a person."""

    def __init__(self) -> None:
        self.misses = Pace(MOST_MISSES, PACE_SECONDS)


_opening = threading.Lock()


def announcement_desk() -> AnnouncementDesk:
    """The desk of this application."""
    if EXTENSION not in current_app.extensions:
        with _opening:
            current_app.extensions.setdefault(EXTENSION, AnnouncementDesk())
    return cast(AnnouncementDesk, current_app.extensions[EXTENSION])


def agencies() -> list[rows.Front]:
    """The agencies of this installation."""
    with asked() as reader:
        return rows.fronts(reader)


def board(agency: str, kind: PublicKind | None, page: int) -> rows.PublicBoard:
    """A page of what an agency shows. Raises NotFound alike for whatever there is not, TooMuch."""
    with asked() as reader:
        found = rows.board(reader, agency, today(), kind, page)
        if page > 1 and not found.items:
            raise NotFound(_NOTHING)
        return found


def newest(agency: str, most: int) -> tuple[rows.Front, tuple[rows.Published, ...]]:
    """The newest that an agency shows, for feeds and open data. Raises NotFound, TooMuch."""
    with asked() as reader:
        front = rows.front(reader, agency, today())
        return front, rows.newest(reader, front, most)


def item(agency: str, publication_id: UUID) -> tuple[rows.Front, rows.Published, tuple[rows.PublicFile, ...]]:
    """One document with its files. Raises NotFound, TooMuch."""
    with asked() as reader:
        front = rows.front(reader, agency, today())
        return front, *rows.published(reader, front, publication_id)


def file(agency: str, publication_id: UUID, digest: Digest) -> tuple[rows.Published, rows.PublicFile, bytes]:
    """A file of a document. Raises NotFound for one that does not belong to it, TooMuch."""
    _, found, files = item(agency, publication_id)
    one = next((each for each in files if each.sha256 == digest), None)
    if one is None:
        announcement_desk().misses.note(request.remote_addr)
        raise NotFound(_NOTHING)
    return found, one, public_file(services(), digest)


def today() -> date:
    """The day of the office."""
    return office_date(services().clock.now())


def site() -> str:
    """By which anybody reaches this installation, without a slash at its end."""
    return office().settings.public_url or request.url_root.rstrip("/")


@contextmanager
def asked() -> Iterator[Connection]:
    """A connection for one look; what is not there is counted, and said in the same words."""
    desk, address = announcement_desk(), request.remote_addr
    if seconds := desk.misses.wait(address):
        raise TooMuch(f"ขอหน้าที่ไม่มีบ่อยเกินไป รอ {-(-seconds // 60)} นาทีแล้วลองอีกครั้ง")
    try:
        with plain_reader() as reader:
            yield reader
    except NotFound:
        desk.misses.note(address)
        raise NotFound(_NOTHING) from None
