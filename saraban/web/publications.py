"""Showing a signed document to everybody, and taking it back; the list of what is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.letter import Letter, LetterId
from saraban.domain.permissions import may_publish, words_of
from saraban.domain.publication import SHOWN_STATES, kind_for_public
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import publications as rows
from saraban.usecases import publishing

bp = Blueprint("publications", __name__)


@dataclass(frozen=True)
class ShownPublication:
    """What the page of a letter says: that it is shown, where, or how it can be; in Thai why not."""

    now: rows.PublicationRow | None
    href: str
    why_not: str
    has_enclosures: bool


def publication_of(letter: Letter) -> ShownPublication | None:
    """Whether a letter is shown; None for one that can never be."""
    if kind_for_public(letter.content) is None or letter.state not in SHOWN_STATES or letter.issued_file is None:
        return None
    now = rows.of_letter(reader(), actor(), letter.id)
    front = rows.own_front(reader(), actor())
    href = url_for("announcements.item", agency=front.code, publication_id=now.id) if now else ""
    return ShownPublication(now, href, words_of(may_publish(actor(), letter)), bool(letter.enclosures))


@bp.get("/publications")
def index() -> str:
    """What the agency shows and has shown."""
    front = rows.own_front(reader(), actor())
    return render_template("publications/index.html", found=rows.all_of(reader(), actor()), front=front)


@bp.post("/letters/<uuid:letter_id>/publication")
def publish(letter_id: UUID) -> ResponseReturnValue:
    """Show it to everybody."""
    whole = bool(request.form.get("with_enclosures"))
    return _about(
        letter_id,
        lambda: publishing.publish(services(), actor=actor(), letter_id=LetterId(letter_id), with_enclosures=whole),
        "เผยแพร่แล้ว ประชาชนเห็นภายในหนึ่งนาที",
    )


@bp.post("/letters/<uuid:letter_id>/publication/take-back")
def take_back(letter_id: UUID) -> ResponseReturnValue:
    """Show it no longer."""
    why = request.form.get("reason", "")
    deed = publishing.take_back
    return _about(
        letter_id,
        lambda: deed(services(), actor=actor(), letter_id=LetterId(letter_id), reason=why),
        "ถอนจากหน้าประชาชนแล้ว หน้าเว็บเลิกแสดงภายในหนึ่งนาที ไฟล์ที่มีผู้เปิดไว้ก่อนอาจยังเปิดได้อีกไม่เกินหนึ่งชั่วโมง",
    )


def _about(letter_id: UUID, deed: Callable[[], object], told: str) -> ResponseReturnValue:
    try:
        deed()
    except (BadInput, RuleBroken) as error:
        flash(error.in_words if isinstance(error, BadInput) else error.thai, "amber")
    else:
        flash(told, "green")
    refresh_reader()
    return redirect(url_for("letters.show", letter_id=letter_id, _anchor="public"))
