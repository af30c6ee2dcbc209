"""Letters passed round to be read: what waits for a person, and for each letter who has read it when."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.circulation import Asks, CirculationId, ReaderGroupId
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, StageNotAllowed
from saraban.domain.incoming import IncomingId, IncomingLetter
from saraban.domain.letter import Letter, LetterId
from saraban.domain.notice import About
from saraban.domain.permissions import (
    may_circulate_incoming,
    may_circulate_letter,
    may_keep_reader_group,
    may_mind_circulation,
    require,
    words_of,
)
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.errors import problem_of
from saraban.reading import circulation as rows
from saraban.reading.unread import DESK, INCOMING, LETTERS, TASKS
from saraban.usecases import circulating, noticing, viewing
from saraban.web.choosing import chosen_view
from saraban.web.downloads import download, telling_name
from saraban.web.filters import count, thai_datetime

bp = Blueprint("circulating", __name__)

TABS = (("waiting", "รอรับทราบ"), ("noted", "รับทราบแล้ว"), ("sent", "ที่ท่านเวียน"))
SHOWN = 500
_LISTS = {LETTERS: "letters.outgoing", INCOMING: "incoming.index", TASKS: "tasks.index", DESK: "routing.desk"}
_HEADINGS = ("ชื่อ", "ตำแหน่ง", "หน่วยงาน", "ได้รับโดย", "เปิดอ่านเมื่อ", "รับทราบเมื่อ")


@bp.get("/reading")
def index() -> ResponseReturnValue:
    """What waits for the person's note, what he has noted, and what he passed round."""
    state, who = chosen_view("state", rows.STATES, "waiting"), actor()
    page = rows.to_read(reader(), who, state=state, cursor=request.args.get("cursor"))
    return render_template(
        "circulating/index.html",
        state=state,
        tabs=TABS,
        page=page,
        by_route=rows.for_information(reader(), who),
    )


@bp.post("/reading/lists")
def read_list() -> ResponseReturnValue:
    """Hold everything in a list for read."""
    name = request.form.get("list", "")
    if name not in _LISTS:
        raise NotFound
    noticing.mark_list_read(services(), actor=actor(), name=name)
    refresh_reader()
    flash("อ่านแล้วทั้งรายการ สิ่งที่เปลี่ยนหลังจากนี้จะเป็นตัวหนา", "green")
    return redirect(url_for(_LISTS[name]))


# --- one letter ---------------------------------------------------------------------------------------------------


@bp.get("/letters/<uuid:letter_id>/readers")
@bp.get("/incoming/<uuid:incoming_id>/readers")
def readers(letter_id: UUID | None = None, incoming_id: UUID | None = None) -> ResponseReturnValue:
    """Who has read the letter when, and the form by which it goes to more."""
    return _page(_opened(letter_id, incoming_id), {}, {})


@bp.post("/letters/<uuid:letter_id>/readers")
@bp.post("/incoming/<uuid:incoming_id>/readers")
def circulate(letter_id: UUID | None = None, incoming_id: UUID | None = None) -> ResponseReturnValue:
    """Pass the letter round."""
    thing, said = _opened(letter_id, incoming_id), request.form
    typed: dict[str, Any] = {
        "to": [word for word in said.getlist("to") if word],
        "asks": said.get("asks", Asks.NOTE.value),
        "note": said.get("note", ""),
        "group_name": said.get("group_name", ""),
    }
    try:
        done = circulating.circulate(
            services(),
            actor=actor(),
            about=_about(thing),
            about_id=thing.id,
            to=typed["to"],
            asks=Asks.OPEN if typed["asks"] == Asks.OPEN.value else Asks.NOTE,
            note=typed["note"],
            group_name=typed["group_name"],
        )
    except BadInput as error:
        return _page(thing, typed, {{"name": "group_name"}.get(key, key): words for key, words in error.fields.items()})
    told = [f"เวียนแล้วถึง {count(done.readers)} คน"]
    if done.already:
        told.append(f"{count(done.already)} คนได้รับอยู่ก่อนแล้วหรือเป็นท่านเอง")
    if done.not_cleared:
        told.append(f"ไม่ได้ส่งให้ {count(done.not_cleared)} คนที่ไม่ได้รับอนุญาตให้รู้ชั้นความลับ")
    refresh_reader()
    flash(" · ".join(told), "amber" if done.not_cleared else "green")
    return redirect(_readers_of(thing))


