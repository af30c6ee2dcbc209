"""Clients for benchmarks: a bounded number of kept connections to loopback that ask, wait, and ask again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from time import perf_counter


@dataclass(frozen=True)
class Heard:
    """What the clients heard in all: how long each answer took, and how long it went on. Times are in seconds."""

    times: list[float]
    lasted: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.times) / self.lasted

    def percentile(self, part: float) -> float:
        """The time within which this part of the answers came."""
        return percentile(self.times, part)


def percentile(times: list[float], part: float) -> float:
    """The value under which this part of the values lies."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def ask_for(
    seconds: float,
    port: int,
    path: Callable[[], str],
    *,
    clients: int,
    cookie: str = "",
    told: Callable[[str, bytes], None] = lambda path, body: None,
    per_second: float = 0.0,
) -> Heard:
    """Let so many clients ask for pages so long; `told` hears what was asked for and what came. With `per_second`
    they ask so often and no more, and how long one waits counts from when it was due to ask. Raises RuntimeError for
    any answer but 200."""
    due = _as_often(per_second) if per_second else None
    return asyncio.run(_ask_for(seconds, port, path, clients, cookie, told, due))


def _as_often(per_second: float) -> Iterator[float]:
    """The moments at which the next client is due, from now on, by `perf_counter`."""
    begin = perf_counter()
    return (begin + number / per_second for number in count())


async def _ask_for(
    seconds: float,
    port: int,
    path: Callable[[], str],
    clients: int,
    cookie: str,
    told: Callable[[str, bytes], None],
    due: Iterator[float] | None,
) -> Heard:
    times: list[float] = []
    begin = perf_counter()
    await asyncio.gather(*(_client(begin + seconds, port, path, cookie, told, times, due) for _ in range(clients)))
    return Heard(times, perf_counter() - begin)


async def _client(
    until: float,
    port: int,
    path: Callable[[], str],
    cookie: str,
    told: Callable[[str, bytes], None],
    times: list[float],
    due: Iterator[float] | None,
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (asked := next(due) if due else perf_counter()) < until:
        await asyncio.sleep(asked - perf_counter())
        wanted = path()
        request = f"GET {wanted} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n"
        writer.write(request.encode("ascii"))
        stays_open, body = await _answer(reader)
        if not stays_open:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        times.append(perf_counter() - asked)
        told(wanted, body)
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[bool, bytes]:
    """Read one answer whole. True when the connection stays open; and its body."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200 "):
        raise RuntimeError(f"the page could not be had: {head[:200]!r}")
    size = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    body = await reader.readexactly(int(size))
    return b"\r\nconnection: close" not in head, body
