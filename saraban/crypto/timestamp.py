"""Time-stamps (RFC 3161): asking an authority for one over HTTP, and checking what it gave. The port TimeStamper."""

from __future__ import annotations

import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from asn1crypto import cms, core, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from saraban.crypto import asn1fix
from saraban.crypto.certificate import Roots, RootStore, signer_name
from saraban.domain.attachment import Digest
from saraban.domain.errors import RuleBroken
from saraban.usecases.proofs import TimeStampStatus

asn1fix.cure()

LARGEST_ANSWER = 65_536
SILENCE_SECONDS = 60.0
"""For so long an authority that did not answer is left in peace."""
_GRANTED = ("granted", "granted_with_mods")
_STAMPING = frozenset({ExtendedKeyUsageOID.TIME_STAMPING})
_SMALLEST_RSA_BITS = 2048
"""Less than what our own seals must have: authorities of today still stamp with RSA of 2048 bits."""
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_ALSO_FOR_BINDING: dict[str, hashes.HashAlgorithm] = {"sha1": hashes.SHA1(), **_HASHES}
"""ESSCertID of RFC 2634 names a certificate by SHA-1; what binds it is the signature around it."""


NO_ROOTS = "ตรวจไม่ได้: ยังไม่มีใบรับรองของผู้ออกใบรับรองให้ผู้ประทับรับรองเวลา (SARABAN_TSA_ROOTS)"


class _Unfit(Exception):
    """A token that does not hold; the words say why."""


class _NoRoots(Exception):
    """Everything in the token fits; whether its maker is to be trusted cannot be said."""


def check_token(token: bytes, stamped: Digest | bytes, roots: RootStore, *, for_stamps: bool = True) -> TimeStampStatus:
    """What a token says and whether it holds over a SHA-256, or over these octets with the hash that it names. Never
    raises.

    1. read: SignedData with one signer over a TSTInfo (RFC 3161, 2.4.2);
    2. imprint: it is over what was stamped;
    3. signature: the attributes name the content and the certificate, and its key signed them;
    4. authority: the certificate is for time-stamping and nothing else, was valid then, and leads to a root. Where
       there is none, or those that there are were not named `for_stamps` and it leads to none of them, that cannot be
       checked, which is another answer than that it does not hold.
    """
    at, by = None, ""
    try:
        signed = _signed_data(token)
        info = _info(signed)
        at = info["gen_time"].native
        _expect_imprint(info, stamped)
        certificate, others = _certificates(signed)
        by = signer_name(certificate)
        _expect_signature(signed, certificate)
        _expect_authority(certificate, others, at, roots, for_stamps)
    except _Unfit as unfit:
        return TimeStampStatus(False, at, by, str(unfit))
    except _NoRoots:
        return TimeStampStatus(False, at, by, NO_ROOTS, checkable=False)
    except Exception:  # A hostile token may fail anywhere in the parser; that too is an answer.
        return TimeStampStatus(False, at, by, "อ่านตราประทับเวลาไม่ได้")
    return TimeStampStatus(True, at, by)


def stamped_time(token: bytes) -> datetime:
    """The time in a token that was found good before."""
    moment: datetime = _info(_signed_data(token))["gen_time"].native
    return moment


