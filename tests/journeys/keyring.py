"""The keys of the journeys, made once in a session: a root, the seals of four agencies, the keys of two heads."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from saraban.crypto import demo_pki
from saraban.crypto.cms import HeldKey

BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2049, 1, 1, tzinfo=UTC)


@cache
def root() -> HeldKey:
    """The root that the installation trusts."""
    return demo_pki.make_root("ผู้ออกใบรับรองของการทดสอบ", BEGIN, END)


@cache
def seal(name: str, mailbox: str) -> HeldKey:
    """The seal of an agency."""
    return demo_pki.issue_seal(root(), name, mailbox, BEGIN, END)


@cache
def expired_seal(name: str, mailbox: str) -> HeldKey:
    """A seal whose time ended before the tests begin."""
    return demo_pki.issue_seal(root(), name, mailbox, BEGIN, datetime(2026, 6, 1, tzinfo=UTC))


@cache
def strangers_seal(name: str, mailbox: str) -> HeldKey:
    """A seal with the agency's name and mailbox from a root that nobody trusts."""
    other = demo_pki.make_root("ผู้ออกใบรับรองที่ไม่มีใครรู้จัก", BEGIN, END)
    return demo_pki.issue_seal(other, name, mailbox, BEGIN, END)


@cache
def officer(name: str, agency: str) -> HeldKey:
    """The signing key of a head."""
    return demo_pki.issue_officer(root(), name, "อธิบดี", agency, BEGIN, END)
