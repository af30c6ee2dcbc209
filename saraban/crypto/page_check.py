"""Checking the signatures inside a PDF (PAdES, ETSI EN 319 142-1; also adbe.pkcs7.detached), each with an answer in
parts. Foreign files are checked in a process apart (`page_task.py`), never where keys are."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from asn1crypto import cms, core
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import find_cms_attribute_iter
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from saraban.crypto import asn1fix
from saraban.crypto.certificate import RootStore, signer_name
from saraban.crypto.page_changes import changes_between
from saraban.crypto.page_trust import PathFinder, Signer, Trust
from saraban.crypto.timestamp import check_token
from saraban.crypto.verify import CLOCKS_DIFFER_BY
from saraban.domain.page_signature import Change, PageSignature, SignedFile
from saraban.domain.signature import Answer

asn1fix.cure()

MOST_SIGNATURES = 50
"""A letter has a few; each costs tens of milliseconds."""
# What pyHanko would write into the log about a file, with words from the file, stands in the verdict.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL + 1)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL + 1)
_KINDS = ("/ETSI.CAdES.detached", "/adbe.pkcs7.detached")
_STAMPS = "/ETSI.RFC3161"
_HASHES = ("sha256", "sha384", "sha512")
_SIGNATURES = ("rsassa_pkcs1v15", "rsassa_pss", "ecdsa", "ed25519", "ed448")
_SMALLEST_RSA_BITS = 2048
"""Less than what our own seals must have: most certificates of persons today have 2048 bits."""
_EXPECTED = {Change.SIGNED_AGAIN, Change.PROOF_ADDED}


class HereChecker:
    """The port PageChecker in this process: for tests, and for files that we made ourselves."""

    def __init__(self, trust: Trust) -> None:
        self._trust = trust

    def check(self, pdf: bytes, at: datetime) -> SignedFile:
        """The verdicts on all signatures of a PDF at a time."""
        return check_pages(pdf, self._trust, at)


def check_pages(pdf: bytes, trust: Trust, at: datetime) -> SignedFile:
    """The verdicts on all signatures in the PDF, in the order of signing. A PDF that cannot be read gives a problem and
    no verdict, one broken signature only a verdict that says so. Never raises for bad bytes."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        if reader.security_handler is not None:
            return SignedFile(problem="ไฟล์ PDF ตั้งรหัสผ่านไว้ จึงตรวจลายมือชื่อไม่ได้")
        fields = list(_fields(reader))
        if len(fields) > MOST_SIGNATURES:
            return SignedFile(problem=f"ไฟล์มีลายมือชื่อเกิน {MOST_SIGNATURES} รายการ จึงไม่ตรวจ")
        return SignedFile(_Desk(reader, fields, trust, at).verdicts())
    except MemoryError:
        raise
    except Exception:  # A damaged file fails in pyHanko, zlib or asn1crypto, each with errors of its own.
        return SignedFile(problem="อ่านไฟล์ PDF ไม่ได้ ไฟล์เสียหาย ถูกแก้ไข หรือผิดมาตรฐาน จึงตรวจลายมือชื่อไม่ได้")


_Field = tuple[str, int, EmbeddedPdfSignature | None]


def _fields(reader: PdfFileReader) -> Iterator[_Field]:
    """Every filled field of signature with its revision; None for one that cannot be read or is of another kind."""
    for name, value, field in enumerate_sig_fields(reader, filled_status=True):
        reference = getattr(field.get_object().raw_get("/V"), "reference", None)
        revision = reader.xrefs.get_last_change(reference) if reference is not None else 0
        kind = value.get_object().get("/SubFilter") if isinstance(value.get_object(), DictionaryObject) else None
        try:
            found = EmbeddedPdfSignature(reader, field, name) if kind in (*_KINDS, _STAMPS) else None
        except MemoryError:
            raise
        except Exception:  # A CMS that cannot be parsed; the others in the file are still looked at.
            found = None
        yield name, revision, found


