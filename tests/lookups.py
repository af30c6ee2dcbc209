"""What the tests of questions about documents share: a kind that an agency issues, and documents of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from saraban.domain.agency import AgencyId, UnitId
from saraban.domain.attachment import Digest
from saraban.domain.issued import IssuedDocument, IssuedId, IssuedState
from saraban.domain.issued_kind import IssuedKind, IssuedKindId, LookupPolicy
from saraban.domain.verification import SubjectKind, VerificationCode
from saraban.usecases.ports import Services

HOLDER = "1234567890121"
PDF = b"%PDF-1.7\n% the licence as it was issued\n%%EOF\n"


def a_kind(
    office: Services,
    agency_id: AgencyId,
    lookup: LookupPolicy = LookupPolicy.FILE,
    *,
    code: str = "license",
    **more: Any,
) -> IssuedKind:
    """A kind of licence that other agencies may ask about."""
    now = office.clock.now()
    values: dict[str, Any] = {"name_th": "ใบอนุญาตตัวอย่าง", "text": "อนุญาต", "is_public": True}
    kind = IssuedKind(
        id=IssuedKindId(uuid4()), agency_id=agency_id, code=code, lookup=lookup, made_at=now, changed_at=now,
        changed_by="ผู้ดูแลระบบ", **values | more,
    )  # fmt: skip
    with office.uow() as uow:
        uow.issued.add_kind(kind)
        uow.commit()
    return kind


def a_licence(
    office: Services, kind: IssuedKind, unit_id: UnitId, number: str = "ทส 1009/45", **more: Any
) -> IssuedDocument:
    """A licence that was issued to our holder and is in force."""
    now: datetime = office.clock.now()
    values: dict[str, Any] = {
        "holder_name": "นายสมมติ ถือใบ", "holder_id": HOLDER, "values": {}, "made_at": now, "changed_at": now,
        "drafter_id": None, "drafted_by": "นางสาวสมใจ", "state": IssuedState.ISSUED, "edition": 1,
        "issued_on": date(2026, 1, 5), "valid_until": date(2030, 12, 31), "signed_at": now, "signed_by": "นางปราณี",
        "digest": office.blobs.keep(PDF), "size": len(PDF), "year": 2569, "serial": int(number.rpartition("/")[2]),
    }  # fmt: skip
    document = IssuedDocument(
        id=IssuedId(uuid4()), agency_id=kind.agency_id, kind_id=kind.id, unit_id=unit_id, number=number, **values | more
    )
    with office.uow() as uow:
        if document.code:
            code = VerificationCode(document.code, kind.agency_id, SubjectKind.ISSUED, document.id, now)
            uow.verifications.add(code)
        uow.issued.add(document)
        uow.commit()
    return document


def digest() -> Digest:
    """Of the licence's bytes."""
    return Digest.of(PDF)
