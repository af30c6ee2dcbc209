"""A greylist for Postfix (its policy protocol): who comes for the first time is told to come again."""

from __future__ import annotations

import socketserver
import threading


class Greylist:
    """While `strict`, every message is put off once with 451; `put_off` is how many were."""

    def __init__(self) -> None:
        self.strict, self.put_off = False, 0
        self._seen: set[str] = set()
        outer = self

        class Answering(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                asked: dict[str, str] = {}
                for line in self.rfile:
                    name, sign, value = line.decode("utf-8", "replace").rstrip("\n").partition("=")
                    if sign:
                        asked[name] = value
                        continue
                    self.wfile.write(f"action={outer._judge(asked)}\n\n".encode())
                    asked = {}

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answering)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """No more answers."""
        self._server.shutdown()
        self._server.server_close()

    def _judge(self, asked: dict[str, str]) -> str:
        key = f"{asked.get('sender')} {asked.get('recipient')} {asked.get('size')}"
        if not self.strict or key in self._seen:
            return "DUNNO"
        self._seen.add(key)
        self.put_off += 1
        return "451 4.7.1 Greylisted, please try again later"
