"""The states of an incoming letter, and the words of those in which it is over."""

from __future__ import annotations

from enum import Enum


class IncomingState(str, Enum):
    """The states of an incoming letter."""

    HELD = "held"
    NEW = "new"
    REGISTERED = "registered"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    ANSWERED = "answered"
    SET_ASIDE = "set-aside"
    FORWARDED = "forwarded"
    RECALLED = "recalled"
    REPLACED = "replaced"


UNREGISTERED = frozenset({IncomingState.HELD, IncomingState.NEW})
"""What waits for a decision."""
CLOSED_WORDS = {
    IncomingState.REGISTERED: "หนังสือนี้ลงรับแล้ว",
    IncomingState.REFUSED: "หนังสือนี้ส่งคืนแล้ว",
    IncomingState.SUPERSEDED: "ผู้ส่งส่งฉบับที่ถูกต้องมาแทนแล้ว",
    IncomingState.ANSWERED: "รายการนี้ตอบผู้ส่งแล้ว",
    IncomingState.SET_ASIDE: "ไปรษณีย์นี้แยกออกแล้ว เพราะไม่ใช่หนังสือ",
    IncomingState.FORWARDED: "หนังสือนี้ส่งต่อให้หน่วยงานอื่นแล้ว",
    IncomingState.RECALLED: "ผู้ส่งเรียกหนังสือนี้คืนแล้ว",
    IncomingState.REPLACED: "ผู้ส่งส่งฉบับแก้ไขมาแทนหนังสือนี้แล้ว",
}
