"""The cabinet of keys: what the commands do to seals and officers' keys (usecases.ports.SealCabinet)."""

from __future__ import annotations

from pathlib import Path

from saraban.crypto import keys as files
from saraban.crypto.officer_keys import store_card
from saraban.domain.agency import PersonId


class KeyCabinet:
    """The folder of keys with the installation's master key."""

    def __init__(self, keys: Path, master_key: str) -> None:
        self._keys, self._master_key = keys, master_key

    def import_seal(self, agency_code: str, data: bytes, passphrase: str) -> None:
        """Take a seal in, as PKCS#12 or PEM; certificates alone answer a request made here."""
        files.import_seal(self._keys, agency_code, data, passphrase, self._master_key)

    def request_seal(self, agency_code: str, name: str, mailbox: str) -> bytes:
        """Make a key and give the certificate request (PKCS#10, PEM) for it."""
        return files.request_seal(self._keys, agency_code, name, mailbox, self._master_key)

    def store_officer(self, person_id: PersonId, data: bytes, old_passphrase: str, passphrase: str) -> None:
        """Take an officer's PKCS#12 in, under a new passphrase."""
        files.store_officer(self._keys, person_id, files.read_officer(data, old_passphrase), passphrase)

    def store_token(self, person_id: PersonId, token: str, key: str, certificates: bytes) -> None:
        """Write down on which token (PKCS#11) an officer's key lies, and its certificates (PEM)."""
        store_card(self._keys, person_id, token, key, certificates)
