"""What issuers answer about single certificates (OCSP, RFC 6960): fetched ahead for those of our own signatures, and
kept as files beside the revocation lists, so that nobody is waited for while a letter is signed."""

from __future__ import annotations

import base64
import json
import logging
import threading
import time
import urllib.request
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from saraban.crypto import asn1fix
from saraban.crypto.keys import write_private

asn1fix.cure()

LARGEST_ANSWER = 100_000
FRESH_FOR = timedelta(hours=2)
"""An answer is fetched again after so long, or when it ends within that time."""
MOST_WANTED = 200
_WANTED = "wanted-answers.json"
_log = logging.getLogger(__name__)


class Answers:
    """The answers in a folder; what is there and is none of the issuer's about the certificate is as if it were not."""

    def __init__(self, folder: Path, *, timeout_seconds: float = 15.0) -> None:
        """Takes the folder, and how long an issuer may take to answer."""
        self._folder, self._timeout = folder, timeout_seconds
        self._opener = urllib.request.build_opener(_NoRedirect)
        self._lock = threading.Lock()

    def want(self, certificates: Iterable[Certificate]) -> None:
        """Remember those of the certificates whose issuers are among them and say where they answer (RFC 5280,
        4.2.2.1)."""
        pairs = [[_text(one.dump()), _text(issuer.dump())] for one, issuer in _with_issuers(list(certificates))]
        with self._lock:
            known = self._wanted()
            new = [pair for pair in pairs if pair not in known]
            if new:
                # Those of officers who are gone make room: their certificates are asked about no more.
                write_private(self._folder / _WANTED, json.dumps([*known, *new][-MOST_WANTED:]).encode())

    def refresh(self, now: datetime) -> int:
        """Ask about the wanted certificates whose answers are missing or old. Returns how many good answers came; who
        gives none is asked next time."""
        return sum(self._fetch(_certificate(one), _certificate(issuer), now) for one, issuer in self._wanted())

    def of(self, certificate: Certificate, others: Iterable[Certificate], at: datetime) -> bytes | None:
        """The issuer's answer in DER that the certificate is good, if there is one for this time."""
        for one, issuer in _with_issuers([certificate, *others]):
            if one.sha256 == certificate.sha256:
                ours, theirs = (x509.load_der_x509_certificate(cert.dump()) for cert in (one, issuer))
                return self._kept(ours, theirs, at)
        return None

    def _wanted(self) -> list[list[str]]:
        try:
            return [[str(part) for part in pair] for pair in json.loads((self._folder / _WANTED).read_bytes())]
        except FileNotFoundError:
            return []

    def _path(self, certificate: x509.Certificate) -> Path:
        return self._folder / f"answer-{certificate.fingerprint(hashes.SHA256()).hex()[:32]}.ocsp"

    def _kept(self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bytes | None:
        try:
            data = self._path(certificate).read_bytes()
        except FileNotFoundError:
            return None
        return data if _says_good(data, certificate, issuer, at) else None

    def _fetch(self, certificate: x509.Certificate, issuer: x509.Certificate, now: datetime) -> int:
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            return 0
        path = self._path(certificate)
        if self._kept(certificate, issuer, now + FRESH_FOR) and now.timestamp() - path.stat().st_mtime < (
            FRESH_FOR.total_seconds()
        ):
            return 0
        for address in Certificate.load(certificate.public_bytes(Encoding.DER)).ocsp_urls:
            try:
                data = self._asked(address, certificate, issuer)
            except (OSError, ValueError) as error:
                _log.warning("no answer about a certificate from %s: %s", address, error)
                continue
            if _says_good(data, certificate, issuer, now):
                write_private(path, data)
                return 1
            _log.warning("what %s answers is not that the certificate is good", address)
        return 0

    def _asked(self, address: str, certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
        if not address.startswith(("http://", "https://")):
            raise ValueError("no address of the web")
        # SHA-1 names the issuer here and proves nothing; it is what every responder knows (RFC 5019, 2.1.1).
        question = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1()).build()
        request = urllib.request.Request(
            address, question.public_bytes(Encoding.DER), {"Content-Type": "application/ocsp-request"}
        )
        until, data = time.monotonic() + self._timeout, b""
        with self._opener.open(request, timeout=self._timeout) as answer:
            while block := answer.read1(2**16):
                data += block
                if len(data) > LARGEST_ANSWER:
                    raise ValueError("too large")
                if time.monotonic() > until:
                    raise TimeoutError("too slow")
        return data


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The address in the certificate is asked, and no other."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _with_issuers(certificates: list[Certificate]) -> Iterator[tuple[Certificate, Certificate]]:
    for one in certificates:
        if one.self_issued or not one.ocsp_urls:
            continue
        issuer = next((other for other in certificates if other.subject == one.issuer and _signed(one, other)), None)
        if issuer is not None:
            yield one, issuer


def _signed(one: Certificate, issuer: Certificate) -> bool:
    ours, theirs = (x509.load_der_x509_certificate(cert.dump()) for cert in (one, issuer))
    return _is_issued_by(ours, theirs)


def _is_issued_by(one: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _says_good(data: bytes, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    """Is this an answer for that time, about this certificate, that it is good, by its issuer or by whom the issuer
    lets answer for it (RFC 6960, 3.2 and 4.2.2.2)?"""
    try:
        answer = ocsp.load_der_ocsp_response(data)
        if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return False
        asked = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, answer.hash_algorithm).build()
        told = (answer.serial_number, answer.issuer_name_hash, answer.issuer_key_hash)
        if told != (asked.serial_number, asked.issuer_name_hash, asked.issuer_key_hash):
            return False
        until = answer.next_update_utc
        if answer.this_update_utc > at or (until is not None and until < at):
            return False
        return answer.certificate_status is ocsp.OCSPCertStatus.GOOD and any(
            _is_signed_with(answer, signer) for signer in _responders(answer, issuer, at)
        )
    except (ValueError, TypeError):
        return False


def _responders(answer: ocsp.OCSPResponse, issuer: x509.Certificate, at: datetime) -> Iterator[x509.Certificate]:
    yield issuer
    for one in answer.certificates:
        try:
            purposes = one.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except x509.ExtensionNotFound:
            continue
        in_time = one.not_valid_before_utc <= at <= one.not_valid_after_utc
        if in_time and ExtendedKeyUsageOID.OCSP_SIGNING in purposes and _is_issued_by(one, issuer):
            yield one


def _is_signed_with(answer: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    key, hashed = signer.public_key(), answer.signature_hash_algorithm
    if hashed is None or isinstance(hashed, hashes.SHA1):
        return False
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(hashed))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), hashed)
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _text(der: bytes) -> str:
    return base64.b64encode(der).decode("ascii")


def _certificate(text: str) -> x509.Certificate:
    return x509.load_der_x509_certificate(base64.b64decode(text))
