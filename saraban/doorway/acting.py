"""In which of his capacities somebody asks: chosen by a key (Actor.key), looked up anew at every request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flask import g

from saraban.domain.actor import Actor
from saraban.domain.errors import NotPermitted
from saraban.doorway import let_in

HEADER = "Acting-As"
GONE = "คำสั่งหรือตำแหน่งที่ท่านเลือกไว้สิ้นสุดหรือถูกยกเลิกแล้ว จึงยังไม่ได้ทำรายการ เลือกตำแหน่งที่จะทำหน้าที่แล้วทำอีกครั้ง"


def let_in_as(capacities: Sequence[Actor], key: str) -> bool:
    """Let somebody in, in the capacity with this key; False when there is no such (any more), and then he is let in
    as himself, so that he can be told."""
    g.saraban_capacities = list(capacities)
    found = next((one for one in capacities if not key or one.key == key), None)
    let_in(found or capacities[0])
    return found is not None


def capacities() -> list[Actor]:
    """Everything that who asks may act as today, the own posts first."""
    return cast("list[Actor]", g.get("saraban_capacities", []))


def refuse_gone() -> NotPermitted:
    """The refusal of a deed in a capacity that is gone."""
    return NotPermitted(GONE, code="capacity-gone")