@bp.post("/letters/<uuid:letter_id>/readers/note")
@bp.post("/incoming/<uuid:incoming_id>/readers/note")
def note(letter_id: UUID | None = None, incoming_id: UUID | None = None) -> ResponseReturnValue:
    """รับทราบ, from the letter or straight from the list."""
    about, about_id = (About.LETTER, letter_id) if letter_id is not None else (About.INCOMING, incoming_id)
    assert about_id is not None
    try:
        circulating.take_note(services(), actor=actor(), about=about, about_id=about_id)
    except StageNotAllowed as error:
        flash(error.thai, "amber")
    else:
        flash("รับทราบแล้ว ผู้เวียนเห็นเวลานี้", "green")
    refresh_reader()
    if request.form.get("from") == "list":
        return redirect(url_for(".index"))
    named = {"letter_id": letter_id} if letter_id is not None else {"incoming_id": incoming_id}
    return redirect(url_for("letters.show" if letter_id is not None else "incoming.show", **named))


@bp.get("/letters/<uuid:letter_id>/readers.csv")
@bp.get("/incoming/<uuid:incoming_id>/readers.csv")
def sheet(letter_id: UUID | None = None, incoming_id: UUID | None = None) -> Response:
    """Who has read the letter when, as CSV that spreadsheets read."""
    thing = _opened(letter_id, incoming_id)
    found = rows.readers_of(reader(), thing.id)
    circulating.note_export(services(), actor=actor(), about=_about(thing), about_id=thing.id, readers=len(found))
    text = io.StringIO()
    written = csv.writer(text)
    written.writerow(_HEADINGS)
    for one in found:
        moments = [thai_datetime(at) if at else "" for at in (one.opened_at, one.noted_at)]
        by = "ตามเส้นทาง" if one.step else "เวียน"
        written.writerow([_plain(cell) for cell in (one.name, one.title, one.unit_name, by)] + moments)
    data = b"\xef\xbb\xbf" + text.getvalue().encode()
    number = (thing.number or "").replace("/", "-")
    return download(data, telling_name(f"ผู้อ่าน {number}".strip(), "", ".csv"), "text/csv", plain="readers")


@bp.post("/circulations/<uuid:circulation_id>/remind")
def remind(circulation_id: UUID) -> ResponseReturnValue:
    """Remind those who have not noted it."""
    try:
        many = circulating.remind_readers(services(), actor=actor(), circulation_id=CirculationId(circulation_id))
    except StageNotAllowed as error:
        flash(error.thai, "amber")
    else:
        flash(f"เตือนแล้ว {count(many)} คน", "green")
    return _back()


@bp.post("/circulations/<uuid:circulation_id>/stop")
def stop(circulation_id: UUID) -> ResponseReturnValue:
    """Take it back from those who have not opened it."""
    try:
        many = circulating.stop_circulation(services(), actor=actor(), circulation_id=CirculationId(circulation_id))
    except StageNotAllowed as error:
        flash(error.thai, "amber")
    else:
        flash(f"หยุดเวียนแล้ว {count(many)} คนที่ยังไม่เปิดจะไม่เห็นหนังสือนี้อีก", "green")
    return _back()


# --- groups -------------------------------------------------------------------------------------------------------


@bp.get("/reading/groups")
def groups() -> ResponseReturnValue:
    """The groups of readers, with the form for a new one."""
    return _groups({}, {})


@bp.post("/reading/groups")
def make_group() -> ResponseReturnValue:
    """Make a group of readers."""
    typed = _typed_group()
    try:
        circulating.keep_reader_group(
            services(), actor=actor(), name=typed["name"], to=typed["to"], for_all=bool(typed["for_all"])
        )
    except BadInput as error:
        return _groups(typed, error.fields), 422
    refresh_reader()
    flash(f"ทำกลุ่ม “{typed['name'].strip()}” แล้ว", "green")
    return redirect(url_for(".groups"))


@bp.get("/reading/groups/<uuid:group_id>")
def group(group_id: UUID) -> ResponseReturnValue:
    """One group, to be changed."""
    return _group(group_id, {}, {})


@bp.post("/reading/groups/<uuid:group_id>")
def change_group(group_id: UUID) -> ResponseReturnValue:
    """Give it another name and other readers."""
    typed, version = _typed_group(), request.form.get("version", "")
    try:
        circulating.keep_reader_group(
            services(),
            actor=actor(),
            group_id=ReaderGroupId(group_id),
            name=typed["name"],
            to=typed["to"],
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None,
        )
    except (BadInput, ConcurrentEdit) as error:
        refresh_reader()
        wrong = error.fields if isinstance(error, BadInput) else {"name": error.thai}
        return _group(group_id, typed, wrong), problem_of(error).status
    refresh_reader()
    flash("บันทึกกลุ่มแล้ว", "green")
    return redirect(url_for(".groups"))


