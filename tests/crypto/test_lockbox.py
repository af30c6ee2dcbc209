"""Secrets under the master key: they open for whom they were locked, and for nobody else."""

from __future__ import annotations

import pytest

from saraban.crypto.lockbox import MasterLockBox
from saraban.domain.errors import WrongPassphrase

SECRET = "รหัสผ่าน ☂ ของกล่อง"


def test_a_secret_comes_back_and_does_not_show() -> None:
    box = MasterLockBox("กุญแจหลัก")
    locked, again = box.lock(SECRET, "กล่องหนึ่ง"), box.lock(SECRET, "กล่องหนึ่ง")

    assert locked != again and locked.isascii() and "รหัส" not in locked
    assert MasterLockBox("กุญแจหลัก").unlock(locked, "กล่องหนึ่ง") == box.unlock(again, "กล่องหนึ่ง") == SECRET


def test_another_key_another_purpose_or_another_text_opens_nothing() -> None:
    box = MasterLockBox("กุญแจหลัก")
    locked = box.lock(SECRET, "กล่องหนึ่ง")
    spoiled = locked[:-6] + ("AAAAA=" if not locked.endswith("AAAAA=") else "BBBBB=")

    for holder, text, purpose in (
        (MasterLockBox("กุญแจอื่น"), locked, "กล่องหนึ่ง"),
        (box, locked, "กล่องสอง"),
        (box, spoiled, "กล่องหนึ่ง"),
        (box, locked.removeprefix("v1."), "กล่องหนึ่ง"),
        (box, "v1.AAAA", "กล่องหนึ่ง"),
        (box, "", "กล่องหนึ่ง"),
        (box, "v1.ไทย", "กล่องหนึ่ง"),
    ):
        with pytest.raises(WrongPassphrase):
            holder.unlock(text, purpose)
