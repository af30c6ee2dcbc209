"""Keys in files, under one folder `keys`: `<agency code>/*.pem` for seals, `officers/<person id>.p12` for officers.

A seal's file holds its key (PKCS#8, encrypted under the installation's master key), its certificate and the chain.
An officer's file is PKCS#12 under the officer's own passphrase, which is kept nowhere. All files are 0600 and appear
whole or not at all.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID

from saraban.crypto.certificate import mailboxes, may_sign
from saraban.crypto.cms import HeldKey, PrivateKey, key_is_accepted
from saraban.domain.agency import PersonId
from saraban.domain.errors import BadInput, NotFound, WrongPassphrase

OFFICER_KDF_ROUNDS = 50_000
_CODE = re.compile(r"[\w][\w.\-]{0,99}")
_PRIVATE_KEY_BLOCK = re.compile(rb"-----BEGIN ([A-Z ]*)PRIVATE KEY-----.+?-----END \1PRIVATE KEY-----", re.DOTALL)


def new_key() -> ec.EllipticCurvePrivateKey:
    """A fresh key on P-256."""
    return ec.generate_private_key(ec.SECP256R1())


# --- seals of agencies ----------------------------------------------------------------------------------------


def seal_folder(keys: Path, agency_code: str) -> Path:
    """Where an agency's seals lie. Raises NotFound for a code that could lead out of the folder of keys."""
    if not _CODE.fullmatch(agency_code):
        raise NotFound("รหัสส่วนราชการไม่ถูกแบบ")
    return keys / agency_code


def store_seal(keys: Path, agency_code: str, seal: HeldKey, master_key: str) -> Path:
    """Write a seal, its key encrypted under the master key; gives the file. Writing the same seal again replaces it."""
    data = _private_pem(seal.key, master_key)
    for certificate in (seal.certificate, *seal.chain):
        data += certificate.public_bytes(Encoding.PEM)
    path = seal_folder(keys, agency_code) / f"seal-{seal.certificate.serial_number:x}.pem"
    write_private(path, data)
    return path


def open_seal(path: Path, master_key: str) -> HeldKey:
    """Read a seal back. Raises WrongPassphrase when the master key is another one, BadInput when it is no seal."""
    return _from_pem(path.read_bytes(), master_key)


def import_seal(keys: Path, agency_code: str, data: bytes, passphrase: str, master_key: str) -> Path:
    """Take in a seal that an authority issued: PKCS#12, or PEM with key and certificates, under this passphrase (empty
    for none); or PEM with certificates only, which answers a request made here (`request_seal`).
    Raises WrongPassphrase, or BadInput({"file": …}) when it cannot be used as a seal."""
    certificates = _certificates_in(data)
    if certificates and not _PRIVATE_KEY_BLOCK.search(data):
        waiting = _waiting_key(keys, agency_code, certificates, master_key)
        seal = _assembled(open_private_key(waiting.read_bytes(), master_key), certificates)
    else:
        waiting = None
        seal = _from_pem(data, passphrase) if certificates else _from_pkcs12(data, passphrase)
    if not mailboxes(seal.certificate):
        raise BadInput({"file": "ใบรับรองไม่มีที่อยู่ไปรษณีย์อิเล็กทรอนิกส์ของส่วนราชการ จึงใช้เป็นตราประทับไม่ได้"})
    path = store_seal(keys, agency_code, seal, master_key)
    if waiting is not None:
        waiting.unlink()
    return path


def request_seal(keys: Path, agency_code: str, name: str, mailbox: str, master_key: str) -> bytes:
    """Make a key, keep it until the certificate comes, and give the request (PKCS#10, PEM) for the authority."""
    key = new_key()
    write_private(seal_folder(keys, agency_code) / f"waiting-{secrets.token_hex(8)}.key", _private_pem(key, master_key))
    return signing_request(key, name, mailbox)


def signing_request(key: PrivateKey, name: str, mailbox: str) -> bytes:
    """A certificate request (RFC 2986) in PEM: the agency's name as organisation, its mailbox as rfc822Name."""
    subject = [(NameOID.COUNTRY_NAME, "TH"), (NameOID.ORGANIZATION_NAME, name), (NameOID.COMMON_NAME, mailbox[:64])]
    builder = x509.CertificateSigningRequestBuilder(
        x509.Name([x509.NameAttribute(oid, value) for oid, value in subject])
    )
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(mailbox)]), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


# --- keys of officers -----------------------------------------------------------------------------------------


def officer_path(keys: Path, person_id: PersonId) -> Path:
    """Where an officer's key lies."""
    return keys / "officers" / f"{person_id}.p12"


def store_officer(
    keys: Path, person_id: PersonId, officer: HeldKey, passphrase: str, *, kdf_rounds: int = OFFICER_KDF_ROUNDS
) -> Path:
    """Write an officer's key under the officer's passphrase; gives the file. `kdf_rounds` is the work that each guess
    at the passphrase costs."""
    if not passphrase:
        raise BadInput({"passphrase": "กรุณาตั้งรหัสผ่านของกุญแจลงนาม"})
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(kdf_rounds)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(passphrase.encode())
    )
    data = pkcs12.serialize_key_and_certificates(
        b"saraban", officer.key, officer.certificate, list(officer.chain) or None, encryption
    )
    path = officer_path(keys, person_id)
    write_private(path, data)
    return path


