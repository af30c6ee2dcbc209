"""Issuers' answers about single certificates: fetched ahead from a responder on loopback, and put into our letters."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from saraban.crypto import answers, keys
from saraban.crypto.answers import Answers
from saraban.crypto.cms import HeldKey
from saraban.crypto.page_check import check_pages
from saraban.crypto.page_proof import ListedProofs
from saraban.crypto.revocation import RevocationLists
from saraban.domain.page_signature import Standing
from saraban.rendering.pdfa import to_pdfa
from tests.crypto.authority import dummy, long_lived_root, served
from tests.crypto.ministry import AT, NAME, YEAR, another_root, the_issuer, the_officer, the_root
from tests.crypto.signing_others import HOUR, a_list, an_answer, issued_anew, trust
from tests.crypto.test_proven_pages import sign
from tests.crypto.test_signed_pages import PASSPHRASE, PERSON, shapes
from tests.crypto.test_timestamps import stamper

DAY = timedelta(days=1)


class Responder:
    """An issuer's responder on loopback: how it answers, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[ocsp.OCSPRequest] = []
        self.address, self.status = "", 200
        self.answer: Callable[[], bytes] = lambda: b""


@contextmanager
def answering() -> Iterator[Responder]:
    """A responder that is asked by POST (RFC 6960, A.1)."""
    place = Responder()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/ocsp-request"
            place.asked.append(ocsp.load_der_ocsp_request(self.rfile.read(int(self.headers["Content-Length"]))))
            given = place.answer()
            self.send_response(place.status)
            if place.status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(given)))
            self.end_headers()
            self.wfile.write(given)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    place.address = f"http://127.0.0.1:{server.server_port}/ocsp"
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def place() -> Iterator[Responder]:
    with answering() as made:
        yield made


@pytest.fixture
def officer(place: Responder) -> HeldKey:
    """The officer, whose certificate names the responder, which says that it is good."""
    access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(place.address))
    made = issued_anew(the_officer(), the_issuer(), x509.AuthorityInformationAccess([access]))
    given = an_answer(made, the_issuer())
    place.answer = lambda: given
    return made


@pytest.fixture
def kept(tmp_path: Path, officer: HeldKey) -> Answers:
    """The answers of an installation whose signatures need one about the officer."""
    made = Answers(tmp_path, timeout_seconds=2)
    made.want([certificate(officer), certificate(the_issuer())])
    return made


def certificate(held: HeldKey) -> Certificate:
    return Certificate.load(held.certificate.public_bytes(Encoding.DER))


def said(kept: Answers, officer: HeldKey, at: datetime = AT) -> bytes | None:
    return kept.of(certificate(officer), [certificate(the_issuer())], at)


def test_an_answer_is_fetched_once_kept_and_asked_for_again_when_it_is_old(
    kept: Answers, officer: HeldKey, place: Responder, tmp_path: Path
) -> None:
    assert said(kept, officer) is None
    assert kept.refresh(AT) == 1
    [asked] = place.asked
    assert asked.serial_number == officer.certificate.serial_number
    assert said(kept, officer) == said(kept, officer, AT + DAY) == place.answer()
    assert (said(kept, officer, AT - HOUR), said(kept, officer, AT + 2 * YEAR)) == (None, None)

    kept.want([certificate(officer), certificate(the_issuer())])
    assert (kept.refresh(AT), len(place.asked)) == (0, 1)
    for path in tmp_path.glob("answer-*"):
        os.utime(path, ((AT - DAY).timestamp(),) * 2)
    assert (kept.refresh(AT), len(place.asked)) == (1, 2)


