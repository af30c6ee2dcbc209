"""Whom a letter may go to: agencies of the directory, and receivers of the agency's own list. Shared by those who
draft, sign and send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from saraban.domain.agency import Agency, AgencyId, Correspondent
from saraban.domain.calendar import office_date
from saraban.domain.dispatch import HALF, Dispatch, DispatchId
from saraban.domain.errors import NotFound, RuleBroken
from saraban.domain.letter import Letter
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services

RECEIPT_AWAITED = timedelta(hours=72)
ORDINARY_AWAITED = timedelta(days=15)
_HEADROOM = 60_000


def receivers_of(
    uow: UnitOfWork, agency_id: AgencyId, codes: Sequence[str], *, also_retired: bool = False
) -> Mapping[str, Correspondent]:
    """Who stands under these codes in a letter of the agency: agencies of the directory, or receivers outside it by
    their addresses, thousands in a few statements. Those that nobody knows, or that are off the list when a retired
    one will not do, are left out."""
    found = dict(uow.directory.by_codes(codes))
    outside = {code.strip().lower(): code for code in codes if "@" in code and code not in found}
    for outsider in uow.outsiders.by_mailboxes(agency_id, list(outside)) if outside else ():
        if outsider.active or also_retired:
            found[outside[outsider.mailbox]] = outsider.as_correspondent()
    return found


def receiver_names(uow: UnitOfWork, agency_id: AgencyId, codes: Sequence[str]) -> list[str]:
    """The names of a letter's receivers, in their order; one that nobody knows any more by its code."""
    found = receivers_of(uow, agency_id, codes, also_retired=True)
    return [found[code].name if code in found else code for code in codes]


def dispatch_to(letter: Letter, code: str, found: Correspondent | None, now: datetime) -> Dispatch:
    """A new dispatch of an issued letter to who was found under this code. RuleBroken when nobody stands there any
    more, or when the letter is larger than they take."""
    if found is None or (found.valid_to is not None and found.valid_to < office_date(now)):
        raise RuleBroken(f"ไม่พบส่วนราชการรหัส “{code}” ในทำเนียบแล้ว", code="unknown-receiver")
    wire_size = sum(_encoded_size(f.size) for f in letter.files_to_send) + _HEADROOM
    if wire_size > found.max_bytes:
        raise RuleBroken(f"หนังสือนี้ใหญ่เกินที่{found.name}รับได้ ({found.max_bytes // 1_000_000} MB)", code="too-large")
    made = Dispatch(
        id=DispatchId(uuid4()),
        agency_id=letter.agency_id,
        letter_id=letter.id,
        to_code=found.code,
        to_name=found.name,
        to_mailbox=found.mailbox,
        speaks_saraban=found.speaks_saraban,
        created_at=now,
        expires_at=now + _awaited(found),
    )
    made.warn_at = made.warned_after(HALF)
    return made


def _awaited(to: Correspondent) -> timedelta:
    return RECEIPT_AWAITED if to.speaks_saraban else ORDINARY_AWAITED


def _encoded_size(size: int) -> int:
    return (size + 56) // 57 * 78


def require_seal(office: Services, agency: Agency, now: datetime) -> None:
    """Raise RuleBroken unless the agency has a seal that is valid now."""
    try:
        office.seals.sealer(agency.code, now)
    except NotFound as error:
        raise RuleBroken(
            "ส่วนราชการนี้ยังไม่มีตราประทับอิเล็กทรอนิกส์ที่ใช้ได้ ลงทะเบียนหนังสือกระดาษได้ แต่ส่งทางไปรษณีย์อิเล็กทรอนิกส์ไม่ได้ ติดต่อผู้ดูแลระบบ",
            code="no-seal",
        ) from error
