"""Between the doors and the store: messages that arrive together share one trip to the disk, and watchers are told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from saraban.mail.hub.store import Arrival, MailStore

_T = TypeVar("_T")
_MOST_AT_ONCE = 64


class Delivery:
    """Brings changes to the store's one writing thread. All methods belong to the event loop."""

    def __init__(self, store: MailStore) -> None:
        self._store = store
        self._thread = ThreadPoolExecutor(1, "hub-store")
        self._waiting: asyncio.Queue[tuple[list[Arrival], asyncio.Future[list[list[int]]]]] = asyncio.Queue()
        self._watchers: dict[int, set[asyncio.Event]] = {}
        self._versions: dict[int, int] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to deliver."""
        self._task = asyncio.get_running_loop().create_task(self._deliver_for_ever())

    async def stop(self) -> None:
        """Finish what is being written and stop."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._thread.shutdown(wait=True)

    async def deliver(self, arrivals: list[Arrival]) -> list[list[int]]:
        """Return the UIDs when the messages are on the disk. Raises what the disk raised (OSError, sqlite3.Error)."""
        done: asyncio.Future[list[list[int]]] = asyncio.get_running_loop().create_future()
        await self._waiting.put((arrivals, done))
        return await done

    async def change(self, folders: tuple[int, ...], act: Callable[[], _T]) -> _T:
        """Do another change of the store in its thread, and tell the watchers of these folders."""
        result = await asyncio.get_running_loop().run_in_executor(self._thread, act)
        self._tell(folders)
        return result

    def watch(self, folder: int) -> asyncio.Event:
        """An event that is set when something changes in the folder, until `unwatch`."""
        event = asyncio.Event()
        self._watchers.setdefault(folder, set()).add(event)
        return event

    def unwatch(self, folder: int, event: asyncio.Event) -> None:
        """No longer tell this event."""
        self._watchers.get(folder, set()).discard(event)

    def version(self, folder: int) -> int:
        """A number that grows whenever messages come to or go from the folder."""
        return self._versions.get(folder, 0)

    def _tell(self, folders: tuple[int, ...]) -> None:
        for folder in folders:
            self._versions[folder] = self.version(folder) + 1
            for event in self._watchers.get(folder, ()):
                event.set()

    async def _deliver_for_ever(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < _MOST_AT_ONCE and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            arrivals = [arrival for several, _ in batch for arrival in several]
            try:
                uids = await loop.run_in_executor(self._thread, self._store.deliver, arrivals)
            except Exception as error:
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
                continue
            for several, done in batch:
                given, uids = uids[: len(several)], uids[len(several) :]
                if not done.done():
                    done.set_result(given)
            self._tell(tuple({folder for arrival in arrivals for folder in arrival.folders}))
