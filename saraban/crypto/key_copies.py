"""The keys of an installation in one file under a passphrase (usecases.safekeeping.KeyCopier).

The file is JSON: a salt, a nonce, and what AES-256-GCM made of the keys by their names, of the passwords of the
mailboxes (mail.toml) and of the master key, without which seals do not open. The key comes from the passphrase by
scrypt (RFC 7914).
"""

from __future__ import annotations

import json
import secrets
from base64 import b64decode, b64encode
from pathlib import Path, PurePosixPath
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from saraban.crypto.keys import write_private
from saraban.domain.errors import BadInput, RuleBroken, WrongPassphrase

SHORTEST = 12
_WORK = 2**16
_PURPOSE = b"saraban-keys-1"


class KeyCopies:
    """Copies of the folder of keys of this installation."""

    def __init__(self, keys: Path, mail_file: Path, master_key: str, work: int = _WORK) -> None:
        self._keys, self._mail_file, self._master_key, self._work = keys, mail_file, master_key, work

    def expect(self, passphrase: str) -> None:
        """Is it long enough?"""
        if len(passphrase) < SHORTEST:
            raise BadInput({"passphrase": "สั้นเกินไป"}, f"รหัสผ่านของไฟล์กุญแจต้องยาวอย่างน้อย {SHORTEST} ตัว")

    def pack(self, to: Path, passphrase: str) -> int:
        """Write the file, readable by its owner alone."""
        self.expect(passphrase)
        files = {path.relative_to(self._keys).as_posix(): path.read_bytes() for path in self._files()}
        inside = {
            "master_key": self._master_key,
            "keys": {name: b64encode(data).decode() for name, data in files.items()},
            "mail": b64encode(self._mail_file.read_bytes()).decode() if self._mail_file.exists() else "",
        }
        salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
        sealed = AESGCM(_key(passphrase, salt, self._work)).encrypt(nonce, json.dumps(inside).encode(), _PURPOSE)
        words = {"salt": salt, "nonce": nonce, "sealed": sealed}
        outside = {"format": 1, "work": self._work, **{key: b64encode(value).decode() for key, value in words.items()}}
        write_private(to, json.dumps(outside).encode())
        return len(files)

    def is_empty(self) -> bool:
        """No keys yet?"""
        return not self._files()

    def check(self, packed: Path, passphrase: str) -> None:
        """Does it open, and is the master key the one that is set?"""
        if self.master_key(packed, passphrase) != self._master_key:
            raise RuleBroken(
                "กุญแจหลักในไฟล์กุญแจไม่ตรงกับ SARABAN_MASTER_KEY ที่ตั้งไว้ ดูค่าเดิมด้วย flask backup master-key แล้วตั้งให้ตรง"
            )

    def unpack(self, packed: Path, passphrase: str) -> int:
        """Put the keys and the passwords of the mailboxes back."""
        inside = self._opened(packed, passphrase)
        for name, data in inside["keys"].items():
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise BadInput({"keys": "ชื่อไฟล์ในไฟล์กุญแจไม่ถูกแบบ"})
            write_private(self._keys / name, b64decode(data))
        if inside["mail"] and not self._mail_file.exists():
            write_private(self._mail_file, b64decode(inside["mail"]))
        return len(inside["keys"])

    def master_key(self, packed: Path, passphrase: str) -> str:
        """The master key in the file."""
        return str(self._opened(packed, passphrase)["master_key"])

    def _opened(self, packed: Path, passphrase: str) -> dict[str, Any]:
        try:
            outside = json.loads(packed.read_bytes())
            salt, nonce, sealed = (b64decode(outside[name]) for name in ("salt", "nonce", "sealed"))
            work = int(outside["work"])
            if not 2**10 <= work <= 2**20:
                raise ValueError
            opened: dict[str, Any] = json.loads(AESGCM(_key(passphrase, salt, work)).decrypt(nonce, sealed, _PURPOSE))
        except InvalidTag as error:
            raise WrongPassphrase("เปิดไฟล์กุญแจไม่ได้: รหัสผ่านไม่ถูกต้องหรือไฟล์ถูกแก้ไข") from error
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput({"keys": "ไม่ใช่ไฟล์กุญแจของระบบนี้"}, "ไฟล์นี้ไม่ใช่ไฟล์กุญแจที่สำรองจากระบบนี้") from error
        return opened

    def _files(self) -> list[Path]:
        return sorted(path for path in self._keys.rglob("*") if path.is_file()) if self._keys.exists() else []


def _key(passphrase: str, salt: bytes, work: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=work, r=8, p=1).derive(passphrase.encode())
