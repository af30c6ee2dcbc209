"""The administrator's page of the room that the installation takes: the forecast, the last backup, and what lies in the
store of files that nothing names."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.permissions import may_administer, require
from saraban.doorway import actor, reader, services
from saraban.reading import backups, store
from saraban.reading import errands as errand_rows
from saraban.reading import room as rows
from saraban.usecases import sweeping
from saraban.usecases.errands import order_errand

bp = Blueprint("room", __name__, url_prefix="/admin/room")


@bp.get("")
def index() -> ResponseReturnValue:
    """Disk, database, files and mailboxes."""
    now = services().clock.now()
    kept = backups.backups(reader(), actor())
    found = rows.room(reader(), actor(), office_date(now))
    return render_template(
        "admin/room.html",
        found=found,
        backup=kept.last,
        late=kept.late(now),
        sweep=store.last_sweep(reader(), actor(), now),
        going=_going(),
        grace=sweeping.GRACE.days,
    )


@bp.post("/sweep")
def sweep() -> ResponseReturnValue:
    """Have the store of files looked through, and with `remove` what nothing names taken away, in the background."""
    require(may_administer(actor()))
    if (going := _going()) is not None:
        flash("สั่งไว้แล้ว กำลังทำอยู่", "act")
        return redirect(url_for("errands.show", errand_id=going.id))
    remove = bool(request.form.get("remove"))
    title = sweeping.title_of(remove=remove)
    made = order_errand(services(), actor=actor(), kind=sweeping.ERRAND, title=title, order={"remove": remove})
    return redirect(url_for("errands.show", errand_id=made))


def _going() -> errand_rows.ErrandRow | None:
    """The person's own look that has not ended."""
    return next(iter(errand_rows.own(reader(), actor(), kind=sweeping.ERRAND, going=True, limit=1).items), None)
