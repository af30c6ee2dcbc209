"""Password hashes: the right password opens, others do not, and old parameters are noticed."""

from __future__ import annotations

import pytest

from saraban.crypto.passwords import Argon2Passwords

CHEAP = Argon2Passwords(passes=1, memory_kib=64, lanes=1)


def test_only_the_right_password_is_accepted() -> None:
    hashed = CHEAP.hash("รหัสผ่าน-๑๒๓")

    assert CHEAP.verify(hashed, "รหัสผ่าน-๑๒๓")
    assert not CHEAP.verify(hashed, "รหัสผ่าน-๑๒๔")
    assert not CHEAP.verify(hashed, "")


def test_a_hash_is_argon2id_and_never_the_same_twice() -> None:
    first, second = CHEAP.hash("x"), CHEAP.hash("x")

    assert first.startswith("$argon2id$")
    assert first != second


@pytest.mark.parametrize("hashed", ["", "!", "$argon2id$", "plain", "$2b$12$abcdefghijklmnopqrstuv"])
def test_a_hash_that_cannot_be_read_is_nobodys(hashed: str) -> None:
    assert not CHEAP.verify(hashed, "plain")
    assert CHEAP.needs_rehash(hashed)


def test_a_hash_with_older_parameters_is_to_be_made_anew() -> None:
    hashed = CHEAP.hash("x")

    assert not CHEAP.needs_rehash(hashed)
    assert Argon2Passwords(passes=2, memory_kib=64, lanes=1).needs_rehash(hashed)
    assert Argon2Passwords(passes=2, memory_kib=64, lanes=1).verify(hashed, "x")
