"""Putting the hub together and running it."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress

from saraban.mail.hub.delivery import Delivery
from saraban.mail.hub.imap_session import ImapSession
from saraban.mail.hub.settings import HubHooks, HubPorts, HubSettings
from saraban.mail.hub.store import FOLDERS, MailStore
from saraban.mail.hub.submission import SubmissionHandler, SubmissionServer
from saraban.usecases.ports import Clock

_MOST_CONNECTIONS = 250


class Hub:
    """The service inside a running event loop: `start`, then `stop`. `hooks` is for tests only."""

    def __init__(self, settings: HubSettings, clock: Clock, hooks: HubHooks | None = None) -> None:
        self.settings = settings
        self._clock = clock
        self._hooks = hooks or HubHooks()
        self._sessions: set[asyncio.Task[None]] = set()

    async def start(self) -> HubPorts:
        """Open the store and listen. Raises OSError when a port is taken or the folder cannot be written."""
        settings, loop, tls = self.settings, asyncio.get_running_loop(), self.settings.tls_context()
        # aiosmtpd warns at each connection about logins without TLS, which this hub takes on loopback only.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        settings.folder.mkdir(parents=True, exist_ok=True)
        self.store = MailStore(settings.folder)
        now = int(self._clock.now().timestamp())
        for account in settings.accounts:
            self.store.make_folders(account.address.lower(), FOLDERS, now)
        self._delivery = Delivery(self.store)
        self._delivery.start()
        self._submission = SubmissionHandler(settings, self.store, self._delivery, self._clock, self._hooks)
        self._smtp = await loop.create_server(
            lambda: SubmissionServer(self._submission, tls, loop), settings.host, settings.smtp_port
        )

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            if len(self._sessions) >= _MOST_CONNECTIONS:
                writer.close()
                return
            self._sessions.add(task)
            try:
                streams = (reader, writer)
                await ImapSession(settings, self.store, self._delivery, self._clock, self._hooks, tls, streams).run()
            except asyncio.CancelledError:
                # The hub stops; asyncio 3.11 would report the cancelled task as an error.
                pass
            finally:
                self._sessions.discard(task)

        self._imap = await asyncio.start_server(serve, settings.host, settings.imap_port, limit=65_536)
        smtp_port, imap_port = (s.sockets[0].getsockname()[1] for s in (self._smtp, self._imap))
        return HubPorts(settings.host, smtp_port, imap_port)

    async def stop(self) -> None:
        """Stop listening, end the sessions, finish what is being written."""
        self._smtp.close()
        self._imap.close()
        for connection in list(self._submission.connections):
            connection.abort()
        for task in list(self._sessions):
            task.cancel()
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.gather(*self._sessions, return_exceptions=True), 2)
        await self._delivery.stop()
        self.store.close()

    async def renumber(self, address: str, name: str = "INBOX") -> None:
        """Give a folder a new UIDVALIDITY and new UIDs, as after a rebuilt index. Open sessions do not hear of it."""
        folder = self.store.folder(address.lower(), name)
        assert folder is not None
        await self._delivery.change((folder.id,), lambda: self.store.renumber(address.lower(), name))


def run_hub(settings: HubSettings, clock: Clock, ready: Callable[[HubPorts], None]) -> None:
    """Run until SIGTERM or SIGINT; `ready` is called with the ports once both doors are open."""

    async def main() -> None:
        over = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, over.set)
        hub = Hub(settings, clock)
        ready(await hub.start())
        await over.wait()
        await hub.stop()

    asyncio.run(main())
