"""Where Thai words run on and where a space keeps them apart."""

from __future__ import annotations

import pytest

from saraban.domain.joining import joined


@pytest.mark.parametrize(
    ("parts", "phrase"),
    [
        (("รอ", "เลขาธิการ ก.พ.ร.", "ลงนาม"), "รอเลขาธิการ ก.พ.ร. ลงนาม"),
        (("อธิบดี", "เป็นผู้ลงนาม"), "อธิบดีเป็นผู้ลงนาม"),
        (("รอ", "CIO", "ลงนาม"), "รอ CIO ลงนาม"),
        (("ผู้อำนวยการ (ชั่วคราว)", "ลงนาม"), "ผู้อำนวยการ (ชั่วคราว) ลงนาม"),
        (("รอ ", "", "อธิบดี"), "รอ อธิบดี"),
        ((), ""),
    ],
)
def test_a_space_stands_only_beside_what_is_no_thai_letter(parts: tuple[str, ...], phrase: str) -> None:
    assert joined(*parts) == phrase
