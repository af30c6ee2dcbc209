"""File names from outside: what comes out can be shown and saved anywhere."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from saraban.domain.attachment import Digest, safe_name


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("แผนงาน ปี ๒๕๖๙.pdf", "แผนงาน ปี ๒๕๖๙.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\somjai\\งบ.xlsx", "งบ.xlsx"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("จดหมาย\r\nBcc: x@y.example", "จดหมายBcc_ x@y.example"),
        ("a\x00b.txt", "ab.txt"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ('a<b>:"c|?*.txt', "a_b___c___.txt"),
        (" .hidden. ", "hidden"),
        ("", "แฟ้มแนบ"),
        ("..", "แฟ้มแนบ"),
        ("folder/", "แฟ้มแนบ"),
        ("e\u200d\u0301.txt", "\u00e9.txt"),
    ],
)
def test_a_name_from_outside_becomes_a_plain_one(given_name: str, safe: str) -> None:
    assert safe_name(given_name) == safe


def test_a_long_thai_name_is_cut_between_letters_and_keeps_its_ending() -> None:
    name = safe_name("ก" * 500 + ".pdf")

    assert name.endswith("ก.pdf")
    assert 195 < len(name.encode()) <= 200


awkward = st.text(st.sampled_from("ก๑ำa.A /\\\r\n\x00\u202e\u200d\u0301:<>|?*เ\u0e33con"), max_size=40)


@given(st.text(max_size=300) | awkward)
@example("ก" * 66 + " " + "ข" * 20)
@example("a" * 199 + ". b")
def test_every_name_comes_out_fit_to_be_saved_anywhere(text: str) -> None:
    name = safe_name(text)

    assert 0 < len(name.encode()) <= 200
    assert not set(name) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for c in name)
    assert unicodedata.is_normalized("NFC", name)
    assert name == name.strip(" .")
    assert name.split(".")[0].lower() not in ("con", "prn", "aux", "nul", "com1", "lpt1")


@given(st.text(max_size=300) | awkward)
def test_a_safe_name_stays_as_it_is(text: str) -> None:
    assert safe_name(safe_name(text)) == safe_name(text)


@pytest.mark.parametrize("text", ["", "x", "0" * 63, "0" * 65, "A" * 64, "g" * 64, "0" * 64 + "\n"])
def test_what_is_no_digest_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Digest(text)


def test_a_digest_is_the_sha256_in_lower_case() -> None:
    assert str(Digest.of(b"")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert Digest.of(b"").raw.hex() == Digest.of(b"").hex
