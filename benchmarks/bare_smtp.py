"""The bare way to a relay, against which ours is measured: kept connections of smtplib, side by side."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.town import RECEIVER, SENDER, mailbox
from saraban.mail.accounts import MailAccount
from saraban.settings import MailServer


def server_of(account: MailAccount) -> MailServer:
    """The account as the settings write it."""
    return MailServer(
        account.host, account.port, account.security, account.user, account.password, account.ca_file, 30.0
    )


def connected(account: MailAccount) -> smtplib.SMTP:
    """A kept connection, logged in."""
    connection = smtplib.SMTP(account.host, account.port, timeout=account.timeout_seconds)
    connection.starttls(context=account.tls_context())
    connection.login(account.user, account.password)
    return connection


def sending(connection: smtplib.SMTP, messages: Sequence[bytes]) -> Callable[[], None]:
    """Work: send these messages over this connection, one after the other."""

    def send() -> None:
        for message in messages:
            connection.sendmail(mailbox(SENDER), [mailbox(RECEIVER)], message)

    return send


def side_by_side(work: Sequence[Callable[[], Any]]) -> None:
    """Do all of it at once, a thread each; what one of them raises is raised."""
    with ThreadPoolExecutor(len(work)) as threads:
        for done in [threads.submit(one) for one in work]:
            done.result()
