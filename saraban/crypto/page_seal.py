"""Sealing pages inside: PAdES B-T or B-B with an agency's seal, the port PageSealer."""

from __future__ import annotations

from datetime import datetime

from saraban.crypto.pades import Shown, read_drawn, sign_page
from saraban.crypto.seal import FileSeals
from saraban.domain.errors import RuleBroken
from saraban.usecases.proofs import PageChecker, SealBox, SignedPage, TimeStamper

NOWHERE = SealBox(0, 0, 0, 0, 0)


class AgencyPages:
    """The port PageSealer, over the seals of this installation."""

    def __init__(self, seals: FileSeals, checker: PageChecker, stamper: TimeStamper | None = None) -> None:
        """Takes the seals, what looks at the signatures of a file before and after (the file may be a foreign one), and
        who vouches for the time."""
        self._seals, self._checker, self._stamper = seals, checker, stamper

    def seal_page(
        self, pdf: bytes, *, agency_code: str, box: SealBox | None, drawn: bytes | None, reason: str, at: datetime
    ) -> SignedPage:
        """The PDF with the agency's seal added as an incremental update, showing the one-page PDF `drawn` in the box.
        Raises NotFound without a seal that is valid at that time, RuleBroken when the PDF cannot be signed
        ("page-unreadable") or when a signature that was good in it would not stay so ("page-locked")."""
        seal = self._seals.sealer(agency_code, at)
        try:
            shown = Shown(
                seal.name, reason, box or NOWHERE, read_drawn(drawn) if box is not None and drawn is not None else None
            )
            sealed = sign_page(pdf, seal.signer, shown, at, self._stamper)
        except Exception as error:  # pyHanko, zlib and struct raise many kinds on files that are not in order.
            words = "ลงตราในไฟล์ PDF นี้ไม่ได้ ไฟล์อาจเสียหายหรือเข้ารหัสไว้"
            raise RuleBroken(words, code="page-unreadable") from error
        if not self._still_good(pdf, sealed.pdf, at):
            raise RuleBroken(
                "ผู้ลงนามห้ามเพิ่มลายมือชื่อในไฟล์นี้ ถ้าลงตราลายมือชื่อเดิมจะเสีย ใช้สำเนาประทับตรารับแทน", code="page-locked"
            )
        return sealed

    def _still_good(self, before: bytes, after: bytes, at: datetime) -> bool:
        """Do the signatures that held before hold on, and does the seal? Who is trusted makes no difference here."""
        then, now = (
            [(one.field, one.holds) for one in self._checker.check(pdf, at).signatures] for pdf in (before, after)
        )
        return now[: len(then)] == then and len(now) == len(then) + 1 and now[-1][1]
