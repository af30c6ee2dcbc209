"""What is found about the signatures in the PDFs of a letter or of a line of a register."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from saraban.domain.attachment import Role
from saraban.domain.incoming import IncomingId
from saraban.domain.letter import LetterId
from saraban.domain.page_signature import SignatureKind
from saraban.domain.register import EntryId
from saraban.domain.signature import SignatureStatus
from saraban.domain.summing_up import Summary, sum_up
from saraban.doorway import actor, services
from saraban.usecases import checking
from saraban.web.verdicts import verdict_of

bp = Blueprint("signatures", __name__)


@bp.get("/letters/<uuid:letter_id>/signatures")
def letter(letter_id: UUID) -> str:
    """Of an outgoing letter."""
    checked = checking.check_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
    return _shown(checked, sum_of(checked), ("หนังสือส่ง", url_for("letters.show", letter_id=letter_id)))


@bp.get("/incoming/<uuid:incoming_id>/signatures")
def incoming(incoming_id: UUID) -> str:
    """Of an incoming letter."""
    checked = checking.check_incoming(services(), actor=actor(), incoming_id=IncomingId(incoming_id))
    seal = verdict_of(checking.seal_of(services(), actor=actor(), incoming_id=IncomingId(incoming_id)))
    back = ("หนังสือรับ", url_for("incoming.show", incoming_id=incoming_id))
    return _shown(checked, sum_of(checked, seal), back, head_apart=True)


@bp.get("/registers/entries/<uuid:entry_id>/signatures")
def entry(entry_id: UUID) -> str:
    """Of a line of a register."""
    checked = checking.check_entry(services(), actor=actor(), entry_id=EntryId(entry_id))
    return _shown(checked, sum_of(checked), ("รายการในทะเบียน", url_for("registers.entry", entry_id=entry_id)))


def sum_of(checked: list[checking.CheckedFile], seal: SignatureStatus | None = None) -> Summary | None:
    """The sentence over all verdicts. The letter itself is the file of that role, or else the first. Pages whose
    signing was given up are evidence and no part of the letter."""
    checked = [one for one in checked if not one.evidence]
    itself = (one for one in checked if one.file.role in (Role.LETTER, Role.PART_SIGNED))
    page = next(itself, checked[0] if checked else None)
    return sum_up(seal, page.found if page is not None else None, [one.found for one in checked if one is not page])


def _shown(
    checked: list[checking.CheckedFile], summary: Summary | None, back: tuple[str, str], *, head_apart: bool = False
) -> str:
    """`head_apart`: the page that asks has the sentence in a place of its own, above the seal."""
    part = bool(request.headers.get("HX-Request"))
    return render_template(
        "signatures/files.html" if part else "signatures/show.html",
        checked=checked,
        summary=summary,
        head_apart=head_apart and part,
        back=back,
        at=services().clock.now(),
        general=SignatureKind.GENERAL,
    )
