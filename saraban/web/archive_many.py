"""Several letters of the archive at once: their class and group, and a hold on the ticked ones or on a whole matter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NoSuchPage

from saraban.domain.register import EntryId
from saraban.doorway import actor, reader, services
from saraban.reading import matters
from saraban.usecases import archiving
from saraban.web import archive
from saraban.web import matters as matter_screens
from saraban.web.archive_deeds import done
from saraban.web.filters import thai_digits
from saraban.web.turning import chosen_of

bp = Blueprint("archive_many", __name__, url_prefix="/archive/many")
_PAGES: dict[str, tuple[Callable[[], str], Callable[[], list[UUID]], tuple[str, ...]]] = {
    "index": (archive.index, archive.all_ready, ("unit", "page")),
    "working": (archive.working, archive.all_in_work, ("book", "year", "page")),
    "store_register": (archive.store_register, archive.all_stored, ("year", "cursor")),
}
"""From which lists letters are chosen, all letters of such a list, and what says where it stands."""


@bp.post("/class")
def classify() -> ResponseReturnValue:
    """Give the chosen letters a class, a group, or both; what is not chosen stays, or follows from the group."""
    said, letters = request.form, _letters()
    return _about_list(
        lambda: archiving.classify(
            services(),
            actor=actor(),
            entry_ids=letters,
            class_code=said.get("class_code", ""),
            file_code=said.get("file_code") or None,
        ),
        f"บันทึกหมวดและอายุการเก็บแล้ว {thai_digits(len(letters))} ฉบับ",
    )


@bp.post("/hold")
def hold() -> ResponseReturnValue:
    """Stop every disposal of the chosen letters."""
    letters = _letters()
    return _about_list(lambda: _hold(letters), "ระงับการทำลายฉบับที่เลือกแล้ว")


@bp.post("/hold/<uuid:thing_id>")
def hold_matter(thing_id: UUID) -> ResponseReturnValue:
    """Stop every disposal of a whole matter, and say of how many letters, and when there are more."""
    lines = matters.entries_of(reader(), actor(), thing_id)
    return done(
        lambda: _hold(lines.ids),
        lambda placed: _told(placed, lines.more),
        lambda _: url_for("matters.show", thing_id=thing_id),
        lambda: matter_screens.page(thing_id),
    )


def _told(placed: int, more: bool) -> tuple[str, str]:
    words = f"ระงับการทำลายแล้ว {thai_digits(placed)} ฉบับ"
    if not more:
        return f"{words} คือทุกฉบับในเรื่องที่ท่านเห็นและยังไม่ได้ระงับ", "green"
    return f"{words} เรื่องนี้ยังมีฉบับอื่นที่ยังไม่ระงับ เปิดทั้งเรื่องจากฉบับที่ยังไม่มีเครื่องหมายแล้วระงับต่อ", "amber"


def _hold(letters: list[EntryId]) -> int:
    said = {name: request.form.get(name, "") for name in ("reason", "order")}
    return archiving.place_holds(services(), actor=actor(), entry_ids=letters, **said)


def _letters() -> list[EntryId]:
    """What was ticked, or every letter of the list from which this was sent where "all" was ticked."""
    _, everything, _ = _list_here()
    return [*map(EntryId, chosen_of(everything))]


def _about_list(deed: Callable[[], object], words: str) -> ResponseReturnValue:
    page, _, places = _list_here()
    name = request.form["from"]
    place: dict[str, Any] = {one: request.form[one] for one in places if request.form.get(one)}
    return done(deed, words, lambda _: url_for(f"archive.{name}", **place), page)


def _list_here() -> tuple[Callable[[], str], Callable[[], list[UUID]], tuple[str, ...]]:
    name = request.form.get("from", "")
    if name not in _PAGES:
        raise NoSuchPage
    return _PAGES[name]
