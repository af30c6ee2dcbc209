"""The officer's desk (แฟ้มเสนอ): what waits for one's post, and endorsing, returning and signing it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import SarabanError
from saraban.domain.forms import RULES
from saraban.domain.joining import joined
from saraban.domain.letter import Letter, LetterId, LetterState
from saraban.domain.permissions import Refusal, may_endorse, may_return, may_sign
from saraban.domain.route import StepKind
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.errors import problem_of
from saraban.reading import directory
from saraban.reading import letters as rows
from saraban.reading.letters import LetterRow
from saraban.usecases import picturing, routing, signing, versioning, viewing
from saraban.web.course import shown_notes, shown_route
from saraban.web.downloads import digest_of
from saraban.web.filters import letter_number
from saraban.web.forms.details import shown_details
from saraban.web.letters import NAMES_SHOWN, file_rows, pages_of, version_seen
from saraban.web.versions import since_last_deed

bp = Blueprint("routing", __name__, url_prefix="/desk")

_WHY_NO_KEY = "ท่านยังไม่มีกุญแจลงนาม จึงยังลงนามไม่ได้ ให้ผู้ดูแลระบบออกใบรับรองและกุญแจให้ท่าน แล้วเปิดหนังสือนี้อีกครั้ง หรือส่งคืนผู้ร่างพร้อมเหตุผล"
QUICK_NOTES = ("เห็นชอบ", "เห็นควรลงนาม", "ดำเนินการตามเสนอ")


@bp.get("")
def desk() -> ResponseReturnValue:
    """The pile; on a wide screen with its first letter beside it."""
    pile = rows.desk(reader(), actor())
    if not pile:
        return render_template("routing/empty.html")
    return _page(pile[0].id, pile, chosen=False)


@bp.get("/<uuid:letter_id>")
def show(letter_id: UUID) -> ResponseReturnValue:
    """One letter of the pile, or one that has passed the desk."""
    return _page(letter_id)


@bp.post("/<uuid:letter_id>/endorse")
def endorse(letter_id: UUID) -> ResponseReturnValue:
    """Write one's words and pass the letter on."""
    place = _place(letter_id)
    try:
        routing.endorse_letter(
            services(),
            actor=actor(),
            letter_id=LetterId(letter_id),
            note=request.form.get("note", ""),
            version=version_seen(),
        )
    except SarabanError as error:
        return _page(letter_id, error=error, deed="endorse")
    return _next(place, "ลงเกษียนและเสนอต่อแล้ว")


@bp.post("/<uuid:letter_id>/return")
def give_back(letter_id: UUID) -> ResponseReturnValue:
    """Send the letter back to its drafter with the reason."""
    place = _place(letter_id)
    try:
        routing.return_letter(
            services(),
            actor=actor(),
            letter_id=LetterId(letter_id),
            reason=request.form.get("reason", ""),
            version=version_seen(),
        )
    except SarabanError as error:
        return _page(letter_id, error=error, deed="return")
    return _next(place, "ส่งคืนผู้ร่างพร้อมเหตุผลแล้ว")


@bp.post("/<uuid:letter_id>/sign")
def sign(letter_id: UUID) -> ResponseReturnValue:
    """Sign with the passphrase of one's key: the number is given and the bytes freeze."""
    place = _place(letter_id)
    try:
        signed = signing.sign_letter(
            services(),
            actor=actor(),
            letter_id=LetterId(letter_id),
            passphrase=request.form.get("passphrase", ""),
            version=version_seen(),
            seen=digest_of(page) if (page := request.form.get("page", "")) else None,
        )
    except SarabanError as error:
        return _page(letter_id, error=error, deed="sign")
    if signed.trouble:
        flash(f"ลายมือชื่อไม่มีตราประทับเวลา {signed.trouble} หนังสือใช้ได้ แต่เวลาที่ลงนามไม่มีผู้รับรอง", "amber")
    number = letter_number(signed.number)
    if signed.waits_for:
        return _next(place, f"ลงนามแล้ว เลขที่ {number} จองไว้ {joined('ต่อไปรอ', signed.waits_for, 'ลงนาม')}")
    return _next(place, f"ลงนามแล้ว ออกเลขที่ {number}")


def _place(letter_id: UUID) -> int:
    """Where a letter lies in the pile, from 0; 0 for one that does not."""
    return next((at for at, row in enumerate(rows.desk(reader(), actor())) if row.id == letter_id), 0)


def _next(place: int, words: str) -> ResponseReturnValue:
    """On to the letter that lies in this place of the pile now, or to the desk that is empty."""
    refresh_reader()
    flash(words, "green")
    pile = rows.desk(reader(), actor())
    if not pile:
        return redirect(url_for(".desk"))
    return redirect(url_for(".show", letter_id=pile[min(place, len(pile) - 1)].id))


def _page(
    letter_id: UUID,
    pile: list[LetterRow] | None = None,
    *,
    chosen: bool = True,
    error: SarabanError | None = None,
    deed: str = "",
) -> ResponseReturnValue:
    if error is not None:
        refresh_reader()
    who = actor()
    letter = viewing.open_letter(services(), actor=who, letter_id=LetterId(letter_id))
    pile = pile if pile is not None else rows.desk(reader(), who)
    place = next((at for at, row in enumerate(pile) if row.id == letter_id), None)
    step = letter.current_step()
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
        before=pile[place - 1].id if place else None,
        after=pile[place + 1].id if place is not None and place + 1 < len(pile) else None,
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
        last_to_sign=step is not None and step is letter.route[-1],
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
