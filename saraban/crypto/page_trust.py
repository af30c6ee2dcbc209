"""Whom we trust when signatures of PDFs are checked, and what can be said about a signer's certificate: where it leads,
and whether it was good at a time (RFC 5280, 6; ETSI EN 319 102-1, 5.2.6). The paths are pyHanko's."""

from __future__ import annotations

import base64
import json
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import pem
from asn1crypto.x509 import Certificate
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import InsufficientRevinfoError, RevokedError, StaleRevinfoError
from pyhanko_certvalidator.path import ValidationPath

from saraban.crypto import asn1fix
from saraban.domain.signature import Answer

asn1fix.cure()

_MAY_SIGN = {"digital_signature", "non_repudiation"}
_PURPOSES = {
    "any_extended_key_usage",
    "email_protection",
    "client_auth",
    "1.3.6.1.5.5.7.3.36",  # id-kp-documentSigning, RFC 9336
    "microsoft_document_signing",
    "adobe_authentic_documents_trust",
}


@dataclass(frozen=True)
class Trust:
    """Roots as PEM texts: of signers, of licensed providers of certificates (trusted as well), of time-stamping
    authorities; and the revocation lists that this installation has (DER)."""

    roots: Sequence[str] = ()
    licensed: Sequence[str] = ()
    stamping: Sequence[str] = ()
    crls: Sequence[bytes] = field(default=(), repr=False)

    def as_bytes(self) -> bytes:
        """The whole as JSON, for the process in which foreign files are read."""
        lists = [base64.b64encode(one).decode("ascii") for one in self.crls]
        told = {"roots": list(self.roots), "licensed": list(self.licensed), "stamping": list(self.stamping)}
        return json.dumps({**told, "crls": lists}).encode()

    @classmethod
    def of_bytes(cls, data: bytes) -> Trust:
        """The trust behind `as_bytes`."""
        told = json.loads(data)
        lists = [base64.b64decode(one) for one in told["crls"]]
        return cls(told["roots"], told["licensed"], told["stamping"], lists)


@dataclass(frozen=True)
class Signer:
    """A signer's certificate with the others that came along, and what the file says about revocation (DER)."""

    certificate: Certificate
    others: Sequence[Certificate]
    crls: Sequence[asn1_crl.CertificateList] = ()
    ocsps: Sequence[asn1_ocsp.OCSPResponse] = ()

    @property
    def valid_from(self) -> datetime:
        """When the certificate begins."""
        return self.certificate.not_valid_before  # type: ignore[no-any-return]

    @property
    def valid_to(self) -> datetime:
        """When it ends."""
        return self.certificate.not_valid_after  # type: ignore[no-any-return]


