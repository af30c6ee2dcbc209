"""Checking the signatures inside a page (PAdES, ETSI EN 319 142-1), each with an answer in parts."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from saraban.crypto import asn1fix, der
from saraban.crypto.certificate import SIGNING_PAGES, Roots, RootStore, inside_validity
from saraban.crypto.signed_data import SignedData, read_signed_data
from saraban.crypto.verify import broken, in_time, made_by_its_key, summed_up
from saraban.domain.signature import Answer, SignatureStatus

asn1fix.cure()

_KINDS = ("/ETSI.CAdES.detached", "/adbe.pkcs7.detached")


@dataclass(frozen=True)
class PageVerdict:
    """What became of one signature inside a PDF. `field` is its name in the file; `covers_all` is False when something
    was added after it, which is as it should be for all but the last of several signatures."""

    field: str
    status: SignatureStatus
    covers_all: bool = False


def check_pages(pdf: bytes, roots: Roots, at: datetime) -> list[PageVerdict]:
    """The verdicts on all signatures in the PDF, in the order of signing; none when there are none. A PDF that cannot
    be read gives one verdict of "signature-broken" without a field. Never raises for bad bytes."""
    try:
        found = list(PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures)
    except Exception:  # A damaged file fails in pyHanko, zlib or asn1crypto, each with errors of its own.
        return [PageVerdict("", broken("อ่านไฟล์ PDF ไม่ได้"))]
    store = RootStore(roots)
    return [_verdict(signature, store, at) for signature in found]


def _verdict(signature: EmbeddedPdfSignature, roots: RootStore, at: datetime) -> PageVerdict:
    name = str(signature.field_name or "")
    try:
        if signature.sig_object.get("/SubFilter") not in _KINDS:
            return PageVerdict(name, broken("ลายมือชื่อในไฟล์เป็นชนิดที่ไม่เป็นที่ยอมรับ"))
        read = read_signed_data(der.without_padding(bytes(signature.pkcs7_content)))
        signed_at = _signed_at(read, signature)
        status = summed_up(
            read,
            intact=_intact(read, signature),
            valid=made_by_its_key(read),
            trusted=_trusted(read, roots, signed_at or at),
            in_time=in_time(read.certificate, signed_at, at),
            signed_at=signed_at,
        )
        return PageVerdict(name, status, signature.coverage is SignatureCoverageLevel.ENTIRE_FILE)
    except Exception:  # As above: whatever is wrong with the file is a verdict and no failure of ours.
        return PageVerdict(name, broken("อ่านลายมือชื่อในไฟล์ไม่ได้"))


def _intact(read: SignedData, signature: EmbeddedPdfSignature) -> Answer:
    """The signed octets are those, and what was added later is at most a further signature, if the signer allows it."""
    if signature.compute_digest(read.hash_name) != read.message_digest:
        return Answer(False, "เนื้อหาของไฟล์ไม่ตรงกับที่ลงลายมือชื่อไว้")
    signature.compute_integrity_info()  # type: ignore[no-untyped-call]
    changes: object = signature.diff_result
    if not isinstance(changes, DiffResult) or changes.modification_level > ModificationLevel.FORM_FILLING:
        return Answer(False, "ไฟล์ถูกแก้ไขหลังลงลายมือชื่อ")
    allowed = signature.docmdp_level
    if allowed is not None and changes.modification_level.value > allowed.value:
        return Answer(False, "มีลายมือชื่อเพิ่มในไฟล์ ซึ่งผู้ลงนามห้ามไว้")
    return Answer(True, "เนื้อหาของไฟล์ตรงกับที่ลงลายมือชื่อไว้")


def _trusted(read: SignedData, roots: RootStore, moment: datetime) -> Answer:
    when = inside_validity(read.certificate, moment)
    if roots.leads_here(read.certificate, read.others, when, SIGNING_PAGES):
        return Answer(True, "ผู้ออกใบรับรองเป็นที่เชื่อถือ")
    return Answer(False, "ใบรับรองไม่ได้ออกโดยผู้ออกใบรับรองที่ระบบเชื่อถือ")


def _signed_at(read: SignedData, signature: EmbeddedPdfSignature) -> datetime | None:
    """The signing time: in PAdES that of the PDF's signature dictionary, which is among the signed octets."""
    moment = read.signing_time or signature.self_reported_timestamp
    return moment.astimezone(UTC) if moment is not None and moment.tzinfo is not None else None
