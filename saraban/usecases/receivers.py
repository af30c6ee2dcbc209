"""Whom a letter may go to: agencies of the directory, and receivers of the agency's own list. Shared by those who
draft, sign and send."""

from __future__ import annotations

from collections.abc import Sequence

from saraban.domain.agency import AgencyId, Correspondent
from saraban.usecases.books import UnitOfWork


def receiver(uow: UnitOfWork, agency_id: AgencyId, code: str, *, also_retired: bool = False) -> Correspondent | None:
    """Who stands under this code in a letter of the agency: an agency of the directory, or a receiver outside it by its
    address. None when there is none, or when it is off the list and a retired one will not do."""
    found = uow.directory.by_code(code)
    if found is not None or "@" not in code:
        return found
    outsider = uow.outsiders.by_mailbox(agency_id, code)
    if outsider is None or not (outsider.active or also_retired):
        return None
    return outsider.as_correspondent()


def receiver_names(uow: UnitOfWork, agency_id: AgencyId, codes: Sequence[str]) -> list[str]:
    """The names of a letter's receivers, in their order; one that nobody knows any more by its code."""
    found = [(code, receiver(uow, agency_id, code, also_retired=True)) for code in codes]
    return [entry.name if entry is not None else code for code, entry in found]
