"""An invented ministry with a root, an issuer, seals and an officer; made once for all tests of this room."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from saraban.crypto.cms import HeldKey
from saraban.crypto.demo_pki import issue_officer, issue_seal, make_issuer, make_root
from saraban.crypto.seal import KeySealer
from saraban.crypto.verify import CmsVerifier
from saraban.domain.attachment import Digest
from saraban.domain.signature import SignatureStatus, TrustedSeal

AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
YEAR = timedelta(days=365)
NAME = "สำนักงานปลัดกระทรวงการทดสอบแห่งชาติ"
MAILBOX = "saraban@ministry.example"
CONTENT = '{"saraban":1,"subject":"ขอเชิญประชุม"}'.encode()
DIGEST = Digest.of(CONTENT)
TRUST = TrustedSeal(MAILBOX)


@cache
def the_root() -> HeldKey:
    """The root that the tests trust."""
    return make_root("ผู้ออกใบรับรองสูงสุดเพื่อการทดสอบ", AT - 5 * YEAR, AT + 10 * YEAR)


@cache
def another_root() -> HeldKey:
    """A root that nobody trusts, of the same name."""
    return make_root("ผู้ออกใบรับรองสูงสุดเพื่อการทดสอบ", AT - 5 * YEAR, AT + 10 * YEAR)


@cache
def the_issuer() -> HeldKey:
    """An authority below the root."""
    return make_issuer(the_root(), "ผู้ออกใบรับรองชั้นกลาง", AT - 4 * YEAR, AT + 9 * YEAR)


@cache
def the_seal() -> HeldKey:
    """The ministry's seal, issued below the root through the issuer."""
    return issue_seal(the_issuer(), NAME, MAILBOX, AT - YEAR, AT + YEAR)


@cache
def the_officer() -> HeldKey:
    """An officer of the ministry."""
    return issue_officer(the_issuer(), "นางสาวสมหญิง ใจทดสอบ", "ปลัดกระทรวง", NAME, AT - YEAR, AT + YEAR)


@cache
def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    """An RSA key of this size."""
    return rsa.generate_private_key(65537, bits)


def a_signature(seal: HeldKey | None = None, at: datetime = AT) -> bytes:
    """The seal's signature over CONTENT."""
    return KeySealer(seal or the_seal()).seal(DIGEST, at)


def the_verdict(
    signature: bytes, *, content: Digest | bytes = DIGEST, trust: TrustedSeal | None = TRUST, at: datetime = AT
) -> SignatureStatus:
    """What a verifier that trusts the root says."""
    return CmsVerifier([the_root().pem]).status(content, signature, trust, at)


def parts(status: SignatureStatus) -> tuple[bool | None, bool | None, bool | None, bool | None]:
    """The four answers: intact, valid, trusted, in time."""
    return status.intact.value, status.valid.value, status.trusted.value, status.in_time.value


def openssl(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run the openssl of the machine in a folder."""
    return subprocess.run(["openssl", *map(str, arguments)], cwd=folder, capture_output=True, timeout=60, check=False)


def write_pem(held: HeldKey, folder: Path, name: str) -> None:
    """Write `<name>.pem` and `<name>.key`, open, for openssl."""
    (folder / f"{name}.pem").write_text(held.pem)
    key = held.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / f"{name}.key").write_bytes(key)
    chain = b"".join(above.public_bytes(Encoding.PEM) for above in held.chain if above.issuer != above.subject)
    (folder / f"{name}.chain").write_bytes(chain)