class _Desk:
    """One file on the desk, with what its signatures share."""

    def __init__(self, reader: PdfFileReader, fields: list[_Field], trust: Trust, at: datetime) -> None:
        self._reader, self._at = reader, at
        self._fields = sorted(fields, key=lambda one: one[1])
        self._paths, self._stamping = PathFinder(trust), RootStore(trust.stamping)

    def verdicts(self) -> tuple[PageSignature, ...]:
        """The verdicts on the signatures of persons and agencies; stamps over the whole document are no rows."""
        rows = [one for one in self._fields if one[2] is None or one[2].sig_object.get("/SubFilter") != _STAMPS]
        return tuple(replace(self._verdict(*one), ordinal=n) for n, one in enumerate(rows, 1))

    def _verdict(self, name: str, revision: int, signature: EmbeddedPdfSignature | None) -> PageSignature:
        unreadable = Answer(False, "อ่านลายมือชื่อในไฟล์ไม่ได้ หรือเป็นชนิดที่ไม่เป็นที่ยอมรับ")
        if signature is None:
            return PageSignature(name, made=unreadable)
        try:
            whole, made = _integrity(signature)
            signer = self._signer(signature)
        except MemoryError:
            raise
        except Exception:  # As above: whatever is wrong with the file is a verdict and no failure of ours.
            return PageSignature(name, made=unreadable)
        unchanged, changes, covers_all = self._since(signature, revision)
        time, signed_at, stamped_at, stamped_by = self._time(signature)
        trusted, licensed = self._paths.trusted(signer, signed_at or self._at)
        return PageSignature(
            field=name,
            whole=whole,
            unchanged=unchanged,
            made=made,
            trusted=trusted,
            certificate=self._paths.good_at(signer, signed_at, stamped_at is not None, self._at),
            time=time,
            changes=tuple(sorted(changes, key=list(Change).index)),
            **_names(signer),
            signed_at=_claimed(signature),
            stamped_at=stamped_at,
            stamped_by=stamped_by,
            covers_all=covers_all,
            licensed=licensed,
        )

    def _signer(self, signature: EmbeddedPdfSignature) -> Signer:
        crls, ocsps, certificates = self._proofs
        mine = _archived(signature)
        others = [*signature.other_embedded_certs, *certificates]
        return Signer(signature.signer_cert, others, [*crls, *mine[0]], [*ocsps, *mine[1]])

    @cached_property
    def _proofs(self) -> tuple[list[Any], list[Any], list[Any]]:
        """What the file's store of proofs has (ETSI EN 319 142-1, 5.4): revocation lists, answers of OCSP,
        certificates."""
        try:
            store = DocumentSecurityStore.read_dss(self._reader)
            crls = [asn1_crl.CertificateList.load(one.get_object().data) for one in store.crls]
            ocsps = [asn1_ocsp.OCSPResponse.load(one.get_object().data) for one in store.ocsps]
            return crls, ocsps, list(store.load_certs())
        except NoDSSFoundError:
            return [], [], []
        except Exception:  # A spoiled store proves nothing, which the answers then say.
            return [], [], []

    def _since(self, signature: EmbeddedPdfSignature, revision: int) -> tuple[Answer, set[Change], bool]:
        """What became of the file since: the answer, what changed, and whether the signature covers all of it."""
        try:
            signature.compute_integrity_info()  # type: ignore[no-untyped-call]
        except Exception:
            return Answer(None, "โครงสร้างไฟล์ผิดแบบ จึงบอกไม่ได้ว่าแก้หลังลงลายมือชื่อหรือไม่"), set(), False
        coverage: Any = signature.coverage
        if coverage is SignatureCoverageLevel.ENTIRE_FILE:
            return Answer(True, "ไม่มีสิ่งใดเพิ่มในไฟล์หลังลงลายมือชื่อ"), set(), True
        if coverage < SignatureCoverageLevel.ENTIRE_REVISION:
            return Answer(False, "ลายมือชื่อไม่ได้ครอบคลุมไฟล์ในเวลาที่ลง"), {Change.OTHER}, False
        changes = self._changes(revision)
        return _judged(signature, changes), changes, False

    def _changes(self, revision: int) -> set[Change]:
        changes = set()
        for _, later, other in self._fields:
            if later > revision:
                stamp = other is not None and other.sig_object.get("/SubFilter") == _STAMPS
                changes.add(Change.PROOF_ADDED if stamp else Change.SIGNED_AGAIN)
        try:
            return changes | changes_between(self._reader, revision)
        except Exception:
            return changes | {Change.OTHER}

    def _time(self, signature: EmbeddedPdfSignature) -> tuple[Answer, datetime | None, datetime | None, str]:
        """The answer about the time, the best time there is, and of a stamp that holds its time and its maker."""
        claimed = _claimed(signature)
        stamps = [(token, signature.signer_info["signature"].native) for token in _tokens(signature)]
        if not stamps:
            if claimed is not None and claimed > self._at + CLOCKS_DIFFER_BY:
                return Answer(False, "เวลาที่ลงลายมือชื่ออยู่ในอนาคต"), claimed, None, ""
            return Answer(None, "ไม่มีตราประทับเวลา เวลาที่แสดงเป็นของนาฬิกาผู้ลงลายมือชื่อ"), claimed, None, ""
        found = [check_token(token, stamped, self._stamping) for token, stamped in stamps]
        good = [one for one in found if one.good and one.at is not None]
        if not good:
            return Answer(None, f"ตราประทับเวลาใช้ยืนยันไม่ได้: {found[0].reason}"), claimed, None, ""
        first = min(good, key=lambda one: one.at or self._at)
        if first.at is not None and first.at > self._at + CLOCKS_DIFFER_BY:
            return Answer(False, "ตราประทับเวลาอยู่ในอนาคต"), claimed, None, ""
        return Answer(True, f"ประทับรับรองเวลาโดย {first.by}"), first.at, first.at, first.by


