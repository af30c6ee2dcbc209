"""The versions of a letter: two of them compared by words, and what changed since an officer last dealt with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from saraban.domain.errors import NotFound
from saraban.domain.letter import Letter, LetterId
from saraban.doorway import actor, services
from saraban.usecases import versioning, viewing
from saraban.usecases.versioning import Difference, Version
from saraban.web.downloads import digest_of
from saraban.web.filters import thai_datetime, thai_digits
from saraban.web.letters import bp

__all__ = ["bp"]


@dataclass(frozen=True)
class SinceThen:
    """What changed since the officer at the screen last did something over the letter: what he did, and when."""

    deed: str
    at: datetime
    parts: list[Difference]


@bp.get("/<uuid:letter_id>/changes")
def changes(letter_id: UUID) -> ResponseReturnValue:
    """Two versions compared; at first the last one with the one before it."""
    letter = viewing.open_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
    asked = {name: digest_of(text) if (text := request.args.get(name, "")) else None for name in ("old", "new")}
    old, new = versioning.two_of(letter, **asked)
    return render_template(
        "letters/changes.html",
        letter=letter,
        choices=[(one.digest.hex, version_label(one)) for one in reversed(versioning.versions_of(letter))],
        old=old,
        new=new,
        parts=versioning.differences(services(), letter, old.digest, new.digest),
    )


def since_last_deed(letter: Letter) -> SinceThen | None:
    """What changed since the person of this request last dealt with the letter; None when nothing did."""
    who = actor()
    mine = [one for one in letter.endorsements if (one.person_name, one.title) == (who.name, who.title)]
    if not mine or mine[-1].content == letter.content_digest():
        return None
    try:
        parts = versioning.differences(services(), letter, mine[-1].content, letter.content_digest())
    except NotFound:
        return None
    return SinceThen(mine[-1].deed, mine[-1].at, versioning.in_brief(parts)) if parts else None


def version_label(version: Version) -> str:
    """As in "ฉบับที่ ๒ เสนอ ๒๓ พ.ย. ๒๕๖๙ ๐๙.๓๐ น. นางสาว…"."""
    words = f"ฉบับที่ {version.number} {version.deed} "
    return f"{thai_digits(words)}{thai_datetime(version.at)} {version.person}"