class HttpTimeStamper:
    """The port TimeStamper over HTTP (RFC 3161, 3.4). `url` may be empty: then nothing is stamped."""

    def __init__(self, url: str, roots: Roots, *, timeout_seconds: float = 15.0, for_stamps: bool = True) -> None:
        """Takes the authority's address, the roots that its certificate must chain to, and how long it may take. The
        roots are not `for_stamps` where nobody named any for time-stamping and those of the seals stand in."""
        self._url = url
        self._roots, self._for_stamps = RootStore(roots), for_stamps
        self._timeout = timeout_seconds
        self._opener = urllib.request.build_opener(_NoRedirect)
        self._silent_until = 0.0

    @property
    def is_set(self) -> bool:
        """True when an authority is set up."""
        return bool(self._url)

    def stamp(self, digest: Digest) -> bytes | None:
        """The TimeStampToken in DER over this SHA-256; None when no authority is set up. Raises RuleBroken when it does
        not answer or its answer does not fit: status, imprint, nonce, signature, purpose and roots are looked at."""
        if not self._url:
            return None
        nonce = secrets.randbits(64) | 1 << 63
        answer = self._asked(_request(digest, nonce))
        try:
            token = _granted(answer)
            info = _info(_signed_data(token))
            if info["nonce"].native != nonce:
                raise _Unfit("คำตอบไม่ใช่ของคำขอนี้ (nonce ไม่ตรงกัน)")
        except _Unfit as unfit:
            raise _refused(str(unfit)) from unfit
        except Exception as error:  # asn1crypto raises many kinds on octets that are not what they should be.
            raise _refused("อ่านคำตอบไม่ได้") from error
        status = self.check(token, digest)
        if not status.good:
            raise _refused(status.reason)
        return token

    def check(self, token: bytes, digest: Digest) -> TimeStampStatus:
        """What a token says and whether it holds for the roots of this installation. Never raises."""
        return check_token(token, digest, self._roots, for_stamps=self._for_stamps)

    def _asked(self, query: bytes) -> bytes:
        """The answer's octets. It may take so long in all, however it drips, and be so large. Whoever did not answer is
        not asked again for a while: nobody who signs letters one after another waits each time."""
        if time.monotonic() < self._silent_until:
            raise _refused("ไม่ตอบเมื่อครู่ จะถามใหม่ในหนึ่งนาที")
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        request = urllib.request.Request(self._url, data=query, headers=headers, method="POST")
        until = time.monotonic() + self._timeout
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                data = b""
                while block := answer.read1(LARGEST_ANSWER):
                    data += block
                    if len(data) > LARGEST_ANSWER:
                        raise _refused("คำตอบใหญ่ผิดปกติ")
                    if time.monotonic() > until:
                        raise TimeoutError
                return data
        except TimeoutError as error:
            self._silent_until = time.monotonic() + SILENCE_SECONDS
            raise _refused("ไม่ตอบภายในเวลาที่กำหนด") from error
        except urllib.error.HTTPError as error:
            raise _refused(f"ปฏิเสธคำขอ (HTTP {error.code})") from error
        except (OSError, ValueError) as error:
            self._silent_until = time.monotonic() + SILENCE_SECONDS
            timed_out = isinstance(getattr(error, "reason", None), TimeoutError)
            raise _refused("ไม่ตอบภายในเวลาที่กำหนด" if timed_out else "ติดต่อไม่ได้") from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A time-stamp is asked for at the address that was set, and nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class _Response(core.Sequence):  # type: ignore[misc]
    """TimeStampResp, whose token is missing when the authority refuses (RFC 3161, 2.4.2)."""

    _fields: ClassVar = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


@dataclass(frozen=True)
class _Signed:
    """The parts of a token: the octets of its TSTInfo, its one signer, the certificates sent along."""

    content: bytes
    signer: Any
    certificates: Sequence[bytes]


def _refused(why: str) -> RuleBroken:
    return RuleBroken(f"ผู้ประทับรับรองเวลา: {why}", code="time-stamp")


def _request(digest: Digest, nonce: int) -> bytes:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest.raw}
    query = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True})
    return bytes(query.dump())


def _granted(answer: bytes) -> bytes:
    """The token in an answer that grants one, byte for byte."""
    response = _Response.load(answer, strict=True)
    status = response["status"]["status"].native
    if status not in _GRANTED:
        raise _Unfit(f"ไม่ให้ตราประทับเวลา ({status})")
    return bytes(response["time_stamp_token"].dump())


def _signed_data(token: bytes) -> _Signed:
    if len(token) > LARGEST_ANSWER:
        raise _Unfit("ตราประทับเวลาใหญ่ผิดปกติ")
    outer = cms.ContentInfo.load(token, strict=True)
    if outer["content_type"].native != "signed_data":
        raise _Unfit("ไม่ใช่ตราประทับเวลา")
    signed = outer["content"]
    inner = signed["encap_content_info"]
    if inner["content_type"].native != "tst_info":
        raise _Unfit("ไม่ใช่ตราประทับเวลา")
    signers = signed["signer_infos"]
    if len(signers) != 1:
        raise _Unfit("ต้องมีผู้ประทับรับรองเวลาเพียงรายเดียว")
    sent = [choice.chosen.dump() for choice in signed["certificates"] or () if choice.name == "certificate"]
    return _Signed(bytes(inner["content"].contents), signers[0], sent)


def _info(signed: _Signed) -> Any:
    return tsp.TSTInfo.load(signed.content, strict=True)


def _expect_imprint(info: Any, stamped: Digest | bytes) -> None:
    imprint = info["message_imprint"]
    name = imprint["hash_algorithm"]["algorithm"].native
    if isinstance(stamped, Digest):
        expected = stamped.raw if name == "sha256" else None
    else:
        expected = _hashed(_HASHES[name], stamped) if name in _HASHES else None
    if expected is None or imprint["hashed_message"].native != expected:
        raise _Unfit("ตราประทับเวลาเป็นของข้อมูลอื่น")


def _certificates(signed: _Signed) -> tuple[x509.Certificate, list[x509.Certificate]]:
    """The signer's certificate, and the others."""
    own, others = None, []
    for data in signed.certificates:
        certificate = x509.load_der_x509_certificate(data)
        if own is None and _is_meant(certificate, signed.signer["sid"]):
            own = certificate
        else:
            others.append(certificate)
    if own is None:
        raise _Unfit("ไม่มีใบรับรองของผู้ประทับรับรองเวลาแนบมา")
    return own, others


