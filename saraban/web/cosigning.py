"""What a drafter does with a letter that is on its way."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import SarabanError
from saraban.domain.letter import LetterId
from saraban.doorway import actor, refresh_reader, services
from saraban.usecases import routing
from saraban.web.drafting import bp
from saraban.web.letters import page_of, version_seen

__all__ = ["bp"]


@bp.post("/<uuid:letter_id>/recall")
def recall(letter_id: UUID) -> ResponseReturnValue:
    """Take the letter back: it is a draft again, and a number that was reserved for it is struck."""
    try:
        routing.recall_letter(
            services(),
            actor=actor(),
            letter_id=LetterId(letter_id),
            reason=request.form.get("reason", ""),
            version=version_seen(),
        )
    except SarabanError as error:
        return page_of(letter_id, error, "ยังดึงกลับไม่ได้")
    refresh_reader()
    flash("ดึงกลับแล้ว แก้ร่างแล้วเสนอใหม่ได้", "green")
    return redirect(url_for("letters.show", letter_id=letter_id))
