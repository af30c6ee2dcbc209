"""Time-stamps that came later: the list on the page of a letter or a document, and the file with its stamp in one
container, to be checked without this system."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for

from saraban.domain.attachment import Digest
from saraban.domain.errors import NotFound, RuleBroken
from saraban.domain.incoming import IncomingId
from saraban.domain.letter import LetterId
from saraban.domain.register import EntryId
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.exchange import asics
from saraban.reading import late_stamps as rows
from saraban.usecases import copying, ending, stamping, viewing
from saraban.web.downloads import digest_of, download

bp = Blueprint("late_stamps", __name__)
_PAGE = "document.pdf"
_OF = {"letter_id": "letter", "incoming_id": "incoming", "document_id": "issued", "entry_id": "entry"}


@dataclass(frozen=True)
class ShownLateStamp:
    """What went out without a time-stamp, as its page tells of it; without `at` it still waits, and `why`. `href`:
    where it lies with its stamp, empty where nobody takes it away."""

    what: str
    why: str
    at: datetime | None
    by: str
    href: str


def stamps_of(**of: UUID) -> list[ShownLateStamp]:
    """What the page of a thing shows that was opened before: `letter_id`, `incoming_id`, `document_id`, `entry_id` of a
    line, or `close_id` of a year, whose page is taken away on its own."""
    [(name, thing_id)] = of.items()
    return [
        ShownLateStamp(
            one.kind.thai,
            one.why,
            one.stamped_at,
            one.stamped_by,
            _address(name, thing_id, one.sha256) if name in _OF and one.token is not None else "",
        )
        for one in rows.of_thing(reader(), actor().agency_id, thing_id)
    ]


def _address(name: str, thing_id: UUID, sha256: Digest) -> str:
    values: dict[str, Any] = {name: thing_id, "sha256": sha256.hex}
    return url_for(f"late_stamps.{_OF[name]}", **values)


@bp.get("/letters/<uuid:letter_id>/time-stamps/<sha256>")
def letter(letter_id: UUID, sha256: str) -> Response:
    """An outgoing letter, or a certified copy of it, with the time-stamp that came later."""
    digest, of = digest_of(sha256), LetterId(letter_id)
    return _packed(
        letter_id,
        digest,
        lambda: viewing.open_file(services(), actor=actor(), letter_id=of, sha256=digest)[1],
        lambda: copying.open_copy(services(), actor=actor(), sha256=digest, letter_id=of),
    )


@bp.get("/incoming/<uuid:incoming_id>/time-stamps/<sha256>")
def incoming(incoming_id: UUID, sha256: str) -> Response:
    """What was made of an incoming letter, a certified copy or the one with the stamp sealed inside, with the
    time-stamp that came later."""
    digest, of = digest_of(sha256), IncomingId(incoming_id)

    def sealed() -> bytes:
        entry_id = stamping.entry_of_letter(services(), actor=actor(), incoming_id=of)
        return stamping.open_sealed(services(), actor=actor(), entry_id=entry_id)

    return _packed(
        incoming_id,
        digest,
        sealed,
        lambda: copying.open_copy(services(), actor=actor(), sha256=digest, incoming_id=of),
    )


@bp.get("/registers/entries/<uuid:entry_id>/time-stamps/<sha256>")
def entry(entry_id: UUID, sha256: str) -> Response:
    """The copy of a letter on paper with the stamp sealed inside, with the time-stamp that came later."""
    of = EntryId(entry_id)
    sealed = partial(stamping.open_sealed, services(), actor=actor(), entry_id=of)
    return _packed(entry_id, digest_of(sha256), sealed)


@bp.get("/issued/<uuid:document_id>/time-stamps/<sha256>")
def issued(document_id: UUID, sha256: str) -> Response:
    """A document issued to a person, or a certified copy of it, with the time-stamp that came later."""
    digest = digest_of(sha256)
    return _packed(
        document_id,
        digest,
        lambda: ending.open_original(services(), actor=actor(), document_id=document_id)[1],
        lambda: copying.open_copy(services(), actor=actor(), sha256=digest, document_id=document_id),
    )


def _packed(thing_id: UUID, digest: Digest, *ways: Callable[[], bytes]) -> Response:
    """The container; whoever may not open the file does not get it. NotFound for what has no stamp."""
    data = _opened(digest, ways)
    refresh_reader()
    token = rows.token(rows.of_thing(reader(), actor().agency_id, thing_id), digest)
    if token is None:
        raise NotFound
    name = f"time-stamp-{digest.hex[:8]}{asics.ENDING}"
    return download(asics.pack(_PAGE, data, token), name, asics.MEDIA_TYPE)


def _opened(digest: Digest, ways: tuple[Callable[[], bytes], ...]) -> bytes:
    """The file by the first way that leads to it; one that is barred now, as that of a voided line, may not be the
    only one."""
    refused: NotFound | RuleBroken = NotFound()
    for way in ways:
        try:
            data = way()
        except NotFound:
            continue
        except RuleBroken as error:
            refused = error
            continue
        if Digest.of(data) == digest:
            return data
    raise refused
