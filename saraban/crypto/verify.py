"""Checking detached signatures: the port Verifier. The answer has four parts (docs/wire.md, 5; ETSI EN 319 102-1)."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509

from saraban.crypto.certificate import SEALING, Roots, RootStore, der_of_pem, inside_validity, mailboxes, signer_name
from saraban.crypto.certificate import may_sign as allows_signatures
from saraban.crypto.der import Malformed
from saraban.crypto.signed_data import SignedData, read_signed_data
from saraban.domain.attachment import Digest
from saraban.domain.receipt import ReasonCode
from saraban.domain.signature import Answer, SignatureStatus, TrustedSeal

CLOCKS_DIFFER_BY = timedelta(minutes=5)


class CmsVerifier:
    """The port Verifier, with the roots of this installation."""

    def __init__(self, roots: Roots) -> None:
        """Takes the roots as PEM texts, or a callable that gives them."""
        self._roots = RootStore(roots)

    def status(
        self, content: Digest | bytes, signature: bytes, trust: TrustedSeal | None, at: datetime
    ) -> SignatureStatus:
        """The verdict on a detached signature over the content, checked at a time, for an agency whose seal we trust so
        far; `trust` is None for a sender who is in no directory. The content may be given as its SHA-256; then a
        signature made with SHA-384 or SHA-512 leaves "intact" undetermined, and with the bytes it does not.

        1. read: exactly one signer, signed attributes, nothing attached (otherwise broken);
        2. intact: messageDigest is the digest of the content;
        3. valid: the certificate's key made the signature, and signingCertificateV2, when present, names it;
        4. trusted: the directory pins the certificate for the agency at the signing time, or it leads to a root and
           names the agency's mailbox;
        5. in_time: the signing time lies inside the certificate's validity and not in the future.

        Never raises for bad bytes.
        """
        if not signature:
            missing = Answer(False, "ไม่มีลายมือชื่อดิจิทัลแนบมา")
            return SignatureStatus(valid=missing, problem=ReasonCode.SIGNATURE_MISSING.value)
        try:
            read = read_signed_data(signature)
            return summed_up(
                read,
                intact=intact(read, content),
                valid=made_by_its_key(read),
                trusted=self._trusted(read, trust, at),
                in_time=in_time(read.certificate, read.signing_time, at),
                signed_at=read.signing_time,
            )
        except Malformed as error:
            return broken(f"อ่านลายมือชื่อดิจิทัลไม่ได้: {error.thai}")
        except Exception:  # A hostile certificate may fail anywhere in the parser; that too is a verdict.
            return broken("อ่านลายมือชื่อดิจิทัลไม่ได้")

    def _trusted(self, read: SignedData, trust: TrustedSeal | None, at: datetime) -> Answer:
        if trust is None:
            return Answer(False, "ไม่พบผู้ส่งในทำเนียบส่วนราชการ")
        moment = read.signing_time or at
        if not allows_signatures(read.certificate):
            return Answer(False, "ใบรับรองไม่อนุญาตให้ใช้ลงลายมือชื่อ")
        if any(begin <= moment <= end and der_of_pem(pem) == read.certificate_der for pem, begin, end in trust.pinned):
            return Answer(True, "เป็นใบรับรองที่ทำเนียบระบุไว้สำหรับส่วนราชการนี้")
        when = inside_validity(read.certificate, moment)
        if not self._roots.leads_here(read.certificate, read.others, when, SEALING):
            return Answer(False, "ใบรับรองไม่อยู่ในทำเนียบ และไม่ได้ออกโดยผู้ออกใบรับรองที่ระบบเชื่อถือ")
        if trust.mailbox.casefold() not in (name.casefold() for name in mailboxes(read.certificate)):
            return Answer(False, f"ใบรับรองไม่ได้ออกให้แก่ {trust.mailbox}")
        return Answer(True, "ผู้ออกใบรับรองเป็นที่เชื่อถือ และใบรับรองเป็นของไปรษณีย์อิเล็กทรอนิกส์กลางของส่วนราชการ")


def in_time(certificate: x509.Certificate, signed_at: datetime | None, at: datetime) -> Answer:
    """Is the signing time inside the certificate's validity, and not later than the check (five minutes of difference
    between two clocks are allowed)?"""
    if signed_at is None:
        return Answer(None, "ลายมือชื่อไม่ระบุเวลาที่ลง")
    if signed_at > at + CLOCKS_DIFFER_BY:
        return Answer(False, "เวลาที่ลงลายมือชื่ออยู่ในอนาคต")
    if signed_at < certificate.not_valid_before_utc:
        return Answer(False, "ลงลายมือชื่อก่อนวันเริ่มใช้ใบรับรอง")
    if signed_at > certificate.not_valid_after_utc:
        return Answer(False, "ลงลายมือชื่อหลังใบรับรองหมดอายุ")
    return Answer(True, "ลงลายมือชื่อในช่วงที่ใบรับรองมีผล")


def broken(thai: str) -> SignatureStatus:
    """The verdict on something that cannot be read as a signature."""
    return SignatureStatus(valid=Answer(False, thai), problem=ReasonCode.SIGNATURE_BROKEN.value)


def intact(read: SignedData, content: Digest | bytes) -> Answer:
    """Is the digest that was signed the digest of this content?"""
    if isinstance(content, Digest):
        if read.hash_name != "sha256":
            return Answer(None, "ลายมือชื่อใช้ค่าย่อยชนิดอื่น ต้องตรวจกับเนื้อหาทั้งฉบับ")
        same = read.message_digest == content.raw
    else:
        same = read.message_digest == read.digest_of(content)
    if same:
        return Answer(True, "เนื้อหาตรงกับที่ลงลายมือชื่อไว้")
    return Answer(False, "เนื้อหาไม่ตรงกับที่ลงลายมือชื่อไว้")


def made_by_its_key(read: SignedData) -> Answer:
    """Did the certificate's key make the signature, and does the signature mean this certificate?"""
    if read.bound is False:
        return Answer(False, "ใบรับรองที่แนบมาไม่ใช่ใบที่ผู้ลงลายมือชื่อระบุไว้")
    if not read.key_made_it():
        return Answer(False, "ลายมือชื่อไม่ได้สร้างจากกุญแจของใบรับรองนี้ หรือใช้วิธีที่ไม่เป็นที่ยอมรับ")
    return Answer(True, "ลายมือชื่อสร้างจากกุญแจของใบรับรองนี้")


def summed_up(
    read: SignedData, *, intact: Answer, valid: Answer, trusted: Answer, in_time: Answer, signed_at: datetime | None
) -> SignatureStatus:
    """The parts with who signed and the code of the worst finding: broken before untrusted before expired."""
    problem = None
    if not (intact.is_true and valid.is_true):
        problem = ReasonCode.SIGNATURE_BROKEN.value
    elif not trusted.is_true:
        problem = ReasonCode.SIGNER_UNTRUSTED.value
    elif not in_time.is_true:
        problem = ReasonCode.SIGNER_EXPIRED.value
    return SignatureStatus(
        intact=intact,
        valid=valid,
        trusted=trusted,
        in_time=in_time,
        signed_at=signed_at,
        signer=signer_name(read.certificate),
        serial=f"{read.certificate.serial_number:x}",
        problem=problem,
    )
