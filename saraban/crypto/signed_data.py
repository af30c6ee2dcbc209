"""Reading a detached CMS SignedData (RFC 5652) that somebody else made, and trying its signature.

Nothing here judges trust or time; see `verify.py`. What does not follow the standard raises Malformed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256, sha384, sha512

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from saraban.crypto import cms, der
from saraban.crypto.der import Element, Malformed

LARGEST = 262_144
MOST_CERTIFICATES = 10

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_HASH_OIDS = {
    der.oid_content(cms.SHA256): "sha256",
    der.oid_content("2.16.840.1.101.3.4.2.2"): "sha384",
    der.oid_content("2.16.840.1.101.3.4.2.3"): "sha512",
}
_ECDSA_OIDS = {
    der.oid_content(cms.ECDSA_WITH_SHA256): "sha256",
    der.oid_content("1.2.840.10045.4.3.3"): "sha384",
    der.oid_content("1.2.840.10045.4.3.4"): "sha512",
}
_RSA_OIDS = {
    der.oid_content("1.2.840.113549.1.1.11"): "sha256",
    der.oid_content("1.2.840.113549.1.1.12"): "sha384",
    der.oid_content("1.2.840.113549.1.1.13"): "sha512",
}
_RSA_PLAIN = der.oid_content(cms.RSA_ENCRYPTION)
_RSA_PSS = der.oid_content("1.2.840.113549.1.1.10")
_MGF1 = der.oid_content("1.2.840.113549.1.1.8")
_SUBJECT_KEY_IDENTIFIER = 0x80
_DEFAULT_SALT = 20


@dataclass(frozen=True)
class SignedData:
    """What stands in a signature with one signer. `hash_name` is "sha256", "sha384" or "sha512"; `attributes` are the
    octets that were signed; `algorithm` is the signature's AlgorithmIdentifier; `others` are the certificates sent
    along; `bound` tells whether signingCertificateV2 names the certificate (None when the attribute is missing)."""

    certificate: x509.Certificate
    certificate_der: bytes
    others: tuple[x509.Certificate, ...]
    hash_name: str
    message_digest: bytes
    signing_time: datetime | None
    bound: bool | None
    attributes: bytes
    algorithm: Element
    signature: bytes

    def digest_of(self, content: bytes) -> bytes:
        """The digest of the content with the hash that the signer used."""
        return {"sha256": sha256, "sha384": sha384, "sha512": sha512}[self.hash_name](content).digest()

    def key_made_it(self) -> bool:
        """Did the key of the certificate make this signature, with an algorithm on the list of those allowed? The list
        is ECDSA on P-256 or P-384 and RSA from 3072 bits (PKCS #1 v1.5 or PSS), with SHA-256, 384 or 512."""
        public, hash_algorithm = self.certificate.public_key(), _HASHES[self.hash_name]
        if not cms.key_is_accepted(public):
            return False
        kind, parameters = _algorithm(self.algorithm)
        try:
            if isinstance(public, ec.EllipticCurvePublicKey):
                if _ECDSA_OIDS.get(kind) != self.hash_name or parameters is not None:
                    return False
                public.verify(self.signature, self.attributes, ec.ECDSA(hash_algorithm))
                return True
            if isinstance(public, rsa.RSAPublicKey):
                scheme = self._rsa_padding(kind, parameters)
                if scheme is None:
                    return False
                public.verify(self.signature, self.attributes, scheme, hash_algorithm)
                return True
        except (InvalidSignature, UnsupportedAlgorithm, ValueError):
            return False
        return False

    def _rsa_padding(self, kind: bytes, parameters: Element | None) -> padding.PSS | padding.PKCS1v15 | None:
        if kind == _RSA_PSS and parameters is not None:
            return padding.PSS(padding.MGF1(_HASHES[self.hash_name]), _pss_salt_length(parameters, self.hash_name))
        named_or_plain = kind == _RSA_PLAIN or _RSA_OIDS.get(kind) == self.hash_name
        without_parameters = parameters is None or (parameters.tag == der.NULL and not parameters.inside)
        return padding.PKCS1v15() if named_or_plain and without_parameters else None


def read_signed_data(data: bytes) -> SignedData:
    """Read a detached signature. Raises Malformed when it is not SignedData of exactly one signer with signed
    attributes over content that is not included."""
    if len(data) > LARGEST:
        raise Malformed("too large", "ข้อมูลมีขนาดใหญ่เกินไป")
    content_info = der.read(data).expect(der.SEQUENCE).children()
    if len(content_info) != 2 or content_info[0].expect(der.OID).inside != der.oid_content(cms.ID_SIGNED_DATA):
        raise Malformed("not SignedData", "ไม่ใช่ลายมือชื่อแบบ CMS")
    explicit = content_info[1].expect(der.CONTEXT_0).children()
    if len(explicit) != 1:
        raise Malformed("not SignedData", "ไม่ใช่ลายมือชื่อแบบ CMS")
    parts = explicit[0].expect(der.SEQUENCE).children()
    if len(parts) < 4 or parts[0].small_integer() not in (1, 3, 4, 5):
        raise Malformed("version")
    _expect_detached(parts[2])
    signers = parts[-1].expect(der.SET).children()
    if len(signers) != 1:
        raise Malformed(f"{len(signers)} signers", "ต้องมีผู้ลงลายมือชื่อเพียงรายเดียว")
    sent = [choice.whole for part in parts[3:-1] if part.tag == der.CONTEXT_0 for choice in _x509_only(part)]
    if len(sent) > MOST_CERTIFICATES:
        raise Malformed("too many certificates", "แนบใบรับรองมามากเกินไป")
    hash_names = [_HASH_OIDS.get(_algorithm(algorithm)[0]) for algorithm in parts[1].expect(der.SET).children()]
    return _read_signer(signers[0], list(dict.fromkeys(sent)), hash_names)


def _expect_detached(encapsulated: Element) -> None:
    content = encapsulated.expect(der.SEQUENCE).children()
    if not content or content[0].expect(der.OID).inside != der.oid_content(cms.ID_DATA):
        raise Malformed("content type")
    if len(content) != 1:
        raise Malformed("content is attached", "มีเนื้อหารวมอยู่ในลายมือชื่อ")


def _x509_only(certificates: Element) -> list[Element]:
    """The X.509 certificates of a CertificateSet; the other choices (RFC 5652, 10.2.2) are of no use here."""
    return [choice for choice in certificates.children() if choice.tag == der.SEQUENCE]


def _read_signer(signer: Element, sent: list[bytes], hash_names: list[str | None]) -> SignedData:
    parts = signer.expect(der.SEQUENCE).children()
    if len(parts) not in (6, 7) or (len(parts) == 7 and parts[6].tag != der.CONTEXT_1):
        raise Malformed("SignerInfo", "ไม่มีคุณลักษณะที่ลงลายมือชื่อกำกับ")
    version, identifier, digest_algorithm, attributes, algorithm, signature = parts[:6]
    by_issuer = identifier.tag == der.SEQUENCE
    if version.small_integer() != (1 if by_issuer else 3):
        raise Malformed("version of SignerInfo")
    hash_name = _HASH_OIDS.get(_algorithm(digest_algorithm)[0])
    if hash_name is None or hash_name not in hash_names:
        raise Malformed("hash not allowed", "ใช้ค่าย่อยชนิดที่ไม่เป็นที่ยอมรับ")
    if not attributes.expect(der.CONTEXT_0).definite:
        raise Malformed("signed attributes not in DER")
    found = _attributes(attributes)
    if _single(found, cms.CONTENT_TYPE).expect(der.OID).inside != der.oid_content(cms.ID_DATA):
        raise Malformed("content type")
    matching = [certificate for certificate in sent if _names(identifier, certificate)]
    if len(matching) != 1:
        raise Malformed("certificate of the signer missing or ambiguous", "ไม่พบใบรับรองของผู้ลงลายมือชื่อ")
    moment = found.get(der.oid_content(cms.SIGNING_TIME))
    binding = found.get(der.oid_content(cms.SIGNING_CERTIFICATE_V2))
    return SignedData(
        certificate=_loaded(matching[0]),
        certificate_der=matching[0],
        others=tuple(_loaded(certificate) for certificate in sent if certificate != matching[0]),
        hash_name=hash_name,
        message_digest=_single(found, cms.MESSAGE_DIGEST).expect(der.OCTET_STRING).inside,
        signing_time=None if moment is None else moment.moment(),
        bound=None if binding is None else _binds(binding, matching[0]),
        attributes=bytes((der.SET,)) + attributes.whole[1:],
        algorithm=algorithm,
        signature=signature.expect(der.OCTET_STRING).inside,
    )


def _attributes(attributes: Element) -> dict[bytes, Element]:
    """The signed attributes by kind. One that comes twice, or with several values, is refused (RFC 5652, 11)."""
    found: dict[bytes, Element] = {}
    for attribute in attributes.children():
        parts = attribute.expect(der.SEQUENCE).children()
        if len(parts) != 2:
            raise Malformed("attribute")
        kind, values = parts[0].expect(der.OID).inside, parts[1].expect(der.SET).children()
        if kind in found:
            raise Malformed("attribute repeated", "มีคุณลักษณะซ้ำกัน")
        if len(values) != 1:
            raise Malformed("attribute with several values", "มีคุณลักษณะที่มีหลายค่า")
        found[kind] = values[0]
    return found


def _single(found: dict[bytes, Element], kind: str) -> Element:
    try:
        return found[der.oid_content(kind)]
    except KeyError:
        raise Malformed("attribute missing", "ขาดคุณลักษณะที่จำเป็น") from None


def _names(identifier: Element, certificate: bytes) -> bool:
    """Does the SignerIdentifier name this certificate?"""
    if identifier.tag == der.SEQUENCE:
        parts = identifier.children()
        tbs = der.read(certificate).children()[0].expect(der.SEQUENCE).children()
        if tbs and tbs[0].tag == der.CONTEXT_0:
            tbs = tbs[1:]
        if len(parts) != 2 or len(tbs) < 3:
            raise Malformed("signer identifier")
        return parts[1].whole == tbs[0].whole and parts[0].whole == tbs[2].whole
    identifier.expect(_SUBJECT_KEY_IDENTIFIER)
    try:
        extensions = _loaded(certificate).extensions
        return extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest == identifier.inside
    except (x509.ExtensionNotFound, ValueError):
        return False


def _binds(value: Element, certificate: bytes) -> bool:
    """Does SigningCertificateV2 (RFC 5035, 3) name this certificate first?"""
    lists = value.expect(der.SEQUENCE).children()
    identified = lists[0].expect(der.SEQUENCE).children() if lists else []
    if not identified:
        return False
    parts = identified[0].expect(der.SEQUENCE).children()
    hash_name: str | None = "sha256"
    if parts and parts[0].tag == der.SEQUENCE:
        hash_name = _HASH_OIDS.get(_algorithm(parts[0])[0])
        parts = parts[1:]
    if not parts or hash_name is None:
        return False
    made = {"sha256": sha256, "sha384": sha384, "sha512": sha512}[hash_name](certificate).digest()
    return parts[0].expect(der.OCTET_STRING).inside == made


def _algorithm(identifier: Element) -> tuple[bytes, Element | None]:
    parts = identifier.expect(der.SEQUENCE).children()
    if len(parts) not in (1, 2):
        raise Malformed("algorithm")
    return parts[0].expect(der.OID).inside, parts[1] if len(parts) == 2 else None


def _pss_salt_length(parameters: Element, hash_name: str) -> int:
    """The salt's length from RSASSA-PSS-params (RFC 4055, 3.1), whose two hashes must be the digest's own."""
    found = {part.tag: part.children() for part in parameters.expect(der.SEQUENCE).children()}
    try:
        (hashed,), (mask,) = found[der.CONTEXT_0], found[der.CONTEXT_1]
        salts = found.get(der.CONTEXT_2, [])
    except (KeyError, ValueError):
        raise Malformed("parameters of PSS") from None
    generator, mask_hash = _algorithm(mask)
    if generator != _MGF1 or mask_hash is None:
        raise Malformed("mask of PSS")
    if {_HASH_OIDS.get(_algorithm(hashed)[0]), _HASH_OIDS.get(_algorithm(mask_hash)[0])} != {hash_name}:
        raise Malformed("hash of PSS")
    if len(salts) > 1:
        raise Malformed("salt of PSS")
    length = salts[0].small_integer() if salts else _DEFAULT_SALT
    if not 0 <= length <= 1024:
        raise Malformed("salt of PSS")
    return length


def _loaded(certificate: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(certificate)
    except ValueError as error:
        raise Malformed("certificate", "ใบรับรองที่แนบมาอ่านไม่ได้") from error
