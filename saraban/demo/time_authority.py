"""The demo's own time-stamping authority (RFC 3161), on loopback: letters that are signed in the demo have a time that
somebody vouches for. Its key is made at the first start; for the demo only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from saraban.crypto import asn1fix, demo_pki, keys
from saraban.crypto.cms import HeldKey

asn1fix.cure()

_SHA256 = {"algorithm": "sha256"}
_YEARS = timedelta(days=3650)
_MOST_OCTETS = 65_536


def time_roots(data: Path) -> Path:
    """Where the root lies that the authority's certificate chains to."""
    return data / "demo" / "time-roots.pem"


def prepare_time_authority(data: Path, now: datetime) -> HeldKey:
    """The authority's key and certificate; made at the first start with its root and the root's empty revocation list,
    read back at every other, so that older stamps hold."""
    folder, since, until = data / "demo", now - timedelta(days=1), now + _YEARS
    kept = folder / "time-authority.pem"
    if not kept.exists():
        root = demo_pki.make_root("Saraban Demo Time Root", since, until)
        made = demo_pki.issue_time_authority(root, "ผู้ประทับเวลาสาธิต", since, until)
        lists = data / "crls"
        lists.mkdir(exist_ok=True)
        (lists / "demo-time.crl").write_bytes(demo_pki.empty_list(root, since, until))
        time_roots(data).write_text(root.pem)
        private = made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        keys.write_private(kept, private + made.pem.encode())
    text = kept.read_bytes()
    key = load_pem_private_key(text, None)
    assert isinstance(key, EllipticCurvePrivateKey)  # of the kind that was made above
    return HeldKey(key, x509.load_pem_x509_certificate(text[text.index(b"-----BEGIN CERTIFICATE") :]))


@contextmanager
def serving(authority: HeldKey, now: Callable[[], datetime]) -> Iterator[str]:
    """The address at which the authority answers while the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            octets = int(self.headers.get("Content-Length", "0"))
            if octets > _MOST_OCTETS:
                self.send_error(413)
                return
            try:
                data = _answer(tsp.TimeStampReq.load(self.rfile.read(octets)), authority, now())
            except (ValueError, TypeError, KeyError):
                self.send_error(400)
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def _answer(query: tsp.TimeStampReq, authority: HeldKey, at: datetime) -> bytes:
    """A granted stamp over the imprint (RFC 3161, 2.4.2), bound to the authority's certificate (RFC 5816)."""
    certificate = asn1_x509.Certificate.load(authority.certificate.public_bytes(Encoding.DER))
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "1.2.3.4.1",
            "message_imprint": query["message_imprint"],
            "serial_number": x509.random_serial_number(),
            "gen_time": at.replace(microsecond=0),
            "nonce": query["nonce"].native,
        }
    ).dump()
    bound = tsp.SigningCertificateV2({"certs": [{"cert_hash": certificate.sha256}]})
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [sha256(info).digest()]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [bound]}),
        ]
    )
    attributes = cms.CMSAttributes.load(attributes.dump())
    issuer = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": {"issuer_and_serial_number": issuer},
            "digest_algorithm": _SHA256,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signed_attrs": attributes,
            "signature": authority.raw(attributes.dump()),
        }
    )
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [algos.DigestAlgorithm(_SHA256)],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
            "certificates": [certificate],
            "signer_infos": [signer],
        }
    )
    token = cms.ContentInfo({"content_type": "signed_data", "content": signed})
    return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())
