"""Small real stand-ins of the tests: classes that do the work of the house's equipment without its machinery."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from datetime import UTC, datetime, timedelta
from typing import Self


class FixedClock:
    """The clock of the tests: it stands still until it is told to move."""

    def __init__(self, now: datetime) -> None:
        """Begin at this moment, which must be aware; it is kept in UTC."""
        if now.tzinfo is None:
            raise ValueError("the clock of the tests needs an aware time")
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        """The moment at which the clock stands, aware and in UTC."""
        return self._now

    def pass_by(self, span: timedelta) -> None:
        """Let this much time pass."""
        self._now += span

    def move_to(self, moment: datetime) -> None:
        """Put the clock to this moment, earlier or later."""
        self._now = moment.astimezone(UTC)


EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless text that every scanner calls a virus; in two pieces, so that this file is none."""


class FakeClamd:
    """A virus scanner on loopback that speaks clamd's INSTREAM and knows EICAR. `answer` makes it say something else;
    above `most` octets it ends the stream as clamd does."""

    def __init__(self, *, most: int = 25 << 20, answer: bytes = b"") -> None:
        self.most = most
        self.answer = answer
        self.asked = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def where(self) -> str:
        """host:port, as the setting takes it."""
        host, port = self._server.getsockname()
        return f"{host}:{port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
        self._server.close()
        self._thread.join(2)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            with line, contextlib.suppress(OSError, struct.error):
                self.asked += 1
                line.sendall(self.answer or self._look(line))

    def _look(self, line: socket.socket) -> bytes:
        stream = line.makefile("rb")
        if stream.read(10) != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND\0"
        data = b""
        while length := struct.unpack("!L", stream.read(4))[0]:
            data += stream.read(length)
            if len(data) > self.most:
                return b"INSTREAM size limit exceeded. ERROR\0"
        return b"stream: Eicar-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
