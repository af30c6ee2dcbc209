"""Who reads which letters; the SQL of the screens (`reading/scope.py`) says the same."""

from __future__ import annotations

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.classification import Secrecy

REGISTERS_ONLY = frozenset({PositionRole.RECORDS, PositionRole.ADMIN})
"""Roles that read the registers and no letters, save those that they drafted or that lie on their route."""


def reads(
    actor: Actor, *, agency: bool, unit: bool, on_route: bool, secrecy: Secrecy, drafter: bool, given: bool = False
) -> bool:
    """Does the actor read letters of this secrecy that are of his agency, of his unit, on his route, drafted by him?
    `given`: he was given something to do about it, or it to read, which opens what is classified to the
    cleared only."""
    if not agency:
        return False
    if on_route or drafter:
        return True
    if given and (secrecy.is_open or actor.clearance):
        return True
    if not secrecy.is_open:
        return actor.role is PositionRole.CLERK and actor.clearance and (unit or actor.central)
    if actor.role in REGISTERS_ONLY:
        return False
    return unit or (actor.central and actor.role is PositionRole.CLERK)
