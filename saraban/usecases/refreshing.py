"""Keeping revocation lists fresh: the worker fetches those that the installation's own signatures need."""

from __future__ import annotations

from saraban.usecases.ports import Services


def refresh_lists(office: Services) -> int:
    """Fetch the lists that are missing or old from where their issuers publish them. Returns how many came."""
    return office.revocation_lists.refresh(office.clock.now())
