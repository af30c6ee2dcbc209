"""Small secrets under the installation's master key: passwords of mailboxes, tokens (usecases.mailing.LockBox).

A locked text is `v1.` and, in base64url, a salt of 16 octets, a nonce of 12 and what AES-256-GCM made of the secret.
The key comes from the master key and the salt by scrypt (RFC 7914); the purpose is authenticated with it.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from saraban.domain.errors import WrongPassphrase

_FORM = "v1."
_SALT, _NONCE = 16, 12
_WORK = 2**14


class MasterLockBox:
    """Locks and opens under one master key."""

    def __init__(self, master_key: str) -> None:
        self._master_key = master_key.encode()

    def lock(self, secret: str, purpose: str) -> str:
        """The secret, locked; twice the same secret gives two different texts."""
        salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
        sealed = AESGCM(_key(self._master_key, salt)).encrypt(nonce, secret.encode(), purpose.encode())
        return _FORM + urlsafe_b64encode(salt + nonce + sealed).decode("ascii")

    def unlock(self, locked: str, purpose: str) -> str:
        """The secret again. Raises WrongPassphrase when it does not open."""
        try:
            data = urlsafe_b64decode(locked.removeprefix(_FORM).encode("ascii"))
            salt, nonce, sealed = data[:_SALT], data[_SALT : _SALT + _NONCE], data[_SALT + _NONCE :]
            if not locked.startswith(_FORM) or len(nonce) != _NONCE:
                raise ValueError
            return AESGCM(_key(self._master_key, salt)).decrypt(nonce, sealed, purpose.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise WrongPassphrase(
                "เปิดรหัสผ่านของกล่องไปรษณีย์ที่เก็บไว้ไม่ได้ ให้ผู้ดูแลระบบตรวจกุญแจหลัก SARABAN_MASTER_KEY หรือใส่รหัสผ่านใหม่"
            ) from error


@lru_cache(maxsize=256)
def _key(master_key: bytes, salt: bytes) -> bytes:
    """The work of scrypt is done once for each salt in a process: accounts are asked for at every message."""
    return Scrypt(salt=salt, length=32, n=_WORK, r=8, p=1).derive(master_key)
