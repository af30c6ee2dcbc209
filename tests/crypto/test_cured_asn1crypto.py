"""The cure for asn1crypto: a structure whose length only ends in 0x80 is given back as it was read."""

from __future__ import annotations

import subprocess
import sys
from typing import ClassVar

from asn1crypto import core

from saraban.crypto import asn1fix

asn1fix.cure()


class _Nest(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [("inner", core.Any), ("filling", core.OctetString)]


OPEN_ENDED = b"\x30\x80\x04\x01x\x00\x00"
# 384 octets of content: the length is written 0x01 0x80, and its last octet is what asn1crypto stumbles over.
UNLUCKY = b"\x30\x82\x01\x80" + OPEN_ENDED + b"\x04\x82\x01\x75" + bytes(0x175)


def test_a_structure_of_unlucky_length_is_given_back_as_it_was_read() -> None:
    parsed = _Nest.load(UNLUCKY)

    assert parsed["filling"].native == bytes(0x175)
    assert parsed.dump() == UNLUCKY


def test_without_the_cure_it_is_encoded_anew() -> None:
    """When this fails, asn1crypto has been mended and `asn1fix.py` can go."""
    program = (
        "import sys; from asn1crypto import core; data = bytes.fromhex(sys.argv[1])\n"
        "class Nest(core.Sequence): _fields = [('inner', core.Any), ('filling', core.OctetString)]\n"
        "parsed = Nest.load(data); parsed['filling'].native; sys.exit(0 if parsed.dump() == data else 3)"
    )

    assert subprocess.run([sys.executable, "-c", program, UNLUCKY.hex()], check=False, timeout=60).returncode == 3


def test_a_changed_structure_is_still_encoded_anew() -> None:
    parsed = _Nest.load(UNLUCKY)
    parsed["filling"] = b"new"

    assert b"new" in parsed.dump()
    assert len(parsed.dump()) < len(UNLUCKY)


def test_an_open_ended_structure_is_still_made_definite() -> None:
    data = b"\x30\x80\x04\x01x\x04\x01y\x00\x00"

    assert _Nest.load(data).dump(force=True) == b"\x30\x06\x04\x01x\x04\x01y"
