"""The doctor for `flask mail doctor`: an agency's own accounts, and the clock (usecases.ports.MailDoctor)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime

from saraban.mail.accounts import MailAccount
from saraban.mail.doctor import examine


class AccountDoctor:
    """Examines the mailboxes of hosted agencies. `accounts` gives an agency's account for "smtp" or "imap"."""

    def __init__(self, accounts: Callable[[str, str], MailAccount], now: Callable[[], datetime]) -> None:
        self._accounts, self._now = accounts, now

    def examine(self, agency_code: str) -> Iterator[tuple[str, bool | None, str]]:
        """(step, good or None for a remark, Thai words)."""
        smtp, imap = self._accounts(agency_code, "smtp"), self._accounts(agency_code, "imap")
        token = secrets.token_hex(8)
        for finding in examine(smtp, imap, smtp.user, at=self._now(), token=token):
            yield finding.step, finding.good, finding.words
