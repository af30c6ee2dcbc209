"""A wire that is cut where it hurts most, although everything on it is encrypted: it goes by how much is said."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

_MUCH = 12_000  # octets at one stretch: no handshake and no command is so long, every letter is


class Scissors:
    """Forwards connections to a server on 127.0.0.1. `answers` so many times the answer to a message that the client
    has given is thrown away and the wire cut; `fetches` so many times it is cut in the middle of what the server
    sends. Both count down to nothing; `cuts` is how often it was cut."""

    host = "localhost"

    def __init__(self, port: int) -> None:
        self.answers = self.fetches = self.cuts = 0
        self._target, self._lock = port, threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Stop listening; connections that are open end with their ends."""
        self._listener.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._target), 5)
                    server.settimeout(None)
                except OSError:
                    client.close()
                    continue
                _Wire(self, client, server)

    def snip(self, kind: str) -> bool:
        """Is this one to be cut?"""
        with self._lock:
            left = getattr(self, kind)
            if left > 0:
                setattr(self, kind, left - 1)
                self.cuts += 1
            return bool(left > 0)


class _Wire:
    """One connection; `said` counts what each side has said since the other one spoke."""

    def __init__(self, scissors: Scissors, client: socket.socket, server: socket.socket) -> None:
        self._scissors, self._client, self._server = scissors, client, server
        self._said_by_client = self._said_by_server = 0
        threading.Thread(target=self._outward, daemon=True).start()
        threading.Thread(target=self._homeward, daemon=True).start()

    def _outward(self) -> None:
        with suppress(OSError):
            while data := self._client.recv(65_536):
                self._said_by_client += len(data)
                self._said_by_server = 0
                self._server.sendall(data)
        self._cut()

    def _homeward(self) -> None:
        with suppress(OSError):
            while data := self._server.recv(16_384):
                self._said_by_server += len(data)
                if self._said_by_client > _MUCH and self._scissors.snip("answers"):
                    break
                if self._said_by_server > _MUCH and self._scissors.snip("fetches"):
                    self._client.sendall(data[: len(data) // 2])
                    break
                self._said_by_client = 0
                self._client.sendall(data)
        self._cut()

    def _cut(self) -> None:
        for end in (self._client, self._server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
