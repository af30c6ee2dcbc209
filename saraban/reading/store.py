"""The store of files as the last look found it, for the administrator's page."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from sqlalchemy import Connection, select

from saraban.domain.actor import Actor
from saraban.domain.permissions import may_administer, require
from saraban.domain.store import SweepTrace
from saraban.storage.tables.store import store_sweeps


def last_sweep(reader: Connection, actor: Actor, now: datetime) -> SweepTrace | None:
    """The newest look through the whole store until now; None before the first. Raises NotPermitted for everybody but
    administrators."""
    require(may_administer(actor))
    columns, at = [store_sweeps.c[field.name] for field in fields(SweepTrace)], store_sweeps.c.at
    newest = select(*columns).where(at <= now).order_by(at.desc(), store_sweeps.c.id).limit(1)
    row = reader.execute(newest).first()
    return SweepTrace(*row) if row is not None else None
