"""The officer's desk (แฟ้มเสนอ): the pile of what waits for one's post, and a letter of it as it is read there."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound, SarabanError
from saraban.domain.forms import RULES
from saraban.domain.letter import Letter, LetterId, LetterState
from saraban.domain.own_phrases import DEFAULTS
from saraban.domain.permissions import (
    Refusal,
    may_change_course,
    may_endorse,
    may_object,
    may_return,
    may_revise_on_route,
    may_sign,
)
from saraban.domain.route import StepKind
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.errors import problem_of
from saraban.reading import batches, directory
from saraban.reading import desk as rows
from saraban.reading.delegations import vacant_ahead
from saraban.reading.desk import DeskRow
from saraban.reading.paging import Page
from saraban.usecases import phrasing, picturing, routing, versioning, viewing
from saraban.web.batching import fresh_key
from saraban.web.course import shown_notes, shown_route
from saraban.web.downloads import digest_of, page_image
from saraban.web.forms.details import shown_details
from saraban.web.letters import NAMES_SHOWN, ShownPage, file_rows, pages_of
from saraban.web.versions import since_last_deed

bp = Blueprint("routing", __name__, url_prefix="/desk")

_WHY_NO_KEY = "ท่านยังไม่มีกุญแจลงนาม จึงยังลงนามไม่ได้ ให้ผู้ดูแลระบบออกใบรับรองและกุญแจให้ท่าน แล้วเปิดหนังสือนี้อีกครั้ง หรือส่งคืนผู้ร่างพร้อมเหตุผล"


@dataclass(frozen=True)
class Walk:
    """The pile through which one walks letter by letter: the desk's, or that of a batch (`batch`) before it begins."""

    number: int
    total: int
    before: str
    after: str
    batch: UUID | None = None


@dataclass(frozen=True)
class ShownFile:
    """An enclosure that is looked at in the place of the letter."""

    name: str
    sha256: str
    pages: list[ShownPage]
    why: str


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


@bp.get("/<uuid:letter_id>/files/<sha256>/<int:number>.png")
def enclosure(letter_id: UUID, sha256: str, number: int) -> Response:
    """A page of an enclosure as an image, beside the letter."""
    letter = viewing.open_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
    file = next((one for one in letter.enclosures if one.sha256 == digest_of(sha256)), None)
    if file is None or file.media_type != "application/pdf":
        raise NotFound
    return page_image(file, number)


@bp.post("/phrases/<kind>")
def keep_phrases(kind: str) -> ResponseReturnValue:
    """Keep one's own phrases in the middle of writing; the part of the page that shows them."""
    typed, error = request.form.get(f"{kind}_phrases", ""), ""
    if kind not in DEFAULTS:
        raise NotFound
    try:
        phrasing.keep_phrases(services(), actor=actor(), kind=kind, phrases=typed.splitlines())
    except BadInput as wrong:
        error = wrong.fields["phrases"]
    refresh_reader()
    shown = batches.phrases(reader(), actor())[kind]
    return render_template("routing/phrases.html", kind=kind, phrases=shown, typed=typed if error else "", error=error)


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
        walk=_walk(letter_id, place, pile.total or 0),
        chosen=chosen,
        shown_file=_shown_file(letter),
        batches=batches.unfinished(reader(), who, services().clock.now()),
        pick_key=fresh_key(),
        pages=pages,
        why_no_pages=why_no_pages,
        receivers=[names.get(code, code) for code in first],
        receiver_count=len(letter.content.recipients),
        route=shown_route(letter, vacant_ahead(reader(), letter, office_date(services().clock.now()))),
        notes=shown_notes(letter),
        since=since_last_deed(letter),
        text=versioning.read_text(services(), letter),
        files=file_rows(letter),
        signs=signs,
        asked=step.kind if step is not None else StepKind.ENDORSE,
        has_picture=signs and picturing.picture_of(services(), actor=who) is not None,
        last_to_sign=step is not None and step is letter.signing_steps[-1],
        why_not_act=_why(may_sign(who, letter) if signs else may_endorse(who, letter), letter),
        why_no_key=_WHY_NO_KEY if signs and not routing.has_key(services(), actor=who) else "",
        why_not_return=_why(may_return(who, letter), letter),
        earlier=letter.earlier_steps(who),
        may_object=may_object(who, letter) is None,
        may_amend=letter.rest_is_open() and may_revise_on_route(who, letter) is None,
        may_change_course=letter.rest_is_open() and may_change_course(who, letter) is None,
        phrases=batches.phrases(reader(), who),
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


def _walk(letter_id: UUID, place: rows.Place | None, total: int) -> Walk | None:
    """The way to the letter before and to the next: along the batch that is looked through, else along the pile."""
    batch_id = request.args.get("batch", type=UUID)
    if batch_id is None:
        if place is None:
            return None
        before, after = ((url_for(".show", letter_id=one) if one else "") for one in (place.before, place.after))
        return Walk(place.number, total, before, after)
    batches.batch(reader(), actor(), batch_id, services().clock.now())
    ids = [line.letter_id for line in batches.lines(reader(), actor(), batch_id)]
    if letter_id not in ids:
        raise NotFound
    at = ids.index(letter_id)
    ways = [url_for(".show", letter_id=ids[n], batch=batch_id) if 0 <= n < len(ids) else "" for n in (at - 1, at + 1)]
    return Walk(at + 1, len(ids), ways[0], ways[1], batch_id)


def _shown_file(letter: Letter) -> ShownFile | None:
    """The enclosure that is asked for in the address; None for the letter itself."""
    asked = request.args.get("file", "")
    file = next((one for one in letter.enclosures if one.sha256.hex == asked), None)
    if file is None:
        return None
    if file.media_type != "application/pdf":
        return ShownFile(file.name, asked, [], "ไฟล์นี้ดูเป็นหน้าไม่ได้ ดาวน์โหลดไปเปิดด้วยโปรแกรมของท่าน")
    found = viewing.shown_pages(services(), [file])
    pages = [
        ShownPage(url_for(".enclosure", letter_id=letter.id, sha256=asked, number=n), n)
        for n in range(1, found.pages + 1)
    ]
    return ShownFile(file.name, asked, pages, found.why)
