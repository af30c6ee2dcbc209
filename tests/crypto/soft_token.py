"""A token (PKCS#11) of SoftHSM, made once in a process: its library reads only once where tokens lie."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from saraban.crypto.cms import HeldKey
from saraban.crypto.demo_pki import issue_officer
from tests.crypto.ministry import AT, NAME, YEAR, rsa_key, the_issuer, the_officer, write_pem

PIN = "4321"


@dataclass(frozen=True)
class Token:
    """A soft token "exec1" with a key of each kind under the labels "ec" and "rsa", and its driver."""

    module: Path
    held: dict[str, HeldKey]


def the_token() -> Token:
    """The token; the test is skipped where SoftHSM or the Python binding is missing."""
    pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed: pip install 'saraban[pkcs11]'")
    module = next(Path("/usr/lib").glob("**/libsofthsm2.so"), None)
    if module is None or shutil.which("softhsm2-util") is None:
        pytest.skip("SoftHSM is not here: apt-get install softhsm2")
    return _made(module)


def in_pem(held: HeldKey) -> bytes:
    """The certificate with those above it."""
    return b"".join(one.public_bytes(Encoding.PEM) for one in (held.certificate, *held.chain))


@cache
def _made(module: Path) -> Token:
    folder = Path(tempfile.mkdtemp(prefix="saraban-token-"))
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    _util("--init-token", "--free", "--label", "exec1", "--so-pin", "0000", "--pin", PIN)
    rsa = issue_officer(the_issuer(), "นายสมชาย มั่นคงทดสอบ", "อธิบดี", NAME, AT - YEAR, AT + YEAR, key=rsa_key(3072))
    held = {"ec": the_officer(), "rsa": rsa}
    for number, (label, key) in enumerate(held.items(), 1):
        write_pem(key, folder, label)
        _util(
            *("--import", str(folder / f"{label}.key"), "--token", "exec1", "--pin", PIN),
            *("--label", label, "--id", f"0{number}"),
        )
    return Token(module, held)


def _util(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True, timeout=60)
