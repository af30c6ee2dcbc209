"""What we seal, openssl accepts; what openssl signs, we accept. Both with the real program of the machine."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from saraban.crypto import der
from saraban.crypto.cms import HeldKey
from saraban.crypto.demo_pki import issue_seal
from saraban.crypto.seal import KeySealer
from saraban.domain.attachment import Digest
from tests.crypto.ministry import (
    AT,
    CONTENT,
    MAILBOX,
    NAME,
    YEAR,
    a_signature,
    openssl,
    parts,
    rsa_key,
    the_issuer,
    the_root,
    the_seal,
    the_verdict,
    write_pem,
)

ALL_GOOD = (True, True, True, True)
THEN = str(int(AT.timestamp()))


def _seal_with(kind: str) -> HeldKey:
    keys = {
        "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "RSA-3072": lambda: rsa_key(3072),
    }
    return issue_seal(the_issuer(), NAME, MAILBOX, AT - YEAR, AT + YEAR, key=keys[kind]())


@pytest.mark.parametrize("kind", ["P-256", "P-384", "RSA-3072"])
def test_openssl_verifies_a_manifest_that_we_sealed(kind: str, tmp_path: Path) -> None:
    seal = _seal_with(kind)
    (tmp_path / "manifest.json").write_bytes(CONTENT)
    (tmp_path / "manifest.json.p7s").write_bytes(a_signature(seal))
    (tmp_path / "roots.pem").write_text(the_root().pem)
    command = "cms -verify -binary -inform DER -in manifest.json.p7s -content manifest.json -CAfile roots.pem"

    checked = openssl(*command.split(), "-purpose", "smimesign", "-cades", "-attime", THEN, folder=tmp_path)

    assert (checked.returncode, checked.stdout) == (0, CONTENT), checked.stderr
    (tmp_path / "manifest.json").write_bytes(CONTENT + b" ")
    assert openssl(*command.split(), "-purpose", "smimesign", "-attime", THEN, folder=tmp_path).returncode != 0


def test_openssl_verifies_a_mail_that_we_sealed(tmp_path: Path) -> None:
    entity = b"Content-Type: text/plain; charset=utf-8\r\n\r\nletter\r\n"
    signature = base64.encodebytes(KeySealer(the_seal()).seal(Digest.of(entity), AT)).replace(b"\n", b"\r\n")
    mail = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256;'
        b' boundary="part-of-mail"\r\n\r\n--part-of-mail\r\n' + entity + b"\r\n--part-of-mail\r\n"
        b"Content-Type: application/pkcs7-signature\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + signature + b"\r\n--part-of-mail--\r\n"
    )
    (tmp_path / "message.eml").write_bytes(mail)
    (tmp_path / "roots.pem").write_text(the_root().pem)
    command = "smime -verify -in message.eml -CAfile roots.pem -purpose smimesign -attime"

    assert openssl(*command.split(), THEN, folder=tmp_path).returncode == 0
    (tmp_path / "message.eml").write_bytes(mail.replace(b"letter", b"lettre"))
    assert openssl(*command.split(), THEN, folder=tmp_path).returncode != 0


def test_the_chain_is_sent_without_the_root(tmp_path: Path) -> None:
    (tmp_path / "x.p7s").write_bytes(a_signature())

    sent = openssl(*["pkcs7", "-inform", "DER", "-in", "x.p7s", "-print_certs"], folder=tmp_path).stdout

    found = {certificate.serial_number for certificate in x509.load_pem_x509_certificates(sent)}
    assert found == {the_seal().certificate.serial_number, the_issuer().certificate.serial_number}


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("P-256", "-md sha256"),
        ("P-256", "-md sha256 -cades"),
        ("P-256", "-md sha256 -keyid"),
        ("P-256", "-md sha384 -cades"),
        ("P-384", "-md sha512"),
        ("RSA-3072", "-md sha256"),
        ("RSA-3072", "-md sha384 -keyopt rsa_padding_mode:pss"),
        ("RSA-3072", "-md sha256 -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:20"),
    ],
)
def test_a_signature_made_with_openssl_is_good(kind: str, options: str, tmp_path: Path) -> None:
    signature = _signed_by_openssl(_seal_with(kind), options, tmp_path)

    status = the_verdict(signature, content=CONTENT, at=_now(tmp_path))

    assert parts(status) == ALL_GOOD, status
    assert status.problem is None
    assert the_verdict(signature, content=CONTENT + b" ", at=_now(tmp_path)).problem == "signature-broken"


def test_a_signature_in_open_ended_ber_is_good_to_openssl_and_to_us(tmp_path: Path) -> None:
    content_type, explicit = der.read(a_signature()).children()
    open_ended = explicit.children()[0].inside
    for tag in (der.SEQUENCE, der.CONTEXT_0):
        open_ended = bytes((tag, 0x80)) + open_ended + b"\0\0"
    open_ended = bytes((der.SEQUENCE, 0x80)) + content_type.whole + open_ended + b"\0\0"
    (tmp_path / "s").write_bytes(open_ended)
    (tmp_path / "content").write_bytes(CONTENT)
    (tmp_path / "roots.pem").write_text(the_root().pem)
    command = "cms -verify -binary -inform DER -in s -content content -CAfile roots.pem -attime"

    assert openssl(*command.split(), THEN, folder=tmp_path).returncode == 0
    assert the_verdict(open_ended).good


def test_with_only_the_digest_a_signature_by_sha384_is_undetermined(tmp_path: Path) -> None:
    status = the_verdict(_signed_by_openssl(the_seal(), "-md sha384", tmp_path), at=_now(tmp_path))

    assert parts(status) == (None, True, True, True)
    assert not status.good


@pytest.mark.parametrize(
    ("kind", "options", "why"),
    [
        ("P-256", "-md sha1", "ค่าย่อยชนิดที่ไม่เป็นที่ยอมรับ"),
        ("RSA-3072", "-md md5", "ค่าย่อยชนิดที่ไม่เป็นที่ยอมรับ"),
        ("P-256", "-md sha224", "ค่าย่อยชนิดที่ไม่เป็นที่ยอมรับ"),
        ("P-256", "-noattr", "ไม่มีคุณลักษณะที่ลงลายมือชื่อกำกับ"),
        ("P-256", "-nodetach", "มีเนื้อหารวมอยู่"),
        ("P-256", "-nocerts", "ไม่พบใบรับรองของผู้ลงลายมือชื่อ"),
        ("P-256", "-signer again.pem -inkey again.key", "ผู้ลงลายมือชื่อเพียงรายเดียว"),
    ],
)
def test_what_the_wire_does_not_allow_is_broken(kind: str, options: str, why: str, tmp_path: Path) -> None:
    write_pem(_seal_with("P-256"), tmp_path, "again")

    status = the_verdict(_signed_by_openssl(_seal_with(kind), options, tmp_path), content=CONTENT, at=_now(tmp_path))

    assert parts(status) == (None, False, None, None)
    assert status.problem == "signature-broken"
    assert why in status.valid.reason


def test_a_signature_by_rsa_2048_is_not_valid(tmp_path: Path) -> None:
    seal = issue_seal(the_issuer(), NAME, MAILBOX, AT - YEAR, AT + YEAR, key=rsa_key(2048))

    status = the_verdict(_signed_by_openssl(seal, "-md sha256", tmp_path), at=_now(tmp_path))

    assert parts(status) == (True, False, True, True)
    assert status.problem == "signature-broken"


def test_a_signature_on_a_curve_off_the_list_is_not_valid(tmp_path: Path) -> None:
    seal = issue_seal(the_issuer(), NAME, MAILBOX, AT - YEAR, AT + YEAR, key=ec.generate_private_key(ec.SECP256K1()))

    status = the_verdict(_signed_by_openssl(seal, "-md sha256", tmp_path), at=_now(tmp_path))

    assert status.valid.value is False
    assert status.problem == "signature-broken"


def _signed_by_openssl(seal: HeldKey, options: str, folder: Path) -> bytes:
    write_pem(seal, folder, "seal")
    (folder / "content").write_bytes(CONTENT)
    command = "cms -sign -binary -in content -signer seal.pem -inkey seal.key -certfile seal.chain -outform DER -out s"
    made = openssl(*command.split(), *options.split(), folder=folder)
    assert made.returncode == 0, made.stderr
    return (folder / "s").read_bytes()


def _now(folder: Path) -> datetime:
    """The moment at which openssl signed: it has no option for the signing time, so that of its file is taken."""
    return datetime.fromtimestamp((folder / "s").stat().st_mtime + 1, UTC)
