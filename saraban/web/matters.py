"""The matter on one page: everything that hangs together with a letter, what is still open, and joining and parting by
hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput, NotFound
from saraban.domain.permissions import may_hold, may_tie, words_of
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import matters
from saraban.reading.matters import Matter, MatterLetter
from saraban.usecases.tying import tie_letters
from saraban.web.filters import thai_digits

bp = Blueprint("matters", __name__, url_prefix="/matters")
SCREENS = {
    "letter": ("letters.show", "letter_id"),
    "incoming": ("incoming.show", "incoming_id"),
    "entry": ("registers.entry", "entry_id"),
    "line": ("registers.entry", "entry_id"),
}


@bp.get("/<uuid:thing_id>")
def show(thing_id: UUID) -> ResponseReturnValue:
    """The matter of a letter or line."""
    return page(thing_id)


@bp.post("/<uuid:thing_id>/join")
def join(thing_id: UUID) -> ResponseReturnValue:
    """Join another letter, named by its number or chosen among those that have it."""
    typed = request.form.get("number", "").strip()
    found = matters.candidates(reader(), actor(), typed)
    chosen = [one for one in found if str(one.id) == request.form.get("other", "")] or found
    if len(chosen) != 1:
        words = "พบหลายฉบับ เลือกฉบับที่จะรวม" if chosen else "ไม่พบเลขที่นี้ในทะเบียนที่ท่านเห็น"
        return page(thing_id, errors={"number": words}, typed=typed, found=chosen), 422
    return _tie(thing_id, chosen[0].id, joined=True, done="รวมเข้าเรื่องเดียวกันแล้ว", typed=typed)


@bp.post("/<uuid:thing_id>/part")
def part(thing_id: UUID) -> ResponseReturnValue:
    """Part two letters that do not belong together."""
    one, _, other = request.form.get("pair", "").partition(" ")
    seen = {str(letter.id): letter.id for letter in matters.matter(reader(), actor(), thing_id).letters}
    if one not in seen or other not in seen:
        raise NotFound
    reason = request.form.get("reason", "")
    return _tie(thing_id, seen[other], first=seen[one], joined=False, reason=reason, done="แยกออกจากกันแล้ว")


def _tie(
    thing_id: UUID,
    other: UUID,
    *,
    joined: bool,
    done: str,
    first: UUID | None = None,
    reason: str = "",
    typed: str = "",
) -> ResponseReturnValue:
    matters.matter(reader(), actor(), thing_id)  # NotFound for what he may not see
    try:
        tie_letters(services(), actor=actor(), thing_id=first or thing_id, other_id=other, joined=joined, reason=reason)
    except BadInput as error:
        errors = {"number" if name == "other" else name: words for name, words in error.fields.items()}
        return page(thing_id, errors=errors, typed=typed), 422
    refresh_reader()
    flash(done, "act")
    return redirect(url_for(".show", thing_id=thing_id))


def page(
    thing_id: UUID,
    errors: dict[str, str] | None = None,
    typed: str = "",
    found: list[MatterLetter] | None = None,
) -> str:
    """The matter as it stands, with what was typed and what was wrong about it."""
    shown = matters.matter(reader(), actor(), thing_id)
    by_id = {one.id: one for one in shown.letters}
    return render_template(
        "matters/show.html",
        why_not_hold=words_of(may_hold(actor())),
        matter=shown,
        here_id=thing_id,
        by_id=by_id,
        addresses={one.id: _address(one) for one in shown.letters},
        pairs=_pairs(shown),
        refusal=may_tie(actor()),
        errors=errors or {},
        typed=typed,
        found=found or [],
    )


def _pairs(shown: Matter) -> list[tuple[str, str]]:
    """Every two that hang together directly, as they are offered to be parted."""
    names = {one.id: thai_digits(one.number or one.subject) for one in shown.letters}
    pairs: dict[frozenset[UUID], tuple[str, str]] = {}
    for one in shown.letters:
        for word, other in one.ties:
            pairs.setdefault(
                frozenset((one.id, other)), (f"{one.id} {other}", f"{names[one.id]} {word} {names[other]}")
            )
    return list(pairs.values())


def _address(one: MatterLetter) -> str:
    endpoint, name = SCREENS[one.kind]
    values: dict[str, Any] = {name: one.screen_id}
    return url_for(endpoint, **values)
