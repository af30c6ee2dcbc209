"""Every octet of a good signature spoiled in turn: a verdict each time, no exception, and never good by mistake."""

from __future__ import annotations

import time

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from saraban.crypto import der
from saraban.crypto.verify import CmsVerifier
from saraban.domain.signature import SignatureStatus
from tests.crypto.ministry import AT, DIGEST, TRUST, a_signature, parts, the_issuer, the_root

SIGNATURE = a_signature()
VERIFIER = CmsVerifier([the_root().pem])


def _verdict(signature: bytes) -> SignatureStatus:
    return VERIFIER.status(DIGEST, signature, TRUST, AT)


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_a_spoiled_bit_is_survived_only_where_it_says_nothing() -> None:
    """That is in the version of the container, and in the octet before the issuer's signature on the intermediate
    certificate that counts unused bits (where zeros end that signature, some may be called unused). The seal does not
    sign the intermediate certificate, but one that is spoiled elsewhere no longer leads to the root."""
    signature = a_signature()
    survived, slowest = set(), 0.0

    for place in range(len(signature)):
        for flip in (0x01, 0x02, 0x20, 0x80):
            spoiled = bytearray(signature)
            spoiled[place] ^= flip
            begun = time.perf_counter()
            status = _verdict(bytes(spoiled))
            slowest = max(slowest, time.perf_counter() - begun)
            if status.good:
                survived.add(place)
            else:
                assert status.problem in ("signature-broken", "signer-untrusted"), place

    says_nothing = {_version(signature).content, _unused_bits_of_the_intermediate(signature)}
    assert _version(signature).content in survived
    assert survived <= says_nothing
    assert slowest < 1.0


def test_a_signature_cut_short_anywhere_is_broken() -> None:
    signature = a_signature()

    for end in range(1, len(signature)):
        assert _verdict(signature[:end]).problem == "signature-broken"


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@given(st.binary(max_size=400))
def test_any_bytes_get_a_verdict(data: bytes) -> None:
    assert not _verdict(data).good


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@given(st.data())
def test_any_mixture_of_good_pieces_gets_a_verdict(data: st.DataObject) -> None:
    begin, end = sorted(data.draw(st.tuples(*[st.integers(0, len(SIGNATURE))] * 2)))
    at = data.draw(st.integers(0, len(SIGNATURE)))

    mixed = SIGNATURE[:at] + SIGNATURE[begin:end] + SIGNATURE[at:]

    status = _verdict(mixed)
    assert status.good == (begin == end)
    assert len(parts(status)) == 4


def _version(signature: bytes) -> der.Element:
    return der.read(signature).children()[1].children()[0].children()[0]


def _unused_bits_of_the_intermediate(signature: bytes) -> int:
    intermediate = the_issuer().certificate.public_bytes(Encoding.DER)
    return signature.index(intermediate) + der.read(intermediate).children()[2].content
