"""What the stranger and our agency say to each other in a test."""

from __future__ import annotations

from tests.journeys.world import A, World
from tests.stranger.reading import Read
from tests.stranger.stranger import Stranger

ELSEWHERE = {"code": "b", "name": "กรมทดสอบปลายทาง", "mailbox": "saraban@b.test"}


def us(world: World) -> dict[str, str]:
    """The agency that the stranger writes to."""
    return {"code": "a", "name": world.a.party.name, "mailbox": A}


def post(world: World, stranger: Stranger, *messages: bytes) -> list[Read]:
    """Send these to us, let our side work, and give what came back to the stranger."""
    for raw in messages:
        stranger.post(raw, A)
    world.settle()
    return stranger.fetch()
