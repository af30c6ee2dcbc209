"""The stranger's signatures: the openssl command line makes them and is the only judge of them."""

from __future__ import annotations

import re
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

OPENSSL = shutil.which("openssl")


@dataclass(frozen=True)
class Key:
    """A seal as openssl wants it: the file of its certificate (and the chain, without the root) and that of its key."""

    certificate: Path
    key: Path

    def sign(self, data: bytes, digest: str = "sha256") -> bytes:
        """A detached CAdES-B signature over exactly these bytes, in DER."""
        with tempfile.TemporaryDirectory() as folder:
            given, made = Path(folder, "given"), Path(folder, "made")
            given.write_bytes(data)
            chain = _beyond_the_first(self.certificate, Path(folder, "chain.pem"))
            openssl(
                *("cms", "-sign", "-cades", "-binary", "-outform", "DER", "-md", digest, "-in", given, "-out", made),
                *("-signer", self.certificate, "-inkey", self.key, *(("-certfile", chain) if chain else ())),
            )
            return made.read_bytes()


def openssl(*words: str | Path) -> bytes:
    """Run openssl and give its output. Raises CalledProcessError with its complaint."""
    return subprocess.run([str(OPENSSL), *map(str, words)], check=True, capture_output=True, timeout=60).stdout


def self_signed(mailbox: str, folder: Path) -> Key:
    """A key that anybody can make who likes the name of an agency."""
    key = Key(folder / "self.pem", folder / "self-key.pem")
    openssl(
        *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"),
        *("-keyout", key.key, "-out", key.certificate, "-subj", "/CN=self"),
        *("-addext", f"subjectAltName=email:{mailbox}", "-addext", "extendedKeyUsage=emailProtection"),
        *("-addext", "keyUsage=critical,digitalSignature,nonRepudiation"),
    )
    return key


def issued(by: Key, kind: str, mailbox: str | None, stem: Path) -> Key:
    """A seal of a kind ("P-384", "RSA 3072", else P-256) for a mailbox, or without one an issuer, certified by a key.
    The file of the certificate has the issuers behind it, without the root."""
    key = Key(stem.with_suffix(".pem"), stem.with_suffix(".key"))
    asked, extensions = stem.with_suffix(".csr"), stem.with_suffix(".ext")
    curve = "P-384" if kind == "P-384" else "P-256"
    made = ("rsa:3072",) if kind == "RSA 3072" else ("ec", "-pkeyopt", f"ec_paramgen_curve:{curve}")
    openssl("req", "-newkey", *made, "-nodes", "-keyout", key.key, "-out", asked, "-subj", f"/CN={mailbox or 'issuer'}")
    extensions.write_text(
        f"subjectAltName=email:{mailbox}\nextendedKeyUsage=emailProtection\n"
        "keyUsage=critical,digitalSignature,nonRepudiation\n"
        if mailbox
        else "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
    )
    certificate = openssl(
        *("x509", "-req", "-in", asked, "-CA", by.certificate, "-CAkey", by.key, "-days", "30", "-sha256"),
        *("-set_serial", str(secrets.randbits(64)), "-extfile", extensions),
    ).decode()
    names = openssl("x509", "-in", by.certificate, "-noout", "-issuer", "-subject").decode().splitlines()
    by_root = len({name.partition("=")[2] for name in names}) == 1
    key.certificate.write_text(certificate + ("" if by_root else by.certificate.read_text()))
    return key


def verifies_outside(raw: bytes, roots: Path) -> bool:
    """`openssl smime -verify` on the whole message, in the words of docs/wire.md, section 3."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "message.eml")
        path.write_bytes(raw)
        return _succeeds("smime", "-verify", "-in", path, "-CAfile", roots, "-purpose", "smimesign")


def verifies_detached(content: bytes, signature: bytes, roots: Path) -> bool:
    """`openssl cms -verify` on a manifest or a statement, in the words of docs/wire.md, section 3."""
    with tempfile.TemporaryDirectory() as folder:
        of, sealed = Path(folder, "content"), Path(folder, "content.p7s")
        of.write_bytes(content)
        sealed.write_bytes(signature)
        return _succeeds(
            *("cms", "-verify", "-binary", "-inform", "DER", "-in", sealed, "-content", of),
            *("-CAfile", roots, "-purpose", "smimesign"),
        )


def signers_mailbox(signature: bytes) -> str:
    """The rfc822Name of the certificate that made this signature; "" when there is none."""
    with tempfile.TemporaryDirectory() as folder:
        sealed, signer, content = Path(folder, "s.p7s"), Path(folder, "signer.pem"), Path(folder, "nothing")
        sealed.write_bytes(signature)
        content.write_bytes(b"")
        _succeeds(
            *("cms", "-verify", "-noverify", "-no_content_verify", "-inform", "DER", "-in", sealed),
            *("-content", content, "-signer", signer),
        )
        text = openssl("x509", "-in", signer, "-noout", "-ext", "subjectAltName").decode()
    found = re.search(r"email:(\S+)", text)
    return found[1] if found else ""


def _succeeds(*words: str | Path) -> bool:
    try:
        openssl(*words)
    except subprocess.CalledProcessError:
        return False
    return True


def _beyond_the_first(certificates: Path, into: Path) -> Path | None:
    rest = certificates.read_text().split("-----END CERTIFICATE-----\n", 1)[1]
    into.write_text(rest)
    return into if "BEGIN" in rest else None
