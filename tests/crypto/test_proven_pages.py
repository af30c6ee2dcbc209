"""Our signatures with what proves them: a time-stamp (B-T), certificates and revocation lists (B-LT), several in a row
with the agency's seal last; and what happens when the authority does not answer."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import page as conformance
import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from saraban.crypto import keys, page_proof
from saraban.crypto.demo_pki import issue_officer
from saraban.crypto.officer_keys import OfficerKeys
from saraban.crypto.pades import OfficerPages
from saraban.crypto.page_check import HereChecker, check_pages
from saraban.crypto.page_proof import ListedProofs
from saraban.crypto.page_seal import AgencyPages
from saraban.crypto.page_trust import Trust
from saraban.crypto.revocation import RevocationLists
from saraban.crypto.seal import FileSeals
from saraban.domain.attachment import Digest
from saraban.domain.page_signature import Change, Standing
from saraban.rendering.pdfa import to_pdfa
from saraban.usecases.proofs import SignedPage, TimeStamper, TimeStampStatus
from tests.crypto.authority import dummy, long_lived_root, served, the_authority
from tests.crypto.ministry import AT, NAME, YEAR, rsa_key, the_issuer, the_officer, the_seal
from tests.crypto.signing_others import HOUR, a_list, fresh_lists, trust
from tests.crypto.test_page_verdicts import openssl_agrees, pdfsig
from tests.crypto.test_signed_pages import BLOCK, PASSPHRASE, PERSON, SECOND, shapes
from tests.crypto.test_timestamps import stamper


@pytest.fixture(scope="module")
def letter() -> bytes:
    """A letter of two pages as PDF/A-3u, with drawn shapes only."""
    return to_pdfa(shapes(595, 842, pages=2), title="เรื่องทดสอบ", author=NAME, at=AT, data=b"{}")


@pytest.fixture(scope="module")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two officers, the second with RSA, and the ministry's seal."""
    folder = tmp_path_factory.mktemp("keys")
    second = issue_officer(the_issuer(), "นายสมชาย มั่นคงทดสอบ", "อธิบดี", NAME, AT - YEAR, AT + YEAR, key=rsa_key(3072))
    for person, officer in ((PERSON, the_officer()), (SECOND, second)):
        keys.store_officer(folder, person, officer, PASSPHRASE, kdf_rounds=1000)
    keys.store_seal(folder, "MIN", the_seal(), "master")
    return folder


@pytest.fixture(scope="module")
def authority() -> Iterator[TimeStamper]:
    """An authority on loopback."""
    with served(dummy()) as url:
        yield stamper(url)


def sign(
    pdf: bytes, key_folder: Path, authority: TimeStamper | None, person: object = PERSON, at: datetime = AT
) -> SignedPage:
    pages = OfficerPages(
        OfficerKeys(key_folder), lambda block, _: shapes(block.x1 - block.x0, block.y1 - block.y0), authority
    )
    return pages.sign(pdf, person_id=person, passphrase=PASSPHRASE, block=BLOCK, at=at)  # type: ignore[arg-type]


def seal(pdf: bytes, key_folder: Path, authority: TimeStamper | None) -> SignedPage:
    pages = AgencyPages(FileSeals(key_folder, "master"), HereChecker(Trust()), authority)
    return pages.seal_page(pdf, agency_code="MIN", box=None, drawn=None, reason="ออกหนังสือ", at=AT)


def all_lists(at: datetime = AT, lasts: timedelta = YEAR) -> list[bytes]:
    """The lists of all authorities there are: of the signers' and of the time-stamper's."""
    return [*fresh_lists(at=at), a_list(long_lived_root(), at=at, lasts=lasts)]


def kept(folder: Path, lists: Sequence[bytes]) -> RevocationLists:
    """These lists in a folder."""
    for number, one in enumerate(lists):
        (folder / f"{number}.crl").write_bytes(one)
    return RevocationLists(folder)


def test_a_signature_is_time_stamped_and_everybody_finds_it_good(
    letter: bytes, key_folder: Path, authority: TimeStamper, tmp_path: Path
) -> None:
    made = sign(letter, key_folder, authority)

    assert (made.stamped_at, made.trouble) == (AT, "")
    [found] = check_pages(made.pdf, trust(), AT).signatures
    assert (found.standing, found.stamped_by) == (Standing.GOOD, "ผู้ประทับรับรองเวลา")
    assert "Signature is Valid" in pdfsig(made.pdf, tmp_path)
    assert openssl_agrees(made.pdf, tmp_path)
    [signature] = PdfFileReader(io.BytesIO(made.pdf)).embedded_regular_signatures
    roots = [_asn1(trust_root) for trust_root in (the_officer().chain[-1], long_lived_root().certificate)]
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=roots, allow_fetching=False, moment=AT))
    assert status.bottom_line, status.summary()
    assert status.timestamp_validity is not None and status.timestamp_validity.timestamp == AT


