"""The officer's desk (แฟ้มเสนอ): the pile of what waits for one's post, and a letter of it as it is read there."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from saraban.domain.errors import SarabanError
from saraban.domain.forms import RULES
from saraban.domain.letter import Letter, LetterId, LetterState
from saraban.domain.permissions import Refusal, may_endorse, may_return, may_sign
from saraban.domain.route import StepKind
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.errors import problem_of
from saraban.reading import desk as rows
from saraban.reading import directory
from saraban.reading.desk import DeskRow
from saraban.reading.paging import Page
from saraban.usecases import picturing, routing, versioning, viewing
from saraban.web.course import shown_notes, shown_route
from saraban.web.forms.details import shown_details
from saraban.web.letters import NAMES_SHOWN, file_rows, pages_of
from saraban.web.versions import since_last_deed

bp = Blueprint("routing", __name__, url_prefix="/desk")

_WHY_NO_KEY = "ท่านยังไม่มีกุญแจลงนาม จึงยังลงนามไม่ได้ ให้ผู้ดูแลระบบออกใบรับรองและกุญแจให้ท่าน แล้วเปิดหนังสือนี้อีกครั้ง หรือส่งคืนผู้ร่างพร้อมเหตุผล"
QUICK_NOTES = ("เห็นชอบ", "เห็นควรลงนาม", "ดำเนินการตามเสนอ")


@bp.get("")
def desk() -> ResponseReturnValue:
    """The pile, page by page; on a wide screen with its first letter beside it."""
    pile = rows.pile(reader(), actor(), cursor=request.args.get("cursor"))
    if not pile.items:
        return render_template("routing/empty.html")
    return desk_page(pile.items[0].id, pile)


@bp.get("/<uuid:letter_id>")
def show(letter_id: UUID) -> ResponseReturnValue:
    """One letter of the pile, or one that has passed the desk."""
    return desk_page(letter_id)


def next_on_desk(letter_id: UUID) -> UUID | None:
    """The letter to go on with once this one is done: that under it, else that above it."""
    place = rows.place(reader(), actor(), letter_id)
    return (place.after or place.before) if place is not None else rows.top(reader(), actor())


def desk_page(
    letter_id: UUID, pile: Page[DeskRow] | None = None, *, error: SarabanError | None = None, deed: str = ""
) -> ResponseReturnValue:
    """The page of a letter on the desk; with what went wrong when a deed was refused. With a `pile` the letter is only
    shown beside that list."""
    chosen = pile is None
    if error is not None:
        refresh_reader()
    who = actor()
    letter = viewing.open_letter(services(), actor=who, letter_id=LetterId(letter_id))
    pile = pile or rows.around(reader(), who, letter_id)
    place = rows.place(reader(), who, letter_id)
    step = letter.step_of(who) or letter.current_step()
    signs = step is not None and step.kind is StepKind.SIGN
    problem = problem_of(error) if error is not None else None
    first = letter.content.recipients[:NAMES_SHOWN]
    names = directory.names(reader(), first, letter.agency_id)
    pages, why_no_pages = pages_of(letter)
    body = render_template(
        "routing/show.html",
        letter=letter,
        details=shown_details(RULES[letter.content.form], letter.content.details),
        pile=pile,
        place=place,
        chosen=chosen,
        pages=pages,
        why_no_pages=why_no_pages,
        receivers=[names.get(code, code) for code in first],
        receiver_count=len(letter.content.recipients),
        route=shown_route(letter),
        notes=shown_notes(letter),
        since=since_last_deed(letter),
        text=versioning.read_text(services(), letter),
        files=file_rows(letter),
        signs=signs,
        has_picture=signs and picturing.picture_of(services(), actor=who) is not None,
        last_to_sign=step is not None and step is letter.signing_steps[-1],
        why_not_act=_why(may_sign(who, letter) if signs else may_endorse(who, letter), letter),
        why_no_key=_WHY_NO_KEY if signs and not routing.has_key(services(), actor=who) else "",
        why_not_return=_why(may_return(who, letter), letter),
        quick_notes=QUICK_NOTES,
        problem=problem,
        deed=deed,
        typed=request.form,
    )
    # A missing signing key is no missing letter: a letter that must not be seen was refused above.
    return body, {404: 422}.get(problem.status, problem.status) if problem is not None else 200


def _why(refusal: Refusal | None, letter: Letter) -> str:
    if refusal is not None:
        return refusal.thai
    if letter.current_step() is None:
        if letter.state in (LetterState.DRAFT, LetterState.RETURNED):
            return "หนังสือนี้กลับไปที่ผู้ร่างแล้ว จะมาที่แฟ้มอีกครั้งเมื่อผู้ร่างเสนอใหม่"
        return "หนังสือนี้ผ่านเส้นทางเสนอครบแล้ว"
    return ""
