"""Backups on the administrator's pages: when the last was made, whether it was read through, and what was done."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from saraban.domain.backups import BackupTrace
from saraban.doorway import actor, reader, services
from saraban.reading import backups as rows
from saraban.web.filters import thai_date

bp = Blueprint("backups", __name__, url_prefix="/admin/backups")


@bp.get("")
def index() -> ResponseReturnValue:
    """The last backup, its check, and what was done before."""
    found = rows.backups(reader(), actor())
    late = found.late(services().clock.now())
    return render_template("admin/backups.html", found=found, late=late, checked=_checked(found.check))


def backup_line() -> str:
    """The same in a line, for the page of settings."""
    found = rows.backups(reader(), actor())
    if found.last is None:
        return "ยังไม่เคยสำรอง"
    late = " เกินกำหนดแล้ว" if found.late(services().clock.now()) else ""
    return f"ล่าสุด {thai_date(found.last.at, 'short')}{late} · {_checked(found.check)}"


def _checked(check: BackupTrace | None) -> str:
    if check is None:
        return "ยังไม่ได้ตรวจสำเนา"
    return "ตรวจสำเนาแล้วครบ" if not check.faulty else "ตรวจแล้วพบไฟล์ขาดหรือเสีย"
