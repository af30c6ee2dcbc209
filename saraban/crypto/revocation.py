"""The certificate revocation lists (RFC 5280, 5) that this installation has: files in a folder, which whoever looks
after it keeps fresh."""

from __future__ import annotations

from pathlib import Path

from asn1crypto import crl, pem

import saraban.crypto.asn1fix  # noqa: F401  (a cure for asn1crypto)

LARGEST_LIST = 32 * 2**20


class RevocationLists:
    """The `*.crl` files of a folder, DER or PEM; a new or changed file is seen at the next call, and one that is no
    revocation list is as if it were not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, tuple[tuple[int, int], bytes | None]] = {}

    def all(self) -> list[bytes]:
        """The lists in DER."""
        found = [self._list(path) for path in sorted(self._folder.glob("*.crl"))] if self._folder.is_dir() else []
        return [one for one in found if one is not None]

    def _list(self, path: Path) -> bytes | None:
        state = path.stat()
        version = (state.st_mtime_ns, state.st_size)
        known = self._read.get(path)
        if known is None or known[0] != version:
            known = (version, _der(path.read_bytes()) if state.st_size <= LARGEST_LIST else None)
            self._read[path] = known
        return known[1]


def _der(data: bytes) -> bytes | None:
    try:
        der = pem.unarmor(data)[2] if pem.detect(data) else data
        return bytes(der) if crl.CertificateList.load(der)["tbs_cert_list"]["this_update"].native else None
    except Exception:  # asn1crypto raises many kinds on octets that are not what they should be.
        return None
