"""The administrator's page of the electronic channels that the agency announces to the public."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput
from saraban.domain.permissions import may_administer, require
from saraban.domain.publication import ChannelId, ChannelKind
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import publications as rows
from saraban.usecases import publishing
from saraban.web.archive_deeds import typed_day
from saraban.web.filters import official_digits

bp = Blueprint("channels", __name__, url_prefix="/admin/channels")


@bp.get("")
def index() -> str:
    """The channels, and the form of a new one."""
    return _page({}, {})


@bp.post("")
def open_channel() -> ResponseReturnValue:
    """Announce a channel."""
    said = request.form
    kind = next((one for one in ChannelKind if one.value == said.get("kind")), ChannelKind.OTHER)
    try:
        day = typed_day("since")
        publishing.open_channel(
            services(),
            actor=actor(),
            kind=kind,
            name=said.get("name", ""),
            where=said.get("where", ""),
            announced=said.get("announced", ""),
            since=day,
        )
    except BadInput as error:
        return _page(said, {name: official_digits(words) for name, words in error.fields.items()}), 422
    refresh_reader()
    flash("เพิ่มช่องทางแล้ว แสดงที่หน้าประชาชน", "green")
    return redirect(url_for(".index"))


@bp.post("/<uuid:channel_id>/end")
def end(channel_id: UUID) -> ResponseReturnValue:
    """A channel is one no longer."""
    try:
        publishing.end_channel(services(), actor=actor(), channel_id=ChannelId(channel_id))
    except BadInput as error:
        flash(error.in_words, "amber")
    else:
        flash("ยกเลิกช่องทางแล้ว", "green")
    refresh_reader()
    return redirect(url_for(".index"))


def _page(typed: Any, errors: dict[str, str]) -> str:
    require(may_administer(actor()))
    return render_template(
        "admin/channels.html",
        found=rows.own_channels(reader(), actor()),
        front=rows.own_front(reader(), actor()),
        kinds=[(one.value, one.thai) for one in ChannelKind],
        typed=typed,
        errors=errors,
        today=office_date(services().clock.now()),
    )
