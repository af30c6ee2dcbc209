"""What a certificate says: whose it is, which mailboxes are named in it, and whether it leads to a root of ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import verification
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

Roots = Sequence[str] | Callable[[], Sequence[str]]
# id-kp-documentSigning, RFC 9336.
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
SEALING = frozenset({ExtendedKeyUsageOID.EMAIL_PROTECTION})
SIGNING_PAGES = frozenset({DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION})


def signer_name(certificate: x509.Certificate) -> str:
    """Who holds it, for a person to read: the officer's whole name, else the common name, else the organisation. A
    common name that is only a mailbox gives way to the organisation."""
    surname, common = _first(certificate, NameOID.SURNAME), _first(certificate, NameOID.COMMON_NAME)
    if surname:
        return f"{_first(certificate, NameOID.GIVEN_NAME)} {surname}".strip()
    organisation = _first(certificate, NameOID.ORGANIZATION_NAME)
    return organisation if organisation and (not common or "@" in common) else common


def mailboxes(certificate: x509.Certificate) -> tuple[str, ...]:
    """The rfc822Names in subjectAltName, as written; none when the extension is missing."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(names.get_values_for_type(x509.RFC822Name))


def may_sign(certificate: x509.Certificate) -> bool:
    """Does its key usage allow signatures? A certificate without the extension may be used for anything (RFC 5280,
    4.2.1.3)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def der_of_pem(pem: str) -> bytes | None:
    """The DER of the first certificate in the text; None when there is no certificate in it."""
    return _der_of_pem(pem)


@lru_cache(maxsize=4096)
def _der_of_pem(pem: str) -> bytes | None:
    try:
        return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
    except ValueError:
        return None


class RootStore:
    """The configured roots. They may be given as a callable, which is asked at every check, so that an administrator
    can change them without a restart; what it gives is parsed only when it changed."""

    def __init__(self, roots: Roots) -> None:
        """Takes PEM texts, each with one certificate or more."""
        self._roots = roots
        self._seen: tuple[str, ...] = ()
        self._store: verification.Store | None = None

    @property
    def empty(self) -> bool:
        """Is there no root at all?"""
        return self._current() is None

    def leads_here(
        self,
        certificate: x509.Certificate,
        others: Sequence[x509.Certificate],
        at: datetime,
        purposes: frozenset[ObjectIdentifier],
    ) -> bool:
        """Does a chain (RFC 5280, 6) lead from the certificate over some of the others to a root, all of them valid at
        that time, with a key usage for signing and, where extended key usages are named, one of the purposes?"""
        store = self._current()
        if store is None:
            return False
        authority = verification.ExtensionPolicy.webpki_defaults_ca()
        policy = verification.PolicyBuilder().store(store).time(at)
        policy = policy.extension_policies(ca_policy=authority, ee_policy=_signer_policy(purposes))
        try:
            policy.build_client_verifier().verify(certificate, list(others))
        except (verification.VerificationError, ValueError):
            return False
        return True

    def _current(self) -> verification.Store | None:
        texts = tuple(self._roots() if callable(self._roots) else self._roots)
        if texts != self._seen:
            certificates = [c for text in texts for c in x509.load_pem_x509_certificates(text.encode())]
            self._store = verification.Store(certificates) if certificates else None
            self._seen = texts
        return self._store


def inside_validity(certificate: x509.Certificate, moment: datetime) -> datetime:
    """The moment, or the nearest one at which the certificate was valid. Thereby "does it lead to a root?" and "was it
    in time?" stay two questions with two answers."""
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return min(max(moment, begin), end - timedelta(seconds=1))


@lru_cache(maxsize=8)
def _signer_policy(purposes: frozenset[ObjectIdentifier]) -> verification.ExtensionPolicy:
    def usage(_: verification.Policy, __: x509.Certificate, extension: x509.KeyUsage | None) -> None:
        if extension is None or not (extension.digital_signature or extension.content_commitment):
            raise ValueError("keyUsage does not allow signatures")

    def extended(_: verification.Policy, __: x509.Certificate, extension: x509.ExtendedKeyUsage | None) -> None:
        accepted = purposes | {ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
        if extension is not None and not accepted & set(extension):
            raise ValueError("extendedKeyUsage names other purposes")

    agnostic = verification.Criticality.AGNOSTIC
    policy = verification.ExtensionPolicy.permit_all()
    policy = policy.require_present(x509.KeyUsage, agnostic, usage)
    return policy.may_be_present(x509.ExtendedKeyUsage, agnostic, extended)


def _first(certificate: x509.Certificate, oid: ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""
