"""A time-stamping authority on loopback, whose clock the tests set."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from saraban.crypto.cms import HeldKey, PrivateKey
from saraban.crypto.demo_pki import make_root
from tests.crypto.ministry import AT, rsa_key

STAMPING = [ExtendedKeyUsageOID.TIME_STAMPING]
Answering = Callable[[bytes], bytes]


def authority(
    *,
    root: HeldKey | None = None,
    key: PrivateKey | None = None,
    purposes: list[x509.ObjectIdentifier] | None = None,
    critical: bool = True,
    until: datetime = datetime(2099, 1, 1, tzinfo=UTC),
) -> HeldKey:
    """A time-stamping authority below the root (RFC 3161, 2.3)."""
    above, key = root or long_lived_root(), key or rsa_key(2048)
    usage = dict.fromkeys(("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign"), False)
    usage |= dict.fromkeys(("crl_sign", "encipher_only", "decipher_only"), False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "ผู้ประทับรับรองเวลา")]))
        .issuer_name(above.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2021, 1, 1, tzinfo=UTC))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(False, None), True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), True)
        .add_extension(x509.ExtendedKeyUsage(purposes or STAMPING), critical)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(above.certificate.public_key()),  # type: ignore[arg-type]
            False,
        )
        .sign(above.key, hashes.SHA256())
    )
    return HeldKey(key, certificate, (above.certificate,))


@cache
def long_lived_root() -> HeldKey:
    """A root that is valid whenever these tests are run: openssl stamps with the machine's clock."""
    return make_root("รากของผู้ประทับรับรองเวลา", datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


@cache
def the_authority() -> HeldKey:
    """An authority below that root."""
    return authority()


def dummy(held: HeldKey | None = None, at: datetime = AT) -> Answering:
    """pyHanko's authority, whose clock stands where we want."""
    held = held or the_authority()
    certificate = asn1_x509.Certificate.load(held.certificate.public_bytes(Encoding.DER))
    key = asn1_keys.PrivateKeyInfo.load(held.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    stamper = DummyTimeStamper(certificate, key, fixed_dt=at)

    def answer(query: bytes) -> bytes:
        return bytes(stamper.request_tsa_response(tsp.TimeStampReq.load(query)).dump())

    return answer


@contextmanager
def served(answer: Answering, status: int = 200, drip: float = 0.0) -> Iterator[str]:
    """An authority on loopback that answers so; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            data = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            try:
                for piece in [data] if not drip else [data[i : i + 1] for i in range(len(data))]:
                    self.wfile.write(piece)
                    self.wfile.flush()
                    time.sleep(drip)
            except OSError:
                pass

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        server.server_close()
