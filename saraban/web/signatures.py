"""What is found about the signatures in the PDFs of a letter or of a line of a register."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from saraban.domain.incoming import IncomingId
from saraban.domain.letter import LetterId
from saraban.domain.page_signature import SignatureKind
from saraban.domain.register import EntryId
from saraban.doorway import actor, services
from saraban.usecases import checking

bp = Blueprint("signatures", __name__)


@bp.get("/letters/<uuid:letter_id>/signatures")
def letter(letter_id: UUID) -> str:
    """Of an outgoing letter."""
    checked = checking.check_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
    return _shown(checked, ("หนังสือส่ง", url_for("letters.show", letter_id=letter_id)))


@bp.get("/incoming/<uuid:incoming_id>/signatures")
def incoming(incoming_id: UUID) -> str:
    """Of an incoming letter."""
    checked = checking.check_incoming(services(), actor=actor(), incoming_id=IncomingId(incoming_id))
    return _shown(checked, ("หนังสือรับ", url_for("incoming.show", incoming_id=incoming_id)))


@bp.get("/registers/entries/<uuid:entry_id>/signatures")
def entry(entry_id: UUID) -> str:
    """Of a line of a register."""
    checked = checking.check_entry(services(), actor=actor(), entry_id=EntryId(entry_id))
    return _shown(checked, ("รายการในทะเบียน", url_for("registers.entry", entry_id=entry_id)))


def _shown(checked: list[checking.CheckedFile], back: tuple[str, str]) -> str:
    template = "signatures/files.html" if request.headers.get("HX-Request") else "signatures/show.html"
    at = services().clock.now()
    return render_template(template, checked=checked, back=back, at=at, general=SignatureKind.GENERAL)
