"""Building a detached CMS SignedData from a digest: RFC 5652 with the attributes of CAdES-B (ETSI EN 319 122-1).

One builder serves manifests, statements, the outer S/MIME signature and the signature inside a page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from saraban.crypto import der

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

ID_DATA = "1.2.840.113549.1.7.1"
ID_SIGNED_DATA = "1.2.840.113549.1.7.2"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
SIGNATURE_TIME_STAMP = "1.2.840.113549.1.9.16.2.14"
SHA256 = "2.16.840.1.101.3.4.2.1"
ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2"
RSA_ENCRYPTION = "1.2.840.113549.1.1.1"

_ECDSA_SHA256 = ec.ECDSA(hashes.SHA256())
_SMALLEST_RSA_BITS = 3072
_LARGEST_REST = 2048
"""What a signature has beside certificates: the largest is RSA of 8192 bits with its 1024 octets."""


def key_is_accepted(key: object) -> bool:
    """Is this a key that our seals use: ECDSA on P-256 or P-384, or RSA of 3072 bits and more (docs/wire.md, 1)?
    Takes a private or a public key."""
    if isinstance(key, (ec.EllipticCurvePrivateKey, ec.EllipticCurvePublicKey)):
        return isinstance(key.curve, (ec.SECP256R1, ec.SECP384R1))
    if isinstance(key, (rsa.RSAPrivateKey, rsa.RSAPublicKey)):
        return _SMALLEST_RSA_BITS <= key.key_size <= 8192
    return False


class SigningKey(Protocol):
    """A key that signs, wherever it lies, with its certificate and the certificates above it, nearest first; the root
    may be among them."""

    @property
    def certificate(self) -> x509.Certificate: ...

    @property
    def chain(self) -> tuple[x509.Certificate, ...]: ...

    def raw(self, data: bytes) -> bytes:
        """The signature over this data: ECDSA (in DER) or RSA PKCS #1 v1.5, with SHA-256."""
        ...


@dataclass(frozen=True)
class HeldKey:
    """An opened key with its certificate and the certificates above it, nearest first; the root may be among them."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> str:
        """The certificate in PEM."""
        return self.certificate.public_bytes(Encoding.PEM).decode("ascii")

    def raw(self, data: bytes) -> bytes:
        """The signature over this data: ECDSA (in DER) or RSA PKCS #1 v1.5, with SHA-256."""
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return self.key.sign(data, _ECDSA_SHA256)
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


class CmsSigner:
    """Makes signatures with one key. All that never changes between two signatures is encoded once."""

    def __init__(self, held: SigningKey) -> None:
        """Takes an opened key; a root in its chain is left out of what is made. Raises ValueError for a key of a kind
        that receivers do not accept."""
        certificate = held.certificate
        public = certificate.public_key()
        if not key_is_accepted(public):
            raise ValueError("the key must be ECDSA P-256 or P-384, or RSA of at least 3072 bits")
        self._raw = held.raw
        self._digest_algorithm = der.tlv(der.SEQUENCE, der.oid(SHA256))
        if isinstance(public, ec.EllipticCurvePublicKey):
            self._signature_algorithm = der.tlv(der.SEQUENCE, der.oid(ECDSA_WITH_SHA256))
        else:
            self._signature_algorithm = der.tlv(der.SEQUENCE, der.oid(RSA_ENCRYPTION), der.tlv(der.NULL))
        self._content_type = _attribute(CONTENT_TYPE, der.oid(ID_DATA))
        self._signing_certificate = _attribute(SIGNING_CERTIFICATE_V2, _signing_certificate_v2(certificate))
        self._signer_id = der.tlv(
            der.SEQUENCE, certificate.issuer.public_bytes(), _serial_number(certificate.serial_number)
        )
        sent = {certificate.public_bytes(Encoding.DER)}
        sent |= {above.public_bytes(Encoding.DER) for above in held.chain if above.issuer != above.subject}
        self._before_signer_infos = (
            der.tlv(der.INTEGER, b"\1")
            + der.set_of(self._digest_algorithm)
            + der.tlv(der.SEQUENCE, der.oid(ID_DATA))
            + der.tlv(der.CONTEXT_0, *sorted(sent))
        )

    @property
    def size(self) -> int:
        """Octets that a signature without time-stamp has at most."""
        return len(self._before_signer_infos) + len(self._signing_certificate) + len(self._signer_id) + _LARGEST_REST

    def sign(self, digest: bytes, at: datetime | None, stamp: Callable[[bytes], bytes | None] | None = None) -> bytes:
        """The signature over content with this SHA-256, as DER ContentInfo. `at` becomes the signing time; None leaves
        it out, as PAdES asks, where the time stands in the PDF (ETSI EN 319 142-1, 6.3). `stamp` is asked for a
        time-stamp over the signature (RFC 3161, appendix A), which stands beside it when it gives one."""
        if len(digest) != 32:
            raise ValueError("a SHA-256 has 32 octets")
        attributes = [self._content_type, self._signing_certificate]
        attributes.append(_attribute(MESSAGE_DIGEST, der.tlv(der.OCTET_STRING, digest)))
        if at is not None:
            attributes.append(_attribute(SIGNING_TIME, der.time(at)))
        # What is signed is the SET OF; what is sent is the same octets under the tag [0] (RFC 5652, 5.4).
        signed = der.set_of(*attributes)
        signature = self._raw(signed)
        token = stamp(signature) if stamp is not None else None
        signer_info = der.tlv(
            der.SEQUENCE,
            der.tlv(der.INTEGER, b"\1"),
            self._signer_id,
            self._digest_algorithm,
            bytes((der.CONTEXT_0,)) + signed[1:],
            self._signature_algorithm,
            der.tlv(der.OCTET_STRING, signature),
            der.tlv(der.CONTEXT_1, _attribute(SIGNATURE_TIME_STAMP, token)) if token is not None else b"",
        )
        signed_data = der.tlv(der.SEQUENCE, self._before_signer_infos, der.tlv(der.SET, signer_info))
        return der.tlv(der.SEQUENCE, der.oid(ID_SIGNED_DATA), der.tlv(der.CONTEXT_0, signed_data))


def _attribute(kind: str, value: bytes) -> bytes:
    return der.tlv(der.SEQUENCE, der.oid(kind), der.tlv(der.SET, value))


def _signing_certificate_v2(certificate: x509.Certificate) -> bytes:
    """SigningCertificateV2 of RFC 5035 with one ESSCertIDv2; its hash is SHA-256, the default that DER leaves out."""
    identified = der.tlv(der.SEQUENCE, der.tlv(der.OCTET_STRING, certificate.fingerprint(hashes.SHA256())))
    return der.tlv(der.SEQUENCE, der.tlv(der.SEQUENCE, identified))


def _serial_number(number: int) -> bytes:
    return der.tlv(der.INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))
