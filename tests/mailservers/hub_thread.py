"""The hub inside the test's own process, where a test can make it misbehave."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TypeVar

from saraban.mail.accounts import MailAccount
from saraban.mail.hub import Hub, HubAccount, HubSettings
from saraban.mail.hub.settings import HubHooks
from tests.mailservers.hub_process import WallClock

_T = TypeVar("_T")


class Mischief(HubHooks):
    """What the hub shall do wrong: replies by stage, copies, cut connections. Set and reset by the test."""

    def __init__(self) -> None:
        self.replies: dict[str, list[str]] = {}
        self.null_sender_reply: str | None = None
        self.times = 1
        self.without_dsn = False
        self.drop_next_accept = False
        self.drop_imap_at: str | None = None
        self.seen: list[tuple[str, str]] = []

    def smtp_reply(self, stage: str, argument: str) -> str | None:
        self.seen.append((stage, argument))
        if stage == "MAIL" and argument == "" and self.null_sender_reply:
            return self.null_sender_reply
        waiting = self.replies.get(stage)
        return waiting.pop(0) if waiting else None

    def extensions(self, offered: list[str]) -> list[str]:
        return [line for line in offered if not (self.without_dsn and line.endswith("DSN"))]

    def copies(self, recipient: str) -> int:
        return self.times

    def drops_after_accept(self, sender: str) -> bool:
        drop, self.drop_next_accept = self.drop_next_accept, False
        return drop

    def drops_imap(self, command: str) -> bool:
        if command != self.drop_imap_at:
            return False
        self.drop_imap_at = None
        return True


class HubThread:
    """A hub in clear on loopback, in a thread. `mischief` makes it misbehave; `down` and `up` are its outages."""

    host = "127.0.0.1"

    def __init__(self, accounts: Sequence[tuple[str, str]], folder: Path, size_limit: int = 35_000_000) -> None:
        self.accounts = dict(accounts)
        self.mischief = Mischief()
        self._folder, self._size_limit = folder, size_limit
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.smtp_port = self.imap_port = 0
        self.up()

    def up(self) -> None:
        """Start on the same ports as before."""
        settings = HubSettings(
            self._folder,
            tuple(HubAccount(name, word) for name, word in self.accounts.items()),
            smtp_port=self.smtp_port,
            imap_port=self.imap_port,
            size_limit=self._size_limit,
        )
        self.hub = Hub(settings, WallClock(), self.mischief)
        ports = self._do(self.hub.start)
        self.smtp_port, self.imap_port = ports.smtp, ports.imap

    def down(self) -> None:
        """Stop the service; the folder stays."""
        self._do(self.hub.stop)

    def stop(self) -> None:
        """End it for good."""
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def renumber(self, address: str) -> None:
        """Change the INBOX's UIDVALIDITY and UIDs, as a rebuilt index does."""
        self._do(lambda: self.hub.renumber(address))

    def smtp_account(self, address: str) -> MailAccount:
        """The submission account of a mailbox."""
        return MailAccount(self.host, self.smtp_port, "none", address, self.accounts[address], None, 10)

    def imap_account(self, address: str) -> MailAccount:
        """The IMAP account of a mailbox."""
        return MailAccount(self.host, self.imap_port, "none", address, self.accounts[address], None, 10)

    def _do(self, act: Callable[[], Coroutine[object, object, _T]]) -> _T:
        return asyncio.run_coroutine_threadsafe(act(), self._loop).result(10)