def _is_meant(certificate: x509.Certificate, sid: Any) -> bool:
    """Is it the certificate that the signer names, by issuer and serial number or by its key's identifier?"""
    if sid.name == "issuer_and_serial_number":
        same = certificate.serial_number == sid.chosen["serial_number"].native
        return bool(same and certificate.issuer.public_bytes() == sid.chosen["issuer"].dump())
    identifier = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return bool(identifier.digest == sid.chosen.native)


def _expect_authority(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    at: datetime,
    roots: RootStore,
    for_stamps: bool,
) -> None:
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise _Unfit("ใบรับรองของผู้ประทับรับรองเวลาไม่มีผลในเวลานั้น")
    try:
        purpose = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        raise _Unfit("ใบรับรองไม่ได้ออกให้ใช้ประทับรับรองเวลา") from None
    if set(purpose.value) != _STAMPING or not purpose.critical:
        raise _Unfit("ใบรับรองไม่ได้ออกให้ใช้ประทับรับรองเวลาเท่านั้น")
    if not roots.leads_here(certificate, others, at, _STAMPING):
        if roots.empty or not for_stamps:
            raise _NoRoots
        raise _Unfit("ใบรับรองของผู้ประทับรับรองเวลาไม่ได้ออกโดยผู้ออกใบรับรองที่ระบบเชื่อถือ")


def _expect_signature(signed: _Signed, certificate: x509.Certificate) -> None:
    """The key signed the attributes, and they mean this content and this certificate (RFC 5652, 5.4; RFC 5816)."""
    attributes = {one["type"].native: one["values"] for one in signed.signer["signed_attrs"]}
    hash_name = signed.signer["digest_algorithm"]["algorithm"].native
    if hash_name not in _HASHES or [value.native for value in attributes["content_type"]] != ["tst_info"]:
        raise _Unfit("ตราประทับเวลาใช้วิธีที่ไม่เป็นที่ยอมรับ")
    if [value.native for value in attributes["message_digest"]] != [_hashed(_HASHES[hash_name], signed.content)]:
        raise _Unfit("ลายมือชื่อของผู้ประทับรับรองเวลาไม่ตรงกับเนื้อหา")
    if not _binds(attributes, certificate):
        raise _Unfit("ตราประทับเวลาไม่ได้ระบุใบรับรองใบนี้")
    # What is signed is the SET OF; what is sent is the same octets under the tag [0] (RFC 5652, 5.4).
    octets = b"\x31" + signed.signer["signed_attrs"].dump()[1:]
    if not _made_by(certificate.public_key(), signed.signer, octets, _HASHES[hash_name]):
        raise _Unfit("ลายมือชื่อของผู้ประทับรับรองเวลาไม่ถูกต้อง")


def _binds(attributes: dict[str, Any], certificate: x509.Certificate) -> bool:
    for name in ("signing_certificate_v2", "signing_certificate"):
        if name in attributes:
            first = attributes[name][0]["certs"][0]
            kind = first["hash_algorithm"]["algorithm"].native if name.endswith("v2") else "sha1"
            algorithm = _ALSO_FOR_BINDING.get(kind)
            return algorithm is not None and bool(certificate.fingerprint(algorithm) == first["cert_hash"].native)
    return False


def _made_by(public: object, signer: Any, octets: bytes, algorithm: hashes.HashAlgorithm) -> bool:
    signature, kind = signer["signature"].native, signer["signature_algorithm"]
    try:
        if isinstance(public, ec.EllipticCurvePublicKey) and kind.signature_algo == "ecdsa":
            if kind["algorithm"].native != f"{algorithm.name}_ecdsa":
                return False
            public.verify(signature, octets, ec.ECDSA(algorithm))
            return True
        if isinstance(public, rsa.RSAPublicKey) and public.key_size >= _SMALLEST_RSA_BITS:
            public.verify(signature, octets, _rsa_padding(kind, algorithm), algorithm)
            return True
    except InvalidSignature:
        return False
    return False


def _rsa_padding(kind: Any, algorithm: hashes.HashAlgorithm) -> padding.PKCS1v15 | padding.PSS:
    if kind.signature_algo == "rsassa_pss":
        parameters = kind["parameters"]
        if parameters["hash_algorithm"]["algorithm"].native != algorithm.name:
            raise InvalidSignature
        return padding.PSS(padding.MGF1(algorithm), int(parameters["salt_length"].native))
    if kind["algorithm"].native not in ("rsassa_pkcs1v15", f"{algorithm.name}_rsa"):
        raise InvalidSignature
    return padding.PKCS1v15()


def _hashed(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    made = hashes.Hash(algorithm)
    made.update(data)
    return made.finalize()