def _integrity(signature: EmbeddedPdfSignature) -> tuple[Answer, Answer]:
    """Are the signed octets those, and did the certificate's key make the signature with an algorithm of today?"""
    info = signature.signer_info
    same, made = False, False
    digest = signature.compute_digest() if signature.md_algorithm in _HASHES else b""
    try:
        if digest and _is_of_today(info, signature.signer_cert.public_key):
            same, made = validate_sig_integrity(info, signature.signer_cert, "data", digest)
        else:
            old = Answer(False, "ลายมือชื่อใช้วิธีที่ล้าสมัยหรือไม่เป็นที่ยอมรับ")
            return _whole(_digest(info) == signature.compute_digest()), old
    except SignatureValidationError:  # The attributes mean another certificate, or are not as the standard asks.
        same = _digest(info) == digest
    words = "ลายมือชื่อสร้างจากกุญแจของใบรับรองนี้" if made else "ลายมือชื่อไม่ได้สร้างจากกุญแจของใบรับรองนี้ หรือเป็นของใบรับรองใบอื่น"
    return _whole(same), Answer(made, words)


def _whole(same: bool) -> Answer:
    return Answer(same, "เนื้อหาตรงกับที่ลงลายมือชื่อไว้" if same else "เนื้อหาของไฟล์ไม่ตรงกับที่ลงลายมือชื่อไว้")


def _digest(info: cms.SignerInfo) -> bytes | None:
    return next((one.native for one in find_cms_attribute_iter(info["signed_attrs"], "message_digest")), None)


def _is_of_today(info: cms.SignerInfo, public: Any) -> bool:
    kind = info["signature_algorithm"]
    if kind.signature_algo not in _SIGNATURES or info["signed_attrs"] is core.VOID:
        return False
    if public.algorithm in ("rsa", "rsassa_pss"):
        return bool(public.bit_size >= _SMALLEST_RSA_BITS)
    return True


def _judged(signature: EmbeddedPdfSignature, changes: set[Change]) -> Answer:
    """May the signer have expected what changed? Further signatures and proofs always, forms and notes only where the
    signature says so (DocMDP, ISO 32000-2, 12.8.2.2)."""
    found: object = signature.diff_result
    allowed = signature.docmdp_level
    told = ", ".join(change.thai for change in sorted(changes, key=list(Change).index))
    level = found.modification_level if isinstance(found, DiffResult) else ModificationLevel.OTHER
    if allowed is not None and level.value > allowed.value and changes <= _EXPECTED:
        return Answer(False, f"ผู้ลงลายมือชื่อห้ามแก้ไฟล์ แต่ภายหลัง{told}")
    most = ModificationLevel.FORM_FILLING if allowed is None else ModificationLevel(allowed.value)
    if level.value > most.value or (allowed is None and not changes <= _EXPECTED):
        changes |= {Change.OTHER} if changes <= _EXPECTED else set()
        told = ", ".join(change.thai for change in sorted(changes - _EXPECTED, key=list(Change).index))
        return Answer(False, f"ไฟล์ถูกแก้หลังลงลายมือชื่อ: {told}")
    if changes <= _EXPECTED:
        return Answer(True, f"ภายหลังมีเพียง: {told}" if told else "เนื้อหาไม่เปลี่ยนหลังลงลายมือชื่อ")
    return Answer(True, f"ผู้ลงลายมือชื่อยอมให้แก้ได้: {told}")


def _claimed(signature: EmbeddedPdfSignature) -> datetime | None:
    """The signing time by the signer's own clock: of the CMS or else of the PDF's dictionary."""
    try:
        moment = signature.self_reported_timestamp
    except Exception:  # A date that is none says nothing.
        return None
    return moment.astimezone(UTC) if moment is not None and moment.tzinfo is not None else None


def _tokens(signature: EmbeddedPdfSignature) -> Iterator[bytes]:
    for token in find_cms_attribute_iter(signature.signer_info["unsigned_attrs"], "signature_time_stamp_token"):
        yield bytes(token.dump())


def _archived(signature: EmbeddedPdfSignature) -> tuple[list[Any], list[Any]]:
    """Revocation lists and answers of OCSP that the signature itself carries (adbe-revocationInfoArchival)."""
    try:
        kind = "adobe_revocation_info_archival"
        found = next(iter(find_cms_attribute_iter(signature.signer_info["signed_attrs"], kind)), None)
        if found is None:
            return [], []
        return list(found["crl"] or ()), list(found["ocsp"] or ())
    except Exception:
        return [], []


def _names(signer: Signer) -> dict[str, Any]:
    """Who signed, as the certificate says."""
    subject, issuer = signer.certificate.subject.native, signer.certificate.issuer
    try:
        name = signer_name(x509.load_der_x509_certificate(signer.certificate.dump()))
    except ValueError:
        name = signer.certificate.subject.human_friendly
    return {
        "signer": str(name),
        "organisation": _first(subject.get("organization_name")),
        "serial": f"{signer.certificate.serial_number:x}",
        "issuer": _first(issuer.native.get("organization_name") or issuer.native.get("common_name")),
    }


def _first(value: object) -> str:
    found = value[0] if isinstance(value, list) and value else value
    return str(found or "")
