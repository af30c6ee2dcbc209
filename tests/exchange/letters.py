"""Builders for the tests of the wire: a letter, its envelope, a throw-away seal, and what arrives of them."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7

from saraban.domain.agency import Correspondent
from saraban.domain.attachment import Digest, Role
from saraban.domain.classification import Form
from saraban.domain.signature import Answer, SignatureStatus
from saraban.exchange.compose import EncodedFile, encode_file, letter_cover, letter_entity, letter_envelope
from saraban.exchange.envelope import Envelope
from saraban.exchange.manifest import Contact, FileEntry, Manifest, Party, Reference, Signatory
from saraban.exchange.screening import Facts

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
SENDER = Party("001", "กรมตัวอย่าง", "saraban@sender.go.th")
RECEIVER = Party("002", "กรมผู้รับ", "saraban@receiver.go.th")
DISPATCH = UUID("11111111-1111-4111-8111-111111111111")
LETTER = UUID("22222222-2222-4222-8222-222222222222")
FILES = {"หนังสือ.pdf": b"%PDF-1.7 page", "แบบสำรวจ ๑.xlsx": bytes(range(256)) * 5}


class Store(dict[Digest, bytes]):
    """Blobs in memory, by digest."""

    def keep(self, data: bytes) -> Digest:
        digest = Digest.of(data)
        self[digest] = data
        return digest


def a_manifest(files: Mapping[str, bytes] | None = None, **changes: Any) -> Manifest:
    """A plain letter with these files; the first is the page."""
    files = FILES if files is None else files
    entries = tuple(
        FileEntry(
            name,
            Role.LETTER if place == 0 else Role.ENCLOSURE,
            "application/pdf" if name.endswith(".pdf") else "application/octet-stream",
            len(data),
            Digest.of(data),
        )
        for place, (name, data) in enumerate(files.items())
    )
    manifest = Manifest(
        id=DISPATCH,
        letter=LETTER,
        sender=SENDER,
        to=RECEIVER,
        number="นร 1201/ว 123",
        date=date(2026, 11, 22),
        form=Form.EXTERNAL,
        subject="ขอความอนุเคราะห์ข้อมูลน้ำท่วม",
        files=entries,
        issued_at=NOON,
        expires_at=NOON + timedelta(hours=72),
        addressed_to="เรียน อธิบดีกรมผู้รับ",
        signatory=Signatory("นายสมมติ ตัวอย่าง", "อธิบดี"),
        contact=Contact("กองกลาง", "0 2000 0000", "kk@sender.go.th"),
        references=(Reference("นร 1201/99", date(2026, 10, 1)),),
    )
    return dataclasses.replace(manifest, **changes)


@cache
def seal() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """A key made for this run, with a certificate that is its own root."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "throw-away seal")])
    purposes = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.EMAIL_PROTECTION])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(SENDER.mailbox)]), critical=False)
        .add_extension(purposes, critical=False)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def seal_pem() -> bytes:
    return seal()[1].public_bytes(serialization.Encoding.PEM)


def sealed(data: bytes) -> bytes:
    """A detached CMS over these bytes by the throw-away seal."""
    key, certificate = seal()
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoCapabilities]
    builder = pkcs7.PKCS7SignatureBuilder().set_data(data).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, options)


@dataclass(frozen=True)
class Posted:
    """A composed letter: the envelope, the bytes on the wire and the store that holds its files."""

    manifest: Manifest
    envelope: Envelope
    raw: bytes
    store: Store


def post(
    manifest: Manifest | None = None,
    files: Mapping[str, bytes] | None = None,
    *,
    manifest_bytes: bytes | None = None,
    real_seal: bool = False,
) -> Posted:
    """Compose a letter. `files` may differ from what the manifest says; `manifest_bytes` may be anything."""
    files = FILES if files is None else files
    manifest = manifest or a_manifest(files)
    sign = sealed if real_seal else (lambda data: b"signature of " + hashlib.sha256(data).digest())
    store = Store()
    encoded = []
    for entry in manifest.files:
        text = encode_file(files[entry.name])
        encoded.append(EncodedFile(entry, store.keep(text), len(text)))
    data = manifest.to_bytes() if manifest_bytes is None else manifest_bytes
    entity = letter_entity(manifest, data, sign(data), letter_cover(manifest, encoded, None), encoded)
    outer = sign(entity.to_bytes(store.__getitem__))
    envelope = letter_envelope(manifest, entity, outer, at=NOON, blob=store.__getitem__)
    return Posted(manifest, envelope, b"".join(envelope.chunks(store.__getitem__)), store)


GOOD = SignatureStatus(Answer(True), Answer(True), Answer(True), Answer(True), signed_at=NOON)


def a_seal(problem: str | None = None) -> SignatureStatus:
    """The verdict on a seal: good, or with this problem."""
    no, yes = Answer(False, "ตรวจแล้วไม่ผ่าน"), Answer(True)
    return {
        None: GOOD,
        "signature-missing": SignatureStatus(problem=problem),
        "signature-broken": SignatureStatus(no, no, yes, yes, problem=problem),
        "signer-untrusted": SignatureStatus(yes, yes, no, yes, problem=problem),
        "signer-expired": SignatureStatus(yes, yes, yes, no, problem=problem),
    }[problem]


def the_facts(**changes: Any) -> Facts:
    """What the receiver knows: the sender stands in the directory and nothing came before."""
    known = Correspondent(SENDER.code, SENDER.name, SENDER.mailbox)
    facts = Facts(now=NOON, our_code=RECEIVER.code, our_mailbox=RECEIVER.mailbox, sender=known)
    return dataclasses.replace(facts, **changes)
