"""Archives that explode are told apart from those that are only large, and reading never unpacks them."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from saraban.exchange.archives import why_explodes
from saraban.exchange.parse import Unreadable, read_message


def a_zip(parts: dict[str, bytes]) -> bytes:
    """An archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def in_layers(depth: int) -> bytes:
    """An archive in an archive in an archive …"""
    data = b"leaf"
    for level in range(depth):
        data = a_zip({f"{level}.zip" if level else "leaf.txt": data})
    return data


BOMBS = {
    "zeros": lambda: a_zip({"z": bytes(120 << 20)}),
    "a document": lambda: a_zip({"word/document.xml": bytes(110 << 20), "[Content_Types].xml": b"<Types/>"}),
    "one inside another": lambda: a_zip({"inner.zip": a_zip({"z": bytes(120 << 20)})}),
    "too deep": lambda: in_layers(5),
    "too many": lambda: a_zip({str(n): b"" for n in range(20_001)}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_named(name: str) -> None:
    data = BOMBS[name]()
    began = time.process_time()

    assert why_explodes(data)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"PK",
        b"PK\x03\x04 broken",
        a_zip({"a.txt": b"words", "b.docx": a_zip({"word/document.xml": b"<w/>"})}),
        a_zip({"sheet.xml": b"<row/>" * 2_000_000}),
        in_layers(3),
        a_zip({"broken.zip": b"PK\x03\x04"}),
    ],
)
def test_what_does_not_explode_goes_through(data: bytes) -> None:
    assert why_explodes(data) == ""


def test_a_mail_with_a_bomb_is_beyond_reading() -> None:
    bomb = BOMBS["zeros"]()
    head = b'Content-Type: application/zip; name="all.zip"\r\nContent-Disposition: attachment\r\n\r\n'

    with pytest.raises(Unreadable, match=r"all\.zip .*ระเบิด") as told:
        read_message(head + bomb)
    assert told.value.code == "too-large"
