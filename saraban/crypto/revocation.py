"""The certificate revocation lists (RFC 5280, 5) that this installation has: files in a folder. Some are put there by
whoever looks after it; those that our own signatures need are fetched from where their issuers publish them. Beside
them lie issuers' answers about single certificates (`answers.py`)."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
import urllib.request
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import crl, pem

from saraban.crypto import asn1fix
from saraban.crypto.answers import Answers
from saraban.crypto.keys import write_private

asn1fix.cure()

LARGEST_LIST = 32 * 2**20
FRESH_FOR = timedelta(hours=12)
"""A list is fetched again after so long, or when it ends within that time."""
MOST_WANTED = 100
_WANTED = "wanted.json"
_log = logging.getLogger(__name__)


class RevocationLists:
    """The port RevocationLists over the `*.crl` files of a folder, DER or PEM. A new or changed file is seen at the
    next call, and one that is no revocation list is as if it were not there."""

    def __init__(self, folder: Path, *, timeout_seconds: float = 15.0) -> None:
        """Takes the folder, and how long an issuer may take to give its list."""
        self._folder, self._timeout = folder, timeout_seconds
        self._read: dict[Path, tuple[tuple[int, int], bytes | None]] = {}
        self.answers = Answers(folder, timeout_seconds=timeout_seconds)
        self._opener = urllib.request.build_opener(_NoRedirect)
        self._lock = threading.Lock()

    def all(self) -> list[bytes]:
        """The lists in DER."""
        found = [self._list(path) for path in sorted(self._folder.glob("*.crl"))] if self._folder.is_dir() else []
        return [one for one in found if one is not None]

    def want(self, addresses: Iterable[str]) -> None:
        """Remember where lists are published that our own signatures need."""
        with self._lock:
            known = self._wanted()
            new = [
                one for one in dict.fromkeys(addresses) if one not in known and one.startswith(("http://", "https://"))
            ]
            if new and len(known) < MOST_WANTED:
                write_private(self._folder / _WANTED, json.dumps([*known, *new]).encode())

    def refresh(self, now: datetime) -> int:
        """Fetch the wanted lists that are missing or old, and the answers. Returns how many came; who gives none is
        asked next time."""
        return sum(self._fetch(address, now) for address in self._wanted()) + self.answers.refresh(now)

    def _wanted(self) -> list[str]:
        try:
            return [str(one) for one in json.loads((self._folder / _WANTED).read_bytes())]
        except FileNotFoundError:
            return []

    def _fetch(self, address: str, now: datetime) -> int:
        path = self._folder / f"fetched-{hashlib.sha256(address.encode()).hexdigest()[:16]}.crl"
        old = self._list(path) if path.exists() else None
        if old is not None and not _is_due(old, path, now):
            return 0
        try:
            data = _der(self._asked(address))
        except (OSError, ValueError) as error:
            _log.warning("no revocation list from %s: %s", address, error)
            return 0
        if data is None or (old is not None and not _follows(data, old)):
            _log.warning("what %s gives is no revocation list, or an older one", address)
            return 0
        write_private(path, data)
        return 1

    def _asked(self, address: str) -> bytes:
        until, data = time.monotonic() + self._timeout, b""
        with self._opener.open(address, timeout=self._timeout) as answer:
            while block := answer.read1(2**20):
                data += block
                if len(data) > LARGEST_LIST:
                    raise ValueError("too large")
                if time.monotonic() > until:
                    raise TimeoutError("too slow")
        return data

    def _list(self, path: Path) -> bytes | None:
        state = path.stat()
        version = (state.st_mtime_ns, state.st_size)
        known = self._read.get(path)
        if known is None or known[0] != version:
            known = (version, _der(path.read_bytes()) if state.st_size <= LARGEST_LIST else None)
            self._read[path] = known
        return known[1]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A list is fetched from the address in the certificate, and from nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _der(data: bytes) -> bytes | None:
    try:
        der = pem.unarmor(data)[2] if pem.detect(data) else data
        return bytes(der) if _times(der)[0] else None
    except Exception:  # asn1crypto raises many kinds on octets that are not what they should be.
        return None


def _times(der: bytes) -> tuple[datetime, datetime | None]:
    """When a list was issued, and when the next one is due."""
    told = crl.CertificateList.load(der)["tbs_cert_list"]
    return told["this_update"].native, told["next_update"].native


def _is_due(der: bytes, path: Path, now: datetime) -> bool:
    until = _times(der)[1]
    return now.timestamp() - path.stat().st_mtime > FRESH_FOR.total_seconds() or (
        until is not None and until - now < FRESH_FOR
    )


def _follows(new: bytes, old: bytes) -> bool:
    """Is it a list of the same issuer, and not an older one?"""
    same = crl.CertificateList.load(new).issuer.dump() == crl.CertificateList.load(old).issuer.dump()
    return same and _times(new)[0] >= _times(old)[0]