def read_officer(data: bytes, passphrase: str) -> HeldKey:
    """Read an officer's PKCS#12. Raises WrongPassphrase, or BadInput when it is none."""
    return _from_pkcs12(data, passphrase)


def open_officer(keys: Path, person_id: PersonId, passphrase: str) -> HeldKey:
    """Read an officer's key. Raises WrongPassphrase, or NotFound when the person has none."""
    try:
        data = officer_path(keys, person_id).read_bytes()
    except FileNotFoundError:
        raise NotFound("ท่านยังไม่มีกุญแจลงนาม ติดต่อผู้ดูแลระบบเพื่อออกใบรับรอง") from None
    return _from_pkcs12(data, passphrase)


# --- reading and writing --------------------------------------------------------------------------------------


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read; it is durable, and either the old or the new one, never a half."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def open_private_key(data: bytes, passphrase: str) -> PrivateKey:
    """The first private key in PEM. Raises WrongPassphrase, or BadInput when there is none that we accept."""
    block = _PRIVATE_KEY_BLOCK.search(data)
    if block is None:
        raise BadInput({"file": "ไม่พบกุญแจส่วนตัวในไฟล์"})
    encrypted = b"ENCRYPTED" in block.group()[:400]
    try:
        key = serialization.load_pem_private_key(block.group(), passphrase.encode() if encrypted else None)
    except (ValueError, TypeError) as error:
        if encrypted:
            raise WrongPassphrase("รหัสผ่านเปิดกุญแจไม่ได้") from error
        raise BadInput({"file": "กุญแจส่วนตัวในไฟล์อ่านไม่ได้"}) from error
    except UnsupportedAlgorithm as error:
        raise BadInput({"file": "กุญแจส่วนตัวในไฟล์อ่านไม่ได้"}) from error
    return _accepted(key)


def _private_pem(key: PrivateKey, passphrase: str) -> bytes:
    if not passphrase:
        raise ValueError("a key is not written without a master key")
    encryption = serialization.BestAvailableEncryption(passphrase.encode())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def _accepted(key: object) -> PrivateKey:
    if isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)) and key_is_accepted(key):
        return key
    raise BadInput({"file": "ชนิดกุญแจไม่เป็นที่ยอมรับ ต้องเป็น ECDSA P-256 หรือ P-384 หรือ RSA ตั้งแต่ 3072 บิต"})


def _certificates_in(data: bytes) -> list[x509.Certificate]:
    if b"-----BEGIN CERTIFICATE-----" not in data:
        return []
    try:
        return x509.load_pem_x509_certificates(data)
    except ValueError as error:
        raise BadInput({"file": "ใบรับรองในไฟล์อ่านไม่ได้"}) from error


def _from_pem(data: bytes, passphrase: str) -> HeldKey:
    return _assembled(open_private_key(data, passphrase), _certificates_in(data))


def _from_pkcs12(data: bytes, passphrase: str) -> HeldKey:
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase.encode())
    except ValueError as error:
        if "password" in str(error).lower():
            raise WrongPassphrase() from error
        raise BadInput({"file": "ไฟล์นี้ไม่ใช่ PKCS#12 หรือ PEM ที่อ่านได้"}) from error
    if certificate is None:
        raise BadInput({"file": "ไม่พบใบรับรองในไฟล์"})
    return _assembled(_accepted(key), [certificate, *others])


def _assembled(key: PrivateKey, certificates: Sequence[x509.Certificate]) -> HeldKey:
    """The key with its certificate, found by its public key, and the others in the order from it up to the root."""
    own = [certificate for certificate in certificates if certificate.public_key() == key.public_key()]
    if not own:
        raise BadInput({"file": "ใบรับรองไม่ตรงกับกุญแจส่วนตัว"})
    if not may_sign(own[0]):
        raise BadInput({"file": "ใบรับรองนี้ไม่อนุญาตให้ใช้ลงลายมือชื่อ"})
    chain: list[x509.Certificate] = []
    below = own[0]
    for _ in certificates:
        above = next((c for c in certificates if c.subject == below.issuer and c not in (below, *chain)), None)
        if above is None:
            break
        chain.append(above)
        below = above
    return HeldKey(key, own[0], tuple(chain))


def _waiting_key(keys: Path, agency_code: str, certificates: Sequence[x509.Certificate], master_key: str) -> Path:
    wanted = [certificate.public_key() for certificate in certificates]
    for path in sorted(seal_folder(keys, agency_code).glob("waiting-*.key")):
        if open_private_key(path.read_bytes(), master_key).public_key() in wanted:
            return path
    raise BadInput({"file": "ไม่พบกุญแจที่รอใบรับรองนี้ กรุณานำเข้าไฟล์ที่มีกุญแจส่วนตัวด้วย"})