def test_a_stamped_page_is_still_pdf_a_and_so_it_is_with_its_proofs(
    letter: bytes, key_folder: Path, authority: TimeStamper, tmp_path: Path
) -> None:
    made = sign(letter, key_folder, authority)
    proven = ListedProofs(kept(tmp_path, all_lists())).prove(made.pdf, AT)
    assert proven is not None

    assert conformance.validate_pdf_bytes(made.pdf, profile="3u").is_compliant
    findings = conformance.validate_pdf_bytes(proven, profile="3u").to_dict()["failures"]
    # What proves a signature comes behind it; this validator (0.11) asks it to cover that too.
    assert {finding["rule_id"] for finding in findings} <= {"PDFA3U-SIGNATURE-BYTERANGE-001"}


def test_a_silent_authority_keeps_no_letter_from_being_signed_and_is_told(letter: bytes, key_folder: Path) -> None:
    made = sign(letter, key_folder, stamper("http://127.0.0.1:9/tsa", timeout_seconds=1))

    assert made.stamped_at is None and "ผู้ประทับรับรองเวลา" in made.trouble
    [found] = check_pages(made.pdf, trust(), AT).signatures
    assert found.holds and found.time.value is None


def test_an_unfit_answer_is_not_put_into_the_letter(letter: bytes, key_folder: Path) -> None:
    with served(lambda query: b"no time-stamp") as url:
        made = sign(letter, key_folder, stamper(url))

    assert made.stamped_at is None and "อ่านคำตอบไม่ได้" in made.trouble
    [found] = check_pages(made.pdf, trust(), AT).signatures
    assert found.holds


class Bloated:
    """An authority whose token is larger than the place that is kept for it."""

    def stamp(self, digest: Digest) -> bytes:
        del digest
        return bytes(60_000)

    def check(self, token: bytes, digest: Digest) -> TimeStampStatus:
        raise AssertionError("nobody asks")


def test_a_token_that_does_not_fit_is_left_out_and_told(letter: bytes, key_folder: Path) -> None:
    made = sign(letter, key_folder, Bloated())

    assert made.stamped_at is None and "ใหญ่ผิดปกติ" in made.trouble
    assert check_pages(made.pdf, trust(), AT).signatures[0].holds


def test_without_an_authority_no_place_is_kept_for_a_token(letter: bytes, key_folder: Path) -> None:
    assert len(sign(letter, key_folder, None).pdf) < len(letter) + 30_000


def test_with_its_proofs_a_signature_is_good_years_later_without_any_lists(
    letter: bytes, key_folder: Path, authority: TimeStamper, tmp_path: Path
) -> None:
    proven = ListedProofs(kept(tmp_path, all_lists())).prove(sign(letter, key_folder, authority).pdf, AT + HOUR)
    assert proven is not None

    [found] = check_pages(proven, replace(trust(), crls=[]), AT + 5 * YEAR).signatures

    assert (found.standing, found.changes) == (Standing.GOOD, (Change.PROOF_ADDED,))


@pytest.mark.parametrize(
    ("lists", "stamped"),
    [
        (all_lists(), False),
        ([], True),
        (all_lists()[:2], True),
        (all_lists(at=AT - YEAR, lasts=HOUR), True),
        (all_lists(at=AT + YEAR), True),
    ],
    ids=["no-stamp", "no-lists", "none-of-the-authority", "old", "of-the-future"],
)
def test_proofs_that_are_not_whole_are_not_added(
    letter: bytes, key_folder: Path, authority: TimeStamper, lists: list[bytes], stamped: bool, tmp_path: Path
) -> None:
    made = sign(letter, key_folder, authority if stamped else None)

    assert ListedProofs(kept(tmp_path, lists)).prove(made.pdf, AT) is None


def test_lists_that_are_too_large_for_a_letter_stay_at_home(
    letter: bytes, key_folder: Path, authority: TimeStamper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, lists = sign(letter, key_folder, authority), all_lists()
    proofs = ListedProofs(kept(tmp_path, lists))
    assert proofs.prove(made.pdf, AT) is not None
    monkeypatch.setattr(page_proof, "LARGEST_LISTS", sum(map(len, lists)) - 1)

    assert proofs.prove(made.pdf, AT) is None


def test_two_officers_sign_and_the_seal_comes_last_and_all_stay_good(
    letter: bytes, key_folder: Path, authority: TimeStamper, tmp_path: Path
) -> None:
    first = sign(letter, key_folder, authority)
    second = sign(first.pdf, key_folder, authority, SECOND)
    sealed = seal(second.pdf, key_folder, authority)
    proven = ListedProofs(kept(tmp_path, all_lists())).prove(sealed.pdf, AT)
    assert proven is not None

    for pdf in (sealed.pdf, proven):
        found = check_pages(pdf, trust(), AT).signatures
        assert [one.standing for one in found] == [Standing.GOOD] * 3
        assert [one.signer for one in found] == ["นางสาวสมหญิง ใจทดสอบ", "นายสมชาย มั่นคงทดสอบ", NAME]
        assert pdfsig(pdf, tmp_path).count("Signature is Valid.") == 3
    assert sealed.pdf.startswith(second.pdf) and second.pdf.startswith(first.pdf), "nothing earlier is touched"


def _asn1(certificate: object) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))  # type: ignore[attr-defined]


def test_the_authority_of_these_tests_is_not_the_officers_issuer() -> None:
    """Else a list of the one would do for the other, and nothing above would be proven."""
    issuers = {held.chain[-1].subject for held in (the_officer(), the_authority())}

    assert len(issuers) == 2
