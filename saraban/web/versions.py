"""The versions of a letter: two of them compared by words, and what changed since an officer last dealt with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput, NotFound, SarabanError
from saraban.domain.letter import Letter, LetterId
from saraban.domain.permissions import may_revise, require
from saraban.doorway import actor, refresh_reader, services
from saraban.doorway.errors import problem_of
from saraban.usecases import drafting, versioning, viewing
from saraban.usecases.versioning import Difference, Version
from saraban.web.downloads import digest_of
from saraban.web.filters import thai_datetime, thai_digits
from saraban.web.letters import OPEN_FOR_CHANGE, bp, version_seen

__all__ = ["bp"]


@dataclass(frozen=True)
class SinceThen:
    """What changed since the officer at the screen last did something over the letter: what he did, and when."""

    deed: str
    at: datetime
    parts: list[Difference]


@bp.get("/<uuid:letter_id>/versions")
def versions(letter_id: UUID) -> ResponseReturnValue:
    """All versions of the letter, the newest first: any two are compared, and one is taken back while it is a draft."""
    return _versions_page(letter_id)


@bp.post("/<uuid:letter_id>/versions/<sha256>/take-back")
def take_back(letter_id: UUID, sha256: str) -> ResponseReturnValue:
    """Put what an earlier version said into the draft, as a new version."""
    office, who, digest = services(), actor(), digest_of(sha256)
    letter = viewing.open_letter(office, actor=who, letter_id=LetterId(letter_id))
    require(may_revise(who, letter))
    files = letter.enclosures, letter.content.ready
    try:
        drafting.take_back(office, actor=who, letter_id=letter.id, digest=digest, version=version_seen())
    except NotFound:
        raise
    except SarabanError as error:
        refresh_reader()
        return _versions_page(letter_id, error)
    refresh_reader()
    kept = " ไฟล์แนบและไฟล์ PDF คงเดิม" if any(files) else ""
    flash(f"นำข้อความของฉบับนั้นกลับมาเป็นฉบับใหม่แล้ว{kept}", "green")
    return redirect(url_for(".edit", letter_id=letter_id))


def _versions_page(letter_id: UUID, error: SarabanError | None = None) -> ResponseReturnValue:
    who = actor()
    letter = viewing.open_letter(services(), actor=who, letter_id=LetterId(letter_id))
    revise = may_revise(who, letter)
    problem = problem_of(error) if error is not None else None
    body = render_template(
        "letters/versions.html",
        letter=letter,
        versions=list(reversed(versioning.versions_of(services(), actor=who, letter=letter))),
        all_shown=revise is None,
        may_take_back=revise is None and letter.state in OPEN_FOR_CHANGE,
        problem=problem,
        faults=list(error.fields.values()) if isinstance(error, BadInput) else [],
    )
    return body, problem.status if problem is not None else 200


@bp.get("/<uuid:letter_id>/changes")
def changes(letter_id: UUID) -> ResponseReturnValue:
    """Two versions compared; at first the last one with the one before it."""
    letter = viewing.open_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
    asked = {name: digest_of(text) if (text := request.args.get(name, "")) else None for name in ("old", "new")}
    found = versioning.versions_of(services(), actor=actor(), letter=letter)
    old, new = versioning.two_of(found, **asked)
    return render_template(
        "letters/changes.html",
        letter=letter,
        choices=[(one.digest.hex, version_label(one)) for one in reversed(found)],
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
