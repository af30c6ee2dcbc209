"""Whom a letter may go to: agencies of the directory, and receivers of the agency's own list. Shared by those who
draft, sign and send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from saraban.domain.agency import AgencyId, Correspondent
from saraban.usecases.books import UnitOfWork


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
