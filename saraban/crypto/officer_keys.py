"""Officers' keys wherever they lie: a file under the officer's passphrase, or a token (PKCS#11) under its PIN.

A token is driven through pyHanko. What the installation knows of it is a card: a file beside the keys that names the
token and the key on it, with the officer's certificate.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from saraban.crypto import asn1fix
from saraban.crypto.certificate import may_sign
from saraban.crypto.cms import SigningKey, key_is_accepted
from saraban.crypto.keys import officer_path, open_officer, write_private
from saraban.domain.agency import PersonId
from saraban.domain.errors import BadInput, NotFound, RuleBroken, WrongPassphrase

asn1fix.cure()

_TROUBLE = "ใช้โทเคนลงนามไม่ได้ เสียบโทเคนให้แน่น แล้วลองอีกครั้ง ถ้ายังไม่ได้ให้ผู้ดูแลระบบตรวจ SARABAN_PKCS11_MODULE"
# A token asks for its PIN once in a process and then trusts everybody in it (PKCS #11 v2.40, 2.6.2): two officers must
# never be at it at the same time, or the one would sign with the other's PIN.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class TokenCard:
    """Which token and which key on it, by their labels, with the certificate and those above it, nearest first."""

    token: str
    key: str
    certificates: tuple[x509.Certificate, ...]


class OfficerKeys:
    """The folder of keys with the driver of tokens, if there is one."""

    def __init__(self, keys: Path, pkcs11_module: Path | None = None) -> None:
        """Takes the folder of keys and the library of the tokens' maker (SARABAN_PKCS11_MODULE)."""
        self._keys, self._module = keys, pkcs11_module

    def has(self, person_id: PersonId) -> bool:
        """Is there a card of the person's token or a file with the key? Nothing of either is read."""
        return card_path(self._keys, person_id).exists() or officer_path(self._keys, person_id).exists()

    @contextmanager
    def opened(self, person_id: PersonId, passphrase: str) -> Iterator[SigningKey]:
        """The person's key, opened for one deed. The token goes before the file. Raises WrongPassphrase, NotFound when
        the person has no key or the token is not there, RuleBroken when the token cannot be used."""
        path = card_path(self._keys, person_id)
        if not path.exists():
            yield open_officer(self._keys, person_id, passphrase)
            return
        if self._module is None:
            raise RuleBroken("กุญแจลงนามของท่านอยู่ในโทเคน แต่ระบบยังไม่ได้ตั้ง SARABAN_PKCS11_MODULE ติดต่อผู้ดูแลระบบ")
        with _one_at_a_time:
            key = _TokenKey(self._module, read_card(path), passphrase)
            try:
                yield key
            finally:
                key.close()


def card_path(keys: Path, person_id: PersonId) -> Path:
    """Where the card of an officer's token lies."""
    return keys / "officers" / f"{person_id}.token.json"


def store_card(keys: Path, person_id: PersonId, token: str, key: str, certificates: bytes) -> None:
    """Write the card of an officer's token; the certificates are PEM, the officer's own first. Raises BadInput."""
    if not token.strip() or not key.strip():
        raise BadInput({"token": "ใส่ชื่อโทเคนและชื่อกุญแจในโทเคน"})
    try:
        found = x509.load_pem_x509_certificates(certificates)
    except ValueError as error:
        raise BadInput({"file": "อ่านใบรับรองไม่ได้ ใช้ไฟล์ PEM ที่มีใบรับรองของผู้ลงนามเป็นใบแรก"}) from error
    if not key_is_accepted(found[0].public_key()):
        raise BadInput({"file": "ชนิดกุญแจไม่เป็นที่ยอมรับ ต้องเป็น ECDSA P-256 หรือ P-384 หรือ RSA ตั้งแต่ 3072 บิต"})
    if not may_sign(found[0]):
        raise BadInput({"file": "ใบรับรองนี้ไม่อนุญาตให้ใช้ลงลายมือชื่อ"})
    texts = [one.public_bytes(Encoding.PEM).decode("ascii") for one in found]
    card = json.dumps({"token": token, "key": key, "certificates": texts}, ensure_ascii=False)
    write_private(card_path(keys, person_id), card.encode())


def read_card(path: Path) -> TokenCard:
    """Read a card back."""
    told = json.loads(path.read_bytes())
    return TokenCard(
        told["token"], told["key"], tuple(x509.load_pem_x509_certificate(one.encode()) for one in told["certificates"])
    )


class _TokenKey:
    """A key on a token, its session open: a SigningKey."""

    def __init__(self, module: Path, card: TokenCard, pin: str) -> None:
        self.certificate, self.chain = card.certificates[0], card.certificates[1:]
        self._session = _session(module, card.token, pin)
        try:
            self._signer = _signer(self._session, card)
        except BaseException:
            self.close()
            raise

    def raw(self, data: bytes) -> bytes:
        """The signature over this data, made on the token; one that its certificate does not bear out is refused."""
        try:
            signature = bytes(asyncio.run(self._signer.async_sign_raw(data, "sha256")))
        except Exception as error:
            raise RuleBroken(_TROUBLE) from error
        public = self.certificate.public_key()
        try:
            if isinstance(public, ec.EllipticCurvePublicKey):
                public.verify(signature, data, ec.ECDSA(hashes.SHA256()))
            elif isinstance(public, rsa.RSAPublicKey):
                public.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature as error:
            raise RuleBroken("กุญแจในโทเคนไม่ใช่กุญแจของใบรับรองที่ผูกไว้ ติดต่อผู้ดูแลระบบ") from error
        return signature

    def close(self) -> None:
        """Leave the token, which forgets the PIN."""
        self._session.close()


def _session(module: Path, token: str, pin: str) -> Any:
    try:
        from pkcs11 import exceptions
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import open_pkcs11_session
    except ImportError as error:
        raise RuleBroken("ยังไม่ได้ติดตั้งส่วนเสริมสำหรับโทเคน ผู้ดูแลระบบติดตั้งด้วย pip install 'saraban[pkcs11]'") from error
    try:
        return open_pkcs11_session(str(module), token_criteria=TokenCriteria(label=token), user_pin=pin)
    except (exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange) as error:
        raise WrongPassphrase from error
    except exceptions.PinLocked as error:
        raise RuleBroken("โทเคนลงนามล็อกแล้วเพราะใส่ PIN ผิดหลายครั้ง ติดต่อผู้ออกโทเคนเพื่อปลดล็อก") from error
    except Exception as error:
        # pyHanko raises the bare base class when no token has this label.
        if type(error) is exceptions.PKCS11Error or isinstance(error, exceptions.TokenNotPresent):
            raise NotFound("ไม่พบโทเคนลงนามของท่าน เสียบโทเคนแล้วลองอีกครั้ง") from error
        raise RuleBroken(_TROUBLE) from error


def _signer(session: Any, card: TokenCard) -> Any:
    from pyhanko.sign.pkcs11 import PKCS11Signer

    own, *above = (_asn1(one) for one in card.certificates)
    # Not every token hashes by itself before ECDSA; pyHanko does it then.
    elliptic = isinstance(card.certificates[0].public_key(), ec.EllipticCurvePublicKey)
    signer = PKCS11Signer(
        session, key_label=card.key, signing_cert=own, ca_chain=above, embed_roots=False, use_raw_mechanism=elliptic
    )
    try:
        asyncio.run(signer.ensure_objects_loaded())  # type: ignore[no-untyped-call]
    except Exception as error:
        raise NotFound("ไม่พบกุญแจลงนามในโทเคน ให้ผู้ดูแลระบบตรวจชื่อกุญแจ") from error
    return signer


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
