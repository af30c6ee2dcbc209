"""Thai words put together: they run on without a space, but not into what is not written in Thai letters."""

from __future__ import annotations

from collections.abc import Sequence


def joined(*parts: str) -> str:
    """The parts as one phrase. A space stands where one of two neighbours meets the other with a full stop, a Latin
    letter or a sign: "เลขาธิการ ก.พ.ร." and "ลงนาม" are never "ก.พ.ร.ลงนาม"."""
    phrase = ""
    for part in filter(None, parts):
        runs_on = not phrase or (_is_thai(phrase[-1]) and _is_thai(part[0]))
        phrase += part if runs_on or phrase[-1].isspace() or part[0].isspace() else f" {part}"
    return phrase


def all_of(names: Sequence[str]) -> str:
    """The names as one phrase, with "and" before the last: "ก, ข และ ค"."""
    *others, last = names or [""]
    return f"{', '.join(others)} และ {last}" if others else last


def _is_thai(sign: str) -> bool:
    return "ก" <= sign <= "๛"