class PathFinder:
    """Finds and checks the ways from signers' certificates to the roots of a trust."""

    def __init__(self, trust: Trust) -> None:
        licensed = list(_certificates(trust.licensed))
        self._licensed = {one.sha256 for one in licensed}
        self._roots = [*_certificates(trust.roots), *licensed]
        self._crls = [asn1_crl.CertificateList.load(one) for one in trust.crls]

    def trusted(self, signer: Signer, moment: datetime) -> tuple[Answer, bool]:
        """Does the certificate lead to a root of ours, and is that root a licensed provider's? Whether it was in time
        is another question: it is asked for the moment, or the nearest one inside its validity."""
        if not _may_sign(signer.certificate):
            return Answer(False, "ใบรับรองไม่อนุญาตให้ใช้ลงลายมือชื่อ"), False
        inside = min(max(moment, signer.valid_from), signer.valid_to - timedelta(seconds=1))
        try:
            path = self._path(signer, inside, "soft-fail", ())
        except MemoryError:
            raise
        except Exception:  # Whatever a path fails at, this installation does not know the issuer.
            return Answer(False, "ใบรับรองไม่ได้ออกโดยผู้ออกใบรับรองที่ระบบเชื่อถือ"), False
        root = path.first
        licensed = isinstance(root, Certificate) and root.sha256 in self._licensed
        words = "ผู้ออกใบรับรองเป็นผู้ให้บริการออกใบรับรองที่ระบบเชื่อถือ" if licensed else "ผู้ออกใบรับรองเป็นที่เชื่อถือของระบบ"
        return Answer(True, words), licensed

    def good_at(self, signer: Signer, signed_at: datetime | None, proven: bool, at: datetime) -> Answer:
        """Was the certificate good when it signed? `proven`: an authority vouches for that time. Without that, what
        ended or was revoked until now (`at`) may have been so at the time of signing."""
        if signed_at is None:
            return Answer(None, "ลายมือชื่อไม่ระบุเวลาที่ลง")
        if signed_at < signer.valid_from:
            return Answer(False, "ลงลายมือชื่อก่อนวันเริ่มใช้ใบรับรอง")
        if signed_at > signer.valid_to:
            return Answer(False, "ใบรับรองหมดอายุก่อนเวลาที่ลงลายมือชื่อ")
        judged_at = signed_at if proven else max(signed_at, at)
        if judged_at > signer.valid_to:
            return Answer(None, "ใบรับรองหมดอายุแล้ว และไม่มีตราประทับเวลาที่พิสูจน์ว่าลงก่อนหมดอายุ")
        try:
            self._path(signer, judged_at, "require", [*signer.crls, *self._crls])
        except RevokedError as error:
            if error.revocation_dt > signed_at:
                return Answer(None, "ใบรับรองถูกเพิกถอนหลังเวลาที่ผู้ลงลายมือชื่ออ้าง และไม่มีตราประทับเวลาที่พิสูจน์ว่าลงก่อนเพิกถอน")
            return Answer(False, "ใบรับรองถูกเพิกถอนก่อนเวลาที่ลงลายมือชื่อ")
        except StaleRevinfoError:
            return Answer(None, "ข้อมูลการเพิกถอนที่มีเก่าเกินไป จึงบอกไม่ได้ว่าใบรับรองถูกเพิกถอนหรือไม่")
        except InsufficientRevinfoError:
            return Answer(None, "ไม่มีข้อมูลการเพิกถอนของผู้ออกใบรับรอง จึงบอกไม่ได้ว่าใบรับรองถูกเพิกถอนหรือไม่")
        except MemoryError:
            raise
        except Exception:  # As above; without a path nobody can be asked about revocation.
            return Answer(None, "ไม่รู้จักผู้ออกใบรับรอง จึงบอกไม่ได้ว่าใบรับรองถูกเพิกถอนหรือไม่")
        return Answer(True, "ใบรับรองยังไม่หมดอายุและไม่ถูกเพิกถอนในเวลานั้น")

    def _path(
        self, signer: Signer, moment: datetime, revocation: str, crls: Iterable[asn1_crl.CertificateList]
    ) -> ValidationPath:
        if not self._roots:
            raise LookupError("no roots")
        context = ValidationContext(
            trust_roots=self._roots,
            other_certs=list(signer.others),
            moment=moment,
            crls=list(crls),
            ocsps=list(signer.ocsps),
            revocation_mode=revocation,
            retroactive_revinfo=True,
            allow_fetching=False,
        )
        return _done(CertificateValidator(signer.certificate, validation_context=context).async_validate_path())


def _done(work: Coroutine[Any, Any, ValidationPath]) -> ValidationPath:
    """The path that was found. Nothing is fetched, and so nothing waited for: no event loop is made for it, which would
    be one too many where one runs already, and may be more than the process apart has memory for."""
    try:
        work.send(None)
    except StopIteration as done:
        return cast(ValidationPath, done.value)
    finally:
        work.close()
    raise RuntimeError("the check of a path waited for something")


def _certificates(texts: Iterable[str]) -> Iterable[Certificate]:
    for text in texts:
        for kind, _, data in pem.unarmor(text.encode(), multiple=True):
            if kind == "CERTIFICATE":
                yield Certificate.load(data)


def _may_sign(certificate: Certificate) -> bool:
    """Key usage for signing and, where extended key usages are named, one for documents, mail or persons. A certificate
    without the extensions may be used for anything (RFC 5280, 4.2.1.3)."""
    usage, purposes = certificate.key_usage_value, certificate.extended_key_usage_value
    if usage is not None and not _MAY_SIGN & set(usage.native):
        return False
    return purposes is None or bool(_PURPOSES & set(purposes.native))