def by_a_responder_of(issuer: HeldKey, officer: HeldKey, *purposes: x509.ObjectIdentifier) -> bytes:
    """An answer that the issuer leaves to somebody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name.from_rfc4514_string("CN=responder")
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer.certificate.subject)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(AT - DAY).not_valid_after(AT + DAY)
    signer = builder.add_extension(x509.ExtendedKeyUsage(purposes), False).sign(issuer.key, hashes.SHA256())
    made = ocsp.OCSPResponseBuilder().add_response(
        officer.certificate, the_issuer().certificate, hashes.SHA1(), ocsp.OCSPCertStatus.GOOD, AT, AT + DAY, None, None
    )
    made = made.responder_id(ocsp.OCSPResponderEncoding.HASH, signer).certificates([signer])
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_an_issuer_may_let_another_answer(kept: Answers, officer: HeldKey, place: Responder) -> None:
    place.answer = lambda: by_a_responder_of(the_issuer(), officer, ExtendedKeyUsageOID.OCSP_SIGNING)

    assert kept.refresh(AT) == 1
    assert said(kept, officer) is not None


UNFIT: dict[str, Callable[[HeldKey], bytes]] = {
    "nothing": lambda officer: b"",
    "no answer": lambda officer: b"<html>",
    "too much": lambda officer: bytes(answers.LARGEST_ANSWER + 1),
    "revoked": lambda officer: an_answer(officer, the_issuer(), revoked=AT - DAY),
    "about another": lambda officer: an_answer(the_officer(), the_issuer()),
    "of the future": lambda officer: an_answer(officer, the_issuer(), at=AT + DAY),
    "ended": lambda officer: an_answer(officer, the_issuer(), at=AT - 2 * YEAR),
    "by a stranger": lambda officer: an_answer(officer, HeldKey(another_root().key, the_issuer().certificate, ())),
    "by a responder of a stranger": lambda officer: by_a_responder_of(
        another_root(), officer, ExtendedKeyUsageOID.OCSP_SIGNING
    ),
    "by somebody who may not answer": lambda officer: by_a_responder_of(
        the_issuer(), officer, ExtendedKeyUsageOID.CLIENT_AUTH
    ),
    "try later": lambda officer: ocsp.OCSPResponseBuilder.build_unsuccessful(
        ocsp.OCSPResponseStatus.TRY_LATER
    ).public_bytes(Encoding.DER),
}


@pytest.mark.parametrize("kind", UNFIT)
def test_what_is_no_good_answer_is_not_kept_and_a_good_one_stays(
    kept: Answers, officer: HeldKey, place: Responder, kind: str
) -> None:
    good, place.answer = place.answer, lambda: UNFIT[kind](officer)
    assert (kept.refresh(AT), said(kept, officer)) == (0, None)
    place.answer = good

    assert kept.refresh(AT) == 1 and said(kept, officer) == good()


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_responder_that_does_not_answer_is_asked_next_time(
    kept: Answers, officer: HeldKey, place: Responder, status: int
) -> None:
    place.status = status

    assert (kept.refresh(AT), said(kept, officer)) == (0, None)


def test_nobody_is_asked_about_certificates_that_ended_or_name_no_responder(tmp_path: Path, place: Responder) -> None:
    kept = Answers(tmp_path)
    kept.want([certificate(the_officer()), certificate(the_issuer()), certificate(the_root())])

    assert kept.refresh(AT) == 0 and place.asked == []


def test_a_letter_carries_the_answer_and_is_good_years_later_without_any_list_of_that_issuer(
    tmp_path: Path, officer: HeldKey, place: Responder
) -> None:
    keys.store_officer(tmp_path / "keys", PERSON, officer, PASSPHRASE, kdf_rounds=1)
    letter = to_pdfa(shapes(595, 842, pages=2), title="เรื่องทดสอบ", author=NAME, at=AT, data=b"{}")
    with served(dummy()) as url:
        made = sign(letter, tmp_path / "keys", stamper(url))
    folder = tmp_path / "crls"
    folder.mkdir()
    for number, one in enumerate((the_root(), long_lived_root())):
        (folder / f"{number}.crl").write_bytes(a_list(one, at=AT, lasts=YEAR))
    lists = RevocationLists(folder, timeout_seconds=2)
    proofs = ListedProofs(lists)
    assert proofs.prove(made.pdf, AT + HOUR) is None, "nothing is known of the officer's issuer"

    assert lists.refresh(AT) == 1
    proven = proofs.prove(made.pdf, AT + HOUR)

    assert proven is not None
    [found] = check_pages(proven, replace(trust(), crls=[]), AT + 5 * YEAR).signatures
    assert found.standing is Standing.GOOD
