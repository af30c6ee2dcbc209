"""The small ASN.1 reader and writer, held against asn1crypto as an independent witness."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from asn1crypto import core, parser
from hypothesis import given
from hypothesis import strategies as st

from saraban.crypto import der
from saraban.crypto.der import Malformed

OIDS = ["1.2.840.113549.1.7.2", "2.5.29.15", "0.9.2342.19200300.100.1.25", "1.3.6.1.4.1.99999999", "2.16.840.1"]


@pytest.mark.parametrize("dotted", OIDS)
def test_an_identifier_is_written_as_others_write_it(dotted: str) -> None:
    assert der.oid(dotted) == core.ObjectIdentifier(dotted).dump()


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_lengths_are_written_as_others_write_them_and_read_back(size: int) -> None:
    written = der.tlv(der.OCTET_STRING, bytes(size))

    assert written == core.OctetString(bytes(size)).dump()
    assert len(der.read(written).inside) == size


def test_times_are_written_as_the_standard_asks_and_read_back() -> None:
    for moment, tag in (
        (datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC), 0x17),
        (datetime(2050, 1, 1, tzinfo=UTC), 0x18),
    ):
        element = der.read(der.time(moment))
        assert (element.tag, element.moment()) == (tag, moment)
    assert der.read(b"\x17\x0d500101000000Z").moment().year == 1950


@pytest.mark.parametrize("text", [b"2611230230Z", b"261323023000Z", b"261123023000+", b"", b"\xff" * 13])
def test_a_time_in_another_shape_is_malformed(text: bytes) -> None:
    with pytest.raises(Malformed):
        der.read(der.tlv(der.UTC_TIME, text)).moment()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x01",
        b"\x30\x00\x00",
        b"\x1f\x81\x01\x00",
        b"\x04\x80\x00\x00",
        b"\x30\x80\x00",
        b"\x30\x85\x00\x00\x00\x00\x00",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30\x80" * 40 + b"\x00\x00" * 40,
    ],
)
def test_what_is_out_of_bounds_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        der.read(data)


def test_zeros_behind_a_signature_in_a_page_are_padding_and_nothing_else_is() -> None:
    element = der.tlv(der.SEQUENCE, der.tlv(der.NULL))

    assert der.without_padding(element + bytes(9)) == element
    with pytest.raises(Malformed):
        der.without_padding(element + b"\0\1")


@given(st.binary(max_size=60))
def test_any_bytes_are_an_element_or_malformed(data: bytes) -> None:
    try:
        element = der.read(data)
        assert element.whole == data
        element.children()
    except Malformed:
        pass


@given(st.binary(max_size=60))
def test_what_is_read_has_the_content_that_others_see(data: bytes) -> None:
    try:
        element = der.read(data)
    except Malformed:
        return
    if element.definite:
        assert parser.parse(data, strict=True)[4] == element.inside
