"""The administrator's page of the room that the installation takes, with the forecast and the last backup."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.doorway import actor, reader, services
from saraban.reading import backups
from saraban.reading import room as rows

bp = Blueprint("room", __name__, url_prefix="/admin/room")


@bp.get("")
def index() -> ResponseReturnValue:
    """Disk, database, files and mailboxes."""
    now = services().clock.now()
    kept = backups.backups(reader(), actor())
    found = rows.room(reader(), actor(), office_date(now))
    return render_template("admin/room.html", found=found, backup=kept.last, late=kept.late(now))
