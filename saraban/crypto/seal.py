"""The seals of this installation: the port Seals over the files of `keys.py`."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from saraban.crypto.certificate import mailboxes, signer_name
from saraban.crypto.cms import CmsSigner, HeldKey
from saraban.crypto.keys import open_seal, seal_folder
from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, NotFound, WrongPassphrase


class KeySealer:
    """The port Sealer: one seal with its key held open."""

    def __init__(self, seal: HeldKey) -> None:
        """Takes the opened key. Raises ValueError for a key of a kind that receivers do not accept."""
        self.signer = CmsSigner(seal)
        named = mailboxes(seal.certificate)
        self._mailbox = named[0] if named else ""
        self.name = signer_name(seal.certificate)
        self.certificate_pem = seal.pem
        self.chain_pem = tuple(above.public_bytes(Encoding.PEM).decode("ascii") for above in seal.chain)
        self.valid_from = seal.certificate.not_valid_before_utc
        self.valid_to = seal.certificate.not_valid_after_utc

    @property
    def mailbox(self) -> str:
        """The rfc822Name of the seal's certificate; empty when it has none."""
        return self._mailbox

    def seal(self, digest: Digest, at: datetime) -> bytes:
        """A detached CMS SignedData in DER (CAdES-B) over content with this SHA-256, signed at this time."""
        return self.signer.sign(digest.raw, at)


class FileSeals:
    """The port Seals. A key is opened once and held; a new or changed file is seen at the next call."""

    def __init__(self, keys: Path, master_key: str) -> None:
        """Takes the folder of keys (`$SARABAN_DATA/keys`) and the master key that opens them."""
        self._keys = keys
        self._master_key = master_key
        self._opened: dict[Path, tuple[tuple[int, int, int], KeySealer]] = {}
        self._lock = threading.Lock()

    def sealer(self, agency_code: str, at: datetime) -> KeySealer:
        """The agency's seal that is valid at that time; where two overlap, the one that began later. Raises NotFound,
        with words that say why, when there is none that is valid or none that the master key opens."""
        seals, reasons = self._all(agency_code)
        valid = [seal for seal in seals if seal.valid_from <= at <= seal.valid_to]
        if valid:
            return max(valid, key=lambda seal: seal.valid_from)
        if reasons:
            raise reasons[0]
        if seals:
            raise NotFound("ตราประทับอิเล็กทรอนิกส์ของส่วนราชการหมดอายุหรือยังไม่ถึงวันเริ่มใช้ กรุณานำเข้าตราประทับที่ใช้ได้")
        raise NotFound("ส่วนราชการนี้ยังไม่มีตราประทับอิเล็กทรอนิกส์ กรุณานำเข้าตราประทับก่อนส่งหนังสือ")

    def all_of(self, agency_code: str) -> list[KeySealer]:
        """Every seal of the agency that opens, whatever its validity, for the directory and for warnings of expiry."""
        return self._all(agency_code)[0]

    def _all(self, agency_code: str) -> tuple[list[KeySealer], list[NotFound]]:
        """The seals, and why others do not open: one spoiled file does not keep an agency from its good seal."""
        seals: list[KeySealer] = []
        reasons: list[NotFound] = []
        for path in sorted(seal_folder(self._keys, agency_code).glob("*.pem")):
            try:
                seals.append(self._open(path))
            except NotFound as reason:
                reasons.append(reason)
        return seals, reasons

    def _open(self, path: Path) -> KeySealer:
        state = path.stat()
        version = (state.st_mtime_ns, state.st_size, state.st_ino)
        with self._lock:
            held = self._opened.get(path)
            if held is None or held[0] != version:
                held = (version, self._read(path))
                self._opened[path] = held
            return held[1]

    def _read(self, path: Path) -> KeySealer:
        try:
            return KeySealer(open_seal(path, self._master_key))
        except WrongPassphrase as error:
            raise NotFound("เปิดตราประทับอิเล็กทรอนิกส์ไม่ได้ ให้ผู้ดูแลระบบตรวจกุญแจหลัก SARABAN_MASTER_KEY") from error
        except BadInput as error:
            raise NotFound("ไฟล์ตราประทับอิเล็กทรอนิกส์เสียหาย ให้ผู้ดูแลระบบนำเข้าตราประทับใหม่") from error
