"""What an address chooses among the views of a list."""

from __future__ import annotations

from collections.abc import Collection

from flask import flash, request

_LONGEST = 40


def chosen_view(name: str, known: Collection[str], usual: str) -> str:
    """Which of the known views this argument of the address names; the usual one without a word, and with words on the
    page where it names a view that there is not."""
    asked = request.values.get(name, "").strip()
    if asked and asked not in known:
        flash(f"ไม่มีตัวกรอง “{asked[:_LONGEST]}” ในหน้านี้ แสดงรายการตามปกติแทน", "amber")
    return asked if asked in known else usual
