"""Sealing pages inside: PAdES B-B with an agency's seal, the port PageSealer."""

from __future__ import annotations

from datetime import datetime

from saraban.crypto.pades import Shown, sign_page
from saraban.crypto.page_check import check_pages
from saraban.crypto.seal import FileSeals
from saraban.domain.errors import RuleBroken
from saraban.usecases.proofs import SealBox


class AgencyPages:
    """The port PageSealer, over the seals of this installation."""

    def __init__(self, seals: FileSeals) -> None:
        self._seals = seals

    def seal_page(
        self, pdf: bytes, *, agency_code: str, box: SealBox, drawn: bytes, reason: str, at: datetime
    ) -> bytes:
        """The PDF with the agency's seal added as an incremental update, showing the one-page PDF `drawn` in the box.
        Raises NotFound without a seal that is valid at that time, RuleBroken when the PDF cannot be signed
        ("page-unreadable") or when a signature that was good in it would not stay so ("page-locked")."""
        seal = self._seals.sealer(agency_code, at)
        try:
            sealed = sign_page(pdf, seal.signer, Shown(seal.name, reason, box, drawn), at)
        except Exception as error:  # pyHanko, zlib and struct raise many kinds on files that are not in order.
            words = "ลงตราในไฟล์ PDF นี้ไม่ได้ ไฟล์อาจเสียหายหรือเข้ารหัสไว้"
            raise RuleBroken(words, code="page-unreadable") from error
        if not _still_good(pdf, sealed, at):
            raise RuleBroken(
                "ผู้ลงนามห้ามเพิ่มลายมือชื่อในไฟล์นี้ ถ้าลงตราลายมือชื่อเดิมจะเสีย ใช้สำเนาประทับตรารับแทน", code="page-locked"
            )
        return sealed


def _still_good(before: bytes, after: bytes, at: datetime) -> bool:
    """Do the signatures that were whole before hold on, and does the seal? Who is trusted makes no difference here."""
    then, now = (
        [(v.field, v.status.intact.is_true and v.status.valid.is_true) for v in check_pages(pdf, [], at)]
        for pdf in (before, after)
    )
    return now[: len(then)] == then and len(now) == len(then) + 1 and now[-1][1]
