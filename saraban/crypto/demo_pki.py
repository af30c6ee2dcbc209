"""Certificates for demonstrations and tests: a root, an issuer below it, seals of agencies and officers' certificates.

Profile after RFC 5280; the seal as docs/wire.md section 1 asks; the officer's certificate is for document signing
(RFC 9336). A government installation gets its certificates from the national chain instead (`keys.signing_request`).
"""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from saraban.crypto.certificate import DOCUMENT_SIGNING
from saraban.crypto.cms import HeldKey, PrivateKey

_LONGEST_COMMON_NAME_OCTETS = 64
_TITLES = ("นางสาว", "นาง", "นาย")


def make_root(name: str, from_: datetime, to: datetime) -> HeldKey:
    """A self-signed root of this name (P-256)."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name([(NameOID.ORGANIZATION_NAME, name)], name), key, from_, to)
    builder = builder.issuer_name(_name([(NameOID.ORGANIZATION_NAME, name)], name))
    builder = _as_authority(builder, path_length=None)
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False)
    return HeldKey(key, builder.sign(key, hashes.SHA256()))


def make_issuer(root: HeldKey, name: str, from_: datetime, to: datetime) -> HeldKey:
    """An issuing authority below the root, as the national chain has one."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name([(NameOID.ORGANIZATION_NAME, name)], name), key, from_, to)
    return _issue(root, _as_authority(builder, path_length=0), key)


def issue_seal(
    issuer: HeldKey, name: str, mailbox: str, from_: datetime, to: datetime, *, key: PrivateKey | None = None
) -> HeldKey:
    """The seal of an agency: its Thai name as organisation, its mailbox as rfc822Name. A P-256 key is made unless one
    is given."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name([(NameOID.ORGANIZATION_NAME, name)], mailbox), key, from_, to)
    builder = _as_signer(builder, ExtendedKeyUsageOID.EMAIL_PROTECTION)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(mailbox)]), False)
    return _issue(issuer, builder, key)


def issue_officer(
    issuer: HeldKey,
    name: str,
    title: str,
    agency: str,
    from_: datetime,
    to: datetime,
    *,
    key: PrivateKey | None = None,
) -> HeldKey:
    """An officer's certificate for signing pages: the name in givenName and surname, the post as title, the agency as
    organisation."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    given, _, surname = name.strip().rpartition(" ")
    attributes = [(NameOID.ORGANIZATION_NAME, agency), (NameOID.TITLE, title)]
    attributes += [(NameOID.GIVEN_NAME, given), (NameOID.SURNAME, surname)]
    builder = _builder(_name(attributes, name), key, from_, to)
    return _issue(issuer, _as_signer(builder, DOCUMENT_SIGNING), key)


def issue_time_authority(issuer: HeldKey, name: str, from_: datetime, to: datetime) -> HeldKey:
    """A time-stamping authority; that its key does nothing else is critical (RFC 3161, 2.3)."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name([(NameOID.ORGANIZATION_NAME, name)], name), key, from_, to)
    builder = _as_signer(builder, ExtendedKeyUsageOID.TIME_STAMPING, critical=True)
    return _issue(issuer, builder, key)


def empty_list(issuer: HeldKey, from_: datetime, to: datetime) -> bytes:
    """The revocation list (RFC 5280, 5) of an authority that has revoked nothing, in DER."""
    identifier = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    named = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
    builder = builder.last_update(from_).next_update(to).add_extension(named, False)
    return builder.add_extension(x509.CRLNumber(1), False).sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _name(attributes: list[tuple[x509.ObjectIdentifier, str]], common_name: str) -> x509.Name:
    """A subject in Thailand. A common name over 64 octets, the library's limit, loses its title first and is then cut;
    the whole name stands in the attributes."""
    for title in _TITLES:
        if len(common_name.encode()) > _LONGEST_COMMON_NAME_OCTETS:
            common_name = common_name.removeprefix(title)
    while len(common_name.encode()) > _LONGEST_COMMON_NAME_OCTETS:
        common_name = common_name[:-1]
    named = [(NameOID.COUNTRY_NAME, "TH"), *attributes, (NameOID.COMMON_NAME, common_name)]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in named if value])


def _builder(subject: x509.Name, key: PrivateKey, from_: datetime, to: datetime) -> x509.CertificateBuilder:
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(from_)
        .not_valid_after(to)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
    )


def _as_authority(builder: x509.CertificateBuilder, path_length: int | None) -> x509.CertificateBuilder:
    usage = _key_usage(key_cert_sign=True, crl_sign=True)
    return builder.add_extension(x509.BasicConstraints(True, path_length), True).add_extension(usage, True)


def _as_signer(
    builder: x509.CertificateBuilder, purpose: x509.ObjectIdentifier, *, critical: bool = False
) -> x509.CertificateBuilder:
    usage = _key_usage(digital_signature=True, content_commitment=True)
    return (
        builder.add_extension(x509.BasicConstraints(False, None), True)
        .add_extension(usage, True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical)
    )


def _key_usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _issue(issuer: HeldKey, builder: x509.CertificateBuilder, key: PrivateKey) -> HeldKey:
    above = issuer.certificate
    identifier = above.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    named = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    certificate = builder.issuer_name(above.subject).add_extension(named, False).sign(issuer.key, hashes.SHA256())
    return HeldKey(key, certificate, (above, *issuer.chain))
