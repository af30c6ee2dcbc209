"""The accounts of the agencies: from the machine's own file, which wins, or as connected on the page."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from saraban.domain.errors import NotFound, WrongPassphrase
from saraban.domain.mailbox import ConnectedMailbox, Login
from saraban.mail.accounts import MailAccount
from saraban.mail.errors import AuthenticationFailure
from saraban.usecases.mailing import LockBox

Door = Literal["smtp", "imap"]


class ConnectedAccounts:
    """Answers who is asked for with an account, freshly at each connection: what the administrator changes counts at
    once. `fixed` are the accounts of the file by (agency code, door); `find` gives the mailbox that an agency has at an
    address, or its central one."""

    def __init__(
        self,
        fixed: Mapping[tuple[str, str], MailAccount],
        find: Callable[[str, str], ConnectedMailbox | None],
        lock_box: LockBox,
        now: Callable[[], datetime],
    ) -> None:
        self._fixed, self._find, self._lock_box, self._now = fixed, find, lock_box, now

    def smtp(self, agency_code: str, address: str = "") -> MailAccount:
        """The submission account. Raises NotFound when none is set, AuthenticationFailure when there is no token."""
        return self._account(agency_code, address, "smtp")

    def imap(self, agency_code: str, address: str = "") -> MailAccount:
        """The IMAP account, in the same way."""
        return self._account(agency_code, address, "imap")

    def _account(self, agency_code: str, address: str, door: Door) -> MailAccount:
        fixed = self._fixed.get((agency_code, door))
        found = self._find(agency_code, address)
        if fixed is not None and (found is None or found.unit_id is None):
            return fixed
        if found is None:
            raise NotFound(f"ยังไม่ได้เชื่อมต่อกล่องไปรษณีย์ของ {agency_code} ให้ผู้ดูแลระบบตั้งค่าที่หน้ากล่องไปรษณีย์กลาง")
        return self._opened(found, door)

    def _opened(self, mailbox: ConnectedMailbox, door: Door) -> MailAccount:
        try:
            password, token = self._credentials(mailbox)
        except WrongPassphrase as error:
            raise NotFound(error.thai) from error
        return MailAccount(
            host=getattr(mailbox, f"{door}_host"),
            port=getattr(mailbox, f"{door}_port"),
            security=getattr(mailbox, f"{door}_protection").value,
            user=mailbox.user,
            password=password,
            ca_text=mailbox.ca_text,
            token=token,
            folder=mailbox.folder,
        )

    def _credentials(self, mailbox: ConnectedMailbox) -> tuple[str, str]:
        if mailbox.login is Login.PASSWORD:
            secret: dict[str, Any] = json.loads(self._lock_box.unlock(mailbox.secret, str(mailbox.id)))
            return str(secret.get("password", "")), ""
        if not mailbox.token or mailbox.token_until is None or mailbox.token_until <= self._now():
            why = mailbox.token_problem or "กำลังขอโทเค็นจากผู้ให้บริการ"
            raise AuthenticationFailure(detail=f"ยังไม่มีโทเค็น OAuth ที่ใช้ได้: {why}")
        return "", self._lock_box.unlock(mailbox.token, str(mailbox.id))