@bp.post("/reading/groups/<uuid:group_id>/retire")
def retire_group(group_id: UUID) -> ResponseReturnValue:
    """Take a group away."""
    circulating.retire_reader_group(services(), actor=actor(), group_id=ReaderGroupId(group_id))
    refresh_reader()
    flash("เอากลุ่มออกแล้ว หนังสือที่เวียนไปแล้วไม่เปลี่ยน", "green")
    return redirect(url_for(".groups"))


# --- parts --------------------------------------------------------------------------------------------------------


def _opened(letter_id: UUID | None, incoming_id: UUID | None) -> Letter | IncomingLetter:
    """The letter, for who may circulate it."""
    who = actor()
    if letter_id is not None:
        letter = viewing.open_letter(services(), actor=who, letter_id=LetterId(letter_id))
        require(may_circulate_letter(who, letter))
        return letter
    assert incoming_id is not None
    came = viewing.open_incoming(services(), actor=who, incoming_id=IncomingId(incoming_id))
    require(may_circulate_incoming(who, came))
    return came


def _page(thing: Letter | IncomingLetter, typed: Mapping[str, Any], errors: Mapping[str, str]) -> tuple[str, int]:
    refresh_reader()
    who, found = actor(), rows.readers_of(reader(), thing.id)
    content = thing.content if isinstance(thing, Letter) else thing
    named = {"letter_id": thing.id} if isinstance(thing, Letter) else {"incoming_id": thing.id}
    body = render_template(
        "circulating/readers.html",
        subject=content.subject,
        number=thing.number or "",
        urgent=content.urgency,
        secret=content.secrecy,
        back=url_for("letters.show" if isinstance(thing, Letter) else "incoming.show", **named),
        action=url_for(".circulate", **named),
        sheet=url_for(".sheet", **named),
        counts=rows.counts(reader(), thing.id),
        sendings=[(one, may_mind_circulation(who, one)) for one in rows.sendings(reader(), thing.id)],
        readers=found[:SHOWN],
        more=max(0, len(found) - SHOWN),
        choices=rows.choices(reader(), who, office_date(services().clock.now())),
        asks=[(one.value, one.thai) for one in Asks],
        typed=typed,
        errors=errors,
    )
    return body, 422 if errors else 200


def _about(thing: Letter | IncomingLetter) -> About:
    return About.LETTER if isinstance(thing, Letter) else About.INCOMING


def _readers_of(thing: Letter | IncomingLetter) -> str:
    named = {"letter_id": thing.id} if isinstance(thing, Letter) else {"incoming_id": thing.id}
    return url_for(".readers", **named)


def _back() -> ResponseReturnValue:
    """To where the button stood: the page of the letter's readers, or the list."""
    refresh_reader()
    about, about_id = request.form.get("about", ""), request.form.get("about_id", "")
    try:
        named: dict[str, Any] = {{"letter": "letter_id", "incoming": "incoming_id"}[about]: UUID(about_id)}
        return redirect(url_for(".readers", **named))
    except (KeyError, ValueError):
        return redirect(url_for(".index", state="sent"))


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell


def _typed_group() -> dict[str, Any]:
    said = request.form
    to: Sequence[str] = [word for word in said.getlist("to") if word]
    return {"name": said.get("name", ""), "to": to, "for_all": said.get("for_all", "")}


def _groups(typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    return render_template(
        "circulating/groups.html",
        groups=rows.groups(reader(), actor()),
        choices=_choices(),
        typed=typed,
        errors=errors,
        may_share=may_keep_reader_group(actor(), None) is None,
    )


def _group(group_id: UUID, typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    found = rows.group(reader(), actor(), group_id)
    refusal = may_keep_reader_group(actor(), actor().person_id if found.personal else None)
    return render_template(
        "circulating/group.html",
        group=found,
        choices=_choices(),
        typed=typed or {"name": found.name, "to": found.words},
        errors=errors,
        why_not=words_of(refusal),
    )


def _choices() -> list[tuple[str, str, str]]:
    today = office_date(services().clock.now())
    return rows.choices(reader(), actor(), today, groups_too=False)
