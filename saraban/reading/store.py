"""The store of files as the last look found it, for the administrator's page."""

from __future__ import annotations

from dataclasses import fields

from sqlalchemy import Connection, select

from saraban.domain.actor import Actor
from saraban.domain.permissions import may_administer, require
from saraban.domain.store import SweepTrace
from saraban.storage.tables.store import store_sweeps


def last_sweep(reader: Connection, actor: Actor) -> SweepTrace | None:
    """The newest look through the whole store; None before the first. Raises NotPermitted for everybody but
    administrators."""
    require(may_administer(actor))
    columns = [store_sweeps.c[field.name] for field in fields(SweepTrace)]
    row = reader.execute(select(*columns).order_by(store_sweeps.c.at.desc(), store_sweeps.c.id).limit(1)).first()
    return SweepTrace(*row) if row is not None else None
