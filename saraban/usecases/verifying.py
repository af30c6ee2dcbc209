"""Public verification: the scans are counted, and a file that somebody brings is judged and forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput
from saraban.domain.late_stamp import LateProof
from saraban.domain.page_signature import SignedFile
from saraban.usecases.ports import Services
from saraban.usecases.stamp_books import late_proofs

MOST_OCTETS = 20_000_000


@dataclass(frozen=True)
class Brought:
    """What a file is that somebody brought: its SHA-256, and what is found about its signatures. `whole` is False when
    its end is missing, whatever else is found. `late`: what the time-stamp proves that the file got later."""

    sha256: Digest
    found: SignedFile
    whole: bool = True
    late: LateProof | None = None

    def as_dict(self) -> dict[str, Any]:
        """As JSON: of every signature how it stands, and its six answers (null for "cannot be determined")."""
        signatures = [
            {
                "field": one.field,
                "standing": one.standing.value,
                "parts": {name: answer.value for name, answer in one.parts},
                "signer": one.signer,
                "organisation": one.organisation,
                "signed_at": one.signed_at.isoformat() if one.signed_at else None,
                "stamped_at": one.stamped_at.isoformat() if one.stamped_at else None,
                "covers_all": one.covers_all,
            }
            for one in self.found.signatures
        ]
        told = {"sha256": self.sha256.hex, "whole": self.whole, "problem": self.found.problem}
        late = self.late.as_dict() if self.late is not None else None
        return told | {"signatures": signatures, "stamped_late": late}


def count_scans(office: Services, seen: Mapping[str, int]) -> None:
    """Add scans to today's, by whole codes. Nothing is kept about who looked."""
    if not seen:
        return
    with office.uow() as uow:
        uow.verifications.count(seen, office_date(office.clock.now()))
        uow.commit()


def judge_file(office: Services, data: bytes) -> Brought:
    """Look at a file that anybody brought, in the process apart; it is kept nowhere. Raises BadInput({"file": …}) for
    what is no PDF or too large."""
    if not data:
        raise BadInput({"file": "เลือกไฟล์ก่อน"})
    if len(data) > MOST_OCTETS:
        raise BadInput({"file": "ไฟล์ใหญ่เกิน 20 MB"})
    if not data.startswith(b"%PDF-"):
        raise BadInput({"file": "ไฟล์นี้ไม่ใช่ PDF"})
    digest = Digest.of(data)
    with office.uow() as uow:
        stamps = uow.late_stamps.of_file(digest)
    late = late_proofs(office.time_stamper, stamps).get(digest)
    return Brought(digest, office.page_checker.check(data, office.clock.now()), _has_its_end(data), late)


def _has_its_end(data: bytes) -> bool:
    """Does nothing stand behind the last end-of-file mark (ISO 32000-2, 7.5.5)? A letter that was signed has several
    revisions, each with its mark: one that broke off reads as an older one without the signatures."""
    _, mark, rest = data.rpartition(b"%%EOF")
    return bool(mark) and not rest.strip(b"\0\t\n\f\r ")
