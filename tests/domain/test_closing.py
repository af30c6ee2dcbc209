"""The roots of closes: the tree of RFC 9162, computed here once more by its own words."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.domain.attachment import Digest
from saraban.domain.closing import LedgerLine, merkle_root

LEAVES = [b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43", bytes(range(0x50, 0x58))]
LEAVES.append(bytes(range(0x60, 0x70)))

# The roots of the first n of these leaves, as the test data of Certificate Transparency has them since 2013.
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def _reference(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, section 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + _reference(leaves[:k]) + _reference(leaves[k:])).digest()


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_root_is_that_of_the_published_vectors(size: int) -> None:
    assert merkle_root(LEAVES[:size]).hex == ROOTS[size]


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_the_root_is_that_of_the_recursion_in_the_rfc(leaves: list[bytes]) -> None:
    assert merkle_root(leaves).raw == _reference(leaves)


@given(st.lists(st.binary(min_size=1, max_size=8), min_size=1, max_size=20), st.data())
def test_the_root_changes_when_a_leaf_is_altered_left_out_or_moved(leaves: list[bytes], data: st.DataObject) -> None:
    root, place = merkle_root(leaves), data.draw(st.integers(0, len(leaves) - 1))
    altered = [*leaves[:place], leaves[place] + b"x", *leaves[place + 1 :]]
    shorter = leaves[:place] + leaves[place + 1 :]
    turned = leaves[::-1]

    assert merkle_root(altered) != root != merkle_root(shorter)
    assert (merkle_root(turned) == root) is (turned == leaves)


def test_a_root_over_roots_is_no_root_over_lines() -> None:
    """Leaves and nodes are hashed apart, so that nobody passes two hashes off as one line."""
    one, two = (hashlib.sha256(b"\x00" + leaf).digest() for leaf in (b"a", b"b"))

    assert merkle_root([one + two]) != merkle_root([b"a", b"b"])


LINE = LedgerLine(7, UUID(int=3), UUID(int=4), 12, "number.taken", Digest.of(b"line"))


def test_a_line_of_the_ledger_is_hashed_as_it_is_written_down() -> None:
    assert LINE.leaf().decode() == f"7:12:number.taken:{Digest.of(b'line').hex}"


@pytest.mark.parametrize(
    "change", [{"seq": 8}, {"serial": 13}, {"name": "number.voided"}, {"line": Digest.of(b"other")}]
)
def test_what_happened_to_a_number_cannot_be_told_otherwise_under_the_same_root(change: dict[str, object]) -> None:
    assert merkle_root([replace(LINE, **change).leaf()]) != merkle_root([LINE.leaf()])  # type: ignore[arg-type]
