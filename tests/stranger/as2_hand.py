"""The AS2 software of others (pyas2lib) reads a signed MDN: `python -m tests.stranger.as2_hand MDN CERT ROOTS MIC`.

It prints JSON: what it makes of the disposition, the letter that the notification is about, and the digest that was
signed. It knows seals of RSA only.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

_SEARCH = re.search


def _with_longer_numbers(pattern: Any, text: Any, flags: int = 0) -> Any:
    """oscrypto 1.3.0, on which pyas2lib stands, refuses OpenSSL versions like 3.0.19 because of their last number."""
    if isinstance(pattern, str):
        pattern = pattern.replace(r"\d\.\d\.\d[a-z]*", r"\d\.\d\.\d+[a-z]*")
    return _SEARCH(pattern, text, flags)


def main(mdn_file: str, certificate: str, roots: str, mic: str) -> None:
    """Parse and verify it as the sender of the message that it answers."""
    re.search = _with_longer_numbers  # type: ignore[assignment]
    try:
        from pyas2lib import as2
    finally:
        re.search = _SEARCH
    partner = as2.Partner(
        "receiver",
        verify_cert=Path(certificate).read_bytes(),
        verify_cert_ca=Path(roots).read_bytes(),
        mdn_mode="SYNC",
        mdn_digest_alg="sha256",
    )
    sent = as2.Message(sender=as2.Organization("sender"), receiver=partner)
    sent.mic = mic.encode()
    asked: list[str] = []

    def find(message_id: str, recipient: str) -> Any:
        asked.extend((message_id, recipient))
        sent.message_id = message_id
        return sent

    mdn = as2.Mdn()
    status, detail = mdn.parse(Path(mdn_file).read_bytes(), find)
    print(json.dumps({"status": status, "detail": detail, "about": asked, "digest": mdn.digest_alg}))


if __name__ == "__main__":
    main(*sys.argv[1:])
