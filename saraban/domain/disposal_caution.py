"""Why a letter on a list for destruction cannot be ordered to be destroyed: it is twenty years old and the National
Archives were not told of it (clause 58), or its disposal is stopped."""

from __future__ import annotations

from datetime import date
from enum import Enum

from saraban.domain.handover import is_twenty
from saraban.domain.keeping import KeptItem


class Caution(str, Enum):
    """What stands against destroying a letter."""

    TWENTY = "twenty-years"
    HOLD = "hold"

    @property
    def thai(self) -> str:
        """The caution in words."""
        return _CAUTIONS[self]


_CAUTIONS = {
    Caution.TWENTY: "อายุครบ ๒๐ ปี ต้องผ่านบัญชีแบบที่ ๒๑ หรือ ๒๒ ก่อน",
    Caution.HOLD: "ระงับการทำลาย",
}


def cautions(item: KeptItem, letter_date: date | None, year: int, *, told: bool) -> tuple[Caution, ...]:
    """What stands against destroying it at the end of this Buddhist year. `told`: it stood on a list of form 22 that
    went to the National Archives. What is deposited is not kept at the agency, and not asked for by clause 58."""
    twenty = is_twenty(letter_date, year) and not told and item.deposit_id is None
    which = ((Caution.TWENTY, twenty), (Caution.HOLD, item.held_by is not None))
    return tuple(caution for caution, stands in which if stands)
