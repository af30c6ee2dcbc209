"""Backups of the installation, as the administrator's pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from saraban.domain.actor import Actor
from saraban.domain.backups import LATE_DAYS, BackupDeed, BackupTrace
from saraban.domain.permissions import may_administer, require
from saraban.storage.tables.backups import backup_traces

SHOWN = 30


@dataclass(frozen=True)
class Backups:
    """The newest backup, its newest check (None while it was never checked), and what was done last, newest first."""

    last: BackupTrace | None
    check: BackupTrace | None
    traces: Sequence[BackupTrace]

    def late(self, now: datetime) -> bool:
        """Is there none, or has it been too long?"""
        return self.last is None or now - self.last.at > timedelta(days=LATE_DAYS)


def backups(reader: Connection, actor: Actor) -> Backups:
    """What was done with backups. Raises NotPermitted for everybody but administrators."""
    require(may_administer(actor))
    t = backup_traces.c
    columns = [t[field.name] for field in fields(BackupTrace)]
    newest = select(*columns).order_by(t.at.desc())
    traces = [BackupTrace(*row) for row in reader.execute(newest.limit(SHOWN))]
    made = reader.execute(newest.where(t.deed == BackupDeed.MADE).limit(1)).first()
    last = BackupTrace(*made) if made is not None else None
    check = None
    if last is not None:
        of_last = newest.where(t.deed == BackupDeed.CHECKED, t.backup == last.backup).limit(1)
        checked = reader.execute(of_last).first()
        check = BackupTrace(*checked) if checked is not None else None
    return Backups(last, check, traces)
