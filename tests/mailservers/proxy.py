"""A man in the middle: forwards a connection and changes words of what the server says."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Proxy:
    """Listens on a loopback address and forwards to a server on 127.0.0.1. `changes` are (words of the server, words
    instead); `heard` is all that clients said. With `silent`, connections are taken and nothing is ever answered."""

    def __init__(
        self, port: int, changes: tuple[tuple[bytes, bytes], ...] = (), host: str = "127.0.0.1", silent: bool = False
    ) -> None:
        self.heard = bytearray()
        self.connections = 0
        self._changes, self._target, self._silent = changes, port, silent
        self._open: list[socket.socket] = []
        self._listener = socket.create_server((host, 0))
        self.host, self.port = self._listener.getsockname()
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Stop listening and cut all connections."""
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Cut the connections that are open, as a firewall does with idle ones."""
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._open.clear()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.connections += 1
                self._open.append(client)
                if self._silent:
                    continue
                server = socket.create_connection(("127.0.0.1", self._target))
                self._open.append(server)
                threading.Thread(target=self._forward, args=(client, server, False), daemon=True).start()
                threading.Thread(target=self._forward, args=(server, client, True), daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket, from_server: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if from_server:
                    for old, new in self._changes:
                        data = data.replace(old, new)
                else:
                    self.heard += data
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
