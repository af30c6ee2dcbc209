"""The doctor of the page and of `flask mail doctor`: an agency's own accounts, and the clock (the port MailDoctor)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from saraban.domain.errors import SarabanError
from saraban.mail.accounts import MailAccount
from saraban.mail.doctor import examine
from saraban.usecases.mailing import Finding

_PATIENCE = 10.0
_WAIT_FOR_OUR_MAIL = 45.0


class Accounts(Protocol):
    """Who knows the accounts of the agencies (saraban.mail.connected)."""

    def smtp(self, agency_code: str, address: str = "") -> MailAccount: ...
    def imap(self, agency_code: str, address: str = "") -> MailAccount: ...


class Now(Protocol):
    """Tells the time."""

    def __call__(self) -> datetime: ...


class AccountDoctor:
    """Examines the mailboxes of hosted agencies. No single wait is longer than ten seconds."""

    def __init__(self, accounts: Accounts, now: Now) -> None:
        self._accounts, self._now = accounts, now

    def examine(self, agency_code: str, address: str = "") -> Iterator[Finding]:
        """What is found, step by step; an account that is not there is the first finding and the last."""
        try:
            smtp, imap = self._accounts.smtp(agency_code, address), self._accounts.imap(agency_code, address)
        except SarabanError as error:
            yield Finding("account", False, error.thai, "ตรวจค่าที่ตั้งของกล่องไปรษณีย์นี้ แล้วทดสอบอีกครั้ง")
            return
        smtp, imap = smtp.patient(_PATIENCE), imap.patient(_PATIENCE)
        yield from examine(
            smtp,
            imap,
            address if "@" in address else smtp.user,
            at=self._now(),
            token=secrets.token_hex(8),
            wait_seconds=_WAIT_FOR_OUR_MAIL,
        )
