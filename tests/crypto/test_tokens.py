"""Officers' keys on a token (PKCS#11), with SoftHSM as the token: the key never leaves it, the PIN opens it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from saraban.crypto import keys
from saraban.crypto.demo_pki import issue_officer
from saraban.crypto.officer_keys import OfficerKeys, card_path, store_card
from saraban.crypto.pades import OfficerPages
from saraban.crypto.page_check import check_pages
from saraban.domain.errors import BadInput, NotFound, RuleBroken, WrongPassphrase
from tests.crypto.ministry import AT, NAME, YEAR, rsa_key, the_issuer, the_officer, the_seal
from tests.crypto.signing_others import a_paper, trust
from tests.crypto.soft_token import PIN, Token, in_pem, the_token
from tests.crypto.test_page_verdicts import openssl_agrees, pdfsig
from tests.crypto.test_signed_pages import BLOCK, PASSPHRASE, PERSON, SECOND, shapes


@pytest.fixture
def token() -> Token:
    """The soft token."""
    return the_token()


def _pages(folder: Path, token: Token | None) -> OfficerPages:
    officers = OfficerKeys(folder, token.module if token is not None else None)
    return OfficerPages(officers, lambda block, _: shapes(block.x1 - block.x0, block.y1 - block.y0))


def _sign(folder: Path, token: Token | None, pin: str = PIN) -> bytes:
    pages = _pages(folder, token)
    return pages.sign(a_paper(), person_id=PERSON, passphrase=pin, block=replace(BLOCK, page=0), at=AT).pdf


@pytest.mark.parametrize("label", ["ec", "rsa"])
def test_a_key_on_a_token_signs_as_good_as_one_in_a_file(token: Token, label: str, tmp_path: Path) -> None:
    store_card(tmp_path, PERSON, "exec1", label, in_pem(token.held[label]))

    signed = _sign(tmp_path, token)

    [found] = check_pages(signed, trust(), AT).signatures
    assert found.holds and found.trusted.is_true and found.certificate.is_true, found
    assert found.serial == f"{token.held[label].certificate.serial_number:x}"
    assert "Signature is Valid" in pdfsig(signed, tmp_path)
    assert openssl_agrees(signed, tmp_path)


def test_the_pin_is_asked_for_every_signature(token: Token, tmp_path: Path) -> None:
    store_card(tmp_path, PERSON, "exec1", "ec", in_pem(token.held["ec"]))
    pages = _pages(tmp_path, token)

    pages.check(PERSON, PIN)
    with pytest.raises(WrongPassphrase):
        pages.check(PERSON, "9999")
    with pytest.raises(WrongPassphrase):
        _sign(tmp_path, token, "")
    assert _sign(tmp_path, token)


def test_what_is_not_on_the_token_or_not_there_is_told(token: Token, tmp_path: Path) -> None:
    store_card(tmp_path, PERSON, "exec1", "no-such-key", in_pem(token.held["ec"]))
    with pytest.raises(NotFound, match="ไม่พบกุญแจลงนามในโทเคน"):
        _sign(tmp_path, token)
    store_card(tmp_path, PERSON, "exec2", "ec", in_pem(token.held["ec"]))
    with pytest.raises(NotFound, match="ไม่พบโทเคน"):
        _sign(tmp_path, token)


def test_a_card_of_another_key_makes_no_signature_that_holds(token: Token, tmp_path: Path) -> None:
    """The key on the token is not that of the certificate on the card."""
    store_card(tmp_path, PERSON, "exec1", "ec", in_pem(the_seal()))

    with pytest.raises(RuleBroken, match="ไม่ใช่กุญแจของใบรับรอง"):
        _sign(tmp_path, token)


def test_the_token_goes_before_a_file_and_others_keep_theirs(token: Token, tmp_path: Path) -> None:
    for person in (PERSON, SECOND):
        keys.store_officer(tmp_path, person, the_officer(), PASSPHRASE, kdf_rounds=1)
    store_card(tmp_path, PERSON, "exec1", "ec", in_pem(token.held["ec"]))
    pages = _pages(tmp_path, token)

    with pytest.raises(WrongPassphrase):
        pages.check(PERSON, PASSPHRASE)
    pages.check(SECOND, PASSPHRASE)


# --- without a token ------------------------------------------------------------------------------------------------


def test_a_card_without_a_driver_says_what_is_to_be_set(tmp_path: Path) -> None:
    store_card(tmp_path, PERSON, "exec1", "ec", in_pem(the_officer()))

    with pytest.raises(RuleBroken, match="SARABAN_PKCS11_MODULE"):
        _sign(tmp_path, None)


def test_a_card_is_written_for_the_owner_alone_and_only_with_what_can_sign(tmp_path: Path) -> None:
    store_card(tmp_path, PERSON, "exec1", "ec", in_pem(the_officer()))
    assert card_path(tmp_path, PERSON).stat().st_mode & 0o777 == 0o600

    small = issue_officer(the_issuer(), "ก ข", "ค", NAME, AT - YEAR, AT + YEAR, key=rsa_key(2048))
    for token, key, certificates in (
        ("", "ec", in_pem(the_officer())),
        ("exec1", " ", in_pem(the_officer())),
        ("exec1", "ec", b"nothing"),
        ("exec1", "ec", in_pem(small)),
        ("exec1", "ec", in_pem(the_issuer())),
    ):
        with pytest.raises(BadInput):
            store_card(tmp_path, PERSON, token, key, certificates)
