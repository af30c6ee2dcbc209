"""The files that errands made: they hold words of letters, so none stays longer than it takes to fetch it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from saraban.domain.handover import HandoverList
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services
from saraban.usecases.registry import Errand

PACKAGE = "transfer-package"
"""The errands of usecases.transfer_package: their file holds letters as they are, and leaves the backups too."""
KEPT = timedelta(days=30)
"""So long a file can be fetched after the errand has ended."""
AT_A_TIME = 200


def remove_old_results(office: Services) -> int:
    """Take away the files of errands that ended before `KEPT`; how many. The errands stay and say so."""
    now = office.clock.now()
    with office.uow() as uow:
        old = uow.errands.with_results(now - KEPT, AT_A_TIME)
        _take_away(uow, old, now)
        uow.commit(final=False)
    return len(old)


def take_packages_back(uow: UnitOfWork, made: HandoverList, now: datetime) -> None:
    """Take away the packages of a list from which a letter goes, which may be destroyed one day, and would lie on in
    them, here and in the backups. A package that is being made meanwhile is given to nobody
    (usecases.transfer_package)."""
    found = uow.errands.with_results(None, None, agency_id=made.agency_id)
    _take_away(uow, [one for one in found if one.order.get("list") == str(made.id)], now)


def _take_away(uow: UnitOfWork, errands: Iterable[Errand], now: datetime) -> None:
    for errand in errands:
        if errand.result is not None:
            uow.disposals.drop([errand.result], now, of_letters=errand.kind == PACKAGE)
            errand.result = None
            uow.errands.save(errand)
